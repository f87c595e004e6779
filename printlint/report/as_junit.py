"""JUnit's XML, which most CI systems read: a suite for each file with findings, a failed case for each finding."""

from __future__ import annotations

from itertools import groupby
from xml.sax.saxutils import quoteattr

from printlint.finding import Reported
from printlint.process.printable import printable
from printlint.report.model import Look, Report


def render(report: Report, look: Look) -> str:
    """The document. Notes that do not count are no failures, and are left out; a clean run is one case that passes."""
    suites = [_suite(path, list(items)) for path, items in groupby(report.counted, lambda item: item.finding.path)]
    count = len(report.counted)
    clean = ['  <testsuite name="printlint" tests="1" failures="0">\n    <testcase name="check"/>\n  </testsuite>\n']
    body = "".join(suites or clean)
    head = f'<testsuites name="printlint" tests="{count or 1}" failures="{count}">'
    return f'<?xml version="1.0" encoding="utf-8"?>\n{head}\n{body}</testsuites>\n'


def _suite(path: str, items: list[Reported]) -> str:
    cases = "".join(map(_case, items))
    count = len(items)
    return f'  <testsuite name={_quoted(path)} tests="{count}" failures="{count}">\n{cases}  </testsuite>\n'


def _case(item: Reported) -> str:
    finding = item.finding
    where = f"line {finding.start.line}, column {finding.start.column}"
    attributes = f"name={_quoted(f'{finding.code} {where}')} classname={_quoted(finding.path)}"
    failure = f"<failure type={_quoted(finding.code)} message={_quoted(finding.message)}/>"
    return f'    <testcase {attributes} file={_quoted(finding.path)} line="{finding.start.line}">{failure}</testcase>\n'


def _quoted(text: str) -> str:
    return quoteattr(printable(text))
