"""What code of the project a piece of its code calls, directly or not, as far as the code itself says so.

By plain names, by methods and properties of `self`, `super()` and of objects created there; within one file and into
others.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple

from printlint.facts.flow.definitions import Defined, bases_of, definitions
from printlint.facts.module import Module, once_a_module
from printlint.facts.project.project import Project
from printlint.source import Unreadable

_MOST_BASES = 6
_MOST = 2_000  # beyond, the answer is what was found so far

_PROPERTY = re.compile(rb"@(?:\w+\.)*\w*property\b[^\n]*\n(?:[ \t]*@[^\n]*\n)*[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Code(NamedTuple):
    """Code that runs together, and the module that has it."""

    module: Module
    node: ast.AST


def calls_of(starts: Iterable[Code], project: Project, depth: int | None = None) -> list[Code]:
    """Some code and all that it calls; `depth` limits over how many calls, None is without a limit."""
    found: dict[tuple[int, int], Code] = {}
    waiting = [(code, 0) for code in starts]
    while waiting and len(found) < _MOST:
        code, steps = waiting.pop()
        key = id(code.module), id(code.node)
        if key in found:
            continue
        found[key] = code
        if depth is None or steps < depth:
            with suppress(Unreadable):
                waiting += [(called, steps + 1) for called in _called(code, project)]
    return list(found.values())


def _called(code: Code, project: Project) -> Iterator[Code]:
    yield from _subcommands(code)
    properties = project.derived(_properties)
    for node in _own_nodes(code.node):
        for named in _named(node):
            for defined in definitions(code.module, project, named):
                yield from code_of(defined, project)
        if isinstance(node, ast.Attribute) and node.attr in properties:
            yield from (Code(*defined) for defined in definitions(code.module, project, node))


def _properties(project: Project) -> frozenset[str]:
    """The names of the project's properties, which run where they are read."""
    return frozenset(
        name.decode() for _, data in project.survey.holding((b"property",)) for name in _PROPERTY.findall(data)
    )


def _named(node: ast.AST) -> Iterator[ast.expr]:
    """What a call calls, and what it is given that may be called: `Thread(target=work)`, `set_defaults(func=run)`."""
    if isinstance(node, ast.Call):
        for item in (node.func, *node.args, *(keyword.value for keyword in node.keywords)):
            if isinstance(item, (ast.Name, ast.Attribute)):
                yield item


def _subcommands(code: Code) -> Iterator[Code]:
    """The functions that a function's decorators make its subcommands: `@cli.command()`."""
    name = getattr(code.node, "name", "")
    for node in _decorated(code.module).get(name, ()) if name else ():
        yield Code(code.module, node)


@once_a_module
def _decorated(module: Module) -> dict[str, list[ast.AST]]:
    """The functions of a module by the names that their decorators begin with."""
    found: dict[str, list[ast.AST]] = {}
    for scope in module.scopes.scopes:
        for item in scope.node.decorator_list if isinstance(scope.node, _FUNCTIONS) else ():
            called = item.func if isinstance(item, ast.Call) else item
            if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
                found.setdefault(called.value.id, []).append(scope.node)
    return found


def code_of(defined: Defined, project: Project) -> Iterator[Code]:
    """What runs where a function or a class is called."""
    return _special_methods(defined, project) if isinstance(defined.node, ast.ClassDef) else iter([Code(*defined)])


def _special_methods(owner: Defined, project: Project, steps: int = _MOST_BASES) -> Iterator[Code]:
    """The methods of a class that Python calls: when an instance is made, printed, entered, added to another, …"""
    assert isinstance(owner.node, ast.ClassDef)
    for item in owner.node.body:
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) and item.name.startswith("__"):
            yield Code(owner.module, item)
    for base in bases_of(owner, project) if steps else ():
        yield from _special_methods(base, project, steps - 1)


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """What runs with a piece of code: of a module, what no definition in it holds."""
    if not isinstance(node, ast.Module):
        yield from ast.walk(node)
        return
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        item = waiting.pop()
        yield item
        if not isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(item)
