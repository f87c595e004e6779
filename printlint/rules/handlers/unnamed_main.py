"""PRT312."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from printlint.facts.calls.log_calls import log_calls
from printlint.facts.context import Context
from printlint.facts.log_setup.attachments import added_handlers
from printlint.facts.log_setup.implicit_handler import implicit_handler
from printlint.facts.log_setup.logger_names import own_name
from printlint.facts.log_setup.logger_tree import LoggerTree
from printlint.facts.loggers.kinds import LoggerKind, LoggerValue
from printlint.facts.module import Module
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored


class UnnamedMain(Rule):
    """## What it does
    Finds `getLogger(__name__)` in a file that is run, where the configuration gives handlers to loggers by the name of
    the module or its package alone: not to the root logger, and not to `__main__`. Not where a console script of the
    project starts the module, which then has its own name.

    ## Why is this bad
    In the file that is run, `__name__` is `"__main__"` (Python documentation, `__main__`): its logger has none of those
    handlers, and its records are lost.

    ## Fix safety
    No fix: the logger can get the module's name as text, or the configuration a handler for the root logger.
    """

    code = "PRT312"
    name = "unnamed-main"
    summary = "`getLogger(__name__)` in a file that is run, where its other name alone is configured"
    starts = LOG_WORDS
    refusal = "no automatic fix; give the root logger the handler, or the logger its name as text"
    examples = (
        flagged(
            """
            import logging

            console = logging.StreamHandler()
            logging.getLogger("snippet").addHandler(console)
            logging.getLogger("snippet").propagate = False
            logger = logging.getLogger(__name__)

            if __name__ == "__main__":
                logger.error("nobody sees the time of this")
            """,
            instead="""
            import logging

            console = logging.StreamHandler()
            logging.getLogger().addHandler(console)
            logger = logging.getLogger(__name__)

            if __name__ == "__main__":
                logger.error("down")
            """,
        ),
        ignored(
            """
            import logging
            logging.basicConfig()
            logging.getLogger("snippet").addHandler(logging.FileHandler("x"))
            logging.getLogger("snippet").propagate = False
            logger = logging.getLogger(__name__)
            if __name__ == "__main__":
                logger.error("down")
            """
        ),
        ignored(
            """
            import logging
            logger = logging.getLogger(__name__)
            logger.addHandler(logging.StreamHandler())
            logger.propagate = False
            if __name__ == "__main__":
                logger.error("down")
            """
        ),
        ignored(
            """
            import logging
            logging.getLogger("other").addHandler(logging.StreamHandler())
            logging.getLogger("other").propagate = False
            logger = logging.getLogger(__name__)
            if __name__ == "__main__":
                logger.error("down")
            """
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """The `getLogger` call whose logger the file logs through, once."""
        module = context.module
        if not module.main_guards or context.is_test or _attaches_to_name(module) or _has_script(context):
            return
        made = next((call for item in log_calls(module) for call in _by_name(item.logger)), None)
        named = LoggerTree(module, context.project).named_elsewhere(own_name(module)) if made is not None else None
        if made is not None and named is not None and implicit_handler(module, context.project) is None:
            message = f"`__main__` misses the {named.described(context.project)}; add one to the root logger"
            yield self.finding(context, made, message)

    def introduced_by_rewrite(self, finding: Finding) -> bool:
        """The plan's caution has said that the record is lost."""
        return True


def _by_name(logger: LoggerValue) -> list[ast.Call]:
    """The calls `getLogger(__name__)` that make a logger."""
    if logger.kind is not LoggerKind.STDLIB or logger.foreign:
        return []
    return [call for call in logger.created if any(isinstance(a, ast.Name) and a.id == "__name__" for a in call.args)]


def _has_script(context: Context) -> bool:
    """Whether the project declares a console script that runs a function of the file."""
    name = own_name(context.module)
    return any(entry.partition(":")[0] == name for entry in context.project.entry_points)


def _attaches_to_name(module: Module) -> bool:
    """Whether the file itself gives the logger that it calls `__name__` its handler."""
    return any(_by_name(item.logger) for item in added_handlers(module) if not item.null)
