"""What logging calls: a record that is made there comes back to where it is made, without end.

Functions, classes and objects that the project hands to a logging library, and all of the project's functions that
those call. One fact for every rule: `LoggingCallbacks.reason`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

from printlint.facts.flow.call_graph import Code, calls_of
from printlint.facts.flow.definitions import (
    Defined,
    bases_of,
    defined_as,
    definitions,
    method_of,
    owners,
    place_of,
)
from printlint.facts.flow.origins import origins
from printlint.facts.log_setup.logging_config import logging_configs
from printlint.facts.log_setup.registrations import ADDED, is_of_logging, registered
from printlint.facts.module import Module, once_a_module
from printlint.facts.project.project import Project
from printlint.names.qualified import last_name
from printlint.source import Unreadable

# What logging calls on an object that it is given: a handler, a filter, a formatter, a stream, an adapter, a record.
_METHODS = frozenset(
    {
        *("write", "writelines", "flush", "isatty", "fileno", "terminator", "encoding", "errors", "closed", "close"),
        *("handle", "emit", "filter", "format", "handleError", "acquire", "release", "createLock", "level", "setLevel"),
        *("formatMessage", "formatTime", "formatException", "formatStack", "formatHeader", "formatFooter", "converter"),
        *("usesTime", "process", "prepare", "enqueue", "dequeue", "getMessage", "makeRecord", "isEnabledFor"),
        *("callHandlers", "findCaller", "hasHandlers", "getEffectiveLevel", "__call__", "__getattr__", "__bool__"),
        *("__len__", "__enter__", "__exit__", "shouldRollover", "doRollover", "rotate", "rotator", "namer", "send"),
        *("put", "put_nowait"),
    }
)
_NAMES_OF_LOGGING = frozenset({"formatTime", "formatException", "formatMessage", "formatStack", "handleError"})
_HANDING_ON = frozenset({"functools.partial", "weakref.proxy", "builtins.staticmethod", "builtins.classmethod"})
_RECORD_METHODS = frozenset({"emit", "filter", "format", "handle"})
_WORDS = (
    *(b"addFilter", b"setLogRecordFactory", b"setLoggerClass", b"setFormatter", b"addHandler", b"setStream"),
    *(b"Formatter", b"Handler", b"logging.Filter", b"Filter)", b"LoggerAdapter", b"LogRecord", b"Logger)"),
    *(b"structlog", b"loguru", b"showwarning", b"dictConfig", b"fileConfig", b"LOGGING", b"lastResort", b"basicConfig"),
    *(b"QueueListener", b".converter", b".filters", b".handlers", b"sys.std", b"redirect_std", b"logging.Logger."),
)


class LoggingCallbacks:
    """Answers for one module, whose text may be newer than its file's."""

    def __init__(self, module: Module, project: Project) -> None:
        self._module = module
        self._project = project
        self._path = module.path

    def reason(self, node: ast.AST) -> str:
        """Why a record may not be made at a node: by which of its functions logging would call it; empty elsewhere."""
        own = _own_callbacks(self._module, self._project)
        others = self._project.derived(_callbacks_of_all).get(self._path, frozenset()) if self._path else frozenset()
        for code in self._module.scopes.ancestors(node):
            if isinstance(code, (ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef)):
                name = getattr(code, "name", "")
                takes_record = name in _RECORD_METHODS and any(item.arg == "record" for item in code.args.args)
                if (
                    code in own
                    or takes_record
                    or _has_name_of_logging(self._module, code)
                    or (name and place_of(self._module, code) in others)
                ):
                    called = f"`{name}`" if name else "this lambda"
                    return f"logging itself calls {called}, so logging here would recurse"
            elif isinstance(code, ast.ClassDef) and is_of_logging(Defined(self._module, code), self._project):
                return f"`{code.name}` is part of logging itself, so logging here would recurse"
        return ""


def _has_name_of_logging(module: Module, code: ast.AST) -> bool:
    """Whether a method has a name that logging alone calls, in a class with an unknown base."""
    owner = module.scopes.parent(code)
    name = getattr(code, "name", "")
    if not isinstance(owner, ast.ClassDef) or not owner.bases:
        return False
    of_handler = name == "emit" and any(last_name(base).endswith("Handler") for base in owner.bases)
    return name in _NAMES_OF_LOGGING or of_handler


