"""What a run has seen of the disk, and whether it is still so: what the cache of `check` stands on.

Needs nothing but built-in modules, since a run whose answer is known should load nothing else.

Times are compared for being the same, never for which is later, so that a clock that is wrong does no harm. Of what
has changed just now (or in the future, by this machine's clock) the times prove nothing: a file system may give the
next change the same ones. There the contents are compared.
"""

from __future__ import annotations

import os
import time
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The coarsest steps that file systems count time in are 2 seconds (FAT).
_UNSURE_NS = 2_500_000_000

Signature = tuple[int, int, int, int]


def signature(path: str) -> Signature | None:
    """Times of change in nanoseconds, size in bytes and inode of a file or folder; None where there is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


class Seen:
    """Files that were read, folders that were listed, and paths that were asked for; all by absolute paths."""

    def __init__(self) -> None:
        self.signatures: dict[str, Signature | None] = {}
        self.contents: dict[str, int] = {}
        self.listings: dict[str, int | None] = {}
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
        return found is not None and max(found[0], found[1]) > time.time_ns() - _UNSURE_NS

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
    for path, old in signatures.items():
        try:
            now = stat(path)
        except (OSError, ValueError):
            if old is not None:
                return False
            continue
        if (now.st_mtime_ns, now.st_ctime_ns, now.st_size, now.st_ino) != old:
            return False
    return (
        all(os.path.isfile(path) is there for path, there in files.items())
        and all(os.path.exists(path) is there for path, there in paths.items())
        and all(_digest_of_file(path) == digest for path, digest in contents.items())
        and all(_digest_of_folder(path) == digest for path, digest in listings.items())
    )


def digest(data: bytes) -> int:
    """A number that tells contents apart."""
    return zlib.crc32(data) << 32 | len(data)


def listing_digest(names: list[str]) -> int:
    """A number that tells listings apart."""
    return digest("\0".join(sorted(names)).encode("utf-8", "surrogateescape"))


def _digest_of_file(path: str) -> int | None:
    try:
        with open(path, "rb") as file:
            return digest(file.read())
    except OSError:
        return None


def _digest_of_folder(path: str) -> int | None:
    try:
        return listing_digest(os.listdir(path))
    except OSError:
        return None
