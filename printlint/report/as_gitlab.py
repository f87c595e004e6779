"""GitLab's Code Quality report: a JSON array of issues, each with a fingerprint of its own."""

from __future__ import annotations

from printlint.finding import Finding, Severity
from printlint.process.printable import as_json
from printlint.report.model import Look, Report, fingerprints


def render(report: Report, look: Look) -> str:
    """The array. Fingerprints hold no line numbers, so that an issue stays the same when its file grows."""
    issues = []
    for item, fingerprint in zip(report.items, fingerprints(report), strict=True):
        finding = item.finding
        issues.append(
            {
                "type": "issue",
                "check_name": finding.code,
                "description": f"{finding.code} {finding.message}",
                "severity": _severity(finding),
                "categories": ["Style"],
                "fingerprint": fingerprint,
                "location": {
                    "path": finding.path,
                    "lines": {"begin": finding.start.line, "end": finding.end.line},
                },
            }
        )
    return as_json(issues) + "\n"


def _severity(finding: Finding) -> str:
    if finding.severity is Severity.NOTE:
        return "info"
    return "major" if finding.code == "PRT900" else "minor"
