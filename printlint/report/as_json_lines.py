"""One JSON object a line, a line a finding: for streams and logs."""

from __future__ import annotations

from printlint.process.printable import as_json
from printlint.report.as_json import finding_object
from printlint.report.model import Look, Report


def render(report: Report, look: Look) -> str:
    """The findings as docs/json.md describes them."""
    return "".join(as_json(finding_object(item), indent=None) + "\n" for item in report.items)
