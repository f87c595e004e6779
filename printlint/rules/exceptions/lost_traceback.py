"""PRT601."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.calls.except_clauses import (
    NO_ERRORS,
    comes_after,
    exits,
    is_handed_on,
    logs_the_traceback,
    raises_on,
)
from printlint.facts.calls.log_calls import LogCall, log_calls
from printlint.facts.context import Context
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged

if TYPE_CHECKING:
    from printlint.plan.edits import Plan, Respell

_LEVELS = frozenset({"error", "critical", "fatal"})


class LostTraceback(Rule):
    """## What it does
    Finds `error` and `critical` in an `except` clause that does not log the traceback.

    ## Why is this bad
    The record says that something failed, but not where. The traceback is lost at the end of the clause.

    ## Fix safety
    Unsafe: it adds a traceback to the output. Not reported in clauses that log the traceback in another call on the
    same path, raise the same or another exception, end the program, return, keep or pass on the exception, or catch an
    exception that is not an error (`KeyboardInterrupt`, `CancelledError`, `StopIteration`, …), nor in functions that
    are only defined in the clause.
    """

    code = "PRT601"
    name = "lost-traceback"
    summary = "`error` or `critical` in an `except` clause without the traceback"
    by_default = False
    starts = LOG_WORDS
    options = ("loggers",)
    peers = ("TRY400", "LOG005")
    examples = (
        flagged(
            logged("""
            try:
                work()
            except ValueError:
                logger.error("failed: %s", name)
            """),
            logged("""
            try:
                work()
            except ValueError:
                logger.exception("failed: %s", name)
            """),
            unsafe=True,
        ),
        ignored(logged("try:\n    work()\nexcept ValueError:\n    logger.error('x', exc_info=True)")),
        ignored(logged("try:\n    work()\nexcept ValueError:\n    logger.warning('x')")),
        ignored(logged("try:\n    work()\nexcept ValueError as e:\n    logger.error('x')\n    raise")),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Calls in handlers whose exception nobody gets to see."""
        module = context.module
        for found in log_calls(module):
            if found.level in _LEVELS and _loses_it(module, found):
                message = f"`{found.method}` in an `except` clause omits the traceback; use {_advice(found)}"
                yield self.finding(context, found.call, message)

    def plan(self, finding: Finding, context: Context) -> Plan:
        """`exception`, or `exc_info=True` where the level is another."""
        from printlint.plan.edits import Plan
        from printlint.plan.refusals import rewritable_call

        found = rewritable_call(finding, context)
        return Plan((_edit(context.module, found),), f"Log the traceback: {_advice(found)}", "it adds a traceback")


def _loses_it(module: Module, found: LogCall) -> bool:
    handler = module.places.handler(found.call)
    if found.logger.kind is LoggerKind.ABSL and found.method == "fatal":
        return False  # it ends the program, with the stack of each thread
    if handler is None or logs_the_traceback(module, handler, found.call) or module.places.caught(handler) & NO_ERRORS:
        return False
    if found.exc_info is not None or any(keyword.arg is None for keyword in found.call.keywords):
        return False
    if any(raises_on(item) or exits(module, item) for item in comes_after(module, handler, found.call)):
        return False
    return not is_handed_on(module, handler)


def _advice(found: LogCall) -> str:
    if found.level == "error":
        return "`aexception`" if found.method == "aerror" else "`exception`"
    return "`opt(exception=True)`" if found.logger.kind is LoggerKind.LOGURU else "`exc_info=True`"


def _edit(module: Module, found: LogCall) -> Respell:
    from printlint.plan.edits import Respell
    from printlint.plan.message import Refused

    if found.level == "error":
        if not isinstance(found.call.func, ast.Attribute):
            raise Refused("`exception` is not imported")
        return Respell(found.call, "aexception" if found.method == "aerror" else "exception")
    if found.logger.kind is LoggerKind.LOGURU:
        assert found.receiver is not None
        return Respell(found.call, receiver=f"{module.source.segment(found.receiver)}.opt(exception=True)")
    return Respell(found.call, add="exc_info=True")
