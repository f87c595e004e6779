"""Files are replaced whole or not at all.

A new file is written beside the old one, brought to disk, given its owner, mode and extended attributes, and
renamed over it. A file with several hard links is written in place instead, since a rename would part them.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path


class NotWritten(Exception):
    """A file that could not be written and stands as it was; the message says why and what to do."""


def replace_file(path: Path, old: bytes | None, new: bytes) -> None:
    """Replace the contents of `path`, which must still be `old` (None: must not be there). Raises `NotWritten`."""
    target = Path(os.path.realpath(path))
    try:
        _check_unchanged(target, old)
        if old is not None and target.stat().st_nlink > 1:
            _write_in_place(target, old, new)
        else:
            _write_beside(target, old, new)
    except OSError as error:
        reason = error.strerror or str(error)
        raise NotWritten(f"{path}: not written ({reason}); the file stands as it was") from error


def _check_unchanged(target: Path, old: bytes | None) -> None:
    if old is None:
        if target.exists():
            raise NotWritten(f"{target}: not written, since a file of that name has appeared meanwhile")
        return
    if target.read_bytes() != old:
        raise NotWritten(f"{target}: not written, since it changed while printlint was at work; run it again")
    if not os.access(target, os.W_OK):
        raise PermissionError(13, "the file is read-only")


def _write_beside(target: Path, old: bytes | None, new: bytes) -> None:
    # No .py ending: nobody shall import or lint what is only half there.
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".printlint-tmp", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(new)
            file.flush()
            if old is None:
                os.fchmod(file.fileno(), 0o666 & ~_umask())
            else:
                _copy_attributes(target, temporary)
            os.fsync(file.fileno())
        if old is not None:
            _check_unchanged(target, old)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(target.parent)


def _copy_attributes(source: Path, target: Path) -> None:
    status = source.stat()
    with suppress(PermissionError):
        os.chown(target, status.st_uid, status.st_gid)
    shutil.copystat(source, target)
    os.chmod(target, stat.S_IMODE(status.st_mode))
    os.utime(target)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _write_in_place(target: Path, old: bytes, new: bytes) -> None:
    with target.open("r+b") as file:
        try:
            _overwrite(file.fileno(), new)
        except BaseException:
            _overwrite(file.fileno(), old)
            raise


def _overwrite(descriptor: int, data: bytes) -> None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    os.ftruncate(descriptor, len(data))
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
