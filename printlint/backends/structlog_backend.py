"""`structlog`: loggers become structlog's, with other methods to await and with keywords for `extra`."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TypeGuard

from printlint.backends.base import Backend, Definition, check_created_here
from printlint.facts.calls.log_calls import LogCall, log_calls
from printlint.facts.context import Context, once_a_context
from printlint.facts.loggers.kinds import LoggerKind, LoggerValue
from printlint.facts.module import Module
from printlint.facts.project.structlog_setup import configures_structlog
from printlint.logging_names import MODERN
from printlint.names.enclosing import AwaitStatus
from printlint.plan.edits import Edit, Log, Respell, Retarget
from printlint.plan.message import Refused
from printlint.plan.message_style import STRUCTLOG_NAMES
from printlint.plan.refusals import check_head

SUSPENDS = "the `await` always suspends, so other tasks may run in between"


class StructlogBackend(Backend):
    """structlog's loggers, whose asynchronous methods have names of their own."""

    name = "structlog"
    title = "Await structlog's asynchronous method"
    writes_to = Backend.writes_to | {LoggerKind.STRUCTLOG}
    awaits_elsewhere = True
    replaces_loggers = True
    changes_all_calls = True
    imports_setup = False

    def needs_setup(self, context: Context) -> bool:
        """Not where the project has configured structlog itself."""
        return not configures_structlog(context.project)

    def caution(self, context: Context) -> str:
        """The project's own configuration makes an await suspend always, and nobody has asked for that."""
        return self.suspension(context) if configures_structlog(context.project) else ""

    def suspension(self, context: Context) -> str:
        """Why an await on structlog's own loggers is not safe; nothing where the user has asked for it."""
        return "" if self.is_named(context) else SUSPENDS

    def check_names(self, module: Module) -> None:
        """`structlog` is the package of that name."""
        bound = module.bindings_of("structlog")
        if any(binding.origin != "structlog" for binding in bound) or (
            not bound and module.names.comes_from_elsewhere("structlog")
        ):
            raise Refused("`structlog` is bound to something else in this file")

    def check_call(self, edit: Log, context: Context, *, legal: bool) -> None:
        """Its arguments are those that structlog takes in the same way."""
        self.finish(edit, context, legal=legal)

    def adopt(self, logger: LoggerValue, context: Context) -> tuple[Edit, ...]:
        """The logger becomes structlog's, with all its calls."""
        return () if logger.kind is LoggerKind.STRUCTLOG else _converted(context, self, logger)

    def awaited(self, found: LogCall, context: Context) -> tuple[Edit, ...]:
        """All calls of the logger change with it."""
        return _converted(context, self, found.logger)

    def finish(self, edit: Log, context: Context, *, legal: bool) -> Log:
        """The asynchronous method if the call may be awaited."""
        method, drop, spread = edit.method, None, False
        if edit.message is None and edit.text is None:
            method, drop, spread = _structlog_form(edit.call, edit.method, asynchronous=legal)
        elif legal:
            method = f"a{method}"
        if edit.message is not None and edit.message.fields:
            spread = True
        return replace(edit, awaited=legal, method=method, drop=drop, spread=spread)

    def define(self, name: str, *, synchronous: bool) -> Definition:
        """One logger for all."""
        return Definition((f"{name} = structlog.get_logger(__name__)",), frozenset({"structlog"}))


@once_a_context
def _converted(context: Context, backend: Backend, logger: LoggerValue) -> tuple[Edit, ...]:
    """What makes a standard library logger one of structlog's, calls included. Raises `Refused`."""
    if not backend.is_named(context):
        raise Refused("the module uses both structlog and logging; set `async-backend`")
    check_created_here(logger)
    module = context.module
    backend.check_names(module)
    check_head(module)
    if backend.needs_setup(context):
        backend.setup_import(context)
    for name, bindings in module.scopes.module.all_bindings().items():
        if any(binding.value in logger.created for binding in bindings):
            if importer := context.project.importer_of(module.layout, name):
                raise Refused(f"{importer} imports the logger and may use it as a standard library logger")
    found = [item for item in log_calls(module) if set(item.logger.created) & set(logger.created)]
    receivers = {id(item.receiver) for item in found}
    if not configures_structlog(context.project):  # the set-up module's loggers have it
        receivers |= {id(call.func.value) for call in module.calls if _asks_for_level(call.func)}
    _check_only_called(module, logger, receivers)
    edits = [structlog_call(item, module) for item in found]
    changed = [edit for edit in edits if edit != Respell(edit.call)]
    return (*(Retarget(call, "structlog.get_logger") for call in logger.created), *changed)


def _asks_for_level(func: ast.expr) -> TypeGuard[ast.Attribute]:
    return isinstance(func, ast.Attribute) and func.attr == "isEnabledFor"


def _check_only_called(module: Module, logger: LoggerValue, receivers: set[int]) -> None:
    """Raise `Refused` where the logger is used for more than records: structlog's objects do less, and do it lazily."""
    for node in module.scopes.nodes:
        if not isinstance(node, (ast.Name, ast.Attribute)) or not isinstance(node.ctx, ast.Load):
            continue
        value = module.loggers.value(node)
        if value is not None and set(value.created) & set(logger.created) and id(node) not in receivers:
            raise Refused(f"the logger is used for more than logging at line {node.lineno}")


def structlog_call(found: LogCall, module: Module) -> Respell:
    """A call on a logger that is, or will be, structlog's. Raises `Refused` for what means something else there."""
    asynchronous = module.places.await_status(found.call) is AwaitStatus.LEGAL
    if found.logger.kind is LoggerKind.STRUCTLOG and not asynchronous:
        raise Refused("`await` is not possible here, and structlog's asynchronous methods need one")
    method, drop, spread = _structlog_form(
        found.call, MODERN.get(found.method, found.method), asynchronous=asynchronous
    )
    spread = spread and found.standard
    if not asynchronous:
        return Respell(found.call, spread=spread)
    return Respell(found.call, method, drop, spread=spread, awaited=not module.is_awaited(found.call))


def _structlog_form(call: ast.Call, method: str, *, asynchronous: bool) -> tuple[str, ast.keyword | None, bool]:
    """The method, the keyword to drop, and whether to spread `extra`. Raises `Refused`."""
    _check_structlog_arguments(call)
    named = {keyword.arg: keyword for keyword in call.keywords}
    drop = None
    if asynchronous and "exc_info" in named and method != "exception":
        match method, named["exc_info"].value:
            case "error", ast.Constant(value=True):
                method, drop = "exception", named["exc_info"]
            case _, ast.Name():
                pass
            case _:
                raise Refused("structlog's asynchronous methods lose the traceback of `exc_info`")
    return f"a{method}" if asynchronous else method, drop, "extra" in named


def _check_structlog_arguments(call: ast.Call) -> None:
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg in ("stacklevel", "stack_info"):
            raise Refused(f"`{ast.unparse(keyword)}` has another meaning in structlog")
        if keyword.arg == "extra" and not _is_plain_dict(keyword.value):
            raise Refused("the keys of `extra` are unknown, and structlog needs them as keywords")


def _is_plain_dict(node: ast.expr) -> bool:
    if not isinstance(node, ast.Dict):
        return False
    keys = [key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
    free = all(key not in STRUCTLOG_NAMES for key in keys)
    return len(keys) == len(node.keys) == len(set(keys)) and free
