"""What a log message says, reduced to constant text and holes: an f-string, a sum, `.format()` and a name are all one.

Whatever a rule asks about the words and places of a message it asks here, so that a message may be built in any way.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum
from itertools import chain
from typing import NamedTuple

from printlint.facts.calls.log_calls import LogCall
from printlint.facts.calls.message_parts import (
    Opaque,
    Slot,
    Text,
    fields_of,
    is_text,
    of_f_string,
    of_format,
    operands,
    text_of,
)
from printlint.facts.calls.placeholders import PLACEHOLDER, placeholders
from printlint.facts.calls.value_types import NUMBERS, known_types
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module, once_a_module
from printlint.names.bindings import BindingKind

Pieces = tuple[Text | Slot, ...]

# What is in the place of a value in `LogMessage.text`; no text that is written out has it.
HOLE = "\0"
_DEEPEST = 8
_LONGEST = 1000
# Functions and methods whose result has the places of the text that they are given.
_SAME_PLACES = frozenset({"textwrap.dedent", "inspect.cleandoc"})
_SAME_PLACES_METHODS = frozenset({"strip", "lstrip", "rstrip"})
_NUMBER_FORMATS = "diouxXeEfFgGbn"


class Style(Enum):
    """How a logging call puts its arguments into the message."""

    PERCENT = "%"
    BRACES = "{}"


class LogMessage(NamedTuple):
    """A message as pieces: texts, and the slots of values that are in it before it is logged.

    `is_open` where a value may bring text, and with it places for arguments; a number does not. `was_escaped` where the
    text comes from a format, in which a sign that is written twice is one.
    """

    pieces: Pieces
    is_open: bool = False
    was_escaped: bool = False

    @property
    def text(self) -> str:
        """The constant text, with `HOLE` in the place of each value."""
        return "".join(piece.text.replace(HOLE, "?") if isinstance(piece, Text) else HOLE for piece in self.pieces)


def style_of(found: LogCall) -> Style | None:
    """How a call's logger formats; None where its class has methods of its own, which may do so otherwise."""
    if found.logger.own_methods:
        return None
    return Style.BRACES if found.logger.kind is LoggerKind.LOGURU else Style.PERCENT


@once_a_module
def messages_of(module: Module, node: ast.expr) -> tuple[LogMessage, ...]:
    """The messages that an expression may give: one, or one for each arm of a conditional expression."""
    if isinstance(node, ast.IfExp):
        return (*messages_of(module, node.body), *messages_of(module, node.orelse))
    pieces = tuple(_split(_pieces(module, node, _DEEPEST)))
    is_open = any(isinstance(piece, Slot) and not _is_number(module, piece) for piece in pieces)
    return (LogMessage(pieces, is_open, _is_escaped(node)),)


def filled(module: Module, found: LogCall) -> Iterator[Pieces]:
    """What a call writes, for each of its messages: the pieces, with the arguments in their places."""
    message, values = found.message, found.values
    for item in messages_of(module, message) if message is not None else ():
        yield tuple(_filled(item, style_of(found), values or [], found))


def _filled(message: LogMessage, style: Style | None, values: list[ast.expr], found: LogCall) -> Iterator[Text | Slot]:
    rest = iter(values)
    named = {keyword.arg: keyword.value for keyword in found.call.keywords}
    for piece in message.pieces:
        if isinstance(piece, Slot) or style is None:
            yield piece
        elif style is Style.PERCENT:
            yield from _template(piece.text, rest) if values else (piece,)
        else:
            try:
                fields = list(fields_of(piece.text))
            except ValueError:
                fields = [(piece.text, None, None, None)]
            for text, name, _, _ in fields:
                yield Text(text)
                value = named.get(name) if name else next(rest, None)
                if name is not None and value is not None:
                    yield Slot(value)


def _template(text: str, values: Iterator[ast.expr], *, keyed: bool = False) -> Iterator[Text | Slot]:
    """The pieces of a `%` format, as far as there are values for its places; those with keys stay text but `keyed`."""
    end = 0
    for place in PLACEHOLDER.finditer(text):
        if place["key"] and not keyed:
            continue
        yield Text(text[end : place.start()])
        end = place.end()
        if place["type"] == "%":
            yield Text("%")
            continue
        for _ in range((place["width"] == "*") + (place["precision"] == "*")):
            next(values, None)
        if (value := next(values, None)) is not None:
            yield Slot(value, spec=place["type"] if place["type"] not in "sra" else None)
    yield Text(text[end:])


