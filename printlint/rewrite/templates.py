"""Turns a formatted message into a format string: the user's own literals, with placeholders for the values."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count

import libcst as cst

from printlint.facts.calls.message_parts import How, Interpolation, Slot, Text
from printlint.facts.calls.placeholders import BRACE_PLACEHOLDER, PLACEHOLDER
from printlint.facts.module import Module
from printlint.plan.message import Refused
from printlint.rewrite.arguments import COMMA, Shift, code_of, standing_alone
from printlint.rewrite.literals import BRACES, PERCENT, PlaceholderStyle, means, quoted
from printlint.source import Span

_BRACKETED = (ast.Call, ast.Subscript, ast.List, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp)
_STRINGS = (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)
_BRACES = re.compile(r"\{\{|\}\}")
# In the source of a literal: an escape, a doubled brace, a field of a template.
_FIELDS = re.compile(r"(?P<kept>\\N\{[^}]{0,100}\}|\\.)|(?P<brace>\{\{|\}\})|(?P<field>\{[^{}]*\})", re.DOTALL)
_ILL_SPELLED = "its text cannot be written as a format string"


def spell(
    module: Module, message: Interpolation, style: PlaceholderStyle = PERCENT, indent: int | None = None
) -> tuple[cst.BaseExpression, list[cst.BaseExpression]]:
    """The format string for a message, and the values for its placeholders in order.

    `indent` is the column, from 0, of the lines that the values will be on, if each gets its own. The result is
    compared with what Python's own parser has read. Raises `Refused`.
    """
    if message.how is How.PERCENT:
        template = _parsed(module, message.leaves[0])
        return template, [_moved(module, slot, style, indent) for slot in message.slots]
    speller = _Speller(module, message, style, indent)
    wanted = "".join(style.text(part.text) if isinstance(part, Text) else style.slot(part) for part in message.parts)
    template = speller.template()
    if not means(template, wanted):
        if "\n" in module.source.segment(message.node) or "\r" in module.source.segment(message.node):
            raise Refused(_ILL_SPELLED)
        template = cst.SimpleString(quoted(wanted, speller.quote, module.source.encoding))
    return template, speller.values


def spell_anew(
    module: Module, parts: tuple[Text | Slot, ...], quote: str, style: PlaceholderStyle = PERCENT
) -> tuple[cst.BaseExpression, list[cst.BaseExpression]]:
    """The same for parts of several literals, in a new one. Raises `Refused`."""
    slots = [part for part in parts if isinstance(part, Slot)]
    if any(slot.spec == "" for slot in slots) or "#" in "".join(module.source.segment(slot.value) for slot in slots):
        raise Refused(_ILL_SPELLED)
    text = "".join(style.text(part.text) if isinstance(part, Text) else style.slot(part) for part in parts)
    literal = cst.SimpleString(quoted(text, quote, module.source.encoding))
    return literal, [_moved(module, slot, style, None) for slot in slots]


@dataclass(frozen=True)
class _Literal:
    """The pieces of a string literal. `gap` is the white space before it, if it has to be kept."""

    prefix: str
    quote: str
    body: str
    gap: cst.BaseParenthesizableWhitespace | None = None

    def continues(self, other: _Literal) -> bool:
        """Whether both can be joined into one literal."""
        return self.gap is None and (self.prefix.lower(), self.quote) == (other.prefix.lower(), other.quote)


class _Speller:
    def __init__(self, module: Module, message: Interpolation, style: PlaceholderStyle, indent: int | None) -> None:
        self._indent = indent
        self._module = module
        self._message = message
        self._style = style
        self._literals: list[_Literal] = []
        self._before = ""  # placeholders before the first literal
        self.values: list[cst.BaseExpression] = []
        self._slots = iter(message.slots)
        previous: ast.expr | None = None
        for leaf in message.leaves:
            if isinstance(leaf, Slot):
                self._add_slot(next(self._slots))
                previous = leaf.value
            else:
                self._add_strings(_parsed(module, leaf), self._gap(previous, leaf))
                previous = leaf

    @property
    def quote(self) -> str:
        """The quotes that the user's code has."""
        return self._literals[0].quote[0] if self._literals else '"'

    def template(self) -> cst.BaseExpression:
        """The literals with the white space between them."""
        literals = self._literals or [_Literal("", '"', self._before)]
        nodes = [cst.SimpleString(f"{item.prefix}{item.quote}{item.body}{item.quote}") for item in literals]
        node: cst.SimpleString | cst.ConcatenatedString = nodes[-1]
        for left, right in reversed(list(zip(nodes, literals[1:], strict=False))):
            gap = right.gap or cst.SimpleWhitespace(" ")
            node = cst.ConcatenatedString(left, node, whitespace_between=gap)
        return node

    def _gap(self, previous: ast.expr | None, leaf: ast.expr) -> cst.BaseParenthesizableWhitespace | None:
        """What is before a literal that was added to something: a new line where it was on one."""
        if previous is None or previous.end_lineno == leaf.lineno or not self._literals:
            return None
        line = self._module.source.line_text(leaf.lineno)
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        newline = cst.TrailingWhitespace(newline=cst.Newline())
        return cst.ParenthesizedWhitespace(newline, [], indent=False, last_line=cst.SimpleWhitespace(indent))

    def _add_slot(self, slot: Slot) -> None:
        self.values.append(_moved(self._module, slot, self._style, self._indent))
        placeholder = self._style.slot(slot)
        if self._literals:
            self._literals[-1] = replace(self._literals[-1], body=self._literals[-1].body + placeholder)
        else:
            self._before += placeholder

    def _add_strings(self, node: cst.BaseExpression, gap: cst.BaseParenthesizableWhitespace | None) -> None:
        match node:
            case cst.ConcatenatedString():
                self._add_strings(node.left, gap)
                self._add_strings(node.right, node.whitespace_between)
            case cst.SimpleString():
                body = node.raw_value
                body = self._of_template(body) if self._message.how is How.FORMAT else self._style.text(body)
                self._add(_Literal(node.prefix, node.quote, body, gap))
            case cst.FormattedString():
                prefix = node.start[: len(node.start) - len(node.end)].replace("f", "").replace("F", "")
                body = "".join(self._part(part) for part in node.parts)
                self._add(_Literal(prefix, node.end, body, gap))
            case _:
                raise Refused(_ILL_SPELLED)

    def _add(self, literal: _Literal) -> None:
        if not self._literals:
            self._literals.append(replace(literal, body=self._before + literal.body, gap=None))
        elif literal.continues(self._literals[-1]):
            body = self._literals[-1].body + literal.body
            self._literals[-1] = replace(self._literals[-1], body=body)
        else:
            self._literals.append(literal)

    def _of_template(self, body: str) -> str:
        """The source of a template of `str.format`, with placeholders instead of its fields."""
        return "".join(self._pieces(body))

    def _pieces(self, body: str) -> Iterator[str]:
        position = 0
        for match in _FIELDS.finditer(body):
            yield self._style.text(body[position : match.start()])
            position = match.end()
            if match["field"]:
                slot = next(self._slots, None)
                if slot is None:
                    raise Refused(_ILL_SPELLED)
                self.values.append(_moved(self._module, slot, self._style, self._indent))
                yield self._style.slot(slot)
            else:
                yield self._style.text(match[0][0] if match["brace"] else match[0])
        yield self._style.text(body[position:])

    def _part(self, part: cst.BaseFormattedStringContent) -> str:
        if isinstance(part, cst.FormattedStringText):
            return self._style.text(_BRACES.sub(lambda match: match[0][0], part.value))
        assert isinstance(part, cst.FormattedStringExpression)
        slot = next(self._slots, None)
        if slot is None:
            raise Refused(_ILL_SPELLED)
        self.values.append(_value(slot, code_of(part.expression), self._style, part.format_spec))
        if part.equal is None:
            return self._style.slot(slot)
        # `{x=}` shows its own source, and repr(x) where nothing else is asked for
        pieces = (part.whitespace_before_expression, part.expression, part.whitespace_after_expression, part.equal)
        return self._style.text("".join(map(code_of, pieces))) + self._style.slot(slot)


