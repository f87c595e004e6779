"""PRT505."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from printlint.facts.calls.log_calls import log_calls
from printlint.facts.context import Context
from printlint.facts.module import Module
from printlint.finding import Finding
from printlint.logging_names import RECORD_ATTRIBUTES
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged


class ClashingExtra(Rule):
    """## What it does
    Finds keys of `extra` that conflict with an attribute of log records: `name`, `message`, `args`, `module`,
    `process`, …

    ## Why is this bad
    Logging raises `KeyError: "Attempt to overwrite 'name' in LogRecord"`, and only if the level is enabled: often in
    production, in the code that should have reported another error.

    ## Fix safety
    No fix: the field needs a new name.
    """

    code = "PRT505"
    name = "clashing-extra"
    summary = "a key of `extra` that conflicts with a LogRecord attribute"
    starts = LOG_WORDS
    peers = ("LOG003", "G101")
    examples = (
        flagged(
            logged('logger.info("user created", extra={"name": user.name})'),
            instead=logged('logger.info("user created", extra={"user_name": user.name})'),
        ),
        ignored('import logging\nlogging.getLogger("app").info("created", extra={"user_name": user})'),
        ignored('import logging\nlogging.getLogger("app").info("created", extra={"a": {"name": user}})'),
        ignored('import structlog\nstructlog.get_logger().info("created", extra={"name": user})'),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Each key at its own place."""
        module = context.module
        for found in log_calls(module):
            if not found.is_direct:
                continue
            for keyword in found.call.keywords:
                if keyword.arg == "extra":
                    for place, key in _keys(module, keyword.value):
                        message = f"`extra` key `{key}` conflicts with a LogRecord attribute; rename it"
                        yield self.finding(context, place, message)


def _keys(module: Module, node: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    """The reserved keys of a dict that is written out, there or where its name is bound, once."""
    where = node
    if isinstance(node, ast.Name):
        bindings = module.names.bindings(node)
        if len(bindings) != 1 or not isinstance(bindings[0].value, (ast.Dict, ast.Call)):
            return
        if bindings[0].scope is not module.scopes.scope_of(node):
            return
        node = bindings[0].value
    match node:
        case ast.Dict(keys=keys):
            for key in keys:
                if isinstance(key, ast.Constant) and key.value in RECORD_ATTRIBUTES:
                    yield (where if where is not node else key), str(key.value)
        case ast.Call(func=func, keywords=keywords) if module.qualified(func) == "builtins.dict":
            for keyword in keywords:
                if keyword.arg in RECORD_ATTRIBUTES:
                    yield where, str(keyword.arg)
