"""PRT301."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.context import Context
from printlint.facts.flow.origins import origins
from printlint.facts.log_setup.attachments import AddedHandler, added_handlers, sets_propagate
from printlint.facts.log_setup.guards import Asked, handlers_asked
from printlint.facts.log_setup.logger_settings import Attached, shown
from printlint.facts.log_setup.logger_tree import LoggerTree, logger_name
from printlint.facts.log_setup.record_tests import reading_test
from printlint.facts.log_setup.written_to import keeps_records
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored

if TYPE_CHECKING:
    from printlint.plan.edits import Plan

_ROOT_NAMES = (None, "", "root")


class MissingPropagateFalse(Rule):
    """## What it does
    Finds a logger with a handler of its own whose records still propagate to the handlers of its parents. Not where the
    handler keeps records for the program to read: in a `StringIO`, or by a class whose `emit` writes nothing.

    ## Why is this bad
    Each record is written twice as soon as the root logger has a handler too. printlint reads the tree of loggers from
    all files of the project and the configuration files that they load; if there is a second handler, the message names
    it. Set `propagate = False` only next to `addHandler`: on a logger without a handler it drops the records, and
    pytest's `caplog` does not see them.

    ## Fix safety
    Safe where the handler and one of the root logger (or another logger above) both write to the console, so that
    records are written twice, and no test of the module uses `caplog` or `assertLogs`. Unsafe otherwise.
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
        """The first handler of each logger that never sets `propagate`."""
        module = context.module
        seen: set[str] = set()
        for added in added_handlers(module):
            if added.key in seen or not _writes_by_itself(added, context) or sets_propagate(module, added):
                continue
            if handlers_asked(module, added.node) is Asked.ABOVE:
                continue
            name = logger_name(module, added.logger)
            tree = LoggerTree(module, context.project)
            if name is not None and tree.sets_propagation(name):
                continue
            seen.add(added.key)
            outcome = self._outcome(context, added, tree.above(name))
            yield self.finding(context, added.node, f"`{added.spelling}` {outcome}; set `propagate = False`")

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
        added = next(item for item in added_handlers(module) if item.node is finding.site)
        check_place(module, added.node)
        if not isinstance(added.receiver, (ast.Name, ast.Attribute)):
            raise Refused("the logger is not assigned to a name")
        if isinstance(added.node, ast.Call) and not module.places.is_statement(added.node):
            raise Refused("the call is part of a larger expression")
        statement = module.places.statement(added.node)
        edit = InsertAfter(statement, f"{added.spelling}.propagate = False")
        return Plan((edit,), "Set `propagate` to `False`", self._caution(context, added))

    def _caution(self, context: Context, added: AddedHandler) -> str:
        tree = LoggerTree(context.module, context.project)
        above = tree.above(logger_name(context.module, added.logger), console=True)
        if not added.console or above is None:
            return "no second handler was found that writes the record again"
        if test := reading_test(context.module, context.project):
            return f"{shown(test, context.project)} reads log records at the root logger, which would get none"
        return ""


def _writes_by_itself(added: AddedHandler, context: Context) -> bool:
    """Whether a logger other than the root has a handler that does something; another module's has its say there."""
    logger, module = added.logger, context.module
    if logger.root or added.null or (logger.foreign and not logger.propagates) or added.copies:
        return False
    names = [name for call in logger.created for given in call.args[:1] for name in origins(module, given)]
    if any(isinstance(name, ast.Constant) and name.value in _ROOT_NAMES for name in names):
        return False  # it may be the root logger: `def set_up(name="")`
    made = [value for handler in added.handlers for value in origins(module, handler)]
    return not any(keeps_records(module, context.project, value) for value in made)