def _pieces(module: Module, node: ast.expr, depth: int) -> Iterator[Text | Slot]:
    if depth == 0:
        yield Slot(node)
        return
    if (text := text_of(module, node)) is not None:
        yield Text(text)
        return
    match node:
        case ast.Constant(value=value):
            yield Text(str(value))
        case ast.JoinedStr():
            yield from _resolved(module, of_f_string(node), depth)
        case ast.BinOp(op=ast.Add()) if any(is_text(module, item) for item in operands(node)):
            yield from chain.from_iterable(_pieces(module, item, depth - 1) for item in operands(node))
        case ast.BinOp(op=ast.Mult(), left=ast.Constant(value=str(text)), right=ast.Constant(value=int(times))):
            yield Text(text * min(times, _LONGEST))
        case ast.BinOp(op=ast.Mod(), left=left, right=right):
            yield from _of_percent(module, node, left, right, depth)
        case ast.Call():
            yield from _of_call(module, node, depth)
        case ast.Name():
            bound = _bound_to(module, node)
            yield from (Slot(node),) if bound is None else _pieces(module, bound, depth - 1)
        case _:
            yield Slot(node)


def _resolved(module: Module, parts: Iterator[Text | Slot], depth: int) -> Iterator[Text | Slot]:
    """Parts, with the text of those values that are known to be text."""
    for part in parts:
        if isinstance(part, Slot) and not part.conversion and part.spec is None and not part.trail:
            yield from _pieces(module, part.value, depth - 1)
        else:
            yield part


def _of_percent(module: Module, node: ast.expr, left: ast.expr, right: ast.expr, depth: int) -> Iterator[Text | Slot]:
    """The pieces of `text % values`: a mapping, or values that do not fit, are one unknown value each time."""
    template = list(_pieces(module, left, depth - 1))
    if not all(isinstance(piece, Text) for piece in template):
        yield Slot(node)
        return
    text = "".join(piece.text for piece in template if isinstance(piece, Text))
    values = right.elts if isinstance(right, ast.Tuple) else [right]
    found = placeholders(text)
    starred = any(isinstance(value, ast.Starred) for value in values)
    if starred or len(values) != len(found) or any(place["key"] for place in found):
        values = [right] * len(found)
    yield from _template(text, iter(values), keyed=True)


def _of_call(module: Module, node: ast.Call, depth: int) -> Iterator[Text | Slot]:
    match node.func, node.args:
        case ast.Attribute(value=template, attr="format"), _ if is_text(module, template):
            try:
                yield from _resolved(module, iter(tuple(of_format(module, node, template))), depth)
            except Opaque:
                yield Slot(node)
        case ast.Attribute(value=ast.Constant(value=str(gap)), attr="join"), [
            ast.List(elts=items) | ast.Tuple(elts=items)
        ]:
            for index, item in enumerate(items):
                yield Text(gap if index else "")
                yield from (Slot(item),) if isinstance(item, ast.Starred) else _pieces(module, item, depth - 1)
        case ast.Attribute(value=text, attr=method), [] if method in _SAME_PLACES_METHODS and not node.keywords:
            yield from _pieces(module, text, depth - 1)
        case func, [text] if module.qualified(func) in _SAME_PLACES:
            yield from _pieces(module, text, depth - 1)
        case _:
            yield Slot(node)


def _bound_to(module: Module, name: ast.Name) -> ast.expr | None:
    """What a name is bound to, in one place of the function that reads it."""
    bindings = module.names.bindings(name)
    if len(bindings) != 1 or bindings[0].kind is not BindingKind.ASSIGN or not isinstance(bindings[0].value, ast.expr):
        return None
    return bindings[0].value if bindings[0].scope is module.places.executing_scope(name) else None


def _split(parts: Iterator[Text | Slot]) -> Iterator[Text | Slot]:
    """Parts, with the percent sign that `{ratio:.0%}` writes as text."""
    for part in parts:
        yield part
        if isinstance(part, Slot) and part.spec and part.spec.endswith("%"):
            yield Text("%")


def _is_number(module: Module, slot: Slot) -> bool:
    """Whether a value is written as a number, or as None."""
    if slot.spec:
        return slot.spec[-1] in (*_NUMBER_FORMATS, "%")
    types = known_types(module, slot.value) if not slot.trail else frozenset()
    return bool(types) and types <= {*NUMBERS, "NoneType"}


def _is_escaped(node: ast.expr) -> bool:
    """Whether a message comes from a `%` format, in which `%%` is one sign."""
    return isinstance(node, ast.BinOp) and any(
        isinstance(item, ast.BinOp) and isinstance(item.op, ast.Mod) for item in operands(node)
    )
