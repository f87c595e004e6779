"""One file as bytes, as text and as a tree, with the positions that join the three.

Everything downstream counts in code points of `Source.text`; the conversion from `ast`'s UTF-8 byte
columns happens here and nowhere else.
"""

from __future__ import annotations

import ast
import bisect
import codecs
import gc
import io
import re
import tokenize
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

# What CPython's tokenizer takes for the end of a line. `str.splitlines` also breaks at form feeds and at
# U+2028, which are ordinary characters in Python source.
LINE_END = r"\r\n|\r|\n"

# What a file in version control looks like in the middle of a merge.
_CONFLICT = r"(?m)^(<{7} |={7}$|>{7} )"

# Two of host names, which Python decodes in time that grows with the square of their length, and one that always fails.
_NO_ENCODINGS = frozenset({"punycode", "idna", "undefined"})

_HARMLESS_SIZE = 10_000
_ENDLESS_NAME = r"(?:\.[\s\\]*+\w++[\s\\]*+){100}"

# CPython refuses to compile an expression nested deeper than this or so, and libcst's native parser can
# overflow its stack beyond it (observed with 20,000 nested brackets).
MAX_EXPRESSION_DEPTH = 400


class Unreadable(Exception):
    """A file that could not be read, decoded or parsed.

    `line` and `column` count from 1, columns in code points.
    """

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = max(line, 1)
        self.column = max(column, 1)


class Span(NamedTuple):
    """A half-open range of code points of a source's text, counted from 0."""

    start: int
    end: int


class Position(NamedTuple):
    """A place as people and reports name it: line and column count from 1, columns in code points."""

    line: int
    column: int


class Source:
    """A decoded file. `text` keeps every newline of the file; a byte order mark is not part of it."""

    def __init__(self, path: str, text: str, encoding: str = "utf-8", bom: bool = False) -> None:
        self.path = path
        self.text = text
        self.encoding = encoding
        self.bom = bom

    @classmethod
    def decode(cls, path: str, data: bytes) -> Source:
        """Decode `data` by PEP 263.

        Raises `Unreadable` for a NUL byte, an unknown or contradictory encoding declaration, and bytes that
        the encoding does not have.
        """
        if (nul := data.find(b"\0")) >= 0:
            line = data.count(b"\n", 0, nul) + 1
            raise Unreadable("Null byte in the file; remove it", line)
        bom = data.startswith(codecs.BOM_UTF8)
        body = data[3:] if bom else data
        encoding = _declared_encoding(data)
        try:
            text = body.decode(encoding)
        except UnicodeError as error:
            start = error.start if isinstance(error, UnicodeDecodeError) else 0
            line = body.count(b"\n", 0, start) + 1
            bad = body[start : start + 1].hex()
            raise Unreadable(
                f"Byte 0x{bad} is not valid {encoding}; save the file as UTF-8 or declare its encoding (PEP 263)",
                line,
            ) from None
        return cls(path, text, encoding, bom)

    @classmethod
    def of_text(cls, path: str, text: str) -> Source:
        """A text that is decoded already, as an editor has it, whatever encoding it declares.

        It is encoded by that one if there is such an encoding, and it has all characters of the text; else by UTF-8.
        Raises `Unreadable` for a NUL character.
        """
        if "\0" in text:
            return cls.decode(path, text.encode("utf-8", "replace"))
        body = text.removeprefix("\ufeff")
        try:
            encoding = _declared_encoding(body.encode())
            body.encode(encoding)
        except (Unreadable, UnicodeError):
            encoding = "utf-8"
        return cls(path, body, encoding, bom=body != text)

    def encode(self, text: str) -> bytes:
        """`text` in this file's encoding, with its byte order mark. Raises `UnicodeEncodeError`."""
        return (codecs.BOM_UTF8 if self.bom else b"") + text.encode(self.encoding)

    def with_text(self, text: str) -> Source:
        """The same file with other contents."""
        return Source(self.path, text, self.encoding, self.bom)

    @cached_property
    def line_starts(self) -> list[int]:
        """Where each line begins, in code points from 0."""
        if "\r" in self.text:
            return [0, *(match.end() for match in re.finditer(LINE_END, self.text))]
        return list(accumulate((len(line) + 1 for line in self.text.split("\n")[:-1]), initial=0))

    @cached_property
    def newline(self) -> str:
        """The newline that the file begins with (`\\n` where it has none)."""
        match = re.search(LINE_END, self.text)
        return match[0] if match else "\n"

    def line_text(self, line: int) -> str:
        """Line `line` (from 1), with its newline."""
        start = self.line_starts[line - 1]
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        return self.text[start:end]

    def offset(self, line: int, utf8_column: int) -> int:
        """The code point at `ast`'s position: line from 1, column from 0 in UTF-8 bytes."""
        start = self.line_starts[line - 1]
        head = self.text[start : start + utf8_column]
        if head.isascii():
            return start + utf8_column
        return start + len(
            self.line_text(line).encode("utf-8", "surrogatepass")[:utf8_column].decode("utf-8", "replace")
        )

    def span(self, node: ast.expr | ast.stmt) -> Span:
        """The code points of a node of this source's tree."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return Span(self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset))

    def segment(self, node: ast.expr | ast.stmt) -> str:
        """The text of a node of this source's tree."""
        span = self.span(node)
        return self.text[span.start : span.end]

    def position(self, offset: int) -> Position:
        """The line and column (both from 1) of a code point (from 0)."""
        line = bisect.bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)


