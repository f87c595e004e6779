"""Who logs through a root logger that a module gives others: the calls that one rewrite of the module answers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from printlint.facts.calls.log_calls import LogCall, log_calls
from printlint.facts.context import Context
from printlint.facts.log_setup.logger_settings import shown
from printlint.facts.module import Module
from printlint.facts.project.cross_module import neighbours_of


class Users(NamedTuple):
    """The calls in other files that log through a logger, and how many files those are."""

    calls: int = 0
    files: int = 0

    def __str__(self) -> str:
        return f"{self.calls} call{'s' * (self.calls != 1)}"


def given_name(module: Module, made: ast.Call) -> str:
    """The name at the top of a module that a call of `getLogger` gives a value; empty for another place."""
    match module.scopes.parent(made):
        case ast.Assign(targets=[ast.Name(id=name)]) if module.scopes.scope_of(made) is module.scopes.module:
            return name
    return ""


def users_of(context: Context, name: str, made: ast.Call) -> Users:
    """Who else logs through a name of the module that `made` gives it."""
    found = [_calls(module, context, made) for module in _importers(context, name)]
    return Users(sum(map(len, found)), sum(map(bool, found)))


def other_use(context: Context, name: str, made: ast.Call) -> str:
    """Where another file does something else with the name than logging, as `file:line`; empty where none does."""
    for module in _importers(context, name):
        receivers = {call.receiver for call in _calls(module, context, made)}
        for node in module.reads_of(frozenset({name})):
            value = module.loggers.value(node)
            if value is not None and value.root and node not in receivers and module.layout is not None:
                return f"{shown(module.layout.path, context.project)}:{node.lineno}"
    return ""


def cause_of(found: LogCall, context: Context) -> str:
    """Where the logger of a call is made, as `file:line` or `line 3`, if not in the call; empty where nothing tells."""
    if found.logger.created and isinstance(found.receiver, ast.Attribute):
        return f"line {found.logger.created[0].lineno}"
    return made_elsewhere(found, context)


def made_elsewhere(found: LogCall, context: Context) -> str:
    """Where another module makes the logger of a call, as `file:line`; empty where none is known to."""
    if found.logger.made_at is None:
        return ""
    path, line = found.logger.made_at
    return f"{shown(path, context.project)}:{line}"


def _importers(context: Context, name: str) -> Iterator[Module]:
    layout = context.module.layout
    if layout is None or context.project.root is None:
        return
    neighbours = neighbours_of(context.project, frozenset(context.config.loggers))
    for path in context.project.users(layout.path, name):
        if (module := neighbours.module(path)) is not None:
            yield module


def _calls(module: Module, context: Context, made: ast.Call) -> list[LogCall]:
    assert context.module.layout is not None
    place = context.module.layout.path, made.lineno
    return [call for call in log_calls(module) if call.logger.root and call.logger.made_at == place]
