"""flake8's shape, a line a finding: what people and editors read."""

from __future__ import annotations

from collections.abc import Iterator

from printlint.finding import Finding, Reported
from printlint.process.printable import place, printable
from printlint.report.model import Report


def render(report: Report, *, verbose: bool = False) -> str:
    """`path:line:column: CODE message`; with `verbose`, all notes too, and the reasons below each finding."""
    items = report.items if verbose else report.counted
    return "".join(f"{line}\n" for item in items for line in _lines(item, verbose))


def _lines(item: Reported, verbose: bool) -> Iterator[str]:
    finding = item.finding
    yield f"{position_of(finding)}: {finding.code} {printable(finding.message)}"
    if not verbose:
        return
    if finding.level is not None:
        yield f"    level {finding.level.method}: {printable(finding.level.reasons)}"
    if item.fix is not None:
        yield f"    fix ({item.fix.safety.value}): {printable(item.fix.title)}"
    elif item.refused is not None:
        yield f"    not rewritten: {printable(item.refused)}"


def position_of(finding: Finding) -> str:
    """`path:line:column`, as a line of output begins."""
    return f"{place(finding.path)}:{finding.start.line}:{finding.start.column}"