def _declared_encoding(data: bytes) -> str:
    second = data.find(b"\n", data.find(b"\n") + 1)
    if b"coding" not in data[: second if second >= 0 else None]:
        return "utf-8"  # what PEP 263 says without a declaration; most files end here
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        raise Unreadable(f"Invalid encoding declaration: {error.msg or error}") from None
    # detect_encoding says utf-8-sig for a byte order mark, which is stripped by then.
    if encoding == "utf-8-sig":
        return "utf-8"
    found = codecs.lookup(encoding)
    if not found._is_text_encoding or found.name in _NO_ENCODINGS:
        raise Unreadable(f"`{encoding}` is not an encoding of source code; save the file as UTF-8")
    return encoding


def has_endless_name(text: str) -> bool:
    """Whether a text has a dotted name so long that Python's parser makes gigabytes of a small file.

    It joins the parts of an imported module's name one after the other, and keeps what it had after each.
    """
    return len(text) > _HARMLESS_SIZE and re.search(_ENDLESS_NAME, text) is not None


def parse(source: Source) -> ast.Module:
    """The syntax tree of a source. Raises `Unreadable` with the parser's own position."""
    if has_endless_name(source.text):
        raise Unreadable("Dotted name has more than 100 parts, which may crash Python's parser; shorten it")
    try:
        with uncollected(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source.text, source.path)
    except SyntaxError as error:
        if conflict := re.search(_CONFLICT, source.text):
            line, _ = source.position(conflict.start())
            raise Unreadable("Merge conflict markers in the file; resolve the conflict", line) from None
        reason = f"{type(error).__name__}: {error.msg}"
        raise Unreadable(reason, error.lineno or 1, error.offset or 1) from None
    except (RecursionError, MemoryError):
        raise Unreadable("Expression is nested too deeply for Python's parser; simplify it") from None
    except ValueError as error:
        raise Unreadable(f"Python cannot parse the file: {error}") from None


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection while something grows that is all live objects: it would cost 5 to 15 percent."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def depth_exceeds(node: ast.AST, limit: int = MAX_EXPRESSION_DEPTH) -> bool:
    """Whether a tree is nested deeper than `limit`, found without recursion."""
    level, depth = [node], 0
    while level:
        depth += 1
        if depth > limit:
            return True
        level = [child for parent in level for child in ast.iter_child_nodes(parent)]
    return False
