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
    defined_as,
    definitions,
    library_bases,
    method_of,
    owners,
    place_of,
)
from printlint.facts.flow.origins import items_of, origins
from printlint.facts.log_setup.handlers import dict_configs
from printlint.facts.log_setup.logging_config import logging_configs
from printlint.facts.module import Module, once_a_module
from printlint.facts.project.project import Project
from printlint.names.qualified import last_name
from printlint.source import Unreadable

# A class of a logging library that its users derive from, to have logging call their methods.
_LIBRARY_CLASS = re.compile(
    r"^logging\.(?:\w+\.)*\w+$|^(?=.*(?:Handler|Formatter|Filter|Processor|Renderer|Adapter|Record|Logger)$)"
    r".*?(?:logg(?:ing|er|ers)\w{0,60}|json_?log\w{0,60}|(?:^|(?<=[._]))(?:logs?|colorlog|structlog|loguru))\."
)
_NOT_CALLED = frozenset({"logging.config.BaseConfigurator", "logging.config.DictConfigurator"})
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
_ADDED = frozenset(
    {
        *("addFilter", "setFormatter", "addHandler", "setStream", "setTarget", "setLogRecordFactory", "setLoggerClass"),
        *("redirect_stdout", "redirect_stderr"),
    }
)
_ASSIGNED = frozenset(
    {
        *(
            "converter",
            "formatTime",
            "formatException",
            "formatStack",
            "formatMessage",
            "formatter",
            "stream",
            "target",
        ),
        *("handleError", "emit", "namer", "rotator", "filters", "handlers", "format", "filter", "handle"),
    }
)
_FRAMEWORK_METHOD = r"^(?:add|register)_(?:\w+_)?handlers?$"  # logging's own is `addHandler`
_STREAMS = frozenset({"sys.stdout", "sys.stderr"})
_NAMES_OF_LOGGING = frozenset({"formatTime", "formatException", "formatMessage", "formatStack", "handleError"})
_HANDING_ON = frozenset({"functools.partial", "weakref.proxy", "builtins.staticmethod", "builtins.classmethod"})
_FACTORY_KEYS = frozenset({"()", "class", "stream", "target", "filters"})
_RECORD_METHODS = frozenset({"emit", "filter", "format", "handle"})
_PROCESSORS = frozenset({"processors", "processor", "foreign_pre_chain", "wrapper_class", "logger_factory"})
_LOGURU = frozenset({"sink", "format", "filter", "patcher"})
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
        self._path = module.layout.path if module.layout is not None else None

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
            elif isinstance(code, ast.ClassDef) and _is_of_logging(Defined(self._module, code), self._project):
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


def _is_of_logging(owner: Defined, project: Project) -> bool:
    return any(_LIBRARY_CLASS.search(base) and base not in _NOT_CALLED for base in library_bases(owner, project))


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
    paths = (file.path for file, _ in project.survey.holding(_WORDS) if not file.is_test)
    given = project.ask_each(paths, lambda module: _given_to_logging(module, project))
    found: dict[Path, set[str]] = {}
    for code in calls_of(chain.from_iterable(given), project):
        if code.module.layout is not None:
            found.setdefault(code.module.layout.path, set()).add(place_of(code.module, code.node))
    return {path: frozenset(places) for path, places in found.items()}


def _given_to_logging(module: Module, project: Project) -> list[Code]:
    """The code that logging calls by what one file says."""
    found = list(_decorated(module))
    for expression in (*_registered(module, project), *_assigned(module), *_of_libraries(module), *_factories(module)):
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
    return _methods(owner, project) if _is_of_logging(owner, project) else iter(())


def _registered(module: Module, project: Project) -> Iterator[ast.expr]:
    """What a call of logging registers: filters, factories, formatters, handlers, streams."""
    for call in module.calls:
        qualified = module.qualified(call.func) or ""
        method = last_name(call.func)
        named = {item.arg: item.value for item in call.keywords}
        if method in _ADDED and len(call.args) + len(named) == 1:
            if isinstance(call.func, ast.Attribute) and _is_of_project(module, project, call.func.value):
                continue
            yield from (*call.args, *named.values())
        elif qualified == "logging.basicConfig":
            yield from (named[key] for key in ("stream",) if key in named)
            yield from items_of(module, named["handlers"]) if "handlers" in named else ()
        elif method[:1].isupper() and (
            (method.endswith(("Handler", "QueueListener")) and not _is_of_framework(module, project, call.func))
            or any(_is_of_logging(owner, project) for owner in owners(module, project, call.func))
        ):
            yield from _items(module, call.args)
            yield from (item for key, item in named.items() if key in ("stream", "target", "queue"))
        elif method in ("append", "insert", "extend") and isinstance(call.func, ast.Attribute):
            holder = call.func.value
            if isinstance(holder, ast.Attribute) and holder.attr in ("filters", "handlers") and call.args:
                if _is_of_project(module, project, holder.value):
                    continue
                yield from items_of(module, call.args[-1]) if method == "extend" else [call.args[-1]]
        elif qualified == "builtins.setattr" and len(call.args) == 3:
            if (module.qualified(call.args[0]) or "").startswith("logging"):
                yield call.args[2]


