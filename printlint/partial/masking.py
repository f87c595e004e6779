"""Masks the comments and strings of a text, by the lexical rules of the language alone."""

from __future__ import annotations

import re
import unicodedata


class Doubtful(Exception):
    """A text that cannot be split without parsing it."""


# A comment or a string without its prefix. An unclosed string is detected by the quote that remains.
_OPAQUE = re.compile(
    r"""(#[^\n]*"""
    r'''|"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'''
    r"""|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"""
    r'''|"[^"\\\n]*(?:\\(?:\r\n|.)[^"\\\n]*)*"'''
    r"""|'[^'\\\n]*(?:\\(?:\r\n|.)[^'\\\n]*)*')""",
    re.DOTALL,
)
_FORMATTED = tuple(f"{one}{two}" for one in ("f", "F", "t", "T") for two in ("", "r", "R"))
_FORMATTED += tuple(f"{two}{one}" for one in ("f", "F", "t", "T") for two in ("r", "R"))
_FORMATTING = frozenset("fFtTrR")
# The characters that replace strings. Formatted strings may contain code, so they have a character of their own.
MASK, FORMATTED_MASK = "`", "$"


def masked_text(text: str) -> str:
    """A text with comments and strings masked, of the same length and with the same line ends.

    A multi-line string gets brackets at its ends, so that its lines count as joined: no statement begins in it. Raises
    `Doubtful`.
    """
    if "\f" in text or ("\r" in text and text.count("\r") != text.count("\r\n")):
        raise Doubtful("a form feed or a lone carriage return")
    pieces = _OPAQUE.split(text)
    for index in range(1, len(pieces), 2):
        opaque = pieces[index]
        if opaque[0] == "#":
            pieces[index] = " " * len(opaque)
            continue
        mask = MASK
        before = pieces[index - 1]
        if before[-1:] in _FORMATTING and before.endswith(_FORMATTED):
            _check_quotes(opaque)
            mask = FORMATTED_MASK
        if "\n" in opaque:
            lines = "\n".join([mask * len(line) for line in opaque.split("\n")])
            pieces[index] = f"({lines[1:-1]})"
        else:
            pieces[index] = mask * len(opaque)
    masked = "".join(pieces)
    if '"' in masked or "'" in masked:
        raise Doubtful("a string has no end")
    if not masked.isascii() and not unicodedata.is_normalized("NFKC", masked):
        raise Doubtful("names may be spelled with other characters")  # Python reads a fullwidth `print` as print
    return masked


def _check_quotes(formatted: str) -> None:
    """Raise `Doubtful` for an f-string that seems to end within a replacement field.

    It contains a string with the same quotes (PEP 701, Python 3.12), so it ends later than the pattern assumes.
    """
    depth = at = 0
    while match := _BRACE.search(formatted, at):
        at = match.end()
        if not depth and formatted[at : at + 1] == match[0]:
            at += 1  # a doubled brace outside replacement fields is a literal one
        else:
            depth += 1 if match[0] == "{" else -1
    if depth:
        raise Doubtful("an f-string may hold its own quotes")


_BRACE = re.compile("[{}]")
