"""PRT101."""

from __future__ import annotations

from printlint.facts.prints.outputs import OutputKind
from printlint.partial.triggers import PRINT_WORDS
from printlint.rule import flagged, ignored
from printlint.rules.prints._reporting import PRINT_OPTIONS, VERDICTS, OutputRule


class PrintCall(OutputRule):
    """## What it does
    Finds calls of the builtin `print`, under any name, that report on the program rather than being its output.

    ## Why is this bad
    A printed line has no level, time, logger name or fields. It cannot be routed, filtered or silenced, and in
    asynchronous code a slow reader of standard output blocks the event loop.

    ## Fix safety
    Safe where the text is known to stay the same. Unsafe for blank lines, `*args`, an explicit stream, a record that
    would be lost (by a level, a filter, a disabled logger, or a file handler instead of the terminal), output that a
    test reads, and prints written like logging calls: `print("lost: %s", host)` prints the `%s`. Refused for partial
    lines (`end=""`), a computed `sep` or `**kwargs`, redirected output, output that another program reads, code that
    logging calls, doctests, tests, `__del__`, signal handlers and generated files.
    """

    code = "PRT101"
    name = "print-call"
    summary = "`print` where a log record belongs"
    kind = OutputKind.PRINT
    starts = PRINT_WORDS
    options = PRINT_OPTIONS
    peers = ("T201", "T001")
    verdicts = VERDICTS
    examples = (
        flagged(
            """
            def connect(host):
                print("connecting to", host)
            """,
            """
            import logging

            logger = logging.getLogger(__name__)


            def connect(host):
                logger.info("connecting to %s", host)
            """,
        ),
        ignored('print("id,name", file=open("out.csv", "w"))'),
        ignored("from rich import print\nprint('[bold]done')"),
        ignored("def show(print):\n    print('x')"),
    )
