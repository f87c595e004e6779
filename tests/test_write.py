"""Files are replaced whole or not at all, and keep what belongs to them."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import KILLED, Run, clean_environment

from printlint.writing import write
from printlint.writing.write import NotWritten, replace_file

OLD, NEW = b"old\n", b"new and longer\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "x.py"
    path.write_bytes(OLD)
    return path


def test_contents_are_replaced_and_mode_and_owner_kept(file: Path) -> None:
    file.chmod(0o751)
    before = file.stat()
    replace_file(file, OLD, NEW)
    after = file.stat()
    assert file.read_bytes() == NEW
    assert stat.S_IMODE(after.st_mode) == 0o751
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
    assert list(file.parent.iterdir()) == [file]


def test_extended_attributes_are_kept(file: Path) -> None:
    try:
        os.setxattr(file, "user.note", b"kept")
    except OSError:
        pytest.skip("the file system has no extended attributes")
    replace_file(file, OLD, NEW)
    assert os.getxattr(file, "user.note") == b"kept"


def test_a_link_stays_a_link_and_its_target_is_written(file: Path) -> None:
    link = file.parent / "link.py"
    link.symlink_to(file.name)
    replace_file(link, OLD, NEW)
    assert link.is_symlink()
    assert file.read_bytes() == NEW


def test_hard_links_stay_together(file: Path) -> None:
    other = file.parent / "other.py"
    other.hardlink_to(file)
    replace_file(file, OLD, NEW)
    assert other.read_bytes() == NEW
    assert file.stat().st_ino == other.stat().st_ino


def test_a_file_that_changed_meanwhile_is_not_overwritten(file: Path) -> None:
    file.write_bytes(b"edited\n")
    with pytest.raises(NotWritten, match="changed while printlint was running"):
        replace_file(file, OLD, NEW)
    assert file.read_bytes() == b"edited\n"


def test_a_new_file_is_not_written_over_one_that_appeared(file: Path) -> None:
    with pytest.raises(NotWritten, match="has appeared"):
        replace_file(file, None, NEW)
    assert file.read_bytes() == OLD


def test_a_new_file_gets_the_usual_mode(tmp_path: Path) -> None:
    path = tmp_path / "new.py"
    replace_file(path, None, NEW)
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize("call", ["fsync", "link", "replace", "write", "fchmod"])
def test_a_failure_on_the_way_leaves_the_old_file_and_no_litter(
    file: Path, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write.os, call, fail)
    with pytest.raises(NotWritten, match="No space left on device"):
        replace_file(file, OLD, NEW)
    assert file.read_bytes() == OLD
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("call", ["fsync", "link", "replace"])
@pytest.mark.parametrize("nameless", [True, False])
def test_an_interrupt_leaves_the_old_file_and_no_litter(
    file: Path, call: str, nameless: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    if not nameless:
        monkeypatch.setattr(write, "_open_nameless", lambda _: None)
        call = call.replace("link", "fsync")
    monkeypatch.setattr(write.os, call, interrupt)
    with pytest.raises(KeyboardInterrupt):
        replace_file(file, OLD, NEW)
    assert file.read_bytes() == OLD
    assert list(file.parent.iterdir()) == [file]


def test_where_no_nameless_file_can_be_made_all_is_the_same(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "_open_nameless", lambda _: None)
    file.chmod(0o751)
    replace_file(file, OLD, NEW)
    assert file.read_bytes() == NEW
    assert stat.S_IMODE(file.stat().st_mode) == 0o751
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("new", [NEW, b"new", b"x" * 1_000_000])
def test_a_failure_while_writing_in_place_leaves_the_old_file(file: Path, new: bytes) -> None:
    """What cannot be written is known only when half of it is: the old bytes are written back."""
    other = file.parent / "other.py"
    other.hardlink_to(file)
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
        try:
            replace_file(file, OLD, new)
        except NotWritten as error:
            os._exit(7 if "File too large" in str(error) else 1)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert (status, file.read_bytes()) == ((0, new) if len(new) <= 10 else (7, OLD))
    assert other.read_bytes() == file.read_bytes()


def test_what_a_killed_run_left_is_cleared_away_and_what_another_run_writes_is_not(file: Path) -> None:
    dead, alive = (file.parent / write._temporary_name(file.parent) for _ in range(2))
    dead.write_text("half")
    with alive.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        replace_file(file, OLD, NEW)
        assert not dead.exists()
        assert alive.exists()


FILES = [f"m{number}.py" for number in range(3)]


@pytest.mark.system
@pytest.mark.parametrize("operation", range(0, 90, 9))
@pytest.mark.parametrize("links", [1, 2], ids=["one name", "hard links"])
def test_a_kill_at_any_operation_leaves_each_file_old_or_new(
    printlint: Run, tmp_path: Path, operation: int, links: int
) -> None:
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    project.mkdir()
    elsewhere.mkdir()
    old = "def work():\n" + "    print('at work')\n    step()\n" * 20 + "    # a file of some length\n" * 150
    for name in FILES:
        (project / name).write_text(old)
        if links == 2:
            (elsewhere / name).hardlink_to(project / name)
    command = [sys.executable, "-c", KILLED, str(operation), "fix", "-q"]
    done = subprocess.run(command, cwd=project, env=clean_environment(), capture_output=True, check=False)
    new = old.replace("print(", "logger.info(")
    for name in FILES:
        text = (project / name).read_text()
        assert text in (old, f"import logging\n\nlogger = logging.getLogger(__name__)\n\n\n{new}")
        assert links == 1 or (elsewhere / name).samefile(project / name)
    litter = [path.name for path in project.iterdir() if path.name not in FILES]
    assert not litter or (len(litter) == 1 and done.returncode == -signal.SIGKILL)
    assert printlint("fix", cwd=project).returncode == 0
    assert sorted(path.name for path in project.iterdir()) == FILES


def test_two_runs_at_once_do_no_harm(tmp_path: Path) -> None:
    for name in FILES * 5:
        (tmp_path / name).write_text("def work():\n    print('at work')\n")
    command = [sys.executable, "-m", "printlint", "fix", "-q"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    runs = [subprocess.Popen(command, cwd=tmp_path, env=clean_environment(), **pipes) for _ in range(3)]  # type: ignore[call-overload]
    for run in runs:
        _, complaints = run.communicate()
        assert run.returncode == 0, complaints
    assert {(tmp_path / name).read_text().count("logger = ") for name in FILES} == {1}
    assert sorted(path.name for path in tmp_path.iterdir()) == FILES


def test_fix_under_a_file_size_limit_of_zero_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text("print('it works')\n")
    done = subprocess.run(
        [sys.executable, "-m", "printlint", "fix", "x.py"],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
    )
    assert done.returncode == 2
    assert "not written" in done.stderr
    assert path.read_text() == "print('it works')\n"
    assert [p.name for p in tmp_path.iterdir()] == ["x.py"]


def test_a_file_with_two_names_in_the_tree_is_written_once(printlint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def work():\n    print('at work')\n")
    (tmp_path / "b.py").hardlink_to(tmp_path / "a.py")
    (tmp_path / "c.py").symlink_to("a.py")
    done = printlint("fix", "a.py", "b.py", "c.py")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.py").read_text().count("logger = ") == 1
    assert (tmp_path / "b.py").samefile(tmp_path / "a.py")


def test_links_out_of_the_tree_are_not_followed(printlint: Run, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    inside = tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (outside / "x.py").write_text("print('it works')\n")
    (inside / "file.py").symlink_to(outside / "x.py")
    (inside / "folder").symlink_to(outside)
    assert printlint("fix", cwd=inside).returncode == 0
    assert (outside / "x.py").read_text() == "print('it works')\n"
