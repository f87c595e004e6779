"""Calls that make a log record, with what is known of their logger."""

from __future__ import annotations

import ast
from typing import NamedTuple

from printlint.facts.loggers.kinds import LoggerKind, LoggerValue
from printlint.facts.module import Module, once_a_module
from printlint.logging_names import ASYNC_METHODS, LOGURU_METHODS, METHODS

# absl's calls that log now and then: a level, the message, how often or whether, the values.
COUNTED = frozenset({"log_every_n", "log_every_n_seconds", "log_first_n", "log_if"})
_ALL_METHODS = METHODS | ASYNC_METHODS | LOGURU_METHODS | COUNTED | {"vlog"}
_EXCEPTION_METHODS = frozenset({"exception", "aexception"})
LEVEL_FIRST = frozenset({"log", "alog", "vlog"}) | COUNTED
_MESSAGE_NAMES = frozenset({"msg", "event"})

_METHODS_OF = {
    LoggerKind.STRUCTLOG: METHODS | ASYNC_METHODS,
    LoggerKind.LOGURU: LOGURU_METHODS,
}
# absl's functions, which log through a logger of its own.
_OF_ABSL = LoggerValue(LoggerKind.ABSL)
_ABSL_METHODS = METHODS - {"critical"} | {"vlog"} | COUNTED

_ROOT = LoggerValue(LoggerKind.STDLIB, root=True)


class LogCall(NamedTuple):
    """A call that logs. `function` is true for a function of `logging`, the root logger's short form, or of absl's."""

    call: ast.Call
    method: str
    logger: LoggerValue
    function: bool = False

    @property
    def standard(self) -> bool:
        """Whether the call makes a record of the standard library's, by its rules for messages and arguments."""
        return self.logger.kind in (LoggerKind.STDLIB, LoggerKind.QUEUE, LoggerKind.ABSL)

    @property
    def is_direct(self) -> bool:
        """Whether the arguments come to a logger of the standard library as they are: an adapter may change them."""
        return self.standard and not self.logger.adapter and not self.logger.derived

    @property
    def receiver(self) -> ast.expr | None:
        """The expression that gives the logger; None for a function of `logging`."""
        return self.call.func.value if isinstance(self.call.func, ast.Attribute) and not self.function else None

    @property
    def message(self) -> ast.expr | None:
        """The message, or None where starred arguments hide which one it is."""
        if self._positional:
            return self._positional[0]
        named = (keyword.value for keyword in self.call.keywords if keyword.arg in _MESSAGE_NAMES)
        return None if self.call.args[self._first :] else next(named, None)

    @property
    def message_is_positional(self) -> bool:
        """Whether the message is no keyword argument; starred arguments may hold it."""
        return len(self.call.args) > self._first

    @property
    def values(self) -> list[ast.expr] | None:
        """The positional arguments behind the message, or None where starred arguments hide how many there are."""
        rest = self.call.args[self._first :]
        behind = 2 if self.method in COUNTED else 1
        return self._positional[behind:] if len(self._positional) == len(rest) else None

    @property
    def _first(self) -> int:
        """The index of the message among the positional arguments."""
        return 1 if self.method in LEVEL_FIRST else 0

    @property
    def _positional(self) -> list[ast.expr]:
        """The message and what follows it, up to the first starred argument."""
        arguments = self.call.args
        for index, item in enumerate(arguments):
            if item.__class__ is ast.Starred:
                return arguments[self._first : index]
        return arguments[self._first :]

    @property
    def level(self) -> str:
        """The method without what makes it awaited: `error` for structlog's `aerror`."""
        return self.method.removeprefix("a") if self.method in ASYNC_METHODS else self.method

    def keyword(self, name: str) -> ast.keyword | None:
        """A keyword argument of the call."""
        return next((keyword for keyword in self.call.keywords if keyword.arg == name), None)

    @property
    def options(self) -> dict[str, ast.expr]:
        """What loguru's `opt(...)` says right before the call: `logger.opt(exception=True).error(...)`."""
        found: dict[str, ast.expr] = {}
        node = self.receiver if self.logger.kind is LoggerKind.LOGURU else None
        while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "opt":
                found = {keyword.arg or "**": keyword.value for keyword in node.keywords} | found
            node = node.func.value
        return found

    @property
    def exc_info(self) -> ast.expr | None:
        """What the call says of the exception to log: `exc_info`, or loguru's `opt(exception=...)`."""
        if self.logger.kind is LoggerKind.LOGURU:
            return self.options.get("exception")
        keyword = self.keyword("exc_info")
        return keyword.value if keyword is not None else None

    @property
    def carries_exception(self) -> bool:
        """Whether the record has a traceback, as far as the call tells: a false `exc_info` takes it away."""
        if self.exc_info is not None:
            return not (isinstance(self.exc_info, ast.Constant) and not self.exc_info.value)
        return self.method in _EXCEPTION_METHODS


@once_a_module
def log_calls(module: Module) -> tuple[LogCall, ...]:
    """Every call of the module that surely logs, in source order, through a logger whose library is known."""
    return tuple(item for item in all_log_calls(module) if item.logger.kind is not LoggerKind.SEVERAL)


@once_a_module
def all_log_calls(module: Module) -> tuple[LogCall, ...]:
    """The same, also where the logger is one of several libraries."""
    found = (log_call_of(module, call) for call in module.calls_named(_ALL_METHODS))
    return tuple(item for item in found if item is not None)


def log_call_of(module: Module, call: ast.AST | None) -> LogCall | None:
    """What is known of a call that logs, or None for anything else."""
    if not isinstance(call, ast.Call):
        return None
    func = call.func
    if isinstance(func, ast.Attribute) and func.attr in _ALL_METHODS:
        logger = module.loggers.value(func.value)
        if logger is not None and func.attr in _METHODS_OF.get(logger.kind, METHODS):
            return LogCall(call, func.attr, logger)
    if isinstance(func, (ast.Name, ast.Attribute)):
        prefix, _, method = (module.qualified(func) or "").rpartition(".")
        if prefix == "logging" and method in METHODS:
            return LogCall(call, method, _ROOT, function=True)
        if prefix == "absl.logging" and method in _ABSL_METHODS:
            return LogCall(call, method, _OF_ABSL, function=True)
    return None
