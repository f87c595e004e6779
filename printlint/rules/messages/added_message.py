"""PRT504."""

from __future__ import annotations

from printlint.rule import flagged, ignored, logged
from printlint.rules.messages._built_message import BuiltMessage


class AddedMessage(BuiltMessage):
    """## What it does
    Finds `+` in the message of a logging call, in the call or in a variable assigned right before it.

    ## Why is this bad
    The record no longer has a constant part: aggregators see a new event for each value, and cannot group, count or
    search by it. The text is built even if the level is disabled.

    ## Fix safety
    Safe where the operands come from `str()`, `repr()` or other calls that return strings. Unsafe otherwise: for a
    member of an enumeration derived from `str`, `+` adds its value, and `%s` its name. Refused where no operand is
    known to be a string.
    """

    code = "PRT504"
    name = "added-message"
    summary = "`+` as the message"
    peers = ("G003", "W1201", "LOG011")
    how = "ADDITION"
    examples = (
        flagged(
            logged('logger.info("took " + str(done) + " of " + repr(total) + ", 100%")'),
            logged('logger.info("took %s of %r, 100%%", done, total)'),
        ),
        ignored(logged('logger.info("a" + "b")')),
        ignored(logged('logger.info("a %s", "b" + c)')),
    )
