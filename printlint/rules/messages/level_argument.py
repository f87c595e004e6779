"""PRT509."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.calls.log_calls import LogCall, log_calls
from printlint.facts.context import Context
from printlint.facts.loggers.kinds import LoggerKind
from printlint.finding import Finding
from printlint.logging_names import LEVELS, MODERN, number_of
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged

if TYPE_CHECKING:
    from printlint.plan.edits import Plan

_BY_NAME = {f"logging.{name.upper()}": MODERN.get(name, name) for name in (*LEVELS, *MODERN)}
_BY_NUMBER = {number_of(name): name for name in LEVELS}
_LOGURUS = frozenset(name.upper() for name in ("trace", "success", *LEVELS))


class LevelArgument(Rule):
    """## What it does
    Finds `logger.log(logging.INFO, ...)`, also with a number for the level, and loguru's `logger.log("INFO", ...)`.

    ## Why is this bad
    `logger.info(...)` is shorter, and is what readers search for. `log` is for computed and custom levels.

    ## Fix safety
    Safe: both do the same. Unsafe where tests mock a logger, and for loggers of a custom class. `logging.log(...)` is
    reported by PRT201.
    """

    code = "PRT509"
    name = "level-argument"
    summary = "`log()` with the level of a method"
    by_default = False
    starts = LOG_WORDS
    options = ("loggers",)
    examples = (
        flagged(
            logged('logger.log(logging.INFO, "listening on %s", port)\nlogger.log(40, "x")'),
            logged('logger.info("listening on %s", port)\nlogger.error("x")'),
        ),
        ignored(logged('logger.log(level, "x")')),
        ignored(logged('logger.log(25, "x")')),
        ignored(logged('logger.log(logging.NOTSET, "x")')),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Calls of `log` whose level is written out."""
        for found in log_calls(context.module):
            method = _method(context, found)
            if method:
                yield self.finding(context, found.call, f"`log` with a constant level; use `{method}`")

    def plan(self, finding: Finding, context: Context) -> Plan:
        """The level's method, without the level."""
        from printlint.plan.edits import Plan, Respell
        from printlint.plan.refusals import mock_caution, rewritable_call

        found = rewritable_call(finding, context)
        method = _method(context, found)
        cautions = [mock_caution(context.project, context.module, found, "`log`")]
        if found.logger.derived:
            cautions.append("the logger's class is the project's own and may define its own methods")
        edit = Respell(found.call, method, _level(found))
        return Plan((edit,), f"Call `{method}`", "; ".join(filter(None, cautions)))


def _level(found: LogCall) -> ast.keyword | ast.expr | None:
    if found.call.args:
        return None if isinstance(found.call.args[0], ast.Starred) else found.call.args[0]
    return found.keyword("level")


def _method(context: Context, found: LogCall) -> str:
    """The method of a call's level; empty where there is none."""
    level = _level(found) if found.method == "log" and not found.function else None
    value = level.value if isinstance(level, ast.keyword) else level
    if value is None or not isinstance(found.call.func, ast.Attribute):
        return ""
    if found.logger.kind is LoggerKind.LOGURU:
        name = value.value if isinstance(value, ast.Constant) else None
        return name.lower() if isinstance(name, str) and name in _LOGURUS else ""
    if not found.standard:
        return ""
    if isinstance(value, ast.Constant) and type(value.value) is int:
        return _BY_NUMBER.get(value.value, "")
    return _BY_NAME.get(context.module.qualified(value) or "", "")
