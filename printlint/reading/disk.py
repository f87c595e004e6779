"""The disk, as one run sees it. All that findings depend on is read here, so that a cache can know what that was.

What a run of `fix` has decided on stands before what is on disk: facts across files have to see the rewrites of other
files before any of them is written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from printlint.cache.dependencies import SOURCE_LIMIT, Seen, TooLarge, digest, listing_digest, read_regular

__all__ = ["SOURCE_LIMIT", "TooLarge"]

# The most bytes that a file that configures something may have.
CONFIG_LIMIT = 1_000_000

_decided: dict[Path, bytes] = {}
_seen: Seen | None = None


def read(path: Path, limit: int = SOURCE_LIMIT) -> bytes:
    """The bytes that a file holds, or will hold. Raises OSError, `TooLarge` for more than `limit` bytes."""
    decided = _decided.get(path.absolute()) if _decided else None
    return read_present(str(path), limit) if decided is None else decided


def read_present(path: str, limit: int = SOURCE_LIMIT) -> bytes:
    """The bytes that a file holds on disk, whatever was decided. Raises OSError, as `read` does."""
    if _remembered is not None:
        return _remembered.read(path, limit)
    return _read(path, limit)


def _read(path: str, limit: int) -> bytes:
    if _seen is None:
        return read_regular(path, limit)
    noted = _seen.absolute(path)
    unsure = _seen.touch(noted)
    data = read_regular(path, limit)
    if unsure:
        _seen.contents.setdefault(noted, digest(data))
    return data


class _Remembered:
    """The files that were read last, up to a sum of bytes: a project's are read for themselves and for one another."""

    _LIMIT = 4_000_000

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}
        self._sum = 0
        self._folder = f"{os.getcwd()}/"

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of a file. Raises OSError."""
        key = path if path.startswith("/") else self._folder + path
        data = self._files.get(key)
        if data is None or len(data) > limit:
            data = _read(path, limit)
            self._sum += len(data)
            while self._sum > self._LIMIT and self._files:
                oldest = next(iter(self._files))
                self._sum -= len(self._files.pop(oldest))
            self._files[key] = data
        return data


_remembered: _Remembered | None = None


@contextmanager
def remembering() -> Iterator[None]:
    """Read no file twice that was read a short time ago, in a run that writes none."""
    global _remembered
    before, _remembered = _remembered, _Remembered()
    try:
        yield
    finally:
        _remembered = before


def read_text(path: Path, limit: int = CONFIG_LIMIT) -> str:
    """The text of a file in UTF-8, with what is no UTF-8 replaced. Raises OSError, as `read` does."""
    return read(path, limit).decode("utf-8", "replace")


def entries(folder: str) -> list[os.DirEntry[str]]:
    """What a folder holds, sorted by name. Raises OSError."""
    unsure = _seen is not None and _seen.touch(_seen.absolute(folder))
    found = sorted(os.scandir(folder), key=lambda entry: entry.name)
    if _seen is not None:
        digest = listing_digest([entry.name for entry in found]) if unsure else None
        _seen.listings.setdefault(_seen.absolute(folder), digest)
    return found


def exists(path: Path | str) -> bool:
    """Whether there is such a path, or will be."""
    return _asked(path, os.path.exists, _seen.paths if _seen is not None else None)


def is_file(path: Path | str) -> bool:
    """Whether there is such a file, or will be."""
    return _asked(path, os.path.isfile, _seen.files if _seen is not None else None)


def _asked(path: Path | str, test: Callable[[Path | str], bool], noted: dict[str, bool] | None) -> bool:
    if _decided and Path(path).absolute() in _decided:
        return True
    there = test(path)
    if _seen is not None and noted is not None:
        noted.setdefault(_seen.absolute(str(path)), there)
    return there


def record() -> Seen:
    """Note from now on what is seen, until `stop_recording`."""
    global _seen
    _seen = Seen()
    return _seen


def recorded() -> Seen | None:
    """What was seen, or None where the recording was stopped."""
    return _seen


def take() -> Seen:
    """What was seen since the last call."""
    return _seen.take() if _seen is not None else Seen()


def merge(seen: Seen) -> None:
    """Note what another process has seen."""
    if _seen is not None:
        _seen.merge(seen)


def stop_recording() -> None:
    """Note nothing more."""
    global _seen
    _seen = None


def decide(path: Path, data: bytes) -> None:
    """From now on, `path` holds `data` for whoever reads it here."""
    _decided[path.absolute()] = data


def forget_decisions() -> None:
    """What is on disk counts again."""
    _decided.clear()
