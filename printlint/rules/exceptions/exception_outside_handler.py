"""PRT602."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from printlint.facts.calls.log_calls import LogCall, log_calls
from printlint.facts.context import Context
from printlint.facts.flow.hooks import is_hook
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module, once_a_module
from printlint.finding import Finding
from printlint.names.enclosing import Function
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged

_CALLED_FOR_ERRORS = r"(?i)err|exc|fail|crash|hook|fault|abort|problem|handle|callback|^on_"
_EXITS = frozenset({"__exit__", "__aexit__"})
_EXCEPTION_NAMES = re.compile(r"^(?:e|ex|t|tb|einfo|failure|traceback)$|exc|err", re.IGNORECASE)


class ExceptionOutsideHandler(Rule):
    """## What it does
    Finds `logger.exception(...)`, and other calls with a true `exc_info`, where no exception is being handled.

    ## Why is this bad
    There is no traceback to log: the record ends in `NoneType: None`. Either `error` was meant, or the call is outside
    the `except` clause by mistake. `__exit__` is also called where its block has ended well, and `sys.excepthook`, an
    event loop and `atexit` call their functions when nothing is being handled any more.

    ## Fix safety
    No fix: the call may belong in an `except` clause. Not reported in functions that are called from `except` clauses,
    passed as callbacks to unknown code, take an exception, use `sys.exc_info()`, or are named for errors: an exception
    may be handled while they run.
    """

    code = "PRT602"
    name = "exception-outside-handler"
    summary = "`exception()` or a true `exc_info` where no exception is handled"
    starts = LOG_WORDS
    refusal = "no automatic fix; move the call to an `except` clause or use `error`"
    options = ("loggers",)
    peers = ("LOG004", "LOG014")
    examples = (
        flagged(
            logged('if response.status != 200:\n    logger.exception("no answer")'),
            instead=logged('if response.status != 200:\n    logger.error("no answer")'),
        ),
        ignored(
            'import logging\nlogger = logging.getLogger("a")\n'
            'try:\n    work()\nexcept ValueError:\n    if x:\n        logger.exception("failed")'
        ),
        ignored(
            'import logging\nlogger = logging.getLogger("a")\n'
            "def f():\n    try:\n        work()\n    except ValueError:\n"
            '        def later():\n            logger.exception("failed")\n        later()'
        ),
        ignored(
            'import logging\nlogger = logging.getLogger("a")\ndef tell():\n    logger.exception("failed")\n'
            "def f():\n    try:\n        work()\n    except ValueError:\n        tell()"
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Calls that log the current exception where there is surely none."""
        for found in log_calls(context.module):
            known = found.standard or found.logger.kind is LoggerKind.LOGURU
            if known and _logs_the_current_exception(found):
                if place := _place_outside(context.module, found.call):
                    yield self.finding(context, found.call, _message(found, place))


def _message(found: LogCall, place: str) -> str:
    if place in _EXITS:
        return f"`{found.method}` in `{place}` also runs without an exception; check for one first"
    if place == _HOOK:
        return f"`{found.method}` where no exception is handled any more; pass the exception as `exc_info`"
    if "exception" in found.options:
        return "`opt(exception=True)` outside an `except` clause; remove it"
    if found.method == "exception":
        return "`exception` outside an `except` clause; use `error`"
    return "`exc_info` outside an `except` clause; remove it"


def _logs_the_current_exception(found: LogCall) -> bool:
    if (given := found.options.get("exception")) is not None:
        return isinstance(given, ast.Constant) and given.value is True
    for keyword in found.call.keywords:
        if keyword.arg in ("exc_info", None):
            return isinstance(keyword.value, ast.Constant) and keyword.value.value in (True, 1)
    return found.method == "exception"


def _place_outside(module: Module, call: ast.Call) -> str:
    """Where a call is that no exception is handled at; empty where one may be.

    It may be in an `except` clause, in `finally`, or in a function that may run in one.
    """
    child: ast.AST = call
    for ancestor in module.scopes.outline(call):
        if isinstance(ancestor, ast.ExceptHandler):
            return ""
        if isinstance(ancestor, (ast.Try, ast.TryStar)) and child in ancestor.finalbody:
            return ""
        if isinstance(ancestor, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            if is_hook(module, ancestor) and "exc_info()" not in module.source.segment(ancestor):
                return _HOOK
            if isinstance(ancestor, ast.Lambda):
                return ""
            if ancestor.name in _EXITS:
                return "" if _has_looked(module, ancestor, call) else ancestor.name
            if _is_for_exceptions(module, ancestor, call):
                return ""
        child = ancestor
    return _ELSEWHERE


_HOOK = "a hook"
_ELSEWHERE = "elsewhere"


def _has_looked(module: Module, function: Function, call: ast.Call) -> bool:
    """Whether a test before a call of `__exit__` asks for the exception, and the call depends on it."""
    arguments = function.args
    known = {item.arg for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)[1:]}
    known |= {arguments.vararg.arg} if arguments.vararg is not None else set()
    around = {call, *module.scopes.outline(call)}
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=targets, value=value) if _reads(value, known):
                known |= {name for target in targets for name in _names(target)}
            case ast.If(test=test, body=body) if _reads(test, known):
                leaves = isinstance(body[-1], (ast.Return, ast.Raise)) and node.lineno < call.lineno
                if node in around or leaves:
                    return True
            case (
                ast.While(test=test) | ast.IfExp(test=test) | ast.BoolOp(values=[test, *_]) | ast.Match(subject=test)
            ) if node in around:
                if _reads(test, known):
                    return True
    return "exc_info()" in module.source.segment(function)


def _reads(node: ast.AST, names: set[str]) -> bool:
    return not names.isdisjoint(_names(node))


def _names(node: ast.AST) -> set[str]:
    """The names and attributes in an expression, `self` aside."""
    nodes = list(ast.walk(node))
    attributes = {item.attr for item in nodes if isinstance(item, ast.Attribute)}
    return {item.id for item in nodes if isinstance(item, ast.Name)} - {"self"} | attributes


def _is_for_exceptions(module: Module, function: Function, call: ast.Call) -> bool:
    arguments = function.args
    names = [item.arg for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    if re.search(_CALLED_FOR_ERRORS, function.name) or any(map(_EXCEPTION_NAMES.search, names)):
        return True
    if _may_run_in_handlers(module, function.name) or "exc_info()" in module.source.segment(function):
        return True
    # a wrapper around the call hands on what it is given, and is called from anywhere
    return bool(call.args) and isinstance(call.args[0], ast.Name) and call.args[0].id in names


@once_a_module
def _may_run_in_handlers(module: Module, name: str) -> bool:
    """Whether a handler of this module calls a function, or one is a value somewhere: a callback may run in any."""
    for node in module.scopes.named((name,)):
        if isinstance(node, (ast.Attribute, ast.Name)) and isinstance(node.ctx, ast.Load):
            parent = module.scopes.parent(node)
            is_called = isinstance(parent, ast.Call) and parent.func is node
            if not is_called or module.places.handler(node) is not None:
                return True
    return False
