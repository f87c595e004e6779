"""A rule's page, as `printlint explain` and docs/rules/ show it.

A person writes why the rule is there and when its fix is safe; what can be run comes from the rule's examples, and the
tests run it.
"""

from __future__ import annotations

import importlib.util
import inspect
import re
from pathlib import PurePath

from printlint.config import MEANINGS
from printlint.finding import Severity
from printlint.rule import Example, Rule

_LEFT_ALONE = 3  # so many examples of what is not reported
_BEFORE = "## Fix safety\n"  # the heading that the examples go before
_TOOLS = (
    (r"T", "flake8-print, ruff"),
    (r"G", "flake8-logging-format, ruff"),
    (r"LOG", "flake8-logging, ruff"),
    (r"[WE]", "pylint"),
    (r"PLE|TRY|RUF", "ruff"),
)


def rule_page(rule: Rule) -> str:
    """The whole page, in Markdown."""
    why, heading, safety = rule.prose().partition(_BEFORE)
    parts = [
        f"# {rule.code} {rule.name}",
        f"{rule.summary[0].upper()}{rule.summary[1:]}. {_selection(rule)}",
        why.rstrip(),
        *_example(rule, shown_example(rule)),
        heading + safety,
        f"## Options\n{_options(rule)}",
        f"## Peers' codes\n{_peers(rule)}",
    ]
    if examples := [example.source for example in rule.examples if not example.flags]:
        blocks = "\n".join(_block(source) for source in examples[:_LEFT_ALONE])
        parts.append(f"## Left alone\n{blocks}")
    parts.append(f"## Source\n`{_source(rule)}`")
    return "\n\n".join(parts) + "\n"


def shown_example(rule: Rule) -> Example:
    """The example that the page shows: the first one that is reported."""
    return next(example for example in rule.examples if example.flags)


def _example(rule: Rule, example: Example) -> list[str]:
    """What is reported and, where the code differs, what `fix` or a person writes in its place."""
    sections = [f"## Example\n{_block(example.source)}"]
    if example.fixed not in (None, example.source):
        selected = f" --select {rule.code}" if rule.severity is Severity.NOTE else ""
        unsafe = " --unsafe-fixes" if example.unsafe else ""
        written = f"`printlint fix{selected}{unsafe}` writes:\n{_block(example.fixed or '')}"
        sections.append(f"## Use instead\n{written}")
    elif example.instead is not None:
        sections.append(f"## Use instead\n{_block(example.instead)}")
    return sections


def _block(code: str) -> str:
    return f"```python\n{code}```"


def _selection(rule: Rule) -> str:
    if rule.severity is Severity.NOTE:
        return "A note, on by default."
    if rule.by_default:
        return "On by default."
    if rule.opt_in:
        return f"Opt-in: on with `--extend-select {rule.code}`, and with no shorter prefix but `ALL`."
    return f"Off by default: on with `--extend-select {rule.code[:4]}`, or a longer prefix of its code."


def _options(rule: Rule) -> str:
    return "\n".join(f"- `{key}`: {MEANINGS[key]}" for key in rule.options) or "None of its own."


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
