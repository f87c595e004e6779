"""PRT514."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.calls.catching import catchers
from printlint.facts.calls.log_calls import LEVEL_FIRST, LogCall, log_calls
from printlint.facts.context import Context
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.project.structlog_setup import formats_structlog_arguments
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged

if TYPE_CHECKING:
    from printlint.plan.edits import Plan

# What `Logger._log` takes (Python documentation, logging, "Logger.debug").
_OPTIONS = ("exc_info", "stack_info", "stacklevel", "extra")
# Parameters of structlog's methods, which a key of an event cannot be called (structlog 25.4, `_base` and `_native`).
_STRUCTLOG_PARAMETERS = frozenset({"self", "method_name"})


class UnknownKeyword(Rule):
    """## What it does
    Finds keywords that a logging call does not take: other than `exc_info`, `stack_info`, `stacklevel` and `extra` on
    loggers of the standard library, a second `event` on those of structlog, and a message by keyword on loguru's.

    ## Why is this bad
    The call raises a `TypeError`, and only if the level is enabled: often in an `except` clause, in place of the error
    that it should have reported.

    ## Fix safety
    Unsafe: the call no longer raises. There is a fix for misspelt keywords alone (`exec_info`): whether another value
    belongs in the message or in `extra` depends on who reads the log. Not reported on adapters and on logger classes of
    the project, which may take more, and where the `TypeError` is caught.
    """

    code = "PRT514"
    name = "unknown-keyword"
    summary = "a keyword that a logging call does not take"
    starts = LOG_WORDS
    examples = (
        flagged(
            logged("""
            try:
                work()
            except ValueError:
                logger.warning("cannot work", exec_info=True)
            """),
            logged("""
            try:
                work()
            except ValueError:
                logger.warning("cannot work", exc_info=True)
            """),
            unsafe=True,
        ),
        ignored(logged('logger.info("user %s", user, stacklevel=2, stack_info=True, extra={"a": 1})')),
        ignored(logged('logger.info("user", **fields)')),
        ignored('import structlog\n\nlogger = structlog.get_logger()\nlogger.info("user", user=user)'),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Each such keyword at its own place."""
        for found in log_calls(context.module):
            if (wrong := _wrong_keyword(context, found)) and not _is_caught(context, found):
                keyword, message = wrong
                yield self.finding(context, keyword.value, message, site=found.call)

    def plan(self, finding: Finding, context: Context) -> Plan:
        """The keyword as it is spelt."""
        from printlint.plan.edits import Plan, Respell
        from printlint.plan.message import Refused
        from printlint.plan.refusals import rewritable_call

        found = rewritable_call(finding, context)
        wrong = _wrong_keyword(context, found)
        assert wrong is not None
        keyword, _ = wrong
        right = _meant(found, keyword.arg or "")
        if not right:
            raise Refused("whether the value belongs in the message or in `extra` depends on who reads the log")
        if found.keyword(right) is not None:
            raise Refused(f"the call has `{right}` already")
        text = f"{right}={context.module.source.segment(keyword.value)}"
        return Plan((Respell(found.call, drop=keyword, add=text),), f"Use `{right}`", "the call raises as it is")


def _wrong_keyword(context: Context, found: LogCall) -> tuple[ast.keyword, str] | None:
    """The first keyword that a call does not take, and what is wrong with it."""
    for keyword in found.call.keywords:
        if keyword.arg is not None and (message := _problem(context, found, keyword.arg)):
            return keyword, message
    return None


def _problem(context: Context, found: LogCall, name: str) -> str:
    has_message = bool(found.call.args) and not isinstance(found.call.args[0], ast.Starred)
    match found.logger.kind:
        case LoggerKind.LOGURU:
            if found.call.args or name not in ("msg", "message", "event"):
                return ""
            return f"`{found.method}` of loguru takes no keyword `{name}`; pass the message as the first argument"
        case LoggerKind.STRUCTLOG:
            repeated = name == "event" and has_message and found.message is found.call.args[0]
            if not formats_structlog_arguments(context.project) or not (repeated or name in _STRUCTLOG_PARAMETERS):
                return ""
            return f"`{name}` is a parameter of structlog's `{found.method}`; rename the key"
    if not found.is_direct or (context.project.sets_logger_class and not found.logger.root):
        return ""
    taken = {*_OPTIONS, *([] if found.message_is_positional else ["msg"])}
    taken |= {"level"} if found.method in LEVEL_FIRST and not found.call.args else set()
    if name in taken:
        return ""
    right = _meant(found, name)
    advice = f"use `{right}`" if right else "pass the value as an argument or in `extra`"
    return f"`{found.method}` takes no keyword `{name}`; {advice}"


def _meant(found: LogCall, name: str) -> str:
    """The option that a misspelt keyword is meant to be, or nothing."""
    from difflib import get_close_matches

    if not found.standard:
        return ""
    return next(iter(get_close_matches(name.lower(), _OPTIONS, 1, 0.8)), "")


def _is_caught(context: Context, found: LogCall) -> bool:
    """Whether the code expects the error."""
    return any("TypeError" in catcher.caught for catcher in catchers(context.module, found.call))
