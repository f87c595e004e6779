"""Every regular expression of the package on text that is made against it: its work grows with the text, no faster."""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections.abc import Iterator
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

import pytest
from conftest import ROOT

pytestmark = pytest.mark.system

PACKAGE = ROOT / "printlint"
SIZE = 20_000
LINEAR_S = 0.002
_LONGEST, _MOST_PIECES = 60, 50
ANCHORED = frozenset({"match", "fullmatch"})
FUNCTIONS = ANCHORED | {"compile", "search", "finditer", "findall", "split", "sub", "subn"}


class Use(NamedTuple):
    """A pattern, and whether it is only ever held against a text at one place (`match`), not looked for in it."""

    pattern: str | bytes
    anchored: bool


def uses() -> Iterator[tuple[str, Use]]:
    """The patterns that a module compiles, hands to `re`, or has as a constant that looks like one, by their places."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.parts[-2:] == ("setup", "logging_setup.py") or path.stem == "__main__":
            continue
        dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        module = importlib.import_module(dotted)
        calls = list(calls_in(ast.parse(path.read_text(encoding="utf-8"))))
        for name, value in vars(module).items():
            found = value.pattern if isinstance(value, re.Pattern) else value
            if isinstance(found, (str, bytes)) and (isinstance(value, re.Pattern) or looks_like_one(name, found)):
                functions = {function for function, used in calls if isinstance(used, ast.Name) and used.id == name}
                yield f"{dotted}.{name}", Use(found, bool(functions) and functions <= ANCHORED)
        for function, used in calls:
            if function != "compile" and isinstance(used, ast.Constant) and isinstance(used.value, (str, bytes)):
                yield f"{dotted}:{used.lineno}", Use(used.value, function in ANCHORED)
            elif isinstance(used, ast.JoinedStr):
                yield f"{dotted}:{used.lineno}", Use(with_a_name(used), function in ANCHORED)


def calls_in(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """The functions of `re` and methods of patterns that are called, each with the expression for the pattern."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FUNCTIONS:
            receiver = node.func.value
            if isinstance(receiver, ast.Name) and receiver.id == "re":
                if node.args:
                    yield node.func.attr, node.args[0]
            else:
                yield node.func.attr, receiver


def looks_like_one(name: str, value: str | bytes) -> bool:
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    if not name.startswith("_") or name.startswith("__") or not re.search(r"\\[bswdnrSWD.(]|\[\^|\(\?|[*+]\)", text):
        return False
    try:
        re.compile(value)
    except re.error:
        return False
    return True


def with_a_name(node: ast.JoinedStr) -> str:
    """A pattern that is put together, with a name where it has a hole."""
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "name" for part in node.values)


USES = dict(uses())


def texts_of(pattern: str | bytes) -> set[str]:
    """Pieces that parts of a pattern match: what hostile text is made of."""
    parsed = _parser.parse(pattern)
    pieces = {"a", " ", "\n", "(", ")", "[", '"', "'", "\\", "=", ".", ",", ":", "#", "a.", " a", "a ", "\n ", "a\n"}
    for part in parts_of(parsed.data):
        pieces.add(sample_of(part))
    whole = sample_of(parsed.data)[:_LONGEST]
    pieces.update(whole[:end] for end in range(len(whole)))
    return {piece for piece in pieces if piece}


def parts_of(items: Any) -> Iterator[Any]:
    """A sequence of a parsed pattern, its beginnings, and the sequences in it."""
    items = list(items)
    for end in range(1, len(items) + 1):
        yield items[:end]
        yield [items[end - 1]]
    for _, argument in items:
        yield from inner(argument)


def inner(argument: Any) -> Iterator[Any]:
    if isinstance(argument, _parser.SubPattern):
        yield from parts_of(argument.data)
    elif isinstance(argument, (tuple, list)):
        for item in argument:
            yield from inner(item)


def sample_of(items: Any) -> str:
    """A text that a sequence of a parsed pattern matches, more or less."""
    found = ""
    for code, argument in items:
        match code:
            case _constants.LITERAL:
                found += chr(argument)
            case _constants.NOT_LITERAL | _constants.ANY:
                found += "a"
            case _constants.IN:
                found += in_set(argument)
            case _constants.SUBPATTERN:
                found += sample_of(argument[-1].data)
            case _constants.BRANCH:
                found += sample_of(argument[1][0].data)
            case _constants.MAX_REPEAT | _constants.MIN_REPEAT | _constants.POSSESSIVE_REPEAT:
                found += sample_of(argument[2].data) * max(1, min(argument[0], 3))
            case _constants.ATOMIC_GROUP:
                found += sample_of(argument.data)
    return found


def in_set(items: Any) -> str:
    wanted = {_constants.CATEGORY_SPACE: " ", _constants.CATEGORY_DIGIT: "1", _constants.CATEGORY_WORD: "a"}
    for code, argument in items:
        if code is _constants.NEGATE:
            return next(c for c in "a (" if not any(k is _constants.LITERAL and v == ord(c) for k, v in items[1:]))
        if code is _constants.LITERAL:
            return chr(argument)
        if code is _constants.RANGE:
            return chr(argument[0])
        if code is _constants.CATEGORY:
            return wanted.get(argument, "!")
    return "a"


def seconds(use: Use, text: str) -> float:
    """The processor's time for finding all matches, or for one."""
    pattern: re.Pattern[Any] = re.compile(use.pattern)
    data: Any = text if isinstance(use.pattern, str) else text.encode()
    started = time.process_time()
    if use.anchored:
        pattern.match(data)
        pattern.fullmatch(data)
    else:
        for _ in pattern.finditer(data):
            pass
    return time.process_time() - started


def slow_text(use: Use) -> str:
    """What a search takes too long for; empty where there is nothing."""
    pieces = texts_of(use.pattern)
    longest = max(pieces, key=len)
    for piece in sorted(pieces)[:: 1 + len(pieces) // _MOST_PIECES]:  # of a long list of words, some are enough
        for head, end in (("", "\n!"), (longest, "")):
            if grows_too_fast(use, head, piece, end):
                return f"{head!r} + {piece!r} * n + {end!r}"
    return ""


def grows_too_fast(use: Use, head: str, piece: str, end: str) -> bool:
    """Whether four times the text takes far more than four times as long (sixteen times, where it is the square)."""

    def measured(size: int) -> float:
        return seconds(use, head + piece * (size // len(piece)) + end)

    took = 0.0
    for size in (24, 36, SIZE // 64, SIZE // 16, SIZE // 4, SIZE):  # the first two for what grows exponentially
        if (took := measured(size)) > 50 * LINEAR_S and measured(size) > 50 * LINEAR_S:
            return True
    if took < LINEAR_S:
        return False
    few = min(measured(SIZE) for _ in range(3))
    return few > LINEAR_S and min(measured(4 * SIZE) for _ in range(2)) > 9 * few


@pytest.mark.parametrize("place", USES)
def test_a_search_takes_time_that_grows_with_the_text(place: str) -> None:
    assert slow_text(USES[place]) == ""


@pytest.mark.parametrize("pattern", [r"\s*\n(?=x)", rb"\nimport \([^)]*\)", r"(?:a|b)*c", r"=.*;", r"(a|aa)+$"])
def test_the_test_sees_what_grows_faster(pattern: str | bytes) -> None:
    assert slow_text(Use(pattern, False)) != ""
