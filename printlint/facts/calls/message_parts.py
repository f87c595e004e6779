"""The parts of a message that is formatted before logging sees it: an f-string, `.format()`, `%` or `+`.

An f-string's `{x}`, like that of `str.format`, is `format(x, "")`; `%s` is `str(x)`, `%r` is `repr(x)`, `%a` is
`ascii(x)` (Python reference, "f-strings"; library reference, "Format String Syntax" and "printf-style String
Formatting").
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from printlint.facts.calls.value_types import known_types, may_act
from printlint.facts.module import Module

_FIELD_NAME = r"(?P<argument>\w*)(?P<trail>(?:\.[^\W\d]\w*|\[[^\[\]'\"\\]+\])*)"
_CONVERTERS = {"builtins.str": "s", "builtins.repr": "r", "builtins.ascii": "a"}
_GETTEXT = r"(?:^|\.)(?:__?|u?[np]?gettext(?:_lazy|_noop)?)$"
_TEXT_CALLS = frozenset({f"builtins.{name}" for name in ("str", "repr", "ascii", "format", "chr", "hex", "oct", "bin")})


class Opaque(Exception):
    """The parts of a message are unknown; the text says why, in one sentence for the user."""


class How(Enum):
    """The ways to put values into a text."""

    F_STRING = "is an f-string"
    FORMAT = "uses `.format()`"
    PERCENT = "uses `%`"
    ADDITION = "uses `+`"


class Text(NamedTuple):
    """Text between or behind values."""

    text: str


class Slot(NamedTuple):
    """A value's place. `conversion` is `s`, `r`, `a` or empty; `trail` attributes and keys behind the value.

    `spec` is a format specification; empty where that has values of its own, and None where there is none.
    """

    value: ast.expr
    conversion: str = ""
    spec: str | None = None
    trail: str = ""


class Interpolation(NamedTuple):
    """A message taken apart. `leaves` are the string constants and f-strings in it, with the slots between them.

    `parts` are all words and slots, those of f-strings included; of a `%`, they are the slots.
    """

    node: ast.expr
    how: How
    leaves: tuple[ast.expr | Slot, ...]
    parts: tuple[Text | Slot, ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The values in the order of their places."""
        return tuple(part for part in self.parts if isinstance(part, Slot))


def how_built(module: Module, node: ast.expr) -> How | None:
    """How a message is formatted; None if it is not, or if it has no values."""
    match node:
        case ast.JoinedStr(values=values):
            return How.F_STRING if any(isinstance(part, ast.FormattedValue) for part in values) else None
        case ast.Call(func=ast.Attribute(value=template, attr="format")):
            return How.FORMAT if is_text(module, template) or known_types(module, template) == {"str"} else None
        case ast.BinOp(op=ast.Mod(), left=left):
            return None if isinstance(left, ast.Constant) and not isinstance(left.value, str) else How.PERCENT
        case ast.BinOp(op=ast.Add()):
            return None if all(isinstance(operand, ast.Constant) for operand in operands(node)) else How.ADDITION
        case ast.IfExp(body=body, orelse=orelse):
            return how_built(module, body) or how_built(module, orelse)
    return None


def take_apart(module: Module, node: ast.expr) -> Interpolation:
    """The words and values of a message. Raises `Opaque` where they are unknown."""
    match node, how_built(module, node):
        case ast.JoinedStr(), How.F_STRING:
            return Interpolation(node, How.F_STRING, (node,), tuple(of_f_string(node)))
        case ast.Call(func=ast.Attribute(value=template)), How.FORMAT:
            return Interpolation(node, How.FORMAT, (template,), tuple(of_format(module, node, template)))
        case ast.BinOp(left=left, right=right), How.PERCENT:
            if how_built(module, left) is not None:
                raise Opaque("its template is not a literal")
            return Interpolation(node, How.PERCENT, (left,), tuple(_of_percent(right)))
        case ast.BinOp(), How.ADDITION:
            return _of_addition(module, node)
    raise Opaque("only one branch of the conditional expression may be formatted")