def _is_of_framework(module: Module, project: Project, made: ast.expr) -> bool:
    """Whether a class that is named like one of logging's handlers belongs to a framework of handlers of its own."""
    qualified = module.qualified(made) or ""
    if _LIBRARY_CLASS.search(qualified):
        return False
    return "." in qualified and qualified.rpartition(".")[0] in project.derived(_frameworks)


def _frameworks(project: Project) -> frozenset[str]:
    """The modules whose handlers the project gives to what is no logger: `app.add_handler(ext.CommandHandler(…))`."""
    paths = (file.path for file, _ in project.survey.holding((b"_handler(", b"_handlers(")) if not file.is_test)
    found = project.ask_each(paths, lambda module: [*_given_to_frameworks(module, project)])
    return frozenset(chain.from_iterable(found))


def _given_to_frameworks(module: Module, project: Project) -> Iterator[str]:
    for call in module.calls:
        match call.func:
            case ast.Attribute(value=receiver, attr=attr) if re.search(_FRAMEWORK_METHOD, attr):
                if module.loggers.value(receiver) is None and not definitions(module, project, call.func):
                    for value in (value for item in call.args for value in origins(module, item)):
                        if isinstance(value, ast.Call) and last_name(value.func).endswith("Handler"):
                            yield (module.qualified(value.func) or "").rpartition(".")[0]


def _is_of_project(module: Module, project: Project, node: ast.expr) -> bool:
    """Whether a value is of a class of the project's own that has nothing to do with logging."""
    found = list(owners(module, project, node))
    return bool(found) and not any(_is_of_logging(owner, project) for owner in found)


def _decorated(module: Module) -> Iterator[Code]:
    """Functions that a decorator registers: `@handler.addFilter`."""
    for scope in module.scopes.scopes:
        if isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if any(last_name(item) in _ADDED for item in scope.node.decorator_list if not isinstance(item, ast.Call)):
                yield Code(module, scope.node)


def _items(module: Module, arguments: list[ast.expr]) -> Iterator[ast.expr]:
    for argument in arguments:
        yield from items_of(module, argument.value) if isinstance(argument, ast.Starred) else [argument]


def _assigned(module: Module) -> Iterator[ast.expr]:
    """What is put in the place of something that logging calls, or writes to: `logging.Formatter.converter = …`."""
    for target in module.scopes.nodes:
        if not isinstance(target, ast.Attribute) or not isinstance(target.ctx, ast.Store):
            continue
        statement = module.scopes.parent(target)
        if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or statement.value is None:
            continue
        qualified = module.qualified(target) or ""
        captured = qualified == "warnings.showwarning" and "captureWarnings" in module.source.text
        if target.attr in ("filters", "handlers") and _belongs_to_logging(module, target):
            yield from items_of(module, statement.value)
        elif (
            captured
            or qualified in _STREAMS
            or qualified.startswith("logging.")
            or (target.attr in _ASSIGNED and _belongs_to_logging(module, target))
        ):
            yield statement.value


def _belongs_to_logging(module: Module, target: ast.Attribute) -> bool:
    """Whether what gets an attribute is a logger, of logging's, or made by a class of logging's."""
    if module.loggers.value(target.value) is not None:
        return True
    for value in origins(module, target.value):
        called = module.qualified(value.func) if isinstance(value, ast.Call) else module.qualified(value)
        if called is not None and _LIBRARY_CLASS.search(called):
            return True
    return False


def _of_libraries(module: Module) -> Iterator[ast.expr]:
    """structlog's processors, and what loguru calls for each record."""
    for call in module.calls:
        qualified = module.qualified(call.func) or ""
        if qualified.startswith("structlog."):
            for item in call.keywords:
                if item.arg in _PROCESSORS:
                    yield item.value
                    yield from items_of(module, item.value)
        elif _is_loguru(module, call.func):
            yield from (*call.args, *(item.value for item in call.keywords if item.arg in _LOGURU))
            for item in call.keywords:
                if item.arg == "handlers":
                    tables = items_of(module, item.value)
                    yield from (value for table in tables if isinstance(table, ast.Dict) for value in table.values)


def _is_loguru(module: Module, func: ast.expr) -> bool:
    if not isinstance(func, ast.Attribute) or func.attr not in ("add", "patch", "configure"):
        return False
    return "loguru" in module.source.text and module.loggers.value(func.value) is not None


def _factories(module: Module) -> Iterator[ast.expr]:
    """What the literals of configurations name by the thing itself."""
    for display in dict_configs(module):
        for node in ast.walk(display.node):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value in _FACTORY_KEYS:
                        yield value


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
    """The methods of a class, own and inherited, that logging calls."""
    names = sorted(_METHODS)
    for name in names:
        for defined in method_of(owner, project, name):
            yield Code(*defined)
