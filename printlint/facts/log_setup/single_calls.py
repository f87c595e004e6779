"""Functions that a program calls once, as most that set logging up: what they add is added once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from printlint.facts.module import Module
from printlint.facts.project.project import Project
from printlint.names.enclosing import Function
from printlint.names.qualified import last_name

# What starts a program, or is called by a framework once in each process.
_STARTS = frozenset({"main", "__enter__", "__aenter__", "ready", "pytest_configure"})
_COMMANDS = frozenset({"command", "group", "callback", "on_event"})
_STEPS = 4
_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.comprehension, ast.ListComp, ast.GeneratorExp, ast.Lambda)


class _Call(NamedTuple):
    module: Module
    node: ast.Call


def is_called_once(module: Module, project: Project, function: Function, steps: int = _STEPS) -> bool:
    """Whether a function starts a program, or has one call in the project: by code that itself runs once.

    Calls are told by the function's name, so that another function of that name is taken for it. False for a function
    that nothing calls, which is there for others, and for one that is passed on.
    """
    if function.name in _STARTS or any(_is_command(item) for item in function.decorator_list):
        return True
    if function.decorator_list or not steps:
        return False
    calls = _calls_of(module, project, _name_in_calls(module, function))
    if calls is None:
        return False
    if not calls:
        layout = module.layout
        return layout is not None and f"{layout.module}:{function.name}" in project.entry_points
    return len(calls) == 1 and _runs_once(calls[0], project, steps)


def _is_command(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return last_name(called) in _COMMANDS


def _name_in_calls(module: Module, function: Function) -> str:
    owner = module.scopes.parent(function)
    return owner.name if function.name == "__init__" and isinstance(owner, ast.ClassDef) else function.name


def _calls_of(module: Module, project: Project, name: str) -> list[_Call] | None:
    """The calls of a name in its module and those that import it, tests apart; None where it is used otherwise."""
    calls: list[_Call] = []
    for other in _modules(module, project, name):
        for node in other.scopes.named((name,)):
            parent = other.scopes.parent(node)
            if isinstance(parent, ast.Call) and parent.func is node:
                calls.append(_Call(other, parent))
            elif isinstance(node, ast.Name | ast.Attribute):
                return None
    return calls


def _modules(module: Module, project: Project, name: str) -> Iterator[Module]:
    yield module
    if module.layout is not None:
        users = (project.module(path) for path, _ in project.users(module.layout.path, name))
        yield from filter(None, users)


def _runs_once(call: _Call, project: Project, steps: int) -> bool:
    function = call.module.places.function(call.node)
    for node in call.module.scopes.ancestors(call.node):
        if node is function:
            break
        if isinstance(node, _LOOPS):
            return False
    return function is None or is_called_once(call.module, project, function, steps - 1)
