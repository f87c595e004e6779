"""Notes: where they are listed, whether they count, and the user's say in them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from conftest import Run, clean_environment

from printlint.finding import Severity
from printlint.rules import all_rules

pytestmark = pytest.mark.inside


OUTPUT = 'if __name__ == "__main__":\n    print("done")\n    print("it works")\n'
DIAGNOSTIC = 'def connect(host):\n    print("connecting to", host)\n'
TOLD = "2 prints look like the program's own output; -v lists them\n"
NOTE = "tool.py:2:5: PRT106 `print` is program output: "


@pytest.fixture
def tool(tmp_path: Path) -> Path:
    """A program whose prints are its output."""
    (tmp_path / "pyproject.toml").touch()
    path = tmp_path / "tool.py"
    path.write_text(OUTPUT)
    return path


def configure(tool: Path, table: str) -> None:
    tool.with_name("pyproject.toml").write_text(f"[tool.printlint]\n{table}\n")


def test_output_is_a_note_and_nothing_else_is() -> None:
    assert [rule.code for rule in all_rules() if rule.severity is Severity.NOTE] == ["PRT106"]


def test_notes_are_one_line_and_no_findings(printlint: Run, tool: Path) -> None:
    done = printlint("check")
    assert (done.stdout, done.stderr, done.returncode) == ("", f"no findings in 1 file\n{TOLD}", 0)


def test_one_note_is_singular(printlint: Run, tool: Path) -> None:
    tool.write_text('if __name__ == "__main__":\n    print("done")\n')
    assert (
        printlint("check").stderr == "no findings in 1 file\n1 print looks like the program's own output; -v lists it\n"
    )


def test_a_quiet_user_is_told_nothing(printlint: Run, tool: Path) -> None:
    done = printlint("check", "-q")
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_findings_are_counted_without_the_notes(printlint: Run, tool: Path) -> None:
    tool.with_name("app.py").write_text(DIAGNOSTIC)
    done = printlint("check")
    assert done.stdout == "app.py:2:5: PRT101 `print` call; use `logger.info`\n"
    assert f"1 finding in 1 file\n{TOLD}" in done.stderr
    assert done.returncode == 1


def test_verbose_lists_notes_and_counts_none(printlint: Run, tool: Path) -> None:
    done = printlint("check", "-v")
    assert NOTE in done.stdout
    assert "set `detect-interface = false` if not" in done.stdout
    assert "not rewritten: it is program output; select PRT106 by name" in done.stdout
    assert done.stderr.endswith("2 prints look like the program's own output\n")
    assert done.returncode == 0


@pytest.mark.parametrize(
    "options", [["--select", "PRT106"], ["--extend-select", "PRT106"], ["--select", "PRT2,PRT106"]]
)
def test_selected_by_name_they_are_findings(printlint: Run, tool: Path, options: list[str]) -> None:
    done = printlint("check", *options)
    assert done.stdout.startswith(NOTE)
    assert ("2 findings in 1 file" in done.stderr, "looks like" in done.stderr, done.returncode) == (True, False, 1)
    assert printlint("check", *options, "--exit-zero").returncode == 0


@pytest.mark.parametrize("options", [["--select", "PRT1"], ["--select", "ALL"], ["--extend-select", "PRT10"]])
def test_a_prefix_is_no_name(printlint: Run, tool: Path, options: list[str]) -> None:
    done = printlint("check", *options)
    assert (done.stdout, TOLD in done.stderr, done.returncode) == ("", True, 0)


@pytest.mark.parametrize("key", ["select", "extend-select"])
def test_the_configuration_of_a_file_may_name_them(printlint: Run, tool: Path, key: str) -> None:
    configure(tool, f'{key} = ["PRT106"]')
    (tool.parent / "other").mkdir()
    (tool.parent / "other" / "pyproject.toml").write_text("[tool.printlint]\n")
    (tool.parent / "other" / "own.py").write_text(OUTPUT)
    done = printlint("check")
    assert {line.partition(":")[0] for line in done.stdout.splitlines()} == {"tool.py"}
    assert (TOLD in done.stderr, done.returncode) == (True, 1)


@pytest.mark.system
@pytest.mark.parametrize(
    ("options", "status"), [("", 0), ("--select PRT106", 1), ("--stdin-filename named/tool.py", 1)]
)
def test_standard_input_has_the_configuration_of_its_name(tool: Path, options: str, status: int) -> None:
    (tool.parent / "named").mkdir()
    (tool.parent / "named" / "pyproject.toml").write_text('[tool.printlint]\nselect = ["PRT106"]\n')
    command = [sys.executable, "-m", "printlint", "check", "-", *options.split()]
    done = subprocess.run(
        command, cwd=tool.parent, env=clean_environment(), input=OUTPUT.encode(), stdout=subprocess.PIPE, check=False
    )
    assert (done.returncode, done.stdout.count(b"PRT106")) == (status, 2 * status)


def test_statistics_name_what_is_a_note(printlint: Run, tool: Path) -> None:
    tool.with_name("app.py").write_text(DIAGNOSTIC)
    lines = printlint("check", "--statistics").stdout.splitlines()
    assert "     1  PRT101  `print` where a log record belongs" in lines
    assert "     2  PRT106  a print that is the program's own output (a note)" in lines


def test_who_is_warned_of_lost_messages_is_not_of_output(printlint: Run, tool: Path) -> None:
    tool.write_text(f"import logging\n\nlogging.basicConfig()\n{OUTPUT}")
    assert "drops records below" not in printlint("check").stderr
    assert "2 messages" in printlint("check", "--select", "PRT106").stderr


# What machines read


@pytest.fixture
def both(printlint: Run, tool: Path) -> Path:
    """A note and a finding."""
    tool.write_text('if __name__ == "__main__":\n    print("done")\n')
    tool.with_name("app.py").write_text(DIAGNOSTIC)
    return tool


def machine(printlint: Run, output_format: str, *options: str) -> str:
    return printlint("check", "--output-format", output_format, *options).stdout


@pytest.mark.parametrize("options", [[], ["--extend-select", "PRT106"]])
def test_json_has_all_with_their_severity(printlint: Run, both: Path, options: list[str]) -> None:
    findings = json.loads(machine(printlint, "json", *options))["findings"]
    assert [(item["code"], item["severity"]) for item in findings] == [("PRT101", "error"), ("PRT106", "note")]


def test_json_says_what_fix_does_with_a_note(printlint: Run, both: Path) -> None:
    *_, note = json.loads(machine(printlint, "json"))["findings"]
    assert (note["fix"], note["refused"]) == (None, "it is program output; select PRT106 by name to rewrite it")
    *_, note = json.loads(machine(printlint, "json", "--extend-select", "PRT106"))["findings"]
    assert note["fix"]["safety"] == "unsafe"


def test_sarif_has_a_note_at_its_level(printlint: Run, both: Path) -> None:
    (run,) = json.loads(machine(printlint, "sarif"))["runs"]
    assert [(item["ruleId"], item["level"]) for item in run["results"]] == [("PRT101", "warning"), ("PRT106", "note")]


def test_github_has_a_note_as_a_notice(printlint: Run, both: Path) -> None:
    assert [line.split(" ")[0] for line in machine(printlint, "github").splitlines()] == ["::warning", "::notice"]


def test_gitlab_has_a_note_as_information(printlint: Run, both: Path) -> None:
    issues = json.loads(machine(printlint, "gitlab"))
    assert [(issue["check_name"], issue["severity"]) for issue in issues] == [("PRT101", "minor"), ("PRT106", "info")]


@pytest.mark.parametrize("output_format", ["json", "json-lines", "sarif", "github", "gitlab", "azure"])
def test_a_listed_note_does_not_count(printlint: Run, tool: Path, output_format: str) -> None:
    done = printlint("check", "--output-format", output_format)
    assert ("PRT106" in done.stdout, done.returncode) == (True, 0)
    assert done.stderr == "no findings in 1 file\n2 prints look like the program's own output\n"


def test_the_list_of_rules_names_notes(printlint: Run) -> None:
    table = json.loads(printlint("rules", "--output-format", "json").stdout)
    assert {item["code"]: item["severity"] for item in table if item["code"] < "PRT107"} == {
        **dict.fromkeys(("PRT101", "PRT102", "PRT103", "PRT104", "PRT105"), "error"),
        "PRT106": "note",
    }
    assert "own output (note)" in printlint("rules").stdout


@pytest.mark.system
def test_flake8_shows_notes_as_findings(tool: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flake8", "--isolated", "--select", "PRT", "tool.py"],
        cwd=tool.parent, env=clean_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.startswith(NOTE)
    assert (len(done.stdout.splitlines()), done.returncode) == (2, 1)


@pytest.mark.system
@pytest.mark.parametrize("options", [[], ["-v"], ["--select", "PRT106"], ["--output-format", "json"]])
def test_a_kept_run_tells_the_same(tool: Path, options: list[str]) -> None:
    environment = clean_environment(PRINTLINT_CACHE_DIR=str(tool.parent / "kept"))
    runs = [
        subprocess.run(
            [sys.executable, "-m", "printlint", "check", *options, "."],
            cwd=tool.parent, env=environment, capture_output=True, text=True, check=False,
        )
        for _ in range(2)
    ]  # fmt: skip
    first, second = ((run.stdout, run.stderr, run.returncode) for run in runs)
    assert first == second
    assert first[2] == (1 if "--select" in options else 0)
    assert list(tool.parent.glob("kept/*/*.cache"))


# The user's say


def test_no_detect_interface_makes_diagnostics_of_all(printlint: Run, tool: Path) -> None:
    done = printlint("check", "--no-detect-interface")
    assert (done.stdout.count("PRT101"), done.stdout.count("PRT106"), done.returncode) == (2, 0, 1)
    configure(tool, "detect-interface = false")
    assert "PRT101" in printlint("check").stdout
    assert printlint("check", "--detect-interface").returncode == 0


def test_interface_makes_notes_of_the_files_that_it_names(printlint: Run, tool: Path) -> None:
    for name in ("one", "two", "three"):
        tool.with_name(f"{name}.py").write_text(DIAGNOSTIC)
    done = printlint("check", "--interface", "one.py", "--interface", "t*o.py")
    assert {line.partition(":")[0] for line in done.stdout.splitlines()} == {"three.py"}
    assert "4 prints look like" in done.stderr


def test_fix_goes_by_the_same_options(printlint: Run, tool: Path) -> None:
    diff = printlint("fix", "--diff", "--no-detect-interface", "--no-setup").stdout
    assert "+    logger.info(" in diff
    tool.with_name("app.py").write_text(DIAGNOSTIC)
    assert printlint("fix", "--diff", "--interface", "app.py").stdout == ""


def test_init_takes_the_same_options(printlint: Run, tool: Path) -> None:
    done = printlint("init", "--diff", "--no-detect-interface", "--interface", "app.py", ".")
    assert done.returncode == 1, done.stderr


@pytest.mark.parametrize(
    "options", [[], ["--unsafe-fixes"], ["--unsafe-fixes", "--select", "PRT1"], ["--select", "PRT106"]]
)
def test_fix_leaves_output_alone(printlint: Run, tool: Path, options: list[str]) -> None:
    printlint("fix", *options)
    assert tool.read_text() == OUTPUT


def test_fix_has_nothing_left_where_notes_are(printlint: Run, tool: Path) -> None:
    done = printlint("fix")
    assert (done.stdout, done.returncode) == ("", 0)
    assert done.stderr == f"0 findings fixed in 0 files, 0 left\n{TOLD}"
    done = printlint("fix", "--select", "PRT106")
    assert (done.stdout.count("PRT106"), done.returncode) == (2, 1)
    assert "2 of them fixable with --unsafe-fixes" in done.stderr


def test_fix_rewrites_notes_that_are_named(printlint: Run, tool: Path) -> None:
    before = run_program(tool)
    printlint("fix", "--select", "PRT106", "--unsafe-fixes")
    assert tool.read_text() != OUTPUT
    assert "print(" not in tool.read_text()
    after = run_program(tool)
    messages = [json.loads(line)["message"] for line in after.splitlines()]
    assert messages == before.splitlines() == ["done", "it works"]


def run_program(path: Path) -> str:
    done = subprocess.run(
        [sys.executable, path.name],
        cwd=path.parent,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_changed_verdict_is_no_new_finding(printlint: Run, tmp_path: Path) -> None:
    """Three prints in a row are output; the one that cannot be rewritten is alone afterwards, and a diagnostic."""
    (tmp_path / "pyproject.toml").touch()
    path = tmp_path / "work.py"
    path.write_text(
        dedent(
            """\
            def work(x, options):
                print("one", x)
                print("two", x)
                print("three", x, **options)
            """
        )
    )
    assert "3 prints look like" in printlint("check").stderr
    done = printlint("fix", "--select", "PRT101,PRT106", "--unsafe-fixes", "--no-setup")
    assert path.read_text().count("logger.info(") == 2, done.stderr
    assert "work.py:" in done.stdout
    assert "PRT101" in done.stdout


# Suppressions and baselines


@pytest.mark.parametrize("code", ["PRT101", "PRT102", "PRT106", "T201", "T001"])
@pytest.mark.parametrize("text", [OUTPUT, "def f(x):\n    print('working on', x)\n"])
def test_a_suppression_counts_for_every_verdict(printlint: Run, tool: Path, code: str, text: str) -> None:
    for comment in (f"# noqa: {code}", f"# ruff: ignore[{code}]"):
        tool.write_text(
            "".join(f"{line}  {comment}\n" if "print(" in line else f"{line}\n" for line in text.splitlines())
        )
        assert printlint("check", "--extend-select", "PRT106").stdout == ""


@pytest.mark.system
@pytest.mark.parametrize("code", ["PRT101", "PRT102", "PRT106", "T201"])
def test_flake8_takes_a_suppression_for_every_verdict(tool: Path, code: str) -> None:
    tool.write_text(OUTPUT.replace('("done")', f'("done")  # noqa: {code}'))
    tool.with_name("app.py").write_text(DIAGNOSTIC.replace("host)\n", f"host)  # noqa: {code}\n"))
    done = subprocess.run(
        [sys.executable, "-m", "flake8", "--isolated", "--select", "PRT", "tool.py", "app.py"],
        cwd=tool.parent, env=clean_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert [line.partition(": ")[0] for line in done.stdout.splitlines()] == ["tool.py:3:5"]


@pytest.mark.parametrize(("old", "new"), [("true", "false"), ("false", "true")])
def test_a_baseline_accepts_every_verdict(printlint: Run, tool: Path, old: str, new: str) -> None:
    baseline = 'baseline = "accepted.json"'
    configure(tool, f"detect-interface = {old}\n{baseline}")
    assert printlint("check", "--write-baseline").returncode == 0
    configure(tool, f"detect-interface = {new}\n{baseline}")
    done = printlint("check", "--extend-select", "PRT106")
    assert (done.stdout, done.stderr, done.returncode) == ("", "no findings in 1 file\n", 0)


def test_a_baseline_that_lacks_a_note_lacks_nothing(printlint: Run, tool: Path) -> None:
    printlint("check", "--write-baseline")
    tool.write_text(f"{OUTPUT}    print('more')\n")
    done = printlint("check", "--write-baseline")
    assert (done.returncode, "only shrinks" in done.stderr) == (0, False)
