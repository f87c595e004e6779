"""Why printlint is silent where another tool is not: the reasons that docs/peers/ states, found out from the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from printlint.facts.calls.except_clauses import (
    NO_ERRORS,
    comes_after,
    exits,
    is_handed_on,
    logs_the_traceback,
    raises_on,
    shown,
)
from printlint.facts.calls.log_calls import LogCall, log_call_of
from printlint.facts.calls.message_parts import how_built
from printlint.facts.context import Context
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module
from printlint.logging_names import ASYNC_METHODS, LOGURU_METHODS, METHODS

UNREADABLE = "the file cannot be read as the Python that runs printlint, which PRT900 reports"
NO_LOGGER = "what is called is a method or function of something else, which is known"
UNRESOLVED = "the receiver is not known to be a logger"
STRUCTLOG = "structlog's loggers take keywords and have no places"
NO_VALUES = "the text has no values: it is a constant"
INSIDE = "it is inside a value or an operand, not the message itself"
NO_TEXT = "what `.format` is called on is not known to be text"
SAID = "the handler logs the traceback in another call"
RAISES = "the handler raises an exception, and whoever handles that logs it"
EXITS = "the handler ends the program with a message to its user"
HANDED_ON = "the clause returns, keeps or passes on the exception"
NO_ERROR = "what is caught is no error"
NESTED = "the call stands in a function that the handler only defines"
BARE = "the record has no traceback, so that the exception's text says what it is"
PART = "an attribute of the exception, or its type, says more than the traceback's last line"
OTHER_EXCEPTION = "the exception is not the one that the record carries"
AT_HAND = "an exception may be handled: a callback, an error handler, or a function called by one"
NOT_HANDLED = "no handler is around it: `exception` there would be PRT602"
OTHER_PRINT = "`print` is another function there"
OTHER_STREAM = "the print goes to a file"
DEFINITION = "a function or parameter of that name is defined there, which prints nothing"
THROUGH_A_NAME = "a logger's method is called through a variable or `getattr`"
OTHER_EXC_INFO = "`exc_info` is another exception than the current one"
_METHODS = METHODS | ASYNC_METHODS | LOGURU_METHODS


def reason_for(code: str, line: int, context: Context | None) -> str:
    """Why a peer's finding of `code` at `line` (from 1) is none of printlint's; empty where there is no reason."""
    if context is None:
        return UNREADABLE
    module = context.module
    if code.startswith("T20"):
        return _of_print(module, line)
    calls = [call for call in module.calls if call.lineno <= line <= (call.end_lineno or call.lineno)]
    calls.sort(key=lambda call: (call.end_lineno or 0) - call.lineno)
    logged = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS]
    found = next((item for call in logged if (item := log_call_of(module, call)) is not None), None)
    if found is None:
        through_a_name = any(isinstance(call.func, (ast.Name, ast.Call)) for call in calls)
        if any(_is_another(module, call) for call in logged):
            return NO_LOGGER
        return UNRESOLVED if logged else THROUGH_A_NAME if through_a_name else ""
    reasons = [reason for kind, reason in _of_call(code, module, found) if kind]
    return reasons[0] if reasons else ""


def _is_another(module: Module, call: ast.Call) -> bool:
    """Whether a call is one of a function that has a name, or of a method that the class around it defines."""
    if module.qualified(call.func) is not None:
        return True
    func = call.func
    if not (isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id in ("self", "cls")):
        return False
    classes = (item for item in module.scopes.ancestors(call) if isinstance(item, ast.ClassDef))
    around = next(classes, None)
    return around is not None and any(getattr(item, "name", None) == func.attr for item in around.body)


def _of_print(module: Module, line: int) -> str:
    for call in module.calls:
        if call.lineno == line and any(keyword.arg in ("file", "stream") for keyword in call.keywords):
            return OTHER_STREAM
    for node in module.scopes.nodes:
        if isinstance(node, ast.Name) and node.lineno == line and node.id in ("print", "pprint"):
            if module.qualified(node) not in ("builtins.print", "pprint.pprint"):
                return OTHER_PRINT
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            if line in range(node.lineno, node.body[0].lineno) and (
                node.name in ("print", "pprint") or any(item.arg == "print" for item in arguments)
            ):
                return DEFINITION
    return ""


def _of_call(code: str, module: Module, found: LogCall) -> Iterator[tuple[bool, str]]:
    message = found.message
    if found.logger.kind is LoggerKind.STRUCTLOG:
        yield code in ("PLE1205", "PLE1206", "E1205", "E1206", "RUF065", "G101"), STRUCTLOG
    if code in ("G001", "G002", "G003", "G004", "W1201", "W1202", "W1203", "LOG011") and message is not None:
        yield from _of_message(module, message)
    if code in ("TRY400", "LOG005"):
        yield from _of_handler(module, found)
    if code in ("TRY401", "G200", "LOG010"):
        yield from _of_repeated(module, found)
    if code in ("LOG004", "LOG014"):
        yield True, AT_HAND
    if code == "G202":
        yield found.method == "exception", OTHER_EXC_INFO
    if code == "G201":
        yield module.places.handler(found.call) is None, NOT_HANDLED


def _of_message(module: Module, message: ast.expr) -> Iterator[tuple[bool, str]]:
    formats = (
        isinstance(message, ast.Call) and isinstance(message.func, ast.Attribute) and message.func.attr == "format"
    )
    yield formats and how_built(module, message) is None, NO_TEXT
    yield isinstance(message, (ast.JoinedStr, ast.BinOp)) and how_built(module, message) is None, NO_VALUES
    yield isinstance(message, (ast.JoinedStr, ast.BinOp, ast.Call)), INSIDE


def _of_handler(module: Module, found: LogCall) -> Iterator[tuple[bool, str]]:
    handler = module.places.handler(found.call)
    if handler is None:
        yield any(isinstance(item, ast.ExceptHandler) for item in module.scopes.ancestors(found.call)), NESTED
        return
    after = list(comes_after(module, handler, found.call))
    yield bool(module.places.caught(handler) & NO_ERRORS), NO_ERROR
    yield logs_the_traceback(module, handler, found.call), SAID
    yield any(raises_on(item) for item in after), RAISES
    yield any(exits(module, item) for item in after), EXITS
    yield is_handed_on(module, handler), HANDED_ON


def _of_repeated(module: Module, found: LogCall) -> Iterator[tuple[bool, str]]:
    yield not found.carries_exception, BARE
    handler = module.places.handler(found.call)
    yield handler is None, NESTED
    if handler is not None:
        parts = [*filter(None, (found.message, *(found.values or ())))]
        named = [node for part in parts for node in ast.walk(part) if isinstance(node, ast.Name)]
        yield all(node.id != handler.name for node in named), OTHER_EXCEPTION
        yield not any(shown(module, handler, part) for part in parts), PART
