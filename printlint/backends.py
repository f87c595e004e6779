"""The asynchronous back ends: what a logging call becomes in asynchronous code, and what its logger has to be.

`queue`: the module's logger becomes the set-up module's, and its calls are awaited. `aiologger`: it gets a companion,
and calls in asynchronous code go to that. `structlog`: it becomes structlog's, with other methods to await and with
fields for `extra`. `none`: it stays, before the set-up module's queue.
"""

from __future__ import annotations

import ast
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, TypeGuard

from printlint.edits import Await, Edit, InsertAfter, Log, Respell, Retarget
from printlint.facts.log_calls import MODERN, LogCall, log_calls
from printlint.facts.loggers import LoggerKind, LoggerValue
from printlint.facts.module import Module
from printlint.facts.places import AwaitStatus
from printlint.message import Refused
from printlint.setup_import import setup_import

if TYPE_CHECKING:
    from printlint.rule import Context

VALUE_USED = "its value is used, and a call of an awaitable logger gives no plain None"
_ELSEWHERE = "its logger comes from elsewhere (a parameter, a child, an adapter, another module)"
_NO_AWAIT = "no await may stand here, and what does not await stays with the synchronous logger"


@dataclass(frozen=True)
class Definition:
    """New module-level lines that make loggers, and the names that they use: `logging`, or a set-up function's."""

    lines: tuple[str, ...]
    uses: frozenset[str]


class Backend(ABC):
    """One way to log from asynchronous code."""

    name: ClassVar[str]
    title: ClassVar[str]

    def needs_setup(self, context: Context) -> bool:
        """Whether what is written needs the set-up module."""
        return True

    def adopt(self, logger: LoggerValue, context: Context) -> tuple[Edit, ...]:
        """What an existing logger needs before calls in asynchronous code can use it. Raises `Refused`."""
        return ()

    @abstractmethod
    def awaited(self, found: LogCall, context: Context) -> tuple[Edit, ...]:
        """The edits for one call that stands in asynchronous code. Raises `Refused`."""

    @abstractmethod
    def finish(self, edit: Log, context: Context, *, legal: bool) -> Log:
        """A new call in asynchronous code; `legal`: an await may stand there."""

    def define(self, name: str, *, synchronous: bool) -> Definition:
        """A new logger, for calls in asynchronous code and, perhaps, for `synchronous` ones too."""
        return define_plain(name)


def define_plain(name: str) -> Definition:
    """A logger of the standard library's."""
    return Definition((f"{name} = logging.getLogger(__name__)",), frozenset({"logging"}))


class NoBackend(Backend):
    """Calls stay as they are: the set-up module's handler does not block."""

    name = "none"
    title = "Let the set-up module's queue handler do the writing"

    def awaited(self, found: LogCall, context: Context) -> tuple[Edit, ...]:
        """Nothing to edit."""
        return ()

    def finish(self, edit: Log, context: Context, *, legal: bool) -> Log:
        """A plain call."""
        return edit


class QueueBackend(Backend):
    """Calls are awaited on the logger of the standard library, which the set-up module has made awaitable."""

    name = "queue"
    title = "Await the call on the set-up module's logger"

    def adopt(self, logger: LoggerValue, context: Context) -> tuple[Edit, ...]:
        """Its `getLogger` calls become the set-up module's."""
        return _retargets(logger, context)

    def awaited(self, found: LogCall, context: Context) -> tuple[Edit, ...]:
        """An await where one may stand; elsewhere the new logger is enough."""
        edits: list[Edit] = [*_retargets(found.logger, context)]
        if _may_await(context.module, found.call):
            edits.append(Await(found.call, MODERN.get(found.method)))
        elif not context.module.is_awaited(found.call) and context.module.places.value_used(found.call):
            raise Refused(VALUE_USED)
        return tuple(edits)

    def finish(self, edit: Log, context: Context, *, legal: bool) -> Log:
        """Awaited where that may be."""
        return replace(edit, awaited=legal)

    def define(self, name: str, *, synchronous: bool) -> Definition:
        """One logger for all."""
        return Definition((f"{name} = get_logger(__name__)",), frozenset({"get_logger"}))


