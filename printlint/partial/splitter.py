"""Splits a text into the statements of the module and of its classes, without parsing it.

Parsing is most of the cost of a check, and most of a file does not matter for its findings. So the tree of a module is
built only of the parts that are asked for (`partial_tree.py`). The parts are found by the lexical rules of the
language: indentation, brackets, strings, comments and joined lines. If the rules do not decide a case, the text is not
split (`Doubtful`) but parsed as a whole: a wrong split would give wrong findings, a whole tree only costs time.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cached_property, lru_cache
from itertools import accumulate

from printlint.partial.masking import FORMATTED_MASK, Doubtful, masked_text


class PartKind(Enum):
    """A part is a `def` with its body, the head of a class, or any other whole statement."""

    FUNCTION = "function"
    CLASS = "class"
    OTHER = "other"


class Part:
    """A statement with its decorators, from `start` up to `end`, in code points; both are beginnings of lines.

    Of a class this is only the head; its members, from `end` up to `last`, are parts too, with the class as their
    `owner`. `head` is the beginning of the line after the decorators.
    """

    __slots__ = ("end", "head", "indent", "kind", "last", "owner", "start")

    def __init__(
        self, kind: PartKind, start: int, head: int, end: int, last: int, indent: str, owner: Part | None
    ) -> None:
        self.kind = kind
        self.start = start
        self.head = head
        self.end = end
        self.last = last
        self.indent = indent
        self.owner = owner


_MARK = "\x01"
_MOST_NESTED = 200  # brackets, in CPython's tokenizer (MAXLEVEL)
_BRACKETS = bytes.maketrans(b"([{)]}", b"((()))")
_NO_BRACKET = bytes(byte for byte in range(256) if byte not in b"([{)]}\x01")
_DEFINITION = re.compile(r"[ \t]*(?:(?:async[ \t]+)?def|(class))\b(?:[ \t]+(\w+))?")
_FIRST_WORD = re.compile(r"^([ \t]*)[^\s]", re.MULTILINE)


class SplitText:
    """A text and its parts. `masked` is the text with comments and strings masked. Raises `Doubtful`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.masked = masked_text(text)
        self._may_declare = "global" in self.masked or "nonlocal" in self.masked
        self._beginnings: dict[Part | None, tuple[str, list[int]]] = {}
        self._made: dict[int, Part] = {}
        _, starts = self._inside(None)
        if self.masked[: starts[0] if starts else None].strip():
            raise Doubtful("the first line is indented")

    def parts_at(self, offsets: Iterable[int]) -> Iterator[Part]:
        """The parts with code at some code points."""
        last, text, masked = -1, self.text, self.masked
        for offset in sorted(offsets):
            # Offsets before `last` are in the part that was found last.
            if offset >= last and (masked[offset] == text[offset] or masked[offset] == FORMATTED_MASK):
                if (part := self.part_at(offset)) is not None:
                    last = part.end
                    yield part

    def part_at(self, offset: int) -> Part | None:
        """The innermost part that holds a code point; None above the first one."""
        part = self._within(None, offset)
        while part is not None and part.kind is PartKind.CLASS and offset >= part.end:
            part = self._within(part, offset)
        return part

    def parts(self, owner: Part | None = None) -> Iterator[Part]:
        """All parts of the module's own level or of a class, each class followed by its members."""
        _, starts = self._inside(owner)
        at = -1
        for start in starts:
            if start > at and (part := self._within(owner, start)) is not None:
                at = part.head
                yield part
                if part.kind is PartKind.CLASS:
                    yield from self.parts(part)

    def is_code(self, offset: int) -> bool:
        """Whether a code point may be part of code: not of a comment or a plain string."""
        shown = self.masked[offset]
        return shown == self.text[offset] or shown == FORMATTED_MASK

    def mentioning(self, name: str) -> Iterator[Part]:
        """The parts in which a name is written, in code or in a string."""
        at = 0
        while (at := self._find(name, at)) >= 0:
            part = self.part_at(at) if self.masked[at] != " " else None  # in a comment
            if part is not None:
                yield part
            at = part.end if part is not None else at + len(name)

    def binding(self, name: str) -> Iterator[Part]:
        """The parts that may bind a name outside functions.

        A function or a class binds only its own name there, except by `global` and `:=`; any other statement that
        mentions the name may bind it.
        """
        at = 0
        while (at := self._find(name, at)) >= 0:
            part = self.part_at(at) if self.is_code(at) else None
            if part is None:
                at += len(name)
            elif (
                part.kind is PartKind.OTHER
                or self.name(part) == name
                or self.declares(part)
                or _WALRUS.match(self.masked, at + len(name))
            ):
                yield part
                at = part.end
            else:
                at = part.end if ":=" not in self.masked[at : part.end] else at + len(name)

    def first_names(self, parts: Iterable[Part]) -> set[str]:
        """The names that short statements call or read attributes of, as `logging` in `logging.getLogger()`."""
        found: set[str] = set()
        for part in parts:
            if part.kind is PartKind.OTHER and part.end - part.start < _SHORT:
                found.update(_FIRST_NAME.findall(self.masked, part.start, part.end))
        return found

    def _find(self, name: str, start: int) -> int:
        """Where a name is written next as a whole word, in code points; -1 if nowhere."""
        text = self.text
        while (at := text.find(name, start)) >= 0:
            start = at + len(name)
            before, after = text[at - 1 : at], text[start : start + 1]
            if not (before.isalnum() or before == "_" or after.isalnum() or after == "_"):
                return at
        return -1

    def behind(self, line: int) -> Part | None:
        """The part right after that of a line (from 1), at the same level."""
        part = self.part_at(self._line_starts[line - 1])
        if part is None or part.last >= (part.owner.last if part.owner is not None else len(self.text)):
            return None
        return self._within(part.owner, part.last)

    @cached_property
    def _line_starts(self) -> list[int]:
        return list(accumulate((len(line) + 1 for line in self.masked.split("\n")), initial=0))

    def declares(self, part: Part) -> bool:
        """Whether a part holds a `global` or `nonlocal` statement."""
        return self._may_declare and _DECLARES.search(self.masked, part.start, part.end) is not None

    def name(self, part: Part) -> str:
        """The name of a function or a class; empty for other statements."""
        match = _DEFINITION.match(self.masked, part.head)
        return (match[2] or "") if match is not None else ""

    def text_of(self, parts: Iterable[Part]) -> tuple[str, dict[int, Part], frozenset[int]]:
        """The text of some parts, with the heads of the classes around them, at the original lines and columns.

        Also returns the classes by the line (from 1) of their `class`, and the lines of the `pass` added to classes
        without members in the text.
        """
        taken: set[Part] = set()
        for part in parts:
            outer: Part | None = part
            while outer is not None and outer not in taken:
                taken.add(outer)
                outer = outer.owner
        inhabited = {part.owner for part in taken}
        pieces: list[str] = []
        classes: dict[int, Part] = {}
        fillers: set[int] = set()
        count, line, at = self.masked.count, 1, 0
        for part in sorted(taken, key=lambda part: part.start):
            above = count("\n", at, part.start)
            line += above
            pieces += "\n" * above, self.text[part.start : part.end]
            if part.kind is PartKind.CLASS:
                classes[line + count("\n", part.start, part.head)] = part
            line += count("\n", part.start, part.end)
            at = part.end
            if part.kind is PartKind.CLASS and part not in inhabited:
                pieces.append(f"{part.indent} pass")
                fillers.add(line)
        return "".join(pieces), classes, frozenset(fillers)

    def _within(self, owner: Part | None, offset: int) -> Part | None:
        """The part of a level that holds a code point; its decorators are lines that begin parts, too."""
        indent, starts = self._inside(owner)
        index = bisect_right(starts, offset) - 1
        if index < 0:
            return None
        decorators = self.masked, len(indent)
        # A decorator belongs to the definition after it: go back to the first one, then forward to the definition.
        while index > 0 and _is_decorator(*decorators, starts[index - 1]):
            index -= 1
        start = starts[index]
        if start not in self._made:
            while _is_decorator(*decorators, starts[index]) and index + 1 < len(starts):
                index += 1
            end = starts[index + 1] if index + 1 < len(starts) else owner.last if owner else len(self.text)
            self._made[start] = self._part(start, starts[index], end, indent, owner)
        return self._made[start]

    def _part(self, start: int, head: int, end: int, indent: str, owner: Part | None) -> Part:
        match = _DEFINITION.match(self.masked, head)
        if match is None or not match[1]:
            kind = PartKind.OTHER if match is None else PartKind.FUNCTION
            return Part(kind, start, head, end, end, indent, owner)
        body = self._end_of_line(head, end)
        inner = _FIRST_WORD.search(self.masked, body, end)
        # `class A: pass` has no members on lines of their own.
        if inner is None or len(inner[1]) <= len(indent):
            return Part(PartKind.OTHER, start, head, end, end, indent, owner)
        part = Part(PartKind.CLASS, start, head, body, end, indent, owner)
        try:
            self._inside(part)
        except Doubtful:
            return Part(PartKind.OTHER, start, head, end, end, indent, owner)
        return part

    def _end_of_line(self, start: int, end: int) -> int:
        """The end of the line with a statement's first colon outside brackets, which may be on a joined line."""
        depth = 0
        for match in _COLON.finditer(self.masked, start, end):
            found = match[0]
            if found == ":" and not depth:
                return (self.masked.find("\n", match.end(), end) + 1) or end
            depth += 1 if found in "([{" else -1 if found in ")]}" else 0
        return end

    def _inside(self, owner: Part | None) -> tuple[str, list[int]]:
        """The indentation of a level, and where its statements and decorators begin."""
        if owner not in self._beginnings:
            self._beginnings[owner] = self._find_beginnings(owner)
        return self._beginnings[owner]

    def _find_beginnings(self, owner: Part | None) -> tuple[str, list[int]]:
        first, last, indent = 0, len(self.text), ""
        if owner is not None:
            first, last = owner.end, owner.last
            match = _FIRST_WORD.search(self.masked, first, last)
            indent = match[1] if match is not None else ""
        # The pieces between the line beginnings at this indentation. One pass of `re` is much faster than going through
        # the lines, and most lines are indented more deeply.
        text = "\n" + self.masked[first:last]
        pieces = _lines_at(indent).split(text)
        lengths = accumulate((len(piece) + 1 + len(indent) for piece in pieces[1:-1]), initial=first + len(pieces[0]))
        starts = list(lengths) if len(pieces) > 1 else []
        # All brackets are made round: only the depth of a line matters, and Python's parser reports wrong pairs.
        brackets = _MARK.join(pieces).encode("ascii", "replace").translate(_BRACKETS, _NO_BRACKET)
        # Pairs without a mark between them hold no line beginning. In most files that removes all brackets.
        for _ in range(_MOST_NESTED):
            if b"()" not in brackets:
                break
            brackets = brackets.replace(b"()", b"")
        if b"(" in brackets or b")" in brackets:
            starts = _outside_of_brackets(starts, brackets)
        if "\\" in text:  # a backslash at the end of a line joins it with the next one
            starts = [start for start in starts if not _JOINED.search(self.masked, max(start - 3, 0), start)]
        if (
            owner is not None
            and self._may_declare
            and any(_DECLARES.match(self.masked, start + len(indent)) for start in starts)
        ):
            # What such a class binds is then a name of the module, which `binding` does not look for in members.
            raise Doubtful("a class declares names of the module")
        return indent, starts


