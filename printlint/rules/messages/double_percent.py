"""PRT515."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.calls.log_calls import LogCall, log_calls
from printlint.facts.calls.message_text import HOLE, messages_of, style_of
from printlint.facts.context import Context
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged

if TYPE_CHECKING:
    from printlint.plan.edits import Plan

# Behind a number or a value: `%%` is also what a text may speak of, and what commands of notebooks begin with.
_ESCAPED = rf"(?<=[\d{HOLE})\]}}])[ \u00a0]?%%(?![%\w])|(?<=\()%%(?=\))"
# What a file with such a message holds; the second is the end of `{ratio:.0%}%`.
_SIGNS = ("%%", "%}%")


class DoublePercent(Rule):
    """## What it does
    Finds `%%` behind a number or a value in messages that get no arguments, and in loguru's messages.

    ## Why is this bad
    A message without arguments is not formatted: the record says `100%%`.

    ## Fix safety
    Unsafe: it changes the text of the record. Refused where the message has other `%%` or is no literal.
    """

    code = "PRT515"
    name = "double-percent"
    summary = "`%%` in a message without arguments"
    starts = LOG_WORDS
    options = ("loggers",)
    examples = (
        flagged(
            logged('logger.info("100%% of the disk is used")'),
            logged('logger.info("100% of the disk is used")'),
            unsafe=True,
        ),
        ignored(logged('logger.info("%d%% of the disk is used", used)')),
        ignored(logged('logger.info("100% of the disk is used")')),
        ignored(logged('logger.info("write `%%` for a percent sign, %%s for the rest")')),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Messages that nothing formats."""
        module = context.module
        if not any(sign in module.source.text for sign in _SIGNS):
            return
        for found in log_calls(module):
            if _is_unformatted(found) and any(re.search(_ESCAPED, text) for text in _texts(module, found)):
                message = "`%%` in a message without arguments is written as it is; use `%`"
                yield self.finding(context, found.message, message, site=found.call)

    def introduced_by_rewrite(self, finding: Finding) -> bool:
        """Its text may have been a print's, which wrote both signs."""
        return True

    def plan(self, finding: Finding, context: Context) -> Plan:
        """One sign."""
        from printlint.plan.edits import Plan, SetValue
        from printlint.plan.message import Refused
        from printlint.plan.refusals import rewritable_call

        found = rewritable_call(finding, context)
        node = found.message
        if not isinstance(node, (ast.Constant, ast.JoinedStr)):
            raise Refused("the message is not a literal")
        (text,) = _texts(context.module, found)
        old = context.module.source.segment(node)
        if not text.count("%%") == old.count("%%") == len(re.findall(_ESCAPED, text)):
            raise Refused("another `%%` in the message may be intended")
        return Plan((SetValue(node, old.replace("%%", "%")),), "Write one percent sign", "it changes the record's text")


def _is_unformatted(found: LogCall) -> bool:
    if found.message is None or style_of(found) is None:
        return False
    return found.logger.kind is LoggerKind.LOGURU or found.values == []


def _texts(module: Module, found: LogCall) -> Iterator[str]:
    assert found.message is not None
    return (item.text for item in messages_of(module, found.message) if not item.was_escaped)
