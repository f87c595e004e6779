"""A change as the lines of a unified diff."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator

from printlint.rewrite.changes import Change

_ESCAPED_BY_LETTER = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 34: '"', 92: "\\"}


def unified_diff(change: Change) -> Iterator[bytes]:
    """The lines of a change as one unified diff, which `git apply` and `patch -p1` take: the files' own bytes."""
    old, new = _lines(change.old), _lines(change.new)
    from_name = b"/dev/null" if change.old is None else _heading("a", change)
    for line in difflib.diff_bytes(difflib.unified_diff, old, new, from_name, _heading("b", change)):
        yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def _heading(side: str, change: Change) -> bytes:
    """A file's name as git writes it in a diff: in quotes if it has special characters."""
    name = os.fsencode(f"{side}/{change.path.as_posix()}")
    if any(byte < 32 or byte in (34, 92, 127) for byte in name) or not _is_printable(name):
        return b'"' + "".join(map(_escaped, name)).encode() + b'"'
    return name + b"\t" if b" " in name else name  # patch takes a name up to its first space where no tab follows


def _is_printable(name: bytes) -> bool:
    try:
        return name.decode().isprintable()
    except UnicodeDecodeError:
        return False


def _escaped(byte: int) -> str:
    if byte in _ESCAPED_BY_LETTER:
        return f"\\{_ESCAPED_BY_LETTER[byte]}"
    return chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"


def _lines(data: bytes | None) -> list[bytes]:
    """Lines that end in a line feed, which is what a diff counts; carriage returns stay in them."""
    lines = (data or b"").split(b"\n")
    return [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
