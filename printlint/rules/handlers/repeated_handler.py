"""PRT303."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from printlint.facts.context import Context
from printlint.facts.log_setup.handlers import AddedHandler, added_handlers
from printlint.facts.module import Module
from printlint.finding import Finding
from printlint.names.enclosing import Function
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored

_GUARD = r"(?i)handler|configured|initiali[sz]ed|_setup|setup_|_done|once|already|is None|not in"
_CACHES = frozenset({"functools.cache", "functools.lru_cache"})


class RepeatedHandler(Rule):
    """## What it does
    Finds `addHandler` in a function that does not check whether the handler is already there.

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
        """Every unguarded `addHandler` of a real handler in a function body."""
        module = context.module
        for added in added_handlers(module):
            function = module.places.function(added.call)
            if added.null or function is None or function.name in ("main", "__enter__", "__aenter__"):
                continue
            if not _is_guarded(module, added, function):
                message = f"`{function.name}` adds a handler to `{added.spelling}` at each call; check for one first"
                yield self.finding(context, added.call, message)


def _is_guarded(module: Module, added: AddedHandler, function: Function) -> bool:
    for decorator in function.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        if module.qualified(target) in _CACHES:
            return True
    if any(re.search(_GUARD, test) for test, _ in module.places.guards(added.call)):
        return True
    for node in ast.walk(function):
        match node:
            case ast.Attribute(attr="removeHandler" | "hasHandlers"):
                return True
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="handlers"), attr="clear")):
                return True
            case ast.Attribute(attr="handlers", ctx=ast.Store()):
                return True
            case ast.If(body=[*_, ast.Return() | ast.Raise()], test=test) if node.lineno < added.call.lineno:
                if re.search(_GUARD, ast.unparse(test)):
                    return True
    return False
