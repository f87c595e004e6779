"""Why a record would not be seen although the print before it was: levels, filters and handlers from its logger up.

All files of the project count that set up the logger or one above it by name. What a file does to the root logger
counts only where one program may run both files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from printlint.facts.log_setup.handlers_met import attached
from printlint.facts.log_setup.logger_names import EVERY
from printlint.facts.log_setup.logger_settings import Attached, LoggerSettings, Place, SetLevel
from printlint.facts.log_setup.logger_tree import deciding_levels
from printlint.facts.log_setup.settings_of_files import all_settings_of, existing_before, settings_of_all
from printlint.facts.log_setup.written_to import Written
from printlint.facts.loggers.kinds import names_above
from printlint.facts.module import Module
from printlint.facts.programs.together import share_a_program
from printlint.facts.project.project import Project
from printlint.logging_names import name_of, number_of
from printlint.names.layout import Layout

T = TypeVar("T")

_WARNING = 30
_NULL = "logging.NullHandler"


def module_names(layout: Layout | None, root: Path | None) -> Iterator[str]:
    """What `__name__` may be in a module: by its package, and by its folders below the project's root."""
    if layout is None:
        return
    yield layout.module
    if root is not None and layout.path.is_relative_to(root):
        parts = layout.path.relative_to(root).with_suffix("").parts
        parts = parts[1:] if parts[0] in ("src", "lib") and len(parts) > 1 else parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def lost_records(module: Module, project: Project) -> LostRecords:
    """Answers for the records of one module, whose text may be newer than its file's."""
    path = module.path
    files: list[tuple[Path | None, LoggerSettings]] = [(path, all_settings_of(module, project))]
    files += [item for item in project.derived(settings_of_all) if item[0] != path]

    def is_near(other: Path) -> bool:
        is_package = other.name == "__init__.py" and path is not None and path.is_relative_to(other.parent)
        return is_package or share_a_program(module, other)

    return LostRecords(project, files, path, is_near)


