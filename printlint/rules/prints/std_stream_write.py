"""PRT104."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.context import Context
from printlint.facts.prints.outputs import OutputKind, writes
from printlint.finding import Finding
from printlint.partial.triggers import STREAM_WORDS
from printlint.rule import Rule, flagged, ignored, refused
from printlint.rules.prints._reporting import output_finding

if TYPE_CHECKING:
    from printlint.plan.edits import Plan


class StdStreamWrite(Rule):
    """## What it does
    Finds `sys.stdout.write`, `sys.stderr.write` and `writelines` on them. Opt-in.

    ## Why is this bad
    It is `print` in another spelling. It is also how programs write their real output, so this rule is for
    code bases that have no output but their log.

    ## Fix safety
    Unsafe, since the stream was named on purpose; refused where the text is no literal that ends in a newline.
    """

    code = "PRT104"
    name = "std-stream-write"
    summary = "a message written to a standard stream"
    by_default = False
    opt_in = True
    starts = STREAM_WORDS
    options = ("interface", "detect-interface", "levels", "logger-name", "loggers", "async-backend", "setup-module")
    examples = (
        flagged(
            """
            import sys
            sys.stderr.write("disk is full\\n")
            """,
            """
            import logging

            logger = logging.getLogger(__name__)

            logger.warning("disk is full")
            """,
            unsafe=True,
        ),
        refused("import sys\nsys.stdout.write(chunk)", "newline"),
        ignored("report.write('x')"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every write to a standard stream that is no interface."""
        for output in writes(context.module):
            if output.kind is OutputKind.WRITE and context.interface.reason(output.call) is None:
                yield output_finding(self, context, output)

    def plan(self, finding: Finding, context: Context) -> Plan:
        """A logging call of the same line."""
        from printlint.rules.prints._planning import plan_output

        return plan_output(finding, context)
