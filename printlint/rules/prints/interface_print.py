"""PRT106."""

from __future__ import annotations

from collections.abc import Iterator

from printlint.facts.context import Context
from printlint.facts.prints.outputs import OutputKind, outputs
from printlint.finding import Finding
from printlint.partial.triggers import PRINT_WORDS
from printlint.rule import Rule, ignored, refused
from printlint.rules.prints._reporting import output_finding


class InterfacePrint(Rule):
    """## What it does
    Finds prints that are the program's own output: under `if __name__ == "__main__":`, in `__main__.py`, in console
    scripts and command functions (click, typer, argparse), in interactive functions, in functions named for printing,
    and in files that the configuration lists under `interface`. It replaces PRT101 and PRT102 there, and gives the
    reason.

    ## Why is this bad
    It usually is not: a command line tool writes to standard output. The code exists so that a project can see, count
    and ignore such prints (`ignore = ["PRT106"]`) without ignoring the others.

    ## Fix safety
    No fix. In a service that has no output but its log, `detect-interface = false` turns such prints into PRT101.
    """

    code = "PRT106"
    name = "interface-print"
    summary = "a print that is the program's own output"
    starts = PRINT_WORDS
    refusal = "it is program output"
    options = ("interface", "detect-interface", "levels")
    peers = ("T201", "T203", "T001", "T003")
    examples = (
        refused('if __name__ == "__main__":\n    print("done")', "program output"),
        ignored("def work():\n    print('working')"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every print and pretty print that is the program's interface."""
        for output in outputs(context.module):
            if output.kind in (OutputKind.PRINT, OutputKind.PPRINT):
                reason = context.interface.reason(output.call)
                if reason is not None:
                    yield output_finding(self, context, output, reason)
