"""What people read on a terminal: each finding with the lines that it is about, the reasons, and what `fix` writes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import takewhile

from printlint.finding import Reported, TextEdit
from printlint.report.as_concise import heading, reasons_of
from printlint.report.excerpt import CUT, excerpt, shortened, shown
from printlint.report.model import Look, Report
from printlint.report.paint import Ink, painted
from printlint.source import LINE_END

_NARROWEST = 40


def render(report: Report, look: Look) -> str:
    """A block a finding, with an empty line between them."""

    @lru_cache(maxsize=1)  # findings come by file
    def lines_of(path: str) -> list[str]:
        text = report.text_of(path)
        return re.split(LINE_END, text) if text else []

    blocks = (_block(item, lines_of(item.finding.path), look) for item in report.listed(look))
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks)


def _block(item: Reported, lines: Sequence[str], look: Look) -> Iterator[str]:
    finding = item.finding
    yield heading(finding, look.colour)
    gutter = len(str(finding.end.line))
    width = max(look.width - gutter - 3, _NARROWEST) if look.width else 0
    bar = painted("|", Ink.FRAME, look.colour)
    for line in excerpt(lines, finding, width):
        number = painted(f"{line.number or '':>{gutter}}", Ink.FRAME, look.colour)
        yield f"{number} {bar} {line.text}".rstrip()
        if line.mark:
            mark = painted(line.mark.lstrip(), Ink.MARK, look.colour)
            yield f"{'':>{gutter}} {bar} {' ' * (len(line.mark) - len(line.mark.lstrip()))}{mark}"
    for reason in reasons_of(item):
        yield f"{'':>{gutter}} {painted('=', Ink.FRAME, look.colour)} {reason}"
    for edit in item.fix.edits if item.fix else ():
        for sign, changed in _changes(edit, lines):
            ink = Ink.ADDED if sign == "+" else Ink.REMOVED
            yield f"{'':>{gutter}}   {painted(f'{sign} {changed}'.rstrip(), ink, look.colour)}"


def _changes(edit: TextEdit, lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The lines that an edit takes away (`-`) and those that it adds (`+`)."""
    start, end = edit.start, edit.end
    old = list(lines[start.line - 1 : end.line])
    if not old:
        return
    new = re.split(LINE_END, old[0][: start.column - 1] + edit.text + old[-1][end.column - 1 :])
    before = _alike(old, new)
    behind = _alike(old[before:][::-1], new[before:][::-1])
    for sign, changed in (("-", old[before : len(old) - behind]), ("+", new[before : len(new) - behind])):
        for number in shortened(range(1, len(changed) + 1)):
            yield sign, shown(changed[number - 1]) if number else CUT


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many lines are the same at the beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
