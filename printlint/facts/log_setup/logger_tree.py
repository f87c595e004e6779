"""The tree of loggers as the files of a project set it up: who has which handlers, who propagates, at which level."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

from printlint.facts.log_setup.handlers import added_handlers, created_name
from printlint.facts.log_setup.logging_config import level_of, logging_configs
from printlint.facts.loggers.kinds import LoggerKind, LoggerValue, names_above
from printlint.facts.module import Module, once_a_module
from printlint.facts.project.import_graph import run_together, share_a_program
from printlint.facts.project.project import SETUP_WORDS, Project
from printlint.logging_names import number_of
from printlint.names.layout import layout_of

T = TypeVar("T")

_MENTIONS = r"\.(?:addHandler|basicConfig|dictConfig|fileConfig|setLevel|propagate)\b"
_SETTINGS = r"(?m)^LOGGING\b"
_LOADED = frozenset({"dictConfig", "fileConfig"})
_DEBUG, _WARNING = 10, 30


class Attached(NamedTuple):
    """A handler on a logger (the root's name is empty). `line` counts from 1.

    `path` is the file that says so, `source` the module that carries it out: they differ for configuration files.
    """

    logger: str
    handler: str
    console: bool
    path: Path
    line: int
    source: Path

    def described(self, project: Project) -> str:
        """The handler, its logger and its place, for a message."""
        owner = f"of `{self.logger}`" if self.logger else "of the root logger"
        return f"{self.handler} {owner} ({shown(self.path, project)}:{self.line})"


class Place(NamedTuple):
    """A line, from 1, of the file that says something; `source` is the module that carries it out."""

    path: Path
    line: int
    source: Path


class SetLevel(NamedTuple):
    """A level that is set on a logger, None where nothing tells which; `how` names what sets it."""

    number: int | None
    place: Place
    how: str = "setLevel"


class Settings:
    """What files set up, by the loggers' names. `propagates` gives the file with each value."""

    def __init__(self) -> None:
        self.attached: dict[str, list[Attached]] = {}
        self.propagates: dict[str, list[tuple[Path, bool]]] = {}
        self.levels: dict[str, list[SetLevel]] = {}

    def add(self, other: Settings) -> None:
        """Take in what another file sets up."""
        _extend(self.attached, other.attached)
        _extend(self.propagates, other.propagates)
        _extend(self.levels, other.levels)


def _extend(own: dict[str, list[T]], others: dict[str, list[T]]) -> None:
    for name, items in others.items():
        own.setdefault(name, []).extend(items)


def shown(path: Path, project: Project) -> str:
    """A path as messages give it: from the project's root."""
    root = project.root
    return (path.relative_to(root) if root is not None and path.is_relative_to(root) else Path(path.name)).as_posix()


def logger_name(module: Module, logger: LoggerValue) -> str | None:
    """The name of a logger, empty for the root; None where the code does not tell."""
    if logger.root:
        return ""
    names = {created_name(module, call) for call in logger.created}
    return names.pop() if len(names) == 1 else None


def deciding_levels(name: str, levels_of: Callable[[str], list[SetLevel]]) -> tuple[str, list[SetLevel]]:
    """The levels that decide over a logger's records, with the logger that has them: its own, or the nearest above.

    NOTSET on a logger leaves the decision to the one above; on the root logger, it lets all pass.
    """
    for owner in names_above(name):
        if levels := [item for item in levels_of(owner) if item.number != 0 or not owner]:
            return owner, levels
    return "", []


def root_level(project: Project) -> SetLevel | None:
    """The lowest level that a project's files set for the root logger; None where any of them is unknown."""
    return _lowest(project.derived(_settings_of_all).levels.get("", []))


def _lowest(levels: list[SetLevel]) -> SetLevel | None:
    """The lowest of some levels; None where there is none, or one of them is unknown."""
    if any(item.number is None for item in levels):
        return None
    return min(levels, key=lambda item: (item.number or 0, item.place.path, item.place.line), default=None)


class LoggerTree:
    """The settings of a project as one of its modules sees them, whose text may be newer than its file's."""

    def __init__(self, module: Module, project: Project) -> None:
        self._module = module
        self._project = project
        self._path = module.layout.path if module.layout is not None else None
        self._own = settings_of(module, project)
        self._others = project.derived(_settings_of_all)

    def propagates(self, name: str) -> bool | None:
        """Whether records of a logger go on to its parents'; None where nothing says so."""
        said = self._own.propagates.get(name, [])
        said = [*said, *(item for item in self._others.propagates.get(name, []) if item[0] != self._path)]
        return None if not said else all(value for _, value in said)

    def above(self, name: str | None, console: bool = False) -> Attached | None:
        """A handler that records of a logger reach by propagating; one for the console first, or `console` ones only.

        Of a logger whose name is unknown, the root's. What another file sets up counts where it runs in one program
        with the module: one of them imports the other.
        """
        for owner in islice(names_above(name), 1, None) if name is not None else [""]:
            found = [*self._own.attached.get(owner, [])]
            found += [item for item in self._others.attached.get(owner, []) if self._is_near(item.source)]
            if found := sorted(found, key=lambda item: (not item.console, item.path, item.line)):
                return found[0] if found[0].console or not console else None
            if owner and self.propagates(owner) is False:
                return None
        return None

    def sharing(self, name: str | None) -> list[Attached]:
        """The handlers that get a record together with one on the logger of a name: on it, above it where its records
        propagate, and below it where those propagate to it; for an unknown logger, the root's and the module's own."""
        found = [item for items in self._own.attached.values() for item in items]
        for items in self._others.attached.values():
            found += [
                item
                for item in items
                if item.source != self._path and share_a_program(self._module, item.source, self._project)
            ]
        if name is None:
            return [item for item in found if not item.logger or item.source == self._path]
        return [item for item in found if self._reaches(item.logger, name) or self._reaches(name, item.logger)]

    def _reaches(self, name: str, above: str) -> bool:
        """Whether records of a logger get to the handlers of one above it, or of its own."""
        while name != above:
            if not name or self.propagates(name) is False:
                return False
            name = name.rpartition(".")[0]
        return True

    def _is_near(self, source: Path) -> bool:
        return source != self._path and run_together(self._module, source, self._project)

    @property
    def has_levels(self) -> bool:
        """Whether any file sets the level of a logger that is not the root."""
        return any(self._own.levels) or any(self._others.levels)

    def has_level(self, name: str) -> bool:
        """Whether a known level of a logger, or of one above it that is not the root, decides over its records."""
        return self._level(name) is not None

    def swallowing(self, name: str, method: str) -> tuple[str, SetLevel] | None:
        """The level that lets no call of a logging method pass, with the logger that it is set on.

        Of several levels of one logger the lowest counts; none, where one of them is unknown. None for debug calls
        under a level of a logger above: they are quiet on purpose. None for a method that is not known to log at one
        level.
        """
        number, found = number_of(method), self._level(name)
        if number is None or found is None or (found[0] != name and number <= _DEBUG):
            return None
        return found if (found[1].number or 0) > number else None

    def _level(self, name: str) -> tuple[str, SetLevel] | None:
        owner, levels = deciding_levels(name, self._levels_of)
        lowest = _lowest(levels)
        return (owner, lowest) if lowest is not None else None

    def _levels_of(self, name: str) -> list[SetLevel]:
        """The levels of a logger. The root logger's have no say, nor has what files outside of the module's package
        set: other programs that use it set levels of their own."""
        if not name:
            return []
        others = (item for item in self._others.levels.get(name, []) if self._is_of_package(item.place.source))
        return [*self._own.levels.get(name, []), *others]

    def _is_of_package(self, source: Path) -> bool:
        layout = self._module.layout
        return layout is not None and source != self._path and layout_of(source).top_package == layout.top_package


def _settings_of_all(project: Project) -> Settings:
    """The settings of all files of a project."""
    together = Settings()
    holding = project.survey.holding(SETUP_WORDS, own=True)
    paths = (file.path for file, data in holding if _may_set(data.decode("latin-1")))
    for settings in project.ask_each(paths, lambda module: settings_of(module, project), whole=False):
        together.add(settings)
    return together


def _may_set(text: str) -> bool:
    return re.search(_MENTIONS, text) is not None or ("LOGGING" in text and re.search(_SETTINGS, text) is not None)


@once_a_module
def settings_of(module: Module, project: Project) -> Settings:
    """What one module sets up, in its code and in the configuration files that it loads."""
    settings = Settings()
    if not _may_set(module.source.text):
        return settings
    path = module.layout.path if module.layout is not None else Path(module.source.path)
    for added in added_handlers(module):
        name = logger_name(module, added.logger)
        if name is not None and not added.null:
            class_name = (added.handler or "handler").rpartition(".")[2]
            attached = Attached(name, class_name, added.console, path, added.call.lineno, path)
            settings.attached.setdefault(name, []).append(attached)
    _add_calls(settings, module, project, path)
    for config in logging_configs(module, project):
        place = config.path or path
        for entry in config.entries:
            for handler in entry.handlers:
                console = config.console(handler)
                attached = Attached(entry.name, f"handler `{handler}`", console, place, entry.line, path)
                settings.attached.setdefault(entry.name, []).append(attached)
            if entry.propagate is not None:
                settings.propagates.setdefault(entry.name, []).append((path, entry.propagate))
            if entry.levelled:
                level = SetLevel(entry.level, Place(place, entry.line, path), "the configuration's root logger")
                settings.levels.setdefault(entry.name, []).append(level)
        if not any(entry.levelled for entry in config.entries if not entry.name):
            line = next((entry.line for entry in config.entries if not entry.name), config.site.lineno)
            level = SetLevel(_WARNING, Place(place, line, path), "the configuration without a root level")
            settings.levels.setdefault("", []).append(level)
    return settings


def _add_calls(settings: Settings, module: Module, project: Project, path: Path) -> None:
    """`basicConfig`, `setLevel`, configurations that cannot be read, and assignments to `propagate`."""
    for node in module.calls_named(frozenset({"basicConfig", "setLevel", *_LOADED})):
        place = Place(path, node.lineno, path)
        match node:
            case ast.Call(func=func) if module.qualified(func) == "logging.basicConfig":
                named = {keyword.arg: keyword.value for keyword in node.keywords}
                console = not named.keys() & {"filename", "handlers", None}
                attached = Attached("", "`basicConfig` handler", console, path, node.lineno, path)
                settings.attached.setdefault("", []).append(attached)
                settings.levels.setdefault("", []).append(_level_of_basic_config(module, named, place))
            case ast.Call(func=ast.Attribute(value=receiver, attr="setLevel"), args=[level]):
                if (name := _name_of(module, receiver)) is not None:
                    settings.levels.setdefault(name, []).append(SetLevel(level_of(module, level), place))
            case ast.Call(func=func) if (module.qualified(func) or "").removeprefix("logging.config.") in _LOADED:
                if not logging_configs(module, project):
                    settings.levels.setdefault("", []).append(SetLevel(None, place))
    for target in module.scopes.stores("propagate"):
        match module.scopes.parent(target):
            case ast.Assign(targets=[_], value=value):
                if (name := _name_of(module, target.value)) is not None:
                    said = not isinstance(value, ast.Constant) or bool(value.value)
                    settings.propagates.setdefault(name, []).append((path, said))


def _level_of_basic_config(module: Module, named: dict[str | None, ast.expr], place: Place) -> SetLevel:
    if "level" in named or None in named:
        return SetLevel(level_of(module, named["level"]) if "level" in named else None, place, "basicConfig")
    return SetLevel(_WARNING, place, "basicConfig without a level")


def _name_of(module: Module, node: ast.expr) -> str | None:
    logger = module.loggers.value(node)
    if logger is None or logger.kind is not LoggerKind.STDLIB:
        return None
    return logger_name(module, logger)
