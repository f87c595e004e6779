"""PRT503."""

from __future__ import annotations

from printlint.rule import flagged, ignored, logged, refused
from printlint.rules.messages._built_message import BuiltMessage


class PercentMessage(BuiltMessage):
    """## What it does
    Finds `"..." % values` as the message of a logging call, there or in a variable that is bound right before it.

    ## Why is this bad
    Logging does the same by itself, later and only if the level is on. The record keeps its constant text then, by
    which aggregators group, count and search.

    ## Fix safety
    Safe for a tuple that is written out, and for a value that is known to be none: `"%s" % t` takes a tuple apart, and
    `"%s", t` does not. Unsafe for other single values, for numbers (`%d`) that are not known to be some, since `%`
    raises its error where logging reports it, and for keys of what may be no dict. Texts in `_()` and other calls of
    gettext are left in place. For loguru it is refused: its places are written `{}`.
    """

    code = "PRT503"
    name = "percent-message"
    summary = "`%` as the message"
    peers = ("G002", "W1201", "LOG011")
    how = "PERCENT"
    examples = (
        flagged(
            logged('logger.info("took %s of %5s%%" % (done, total))'),
            logged('logger.info("took %s of %5s%%", done, total)'),
        ),
        flagged(
            logged('logger.info("took %d" % len(rows), exc_info=True)'),
            logged('logger.info("took %d", len(rows), exc_info=True)'),
        ),
        flagged(
            logged('logger.info("%(a)s" % {"a": 1})'),
            logged('logger.info("%(a)s", {"a": 1})'),
        ),
        flagged(
            logged('logger.info("took %s" % done)'),
            logged('logger.info("took %s", done)'),
            unsafe=True,
        ),
        flagged(
            logged('logger.info("took %d" % (done,))'),
            logged('logger.info("took %d", done)'),
            unsafe=True,
        ),
        flagged(
            """
            import logging
            from gettext import gettext as _

            logging.getLogger(__name__).info(_("took %s") % str(done))
            """,
            """
            import logging
            from gettext import gettext as _

            logging.getLogger(__name__).info(_("took %s"), str(done))
            """,
        ),
        refused(logged('logger.info("%s" % (a, b))'), "do not match"),
        refused(logged('logger.info("%s: %s" % errors[code])'), "does not unpack"),
        refused(logged('logger.info("%s %%s" % a, b)'), "formatted twice"),
        refused(logged('logger.info("%s: %%s" % a % b)'), "not a literal"),
        refused('from loguru import logger\nlogger.info("took %d" % n)', "no exact equivalent"),
        ignored(logged("logger.info(5 % n)")),
        ignored(logged('logger.info("took %s", "%5s" % n)')),
    )
