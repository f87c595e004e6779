"""A call in the user's own layout, without what goes of its arguments."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

import libcst as cst

from printlint.plan.cuts import Cuts, remaining
from printlint.plan.message import Refused
from printlint.rewrite.arguments import closed, code_of, positional_of

# What gives one character in a literal, or two, or none (Python reference, "String and Bytes literals").
_BRACES = r"\{\{|\}\}|"
_RAW = r"\r\n|[\s\S]"
_ESCAPED = (
    r"\\(?:N\{[^}]{1,100}\}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|\r\n|[\n\r\\'\"abfnrtv])|" + _RAW
)
_NO_CHARACTER = ("\\\n", "\\\r", "\\\r\n")
_UNCLEAR = Refused("part of the message cannot be removed from its literals")


def cut_call(node: ast.Call, call: cst.Call, cuts: Cuts) -> cst.Call:
    """A call (`node`, as libcst has it: `call`) with what is left of its arguments. Raises `Refused`."""
    positional = positional_of(call)
    arguments = []
    for argument, item in zip(node.args, positional, strict=True):
        left = _cut(argument, item.value, cuts)
        wanted = remaining(argument, cuts)
        if (left is None) != (wanted is None):
            raise _UNCLEAR
        if left is not None and wanted is not None:
            _check(left, wanted)
            arguments.append(item.with_changes(value=left))
    keywords = [item for item in call.args if item not in positional]
    return call.with_changes(args=closed([*arguments, *keywords], call))


def _check(code: cst.BaseExpression, wanted: ast.expr) -> None:
    """Raise `Refused` unless Python reads code as it should."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the user's own escapes
            read = ast.parse(f"({code_of(code)}\n)", mode="eval").body
    except (SyntaxError, ValueError):
        raise _UNCLEAR from None
    if ast.dump(read) != ast.dump(wanted):
        raise _UNCLEAR


def _cut(node: ast.expr, code: cst.BaseExpression, cuts: Cuts) -> cst.BaseExpression | None:
    """What is left of an expression, as `remaining` has it."""
    if cuts.takes(node):
        return None
    match node, code:
        case ((ast.Constant(value=str()) | ast.JoinedStr()), _):
            return _literal(node, code, cuts)
        case ast.BinOp(op=ast.Add()), cst.BinaryOperation():
            left, right = _cut(node.left, code.left, cuts), _cut(node.right, code.right, cuts)
            return (
                code.with_changes(left=left, right=right) if left is not None and right is not None else left or right
            )
        case ast.BinOp(op=ast.Mod()), cst.BinaryOperation():
            return code.with_changes(left=_cut(node.left, code.left, cuts))
        case ast.Call(args=[inner, *_]), cst.Call() if cuts.unwraps(node):
            return _cut(inner, code.args[0].value, cuts)
        case ast.Call(func=ast.Attribute(value=template)), cst.Call(func=cst.Attribute() as func):
            return code.with_changes(func=func.with_changes(value=_cut(template, func.value, cuts)))
    return code


def _literal(node: ast.expr, code: cst.BaseExpression, cuts: Cuts) -> cst.BaseExpression | None:
    flags = list(_flags(node, cuts))
    if not any(flags):
        return code
    rest = iter(flags)
    left = _strings(code, rest)
    if next(rest, None) is not None:
        raise _UNCLEAR
    return left


def _flags(node: ast.expr, cuts: Cuts) -> Iterator[bool | ast.expr]:
    """For each character and each value of a literal, whether it goes; of a value of which a part goes, its call."""
    match node:
        case ast.Constant():
            yield from cuts.flags(node)
        case ast.JoinedStr(values=values):
            for part in values:
                yield from _flags(part, cuts)
        case ast.FormattedValue(value=value):
            yield value if cuts.unwraps(value) else cuts.takes(node)


def _strings(code: cst.BaseExpression, flags: Iterator[bool | ast.expr]) -> cst.BaseExpression | None:
    match code:
        case cst.ConcatenatedString(left=first, right=second):
            left, right = _strings(first, flags), _strings(second, flags)
            if left is not None and right is not None:
                return code.with_changes(left=left, right=right)
            only = left or right
            return only and only.with_changes(lpar=[*code.lpar, *only.lpar], rpar=[*only.rpar, *code.rpar])
        case cst.SimpleString(prefix=prefix, quote=quote, raw_value=body):
            kept = "".join(_kept(body, prefix, flags))
            return code.with_changes(value=f"{prefix}{quote}{kept}{quote}") if kept or not body else None
        case cst.FormattedString(parts=parts, start=start, end=end):
            return _formatted(code, list(_parts(parts, start, flags)), len(parts), start, end)
    raise _UNCLEAR


def _parts(parts: object, start: str, flags: Iterator[bool | ast.expr]) -> Iterator[cst.BaseFormattedStringContent]:
    assert isinstance(parts, (list, tuple))
    for part in parts:
        if isinstance(part, cst.FormattedStringText):
            if left := "".join(_kept(part.value, start, flags)):
                yield part.with_changes(value=left)
            continue
        if part.equal is not None:
            raise _UNCLEAR  # `{x=}` has characters that the tree counts, and the text has not
        flag = next(flags, None)
        if isinstance(flag, ast.expr):
            yield part.with_changes(expression=part.expression.args[0].value)
        elif not flag:
            yield part


def _formatted(
    code: cst.FormattedString, left: list[cst.BaseFormattedStringContent], count: int, start: str, end: str
) -> cst.BaseExpression | None:
    """An f-string of the parts that are left; a plain literal where it had values, and has none any more."""
    if not left:
        return None
    texts = [part.value for part in left if isinstance(part, cst.FormattedStringText)]
    if len(texts) == len(left) and len(left) < count:
        body = "".join(texts).replace("{{", "{").replace("}}", "}")
        return cst.SimpleString(f"{re.sub('[fF]', '', start)}{body}{end}", lpar=code.lpar, rpar=code.rpar)
    return code.with_changes(parts=left)


def _kept(body: str, start: str, flags: Iterator[bool | ast.expr]) -> Iterator[str]:
    """The source of the characters of a literal that stay."""
    prefix = start.lower()
    pattern = (_BRACES if "f" in prefix else "") + (_RAW if "r" in prefix else _ESCAPED)
    goes: bool | ast.expr = False
    for unit in re.findall(pattern, body):
        if unit not in _NO_CHARACTER or "r" in prefix:
            goes = next(flags, False)
        if not goes:
            yield unit
