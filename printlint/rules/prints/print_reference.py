"""PRT103."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from printlint.facts.context import Context
from printlint.facts.module import Module
from printlint.facts.prints.outputs import PRINT, STREAMS, keyword_of
from printlint.finding import Finding
from printlint.names.qualified import is_none
from printlint.partial.triggers import PRINT_WORDS
from printlint.rule import Rule, flagged, ignored

# Before its parenthesis the name is a call's function; only elsewhere can it be passed on.
_NO_CALL = r"print\b(?![ \t]*\()(?<!\wprint)"

# Parents under which a name is looked at or left standing, not passed on.
_NO_HAND_OVER = (ast.Expr, ast.Compare, ast.Delete, ast.Attribute)


class PrintReference(Rule):
    """## What it does
    Finds `print` passed as a value: `map(print, rows)`, `callback=print`, `log = print`. Not in tests, where it is a
    callback like any other; nor in `functools.partial(print, file=report)`, which writes to no standard stream.

    ## Why is this bad
    The receiver prints without level, name or context, and a search for `print(` does not find it.

    ## Fix safety
    No fix: a logging method takes other arguments than `print`, and the callers are unknown.
    """

    code = "PRT103"
    name = "print-reference"
    summary = "`print` passed as a value"
    starts = PRINT_WORDS
    refusal = "logging methods take different arguments, and the callers are unknown"
    peers = ("T202", "T002", "T204", "T004")
    examples = (
        flagged(
            "client.on_message = print",
            instead="""
            import functools
            import logging

            logger = logging.getLogger(__name__)

            client.on_message = functools.partial(logger.info, "%s")
            """,
        ),
        ignored("print"),
        ignored("from rich import print\nlist(map(print, rows))"),
        ignored("same = function is print"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every load of the builtin that is not a call's function."""
        module = context.module
        if context.is_test or not re.search(_NO_CALL, module.source.text):
            return
        for node in module.scopes.named(("print",)):
            match node:
                case ast.Name(id="print", ctx=ast.Load()) | ast.Attribute(attr="print", ctx=ast.Load()):
                    pass
                case _:
                    continue
            if module.qualified(node) != PRINT:
                continue
            parent = module.scopes.parent(node)
            if isinstance(parent, _NO_HAND_OVER) or (isinstance(parent, ast.Call) and parent.func is node):
                continue
            if isinstance(parent, ast.Call) and _names_other_file(module, parent):
                continue
            yield self.finding(context, node, "`print` passed as a value; pass a function that logs")


def _names_other_file(module: Module, call: ast.Call) -> bool:
    """Whether a call is a `partial` that gives `print` a file other than the standard streams."""
    file = keyword_of(call, "file") if module.qualified(call.func) == "functools.partial" else None
    return file is not None and not is_none(file) and module.qualified(file) not in STREAMS
