"""The message of a print as a row of characters and holes, and the print without some of them.

What is looked for in a message (a tag, a code of a colour) is looked for in the row, however the message is built. What
goes is said by the nodes that it is part of, so that an f-string stays an f-string and a template a template.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from printlint.facts.calls.message_parts import is_text, operands
from printlint.facts.calls.message_text import HOLE
from printlint.facts.calls.placeholders import BRACE_PLACEHOLDER, PLACEHOLDER
from printlint.facts.module import Module
from printlint.facts.prints.colours import coloured_text, is_colour

# In the place of a value that only sets a colour.
COLOUR = "\x02"
# Indexes of cells that are no character of a literal: all of a node, and a call of which the first argument stays.
_WHOLE, _CALL = -1, -2
_LONGEST = 200
# How many characters `"=" * width` counts for.
_SOME = 20


class Cell(NamedTuple):
    """A character of a message, or a hole, and where it comes from. What has no node is not in the call's text."""

    sign: str
    node: ast.expr | None = None
    place: int = _WHOLE


@dataclass(frozen=True)
class Cuts:
    """What goes of a call's arguments: characters of literals, whole values, and calls around values."""

    places: frozenset[tuple[ast.expr, int]] = frozenset()

    @classmethod
    def of(cls, cells: Iterable[Cell]) -> Cuts:
        """The cuts that take cells out."""
        return cls(frozenset((cell.node, cell.place) for cell in cells if cell.node is not None))

    def __bool__(self) -> bool:
        return bool(self.places)

    def takes(self, node: ast.expr) -> bool:
        """Whether all of a node goes."""
        return (node, _WHOLE) in self.places

    def unwraps(self, node: ast.expr) -> bool:
        """Whether only the first argument of a call stays."""
        return (node, _CALL) in self.places

    def flags(self, node: ast.Constant) -> list[bool]:
        """For each character of a literal, whether it goes."""
        return [(node, index) in self.places for index in range(len(str(node.value)))]


NO_CUTS = Cuts()


def cells_of(module: Module, call: ast.Call, separator: str) -> Iterator[Cell]:
    """What a print writes, without its `end`."""
    for index, argument in enumerate(call.args):
        if index:
            yield from map(Cell, separator)
        yield from _cells(module, argument)


def _cells(module: Module, node: ast.expr) -> Iterator[Cell]:
    if is_colour(module, node):
        yield Cell(COLOUR, node)
        return
    match node:
        case ast.Constant(value=str(text)):
            yield from _characters(node, text)
        case ast.JoinedStr(values=values):
            for part in values:
                yield from _of_part(module, part)
        case ast.BinOp(op=ast.Add()) if any(
            is_text(module, item) or is_colour(module, item) for item in operands(node)
        ):
            for operand in operands(node):
                yield from _cells(module, operand)
        case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str(text)) as template):
            yield from _of_template(template, text, PLACEHOLDER)
        case ast.Call(func=ast.Attribute(attr="format", value=ast.Constant(value=str(text)) as template)):
            yield from _of_template(template, text, BRACE_PLACEHOLDER)
        case ast.BinOp(op=ast.Mult(), left=ast.Constant(value=str(text)), right=times) if _is_harmless(times):
            number = times.value if isinstance(times, ast.Constant) and isinstance(times.value, int) else _SOME
            yield from (Cell(character, node) for character in text * min(number, _LONGEST))
        case ast.Call() if (inner := coloured_text(module, node)) is not None:
            yield Cell(COLOUR, node, _CALL)
            yield from _cells(module, inner)
        case _:
            yield Cell(HOLE)


def _characters(node: ast.expr, text: str) -> Iterator[Cell]:
    return (Cell("?" if sign in (HOLE, COLOUR) else sign, node, index) for index, sign in enumerate(text))


