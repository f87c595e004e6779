"""Which logger a module's rewritten calls go to: one that it has, or a new one under a free name."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from printlint.backends import backend_of
from printlint.backends.base import check_in_sight
from printlint.facts.context import Context
from printlint.facts.flow.origins import origins
from printlint.facts.log_setup.attachments import attributes_set
from printlint.facts.loggers.kinds import LOGURU, LoggerKind, LoggerValue
from printlint.facts.module import Module
from printlint.facts.readers.name_readers import lists_names, notices_new
from printlint.logging_names import METHODS
from printlint.names.bindings import Binding, BindingKind
from printlint.names.qualified import is_none
from printlint.plan.message import Refused
from printlint.plan.refusals import check_behind_head, check_head
from printlint.reading import disk

_OTHER_NAMES = ("_logger", "log", "module_logger")
_EVALUATION = frozenset({"builtins.eval", "builtins.exec"})
_INSPECTS = r"\b(?:globals|vars|dir|locals)\(\)"
_INTROSPECTION = frozenset({"builtins.globals", "builtins.vars", "builtins.dir", "builtins.locals"})
# The names beside a logger's that a rewrite may bind in a module.
_ADDED = frozenset(
    {
        *("logging", "sys", "pformat", "structlog", "signals", "JsonFormatter", "get_logger", "get_event_logger"),
        *("get_async_logger", "setup_logging", "logging_config", "unblock"),
    }
)


@dataclass(frozen=True)
class LoggerChoice:
    """The logger's name, with the value that it has already; `value` is None for a new one.

    `line` is where an existing one is bound (from 1). `caution` says why a new name is not safe by default.
    """

    name: str
    value: LoggerValue | None = None
    line: int = 0
    caution: str = ""

    @property
    def created(self) -> tuple[ast.Call, ...]:
        """The calls of this file that make it."""
        return self.value.created if self.value is not None else ()

    @property
    def structured(self) -> bool:
        """Whether it is structlog's."""
        return self.value is not None and self.value.kind is LoggerKind.STRUCTLOG

    @property
    def awaitable(self) -> bool:
        """Whether its calls can be awaited unchanged."""
        return self.value is not None and self.value.kind is LoggerKind.QUEUE


def choose_logger(context: Context) -> LoggerChoice:
    """The logger for a module. Raises `Refused` where it would have to be guessed."""
    existing = _existing(context)
    if existing is not None:
        return existing
    module = context.module
    backend_of(context).check_library(context)
    check_head(module)
    star_imported = context.project.star_imported(module.layout) and "__all__" not in module.all_bindings()
    wanted = ("_logger",) if star_imported else (context.config.logger_name, *_OTHER_NAMES)
    name = next((name for name in wanted if _is_free(context, name)), None)
    if name is None:
        raise Refused(f"the names {', '.join(wanted)} are all in use in this file")
    if star_imported and (taker := _taker_of_new_names(context)) is not None:
        return LoggerChoice(name, caution=f"{taker.name} star-imports this file and would get new names")
    if lister := lists_names(module, context.project):
        return LoggerChoice(name, caution=f"{lister} lists the names of this module and would see new ones")
    return LoggerChoice(name, caution=introspects(module))


def _taker_of_new_names(context: Context) -> Path | None:
    """A file that a star import would bring a name which it has another use for; `_logger` is not brought."""
    assert context.module.layout is not None
    for path in sorted(context.project.star_importers(context.module.layout)):
        own_module = path.stem == "__init__" and any(path.parent.glob("logging*"))
        data = disk.read(path)
        if re.search(_NEW_NAMES, data) or (b"logging" in data and not re.search(_IMPORTS_LOGGING, data)) or own_module:
            return path
    return None


# What a module that gets a logger may import for it.
_NEW_NAMES = rb"\b(?:get_logger|get_async_logger|structlog)\b|\b(?:globals|vars|dir|locals|getmembers)\("
_IMPORTS_LOGGING = rb"(?m)^import logging[ \t]*\r?$"


