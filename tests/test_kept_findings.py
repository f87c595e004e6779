"""A run that knows the findings of the run before says what a run says that knows nothing."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from conftest import FIXTURES
from random_edits import Edits, outcome

from printlint.cache import outcomes
from printlint.lint import run
from printlint.setup.template import setup_source

FILES = {
    "pyproject.toml": "[project]\nname = 'app'\n",
    "app/__init__.py": "",
    "app/log.py": "import logging\n\nlog = logging.getLogger('app')\n",
    "app/web.py": "from app.log import log\n\n\nasync def get():\n    log.info('got')\n",
    "app/worker.py": "def work(job):\n    print('working on', job)\n",
    "app/quiet.py": "import logging\n\nlogger = logging.getLogger('app.quiet')\nlogger.warning('quiet')\n",
    "app/boot.py": "import app.quiet\nimport logging.config\n\nlogging.config.dictConfig({'version': 1})\n",
    "app/plain.py": "x = 1\n",
}


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project, the working folder, that was written a while ago; with a cache of the test's own."""
    monkeypatch.setenv("PRINTLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(outcomes, "_home", lambda: str(tmp_path / "home"))
    root = tmp_path / "project"
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        os.utime(path, (1_000_000_000, 1_000_000_000))
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are really checked."""
    names: list[str] = []
    check = run._check
    monkeypatch.setattr(run, "_check", lambda item: (names.append(item[0]), check(item))[1])
    return names


def compare(*arguments: str) -> None:
    known = outcome(*arguments)
    assert known == outcome(*arguments, "--no-cache")


def kept_file(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "cache").rglob("findings.files")
    return path


def test_a_changed_file_is_checked_alone(root: Path, checked: list[str]) -> None:
    outcome()
    assert len(checked) == 7
    for name, more in (
        ("app/worker.py", "# a comment\n"),
        ("app/worker.py", "print('more')\n"),
        ("app/web.py", "x = 1\n"),
    ):
        checked.clear()
        with (root / name).open("a") as file:
            file.write(more)
        known = outcome()
        assert checked == [name]
        assert known == outcome("--no-cache")


def test_what_one_run_has_found_is_known_to_another(root: Path, checked: list[str]) -> None:
    """Whatever the paths on the command line: an editor or a hook names one file."""
    outcome()
    checked.clear()
    assert "PRT101" in outcome("app/worker.py")[0]
    assert checked == []
    (root / "app/worker.py").write_text("print('other')\n")
    outcome("app/worker.py")
    assert checked == ["app/worker.py"]
    compare()


def test_other_settings_have_findings_of_their_own(checked: list[str]) -> None:
    outcome()
    for arguments in (("--select", "PRT4"), ("--ignore", "PRT4"), ("--isolated",)):
        compare(*arguments)
    checked.clear()
    outcome("--quiet")  # changes no setting of a file
    assert checked == []


LEVEL = "import logging\nlogging.getLogger('app.quiet').setLevel(logging.ERROR)\n"
# What other files say, one after the other, and a finding of a file that is not touched depends on.
ELSEWHERE = {
    "a level": [("app/plain.py", LEVEL)],
    "who else asks for the logger": [
        ("app/plain.py", LEVEL),
        ("app/worker.py", "import logging\nlogging.getLogger('app.quiet').error('x')\n"),
    ],
    "what a name leads to": [("app/log.py", "import logging\n\nlog = [logging.getLogger('app')]\n")],
    "an import": [("app/boot.py", FILES["app/boot.py"].replace("app.quiet", "app.plain"))],
    "an import of an import": [
        ("app/boot.py", FILES["app/boot.py"].replace("app.quiet", "app.plain")),
        ("app/plain.py", "import app.quiet\n"),
    ],
    "the name of a logger that exists": [("app/quiet.py", "x = 1\n")],
    "a file that shadows a module": [("logging.py", "x = 1\n")],
    "the configuration": [("pyproject.toml", "[tool.printlint]\nselect = ['PRT1']\n")],
    "what git ignores": [(".gitignore", "worker.py\n")],
}


@pytest.mark.parametrize("change", ELSEWHERE)
def test_what_findings_elsewhere_depend_on_is_seen(root: Path, change: str) -> None:
    for name, text in ELSEWHERE[change]:
        before = outcome()
        (root / name).write_text(text, encoding="utf-8")
    after = outcome()
    assert after == outcome("--no-cache")
    assert after != before


def test_files_that_come_and_go_are_seen(root: Path) -> None:
    outcome()
    for text in (setup_source("queue"), "x = 1\n"):
        (root / "app/logging_setup.py").write_text(text, encoding="utf-8")
        compare()
    (root / "app/log.py").rename(root / "app/other.py")
    compare()
    (root / "app/plain.py").unlink()
    compare()
    (root / "app/plain.py").mkdir()
    compare()


@pytest.mark.parametrize("seed", range(8))
def test_random_edits_are_seen(root: Path, seed: int) -> None:
    shutil.copytree(FIXTURES / "shop" / "shop", root / "shop")
    edits = Edits(root, seed)
    outcome("--select", "ALL")
    for _ in range(12):
        edits.make()
        compare("--select", "ALL")


def test_several_processes_keep_what_one_keeps(root: Path, tmp_path: Path, checked: list[str]) -> None:
    shutil.copytree(FIXTURES / "shop" / "shop", root / "shop")
    outcome("-j", "2")
    for path in sorted(root.rglob("*.py")):
        checked.clear()
        path.write_text(path.read_text() + "# a comment\n")
        compare("-j", "1")


def test_what_the_user_is_warned_of_is_said_again(root: Path) -> None:
    (root / "logging.json").write_text(" " * 1_100_000)
    (root / "app/boot.py").write_text(
        "import json, logging.config\nlogging.config.dictConfig(json.load(open('logging.json')))\n"
    )
    for text in ("x = 1\n", "x = 2\n"):
        (root / "app/plain.py").write_text(text)
        assert "logging.json" in outcome()[1]


def test_a_path_that_appears_far_away_is_seen(root: Path, checked: list[str]) -> None:
    outcome()
    checked.clear()
    (root.parent / ".git").mkdir()
    outcome()
    assert len(checked) == 7


def test_any_bytes_are_no_findings(root: Path, tmp_path: Path, checked: list[str]) -> None:
    outcome()
    path, chance = kept_file(tmp_path), random.Random(1)
    whole = path.read_bytes()
    expected = outcome("--no-cache")
    for _ in range(20):
        data = bytearray(whole)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(data))
        checked.clear()
        assert outcome("--statistics", "-q")[0].startswith(expected[0])
        assert len(checked) == 7
        for other in path.parent.glob("*.cache"):
            other.unlink()


def test_findings_in_another_format_are_none(root: Path, tmp_path: Path, checked: list[str]) -> None:
    """Though they are signed: `marshal` reads anything."""
    outcome()
    for data in (b"", b"N", b"[\xff\xff\xff\x7f", b")\x03NNN"):
        outcomes.keep(outcomes.identity(), ["check"], "findings.files", data)
        checked.clear()
        outcome("-q", "--statistics")
        assert len(checked) == 7
        for other in kept_file(tmp_path).parent.glob("*.cache"):
            other.unlink()


def test_a_file_that_changes_while_it_is_checked_is_checked_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, check = root / "app/worker.py", run._check

    def change_after(item: tuple[str, ...]) -> object:
        found = check(item)  # type: ignore[arg-type]
        if item[0] == "app/worker.py":
            path.write_text("x = 1\n")
        return found

    with monkeypatch.context() as patched:
        patched.setattr(run, "_check", change_after)
        assert "PRT101" in outcome()[0]
    compare()
