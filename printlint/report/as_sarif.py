"""SARIF 2.1.0, which code scanning services read."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

from printlint import __version__
from printlint.finding import Finding, Severity
from printlint.process.printable import as_json
from printlint.report.model import Report
from printlint.rules import all_rules

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Report, *, verbose: bool = False) -> str:
    """One run. Columns count code points, as `columnKind` says."""
    driver = {"name": "printlint", "version": __version__, "rules": _rules(report)}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(item.finding) for item in report.items],
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
        }
        for rule in all_rules()
        if rule.code in used
    ]


def _result(finding: Finding) -> dict[str, Any]:
    return {
        "ruleId": finding.code,
        "level": _level(finding),
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(os.fsencode(finding.path))},
                    "region": {
                        "startLine": finding.start.line,
                        "startColumn": finding.start.column,
                        "endLine": finding.end.line,
                        "endColumn": finding.end.column,
                    },
                }
            }
        ],
    }


def _level(finding: Finding) -> str:
    if finding.severity is Severity.NOTE:
        return "note"
    return "error" if finding.code == "PRT900" else "warning"
