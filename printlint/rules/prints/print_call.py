"""PRT101."""

from __future__ import annotations

from printlint.facts.prints.outputs import OutputKind
from printlint.partial.triggers import PRINT_WORDS
from printlint.rule import flagged, ignored, refused
from printlint.rules.prints._reporting import OutputRule


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
    options = (
        *("interface", "detect-interface", "levels", "message-style"),
        *("logger-name", "loggers", "async-backend", "setup-module"),
    )
    peers = ("T201", "T001")
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
        flagged(
            'print("100% of", total, "done")',
            """
            import logging

            logger = logging.getLogger(__name__)

            logger.info("100%% of %s done", total)
            """,
        ),
        flagged(
            """
            import os

            def load(path):
                print(f"loading {path}")
            """,
            """
            import logging
            import os

            logger = logging.getLogger(__name__)

            def load(path):
                logger.info(f"loading {path}")
            """,
        ),
        flagged(
            """
            import logging
            log = logging.getLogger("app")
            print("retrying", 3, sep=": ")
            """,
            """
            import logging
            log = logging.getLogger("app")
            log.warning("retrying: %s", 3)
            """,
        ),
        flagged(
            """
            import sys
            print("no config file", file=sys.stderr)
            """,
            """
            import logging

            logger = logging.getLogger(__name__)

            logger.warning("no config file")
            """,
            unsafe=True,
        ),
        flagged(
            """
            import logging
            log = logging.getLogger("app")
            print("connecting to %s", host)
            """,
            """
            import logging
            log = logging.getLogger("app")
            log.info("connecting to %s", host)
            """,
            unsafe=True,
        ),
        refused('print("loading", end="")', "partial line"),
        refused('print("a", sep=separator)', "`sep`"),
        refused("print(*values, **options)", "`**`"),
        ignored('print("id,name", file=open("out.csv", "w"))'),
        ignored("from rich import print\nprint('[bold]done')"),
        ignored("def show(print):\n    print('x')"),
        ignored("printer.print('x')"),
        ignored("print"),
        ignored('if __name__ == "__main__":\n    print("usage: tool FILE")'),
    )
