"""PRT606."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.calls.except_clauses import is_at_hand
from printlint.facts.calls.log_calls import LogCall, log_calls
from printlint.facts.context import Context
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged

if TYPE_CHECKING:
    from printlint.plan.edits import Plan


class ErrorWithExcInfo(Rule):
    """## What it does
    Finds `error(..., exc_info=True)` in an `except` clause, also with the exception or `sys.exc_info()` instead of
    `True`.

    ## Why is this bad
    `exception` is shorter, and is what readers search for to find records with tracebacks.

    ## Fix safety
    Safe: `exception` is `error` with `exc_info=True`. Unsafe where tests mock a logger, and for structlog's `aerror`,
    which logs in another thread.
    """

    code = "PRT606"
    name = "error-with-exc-info"
    summary = "`error` with `exc_info` instead of `exception`"
    by_default = False
    starts = LOG_WORDS
    options = ("loggers",)
    peers = ("G201", "LOG005", "TRY400")
    examples = (
        flagged(
            logged('try:\n    work()\nexcept ValueError as e:\n    logger.error("failed: %s", name, exc_info=e)'),
            logged('try:\n    work()\nexcept ValueError as e:\n    logger.exception("failed: %s", name)'),
        ),
        ignored(logged('logger.error("failed", exc_info=True)')),
        ignored(logged('try:\n    work()\nexcept ValueError:\n    logger.warning("failed", exc_info=True)')),
        ignored(logged('try:\n    work()\nexcept ValueError:\n    logger.error("failed", exc_info=other)')),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Calls of `error` in handlers that log the current exception."""
        for found in log_calls(context.module):
            if _takes_the_exception(context.module, found):
                method = _method(found)
                yield self.finding(context, found.call, f"`{found.method}` with `exc_info`; use `{method}`")

    def plan(self, finding: Finding, context: Context) -> Plan:
        """`exception`, without the argument."""
        from printlint.plan.edits import Plan, Respell
        from printlint.plan.message import Refused
        from printlint.plan.refusals import mock_caution, rewritable_call

        found = rewritable_call(finding, context)
        if not isinstance(found.call.func, ast.Attribute):
            raise Refused("`exception` is not imported")
        caution = mock_caution(context.project, context.module, found, "`error`")
        if found.method == "aerror":
            caution = "structlog logs in another thread, where `exc_info=True` may find no exception"
        edit = Respell(found.call, _method(found), found.keyword("exc_info"))
        return Plan((edit,), f"Call `{_method(found)}`", caution)


def _method(found: LogCall) -> str:
    return "aexception" if found.method == "aerror" else "exception"


def _takes_the_exception(module: Module, found: LogCall) -> bool:
    keyword = found.keyword("exc_info")
    if found.level != "error" or keyword is None or found.logger.kind is LoggerKind.LOGURU:
        return False
    return module.places.handler(found.call) is not None and is_at_hand(module, found.call, keyword.value)
