"""A logging call whose message was formatted, with the values among its arguments."""

from __future__ import annotations

import ast

import libcst as cst

from printlint.facts.module import Module
from printlint.plan.edits import Convert, Reformat
from printlint.plan.message import Refused
from printlint.rewrite.arguments import COMMA, code_of, comma_before, positional_of, standing_alone
from printlint.rewrite.literals import BRACES, PERCENT, PERCENT_KEPT
from printlint.rewrite.templates import expression, respelled, spell

# What formatters take for the width of a line, unless they are told otherwise.
_WIDTH = 88
_NOTHING = cst.SimpleWhitespace("")


def reformatted(module: Module, edit: Reformat, call: cst.Call) -> cst.Call:
    """The call with a format string for a message. Raises `Refused`."""
    index = _index(edit.call, edit.message.node)
    positional = positional_of(call)
    existing = positional[index + 1 :]
    places = BRACES if edit.braces else PERCENT_KEPT if existing else PERCENT
    white = call.whitespace_before_args
    indent = len(white.last_line.value) if isinstance(white, cst.ParenthesizedWhitespace) else None
    template, values = spell(module, edit.message, places, indent)
    head, following = positional[index], list(call.args[index + 1 + len(existing) :])
    arguments = [*map(cst.Arg, values), *existing]
    if edit.order:
        arguments = [arguments[position] for position in edit.order]
    if not arguments:
        return call.with_changes(args=[*call.args[:index], head.with_changes(value=template), *following])
    last = existing[-1] if existing else head
    comma, after = last.comma, last.whitespace_after_arg
    spread = _one_a_line(call, index, comma, [template, *(item.value for item in arguments)])
    if spread and not isinstance(comma, cst.Comma) and isinstance(after, cst.ParenthesizedWhitespace):
        comma, after = cst.Comma(whitespace_after=after), _NOTHING
    first, between = (
        (comma_before(call),) * 2 if spread else _aligned(module, edit.call, call, index, template, arguments)
    )
    new = [head.with_changes(value=template), *arguments]
    new = [item.with_changes(comma=between, whitespace_after_arg=_NOTHING) for item in new]
    new[0] = new[0].with_changes(comma=first)
    new[-1] = new[-1].with_changes(comma=comma, whitespace_after_arg=after)
    return call.with_changes(args=[*call.args[:index], *new, *following])


def _aligned(
    module: Module, node: ast.Call, call: cst.Call, index: int, template: cst.BaseExpression, arguments: list[cst.Arg]
) -> tuple[cst.Comma, cst.Comma]:
    """The commas behind the message and between its values, for arguments that begin on the call's first line.

    Arguments that would make the longest line longer go below the first one: all on one line, or one on each.
    """
    source = module.source
    start = source.span(node).start
    before = source.line_text(node.lineno)[: source.position(start).column - 1]
    text = source.text[start : source.span(node.args[0]).start]
    limit = max(_WIDTH, *(len(line) for line in (before + source.segment(node)).splitlines()))
    if (
        "\n" in text
        or "\r" in text
        or "\t" in before
        or isinstance(call.whitespace_before_args, cst.ParenthesizedWhitespace)
    ):
        return COMMA, COMMA
    column = len(before) + len(text)
    last = code_of(template).splitlines()[-1]
    indent = column + sum(len(code_of(arg)) for arg in call.args[:index]) if "\n" not in code_of(template) else 0
    width = sum(len(code_of(item.value)) + 2 for item in arguments)
    if indent + len(last) + width + 1 <= limit:
        return COMMA, COMMA
    line = cst.ParenthesizedWhitespace(
        cst.TrailingWhitespace(newline=cst.Newline()), [], indent=False, last_line=cst.SimpleWhitespace(" " * column)
    )
    below = cst.Comma(whitespace_after=line)
    return below, COMMA if column + width <= limit else below


def _one_a_line(
    call: cst.Call, index: int, comma: cst.Comma | cst.MaybeSentinel, values: list[cst.BaseExpression]
) -> bool:
    """Whether each argument is on a line of its own: others are, or the one line would be too long."""
    white = call.whitespace_before_args
    if not isinstance(white, cst.ParenthesizedWhitespace):
        return False
    if index and not _ends_its_line(call.args[index - 1].comma):
        return False
    codes = [code_of(value) for value in values]
    width = len(white.last_line.value) + sum(map(len, codes)) + 2 * len(codes)
    return _ends_its_line(comma) or width > _WIDTH or any("\n" in code or "\r" in code for code in codes)


def _ends_its_line(comma: cst.Comma | cst.MaybeSentinel) -> bool:
    return isinstance(comma, cst.Comma) and isinstance(comma.whitespace_after, cst.ParenthesizedWhitespace)


def converted(module: Module, edit: Convert, call: cst.Call) -> cst.Call:
    """The call with some arguments unwrapped and other conversions in its message. Raises `Refused`."""
    positional = positional_of(call)
    new: dict[cst.Arg, cst.Arg] = {}
    for item in edit.conversions:
        value = expression(module.source.segment(item.value))
        new[positional[item.argument]] = positional[item.argument].with_changes(value=standing_alone(value))
    message = positional[_index(edit.call, edit.message)]
    ends = {item.place: item.end for item in edit.conversions}
    new[message] = message.with_changes(value=respelled(message.value, edit.message.value, ends, braces=edit.braces))
    return call.with_changes(args=[new.get(arg, arg) for arg in call.args])


def _index(call: ast.Call, message: ast.expr) -> int:
    """The place of the message among the arguments. Raises `Refused`."""
    for index, item in enumerate(call.args):
        if item is message:
            return index
    raise Refused("the message is a keyword argument, so no values can follow it")
