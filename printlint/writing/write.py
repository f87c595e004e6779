"""Files are replaced whole or not at all, whatever ends the process in the middle.

A new file is written without a name where the system can do that (Linux: `O_TMPFILE`, open(2)), brought to disk, given
the old one's owner, mode and extended attributes, then named and renamed over it in two system calls: nothing is left
behind by a kill before these. A file with several hard links is written in place instead, since a rename would part
them, and by a process of its own, which a signal to this one does not reach.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from printlint.names.layout import project_root
from printlint.run import once_a_run
from printlint.writing import folder as system
from printlint.writing.folder import Folder, lock, sync
from printlint.writing.state import NoState, key, signature

# No .py ending: nobody shall import or lint what is only half there. Whoever writes the file holds a lock on it.
_TEMPORARY = re.compile(r"\.([0-9a-f]{16})([0-9a-f]{16})\.printlint-tmp")


class NotWritten(Exception):
    """A file that could not be written and is as it was; the message says why and what to do."""


def replace_file(path: Path, old: bytes | None, new: bytes) -> None:
    """Replace the contents of `path`, which must still be `old` (None: must not be there). Raises `NotWritten`.

    A file that holds `new` already, through another of its names or another run, is fine as it is. A link is followed
    to a file that is there; no file is made through one.
    """
    if old is None and os.path.islink(path):
        raise NotWritten(f"{path}: not written, since it is a link to {os.path.realpath(path)}")
    replace_in(*Folder.of(path), old, new, path)


def replace_in(folder: Folder, name: str, old: bytes | None, new: bytes, shown: Path | None = None) -> None:
    """The same for a file in a folder, which is no link; `shown` is what messages call it. Raises `NotWritten`."""
    try:
        if _is_written(folder, name, old, new):
            return
        _remove_litter_once(folder.path)
        status = folder.status(name)
        if old is not None and status is not None and status.st_nlink > 1:
            _write_in_place(folder, name, old, new)
        else:
            _write_beside(folder, name, old, new)
    except OSError as error:
        reason = error.strerror or str(error)
        raise NotWritten(f"{shown or folder.path / name}: not written ({reason}); the file is as it was") from error


def _is_written(folder: Folder, name: str, old: bytes | None, new: bytes) -> bool:
    """Whether the file holds `new` already. Raises `NotWritten` where it is neither that nor `old`."""
    current = folder.read(name)
    if current == new:
        return True
    if current != old:
        what = "a file of that name has appeared meanwhile" if old is None else "it changed while printlint was running"
        raise NotWritten(f"{folder.path / name}: not written, since {what}; run it again")
    if old is not None and not folder.is_writable(name):
        raise PermissionError(errno.EACCES, "the file is read-only")
    return False


def _write_beside(folder: Folder, name: str, old: bytes | None, new: bytes) -> None:
    temporary = _Temporary(folder)
    try:
        descriptor = temporary.open()
        _write_all(descriptor, new)
        if old is not None:
            _copy_attributes(folder, name, temporary)
        else:
            _set_mode(temporary, 0o666 & ~_umask())
        sync(descriptor)
        if not _is_written(folder, name, old, new):
            temporary.rename_to(name)
    finally:
        temporary.discard()
    folder.sync()


class _Temporary:
    """A new file in a folder that is to take another's place. Its own name it gets only on the way there, if it can."""

    def __init__(self, folder: Folder) -> None:
        self.descriptor = -1
        self._folder = folder
        self._name = _temporary_name(folder.path)
        self._is_named = self._is_settled = False

    def open(self) -> int:
        """Open it for writing, under a lock which tells whoever finds it that it is being written. Raises OSError."""
        nameless = _open_nameless(self._folder)
        self._is_named = nameless is None
        if nameless is None:
            self.descriptor = self._folder.open(self._name, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        else:
            self.descriptor = nameless
        with suppress(OSError):  # not every file system has locks
            lock(self.descriptor)
        return self.descriptor

    @property
    def path(self) -> Path:
        """A path that leads to it."""
        return self._folder.path / self._name if self._is_named else _by_descriptor(self.descriptor)

    def rename_to(self, name: str) -> None:
        """Put it in a file's place. Raises OSError."""
        if not self._is_named:
            _name(self.descriptor, self._folder, self._name)
        if not system.RENAMES_OPEN_FILES:
            self._close()
        self._folder.replace(self._name, name)
        self._is_settled = True

    def discard(self) -> None:
        """Close it, and leave nothing of it unless it has taken its place."""
        self._close()
        if not self._is_settled:
            with suppress(OSError):
                self._folder.remove(self._name)

    def _close(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


def _open_nameless(folder: Folder) -> int | None:
    if hasattr(os, "O_TMPFILE") and _by_descriptor(0).parent.exists():
        with suppress(OSError):
            return os.open(folder.at(os.curdir), os.O_TMPFILE | os.O_WRONLY, 0o600, dir_fd=folder.descriptor)
    return None


def _by_descriptor(descriptor: int) -> Path:
    """The path that Linux gives an open file (proc_pid_fd(5))."""
    return Path(f"/proc/self/fd/{descriptor}")


def _name(descriptor: int, folder: Folder, name: str) -> None:
    """Give a nameless file its name, as open(2) has it. The folder's descriptor makes Python call linkat(2)."""
    at = folder.descriptor if folder.descriptor is not None else os.open(folder.path, os.O_RDONLY)
    try:
        os.link(_by_descriptor(descriptor), name, src_dir_fd=at, dst_dir_fd=at, follow_symlinks=True)
    finally:
        if at != folder.descriptor:
            os.close(at)


def _copy_attributes(folder: Folder, name: str, temporary: _Temporary) -> None:
    source = folder.open_present(name)
    try:
        status = os.fstat(source)
        if hasattr(os, "fchown"):
            with suppress(PermissionError):
                os.fchown(temporary.descriptor, status.st_uid, status.st_gid)
        if hasattr(os, "listxattr"):
            _copy_extended_attributes(source, temporary.descriptor)
        else:
            shutil.copystat(folder.path / name, temporary.path)
            os.utime(temporary.path)
    finally:
        os.close(source)
    _set_mode(temporary, stat.S_IMODE(status.st_mode))


# What a file system answers that has no such attributes, or keeps these for others.
_NO_ATTRIBUTE = (errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.ENODATA, errno.EINVAL)


def _copy_extended_attributes(source: int, target: int) -> None:
    try:
        names = os.listxattr(source)
    except OSError as error:
        if error.errno not in _NO_ATTRIBUTE:
            raise
        return
    for name in names:
        try:
            os.setxattr(target, name, os.getxattr(source, name))
        except OSError as error:
            if error.errno not in _NO_ATTRIBUTE:
                raise


def _set_mode(temporary: _Temporary, mode: int) -> None:
    if hasattr(os, "fchmod"):
        os.fchmod(temporary.descriptor, mode)
    else:
        os.chmod(temporary.path, mode)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _write_in_place(folder: Folder, name: str, old: bytes, new: bytes) -> None:
    """Overwrite a file from a child process in a session of its own, so that no kill of this one leaves half of it.

    Without `fork` (Windows) this process does it: only what makes writing fail is made good.
    """
    descriptor = folder.open_present(name, os.O_RDWR)
    try:
        if not hasattr(os, "fork"):
            error = _overwrite_or_restore(descriptor, old, new)
        else:
            child = os.fork()
            if child == 0:  # pragma: no cover - another process
                os._exit(_overwrite_or_restore(descriptor, old, new, os.setsid))
            error = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    finally:
        os.close(descriptor)
    if error:
        raise OSError(error, os.strerror(error) if error > 0 else "the writing process was killed")


def _overwrite_or_restore(descriptor: int, old: bytes, new: bytes, leave: Callable[[], None] = lambda: None) -> int:
    """Write `new`, or `old` again if that fails. Returns 0 or the number of the error."""
    with suppress(OSError):
        leave()
    try:
        _append(descriptor, len(old), new[len(old) :])
        _overwrite(descriptor, new)
    except OSError as error:
        with suppress(OSError):
            _overwrite(descriptor, old)
        return error.errno or 1
    except BaseException:
        with suppress(OSError):
            _overwrite(descriptor, old)
        return errno.EINTR
    return 0


def _append(descriptor: int, end: int, data: bytes) -> None:
    """Write what lies beyond the end of a file first: a full disk shows before a byte is changed."""
    if data:
        os.lseek(descriptor, end, os.SEEK_SET)
        _write_all(descriptor, data)
        sync(descriptor)


def _overwrite(descriptor: int, data: bytes) -> None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    _write_all(descriptor, data)
    os.ftruncate(descriptor, len(data))
    sync(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _temporary_name(folder: Path) -> str:
    """A new name that only this user's runs can tell from one that somebody has put into a repository."""
    nonce = secrets.token_hex(8)
    return f".{nonce}{_mark(folder, nonce) or secrets.token_hex(8)}.printlint-tmp"


def _is_own(folder: Path, name: str) -> bool:
    """Whether a temporary file's name was made by this user for this folder."""
    match = _TEMPORARY.fullmatch(name)
    return match is not None and match[2] == _mark(folder, match[1])


def _mark(folder: Path, nonce: str) -> str | None:
    secret = _secret(folder)
    return signature(secret, "temporary file", os.fsencode(folder / nonce))[:16] if secret else None


@once_a_run(most=1024)
def _secret(folder: Path) -> bytes | None:
    """The user's key, unless it lies in the project that the folder is in."""
    try:
        return key(project_root(folder) or folder)
    except NoState:
        return None


def remove_litter(folder: Folder, *, wait: bool = False) -> None:
    """Remove what this user's runs that were killed between naming and renaming a file have left in a folder.

    Files that are being written stay; `wait` waits for their writers instead.
    """
    with suppress(OSError):
        for name in folder.names():
            if _is_own(folder.path, name):
                with suppress(OSError):
                    _remove_unlocked(folder, name, wait)


def _remove_unlocked(folder: Folder, name: str, wait: bool) -> None:
    if not system.HAS_LOCKS:  # an open file cannot be removed there
        return folder.remove(name)
    descriptor = folder.open_present(name, os.O_RDWR)
    try:
        if lock(descriptor, wait=wait):
            folder.remove(name)
    finally:
        os.close(descriptor)


@once_a_run(most=1024)
def _remove_litter_once(folder: Path) -> None:
    remove_litter(Folder(folder))
