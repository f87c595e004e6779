"""Output formats, held to what their readers expect."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from conftest import Run

from printlint.finding import Finding, Fix, Reported, Safety, TextEdit
from printlint.report import Look, Report, render
from printlint.source import Position

TEXT = 'é = 1; print("100%, a: b", é)\nprint(x, end="")\n'
FINDING_KEYS = ["code", "name", "severity", "path", "line", "column", "end_line", "end_column", "message", "fix"]


def report(printlint: Run, folder: Path, output_format: str) -> str:
    (folder / "a,b.py").write_text(TEXT, encoding="utf-8")
    return printlint("check", "--output-format", output_format).stdout


def test_json_is_the_contract(printlint: Run, tmp_path: Path) -> None:
    document = json.loads(report(printlint, tmp_path, "json"))
    assert (document["version"], document["files"]) == (1, 1)
    first, second = document["findings"]
    assert list(first)[:10] == FINDING_KEYS
    assert (first["line"], first["column"], first["end_line"], first["end_column"]) == (1, 8, 1, 30)
    assert (first["fix"]["safety"], first["fix"]["title"]) == ("safe", "Use `logger.info`")
    assert first["level"] == "info"
    assert first["why"]
    assert "partial line" in second["refused"]


def test_json_names_the_safety_of_a_fix(printlint: Run, tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("import sys\nprint('it works')\nprint('it fails', file=sys.stderr)\n")
    findings = json.loads(printlint("check", "--output-format", "json").stdout)["findings"]
    assert [item["fix"]["safety"] for item in findings] == ["safe", "unsafe"]
    assert not any("refused" in item for item in findings)


def test_github_escapes_what_its_commands_would_eat(printlint: Run, tmp_path: Path) -> None:
    line = report(printlint, tmp_path, "github").splitlines()[0]
    assert line.startswith("::warning file=a%2Cb.py,line=1,col=8,endLine=1,endColumn=30,title=PRT101::PRT101 ")


@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ("a:b.py", "a%3Ab.py"),  # a colon ends the properties
        ("a,b=c.py", "a%2Cb=c.py"),  # a comma ends one of them
        ("100%.py", "100%25.py"),
        ("50%25.py", "50%2525.py"),  # what looks escaped is a name as well
        ("a::b.py", "a%3A%3Ab.py"),
    ],
)
def test_github_reads_the_name_of_any_file(printlint: Run, tmp_path: Path, name: str, escaped: str) -> None:
    (tmp_path / name).write_text("print('it works')\n", encoding="utf-8")
    line = printlint("check", "--output-format", "github").stdout
    assert line.startswith(f"::warning file={escaped},line=1,col=1,endLine=1,endColumn=18,title=PRT101::PRT101 ")
    assert line.count("\n") == 1


def test_github_shows_colons_and_commas_of_a_message_as_they_are(printlint: Run, tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("print('it works')\n", encoding="utf-8")
    text = printlint("check", "--output-format", "text").stdout.partition(" ")[2]
    assert printlint("check", "--output-format", "github").stdout.endswith(f"::{text}")


def test_gitlab_fingerprints_are_unique_and_survive_moved_lines(printlint: Run, tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("print('it works')\n" * 3)
    first = json.loads(printlint("check", "--output-format", "gitlab").stdout)
    (tmp_path / "x.py").write_text("\n\n" + "print('it works')\n" * 3)
    second = json.loads(printlint("check", "--output-format", "gitlab").stdout)
    prints = [issue["fingerprint"] for issue in first]
    assert len(set(prints)) == 3
    assert prints == [issue["fingerprint"] for issue in second]
    assert first[0]["location"]["lines"] == {"begin": 1, "end": 1}


def test_json_lines_are_the_findings_of_json(printlint: Run, tmp_path: Path) -> None:
    lines = report(printlint, tmp_path, "json-lines").splitlines()
    assert list(map(json.loads, lines)) == json.loads(report(printlint, tmp_path, "json"))["findings"]


def test_junit_has_a_failed_case_for_each_finding(printlint: Run, tmp_path: Path) -> None:
    (suite,) = ElementTree.fromstring(report(printlint, tmp_path, "junit"))
    first, second = suite
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("a,b.py", "2", "2")
    assert (first.get("name"), first.get("file"), second.get("line")) == ("PRT101 line 1, column 8", "a,b.py", "2")
    assert "logger.info" in first[0].get("message", "")


def test_junit_of_a_clean_run_is_a_case_that_passes(printlint: Run, tmp_path: Path) -> None:
    (suite,) = ElementTree.fromstring(printlint("check", "--output-format", "junit").stdout)
    assert (suite.get("tests"), suite.get("failures"), len(suite[0])) == ("1", "0", 0)


def test_azure_escapes_what_its_commands_would_eat(printlint: Run, tmp_path: Path) -> None:
    (tmp_path / "a;b]%.py").write_text("print('it works')\n", encoding="utf-8")
    shown = printlint("check", "--output-format", "azure").stdout
    place = "sourcepath=a%3Bb%5D%AZP25.py;linenumber=1;columnnumber=1;code=PRT101"
    assert shown.startswith(f"##vso[task.logissue type=warning;{place}]PRT101 `print` call")


# Excerpts


def full(text: str, *findings: tuple[int, int, int, int], width: int = 0, fix: Fix | None = None) -> list[str]:
    """The lines of the format `full`, without each finding's first one."""
    found = [
        Reported(Finding("PRT101", "print-call", "a.py", Position(*span[:2]), Position(*span[2:]), "call"), fix)
        for span in findings
    ]
    shown = render(Report.of(1, found, lambda _: False, lambda _: text), "full", Look(width=width))
    return [line for line in shown.splitlines() if "PRT101" not in line]


