"""PRT305."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.context import Context
from printlint.facts.log_setup.formatters import text_formatters
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS, Word
from printlint.rule import Rule, flagged, ignored, refused

if TYPE_CHECKING:
    from printlint.plan.edits import Plan


class UnstructuredFormatter(Rule):
    """## What it does
    Finds formatters that write text: `logging.Formatter`, classes of the project that are derived from it and leave
    `format` as it is, and `basicConfig`, which makes one of its own. Left alone are test files, classes that override
    `format` (JSON of their own, colours), formatters for a terminal (behind `isatty()`, or with colour codes), those of
    handlers that write to no stream and no file (mail, syslog), and handlers that get no formatter.

    ## Why is this bad
    What collects an event stream has to take text apart by a pattern, which fails at the first message with a line
    break or a bracket in it, and at each traceback. One JSON object a line has its fields by name, the values of
    `extra` among them, and a traceback is one of them.

    ## Fix safety
    Unsafe, since whoever reads the lines gets others. `logging.Formatter` becomes python-json-logger's `JsonFormatter`,
    which has the fields that the format names; dates keep their form. The text between the fields is dropped. Refused
    where the project does not depend on python-json-logger 3.1 or later, where the format holds more than fields (a
    value of the program, a `{}` field with a format specification), where it is the message alone, as programs write
    for people, and where the text of a record is used otherwise.
    """

    code = "PRT305"
    name = "unstructured-formatter"
    summary = "a handler whose formatter writes text, not JSON"
    by_default = False
    opt_in = True
    starts = LOG_WORDS | {Word.FORMATTER}
    examples = (
        flagged(
            """
            import logging

            handler = logging.StreamHandler()
            handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
            """,
            """
            import logging

            from pythonjsonlogger.json import JsonFormatter

            handler = logging.StreamHandler()
            handler.setFormatter(JsonFormatter("%(asctime)s %(levelname)s %(message)s"))
            """,
            unsafe=True,
        ),
        flagged(
            """
            import logging
            import sys

            FORMAT = "{asctime} [{name}] {message}"
            formatter = logging.Formatter(
                FORMAT,
                datefmt="%H:%M",
                style="{",
            )
            handler = logging.FileHandler("app.log")
            handler.setFormatter(formatter)
            """,
            """
            import logging
            import sys

            from pythonjsonlogger.json import JsonFormatter

            FORMAT = "{asctime} [{name}] {message}"
            formatter = JsonFormatter(
                FORMAT,
                datefmt="%H:%M",
                style="{",
            )
            handler = logging.FileHandler("app.log")
            handler.setFormatter(formatter)
            """,
            unsafe=True,
        ),
        refused("import logging\nlogging.basicConfig(format='%(levelname)s %(message)s')", "makes its own formatter"),
        refused("import logging\nf = logging.Formatter('{levelname:<8} {message}', style='{')", "`{levelname:<8}`"),
        refused("import logging\nf = logging.Formatter()", "the message alone"),
        refused("import logging\nf = logging.Formatter('%(asctime)s %(message)s')", "no `setFormatter`"),
        refused("import logging\nf = logging.Formatter(f'{job}: %(message)s')", "`job` is in its format"),
        refused(
            """
            import logging
            import time


            class InUtc(logging.Formatter):
                converter = time.gmtime


            logging.StreamHandler().setFormatter(InUtc("%(asctime)s %(message)s"))
            """,
            "derive it from `JsonFormatter`",
        ),
        ignored("from pythonjsonlogger.json import JsonFormatter\nf = JsonFormatter('%(asctime)s %(message)s')"),
        ignored(
            """
            import json
            import logging


            class Json(logging.Formatter):
                def format(self, record):
                    return json.dumps({"message": record.getMessage()})


            logging.StreamHandler().setFormatter(Json())
            """
        ),
        ignored("import logging\nlogging.basicConfig(handlers=[handler], level=logging.INFO)"),
        ignored("import logging, sys\nif sys.stdout.isatty():\n    f = logging.Formatter('%(asctime)s %(message)s')"),
        ignored("import logging\nf = logging.Formatter('\\x1b[1m%(levelname)s\\x1b[0m %(message)s')"),
        ignored("import logging\ntext = logging.Formatter().formatException(error)"),
        ignored("import string\nf = string.Formatter()"),
        ignored(
            """
            import logging
            from rich.logging import RichHandler

            handler = RichHandler()
            handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
            """
        ),
        ignored(
            """
            from logging import Formatter, handlers

            handler = handlers.SysLogHandler("/dev/log")
            handler.setFormatter(Formatter("app: %(message)s"))
            """
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every call that makes such a formatter, outside of tests."""
        module = context.module
        if module.layout is not None and context.project.file(module.layout.path).is_test:
            return
        for found in text_formatters(module, context.project):
            message = f"`{found.spelling}` formats records as text; use a JSON formatter"
            yield self.finding(context, found.call, message)

    def plan(self, finding: Finding, context: Context) -> Plan:
        """python-json-logger's formatter, with the same arguments."""
        from printlint.plan.edits import Plan
        from printlint.rules.handlers._json_planning import substitute

        found = next(item for item in text_formatters(context.module, context.project) if item.call is finding.site)
        edit, caution = substitute(context, found)
        return Plan((edit,), "Use python-json-logger's formatter", caution)
