"""`aiologger`: the module's logger gets a companion, and calls in asynchronous code go to that."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from printlint.backends.base import Backend, Definition, check_created_here, define_plain, may_await
from printlint.facts.calls.log_calls import LogCall
from printlint.facts.context import Context, once_a_context
from printlint.facts.loggers.kinds import LoggerKind, LoggerValue
from printlint.facts.module import Module
from printlint.logging_names import MODERN
from printlint.plan.edits import Await, Edit, InsertAfter, Log, Respell
from printlint.plan.message import Refused


class AiologgerBackend(Backend):
    """Defines a second logger, with aiologger's interface, next to the module's own."""

    name = "aiologger"
    beside = frozenset({LoggerKind.AIOLOGGER})
    awaits_elsewhere = True
    title = "Await the call on a companion of the logger"

    def adopt(self, logger: LoggerValue, context: Context) -> tuple[Edit, ...]:
        """The companion's definition, behind the logger's own."""
        return _companion(context, self, logger)[1]

    def awaited(self, found: LogCall, context: Context) -> tuple[Edit, ...]:
        """The call on the companion."""
        companion, edits = _companion(context, self, found.logger)
        name = _on_companion(found, companion, context.module)
        if context.module.is_awaited(found.call):
            return (*edits, Respell(found.call, MODERN.get(found.method), receiver=name))
        if not may_await(context.module, found.call):
            raise Refused("`await` is not possible here, and the asynchronous logger needs one")
        return (*edits, Await(found.call, MODERN.get(found.method), receiver=name))

    def finish(self, edit: Log, context: Context, *, legal: bool) -> Log:
        """The asynchronous logger if the call may be awaited."""
        if not legal:
            return edit
        return replace(edit, awaited=True, logger=companion_of(edit.logger))

    def define(self, name: str, *, synchronous: bool) -> Definition:
        """One or both of the pair."""
        companion = Definition((f"{companion_of(name)} = get_async_logger(__name__)",), frozenset({"get_async_logger"}))
        if not synchronous:
            return companion
        plain = define_plain(name)
        return Definition((*plain.lines, *companion.lines), plain.uses | companion.uses)


def companion_of(name: str) -> str:
    """The name of a logger's companion."""
    bare = name.lstrip("_")
    return f"{name[: len(name) - len(bare)]}async_{bare}"


@once_a_context
def _companion(context: Context, backend: Backend, logger: LoggerValue) -> tuple[str, tuple[Edit, ...]]:
    """The name of a logger's companion, with the edit that defines it where it is not there yet. Raises `Refused`."""
    check_created_here(logger)
    backend.setup_import(context)
    module = context.module
    statement = module.places.statement(logger.created[0])
    match statement:
        case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name) as target], value=value):
            pass
        case ast.AnnAssign(target=ast.Name(id=name) | ast.Attribute(attr=name) as target, value=value):
            pass
        case _:
            raise Refused("no asynchronous logger can be defined next to this one")
    arguments = module.source.segment(logger.created[0]).partition("(")[2]
    if len(logger.created) != 1 or value is not logger.created[0] or "\n" in arguments:
        raise Refused("no asynchronous logger can be defined next to this one")
    companion = companion_of(name)
    spelled = module.source.segment(target).removesuffix(name) + companion
    definition = f"{spelled} = get_async_logger({arguments}"
    if definition in module.source.text:
        return companion, ()
    if re.search(rf"\b{companion}\b", module.source.text):
        raise Refused(f"`{companion}` is already defined in this file")
    return companion, (InsertAfter(statement, definition),)


def _on_companion(found: LogCall, companion: str, module: Module) -> str:
    """The receiver of a call with the companion's name in place of the logger's."""
    match found.receiver:
        case ast.Name(id=name) | ast.Attribute(attr=name) as receiver if companion_of(name) == companion:
            return module.source.segment(receiver).removesuffix(name) + companion
    raise Refused("the logger has a different name in the module that defines it")
