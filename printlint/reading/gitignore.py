"""`.gitignore` as git reads it, line for line, in time that grows with the lengths of name and pattern alone.

A pattern becomes a regular expression over bytes that never tries anew what a star has taken: behind a star, the first
place at which what follows it fits is as good as any later one, but for what has to fit the name's end. Compared with
git's own answers by tests/test_gitignore.py.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from printlint.process.notices import note
from printlint.reading import disk

_MOST_LINES = 10_000
_SPECIAL = re.compile(rb"[*?\[\\]")
_NOTHING = rb"(?!)"
_CLASSES = {
    b"alnum": rb"0-9A-Za-z",
    b"alpha": rb"A-Za-z",
    b"blank": rb" \t",
    b"cntrl": rb"\x00-\x1f\x7f",
    b"digit": rb"0-9",
    b"graph": rb"!-~",
    b"lower": rb"a-z",
    b"print": rb" -~",
    b"punct": rb"!-/:-@\[-`{-~",
    b"space": rb" \t\n\r",
    b"upper": rb"A-Z",
    b"xdigit": rb"0-9A-Fa-f",
}


class _Rule(NamedTuple):
    """A line that is not plainly a name. `number` counts from 0; later ones decide first."""

    number: int
    fits: Callable[[bytes], object]
    by_name: bool
    folders_only: bool


def _ends_in(ending: bytes) -> Callable[[bytes], bool]:
    return lambda name: name.endswith(ending)


class Gitignore:
    """The lines of one `.gitignore`, which count below its folder."""

    def __init__(self, folder: str, data: bytes) -> None:
        self.prefix = len(folder.rstrip("/")) + 1
        self._keeps: set[int] = set()
        self._names: dict[bytes, int] = {}
        self._folder_names: dict[bytes, int] = {}
        self._rules: list[_Rule] = []
        for number, line in enumerate(_lines(data)):
            self._add(number, line)
        self._rules.reverse()

    def _add(self, number: int, pattern: bytes) -> None:
        if pattern.startswith(b"!"):
            self._keeps.add(number)
            pattern = pattern[1:]
        folders_only = pattern.endswith(b"/")
        pattern = pattern.removesuffix(b"/")
        by_name = b"/" not in pattern
        special = _SPECIAL.search(pattern)
        if by_name and special is None:
            names = self._folder_names if folders_only else self._names
            names[pattern] = number
        elif by_name and pattern.startswith(b"*") and not _SPECIAL.search(pattern, 1):
            self._rules.append(_Rule(number, _ends_in(pattern[1:]), True, folders_only))
        else:
            fits = re.compile(_expression(pattern, by_name=by_name), re.DOTALL).fullmatch
            self._rules.append(_Rule(number, fits, by_name, folders_only))

    def verdict(self, path: bytes, *, is_folder: bool) -> bool | None:
        """Whether a path below the folder is ignored; None where no line says anything about it."""
        name = path[path.rfind(b"/") + 1 :]
        decides = self._names.get(name, -1)
        if is_folder:
            decides = max(decides, self._folder_names.get(name, -1))
        for number, fits, by_name, folders_only in self._rules:
            if number < decides:
                break
            if (is_folder or not folders_only) and fits(name if by_name else path):
                decides = number
                break
        return decides not in self._keeps if decides >= 0 else None


# The files that count in a folder, the nearest first: that decides first, as in gitignore(5).
Rules: TypeAlias = tuple[Gitignore, ...]


def is_ignored(path: str, rules: Rules) -> bool:
    """Whether an absolute path is left out; it ends in a slash where it is a folder's."""
    if not rules:
        return False
    is_folder = path.endswith("/")
    for own in rules:
        verdict = own.verdict(os.fsencode(path[own.prefix : -1 if is_folder else None]), is_folder=is_folder)
        if verdict is not None:
            return verdict
    return False


def rules_of(folder: str) -> Rules:
    """The `.gitignore` of a folder, if there is one. As git has it, one that is a link does not count."""
    path = f"{folder}/.gitignore"
    try:
        data = disk.read_present(path, disk.CONFIG_LIMIT)
    except disk.TooLarge as error:
        note(path, f"{error.strerror}; ignored")
        return ()
    except OSError:
        return ()
    if os.path.islink(path):
        return ()
    if data.count(b"\n") > _MOST_LINES:
        note(path, f"more than {_MOST_LINES:,} lines; ignored")
        return ()
    return (Gitignore(folder, data),)


def _lines(data: bytes) -> Iterator[bytes]:
    """The patterns as git cuts them out: up to a null byte, without spaces at their end that no backslash keeps."""
    for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        if line and not line.startswith(b"#"):
            pattern = line.removesuffix(b"\r").partition(b"\0")[0]
            yield _without_spaces(pattern) if pattern.endswith(b" ") else pattern


