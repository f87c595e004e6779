"""Edits that add a line or a key, or exchange a name: small enough to be done in the text."""

from __future__ import annotations

import ast
import re

from printlint.plan.edits import ChangeEntries, InsertAfter, InsertKey, NameLogger, Remove, Retarget
from printlint.plan.message import Refused
from printlint.rewrite.splice import Replacement
from printlint.source import Source, Span

_REST_OF_LINE = re.compile(r"[ \t\f]*(?:#[^\r\n]*)?(?=\r|\n|\Z)")
# A comment that says something to people; those for tools are about the statement.
_COMMENT = re.compile(r"[ \t\f]*#(?!\s*(?:noqa|type:|pragma|pylint|nosec|fmt|pyright|ruff|mypy)\b)")
_COMMA = re.compile(r"[ \t]*,")


def render_retarget(edit: Retarget, source: Source) -> Replacement:
    """`logging.getLogger(name)` → `get_logger(name)`."""
    return Replacement(source.span(edit.call.func), edit.function, edit.call.func)


def render_name(edit: NameLogger, source: Source) -> Replacement:
    """`getLogger(anything)` → `getLogger(__name__)`."""
    if len(edit.call.args) == 1 and not edit.call.keywords:
        return Replacement(source.span(edit.call.args[0]), "__name__", edit.call.args[0])
    return Replacement(source.span(edit.call), f"{source.segment(edit.call.func)}(__name__)", edit.call)


def render_insert_after(edit: InsertAfter, source: Source) -> Replacement:
    """A statement on its own line, or behind a semicolon where the statement before it shares its line."""
    span = source.span(edit.statement)
    indent = indentation(source, span.start)
    rest = _REST_OF_LINE.match(source.text, span.end)
    if indent is None or rest is None:
        return Replacement(Span(span.end, span.end), f"; {edit.text}")
    return Replacement(Span(rest.end(), rest.end()), f"{source.newline}{indent}{edit.text}")


def render_remove(edit: Remove, source: Source) -> Replacement:
    """Nothing, or what is left instead. A comment stays, and so does the line where something else is on it."""
    span, end = source.span(edit.statement), line_end(source, edit.statement)
    indent = indentation(source, span.start)
    if edit.leaves or indent is None or end is None:
        return Replacement(span, edit.leaves or "pass", edit.statement)
    if comment := _COMMENT.match(source.text, span.end):
        return Replacement(Span(span.start, comment.end() - 1), "", edit.statement)
    return Replacement(Span(span.start - len(indent), end), "", edit.statement)


def has_lines_of_its_own(source: Source, statement: ast.stmt) -> bool:
    """Whether nothing else is on a statement's lines, comments neither."""
    span, end = source.span(statement), line_end(source, statement)
    return indentation(source, span.start) is not None and end is not None and "#" not in source.text[span.start : end]


def render_insert_before(statement: ast.stmt, text: str, source: Source) -> Replacement:
    """A statement on a line of its own before another, or before it and a semicolon where the line is shared."""
    start = source.span(statement).start
    for decorator in getattr(statement, "decorator_list", []):
        start = min(start, source.text.rindex("@", 0, source.span(decorator).start))
    indent = indentation(source, start)
    between = "; " if indent is None else f"{source.newline}{indent}"
    return Replacement(Span(start, start), f"{text}{between}")


def render_insert_key(edit: InsertKey, source: Source) -> Replacement:
    """A key behind another, laid out as that one is."""
    span = source.span(edit.node)
    place, text = _key_insertion(edit, source)
    return Replacement(span, source.text[span.start : place] + text + source.text[place : span.end], edit.node)


def _key_insertion(edit: InsertKey, source: Source) -> tuple[int, str]:
    key, value = edit.node.keys[edit.index], edit.node.values[edit.index]
    assert key is not None
    quote = source.segment(key)[-1]
    entry = f"{quote}{edit.key}{quote}: {edit.value}"
    key_span, end = source.span(key), source.span(value).end
    end = _past_closing_parentheses(source.text, end)
    indent = indentation(source, key_span.start)
    comma = _COMMA.match(source.text, end)
    if comma is None:
        between = f",{source.newline}{indent}" if indent is not None else ", "
        return end, between + entry
    rest = _REST_OF_LINE.match(source.text, comma.end())
    if rest is not None and indent is not None:
        return rest.end(), f"{source.newline}{indent}{entry},"
    return comma.end(), f" {entry},"


def render_change_entries(edit: ChangeEntries, source: Source) -> Replacement:
    """The display with other entries, each laid out as the one in whose place it is.

    Raises `Refused` where a comment would be lost.
    """
    span, text, changes = source.span(edit.node), source.text, dict(edit.changes)
    places = [
        (source.span(key or value).start, _past_closing_parentheses(text, source.span(value).end))
        for key, value in zip(edit.node.keys, edit.node.values, strict=True)
    ]
    kept = [index for index in range(len(places)) if changes.get(index, "") is not None]
    lost = [text[places[0][0] : places[kept[0]][0]]]
    pieces = [text[span.start : places[0][0]]]
    for index, following in zip(kept, [*kept[1:], None], strict=True):
        start, end = places[index]
        pieces.append(changes.get(index) or text[start:end])
        if following is None:
            between = text[places[-1][1] : span.end]
            lost += [text[end : places[-1][1]], between.partition("\n")[0]] if index != len(places) - 1 else []
        else:
            between = text[end : places[index + 1][0]]
            if following != index + 1:  # comment lines above an entry are about it
                lost += [between.partition("\n")[2], text[places[index + 1][0] : places[following][0]]]
        pieces.append(between)
    if any("#" in part for part in lost):
        raise Refused("a comment beside an entry would be lost")
    return Replacement(span, "".join(pieces), edit.node)


def _past_closing_parentheses(text: str, position: int) -> int:
    """Behind the parentheses that may close around a value; the tree does not know of them."""
    while match := re.compile(r"[ \t]*\)").match(text, position):
        position = match.end()
    return position


def indentation(source: Source, offset: int) -> str | None:
    """The white space before `offset` on its line, or None where something else is there too."""
    start = source.line_starts[source.position(offset).line - 1]
    before = source.text[start:offset]
    return before if not before.strip(" \t\f") else None


def line_end(source: Source, node: ast.stmt) -> int | None:
    """Behind the newline that ends a statement's last line; None where other code is on that line."""
    rest = _REST_OF_LINE.match(source.text, source.span(node).end)
    if rest is None:
        return None
    newline = re.compile(r"\r\n|\r|\n").match(source.text, rest.end())
    return newline.end() if newline else rest.end()
