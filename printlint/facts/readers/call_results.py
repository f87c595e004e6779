"""Where a program sees what the calls of one logger give, in the file that makes it and in others."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from printlint.facts.calls.result_use import seen_value
from printlint.facts.log_setup.logger_settings import shown
from printlint.facts.log_setup.logger_tree import logger_name
from printlint.facts.loggers.kinds import LoggerValue
from printlint.facts.module import Module, once_a_module
from printlint.facts.project.project import Project
from printlint.names.qualified import last_name

_MAKING = frozenset({"getLogger", "getChild", "get_logger", "get_async_logger"})
_LOG_NAME = r"(?i)^(?:\w*_)?log(?:ger)?_*$"


@once_a_module
def where_seen(module: Module, project: Project, logger: LoggerValue) -> str:
    """The place where what a call of a logger gives is seen; empty where it is not.

    In its own file, that may be a call of what is named like a logger and not known; in files that import this one, of
    what has the logger's name; and elsewhere, of the logger that `getLogger` gives by the same name.
    """
    if (node := seen_value(module, partial(_is_logger, module, logger))) is not None:
        return f"line {node.lineno}"
    if module.layout is None:
        return ""
    path, names = module.layout.path, _names(module, logger)
    users = {user for name in names for user in project.users(path, name)}
    asked = logger_name(module, logger)
    askers = project.askers(asked, path) if asked else frozenset()
    return (
        _first_seen(project, users, lambda user: partial(_has_name, user, names))
        or _first_seen(project, askers, lambda user: partial(_is_asked_for, user, asked))
        or ""
    )


def _first_seen(
    project: Project, files: set[Path] | frozenset[Path], asks: Callable[[Module], Callable[[ast.expr], bool]]
) -> str:
    for path in sorted(files):
        user = project.module(path)
        node = seen_value(user, asks(user), awaits=False) if user is not None else None
        if node is not None:
            return f"{shown(path, project)}:{node.lineno}"
    return ""


def _is_logger(module: Module, logger: LoggerValue, node: ast.expr) -> bool:
    value = module.loggers.value(node)
    if value is None:
        return re.match(_LOG_NAME, last_name(node)) is not None
    return not set(logger.created).isdisjoint(value.created)


def _has_name(user: Module, names: frozenset[str], node: ast.expr) -> bool:
    """Whether an expression may be the logger, by the name that it has in its own module or class."""
    value = user.loggers.value(node)
    if (value is not None and value.created) or _is_made_there(user, node):  # made there, under the same name
        return False
    qualified = user.qualified(node)
    return (qualified.rpartition(".")[2] if qualified is not None else last_name(node)) in names


def _is_made_there(user: Module, node: ast.expr) -> bool:
    """Whether a file makes a logger for a name or an attribute, perhaps by a set-up module that is not there yet."""
    if isinstance(node, ast.Name):
        made = [binding.value for binding in user.names.bindings(node)]
    elif isinstance(node, ast.Attribute):
        statements = (user.scopes.parent(target) for target in user.scopes.stores(node.attr))
        made = [item.value if isinstance(item, (ast.Assign, ast.AnnAssign)) else None for item in statements]
    else:
        made = []
    return bool(made) and all(isinstance(item, ast.Call) and last_name(item.func) in _MAKING for item in made)


def _is_asked_for(user: Module, name: str | None, node: ast.expr) -> bool:
    value = user.loggers.value(node)
    return value is not None and logger_name(user, value) == name


def _names(module: Module, logger: LoggerValue) -> frozenset[str]:
    """The names and attributes that a logger is assigned to where it is made."""
    return frozenset(name for call in logger.created for name in _targets(module, call))


def _targets(module: Module, call: ast.Call) -> Iterator[str]:
    match module.places.statement(call):
        case ast.Assign(targets=targets):
            yield from map(last_name, targets)
        case ast.AnnAssign(target=target):
            yield last_name(target)