def respelled(
    literal: cst.BaseExpression, text: object, ends: Mapping[int, str], *, braces: bool
) -> cst.BaseExpression:
    """A format string with other conversions (`r` for `s`, `!r` in braces) in some placeholders, counted from 0."""
    counter = count()
    new = _changed(literal, lambda body: _text_with_ends(body, counter, ends, braces=braces))
    if not means(new, _text_with_ends(str(text), count(), ends, braces=braces)):
        raise Refused(_ILL_SPELLED)
    return new


def in_braces(literal: cst.BaseExpression, text: object, places: Sequence[str]) -> cst.BaseExpression:
    """A `%` format as one with braces, `places` for its placeholders. Raises `Refused`."""
    left = iter(places)
    new = _changed(literal, lambda body: _text_in_braces(body, left))
    if not means(new, _text_in_braces(str(text), iter(places))):
        raise Refused(_ILL_SPELLED)
    return new


def _text_in_braces(text: str, places: Iterator[str]) -> str:
    def placeholder(match: re.Match[str]) -> str:
        return "%" if match["type"] == "%" else next(places)

    return PLACEHOLDER.sub(placeholder, BRACES.text(text))  # braces are in no placeholder that can be converted


def _changed(node: cst.BaseExpression, change: Callable[[str], str]) -> cst.BaseExpression:
    """A literal with the text between its quotes changed. Raises `Refused`."""
    match node:
        case cst.ConcatenatedString():
            return node.with_changes(left=_changed(node.left, change), right=_changed(node.right, change))
        case cst.SimpleString():
            return node.with_changes(value=f"{node.prefix}{node.quote}{change(node.raw_value)}{node.quote}")
    raise Refused(_ILL_SPELLED)


