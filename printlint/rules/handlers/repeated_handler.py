"""PRT303."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from printlint.facts.context import Context
from printlint.facts.flow.origins import origins
from printlint.facts.log_setup.attachments import AddedHandler, added_handlers
from printlint.facts.log_setup.guards import is_attached_once
from printlint.facts.log_setup.single_calls import is_called_once
from printlint.facts.log_setup.written_to import HandlerKind, handler_kind
from printlint.facts.module import Module
from printlint.finding import Finding
from printlint.names.enclosing import Function
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored


class RepeatedHandler(Rule):
    """## What it does
    Finds `addHandler`, `handlers.append` and the like in a function that neither checks whether a handler is already
    there (`if not logger.handlers`, `hasHandlers()`, a dict or set of the loggers that are done) nor removes it. Not
    where the handler is the same at each call, since a logger takes it once, or its `emit` does nothing, or the logger
    is made anew by `Logger(...)`; nor in a function that starts a program, or has a single call in the project, in code
    that runs once.

    ## Why is this bad
    Loggers live as long as the process. Each call of the function adds a handler, and each record is written once more:
    the classic "my log lines are duplicated".

    ## Fix safety
    No fix: what the second call should do depends on the program.
    """

    code = "PRT303"
    name = "repeated-handler"
    summary = "`addHandler` in a function without a guard against repetition"
    starts = LOG_WORDS
    refusal = "no automatic fix; decide what the second call should do"
    examples = (
        flagged(
            """
            import logging

            def get_logger(name):
                logger = logging.getLogger(name)
                logger.addHandler(logging.StreamHandler())
                logger.propagate = False
                return logger
            """,
            instead="""
            import logging

            def get_logger(name):
                logger = logging.getLogger(name)
                if not logger.handlers:
                    logger.addHandler(logging.StreamHandler())
                    logger.propagate = False
                return logger
            """,
        ),
        ignored(
            """
            import logging

            def get_logger(name):
                log = logging.getLogger(name)
                log.propagate = False
                if not log.handlers:
                    log.addHandler(logging.StreamHandler())
                return log
            """
        ),
        ignored(
            """
            import logging

            def main():
                logging.getLogger().addHandler(logging.StreamHandler())
            """
        ),
        ignored("import logging\nlogging.getLogger().addHandler(logging.StreamHandler())"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every unguarded addition of a real handler in a function body."""
        module = context.module
        removes = bool(module.calls_named(frozenset({"removeHandler"})))
        for added in added_handlers(module):
            function = module.places.function(added.node)
            if added.null or added.replaces or removes or function is None:
                continue
            if is_attached_once(module, added.node, function) or not _is_new(module, added, function):
                continue
            if _is_made_anew(module, added, function) or _drops_all(context, added):
                continue
            if not is_called_once(module, context.project, function):
                message = f"`{function.name}` adds a handler to `{added.spelling}` at each call; check for one first"
                yield self.finding(context, added.node, message)


def _is_new(module: Module, added: AddedHandler, function: Function) -> bool:
    """Whether each call of a function makes a handler of its own: `addHandler` leaves one that is there alone."""
    made = (value for handler in added.handlers for value in origins(module, handler) if isinstance(value, ast.Call))
    return added.by_list or added.copies or any(function in module.scopes.ancestors(value) for value in made)


def _is_made_anew(module: Module, added: AddedHandler, function: Function) -> bool:
    """Whether each call of a function makes a logger of its own: unlike `getLogger`, `Logger(...)` keeps none."""
    return all(
        isinstance(made, ast.Call)
        and module.qualified(made.func) == "logging.Logger"
        and function in module.scopes.ancestors(made)
        for made in origins(module, added.receiver)
    )


def _drops_all(context: Context, added: AddedHandler) -> bool:
    """Whether the handlers write nothing, as the `NullHandler` that a project defines for itself."""
    module = context.module
    made = [value for handler in added.handlers for value in origins(module, handler)]
    return bool(made) and all(handler_kind(module, context.project, value) is HandlerKind.NULL for value in made)
