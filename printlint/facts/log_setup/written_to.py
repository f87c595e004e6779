"""Where a handler writes what it is given: to the terminal, to some other place, or wherever."""

from __future__ import annotations

import ast
import re
from enum import Enum
from itertools import chain

from printlint.facts.flow.definitions import library_bases, method_of, owners
from printlint.facts.flow.origins import origins
from printlint.facts.log_setup.handlers import FILE_HANDLERS, SOCKET_HANDLERS
from printlint.facts.module import Module
from printlint.facts.project.project import Project
from printlint.names.qualified import is_none

_ELSEWHERE = (
    r"(?i)file|rotat|syslog|smtp|mail|http|socket|datagram|nullhandler|sentry|journal|loki|watch|cloud|slack|telegram"
    r"|kafka|elastic|gelf|gray|logstash|fluent|buffer|memory|capture|database|\bdb"
)
_CONSOLE = r"(?i)stream|console|rich|stdout|stderr|tqdm|color"
_WRITES = r"(?i)stream|console|rich|stdout|stderr|tqdm|color|file|rotat|syslog|smtp|mail|socket|datagram"
_STREAMS = frozenset({"sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__"})
_MEMORY = frozenset({"io.StringIO", "io.BytesIO"})
_FILES = frozenset({"builtins.open", "io.open", "codecs.open", "io.TextIOWrapper"}) | _MEMORY
_RECEIVES = ("emit", "handle")  # the methods of a handler that get a record
_SHOWS = r"\b(?:print|write|stdout|stderr)\b"


class Written(Enum):
    """Where a handler writes to."""

    CONSOLE = "a standard stream"
    ELSEWHERE = "a file, a socket or nothing"
    UNKNOWN = "an unknown destination"

    @classmethod
    def of_class(cls, qualified: str) -> Written:
        """Where handlers of a class of some library write, by its name."""
        last = qualified.rpartition(".")[2]
        if qualified in FILE_HANDLERS | SOCKET_HANDLERS or re.search(_ELSEWHERE, last):
            return cls.ELSEWHERE
        return cls.CONSOLE if re.search(_CONSOLE, last) else cls.UNKNOWN


class HandlerKind(Enum):
    """What a handler does with a record before the call that logs it returns."""

    WRITES = "writes it"
    QUEUE = "puts it into a queue"
    NULL = "drops it"
    UNKNOWN = "something unknown"

    @classmethod
    def of_class(cls, qualified: str) -> HandlerKind:
        """What handlers of a class of some library do, by its name."""
        last = qualified.rpartition(".")[2]
        if last == "NullHandler":
            return cls.NULL
        if "queue" in last.lower():
            return cls.QUEUE
        if qualified == "logging.Handler":
            return cls.UNKNOWN
        return cls.WRITES if qualified.startswith("logging.") or re.search(_WRITES, last) else cls.UNKNOWN


def handler_kind(module: Module, project: Project, node: ast.expr) -> HandlerKind:
    """What a handler that an expression makes does with a record."""
    if not isinstance(node, ast.Call):
        return HandlerKind.UNKNOWN
    own = list(owners(module, project, node))
    methods = {name: [item.node for owner in own for item in method_of(owner, project, name)] for name in _RECEIVES}
    if methods["emit"] and all(map(_does_nothing, chain.from_iterable(methods.values()))):
        return HandlerKind.NULL
    bases = {base for owner in own for base in library_bases(owner, project)}
    found = {HandlerKind.of_class(name) for name in bases or [module.qualified(node.func) or ""]}
    order = (HandlerKind.QUEUE, HandlerKind.WRITES, HandlerKind.NULL)
    return next((kind for kind in order if kind in found), HandlerKind.UNKNOWN)


def _does_nothing(emit: ast.AST) -> bool:
    return isinstance(emit, ast.FunctionDef) and all(map(_is_inert, emit.body))


def _is_inert(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def emits_by_itself(module: Module, project: Project, node: ast.expr) -> bool:
    """Whether a handler that an expression makes is of a class of the project with an `emit` of its own."""
    own = owners(module, project, node) if isinstance(node, ast.Call) else ()
    return any(next(method_of(owner, project, "emit"), None) is not None for owner in own)


def handler_writes(module: Module, project: Project, node: ast.expr, *, is_stream: bool = False) -> Written:
    """Where a handler that an expression makes writes; with `is_stream`, the expression is what it writes to."""
    if is_stream:
        return _of_stream(module, node)
    if not isinstance(node, ast.Call):
        return Written.UNKNOWN
    qualified = module.qualified(node.func) or ""
    if qualified == "logging.StreamHandler":
        given = [*node.args, *(item.value for item in node.keywords if item.arg in ("stream", "strm"))]
        return _of_stream(module, given[0]) if given else Written.CONSOLE
    own = list(owners(module, project, node))
    if not own:
        return Written.of_class(qualified)
    found = {Written.of_class(base) for owner in own for base in library_bases(owner, project)}
    return next((kind for kind in (Written.CONSOLE, Written.ELSEWHERE) if kind in found), Written.UNKNOWN)


def keeps_records(module: Module, project: Project, node: ast.expr) -> bool:
    """Whether a handler that an expression makes holds what it gets for the program to read, and shows it to nobody.

    It writes to a `StringIO`, or is of a class of the project whose `emit` writes nothing.
    """
    if not isinstance(node, ast.Call):
        return False
    own = owners(module, project, node)
    bases = [base for owner in own for base in library_bases(owner, project)]
    if "logging.StreamHandler" in (module.qualified(node.func), *bases):
        given = [*node.args, *(item.value for item in node.keywords if item.arg in ("stream", "strm"))]
        made = [value for stream in given for value in origins(module, stream)]
        if any(isinstance(value, ast.Call) and module.qualified(value.func) in _MEMORY for value in made):
            return True
    emits = [item for owner in own for item in method_of(owner, project, "emit")]
    return bool(emits) and not any(re.search(_SHOWS, ast.unparse(item.node)) for item in emits)


def _of_stream(module: Module, node: ast.expr) -> Written:
    found = set()
    for value in origins(module, node):
        called = module.qualified(value.func) if isinstance(value, ast.Call) else None
        opened = isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "open"
        if module.qualified(value) in _STREAMS or is_none(value):
            found.add(Written.CONSOLE)
        else:
            found.add(Written.ELSEWHERE if called in _FILES or opened else Written.UNKNOWN)
    return next((kind for kind in (Written.CONSOLE, Written.UNKNOWN) if kind in found), Written.ELSEWHERE)
