"""PRT504."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.context import Context
from printlint.finding import Finding
from printlint.partial.triggers import STYLE_WORDS
from printlint.rule import Rule, flagged, ignored, logged, refused

if TYPE_CHECKING:
    from printlint.plan.edits import Plan


class AddedMessage(Rule):
    """## What it does
    Finds messages of logging calls that are added up with `+`, there or in a variable that is bound right before it.

    ## Why is this bad
    The record has lost what was constant: aggregators see a new event with each value, and cannot group, count or
    search by it. The text is built though the level is off.

    ## Fix safety
    Safe where what is added comes from `str()`, `repr()` or other calls that give text. Unsafe elsewhere: `+` takes the
    text of an enumeration with `str` among its bases, and `%s` its name. Additions in which nothing is known to be text
    are refused.
    """

    code = "PRT504"
    name = "added-message"
    summary = "`+` as the message"
    by_default = False
    starts = STYLE_WORDS
    options = ("loggers",)
    peers = ("G003", "W1201", "LOG011")
    examples = (
        flagged(
            logged('logger.info("took " + str(done) + " of " + repr(total) + ", 100%")'),
            logged('logger.info("took %s of %r, 100%%", done, total)'),
        ),
        flagged(
            logged('logger.info("user " + name)'),
            logged('logger.info("user %s", name)'),
            unsafe=True,
        ),
        flagged(
            logged('logger.info(str(a) + ": b")'),
            logged('logger.info("%s: b", a)'),
        ),
        flagged(
            logged('logger.info("took " + str(a) +\n            " of " + str(b))'),
            logged('logger.info("took %s"\n            " of %s", a, b)'),
        ),
        flagged(
            logged("logger.info('a' + str(b) + f'c{d!r}')"),
            logged("logger.info('a%sc%r', b, d)"),
        ),
        flagged(
            'from loguru import logger\nlogger.info("a" + str(b))',
            'from loguru import logger\nlogger.info("a{!s}", b)',
        ),
        refused(logged("logger.info(a + b)"), "known to be text"),
        ignored(logged('logger.info("a" + "b")')),
        ignored(logged('logger.info("a %s", "b" + c)')),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Messages that are put together in this way."""
        from printlint.plan.interpolation import How
        from printlint.rules.messages._planning import built_findings

        return built_findings(self, context, How.ADDITION)

    def plan(self, finding: Finding, context: Context) -> Plan:
        """The values as arguments."""
        from printlint.rules.messages._planning import plan_lazy

        return plan_lazy(finding, context)
