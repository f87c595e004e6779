"""PRT401."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.calls.log_calls import LogCall, log_calls
from printlint.facts.context import Context
from printlint.facts.delivery.reached import Reached, reached_by
from printlint.facts.loggers.kinds import LoggerKind
from printlint.finding import Finding
from printlint.logging_names import METHODS, MODERN
from printlint.names.enclosing import AwaitStatus
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, refused
from printlint.rules.asynchronous._queued import is_behind_queue

if TYPE_CHECKING:
    from printlint.plan.edits import Plan

_BLOCKING = (LoggerKind.STDLIB, LoggerKind.STRUCTLOG)


class BlockingLogCall(Rule):
    """## What it does
    Finds synchronous logging calls in an `async def`, unless a queue takes their records: every handler that they reach
    is a `QueueHandler`, a `NullHandler`, or one of a host that has its own queue, such as Home Assistant. If a handler
    is known to write, the message names it.

    ## Why is this bad
    The call writes to the stream of its handler before it returns. If the reader of that stream stalls, so does the
    event loop with all its tasks: while a reader stalled for one second, the loop was up to 777 ms late with a
    `StreamHandler`, and up to 4.5 ms with an awaitable logger and a queue (`docs/load.md`).

    ## Fix safety
    Safe with the back ends `queue`, `aiologger` and `none`: the record is created at once, and the await suspends only
    when very many records wait to be written. Safe with `structlog` if the configuration names it; otherwise the await
    is one more point where other tasks run, so it is unsafe. Unsafe where tests mock a logger. Refused for loggers that
    are not created in the module, and in modules that use trio, anyio, curio or twisted.
    """

    code = "PRT401"
    name = "blocking-log-call"
    summary = "a synchronous logging call in an `async def`"
    starts = LOG_WORDS
    options = ("logger", "loggers", "async-backend", "setup-module")
    examples = (
        flagged(
            """
            import logging

            logger = logging.getLogger(__name__)

            async def handle(request):
                logger.info("got %s", request)
            """,
            """
            from logging_setup import get_logger

            logger = get_logger(__name__)

            async def handle(request):
                await logger.info("got %s", request)
            """,
        ),
        refused(
            """
            import logging

            async def handle(log: logging.Logger):
                log.info("x")
            """,
            "not created",
        ),
        refused(
            """
            import logging
            import trio

            logger = logging.getLogger(__name__)

            async def handle():
                logger.info("x")
            """,
            "trio",
        ),
        ignored("import logging\nlogger = logging.getLogger(__name__)\n\ndef handle():\n    logger.info('x')"),
        ignored(
            """
            import logging
            import logging.handlers
            import queue

            logger = logging.getLogger(__name__)
            logger.propagate = False
            logger.addHandler(logging.handlers.QueueHandler(queue.SimpleQueue()))

            async def handle(request):
                logger.info("got %s", request)
            """
        ),
        ignored("async def handle(logger):\n    logger.info('x')"),
        ignored("async def handle(login_task):\n    login_task.exception()"),
        ignored(
            """
            import logging

            logger = logging.getLogger(__name__)

            async def handle():
                task.add_done_callback(lambda t: logger.info("done"))
            """
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every call of a synchronous logger that an `async def` runs itself."""
        module = context.module
        if "async" not in module.source.text:
            return
        for found in log_calls(module):
            if found.logger.kind not in _BLOCKING or found.method not in METHODS:
                continue
            status = module.places.await_status(found.call)
            if status is AwaitStatus.NOT_ASYNC or module.is_awaited(found.call):
                continue
            reached = reached_by(module, context.project, found)
            if not is_behind_queue(context, reached, awaits=status is not AwaitStatus.SYNC_ONLY):
                yield self.finding(context, found.call, _message(context, found, reached))

    def plan(self, finding: Finding, context: Context) -> Plan:
        """An awaited call on a logger of the set-up module."""
        from printlint.rules.asynchronous._planning import plan_await

        return plan_await(finding, context)


def _message(context: Context, found: LogCall, reached: Reached) -> str:
    where = "in async code"
    if reached.writer is not None:
        where = f"writes to the {reached.writer.described(context.project)}"
    remedy = "await an asynchronous logger" if context.config.awaits else "use a queue handler"
    if found.logger.kind is LoggerKind.STRUCTLOG:
        remedy = f"await `a{MODERN.get(found.method, found.method)}`"
    return f"Blocking `{found.method}` call {where}; {remedy}"