class AiologgerBackend(Backend):
    """A second logger of aiologger's interface stands beside the module's own."""

    name = "aiologger"
    title = "Await the call on a companion of the logger"

    def adopt(self, logger: LoggerValue, context: Context) -> tuple[Edit, ...]:
        """The companion's definition, behind the logger's own."""
        return _companion(logger, context)[1]

    def awaited(self, found: LogCall, context: Context) -> tuple[Edit, ...]:
        """The call on the companion."""
        companion, edits = _companion(found.logger, context)
        name = _on_companion(found, companion, context.module)
        if context.module.is_awaited(found.call):
            return (*edits, Respell(found.call, MODERN.get(found.method), receiver=name))
        if not _may_await(context.module, found.call):
            raise Refused(_NO_AWAIT)
        return (*edits, Await(found.call, MODERN.get(found.method), receiver=name))

    def finish(self, edit: Log, context: Context, *, legal: bool) -> Log:
        """The companion where an await may stand."""
        if not legal:
            return edit
        return replace(edit, awaited=True, logger=companion_of(edit.logger))

    def define(self, name: str, *, synchronous: bool) -> Definition:
        """One or both of the pair."""
        companion = Definition((f"{companion_of(name)} = get_async_logger(__name__)",), frozenset({"get_async_logger"}))
        if not synchronous:
            return companion
        plain = define_plain(name)
        return Definition((*plain.lines, *companion.lines), plain.uses | companion.uses)


class StructlogBackend(Backend):
    """structlog's loggers, whose asynchronous methods have names of their own."""

    name = "structlog"
    title = "Await structlog's asynchronous method"

    def needs_setup(self, context: Context) -> bool:
        """Not where the project has configured structlog itself."""
        return not context.project.configures_structlog

    def adopt(self, logger: LoggerValue, context: Context) -> tuple[Edit, ...]:
        """The logger becomes structlog's, with all its calls."""
        return () if logger.kind is LoggerKind.STRUCTLOG else _converted(logger, context)

    def awaited(self, found: LogCall, context: Context) -> tuple[Edit, ...]:
        """All calls of the logger change with it."""
        return _converted(found.logger, context)

    def finish(self, edit: Log, context: Context, *, legal: bool) -> Log:
        """The asynchronous method where an await may stand."""
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


_BACKENDS: dict[str, Backend] = {
    item.name: item for item in (NoBackend(), QueueBackend(), AiologgerBackend(), StructlogBackend())
}


@lru_cache(maxsize=4)
def backend_of(context: Context) -> Backend:
    """The back end for a module: the one that was named, else by what the module and the project use."""
    chosen = context.config.async_backend
    if chosen != "auto":
        return _BACKENDS[chosen]
    if logs_through_structlog(context.module):
        return _BACKENDS["structlog"]
    return _BACKENDS["aiologger" if context.project.declares("aiologger") else "queue"]


def logs_through_structlog(module: Module) -> bool:
    """Whether the module has a logger of structlog's at its top level."""
    bindings = module.scopes.module.bindings.values()
    values = (module.loggers.of_bindings(group) for group in bindings)
    return any(value is not None and value.kind is LoggerKind.STRUCTLOG for value in values)


def _may_await(module: Module, call: ast.Call) -> bool:
    return module.places.await_status(call) is AwaitStatus.LEGAL and not module.is_awaited(call)


def _check_created_here(logger: LoggerValue) -> None:
    if logger.root:
        raise Refused("its logger is the root logger, which has to change first (PRT202)")
    if not logger.plain or not logger.created:
        raise Refused(_ELSEWHERE)


# queue


@lru_cache(maxsize=16)
def _retargets(logger: LoggerValue, context: Context) -> tuple[Retarget, ...]:
    """What makes a logger awaitable: its `getLogger` calls become the set-up module's. Raises `Refused`."""
    if logger.kind is LoggerKind.QUEUE:
        return ()
    _check_created_here(logger)
    setup_import(context, "queue")
    module = context.module
    created = frozenset(logger.created)
    for found in log_calls(module):
        if created & frozenset(found.logger.created) and not module.is_awaited(found.call):
            status = module.places.await_status(found.call)
            if status is not AwaitStatus.LEGAL and module.places.value_used(found.call):
                raise Refused(f"at line {found.call.lineno} the value of a call on the same logger is used")
    return tuple(Retarget(call) for call in logger.created)


# aiologger


def companion_of(name: str) -> str:
    """The name of a logger's companion."""
    bare = name.lstrip("_")
    return f"{name[: len(name) - len(bare)]}async_{bare}"


