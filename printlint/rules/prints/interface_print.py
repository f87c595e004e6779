"""PRT106."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.context import Context
from printlint.facts.prints.outputs import OutputKind, outputs
from printlint.finding import Finding, Severity
from printlint.partial.triggers import PRINT_WORDS
from printlint.rule import Rule, flagged, ignored
from printlint.rules.prints._reporting import PRINT_OPTIONS, VERDICTS, output_finding

if TYPE_CHECKING:
    from printlint.plan.edits import Plan


class InterfacePrint(Rule):
    """## What it does
    Finds prints that are the program's own output: under `if __name__ == "__main__":`, in `__main__.py`, in console
    scripts and command functions (click, typer, argparse), in interactive functions, in functions named for printing,
    and in files that the configuration lists under `interface`. It replaces PRT101 and PRT102 there, and gives the
    reason.

    ## Why is this bad
    It usually is not: a command line tool writes to standard output. So this is a note: flake8 shows it as any other
    finding; `check` counts such prints in one line and lists them with `-v`. They are listed always, and count for the
    exit status, where `select` or `extend-select` has the whole code `PRT106`, on the command line or in the
    configuration; a prefix (`PRT1`) or `ALL` does not.

    If the verdict is wrong, `detect-interface = false` (`--no-detect-interface`) makes PRT101 and PRT102 of all such
    prints, and `interface` (`--interface GLOB`) makes PRT106 of all prints in the files that it lists. A verdict may
    change when another file does, so `# noqa: PRT101`, `PRT102` and `PRT106` count for each other, as they do in a
    baseline.

    ## Fix safety
    None by default. `fix --select PRT106 --unsafe-fixes` rewrites such prints like those of PRT101, and
    `fix --interactive` offers each. It is unsafe: what the program was started for is in the log then.
    """

    code = "PRT106"
    name = "interface-print"
    summary = "a print that is the program's own output"
    starts = PRINT_WORDS
    refusal = "it is program output; select PRT106 by name to rewrite it"
    options = PRINT_OPTIONS
    peers = ("T201", "T203", "T001", "T003")
    verdicts = VERDICTS
    severity = Severity.NOTE
    examples = (
        flagged(
            """
            if __name__ == "__main__":
                print("done")
            """,
            """
            import logging

            logger = logging.getLogger(__name__)

            if __name__ == "__main__":
                logger.info("done")
            """,
            unsafe=True,
        ),
        ignored("def work():\n    print('working')"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every print and pretty print that is the program's interface."""
        for output in outputs(context.module):
            if output.kind in (OutputKind.PRINT, OutputKind.PPRINT):
                reason = context.interface.reason(output.call)
                if reason is not None:
                    yield output_finding(self, context, output, reason)

    def plan(self, finding: Finding, context: Context) -> Plan:
        """A logging call with the same text."""
        from printlint.rules.prints._planning import plan_output

        return plan_output(finding, context)

    def tally(self, count: int) -> str:
        """See `printlint.rule.Rule`."""
        prints = "1 print looks" if count == 1 else f"{count} prints look"
        return f"{prints} like the program's own output"
