"""Code that runs before its program configures logging: what it logs below WARNING, nobody hears."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from printlint.facts.flow.call_graph import Code, calls_of
from printlint.facts.flow.definitions import definitions, place_of
from printlint.facts.log_setup.attachments import attachments
from printlint.facts.log_setup.logger_settings import shown
from printlint.facts.module import Module, once_a_module
from printlint.facts.project.project import Project
from printlint.facts.project.word_index import as_bytes

_CONFIGURATORS = frozenset({"logging.basicConfig", "logging.config.dictConfig", "logging.config.fileConfig"})
_NAMES = frozenset({"basicConfig", "dictConfig", "fileConfig"})
_WORDS = (*map(as_bytes, sorted(_NAMES)), b"addHandler", b".handlers")
_STEPS = 3  # over so many calls
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

Place = tuple[Path, str]


class _Order(NamedTuple):
    """The functions that configure logging, themselves or by a call, and those that are called before: with places."""

    configuring: dict[Place, str]
    before: dict[Place, str]


def configured_later(module: Module, project: Project, call: ast.expr) -> str:
    """Where logging is configured behind a call that has run by then, as `file:line`; empty where nothing says so."""
    order = project.derived(_order)
    around = next(module.places.enclosing_functions(call), None)
    if around is not None and (where := order.before.get(_place(Code(module, around)))):
        return where
    scope = module.places.executing_scope(call).node
    first = _configurations(module, project).get(scope)
    return first[1] if first is not None and call.lineno < first[0].lineno else ""


@once_a_module
def _configurations(module: Module, project: Project) -> dict[ast.AST, tuple[ast.expr, str]]:
    """The first call in each function, and in the module's own body, that configures logging, with the place."""
    order = project.derived(_order)
    return _first(module, project, order.configuring)


def _first(module: Module, project: Project, configuring: dict[Place, str]) -> dict[ast.AST, tuple[ast.expr, str]]:
    found: dict[ast.AST, tuple[ast.expr, str]] = {}
    for node, where in (*_own(module, project), *_by_calls(module, project, configuring)):
        scope = module.places.executing_scope(node).node
        if scope not in found or node.lineno < found[scope][0].lineno:
            found[scope] = node, where
    return found


def _own(module: Module, project: Project) -> Iterator[tuple[ast.expr, str]]:
    """What configures logging, or gives the root logger a handler."""
    nodes = [call for call in module.calls_named(_NAMES) if module.qualified(call.func) in _CONFIGURATORS]
    for item in attachments(module):
        logger = module.loggers.value(item.logger)
        nodes += [item.node] if logger is not None and logger.root else []  # type: ignore[list-item]
    path = Path(module.source.path).absolute()
    yield from ((node, f"{shown(path, project)}:{node.lineno}") for node in nodes)


def _by_calls(module: Module, project: Project, configuring: dict[Place, str]) -> Iterator[tuple[ast.expr, str]]:
    names = frozenset(dotted.rpartition(".")[2] for _, dotted in configuring)
    for call in module.calls_named(names) if names else ():
        places = map(_place, _functions(module, project, call.func))
        if where := next((configuring[place] for place in places if place in configuring), ""):
            yield call, where


def _order(project: Project) -> _Order:
    paths = [file.path for file in project.survey.holders(_WORDS) if not file.is_test]
    configuring: dict[Place, str] = {}
    firsts = list(project.ask_each(paths, lambda module: (module, _first(module, project, {}))))
    if any(_is_on_import(module, project, node) for module, found in firsts for node, _ in found.values()):
        return _Order({}, {})  # whoever imports that file has logging configured early
    before: dict[Place, str] = {}
    for _ in range(_STEPS):
        new = {}
        for module, found in firsts:
            for scope, (call, where) in found.items():
                before |= dict.fromkeys(_run_above(module, project, scope, call), where)
                if isinstance(scope, _FUNCTIONS):
                    new[_place(Code(module, scope))] = where
        new = {place: where for place, where in new.items() if place not in configuring}
        configuring |= new
        firsts = list(_callers(project, new)) if new else []
    return _Order(configuring, {place: where for place, where in before.items() if place not in configuring})


def _is_on_import(module: Module, project: Project, node: ast.expr) -> bool:
    """Whether an import of the file configures logging, and another file imports it."""
    guarded = any(node in ast.walk(guard) for guard in module.main_guards)
    if guarded or module.layout is None or not module.places.runs_at_loading(node):
        return False
    return any(not file.is_test for file in project.importers(module.layout.path))


def _callers(project: Project, new: dict[Place, str]) -> Iterator[tuple[Module, dict[ast.AST, tuple[ast.expr, str]]]]:
    """The files that call one of some functions, with the first such call in each scope."""
    names = sorted({dotted.rpartition(".")[2] for _, dotted in new})
    paths = (file.path for file in project.survey.holders(tuple(map(as_bytes, names))) if not file.is_test)
    yield from project.ask_each(paths, lambda module: (module, _first(module, project, new)))


def _run_above(module: Module, project: Project, scope: ast.AST, call: ast.expr) -> Iterator[Place]:
    """The functions that are called, directly or not, in a scope above a call."""
    above = [item for item in _calls_in(module, scope) if item.lineno < call.lineno and item is not call]
    given = [value for item in above for value in (item.func, *item.args, *(more.value for more in item.keywords))]
    named = (value for value in given if isinstance(value, (ast.Name, ast.Attribute)))  # `Thread(target=work)`, too
    starts = chain.from_iterable(_functions(module, project, value) for value in named)
    for code in calls_of(starts, project, _STEPS - 1):
        if isinstance(code.node, _FUNCTIONS):
            yield _place(code)


def _calls_in(module: Module, scope: ast.AST) -> Iterable[ast.Call]:
    return (item for item in module.calls if module.places.executing_scope(item).node is scope)


def _functions(module: Module, project: Project, named: ast.expr) -> Iterator[Code]:
    for defined in definitions(module, project, named):
        if isinstance(defined.node, _FUNCTIONS):
            yield Code(*defined)


def _place(code: Code) -> Place:
    layout = code.module.layout
    return layout.path if layout is not None else Path(code.module.source.path), place_of(code.module, code.node)
