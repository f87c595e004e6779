"""PRT307."""

from __future__ import annotations

from collections.abc import Iterator

from printlint.facts.calls.log_calls import LogCall, log_calls
from printlint.facts.context import Context
from printlint.facts.log_setup.logger_settings import shown
from printlint.facts.log_setup.logger_tree import LoggerTree, logger_name
from printlint.facts.loggers.kinds import LoggerKind
from printlint.finding import Finding
from printlint.logging_names import name_of, number_of
from printlint.names.qualified import last_name
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored


class SwallowedCalls(Rule):
    """## What it does
    Finds a logger whose level, set on it or on a logger above it, in the code or in a logging configuration of the
    project, drops all of its calls. Reported once, at the first call.

    ## Why is this bad
    No message of the module is ever written. The level of the root logger is not reported, nor is one that drops only
    `debug` calls: that is usually intended.

    ## Fix safety
    No fix: either the level or the calls are wrong.
    """

    code = "PRT307"
    name = "swallowed-calls"
    summary = "a logger whose level drops all of its calls"
    starts = LOG_WORDS
    examples = (
        flagged(
            """
            import logging

            logger = logging.getLogger("app.disk")
            logger.setLevel(logging.ERROR)

            def check(free):
                logger.warning("only %d GB left", free)
            """,
            instead="""
            import logging

            logger = logging.getLogger("app.disk")
            logger.setLevel(logging.WARNING)

            def check(free):
                logger.warning("only %d GB left", free)
            """,
        ),
        ignored(
            """
            import logging

            log = logging.getLogger("app.disk")
            log.setLevel(logging.ERROR)
            log.warning("the disk is nearly full")
            log.error("the disk is full")
            """
        ),
        ignored("import logging\nlogging.getLogger().setLevel(logging.ERROR)\nlogging.getLogger('a').info('x')"),
        ignored("import logging\nlog = logging.getLogger('a')\nlog.setLevel(LEVEL)\nlog.info('x')"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """The first call of each such logger."""
        calls: dict[str, list[LogCall]] = {}
        for item in log_calls(context.module):
            name = logger_name(context.module, item.logger) if item.logger.kind is LoggerKind.STDLIB else None
            if name and not item.logger.foreign:
                calls.setdefault(name, []).append(item)
        if not calls:
            return
        tree = LoggerTree(context.module, context.project)
        if not tree.has_levels:
            return
        for name, items in calls.items():
            numbers = {item.method: number_of(item.method) for item in items}
            highest = max(numbers, key=lambda method: numbers[method] or 0)
            found = tree.swallowing(name, highest) if None not in numbers.values() else None
            if found is None:
                continue
            owner, setting = found
            if not self._used_elsewhere(context, name, items[0]):
                whose = "" if owner == name else f" of `{owner}`"
                dropped = "the only call" if len(items) == 1 else f"all {len(items)} calls"
                place = f"{shown(setting.place.path, context.project)}:{setting.place.line}"
                level = name_of(setting.number or 0)
                message = f"Level `{level}`{whose} ({place}) drops {dropped} on `{name}`; lower it"
                yield self.finding(context, items[0].call, message)

    def introduced_by_rewrite(self, finding: Finding) -> bool:
        """The plan's caution has named the level."""
        return True

    def _used_elsewhere(self, context: Context, name: str, first: LogCall) -> bool:
        """Whether another file may log through the same logger: imports it, or asks for it by its name."""
        layout = context.module.layout
        if layout is None:
            return False
        receiver = first.receiver
        spelled = last_name(receiver) if receiver is not None else ""
        return bool(context.project.askers(name, layout.path)) or bool(context.project.importer_of(layout, spelled))
