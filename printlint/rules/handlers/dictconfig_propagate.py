"""PRT302."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.context import Context
from printlint.facts.log_setup.handlers import dict_get
from printlint.facts.log_setup.logger_settings import shown
from printlint.facts.log_setup.logger_tree import LoggerTree
from printlint.facts.log_setup.logging_config import LoggerEntry, LoggingConfig, is_false_in_words, logging_configs
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored

if TYPE_CHECKING:
    from printlint.plan.edits import Plan


class DictconfigPropagate(Rule):
    """## What it does
    Finds loggers of a logging configuration that have handlers and no `propagate` key: in a `dictConfig` literal, in
    Django's `LOGGING`, and in the JSON, YAML, TOML and INI files that a `dictConfig` or `fileConfig` call loads
    (reported at the call, with the file and the line). `None`, which logging ignores, and strings like `"False"`, which
    are true, count as no key. `True` is reported where a parent has the same handler.

    ## Why is this bad
    `propagate` is true by default: the record goes to the handlers of the logger and then to those of the loggers
    above, and is written twice. The message names the two handlers.

    ## Fix safety
    Safe where a logger above it in the same literal has the same handler, or both have one for the console. Unsafe
    otherwise. Configuration files are not rewritten.
    """

    code = "PRT302"
    name = "dictconfig-propagate"
    summary = "a dictConfig logger with handlers and no `propagate` key"
    starts = LOG_WORDS
    examples = (
        flagged(
            """
            LOGGING = {
                "version": 1,
                "loggers": {
                    "app": {"handlers": ["console"]},
                },
                "root": {"handlers": ["console"]},
            }
            """,
            """
            LOGGING = {
                "version": 1,
                "loggers": {
                    "app": {"handlers": ["console"], "propagate": False},
                },
                "root": {"handlers": ["console"]},
            }
            """,
        ),
        ignored('LOGGING = {"version": 1, "loggers": {"app": {"handlers": ["c"], "propagate": ""}}}'),
        ignored('LOGGING = {"version": 1, "loggers": {"app": {"handlers": ["c"], "propagate": 0}}}'),
        ignored('LOGGING = {"version": 1, "loggers": {"app": {"level": "INFO"}}}'),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every such entry, at its own display; those of a file at the call that loads it."""
        for config in logging_configs(context.module, context.project):
            for entry in config.entries:
                if message := _message(context, config, entry):
                    where = f" ({shown(config.path, context.project)}:{entry.line})" if config.path else ""
                    advice = "set `propagate` to `False`"
                    yield self.finding(context, entry.node or config.site, f"{message}{where}; {advice}")

    def plan(self, finding: Finding, context: Context) -> Plan:
        """`"propagate": False` behind the handlers, or in place of the value that is there."""
        from printlint.plan.edits import Edit, InsertKey, Plan, SetValue
        from printlint.plan.message import Refused
        from printlint.plan.refusals import check_place

        if not isinstance(finding.site, ast.Dict):
            raise Refused("the configuration is in a file of its own; set `propagate` to false there")
        check_place(context.module, finding.site)
        config, entry = next(
            (config, entry)
            for config in logging_configs(context.module, context.project)
            for entry in config.entries
            if entry.node is finding.site
        )
        if entry.propagate is not None:
            raise Refused("`propagate` is explicitly true")
        assert entry.node is not None
        handlers = dict_get(entry.node, "handlers")
        assert handlers is not None
        caution = "" if _doubled(config, entry) else "no second handler was found that writes the record again"
        edit: Edit = InsertKey(entry.node, entry.node.values.index(handlers), "propagate", "False")
        if (said := dict_get(entry.node, "propagate")) is not None:
            if not isinstance(said, ast.Constant):
                raise Refused("`propagate` is not a literal")
            edit = SetValue(said, "False")
        return Plan((edit,), "Set `propagate` to `False`", caution)


def _message(context: Context, config: LoggingConfig, entry: LoggerEntry) -> str:
    """What is wrong with an entry; empty for one that is right, or that is not told in full."""
    if not entry.name or not entry.handlers or not entry.whole or entry.propagate is False:
        return ""
    above = config.above(entry.name)
    if entry.propagate and not (above and set(entry.handlers) & set(above[0].handlers)):
        return ""
    logger = f"Logger `{entry.name}`"
    said = dict_get(entry.node, "propagate")
    if isinstance(said, ast.Constant) and is_false_in_words(said.value):
        return f"{logger} propagates: {said.value!r} is a true string"
    if above is not None:
        owner = f"`{above[1]}` of `{above[0].name}`" if above[0].name else f"the root logger's `{above[1]}`"
        twice = "writes records twice, to" if _doubled(config, entry) else "writes to"
        return f"{logger} {twice} `{entry.handlers[0]}` and {owner}"
    attached = LoggerTree(context.module, context.project).above(entry.name)
    if attached is not None:
        return f"{logger} writes to `{entry.handlers[0]}` and the {attached.described(context.project)}"
    return f"{logger} has a handler and propagates"


def _doubled(config: LoggingConfig, entry: LoggerEntry) -> bool:
    """Whether a record surely comes out twice: by one handler on two loggers, or by two for the console."""
    above = config.above(entry.name)
    if above is None:
        return False
    shared = set(entry.handlers) & set(above[0].handlers)
    return bool(shared) or any(
        config.console(own) and config.console(other) for own in entry.handlers for other in above[0].handlers
    )
