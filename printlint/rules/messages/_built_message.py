"""Messages that are formatted before logging sees them, for the rules of one way to do so each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from printlint.facts.context import Context
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule

if TYPE_CHECKING:
    from printlint.plan.edits import Plan


class BuiltMessage(Rule):
    """A rule for messages that are built in one way: `how` is its name in `plan.interpolation.How`."""

    by_default = False
    starts = LOG_WORDS
    options = ("loggers",)
    how: ClassVar[str]

    def check(self, context: Context) -> Iterator[Finding]:
        """Messages that are formatted in this way."""
        from printlint.facts.calls.message_parts import How
        from printlint.rules.messages._planning import built_findings

        return built_findings(self, context, How[self.how])

    def plan(self, finding: Finding, context: Context) -> Plan:
        """The values as arguments."""
        from printlint.rules.messages._planning import plan_lazy

        return plan_lazy(finding, context)
