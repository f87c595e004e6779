"""What other systems lack or do otherwise: the same outcome, with the features switched off that they do not have."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import clean_environment

from printlint.writing import folder, write
from printlint.writing.write import NotWritten, replace_file

pytestmark = pytest.mark.system
OLD, NEW = b"old\n", b"new and longer\n"

# The command line without features: their names, the operation on files to be killed at (or -1), the arguments follow.
# What the standard library makes of its own is loaded before.
WITHOUT = """
import os, sys, signal, stat
import asyncio, concurrent.futures.process, multiprocessing, pathlib, shutil, subprocess, tempfile, zipfile
names, left = sys.argv[1].split(","), int(sys.argv[2])
for name in names:
    if name == "fcntl":
        sys.modules["fcntl"] = None
    elif name == "dir_fd":
        os.supports_dir_fd.clear()
        os.supports_fd.clear()
    elif name.startswith("SIG"):
        delattr(signal, name)
    elif hasattr(os, name):
        delattr(os, name)
    if name == "listxattr":
        shutil._copyxattr = lambda *_, **__: None
    if name == "O_TMPFILE":
        tempfile._O_TMPFILE_WORKS = False
from printlint import cli
from printlint.writing import folder
import printlint.cli.check, printlint.cli.fix, printlint.cli.init
assert folder.HOLDS_FOLDERS == (not {"dir_fd", "O_NOFOLLOW"} & set(names))
assert folder.HAS_LOCKS == ("fcntl" not in names)
folder.RENAMES_OPEN_FILES = "open renames" not in names
def watched(event, arguments):
    global left
    if event == "os.rename" and not folder.RENAMES_OPEN_FILES:
        held = [os.readlink(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")[:-1]]
        assert not any("printlint-tmp" in path or "(deleted)" in path for path in held), held
    if left >= 0 and event in ("open", "os.rename", "os.link", "os.remove", "os.chmod", "os.utime", "os.mkdir"):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), 9)
