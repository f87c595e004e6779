"""Synchronous functions that only asynchronous code calls: whatever they block is the event loop."""

from __future__ import annotations

import ast

from printlint.facts.module import Module, once_a_module
from printlint.facts.places import Function, is_main_guard


def call_chain(module: Module, function: Function) -> tuple[str, ...]:
    """The functions from an `async def` down to `function`, where all calls of it start at one; else nothing.

    Silent where that cannot be seen: for a function that is handed on, decorated, a special method, or that other
    modules could call since its name is public.
    """
    return _chains(module).get(function, ())


@once_a_module
def _chains(module: Module) -> dict[ast.AST, tuple[str, ...]]:
    callers = _callers(module)
    chains: dict[ast.AST, tuple[str, ...]] = {}
    found = True
    while found:
        found = False
        for function, places in callers.items():
            above = [_chain_to(place, chains) for place in places]
            if function not in chains and above and all(above):
                chains[function] = (*min(above, key=len), function.name)
                found = True
    return chains


def _chain_to(place: ast.AST, chains: dict[ast.AST, tuple[str, ...]]) -> tuple[str, ...]:
    return (place.name,) if isinstance(place, ast.AsyncFunctionDef) else chains.get(place, ())


def _callers(module: Module) -> dict[ast.FunctionDef, list[ast.AST]]:
    """For each function whose calls are all in sight, the functions (or the module) that call it."""
    if "async def" not in module.source.text:
        return {}
    functions = [node for node in module.scopes.nodes if isinstance(node, ast.FunctionDef)]
    named: dict[str, list[ast.FunctionDef]] = {}
    for function in functions:
        named.setdefault(function.name, []).append(function)
    watched = {name: group[0] for name, group in named.items() if len(group) == 1 and _is_hidden(module, group[0])}
    callers: dict[ast.FunctionDef, list[ast.AST]] = {function: [] for function in watched.values()}
    for node in module.scopes.nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name, ctx=ast.Load()):
                pass
            case ast.Constant(value=str(name)):
                pass
            case _:
                continue
        if name not in watched:
            continue
        parent = module.scopes.parents.get(node)
        if isinstance(parent, ast.Call) and parent.func is node:
            callers[watched[name]].append(module.places.executing_scope(parent).node)
        else:
            callers.pop(watched.pop(name), None)
    return callers


def _is_hidden(module: Module, function: ast.FunctionDef) -> bool:
    """Whether only this module calls a function, by its name and by where it is defined."""
    special = function.name.startswith("__")
    nested = module.places.function(function) is not None
    private = function.name.startswith("_") or nested or _is_script(module)
    return private and not special and not function.decorator_list and not _yields(function)


@once_a_module
def _is_script(module: Module) -> bool:
    return any(isinstance(node, ast.If) and is_main_guard(node) for node in module.tree.body)


def _yields(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in ast.walk(function))
