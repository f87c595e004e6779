"""PRT501."""

from __future__ import annotations

from printlint.rule import flagged, ignored, logged
from printlint.rules.messages._built_message import BuiltMessage


class FStringMessage(BuiltMessage):
    """## What it does
    Finds f-strings as the message of a logging call, in the call or in a variable assigned right before it. f-strings
    without values are constants and not reported.

    ## Why is this bad
    The record no longer has a constant part: aggregators (Sentry, Datadog, Loki) see a new event for each value, and
    cannot group, count or search by it. The text is built even if the level is disabled.

    ## Fix safety
    The text stays the same. Safe where each value is known to be a string, a number, a container or an exception, or
    has a conversion (`!r`) or a format. Unsafe for other values, since `%s` is `str(x)` and `{x}` is `format(x)`, which
    differ for tensors and some enumerations; where a value may change before it is formatted; and where the message
    already has arguments. For loguru, `{}` is used instead of `%s`. A message in a variable is refused, since other
    code may read it.
    """

    code = "PRT501"
    name = "f-string-message"
    summary = "an f-string as the message"
    peers = ("G004", "W1203", "LOG011")
    how = "F_STRING"
    examples = (
        flagged(
            logged('logger.info(f"took {len(rows)} of {total!r}, 100%")'),
            logged('logger.info("took %s of %r, 100%%", len(rows), total)'),
        ),
        ignored(logged('logger.info(f"started")')),
        ignored(logged('logger.info("user %s", f"{user:>5}")')),
        ignored(logged('text = f"user {user}"\nprint(text)\nlogger.info(text)')),
    )
