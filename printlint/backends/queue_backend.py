"""`queue`: the module's logger becomes the set-up module's, and its calls are awaited."""

from __future__ import annotations

from dataclasses import replace

from printlint.backends.base import VALUE_USED, Backend, Definition, check_created_here, may_await
from printlint.facts.calls.log_calls import LogCall
from printlint.facts.calls.result_use import value_used
from printlint.facts.context import Context, once_a_context
from printlint.facts.loggers.kinds import LoggerKind, LoggerValue
from printlint.facts.readers.call_results import where_seen
from printlint.logging_names import MODERN
from printlint.plan.edits import Await, Edit, Log, Retarget
from printlint.plan.message import Refused


class QueueBackend(Backend):
    """Calls are awaited on the logger of the standard library, which the set-up module has made awaitable."""

    name = "queue"
    title = "Await the call on the set-up module's logger"
    replaces_loggers = True
    makes_awaitable = True

    def adopt(self, logger: LoggerValue, context: Context) -> tuple[Edit, ...]:
        """Its `getLogger` calls become the set-up module's."""
        return _retargets(context, self, logger)

    def awaited(self, found: LogCall, context: Context) -> tuple[Edit, ...]:
        """Await the call if possible; otherwise the new logger is enough."""
        edits: list[Edit] = [*_retargets(context, self, found.logger)]
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


@once_a_context
def _retargets(context: Context, backend: Backend, logger: LoggerValue) -> tuple[Retarget, ...]:
    """What makes a logger awaitable: its `getLogger` calls become the set-up module's. Raises `Refused`."""
    if logger.kind is LoggerKind.QUEUE:
        return ()
    check_created_here(logger)
    backend.setup_import(context)
    if place := where_seen(context.module, context.project, logger):
        raise Refused(f"the return value of a call on the same logger is used ({place})")
    return tuple(Retarget(call) for call in logger.created)
