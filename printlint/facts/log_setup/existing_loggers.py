"""Which loggers exist when a logging configuration is carried out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from printlint.facts.log_setup.handlers import created_name
from printlint.facts.log_setup.logging_config import LoggingConfig
from printlint.facts.module import Module
from printlint.facts.project.import_graph import has_imported, import_closure
from printlint.facts.project.project import Project
from printlint.facts.project.word_index import as_bytes, matches
from printlint.names.import_block import is_bare_constant
from printlint.names.qualified import last_name
from printlint.reading import disk

_DICT_CONFIG = "logging.config.dictConfig"
_MAKES = "getLogger"


def existing_loggers(
    module: Module, project: Project, config: LoggingConfig, *, uncalled: bool = False
) -> frozenset[str]:
    """The names of the loggers that modules of the project have made by the time a configuration runs.

    A call in a module's own body runs after what is above it; one in a function runs when another module of the
    project calls that, after all that the two import. Django's `LOGGING` is carried out before a project's modules are
    imported, and a configuration that nothing here carries out is silent; `uncalled`, one in a function is not.
    """
    project = _around_migrations(module, project)
    runs = list(_runs(module, project, config, uncalled=uncalled))
    imported = dict.fromkeys(path for run in runs for path in import_closure(run[0], project, run[1]))
    of_imported = project.ask_each(filter(_may_make_loggers, imported), _of_body, whole=False)
    return frozenset(chain.from_iterable((*(_of_body(*run) for run in runs), *of_imported)))


def _may_make_loggers(path: Path) -> bool:
    try:
        return disk.found_in(str(path), matches, _MAKES.encode(), decided=True)
    except OSError:
        return False


def imported_before(module: Module, project: Project, config: LoggingConfig) -> Iterator[Path]:
    """The files of the project whose own bodies have run, at least in part, by the time a configuration does."""
    for runner, before in _runs(module, project, config):
        if runner.path is not None:
            yield runner.path
        yield from import_closure(runner, project, before)


def is_made_after(module: Module, project: Project, configuring: Module, call: ast.Call) -> bool:
    """Whether a call that configures logging has run, in every program, before a module makes its first logger."""
    if configuring.layout is None or configuring.places.function(call) is not None:
        return False
    path = module.path
    if path in import_closure(configuring, project, call.lineno):
        return False
    return has_imported(module, configuring.layout.path, project, _head_end(module))


def _head_end(module: Module) -> int | None:
    """The line of the first statement, from 1, that is no import: above it, no logger is made."""
    imports = (ast.Import, ast.ImportFrom)
    return next(
        (item.lineno for item in module.tree.body if not isinstance(item, imports) and not is_bare_constant(item)), None
    )


def _runs(
    module: Module, project: Project, config: LoggingConfig, *, uncalled: bool = False
) -> Iterator[tuple[Module, int | None]]:
    """The modules that carry a configuration out, each with the line of its own body above which all has run."""
    for call in _calls(module, config):
        function = module.places.function(call)
        if function is None:
            yield module, call.lineno
            yield from _migrating(module, project)
        elif (runners := list(_runners(module, project, function.name))) or uncalled:
            yield module, None  # whoever calls the function has imported its module
            yield from runners


def _around_migrations(module: Module, project: Project) -> Project:
    """The project of a file; for alembic's `env.py` where no project file marks one, what is around its folder."""
    path = module.path
    if path is None or project.marked or not _is_migrations(module):
        return project
    folder = path.parent.parent
    while disk.is_file(folder / "__init__.py"):
        folder = folder.parent
    return Project.at(folder)


def _is_migrations(module: Module) -> bool:
    return module.layout is not None and module.layout.path.name == "env.py" and "alembic" in module.source.text


def _migrating(module: Module, project: Project) -> Iterator[tuple[Module, None]]:
    """The modules that have alembic run a file: it loads `env.py` by its path, when one of its commands is called."""
    if not _is_migrations(module):
        return
    for other in project.ask_each((file.path for file in project.survey.holders((b"alembic",), own=True)), lambda m: m):
        called = (other.qualified(call.func) or "" for call in other.calls)
        if any(name.startswith("alembic.command.") for name in called):
            yield other, None


def _calls(module: Module, config: LoggingConfig) -> Iterator[ast.Call]:
    """The calls that carry a configuration out."""
    if isinstance(config.site, ast.Call):
        yield config.site
        return
    for call in module.calls:
        if module.qualified(call.func) == _DICT_CONFIG and call.args:
            given = call.args[0]
            values = (
                [binding.value for binding in module.names.bindings(given)] if isinstance(given, ast.Name) else [given]
            )
            if config.site in values:
                yield call


def _of_body(module: Module, before: int | None = None) -> set[str]:
    names = set()
    for call in module.calls_named(frozenset({_MAKES})):
        if module.qualified(call.func) == "logging.getLogger" and module.places.function(call) is None:
            if before is None or call.lineno < before:
                names.add(created_name(module, call))
    return {name for name in names if name}


def _runners(module: Module, project: Project, function: str) -> Iterator[tuple[Module, int | None]]:
    """The modules, this one too, that call a function of a module, each with the line where its own body does."""
    if module.layout is None:
        return
    runners = [module]
    importers = (file for file in project.importers(module.layout.path) if file.is_own)
    called = rb"\b%s\(" % re.escape(as_bytes(function))
    for file, calls_it in project.survey.ask(importers, matches, called):
        if calls_it and file.path != module.layout.path:
            runners += [found] if (found := project.module(file.path)) is not None else []
    for runner in runners:
        calls = [call for call in runner.calls if last_name(call.func) == function]
        if calls:
            of_body = [call.lineno for call in calls if runner.places.function(call) is None]
            yield runner, min(of_body) if len(of_body) == len(calls) else None
