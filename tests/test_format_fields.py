"""Formats of logging's: their fields, held to what logging itself reads."""

from __future__ import annotations

import logging

import pytest
from test_origins import printed

from printlint.facts.log_setup.format_fields import Format, constant_texts, is_computed

CASES = [
    ("%(message)s", "%", ("message",), "", False),
    ("%(levelname)-8s|%(levelno)05d|%(message).3s", "%", ("levelname", "levelno", "message"), "", False),
    ("%(asctime)s %(message)s%%", "%", ("asctime", "message"), "", False),
    ("at %(asctime)s: %(message)s", "%", ("asctime", "message"), "", True),
    ("100%% of %(message)s", "%", ("message",), "", True),
    ("%%(message)s", "%", (), "", True),
    ("- - -", "%", (), "", False),
    ("", "%", (), "", False),
    ("{message}", "{", ("message",), "", False),
    ("{levelname:8} {message}", "{", ("levelname", "message"), "{levelname:8}", False),
    ("{message!r}", "{", ("message",), "{message!r}", False),
    ("{{{message}}}", "{", ("message",), "", False),
    ("{{message}}", "{", (), "", True),
    ("$message", "$", ("message",), "", False),
    ("${levelname} $message", "$", ("levelname", "message"), "", False),
    ("$$message", "$", (), "", True),
    ("$$ $message", "$", ("message",), "", False),
]


@pytest.mark.parametrize(("text", "style", "fields", "specified", "words"), CASES)
def test_a_format_has_fields(text: str, style: str, fields: tuple[str, ...], specified: str, words: bool) -> None:
    assert Format.of(text, style) == Format(fields, specified, words)


@pytest.mark.parametrize(("text", "style"), [case[:2] for case in CASES if case[2]])
def test_logging_reads_the_same_fields(text: str, style: str) -> None:
    """A record without one of the fields cannot be formatted, one with all of them can."""
    fields = Format.of(text, style).fields
    values = dict.fromkeys(fields, 7)
    formatter = logging._STYLES[style][0](text)
    record = logging.makeLogRecord({})
    record.__dict__ = dict(values)
    assert "7" in formatter.format(record)
    for field in fields:
        record.__dict__ = {name: value for name, value in values.items() if name != field}
        with pytest.raises((KeyError, ValueError)):
            formatter.format(record)


@pytest.mark.parametrize(
    ("program", "texts"),
    [
        ("print('a')", ["a"]),
        ("print('a' + 'b' + 'c')", ["abc"]),
        ("print(f'a')", ["a"]),
        ("print('a' if x else 'b')", ["a", "b"]),
        ("A = 'a'\nprint(A)", ["a"]),
        ("A = 'a' 'b'\nprint(A or 'c')", ["ab", "c"]),
        ("print(f'{x}')", None),
        ("print('a' + x)", None),
        ("print('a' * 2)", None),
        ("print(x)", None),
        ("print('a' if x else y)", None),
        ("print(1)", None),
        ("print(b'a')", None),
    ],
)
def test_a_text_is_written_out_or_not(program: str, texts: list[str] | None) -> None:
    assert constant_texts(*printed(program)) == texts


@pytest.mark.parametrize(
    ("program", "part"),
    [
        ("print('a %s' % x)", "'a %s' % x"),
        ("print(f'a {x.y}')", "x.y"),
        ("print('a' + x)", "'a' + x"),
        ("A = f'{x}'\nprint(A)", "x"),
        ("print('a' + 'b')", None),
        ("print(load('a'))", None),
        ("print(x)", None),
    ],
)
def test_a_value_in_a_format_is_found(program: str, part: str | None) -> None:
    import ast

    found = is_computed(*printed(program))
    assert (found and ast.unparse(found)) == part
