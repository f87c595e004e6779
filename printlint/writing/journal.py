"""What `fix --verify` has on trial, with the bytes to go back to, until it is proven: whatever ends the run.

The originals are written to the user's state folder before the first file changes; what a repository holds is never
taken for a journal. A guard process waits for the end of a pipe from the run, which comes as soon as the run is gone,
be it by `kill -9`, and puts the files back. Should both be killed (the power fails), the next run of `fix` in the same
tree does it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from printlint.process.printable import printable
from printlint.writing import folder as system
from printlint.writing.folder import Folder
from printlint.writing.recovery import MANIFEST, Entry, Restored, outside, roll_back, write_manifest
from printlint.writing.state import key, state_folder, write_through
from printlint.writing.write import NotWritten

_LOCK, _READY = "lock", b"ready\n"
# Nothing of the environment, of the current folder or of site-packages comes before the standard library.
_GUARD = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from printlint.writing.journal import stand_guard; stand_guard(sys.argv[2])"
)


class Busy(Exception):
    """Another run has its trial in this project; the message says where."""


class Journal:
    """The trial of one project. Only its maker may change the files it names, until `close`."""

    def __init__(self, tree: Path, folder: Folder, lock: int, guard: subprocess.Popen[bytes] | None) -> None:
        self._tree = tree
        self._folder = folder
        self._lock = lock
        self._guard = guard
        self._key = key(tree)
        self.restored = [item.sentence for item in self._roll_back()]
        """What was put back of a run that was killed before this one, and what could not be."""

    @classmethod
    def open(cls, root: Path, *, guarded: bool = True) -> Journal:
        """Take the project's one journal. Raises `Busy`, `NoState` and OSError; rolls a killed run's trial back."""
        if not system.HAS_LOCKS:
            raise OSError(0, "--verify needs a POSIX system: locks on files, sessions and process groups")
        tree = Path(os.path.realpath(root))
        folder = _folder_of(tree, make=True)
        assert folder is not None
        key(tree)  # a key that cannot be used is an error before there is a guard
        guard = _guard(tree) if guarded else None
        lock = _locked(folder, make=True)
        if lock is None:
            _dismiss(guard)
            raise Busy(f"another `printlint fix --verify` is running in {tree}; wait for it to end")
        return cls(tree, Folder(folder), lock, guard)

    def check(self, paths: Iterable[Path]) -> None:
        """Raise `NotWritten` where a file could not be put back, being outside of the project."""
        for path in paths:
            if not Path(os.path.realpath(path)).is_relative_to(self._tree):
                raise NotWritten(outside(path, self._tree))

    def begin(self, files: Iterable[tuple[Path, bytes | None, bytes]]) -> None:
        """Keep what is to be put back: path, old bytes (None: no file), new bytes. Raises OSError and `NotWritten`."""
        entries = []
        for number, (path, old, new) in enumerate(files):
            entries.append(Entry.of(self._tree, path, number, old, new))
            if old is not None:
                write_through(self._folder, str(number), old)
        write_manifest(self._folder, self._tree, entries, self._key)

    def put_all_back(self) -> list[str]:
        """Give every file its old bytes. Returns what could not be put back."""
        return [item.sentence for item in self._roll_back() if not item.is_as_before]

    def _roll_back(self) -> list[Restored]:
        return roll_back(self._folder, self._tree, self._key)

    def close(self, *, roll_back: bool) -> list[str]:
        """End the trial: keep the files as they are, or put all of them back. Returns what could not be put back."""
        problems = self.put_all_back() if roll_back else []
        with suppress(FileNotFoundError):
            self._folder.remove(MANIFEST)
        shutil.rmtree(self._folder.path, ignore_errors=True)
        os.close(self._lock)
        _dismiss(self._guard)
        return problems


def has_journal(root: Path) -> bool:
    """Whether a run of this user has a trial in a project, or was killed in one. Raises `NoState`."""
    folder = _folder_of(Path(os.path.realpath(root)), make=False) if system.HAS_LOCKS else None
    return folder is not None and os.path.isdir(folder)


def _folder_of(tree: Path, *, make: bool) -> Path | None:
    state = state_folder(tree, make=make)
    return state and state / "journals" / hashlib.sha256(os.fsencode(tree)).hexdigest()[:32]


def _locked(folder: Path, *, make: bool) -> int | None:
    """The descriptor of the folder's lock; None if another process holds it or, unless told to make it, there is none.

    Without `make` it waits for the lock.
    """
    while True:
        if make:
            folder.mkdir(0o700, parents=True, exist_ok=True)
        try:
            descriptor = Folder(folder).open(_LOCK, os.O_RDWR | os.O_CREAT)
        except FileNotFoundError:  # whoever held the lock took the folder away
            if not make:
                return None
            continue
        if system.lock(descriptor, wait=not make):
            with suppress(FileNotFoundError):
                if os.fstat(descriptor).st_ino == os.stat(folder / _LOCK).st_ino:
                    return descriptor
            os.close(descriptor)
        else:
            os.close(descriptor)
            return None


def _guard(tree: Path) -> subprocess.Popen[bytes]:
    """Start the guard, in a session of its own, and wait until it is there. Raises OSError."""
    guard = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _GUARD, str(Path(__file__).parents[2]), tree],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert guard.stdout is not None
    if guard.stdout.readline() != _READY:
        raise OSError("the process that guards the files could not be started")
    guard.stdout.close()
    return guard


def _dismiss(guard: subprocess.Popen[bytes] | None) -> None:
    if guard is not None and guard.stdin is not None:
        guard.kill()
        guard.stdin.close()
        guard.wait()


def stand_guard(root: str) -> None:
    """Wait until the run is gone without a word; then put its files back. Holding on to standard error until that is
    done makes whoever reads it wait, too."""
    os.write(1, _READY)
    sys.stdin.buffer.read()
    tree = Path(root)
    folder = _folder_of(tree, make=False)
    lock = _locked(folder, make=False) if folder is not None else None
    if folder is not None and lock is not None:
        for item in roll_back(Folder(folder), tree, key(tree)):
            with suppress(OSError):  # who read it may be gone
                os.write(2, f"printlint was killed: {printable(item.sentence)}\n".encode("utf-8", "backslashreplace"))
        shutil.rmtree(folder, ignore_errors=True)
