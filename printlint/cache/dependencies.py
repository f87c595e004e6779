"""The files that the outcome of a run depends on, and whether they have changed: the basis of the cache of `check`.

Imports only built-in modules, since a cached run should load nothing else.

Times are compared for equality, never for order, so that a wrong clock does no harm. For files that have just been
changed (or have a time in the future, by the clock of this machine) an equal time proves nothing: a file system with
coarse times may give the next change the same one. For those, the contents are compared.
"""

from __future__ import annotations

import errno
import os
import stat
import time

try:
    from _blake2 import blake2b as blake2b  # `hashlib` also loads OpenSSL: 8 ms, half the time of a cached run
except ImportError:
    from hashlib import blake2b as blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# FAT has the coarsest times of all file systems: 2 seconds.
_UNSURE_NS = 2_500_000_000

DIGEST_BYTES = 16

Signature = tuple[int, int, int, int]
_ABSENT = (-1, -1, -1, -1)
_LARGEST_INODE = 2**63 - 1  # the largest signed 64-bit number, for `array`; a few file systems use larger inodes

# The largest source file in bytes. The largest ones in well-known packages have 4 MB; a tree takes up to a hundred
# times the memory of its source.
SOURCE_LIMIT = 10_000_000
_CHUNK = 1_000_000
# Open without waiting for a writer and without making a terminal the controlling one: the file may have been replaced
# by a pipe or a terminal since the check.
_OPENING: int = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"))


def signature(path: str) -> Signature:
    """Times of modification and change in nanoseconds, size in bytes, and inode; all -1 if the path does not exist."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return _ABSENT
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino & _LARGEST_INODE


# A search through the files of a project: the words that are looked for, and what else tells it from others.
Search = tuple[tuple[bytes, ...], tuple[object, ...]]
# A question about a file: the module and name of the function that answers it, and its further arguments.
Question = tuple[str, str, tuple[object, ...]]


class Seen:
    """Files that were read, folders that were listed, and paths whose existence was tested; all by absolute path.

    Beside what was read, it says what was made of it for other files than itself: all bytes may count (`whole`), or
    only what a function found in them (`answers`), or which files hold some words, out of all of a project (`holders`).
    """

    def __init__(self) -> None:
        self.signatures: dict[str, Signature] = {}
        self.contents: dict[str, bytes] = {}
        self.listings: dict[str, bytes | None] = {}
        self.files: dict[str, bool] = {}
        self.paths: dict[str, bool] = {}
        self.whole: dict[str, bool] = {}
        self.answers: dict[tuple[Question, str], Any] = {}
        self.holders: dict[Search, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._here = os.getcwd()

    def absolute(self, path: str) -> str:
        """A path as it is recorded."""
        if os.path.isabs(path):
            return path
        path = path.removeprefix(f".{os.sep}")
        return os.path.join(self._here, path) if path not in ("", ".") else self._here

    def touch(self, path: str) -> bool:
        """Record a file or folder before it is read. Returns whether its contents have to be recorded too."""
        if path in self.signatures:
            return path in self.contents or self.listings.get(path) is not None
        found = self.signatures[path] = signature(path)
        return max(found[0], found[1]) > time.time_ns() - _UNSURE_NS

    def cover(self, path: str) -> None:
        """Record a path of the command line that was not read: a change may make it relevant."""
        self.signatures.setdefault(self.absolute(path), signature(path))

    def merge(self, other: Seen) -> None:
        """Add what another process has seen; earlier entries are kept."""
        for own, more in zip(self.parts(), other.parts(), strict=True):
            for path, value in more.items():
                own.setdefault(path, value)

    def take(self) -> Seen:
        """Return what was seen since the last call, and remove it from this object."""
        new = Seen()
        for own, more in zip(self.parts(), new.parts(), strict=True):
            more.update(own)
            own.clear()
        return new

    def parts(self) -> tuple[dict[Any, Any], ...]:
        """All that was seen."""
        seen = self.signatures, self.contents, self.listings, self.files, self.paths
        return *seen, self.whole, self.answers, self.holders

    def dump(self) -> tuple[dict[str, Any], ...]:
        """The same as plain values, for `is_current`. A listed folder covers the paths in it."""
        contents = self.contents
        listings = {path: digest for path, digest in self.listings.items() if digest is not None}
        signatures = {
            path: found for path, found in self.signatures.items() if path not in contents and path not in listings
        }
        files, paths = (
            {path: there for path, there in asked.items() if not self._is_implied(path)}
            for asked in (self.files, self.paths)
        )
        return signatures, contents, listings, files, paths

    def _is_implied(self, path: str) -> bool:
        """Whether a path cannot appear or disappear without a change of a listed folder."""
        folder = os.path.dirname(path)
        if folder in self.listings:
            return not os.path.islink(path)
        return folder != path and not os.path.lexists(folder) and self._is_implied(folder)


def is_current(dumped: tuple[dict[str, Any], ...]) -> bool:
    """Whether nothing that was seen has changed."""
    signatures, contents, listings, files, paths = dumped
    stat = os.stat
    for path, old in signatures.items():  # `signature`, but thousands of times
        try:
            now = stat(path)
        except (OSError, ValueError):
            if old != _ABSENT:
                return False
            continue
        if old != (now.st_mtime_ns, now.st_ctime_ns, now.st_size, now.st_ino & _LARGEST_INODE):
            return False
    return (
        all(os.path.isfile(path) is there for path, there in files.items())
        and all(os.path.exists(path) is there for path, there in paths.items())
        and all(digest_of_file(path) == digest for path, digest in contents.items())
        and all(_digest_of_folder(path) == digest for path, digest in listings.items())
    )


def digest(data: bytes) -> bytes:
    """A cryptographic digest of contents, so that nobody can construct two files with the same one."""
    return blake2b(data, digest_size=DIGEST_BYTES).digest()


def listing_digest(names: list[str]) -> bytes:
    """A digest of the names in a folder, in any order."""
    return digest("\0".join(sorted(names)).encode("utf-8", "surrogateescape"))


def digest_of_file(path: str) -> bytes | None:
    """The digest of what a file holds; None where it cannot be read."""
    try:
        return digest(read_regular(path, SOURCE_LIMIT))
    except OSError:
        return None


def _digest_of_folder(path: str) -> bytes | None:
    try:
        return listing_digest(os.listdir(path))
    except OSError:
        return None


class TooLarge(OSError):
    """A file with more bytes than its kind may have."""


def read_regular(path: str, limit: int) -> bytes:
    """The bytes of a regular file, through links. Raises OSError for anything else, which is not even opened.

    A file may grow, shrink or be replaced while it is read: the bytes are those of one open file, and never more than
    `limit`. Raises `TooLarge`.
    """
    _check_regular(os.stat(path), path)
    descriptor = os.open(path, _OPENING)
    try:
        status = os.fstat(descriptor)
        _check_regular(status, path)
        data = os.read(descriptor, min(status.st_size, limit) + 1)
        while len(data) <= limit and (more := os.read(descriptor, _CHUNK)):
            data += more
    finally:
        os.close(descriptor)
    if len(data) > limit:
        raise TooLarge(errno.EFBIG, f"larger than {limit // 1_000_000} MB", path)
    return data


def _check_regular(status: os.stat_result, path: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", path)
