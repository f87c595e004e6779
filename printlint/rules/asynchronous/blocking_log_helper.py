"""PRT405."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.calls.async_callers import call_chain
from printlint.facts.calls.log_calls import log_calls
from printlint.facts.context import Context
from printlint.facts.delivery.reached import reached_by
from printlint.facts.loggers.kinds import LoggerKind
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged
from printlint.rules.asynchronous._queued import has_queue

if TYPE_CHECKING:
    from printlint.plan.edits import Plan


class BlockingLogHelper(Rule):
    """## What it does
    Finds synchronous logging calls in a function that only asynchronous code calls, and names the chain of calls.

    ## Why is this bad
    The function runs in the event loop: while its record is written, all other tasks wait. It cannot use `await`, but a
    queue handler can write its records in another thread.

    ## Fix safety
    Safe: the set-up module is written, and the code stays the same. Functions with public names are not reported, since
    other modules may call them, nor are functions passed as values (`to_thread(parse)`).
    """

    code = "PRT405"
    name = "blocking-log-helper"
    summary = "a synchronous logging call in a function that only asynchronous code calls"
    starts = LOG_WORDS
    options = ("loggers", "async-backend", "setup-module")
    examples = (
        flagged(
            logged("""
            def _parse(raw):
                logger.info("parsing %s", raw)

            async def handle(raw):
                _parse(raw)
            """),
            logged("""
            def _parse(raw):
                logger.info("parsing %s", raw)

            async def handle(raw):
                _parse(raw)
            """),
        ),
        ignored(
            logged("""
            def parse(raw):
                logger.info("parsing %s", raw)

            async def handle(raw):
                parse(raw)
            """)
        ),
        ignored(
            """
            import asyncio
            import logging

            logger = logging.getLogger(__name__)

            def _parse(raw):
                logger.info("parsing %s", raw)

            async def handle(raw):
                await asyncio.to_thread(_parse, raw)
            """
        ),
        ignored(
            logged("""
            def _parse(raw):
                logger.info("parsing %s", raw)

            def work(raw):
                _parse(raw)

            async def handle(raw):
                _parse(raw)
            """)
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every such call, with the chain of calls that leads to it."""
        module = context.module
        if "async def" not in module.source.text or module.setup_module is not None:
            return
        for found in log_calls(module):
            function = module.places.function(found.call)
            if found.logger.kind is not LoggerKind.STDLIB or function is None:
                continue
            chain = call_chain(module, function)
            if chain and not has_queue(context, reached_by(module, context.project, found)):
                where = " → ".join(f"`{name}`" for name in chain)
                yield self.finding(
                    context,
                    found.call,
                    f"Blocking `{found.method}` call reached from async code ({where}); use a queue handler",
                )

    def plan(self, finding: Finding, context: Context) -> Plan:
        """The set-up module, whose queue handles the records of every logger."""
        from printlint.rules.asynchronous._planning import plan_helper

        return plan_helper(finding, context)
