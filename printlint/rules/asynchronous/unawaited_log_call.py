"""PRT402."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.calls.log_calls import LogCall, log_call_of, log_calls
from printlint.facts.context import Context
from printlint.facts.loggers.kinds import LoggerKind
from printlint.finding import Finding
from printlint.logging_names import ASYNC_METHODS
from printlint.names.enclosing import AwaitStatus
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored

if TYPE_CHECKING:
    from printlint.plan.edits import Plan


class UnawaitedLogCall(Rule):
    """## What it does
    Finds calls on an asynchronous logger that are not awaited: aiologger's methods, structlog's `ainfo` and the like,
    and, in an `async def`, the loggers of the set-up module.

    ## Why is this bad
    structlog's coroutine never runs, so nothing is logged. aiologger's task may be lost before it runs, and callers do
    not slow down when the output is slow. With the loggers of the set-up module, only this back-pressure is missing.

    ## Fix safety
    Safe for the loggers of the set-up module. Unsafe for others, where the await always suspends, so that other tasks
    may run in between. Refused in synchronous code.
    """

    code = "PRT402"
    name = "unawaited-log-call"
    summary = "a call on an asynchronous logger that is not awaited"
    starts = LOG_WORDS
    examples = (
        flagged(
            """
            import structlog

            logger = structlog.get_logger()

            async def handle():
                logger.ainfo("got it")
            """,
            """
            import structlog

            logger = structlog.get_logger()

            async def handle():
                await logger.ainfo("got it")
            """,
            unsafe=True,
        ),
        ignored("import structlog\nlog = structlog.get_logger()\n\nasync def handle():\n    await log.ainfo('x')"),
        ignored(
            """
            import structlog
            log = structlog.get_logger()

            async def handle():
                task = log.ainfo("x")
                await task
            """
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every dropped result of an asynchronous logging call."""
        places = context.module.places
        for found in log_calls(context.module):
            if self._is_asynchronous(found, context) and places.is_statement(found.call):
                yield self.finding(context, found.call, f"`{found.method}` call is not awaited; add `await`")

    def _is_asynchronous(self, found: LogCall, context: Context) -> bool:
        match found.logger.kind:
            case LoggerKind.AIOLOGGER:
                return True
            case LoggerKind.STRUCTLOG:
                return found.method in ASYNC_METHODS
            case LoggerKind.QUEUE:
                return context.module.places.await_status(found.call) is AwaitStatus.LEGAL
        return False

    def plan(self, finding: Finding, context: Context) -> Plan:
        """The same call, awaited."""
        from printlint.backends.base import check_not_rebound
        from printlint.plan.edits import Await, Plan
        from printlint.plan.message import Refused
        from printlint.plan.refusals import check_place

        module = context.module
        found = log_call_of(module, finding.site)
        assert found is not None
        check_place(module, found.call)
        if module.places.await_status(found.call) is not AwaitStatus.LEGAL:
            raise Refused("`await` is not possible here, outside the body of an `async def`")
        if found.logger.kind is LoggerKind.QUEUE:
            check_not_rebound(context, found.receiver)
        caution = (
            "" if found.logger.kind is LoggerKind.QUEUE else "the `await` suspends, so other tasks may run in between"
        )
        return Plan((Await(found.call),), "Add `await`", caution)
