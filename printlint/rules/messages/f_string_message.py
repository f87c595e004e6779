"""PRT501."""

from __future__ import annotations

from printlint.rule import flagged, ignored, logged, refused
from printlint.rules.messages._built_message import BuiltMessage


class FStringMessage(BuiltMessage):
    """## What it does
    Finds f-strings as the message of a logging call, there or in a variable that is bound right before it. An f-string
    without values is left to other tools: it is a constant.

    ## Why is this bad
    The record has lost what was constant: aggregators (Sentry, Datadog, Loki) see a new event with each value, and
    cannot group, count or search by it. The text is built though the level is off.

    ## Fix safety
    The text stays the same to the byte. Safe where each value is known to be text, a number, a container or an
    exception, or has a conversion (`!r`) or a format. Unsafe for others: `%s` is `str(x)`, and `{x}` is `format(x)`,
    which a tensor or an enumeration may do otherwise; where a value may be changed by what is called before it is
    formatted; where the message is formatted with arguments already. loguru takes `{}` for `%s`, as f-strings do.
    A message in a variable is left to you.
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
        flagged(
            logged('logger.log(20, f"{ratio:.1%}", extra={"a": 1})'),
            logged('logger.log(20, "%s", format(ratio, ".1%"), extra={"a": 1})'),
        ),
        flagged(
            logged('logger.info(f"user {user}")'),
            logged('logger.info("user %s", user)'),
            unsafe=True,
        ),
        flagged(
            logged('logger.warning(\n    f"a {name!r} "\n    "b%"\n    f"c {n!r}",\n)'),
            logged('logger.warning(\n    "a %r "\n    "b%%"\n    "c %r",\n    name,\n    n,\n)'),
        ),
        flagged(
            logged('logger.info(f"{a!r} %s", b)'),
            logged('logger.info("%r %s", a, b)'),
            unsafe=True,
        ),
        flagged(
            'from loguru import logger\nlogger.info(f"a {b} {{c}} {d:>5}")',
            'from loguru import logger\nlogger.info("a {} {{c}} {:>5}", b, d)',
        ),
        refused(
            logged('def f(user):\n    text = f"user {user}"\n    logger.info(text)'),
            "other code may read",
        ),
        flagged(
            'import structlog\n\nlogger = structlog.get_logger()\nlogger.info(f"paid {order!r}")',
            'import structlog\n\nlogger = structlog.get_logger()\nlogger.info("paid %r", order)',
        ),
        refused(logged('logger.info(f"{a} %s", *values)'), "starred"),
        refused(logged('logger.info(f"user {a}" if a else "nobody")'), "one branch"),
        ignored(logged('logger.info(f"started")')),
        ignored(logged('logger.info("user %s", f"{user:>5}")')),
        ignored(logged('text = f"user {user}"\nprint(text)\nlogger.info(text)')),
        ignored('def f(logger):\n    logger.info(f"user {user}")'),
    )
