"""A change as the lines of a unified diff."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from printlint.rewrite.files import Change


def unified_diff(change: Change) -> Iterator[str]:
    """The lines of a change as one unified diff, which `git apply` and `patch -p1` take."""
    old = _lines(change.old, change.encoding)
    new = _lines(change.new, change.encoding)
    name = change.path.as_posix()
    from_name = "/dev/null" if change.old is None else f"a/{name}"
    for line in difflib.unified_diff(old, new, from_name, f"b/{name}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(data: bytes | None, encoding: str) -> list[str]:
    """Lines that end in a line feed, which is what a diff counts; carriage returns stay in them."""
    text = (data or b"").decode(encoding, "replace")
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
