"""PRT603."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.calls.except_clauses import is_at_hand
from printlint.facts.calls.log_calls import LogCall, log_calls
from printlint.facts.context import Context
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged

if TYPE_CHECKING:
    from printlint.plan.edits import Plan


class RedundantExcInfo(Rule):
    """## What it does
    Finds `logger.exception(..., exc_info=...)`: a true value is redundant, a false one removes the traceback, which is
    the purpose of `exception`.

    ## Why is this bad
    `exc_info=True` is noise. `exc_info=False` misleads: a reader of `exception` expects a traceback in the log.

    ## Fix safety
    Safe: the record stays the same. Unsafe where tests mock a logger, since they may check for the argument.
    """

    code = "PRT603"
    name = "redundant-exc-info"
    summary = "`exc_info` passed to `exception()`"
    starts = LOG_WORDS
    options = ("loggers",)
    peers = ("LOG006", "LOG007", "G202")
    examples = (
        flagged(
            logged("""
            try:
                work()
            except ValueError as e:
                logger.exception("failed: %s", name, exc_info=True)
                logger.exception("failed", exc_info=e, extra={"job": job})
            """),
            logged("""
            try:
                work()
            except ValueError as e:
                logger.exception("failed: %s", name)
                logger.exception("failed", extra={"job": job})
            """),
        ),
        ignored(
            "import logging\nlogger = logging.getLogger(__name__)\n"
            "def report(error):\n    logger.exception('x', exc_info=error)"
        ),
        ignored(
            "import logging\nlogger = logging.getLogger(__name__)\n"
            "try:\n    work()\nexcept ValueError:\n    logger.error('x', exc_info=True)"
        ),
        ignored("import structlog\nlogger = structlog.get_logger()\nlogger.exception('x', exc_info=True)"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Calls of `exception` whose `exc_info` is a constant or the current exception."""
        for found in log_calls(context.module):
            keyword = _exc_info(found)
            if keyword is None:
                continue
            if _takes_away(keyword):
                yield self.finding(context, found.call, "`exception` with a false `exc_info`; use `error`")
            elif is_at_hand(context.module, found.call, keyword.value):
                yield self.finding(context, found.call, "Redundant `exc_info` in an `exception` call; remove it")

    def plan(self, finding: Finding, context: Context) -> Plan:
        """The call without the argument; under the name `error` where the argument was false."""
        from printlint.plan.edits import Plan, Respell
        from printlint.plan.message import Refused
        from printlint.plan.refusals import mock_caution, rewritable_call

        found = rewritable_call(finding, context)
        keyword = _exc_info(found)
        assert keyword is not None
        method = "error" if _takes_away(keyword) else None
        if method is not None and not isinstance(found.call.func, ast.Attribute):
            raise Refused("`error` is not imported")
        caution = mock_caution(context.project, context.module, found, "the argument")
        return Plan((Respell(found.call, method, keyword),), f"Call `{method or 'exception'}` without it", caution)


def _exc_info(found: LogCall) -> ast.keyword | None:
    if found.method != "exception" or not found.standard:
        return None
    return found.keyword("exc_info")


def _takes_away(keyword: ast.keyword) -> bool:
    match keyword.value:
        case ast.Constant(value=value):
            return not value
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Dict(values=items):
            return not items
    return False
