"""PRT502."""

from __future__ import annotations

from printlint.rule import flagged, ignored, logged
from printlint.rules.messages._built_message import BuiltMessage


class FormatMessage(BuiltMessage):
    """## What it does
    Finds `"...".format(...)` as the message of a logging call, in the call or in a variable assigned right before it.

    ## Why is this bad
    The record no longer has a constant part: aggregators see a new event for each value, and cannot group, count or
    search by it. The text is built even if the level is disabled.

    ## Fix safety
    As for PRT501. Named, numbered and repeated fields, attributes and keys (`{0.name}`, `{row[id]}`) are supported
    where the order of evaluation stays the same; other templates are refused.
    """

    code = "PRT502"
    name = "format-message"
    summary = "`.format()` as the message"
    peers = ("G001", "W1202", "LOG011")
    how = "FORMAT"
    examples = (
        flagged(
            logged('logger.info("took {} of {!r}, 100%".format(len(rows), total))'),
            logged('logger.info("took %s of %r, 100%%", len(rows), total)'),
        ),
        ignored(logged("logger.info(formatter.format(record))")),
        ignored(logged('logger.info("took %s", "{:>5}".format(n))')),
    )
