"""The lines of a file that a finding is about, for people to see."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from printlint.finding import Finding
from printlint.process.printable import printable
from printlint.source import Position

# More lines of one finding, or of one rewrite, than these are cut in the middle.
MOST_LINES = 6
_TAB = "    "
CUT = "…"


class Line(NamedTuple):
    """A line of an excerpt: its number from 1 (0 for what was cut), what is shown of it, and what is marked below."""

    number: int
    text: str
    mark: str = ""


def excerpt(lines: Sequence[str], finding: Finding, width: int) -> Iterator[Line]:
    """The lines that a finding is about, as wide as there is room; `width` 0 cuts nothing.

    What a finding within one line is about is marked. Of many lines the first ones and the last one are given.
    """
    start, end = finding.start, finding.end
    if not 0 < start.line <= end.line <= len(lines):
        return
    if start.line == end.line:
        yield _marked(lines[start.line - 1], start, end, width)
        return
    numbers = range(start.line, end.line + 1)
    for number in shortened(numbers):
        yield Line(number, _fitted(shown(lines[number - 1]), width)) if number else Line(0, CUT)


def shortened(numbers: Sequence[int]) -> list[int]:
    """At most `MOST_LINES` of some lines, with 0 where lines are left out."""
    if len(numbers) <= MOST_LINES:
        return list(numbers)
    return [*numbers[: MOST_LINES - 2], 0, numbers[-1]]


def shown(text: str) -> str:
    """A line as a terminal can show it: tabs as spaces, nothing that a terminal obeys."""
    return _TAB.join(map(printable, text.rstrip("\r\n").split("\t")))


def _marked(line: str, start: Position, end: Position, width: int) -> Line:
    before, marked, after = (
        shown(part)
        for part in (
            line[: start.column - 1],
            line[start.column - 1 : end.column - 1],
            line[end.column - 1 :],
        )
    )
    if width and columns(before + marked) > width:
        before = CUT + before[-(width // 4) :] if len(before) > width // 4 else before
    text = _fitted(before + marked + after, width)
    room = max(width - columns(before), 1) if width else columns(marked)
    return Line(start.line, text, " " * columns(before) + "^" * max(1, min(columns(marked), room)))


def _fitted(text: str, width: int) -> str:
    """As much of a line as there is room for."""
    if not width or columns(text) <= width:
        return text
    room = width - 1
    while columns(text[:room]) > width - 1:
        room -= 1
    return text[:room] + CUT


def columns(text: str) -> int:
    """How many columns of a terminal a text takes (UAX #11: wide and full-width characters take two)."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(item) else 1 + (unicodedata.east_asian_width(item) in "WF") for item in text)
