"""Each rule's own examples: what it flags, what it leaves, what becomes of it."""

from __future__ import annotations

import ast
import re
from itertools import compress

import pytest
from conftest import FIXTURES
from rule_cases import examples_of

from printlint.config import Config
from printlint.lint import linter
from printlint.lint.linter import lint, lint_bytes
from printlint.logging_names import ASYNC_METHODS, METHODS
from printlint.partial import kept_trees as trees
from printlint.partial import partial_tree
from printlint.partial import triggers as words
from printlint.partial.partial_tree import Tree
from printlint.partial.triggers import ANY_WORD, Word, may_hold_findings
from printlint.rewrite.fixer import Fixed, fix
from printlint.rule import Example, Rule
from printlint.rules import all_rules
from printlint.source import Source

WORDS = frozenset(Word) - ANY_WORD
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.code}-{number}")
    for rule in all_rules()
    for number, example in enumerate(examples_of(rule))
]
FLAGGED = [p for p in EXAMPLES if p.values[1].flags and p.values[0].code != "PRT900"]  # type: ignore[union-attr]
FIXED = [p for p in EXAMPLES if p.values[1].fixed is not None]  # type: ignore[union-attr]
INSTEAD = [p for p in EXAMPLES if p.values[1].instead is not None]  # type: ignore[union-attr]
REFUSED = [p for p in EXAMPLES if p.values[1].reason is not None]  # type: ignore[union-attr]
UNSAFE = [p for p in FIXED if p.values[1].unsafe]  # type: ignore[union-attr]


def source(text: str) -> Source:
    return Source("snippet.py", text)


def config(rule: Rule) -> Config:
    """The rule alone, so that an example shows its work and nobody else's."""
    return Config(select=(rule.code,))


def run_fix(rule: Rule, example: Example, *, unsafe: bool) -> Fixed:
    result = fix(source(example.source), config(rule), unsafe=unsafe)
    assert result.failure is None
    return result


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_an_example_is_flagged_or_left_alone(rule: Rule, example: Example) -> None:
    found = lint(source(example.source), config(rule)).findings
    assert bool(found) == example.flags, [finding.message for finding in found]


@pytest.mark.parametrize(("rule", "example"), FLAGGED)
def test_a_flagged_example_is_reached(rule: Rule, example: Example) -> None:
    assert why_not_reached(rule, example) == ""


def why_not_reached(rule: Rule, example: Example) -> str:
    """What is wrong with the `starts` of a rule that is not asked about an example; empty for one that is."""
    if may_hold_findings(example.source, rule.starts) and Tree(source(example.source)).start(rule.starts, sound=True):
        return ""
    named = ", ".join(f"{word} ({word.value})" for word in sorted(rule.starts, key=str)) or "none"
    return (
        f"{rule.code} is never asked about its own example, which has no word of the rule's `starts`: {named}. "
        "Add the word of printlint/partial/triggers.py that the example has, or remove `starts`: "
        f"the rule is then asked about every file.\n\n{example.source}"
    )


@pytest.mark.parametrize(("rule", "example"), FIXED)
def test_an_example_is_rewritten_as_documented(rule: Rule, example: Example) -> None:
    result = run_fix(rule, example, unsafe=example.unsafe)
    assert result.source.text == example.fixed
    ast.parse(result.source.text)


@pytest.mark.parametrize(("rule", "example"), FIXED)
def test_a_second_run_changes_nothing(rule: Rule, example: Example) -> None:
    once = run_fix(rule, example, unsafe=example.unsafe).source
    assert fix(once, config(rule), unsafe=example.unsafe).source.text == once.text


@pytest.mark.parametrize(("rule", "example"), UNSAFE)
def test_an_unsafe_example_is_not_touched_by_default(rule: Rule, example: Example) -> None:
    assert run_fix(rule, example, unsafe=False).source.text == example.source


@pytest.mark.parametrize(("rule", "example"), REFUSED)
@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_a_refused_example_stands_with_its_reason(rule: Rule, example: Example, unsafe: bool) -> None:
    result = run_fix(rule, example, unsafe=unsafe)
    assert result.source.text == example.source
    reasons = [item.refused for item in result.left if item.finding.code == rule.code]
    assert example.reason is not None
    assert any(example.reason in (reason or "") for reason in reasons), reasons


@pytest.mark.parametrize(("rule", "example"), INSTEAD)
def test_what_a_person_writes_instead_is_no_finding(rule: Rule, example: Example) -> None:
    assert example.fixed is None
    assert example.instead is not None
    ast.parse(example.instead)
    assert lint(source(example.instead), config(rule)).findings == ()


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_a_rule_has_prose_and_examples_of_both_kinds(rule: Rule) -> None:
    headings = ["What it does", "Why is this bad", "Fix safety"]
    assert re.findall(r"^## (.+)$", rule.prose(), re.MULTILINE) == headings, "the page's other sections are generated"
    assert {example.flags for example in rule.examples} == {True, False}


