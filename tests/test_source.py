"""Bytes to text to positions, and what cannot be read."""

from __future__ import annotations

import ast

import pytest

from printlint.source import Source, Unreadable, depth_exceeds, parse


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (b"x = 1\n", "utf-8", "x = 1\n"),
        (b"\xef\xbb\xbfx = 1\r\n", "utf-8", "x = 1\r\n"),
        (b"# coding: latin-1\ns = '\xe9'\n", "iso-8859-1", "# coding: latin-1\ns = 'é'\n"),
        (b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\ns = '\x80'\n", "cp1252", None),
    ],
)
def test_decoding_follows_pep_263_and_keeps_newlines(data: bytes, encoding: str, text: str | None) -> None:
    source = Source.decode("x.py", data)
    assert source.encoding == encoding
    assert text is None or source.text == text
    assert source.encode(source.text) == data


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"x = 1\ny = '\xff'\n", 2, "0xff is not valid utf-8"),
        (b"x = 1\n\ny = '\0'\n", 3, "Null byte"),
        (b"\xef\xbb\xbf# coding: latin-1\n", 1, "Invalid encoding declaration"),
        (b"# coding: nonsense\n", 1, "Invalid encoding declaration"),
    ],
)
def test_what_cannot_be_decoded_is_named_at_its_line(data: bytes, line: int, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason) as error:
        Source.decode("x.py", data)
    assert error.value.line == line


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("x = 1\nprint 'x'\n", 2, "SyntaxError"),
        ("x = 1\n<<<<<<< HEAD\nx = 2\n=======\n", 2, "Merge conflict"),
        ("x = 1\n    y = 2\n", 2, "IndentationError"),
        ("x = " + "(" * 300 + ")" * 300, 1, "nested"),
    ],
)
def test_what_cannot_be_parsed_is_named_at_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason) as error:
        parse(Source("x.py", text))
    assert error.value.line == line


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_positions_count_code_points_whatever_the_newline(newline: str) -> None:
    source = Source("x.py", f"s = 'é😀'; f(x){newline}\x0c{newline}  # \u2028{newline}é = g(y){newline}")
    calls = [node for node in ast.walk(parse(source)) if isinstance(node, ast.Call)]
    assert [source.segment(call) for call in calls] == ["f(x)", "g(y)"]
    assert [tuple(source.position(source.span(call).start)) for call in calls] == [(1, 11), (4, 5)]


def test_depth_is_measured_without_recursion() -> None:
    tree = parse(Source("x.py", "x = " + "+".join("1" * 900)))
    assert depth_exceeds(tree, 500)
    assert not depth_exceeds(tree, 1000)
