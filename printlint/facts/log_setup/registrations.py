"""What a module hands to a logging library: handlers, filters, formatters, streams, factories, processors, sinks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain

from printlint.facts.flow.definitions import Defined, definitions, library_bases, owners
from printlint.facts.flow.origins import items_of, origins
from printlint.facts.log_setup.attachments import attachments
from printlint.facts.log_setup.handlers import dict_configs
from printlint.facts.module import Module
from printlint.facts.project.project import Project
from printlint.names.qualified import last_name

# A class of a logging library that its users derive from, to have logging call their methods.
LIBRARY_CLASS = re.compile(
    r"^logging\.(?:\w+\.)*\w+$|^(?=.*(?:Handler|Formatter|Filter|Processor|Renderer|Adapter|Record|Logger)$)"
    r".*?(?:logg(?:ing|er|ers)\w{0,60}|json_?log\w{0,60}|(?:^|(?<=[._]))(?:logs?|colorlog|structlog|loguru))\."
)
_NOT_CALLED = frozenset({"logging.config.BaseConfigurator", "logging.config.DictConfigurator"})
ADDED = frozenset(
    {
        *("addFilter", "setFormatter", "addHandler", "setStream", "setTarget", "setLogRecordFactory", "setLoggerClass"),
        *("redirect_stdout", "redirect_stderr"),
    }
)
_ASSIGNED = frozenset(
    {
        *("converter", "formatTime", "formatException", "formatStack", "formatMessage", "formatter", "stream"),
        *("target", "handleError", "emit", "namer", "rotator", "format", "filter", "handle"),
    }
)
_FRAMEWORK_METHOD = r"^(?:add|register)_(?:\w+_)?handlers?$"  # logging's own is `addHandler`
_STREAMS = frozenset({"sys.stdout", "sys.stderr"})
_FACTORY_KEYS = frozenset({"()", "class", "stream", "target", "filters"})
_PROCESSORS = frozenset({"processors", "processor", "foreign_pre_chain", "wrapper_class", "logger_factory"})
_LOGURU = frozenset({"sink", "format", "filter", "patcher"})


def registered(module: Module, project: Project) -> Iterator[ast.expr]:
    """The values that a module hands to logging, structlog or loguru."""
    yield from _given_in_calls(module, project)
    yield from _listed(module, project)
    yield from _assigned(module, project)
    yield from _of_libraries(module)
    yield from _factories(module)


def _given_in_calls(module: Module, project: Project) -> Iterator[ast.expr]:
    """What a call of logging registers: filters, factories, formatters, handlers, streams."""
    for call in module.calls:
        qualified = module.qualified(call.func) or ""
        method = last_name(call.func)
        named = {item.arg: item.value for item in call.keywords}
        if method in ADDED and len(call.args) + len(named) == 1:
            if isinstance(call.func, ast.Attribute) and _is_of_project(module, project, call.func.value):
                continue
            yield from (*call.args, *named.values())
        elif qualified == "logging.basicConfig":
            yield from (named[key] for key in ("stream",) if key in named)
            yield from items_of(module, named["handlers"]) if "handlers" in named else ()
        elif method[:1].isupper() and (
            (method.endswith(("Handler", "QueueListener")) and not _is_of_framework(module, project, call.func))
            or any(is_of_logging(owner, project) for owner in owners(module, project, call.func))
        ):
            yield from _items(module, call.args)
            yield from (item for key, item in named.items() if key in ("stream", "target", "queue"))
        elif qualified == "builtins.setattr" and len(call.args) == 3:
            if (module.qualified(call.args[0]) or "").startswith("logging"):
                yield call.args[2]


def _listed(module: Module, project: Project) -> Iterator[ast.expr]:
    """What is put into the lists of handlers and filters, past the methods that add to them."""
    for item in (*attachments(module, "filters"), *attachments(module, "handlers")):
        if isinstance(item.node, ast.Call) and last_name(item.node.func) != "setattr":
            is_right = last_name(item.node.func) not in ADDED and not _is_of_project(module, project, item.logger)
        else:
            is_right = _belongs_to_logging(module, project, item.logger)
        yield from item.items if is_right else ()


def _is_of_framework(module: Module, project: Project, made: ast.expr) -> bool:
    """Whether a class that is named like one of logging's handlers belongs to a framework of handlers of its own."""
    qualified = module.qualified(made) or ""
    if LIBRARY_CLASS.search(qualified):
        return False
    return "." in qualified and qualified.rpartition(".")[0] in project.derived(_frameworks)


def _frameworks(project: Project) -> frozenset[str]:
    """The modules whose handlers the project gives to what is no logger: `app.add_handler(ext.CommandHandler(…))`."""
    paths = (file.path for file in project.survey.holders((b"_handler(", b"_handlers(")) if not file.is_test)
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
    return bool(found) and not any(is_of_logging(owner, project) for owner in found)


def _items(module: Module, arguments: list[ast.expr]) -> Iterator[ast.expr]:
    for argument in arguments:
        yield from items_of(module, argument.value) if isinstance(argument, ast.Starred) else [argument]


def _assigned(module: Module, project: Project) -> Iterator[ast.expr]:
    """What is put in the place of something that logging calls, or writes to: `logging.Formatter.converter = …`."""
    for target in module.scopes.nodes:
        if not isinstance(target, ast.Attribute) or not isinstance(target.ctx, ast.Store):
            continue
        statement = module.scopes.parent(target)
        if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or statement.value is None:
            continue
        qualified = module.qualified(target) or ""
        captured = qualified == "warnings.showwarning" and "captureWarnings" in module.source.text
        if (
            captured
            or qualified in _STREAMS
            or qualified.startswith("logging.")
            or (target.attr in _ASSIGNED and _belongs_to_logging(module, project, target.value))
        ):
            yield statement.value


def _belongs_to_logging(module: Module, project: Project, owner: ast.expr) -> bool:
    """Whether what gets an attribute is a logger, of logging's, or made by a class of logging's or derived from one."""
    if module.loggers.value(owner) is not None:
        return True
    if any(is_of_logging(item, project) for item in owners(module, project, owner)):
        return True
    for value in origins(module, owner):
        called = module.qualified(value.func) if isinstance(value, ast.Call) else module.qualified(value)
        if called is not None and LIBRARY_CLASS.search(called):
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
        for node in ast.walk(display):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value in _FACTORY_KEYS:
                        yield value


def is_of_logging(owner: Defined, project: Project) -> bool:
    """Whether a class is derived from one of a logging library, which calls its methods."""
    return any(LIBRARY_CLASS.search(base) and base not in _NOT_CALLED for base in library_bases(owner, project))
