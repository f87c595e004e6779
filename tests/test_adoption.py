"""Taking an old repository over: baselines, `--since`, `--interactive`."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run, clean_environment

from printlint.lint.baseline import _scopes

# Each test runs the command several times, and nothing in it depends on the Python.
pytestmark = [pytest.mark.inside, pytest.mark.system]

OLD = """\
def start():
    print("starting up")
    print("one more")


class Store:
    def put(self, item):
        print("starting up")
        return item
"""
BASELINE = ("--baseline", "printlint-baseline.json")


@pytest.fixture
def work(tmp_path: Path, printlint: Run) -> Path:
    """A file with three accepted prints."""
    (tmp_path / "pyproject.toml").touch()
    path = tmp_path / "work.py"
    path.write_text(OLD)
    assert printlint("check", "--write-baseline").returncode == 0
    return path


def new(printlint: Run) -> list[str]:
    """The places of what is new, notes too."""
    found = printlint("check", *BASELINE, "--extend-select", "PRT106").stdout
    return [line.partition(": ")[0] for line in found.splitlines()]


def edit(path: Path, old: str, new: str, count: int = 1) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, count))


def test_what_was_accepted_is_not_reported(printlint: Run, work: Path) -> None:
    done = printlint("check", *BASELINE)
    assert (done.returncode, done.stdout) == (0, "")
    assert printlint("check").returncode == 1


@pytest.mark.parametrize(
    ("old", "new_text"),
    [
        ("def start", "import os\n\n\n\ndef start"),
        ('    print("one more")\n', '    if True:\n        print("one more")\n'),
        ('print("one more")', 'print("one more", 2)'),
        ("def start", "def begin"),
        ("class Store", "class Shop"),
        ('    print("starting up")\n    print("one more")\n', '    print("one more")\n    print("starting up")\n'),
        ('print("one more")', 'print(\n        "one more"\n    )'),
    ],
)
def test_lines_may_move_and_be_edited(printlint: Run, work: Path, old: str, new_text: str) -> None:
    edit(work, old, new_text)
    assert new(printlint) == []


def test_a_renamed_file_keeps_what_was_accepted(printlint: Run, work: Path) -> None:
    work.rename(work.with_name("moved.py"))
    assert new(printlint) == []


@pytest.mark.parametrize(
    ("old", "new_text", "place"),
    [
        ("        return item", '        print("starting up")\n        return item', "work.py:9:9"),
        ("def start", 'print("starting up")\n\n\ndef start', "work.py:1:1"),
        ('    print("one more")\n', '    print("one more")\n    print("one more")\n', "work.py:4:5"),
    ],
)
def test_what_is_more_than_was_accepted_is_new(printlint: Run, work: Path, old: str, new_text: str, place: str) -> None:
    edit(work, old, new_text)
    assert len(new(printlint)) == 1


def test_a_copied_file_is_new(printlint: Run, work: Path) -> None:
    work.with_name("copied.py").write_text(OLD)
    assert {line.partition(":")[0] for line in new(printlint)} == {"copied.py"}


def test_a_baseline_only_shrinks(printlint: Run, work: Path) -> None:
    edit(work, '    print("one more")\n', '    print("one more")\n    print("a third")\n')
    edit(work, '        print("starting up")\n', "")
    done = printlint("check", *BASELINE, "--extend-select", "PRT106")
    assert len(done.stdout.splitlines()) == 1
    assert "1 finding of printlint-baseline.json is gone" in done.stderr
    done = printlint("check", "--write-baseline", "--extend-select", "PRT106")
    assert done.returncode == 1
    assert "has 2 findings now, 1 fewer" in done.stderr
    assert "only shrinks" in done.stderr
    assert len(new(printlint)) == 1


def test_a_run_over_some_files_leaves_the_others_in(printlint: Run, work: Path) -> None:
    other = work.with_name("other.py")
    (work.parent / "printlint-baseline.json").unlink()
    other.write_text('print("elsewhere")\n')
    assert printlint("check", "--write-baseline").returncode == 0
    assert printlint("check", "--write-baseline", "other.py").returncode == 0
    assert new(printlint) == []
    other.unlink()
    assert "3 findings now, 1 fewer" in printlint("check", "--write-baseline", "work.py").stderr


def test_the_table_names_the_baseline_for_every_command(printlint: Run, work: Path) -> None:
    (work.parent / "pyproject.toml").write_text('[tool.printlint]\nbaseline = "printlint-baseline.json"\n')
    edit(work, "def start", 'print("something new")\n\n\ndef start')
    assert len(printlint("check").stdout.splitlines()) == 1
    flake8 = [sys.executable, "-m", "flake8", "--select", "PRT", "work.py"]
    done = subprocess.run(flake8, cwd=work.parent, env=clean_environment(), capture_output=True, text=True, check=False)
    assert [line.partition(" ")[0] for line in done.stdout.splitlines()] == ["work.py:1:1:"]
    (work.parent / "printlint-baseline.json").unlink()
    assert printlint("check").returncode == 2
    done = subprocess.run(flake8, cwd=work.parent, env=clean_environment(), capture_output=True, text=True, check=False)
    assert "PRT900 Invalid configuration: " in done.stdout


def test_fix_rewrites_what_was_accepted_and_reports_only_what_is_new(printlint: Run, work: Path) -> None:
    edit(work, "def start", "def f(g):\n    g(print)\n    g(print)\n\n\ndef start")
    done = printlint("fix", *BASELINE)
    assert "print(" not in work.read_text()
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["PRT103", "PRT103"]
    (work.parent / "printlint-baseline.json").unlink()
    assert printlint("check", "--write-baseline").returncode == 0
    assert printlint("fix", *BASELINE).returncode == 0


@pytest.mark.parametrize(
    "text", ["", "[]", '{"version": 2, "findings": {}}', '{"version": 1}', '{"version": 1, "findings": {"a": [1]}}']
)
def test_a_file_that_is_no_baseline_is_told_and_kept(printlint: Run, work: Path, text: str) -> None:
    path = work.parent / "printlint-baseline.json"
    path.write_text(text)
    for more in ([], ["--write-baseline"]):
        done = printlint("check", *BASELINE, *more)
        assert (done.returncode, done.stdout) == (2, "")
        assert "printlint-baseline.json" in done.stderr
        assert path.read_text() == text


def test_a_baseline_that_is_not_there_is_told(printlint: Run, work: Path) -> None:
    done = printlint("check", "--baseline", "nowhere.json")
    assert (done.returncode, "--write-baseline" in done.stderr) == (2, True)


def test_a_baseline_is_one_line_a_finding_and_sorted(work: Path) -> None:
    text = (work.parent / "printlint-baseline.json").read_text()
    rows = json.loads(text)["findings"]["work.py"]
    assert [(code, scope) for code, scope, _ in rows] == [
        ("PRT101", "Store.put"),
        ("PRT101", "start"),
        ("PRT101", "start"),
    ]
    assert text.count('["PRT101"') == len([line for line in text.splitlines() if '["PRT101"' in line])


# --since


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def branch(tmp_path: Path) -> Path:
    """A branch that has left main, where main went on."""
    (tmp_path / "pyproject.toml").touch()
    path = tmp_path / "work.py"
    path.write_text(OLD)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "first")
    git(tmp_path, "checkout", "-qb", "topic")
    git(tmp_path, "checkout", "-q", "main")
    path.write_text(OLD.replace('        print("starting up")\n', ""))
    git(tmp_path, "commit", "-qam", "main goes on")
    git(tmp_path, "checkout", "-q", "topic")
    return path


def test_since_reports_what_the_branch_added(printlint: Run, branch: Path) -> None:
    assert printlint("check", "--since", "main").returncode == 0
    edit(branch, "        return item", '        print("put", item)\n        return item')
    branch.with_name("added.py").write_text('def put():\n    print("a new file")\n')
    done = printlint("check", "--since", "main")
    assert [line.partition(": ")[0] for line in done.stdout.splitlines()] == ["added.py:2:5", "work.py:9:9"]


def test_since_sees_a_finding_that_a_change_elsewhere_made(printlint: Run, branch: Path) -> None:
    branch.write_text(
        "import logging\nlog = logging.getLogger('a')\nlog.addHandler(logging.StreamHandler())\nlog.propagate = False\n"
    )
    git(branch.parent, "commit", "-qam", "second")
    edit(branch, "log.propagate = False\n", "")
    (line,) = printlint("check", "--since", "HEAD").stdout.splitlines()
    assert line.startswith("work.py:3:1: PRT301")


def test_since_follows_renamed_files(printlint: Run, branch: Path) -> None:
    git(branch.parent, "mv", "work.py", "renamed.py")
    assert printlint("check", "--since", "main").stdout == ""


def test_since_works_from_a_folder_of_the_repository(printlint: Run, branch: Path) -> None:
    folder = branch.parent / "sub"
    folder.mkdir()
    (folder / "more.py").write_text('def more():\n    print("more of it")\n')
    done = printlint("check", "--since", "main", "..", cwd=folder)
    assert [line.partition(": ")[0] for line in done.stdout.splitlines()] == ["../sub/more.py:2:5"]


def test_fix_since_leaves_what_was_there(printlint: Run, branch: Path) -> None:
    edit(branch, "        return item", '        print("put it away")\n        return item')
    done = printlint("fix", "--since", "main")
    assert (done.returncode, done.stdout) == (0, "")
    assert branch.read_text().count("print(") == 3
    assert 'logger.info("put it away")' in branch.read_text()


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "-h"])
def test_a_revision_that_is_none_is_told(printlint: Run, branch: Path, revision: str) -> None:
    done = printlint("check", f"--since={revision}")
    assert (done.returncode, done.stdout) == (2, "")
    assert "revision" in done.stderr.lower() or "not a valid object" in done.stderr.lower()
    assert not (branch.parent / "x").exists()


def test_since_outside_of_a_repository_is_told(printlint: Run, tmp_path: Path) -> None:
    (tmp_path / "work.py").write_text(OLD)
    done = printlint("fix", "--since", "main")
    assert (done.returncode, "not a git repository" in done.stderr) == (2, True)
    assert (tmp_path / "work.py").read_text() == OLD


# --interactive


def interview(folder: Path, answers: list[str], *options: str) -> tuple[str, int]:
    """`fix --interactive` on a terminal: what it showed, and its exit status."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "printlint", "fix", "--interactive", *options]
    environment = clean_environment(NO_COLOR="1", TERM="dumb")
    shown, waiting = b"", list(answers)
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        while select.select([ours], [], [], 60)[0] and (piece := _read(ours)):  # a minute of silence: it hangs
            shown += piece
            if waiting and shown.endswith((b"q,?]: ", b"]: ")):
                answer = waiting.pop(0)
                os.write(ours, b"\x04" if answer == "^D" else answer.encode() + b"\n")
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=30)
        process.kill()
        status = process.wait()
    os.close(ours)
    return shown.decode().replace("\r\n", "\n"), status


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux's way of saying that the other end is closed
        return b""


