"""Whether a call in asynchronous code may stay as it is, since a queue takes its record."""

from __future__ import annotations

from printlint.facts.context import Context
from printlint.facts.delivery.reached import Reached


def is_behind_queue(context: Context, reached: Reached, *, awaits: bool) -> bool:
    """Whether nothing that a record reaches makes its call wait, and no await would be better.

    With the set-up module, calls that can be awaited are: a task then waits for room in its queue, not the event loop.
    Its queue is enough for a call that cannot be awaited, and for every call where the back end awaits nothing.
    """
    if reached.queued and not (reached.awaitable and context.config.awaits):
        return True
    if awaits and context.config.awaits:
        return False
    behind = context.module.setup_module is not None or has_queue(context, reached)
    return behind and (not context.config.awaits or _awaits_elsewhere(context))


def has_queue(context: Context, reached: Reached) -> bool:
    """Whether all that a record reaches is a queue, or may be: the project has one, and nothing known that writes."""
    return reached.queued or (context.project.has_queue_handler and reached.writer is None)


def _awaits_elsewhere(context: Context) -> bool:
    """Whether the back end's awaited calls are those of another logger than the queue's."""
    from printlint.backends import backend_of

    return backend_of(context).awaits_elsewhere
