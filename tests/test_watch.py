"""`check --watch`: each change is checked once it is there; Ctrl-C ends it with the status of the last check."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run, clean_environment, write_files

pytestmark = pytest.mark.system

NOISY = "def f(a):\n    print('it works', a)\n    return a\n"
WAITING = r"\d\d:\d\d:\d\d waiting for changes; Ctrl-C ends it\n"


def put(path: Path, text: str) -> None:
    """Write a file at once, as an editor does: no check sees half of it."""
    new = path.with_suffix(".new")
    new.write_text(text)
    new.replace(path)


class Watching:
    """A process that watches a folder, read one check after the other."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "printlint", "check", "--watch", *arguments],
            cwd=folder,
            env=clean_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def checked(self) -> list[str]:
        """The lines of the next check."""
        lines: list[str] = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if re.fullmatch(WAITING, line):
                return lines
            lines.append(line.rstrip("\n"))
        raise AssertionError(f"ended after {lines}")

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=60)
        assert "Traceback" not in rest
        return self.process.returncode


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_files(tmp_path, {"work.py": NOISY, "src/other.py": ""})


def test_a_change_is_checked_again(folder: Path) -> None:
    watching = Watching(folder)
    assert watching.checked() == ["work.py:2:5: PRT101 `print` call; use `logger.info`", "1 finding in 1 file"]
    put(folder / "work.py", "")
    assert watching.checked() == ["no findings in 2 files"]
    put(folder / "src" / "new.py", NOISY)
    assert watching.checked()[0].startswith("src/new.py:2:5: PRT101")
    assert watching.end() == 1


def test_the_status_is_that_of_the_last_check(folder: Path) -> None:
    watching = Watching(folder)
    assert watching.checked()[-1] == "1 finding in 1 file"
    (folder / "work.py").unlink()
    assert watching.checked()[-1] == "no findings in 1 file"
    assert watching.end() == 0


def test_a_configuration_above_the_paths_counts_and_may_be_wrong_for_a_while(folder: Path) -> None:
    put(folder / "pyproject.toml", "[tool.printlint]\n")
    put(folder / "src" / "other.py", NOISY)
    watching = Watching(folder, "src")
    assert watching.checked()[-1] == "1 finding in 1 file"
    put(folder / "pyproject.toml", '[tool.printlint]\nselekt = "PRT2"\n')
    [message] = watching.checked()
    assert message.endswith("did you mean 'select'?")
    put(folder / "pyproject.toml", '[tool.printlint]\nselect = "PRT2"\n')
    assert watching.checked()[-1] == "no findings in 1 file"
    assert watching.end() == 0


def test_what_a_check_itself_writes_starts_no_other(folder: Path) -> None:
    watching = Watching(folder, "--output-format", "json", "--output-file", "found.json")
    assert watching.checked()[-1] == "1 finding in 1 file"
    put(folder / "work.py", NOISY + "\n\n" + NOISY.replace("f(", "g("))
    assert watching.checked() == ["2 findings in 1 file"]
    assert watching.end() == 1


@pytest.mark.parametrize("other", ["--fix", "--add-noqa", "--show-settings", "--write-baseline", "-"])
def test_what_writes_is_not_watched(inside: Run, other: str) -> None:
    done = inside("check", "--watch", other)
    assert done.returncode == 2
    assert "cannot be combined with" in done.stderr


def test_without_its_package_one_line_says_what_to_install(inside: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    done = inside("check", "--watch")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: --watch needs one more package: pip install 'printlint[watch]'\n"