_SHORT = 200  # code points
_FIRST_NAME = re.compile(r"(?<![.\w])([^\W\d]\w*)(?=[.(])")
_JOINED = re.compile(r"\\\r?\n\Z")
_DECLARES = re.compile(r"(?:global|nonlocal)\b")
_WALRUS = re.compile(r"\s*:=")
_COLON = re.compile(r"[\[({})\]:]")


def _is_decorator(masked: str, depth: int, start: int) -> bool:
    return masked[start + depth] == "@"


@lru_cache(maxsize=64)
def _lines_at(indent: str) -> re.Pattern[str]:
    """Lines at an indentation that begin a statement: no clause (`else`, `except`, …) and no closing bracket."""
    return re.compile(rf"\n{indent}(?=[^\s)\]}}])(?!(?:e(?:lse|lif|xcept)|finally)\b)")


def _outside_of_brackets(starts: list[int], brackets: bytes) -> list[int]:
    """The beginnings of lines, marked among the brackets, that are outside all brackets."""
    # From the innermost pair outwards, marks within a pair become hidden ones, and the pair disappears.
    for _ in range(_MOST_NESTED):
        brackets, count = _INNERMOST.subn(_hidden, brackets)
        if not count:
            break
    if b"(" in brackets or b")" in brackets:
        raise Doubtful("a bracket has no beginning or no end")
    return [start for start, mark in zip(starts, brackets, strict=True) if mark == _OUTSIDE]


_INNERMOST = re.compile(rb"\(([\x01\x02]*)\)")
_OUTSIDE = ord(_MARK)


def _hidden(match: re.Match[bytes]) -> bytes:
    return b"\x02" * len(match[1])
