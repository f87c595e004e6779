"""The form of what the user reads: messages, refusals, level reasons, fix titles, help texts, docs.

A message is one offence and, after a semicolon, one thing to do: "`print` call; use `logger.error`".
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

import click
import pytest
from conftest import FIXTURES, ROOT
from rule_cases import examples_of

from printlint.cli import cli
from printlint.config import Config
from printlint.finding import Finding, Severity
from printlint.lint.linter import lint, lint_bytes
from printlint.rewrite.fixer import Reported, fix
from printlint.rule import Example, Rule
from printlint.rules import all_rules
from printlint.source import Source

pytestmark = pytest.mark.system

LONGEST = 120  # places in parentheses apart, such as `(app/db.py:3)`; most messages are half as long
# Words that have to be read twice, or that Python and the logging module have another term for.
RIDDLES = re.compile(
    r"""
    \bstands?\b | \byours\b | \bcannot\ be\ told\b | \b(in|out\ of)\ sight\b | \bat\ hand\b
    | \bhand(s|ed)?\ (it|its|them|their|over)\b | \bgrown\b | \bparted\b | \bpainted\b | \bheeds?\b
    | \bwherever\ it\ leads\b | \bput\ together\b | \bis\ said\b | \bknown\ at\ run\ time\ only\b | \bby\ then\b
    | \bthere\ is\ none\b | \bgoe?s?\ nowhere\b | \bgives?\ up\b | \bcomes?\ with\ a\ call\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
VERBS = re.compile(
    r"(add|await|call|check|do|guard|log|lower|make|move|pass|remove|rename|resolve|save|set|shorten|simplify|use|write)\b"
)
# Notes have the reason for a verdict in their message, and the key that changes it.
LONGEST_NOTE = 150
FOREIGN = {"PRT900"}  # may be a sentence of Python's parser
DOCUMENTS = [
    *("README.md", ".pre-commit-hooks.yaml"),
    *sorted(page.relative_to(ROOT).as_posix() for page in (ROOT / "docs").rglob("*.md")),
]


@cache
def findings() -> tuple[Finding, ...]:
    """The findings of every example and every fixture."""
    found = [lint(Source("snippet.py", e.source), _alone(rule)).findings for rule, e in examples()]
    everything = Config(select=("ALL",))
    found += [lint_bytes(path.name, path.read_bytes(), everything, path).findings for path in FIXTURES.rglob("*.py")]
    return tuple(chain.from_iterable(found))


@cache
def left() -> tuple[Reported, ...]:
    """What `fix` says of every example that it leaves alone."""
    runs = [fix(Source("snippet.py", e.source), _alone(rule)) for rule, e in examples() if e.flags]
    return tuple(item for run in runs for item in run.left)


def examples() -> Iterator[tuple[Rule, Example]]:
    return ((rule, example) for rule in all_rules() for example in examples_of(rule))


def _alone(rule: Rule) -> Config:
    return Config(select=(rule.code,))


def refusals_in_the_code() -> Iterator[str]:
    """The literal text of every `Refused(...)` and `refusal`, with `…` for the values in it."""
    for path in (ROOT / "printlint").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="Refused"), args=[argument, *_]):
                    yield from texts_of(argument)
                case ast.Assign(targets=[ast.Name(id="refusal")], value=value):
                    yield from texts_of(value)


def texts_of(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else "…" for v in values)
        case ast.IfExp(body=body, orelse=orelse):
            yield from texts_of(body)
            yield from texts_of(orelse)


def without_places(text: str) -> str:
    """A message without the files and lines that it names in parentheses: their length is the user's."""
    return re.sub(r" \([^()]*:\d+[^()]*\)", "", text)


def complaints(text: str, longest: int) -> Iterator[str]:
    """What is wrong with the form of a text."""
    if len(without_places(text)) > longest:
        yield f"longer than {longest}"
    if text.endswith("."):
        yield "a full stop at the end"
    if "\n" in text or text != text.strip():
        yield "not one line"
    quoted = re.sub(r"`[^`]*`|'[^']*'", "", text)
    if match := RIDDLES.search(quoted):
        yield f"a riddle: {match[0]!r}"


def test_a_message_is_one_line_in_plain_words() -> None:
    wrong = {(f.message, why) for f in findings() for why in complaints(f.message, _longest(f))}
    assert not wrong


def _longest(finding: Finding) -> int:
    return LONGEST_NOTE if finding.severity is Severity.NOTE else LONGEST


def test_a_message_begins_with_a_capital_letter_or_the_name_of_the_thing() -> None:
    assert not {f.message for f in findings() if not re.match(r"[A-Z`]", f.message)}
    assert not {f.message for f in findings() if re.match(r"(An?|The|It|This|That|What|There)\b", f.message)}


def test_a_message_is_an_offence_and_a_thing_to_do() -> None:
    """An imperative after one semicolon: a verb, which no `the`, `it` or name comes before."""
    for finding in findings():
        if finding.code not in FOREIGN:
            offence, _, advice = finding.message.partition("; ")
            assert offence, finding.message
            assert VERBS.match(advice), finding.message
            assert ";" not in re.sub(r"`[^`]*`", "", advice), finding.message


def test_a_message_names_the_thing_in_backticks() -> None:
    """Unless it is about the message itself, which has no name."""
    nameless = re.compile(r"(Message|Exception|Logger|Logging message|Named placeholders|Possible|Redundant)\b")
    for finding in findings():
        if finding.code not in FOREIGN:
            assert "`" in finding.message or nameless.match(finding.message), finding.message


def test_every_rule_has_a_message_that_was_looked_at() -> None:
    assert {finding.code for finding in findings()} == {rule.code for rule in all_rules()}


def test_a_refusal_is_one_clause_in_plain_words() -> None:
    reasons = {item.refused for item in left() if item.refused and item.finding.code not in FOREIGN}
    reasons |= set(refusals_in_the_code())
    assert len(reasons) > 100
    assert not {(reason, why) for reason in reasons for why in complaints(reason, LONGEST)}
    assert not {reason for reason in reasons if re.match(r"[A-Z](?![A-Z])", reason) and not re.match("PRT|CI", reason)}


def test_a_level_says_why_in_one_clause() -> None:
    reasons = {finding.level.why.partition("; ")[0] for finding in findings() if finding.level is not None}
    assert not {(reason, why) for reason in reasons for why in complaints(reason, LONGEST)}


def test_a_fix_is_an_imperative_in_plain_words() -> None:
    titles = {item.fix.title for item in left() if item.fix is not None}
    assert titles
    assert not {(title, why) for title in titles for why in complaints(title, 2 * LONGEST)}
    assert not {title for title in titles if not re.match(r"[A-Z][a-z]+ ", title)}


def test_help_texts_are_plain() -> None:
    context = click.Context(cli)
    texts = []
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        texts += [command.help or "", command.short_help or ""]
        texts += [option.help or "" for option in command.params if isinstance(option, click.Option)]
    assert not {(text, match[0]) for text in texts if (match := RIDDLES.search(text))}


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_rule_pages_are_plain(rule: Rule) -> None:
    page = f"{rule.summary}\n{inspect.getdoc(type(rule))}"
    assert [match[0] for match in RIDDLES.finditer(page)] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_are_plain(name: str) -> None:
    prose = re.sub(r"^```.*?^```", "", (ROOT / name).read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert [match[0] for match in RIDDLES.finditer(prose)] == []
