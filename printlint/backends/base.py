"""What every back end answers."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from printlint.facts.calls.log_calls import LogCall
from printlint.facts.loggers.kinds import LoggerKind, LoggerValue
from printlint.facts.module import Module
from printlint.facts.readers.name_readers import notices_new
from printlint.facts.readers.rebinding import rebinding
from printlint.names.bindings import BindingKind
from printlint.names.enclosing import AwaitStatus
from printlint.plan.edits import Edit, Log
from printlint.plan.message import Refused
from printlint.plan.setup_import import SetupImport, setup_import

if TYPE_CHECKING:
    from printlint.facts.context import Context


VALUE_USED = "the return value is used, and an awaitable logger does not return a plain None"


@dataclass(frozen=True)
class Definition:
    """New module-level lines that make loggers, and the names that they use: `logging`, or a set-up function's."""

    lines: tuple[str, ...]
    uses: frozenset[str]


class Backend(ABC):
    """One way to log from asynchronous code."""

    name: ClassVar[str]
    title: ClassVar[str]
    # The kinds of loggers that new calls can go to, and those that may be next to the module's own.
    writes_to: ClassVar[frozenset[LoggerKind]] = frozenset({LoggerKind.STDLIB, LoggerKind.QUEUE})
    beside: ClassVar[frozenset[LoggerKind]] = frozenset()
    # Whether calls in asynchronous code are awaited at all, and on another logger or method than synchronous ones.
    awaits: ClassVar[bool] = True
    awaits_elsewhere: ClassVar[bool] = False
    # Whether what is awaited is the module's logger itself, made otherwise, and what that does to its other calls:
    # they give something to await too, or they change as well.
    replaces_loggers: ClassVar[bool] = False
    makes_awaitable: ClassVar[bool] = False
    changes_all_calls: ClassVar[bool] = False
    # Whether it is asked where nothing is asynchronous, too; its loggers have braces for placeholders, and do not need
    # the handlers of `logging`.
    in_all_code: ClassVar[bool] = False
    braces: ClassVar[bool] = False
    own_sinks: ClassVar[bool] = False
    # Whether files import something of the set-up module, or it only has to be called where the program starts.
    imports_setup: ClassVar[bool] = True

    def is_named(self, context: Context) -> bool:
        """Whether the user has asked for it by its name."""
        return context.config.async_backend == self.name

    def setup_import(self, context: Context) -> SetupImport:
        """Where the set-up module's functions come from. Raises `Refused`; see `plan.setup_import`."""
        return setup_import(context, self.name, imports=self.imports_setup)

    def needs_setup(self, context: Context) -> bool:
        """Whether what is written needs the set-up module."""
        return True

    def caution(self, context: Context) -> str:
        """Why a new call in asynchronous code is not safe by default; nothing where it is."""
        return ""

    def check_names(self, module: Module) -> None:  # noqa: B027  (most need none)
        """Raise `Refused` where a name that new loggers need is another thing's."""

    def check_library(self, context: Context) -> None:
        """Raise `Refused` where a module cannot import what makes its logger."""
        module = context.module
        if module.layout is not None and module.layout.shadows("logging"):
            raise Refused("a logging.py of the project shadows the standard library's logging")
        for binding in module.bindings_of("logging"):
            if binding.origin != "logging" and binding.kind is not BindingKind.DELETE:
                raise Refused("`logging` is bound to something else in this file")
        if not module.bindings_of("logging") and notices_new(module, context.project, "logging"):
            raise Refused("another file reads `logging` from this one, where an import would bind it to something else")
        check_in_sight(module, "logging")

    def check_call(self, edit: Log, context: Context, *, legal: bool) -> None:  # noqa: B027  (most take any)
        """Raise `Refused` where a new call of the module's logger would mean something else."""

    def adopt(self, logger: LoggerValue, context: Context) -> tuple[Edit, ...]:
        """What an existing logger needs before calls in asynchronous code can use it. Raises `Refused`."""
        return ()

    @abstractmethod
    def awaited(self, found: LogCall, context: Context) -> tuple[Edit, ...]:
        """The edits for one call in asynchronous code. Raises `Refused`."""

    @abstractmethod
    def finish(self, edit: Log, context: Context, *, legal: bool) -> Log:
        """A new call in asynchronous code; `legal`: the call may be awaited."""

    def define(self, name: str, *, synchronous: bool) -> Definition:
        """A new logger, for calls in asynchronous code and, perhaps, for `synchronous` ones too."""
        return define_plain(name)


def define_plain(name: str) -> Definition:
    """A logger of the standard library's."""
    return Definition((f"{name} = logging.getLogger(__name__)",), frozenset({"logging"}))


def check_in_sight(module: Module, name: str) -> None:
    """Raise `Refused` where a name comes from nobody knows where."""
    if module.names.comes_from_elsewhere(name):
        raise Refused(f"`{name}` is used in this file but not bound in it")


def may_await(module: Module, call: ast.Call) -> bool:
    """Whether a call may be awaited, and is not."""
    return module.places.await_status(call) is AwaitStatus.LEGAL and not module.is_awaited(call)


def check_not_rebound(context: Context, receiver: ast.expr | None) -> None:
    """Raise `Refused` where a receiver's logger may be another one at run time, which cannot be awaited."""
    if place := rebinding(context.module, context.project, receiver):
        assert receiver is not None
        raise Refused(
            f"`{ast.unparse(receiver)}` is also assigned at {place}, perhaps to a logger that is not awaitable"
        )


def check_created_here(logger: LoggerValue) -> None:
    """Raise `Refused` unless another `getLogger` call in this module would make another logger of it."""
    if logger.root:
        raise Refused("the logger is the root logger; fix PRT202 first")
    if not logger.plain or not logger.created:
        raise Refused("the logger is not created in this module")
