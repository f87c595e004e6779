"""Where loguru's records go: its own sink, which writes to standard error, or those that a project adds."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from printlint.facts.flow.definitions import definitions
from printlint.facts.log_setup.level_values import LevelValues
from printlint.facts.log_setup.logger_settings import shown
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module, once_a_module
from printlint.facts.programs.together import share_a_program
from printlint.facts.project.project import Project
from printlint.logging_names import name_of, number_of

_STREAMS = frozenset({"sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__"})
_PATHS = frozenset({"pathlib.Path", "os.path.join", "builtins.str"})
_DEBUG = 10


class Sink(NamedTuple):
    """A sink that a call adds, at a line from 1. `number` is its level, None where the code does not tell.

    `on_terminal`: it writes to a standard stream; `to_file`: to a file. Of others nothing is known. `picks`: it has a
    filter; `by_level`: which asks for nothing but the level.
    """

    line: int
    number: int | None
    on_terminal: bool = False
    to_file: bool = False
    picks: bool = False
    by_level: bool = False


class SinkSettings(NamedTuple):
    """What a file does to loguru's logger, with lines from 1, where it does not say it in functions that nobody calls.

    `emptied`: it removes the sinks that are there; `disabled` are the names of packages whose records are dropped.
    """

    added: tuple[Sink, ...] = ()
    emptied: int = 0
    patched: int = 0
    disabled: tuple[tuple[str, int], ...] = ()


def loguru_set_up(module: Module, project: Project) -> int:
    """The line, from 1, where a file gives loguru a sink beside its own, or removes that; 0 where it does not."""
    settings = _settings(module, project)
    lines = [settings.emptied, *(sink.line for sink in settings.added)]
    return min(filter(None, lines), default=0)


def lost_in_loguru(module: Module, project: Project, method: str) -> str:
    """Why a record of a method would not be seen once on a terminal; empty where it would, or nothing is known."""
    path = module.path or Path(module.source.path)
    others = (item for item in project.derived(_of_files) if item[0] != path and share_a_program(module, item[0]))
    files = [(path, _settings(module, project)), *others]
    name = module.layout.module if module.layout is not None else "__main__"
    for file, settings in files:
        for package, line in settings.disabled:
            if f"{name}.".startswith(f"{package}."):
                return f"loguru's `disable` drops the record ({shown(file, project)}:{line})"
        if settings.patched:
            return f"a patcher of loguru's may change the message ({shown(file, project)}:{settings.patched})"
    return _unseen(files, project, number_of(method) or 0)


def _unseen(files: Sequence[tuple[Path, SinkSettings]], project: Project, number: int) -> str:
    sinks = [(file, sink) for file, settings in files for sink in settings.added]
    emptied = next(((file, settings.emptied) for file, settings in files if settings.emptied), None)
    if emptied is None:
        both = next(((file, sink) for file, sink in sinks if sink.on_terminal and not sink.picks), None)
        if both is None or (both[1].number or 0) > number:
            return ""
        where = f"{shown(both[0], project)}:{both[1].line}"
        return f"loguru's own sink and the one added at {where} both write to the terminal, so it would come twice"
    showing = [sink for _, sink in sinks if (sink.number or 0) <= number and not sink.to_file]
    shared = [sink for sink in showing if sink.on_terminal and sink.by_level]  # low levels here, the others there
    if not all(sink.picks for sink in showing) or len(shared) > 1:
        return ""
    for file, sink in sorted(sinks, key=lambda item: not item[1].on_terminal):
        place = f"{shown(file, project)}:{sink.line}"
        if sink.to_file:
            return f"loguru's records go to a file ({place}), not to the terminal"
        if sink.picks:
            return f"a filter of loguru's sink may drop the record ({place})"
        return f"the level of loguru's sink is {name_of(sink.number or 0)} ({place}), which drops the record"
    return f"loguru's sinks are removed ({shown(emptied[0], project)}:{emptied[1]})"


def _of_files(project: Project) -> tuple[tuple[Path, SinkSettings], ...]:
    files = [file.path for file in project.survey.holders((b"loguru",), tests=False)]
    found = project.ask_each(files, lambda module: (Path(module.source.path).absolute(), _settings(module, project)))
    return tuple(item for item in found if any(item[1]))


@once_a_module
def _settings(module: Module, project: Project) -> SinkSettings:
    added, emptied, patched, disabled = list[Sink](), 0, 0, list[tuple[str, int]]()
    for call, method in _calls(module):
        named = {keyword.arg: keyword.value for keyword in call.keywords}
        match method, call.args:
            case "add", [sink, *_]:
                added.append(_sink(module, project, call.lineno, sink, named))
            case "add", []:
                added.append(_sink(module, project, call.lineno, named.get("sink"), named))
            case "remove", [] | [ast.Constant(value=0)]:
                emptied = call.lineno
            case "disable", [ast.Constant(value=str(name))]:
                disabled.append((name, call.lineno))
            case "configure", _:
                if "handlers" in named:
                    emptied = call.lineno
                    added += _listed(module, project, named["handlers"])
                if "patcher" in named and _changes_message(module, project, named["patcher"]):
                    patched = call.lineno
    return SinkSettings(tuple(added), emptied, patched, tuple(disabled))


def _calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    """The calls that set loguru up, in the order of the file."""
    for call in module.calls_named(_METHODS) if "loguru" in module.source.text else ():
        func = call.func
        value = module.loggers.value(func.value) if isinstance(func, ast.Attribute) else None
        if isinstance(func, ast.Attribute) and value is not None and value.kind is LoggerKind.LOGURU:
            yield call, func.attr


_METHODS = frozenset({"add", "remove", "configure", "disable"})


def _listed(module: Module, project: Project, handlers: ast.expr) -> Iterator[Sink]:
    """The sinks of `configure(handlers=[...])`; what is not written out is one of which nothing is known."""
    for item in handlers.elts if isinstance(handlers, (ast.List, ast.Tuple)) else [handlers]:
        named: dict[str | None, ast.expr] = {}
        if isinstance(item, ast.Dict):
            keys = [key.value if isinstance(key, ast.Constant) else None for key in item.keys]
            named = {str(key): value for key, value in zip(keys, item.values, strict=True) if key is not None}
        yield _sink(module, project, item.lineno, named.get("sink"), named)


def _sink(
    module: Module, project: Project, line: int, sink: ast.expr | None, named: dict[str | None, ast.expr]
) -> Sink:
    level = named.get("level")
    number = _DEBUG if level is None and sink is not None else None
    if level is not None:
        number = LevelValues(module, project).highest(level)
    match sink:
        case ast.JoinedStr() | ast.BinOp() | ast.Constant(value=str()):
            to_file = True
        case ast.Call(func=made):
            to_file = module.qualified(made) in _PATHS
        case _:
            to_file = False
    on_terminal = sink is not None and module.qualified(sink) in _STREAMS
    picking = named.get("filter")
    return Sink(line, number, on_terminal, to_file, picking is not None, _asks_for_level(picking))


def _asks_for_level(picking: ast.expr | None) -> bool:
    """Whether a filter looks at nothing of a record but its level."""
    match picking:
        case ast.Lambda(args=ast.arguments(args=[ast.arg(arg=record)]), body=body):
            pass
        case _:
            return False
    levels = [node for node in ast.walk(body) if _is_level_of(node, record)]
    uses = [node for node in ast.walk(body) if isinstance(node, ast.Name) and node.id == record]
    return bool(levels) and len(levels) == len(uses)


def _is_level_of(node: ast.AST, record: str) -> bool:
    match node:
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value="level")):
            return name == record
    return False


def _changes_message(module: Module, project: Project, patcher: ast.expr) -> bool:
    """Whether a function may set the message of a record, as far as it is known."""
    is_there = isinstance(patcher, ast.Lambda)
    found = [patcher] if is_there else [item.node for item in definitions(module, project, patcher)]
    return not found or any(_sets_message(node) for function in found for node in ast.walk(function))


def _sets_message(node: ast.AST) -> bool:
    match node:
        case ast.Subscript(slice=ast.Constant(value="message"), ctx=ast.Store()):
            return True
    return False
