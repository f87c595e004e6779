"""The project's files as they will be: what a run of `fix` has decided on stands before what is on disk.

Facts across files have to see the rewrites of other files before any of them is written.
"""

from __future__ import annotations

import os
from pathlib import Path

_decided: dict[Path, bytes] = {}


def read(path: Path) -> bytes:
    """The bytes that a file holds, or will hold. Raises OSError."""
    decided = _decided.get(path.absolute()) if _decided else None
    return path.read_bytes() if decided is None else decided


def exists(path: Path) -> bool:
    """Whether there is such a path, or will be."""
    return _is_decided(path) or path.exists()


def is_file(path: Path | str) -> bool:
    """Whether there is such a file, or will be."""
    return (bool(_decided) and _is_decided(Path(path))) or os.path.isfile(path)


def _is_decided(path: Path) -> bool:
    return bool(_decided) and path.absolute() in _decided


def decide(path: Path, data: bytes) -> None:
    """From now on, `path` holds `data` for whoever reads it here."""
    _decided[path.absolute()] = data


def forget_decisions() -> None:
    """What is on disk counts again."""
    _decided.clear()