def _of_part(module: Module, part: ast.expr) -> Iterator[Cell]:
    """The cells of a part of an f-string."""
    match part:
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None) if is_colour(module, value):
            yield Cell(COLOUR, part)
        case ast.FormattedValue(value=ast.Call() as call) if isinstance(
            inner := coloured_text(module, call), ast.expr
        ) and not is_text(module, inner):
            yield Cell(COLOUR, call, _CALL)
            yield Cell(HOLE)
        case ast.FormattedValue():
            yield Cell(HOLE)
        case ast.Constant(value=str(text)):
            yield from _characters(part, text)


def _of_template(node: ast.expr, text: str, placeholder: re.Pattern[str]) -> Iterator[Cell]:
    """The cells of a template, with holes for its placeholders."""
    held = {
        index
        for match in placeholder.finditer(text)
        if match[0] not in ("%%", "{{", "}}")
        for index in range(*match.span())
    }
    for cell in _characters(node, text):
        yield Cell(HOLE) if cell.place in held else cell


def _is_harmless(node: ast.expr) -> bool:
    """Whether nothing is missed where an expression is not evaluated: names, numbers and their sums, `len(name)`."""
    match node:
        case ast.Constant() | ast.Name():
            return True
        case ast.BinOp(left=left, right=right):
            return _is_harmless(left) and _is_harmless(right)
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name()], keywords=[]):
            return True
    return False


def without(call: ast.Call, cuts: Cuts) -> ast.Call:
    """A call with what is left of its arguments; the values in them are the same nodes."""
    if not cuts:
        return call
    arguments = [left for argument in call.args if (left := remaining(argument, cuts)) is not None]
    return ast.copy_location(ast.Call(call.func, arguments, call.keywords), call)


def remaining(node: ast.expr, cuts: Cuts) -> ast.expr | None:
    """What is left of an expression; None where nothing is, itself where it is whole."""
    if cuts.takes(node):
        return None
    match node:
        case ast.Constant(value=str(text)):
            kept = "".join(sign for sign, goes in zip(text, cuts.flags(node), strict=True) if not goes)
            same = kept == text
            return node if same else ast.copy_location(ast.Constant(kept, node.kind), node) if kept else None
        case ast.JoinedStr(values=values):
            return _joined(node, [left for part in values if (left := remaining(part, cuts)) is not None])
        case ast.FormattedValue(value=ast.Call(args=[inner, *_]) as call) if cuts.unwraps(call):
            return ast.copy_location(ast.FormattedValue(inner, node.conversion, node.format_spec), node)
        case ast.BinOp(op=ast.Add()):
            return _sum(node, remaining(node.left, cuts), remaining(node.right, cuts))
        case ast.BinOp(op=ast.Mod()):
            return _sum(node, remaining(node.left, cuts), node.right)
        case ast.Call(args=[inner, *_]) if cuts.unwraps(node):
            return remaining(inner, cuts)
        case ast.Call(func=ast.Attribute(value=template) as func):
            text_left = remaining(template, cuts)
            if text_left is not None and text_left is not template:
                changed = ast.copy_location(ast.Attribute(text_left, func.attr, func.ctx), func)
                return ast.copy_location(ast.Call(changed, node.args, node.keywords), node)
    return node


def _sum(node: ast.BinOp, left: ast.expr | None, right: ast.expr | None) -> ast.expr | None:
    """An operation on what is left of its operands."""
    if left is None or right is None:
        return left or right
    same = left is node.left and right is node.right
    return node if same else ast.copy_location(ast.BinOp(left, node.op, right), node)


def _joined(node: ast.JoinedStr, values: list[ast.expr]) -> ast.expr | None:
    """An f-string of other parts; a plain literal where it had values, and has none any more."""
    if all(one is other for one, other in zip(node.values, values, strict=False)) and len(values) == len(node.values):
        return node
    merged: list[ast.expr] = []
    for part in values:
        if merged and isinstance(part, ast.Constant) and isinstance(last := merged[-1], ast.Constant):
            merged[-1] = ast.copy_location(ast.Constant(str(last.value) + str(part.value)), node)
        else:
            merged.append(part)
    match merged:
        case []:
            return None
        case [ast.Constant() as text] if any(isinstance(part, ast.FormattedValue) for part in node.values):
            return text
    return ast.copy_location(ast.JoinedStr(merged), node)