sys.addaudithook(watched)
sys.argv = ["printlint", *sys.argv[3:]]
cli.main()
"""

WINDOWS = (
    "O_TMPFILE,O_NOFOLLOW,O_NONBLOCK,O_DIRECTORY,fork,setsid,killpg,fchmod,fchown,posix_fallocate,geteuid,getuid,"
    "listxattr,getxattr,setxattr,sched_getaffinity,mkfifo,fcntl,dir_fd,SIGHUP,SIGKILL,SIGALRM,open renames"
)
MACOS = "O_TMPFILE,posix_fallocate,listxattr,getxattr,setxattr,sched_getaffinity"
SYSTEMS = {"Windows": WINDOWS, "macOS": MACOS}
ONE_BY_ONE = {name: name for name in ("fork", "fcntl", "dir_fd", "O_TMPFILE,fchmod")}


def run(system: str, cwd: Path, *arguments: str, killed_at: int = -1) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT, system, str(killed_at), *arguments]
    return subprocess.run(command, cwd=cwd, env=clean_environment(), capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    (project / "app").mkdir(parents=True)
    elsewhere.mkdir()
    (project / "pyproject.toml").write_text('[project]\nname = "app"\n[project.scripts]\napp = "app.cli:main"\n')
    (project / "app" / "__init__.py").write_text("")
    (project / "app" / "cli.py").write_bytes(b"def main():\r\n    return 0\r\n")
    (project / "app" / "db.py").write_bytes(b"def work():\r\n    print('at work')\r\n")
    (project / "app" / "db.py").chmod(0o751)
    (project / "app" / "linked.py").write_text("def work():\n    print('at work')\n")
    (elsewhere / "linked.py").hardlink_to(project / "app" / "linked.py")
    (elsewhere / "target.py").write_text("def work():\n    print('at work')\n")
    (project / "link.py").symlink_to(elsewhere / "target.py")
    return project


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) for path in found
    }


@pytest.mark.parametrize("system", [*SYSTEMS.values(), *ONE_BY_ONE.values()], ids=[*SYSTEMS, *ONE_BY_ONE])
def test_files_are_written_the_same_without(project: Path, system: str) -> None:
    twin = project.parent / "twin"
    subprocess.run(["cp", "-a", project, twin], check=True)
    for command in (["fix", "-q", ".", "link.py"], ["init"]):
        expected, done = run("", twin, *command), run(system, project, *command)
        assert (done.returncode, done.stdout) == (expected.returncode, expected.stdout), done.stderr
        assert "Traceback" not in done.stderr
    assert files(project) == files(twin)
    assert b"logger" in (project / "link.py").read_bytes()
    assert (project / "link.py").is_symlink()
    assert (project / "app" / "linked.py").samefile(project.parent / "elsewhere" / "linked.py")


@pytest.mark.parametrize("operation", range(1, 61, 12))
@pytest.mark.parametrize("system", SYSTEMS.values(), ids=SYSTEMS)
def test_a_kill_leaves_each_file_old_or_new_without(tmp_path: Path, system: str, operation: int) -> None:
    """Files with one name, that is: where no process can be forked, one with several may be left half written."""
    old = "def work():\n    print('at work')\n" + "# a file of some length\n" * 500
    names = [f"m{number}.py" for number in range(3)]
    for name in names:
        (tmp_path / name).write_text(old)
    done = run(system, tmp_path, "fix", "-q", killed_at=operation)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    new = f"import logging\n\nlogger = logging.getLogger(__name__)\n\n\n{old.replace('print(', 'logger.info(')}"
    assert all((tmp_path / name).read_text() in (old, new) for name in names)
    assert run(system, tmp_path, "fix", "-q").returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_verify_says_that_it_needs_another_system(project: Path) -> None:
    before = files(project)
    done = run(WINDOWS, project, "fix", "--verify", "true")
    assert done.returncode == 2
    assert "--verify needs a POSIX system" in done.stderr
    assert files(project) == before


@pytest.mark.parametrize("missing", ["O_TMPFILE", "fork", "fchmod,fchown,listxattr"])
def test_verify_keeps_what_passes_without(project: Path, missing: str) -> None:
    done = run(missing, project, "fix", "--verify", "! grep -q logger app/linked.py")
    assert "rolled back app/linked.py" in done.stderr
    assert "logger" in (project / "app" / "db.py").read_text()
    assert "print" in (project / "app" / "linked.py").read_text()


# what is done otherwise


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "x.py"
    path.write_bytes(OLD)
    return path


@pytest.mark.parametrize(("failures", "written"), [(2, True), (3, False)])
def test_a_file_that_another_program_holds_open_for_a_moment_is_waited_for(
    file: Path, failures: int, written: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `os.replace` answers on Windows: a sharing violation."""
    left, replace = [PermissionError(errno.EACCES, "it is open")] * failures, os.replace

    def shared(*arguments: object, **more: object) -> None:
        if left:
            raise left.pop()
        replace(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(folder, "PAUSES_S", (0.0, 0.0))
    monkeypatch.setattr(os, "replace", shared)
    if written:
        replace_file(file, OLD, NEW)
    else:
        with pytest.raises(NotWritten, match="it is open"):
            replace_file(file, OLD, NEW)
    assert file.read_bytes() == (NEW if written else OLD)
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("supported", [True, False])
def test_a_drives_own_cache_is_emptied_where_the_system_can(
    file: Path, supported: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """macOS: `fsync` does not do it there, and not every file system knows F_FULLFSYNC."""
    full, plain = [], []

    def control(_descriptor: int, command: int) -> None:
        full.append(command)
        if not supported:
            raise OSError(errno.ENOTSUP, "Operation not supported")

    fake = SimpleNamespace(F_FULLFSYNC=51, fcntl=control, flock=lambda *_: None, LOCK_EX=2, LOCK_NB=4)
    monkeypatch.setattr(folder, "fcntl", fake)
    monkeypatch.setattr(os, "fsync", plain.append)
    replace_file(file, OLD, NEW)
    assert full == [51, 51], "the file and its folder"
    assert len(plain) == (0 if supported else 2)


@pytest.mark.parametrize("nameless", [True, False])
def test_bytes_are_on_disk_before_the_name_and_the_name_before_the_end(
    file: Path, nameless: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def synced(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        done.append("folder" if is_folder else f"file of {os.fstat(descriptor).st_size} bytes")
        fsync(descriptor)

    def replaced(*arguments: object, **more: object) -> None:
        done.append("rename")
        replace(*arguments, **more)  # type: ignore[arg-type]

    if not nameless:
        monkeypatch.setattr(write, "_open_nameless", lambda _: None)
    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    replace_file(file, OLD, NEW)
    assert done == [f"file of {len(NEW)} bytes", "rename", "folder"]


def test_files_are_opened_as_bytes_where_that_is_not_so_by_itself(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows writes a carriage return before each line feed without O_BINARY."""
    flags = []
    opened = os.open

    def noted(path: str, flag: int, *more: int, **rest: int | None) -> int:
        flags.append((os.path.basename(path), flag))
        return opened(path, flag & ~binary, *more, **rest)

    binary = 1 << 28
    monkeypatch.setattr(folder, "_ALWAYS", folder._ALWAYS | binary)
    monkeypatch.setattr(write, "_open_nameless", lambda _: None)
    monkeypatch.setattr(os, "open", noted)
    replace_file(file, OLD, NEW)
    of_files = [flag for name, flag in flags if name == "x.py" or name.endswith("printlint-tmp")]
    assert len(of_files) >= 3
    assert all(flag & binary for flag in of_files)
