"""The disk, as one run sees it. All that findings depend on is read here, so that a cache can know what that was.

What a run of `fix` has decided on takes precedence over the disk: facts across files have to see the rewrites of other
files before any of them is written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar, TypeVarTuple, cast

from printlint.cache.dependencies import SOURCE_LIMIT, Search, Seen, TooLarge, digest, listing_digest, read_regular
from printlint.run import current

T = TypeVar("T")
Given = TypeVarTuple("Given")

__all__ = ["SOURCE_LIMIT", "TooLarge"]

# The most bytes that a file that configures something may have.
CONFIG_LIMIT = 1_000_000


class _Disk:
    """What a run keeps of the disk itself: what it has seen, and the bytes that it has read last."""

    def __init__(self) -> None:
        self.seen: Seen | None = None
        self.known: Seen | None = None
        self.shares = True
        self.remembered: _Remembered | None = None


class _Remembered:
    """The files that were read last, up to a sum of bytes: a project's are read for themselves and for one another."""

    _LIMIT = 4_000_000
    _LIMIT_OF_THOROUGH = 64_000_000

    def __init__(self) -> None:
        self._limit = self._LIMIT_OF_THOROUGH if current().thorough else self._LIMIT
        self._files: dict[str, bytes] = {}
        self._sum = 0
        self._folder = f"{os.getcwd()}/"

    def read(self, path: str, limit: int, seen: Seen | None) -> bytes:
        """The bytes of a file. Raises OSError."""
        key = path if path.startswith("/") else self._folder + path
        data = self._files.get(key)
        if data is None or len(data) > limit:
            data = _read(path, limit, seen)
            self._sum += len(data)
            while self._sum > self._limit and self._files:
                oldest = next(iter(self._files))
                self._sum -= len(self._files.pop(oldest))
            self._files[key] = data
        return data


def _disk() -> _Disk:
    return current().part(_Disk)


def read(path: Path, limit: int = SOURCE_LIMIT) -> bytes:
    """The bytes that a file holds, or will hold. Raises OSError, `TooLarge` for more than `limit` bytes."""
    decided = current().decided
    data = decided.get(path.absolute()) if decided else None
    return read_present(str(path), limit) if data is None else data


def read_present(path: str, limit: int = SOURCE_LIMIT) -> bytes:
    """The bytes that a file holds by now, whatever was decided. Raises as `read` does."""
    if (seen := _shared()) is not None:
        seen.whole[seen.absolute(path)] = True
    return look(path, limit)


def look(path: str, limit: int = SOURCE_LIMIT) -> bytes:
    """The same for who knows what of it matters to the findings of other files, and notes that by itself."""
    try:
        return _looked(path, limit)
    except OSError:
        if (seen := _shared()) is not None:
            seen.whole[seen.absolute(path)] = True
        raise


def _looked(path: str, limit: int) -> bytes:
    overlay = current().overlay
    if overlay and (data := overlay.get(Path(path).absolute())) is not None:
        return data
    disk = _disk()
    if disk.remembered is not None:
        return disk.remembered.read(path, limit, disk.seen)
    return _read(path, limit, disk.seen)


def _read(path: str, limit: int, seen: Seen | None) -> bytes:
    if seen is None:
        return read_regular(path, limit)
    noted = seen.absolute(path)
    unsure = seen.touch(noted)
    data = read_regular(path, limit)
    if unsure:
        seen.contents.setdefault(noted, digest(data))
    return data


def found_in(path: str, find: Callable[[bytes, *Given], T], *given: *Given, decided: bool = False) -> T:
    """What a function of a module's finds in a file, as plain values. Raises OSError.

    The findings of other files depend on the answer alone, and not on all bytes of the file. With `decided`, it is that
    in what the file will hold.
    """
    seen = _shared()
    if seen is None:
        return find(read(Path(path)) if decided else look(path), *given)
    question = find.__module__, find.__qualname__, given
    key = question, seen.absolute(path)
    if key not in seen.answers:
        known = _disk().known
        if known is not None and key in known.answers:
            seen.answers[key] = known.answers[key]
        else:
            seen.answers[key] = find(look(path), *given)
    return cast("T", seen.answers[key])


def known_holders(search: Search) -> tuple[str, ...] | None:
    """The files that an earlier run has found to hold some words, where nothing has changed that."""
    seen, known = _shared(), _disk().known
    if seen is None or known is None or search not in known.holders:
        return None
    seen.holders[search] = known.holders[search]
    return known.holders[search][1]


def note_holders(search: Search, files: tuple[str, ...], holders: tuple[str, ...]) -> None:
    """Note which files, out of all that were looked through, hold some words."""
    if (seen := _shared()) is not None:
        seen.holders[search] = files, holders


def _shared() -> Seen | None:
    """Where to note what findings of more than one file depend on, if anywhere."""
    disk = _disk()
    return disk.seen if disk.shares else None


@contextmanager
def unshared() -> Iterator[None]:
    """Within, what is read has no say in the findings of any file."""
    disk = _disk()
    before, disk.shares = disk.shares, False
    try:
        yield
    finally:
        disk.shares = before


def use(known: Seen) -> None:
    """Take answers of an earlier run, which are still right."""
    _disk().known = known


@contextmanager
def remembering() -> Iterator[None]:
    """Read no file twice that was read a short time ago, in a run that writes none."""
    disk = _disk()
    before, disk.remembered = disk.remembered, _Remembered()
    try:
        yield
    finally:
        disk.remembered = before


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, with what is no UTF-8 replaced. Raises OSError, as `read` does."""
    return read(path, CONFIG_LIMIT).decode("utf-8", "replace")


def entries(folder: str) -> list[os.DirEntry[str]]:
    """What a folder holds, sorted by name. Raises OSError."""
    seen = _disk().seen
    unsure = seen is not None and seen.touch(seen.absolute(folder))
    found = sorted(os.scandir(folder), key=lambda entry: entry.name)
    if seen is not None:
        digest = listing_digest([entry.name for entry in found]) if unsure else None
        seen.listings.setdefault(seen.absolute(folder), digest)
    return found


def exists(path: Path | str) -> bool:
    """Whether there is such a path, or will be."""
    return _asked(path, os.path.exists, lambda seen: seen.paths)


def is_file(path: Path | str) -> bool:
    """Whether there is such a file, or will be."""
    return _asked(path, os.path.isfile, lambda seen: seen.files)


def _asked(path: Path | str, ask: Callable[[Path | str], bool], kept_in: Callable[[Seen], dict[str, bool]]) -> bool:
    """The answer to a question about a path, which the run depends on from now on."""
    if _is_decided(path):
        return True
    there = ask(path)
    if (seen := _disk().seen) is not None:
        kept_in(seen).setdefault(seen.absolute(str(path)), there)
    return there


def _is_decided(path: Path | str) -> bool:
    run = current()
    if not run.decided and not run.overlay:
        return False
    absolute = Path(path).absolute()
    return absolute in run.decided or absolute in run.overlay


def record() -> Seen:
    """Note from now on what the run sees, until `stop_recording`."""
    seen = _disk().seen = Seen()
    return seen


def recorded() -> Seen | None:
    """What was seen, or None where the recording was stopped."""
    return _disk().seen


def take() -> Seen:
    """What was seen since the last call."""
    seen = recorded()
    return seen.take() if seen is not None else Seen()


def merge(more: Seen) -> None:
    """Note what another process has seen."""
    if (seen := recorded()) is not None:
        seen.merge(more)


def stop_recording() -> None:
    """Note nothing more."""
    _disk().seen = None
