"""A rule's page lists the options that change what the rule does, and no others."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from rule_cases import examples_of

from printlint.config import Config
from printlint.lint.linter import lint
from printlint.rewrite.fixer import fix
from printlint.rule import Rule
from printlint.rules import all_rules
from printlint.source import Source

# Values that no example has by default, for each key that a rule may heed; the others choose files and rules.
VALUES: dict[str, tuple[object, ...]] = {
    "interface": (("*.py",),),
    "detect-interface": (False,),
    "logger-name": ("events",),
    "loggers": (("app.log.audit",),),
    "async-backend": ("structlog", "aiologger", "none"),
    "setup-module": ("app.events",),
    "message-style": ("structured",),
    "levels": ({".": "critical"},),
    "tidy": (True,),
    "logger": ("loguru",),
}
_MOST_EXAMPLES = 4


def forms(example: str) -> Iterator[str]:
    """An example, and what may be changed of it by an option."""
    yield example
    yield "async def handle():\n" + textwrap.indent(example, "    ")
    yield 'if __name__ == "__main__":\n' + textwrap.indent(example, "    ")
    yield "from app.log import audit\n" + example.replace("logging.getLogger(__name__)", "audit")
    yield re.sub(r'\((".*?)", (\w+)\)', r'(f\1 {\2}")', example)
    yield re.sub(r'\("', '("=== ', example)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_a_rule_lists_the_options_that_it_heeds(rule: Rule, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'app'\n")
    path = tmp_path / "app" / "orders.py"
    path.parent.mkdir()
    (path.parent / "__init__.py").touch()
    heeded: set[str] = set()
    for example in [example.source for example in examples_of(rule) if example.flags][:_MOST_EXAMPLES]:
        for text in filter(_compiles, forms(example)):
            path.write_text(text)
            default = _outcome(rule, text, path, {})
            heeded |= {
                key
                for key in VALUES.keys() - heeded
                if any(_outcome(rule, text, path, {key: value}) != default for value in VALUES[key])
            }
    assert heeded == set(rule.options), "of the first examples; add one that an option changes"


def _compiles(text: str) -> bool:
    try:
        compile(text, "orders.py", "exec")
    except SyntaxError:
        return False
    return True


def _outcome(rule: Rule, text: str, path: Path, table: dict[str, object]) -> object:
    changed = {key.replace("-", "_"): value for key, value in table.items()}
    config = Config(select=(rule.code,), root=path.parent.parent, **changed)  # type: ignore[arg-type]
    source = Source(str(path), text)
    fixed = fix(source, config, path, unsafe=True)
    left = sorted((item.finding.code, item.refused or "") for item in fixed.left)
    found = [(finding.message, finding.level) for finding in lint(source, config, path).findings]
    return found, fixed.source.text, fixed.setup, left