@pytest.fixture
def noisy(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "a.py").write_text(OLD)
    (tmp_path / "b.py").write_text('print("starting up")\n')
    return tmp_path


@pytest.mark.parametrize(
    ("answers", "kept", "written"),
    [
        (["y", "y", "y", "y", "y"], 0, ['logger.info("starting up")', 'logger.info("one more")']),
        (["", "", "", "", ""], 0, []),
        (["n", "y", "n", "n"], 3, ['logger.info("one more")']),
        (["n", "n", "n", "n"], 4, []),
        (["f", "y", "y"], 3, []),
        (["y", "q"], 3, ['logger.info("starting up")']),
        (["q"], 4, []),
        (["l", "error", "y", "q"], 3, ['logger.error("starting up")']),
        (["l", "error", "l", "debug", "y", "q"], 3, ['logger.debug("starting up")']),
        (["?", "what", "y", "q"], 3, ['logger.info("starting up")']),
        (["y", "y", "n", "n"], 2, []),
    ],
)
def test_each_answer_does_what_it_says(noisy: Path, answers: list[str], kept: int, written: list[str]) -> None:
    shown, status = interview(noisy, answers)
    text = (noisy / "a.py").read_text() + (noisy / "b.py").read_text()
    assert text.count("print(") == kept, shown
    assert all(line in text for line in written)
    assert status == (1 if kept else 0)
    questions = shown.count("Rewrite it?") + shown.count("Set it up here?")
    assert questions == len([answer for answer in answers if answer not in ("error", "debug")])


