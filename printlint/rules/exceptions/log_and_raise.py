"""PRT605."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from printlint.facts.calls.except_clauses import is_caught
from printlint.facts.calls.log_calls import LogCall, log_calls
from printlint.facts.context import Context
from printlint.facts.module import Module
from printlint.finding import Finding
from printlint.logging_names import METHODS, number_of
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged

_LEVELS = frozenset(method for method in METHODS if (number_of(method) or 0) >= 30)


class LogAndRaise(Rule):
    """## What it does
    Finds `except` clauses that log the exception and raise it again.

    ## Why is this bad
    The code that handles the exception logs it too: one failure becomes two or more records, with tracebacks of
    different lengths, and is counted more than once.

    ## Fix safety
    No fix: the right place to log depends on where the exception is handled.
    """

    code = "PRT605"
    name = "log-and-raise"
    summary = "an `except` clause that logs and re-raises"
    starts = LOG_WORDS
    refusal = "no automatic fix; the right place depends on who handles the exception"
    by_default = False
    opt_in = True
    options = ("loggers",)
    examples = (
        flagged(
            logged(
                "try:\n    charge(order)\nexcept GatewayError:\n"
                '    logger.exception("cannot charge %s", order.id)\n    raise'
            ),
            instead="""
            try:
                charge(order)
            except GatewayError as e:
                e.add_note(f"order {order.id}")
                raise
            """,
        ),
        ignored(logged('try:\n    work()\nexcept ValueError as e:\n    logger.error("x")\n    raise Other from e')),
        ignored(logged('try:\n    work()\nexcept ValueError:\n    logger.info("again")\n    raise')),
        ignored(logged('try:\n    work()\nexcept ValueError:\n    logger.error("failed")')),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Calls with a `raise` behind them in their block."""
        for found in log_calls(context.module):
            if found.level in _LEVELS and _is_raised_again(context.module, found):
                yield self.finding(context, found.call, "Exception is logged and re-raised; do one of the two")


def _is_raised_again(module: Module, found: LogCall) -> bool:
    handler = module.places.handler(found.call)
    if handler is None:
        return False
    block, index = module.places.block(module.places.statement(found.call))
    for statement in block[index + 1 :]:
        if isinstance(statement, ast.Raise):
            return statement.exc is None or is_caught(module, handler, statement.exc)
    return False
