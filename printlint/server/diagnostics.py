"""Findings as the editor shows them."""

from __future__ import annotations

from lsprotocol import types

from printlint.finding import Finding, Severity
from printlint.rules.files.unreadable_file import UnreadableFile
from printlint.server.positions import Positions
from printlint.server.view import Checked

SOURCE = "printlint"


def diagnostics_of(checked: Checked, encoding: str) -> list[types.Diagnostic]:
    """The findings of a document."""
    positions = Positions(checked.source, encoding)
    return [
        types.Diagnostic(
            range=positions.range(item.finding.start, item.finding.end),
            message=item.finding.message,
            severity=_severity(item.finding, counts=checked.config.names(item.finding.code)),
            code=item.finding.code,
            source=SOURCE,
        )
        for item in checked.items
    ]


def _severity(finding: Finding, *, counts: bool) -> types.DiagnosticSeverity:
    """A note is a hint, of which editors show least, unless its code is selected by name."""
    if finding.code == UnreadableFile.code:
        return types.DiagnosticSeverity.Error
    is_note = finding.severity is Severity.NOTE and not counts
    return types.DiagnosticSeverity.Hint if is_note else types.DiagnosticSeverity.Warning