def _without_spaces(pattern: bytes) -> bytes:
    stripped = pattern.rstrip(b" ")
    backslashes = len(stripped) - len(stripped.rstrip(b"\\"))
    return stripped + b" " if backslashes % 2 else stripped


class _MatchesNothing(Exception):
    """A pattern that fits no name: a bracket is not closed, or a backslash is its last character."""


# What is between stars that cross slashes: pieces of single characters, with stars between that cross none.
_Part: TypeAlias = list[list[bytes]]


def _expression(pattern: bytes, *, by_name: bool) -> bytes:
    """The regular expression that all of a name has to match, for a pattern without the slash at its end."""
    if not by_name:
        pattern = pattern.removeprefix(b"/")
    special = _SPECIAL.search(pattern)
    start = special.start() if special else len(pattern)
    try:
        # git looks for stars in what is behind the literal beginning: that is why two of them in `a**/b` cross slashes
        first, *others = _parts(pattern[start:], by_name)
    except _MatchesNothing:
        return _NOTHING
    expression = re.escape(pattern[:start]) + _in_a_row(first, to_the_end=not others)
    for index, part in enumerate(others, 1):
        last = index == len(others)
        if part == [[]]:
            expression += b".*"
            continue
        expression += b"(?:" if last else b"(?>"
        if part[0][0] == b"/":
            expression += _in_a_row([part[0][1:], *part[1:]], to_the_end=last) + b"|"
        expression += b".*?" + _in_a_row(part, to_the_end=last) + b")"
    return expression


def _in_a_row(part: _Part, *, to_the_end: bool) -> bytes:
    """A part from its first piece on. Only the last piece of a pattern may have to look for a later place."""
    first, *others = (b"".join(piece) for piece in part)
    expression = first
    for index, piece in enumerate(others, 1):
        if to_the_end and index == len(others):
            expression += b"[^/]*" + piece
        else:
            expression += b"(?>[^/]*?" + piece + b")"
    return expression


def _parts(pattern: bytes, by_name: bool) -> list[_Part]:
    """A pattern cut at its stars. Raises `_MatchesNothing`."""
    parts: list[_Part] = [[[]]]
    at = 0
    while at < len(pattern):
        match pattern[at : at + 1]:
            case b"*":
                end = at + 1
                while pattern[end : end + 1] == b"*":
                    end += 1
                if not by_name and _crosses(pattern, at, end):
                    parts.append([[]])
                else:
                    parts[-1].append([])
                at = end
                continue
            case b"?":
                single = b"[^/]"
            case b"[":
                single, at = _bracket(pattern, at + 1)
            case b"\\":
                at += 1
                if at == len(pattern):
                    raise _MatchesNothing
                single = re.escape(pattern[at : at + 1])
                single = rb"\/" if single == b"/" else single  # no slash that `**` may take along
            case literal:
                single = re.escape(literal)
        parts[-1][-1].append(single)
        at += 1
    return parts


def _crosses(pattern: bytes, start: int, end: int) -> bool:
    """Whether stars cross slashes: two or more that are all there is between two slashes."""
    if end - start == 1 or (start and pattern[start - 1 : start] != b"/"):
        return False
    return end == len(pattern) or pattern.startswith((b"/", b"\\/"), end)


def _bracket(pattern: bytes, at: int) -> tuple[bytes, int]:
    """A set of characters from behind its bracket on, and where it is closed. Raises `_MatchesNothing`."""
    negated = pattern[at : at + 1] in (b"!", b"^")
    at += negated
    first, members, before = at, set[int](), 0
    try:
        while at == first or pattern[at] != ord("]"):
            character = pattern[at]
            if character == ord("-") and before and pattern[at + 1] != ord("]"):
                at += 1 + (pattern[at + 1] == ord("\\"))
                members.update(range(before, pattern[at] + 1))
                character = 0
            elif character == ord("[") and pattern.startswith(b":", at + 1):
                end = pattern.index(b"]", at + 2)
                name = pattern[at + 2 : end]
                if name.endswith(b":"):
                    members.update(_class(name[:-1]))
                    character, at = 0, end
                else:
                    members.add(character)
            else:
                at += character == ord("\\")
                character = pattern[at]
                members.add(character)
            before = character
            at += 1
    except (IndexError, ValueError):
        raise _MatchesNothing from None
    members = (set(range(256)) - members if negated else members) - {ord("/")}
    if not members:
        raise _MatchesNothing
    return b"[" + b"".join(b"\\x%02x" % member for member in sorted(members)) + b"]", at


def _class(name: bytes) -> bytes:
    if name not in _CLASSES:
        raise _MatchesNothing
    return b"".join(re.findall(b"[" + _CLASSES[name] + b"]", bytes(range(128))))
