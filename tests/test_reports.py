"""Output formats, held to what their readers expect."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Run

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
    assert first["fix"] == {"safety": "safe", "title": "Use `logger.info`"}
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


def test_sarif_has_the_required_properties(printlint: Run, tmp_path: Path) -> None:
    document = json.loads(report(printlint, tmp_path, "sarif"))
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == {"PRT101"}
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%2Cb.py"
    assert place["region"]["startColumn"] == 8
