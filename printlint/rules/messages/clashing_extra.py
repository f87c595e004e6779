"""PRT505."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

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
    `process`, … Also those that are put into the mapping before the call, in steps.

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
                    for place, key in _keys(module, found.call, keyword.value):
                        message = f"`extra` key `{key}` conflicts with a LogRecord attribute; rename it"
                        yield self.finding(context, place, message)


def _keys(module: Module, call: ast.Call, node: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    """The reserved keys of a mapping that is written out, there or in the steps that build it for a name."""
    found = _written(module, call, node)
    yield from dict.fromkeys((place, str(key)) for place, key in found if key in RECORD_ATTRIBUTES)


def _held(module: Module, call: ast.Call, name: ast.Name) -> frozenset[object]:
    """The keys of the mapping that a name holds at a call, if one statement of the function makes it."""
    here = module.places.executing_scope(name)
    bindings = [item for item in module.names.bindings(name) if _adding_to(module, item.node) is None]
    value = bindings[0].value if len(bindings) == 1 and bindings[0].scope is here else None
    if not isinstance(value, ast.expr) or (value.end_lineno, value.end_col_offset) > (name.lineno, name.col_offset):
        return frozenset()  # also of `x = {**x}`
    keys = _keys_of(module, call, value)
    for use in module.scopes.named((name.id,)):
        if isinstance(use, ast.Name) and module.places.executing_scope(use) is here and _is_before(use, call):
            step = _step(module, call, use)
            keys = (keys | step.added) - step.removed
    return keys


def _is_before(use: ast.Name, call: ast.Call) -> bool:
    return (use.lineno, use.col_offset) < (call.lineno, call.col_offset)


def _written(module: Module, call: ast.Call, node: ast.expr) -> Iterator[tuple[ast.expr, object]]:
    """The keys that an expression writes out at a call, with their places."""
    match node:
        case ast.Name():
            yield from ((node, key) for key in sorted(_held(module, call, node), key=str))
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if key is None:
                    yield from _written(module, call, value)
                elif isinstance(key, ast.Constant):
                    yield key, key.value
        case ast.Call(func=func, args=args, keywords=keywords) if module.qualified(func) == "builtins.dict":
            for item in args:
                yield from _written(module, call, item)
            for keyword in keywords:
                if keyword.arg is None:
                    yield from _written(module, call, keyword.value)
                else:
                    yield keyword.value, keyword.arg
        case ast.BinOp(left=left, op=ast.BitOr(), right=right) | ast.IfExp(body=left, orelse=right):
            yield from _written(module, call, left)
            yield from _written(module, call, right)


class _Step(NamedTuple):
    """What a use of a mapping's name does to its keys."""

    added: frozenset[object] = frozenset()
    removed: frozenset[object] = frozenset()


def _step(module: Module, call: ast.Call, use: ast.Name) -> _Step:
    """What a use of a mapping's name does to its keys."""
    parent = module.scopes.parent(use)
    outer = module.scopes.parent(parent) if parent is not None else None
    if isinstance(use.ctx, ast.Store):
        added = _adding_to(module, use)
        return _Step(_keys_of(module, call, added) if added is not None else frozenset())
    match parent, outer:
        case ast.Subscript(slice=ast.Constant(value=key), ctx=ast.Store()), ast.Assign():
            return _Step(frozenset({key}))
        case ast.Subscript(slice=ast.Constant(value=key), ctx=ast.Del()), _:
            return _Step(removed=frozenset({key}))
        case ast.Attribute(attr="update"), ast.Call(args=args, keywords=keywords):
            named = frozenset(item.arg for item in keywords)
            more = (*args, *(item.value for item in keywords if item.arg is None))
            return _Step(named.union(*(_keys_of(module, call, item) for item in more)))
        case ast.Attribute(attr="setdefault"), ast.Call(args=[ast.Constant(value=key), *_]):
            return _Step(frozenset({key}))
        case ast.Attribute(attr="pop"), ast.Call(args=[ast.Constant(value=key), *_]):
            return _Step(removed=frozenset({key}))
    return _Step()


def _keys_of(module: Module, call: ast.Call, node: ast.expr) -> frozenset[object]:
    return frozenset(key for _, key in _written(module, call, node))


def _adding_to(module: Module, target: ast.AST) -> ast.expr | None:
    """What `|=` adds to a name."""
    match module.scopes.parent(target):
        case ast.AugAssign(op=ast.BitOr(), value=value):
            return value
    return None
