"""PRT304."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.context import Context
from printlint.facts.log_setup.logging_config import logging_configs
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored

if TYPE_CHECKING:
    from printlint.plan.edits import Plan

_TITLE = "Log to standard output"


class FileHandler(Rule):
    """## What it does
    Finds handlers that write to log files: `FileHandler`, the rotating, timed and watched ones, classes of the project
    derived from them, `basicConfig(filename=...)`, and handlers of a logging configuration, in a `dictConfig` literal,
    in Django's `LOGGING` and in the files that it loads (reported at the call, with the file and the line). Not
    reported are test files, standard streams by their path (`/dev/stdout`) and the null device.

    ## Why is this bad
    A program that writes its events to standard output runs anywhere: its environment decides where the stream goes,
    how long it is kept and when it is rotated. A log file needs a writable disk, an existing path, rotation and a
    collector; in a container it is lost.

    ## Fix safety
    Unsafe, since the file is no longer written. Refused where the file may be needed (its path comes from an option, a
    parameter or a setting, or something else names or reads it), where the code uses the handler in a way that only
    file handlers support, where another handler would write the same records, and where standard output has another use
    (a program that draws on the terminal, writes data or speaks a protocol there, or runs as a daemon).
    """

    code = "PRT304"
    name = "file-handler"
    summary = "a handler that writes to a file instead of standard output"
    by_default = False
    opt_in = True
    starts = LOG_WORDS
    examples = (
        flagged(
            """
            import logging

            handler = logging.FileHandler("app.log", encoding="utf-8")
            handler.setLevel(logging.INFO)
            logging.getLogger().addHandler(handler)
            """,
            """
            import logging
            import sys

            handler = logging.StreamHandler(sys.stdout)
            handler.setLevel(logging.INFO)
            logging.getLogger().addHandler(handler)
            """,
            unsafe=True,
        ),
        ignored("import logging, sys\nhandler = logging.StreamHandler(sys.stdout)"),
        ignored(
            """
            LOGGING = {
                "version": 1,
                "handlers": {"out": {"class": "logging.FileHandler", "filename": "/dev/stdout"}},
                "root": {"handlers": ["out"]},
            }
            """
        ),
        ignored("import logging\nlogging.basicConfig(level=logging.INFO, filename=None)"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every call that opens a log file, outside of tests."""
        # what finds them is loaded only by runs that choose the rule
        from printlint.facts.log_setup.config_entries import file_entries, place_of
        from printlint.facts.log_setup.file_handlers import file_handlers

        module = context.module
        if context.is_test:
            return
        for found in file_handlers(module, context.project):
            called = f"{found.spelling}(filename=...)" if found.configures else found.spelling
            yield self.finding(context, found.call, f"`{called}` writes to a file; log to `sys.stdout`")
        for config in logging_configs(module, context.project):
            for entry in file_entries(module, config):
                where = place_of(entry, config, context.project)
                message = f"Handler `{entry.name}` writes to a file{where}; log to `sys.stdout`"
                yield self.finding(context, entry.node or config.site, message)

    def plan(self, finding: Finding, context: Context) -> Plan:
        """A stream handler on standard output."""
        from printlint.facts.log_setup.file_handlers import file_handlers
        from printlint.plan.edits import Plan
        from printlint.rules.handlers._config_planning import found_in, stream_entry
        from printlint.rules.handlers._file_planning import CAUTION, substitute

        for found in file_handlers(context.module, context.project):
            if found.call is finding.site:
                return Plan((substitute(context, found),), _TITLE, CAUTION)
        edit = stream_entry(context, *found_in(context, finding.site, "handlers"))
        return Plan((edit,), _TITLE, CAUTION)
