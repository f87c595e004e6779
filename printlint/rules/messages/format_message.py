"""PRT502."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.context import Context
from printlint.finding import Finding
from printlint.partial.triggers import STYLE_WORDS
from printlint.rule import Rule, flagged, ignored, logged, refused

if TYPE_CHECKING:
    from printlint.plan.edits import Plan


class FormatMessage(Rule):
    """## What it does
    Finds `"...".format(...)` as the message of a logging call, there or in a variable that is bound right before it.

    ## Why is this bad
    The record has lost what was constant: aggregators see a new event with each value, and cannot group, count or
    search by it. The text is built though the level is off.

    ## Fix safety
    As that of PRT501. Named, numbered and repeated fields, attributes and keys (`{0.name}`, `{row[id]}`) are taken
    apart where no argument is evaluated in another order by that; other templates are refused.
    """

    code = "PRT502"
    name = "format-message"
    summary = "`.format()` as the message"
    by_default = False
    starts = STYLE_WORDS
    options = ("loggers",)
    peers = ("G001", "W1202", "LOG011")
    examples = (
        flagged(
            logged('logger.info("took {} of {!r}, 100%".format(len(rows), total))'),
            logged('logger.info("took %s of %r, 100%%", len(rows), total)'),
        ),
        flagged(
            logged('logger.info("{n:>5} {{a}} {t!r}".format(t=total, n=count))'),
            logged('logger.info("%s {a} %r", format(count, ">5"), total)'),
        ),
        flagged(
            logged('logger.info("{0.name} of {1[id]}".format(user, row))'),
            logged('logger.info("%s of %s", user.name, row["id"])'),
            unsafe=True,
        ),
        flagged(
            'from loguru import logger\nlogger.info("took {} of {}".format(a, b))',
            'from loguru import logger\nlogger.info("took {} of {}", a, b)',
        ),
        refused(
            logged('logger.info("{1} {0}".format(first(), second()))'),
            "another order",
        ),
        refused(logged('logger.info("{:{}}".format(a, b))'), "not supported"),
        refused(logged('logger.info("{}".format(*a))'), "starred"),
        ignored(logged("logger.info(formatter.format(record))")),
        ignored(logged('logger.info("took %s", "{:>5}".format(n))')),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Messages that are put together in this way."""
        from printlint.plan.interpolation import How
        from printlint.rules.messages._planning import built_findings

        return built_findings(self, context, How.FORMAT)

    def plan(self, finding: Finding, context: Context) -> Plan:
        """The values as arguments."""
        from printlint.rules.messages._planning import plan_lazy

        return plan_lazy(finding, context)
