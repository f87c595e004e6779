"""What catches the errors of a statement in its function: `except`, `except*`, and the `with` of what swallows them."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from typing import NamedTuple

from printlint.facts.module import Module

# Context managers that catch the exceptions which they are called with.
_CATCHING_FUNCTIONS = frozenset({"contextlib.suppress", "pytest.raises"})
_CATCHING_METHODS = frozenset({"assertRaises", "assertRaisesRegex"})
_STACKS = frozenset({"contextlib.ExitStack", "contextlib.AsyncExitStack"})
_ENTERING = frozenset({"enter_context", "enter_async_context"})
_PUSHING = frozenset({"push", "push_async_exit"})
_EXITS = ("__exit__", "__aexit__")

EVERYTHING: frozenset[str] = frozenset({"BaseException"})


class Catcher(NamedTuple):
    """What catches errors of its `body`; `caught` are the last parts of the names of what it catches."""

    node: ast.AST
    caught: frozenset[str]
    body: list[ast.stmt]

    @property
    def catches_all(self) -> bool:
        """Whether it is there for any error, and names none that it expects."""
        return not self.caught.isdisjoint({*EVERYTHING, "Exception"})

    def catches(self, name: str) -> bool:
        """Whether an error of that name may be caught; of a name that is no builtin's, it may by any other such."""
        error = getattr(builtins, name, None)
        for caught in self.caught:
            known = getattr(builtins, caught, None)
            if not isinstance(error, type) or not isinstance(known, type):
                if caught == name or caught in ("Exception", "BaseException") or not (error or known):
                    return True
            elif issubclass(error, known):
                return True
        return False


def catchers(module: Module, node: ast.AST) -> Iterator[Catcher]:
    """What catches errors of a node in the function, lambda or class that evaluates it, innermost first."""
    child = node
    for ancestor in module.places.within(node):
        match ancestor:
            case ast.Try(body=body, handlers=handlers) | ast.TryStar(body=body, handlers=handlers) if child in body:
                if handlers:
                    caught = frozenset().union(*(_names(module, handler.type) for handler in handlers))
                    yield Catcher(ancestor, caught, body)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body) if child in body:
                caught = frozenset().union(*(_caught_by(module, item) for item in items))
                if caught:
                    yield Catcher(ancestor, caught, body)
        child = ancestor


def _names(module: Module, types: ast.expr | None) -> frozenset[str]:
    """The exceptions that an `except` names, directly or by a tuple that a name is bound to."""
    match types:
        case None:
            return EVERYTHING
        case ast.Tuple(elts=elements):
            return frozenset().union(*(_names(module, element) for element in elements))
        case ast.Starred(value=value):
            return _names(module, value)
        case ast.Name():
            values = [item.value for item in module.names.bindings(types)]
            tuples = [value for value in values if isinstance(value, ast.Tuple)]
            if tuples and len(tuples) == len(values):
                return frozenset().union(*(_names(module, value) for value in tuples))
    return frozenset({(module.qualified(types) or ast.unparse(types)).rpartition(".")[2]})


def _caught_by(module: Module, item: ast.withitem) -> frozenset[str]:
    found = _caught_by_manager(module, item.context_expr)
    if isinstance(item.context_expr, ast.Call) and module.qualified(item.context_expr.func) in _STACKS:
        for call in _calls_on(module, item.optional_vars):
            method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            if method in _ENTERING and call.args:
                found |= _caught_by_manager(module, call.args[0])
            elif method in _PUSHING:
                found |= EVERYTHING
    return found


def _calls_on(module: Module, name: ast.expr | None) -> Iterator[ast.Call]:
    if isinstance(name, ast.Name):
        for node in module.scopes.named((name.id,)):
            attribute = module.scopes.parent(node)
            call = module.scopes.parent(attribute) if attribute is not None else None
            if isinstance(attribute, ast.Attribute) and isinstance(call, ast.Call) and call.func is attribute:
                yield call


def _caught_by_manager(module: Module, manager: ast.expr) -> frozenset[str]:
    match manager:
        case ast.Call(func=func, args=args):
            method = func.attr if isinstance(func, ast.Attribute) else ""
            if module.qualified(func) in _CATCHING_FUNCTIONS or method in _CATCHING_METHODS:
                return frozenset().union(*(_names(module, argument) for argument in args))
            return _caught_by_own(module, func)
        case ast.Name():
            values = [item.value for item in module.names.bindings(manager)]
            calls = [value for value in values if isinstance(value, ast.Call)]
            return frozenset().union(*(_caught_by_manager(module, call) for call in calls))
    return frozenset()


def _caught_by_own(module: Module, func: ast.expr) -> frozenset[str]:
    """What a class or a generator of the module's catches as a context manager."""
    found: frozenset[str] = frozenset()
    for binding in module.names.bindings(func) if isinstance(func, ast.Name) else ():
        match binding.value:
            case ast.ClassDef() as class_:
                scope = module.scopes.opened_by(class_)
                functions = [item.value for name in _EXITS for item in scope.bindings_of(name)]
                if any(function is not None and _may_give_true(function) for function in functions):
                    return EVERYTHING
            case ast.FunctionDef() | ast.AsyncFunctionDef() as function:
                yields = (node for node in ast.walk(function) if isinstance(node, ast.Yield))
                for place in yields:
                    found = found.union(*(catcher.caught for catcher in catchers(module, place)))
    return found


def _may_give_true(function: ast.AST) -> bool:
    returned = (node.value for node in ast.walk(function) if isinstance(node, ast.Return))
    return any(value is not None and not (isinstance(value, ast.Constant) and not value.value) for value in returned)