def _existing(context: Context) -> LoggerChoice | None:
    module, backend = context.module, backend_of(context)
    found: list[LoggerChoice] = []
    changing: list[str] = []
    for name, bindings in module.all_bindings().items():
        value = module.loggers.of_bindings(bindings)
        if value is None or value.root or value.kind is LoggerKind.SEVERAL or _is_taken_out(bindings):
            continue
        if value.kind in backend.beside:
            continue
        if value.kind not in backend.writes_to:
            raise Refused(f"the module logs through {value.kind.value}, whose calls differ")
        if value.kind is LoggerKind.LOGURU and not value.plain:
            changing.append(name)
            continue
        if not _takes_any_message(value, bindings) or not _is_general(module, name, value):
            continue
        line = _bound_from(module, bindings)
        if line is None:
            raise Refused(f"the logger `{name}` is assigned conditionally or more than once")
        found.append(LoggerChoice(name, value, line, _detached(module, name)))
    if changing and not found:
        raise Refused(f"`{changing[0]}` comes from loguru's `opt` or `patch`, which may change the message")
    if not found:
        return None
    preferred = [choice for choice in found if choice.name == context.config.logger_name]
    return (preferred or [choice for choice in found if _named_after_module(choice)] or found)[0]


def _detached(module: Module, name: str) -> str:
    """Why records of the module's own logger may not reach those above it by their names; empty where they do."""
    for value in origins(module, module.scopes.load(name)):
        if isinstance(value, ast.Call) and module.qualified(value.func) == "logging.Logger":
            return f"`{name}` is a `Logger` created directly, which has no parent"
    parents = (item.owner for item in attributes_set(module, "parent"))
    is_moved = any(isinstance(owner, ast.Name) and owner.id == name for owner in parents)
    return f"`{name}` is given another parent" if is_moved else ""


def _is_taken_out(bindings: list[Binding]) -> bool:
    """Whether a loop or an unpacking gives a name its logger, one of several."""
    return any(binding.kind is BindingKind.TARGET for binding in bindings)


def _takes_any_message(value: LoggerValue, bindings: list[Binding]) -> bool:
    """Whether a logger does with a message what `logging` does, whoever makes it."""
    if value.plain or (value.foreign and all(binding.kind is BindingKind.IMPORT for binding in bindings)):
        return True
    return value.kind is LoggerKind.STDLIB and not value.derived and not value.own_methods


def _bound_from(module: Module, bindings: list[Binding]) -> int | None:
    """The line from which a name is bound to a logger for certain; None where it may be another value, or none.

    That is the line of its only assignment, or the end of a statement that assigns it on each of its branches.
    """
    if any(binding.kind is BindingKind.DELETE or is_none(binding.value) for binding in bindings):
        return None
    around = {binding.node: _outermost(module, binding.node) for binding in bindings}
    first = min(around.values(), key=lambda statement: statement.lineno)
    return _end_of_branches(first, [node for node, statement in around.items() if statement is first])


def _outermost(module: Module, node: ast.AST) -> ast.stmt:
    """The statement of the module's own body that a node is in, or is."""
    *_, outermost = (item for item in (node, *module.scopes.ancestors(node)) if item is not module.tree)
    assert isinstance(outermost, ast.stmt)
    return outermost


def _end_of_branches(statement: ast.stmt, nodes: list[ast.AST]) -> int | None:
    if any(statement is node for node in nodes):
        return statement.lineno
    match statement:
        case ast.Try(body=body, handlers=handlers, orelse=[], finalbody=[]):
            branches = [body, *(handler.body for handler in handlers)]
        case ast.If(body=body, orelse=orelse):
            branches = [body, orelse]
        case _:
            return None
    bound = all(any(part in nodes for part in branch) for branch in branches)
    return statement.end_lineno if bound else None


def _is_general(module: Module, name: str, value: LoggerValue) -> bool:
    """Whether a logger is for all of the module's messages, not for special ones (`audit`, `access_log`)."""
    if re.match(_USUAL_NAME, name) or value.kind is LoggerKind.QUEUE:
        return True
    dotted = module.layout.module if module.layout else ""
    for call in value.created:
        match call.args:
            case [ast.Constant(value=str(text))] if not f"{dotted}.".startswith(f"{text}."):
                return False
    return True


_USUAL_NAME = r"(?i)^_*(?:log|logger|lg)_*$"


def _named_after_module(choice: LoggerChoice) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "__name__" for call in choice.created for node in call.args)


