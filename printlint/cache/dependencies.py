"""What a run has seen of the disk, and whether it is still so: what the cache of `check` stands on.

Needs nothing but built-in modules, since a run whose answer is known should load nothing else.

Times are compared for being the same, never for which is later, so that a clock that is wrong does no harm. Of what
has changed just now (or in the future, by this machine's clock) the times prove nothing: a file system may give the
next change the same ones. There the contents are compared.
"""

from __future__ import annotations

import errno
import os
import stat
import time

try:
    from _blake2 import blake2b as blake2b  # `hashlib` loads OpenSSL as well: 8 ms, half of what a known run takes
except ImportError:
    from hashlib import blake2b as blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The coarsest steps that file systems count time in are 2 seconds (FAT).
_UNSURE_NS = 2_500_000_000

DIGEST_BYTES = 16

Signature = tuple[int, int, int, int]
_ABSENT = (-1, -1, -1, -1)
_LARGEST_INODE = 2**63 - 1  # what 64 bits with a sign hold; a few file systems use more

# The most bytes that a source may have. The largest sources that are installed with known packages have 4 MB; a tree
# takes up to a hundred times its source's size in memory.
SOURCE_LIMIT = 10_000_000
_CHUNK = 1_000_000
# An open that never waits for a writer nor takes over a terminal, should a file become one after it was looked at.
_OPENING: int = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"))


def signature(path: str) -> Signature:
    """Times of change in nanoseconds, size in bytes and inode of a file or folder; each -1 where there is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return _ABSENT
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino & _LARGEST_INODE


class Seen:
    """Files that were read, folders that were listed, and paths that were asked for; all by absolute paths."""

    def __init__(self) -> None:
        self.signatures: dict[str, Signature] = {}
        self.contents: dict[str, bytes] = {}
        self.listings: dict[str, bytes | None] = {}
        self.files: dict[str, bool] = {}
        self.paths: dict[str, bool] = {}
        self._here = os.getcwd()

    def absolute(self, path: str) -> str:
        """A path as it is noted."""
        if os.path.isabs(path):
            return path
        path = path.removeprefix(f".{os.sep}")
        return os.path.join(self._here, path) if path not in ("", ".") else self._here

    def touch(self, path: str) -> bool:
        """Note a file or folder before it is read. Whether its contents have to be noted, too."""
        if path in self.signatures:
            return path in self.contents or self.listings.get(path) is not None
        found = self.signatures[path] = signature(path)
        return max(found[0], found[1]) > time.time_ns() - _UNSURE_NS

    def cover(self, path: str) -> None:
        """Note what the user has named, though nothing of it was read: it may become what is."""
        self.signatures.setdefault(self.absolute(path), signature(path))

    def merge(self, other: Seen) -> None:
        """Take in what another process has seen; what was seen first counts."""
        for own, more in zip(self._parts(), other._parts(), strict=True):
            for path, value in more.items():
                own.setdefault(path, value)

    def take(self) -> Seen:
        """What was seen since the last call, which is forgotten here."""
        new = Seen()
        for own, more in zip(self._parts(), new._parts(), strict=True):
            more.update(own)
            own.clear()
        return new

    def _parts(self) -> tuple[dict[str, Any], ...]:
        return self.signatures, self.contents, self.listings, self.files, self.paths

    def dump(self) -> tuple[dict[str, Any], ...]:
        """The same as plain values, for `is_current`. A folder that was listed answers for what it holds."""
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
        """Whether a path cannot come or go without a change of a folder that was listed."""
        folder = os.path.dirname(path)
        if folder in self.listings:
            return not os.path.islink(path)
        return folder != path and not os.path.lexists(folder) and self._is_implied(folder)


def is_current(dumped: tuple[dict[str, Any], ...]) -> bool:
    """Whether the disk is as it was seen."""
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
        and all(_digest_of_file(path) == digest for path, digest in contents.items())
        and all(_digest_of_folder(path) == digest for path, digest in listings.items())
    )


def digest(data: bytes) -> bytes:
    """What tells contents apart, also those that somebody has made to look alike."""
    return blake2b(data, digest_size=DIGEST_BYTES).digest()


def listing_digest(names: list[str]) -> bytes:
    """What tells listings apart."""
    return digest("\0".join(sorted(names)).encode("utf-8", "surrogateescape"))


def _digest_of_file(path: str) -> bytes | None:
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

    A file may grow, shrink or become another while it is read: what comes is what one open file gave, and never more
    than `limit` bytes.
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
