"""Workflow commands, which GitHub Actions shows as annotations on the changed lines."""

from __future__ import annotations

from printlint.finding import Severity
from printlint.process.printable import printable
from printlint.report.model import Look, Report


def render(report: Report, look: Look) -> str:
    """`::warning file=…,line=…::message`, a line a finding; `::notice` for a note."""
    lines = []
    for item in report.items:
        finding = item.finding
        place = (
            f"file={_property(finding.path)},line={finding.start.line},col={finding.start.column},"
            f"endLine={finding.end.line},endColumn={finding.end.column},title={finding.code}"
        )
        command = "notice" if finding.severity is Severity.NOTE else "warning"
        lines.append(f"::{command} {place}::{_data(f'{finding.code} {finding.message}')}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
