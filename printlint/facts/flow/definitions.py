"""Where the functions and classes that a project's code names are defined, in this file or in another one."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from printlint.facts.flow.origins import origins
from printlint.facts.module import Module
from printlint.facts.project.bound_elsewhere import bound_elsewhere
from printlint.facts.project.project import Project
from printlint.names.bindings import Binding, BindingKind
from printlint.names.layout import is_stdlib

Fact = TypeVar("Fact")
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_MAX_STEPS = 6


class Defined(NamedTuple):
    """A definition and the module that has it."""

    module: Module
    node: Definition


def definitions(module: Module, project: Project, node: ast.expr) -> tuple[Defined, ...]:
    """What a name or an attribute may be defined as: `Tee`, `handlers.Tee`, `self.write`, `tee.write`."""
    return _once(module, project, node, _definitions)


def owners(module: Module, project: Project, node: ast.expr) -> tuple[Defined, ...]:
    """The classes of the project that a value may be, or be an instance of: `self`, `Tee`, `Tee()`."""
    return _once(module, project, node, _owners)


def _once(
    module: Module,
    project: Project,
    node: ast.expr,
    ask: Callable[[Module, Project, ast.expr], Iterator[Defined]],
) -> tuple[Defined, ...]:
    """The answer to a question, found out once; one that leads back to itself, as `x = x.next` does, gives nothing."""
    key = ask, project, node
    if key not in module.known:
        module.known[key] = ()
        module.known[key] = tuple(
            dict.fromkeys(ask(module, project, node))
        )  # in a chain of calls, each twice is 2 ** n
    answer: tuple[Defined, ...] = module.known[key]
    return answer


def _definitions(module: Module, project: Project, node: ast.expr) -> Iterator[Defined]:
    for value in origins(module, node):
        if isinstance(value, ast.Name):
            for binding in module.names.bindings(value):
                yield from _of_binding(module, project, binding)
        elif isinstance(value, ast.Attribute):
            yield from _of_attribute(module, project, value)


def _of_attribute(module: Module, project: Project, node: ast.Attribute) -> Iterator[Defined]:
    qualified = module.qualified(node)
    if qualified is not None:
        yield from defined_as(module, project, qualified)
        return
    for owner in owners(module, project, node.value):
        yield from method_of(owner, project, node.attr)


def _owners(module: Module, project: Project, node: ast.expr) -> Iterator[Defined]:
    if isinstance(node, ast.Name) and node.id in ("self", "cls"):
        for ancestor in module.scopes.ancestors(node):
            if isinstance(ancestor, ast.ClassDef):
                yield Defined(module, ancestor)
                return
    if isinstance(node, ast.Call) and module.qualified(node.func) == "builtins.super":
        for ancestor in module.scopes.ancestors(node):
            if isinstance(ancestor, ast.ClassDef):
                for base in ancestor.bases:
                    yield from owners(module, project, base)
                return
    for value in origins(module, node):
        called = value.func if isinstance(value, ast.Call) else value
        for found in definitions(module, project, called) if isinstance(called, (ast.Name, ast.Attribute)) else ():
            if isinstance(found.node, ast.ClassDef):
                yield found


def method_of(owner: Defined, project: Project, name: str, steps: int = _MAX_STEPS) -> Iterator[Defined]:
    """A method of a class, its own or inherited from a class of the project."""
    assert isinstance(owner.node, ast.ClassDef)
    own = _members(owner).get(name, [])
    if own or not steps:
        yield from (Defined(owner.module, item) for item in own)
        return
    for base in bases_of(owner, project):
        yield from method_of(base, project, name, steps - 1)


def _members(owner: Defined) -> dict[str, list[Definition]]:
    """The definitions in the body of a class, by their names; found out once, since a class may have a thousand."""
    assert isinstance(owner.node, ast.ClassDef)
    key = _members, owner.node
    if key not in owner.module.known:
        found: dict[str, list[Definition]] = {}
        for item in owner.node.body:
            if isinstance(item, _DEFINITIONS):
                found.setdefault(item.name, []).append(item)
        owner.module.known[key] = found
    members: dict[str, list[Definition]] = owner.module.known[key]
    return members


def bases_of(owner: Defined, project: Project) -> Iterator[Defined]:
    """The classes of the project that a class is derived from directly."""
    assert isinstance(owner.node, ast.ClassDef)
    for base in owner.node.bases:
        named = base.value if isinstance(base, ast.Subscript) else base
        yield from _classes(owner, project, named)


def _classes(owner: Defined, project: Project, base: ast.expr) -> Iterator[Defined]:
    if isinstance(base, (ast.Name, ast.Attribute)):
        for found in definitions(owner.module, project, base):
            if isinstance(found.node, ast.ClassDef) and found.node is not owner.node:
                yield found


def library_bases(owner: Defined, project: Project, steps: int = _MAX_STEPS) -> frozenset[str]:
    """The qualified names of the classes outside of the project that a class is derived from, directly or not."""
    assert isinstance(owner.node, ast.ClassDef)
    found: set[str] = set()
    for base in owner.node.bases:
        named = base.value if isinstance(base, ast.Subscript) else base
        of_project = list(_classes(owner, project, named)) if steps else []
        for other in of_project:
            found |= library_bases(other, project, steps - 1)
        if not of_project and (qualified := owner.module.qualified(named)) is not None:
            found.add(qualified)
    return frozenset(found)


def defined_as(module: Module, project: Project, qualified: str, steps: int = _MAX_STEPS) -> Iterator[Defined]:
    """What a qualified name is defined as in the project: a function, a class, or a method of a class."""
    if module.layout is None or not steps or is_stdlib(qualified):
        return
    prefix, _, name = qualified.rpartition(".")
    find = partial(project.imported, whole=False)
    if find(module.layout, prefix) is None:
        for owner in defined_as(module, project, prefix, steps - 1) if "." in prefix else ():
            if isinstance(owner.node, ast.ClassDef):
                yield from method_of(owner, project, name)
    for other, binding in bound_elsewhere(module.layout, qualified, find):
        yield from _of_binding(other, project, binding, steps - 1)


def _of_binding(module: Module, project: Project, binding: Binding, steps: int = _MAX_STEPS) -> Iterator[Defined]:
    if isinstance(binding.value, _DEFINITIONS):
        yield Defined(module, binding.value)
    elif binding.kind is BindingKind.IMPORT and binding.origin:
        yield from defined_as(module, project, binding.origin, steps)
    elif binding.kind is BindingKind.ASSIGN and isinstance(binding.value, (ast.Name, ast.Attribute)) and steps:
        if binding.value is not binding.node:
            yield from _through(module, project, binding.value, steps)


def _through(module: Module, project: Project, node: ast.expr, steps: int) -> Iterator[Defined]:
    if isinstance(node, ast.Name):
        for binding in module.names.bindings(node):
            yield from _of_binding(module, project, binding, steps - 1)
    elif (qualified := module.qualified(node)) is not None:
        yield from defined_as(module, project, qualified, steps - 1)


def of_place(known: Mapping[Path, Mapping[str, Fact]], module: Module, node: ast.AST) -> Fact | None:
    """What is known, by file and `place_of`, of the nearest function around a node; outside of all, of the module."""
    places = known.get(module.file, {})
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    around = [item for item in module.scopes.ancestors(node) if isinstance(item, functions)] if places else []
    found = (places[place] for item in around if (place := place_of(module, item)) in places)
    return next(found, None) if around else places.get("")


def place_of(module: Module, node: ast.AST) -> str:
    """The dotted place of a definition in its file, which edits elsewhere in it do not change; empty for a module."""
    around = [node, *module.scopes.ancestors(node)]
    return ".".join(item.name for item in reversed(around) if isinstance(item, _DEFINITIONS))
