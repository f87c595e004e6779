"""SARIF 2.1.0, which code scanning services read."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

from printlint import __version__
from printlint.finding import Finding, Reported, Severity
from printlint.process.printable import as_json
from printlint.report.model import Look, Report, fingerprints
from printlint.rules import all_rules
from printlint.rules.page import rule_page
from printlint.source import Position

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Report, look: Look) -> str:
    """One run. Columns count code points, as `columnKind` says."""
    driver = {"name": "printlint", "version": __version__, "rules": _rules(report)}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(item, known) for item, known in zip(report.items, fingerprints(report), strict=True)],
    }
    return as_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def _rules(report: Report) -> list[dict[str, Any]]:
    used = {item.finding.code for item in report.items}
    return [
        {
            "id": rule.code,
            "name": rule.name,
            "shortDescription": {"text": rule.summary.replace("`", "")},
            "fullDescription": {"text": rule.prose()},
            "help": {"text": rule.prose(), "markdown": rule_page(rule)},
            "defaultConfiguration": {"level": "note" if rule.severity is Severity.NOTE else "warning"},
        }
        for rule in all_rules()
        if rule.code in used
    ]


def _result(item: Reported, fingerprint: str) -> dict[str, Any]:
    finding = item.finding
    artifact = {"uri": quote(os.fsencode(finding.path))}
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _level(finding),
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": artifact,
                    "region": _region(finding.start, finding.end),
                }
            }
        ],
        "partialFingerprints": {"printlint/v1": fingerprint},
    }
    if item.fix is not None and (edits := item.fix.all_edits):
        replacements = [
            {"deletedRegion": _region(edit.start, edit.end), "insertedContent": {"text": edit.text}} for edit in edits
        ]
        changes = [{"artifactLocation": artifact, "replacements": replacements}]
        result["fixes"] = [{"description": {"text": item.fix.title}, "artifactChanges": changes}]
    return result


def _region(start: Position, end: Position) -> dict[str, int]:
    return {"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column}


def _level(finding: Finding) -> str:
    if finding.severity is Severity.NOTE:
        return "note"
    return "error" if finding.code == "PRT900" else "warning"