class LostRecords:
    """Answers for records that some files make together: of those, only the ones that are near to `own` have a say."""

    def __init__(
        self,
        project: Project,
        files: Sequence[tuple[Path | None, LoggerSettings]],
        own: Path | None = None,
        is_near: Callable[[Path], bool] = lambda _: True,
    ) -> None:
        self._project = project
        self._path = own
        self._files = files
        self._asked = is_near
        self._near: dict[Path, bool] = {}

    def reason(self, names: Iterable[str], method: str, *, of_root: bool = True) -> str:
        """Why a record that a method of a logger makes would not be seen; empty where nothing says so.

        `names` are those that the logger may have. Without `of_root`, the root logger's own settings have no say: what
        is compared is a record of the root logger's.
        """
        number = number_of(method)
        if number is None:
            return ""
        # what is done to `__main__` by that name counts, and the rest by the module's own name
        found = (reason for name in names for reason in self._reasons(name, number, of_root and name != "__main__"))
        return next(found, self.switched_off(number) if of_root else "")

    def _reasons(self, name: str, number: int, of_root: bool) -> Iterator[str]:
        yield from self.before_handlers(name, number, of_root=of_root)
        if lost := self._destination(name, number, of_root):
            yield lost

    def before_handlers(self, name: str, number: int, *, of_root: bool = True) -> Iterator[str]:
        """Why a record of a level is dropped before any handler has it: disabled loggers, filters, levels."""
        own = f"the logger `{name}`" if name else "the root logger"
        if name:
            for place in self._of(name, lambda item: item.disabled, own=True):
                yield f"{own} is disabled ({self._shown(place)})"
            yield from self._left_out(name)
        for place in self._of(name, lambda item: item.filtered, own=True) if name else ():
            yield f"a filter of {own} may drop or change the record ({self._shown(place)})"
        if lost := self._level(name, number, of_root):
            yield lost

    def switched_off(self, number: int) -> str:
        """The same for `logging.disable`, which all loggers obey."""
        for _, settings in self._concerned():
            for item in settings.switched_off:
                if item.highest is not None and item.highest >= number:
                    return f"`logging.disable` drops the record ({self._shown(item.place)})"
        return ""

    def _left_out(self, name: str) -> Iterator[str]:
        """Configurations that disable this logger, since it exists before they are loaded."""
        for path, settings in self._files:
            for item in settings.disabling:
                kept = any(f"{name}.".startswith(f"{other}.") for other in item.kept)
                if not kept and path != self._path:
                    files, names = existing_before(item, self._project)
                    if self._path in files or (self._path is None and name in names):
                        yield f"`disable_existing_loggers` disables `{name}` ({self._shown(item.place)})"

    # Levels

    def _level(self, name: str, number: int, of_root: bool) -> str:
        def levels_of(owner: str) -> list[SetLevel]:
            found = self._of(owner, lambda item: item.levels, own=owner == name) if owner or of_root else []
            return [item for item in found if not item.implied and (item.highest != 0 or not owner)]

        owner, levels = deciding_levels(name, levels_of)
        if levels:
            return self._lost_at(owner, levels, number)
        if of_root and number < _WARNING:
            for _, settings in self._concerned():
                for place in settings.unlevelled:
                    return f"the root logger has no level, so records below WARNING are dropped ({self._shown(place)})"
        return ""

    def _lost_at(self, owner: str, levels: list[SetLevel], number: int) -> str:
        highest = max(levels, key=lambda item: item.highest or 0)
        if highest.highest is None or highest.highest <= number:
            return ""
        whose = f"`{owner}`" if owner else "the root logger"
        return (
            f"the level of {whose} is {name_of(highest.highest)} ({self._shown(highest.place)}), which drops the record"
        )

    # Handlers

    def _destination(self, name: str, number: int, of_root: bool) -> str:
        """Where the record goes instead, if no handler that it meets writes to the terminal."""
        reached: list[Attached] = []
        for owner in names_above(name):
            if not owner and not of_root:
                return ""
            whose = f"`{owner}`" if owner else "the root logger"
            handlers = self._of(owner, lambda item: item.handlers, own=owner == name)
            for place in self._of(owner, lambda item: item.handler_filters, own=owner == name):
                return f"a filter of the handlers of {whose} may drop or change the record ({self._shown(place)})"
            for item in self._of(owner, lambda item: item.handler_levels, own=owner == name):
                if item.highest is not None and item.highest > number:
                    return f"the handlers of {whose} have the level {name_of(item.highest)} ({self._shown(item.place)})"
            reached += handlers
            said = self._of(owner, lambda item: item.propagates, own=owner == name) if owner else []
            cut = [item.place for item in said if item.value is not True]
            if any(self._shows(item, number) for item in attached(reached)):
                return ""
            if cut:
                return self._cut_off(owner, reached, cut[0])
            if not owner and not any(item.written is Written.UNKNOWN for item in reached):
                if handlers:
                    return self._elsewhere("the root logger", handlers)
                if working := [item for item in reached if item.class_name != _NULL]:
                    return self._elsewhere(f"`{working[0].logger}`", working)
            if not owner and not handlers and (emptied := self._of("", lambda item: item.emptied)):
                return f"the handlers of the root logger are removed ({self._shown(emptied[0].place)})"
        return ""

    def _shows(self, item: Attached, number: int) -> bool:
        return item.written is Written.CONSOLE and item.number <= number and not item.drops

    def _cut_off(self, owner: str, reached: list[Attached], cut: Place) -> str:
        if not reached:
            return f"records of `{owner}` do not propagate ({self._shown(cut)}) and reach no handler"
        return self._elsewhere(f"`{owner}`", reached)

    def _elsewhere(self, owner: str, handlers: list[Attached]) -> str:
        first = next((item for item in handlers if item.written is Written.CONSOLE), handlers[0])
        place = self._shown(first.place)
        if first.written is Written.CONSOLE:
            why = "has a filter" if first.drops else f"has the level {name_of(first.number)}"
            return f"the {first.shown} of {owner}, which writes to the terminal, {why} ({place})"
        return f"records of {owner} go to the {first.shown} ({place}), not to the terminal"

    # Files

    def _of(self, name: str, fact: Callable[[LoggerSettings], dict[str, list[T]]], *, own: bool = False) -> list[T]:
        """What files do to a logger that is the module's `own`; to others, only those that one program may run."""
        found: list[T] = []
        for path, settings in self._files:
            table = fact(settings)
            given = [*table.get(name, ()), *(table.get(EVERY, ()) if name else ())]
            if given and ((own and name in table) or self._is_near(path)):
                found += given
        return found

    def _concerned(self) -> Iterator[tuple[Path | None, LoggerSettings]]:
        return (item for item in self._files if (item[1].switched_off or item[1].levels) and self._is_near(item[0]))

    def _is_near(self, path: Path | None) -> bool:
        if path is None or path == self._path:
            return True
        if path not in self._near:
            self._near[path] = self._asked(path)
        return self._near[path]

    def _shown(self, place: Place) -> str:
        return place.described(self._project)