def test_a_question_shows_the_change_and_the_level_with_its_reason(noisy: Path) -> None:
    shown, _ = interview(noisy, ["q"])
    assert "a.py:2:5: PRT101" in shown
    assert '-    print("starting up")\n+    logger.info("starting up")\n' in shown
    assert "level info: " in shown


def test_notes_are_offered_as_well(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    path = tmp_path / "tool.py"
    path.write_text('if __name__ == "__main__":\n    print("done")\n    print("it works")\n')
    shown, _ = interview(tmp_path, ["n", "y", "n"])
    assert "tool.py:2:5: PRT106" in shown
    assert 'print("done")\n    logger.info("it works")\n' in path.read_text(), shown
    path.write_text('if __name__ == "__main__":\n    print("done")\n')
    shown, status = interview(tmp_path, ["n"])
    assert (status, "1 print looks like the program's own output" in shown) == (0, True)


def test_who_ends_the_input_has_accepted_nothing(noisy: Path) -> None:
    """As an interrupt does, for which click raises the same; this one cannot come between two system calls."""
    shown, status = interview(noisy, ["y", "^D"])
    assert (status, (noisy / "a.py").read_text()) == (2, OLD), shown
    assert "interrupted" in shown


def test_awaits_of_other_files_are_asked_for_once(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").touch()
    logs = "import logging\n\nlogger = logging.getLogger(__name__)\n\n\nasync def f():\n    logger.info('x')\n"
    (tmp_path / "app" / "log.py").write_text(logs)
    (tmp_path / "app" / "user.py").write_text("from app.log import logger\n\n\nasync def g():\n    logger.info('y')\n")
    shown, status = interview(tmp_path, ["y", "n"])
    assert shown.count("Rewrite it?") == 2
    assert status == 1
    assert "await" in (tmp_path / "app" / "log.py").read_text()
    assert "await" not in (tmp_path / "app" / "user.py").read_text()


@pytest.mark.parametrize("options", [["--diff"], ["--verify", "true"], ["-"], []])
def test_interactive_needs_a_terminal_and_files(printlint: Run, noisy: Path, options: list[str]) -> None:
    done = printlint("fix", "--interactive", *options, input="")
    assert (done.returncode, done.stdout) == (2, "")
    assert (noisy / "a.py").read_text() == OLD


def test_each_line_is_read_once_for_the_scopes_of_all_findings() -> None:
    read: list[str] = []

    class Line(str):
        __slots__ = ()

        def lstrip(self, chars: str | None = None, /) -> str:
            read.append(self)
            return super().lstrip(chars)

    lines: list[str] = [*map(Line, ["def f():", "  def g():", "    print(1)", *["  print(2)"] * 1_000])]
    scopes = _scopes(lines, set(range(1, len(lines) + 1)))
    assert len(read) == len(lines)
    assert (scopes[1], scopes[2]) == ("", "f")
    assert {scopes[number] for number in range(4, len(lines) + 1)} == {"f"}
    assert scopes[3] == "f.g"
