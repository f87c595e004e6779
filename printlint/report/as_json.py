"""One JSON object, for machines."""

from __future__ import annotations

from typing import Any

from printlint.finding import Reported, TextEdit
from printlint.process.printable import as_json
from printlint.report.model import Look, Report

VERSION = 1


def render(report: Report, look: Look) -> str:
    """The object that docs/json.md describes."""
    document = {
        "version": VERSION,
        "files": report.files,
        "findings": [finding_object(item) for item in report.items],
    }
    return as_json(document) + "\n"


def finding_object(item: Reported) -> dict[str, Any]:
    """One finding. Lines and columns from 1, columns in code points."""
    finding = item.finding
    result: dict[str, Any] = {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "path": finding.path,
        "line": finding.start.line,
        "column": finding.start.column,
        "end_line": finding.end.line,
        "end_column": finding.end.column,
        "message": finding.message,
        "fix": {"safety": item.fix.safety.value, "title": item.fix.title} if item.fix else None,
    }
    if item.fix is not None and (edits := item.fix.all_edits):
        result["fix"]["edits"] = [_edit_object(edit) for edit in edits]
    if item.fix is None:
        result["refused"] = item.refused
    if finding.level is not None:
        result["level"] = finding.level.method
        result["why"] = finding.level.reasons
    return result


def _edit_object(edit: TextEdit) -> dict[str, Any]:
    """New text for a region, which is given like a finding's."""
    return {
        "line": edit.start.line,
        "column": edit.start.column,
        "end_line": edit.end.line,
        "end_column": edit.end.column,
        "text": edit.text,
    }
