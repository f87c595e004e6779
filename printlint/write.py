"""Files are replaced whole or not at all, whatever ends the process in the middle.

A new file is written without a name where the system can do that (Linux: `O_TMPFILE`, open(2)), brought to disk, given
the old one's owner, mode and extended attributes, then named and renamed over it in two system calls: nothing is left
behind by a kill before these. A file with several hard links is written in place instead, since a rename would part
them, and by a process of its own, which a signal to this one does not reach.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

# No .py ending: nobody shall import or lint what is only half there. Whoever writes the file holds a lock on it.
_TEMPORARY = re.compile(r"\.[0-9a-f]{16}\.printlint-tmp")


class NotWritten(Exception):
    """A file that could not be written and stands as it was; the message says why and what to do."""


def replace_file(path: Path, old: bytes | None, new: bytes) -> None:
    """Replace the contents of `path`, which must still be `old` (None: must not be there). Raises `NotWritten`.

    A file that holds `new` already, through another of its names or another run, is fine as it is.
    """
    target = Path(os.path.realpath(path))
    try:
        if _is_written(target, old, new):
            return
        _remove_litter_once(target.parent)
        if old is not None and target.stat().st_nlink > 1:
            _write_in_place(target, old, new)
        else:
            _write_beside(target, old, new)
    except OSError as error:
        reason = error.strerror or str(error)
        raise NotWritten(f"{path}: not written ({reason}); the file stands as it was") from error


def _is_written(target: Path, old: bytes | None, new: bytes) -> bool:
    """Whether the file holds `new` already. Raises `NotWritten` where it is neither that nor `old`."""
    current = target.read_bytes() if target.exists() else None
    if current == new:
        return True
    if current != old:
        what = "a file of that name has appeared meanwhile" if old is None else "it changed while printlint was at work"
        raise NotWritten(f"{target}: not written, since {what}; run it again")
    if old is not None and not os.access(target, os.W_OK):
        raise PermissionError(13, "the file is read-only")
    return False


def _write_beside(target: Path, old: bytes | None, new: bytes) -> None:
    temporary = target.parent / f".{secrets.token_hex(8)}.printlint-tmp"
    try:
        with _opened(temporary) as (descriptor, named):
            _write_all(descriptor, new)
            if old is None:
                os.fchmod(descriptor, 0o666 & ~_umask())
            else:
                _copy_attributes(target, descriptor, temporary if named else _by_descriptor(descriptor))
            os.fsync(descriptor)
            if not _is_written(target, old, new):
                if not named:
                    _name(descriptor, temporary)
                os.replace(temporary, target)
            elif named:
                temporary.unlink()
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(target.parent)


@contextmanager
def _opened(temporary: Path) -> Iterator[tuple[int, bool]]:
    """The descriptor of a new file in a folder, and whether the file has its name already."""
    descriptor = _open_nameless(temporary.parent)
    named = descriptor is None
    if descriptor is None:
        descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        _lock(descriptor)
        yield descriptor, named
    finally:
        os.close(descriptor)


def _open_nameless(folder: Path) -> int | None:
    if hasattr(os, "O_TMPFILE") and _by_descriptor(0).parent.exists():
        with suppress(OSError):
            return os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o600)
    return None


def _by_descriptor(descriptor: int) -> Path:
    """The path that Linux gives an open file (proc_pid_fd(5))."""
    return Path(f"/proc/self/fd/{descriptor}")


def _name(descriptor: int, name: Path) -> None:
    """Give a nameless file its name, as open(2) has it. The folder's descriptor makes Python call linkat(2)."""
    folder = os.open(name.parent, os.O_RDONLY)
    try:
        os.link(_by_descriptor(descriptor), name.name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=True)
    finally:
        os.close(folder)


def _copy_attributes(source: Path, descriptor: int, target: Path) -> None:
    status = source.stat()
    with suppress(PermissionError):
        os.fchown(descriptor, status.st_uid, status.st_gid)
    shutil.copystat(source, target)
    os.fchmod(descriptor, stat.S_IMODE(status.st_mode))
    os.utime(descriptor)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _write_in_place(target: Path, old: bytes, new: bytes) -> None:
    """Overwrite a file from a child process in a session of its own, so that no kill of this one leaves half of it."""
    descriptor = os.open(target, os.O_RDWR)
    try:
        child = os.fork()
        if child == 0:  # pragma: no cover - another process
            os._exit(_overwrite_or_restore(descriptor, old, new))
        error = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    finally:
        os.close(descriptor)
    if error:
        raise OSError(error, os.strerror(error) if error > 0 else "the writing process was killed")


def _overwrite_or_restore(descriptor: int, old: bytes, new: bytes) -> int:
    """Write `new`, or `old` again if that fails. Returns 0 or the number of the error."""
    with suppress(OSError):
        os.setsid()
    try:
        if len(new) > len(old):
            os.posix_fallocate(descriptor, 0, len(new))  # a full disk shows before a byte is changed
        _overwrite(descriptor, new)
    except OSError as error:
        with suppress(OSError):
            _overwrite(descriptor, old)
        return error.errno or 1
    except BaseException:
        return 1
    return 0


def _overwrite(descriptor: int, data: bytes) -> None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    _write_all(descriptor, data)
    os.ftruncate(descriptor, len(data))
    os.fsync(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove_litter(folder: Path, *, wait: bool = False) -> None:
    """Remove what runs that were killed between naming and renaming a file have left in a folder.

    Files that are being written stay; `wait` waits for their writers instead.
    """
    with suppress(OSError):
        for name in filter(_TEMPORARY.fullmatch, os.listdir(folder)):
            with suppress(OSError):
                descriptor = os.open(folder / name, os.O_RDWR)
                try:
                    if _lock(descriptor, wait=wait):
                        os.unlink(folder / name)
                finally:
                    os.close(descriptor)


_remove_litter_once = lru_cache(maxsize=1024)(remove_litter)


def _lock(descriptor: int, *, wait: bool = False) -> bool:
    """Take the lock of a file, which its process holds to its end, however that comes."""
    try:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except (ImportError, OSError):
        return False
    return True