def text_of(module: Module, node: ast.expr) -> str | None:
    """The text of a constant, of a name that is bound to one alone, or of a constant in a call of gettext."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name():
            found = {_constant(binding.value) for binding in module.names.bindings(node)}
            return found.pop() if len(found) == 1 else None
        case ast.Call(func=func, args=[ast.Constant(value=str(text))]) if is_gettext(func):
            return text
    return None


def is_gettext(func: ast.expr) -> bool:
    """Whether a function is one of gettext, by its name."""
    return re.search(_GETTEXT, ast.unparse(func)) is not None


def _constant(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def of_f_string(node: ast.JoinedStr) -> Iterator[Text | Slot]:
    """The parts of an f-string."""
    for part in node.values:
        if isinstance(part, ast.Constant):
            yield Text(str(part.value))
        elif isinstance(part, ast.FormattedValue):
            conversion = chr(part.conversion) if part.conversion != -1 else ""
            yield Slot(part.value, conversion, _spec(part.format_spec))


def _spec(node: ast.expr | None) -> str | None:
    match node:
        case ast.JoinedStr(values=[ast.Constant(value=str(spec))]):
            return spec
        case None:
            return None
    return ""


def of_format(module: Module, node: ast.Call, template: ast.expr) -> Iterator[Text | Slot]:
    """The parts of `"...".format(...)`, in the order of the template. Raises `Opaque`."""
    if not isinstance(template, ast.Constant):
        raise Opaque("its template is not a literal")
    if any(isinstance(item, ast.Starred) for item in node.args) or any(item.arg is None for item in node.keywords):
        raise Opaque("the values of its starred arguments are unknown")
    values = {str(index): item for index, item in enumerate(node.args)}
    values |= {item.arg: item.value for item in node.keywords if item.arg}
    used: list[str] = []
    try:
        fields = list(fields_of(str(template.value)))
    except ValueError as error:
        raise Opaque(f"its template is invalid: {error}") from None
    for text, name, spec, conversion in fields:
        if text:
            yield Text(text)
        if name is None:
            continue
        match = re.fullmatch(_FIELD_NAME, name)
        if match is None or "{" in (spec or ""):
            raise Opaque(f"the field `{{{name}}}` of its template is not supported")
        used.append(match["argument"] or str(len(used)))
        if used[-1] not in values or (not match["argument"]) != (not fields[_first_field(fields)][1]):
            raise Opaque(f"its template has no argument for `{{{name}}}`")
        yield Slot(values[used[-1]], conversion or "", spec or None, _subscripted(match["trail"]))
    if used != list(values) and any(map(may_act, values.values())):
        raise Opaque("its arguments would be evaluated in another order or more than once")


def fields_of(text: str) -> Iterable[tuple[str, str | None, str | None, str | None]]:
    """The text, field name, specification and conversion of each part of a `str.format` template.

    Raises `ValueError` where it is none.
    """
    from string import Formatter

    return Formatter().parse(text)


def _first_field(fields: list[tuple[str, str | None, str | None, str | None]]) -> int:
    return next(index for index, field in enumerate(fields) if field[1] is not None)


def _subscripted(trail: str) -> str:
    """Attributes and keys as they are written outside of a template: `[name]` is `["name"]`."""
    *closed, rest = trail.split("]")
    pieces = (piece.partition("[") for piece in closed)
    quoted = (
        f'{before}["{key}"]' if bracket and not re.fullmatch(r"\d+", key) else f"{before}{bracket}{key}]"
        for before, bracket, key in pieces
    )
    return "".join((*quoted, rest))


def _of_percent(right: ast.expr) -> Iterator[Slot]:
    """The values of `text % values`."""
    if isinstance(right, ast.Tuple):
        if not right.elts:
            raise Opaque("it formats no values")
        if any(isinstance(item, ast.Starred) for item in right.elts):
            raise Opaque("the values of its starred arguments are unknown")
        yield from map(Slot, right.elts)
    else:
        yield Slot(right)


def operands(node: ast.expr) -> list[ast.expr]:
    """What is added up, in source order; of anything but a sum, the expression itself."""
    found: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        found.append(node.right)
        node = node.left
    return [node, *reversed(found)]


def _of_addition(module: Module, node: ast.BinOp) -> Interpolation:
    added = operands(node)
    if not any(is_text(module, operand) for operand in added):
        raise Opaque("none of its operands is known to be text")
    leaves: list[ast.expr | Slot] = []
    parts: list[Text | Slot] = []
    for operand in added:
        match operand:
            case ast.Constant(value=str(text)):
                leaves.append(operand)
                parts.append(Text(text))
            case ast.JoinedStr():
                leaves.append(operand)
                parts += of_f_string(operand)
            case _:
                leaves.append(_converted(module, operand))
                parts.append(leaves[-1])  # type: ignore[arg-type]
    return Interpolation(node, How.ADDITION, tuple(leaves), tuple(parts))


def _converted(module: Module, operand: ast.expr) -> Slot:
    """An operand as a slot: of `str(x)`, the value is `x`."""
    match operand:
        case ast.Call(func=func, args=[value], keywords=[]) if not isinstance(value, ast.Starred):
            conversion = _CONVERTERS.get(module.qualified(func) or "")
            if conversion is not None:
                return Slot(value, conversion)
    return Slot(operand)


def is_text(module: Module, node: ast.expr) -> bool:
    """Whether an expression is text by its form: its value can be the message unchanged."""
    match node:
        case ast.Constant(value=value):
            return isinstance(value, str)
        case ast.JoinedStr():
            return True
        case ast.BinOp(left=left, op=ast.Mod()):
            return is_text(module, left)
        case ast.BinOp(left=left, op=ast.Add() | ast.Mult(), right=right):
            return is_text(module, left) or is_text(module, right)
        case ast.IfExp(body=body, orelse=orelse):
            return is_text(module, body) and is_text(module, orelse)
        case ast.Call(func=ast.Attribute(value=value)):
            return is_text(module, value) or module.qualified(node.func) in _TEXT_CALLS
        case ast.Call(func=func):
            return module.qualified(func) in _TEXT_CALLS
    return False
