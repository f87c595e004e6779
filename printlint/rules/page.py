"""A rule's page, as `printlint explain` and docs/rules/ show it."""

from __future__ import annotations

import importlib.util
import inspect
import re
from pathlib import PurePath

from printlint.rule import Rule

_LEFT_ALONE = 3  # so many examples of what is no finding
_TOOLS = (
    (r"T", "flake8-print, ruff"),
    (r"G", "flake8-logging-format, ruff"),
    (r"LOG", "flake8-logging, ruff"),
    (r"ASYNC", "flake8-async, ruff"),
    (r"[WE]", "pylint"),
    (r"PLE|TRY|RUF", "ruff"),
)


def rule_page(rule: Rule) -> str:
    """The whole page, in Markdown."""
    parts = [
        f"# {rule.code} {rule.name}",
        f"{rule.summary[0].upper()}{rule.summary[1:]}. {_selection(rule)}",
        rule.page(),
        f"## Options\n{_options(rule)}",
        f"## Peers' codes\n{_peers(rule)}",
    ]
    if examples := [example.source for example in rule.examples if not example.flags]:
        blocks = "".join(f"```python\n{source}```\n" for source in examples[:_LEFT_ALONE])
        parts.append(f"## Left alone\n{blocks}".rstrip())
    parts.append(f"## Source\n`{_source(rule)}`")
    return "\n\n".join(parts) + "\n"


def _selection(rule: Rule) -> str:
    if rule.by_default:
        return "On by default."
    if rule.opt_in:
        return f"Opt-in: on with `--extend-select {rule.code}`, and with no shorter prefix but `ALL`."
    return f"Off by default: on with `--extend-select {rule.code[:4]}`, or a longer prefix of its code."


def _options(rule: Rule) -> str:
    listed = ", ".join(f"`{key}`" for key in rule.options)
    return f"{listed} of the configuration (`docs/configuration.md`)." if listed else "None of its own."


def _peers(rule: Rule) -> str:
    lines = []
    for pattern, tools in _TOOLS:
        codes = [f"`{code}`" for code in rule.peers if re.fullmatch(rf"(?:{pattern})\d+", code)]
        if codes:
            lines.append(f"- {', '.join(codes)} ({tools})")
    return "\n".join(lines) or "None."


def _source(rule: Rule) -> str:
    """The rule's file, as it lies in the repository."""
    path = PurePath(inspect.getfile(type(rule)))
    spec = importlib.util.find_spec("printlint")
    assert spec is not None
    assert spec.origin is not None
    return path.relative_to(PurePath(spec.origin).parent.parent).as_posix()
