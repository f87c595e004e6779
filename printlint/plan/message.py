"""The text that a print writes, as the message of a logging call.

`print` writes `str()` of each argument with `sep` between and `end` behind (CPython, `builtin_print_impl`); a
logging call with arguments writes `msg % args`, without arguments `str(msg)` (CPython, `LogRecord.getMessage`).
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from printlint.facts.calls.message_parts import Slot, Text, is_text, of_f_string
from printlint.facts.calls.value_types import is_immutable, may_act
from printlint.facts.module import Module
from printlint.names.qualified import is_none
from printlint.source import depth_exceeds


class Refused(Exception):
    """A rewrite that printlint will not do; the text is one sentence for the user."""

    @property
    def reason(self) -> str:
        """The sentence."""
        return str(self)


@dataclass(frozen=True)
class Literal:
    """Positional argument `index`, a string constant whose text becomes part of the format."""

    index: int


@dataclass(frozen=True)
class Value:
    """Positional argument `index`, formatted by `%s`, or in braces by `{!s}`; by `{}` without its conversion."""

    index: int
    conversion: str = "s"


Piece = Text | Literal | Value


@dataclass(frozen=True)
class Message:
    """What is logged. `verbatim`: the only argument is the message, unchanged.

    `joined` is the separator where starred arguments make the number of values unknown. `lazy`: the only argument
    is an f-string, whose values become arguments. `merged`: there is an f-string among the arguments, and all become
    one. `fields` are names that go into `extra`, with their keys.
    """

    pieces: tuple[Piece, ...] = ()
    verbatim: bool = False
    joined: str | None = None
    lazy: bool = False
    merged: bool = False
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether it is logged as one text, without values."""
        return self.verbatim or (self.merged and not self.lazy)


@dataclass(frozen=True)
class Printed:
    """A print call taken apart. `cautions` says why its rewrite is not safe by default; `separator` is its `sep`."""

    message: Message
    cautions: tuple[str, ...] = ()
    separator: str = " "


_KEYWORDS = frozenset({"sep", "end", "file", "flush"})


def read_print(module: Module, call: ast.Call) -> Printed:
    """Take a print call apart. Raises `Refused` where no logging call writes the same."""
    if depth_exceeds(call):
        raise Refused("its arguments are nested too deeply")
    keywords = _keywords(call)
    _check_flush(keywords.get("flush"))
    separator = _constant_text(keywords.get("sep"), "sep", " ")
    end = _constant_text(keywords.get("end"), "end", "\n")
    cautions = []
    if not end.endswith("\n") or end.strip("\n"):
        raise Refused("it writes a partial line (`end`), and a log record is a whole line")
    if len(end) > 1:
        cautions.append("the blank line after it becomes part of the message")
    if not call.args:
        cautions.append("it prints a blank line, which is layout, not an event")
        return Printed(Message((Text(end[:-1]),)), tuple(cautions), separator)
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return _starred(module, call, separator, end, cautions)
    _check_text(call)
    if len(call.args) == 1 and len(end) == 1 and is_text(module, call.args[0]):
        return Printed(Message(verbatim=True), tuple(cautions), separator)
    merged = any(isinstance(argument, ast.JoinedStr) for argument in call.args) and _keep_till_formatted(module, call)
    return Printed(Message(_pieces(call.args, separator, end), merged=merged), tuple(cautions), separator)


def _pieces(arguments: list[ast.expr], separator: str, end: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for index, argument in enumerate(arguments):
        if index and separator:
            pieces.append(Text(separator))
        plain = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        pieces.append(Literal(index) if plain else Value(index))
    if len(end) > 1:
        pieces.append(Text(end[:-1]))
    return tuple(pieces)


def merged_parts(call: ast.Call, message: Message) -> tuple[Text | Slot, ...]:
    """The texts and values of a message, those in its f-strings included; `print` writes the `str()` of others."""
    parts: list[Text | Slot] = []
    for piece in message.pieces:
        match piece if isinstance(piece, Text) else call.args[piece.index]:
            case Text() as text:
                parts.append(text)
            case ast.Constant(value=str(text)):
                parts.append(Text(text))
            case ast.JoinedStr() as f_string:
                parts += of_f_string(f_string)
            case ast.expr() as value:
                parts.append(Slot(value, piece.conversion if isinstance(piece, Value) else "s"))
    return tuple(parts)


def _keep_till_formatted(module: Module, call: ast.Call) -> bool:
    """Whether no argument that is made text before the next is evaluated could be changed by that."""
    acting = [index for index, argument in enumerate(call.args) if _acts(module, argument)]
    before = call.args[: acting[-1]] if acting else []
    return all(isinstance(item, ast.JoinedStr) or is_immutable(module, item) for item in before)


def _acts(module: Module, node: ast.expr) -> bool:
    asked = isinstance(node, ast.Call) and module.qualified(node.func) in _ASKING
    return any(map(may_act, node.args)) if asked else may_act(node)  # type: ignore[attr-defined]


# Builtins that look at a value and leave it as it is.
_ASKING = frozenset(f"builtins.{name}" for name in ("len", "type", "id", "isinstance", "bool", "abs", "round"))


def _starred(module: Module, call: ast.Call, separator: str, end: str, cautions: list[str]) -> Printed:
    scope = module.scopes.scope_of(call)
    if scope.lookup("map") or scope.lookup("str"):
        raise Refused("it prints starred arguments where `map` or `str` is shadowed")
    if len(end) > 1:
        raise Refused("it prints starred arguments with an `end` of its own")
    cautions.append("the number of values in its starred arguments is unknown")
    return Printed(Message(joined=separator), tuple(cautions))


def _keywords(call: ast.Call) -> dict[str, ast.expr]:
    keywords = {}
    for keyword in call.keywords:
        if keyword.arg is None:
            raise Refused("its `**` arguments are unknown")
        if keyword.arg not in _KEYWORDS:
            raise Refused(f"`print` takes no argument `{keyword.arg}`")
        keywords[keyword.arg] = keyword.value
    return keywords


def _check_flush(flush: ast.expr | None) -> None:
    if flush is not None and not isinstance(flush, ast.Constant):
        raise Refused("its `flush` is an expression, which would no longer be evaluated")


def _constant_text(node: ast.expr | None, name: str, default: str) -> str:
    if node is None or is_none(node):
        return default
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise Refused(f"its `{name}` is not a literal")


def _check_text(call: ast.Call) -> None:
    """A carriage return or a cursor movement draws on the terminal; as a record it would be noise."""
    for node in ast.walk(call):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if "\r" in node.value.rstrip("\r\n") or node.value.startswith("\r") or node.value.endswith("\r"):
                raise Refused("it redraws a line of the terminal (`\\r`)")
            if any(f"\x1b[{code}" in node.value for code in _CURSOR_CODES):
                raise Refused("it moves the cursor of the terminal")


_CURSOR_CODES = (
    *(f"{count}{letter}" for count in ("", "1", "2", "3") for letter in "ABCDFGHJK"),
    "?25l",
    "?25h",
    "s",
    "u",
)
