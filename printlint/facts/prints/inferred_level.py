"""The level at which a print would be logged, with the reason.

The first sign that applies decides. Their order was measured on prints labelled by hand (docs/verdicts.md): words of
the message are more reliable than the code around it, and the code is more reliable than the stream: much that is
written to standard error is not a warning. A message that was seen stays one: only a tag, a guard, the name of a
function or a trace of debugging makes it `debug`, which the set-up module does not show by default.
"""

from __future__ import annotations

import ast
import re

from printlint.facts.calls.except_clauses import EXITS
from printlint.facts.module import Module
from printlint.facts.prints.level_words import (
    departure,
    failure,
    is_red,
    narrates,
    recovery,
    success,
    tagged_level,
    worded_level,
    words_of,
)
from printlint.facts.prints.traces import traced
from printlint.finding import Level
from printlint.logging_names import MODERN
from printlint.names.enclosing import asks_for_debugging, is_for_debugging

_ERROR_NAME = r"(?i)^(?:err|exc|error|exception)(?:_|$)|_(?:err|error|exc)$"
_WARNING_NAME = r"(?i)^warn(?:ing)?(?:_|$)|_warn(?:ing)?$"
_REPORTS = r"_*(?:print_|log_)?(debug|info|warn|warning|error|critical|fatal)$"
_VERBOSE_GUARD = r"(?i)verbos"
_MISSING = frozenset({"builtins.ImportError", "builtins.ModuleNotFoundError"})
# What is raised when somebody else ends something: a user, a task's owner, the client at the other end.
_ENDED = {
    "KeyboardInterrupt": "the user interrupted the program",
    "CancelledError": "the task was cancelled",
    "WebSocketDisconnect": "the client has gone",
    "ClientDisconnect": "the client has gone",
    "ConnectionClosedOK": "the client has gone",
    "ConnectionClosed": "the client has gone",
    "ConnectionResetError": "the client has gone",
    "BrokenPipeError": "the reader has gone",
    "StopIteration": "nothing is left",
    "StopAsyncIteration": "nothing is left",
}


def infer_level(module: Module, call: ast.Call, stream: str | None = None) -> Level:
    """The level for a print-like call."""
    text = literal_text(call)
    return (
        tagged_level(text)
        or _by_end_of_program(module, call, text)
        or worded_level(text)
        or _by_names(module, call)
        or _by_guard(module, call)
        or _by_outcome(module, call, text)
        or _by_function(module, call)
        or traced(module, call)
        or _by_stream(stream, text)
        or _by_colour(call, text)
        or Level("info", "nothing in the message or around it suggests another level")
    )


def _by_end_of_program(module: Module, call: ast.Call, text: str) -> Level | None:
    """Module-level code right before an exit: the program cannot even start."""
    if module.places.function(call) is None and not module.places.under_main_guard(call) and not success(text):
        handler = module.places.handler(call)
        following = [_following_statement(module, call)] if handler is None else handler.body
        if any(statement is not None and _exits(module, statement) for statement in following):
            return Level("critical", "the program exits right after it, during import")
    return None


def _by_names(module: Module, call: ast.Call) -> Level | None:
    """A value named like an error or a warning, outside `except` clauses, which `_by_outcome` judges better."""
    if module.places.handler(call) is None:
        for node in ast.walk(call):
            if isinstance(node, ast.Name):
                for pattern, method in ((_ERROR_NAME, "error"), (_WARNING_NAME, "warning")):
                    if re.search(pattern, node.id):
                        return Level(method, f"it prints a value named {node.id!r}")
    return None


def _by_guard(module: Module, call: ast.Call) -> Level | None:
    handled = module.places.handler(call) is not None
    for test, in_body in module.places.guards(call):
        if in_body and asks_for_debugging(test):
            return Level("debug", f"it is under `if {test}`")
        # What a user sees only with `--verbose` is still meant to be seen: not `debug`, which would hide it.
        if in_body and not handled and re.search(_VERBOSE_GUARD, test):
            return Level("info", f"it is under `if {test}`")
    return None


