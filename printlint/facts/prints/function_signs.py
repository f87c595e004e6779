"""What the functions around a print are for: to show something, or to work for whoever calls them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from printlint.facts.module import Module, once_a_module
from printlint.names.enclosing import Function

_PRINTER = (
    r"(?i)^_*+(?:print\w*|show|display|usage|help|pretty|pprint|banner|report|summary|status|info|describe|about"
    r"|version|bench(?:mark)?|\w*demo|dump|output|echo|list)(?:_|$)"
    r"|^render$|_(?:report|summary|table|usage|banner|help|info)$"
)
_PRINTING_CLASS = r"Progress|Printer|Reporter|Spinner|Console|Shell|Benchmark|Logger$"
_PRINTING_DOCSTRING = r"(?i)\W*(?:pretty[- ])?(?:print|show|display|report|dump)(?:s|ing)?\b(?!.*\bdebug)"
_BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")
_FEW = 4  # fewer prints than that make no page


@once_a_module
def function_signs(module: Module, function: Function) -> tuple[tuple[str, str], ...]:
    """The signs of what a function is for, each with the clause that says it."""
    return tuple(_signs(module, function))


def _signs(module: Module, function: Function) -> Iterator[tuple[str, str]]:
    name = function.name
    if re.match(_PRINTER, name) and not _hands_on(function):
        yield "printing function", f"the purpose of the function `{name}` is to print"
    parent = module.scopes.parent(function)
    if isinstance(parent, ast.ClassDef) and re.search(_PRINTING_CLASS, parent.name):
        yield "printing class", f"the purpose of `{parent.name}` is to show something"
    if re.match(_PRINTING_DOCSTRING, ast.get_docstring(function, clean=False) or ""):
        yield "printing docstring", f"`{name}` prints, as its docstring says"


def _hands_on(function: Function) -> bool:
    """Whether a function passes its arguments on to `print`, as a wrapper does; its callers choose the message."""
    arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    parameters = {argument.arg for argument in arguments} - {"self", "cls"}
    rest = function.args.vararg.arg if function.args.vararg is not None else ""
    parameters.update(argument.arg for argument in (function.args.vararg, function.args.kwarg) if argument is not None)
    match function.body:
        case [ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=[given, *_]))]:
            names = {node.id for node in ast.walk(given) if isinstance(node, ast.Name)}
            return bool(names) and names <= parameters and (not isinstance(given, ast.Starred) or bool(rest))
    prints = [call.args for call in _own_prints(function) if call.args]
    return bool(prints) and all(_is_given(node, parameters, rest) for values in prints for node in values)


def _is_given(node: ast.expr, parameters: set[str], rest: str) -> bool:
    """Whether an argument is a parameter as it is, or filled with others: `message % args`."""
    match node:
        case ast.Name(id=name):
            return name in parameters
        case ast.Starred(value=ast.Name(id=name)):
            return name == rest
        case ast.BinOp(left=ast.Name(id=name), op=ast.Mod(), right=ast.Name(id=values)):
            return {name, values} <= parameters
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="format")):
            return name in parameters
    return False


def _own_prints(function: Function) -> Iterator[ast.Call]:
    for statement in _own_statements(function):
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Name(id="print")) as call):
                yield call


@once_a_module
def body_signs(module: Module, function: Function) -> tuple[tuple[str, str], ...]:
    """The signs in the body of the function that a print belongs to, each with the clause that says it."""
    statements = prints = 0
    returns = False
    for node in _own_statements(function):
        statements += 1
        match node:
            case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=[_, *_])):
                prints += 1
            case ast.Return(value=value) if value is not None and not isinstance(value, ast.Constant):
                returns = True
    found = []
    if prints == 1:
        found.append(("only print", f"it is the only print of `{function.name}`"))
    if prints >= _FEW and 3 * prints >= 2 * statements:
        found.append(("mostly prints", f"`{function.name}` does little but print"))
    if returns:
        found.append(("returns", f"`{function.name}` works for its caller, to whom it returns a value"))
    return tuple(found)


def _own_statements(function: Function) -> Iterator[ast.stmt]:
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        if isinstance(node, ast.stmt):
            yield node
        for block in _BLOCKS:
            waiting += getattr(node, block, ())
