"""The suppression comments of ruff that flake8 does not know, with ruff's own syntax and scope.

    # ruff: noqa                       the file; `# ruff: noqa: T201` for a code
    # ruff: file-ignore[T201]          the file, on a line of its own that is not indented
    # ruff: ignore[T201]               the line; on a line of its own the next statement, or line within brackets
    # ruff: disable[T201]              up to `# ruff: enable[T201]` at the same indentation, or to the end of the block
    #noqa: T201                        the line: like `# noqa`, with other space

Described in https://docs.astral.sh/ruff/linter/#error-suppression, and compared with what ruff 0.17 does.
"""

from __future__ import annotations

import re
import tokenize
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from tokenize import COMMENT, DEDENT, INDENT, NEWLINE, NL, OP, TokenInfo
from typing import NamedTuple

# No text has one of these comments without it. What flake8 reads in the same way is not among it.
_MENTIONED = re.compile(r"#\s*ruff\s*:|#(?:[ \t]{2,})?(?i:noqa)|#[ \t]*(?i:noqa)[ \t]+:")

_WORD = r"[^\W\d_][\w:-]*"
_WORDS = re.compile(_WORD)
_BRACKETS = re.compile(
    r"#\s*ruff\s*:\s*(?P<action>disable|enable|file-ignore|ignore)\s*\["
    rf"\s*(?P<codes>{_WORD}(?:\s*,\s*{_WORD})*)\s*(?:,\s*)?\]"
)
_FILE_NOQA = re.compile(r"#\s*ruff\s*:\s*(?i:noqa)(?P<rest>.*)")
_LINE_NOQA = re.compile(r"#\s*(?i:noqa)(?P<rest>.*)")
_LISTED = re.compile(r"\s*:\s*(?P<codes>(?:[A-Z]+[0-9]+[,\s]*)+)")
_BLANKET = re.compile(r"\s*(?:$|#)|\s+[^:\s]")

# The names that ruff's newer versions take for codes, of the rules that are also printlint's.
_NAMES = {
    "print": "T201",
    "p-print": "T203",
    "direct-logger-instantiation": "LOG001",
    "invalid-get-logger-argument": "LOG002",
    "log-exception-outside-except-handler": "LOG004",
    "exception-without-exc-info": "LOG007",
    "undocumented-warn": "LOG009",
    "exc-info-outside-except-handler": "LOG014",
    "root-logger-call": "LOG015",
    "logging-string-format": "G001",
    "logging-percent-format": "G002",
    "logging-string-concat": "G003",
    "logging-f-string": "G004",
    "logging-warn": "G010",
    "logging-extra-attr-clash": "G101",
    "logging-exc-info": "G201",
    "logging-redundant-exc-info": "G202",
    "logging-too-many-args": "PLE1205",
    "logging-too-few-args": "PLE1206",
    "logging-eager-conversion": "RUF065",
    "error-instead-of-exception": "TRY400",
    "verbose-log-message": "TRY401",
}


class Suppressed(NamedTuple):
    """Lines (from 1, the last one included) in which findings of some codes are suppressed; of all where it is None."""

    first: int
    last: int
    codes: frozenset[str] | None


class Suppressions:
    """What the comments of a file suppress, by code, in lines that are apart and in order."""

    def __init__(self, suppressed: Iterable[Suppressed]) -> None:
        self._firsts: dict[str, list[int]] = {}
        self._lasts: dict[str, list[int]] = {}
        for item in sorted(suppressed, key=lambda item: item[:2]):
            for code in item.codes if item.codes is not None else (_ALL,):
                lasts = self._lasts.setdefault(code, [])
                if lasts and item.first <= lasts[-1]:
                    lasts[-1] = max(lasts[-1], item.last)
                else:
                    lasts.append(item.last)
                    self._firsts.setdefault(code, []).append(item.first)

    def covers(self, line: int, codes: Iterable[str]) -> bool:
        """Whether a finding on a line (from 1) is suppressed that has these codes, its own and its peers'."""
        for code in (_ALL, *codes):
            place = bisect_right(self._firsts.get(code, []), line)
            if place and line <= self._lasts[code][place - 1]:
                return True
        return False


_ALL = ""


def may_suppress(text: str) -> bool:
    """Whether a text has something that looks like one of these comments, and names no other rules by words alone."""
    if "ruff" not in text and "noqa" not in text.lower():
        return False
    found = (_BRACKETS.match(text, match.start()) for match in _MENTIONED.finditer(text))
    return any(match is None or any(map(_may_be_known, _WORDS.findall(match["codes"]))) for match in found)


def _may_be_known(code: str) -> bool:
    return code in _NAMES or any(character.isdigit() for character in code)


def suppressions(lines: Sequence[str]) -> Suppressions:
    """What the comments of a file suppress. Where its tokens cannot be read to the end, those before that count."""
    tokens: list[TokenInfo] = []
    with suppress(tokenize.TokenError, SyntaxError):
        tokens += tokenize.generate_tokens(iter([*lines, ""]).__next__)
    return Suppressions(_Reading(tokens, len(lines)).suppressed())


