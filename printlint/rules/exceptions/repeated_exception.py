"""PRT604."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from printlint.facts.calls.except_clauses import shown
from printlint.facts.calls.log_calls import LogCall, log_calls
from printlint.facts.context import Context
from printlint.facts.module import Module
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged


class RepeatedException(Rule):
    """## What it does
    Finds the exception itself in the message of a record that also has its traceback: `logger.exception("failed: %s",
    e)`.

    ## Why is this bad
    The last line of the traceback has the same text. In the message, it makes each exception a new event, which cannot
    be grouped or searched for.

    ## Fix safety
    No fix: the message has to be reworded. An attribute or the type of the exception is not reported.
    """

    code = "PRT604"
    name = "repeated-exception"
    summary = "the exception in the message of a record that has the traceback"
    starts = LOG_WORDS
    refusal = "no automatic fix; reword the message without the exception"
    by_default = False
    options = ("loggers",)
    peers = ("TRY401", "LOG010", "G200")
    examples = (
        flagged(
            logged(
                "try:\n    charge(order)\nexcept GatewayError as e:\n"
                '    logger.exception("cannot charge %s: %s", order.id, e)'
            ),
            instead=logged(
                'try:\n    charge(order)\nexcept GatewayError:\n    logger.exception("cannot charge %s", order.id)'
            ),
        ),
        ignored(logged('try:\n    work()\nexcept ValueError as e:\n    logger.error("failed: %s", e)')),
        ignored(logged('try:\n    work()\nexcept ValueError as e:\n    logger.exception("failed: %s", e.code)')),
        ignored(logged('try:\n    work()\nexcept ValueError as e:\n    logger.exception("failed: %s", type(e))')),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Each call once, at the exception's place."""
        module = context.module
        for found in log_calls(module):
            place = next(_repeated(module, found), None) if found.carries_exception else None
            if place is not None:
                message = "Exception repeated in the message; remove it, the traceback has it"
                yield self.finding(context, place, message, site=found.call)


def _repeated(module: Module, found: LogCall) -> Iterator[ast.expr]:
    handler = module.places.handler(found.call)
    if handler is None or handler.name is None:
        return
    for node in filter(None, (found.message, *(found.values or ()))):
        if shown(module, handler, node) is not None:
            yield node
