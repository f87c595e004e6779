"""What failed, in a sentence: a print that says nothing but an exception becomes a record that has its traceback."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from printlint.facts.calls.except_clauses import NO_ERRORS, is_caught, raises_on
from printlint.facts.module import Module
from printlint.plan.cuts import Cuts, remaining

# Words that an exception says as well.
_EMPTY_WORDS = frozenset(
    {
        *("a", "an", "the", "error", "err", "exception", "exc"),
        *("occurred", "happened", "caught", "unexpected", "unknown", "failed"),
    }
)
_SHOWS = frozenset(f"builtins.{name}" for name in ("str", "repr", "ascii", "format", "type"))
_PARTS = frozenset({"__name__", "__class__"})
_PLAIN_NAME = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"


def says_only_the_exception(module: Module, call: ast.Call, cuts: Cuts, signs: str) -> bool:
    """Whether what is left of a print in an `except` clause, read as `signs`, shows its exception and no more.

    Not where the clause raises again: who catches that shows the traceback.
    """
    handler = module.places.handler(call)
    if handler is None or handler.name is None or any(map(raises_on, handler.body)):
        return False
    if module.places.caught(handler) & NO_ERRORS:
        return False
    words = re.findall(r"[^\W\d_]+", signs)
    left = [argument for item in call.args if (argument := remaining(item, cuts)) is not None]
    return (
        all(word.lower() in _EMPTY_WORDS for word in words)
        and all(_shows(module, handler, argument) for argument in left)
        and any(is_caught(module, handler, node) for argument in left for node in ast.walk(argument))
    )


def _shows(module: Module, handler: ast.ExceptHandler, node: ast.expr) -> bool:
    """Whether an expression is made of texts and of the exception, or its type."""
    match node:
        case ast.Constant():
            return True
        case ast.Name():
            return is_caught(module, handler, node)
        case ast.JoinedStr(values=parts) | ast.Tuple(elts=parts):
            return all(_shows(module, handler, part) for part in parts)
        case ast.FormattedValue(value=value, format_spec=None):
            return _shows(module, handler, value)
        case ast.Attribute(value=value, attr=attribute) if attribute in _PARTS:
            return _shows(module, handler, value)
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod(), right=right):
            return _shows(module, handler, left) and _shows(module, handler, right)
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="format"), args=parts, keywords=[]):
            return all(_shows(module, handler, part) for part in parts)
        case ast.Call(func=func, args=parts, keywords=[]) if module.qualified(func) in _SHOWS:
            return all(_shows(module, handler, part) for part in parts)
    return False


def what_failed(module: Module, call: ast.Call) -> str:
    """`fetch failed`: the one call in the `try` whose exception is handled around a call, else the function of both.

    A builtin says less than the function. Empty where neither has a name.
    """
    handler = module.places.handler(call)
    attempt = module.scopes.parent(handler) if handler is not None else None
    body = attempt.body if isinstance(attempt, (ast.Try, ast.TryStar)) else []
    called = [func for statement in body for func in _called(statement)]
    names = list(dict.fromkeys(ast.unparse(func).removeprefix("self.").removeprefix("cls.") for func in called))
    function = module.places.function(call)
    vague = len(names) != 1 or (module.qualified(called[0]) or "").startswith("builtins.")
    if vague and function is not None:
        names = [function.name]
    return f"{names[0]} failed" if names and re.fullmatch(_PLAIN_NAME, names[0]) else ""


def _called(statement: ast.stmt) -> Iterator[ast.expr]:
    """The functions that a statement calls, those aside whose results are arguments of others."""
    stack: list[ast.AST] = [statement]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Call):
            yield node.func
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            stack.extend(reversed(list(ast.iter_child_nodes(node))))
