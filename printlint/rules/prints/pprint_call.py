"""PRT102."""

from __future__ import annotations

from printlint.facts.prints.outputs import OutputKind
from printlint.partial.triggers import PRINT_WORDS
from printlint.rule import flagged, ignored
from printlint.rules.prints._reporting import VERDICTS, OutputRule


class PprintCall(OutputRule):
    """## What it does
    Finds `pprint.pprint`, `pprint.pp` and `PrettyPrinter(...).pprint` that report on the program.

    ## Why is this bad
    The reasons for `print` apply: no level, no name, no fields, no routing. Most such calls are left over from
    debugging.

    ## Fix safety
    Safe: `pformat` returns the text that `pprint` writes (CPython, `pprint.py`); `pp` keeps the order of keys, so its
    rewrite passes `sort_dicts=False`.
    """

    code = "PRT102"
    name = "pprint-call"
    summary = "`pprint` where a log record belongs"
    kind = OutputKind.PPRINT
    starts = PRINT_WORDS
    options = (
        *("interface", "detect-interface", "levels", "logger", "logger-name", "loggers", "async-backend"),
        "setup-module",
    )
    peers = ("T203", "T003")
    verdicts = VERDICTS
    examples = (
        flagged(
            """
            import pprint

            pprint.pprint(settings)
            """,
            """
            import logging
            import pprint

            logger = logging.getLogger(__name__)

            logger.info("%s", pprint.pformat(settings))
            """,
        ),
        ignored("from pprint import pprint\npprint(rows, stream=report)"),
        ignored("from pprint import pformat\npformat(rows)"),
        ignored("widget.pprint(rows)"),
    )
