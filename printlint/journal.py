"""What `fix --verify` has on trial, with the bytes to go back to, until it is proven: whatever ends the run.

The originals are written to a folder before the first file changes. A guard process waits for the end of a pipe from
the run, which comes as soon as the run is gone, be it by `kill -9`, and puts the files back. Should both be killed (the
power fails), the next run of `fix` does it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from printlint.write import NotWritten, remove_litter, replace_file

FOLDER = ".printlint-verify"
_PUT_BACK = ": put back"
_MANIFEST, _LOCK, _READY = "manifest.json", "lock", b"ready\n"


class Busy(Exception):
    """Another run has its trial in this project; the message says where."""


@dataclass(frozen=True)
class Entry:
    """A file on trial: where the old bytes are kept (None: there was no file), and what the new ones look like."""

    path: str
    kept_as: str | None
    new_digest: str
    modified_ns: int | None


class Journal:
    """The trial of one project. Only its maker may change the files it names, until `close`."""

    def __init__(self, folder: Path, lock: int, guard: subprocess.Popen[bytes] | None) -> None:
        self._folder = folder
        self._lock = lock
        self._guard = guard
        self.restored = _roll_back(folder)
        """What was put back of a run that was killed before this one, and what could not be."""

    @classmethod
    def open(cls, root: Path, *, guarded: bool = True) -> Journal:
        """Take the project's one journal. Raises `Busy` and OSError; rolls a killed run's trial back."""
        folder = root / FOLDER
        guard = _guard(folder) if guarded else None
        lock = _locked(folder, make=True)
        if lock is None:
            _dismiss(guard)
            raise Busy(f"another `printlint fix --verify` is at work here ({folder}); wait for it to end")
        return cls(folder, lock, guard)

    def begin(self, files: Iterable[tuple[Path, bytes | None, bytes]]) -> None:
        """Keep what is to be put back: path, old bytes (None: no file), new bytes. Raises OSError."""
        (self._folder / ".gitignore").write_text("*\n")
        entries = []
        for number, (path, old, new) in enumerate(files):
            target = Path(os.path.realpath(path))
            kept_as = None if old is None else str(number)
            if old is not None:
                _write_down(self._folder / str(number), old)
            modified = None if old is None else target.stat().st_mtime_ns
            entries.append(Entry(str(target), kept_as, _digest(new), modified))
        temporary = self._folder / f"{_MANIFEST}.tmp"
        _write_down(temporary, json.dumps([asdict(entry) for entry in entries]).encode())
        temporary.rename(self._folder / _MANIFEST)

    def put_all_back(self) -> list[str]:
        """Give every file its old bytes. Returns what could not be put back."""
        return [line for line in _roll_back(self._folder) if not line.endswith(_PUT_BACK)]

    def close(self, *, roll_back: bool) -> list[str]:
        """End the trial: keep the files as they are, or put all of them back. Returns what could not be put back."""
        problems = self.put_all_back() if roll_back else []
        (self._folder / _MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(self._folder, ignore_errors=True)
        os.close(self._lock)
        _dismiss(self._guard)
        return problems


def put_back(path: Path, current: bytes, old: bytes | None, modified_ns: int | None) -> None:
    """Give a file its old bytes and its old modification time. Raises `NotWritten`."""
    if old is not None:
        replace_file(path, current, old)
        if modified_ns is not None:
            os.utime(path, ns=(path.stat().st_atime_ns, modified_ns))
    elif path.read_bytes() == current:
        path.unlink()


def _roll_back(folder: Path) -> list[str]:
    """Put back every file that still is as the trial left it. Returns a line for each file that was looked at."""
    try:
        entries = [Entry(**item) for item in json.loads((folder / _MANIFEST).read_bytes())]
    except FileNotFoundError:
        return []
    lines = [line for entry in entries if (line := _put_back_entry(folder, entry))]
    for parent in {Path(entry.path).parent for entry in entries}:
        remove_litter(parent, wait=True)
    (folder / _MANIFEST).unlink()
    return lines


def _put_back_entry(folder: Path, entry: Entry) -> str:
    path = Path(entry.path)
    old = (folder / entry.kept_as).read_bytes() if entry.kept_as is not None else None
    try:
        current = path.read_bytes()
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"{path}: not put back ({error.strerror})"
    if current == old:
        return ""
    if _digest(current) != entry.new_digest:
        return _kept_beside(path, old)
    try:
        put_back(path, current, old, entry.modified_ns)
    except (NotWritten, OSError) as error:
        return str(error)
    return f"{path}{_PUT_BACK}"


def _kept_beside(path: Path, old: bytes | None) -> str:
    """Leave a file alone that somebody else has edited, with its old text beside it."""
    if old is None:
        return f"{path}: left as it is, since it was edited meanwhile"
    beside = path.with_name(f"{path.name}.orig")
    with suppress(FileExistsError), beside.open("xb") as file:
        file.write(old)
    return f"{path}: left as it is, since it was edited meanwhile; its old text is in {beside.name}"


def _write_down(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _locked(folder: Path, *, make: bool) -> int | None:
    """The descriptor of the folder's lock; None if another process holds it or, unless told to make it, there is none.

    Without `make` it waits for the lock.
    """
    import fcntl

    while True:
        if make:
            folder.mkdir(exist_ok=True)
        try:
            descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:  # whoever held the lock took the folder away
            if not make:
                return None
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (fcntl.LOCK_NB if make else 0))
            if os.fstat(descriptor).st_ino == os.stat(folder / _LOCK).st_ino:
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            return None
        except FileNotFoundError:
            pass
        os.close(descriptor)


def _guard(folder: Path) -> subprocess.Popen[bytes]:
    """Start the guard, in a session of its own, and wait until it stands. Raises OSError."""
    above = str(Path(__file__).parent.parent)
    path = os.pathsep.join(filter(None, (above, os.environ.get("PYTHONPATH"))))
    guard = subprocess.Popen(
        [sys.executable, "-P", "-m", "printlint.journal", str(folder.absolute())],
        env={**os.environ, "PYTHONPATH": path},
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


def _stand_guard(folder: Path) -> None:
    """Wait until the run is gone without a word; then put its files back. Holding on to standard error until that is
    done makes whoever reads it wait, too."""
    os.write(1, _READY)
    sys.stdin.buffer.read()
    lock = _locked(folder, make=False)
    if lock is not None:
        lines = _roll_back(folder)
        shutil.rmtree(folder, ignore_errors=True)
        for line in lines:
            os.write(2, f"printlint was killed: {line}\n".encode())


if __name__ == "__main__":
    _stand_guard(Path(sys.argv[1]))
