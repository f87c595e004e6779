"""Arguments of a print with an f-string among them, as one f-string: `print(f"got {url}:", n)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress

import libcst as cst

from printlint.facts.calls.message_parts import Slot, Text, of_f_string
from printlint.facts.calls.placeholders import PLACEHOLDER_TYPES, placeholders
from printlint.facts.calls.value_types import is_immutable, known_types
from printlint.facts.module import Module
from printlint.plan.message import Message, Piece, Refused, Value, merged_parts
from printlint.rewrite.arguments import code_of, parenthesized, standing_alone
from printlint.rewrite.literals import quoted

_OTHER = {'"': "'", "'": '"'}
_IN_PARENTHESES = (ast.Lambda, ast.NamedExpr, ast.Yield, ast.YieldFrom)
# What an f-string cannot hold in its expressions before Python 3.12 (PEP 701).
_UNSPEAKABLE = ("\\", "\n", "\r", "#")


def merged(module: Module, call: ast.Call, message: Message, positional: list[cst.Arg]) -> cst.BaseExpression:
    """The f-string whose text is what the call prints. Raises `Refused` where it cannot be written.

    What holds the one kind of quotes comes in the other, in a literal of its own.
    """
    first = next(node for node in call.args if isinstance(node, ast.JoinedStr))
    usual = module.source.segment(first).rstrip()[-1]
    literals: list[str] = []
    for piece in message.pieces:
        last = literals[-1][-1] if literals else usual
        sources = {quote: _source(module, call, piece, positional, quote) for quote in (last, _OTHER[last])}
        quote, source = next(((quote, text) for quote, text in sources.items() if text is not None), ("", None))
        if source is None:
            raise Refused("its values cannot be written in an f-string")
        if literals and literals[-1][-1] == quote:
            literals[-1] = f"{literals[-1][:-1]}{source}{quote}"
        else:
            literals.append(f"f{quote}{source}{quote}")
    text = " ".join(literals)
    texts = (part.text for part in merged_parts(call, message) if isinstance(part, Text))
    if any(place["type"] in PLACEHOLDER_TYPES for text in texts for place in placeholders(text)):
        raise Refused("its `%` would be a placeholder without a value")
    if not _means(text, _meaning(merged_parts(call, message))):
        raise Refused("its values cannot be written in an f-string")
    return cst.parse_expression(text)


def filled(
    module: Module, call: ast.Call, message: Message, positional: list[cst.Arg]
) -> tuple[list[Piece], list[cst.Arg]]:
    """The pieces of a message, those of its f-strings one by one, and the arguments for its values."""
    pieces, values = list[Piece](), list[cst.Arg]()
    for piece in message.pieces:
        node = call.args[piece.index] if isinstance(piece, Value) else None
        if isinstance(piece, Value) and isinstance(node, ast.JoinedStr):
            with suppress(Refused):
                parts = list(_hollowed(module, node, positional[piece.index].value))
                pieces += [part if isinstance(part, Text) else Value(piece.index, "") for part in parts]
                values += [cst.Arg(part) for part in parts if not isinstance(part, Text)]
                continue
        pieces.append(piece)
        values += [parenthesized(positional[piece.index])] if isinstance(piece, Value) else []
    return pieces or [Text("")], values


def _hollowed(module: Module, node: ast.JoinedStr, literal: cst.BaseExpression) -> Iterator[Text | cst.BaseExpression]:
    """The texts of an f-string and its values, each made text where it is now. Raises `Refused`."""
    slots = iter([part for part in of_f_string(node) if isinstance(part, Slot)])
    for part, start, end in _parts(literal):
        if isinstance(part, cst.SimpleString):
            yield Text(str(part.evaluated_value))
        elif isinstance(part, cst.FormattedStringText):
            if (text := _evaluated(part, start.lower().replace("f", ""), end)) is None:
                raise Refused("its f-string cannot be taken apart")
            yield Text(text)
        else:
            assert isinstance(part, cst.FormattedStringExpression)
            slot = next(slots)
            is_bare = part.equal is None and not slot.conversion and slot.spec is None
            if is_bare and is_immutable(module, slot.value):
                yield standing_alone(part.expression)
            else:
                yield cst.parse_expression(f"{start}{code_of(part)}{end}")


def _parts(node: cst.BaseExpression) -> Iterator[tuple[cst.CSTNode, str, str]]:
    """The parts of an f-string, with what is before and behind them in a literal."""
    match node:
        case cst.ConcatenatedString(left=left, right=right):
            yield from _parts(left)
            yield from _parts(right)
        case cst.SimpleString():
            yield node, "", ""
        case cst.FormattedString(parts=parts, start=start, end=end):
            yield from ((part, start, end) for part in parts)
        case _:
            raise Refused("its f-string is in parentheses of its own")


def _source(module: Module, call: ast.Call, piece: Piece, positional: list[cst.Arg], quote: str) -> str | None:
    """A piece as it is written in an f-string with some quotes; None where it cannot be."""
    encoding = module.source.encoding
    if isinstance(piece, Text):
        return _text(piece.text, quote, encoding)
    node = call.args[piece.index]
    if isinstance(node, ast.JoinedStr):
        parts = list(_of_f_string(positional[piece.index].value, quote, encoding))
        return "".join(text for text, _ in parts) if all(is_right for _, is_right in parts) else None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _text(node.value, quote, encoding)
    code = module.source.segment(node)
    code = f"({code})" if isinstance(node, _IN_PARENTHESES) or code.startswith("{") else code
    return (f"{{{code}}}" if known_types(module, node) else f"{{{code}!s}}") if _is_speakable(code, quote) else None


def _is_speakable(code: str, quote: str) -> bool:
    return not any(mark in code for mark in (*_UNSPEAKABLE, quote))


def _of_f_string(node: cst.BaseExpression, quote: str, encoding: str) -> Iterator[tuple[str, bool]]:
    """The parts of an f-string in other quotes, each with whether these can be around it."""
    match node:
        case cst.ConcatenatedString(left=left, right=right):
            yield from _of_f_string(left, quote, encoding)
            yield from _of_f_string(right, quote, encoding)
        case cst.SimpleString():
            yield _text(str(node.evaluated_value), quote, encoding), True
        case cst.FormattedString(parts=parts, start=start, end=end):
            as_it_is = start.lower() == f"f{quote}" and end == quote
            for part in parts:
                if isinstance(part, cst.FormattedStringText) and not as_it_is:
                    text = _evaluated(part, start.lower().replace("f", ""), end)
                    yield _text(text or "", quote, encoding), text is not None
                else:
                    code = code_of(part)
                    yield code, isinstance(part, cst.FormattedStringText) or _is_speakable(code, quote)
        case _:
            raise Refused("its f-string is in parentheses of its own")


def _evaluated(part: cst.FormattedStringText, start: str, end: str) -> str | None:
    """The text of a part; None where a backslash before a brace ends it, which alone is no literal."""
    try:
        return str(ast.literal_eval(f"{start}{part.value}{end}")).replace("{{", "{").replace("}}", "}")
    except SyntaxError:
        return None


def _text(text: str, quote: str, encoding: str) -> str:
    return quoted(text, quote, encoding)[1:-1].replace("{", "{{").replace("}", "}}")


def _means(text: str, wanted: list[object]) -> bool:
    """Whether Python reads f-strings in a row as it should."""
    try:
        node = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):
        return False
    return isinstance(node, ast.JoinedStr) and _meaning(of_f_string(node)) == wanted


def _meaning(parts: object) -> list[object]:
    """Parts in a form that compares: texts in a row are one; that text is made text says nothing."""
    found: list[object] = []
    assert isinstance(parts, (tuple, Iterator))
    for part in parts:
        if isinstance(part, Slot):
            found.append((ast.dump(part.value), part.conversion.replace("s", ""), part.spec))
        elif found and isinstance(found[-1], str):
            found[-1] += part.text
        elif part.text:
            found.append(part.text)
    return found
