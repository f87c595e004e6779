"""A run whose outcome is known gives it again; anything that could change it makes the run anew."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import clean_environment

from printlint import disk
from printlint.__main__ import main
from printlint.cli import main as command_line
from printlint.config import forget_configs
from printlint.facts.project import forget_projects
from printlint.seen import Seen, is_current

Check = Callable[..., str]

FILES = {
    "pyproject.toml": "[project]\nname = 'app'\n",
    "app/__init__.py": "",
    "app/log.py": "import logging\n\nlog = logging.getLogger(__name__)\n",
    "app/web.py": "from app.log import log\n\n\nasync def get():\n    log.info('got')\n",
    "app/worker.py": "def work(job):\n    print('working on', job)\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project that was written a while ago."""
    root = tmp_path / "project"
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def check(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    """`printlint check` in the project, with a cache of the test's own; `known` tells whether it was replayed."""
    monkeypatch.setenv("PRINTLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(project)

    def run(*arguments: str, known: bool | None = None) -> str:
        forget_projects()
        forget_configs()
        monkeypatch.setattr(sys, "argv", ["printlint", "check", *arguments])
        ran: list[object] = []
        monkeypatch.setattr("printlint.cli.main", lambda given: (ran.append(given), command_line(given)))
        monkeypatch.setattr("printlint.cli.leave", lambda _: None)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        if known is not None:
            assert (not ran) is known
        return f"{out}{err}{ended.value.code}"

    return run


def test_an_outcome_is_given_again(check: Check) -> None:
    cold = check(known=False)
    assert "PRT401" in cold
    assert "PRT101" in cold
    assert check(known=True) == cold
    assert check("--no-cache", known=False) == cold


def test_arguments_are_told_apart(check: Check) -> None:
    cold = {arguments: check(*arguments, known=False) for arguments in [(), ("--select", "PRT4"), ("--exit-zero",)]}
    assert len(set(cold.values())) == 3
    for arguments, outcome in cold.items():
        assert check(*arguments, known=True) == outcome


NEARER = "[tool.printlint]\nselect = 'PRT1'\n"
CHANGES = {
    "the file itself": lambda root: (root / "app/worker.py").write_text("x = 1\n"),
    "another file that a name leads to": lambda root: (root / "app/log.py").write_text("log = None\n"),
    "a file that shadows a module": lambda root: (root / "app.py").write_text("import x\n"),
    "a new file": lambda root: (root / "app/new.py").write_text("print('new')\n"),
    "a file less": lambda root: (root / "app/worker.py").unlink(),
    "a file renamed": lambda root: (root / "app/worker.py").rename(root / "app/other.py"),
    "the configuration": lambda root: (root / "pyproject.toml").write_text("[tool.printlint]\nignore = ['PRT4']\n"),
    "a configuration nearer": lambda root: (root / "app/pyproject.toml").write_text(
        "[tool.printlint]\nselect = 'PRT1'\n"
    ),
    "what git ignores": lambda root: (root / ".gitignore").write_text("worker.py\n"),
    "a queue handler elsewhere": lambda root: (root / "app/boot.py").write_text("QueueHandler\n"),
    "a package less": lambda root: (root / "app/__init__.py").unlink(),
    "a virtual environment": lambda root: (root / "app/pyvenv.cfg").write_text(""),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_is_seen(check: Check, project: Path, change: str) -> None:
    check(known=False)
    CHANGES[change](project)
    warm = check(known=False)
    assert warm == check("--no-cache")


def test_a_change_that_keeps_size_and_time_is_seen(check: Check, project: Path) -> None:
    path = project / "app/worker.py"
    before = path.stat()
    check(known=False)
    path.write_text(FILES["app/worker.py"].replace("print", "pront"), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "PRT101" not in check(known=False)


def test_times_in_the_future_prove_nothing_and_harm_nothing(check: Check, project: Path) -> None:
    path = project / "app/worker.py"
    os.utime(path, (4_000_000_000, 4_000_000_000))
    cold = check(known=False)
    assert check(known=True) == cold
    path.write_text(FILES["app/worker.py"].replace("print", "pront"), encoding="utf-8")
    os.utime(path, (4_000_000_000, 4_000_000_000))
    assert "PRT101" not in check(known=False)


def test_contents_decide_where_times_are_too_coarse(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"1")
    seen = disk.record()
    disk.read(path)
    disk.entries(str(tmp_path))
    disk.stop_recording()
    dumped = seen.dump()
    assert is_current(dumped)
    signatures, contents, listings, _, _ = dumped
    assert not signatures
    assert set(contents) == {str(path)}
    assert set(listings) == {str(tmp_path)}
    path.write_bytes(b"2")
    assert not is_current(dumped)


def test_old_files_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"1")
    monkeypatch.setattr("printlint.seen.time.time_ns", lambda: path.stat().st_ctime_ns + 10**12)
    seen = disk.record()
    disk.read(path)
    disk.stop_recording()
    signatures, contents, *_ = seen.dump()
    assert set(signatures) == {str(path)}
    assert not contents


@pytest.mark.parametrize("kept", [0, 5, 20, 40, 60, 200, -1])
def test_a_damaged_cache_is_none(check: Check, tmp_path: Path, kept: int) -> None:
    cold = check(known=False)
    (cache,) = (tmp_path / "cache").iterdir()
    whole = cache.read_bytes()
    cache.write_bytes(whole[:kept])
    assert check(known=False) == cold
    assert check(known=True) == cold
    flipped = bytearray(whole)
    flipped[kept] ^= 0xFF
    cache.write_bytes(flipped)
    assert check() == cold


def test_a_cache_that_cannot_be_written_is_none(check: Check, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, no folder")
    cold = check(known=False)
    assert check(known=False) == cold


def test_what_acts_is_not_replayed(check: Check, tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    for _ in range(2):
        report.unlink(missing_ok=True)
        check("--output-file", str(report), known=False)
        assert "PRT101" in report.read_text()


def test_an_error_is_not_kept(check: Check) -> None:
    for _ in range(2):
        assert check("nowhere", known=False).endswith("2")


def test_several_processes_see_what_one_sees(check: Check, project: Path) -> None:
    cold = check("-j", "2", known=False)
    assert check("-j", "2", known=True) == cold
    (project / "app/log.py").write_text("log = None\n")
    assert "PRT401" not in check("-j", "2", known=False)


@pytest.mark.system
def test_runs_side_by_side_lose_nothing(project: Path, tmp_path: Path) -> None:
    environment = clean_environment(PRINTLINT_CACHE_DIR=str(tmp_path / "cache"))
    codes = ["PRT1", "PRT4", "PRT2", "ALL"]

    def start(code: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "printlint", "check", "--select", code]
        return subprocess.Popen(command, cwd=project, env=environment, stdout=subprocess.PIPE)

    alone = [start(code).communicate()[0] for code in codes]
    for _ in range(2):
        together = [start(code) for code in codes]
        assert [process.communicate()[0] for process in together] == alone
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".cache"]


def test_all_that_is_opened_is_noted(check: Check, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "setup.cfg").write_text("[options.entry_points]\nconsole_scripts =\n  app = app.worker:work\n")
    (project / "logging.json").write_text('{"version": 1, "handlers": {}}')
    (project / "app/boot.py").write_text(
        "import json, logging.config\nlogging.config.dictConfig(json.load(open('logging.json')))\n"
    )
    opened: set[str] = set()
    kept: list[Seen] = []
    monkeypatch.setattr("printlint.cli.check.store", lambda _, seen, __: kept.append(seen))
    _watched.append(opened)
    try:
        check("--select", "ALL")
    finally:
        _watched.clear()
    noted = {*kept[0].signatures, *kept[0].contents, *kept[0].listings}
    assert len(opened) > 8
    assert {path for path in opened if path.startswith(str(project))} <= noted


_watched: list[set[str]] = []


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if _watched and event in ("open", "os.scandir", "os.listdir") and isinstance(arguments[0], (str, os.PathLike)):
        _watched[0].add(os.path.abspath(os.fspath(arguments[0])))


sys.addaudithook(_watch)