def _by_function(module: Module, call: ast.Call) -> Level | None:
    """A function that is called as a logging method is, or is there for debugging."""
    function = module.places.function(call)
    if function is not None and (match := re.match(_REPORTS, function.name)):
        return Level(MODERN.get(match[1], match[1]), f"it is in `{function.name}`")
    for function in module.places.enclosing_functions(call):
        if is_for_debugging(function):
            return Level("debug", f"it is in `{function.name}`")
    return None


def _by_outcome(module: Module, call: ast.Call, text: str) -> Level | None:
    """An exit or a raise right after the call, or an `except` clause around it.

    A clause that raises or exits reports an error; one after which the program continues, a warning. One that only
    reports is an error again: nothing else will be done about the exception.
    """
    following = _following_statement(module, call)
    at_module_level = module.places.function(call) is None and not module.places.under_main_guard(call)
    handler = module.places.handler(call)
    caught = module.places.caught(handler) if handler is not None else frozenset()
    ended = {_ENDED.get(name.rpartition(".")[2], "") for name in caught}
    if ended and "" not in ended:
        return Level("info", min(ended))
    if following is not None and _gives_up(module, following) and not (_exits(module, following) and success(text)):
        method = "critical" if at_module_level else "error"
        return Level(method, "the program raises or exits right after it")
    if handler is not None:
        if caught & _MISSING:
            return Level("error", "an import failed")
        if any(_gives_up(module, statement) for statement in handler.body):
            return Level("error", "it is in an `except` clause that raises or exits")
        if said := recovery(text):
            return Level("warning", f"the message says {said!r}, so the program recovers")
        if isinstance(handler.body[-1], ast.Continue):
            return Level("warning", "it is in an `except` clause, and the loop continues")
        if _names_exception(call, handler):
            return Level("error", "it reports the exception of its `except` clause")
        if all(_only_reports(statement) for statement in handler.body):
            return Level("error", "it is in an `except` clause that does nothing else")
        return Level("warning", "it is in an `except` clause, and the program continues")
    if said := departure(text):
        return Level("info", f"the message says {said!r}")
    if said := recovery(text) or failure(text):
        return Level("warning", f"the message says {said!r}")
    return None


def _by_stream(stream: str | None, text: str) -> Level | None:
    """Standard error is where warnings go, and the progress of what writes its results to standard output."""
    if stream != "stderr" or narrates(text):
        return None
    return Level("warning", "it is written to standard error")


def _by_colour(call: ast.Call, text: str) -> Level | None:
    """A hint where there are no words."""
    if call.args and is_red(text) and not words_of(text):
        return Level("error", "it is printed in red")
    return None


def literal_text(call: ast.Call) -> str:
    """The literal text in a call's positional arguments, including the constant parts of f-strings."""
    pieces = []
    for argument in call.args:
        for node in _text_nodes(argument):
            pieces.append(node)
    return " ".join(pieces)


def _text_nodes(node: ast.expr) -> list[str]:
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=values):
            return ["".join(v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str))]
        case ast.BinOp(left=left, op=ast.Mod()):
            return _text_nodes(left)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [*_text_nodes(left), *_text_nodes(right)]
        case ast.Call(func=ast.Attribute(value=value, attr="format" | "join")):
            return _text_nodes(value)
        case ast.Call(args=[first, *_]):  # red("Error"), colored("…", "red"), _("…")
            return _text_nodes(first)
        case ast.IfExp(body=body, orelse=orelse):
            return [*_text_nodes(body), *_text_nodes(orelse)]
    return []


def _following_statement(module: Module, call: ast.Call) -> ast.stmt | None:
    return module.places.following(module.places.statement(call))


def _gives_up(module: Module, statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Raise) or _exits(module, statement)


def _exits(module: Module, statement: ast.stmt) -> bool:
    if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)):
        return False
    call = statement.value
    if module.qualified(call.func) not in EXITS:
        return False
    return not (call.args and isinstance(call.args[0], ast.Constant) and call.args[0].value in (0, None))


def _only_reports(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and not isinstance(statement.value, (ast.Await, ast.Yield))
    )


def _names_exception(call: ast.Call, handler: ast.ExceptHandler) -> bool:
    return handler.name is not None and any(
        isinstance(node, ast.Name) and node.id == handler.name for node in ast.walk(call)
    )
