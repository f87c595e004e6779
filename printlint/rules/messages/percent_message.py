"""PRT503."""

from __future__ import annotations

from printlint.rule import flagged, ignored, logged
from printlint.rules.messages._built_message import BuiltMessage


class PercentMessage(BuiltMessage):
    """## What it does
    Finds `"..." % values` as the message of a logging call, in the call or in a variable assigned right before it.

    ## Why is this bad
    Logging formats the message itself, and only if the level is enabled. The record then keeps its constant part, by
    which aggregators group, count and search.

    ## Fix safety
    Safe for a literal tuple, and for a value that is known not to be a tuple: `"%s" % t` unpacks a tuple, `"%s", t`
    does not. Unsafe for other single values; for `%d` and the like with values that are not known to be numbers, since
    `%` raises an error that logging only reports; and for keys of values that may not be a dict. Messages in `_()` and
    other gettext calls stay there. Refused for loguru, which uses `{}` placeholders.
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
        ignored(logged("logger.info(5 % n)")),
        ignored(logged('logger.info("took %s", "%5s" % n)')),
    )
