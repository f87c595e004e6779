"""Texts that `fix` writes anew: each says what the old one said, in an encoding that has it."""

from __future__ import annotations

import ast
import contextlib
import io
import logging

import pytest

from printlint.config import Config
from printlint.rewrite.fixer import fix
from printlint.source import Source


def message(call: str, encoding: str = "utf-8", style: str = "keep") -> object:
    """The text that a print in a function logs, as the bytes say it that would be written."""
    text = f"# coding: {encoding}\ndef work(x, y):\n    {call}\n"
    result = fix(
        Source("app.py", text, encoding), Config(detect_interface=False, levels={"": "info"}, message_style=style)
    )
    assert result.failure is None
    calls = [
        node for node in ast.walk(ast.parse(result.source.encode(result.source.text))) if isinstance(node, ast.Call)
    ]
    (found,) = (node for node in calls if ast.unparse(node.func) == "logger.info")
    return ast.literal_eval(found.args[0])


def printed(call: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(call, {"x": 7, "y": 9})
    return out.getvalue()


def written(call: str, style: str = "keep") -> str:
    """What a handler writes for what a print becomes."""
    text = f"import logging\nlogger = logging.getLogger('literals')\ndef work(x, y):\n    {call}\n"
    result = fix(Source("app.py", text), Config(detect_interface=False, levels={"": "info"}, message_style=style))
    assert "print(" not in result.source.text
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    logger = logging.getLogger("literals")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        with contextlib.redirect_stdout(out):
            exec(f"{result.source.text}\nwork(7, 9)\n", {})
    finally:
        logger.removeHandler(handler)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "ascii", "cp1252", "shift_jis"])
@pytest.mark.parametrize(
    "sep", ["\u20ac", "\U0001f600", "\u00e9", "\t", "\\", '"', "'", "\u2028", "\x85", "%", "\0", "{"]
)
def test_a_separator_is_what_it_was(sep: str, encoding: str) -> None:
    assert message(f"print(x, y, sep={sep!a})", encoding) == f"%s{sep.replace('%', '%%')}%s"


TEXTS = [
    *(
        "'a'",
        '"a"',
        "'''a'''",
        "'a\\n'",
        "'a\\\\b'",
        "r'a\\b'",
        "'it\\'s'",
        '"it\'s"',
        "'say \"a\"'",
        "'a' 'b'",
        "'a' \"b\"",
    ),
    *("r'\\d' '\\n'", "'''a\nb'''", "'100%'", "'%s'", "'%%'", "'{}'", "'{{}}'", "''", "'\\N{BULLET}'", "'\\x00'"),
    *("'a' r'\\b'", "b'a'.decode()", "'\u20ac'", "u'a'", "('a'\n 'b')", "'a' + 'b'", "'a' * 2"),
]
VALUES = ["x", "x!r", "x:>5", "x:.2f", "x + 1", "(x, y)[0]", "x if x else y", "x=", "x:{y}"]


@pytest.mark.parametrize("text", [text for text in TEXTS if text != "'%s'"])  # which is taken for a format
@pytest.mark.parametrize("sep", ["", ", sep=''", ", sep=': '", ", sep='%'", ", sep='\\n'"])
def test_a_text_before_a_value_is_what_it_was(text: str, sep: str) -> None:
    """Rewritten calls are run: the record's text is what `print` writes."""
    assert written(f"print({text}, x{sep})") == printed(f"print({text}, x{sep})")


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_alone_is_what_it_was(text: str) -> None:
    assert written(f"print({text})") == printed(f"print({text})")


@pytest.mark.parametrize("style", ["keep", "lazy"])
@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(
    "text", ["f'{%s}'", "f'a {%s} b'", "f'{{{%s}}}'", "f'%%s {%s}'", "'a' f'{%s}'", "f'''{%s}\n'''"]
)
def test_an_f_string_is_what_it_was(text: str, value: str, style: str) -> None:
    call = f"print({text % value})"
    assert written(call, style) == printed(call)


@pytest.mark.parametrize(
    ("value", "logged"),
    [
        ("'a'.upper()", "'a'.upper()"),
        ("', '.join(x)", "', '.join(x)"),
        ("str(x)", "str(x)"),
        ("builtins.repr(x)", "builtins.repr(x)"),
        ("'a' + x", "'a' + x"),
        ("x + 'a'", "x + 'a'"),
        ("'a' * 3", "'a' * 3"),
        ("'a %s' % x", "'a %s' % x"),
        ("'a' if x else 'b'", "'a' if x else 'b'"),
        ("f'{x}'", "f'{x}'"),
        ("x.upper()", '"%s", x.upper()'),
        ("'a' if x else x", "'%s', 'a' if x else x"),
        ("x + x", '"%s", x + x'),
        ("x % 3", '"%s", x % 3'),
        ("len(x)", '"%s", len(x)'),
        ("b'a'", "'%s', b'a'"),
        ("3", '"%s", 3'),
    ],
)
def test_what_is_text_by_its_form_is_the_message_itself(value: str, logged: str) -> None:
    """Anything else is a value, whose `%` and whose type are none of the message's business."""
    head = "import builtins\nimport logging\nlogger = logging.getLogger(__name__)\n"
    result = fix(
        Source("app.py", f"{head}def work(x):\n    print({value})\n"),
        Config(detect_interface=False, levels={"": "info"}),
    )
    assert f"    logger.info({logged})\n" in result.source.text
