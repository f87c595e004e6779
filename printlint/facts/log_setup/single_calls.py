"""Functions that a program calls once, as most that set logging up: what they add is added once."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from printlint.facts.module import Module
from printlint.facts.project.project import Project
from printlint.facts.project.word_index import as_bytes, matches
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
    that nothing calls, which is there for others, and for one that is passed on; but True for a method that nothing
    calls in a class with a base: how often that calls it is unknown.
    """
    if function.name in _STARTS or any(_is_command(item) for item in function.decorator_list):
        return True
    if not steps:
        return False
    calls = _calls_of(module, project, _name_in_calls(module, function))
    if calls is None:
        return False
    if not calls:
        return _is_called_by_others(module, project, function)
    return len(calls) == 1 and _runs_once(calls[0], project, steps)


def _is_called_by_others(module: Module, project: Project, function: Function) -> bool:
    """Whether a function that the project does not call is a script's, or a method that a base class calls."""
    owner = module.scopes.parent(function)
    if isinstance(owner, ast.ClassDef):
        return bool(owner.bases) and function.name != "__init__"
    return module.layout is not None and f"{module.layout.module}:{function.name}" in project.entry_points


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
        path, word = module.layout.path, as_bytes(name)
        paths = project.users(path, name)  # without the `__init__.py` that hands the name on
        holding = project.survey.ask(project.importers(path), matches, re.escape(word))
        paths += [file.path for file, held in holding if held]
        yield from filter(None, map(project.module, dict.fromkeys(paths)))


def _runs_once(call: _Call, project: Project, steps: int) -> bool:
    function = call.module.places.function(call.node)
    for node in call.module.scopes.ancestors(call.node):
        if node is function:
            break
        if isinstance(node, _LOOPS):
            return False
    return function is None or is_called_once(call.module, project, function, steps - 1)
