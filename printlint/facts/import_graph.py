"""Which files of a project a module imports, and what those import: by the imports at the top of each."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from printlint.facts.module import Module
from printlint.facts.project import Project
from printlint.facts.scopes import absolute_module

_MAX_MODULES = 500  # beyond, a graph answers for what was found so far


def import_closure(module: Module, project: Project, before: int | None = None) -> dict[Path, Module]:
    """The modules of the project that are imported once `module` is, itself apart.

    `before` is a line, from 1: only what the module imports above it counts.
    """
    found: dict[Path, Module] = {}
    own = module.layout.path if module.layout is not None else None
    waiting = [(module, before)]
    while waiting and len(found) < _MAX_MODULES:
        importer, limit = waiting.pop()
        for path in _imported(importer, project, limit):
            if path not in found and path != own and (imported := project.module(path)) is not None:
                found[path] = imported
                waiting.append((imported, None))
    return found


def run_together(module: Module, other: Path, project: Project) -> bool:
    """Whether a program that runs one of two files runs the other: one of them imports the other."""
    own = module.layout.path if module.layout is not None else None
    if other == own or other in import_closure(module, project):
        return True
    there = project.module(other)
    return there is not None and own in import_closure(there, project)


def _imported(module: Module, project: Project, before: int | None) -> Iterator[Path]:
    layout = module.layout
    if layout is None:
        return
    for statement in module.tree.body:
        if before is not None and statement.lineno >= before:
            break
        match statement:
            case ast.Import(names=names):
                dotted = [alias.name for alias in names]
            case ast.ImportFrom(names=names):
                base = absolute_module(statement, layout.package)
                dotted = [base, *(f"{base}.{alias.name}" for alias in names)]
            case _:
                continue
        for name in dotted:
            if (path := layout.find(name, project.root)) is not None:
                yield path
