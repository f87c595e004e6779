"""Handlers that a program adds by itself: one line behind them has them write in the set-up module's thread."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from itertools import takewhile
from pathlib import Path

from printlint.facts.context import Context
from printlint.facts.delivery.lost_records import module_names
from printlint.facts.log_setup.logger_names import EVERY, function_of
from printlint.facts.log_setup.own_formats import keeps_its_thread
from printlint.facts.log_setup.own_set_up import OwnSetUp
from printlint.facts.log_setup.read_back import read_back
from printlint.facts.log_setup.read_settings import settings_of
from printlint.facts.log_setup.written_to import HandlerKind
from printlint.facts.loggers.kinds import names_above
from printlint.facts.module import Module
from printlint.facts.project.entry_points import Start
from printlint.names.enclosing import evaluates_with_others
from printlint.names.layout import layout_of
from printlint.plan.message import Refused
from printlint.reading import disk


def unblocking(module: Module, own: Sequence[OwnSetUp]) -> list[Start]:
    """A line behind the last of the statements in each block that give loggers handlers. Raises `Refused`."""
    last: dict[int, OwnSetUp] = {}
    for item in own:
        if item.late:
            raise Refused(f"`{item.how}` at line {item.line} is applied later")
        if isinstance(item.statement, ast.Return):
            raise Refused(f"line {item.line} returns what it sets up")
        statement = _whole(module, item.statement)
        block, _ = module.places.block(statement)
        last[id(block)] = item._replace(statement=statement)
    return [Start(item.how, item.statement, "unblock()", ("unblock",), before=False) for item in last.values()]


def _whole(module: Module, statement: ast.stmt) -> ast.stmt:
    """A statement, or the outermost loop that is done with all of its handlers before the code goes on.

    Raises `Refused` for a loop that may not end.
    """
    for around in takewhile(evaluates_with_others, module.scopes.ancestors(statement)):
        if isinstance(around, (ast.While, ast.AsyncFor)):
            raise Refused(f"line {statement.lineno} adds handlers in a loop that may not end")
        if isinstance(around, ast.For) and not any(isinstance(node, _LEAVES) for node in ast.walk(around)):
            statement = around
    return statement


_LEAVES = (ast.Return, ast.Yield, ast.YieldFrom, ast.Await)


def staying(contexts: Collection[Context]) -> str:
    """Why `unblock()` would move no handler of a program, or should not; empty where it moves one, or none is known."""
    writing = [
        item
        for context in contexts
        for items in settings_of(context.module, context.project).handlers.values()
        for item in items
        if not item.host and item.kind in (HandlerKind.WRITES, HandlerKind.UNKNOWN)
    ]
    if writing and all(item.stays for item in writing):
        return f"`{writing[0].shown}` has an `emit` of its own, which may need the thread that logs"
    reasons = (reason(at.module, at.project) for at in contexts for reason in (keeps_its_thread, read_back))
    return next(filter(None, reasons), "")


def may_reach(path: Path, context: Context) -> bool:
    """Whether what a file logs may meet handlers that another one adds: of the root logger, or of one it may name."""
    owners = settings_of(context.module, context.project).handlers.keys()
    if not owners or owners & {"", EVERY}:
        return True
    above = {above for name in module_names(layout_of(path), context.project.root) for above in names_above(name)}
    text = disk.read_present(str(path))
    return any(owner in above or function_of(owner).encode() in text for owner in owners)
