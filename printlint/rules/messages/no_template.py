"""PRT512."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from printlint.facts.calls.log_calls import log_calls
from printlint.facts.calls.message_parts import how_built, is_gettext, text_of
from printlint.facts.context import Context
from printlint.facts.module import Module
from printlint.finding import Finding
from printlint.names.bindings import BindingKind
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged

# A constant by its name, wherever it comes from.
_CONSTANT = r"^_*[A-Z][A-Z0-9_]*$"


class NoTemplate(Rule):
    """## What it does
    Finds logging calls whose message is computed: a variable, an attribute, an exception, the result of a call.
    Messages formatted in the call are reported by PRT501 to PRT504.

    ## Why is this bad
    Sentry, Datadog and Loki group records by their constant part. Without one, each text is an event of its own, and a
    `%` in it becomes a placeholder as soon as the call has an argument.

    ## Fix safety
    No fix: the event needs a name. Not reported are wrappers that pass on their own parameter, names in capitals, names
    that are only assigned constants, and calls of gettext.
    """

    code = "PRT512"
    name = "no-template"
    summary = "a message without a constant part"
    starts = LOG_WORDS
    refusal = "no automatic fix; choose a name for the event"
    by_default = False
    opt_in = True
    options = ("loggers",)
    examples = (
        flagged(
            logged("logger.warning(reply.text)"),
            instead=logged('logger.warning("the gateway replied: %s", reply.text)'),
        ),
        ignored(logged('logger.info("done")')),
        ignored(logged('logger.info("done " "and %s", dusted)')),
        ignored(logged('logger.info(f"done {x}")')),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Calls whose message is neither a constant nor formatted in the call."""
        for found in log_calls(context.module):
            message = found.message
            if message is not None and not _has_template(context.module, message):
                text = "Message has no constant part; use a literal and pass the value as an argument"
                yield self.finding(context, message, text, site=found.call)


def _has_template(module: Module, node: ast.expr) -> bool:
    match node:
        case ast.Constant() | ast.JoinedStr() | ast.BinOp():
            return True
        case ast.IfExp(body=body, orelse=orelse):
            return _has_template(module, body) and _has_template(module, orelse)
        case ast.Name(id=name):
            return re.match(_CONSTANT, name) is not None or _is_bound_to_one(module, node)
        case ast.Attribute(attr=name):
            return re.match(_CONSTANT, name) is not None
        case ast.Call(func=func):
            return is_gettext(func) or how_built(module, node) is not None
    return text_of(module, node) is not None


def _is_bound_to_one(module: Module, name: ast.Name) -> bool:
    """Whether a name is a parameter, or only ever bound to texts with something constant."""
    bindings = module.names.bindings(name)
    return all(
        binding.kind is BindingKind.PARAMETER
        or (
            binding.kind is BindingKind.ASSIGN
            and isinstance(binding.value, (ast.Constant, ast.JoinedStr, ast.BinOp, ast.IfExp, ast.Call))
            and _has_template(module, binding.value)
        )
        for binding in bindings
    )