@lru_cache(maxsize=16)
def _companion(logger: LoggerValue, context: Context) -> tuple[str, tuple[Edit, ...]]:
    """The name of a logger's companion, with the edit that defines it where it is not there yet. Raises `Refused`."""
    _check_created_here(logger)
    setup_import(context, "aiologger")
    module = context.module
    statement = module.places.statement(logger.created[0])
    match statement:
        case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name) as target], value=value):
            pass
        case ast.AnnAssign(target=ast.Name(id=name) | ast.Attribute(attr=name) as target, value=value):
            pass
        case _:
            raise Refused("its logger is made where no companion can be defined beside it")
    arguments = module.source.segment(logger.created[0]).partition("(")[2]
    if len(logger.created) != 1 or value is not logger.created[0] or "\n" in arguments:
        raise Refused("its logger is made where no companion can be defined beside it")
    companion = companion_of(name)
    spelled = module.source.segment(target).removesuffix(name) + companion
    definition = f"{spelled} = get_async_logger({arguments}"
    if definition in module.source.text:
        return companion, ()
    if re.search(rf"\b{companion}\b", module.source.text):
        raise Refused(f"`{companion}` is another name in this file")
    return companion, (InsertAfter(statement, definition),)


def _on_companion(found: LogCall, companion: str, module: Module) -> str:
    """The receiver of a call with the companion's name in place of the logger's."""
    match found.receiver:
        case ast.Name(id=name) | ast.Attribute(attr=name) as receiver if companion_of(name) == companion:
            return module.source.segment(receiver).removesuffix(name) + companion
    raise Refused("its logger goes by another name here than where it is made")


# structlog

_RESERVED = frozenset({"event", "self", "level", "exc_info", "stack_info", "stacklevel", "extra"})


@lru_cache(maxsize=16)
def _converted(logger: LoggerValue, context: Context) -> tuple[Edit, ...]:
    """What makes a standard library logger one of structlog's, calls included. Raises `Refused`."""
    if context.config.async_backend != "structlog":
        raise Refused("the module logs through structlog and through logging; name one with async-backend")
    _check_created_here(logger)
    module = context.module
    check_structlog_name(module)
    setup_import(context, "structlog")
    found = [item for item in log_calls(module) if set(item.logger.created) & set(logger.created)]
    receivers = {id(item.receiver) for item in found}
    if not context.project.configures_structlog:  # the set-up module's loggers have it
        receivers |= {id(call.func.value) for call in module.calls if _asks_for_level(call.func)}
    _check_only_called(module, logger, receivers)
    edits = [structlog_call(item, module) for item in found]
    changed = [edit for edit in edits if edit != Respell(edit.call)]
    return (*(Retarget(call, "structlog.get_logger") for call in logger.created), *changed)


def check_structlog_name(module: Module) -> None:
    """Raise `Refused` where `structlog` is not the package of that name."""
    bound = module.scopes.module.bindings.get("structlog", [])
    if any(binding.origin != "structlog" for binding in bound) or (
        not bound and module.names.comes_from_elsewhere("structlog")
    ):
        raise Refused("`structlog` is another name in this file")


def _asks_for_level(func: ast.expr) -> TypeGuard[ast.Attribute]:
    return isinstance(func, ast.Attribute) and func.attr == "isEnabledFor"


def _check_only_called(module: Module, logger: LoggerValue, receivers: set[int]) -> None:
    """Raise `Refused` where the logger is used for more than records: structlog's objects do less, and do it lazily."""
    for node in module.scopes.scope_of:
        if not isinstance(node, (ast.Name, ast.Attribute)) or not isinstance(node.ctx, ast.Load):
            continue
        value = module.loggers.value(node)
        if value is not None and set(value.created) & set(logger.created) and id(node) not in receivers:
            raise Refused(f"at line {node.lineno} the logger is used for more than a record")


def structlog_call(found: LogCall, module: Module) -> Respell:
    """A call on a logger that is, or will be, structlog's. Raises `Refused` for what means something else there."""
    asynchronous = module.places.await_status(found.call) is AwaitStatus.LEGAL
    if found.logger.kind is LoggerKind.STRUCTLOG and not asynchronous:
        raise Refused("no await may stand here, and structlog's asynchronous methods need one")
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
                raise Refused("structlog's asynchronous methods lose the traceback that exc_info asks for")
    return f"a{method}" if asynchronous else method, drop, "extra" in named


def _check_structlog_arguments(call: ast.Call) -> None:
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg in ("stacklevel", "stack_info"):
            raise Refused(f"structlog treats `{ast.unparse(keyword)}` otherwise")
        if keyword.arg == "extra" and not _is_plain_dict(keyword.value):
            raise Refused("what its `extra` holds is known at run time only, and structlog wants keywords")


def _is_plain_dict(node: ast.expr) -> bool:
    if not isinstance(node, ast.Dict):
        return False
    keys = [key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
    free = all(key not in _RESERVED for key in keys)
    return len(keys) == len(node.keys) == len(set(keys)) and free
