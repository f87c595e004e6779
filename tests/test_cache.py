"""A run whose outcome is known gives it again; anything that could change it makes the run anew."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import stat
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import clean_environment

from printlint.__main__ import main
from printlint.cache import outcomes as replay
from printlint.cache.dependencies import DIGEST_BYTES, Seen, is_current
from printlint.cli import main as command_line
from printlint.reading import disk

Check = Callable[..., str]

# The command with another home folder, where the key is.
HOMED = """
from printlint.cache import outcomes as replay
replay._home = lambda: {home!r}
from printlint.__main__ import main
main()
"""

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
    monkeypatch.setattr(replay, "_home", lambda: str(tmp_path / "home"))
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(project)

    def run(*arguments: str, known: bool | None = None) -> str:
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


def kept_in(folder: Path) -> list[Path]:
    """The outcomes in a cache. Beside them and kept findings, there is nothing, no rest of a file either."""
    files = [path for path in folder.rglob("*") if not path.is_dir() and path.name != "findings.files"]
    assert {path.suffix for path in files} <= {".cache"}
    return files


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
    monkeypatch.setattr("printlint.cache.dependencies.time.time_ns", lambda: path.stat().st_ctime_ns + 10**12)
    seen = disk.record()
    disk.read(path)
    disk.stop_recording()
    signatures, contents, *_ = seen.dump()
    assert set(signatures) == {str(path)}
    assert not contents


@pytest.mark.parametrize("kept", [0, 5, 20, 40, 60, 200, -1])
def test_a_damaged_cache_is_none(check: Check, tmp_path: Path, kept: int) -> None:
    cold = check(known=False)
    (cache,) = kept_in(tmp_path / "cache")
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
    program = HOMED.format(home=str(tmp_path / "home"))
    codes = ["PRT1", "PRT4", "PRT2", "ALL"]

    def start(code: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", program, "check", "--select", code]
        return subprocess.Popen(command, cwd=project, env=environment, stdout=subprocess.PIPE)

    alone = [start(code).communicate()[0] for code in codes]
    for _ in range(2):
        together = [start(code) for code in codes]
        assert [process.communicate()[0] for process in together] == alone
    assert len(kept_in(tmp_path / "cache")) == len(codes)


# What others have made


def forged(check: Check, tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """An all clear for the project as it is, by somebody who has all but the key."""
    monkeypatch.setattr(replay, "_home", lambda: str(tmp_path / "stranger"))
    noisy = (project / "app/worker.py").read_bytes()
    check(known=False)
    run = replay._run(["check"])
    (path,) = kept_in(tmp_path / "cache")
    key = replay._key(["check"])
    assert key is not None
    body = path.read_bytes()[len(replay._MAGIC) + replay._SIGNATURE_BYTES :]
    seen, _ = replay._unpacked(body)
    packed = replay._packed(seen, ("", "", 0))
    path.write_bytes(replay._MAGIC + replay._signature(key, run, packed) + packed)
    assert check(known=True) == "0"
    assert (project / "app/worker.py").read_bytes() == noisy
    monkeypatch.setattr(replay, "_home", lambda: str(tmp_path / "home"))
    return path.read_bytes()


def test_what_another_has_written_is_not_believed(
    check: Check, tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").mkdir()
    whole = forged(check, tmp_path, project, monkeypatch)
    assert "PRT101" in check(known=False)
    (path,) = kept_in(tmp_path / "cache")
    path.write_bytes(whole)
    assert "PRT101" in check(known=False)  # now that there is a key
    assert "PRT101" in check(known=True)


@pytest.mark.parametrize("place", ["home", "home/.cache", "home/.cache/printlint"])
def test_a_key_in_the_folder_that_is_checked_is_none(
    check: Check, tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """A cache and its key, both from the repository: where it is the home folder, or a link leads into it."""
    forged(check, tmp_path, project, monkeypatch)
    inside = project / "in" / Path(place).name
    inside.parent.mkdir()
    shutil.move(tmp_path / "stranger", tmp_path / "home")
    shutil.move(tmp_path / place, inside)
    (tmp_path / place).symlink_to(inside)
    for arguments in ([], [str(project)], [str(project / "in")]):
        for _ in range(2):
            output = check(*arguments, known=False)
        assert arguments == [str(project / "in")] or "PRT101" in output


def test_the_environment_does_not_name_the_key(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.parent)
    before = replay._key_folder([])
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "PRINTLINT_CACHE_DIR", "USER", "LOGNAME"):
        monkeypatch.setenv(name, str(project))
    assert before is not None
    assert replay._key_folder([]) == before


def key_of(tmp_path: Path) -> Path:
    return tmp_path / "home/.cache/printlint/key"


def other_mode(key: Path) -> None:
    key.chmod(0o644)


def short(key: Path) -> None:
    key.write_bytes(b"1234")


def gone(key: Path) -> None:
    key.unlink()


def link(key: Path) -> None:
    key.rename(key.with_name("other"))
    key.symlink_to("other")


def second_name(key: Path) -> None:
    key.with_name("other").hardlink_to(key)


def pipe(key: Path) -> None:
    key.unlink()
    os.mkfifo(key)


@pytest.mark.parametrize("change", [other_mode, short, gone, link, second_name, pipe])
def test_a_key_that_others_may_know_is_replaced(check: Check, tmp_path: Path, change: Callable[[Path], None]) -> None:
    check(known=False)
    key = key_of(tmp_path)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    before = key.read_bytes()
    change(key)
    cold = check(known=False)
    assert check(known=True) == cold
    assert key.read_bytes() != before
    assert not key.is_symlink()


def test_another_users_key_is_none(check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(known=False)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    before = key_of(tmp_path).read_bytes()
    assert replay._key(["check"]) is None
    check(known=False)
    check(known=False)
    assert key_of(tmp_path).read_bytes() == before


def test_a_folder_that_others_can_write_to_is_left_alone(check: Check, tmp_path: Path) -> None:
    cold = check(known=False)
    (path,) = kept_in(tmp_path / "cache")
    for kept in list(path.parent.iterdir()):
        kept.unlink()
    path.parent.chmod(0o777)
    assert check(known=False) == cold
    assert not list(path.parent.iterdir())
    path.parent.rmdir()
    path.parent.symlink_to(tmp_path)
    assert check(known=False) == cold
    assert not [*tmp_path.glob("*.cache"), *tmp_path.glob("*.files")]


def test_what_is_kept_is_for_the_user_alone(check: Check, tmp_path: Path) -> None:
    check(known=False)
    (path,) = kept_in(tmp_path / "cache")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_without_a_home_there_is_no_cache(check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for home in (None, "", "relative", str(tmp_path / "a file")):
        (tmp_path / "a file").touch()
        monkeypatch.setattr(replay, "_home", lambda home=home: home)
        cold = check(known=False)
        assert check(known=False) == cold


# What a file can hold


ODD = {
    "a pipe": lambda path: os.mkfifo(path),
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a folder": lambda path: path.mkdir(),
    "a link to itself": lambda path: path.symlink_to(path),
    "gigabytes": lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), 3_000_000_000),
    "the format before": lambda path: path.write_bytes(b"printlint cache 1\n" + b"7fffffff" * 4),
    "what marshal reserves two gigabytes for": lambda path: path.write_bytes(b"(\xff\xff\xff\x7f"),
}


@pytest.mark.parametrize("odd", ODD)
def test_what_no_run_has_written_is_no_cache(check: Check, tmp_path: Path, odd: str) -> None:
    cold = check(known=False)
    (path,) = kept_in(tmp_path / "cache")
    path.unlink()
    ODD[odd](path)
    assert check(known=False) == cold


CLAIMS = [b"", b"\n", b"1\n", b"9" * 5000 + b"\n", b"2147483648 " * 13 + b"\n", b"-1 " * 13 + b"\n", b"0 " * 13 + b"\n"]


@pytest.mark.parametrize("claim", CLAIMS)
def test_lengths_that_are_claimed_cost_nothing(check: Check, tmp_path: Path, claim: bytes) -> None:
    """Not even of a file that is signed."""
    cold = check(known=False)
    (path,) = kept_in(tmp_path / "cache")
    key = replay._key(["check"])
    assert key is not None
    for packed in (claim, claim + b"x" * 100):
        path.write_bytes(replay._MAGIC + replay._signature(key, replay._run(["check"]), packed) + packed)
        assert check(known=False) == cold


def test_any_bytes_are_no_cache(check: Check, tmp_path: Path) -> None:
    check(known=False)
    (path,) = kept_in(tmp_path / "cache")
    whole, chance = path.read_bytes(), random.Random(1)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        cut = bytes(data[: chance.randrange(len(data))]) if chance.random() < 0.3 else bytes(data)
        path.write_bytes(cut)
        assert cut == whole or replay.known_outcome(["check"]) is None
    path.write_bytes(whole)
    assert replay.known_outcome(["check"]) is not None


def test_an_outcome_is_of_its_own_arguments_alone(check: Check, tmp_path: Path) -> None:
    cold = check(known=False)
    (noisy,) = kept_in(tmp_path / "cache")
    data = noisy.read_bytes()
    check("--select", "PRT9", known=False)
    for path in kept_in(tmp_path / "cache"):
        if path != noisy:
            noisy.write_bytes(path.read_bytes())
            path.write_bytes(data)
    assert check(known=False) == cold


# What an outcome rests on


def test_nothing_that_was_seen_is_no_all_clear(check: Check, tmp_path: Path, project: Path) -> None:
    empty = Seen()
    replay.store(["check"], empty, ("", "", 0))
    assert not (tmp_path / "cache").exists()
    check(known=False)
    (path,) = kept_in(tmp_path / "cache")
    key = replay._key(["check"])
    assert key is not None
    packed = replay._packed(empty.dump(), ("", "", 0))
    path.write_bytes(replay._MAGIC + replay._signature(key, replay._run(["check"]), packed) + packed)
    assert "PRT101" in check(known=False)


def test_a_path_of_which_nothing_was_read_may_become_a_folder(check: Check, project: Path) -> None:
    (project / "stub.pyi").write_text("print(1)\n")
    assert check("stub.pyi", known=False) == "no Python files to check\n0"
    assert check("stub.pyi", known=True) == "no Python files to check\n0"
    (project / "stub.pyi").unlink()
    (project / "stub.pyi").mkdir()
    (project / "stub.pyi/a.py").write_text("print(1)\n")
    assert "PRT101" in check("stub.pyi", known=False)


def test_contents_that_were_made_to_look_alike_are_told_apart(tmp_path: Path) -> None:
    texts: dict[int, bytes] = {}
    for number in itertools.count():
        text = b"x = %08d\n" % number
        other = texts.setdefault(zlib.crc32(text), text)
        if other != text:
            break
    path = tmp_path / "a.py"
    path.write_bytes(text)
    seen = disk.record()
    disk.read(path)
    disk.stop_recording()
    assert is_current(seen.dump())
    path.write_bytes(other)
    assert not is_current(seen.dump())


@pytest.mark.parametrize("change", [os.mkfifo, os.mkdir, lambda path: os.symlink("/dev/zero", path)])
def test_a_file_that_has_become_something_else_is_not_waited_for(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"1")
    seen = disk.record()
    disk.read(path)
    disk.stop_recording()
    path.unlink()
    change(path)
    assert not is_current(seen.dump())


def test_names_and_numbers_of_any_kind_are_kept() -> None:
    seen = Seen()
    names = ["/a", "/line\nend", "/\udcff\ud800", "/" + "x" * 5000, "/ä"]
    for number, name in enumerate(names):
        seen.signatures[name] = (-5, 2**62, number, 2**63 - 1)
        seen.contents[f"{name}.py"] = bytes([number]) * DIGEST_BYTES
        seen.listings[f"{name}/"] = bytes([255 - number]) * DIGEST_BYTES
        seen.files[name] = number % 2 == 0
        seen.paths[name] = number % 2 == 1
    outcome = ("a\udcff\0\n", "\x1b[m", 1)
    assert replay._unpacked(replay._packed(seen.dump(), outcome)) == (seen.dump(), outcome)


def test_a_name_with_a_nul_is_not_kept(check: Check, tmp_path: Path) -> None:
    seen = Seen()
    seen.cover("a\0b")
    replay.store(["check"], seen, ("", "", 0))
    assert not (tmp_path / "cache").exists() or not kept_in(tmp_path / "cache")


def test_the_last_runs_of_a_folder_are_kept(check: Check, tmp_path: Path) -> None:
    check(known=False)
    (first,) = kept_in(tmp_path / "cache")
    (first.parent / "mine").write_text("")
    os.utime(first.parent / "mine", (1, 1))
    for number in range(replay._RUNS + 2):
        check("--select", "PRT9", "--exclude", f"x{number}", known=False)
    assert (first.parent / "mine").exists()
    assert len(list(first.parent.glob("*.cache"))) == replay._RUNS
    assert not first.exists()


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
