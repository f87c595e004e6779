"""A folder in which files are opened, replaced and removed, and what the operating systems differ in there.

Where the system can (POSIX: the `…at` calls), a folder is held open, so that what is done in it is done there, whatever
becomes of its path meanwhile. Nothing here follows a link that has a file's name.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

# Windows would write "\r\n" for "\n" without O_BINARY. Opening a FIFO would wait for its other end without O_NONBLOCK.
_ALWAYS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
HOLDS_FOLDERS = hasattr(os, "O_NOFOLLOW") and {os.open, os.stat, os.unlink, os.rename} <= os.supports_dir_fd
HAS_LOCKS = fcntl is not None
# Windows renames no file that is open.
RENAMES_OPEN_FILES = os.name != "nt"
# There, virus scanners and indexers hold files open for a moment, and a rename over one fails meanwhile.
PAUSES_S: Sequence[float] = (0.02, 0.05, 0.1, 0.2, 0.4) if os.name == "nt" else ()


class Folder:
    """A folder by its path and, where it is held open, by its descriptor. All names are those of files right in it."""

    def __init__(self, path: Path, descriptor: int | None = None) -> None:
        self.path = path
        self.descriptor = descriptor

    @classmethod
    def of(cls, path: Path) -> tuple[Folder, str]:
        """The folder that a file is in, with all links followed, and the file's name there."""
        real = Path(os.path.realpath(path))
        return cls(real.parent), real.name

    @classmethod
    def below(cls, tree: Path, parts: Sequence[str]) -> Folder:
        """The folder that names lead to from `tree`, a real path, through no link. Raises OSError."""
        path = tree.joinpath(*parts)
        if not all(part and part not in (os.curdir, os.pardir) and os.sep not in part for part in parts):
            raise OSError(errno.EINVAL, "invalid path", str(path))
        if not HOLDS_FOLDERS:
            if os.path.realpath(path) != str(path):
                raise OSError(errno.ELOOP, "a parent folder is a link", str(path))
            return cls(path)
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
        descriptor = os.open(tree, flags)
        for part in parts:
            above = descriptor
            try:
                descriptor = os.open(part, flags, dir_fd=above)
            except OSError as error:
                if error.errno in (errno.ELOOP, errno.ENOTDIR):
                    raise OSError(error.errno, "a parent folder is a link", str(path)) from None
                raise
            finally:
                os.close(above)
        return cls(path, descriptor)

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self.descriptor is not None:
            os.close(self.descriptor)

    def at(self, name: str) -> str:
        """What a system call takes for a file, along with the descriptor."""
        return name if self.descriptor is not None else str(self.path / name)

    def status(self, name: str) -> os.stat_result | None:
        """What the system knows of a name, which may be a link's; None where there is no such. Raises OSError."""
        try:
            return os.stat(self.at(name), dir_fd=self.descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def open(self, name: str, flags: int, mode: int = 0o600) -> int:
        """The descriptor of a file, through no link. Raises OSError."""
        return os.open(self.at(name), flags | _ALWAYS, mode, dir_fd=self.descriptor)

    def open_present(self, name: str, flags: int = os.O_RDONLY) -> int:
        """The descriptor of a file that is there and regular: a device is not even opened. Raises OSError."""
        status = os.stat(self.at(name), dir_fd=self.descriptor, follow_symlinks=False)
        if stat.S_ISREG(status.st_mode):
            descriptor = self.open(name, flags)
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                return descriptor
            os.close(descriptor)
        raise OSError(errno.EINVAL, "it is not a regular file", str(self.path / name))

    def read(self, name: str) -> bytes | None:
        """The bytes of a regular file; None where there is none. Raises OSError."""
        try:
            descriptor = self.open_present(name)
        except FileNotFoundError:
            return None
        with open(descriptor, "rb") as file:
            return file.read()

    def is_writable(self, name: str) -> bool:
        """Whether the file's mode lets this user write it."""
        return os.access(self.at(name), os.W_OK, dir_fd=self.descriptor)

    def replace(self, source: str, target: str) -> None:
        """Rename over what may be there. Raises OSError."""
        for pause_s in PAUSES_S:
            with suppress(PermissionError):
                return self._replace(source, target)
            time.sleep(pause_s)
        self._replace(source, target)

    def _replace(self, source: str, target: str) -> None:
        os.replace(self.at(source), self.at(target), src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)

    def remove(self, name: str) -> None:
        """Remove a file. Raises OSError."""
        os.unlink(self.at(name), dir_fd=self.descriptor)

    def names(self) -> list[str]:
        """What is in the folder. Raises OSError."""
        return os.listdir(self.path if self.descriptor is None else self.descriptor)

    def sync(self) -> None:
        """Bring names to disk, where the system can open folders (Windows cannot, and writes them down by itself)."""
        with suppress(OSError):
            descriptor = os.open(self.at(os.curdir), os.O_RDONLY, dir_fd=self.descriptor)
            try:
                sync(descriptor)
            finally:
                os.close(descriptor)


def sync(descriptor: int) -> None:
    """Bring a file to disk. Raises OSError.

    On macOS `fsync` ends at the drive's own cache, and F_FULLFSYNC goes on (fsync(2) and fcntl(2) there), where the
    file system has it.
    """
    if hasattr(fcntl, "F_FULLFSYNC"):
        with suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def lock(descriptor: int, *, wait: bool = False) -> bool:
    """Take the lock of a file, which its process holds to its end, however that comes. Raises OSError.

    False where another process holds it, and where the system has no such locks.
    """
    if fcntl is None:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True
