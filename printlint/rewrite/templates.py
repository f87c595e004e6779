"""F-strings as format strings: the user's own literal, with `%s` where its values stood."""

from __future__ import annotations

import ast
import re
import warnings

import libcst as cst

from printlint.message import Refused

_CONVERSIONS = {-1: "%s", ord("s"): "%s", ord("r"): "%r", ord("a"): "%a"}
_BRACES = re.compile(r"\{\{|\}\}")


def template_of(node: cst.BaseExpression, joined: ast.JoinedStr) -> tuple[cst.BaseExpression, list[cst.BaseExpression]]:
    """The format string for an f-string, and the arguments that it takes.

    `joined` is the same f-string as Python's own parser reads it, which the result is held to. Raises `Refused`.
    """
    values: list[cst.BaseExpression] = []
    template = _template(node, values)
    code = cst.Module([]).code_for_node(template)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the user's own odd escapes are not our news
            text = ast.literal_eval(f"({code}\n)")
    except (SyntaxError, ValueError):
        raise Refused("its f-string cannot be spelled as a format string") from None
    if text != _wanted(joined):
        raise Refused("its f-string cannot be spelled as a format string")
    return template, values


def _wanted(joined: ast.JoinedStr) -> str:
    parts = []
    for part in joined.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value).replace("%", "%%"))
        elif isinstance(part, ast.FormattedValue):
            parts.append("%s" if part.format_spec is not None else _CONVERSIONS[part.conversion])
    return "".join(parts)


def _template(node: cst.BaseExpression, values: list[cst.BaseExpression]) -> cst.BaseExpression:
    match node:
        case cst.ConcatenatedString():
            left, right = _template(node.left, values), _template(node.right, values)
            return node.with_changes(left=left, right=right)
        case cst.SimpleString():
            return node.with_changes(value=f"{node.prefix}{node.quote}{node.raw_value.replace('%', '%%')}{node.quote}")
        case cst.FormattedString():
            body = "".join(_part(part, values) for part in node.parts)
            prefix = node.start[: len(node.start) - len(node.end)].replace("f", "").replace("F", "")
            return cst.SimpleString(f"{prefix}{node.end}{body}{node.end}", lpar=node.lpar, rpar=node.rpar)
    raise Refused("its f-string cannot be spelled as a format string")


def _part(part: cst.BaseFormattedStringContent, values: list[cst.BaseExpression]) -> str:
    if isinstance(part, cst.FormattedStringText):
        return _BRACES.sub(lambda match: match[0][0], part.value).replace("%", "%%")
    assert isinstance(part, cst.FormattedStringExpression)
    value = _argument(part.expression)
    described, conversion = "", part.conversion
    if part.equal is not None:  # `{x=}` shows its own source, and repr(x) where nothing else is asked for
        pieces = (part.whitespace_before_expression, part.expression, part.whitespace_after_expression, part.equal)
        described = "".join(cst.Module([]).code_for_node(piece) for piece in pieces).replace("%", "%%")
        conversion = conversion or ("r" if not part.format_spec else None)
    if part.format_spec:
        if conversion in ("r", "a", "s"):
            name = {"r": "repr", "a": "ascii", "s": "str"}[conversion]
            value = cst.Call(cst.Name(name), [cst.Arg(value)])
        values.append(cst.Call(cst.Name("format"), [cst.Arg(value, comma=_COMMA), cst.Arg(_spec(part.format_spec))]))
        return f"{described}%s"
    values.append(value)
    return described + _CONVERSIONS[ord(conversion) if conversion else -1]


_COMMA = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def _argument(node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression that may stand between commas."""
    bare = isinstance(node, (cst.Tuple, cst.Yield, cst.GeneratorExp, cst.NamedExpr)) and not node.lpar
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()]) if bare else node


def _spec(parts: object) -> cst.BaseExpression:
    """A format specification as a string: `.2f`, or an f-string where it has values of its own."""
    assert isinstance(parts, (list, tuple))
    nested = any(isinstance(part, cst.FormattedStringExpression) for part in parts)
    body = "".join(cst.Module([]).code_for_node(part) for part in parts)
    if '"' in body or "\\" in body or "\n" in body:
        raise Refused("its f-string has a format that cannot be spelled elsewhere")
    return cst.parse_expression(f'{"f" if nested else ""}"{body}"')
