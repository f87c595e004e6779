"""Files are replaced whole or not at all, and keep what belongs to them."""

from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run, clean_environment

from printlint import write
from printlint.write import NotWritten, replace_file

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
    with pytest.raises(NotWritten, match="changed while printlint was at work"):
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


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_failure_on_the_way_leaves_the_old_file_and_no_litter(
    file: Path, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write.os, call, fail)
    with pytest.raises(NotWritten, match="No space left on device"):
        replace_file(file, OLD, NEW)
    assert file.read_bytes() == OLD
    assert list(file.parent.iterdir()) == [file]


def test_an_interrupt_leaves_the_old_file_and_no_litter(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(write.os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        replace_file(file, OLD, NEW)
    assert file.read_bytes() == OLD
    assert list(file.parent.iterdir()) == [file]


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
