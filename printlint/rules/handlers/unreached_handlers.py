"""PRT311."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from printlint.facts.calls.log_calls import log_calls
from printlint.facts.context import Context
from printlint.facts.log_setup.attachments import AttributeSet, attributes_set
from printlint.facts.log_setup.logger_tree import LoggerTree, logger_name
from printlint.facts.loggers.kinds import LoggerKind, names_above
from printlint.facts.module import Module
from printlint.finding import Finding
from printlint.logging_names import number_of
from printlint.partial.triggers import LOG_WORDS, Word
from printlint.rule import Rule, flagged, ignored

_WARNING = 30


class UnreachedHandlers(Rule):
    """## What it does
    Finds `propagate = False` on a logger that nothing gives a handler, where the module itself logs through it, or
    through a logger below it.

    ## Why is this bad
    The records reach no handler: those below WARNING are lost, the others are printed without a format
    (`logging.lastResort`). Loggers of other packages, which are often silenced that way, are not reported.

    ## Fix safety
    No fix: either the handler is missing, or the line is too much.
    """

    code = "PRT311"
    name = "unreached-handlers"
    summary = "`propagate = False` on a logger without a handler"
    starts = LOG_WORDS | {Word.SETTING}
    refusal = "no automatic fix; attach a handler to the logger, or let its records propagate"
    examples = (
        flagged(
            """
            import logging

            logging.basicConfig(level=logging.INFO)
            package = logging.getLogger("shop")
            package.propagate = False
            package.info("nobody sees this")
            """,
            instead="""
            import logging

            logging.basicConfig(level=logging.INFO)
            package = logging.getLogger("shop")
            package.info("nobody sees this")
            """,
        ),
        ignored("import logging\nlogging.getLogger('urllib3').propagate = False\nlogging.getLogger('a').info('x')"),
        ignored(
            """
            import logging
            log = logging.getLogger("shop")
            log.propagate = False
            log.addHandler(logging.NullHandler())
            log.info("x")
            """
        ),
        ignored(
            """
            import logging
            log = logging.getLogger("shop")
            log.propagate = False
            set_up(log)
            log.info("x")
            """
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """The first such assignment of each logger."""
        module, seen = context.module, set[str]()
        if "propagate" not in module.source.text:
            return
        for item in attributes_set(module, "propagate"):
            name = _stopped(module, item)
            if not name or name in seen or context.is_test or not _logs_below(context, name):
                continue
            tree = LoggerTree(module, context.project)
            if not tree.may_have_handler(name) and not _is_passed_on(module, name):
                seen.add(name)
                message = f"`{name}` does not propagate and has no handler, so its records are lost; add a handler"
                yield self.finding(context, item.node, message)

    def introduced_by_rewrite(self, finding: Finding) -> bool:
        """The plan's caution has said that the record is lost."""
        return True


def _stopped(module: Module, item: AttributeSet) -> str:
    """The name of the logger whose propagation is stopped for good; empty for all else."""
    logger = module.loggers.value(item.owner)
    if logger is None or logger.kind is not LoggerKind.STDLIB or logger.foreign or len(logger.created) != 1:
        return ""
    is_false = isinstance(item.value, ast.Constant) and not item.value.value
    others = [other for other in attributes_set(module, "propagate") if other.value is not item.value]
    again = any(module.loggers.value(other.owner) == logger for other in others)  # put back by a test or a context
    return (logger_name(module, logger) or "") if is_false and not again else ""


def _logs_below(context: Context, name: str) -> bool:
    """Whether the module logs below WARNING through a logger of a name, or one below it that has no handler."""
    tree = LoggerTree(context.module, context.project)
    for found in log_calls(context.module):
        own = logger_name(context.module, found.logger) if found.logger.kind is LoggerKind.STDLIB else None
        if own and name in names_above(own) and (number_of(found.method) or _WARNING) < _WARNING:
            between = [above for above in names_above(own) if len(above) > len(name)]
            if not any(tree.may_have_handler(above) for above in between):
                return True
    return False


def _is_passed_on(module: Module, name: str) -> bool:
    """Whether the logger is handed to a function, which may attach a handler."""
    for call in module.calls:
        if (module.qualified(call.func) or "").startswith("builtins."):
            continue
        for argument in (*call.args, *(item.value for item in call.keywords)):
            is_named = isinstance(argument, (ast.Name, ast.Attribute, ast.Call))
            logger = module.loggers.value(argument) if is_named else None
            if logger is not None and logger_name(module, logger) == name:
                return True
    return False
