"""Format strings in source form: the user's own literal kept and extended, or a new one in the user's quotes."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from printlint.facts.calls.message_parts import Slot, Text
from printlint.plan.message import Literal, Piece, Value
from printlint.rewrite.arguments import code_of


@dataclass(frozen=True)
class PlaceholderStyle:
    """How placeholders are written: `%s`, or `{}` with `braces`. `doubled` are the characters to double in text."""

    braces: bool = False
    doubled: str = "%"

    def text(self, text: str) -> str:
        """Text between placeholders, also as it is written in a source."""
        for character in self.doubled:
            text = text.replace(character, character * 2)
        return text

    def slot(self, slot: Slot) -> str:
        """The placeholder of a value."""
        if not self.braces:
            return "%s" if slot.spec is not None else f"%{slot.conversion or 's'}"
        conversion = f"!{slot.conversion}" if slot.conversion else ""
        spec = f":{slot.spec}" if slot.spec is not None else ""
        return f"{{{conversion}{spec}}}"

    def value(self, value: Value) -> str:
        """The placeholder of an argument."""
        return f"{{{value.conversion and '!'}{value.conversion}}}" if self.braces else "%s"


PERCENT = PlaceholderStyle()
PERCENT_KEPT = PlaceholderStyle(doubled="")
BRACES = PlaceholderStyle(braces=True, doubled="{}")


def format_literal(
    pieces: Sequence[Piece],
    literals: dict[int, cst.BaseExpression],
    texts: dict[int, str],
    encoding: str,
    quote: str,
    style: PlaceholderStyle,
) -> cst.BaseExpression:
    """The format string for a message.

    `literals` and `texts` hold the string arguments by position, as nodes and as text. Only where there are values is
    anything doubled: without arguments the message is left alone.
    """
    if not any(isinstance(piece, Value) for piece in pieces):
        style = PERCENT_KEPT
    wanted = "".join(_format_text(piece, texts, style) for piece in pieces)
    first = pieces[0]
    if isinstance(first, Literal):
        kept = _extended(literals[first.index], pieces[1:], literals, texts, style)
        if kept is not None and means(kept, wanted):
            return kept
    return cst.SimpleString(quoted(wanted, quote, encoding))


def _format_text(piece: Piece, texts: dict[int, str], style: PlaceholderStyle) -> str:
    match piece:
        case Value():
            return style.value(piece)
        case Literal(index=index):
            text = texts[index]
        case Text(text=text):
            pass
    return style.text(text)


def _extended(
    base: cst.BaseExpression,
    tail: Sequence[Piece],
    literals: dict[int, cst.BaseExpression],
    texts: dict[int, str],
    style: PlaceholderStyle,
) -> cst.BaseExpression | None:
    """`base` as text between placeholders in each of its parts and the tail inside its last part's quotes."""
    if isinstance(base, cst.ConcatenatedString):
        left = _extended(base.left, (), literals, texts, style)
        right = _extended(base.right, tail, literals, texts, style)
        if not isinstance(left, (cst.SimpleString, cst.FormattedString)) or right is None:
            return None
        return base.with_changes(left=left, right=right)
    if not isinstance(base, cst.SimpleString):
        return None
    body = style.text(base.raw_value)
    for piece in tail:
        more = _source_of(piece, base, literals, texts, style)
        if more is None:
            return None
        body += more
    return base.with_changes(value=f"{base.prefix}{base.quote}{body}{base.quote}")


def _source_of(
    piece: Piece,
    base: cst.SimpleString,
    literals: dict[int, cst.BaseExpression],
    texts: dict[int, str],
    style: PlaceholderStyle,
) -> str | None:
    """A piece as it is spelled inside the quotes of `base`, or None where it cannot be."""
    if isinstance(piece, Literal):
        node = literals[piece.index]
        if isinstance(node, cst.SimpleString) and (node.prefix, node.quote) == (base.prefix, base.quote):
            return style.text(node.raw_value)
    text = _format_text(piece, texts, style)
    escaped = _escaped(text, base.quote[0])
    if "r" in base.prefix.lower() and escaped != text:
        return None
    return escaped


def means(node: cst.BaseExpression, wanted: str) -> bool:
    """Whether Python reads a literal as the text that is wanted."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python warns of the user's invalid escapes, not of ours
            return bool(ast.literal_eval(f"({code_of(node)}\n)") == wanted)
    except (SyntaxError, ValueError):
        return False


def quoted(text: str, quote: str, encoding: str) -> str:
    """A string literal for `text` in the given quotes, spelled with what `encoding` has."""
    body = _escaped(text, quote)
    try:
        body.encode(encoding)
    except UnicodeEncodeError:
        body = body.encode("ascii", "backslashreplace").decode("ascii")
    return f"{quote}{body}{quote}"


_NAMED_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escaped(text: str, quote: str) -> str:
    pieces = []
    for character in text:
        if character == quote:
            pieces.append(f"\\{quote}")
        elif character in _NAMED_ESCAPES:
            pieces.append(_NAMED_ESCAPES[character])
        elif character.isprintable():
            pieces.append(character)
        else:
            pieces.append(character.encode("unicode_escape").decode("ascii"))
    return "".join(pieces)
