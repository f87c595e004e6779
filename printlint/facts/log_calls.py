"""Calls that make a log record, with what is known of their logger."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from printlint.facts.loggers import LoggerKind, LoggerValue
from printlint.facts.module import Module, once_a_module

METHODS = frozenset({"debug", "info", "warning", "warn", "error", "critical", "fatal", "exception", "log"})
ASYNC_METHODS = frozenset(
    {"adebug", "ainfo", "awarning", "awarn", "aerror", "acritical", "afatal", "aexception", "alog", "amsg"}
)

_ALL_METHODS = METHODS | ASYNC_METHODS

# Deprecated spellings (`warn` since Python 3.3) and what they call.
MODERN = {"warn": "warning", "fatal": "critical"}

_ROOT = LoggerValue(LoggerKind.STDLIB, root=True)


@dataclass(frozen=True, eq=False)
class LogCall:
    """A call that logs. `function` is true for `logging.info(...)`, the root logger's own short form."""

    call: ast.Call
    method: str
    logger: LoggerValue
    function: bool = False

    @property
    def standard(self) -> bool:
        """Whether the call makes a record of the standard library's, by its rules for messages and arguments."""
        return self.logger.kind in (LoggerKind.STDLIB, LoggerKind.QUEUE)

    @property
    def receiver(self) -> ast.expr | None:
        """The expression that gives the logger; None for a function of `logging`."""
        return self.call.func.value if isinstance(self.call.func, ast.Attribute) and not self.function else None


@once_a_module
def log_calls(module: Module) -> tuple[LogCall, ...]:
    """Every call of the module that surely logs, in source order."""
    found = (log_call_of(module, call) for call in module.calls_named(_ALL_METHODS))
    return tuple(item for item in found if item is not None)


def log_call_of(module: Module, call: ast.AST | None) -> LogCall | None:
    """What is known of a call that logs, or None for anything else."""
    if not isinstance(call, ast.Call):
        return None
    func = call.func
    if isinstance(func, (ast.Name, ast.Attribute)):
        prefix, _, method = (module.qualified(func) or "").rpartition(".")
        if prefix == "logging" and method in METHODS:
            return LogCall(call, method, _ROOT, function=True)
    if isinstance(func, ast.Attribute) and func.attr in _ALL_METHODS:
        logger = module.loggers.value(func.value)
        if logger is not None and (func.attr in METHODS or logger.kind is LoggerKind.STRUCTLOG):
            return LogCall(call, func.attr, logger)
    return None
