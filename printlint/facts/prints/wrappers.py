"""Functions that only hand on what they are given to a print: the calls that matter are those of the function."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from printlint.facts.log_setup.logger_settings import shown
from printlint.facts.module import Module, once_a_module
from printlint.facts.prints.outputs import output_of
from printlint.facts.project.project import Project
from printlint.names.enclosing import Function
from printlint.names.import_block import is_bare_constant

_MAX_STATEMENTS = 3  # a prefix, a time stamp, the print
_NAMED = 3  # so many callers are named in a message


def wrapper_of(module: Module, call: ast.Call) -> Function | None:
    """The function around a call that writes, if it does little else than to write what its caller gives it."""
    function = module.places.function(call)
    if function is None:
        return None
    statements = [item for item in function.body if not is_bare_constant(item)]
    if len(statements) > _MAX_STATEMENTS:
        return None
    given = {argument.arg for argument in _parameters(function)} - {"self", "cls"}
    used = {node.id for argument in call.args for node in ast.walk(argument) if isinstance(node, ast.Name)}
    return function if given & used and _only_writes_once(module, function) else None


@once_a_module
def _only_writes_once(module: Module, function: Function) -> bool:
    """Whether a function has one call that writes, and gives nothing back."""
    nodes = list(ast.walk(function))
    if any(isinstance(node, (ast.Return, ast.Yield)) and node.value is not None for node in nodes):
        return False
    return sum(isinstance(node, ast.Call) and output_of(module, node) is not None for node in nodes) == 1


def callers(module: Module, function: Function, project: Project) -> list[tuple[Path, int]]:
    """Where a function is called, in its module and in those that import it: files and lines, from 1."""
    own = module.file
    called = module.scopes.calls_of((function.name,))
    found = [(own, call.lineno) for call in called if _calls(module, call, function)]
    if module.layout is not None and module.scopes.scope_of(function) is module.scopes.module:
        top = module.layout.top_package or module.layout.module

        def lines(other: Module) -> list[tuple[Path, int]]:
            return [(Path(other.source.path), line) for line in _lines_of_calls(other, top, function.name)]

        users = project.users(module.layout.path, function.name)
        found += chain.from_iterable(project.ask_each(users, lines, whole=False))
    return sorted(found)


def _lines_of_calls(module: Module, package: str, function: str) -> list[int]:
    """Where a module calls a function of some package, which it may have under another name: lines, from 1."""
    calls = ((call, module.qualified(call.func) or "") for call in module.calls_named(frozenset({function})))
    return [
        call.lineno
        for call, qualified in calls
        if qualified.rpartition(".")[2] == function and qualified.partition(".")[0] == package
    ]


def described_callers(module: Module, function: Function, project: Project) -> str:
    """`12 calls in 3 files (app/db.py:4, …)`; empty if no call is known."""
    found = callers(module, function, project)
    if not found:
        return ""
    files = {path for path, _ in found}
    places = ", ".join(f"{shown(path, project)}:{line}" for path, line in found[:_NAMED])
    more = ", …" if len(found) > _NAMED else ""
    calls = "1 call" if len(found) == 1 else f"{len(found)} calls"
    return f"{calls} in {'1 file' if len(files) == 1 else f'{len(files)} files'} ({places}{more})"


def _calls(module: Module, call: ast.Call, function: Function) -> bool:
    match call.func:
        case ast.Name(id=name) if name == function.name:
            return any(binding.value is function for binding in module.names.bindings(call.func))
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name) if name == function.name:
            return isinstance(module.scopes.parent(function), ast.ClassDef)
    return False


def _parameters(function: Function) -> Iterator[ast.arg]:
    arguments = function.args
    yield from (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    yield from filter(None, (arguments.vararg, arguments.kwarg))
