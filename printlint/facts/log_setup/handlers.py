"""Classes of handlers, and literals of configurations."""

from __future__ import annotations

import ast
from collections.abc import Iterator

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
        *("logging.handlers.SocketHandler", "logging.handlers.DatagramHandler", "logging.handlers.SysLogHandler"),
        *("logging.handlers.NTEventLogHandler", "logging.handlers.SMTPHandler", "logging.handlers.HTTPHandler"),
    }
)


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


def dict_configs(module: Module) -> Iterator[ast.Dict]:
    """The literals that `dictConfig` is given, directly or through a name, and Django's `LOGGING`."""
    seen: set[ast.Dict] = set()
    for node in _config_expressions(module):
        if isinstance(node, ast.Dict) and node not in seen and dict_get(node, "version") is not None:
            seen.add(node)
            yield node


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
