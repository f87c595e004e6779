"""Adding and removing arguments of a call, as libcst nodes, in the user's own layout."""

from __future__ import annotations

import ast
from keyword import iskeyword

import libcst as cst

COMMA = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
_BARE = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def code_of(node: cst.CSTNode) -> str:
    """The text of a node."""
    return cst.Module([]).code_for_node(node)


def dropped(node: ast.Call, call: cst.Call, drop: ast.keyword | ast.expr | None) -> list[cst.Arg]:
    """The arguments of a call (`node`, as libcst has it: `call`) without one of them."""
    if drop is None:
        return list(call.args)
    if isinstance(drop, ast.keyword):
        return closed([arg for arg in call.args if arg.keyword is None or arg.keyword.value != drop.arg], call)
    positional = positional_of(call)
    gone = positional[next(index for index, item in enumerate(node.args) if item is drop)]
    return closed([arg for arg in call.args if arg is not gone], call)


def positional_of(call: cst.Call) -> list[cst.Arg]:
    """The positional arguments, starred ones included."""
    return [arg for arg in call.args if arg.keyword is None and arg.star != "**"]


def spread(arguments: list[cst.Arg]) -> list[cst.Arg]:
    """`extra={"size": 3}` as `size=3`; keys that are no names stay in a dict, behind `**`."""
    found: list[cst.Arg] = []
    for arg in arguments:
        if arg.keyword is None or arg.keyword.value != "extra" or not isinstance(arg.value, cst.Dict):
            found.append(arg)
            continue
        names = [_key_name(element) for element in arg.value.elements]
        if not names or None in names:
            found.append(arg.with_changes(keyword=None, equal=cst.MaybeSentinel.DEFAULT, star="**"))
            continue
        fields = [
            cst.Arg(element.value, keyword=cst.Name(name), equal=_BARE)
            for element, name in zip(arg.value.elements, names, strict=True)
            if name is not None
        ]
        fields[-1] = fields[-1].with_changes(comma=arg.comma, whitespace_after_arg=arg.whitespace_after_arg)
        found += [*joined(fields[:-1], []), fields[-1]]
    return found


def _key_name(element: cst.BaseDictElement) -> str | None:
    """The key of a dict display as an argument's name, where it can be one."""
    if isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString):
        name = element.key.evaluated_value
        if isinstance(name, str) and name.isidentifier() and not iskeyword(name):
            return name
    return None


def parse_call(text: str) -> cst.Call:
    """A call out of its text."""
    call = cst.parse_expression(text)
    assert isinstance(call, cst.Call)
    return call


def argument_of(code: str, keyword: str | None = None) -> cst.Arg:
    """An argument out of its text."""
    value = cst.parse_expression(code)
    if keyword is None:
        return cst.Arg(value)
    return cst.Arg(value, keyword=cst.Name(keyword), equal=_BARE)


def with_keyword(code: str, call: cst.Call) -> list[cst.Arg]:
    """The arguments with one more keyword argument behind them; on a line of its own where they have one each."""
    more = parse_call(f"f({code})").args[0]
    if not call.args:
        return [more]
    last = call.args[-1]
    ends_line = isinstance(last.comma, cst.Comma) and isinstance(
        last.comma.whitespace_after, cst.ParenthesizedWhitespace
    )
    between = comma_before(call) if ends_line else COMMA
    kept = [*call.args[:-1], last.with_changes(comma=between, whitespace_after_arg=cst.SimpleWhitespace(""))]
    return [*kept, more.with_changes(comma=last.comma, whitespace_after_arg=last.whitespace_after_arg)]


def joined(first: list[cst.Arg], second: list[cst.Arg]) -> list[cst.Arg]:
    """Arguments behind others, with a comma behind each of these."""
    spaced = [arg if isinstance(arg.comma, cst.Comma) else arg.with_changes(comma=COMMA) for arg in first]
    return [*spaced, *second]


def comma_before(call: cst.Call) -> cst.Comma:
    """The comma behind a new first argument: where the old one was on a line of its own, the new one is too."""
    white = call.whitespace_before_args
    if not isinstance(white, cst.ParenthesizedWhitespace):
        return COMMA
    newline = cst.TrailingWhitespace(newline=white.first_line.newline)
    return cst.Comma(whitespace_after=white.with_changes(first_line=newline, empty_lines=[]))


def closed(arguments: list[cst.Arg], call: cst.Call) -> list[cst.Arg]:
    """`arguments` with a comma between each two, and behind the last what was behind the call's last."""
    if not arguments:
        return []
    if not call.args:
        return [arguments[0].with_changes(comma=cst.MaybeSentinel.DEFAULT)]
    last = call.args[-1]
    between = joined(arguments, [])[:-1]
    closing = arguments[-1].with_changes(comma=last.comma, whitespace_after_arg=last.whitespace_after_arg)
    return [*between, closing]


def parenthesized(arg: cst.Arg) -> cst.Arg:
    """An argument that may be beside others: a bare generator expression needs parentheses there."""
    return arg.with_changes(value=standing_alone(arg.value))


def standing_alone(node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression that may be between commas."""
    bare = isinstance(node, (cst.Tuple, cst.Yield, cst.GeneratorExp, cst.NamedExpr)) and not node.lpar
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()]) if bare else node


class Shift(cst.CSTTransformer):
    """Moves the continuation lines of an expression that are indented by `column` at least, by `delta` columns."""

    def __init__(self, column: int, delta: int) -> None:
        super().__init__()
        self._column = column
        self._delta = delta

    def leave_ParenthesizedWhitespace(
        self, original_node: cst.ParenthesizedWhitespace, updated_node: cst.ParenthesizedWhitespace
    ) -> cst.ParenthesizedWhitespace:
        """Shift the line that follows, and the comment lines before it."""
        return updated_node.with_changes(
            last_line=self._moved(updated_node.last_line),
            empty_lines=[
                line.with_changes(whitespace=self._moved(line.whitespace)) if line.comment else line
                for line in updated_node.empty_lines
            ],
        )

    def leave_SimpleWhitespace(
        self, original_node: cst.SimpleWhitespace, updated_node: cst.SimpleWhitespace
    ) -> cst.SimpleWhitespace:
        """Shift a line that a backslash continues."""
        before, backslash, indent = updated_node.value.rpartition("\\\n")
        if not backslash or indent.strip(" ") or len(indent) < self._column:
            return updated_node
        return updated_node.with_changes(value=f"{before}{backslash}{' ' * (len(indent) + self._delta)}")

    def _moved(self, white: cst.SimpleWhitespace) -> cst.SimpleWhitespace:
        width = len(white.value)
        if "\t" in white.value or "\\" in white.value or width < self._column:
            return white
        return white.with_changes(value=" " * (width + self._delta))
