"""Formatters and filters of a project that a handler cannot take with it into another thread."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from printlint.facts.flow.definitions import Defined, library_bases
from printlint.facts.log_setup.record_tests import reading_test
from printlint.facts.module import Module
from printlint.facts.project.project import Project

_WORDS = (b"Formatter", b"Filter")
_FORMATTER, _FILTER = "logging.Formatter", "logging.Filter"
_OF_THREADS = frozenset({"threading.local", "threading.current_thread", "threading.get_ident"})
_WHOLE = frozenset({"created", "levelno", "exc_info", "exc_text", "levelname", "msg", "args", "message", "name"})


class OwnFormat(NamedTuple):
    """A class of a formatter or a filter. `changes`: its format changes what every record has; `asks`: which thread
    runs it makes a difference."""

    path: Path
    name: str
    changes: bool
    asks: bool


def keeps_its_thread(module: Module, project: Project) -> str:
    """Why the handlers that a module adds have to write where the record was logged; empty where nothing is known."""
    found = project.derived(_own_formats)
    if asking := next((item for item in found if item.asks), None):
        return f"`{asking.name}` depends on the thread that logs"
    changing = next((item for item in found if item.changes), None)
    if changing is not None and (test := reading_test(module, project)) is not None:
        return f"`{changing.name}` changes records, which {test.name} reads"
    return ""


def _own_formats(project: Project) -> tuple[OwnFormat, ...]:
    paths = [file.path for file in project.survey.holders(_WORDS) if not file.is_test]
    found = project.ask_each(paths, lambda module: list(_of_module(module, project)))
    return tuple(item for items in found for item in items)


def _of_module(module: Module, project: Project) -> Iterator[OwnFormat]:
    locals_ = {ast.unparse(target) for target in _thread_locals(module)}
    for scope in module.scopes.scopes:
        node = scope.node
        if not isinstance(node, ast.ClassDef) or not node.bases:
            continue
        bases = library_bases(Defined(module, node), project)
        if not bases & {_FORMATTER, _FILTER}:
            continue
        changes, asks = _FORMATTER in bases and _changes_record(node), _asks_for_thread(module, node, locals_)
        if changes or asks:
            yield OwnFormat(Path(module.source.path), node.name, changes, asks)


def _thread_locals(module: Module) -> Iterator[ast.expr]:
    """The names that are given a `threading.local()`."""
    for call in module.calls_named(frozenset({"local"})):
        parent = module.scopes.parent(call)
        if module.qualified(call.func) == "threading.local" and isinstance(parent, (ast.Assign, ast.AnnAssign)):
            yield from parent.targets if isinstance(parent, ast.Assign) else [parent.target]


def _changes_record(node: ast.ClassDef) -> bool:
    """Whether a method sets something on its record that the record had before."""
    return any(
        isinstance(item, ast.Attribute)
        and isinstance(item.ctx, ast.Store)
        and item.attr in _WHOLE
        and isinstance(item.value, ast.Name)
        and item.value.id != "self"
        for item in ast.walk(node)
    )


def _asks_for_thread(module: Module, node: ast.ClassDef, locals_: set[str]) -> bool:
    for item in ast.walk(node):
        if isinstance(item, (ast.Name, ast.Attribute)) and isinstance(item.ctx, ast.Load):
            if ast.unparse(item) in locals_ or module.qualified(item) in _OF_THREADS:
                return True
    return False
