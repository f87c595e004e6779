"""What a project does to the records of all loggers: a logger class of its own, replaced methods, a record factory."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from printlint.facts.flow.definitions import Definition, definitions, method_of, owners
from printlint.facts.log_setup.logger_settings import shown
from printlint.facts.module import Module
from printlint.facts.programs.together import share_a_program
from printlint.facts.project.project import Project
from printlint.logging_names import METHODS

_WORDS = (b"setLoggerClass", b"loggerClass", b"logging.Logger", b"setLogRecordFactory")
_FACTORIES = frozenset({"setLoggerClass", "setLogRecordFactory", "setattr"})
_CALLED = (*sorted(METHODS), "_log", "handle", "callHandlers")
_ASKED = ("isEnabledFor", "filter", "makeRecord")
_SHOWN = frozenset({"msg", "args", "message", "levelno", "levelname"})
_WRITING = frozenset({"print", "write", "writelines"})


def changed_records(module: Module, project: Project) -> str:
    """How a program that may run a module changes what is logged, in words with `file:line`; empty where none does."""
    own = module.layout.path if module.layout is not None else None
    for path, line, how in project.derived(_changes):
        if own is None or path == own or share_a_program(module, path):
            return f"{how} ({shown(path, project)}:{line})"
    return ""


def _changes(project: Project) -> tuple[tuple[Path, int, str], ...]:
    paths = [file.path for file in project.survey.holders(_WORDS) if not file.is_test]
    found = project.ask_each(paths, lambda module: [(Path(module.source.path), *item) for item in _of(module, project)])
    return tuple(item for items in found for item in items)


def _of(module: Module, project: Project) -> Iterator[tuple[int, str]]:
    for call in module.calls_named(_FACTORIES):
        qualified = module.qualified(call.func)
        match call.args:
            case [made] if qualified == "logging.setLoggerClass":
                yield from ((call.lineno, how) for how in _of_class(module, project, made))
            case [made] if qualified == "logging.setLogRecordFactory":
                functions = (item.node for item in definitions(module, project, made))
                if any(map(_changes_text, functions)):
                    yield call.lineno, "the record factory changes messages"
            case [owner, ast.Constant(value=str(name)), _] if qualified == "builtins.setattr":
                if module.qualified(owner) == "logging.Logger" and name in _CALLED:
                    yield call.lineno, f"`logging.Logger.{name}` is replaced"
    for name in _CALLED:
        for target in module.scopes.stores(name):
            if module.qualified(target) == f"logging.Logger.{name}":
                yield target.lineno, f"`logging.Logger.{name}` is replaced"


def _of_class(module: Module, project: Project, made: ast.expr) -> Iterator[str]:
    """What a class of loggers does otherwise than logging's: the methods between a call and the handlers."""
    for owner in owners(module, project, made):
        for name in (*_CALLED, *_ASKED):
            for method in method_of(owner, project, name):
                if name in _CALLED or _changes_text(method.node):
                    yield f"`{getattr(owner.node, 'name', '')}.{name}` may change what is logged"


def _changes_text(function: Definition) -> bool:
    """Whether code sets what a record shows, or writes by itself."""
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr in _SHOWN:
            return True
        called = node.func if isinstance(node, ast.Call) else None
        if getattr(called, "id", getattr(called, "attr", None)) in _WRITING:
            return True
    return False
