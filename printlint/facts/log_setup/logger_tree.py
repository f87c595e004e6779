"""The tree of loggers as the files of a project set it up: who has which handlers, who propagates, at which level."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from printlint.facts.log_setup.handlers import created_name
from printlint.facts.log_setup.implicit_handler import implicit_handler
from printlint.facts.log_setup.logger_names import EVERY
from printlint.facts.log_setup.logger_settings import Attached, SetLevel
from printlint.facts.log_setup.settings_of_files import settings_of_own, usual_settings_of
from printlint.facts.log_setup.written_to import HandlerKind
from printlint.facts.loggers.kinds import LoggerValue, names_above
from printlint.facts.module import Module
from printlint.facts.programs.together import imported_together, share_a_program
from printlint.facts.project.project import Project
from printlint.logging_names import number_of
from printlint.names.layout import layout_of

_DEBUG = 10


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
    return _lowest([item for _, settings in project.derived(settings_of_own) for item in settings.levels.get("", ())])


def _lowest(levels: list[SetLevel]) -> SetLevel | None:
    """The lowest of some levels; None where there is none, or one of them is unknown."""
    if any(item.number is None for item in levels):
        return None
    return min(levels, key=lambda item: (item.number or 0, item.place), default=None)


class LoggerTree:
    """The settings of a project as one of its modules sees them, whose text may be newer than its file's.

    Only what is certain counts: what is done to one logger, whose name the code tells.
    """

    def __init__(self, module: Module, project: Project) -> None:
        self._module = module
        self._project = project
        self._path = module.file
        self._own = usual_settings_of(module, project)
        self._others = [item for path, item in project.derived(settings_of_own) if path != self._path]

    def propagates(self, name: str) -> bool | None:
        """Whether records of a logger go on to its parents'; None where nothing says so."""
        said = [item for settings in (self._own, *self._others) for item in settings.propagates.get(name, ())]
        values = [item.value is not False for item in said if item.certain]
        return all(values) if values else None

    def sets_propagation(self, name: str) -> bool:
        """Whether any file says, perhaps of this logger and to whatever value, whether its records propagate."""
        return any(settings.propagates.get(name) for settings in (self._own, *self._others))

    def may_have_handler(self, name: str) -> bool:
        """Whether any file may attach a handler to a logger, also one for nothing."""
        for settings in (self._own, *self._others):
            if settings.unknown or settings.handlers.get(name) or settings.handlers.get(EVERY):
                return True
        return False

    def named_elsewhere(self, name: str) -> Attached | None:
        """A handler that the logger of a module, or one above it but the root, has by its written name, where no file
        that runs with the module gives the root logger or `__main__` one."""
        attached = list(self._attached())
        above = [item for item in attached if item.logger and item.logger in names_above(name)]
        if not above or any(settings.unknown for settings in (self._own, *self._others)):
            return None
        roots = (item for item in attached if item.logger in ("", "__main__", EVERY))
        if any(self._is_near(item.place.source) for item in roots):
            return None
        return next((item for item in above if self._is_near(item.place.source)), None)

    def above(self, name: str | None, console: bool = False) -> Attached | None:
        """A handler that records of a logger reach by propagating; one for a stream first, or those of streams only.

        Of a logger whose name is unknown, the root's. What another file sets up counts where imports show that it runs
        in one program with the module.
        """
        for owner in islice(names_above(name), 1, None) if name is not None else [""]:
            found = [item for item in self._attached(owner) if self._is_near(item.place.source)]
            if found := sorted(found, key=lambda item: (not item.is_stream, item.place)):
                return found[0] if found[0].is_stream or not console else None
            if owner and self.propagates(owner) is False:
                return None
        return implicit_handler(self._module, self._project)

    def sharing(self, name: str | None) -> list[Attached]:
        """The handlers that get a record together with one on the logger of a name: on it, above it where its records
        propagate, and below it where those propagate to it; for an unknown logger, the root's and the module's own."""
        found = [item for item in self._attached() if self._shares_a_program(item.place.source)]
        if name is None:
            return [item for item in found if not item.logger or item.place.source == self._path]
        return [item for item in found if self._reaches(item.logger, name) or self._reaches(name, item.logger)]

    def _attached(self, name: str | None = None) -> Iterator[Attached]:
        """The handlers of a logger, or of all, without those of loggers that are not certain and those for nothing."""
        for settings in (self._own, *self._others):
            lists = settings.handlers.values() if name is None else [settings.handlers.get(name, [])]
            for items in lists:
                yield from (item for item in items if item.certain and item.kind is not HandlerKind.NULL)

    def _reaches(self, name: str, above: str) -> bool:
        """Whether records of a logger get to the handlers of one above it, or of its own."""
        while name != above:
            if not name or self.propagates(name) is False:
                return False
            name = name.rpartition(".")[0]
        return True

    def _is_near(self, source: Path) -> bool:
        return source == self._path or imported_together(self._module, source, self._project)

    def _shares_a_program(self, source: Path) -> bool:
        return source == self._path or share_a_program(self._module, source)

    @property
    def has_levels(self) -> bool:
        """Whether any file sets the level of a logger that is not the root."""
        return any(any(settings.levels) for settings in (self._own, *self._others))

    def swallowing(self, name: str, method: str) -> tuple[str, SetLevel] | None:
        """The level that lets no call of a logging method pass, with the logger that it is set on.

        Of several levels of one logger the lowest counts; none, where one of them is unknown. None for debug calls,
        which are quiet on purpose, and for a method that is not known to log at one level.
        """
        number, found = number_of(method), self._level(name)
        if number is None or found is None or number <= _DEBUG:
            return None
        return found if (found[1].number or 0) > number else None

    def _level(self, name: str) -> tuple[str, SetLevel] | None:
        owner, levels = deciding_levels(name, self._levels_of)
        lowest = _lowest(levels)
        return (owner, lowest) if lowest is not None else None

    def _levels_of(self, name: str) -> list[SetLevel]:
        """The levels of a logger. The root logger's have no say, nor has what files outside of the module's package
        set: other programs that use it set levels of their own."""
        levels = [item for settings in (self._own, *self._others) for item in settings.levels.get(name, ()) if name]
        return [item for item in levels if item.certain and self._is_of_package(item.place.source)]

    def _is_of_package(self, source: Path) -> bool:
        layout = self._module.layout
        if source == self._path or layout is None:
            return source == self._path
        return layout_of(source).top_package == layout.top_package
