"""PRT305."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.context import Context
from printlint.facts.log_setup.logging_config import logging_configs
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS, Word
from printlint.rule import Rule, flagged, ignored

if TYPE_CHECKING:
    from printlint.plan.edits import Plan

_TITLE = "Use python-json-logger's formatter"


class UnstructuredFormatter(Rule):
    """## What it does
    Finds formatters that write text: `logging.Formatter`, classes of the project that are derived from it and do not
    override `format`, `basicConfig`, which creates one, and those of a logging configuration, in code and in the files
    that it loads (reported at the call, with the file and the line).

    Not reported are test files, classes that override `format` (for JSON, for colours), formatters for a terminal
    (under `isatty()`, or with colour codes), formatters of handlers that write to no stream and no file (mail, syslog),
    and handlers without a formatter.

    ## Why is this bad
    A log collector has to parse text with a pattern, which fails at the first message with a line break or a bracket,
    and at each traceback. A JSON object per line has named fields, including those of `extra` and the traceback.

    ## Fix safety
    Unsafe, since readers of the lines get another format. `logging.Formatter` becomes python-json-logger's
    `JsonFormatter` with the same fields and date format. The text between the fields is dropped. Refused where the
    project does not depend on python-json-logger 3.1 or later, where the format contains more than fields (a value of
    the program, a `{}` field with a format specification), where it is only the message, as in output for people, and
    where the code uses the formatted text otherwise.
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
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every call that makes such a formatter, outside of tests."""
        # what finds them is loaded only by runs that choose the rule
        from printlint.facts.log_setup.config_entries import place_of, text_entries
        from printlint.facts.log_setup.formatters import text_formatters

        module = context.module
        if context.is_test:
            return
        for found in text_formatters(module, context.project):
            message = f"`{found.spelling}` formats records as text; use a JSON formatter"
            yield self.finding(context, found.call, message)
        for config in logging_configs(module, context.project):
            for entry in text_entries(config):
                where = place_of(entry, config, context.project)
                message = f"Formatter `{entry.name}` formats records as text{where}; use a JSON formatter"
                yield self.finding(context, entry.node or config.site, message)

    def plan(self, finding: Finding, context: Context) -> Plan:
        """python-json-logger's formatter, with the same arguments."""
        from printlint.facts.log_setup.formatters import text_formatters
        from printlint.plan.edits import Plan
        from printlint.rules.handlers._config_planning import found_in, json_entry
        from printlint.rules.handlers._json_planning import substitute

        for found in text_formatters(context.module, context.project):
            if found.call is finding.site:
                replaced, caution = substitute(context, found)
                return Plan((replaced,), _TITLE, caution)
        edit, caution = json_entry(context, *found_in(context, finding.site, "formatters"))
        return Plan((edit,), _TITLE, caution)
