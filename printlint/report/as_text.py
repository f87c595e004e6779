"""flake8's shape, a line a finding: what people and editors read."""

from __future__ import annotations

from collections.abc import Iterator

from printlint.finding import Reported
from printlint.report.model import Report


def render(report: Report, *, verbose: bool = False) -> str:
    """`path:line:column: CODE message`; with `verbose`, the reasons below each finding."""
    return "".join(f"{line}\n" for item in report.items for line in _lines(item, verbose))


def _lines(item: Reported, verbose: bool) -> Iterator[str]:
    finding = item.finding
    place = f"{finding.path}:{finding.start.line}:{finding.start.column}"
    yield f"{place}: {finding.code} {finding.message}"
    if not verbose:
        return
    if finding.level is not None:
        yield f"    level {finding.level.method}: {finding.level.why}"
    if item.fix is not None:
        yield f"    fix ({item.fix.safety.value}): {item.fix.title}"
    elif item.refused is not None:
        yield f"    not rewritten: {item.refused}"
