"""Two rules as somebody writes them who has read "adding a rule" and nothing of how files are parsed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_rules import why_not_reached

from printlint.config import Config
from printlint.facts.context import Context
from printlint.finding import Finding
from printlint.lint import linter
from printlint.lint.linter import lint
from printlint.partial import triggers
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored
from printlint.source import Source


class UnusualLoggerName(Rule):
    """A logger that is called by another name than `logger` or `log`."""

    code = "PRT991"
    name = "unusual-logger-name"
    summary = "A logger has an unusual name."
    examples = (
        flagged("import logging\n\nspeaker = logging.getLogger(__name__)"),
        ignored("import logging\n\nlogger = logging.getLogger(__name__)"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for name, bindings in context.module.all_bindings().items():
            if name not in ("logger", "log") and context.module.loggers.of_bindings(bindings) is not None:
                yield self.finding(context, bindings[0].node, "logger has an unusual name")


class SecondBasicConfig(Rule):
    """A `basicConfig` of a project that has more of them: only the first call of a program has an effect."""

    code = "PRT992"
    name = "second-basic-config"
    summary = "`basicConfig` is called in several places."
    examples = (
        flagged("import logging\n\nlogging.basicConfig()\n\n\ndef main():\n    logging.basicConfig(level=10)"),
        ignored("import logging\n\nlogging.basicConfig()"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        own = list(_configurations(context.module))
        others = [
            module for module in context.project.modules_with("basicConfig") if _path(module) != _path(context.module)
        ]
        count = len(own) + sum(len(list(_configurations(module))) for module in others)
        for call in own if count > 1 else ():
            yield self.finding(context, call, f"`basicConfig` is called in {count} places")


def _configurations(module: object) -> Iterator[ast.Call]:
    calls = module.calls_named(frozenset({"basicConfig"}))  # type: ignore[attr-defined]
    return (call for call in calls if module.qualified(call.func) == "logging.basicConfig")  # type: ignore[attr-defined]


def _path(module: object) -> Path | None:
    layout = module.layout  # type: ignore[attr-defined]
    return layout.path if layout is not None else None


PADDING = "\n\ndef unrelated():\n    return 1\n" * 30


@pytest.fixture(autouse=True)
def only_parts_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triggers, "_SMALL", 0)


def lines(rule: Rule, text: str, path: Path | None = None) -> list[int]:
    """The lines of a rule's findings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linter, "enabled_rules", lambda *_: (rule,))
        found = lint(Source(str(path or "x.py"), text), Config(), path).findings
    assert not [finding for finding in found if finding.code == "PRT900"], found
    return [finding.start.line for finding in found]


@pytest.mark.parametrize("rule", [UnusualLoggerName(), SecondBasicConfig()], ids=lambda rule: rule.code)
def test_a_new_rule_flags_its_examples_at_the_first_try(rule: Rule) -> None:
    for example in rule.examples:
        assert why_not_reached(rule, example) == ""
        assert bool(lines(rule, example.source)) is example.flags


@pytest.mark.parametrize(
    "statement",
    [
        "speaker = logging.getLogger(__name__)\n",
        "if True:\n    speaker = logging.getLogger(__name__)\n",
        "import other as speaker\nspeaker = logging.getLogger(__name__)\n",
        "def start():\n    global speaker\n    speaker = logging.getLogger(__name__)\n",
        "class Voice(logging.Logger):\n    pass\n\n\nspeaker = Voice('x')\n",
        "def make() -> logging.Logger: ...\n\n\nspeaker = make()\n",
    ],
)
def test_a_name_is_found_wherever_the_module_binds_it(statement: str) -> None:
    before = "import logging\n\nlogger = logging.getLogger(__name__)\n"
    expected = "import other" not in statement
    for text in (f"{before}{statement}{PADDING}", f"{before}{PADDING}\n\n{statement}"):
        found = lines(UnusualLoggerName(), text)
        assert len(found) == expected


@pytest.mark.parametrize(
    "statement",
    [
        "logging.basicConfig()\n",
        "def late():\n    logging.basicConfig()\n",
        "class Program:\n    def run(self):\n        logging.basicConfig()\n",
        "class Program:\n    logging.basicConfig()\n",
        "class Program:\n    class Inner:\n        def run(self):\n            configure()\n",
        "def late():\n    configure()\n",
        "if __name__ == '__main__':\n    configure()\n",
        "again = configure\n\n\ndef late():\n    again()\n",
    ],
)
def test_each_call_of_a_project_is_seen(tmp_path: Path, statement: str) -> None:
    (tmp_path / "pyproject.toml").touch()
    head = "import logging\nfrom logging import basicConfig as configure\n"
    main = tmp_path / "main.py"
    main.write_text(f"{head}logging.basicConfig()\n")
    other = tmp_path / "other.py"
    other.write_text(f"{head}{PADDING}\n\n{statement}")
    assert lines(SecondBasicConfig(), main.read_text(), main) == [3]
    assert len(lines(SecondBasicConfig(), other.read_text(), other)) == 1


def test_what_a_loop_over_a_module_asks_does_not_change_what_it_goes_through() -> None:
    """The loop once failed with "dictionary changed size during iteration"."""
    text = "import logging\n" + "".join(
        f"x{n} = logging.getLogger('{n}')\n\n\ndef f{n}():\n    x{n}.info(1)\n" for n in range(20)
    )
    assert len(lines(UnusualLoggerName(), text)) == 20


class NeverReached(UnusualLoggerName):
    """The same with words that its example does not have."""

    starts = LOG_WORDS


def test_a_rule_that_never_sees_its_own_example_says_so() -> None:
    rule = NeverReached()
    reason = why_not_reached(rule, rule.examples[0])
    assert "PRT991 is never asked about its own example" in reason
    assert "remove `starts`" in reason
    assert "speaker = logging.getLogger(__name__)" in reason


def test_an_example_keeps_what_it_says_and_ends_its_lines() -> None:
    example = flagged("\n    x = 1\n    y = 2\n", "z = 3", instead="\n    w\n")
    assert (example.source, example.fixed, example.instead) == ("x = 1\ny = 2\n", "z = 3\n", "w\n")
    assert flagged("x").fixed is None
