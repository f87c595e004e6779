"""Handlers and the loggers that get them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from printlint.facts.loggers.kinds import LoggerKind, LoggerValue
from printlint.facts.module import Module

# Handlers that open a file or a socket when they are made (Python documentation, logging.handlers).
FILE_HANDLERS = frozenset(
    {
        "logging.FileHandler",
        "logging.handlers.WatchedFileHandler",
        "logging.handlers.RotatingFileHandler",
        "logging.handlers.TimedRotatingFileHandler",
    }
)
SOCKET_HANDLERS = frozenset(
    {
        "logging.handlers.SocketHandler",
        "logging.handlers.DatagramHandler",
        "logging.handlers.SysLogHandler",
        "logging.handlers.NTEventLogHandler",
        "logging.handlers.SMTPHandler",
        "logging.handlers.HTTPHandler",
    }
)


class AddedHandler(NamedTuple):
    """An `addHandler` call on a known logger. `spelling` is the logger as written, `key` tells loggers apart."""

    call: ast.Call
    receiver: ast.expr
    logger: LoggerValue
    handler: str | None

    @property
    def spelling(self) -> str:
        """The logger, as the code writes it."""
        return ast.unparse(self.receiver)

    @property
    def key(self) -> str:
        """One string for one logger: by its `getLogger` call where that is known, else by its spelling."""
        if len(self.logger.created) == 1:
            return ast.dump(self.logger.created[0])
        return self.spelling

    @property
    def null(self) -> bool:
        """Whether it is the `NullHandler` that a library adds."""
        return self.handler == "logging.NullHandler"

    @property
    def console(self) -> bool:
        """Whether the handler is known to write to a standard stream."""
        return self.handler == "logging.StreamHandler"


def created_name(module: Module, call: ast.Call) -> str | None:
    """The name of the logger that a `getLogger(...)` call gives: the module's for `__name__`, empty for the root."""
    match call.args:
        case []:
            return "" if not call.keywords else None
        case [ast.Constant(value=None | "" | "root")]:
            return ""
        case [ast.Constant(value=str(name))]:
            return name
        case [ast.Name(id="__name__")] if module.layout is not None:
            return module.layout.module
    return None


def added_handlers(module: Module) -> Iterator[AddedHandler]:
    """Every `addHandler` of the module on a logger of the standard library."""
    for call in module.calls_named(frozenset({"addHandler"})):
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr == "addHandler" and len(call.args) == 1:
            logger = module.loggers.value(func.value)
            if logger is not None and logger.kind is LoggerKind.STDLIB:
                yield AddedHandler(call, func.value, logger, _handler_class(module, call.args[0]))


def _handler_class(module: Module, node: ast.expr) -> str | None:
    """The qualified class of a handler expression, through one assignment."""
    made = module.names.made_by(node)
    return module.qualified(made.func) if made is not None else None


def sets_propagate(module: Module, added: AddedHandler) -> bool:
    """Whether the module sets `propagate` on the same logger anywhere, to whatever value."""
    for node in module.scopes.stores("propagate"):
        logger = module.loggers.value(node.value)
        same = AddedHandler(added.call, node.value, logger, None) if logger is not None else None
        if same is not None and (same.key == added.key or same.spelling == added.spelling):
            return True
    for name in module.scopes.named(("propagate",)):
        parent = module.scopes.parent(name)
        if isinstance(name, ast.Constant) and isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name):
            if parent.func.id == "setattr":
                return True
    return False


class DictConfig(NamedTuple):
    """A dictConfig literal."""

    node: ast.Dict

    def get(self, key: str) -> ast.expr | None:
        """The value of a key."""
        return dict_get(self.node, key)


def dict_configs(module: Module) -> Iterator[DictConfig]:
    """The literals that `dictConfig` is given, directly or through a name, and Django's `LOGGING`."""
    seen: set[ast.Dict] = set()
    for node in _config_expressions(module):
        if isinstance(node, ast.Dict) and node not in seen and dict_get(node, "version") is not None:
            seen.add(node)
            yield DictConfig(node)


def _config_expressions(module: Module) -> Iterator[ast.AST | None]:
    for call in module.calls_named(frozenset({"dictConfig"})):
        if module.qualified(call.func) == "logging.config.dictConfig" and call.args:
            argument = call.args[0]
            if isinstance(argument, ast.Name):
                yield from (binding.value for binding in module.names.bindings(argument))
            else:
                yield argument
    for binding in module.bindings_of("LOGGING"):
        yield binding.value


def dict_get(node: ast.expr | None, key: str) -> ast.expr | None:
    """The value of a string key in a dict display."""
    for index, item in enumerate(node.keys if isinstance(node, ast.Dict) else []):
        if isinstance(item, ast.Constant) and item.value == key:
            assert isinstance(node, ast.Dict)
            return node.values[index]
    return None
