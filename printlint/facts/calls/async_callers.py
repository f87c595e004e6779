"""Synchronous functions that only asynchronous code calls: whatever they block is the event loop."""

from __future__ import annotations

import ast

from printlint.facts.module import Module, once_a_module
from printlint.names.enclosing import Function


def call_chain(module: Module, function: Function) -> tuple[str, ...]:
    """The functions from an `async def` down to `function`, where all calls of it start at one; else nothing.

    Silent where that cannot be seen: for a function that is passed on, decorated, a special method, or that other
    modules could call since its name is public.
    """
    if not isinstance(function, ast.FunctionDef) or "async def" not in module.source.text:
        return ()
    chains = _chains(module)
    if function not in chains:
        chains[function] = ()  # functions that call one another start nowhere
        above = [_chain_to(module, place) for place in _callers(module, function)]
        if above and all(above):
            chains[function] = (*min(above, key=len), function.name)
    return chains[function]


@once_a_module
def _chains(module: Module) -> dict[ast.AST, tuple[str, ...]]:
    return {}


def _chain_to(module: Module, place: ast.AST) -> tuple[str, ...]:
    if isinstance(place, ast.AsyncFunctionDef):
        return (place.name,)
    return call_chain(module, place) if isinstance(place, ast.FunctionDef) else ()


def _callers(module: Module, function: ast.FunctionDef) -> list[ast.AST]:
    """The functions (or the module) that call a function, if all of its calls are known; else nothing."""
    if not _is_hidden(module, function):
        return []
    callers: list[ast.AST] = []
    for node in module.scopes.named((function.name,)):
        parent = module.scopes.parent(node)
        match node:
            case ast.FunctionDef():
                if node is not function:
                    return []
            case ast.Name(ctx=ast.Load()) | ast.Attribute(ctx=ast.Load()) | ast.Constant():
                if not isinstance(parent, ast.Call) or parent.func is not node:
                    return []
                callers.append(module.places.executing_scope(parent).node)
    return callers


def _is_hidden(module: Module, function: ast.FunctionDef) -> bool:
    """Whether only this module calls a function, by its name and by where it is defined."""
    special = function.name.startswith("__")
    nested = module.places.function(function) is not None
    private = function.name.startswith("_") or nested or bool(module.main_guards)
    return private and not special and not function.decorator_list and not _yields(function)


def _yields(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in ast.walk(function))