@once_a_module
def _own_callbacks(module: Module, project: Project) -> frozenset[ast.AST]:
    """The functions of a module that it hands to logging itself, and those of its own that these call."""
    if not _may_register(module.source.text.encode("utf-8", "replace")):
        return frozenset()
    reached = calls_of(_given_to_logging(module, project), project)
    return frozenset(code.node for code in reached if code.module is module)


def _may_register(data: bytes) -> bool:
    return any(word in data for word in _WORDS)


def _callbacks_of_all(project: Project) -> dict[Path, frozenset[str]]:
    """What any file of the project hands to logging, and what that calls: dotted places by file."""
    paths = (file.path for file in project.survey.holders(_WORDS) if not file.is_test)
    given = project.ask_each(paths, lambda module: _given_to_logging(module, project))
    found: dict[Path, set[str]] = {}
    for code in calls_of(chain.from_iterable(given), project):
        if code.module.layout is not None:
            found.setdefault(code.module.layout.path, set()).add(place_of(code.module, code.node))
    return {path: frozenset(places) for path, places in found.items()}


def _given_to_logging(module: Module, project: Project) -> list[Code]:
    """The code that logging calls by what one file says."""
    found = list(_decorated(module))
    for expression in registered(module, project):
        with suppress(Unreadable):
            found += _code_of(module, project, expression)
    for scope in module.scopes.scopes:
        if isinstance(scope.node, ast.ClassDef):
            with suppress(Unreadable):
                found += _of_class(Defined(module, scope.node), project)
    own = module.layout.module if module.layout is not None else ""
    for text in (text for config in logging_configs(module, project) for text in config.named):
        with suppress(Unreadable):
            for defined in defined_as(module, project, re.sub("^__main__", own, text)):
                found += _code_of_definition(defined, project)
    return found


def _of_class(owner: Defined, project: Project) -> Iterator[Code]:
    """The methods of a class that is derived from one of logging's; calls of `super()` lead to those of its bases."""
    return _methods(owner, project) if is_of_logging(owner, project) else iter(())


def _decorated(module: Module) -> Iterator[Code]:
    """Functions that a decorator registers: `@handler.addFilter`."""
    for scope in module.scopes.scopes:
        if isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if any(last_name(item) in ADDED for item in scope.node.decorator_list if not isinstance(item, ast.Call)):
                yield Code(module, scope.node)


def _code_of(module: Module, project: Project, node: ast.expr) -> Iterator[Code]:
    """The code that calling a value runs, or calling one of the methods that logging knows on it."""
    for value in origins(module, node):
        if isinstance(value, ast.Lambda):
            yield Code(module, value)
            continue
        if isinstance(value, ast.Call) and module.qualified(value.func) in _HANDING_ON:
            yield from _code_of(module, project, value.args[0]) if value.args else ()
            continue
        for owner in owners(module, project, value):
            yield from _methods(owner, project)
        called = value.func if isinstance(value, ast.Call) else value
        if isinstance(called, (ast.Name, ast.Attribute)):
            for defined in definitions(module, project, called):
                if not isinstance(defined.node, ast.ClassDef):
                    yield from _returned(defined) if isinstance(value, ast.Call) else [Code(*defined)]


def _returned(factory: Defined) -> Iterator[Code]:
    """The functions that a factory defines and may give: which of them is not looked into."""
    for node in ast.walk(factory.node):
        if isinstance(node, (ast.FunctionDef, ast.Lambda)) and node is not factory.node:
            yield Code(factory.module, node)


def _code_of_definition(defined: Defined, project: Project) -> Iterator[Code]:
    if isinstance(defined.node, ast.ClassDef):
        yield from _methods(defined, project)
    else:
        yield Code(defined.module, defined.node)
        yield from _returned(defined)


def _methods(owner: Defined, project: Project) -> Iterator[Code]:
    """The methods of a class, own and inherited, that logging calls, or a base class that logging calls."""
    for name in sorted(_METHODS | _overriding(owner, project)):
        for defined in method_of(owner, project, name):
            yield Code(*defined)


def _overriding(owner: Defined, project: Project) -> set[str]:
    """The methods of a class that a base class of the project has as well, and calls perhaps."""
    assert isinstance(owner.node, ast.ClassDef)
    names = {item.name for item in owner.node.body if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))}
    bases = list(bases_of(owner, project))
    return {name for name in names if any(True for base in bases for _ in method_of(base, project, name))}
