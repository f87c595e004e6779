"""PRT105."""

from __future__ import annotations

import ast
import re

from printlint.facts.context import Context
from printlint.facts.module import Module
from printlint.facts.prints.outputs import Output, OutputKind
from printlint.partial.triggers import PRINT_WORDS
from printlint.rule import flagged, ignored, logged
from printlint.rules.prints._reporting import OutputRule

_PRINTS = r"(?i)_*(?:print|show|dump|display)_?\w*(?:trace|stack|exc|thread|frame)"
_DEBUGGERS = r"\w{0,8}pdb\w{0,8}\.(?:post_mortem|pm|set_trace)|(?:builtins\.)?breakpoint"
# An option of the command line that is there to show tracebacks.
_OPTION = r"(?:\w*\.)?(?:arg|opt|option|argument|param|flag)s?\.\w*(?:traceback|stack_?trace)\w*$"


class TracebackPrint(OutputRule):
    """## What it does
    Finds `traceback.print_exc()`, `print_exception`, `print_stack` and `print(traceback.format_exc())`. Not in a
    function that is named for printing one, whose callers want to have it printed; nor where somebody asked to see it:
    before a debugger starts, or for an option of the command line (`if args.traceback:`).

    ## Why is this bad
    The traceback is written as dozens of lines that belong to no record. A log collector turns each of them into an
    event, without the logger, the level and the context.

    ## Fix safety
    Unsafe: the record has a message before the traceback. A print right before or behind it becomes that message: both
    are rewritten together or not at all. Refused outside an `except` clause.
    """

    code = "PRT105"
    name = "traceback-print"
    summary = "a printed traceback"
    kind = OutputKind.TRACEBACK
    starts = PRINT_WORDS
    options = ("logger", "logger-name", "loggers", "async-backend", "setup-module", "tidy")
    examples = (
        flagged(
            """
            import traceback
            try:
                work()
            except ValueError as error:
                traceback.print_exc()
            """,
            logged("""
            try:
                work()
            except ValueError as error:
                logger.exception("%s", error)
            """),
            unsafe=True,
        ),
        ignored("import traceback\ntraceback.print_exc(file=report)"),
        ignored("import traceback\ntext = traceback.format_exc()"),
    )

    def is_interface(self, context: Context, output: Output) -> bool:
        """A traceback is no interface, but for that of a function which is there to print it, or one asked for."""
        function = context.module.places.function(output.call)
        if function is not None and re.match(_PRINTS, function.name):
            return True
        return _is_before_debugger(context.module, output.call) or _is_asked_for(context.module, output.call)


def _is_before_debugger(module: Module, call: ast.Call) -> bool:
    """Whether the next statement starts a debugger, at whose prompt somebody reads the traceback."""
    match module.places.following(module.places.statement(call)):
        case ast.Expr(value=ast.Call(func=func)):
            return re.fullmatch(_DEBUGGERS, module.qualified(func) or ast.unparse(func)) is not None
    return False


def _is_asked_for(module: Module, call: ast.Call) -> bool:
    """Whether an `if` around the call tests an option of the command line for tracebacks."""
    return any(is_in_body and re.match(_OPTION, test) for test, is_in_body in module.places.guards(call))