def _is_free(context: Context, name: str) -> bool:
    """Whether a new module-level `name` changes nothing. Raises `Refused` where it looks like another logger."""
    module = context.module
    bindings = module.bindings_of(name)
    if any(_may_be_logger(binding) for binding in bindings) and _is_logged_to(module, name):
        value = module.loggers.of_bindings(bindings)
        if value is not None and value.root:
            raise Refused(f"`{name}` is the root logger here; name it after its module first (PRT202)")
        raise Refused(f"the type of `{name}` is unknown")
    if any(binding.kind is BindingKind.IMPORT for binding in bindings):
        raise Refused(f"`{name}` is imported, and its type is unknown")
    if bindings or module.names.star_binds(name):
        return False
    check_in_sight(module, name)
    return not notices_new(module, context.project, name)


def _may_be_logger(binding: Binding) -> bool:
    return binding.kind in (BindingKind.ASSIGN, BindingKind.TARGET, BindingKind.ANNOTATION, BindingKind.IMPORT)


def _is_logged_to(module: Module, name: str) -> bool:
    return any(
        isinstance(call.func, ast.Attribute)
        and call.func.attr in METHODS
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == name
        for call in module.calls
    )


def introspects(module: Module) -> str:
    """How the module would notice new names; empty if it would not."""
    if "sys.modules[__name__]" in module.source.text:
        return "the module inspects itself through sys.modules and would see new names"
    for call in module.calls:
        qualified = module.qualified(call.func)
        if qualified in _INTROSPECTION and not call.args and not _asks_for_one(module, call):
            owner = module.places.executing_scope(call)
            if qualified == "builtins.globals" or owner is module.scopes.module:
                return f"the module inspects its own names with {ast.unparse(call)} and would see new ones"
        match call.args:
            case [ast.Constant(value=str(text)), *_] if qualified in _EVALUATION and re.search(_INSPECTS, text):
                return "the module runs text that inspects its names and would see new ones"
    return ""


def _asks_for_one(module: Module, names: ast.Call) -> bool:
    """Whether a module looks for one name among its own, which is none that a rewrite may add: `"x" in globals()`."""
    user = module.scopes.parent(names)
    if isinstance(user, ast.Attribute) and user.attr in ("get", "pop", "setdefault"):
        user = module.scopes.parent(user)
    match user:
        case ast.Compare(left=ast.Constant(value=str(name)), ops=[ast.In() | ast.NotIn()]):
            pass
        case ast.Subscript(slice=ast.Constant(value=str(name))) | ast.Call(args=[ast.Constant(value=str(name)), *_]):
            pass
        case _:
            return False
    return name not in _ADDED and name not in ("logger", *_OTHER_NAMES)


def check_site(module: Module, choice: LoggerChoice, call: ast.Call, *, of_loguru: bool) -> None:
    """Raise `Refused` where the logger's name means something else at `call`, or is not bound by then.

    `of_loguru`: it is loguru's logger, which functions may import for themselves.
    """
    holder = module.scopes.scope_of(call).holder(choice.name)
    if (
        holder is not None
        and holder is not module.scopes.module
        and not (of_loguru and _is_logurus(module, choice, call))
    ):
        raise Refused(f"`{choice.name}` is bound to something else in this scope")
    if choice.value is None:
        check_behind_head(module, call)
        return
    if module.places.runs_at_loading(call):
        if call.lineno < choice.line:
            raise Refused(f"the logger `{choice.name}` is defined further down")
    elif call.lineno < choice.line and _calls_at_import(module, choice.line):
        raise Refused(f"the logger `{choice.name}` is defined further down, and the function may run before that")


def _is_logurus(module: Module, choice: LoggerChoice, call: ast.Call) -> bool:
    """Whether the name is loguru's logger where a function imports it for itself, before anything else it does."""
    bindings = module.scopes.scope_of(call).bindings_of(choice.name)
    function = module.places.function(call)
    body = getattr(function, "body", None)
    own = [binding for binding in bindings if isinstance(body, list) and binding.node in body]
    early = all(getattr(binding.node, "lineno", 0) < call.lineno for binding in own)
    return bool(own) and len(own) == len(bindings) and early and all(item.origin == LOGURU for item in own)


def _calls_at_import(module: Module, before_line: int) -> bool:
    """Whether the module's own body calls anything above a line."""
    return any(call.lineno < before_line and module.places.runs_at_loading(call) for call in module.calls)
