"""flake8's shape, a line a finding: what logs and editors read."""

from __future__ import annotations

from collections.abc import Iterator

from printlint.finding import Finding, Reported
from printlint.process.printable import place, printable
from printlint.report.model import Look, Report
from printlint.report.paint import Ink, painted


def render(report: Report, look: Look) -> str:
    """`path:line:column: CODE message`; with `verbose`, all notes too, and the reasons below each finding."""
    return "".join(f"{line}\n" for item in report.listed(look) for line in _lines(item, look))


def _lines(item: Reported, look: Look) -> Iterator[str]:
    yield heading(item.finding, look.colour)
    if look.verbose:
        for reason in reasons_of(item):
            yield f"    {reason}"


def heading(finding: Finding, colour: bool = False) -> str:
    """A finding's line."""
    where = painted(position_of(finding), Ink.PLACE, colour)
    return f"{where}: {painted(finding.code, Ink.CODE, colour)} {printable(finding.message)}"


def position_of(finding: Finding) -> str:
    """`path:line:column`, as a line of output begins."""
    return f"{place(finding.path)}:{finding.start.line}:{finding.start.column}"


def reasons_of(item: Reported) -> Iterator[str]:
    """The reason for the level, and what `fix` does about the finding or why it does nothing, a line each."""
    finding = item.finding
    if finding.level is not None:
        yield f"level {finding.level.method}: {printable(finding.level.reasons)}"
    if item.fix is not None:
        yield f"fix ({item.fix.safety.value}): {printable(item.fix.title)}"
    elif item.refused is not None:
        yield f"not rewritten: {printable(item.refused)}"
