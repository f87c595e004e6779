"""What the files of a project do to loggers and handlers: of all of them, of its own, or of some."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from pathlib import Path

from printlint.facts.log_setup.config_settings import configs_elsewhere
from printlint.facts.log_setup.existing_loggers import existing_loggers, imported_before
from printlint.facts.log_setup.logger_names import BY_CALLERS, function_of, names_given
from printlint.facts.log_setup.logger_settings import Disabling, LoggerSettings
from printlint.facts.log_setup.logging_config import logging_configs
from printlint.facts.log_setup.read_settings import WORDS, settings_of
from printlint.facts.module import Module, once_a_module
from printlint.facts.project.import_graph import imported_directly
from printlint.facts.project.project import SETUP_WORDS, Project

_SETS_UP = r"\.(?:addHandler|basicConfig|dictConfig|fileConfig|setLevel|propagate|handlers)\b"
_SETTINGS = r"(?m)^LOGGING\b"


def settings_of_all(project: Project) -> tuple[tuple[Path, LoggerSettings], ...]:
    """What each file of a project does to loggers in any way, tests and examples apart."""
    paths = (file.path for file in project.survey.holders(WORDS, tests=False) if file.is_own or file.is_tool)
    return tuple(project.ask_each(paths, lambda module: (module.file.absolute(), all_settings_of(module, project))))


@once_a_module
def all_settings_of(module: Module, project: Project) -> LoggerSettings:
    """What one file does to loggers, also to those that callers of its functions name."""
    return with_given_names(lambda: module, project, settings_of(module, project), some=True)


def with_given_names(
    find: Callable[[], Module | None], project: Project, settings: LoggerSettings, *, some: bool = False
) -> LoggerSettings:
    """What a file does, with the names that callers of its functions give loggers; `some`: where one is unknown, too.

    `find` gives the module of the file.
    """
    tables = (table for table in vars(settings).values() if isinstance(table, dict))
    marks = {name for table in tables for name in table if name.startswith(BY_CALLERS)}
    module = find() if marks else None
    if module is None:
        return settings
    found = {mark: names_given(module, project, mark, some=some) for mark in marks}
    known = {function_of(mark) for mark, names in found.items() if names}
    named = settings.named({mark: names for mark, names in found.items() if names})
    named.unknown = [place for place in named.unknown if place.where.function not in known]
    return named


def settings_of_own(project: Project) -> tuple[tuple[Path, LoggerSettings], ...]:
    """The same for the project's own files that set loggers up in the usual ways: few have to be parsed for it.

    A file in a folder that is called like one for tools is the project's own where its own code imports it.
    """
    found = project.survey.found(SETUP_WORDS, _may_set_up, tests=False)
    holding = (file for file, held in found if held)
    paths = (file.path for file in holding if file.is_own or (file.is_tool and _is_imported(file.path, project)))
    return tuple(project.ask_each(paths, lambda module: (module.file, all_settings_of(module, project)), whole=False))


def _is_imported(path: Path, project: Project) -> bool:
    importers = (file for file in project.importers(path) if file.is_own)
    return any(path in imported_directly(file.path, project) for file in importers)


def held_settings(project: Project, files: Collection[Path]) -> Iterator[tuple[Path, LoggerSettings]]:
    """What some files of a project do, in the order of the files; without those that do nothing."""
    held = project.derived(_Held)
    for path in files:
        if (settings := held.settings(path)) is not None:
            yield path, settings


class _Held:
    """What each file does, found out when it is first asked for: the programs of a project have files in common."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._found: dict[Path, LoggerSettings | None] = {}

    @cached_property
    def _holding(self) -> frozenset[Path]:
        return frozenset(file.path for file in self._project.survey.holders(WORDS))

    def settings(self, path: Path) -> LoggerSettings | None:
        """What a file does; None where it does nothing, or cannot be parsed."""
        if path not in self._found and path in self._holding:
            answers = self._project.ask_each([path], lambda module: settings_of(module, self._project))
            self._found[path] = next(answers, None)
        return self._found.get(path)


def usual_settings_of(module: Module, project: Project) -> LoggerSettings:
    """What one file does, where it sets loggers up in one of the usual ways."""
    return all_settings_of(module, project) if _sets_up(module.source.text) else LoggerSettings()


def _may_set_up(data: bytes) -> bool:
    return _sets_up(data.decode("latin-1"))


def _sets_up(text: str) -> bool:
    return re.search(_SETS_UP, text) is not None or ("LOGGING" in text and re.search(_SETTINGS, text) is not None)


def existing_before(item: Disabling, project: Project) -> tuple[frozenset[Path], frozenset[str]]:
    """The files that have run and the loggers that exist by the time a configuration disables those that do."""
    module = project.module(item.place.source)
    loads = module.calls_named(frozenset({"dictConfig"})) if module is not None else ()
    files, names = set[Path](), set[str]()
    if module is not None:
        elsewhere = (config for call in loads for config in configs_elsewhere(module, project, call))
        for config in (*logging_configs(module, project), *elsewhere):
            if config.site.lineno == item.line:
                files |= {*imported_before(module, project, config)}
                names |= existing_loggers(module, project, config)
    return frozenset(files), frozenset(names)
