"""PRT513."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.calls.log_calls import LogCall, log_calls
from printlint.facts.calls.message_parts import is_text
from printlint.facts.calls.message_text import Style, messages_of, style_of
from printlint.facts.context import Context
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored

if TYPE_CHECKING:
    from printlint.plan.edits import Plan


class FormattedTwice(Rule):
    """## What it does
    Finds loguru's calls whose message has values in it already (an f-string, a sum, `.format()`, `%`), and which have
    arguments or keywords as well.

    ## Why is this bad
    With arguments or keywords, loguru formats the message by `str.format`, values included: a brace in one of them (a
    dict, JSON, a set) raises a `KeyError`, an `IndexError` or a `ValueError` in the calling code.

    ## Fix safety
    Safe where the message is written in the call, has no braces of its own, and the other values are keywords: loguru
    puts the values in as the f-string did. Refused otherwise. Values that are numbers are not reported.
    """

    code = "PRT513"
    name = "formatted-twice"
    summary = "a loguru message with values in it, which is formatted again"
    starts = LOG_WORDS
    examples = (
        flagged(
            'from loguru import logger\n\nlogger.error(f"cannot read {body}", tracking=tracking)',
            'from loguru import logger\n\nlogger.error("cannot read {}", body, tracking=tracking)',
        ),
        ignored('from loguru import logger\n\nlogger.error("cannot read {}", body, tracking=tracking)'),
        ignored('from loguru import logger\n\nlogger.error(f"cannot read {body}")'),
        ignored('from loguru import logger\n\nlogger.error(f"read {len(body)} bytes", tracking=tracking)'),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Calls that format, and whose message a value may have braces in."""
        for found in log_calls(context.module):
            message = found.message
            if message is None or style_of(found) is not Style.BRACES or not _formats(found):
                continue
            is_value = is_text(context.module, message)  # any other value may be a template from elsewhere
            messages = messages_of(context.module, message)
            if any(item.is_open and (is_value or len(item.pieces) > 1) for item in messages):
                text = "Message has values that loguru formats again; pass them as arguments"
                yield self.finding(context, message, text, site=found.call)

    def plan(self, finding: Finding, context: Context) -> Plan:
        """The values as arguments."""
        from printlint.rules.messages._planning import plan_lazy

        return plan_lazy(finding, context)


def _formats(found: LogCall) -> bool:
    return bool(found.values or found.call.keywords or "record" in found.options)
