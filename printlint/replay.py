"""The cache of `check`: what a run wrote, written again while everything that the run had seen is as it was.

One file for each folder that `check` is run in, in the user's cache folder (`PRINTLINT_CACHE_DIR` names another). It
holds the last few runs by their arguments. Needs nothing but built-in modules, as `seen.py` does.

A run's file is replaced whole, so that runs side by side lose an entry at worst. What cannot be read, is damaged, or
was written by another printlint or Python is no cache; where none can be written there is none.
"""

from __future__ import annotations

import gc
import marshal
import os
import sys
import zlib

from printlint import __version__
from printlint.seen import Seen, is_current, signature

_MAGIC = b"printlint cache 1\n"
_RUNS = 8


# What a run wrote on its two streams, and its exit status.
Outcome = tuple[str, str, int]


def known_outcome(arguments: list[str]) -> Outcome | None:
    """The outcome of a run with the same arguments in this folder, if it would be the same today."""
    if "--no-cache" in arguments:
        return None
    gc.disable()  # thousands of small tuples are about to be made
    key = _key(arguments)
    for found in _packed_runs(_cache_file(), _digest(key)).values():
        kept, seen, outcome = marshal.loads(found)
        if kept == key and is_current(seen):
            return outcome  # type: ignore[no-any-return]
    gc.enable()
    return None


def store(arguments: list[str], seen: Seen, outcome: Outcome) -> None:
    """Keep an outcome. Does nothing where it cannot be written."""
    path, key = _cache_file(), _key(arguments)
    runs = _packed_runs(path)
    runs.pop(_digest(key), None)
    runs[_digest(key)] = marshal.dumps((key, seen.dump(), outcome))  # type: ignore[arg-type]
    kept = list(runs.items())[-_RUNS:]
    index = marshal.dumps([(digest, len(run), zlib.crc32(run)) for digest, run in kept])
    head = b"%s%08x%08x\n" % (_MAGIC, len(index), zlib.crc32(index))
    temporary = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(temporary, "wb") as file:
            file.writelines([head, index, *(run for _, run in kept)])
        os.replace(temporary, path)
    except OSError:
        from contextlib import suppress

        with suppress(OSError):
            os.remove(temporary)


def _packed_runs(path: str, wanted: int | None = None) -> dict[int, bytes]:
    """The runs of a cache file (or just the wanted one), each still packed, by the digests of their keys.

    A run that is damaged is left out; of a file whose index is damaged, all are.
    """
    try:
        with open(path, "rb") as file:
            head = file.read(len(_MAGIC) + 17)
            index = file.read(int(head[len(_MAGIC) : -9], 16)) if head.startswith(_MAGIC) else b""
            if head[-9:] != b"%08x\n" % zlib.crc32(index):
                return {}
            runs = {}
            for digest, size, check in marshal.loads(index):
                if wanted is not None and digest != wanted:
                    file.seek(size, os.SEEK_CUR)
                elif zlib.crc32(run := file.read(size)) == check:
                    runs[digest] = run
            return runs
    except (OSError, EOFError, ValueError, TypeError):  # no file, no index, or another Python's
        return {}


def _digest(key: tuple[object, ...]) -> int:
    return zlib.crc32(repr(key).encode("utf-8", "surrogateescape"))


def _key(arguments: list[str]) -> tuple[object, ...]:
    """What an outcome depends on beside the disk."""
    colour = sys.stdout.isatty() and (os.environ.get("NO_COLOR", ""), os.environ.get("TERM", ""))
    return __version__, _code(), sys.version, os.getcwd(), tuple(arguments), colour


def _code() -> tuple[object, ...]:
    """What tells one state of printlint's own code from another, where somebody works on it."""
    package = os.path.dirname(os.path.abspath(__file__))
    if f"{os.sep}site-packages{os.sep}" in package:
        return ()
    return tuple(
        signature(os.path.join(folder, name))
        for folder, _, names in sorted(os.walk(package))
        for name in sorted(names)
        if name.endswith(".py")
    )


def _cache_file() -> str:
    folder = os.environ.get("PRINTLINT_CACHE_DIR") or os.path.join(_user_caches(), "printlint")
    here = os.getcwd()
    return os.path.join(folder, f"{os.path.basename(here) or 'root'}-{zlib.crc32(os.fsencode(here)):08x}.cache")


def _user_caches() -> str:
    """The user's cache folder, by the customs of the system (the XDG base directory specification and its likes)."""
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Caches")
    return os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
