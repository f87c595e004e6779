"""loguru: its calls are the same in asynchronous code, with braces in messages and methods for what is no message."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from printlint.backends.base import Backend, Definition
from printlint.facts.calls.log_calls import LogCall
from printlint.facts.calls.placeholders import placeholders
from printlint.facts.calls.value_types import NUMBERS, known_types
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.project.loguru_use import has_own_formats
from printlint.plan.edits import Edit, Log
from printlint.plan.message import Message, Refused, Value

if TYPE_CHECKING:
    from printlint.facts.context import Context

_CONVERSIONS = {"s": "!s", "r": "!r", "a": "!a"}
_REAL = frozenset("fFeEgG")
_NUMERIC = _REAL | frozenset("dxXo")


class LoguruBackend(Backend):
    """Calls of loguru's logger, which nobody awaits."""

    name = "loguru"
    title = "Log through loguru"
    writes_to = frozenset({LoggerKind.LOGURU})
    braces = True
    own_sinks = True
    awaits = False
    imports_setup = False
    in_all_code = True
    changes_all_calls = True

    def needs_setup(self, context: Context) -> bool:
        """No: loguru writes without being set up."""
        return False

    def check_library(self, context: Context) -> None:
        """Raise `Refused` where `loguru` is a file of the project's own."""
        layout = context.module.layout
        if layout is not None and layout.shadows("loguru"):
            raise Refused("a loguru.py of the project shadows the library")

    def check_call(self, edit: Log, context: Context, *, legal: bool) -> None:
        """Its arguments can be those of a loguru call."""
        self.finish(edit, context, legal=legal)

    def awaited(self, found: LogCall, context: Context) -> tuple[Edit, ...]:
        """Raise `Refused`: there is nothing to await in a module of loguru's."""
        raise Refused("the module logs through loguru, which has no calls to await")

    def finish(self, edit: Log, context: Context, *, legal: bool) -> Log:
        """With braces, and with what loguru has methods for between the logger and the level."""
        edit = replace(edit, braces=True)
        if edit.message is not None:
            message, bound = _unspoken(edit.message, edit.spoken, context), _binding(edit.message.fields)
            return replace(edit, message=message, logger=edit.logger + bound)
        return edit if edit.text is not None else _of_arguments(edit, context)

    def define(self, name: str, *, synchronous: bool) -> Definition:
        """Nothing but the import of the one logger that there is."""
        return Definition((), frozenset({"loguru"}))


def _unspoken(message: Message, call: ast.Call, context: Context) -> Message:
    """The message without `!s` where `format()` of a value is its `str()`, and without the fields that are bound."""
    pieces = tuple(
        replace(piece, conversion="")
        if isinstance(piece, Value) and _formats_as_text(call.args[piece.index], context)
        else piece
        for piece in message.pieces
    )
    return replace(message, pieces=pieces, fields=())


def _formats_as_text(value: ast.expr, context: Context) -> bool:
    known = known_types(context.module, value)
    return bool(known) or context.config.tidy or not has_own_formats(context.module, context.project)


def _binding(fields: tuple[tuple[str, str], ...]) -> str:
    return f".bind({', '.join(f'{name}={name}' for _, name in fields)})" if fields else ""


def _of_arguments(edit: Log, context: Context) -> Log:
    """A call with the arguments of `logging`. Raises `Refused` for what loguru has no equal of."""
    call = edit.call
    if edit.method == "log":
        raise Refused("`log` takes the number of a level, and loguru's the name")
    if any(isinstance(argument, ast.Starred) for argument in call.args) or not call.args:
        raise Refused("the message and its values are unknown")
    method, chain, drop = edit.method, "", None
    for keyword in call.keywords:
        if drop is not None or keyword.arg not in ("exc_info", "extra"):
            raise Refused(f"`{ast.unparse(keyword)}` has no equal in loguru")
        drop = keyword
        if keyword.arg == "extra":
            chain = _bound(keyword.value)
        else:
            method, chain = _with_exception(method, keyword.value)
    places = tuple(_places(call, context)) if len(call.args) > 1 else ()
    return replace(edit, method=method, logger=edit.logger + chain, drop=drop, places=places)


def _with_exception(method: str, value: ast.expr) -> tuple[str, str]:
    """The method, and what is before it, for the value of `exc_info`. Raises `Refused`."""
    match value:
        case ast.Constant(value=None | False):
            return ("error" if method == "exception" else method), ""
        case ast.Constant(value=True) if method in ("error", "exception"):
            return "exception", ""
        case ast.Constant(value=True):
            return method, ".opt(exception=True)"
        case ast.Name(id=name):
            return ("error" if method == "exception" else method), f".opt(exception={name})"
    raise Refused("the value of `exc_info` is an expression, which would be evaluated earlier")


def _bound(extra: ast.expr) -> str:
    """`.bind(...)` for a dict display of names and constants. Raises `Refused`."""
    if not isinstance(extra, ast.Dict) or not all(isinstance(item, (ast.Name, ast.Constant)) for item in extra.values):
        raise Refused("the values of `extra` would be evaluated earlier")
    keys = [key.value for key in extra.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
    if len(keys) != len(extra.keys) or not all(key.isidentifier() for key in keys) or len(set(keys)) < len(keys):
        raise Refused("the keys of `extra` are no names, which loguru's `bind` needs")
    values = map(ast.unparse, extra.values)
    return f".bind({', '.join(f'{key}={value}' for key, value in zip(keys, values, strict=True))})" if keys else ""


def _places(call: ast.Call, context: Context) -> list[str]:
    """What is in braces for each `%` placeholder of a message. Raises `Refused`."""
    template, *values = call.args
    if not isinstance(template, ast.Constant) or not isinstance(template.value, str):
        raise Refused("the message is no literal, so its `%` placeholders are unknown")
    found = placeholders(template.value)
    if len(found) != len(values):
        raise Refused("its values do not match its placeholders")
    return [_place(match[0], value, context) for match, value in zip(found, values, strict=True)]


def _place(placeholder: str, value: ast.expr, context: Context) -> str:
    kind, how = placeholder[-1], placeholder[1:-1]
    if not how and kind in _CONVERSIONS:
        plain = kind == "s" and _formats_as_text(value, context)
        return "{}" if plain else f"{{{_CONVERSIONS[kind]}}}"
    types = known_types(context.module, value)
    is_real = kind in _REAL
    known = bool(types) and types <= (NUMBERS if is_real else {"int"})
    if known and kind in _NUMERIC and set(how) <= (_WIDTH | {"."} if is_real else _WIDTH):
        spec = f"{how}{'' if kind == 'd' else kind}"
        return f"{{:{spec}}}" if spec else "{}"
    raise Refused(f"`{placeholder}` may mean something else as a placeholder of loguru's")


_WIDTH = frozenset("0123456789+")
