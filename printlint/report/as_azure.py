"""Logging commands, which Azure Pipelines shows as issues of a build."""

from __future__ import annotations

from printlint.finding import Severity
from printlint.process.printable import printable
from printlint.report.model import Look, Report

# https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands: what would end a property or the command
_ESCAPED = {"%": "%AZP25", ";": "%3B", "]": "%5D"}


def render(report: Report, look: Look) -> str:
    """`##vso[task.logissue …]message`, a line a finding. A note, for which Azure has no level, says that it is one."""
    lines = []
    for item in report.items:
        finding = item.finding
        place = (
            f"sourcepath={_property(finding.path)};linenumber={finding.start.line};columnnumber={finding.start.column}"
        )
        kind = "error" if finding.code == "PRT900" else "warning"
        note = "note: " if finding.severity is Severity.NOTE else ""
        message = _data(f"{note}{finding.message}")
        lines.append(f"##vso[task.logissue type={kind};{place};code={finding.code}]{finding.code} {message}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return printable(text).replace("%", _ESCAPED["%"])


def _property(text: str) -> str:
    return "".join(_ESCAPED.get(character, character) for character in printable(text))
