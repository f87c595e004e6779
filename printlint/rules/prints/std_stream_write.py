"""PRT104."""

from __future__ import annotations

from collections.abc import Iterable

from printlint.facts.module import Module
from printlint.facts.prints.outputs import Output, OutputKind, writes
from printlint.partial.triggers import STREAM_WORDS
from printlint.rule import flagged, ignored, logged
from printlint.rules.prints._reporting import OutputRule


class StdStreamWrite(OutputRule):
    """## What it does
    Finds `sys.stdout.write`, `sys.stderr.write` and `writelines` on them. Opt-in.

    ## Why is this bad
    It is `print` in another spelling. It is also how programs write their real output, so this rule is for projects
    that have no output but their log.

    ## Fix safety
    Unsafe, since the stream is named explicitly. Refused where the text is not a literal that ends in a newline.
    """

    code = "PRT104"
    name = "std-stream-write"
    summary = "a message written to a standard stream"
    kind = OutputKind.WRITE
    by_default = False
    opt_in = True
    starts = STREAM_WORDS
    options = (
        *("interface", "detect-interface", "levels", "logger", "logger-name", "loggers", "async-backend"),
        "setup-module",
    )
    examples = (
        flagged(
            """
            import sys
            sys.stderr.write("disk is full\\n")
            """,
            logged("""
            logger.warning("disk is full")
            """),
            unsafe=True,
        ),
        ignored("report.write('x')"),
    )

    def outputs(self, module: Module) -> Iterable[Output]:
        """What is written to standard streams."""
        return writes(module)
