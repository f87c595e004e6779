"""PRT201."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.calls.log_calls import log_call_of, log_calls
from printlint.facts.context import Context
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged

if TYPE_CHECKING:
    from printlint.plan.edits import Plan


class RootLoggerCall(Rule):
    """## What it does
    Finds `logging.info(...)`, `logging.exception(...)` and the other functions, under any imported name.

    ## Why is this bad
    They log through the root logger: the record does not name its module, and the level of a single module cannot be
    changed. The first call also configures logging (`basicConfig`, Python documentation of `logging.info`).

    ## Fix safety
    Safe, unless something in the project distinguishes the root logger from its children: filters of the root, levels
    or propagation of a parent, `disable_existing_loggers`, `assertLogs`, patches of `logging`, `setLoggerClass`.
    """

    code = "PRT201"
    name = "root-logger-call"
    summary = "a call of the root logger through a function of `logging`"
    starts = LOG_WORDS
    options = ("message-style", "logger", "logger-name", "loggers", "async-backend", "setup-module")
    peers = ("LOG015",)
    examples = (
        flagged(
            """
            import logging

            logging.warning("disk is %s%% full", used)
            """,
            logged("""
            logger.warning("disk is %s%% full", used)
            """),
        ),
        ignored("from app import logging\nlogging.info('x')"),
        ignored("import logging\nlogger = logging.getLogger(__name__)\nlogger.info('x')"),
        ignored("import argparse\nparser = argparse.ArgumentParser()\nparser.error('x')"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every call of a logging function of `logging` itself."""
        for found in log_calls(context.module):
            if found.function and found.logger.root:
                message = f"`logging.{found.method}` call on the root logger; use a module logger"
                yield self.finding(context, found.call, message)

    def plan(self, finding: Finding, context: Context) -> Plan:
        """The same call on the module's logger."""
        from printlint.rules.loggers._planning import plan_root_function

        found = log_call_of(context.module, finding.site)
        assert found is not None
        return plan_root_function(found, context)
