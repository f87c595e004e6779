"""`queue`: the module's logger becomes the set-up module's, and its calls are awaited."""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from printlint.backends.base import VALUE_USED, Backend, Definition, check_created_here, may_await
from printlint.edits import Await, Edit, Log, Retarget
from printlint.facts.log_calls import MODERN, LogCall
from printlint.facts.logger_tree import shown
from printlint.facts.logger_values import LoggerKind, LoggerValue
from printlint.facts.module import Module
from printlint.facts.value_use import seen_value, value_used
from printlint.message import Refused
from printlint.setup_import import setup_import

if TYPE_CHECKING:
    from printlint.rule import Context


class QueueBackend(Backend):
    """Calls are awaited on the logger of the standard library, which the set-up module has made awaitable."""

    name = "queue"
    title = "Await the call on the set-up module's logger"
    replaces_loggers = True

    def adopt(self, logger: LoggerValue, context: Context) -> tuple[Edit, ...]:
        """Its `getLogger` calls become the set-up module's."""
        return _retargets(logger, context)

    def awaited(self, found: LogCall, context: Context) -> tuple[Edit, ...]:
        """An await where one may stand; elsewhere the new logger is enough."""
        edits: list[Edit] = [*_retargets(found.logger, context)]
        if may_await(context.module, found.call):
            edits.append(Await(found.call, MODERN.get(found.method)))
        elif not context.module.is_awaited(found.call) and value_used(context.module, found.call):
            raise Refused(VALUE_USED)
        return tuple(edits)

    def finish(self, edit: Log, context: Context, *, legal: bool) -> Log:
        """Awaited where that may be."""
        return replace(edit, awaited=legal)

    def define(self, name: str, *, synchronous: bool) -> Definition:
        """One logger for all."""
        return Definition((f"{name} = get_logger(__name__)",), frozenset({"get_logger"}))


@lru_cache(maxsize=16)
def _retargets(logger: LoggerValue, context: Context) -> tuple[Retarget, ...]:
    """What makes a logger awaitable: its `getLogger` calls become the set-up module's. Raises `Refused`."""
    if logger.kind is LoggerKind.QUEUE:
        return ()
    check_created_here(logger)
    setup_import(context, "queue")
    created = frozenset(logger.created)
    if (seen := _seen(context, created)) is not None:
        raise Refused(f"the value of a call on the same logger is used ({seen})")
    return tuple(Retarget(call) for call in logger.created)


def _seen(context: Context, created: frozenset[ast.Call]) -> str | None:
    """Where the program sees what a call of a logger gives, here or in a file that imports the logger."""
    module = context.module

    def is_logger(node: ast.expr) -> bool:
        logger = module.loggers.value(node)
        return logger is not None and not created.isdisjoint(logger.created)

    if (node := seen_value(module, is_logger)) is not None:
        return f"line {node.lineno}"
    for name, bindings in module.scopes.module.bindings.items():
        if module.layout is not None and any(binding.value in created for binding in bindings):
            for path, _ in context.project.users(module.layout.path, name):
                user = context.project.module(path)
                node = seen_value(user, partial(_stands_for, user, name), awaits=False) if user is not None else None
                if node is not None:
                    return f"{shown(path, context.project)}:{node.lineno}"
    return None


def _stands_for(user: Module, name: str, node: ast.expr) -> bool:
    return (user.qualified(node) or "").rpartition(".")[2] == name
