"""PRT301."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.context import Context
from printlint.facts.log_setup.handlers import AddedHandler, added_handlers, sets_propagate
from printlint.facts.log_setup.logger_settings import Attached
from printlint.facts.log_setup.logger_tree import LoggerTree, logger_name
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored

if TYPE_CHECKING:
    from printlint.plan.edits import Plan


class MissingPropagateFalse(Rule):
    """## What it does
    Finds a logger with a handler of its own whose records still propagate to the handlers of its parents.

    ## Why is this bad
    Each record is written twice as soon as the root logger has a handler too. printlint reads the tree of loggers from
    all files of the project and the configuration files that they load; if there is a second handler, the message names
    it. Set `propagate = False` only next to `addHandler`: on a logger without a handler it drops the records, and
    pytest's `caplog` does not see them.

    ## Fix safety
    Safe where the handler and one of the root logger (or another logger above) both write to the console, so that
    records are written twice. Unsafe otherwise.
    """

    code = "PRT301"
    name = "missing-propagate-false"
    summary = "a logger with a handler of its own that still propagates"
    starts = LOG_WORDS
    examples = (
        flagged(
            """
            import logging

            logging.basicConfig(level=logging.INFO)
            logger = logging.getLogger(__name__)
            logger.addHandler(logging.StreamHandler())
            """,
            """
            import logging

            logging.basicConfig(level=logging.INFO)
            logger = logging.getLogger(__name__)
            logger.addHandler(logging.StreamHandler())
            logger.propagate = False
            """,
        ),
        ignored("import logging\nlogging.getLogger('lib').addHandler(logging.NullHandler())"),
        ignored("import logging\nlogging.getLogger().addHandler(logging.StreamHandler())"),
        ignored(
            """
            import logging
            log = logging.getLogger('app')
            log.propagate = False
            log.addHandler(logging.StreamHandler())
            """
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """The first `addHandler` of each logger that never sets `propagate`."""
        module = context.module
        seen: set[str] = set()
        for added in added_handlers(module):
            if (
                added.logger.root
                or added.logger.foreign
                or added.null
                or added.key in seen
                or sets_propagate(module, added)
            ):
                continue
            name = logger_name(module, added.logger)
            tree = LoggerTree(module, context.project)
            if name is not None and tree.propagates(name) is not None:
                continue
            seen.add(added.key)
            outcome = self._outcome(context, added, tree.above(name))
            yield self.finding(context, added.call, f"`{added.spelling}` {outcome}; set `propagate = False`")

    def _outcome(self, context: Context, added: AddedHandler, second: Attached | None) -> str:
        if second is None:
            return "has a handler and propagates"
        own = (added.handler or "handler").rpartition(".")[2]
        there = second.described(context.project)
        twice = "writes twice, to" if added.console and second.is_stream else "writes to"
        return f"{twice} a `{own}` and the {there}"

    def plan(self, finding: Finding, context: Context) -> Plan:
        """`propagate = False` on the next line."""
        from printlint.plan.edits import InsertAfter, Plan
        from printlint.plan.message import Refused
        from printlint.plan.refusals import check_place

        module = context.module
        added = next(item for item in added_handlers(module) if item.call is finding.site)
        check_place(module, added.call)
        if not isinstance(added.receiver, (ast.Name, ast.Attribute)):
            raise Refused("the logger is not assigned to a name")
        if not module.places.is_statement(added.call):
            raise Refused("the call is part of a larger expression")
        statement = module.places.statement(added.call)
        edit = InsertAfter(statement, f"{added.spelling}.propagate = False")
        return Plan((edit,), "Set `propagate` to `False`", self._caution(context, added))

    def _caution(self, context: Context, added: AddedHandler) -> str:
        above = LoggerTree(context.module, context.project).above(
            logger_name(context.module, added.logger), console=True
        )
        doubled = added.console and above is not None
        return "" if doubled else "no second handler was found that writes the record again"
