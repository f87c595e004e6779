"""PRT403."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.calls.log_calls import log_calls
from printlint.facts.context import Context
from printlint.facts.loggers.kinds import LoggerKind
from printlint.finding import Finding
from printlint.logging_names import METHODS
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged

if TYPE_CHECKING:
    from printlint.plan.edits import Plan


class AwaitedSyncLog(Rule):
    """## What it does
    Finds `await` on a synchronous logger's call.

    ## Why is this bad
    The call returns None, and `await None` raises a TypeError right after the record is written.

    ## Fix safety
    Unsafe: the code after the `await` runs for the first time. With the back ends `queue` and `structlog` the logger
    becomes awaitable, with `aiologger` the call moves to the asynchronous logger, with `none` the `await` is removed.
    """

    code = "PRT403"
    name = "awaited-sync-log"
    summary = "`await` on a synchronous logger's call"
    starts = LOG_WORDS
    options = ("loggers", "async-backend", "setup-module")
    examples = (
        flagged(
            logged("""
            async def handle():
                await logger.info("got it")
            """),
            """
            from logging_setup import get_logger

            logger = get_logger(__name__)

            async def handle():
                await logger.info("got it")
            """,
            unsafe=True,
        ),
        ignored("import structlog\nlog = structlog.get_logger()\n\nasync def handle():\n    await log.ainfo('x')"),
        ignored("async def handle(log):\n    await log.info('x')"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every awaited call that gives None."""
        module = context.module
        for found in log_calls(module):
            synchronous = found.logger.kind in (LoggerKind.STDLIB, LoggerKind.STRUCTLOG)
            if synchronous and found.method in METHODS and module.is_awaited(found.call):
                message = f"`await` on synchronous `{found.method}`, which returns None; remove it"
                yield self.finding(context, module.scopes.parent(found.call), message)

    def plan(self, finding: Finding, context: Context) -> Plan:
        """Another logger, or the call without its await."""
        from printlint.rules.asynchronous._planning import plan_awaited_sync

        return plan_awaited_sync(finding, context)