@pytest.mark.parametrize(
    ("line", "start", "end", "marked"),
    [
        ("    print(x)", 5, 13, "    ^^^^^^^^"),
        ("\tprint(x)", 2, 10, "    ^^^^^^^^"),  # a tab is shown as four spaces
        ("é; print(x)", 4, 12, "   ^^^^^^^^"),
        ("漢; print(x)", 4, 12, "    ^^^^^^^^"),  # a wide character takes two columns
        ("e\u0301; print(x)", 5, 13, "   ^^^^^^^^"),  # a combining one takes none
        ("x", 1, 1, "^"),  # nothing but a place
    ],
)
def test_a_span_is_underlined_where_a_terminal_shows_it(line: str, start: int, end: int, marked: str) -> None:
    assert full(f"{line}\n", (1, start, 1, end))[1] == f"  | {marked}"


def test_what_a_terminal_obeys_is_escaped_in_an_excerpt() -> None:
    text, mark = full("x = '\x1b[2J'; print(x)\n", (1, 13, 1, 21))
    assert text == r"1 | x = '\x1b[2J'; print(x)"
    assert mark.index("^") == text.index("print")


def test_a_long_line_is_cut_around_its_span() -> None:
    text, mark = full(f"{'a' * 200}; print(x); {'b' * 200}\n", (1, 203, 1, 211), width=60)
    assert len(text) == 60
    assert text[mark.index("^") : mark.rindex("^") + 1] == "print(x)"
    assert text.startswith("1 | …a")
    assert text.endswith("b…")


def test_a_call_that_goes_on_forever_is_cut_in_the_middle() -> None:
    lines = full("print(\n" + "    1,\n" * 50 + ")\n", (1, 1, 52, 2))
    assert lines == [" 1 | print(", *(f" {n} |     1," for n in (2, 3, 4)), "   | …", "52 | )"]


def test_a_file_that_changed_meanwhile_is_no_error() -> None:
    assert full("", (7, 1, 7, 9)) == []


def test_a_rewrite_is_shown_as_the_lines_that_change() -> None:
    edit = TextEdit(Position(1, 6), Position(1, 6), "\nx.propagate = False")
    assert full("x = y\nz\n", (1, 1, 1, 6), fix=Fix(Safety.SAFE, "Set it", (edit,)))[2:] == [
        "  = fix (safe): Set it",
        "    + x.propagate = False",
    ]
    edit = TextEdit(Position(2, 1), Position(2, 1), "b\n")
    assert full("x = [\na\n]\n", (1, 1, 3, 2), fix=Fix(Safety.SAFE, "Add it", (edit,)))[-2:] == [
        "  = fix (safe): Add it",
        "    + b",
    ]


# What a fix takes


@pytest.mark.parametrize("index", range(4))
def test_the_edits_of_one_finding_are_complete(printlint: Run, tmp_path: Path, index: int) -> None:
    text = (
        "def f(a):\n    print('it works', a); print('100%', a)\n    try:\n        g()\n    except OSError:\n"
        "        print('é', a)\n\n\ndef g():\n    print({'a': 1})\n    return 1\n"
    )
    path = tmp_path / "x.py"
    path.write_text(text, encoding="utf-8")
    finding = json.loads(printlint("check", "--output-format", "json").stdout)["findings"][index]
    path.write_text(applied(text, finding["fix"]["edits"]), encoding="utf-8")
    left = json.loads(printlint("check", "--output-format", "json").stdout)["findings"]
    assert len(left) == 3
    assert "logger = logging.getLogger(__name__)" in path.read_text(encoding="utf-8")
    assert subprocess.run([sys.executable, path], check=True).returncode == 0


def test_a_fix_that_needs_a_new_file_has_no_edits(printlint: Run, tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("async def f():\n    print('it works')\n")
    (finding,) = json.loads(printlint("check", "--output-format", "json").stdout)["findings"]
    assert finding["fix"] == {"safety": "safe", "title": "Use `logger.info`"}


def applied(text: str, edits: list[dict[str, Any]]) -> str:
    """A text with edits done."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for edit in sorted(edits, key=lambda edit: (edit["line"], edit["column"]), reverse=True):
        start = starts[edit["line"] - 1] + edit["column"] - 1
        end = starts[edit["end_line"] - 1] + edit["end_column"] - 1
        text = text[:start] + edit["text"] + text[end:]
    return text


def test_sarif_has_the_required_properties(printlint: Run, tmp_path: Path) -> None:
    document = json.loads(report(printlint, tmp_path, "sarif"))
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == {"PRT101"}
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%2Cb.py"
    assert place["region"]["startColumn"] == 8


def test_sarif_has_the_edits_of_a_fix_and_keeps_its_fingerprint(printlint: Run, tmp_path: Path) -> None:
    first, refused = json.loads(report(printlint, tmp_path, "sarif"))["runs"][0]["results"]
    ((change,),) = [fix["artifactChanges"] for fix in first["fixes"]]
    assert change["artifactLocation"] == {"uri": "a%2Cb.py"}
    assert "logger.info" in change["replacements"][-1]["insertedContent"]["text"]
    assert "fixes" not in refused
    (tmp_path / "a,b.py").write_text(f"\n\n{TEXT}", encoding="utf-8")
    moved, _ = json.loads(printlint("check", "--output-format", "sarif").stdout)["runs"][0]["results"]
    assert moved["partialFingerprints"] == first["partialFingerprints"]
