"""Handlers that code makes and gives to loggers: where each writes, from which level on, and what it drops."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from printlint.facts.flow.origins import origins
from printlint.facts.log_setup.level_values import LevelValues
from printlint.facts.log_setup.logger_settings import Attached, Place
from printlint.facts.log_setup.record_filters import may_drop
from printlint.facts.log_setup.written_to import emits_by_itself, handler_kind, handler_writes
from printlint.facts.module import Module
from printlint.facts.project.project import Project
from printlint.names.scopes import start_of


def handlers_made(
    module: Module, project: Project, levels: LevelValues, handler: ast.expr, place: Place
) -> Iterator[Attached]:
    """The handlers that an expression may give, as if they were attached to the root logger at a place."""
    for value in origins(module, handler):
        called = value.func if isinstance(value, ast.Call) else value
        qualified = module.qualified(called) or ""
        number, drops = _level_and_filter(module, levels, value)
        yield Attached(
            logger="",
            shown=(qualified or ast.unparse(called)).rpartition(".")[2],
            class_name=qualified if called is not value else "",
            written=handler_writes(module, project, value),
            kind=handler_kind(module, project, value),
            number=number,
            drops=drops,
            place=place,
            stays=emits_by_itself(module, project, value),
            made=start_of(value),
        )


def _level_and_filter(module: Module, levels: LevelValues, made: ast.expr) -> tuple[int, bool]:
    """The level of a handler, 0 where it has none, and whether it has a filter that drops records."""
    drops = False
    given = [item.value for item in made.keywords if item.arg == "level"] if isinstance(made, ast.Call) else []
    for call in module.calls_named(frozenset({"setLevel", "addFilter"})):
        if isinstance(call.func, ast.Attribute) and call.args and made in origins(module, call.func.value):
            if call.func.attr == "setLevel":
                given.append(call.args[0])
            else:
                drops = drops or may_drop(module, call.args[0])
    for target in module.scopes.stores("level"):
        statement = module.scopes.parent(target)
        if isinstance(statement, ast.Assign) and made in origins(module, target.value):
            given.append(statement.value)
    return max((levels.highest(level) or 0 for level in given), default=0), drops
