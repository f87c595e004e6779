"""What an `except` clause has caught, and what its code does with it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import islice

from printlint.facts.calls.log_calls import LogCall, log_call_of
from printlint.facts.module import Module, once_a_module
from printlint.names.enclosing import Function

# Exceptions that end a program, a task or a loop, and are no errors.
NO_ERRORS = frozenset(
    {
        *("builtins.KeyboardInterrupt", "builtins.SystemExit", "builtins.GeneratorExit"),
        *("builtins.StopIteration", "builtins.StopAsyncIteration"),
        *("asyncio.CancelledError", "asyncio.exceptions.CancelledError", "concurrent.futures.CancelledError"),
    }
)
# What ends the program, whatever its status.
EXITS = frozenset({"sys.exit", "os._exit", "os.abort", "builtins.exit", "builtins.quit"})
# Functions that look at an exception and do not keep it.
_LOOKS = frozenset(
    f"builtins.{name}"
    for name in ("str", "repr", "ascii", "format", "type", "isinstance", "getattr", "hasattr", "print")
)
_SHOWS = frozenset({"builtins.str", "builtins.repr", "builtins.ascii", "builtins.format"})
_MOST_ANCESTORS = 200
_ARMS = (ast.ExceptHandler, ast.match_case)
_Nested = Function | ast.Lambda | ast.ClassDef


def is_at_hand(module: Module, call: ast.Call, value: ast.expr) -> bool:
    """Whether an `exc_info` is what logging takes by itself: what the innermost handler around the call has caught."""
    handler = module.places.handler(call)
    match value:
        case ast.Constant():
            return bool(value.value)
        case ast.Name():
            return handler is not None and is_caught(module, handler, value)
        case ast.Call(func=func, args=[], keywords=[]):
            return handler is not None and module.qualified(func) == "sys.exc_info"
    return False


def is_caught(module: Module, handler: ast.ExceptHandler, node: ast.AST) -> bool:
    """Whether a node is the name that a handler gives to what it has caught."""
    if not isinstance(node, ast.Name) or node.id != handler.name:
        return False
    bindings = [item for item in module.names.bindings(node) if item.scope is module.scopes.scope_of(node)]
    return all(isinstance(binding.node, ast.ExceptHandler) for binding in bindings)


def code_of(handler: ast.ExceptHandler) -> Iterator[ast.AST]:
    """The nodes that run when a handler runs: functions, lambdas and classes that it defines are left out."""
    stack: list[ast.AST] = list(reversed(handler.body))
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, _Nested):
            stack.extend(ast.iter_child_nodes(node))


def shown(module: Module, handler: ast.ExceptHandler, node: ast.expr) -> ast.expr | None:
    """Where an expression shows what a handler has caught, as a whole: `e`, `str(e)`, `f"{e}"`; None where it does not.

    An attribute of it, or its type, says more than the last line of the traceback, or something else.
    """
    match node:
        case ast.Name():
            return node if is_caught(module, handler, node) else None
        case ast.JoinedStr(values=parts):
            return _first(module, handler, (part.value for part in parts if isinstance(part, ast.FormattedValue)))
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod(), right=right):
            return _first(module, handler, (left, right))
        case ast.Tuple(elts=elements):
            return _first(module, handler, elements)
        case ast.Call(func=ast.Attribute(attr="format"), args=args, keywords=keywords):
            return _first(module, handler, (*args, *(keyword.value for keyword in keywords)))
        case ast.Call(func=func, args=args) if module.qualified(func) in _SHOWS:
            return _first(module, handler, args)
    return None


def _first(module: Module, handler: ast.ExceptHandler, nodes: object) -> ast.expr | None:
    assert isinstance(nodes, (tuple, list, Iterator))
    return next((found for node in nodes if (found := shown(module, handler, node)) is not None), None)


def logs_the_traceback(module: Module, handler: ast.ExceptHandler, beside: ast.AST | None = None) -> bool:
    """Whether some call in a handler logs, prints or formats the traceback, on a way that leads by `beside` as well."""
    found = _with_traceback(module).get(handler, ())
    return any(beside is None or _share_a_way(module, call, beside) for call in found)


@once_a_module
def _with_traceback(module: Module) -> dict[ast.ExceptHandler, list[ast.Call]]:
    found: dict[ast.ExceptHandler, list[ast.Call]] = {}
    for call in module.calls:
        handler = module.places.handler(call)
        if handler is None:
            continue
        logged = log_call_of(module, call)
        qualified = module.qualified(call.func) or ""
        shows = qualified.startswith("traceback.") or qualified == "sys.exc_info"
        if shows or (logged is not None and _carries(logged)):
            found.setdefault(handler, []).append(call)
    return found


def _share_a_way(module: Module, one: ast.AST, other: ast.AST) -> bool:
    """Whether both nodes of a function may run: not in two arms of a branch, nor behind one that leaves."""
    way, beside = ([node, *islice(module.scopes.ancestors(node), _MOST_ANCESTORS)] for node in (one, other))
    shared = next((node for node in way if node in beside), None)
    if shared in (None, one, other):
        return True
    assert shared is not None
    arms = way[way.index(shared) - 1], beside[beside.index(shared) - 1]
    match shared:
        case ast.If(orelse=orelse) if (arms[0] in orelse) != (arms[1] in orelse):
            return False
        case ast.IfExp(body=body, orelse=orelse) if {*arms} == {body, orelse}:
            return False
        case ast.Match() | ast.Try() | ast.TryStar() if all(isinstance(arm, _ARMS) for arm in arms):
            return False
    first = way if getattr(arms[0], "lineno", 0) < getattr(arms[1], "lineno", 0) else beside
    return not any(_leaves_behind(node, first) for node in first[: first.index(shared)])


def _leaves_behind(node: ast.AST, way: list[ast.AST]) -> bool:
    """Whether the block of an `if` or `match` on the way ends by leaving, so that nothing behind it runs."""
    match node:
        case ast.If(body=body, orelse=orelse):
            block = body if any(item in body for item in way) else orelse
        case ast.match_case(body=body):
            block = body
        case _:
            return False
    return bool(block) and isinstance(block[-1], (ast.Return, ast.Raise, ast.Continue, ast.Break))


def _carries(found: LogCall) -> bool:
    return found.carries_exception or any(keyword.arg is None for keyword in found.call.keywords)


def comes_after(module: Module, handler: ast.ExceptHandler, node: ast.AST) -> Iterator[ast.stmt]:
    """The statements that run after a node in any case, up to the end of its handler."""
    parent: ast.AST | None = module.places.statement(node)
    while parent is not None and parent is not handler:
        if isinstance(parent, ast.stmt):
            block, index = module.places.block(parent)
            yield from block[index + 1 :]
        parent = module.scopes.parent(parent)


def raises_on(statement: ast.stmt) -> bool:
    """Whether a statement passes on the current exception, as itself or as the cause of another."""
    hidden = isinstance(statement, ast.Raise) and isinstance(statement.cause, ast.Constant)
    return isinstance(statement, ast.Raise) and not hidden


def exits(module: Module, statement: ast.stmt) -> bool:
    """Whether a statement ends the program."""
    match statement:
        case ast.Expr(value=ast.Call(func=func)):
            return module.qualified(func) in EXITS or (isinstance(func, ast.Attribute) and func.attr == "exit")
        case ast.Raise(exc=ast.Call(func=raised)) | ast.Raise(exc=ast.Name() as raised):
            return module.qualified(raised) == "builtins.SystemExit"
    return False


def is_handed_on(module: Module, handler: ast.ExceptHandler) -> bool:
    """Whether what a handler has caught is returned, kept or given to somebody else than a log, who may show it."""
    for node in code_of(handler):
        if isinstance(node, _Nested):
            if handler.name and any(isinstance(item, ast.Name) and item.id == handler.name for item in ast.walk(node)):
                return True
        elif is_caught(module, handler, node) and _leaves(module, node):
            return True
    return False


def _leaves(module: Module, name: ast.AST) -> bool:
    """Whether a name's value goes anywhere but into a text, a test or a log."""
    child = name
    for ancestor in module.scopes.ancestors(name):
        match ancestor:
            case ast.Attribute() | ast.JoinedStr() | ast.Compare() | ast.BinOp() | ast.Raise():
                return False
            case ast.Call(func=func) if child is not func:
                texts = module.qualified(func) in _LOOKS or (isinstance(func, ast.Attribute) and func.attr == "format")
                return not texts and log_call_of(module, ancestor) is None
            case ast.Return() | ast.Yield() | ast.Assign() | ast.AnnAssign() | ast.Dict() | ast.List() | ast.Set():
                return True
            case ast.stmt():
                return False
        child = ancestor
    return False