def _text_with_ends(text: str, counter: Iterator[int], ends: Mapping[int, str], *, braces: bool) -> str:
    """A text with the conversions of `ends` in its placeholders, which `counter` numbers."""

    def placeholder(match: re.Match[str]) -> str:
        if match[0] in ("%%", "{{", "}}"):
            return match[0]
        end = ends.get(next(counter))
        if end is None:
            return match[0]
        if not braces:
            return match[0][:-1] + end
        name, colon, spec = match[0][1:-1].partition(":")
        return f"{{{name}{end}{colon}{spec}}}"

    return (BRACE_PLACEHOLDER if braces else PLACEHOLDER).sub(placeholder, text)


def _moved(module: Module, slot: Slot, style: PlaceholderStyle, indent: int | None) -> cst.BaseExpression:
    """The argument for a value outside of the string, with its parentheses where it needs them."""
    source = module.source
    span, code = source.span(slot.value), source.segment(slot.value)
    if "\n" not in code and "\r" not in code:
        return _value(slot, code, style)
    before, after = source.text[: span.start].rstrip(), source.text[span.end :].lstrip()
    if not isinstance(slot.value, _BRACKETED) and before.endswith("(") and after.startswith(")"):
        span = Span(len(before) - 1, len(source.text) - len(after) + 1)
    value = _value(slot, source.text[span.start : span.end], style)
    if indent is None:
        return value
    line = source.line_text(source.position(span.start).line)
    column = len(line) - len(line.lstrip(" "))
    moved = value.visit(Shift(column, indent - column))
    assert isinstance(moved, cst.BaseExpression)
    return moved


def _value(slot: Slot, code: str, style: PlaceholderStyle, spec: object = None) -> cst.BaseExpression:
    """The argument for a placeholder; `spec` holds the parts of an f-string's format specification."""
    if not _is_same(code, slot.value):
        raise Refused("a value in it cannot be parsed on its own")
    simple = isinstance(slot.value, (ast.Name, ast.Attribute, ast.Subscript, ast.Call))
    node = expression(f"{code if simple else f'({code})'}{slot.trail}" if slot.trail else code)
    if slot.spec is None or (style.braces and slot.spec):
        return standing_alone(node)
    if style.braces:
        raise Refused("one of its values has a computed format")
    if slot.conversion:
        node = cst.Call(cst.Name({"r": "repr", "a": "ascii", "s": "str"}[slot.conversion]), [cst.Arg(node)])
    specification = _spec(spec) if spec else cst.SimpleString(quoted(slot.spec, '"', "ascii"))
    return cst.Call(cst.Name("format"), [cst.Arg(standing_alone(node), comma=COMMA), cst.Arg(specification)])


def expression(code: str) -> cst.BaseExpression:
    """Parse an expression; in parentheses where it needs them to span lines. Raises `Refused`."""
    for text in (code, f"({code})"):
        with suppress(Exception):  # libcst raises its own and, for some inputs, internal errors
            return cst.parse_expression(text)
    raise Refused("a value in it cannot be parsed on its own")


def _is_same(code: str, node: ast.expr) -> bool:
    try:
        return ast.dump(ast.parse(f"({code}\n)", mode="eval").body) == ast.dump(node)
    except SyntaxError:
        return False


def _spec(parts: object) -> cst.BaseExpression:
    """A format specification as a string: `.2f`, or an f-string where it has values of its own."""
    assert isinstance(parts, (list, tuple))
    nested = any(isinstance(part, cst.FormattedStringExpression) for part in parts)
    body = "".join(map(code_of, parts))
    if '"' in body or "\\" in body or "\n" in body:
        raise Refused("its f-string has a format that cannot be written outside it")
    return cst.parse_expression(f'{"f" if nested else ""}"{body}"')


def _parsed(module: Module, node: object) -> cst.BaseExpression:
    """A part of the message, parsed by libcst; a string may span several lines."""
    assert isinstance(node, ast.expr)
    parsed = expression(module.source.segment(node))
    return parsed.with_changes(lpar=[], rpar=[]) if isinstance(parsed, _STRINGS) else parsed
