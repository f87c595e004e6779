"""Format strings in source form: the user's own literal kept and extended, or a new one in the user's quotes."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence

import libcst as cst

from printlint.facts.calls.message_parts import Text
from printlint.plan.message import Literal, Piece, Value
from printlint.rewrite.arguments import code_of


def format_literal(
    pieces: Sequence[Piece], literals: dict[int, cst.BaseExpression], texts: dict[int, str], encoding: str, quote: str
) -> cst.BaseExpression:
    """The format string for a message.

    `literals` and `texts` hold the string arguments by position, as nodes and as text. `%` is doubled only where
    there are values: without arguments logging leaves the message alone.
    """
    with_values = any(isinstance(piece, Value) for piece in pieces)
    wanted = "".join(_format_text(piece, texts, with_values) for piece in pieces)
    first = pieces[0]
    if isinstance(first, Literal):
        kept = _extended(literals[first.index], pieces[1:], literals, texts, with_values)
        if kept is not None and means(kept, wanted):
            return kept
    return cst.SimpleString(quoted(wanted, quote, encoding))


def _format_text(piece: Piece, texts: dict[int, str], with_values: bool) -> str:
    match piece:
        case Value():
            return "%s"
        case Literal(index=index):
            text = texts[index]
        case Text(text=text):
            pass
    return text.replace("%", "%%") if with_values else text


def _extended(
    base: cst.BaseExpression,
    tail: Sequence[Piece],
    literals: dict[int, cst.BaseExpression],
    texts: dict[int, str],
    with_values: bool,
) -> cst.BaseExpression | None:
    """`base` with `%` doubled in each of its parts and the tail inside its last part's quotes."""
    if isinstance(base, cst.ConcatenatedString):
        left = _extended(base.left, (), literals, texts, with_values)
        right = _extended(base.right, tail, literals, texts, with_values)
        if not isinstance(left, (cst.SimpleString, cst.FormattedString)) or right is None:
            return None
        return base.with_changes(left=left, right=right)
    if not isinstance(base, cst.SimpleString):
        return None
    body = base.raw_value.replace("%", "%%") if with_values else base.raw_value
    for piece in tail:
        more = _source_of(piece, base, literals, texts, with_values)
        if more is None:
            return None
        body += more
    return base.with_changes(value=f"{base.prefix}{base.quote}{body}{base.quote}")


def _source_of(
    piece: Piece,
    base: cst.SimpleString,
    literals: dict[int, cst.BaseExpression],
    texts: dict[int, str],
    with_values: bool,
) -> str | None:
    """A piece as it is spelled inside the quotes of `base`, or None where it cannot be."""
    if isinstance(piece, Literal):
        node = literals[piece.index]
        if isinstance(node, cst.SimpleString) and (node.prefix, node.quote) == (base.prefix, base.quote):
            return node.raw_value.replace("%", "%%") if with_values else node.raw_value
    text = _format_text(piece, texts, with_values)
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