def test_codes_and_names_are_unique() -> None:
    codes = [rule.code for rule in all_rules()]
    names = [rule.name for rule in all_rules()]
    assert len(set(codes)) == len(codes) == len(set(names))


CONFIGURATIONS = pytest.mark.parametrize("config", [Config(), Config(select=("ALL",))], ids=["default", "ALL"])


def texts() -> list[str]:
    examples = [example.source for rule in all_rules() for example in rule.examples]
    return [*examples, *(path.read_text("utf-8-sig", "replace") for path in FIXTURES.rglob("*.py")), *FOOLING]


@CONFIGURATIONS
def test_a_file_without_a_trigger_word_has_no_finding(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """The search that spares most files the full check, held to the full check."""
    quick = [lint(source(text), config).findings for text in texts()]
    monkeypatch.setattr(linter, "may_hold_findings", lambda *_: True)
    assert [lint(source(text), config).findings for text in texts()] == quick


@CONFIGURATIONS
def test_a_tree_that_grows_gives_the_findings_of_the_whole(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_SMALL", 0)
    grown = [lint(source(text), config).findings for text in texts()]
    with trees.whole_trees():
        whole = [lint(source(text), config).findings for text in texts()]
    parsed = [not found or found[0].code != "PRT900" for found in whole]
    assert list(compress(whole, parsed)) == list(compress(grown, parsed))
    assert parsed.count(False) < 10


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_a_rule_names_the_words_that_its_findings_start_at(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_SMALL", 0)
    alone = Config(select=(rule.code, "PRT900"))
    for text in texts():
        found = lint(source(text), alone).findings
        with trees.whole_trees(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(linter, "may_hold_findings", lambda *_: True)
            whole = lint(source(text), alone).findings
        assert found == whole or whole[0].code == "PRT900"


FOOLING = [
    "from a import b\nasync def f():\n    b.warning(1)\n",
    "LOGGING = {}\n",
    "\uff50rint('fullwidth')\n",
    "print\\\n(1)\n",
    "(print  # why\n (1))\n",
    "list(map(print, rows))\n",
    "x = f'{print(1)}'\n",
    "blueprint(1)\nprinter(2)\n",
    "from pprint import pp\npp (1)\n",
    "import pprint as p\np.pp(1)\np.pprint(2)\n",
    "import pprint\np = pprint\np.pprint(2)\n",
    "from pprint import pprint as show\nshow(1)\n",
    "import sys as s\ns.stdout.write('x')\n",
    "from sys import stderr as err\nerr.writelines(['x'])\n",
    "import traceback\ntraceback.print_exc()\n",
    "from traceback import print_stack as where\nwhere()\n",
    "import logging as l\nl.info('x')\n",
    "from logging import info as say\nsay('x')\n",
    "from logging import getLogger as get\nlog = get()\nlog . info ('x')\n",
    "import logging\nlog = logging.getLogger()\n(log\n  # why\n  .info  # why\n  ('x'))\n",
    "import builtins\nbuiltins.print(1)\n",
    "import structlog as s\nlog = s.get_logger()\nasync def f():\n    log.ainfo('x')\n",
]


def test_every_logging_method_is_a_word_to_start_at() -> None:
    assert all(may_hold_findings(f"log.{method}('x')", WORDS) for method in METHODS | ASYNC_METHODS)


PADDING = "x = 1\n" * 100


@pytest.mark.parametrize(
    "text",
    [
        "def broken(:\n    pass\n",
        "x = (1,\n",
        'x = """never closed\n',
        "<<<<<<< ours\nx = 1\n=======\nx = 2\n>>>>>>> theirs\n",
        "f = lambda (a, b): a\n",
        "try:\n    x()\nexcept KeyError, e:\n    pass\n",
        "raise ValueError, 'no'\n",
        "if a <> b:\n    pass\n",
        "exec 'x = 1'\n",
    ],
)
def test_what_no_parser_takes_is_reported_though_nothing_else_could_be_found(text: str) -> None:
    for padding in ("", PADDING):
        found = lint_bytes("x.py", (padding + text).encode()).findings
        assert [finding.code for finding in found] == ["PRT900"]


@pytest.mark.parametrize("text", ['  """Indented."""\n', '"""One."""\n  """Another."""\n', "\xa0\n", '"""\0"""'])
def test_a_small_file_is_parsed_unless_it_is_a_docstring_alone(text: str) -> None:
    assert [finding.code for finding in lint_bytes("x.py", text.encode()).findings] == ["PRT900"]


def test_a_file_with_nothing_to_find_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partial_tree, "parse", pytest.fail)
    monkeypatch.setattr(partial_tree, "SplitText", pytest.fail)
    assert lint_bytes("x.py", PADDING.encode()).findings == ()


@pytest.mark.parametrize("text", [text for text in FOOLING if "blueprint" not in text])
def test_whatever_hides_a_call_the_search_finds_its_word(text: str) -> None:
    assert may_hold_findings(text, WORDS)