class _Comment(NamedTuple):
    """A `disable` or `enable` on a line of its own; `indent` is what is before it."""

    action: str
    codes: tuple[str, ...]
    indent: str
    line: int


class _Reading:
    def __init__(self, tokens: list[TokenInfo], length: int) -> None:
        self._tokens = tokens
        self._end = length
        self._indents = [""]
        self._depth = 0
        self._line_start = 1  # of the tokens since the last end of a line
        self._open: list[_Comment] = []
        # The token, and the line, at which the statement ends that is next, and the token at which it begins.
        self._next_end = (0, 0)
        self._next_code = 0

    def suppressed(self) -> Iterator[Suppressed]:
        new_line = True
        for index, token in enumerate(self._tokens):
            if new_line:
                self._line_start = token.start[0]
            new_line = token.type in (NEWLINE, NL)
            if token.type == OP:
                self._depth += (token.string in "([{") - (token.string in ")]}")
            elif token.type == INDENT:
                self._indents.append(token.string)
            elif token.type == DEDENT:
                yield from self._close(self._indents.pop(), token.start[0] - 1)
            elif token.type == COMMENT:
                yield from self._comment(index, token)
        yield from self._close("", self._end)

    def _comment(self, index: int, token: TokenInfo) -> Iterator[Suppressed]:
        line, column = token.start
        alone = not token.line[:column].strip()
        if (noqa := _FILE_NOQA.search(token.string)) and alone:
            yield from _noqa(noqa["rest"], 1, self._end)
        if noqa := _LINE_NOQA.search(token.string):
            yield from _noqa(noqa["rest"], self._line_start, line)
        for part in re.finditer("#[^#]*", token.string):
            if (found := _BRACKETS.match(part[0])) is not None:
                codes = tuple(code.strip() for code in found["codes"].split(","))
                indent = token.line[:column] if alone and part.start() == 0 else None
                yield from self._directive(index, _Comment(found["action"], codes, indent or "", line), indent is None)

    def _directive(self, index: int, comment: _Comment, trailing: bool) -> Iterator[Suppressed]:
        codes = _plain(comment.codes)
        match comment.action:
            case "ignore" if trailing:
                yield Suppressed(self._line_start, comment.line, codes)
            case "ignore":
                yield Suppressed(comment.line, self._end_of_next(index), codes)
            case "file-ignore" if not trailing and not comment.indent:
                yield Suppressed(1, self._end, codes)
            case "disable" | "enable" if not trailing and self._is_in_block(index, comment):
                self._open.append(comment)

    def _end_of_next(self, index: int) -> int:
        """The last line of the statement behind a comment; within brackets, of the next line that has code."""
        if index >= self._next_end[0]:  # else it is that of the comment above
            self._next_end = self._find_end(index)
        return self._next_end[1]

    def _find_end(self, index: int) -> tuple[int, int]:
        has_code = False
        for place in range(index, len(self._tokens)):
            token = self._tokens[place]
            if token.type == NEWLINE or (token.type == NL and self._depth and has_code):
                return place, token.start[0]
            has_code = has_code or token.type not in (COMMENT, NL)
        return len(self._tokens), self._end

    def _is_in_block(self, index: int, comment: _Comment) -> bool:
        """Whether a comment is indented like its block, or at the beginning or end of a block."""
        if comment.indent == self._indents[-1]:
            return True
        if index >= self._next_code:
            places = range(index, len(self._tokens))
            code = (place for place in places if self._tokens[place].type not in (COMMENT, NL))
            self._next_code = next(code, len(self._tokens))
        return self._next_code < len(self._tokens) and self._tokens[self._next_code].type in (INDENT, DEDENT)

    def _close(self, indent: str, last: int) -> Iterator[Suppressed]:
        """End what was opened in a block that ends: at the comment that enables the same codes, or with the block."""
        inside = [comment for comment in self._open if len(comment.indent) >= len(indent)]
        self._open = [comment for comment in self._open if len(comment.indent) < len(indent)]
        ends: dict[tuple[str, tuple[str, ...]], deque[int]] = {}
        for comment in inside:
            if comment.action == "enable":
                ends.setdefault((comment.indent, comment.codes), deque()).append(comment.line)
        for comment in inside:
            if comment.action == "disable":
                lines = ends.get((comment.indent, comment.codes), deque())
                while lines and lines[0] < comment.line:
                    lines.popleft()
                yield Suppressed(comment.line, lines.popleft() if lines else last, _plain(comment.codes))


def _plain(codes: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_NAMES.get(code, code) for code in codes)


def _noqa(rest: str, first: int, last: int) -> Iterator[Suppressed]:
    """What a `noqa` suppresses, by what is behind the word."""
    if (listed := _LISTED.match(rest)) is not None:
        yield Suppressed(first, last, frozenset(re.findall(r"(?<![A-Z])[A-Z]++[0-9]+", listed["codes"])))
    elif _BLANKET.match(rest):
        yield Suppressed(first, last, None)
