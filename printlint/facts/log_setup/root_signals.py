"""What tells the root logger from its children: why `logging.info(...)` may fare otherwise than `logger.info(...)`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from printlint.facts.log_setup.existing_loggers import is_made_after
from printlint.facts.log_setup.handlers import dict_get
from printlint.facts.log_setup.logger_names import logger_names
from printlint.facts.module import Module
from printlint.facts.project.project import Project

_WORDS = (
    *(b"addFilter", b".disabled", b"assertLogs", b"assertNoLogs", b"patch", b"disable_existing_loggers"),
    *(b"dictConfig", b"fileConfig", b"setLevel", b"propagate", b"setLoggerClass"),
)
_LOADERS = ("logging.config.dictConfig", "logging.config.fileConfig")
_ROOT_PATCH = rb"""patch(?:\.object)?\(\s*(?:["']|f["'])?[\w.]*\blogging\b"""


def root_signals(module: Module, project: Project, logger_name: str) -> Iterator[str]:
    """Why a record of a module's `logger_name` may fare otherwise than one of the root logger."""
    if project.root is None:  # a text that is no file of a project (standard input, an example)
        own = Path(module.source.path)
        yield from _general_signals(own, module)
        yield from _related(_settings_in(own, module, project), logger_name)
        return
    yield from project.derived(_general_root_signals)
    for configuring, call in project.derived(_disabling_calls):
        if not is_made_after(module, project, configuring, call):
            where = Path(configuring.source.path).name
            yield f"{where} calls {ast.unparse(call.func)} with disable_existing_loggers, which silences loggers"
    yield from _related(project.derived(_settings), logger_name)


def _loud_modules(project: Project) -> tuple[tuple[Path, Module], ...]:
    """The parsed files that hold a word which can tell the root logger from its children."""
    return tuple(
        (file.path, module)
        for file, data in project.survey.holding(_WORDS)
        if (module := project.module(file.path)) is not None
    )


def _general_root_signals(project: Project) -> tuple[str, ...]:
    return tuple(signal for path, module in project.derived(_loud_modules) for signal in _general_signals(path, module))


def _general_signals(path: Path, module: Module) -> Iterator[str]:
    where = path.name
    if re.search(_ROOT_PATCH, module.source.text.encode("utf-8", "replace")):
        yield f"{where} patches functions of logging"
    for node in module.scopes.nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=receiver, attr="addFilter")) if _is_root(module, receiver):
                yield f"{where} adds a filter to the root logger, which the records of other loggers bypass"
            case ast.Attribute(value=receiver, attr="disabled", ctx=ast.Store()) if _is_root(module, receiver):
                yield f"{where} disables the root logger"
            case ast.Call(func=ast.Attribute(attr="assertLogs" | "assertNoLogs")) if not _asserted_logger(node):
                yield f"{where} asserts on the records of loggers"
            case ast.Call(func=func) if module.qualified(func) == "logging.setLoggerClass":
                yield f"{where} sets a logger class"


def _disabling_calls(project: Project) -> tuple[tuple[Module, ast.Call], ...]:
    """The calls that disable the loggers which exist by then, as far as their files tell."""
    return tuple(
        (module, call)
        for _, module in project.derived(_loud_modules)
        for call in module.calls
        if module.qualified(call.func) in _LOADERS and not _keeps_existing_loggers(module)
    )


def _is_root(module: Module, node: ast.expr) -> bool:
    value = module.loggers.value(node)
    return value is not None and value.root


def _keeps_existing_loggers(module: Module) -> bool:
    """Whether `disable_existing_loggers` is false wherever the module writes it, as a key or as an argument."""
    for node in module.scopes.nodes:
        match node:
            case ast.Dict() if (value := dict_get(node, "disable_existing_loggers")) is not None:
                pass
            case ast.keyword(arg="disable_existing_loggers", value=value):
                pass
            case _:
                continue
        return isinstance(value, ast.Constant) and value.value is False
    return False


def _asserted_logger(call: ast.Call) -> str:
    """The logger that `assertLogs` is about; empty for the root logger, and where the code computes it."""
    given = [*call.args[:1], *(item.value for item in call.keywords if item.arg == "logger")]
    match given:
        case [ast.Constant(value=str(name))] if name != "root":
            return name
    return ""


class _Setting(NamedTuple):
    """What is said of loggers that are not the root, by their names; None for one whose name the code computes."""

    signal: str
    names: tuple[str | None, ...]


def _settings(project: Project) -> tuple[_Setting, ...]:
    modules = project.derived(_loud_modules)
    return tuple(setting for path, module in modules for setting in _settings_in(path, module, project))


def _settings_in(path: Path, module: Module, project: Project) -> Iterator[_Setting]:
    for node in module.scopes.nodes:
        match node:
            case ast.Attribute(value=receiver, attr="propagate" | "disabled" as attribute, ctx=ast.Store()):
                pass
            case ast.Call(func=ast.Attribute(value=receiver, attr="setLevel" as attribute)):
                pass
            case ast.Call(func=ast.Attribute(attr="assertLogs" | "assertNoLogs")):
                if name := _asserted_logger(node):
                    yield _Setting(f"{path.name} asserts on the records of `{name}`", (name,))
                continue
            case _:
                continue
        value = module.loggers.value(receiver)
        if value is not None and not value.root:
            made = (logger_names(module, project, call) or (None,) for call in value.created)
            names = tuple(name for some in made for name in some) or (None,)
            yield _Setting(f"{path.name} sets {attribute} on a related logger", names)


def _related(settings: Iterable[_Setting], logger_name: str) -> Iterator[str]:
    return (setting.signal for setting in settings if any(_may_be_parent(name, logger_name) for name in setting.names))


def _may_be_parent(name: str | None, logger_name: str) -> bool:
    return name is None or logger_name == name or logger_name.startswith(f"{name}.")
