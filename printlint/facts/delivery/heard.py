"""Which handlers a record meets in a program, and whether it is heard once, lost, or heard twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from printlint.facts.log_setup.handlers_met import attached
from printlint.facts.log_setup.hosts import HOSTS, hosts_of, settings_of_hosts
from printlint.facts.log_setup.logger_names import EVERY
from printlint.facts.log_setup.logger_settings import (
    Arm,
    Attached,
    Emptied,
    LoggerSettings,
    Place,
    cover,
    exclude,
    shown,
)
from printlint.facts.log_setup.settings_of_files import held_settings, with_given_names
from printlint.facts.log_setup.written_to import HandlerKind, Written
from printlint.facts.loggers.kinds import names_above
from printlint.facts.project.project import Project
from printlint.logging_names import name_of, number_of

Moment = tuple[float, float, float]  # a stage of the program, and where in it
_BEFORE, _IMPORTED, _STARTED, _SOME_TIME, _LATE = range(5)
_MAX_STEPS = 4
_WARNING = 30
_ENDING = r"stop|close|shut|tear|clean|exit|finish|end|__del__|reset|restore"
_HOSTS = {Path(name): host for name, host in HOSTS.items()}
# What logging writes to standard error by itself, where a record meets no handler.
LAST_RESORT = "logging._StderrHandler"
_LAST_RESORT = Attached(
    *("", "`logging.lastResort`", LAST_RESORT, Written.CONSOLE, HandlerKind.WRITES, _WARNING, False),
    Place(Path("logging"), 0, Path("logging")),
    host="logging",
)


class Heard(NamedTuple):
    """What becomes of a record: the handlers that get it, in the order in which it meets them.

    `lost` says why nobody reads it, empty where somebody may. `doubled` are two handlers that both write it to the
    terminal.
    """

    met: tuple[Attached, ...]
    lost: str
    doubled: tuple[Attached, Attached] | None


class Listeners:
    """The handlers of one program, for any of its loggers: by what its files do, and the hosts that load it.

    `start` is the file that is run: what others do under `if __name__ == "__main__":` is left out then. `hosts` are
    the frameworks that run it, by their names in `HOSTS`; None: those that the files name. `settings` are what files
    do, where the caller has read them. `perhaps` are those of the files that the program only loads under conditions.
    """

    def __init__(
        self,
        project: Project,
        files: Iterable[Path] = (),
        *,
        start: Path | None = None,
        hosts: Iterable[str] | None = None,
        settings: Iterable[tuple[Path, LoggerSettings]] = (),
        perhaps: Collection[Path] = (),
    ) -> None:
        paths = tuple(files)
        loaded = hosts_of(project, paths) if hosts is None else hosts
        held = held_settings(project, paths)
        named = ((path, with_given_names(partial(project.module, path), project, item)) for path, item in held)
        read = [*settings_of_hosts(loaded), *(held if start is None else named), *settings]
        self._project = project
        self._start = start
        self._perhaps = perhaps
        self._calls: dict[tuple[Path, str], int] = {}
        self._order = {path: index for index, (path, _) in enumerate(read)}
        found = [(path, settings.only(self._runs)) for path, settings in read]
        without_effect = set(_without_effect(found, self._moment))
        self._files = [(path, settings.only(lambda place: place not in without_effect)) for path, settings in found]

    def meets(self, logger_name: str) -> tuple[list[Attached], Place | None]:
        """The handlers that a logger's records meet, and the place that stops them (`propagate = False`), if any."""
        met: list[Attached] = []
        cut = None
        for owner in names_above(logger_name):
            met += self._on(owner)
            if owner and (cut := self._cut(owner)) is not None:
                break
        return attached(met), cut

    def all(self) -> list[Attached]:
        """Every handler of the program."""
        return [item for _, settings in self._files for items in settings.handlers.values() for item in items]

    def heard(self, logger_name: str, level: str) -> Heard:
        """What becomes of the records that a method (`info`, …) of a logger makes; the root logger's name is empty."""
        number = number_of(level) or 0
        met, cut = self.meets(logger_name)
        closed = f"records do not propagate ({cut.described(self._project)}) and reach no handler" if cut else ""
        if not met and number >= _WARNING:
            met, closed = [_LAST_RESORT], ""
        passing = [item for item in met if item.number <= number]
        lost = self._reason(logger_name, number, met, passing, closed)
        return Heard(tuple(passing), lost, None if lost else self._doubled(passing))

    def _reason(self, name: str, number: int, met: list[Attached], passing: list[Attached], closed: str) -> str:
        from printlint.facts.delivery.lost_records import LostRecords  # `check` asks for handlers alone

        records = LostRecords(self._project, self._files)
        if dropped := next(records.before_handlers(name, number), "") or records.switched_off(number):
            return dropped
        if not met and any(settings.unknown for _, settings in self._files):
            return ""  # the logger may be one that has handlers
        if number < self._implied_level(name):
            return f"the root logger has no level, so records below {name_of(self._implied_level(name))} are dropped"
        if working := [item for item in passing if item.kind is not HandlerKind.NULL]:
            return self._missing(working) if number < _WARNING else ""
        if passing:
            return f"only the {passing[0].described(self._project)} gets it"
        if met:
            return f"the {met[0].described(self._project)} has the level {name_of(met[0].number)}"
        return closed or self._taken_away(name) or "no handler is attached, so records below WARNING are dropped"

    def _taken_away(self, name: str) -> str:
        for owner in names_above(name):
            for item in (item for _, settings in self._files for item in settings.handlers.get(owner, ())):
                if (place := self._removed(item, owner)) is not None:
                    return f"the {item.described(self._project)} is removed again ({place.described(self._project)})"
        return ""

    def _missing(self, met: list[Attached]) -> str:
        """Why a program may have none of the handlers of a record: they, or imports of their files, have conditions."""
        handlers = [item for item in met if item.written is not Written.ELSEWHERE] or met
        perhaps = {item.place.path for item in handlers if item.place.path in self._perhaps}
        if len(perhaps) == 1 and all(item.place.path in perhaps for item in handlers):
            return f"{shown(perhaps.pop(), self._project)} configures logging, and is only imported under a condition"
        places = [self._arms(item.place) if not item.place.where.if_none else () for item in handlers]
        same = len({item.place.source for item in handlers}) == 1
        if not all(places) or not same or cover(places):
            return ""
        return f"the {handlers[0].described(self._project)} is only attached under a condition"

    def _arms(self, place: Place) -> tuple[Arm, ...]:
        """The branches that a place is in, and those in which its function is called, if one place calls it."""
        return place.where.arms

    def _doubled(self, met: list[Attached]) -> tuple[Attached, Attached] | None:
        """The first two handlers that would both write a record to the terminal, if there are any."""
        certain = [item for item in met if item.certain and item.written is Written.CONSOLE and not item.drops]
        for first, second in combinations(certain, 2):
            same = (first.logger, first.place, first.slot) == (second.logger, second.place, second.slot)
            if not same and not _exclude(first.place, second.place):
                return first, second
        return None

    def _implied_level(self, name: str) -> int:
        """The level that holds where nothing gives a logger or one above it a level; 0 where something does, or may."""
        levels = [item for owner in names_above(name) for _, file in self._files for item in file.levels.get(owner, ())]
        if any(not item.implied or item.number is None for item in levels):
            return 0
        return min((item.number for item in levels if item.number is not None), default=_WARNING)

    def _on(self, owner: str) -> Iterator[Attached]:
        """The handlers that a logger has when the program has set them up."""
        for _, settings in self._files:
            for item in (*settings.handlers.get(owner, ()), *(settings.handlers.get(EVERY, ()) if owner else ())):
                if self._removed(item, owner) is None:
                    yield item

    def _removed(self, item: Attached, owner: str) -> Place | None:
        """Where a handler is taken away again, if it is."""
        attached = self._moment(item.place)
        for _, settings in self._files:
            for emptied in settings.emptied.get(owner, ()):
                removed = self._moment(emptied.place)
                if emptied.terminal and item.written is not Written.CONSOLE:
                    continue
                if emptied.place == item.place or not attached < removed:
                    continue
                is_known = removed[0] != _SOME_TIME
                if (emptied.every and is_known) or (_takes(emptied, item) and (is_known or not _ends(emptied.place))):
                    return emptied.place
        return None

    def _cut(self, owner: str) -> Place | None:
        said = [item for _, settings in self._files for item in settings.propagates.get(owner, ())]
        last = max(said, key=lambda item: self._moment(item.place), default=None)
        return last.place if last is not None and last.value is False else None

    # When something is done

    def _runs(self, place: Place) -> bool:
        """Whether the program does what a place does: not what another file does below its own `__main__` guard."""
        return not place.where.in_main or self._start is None or place.source == self._start

    def _moment(self, place: Place) -> Moment:
        """When a place runs, as far as the code shows: imports run before what the start file calls."""
        if place.source in _HOSTS:
            return (_LATE if _HOSTS[place.source].late else _BEFORE), 0, place.line
        function, at_start = place.where.function, place.source == self._start
        if not function:
            return (_STARTED, place.line, 0) if at_start else (_IMPORTED, self._order[place.source], place.line)
        if self._start is None:
            return _STARTED, self._order[place.source], place.line
        called = self._called(place.source, function)
        return (_STARTED, called, place.line) if called else (_SOME_TIME, 0, place.line)

    def _called(self, path: Path, function: str, steps: int = _MAX_STEPS) -> int:
        """The line of the start file from which a function runs, directly or through others of its file; 0: none."""
        key = path, function
        if key not in self._calls:
            self._calls[key] = 0  # for functions that call each other
            names = frozenset({function})
            start = self._project.module(self._start) if self._start is not None else None
            lines = [call.lineno for call in start.calls_named(names)] if start is not None else []
            module = self._project.module(path) if steps and not lines else None
            for call in module.calls_named(names) if module is not None else ():
                assert module is not None
                caller = module.places.function(call)
                if caller is not None and (line := self._called(path, caller.name, steps - 1)):
                    lines.append(line)
            self._calls[key] = min(lines, default=0)
        return self._calls[key]


def _without_effect(files: Sequence[tuple[Path, LoggerSettings]], moment: Callable[[Place], Moment]) -> Iterator[Place]:
    """The calls of `basicConfig` that do nothing, since the root logger already has a handler."""
    levels = [item for _, settings in files for item in settings.levels.get("", ())]
    attached = [item for _, settings in files for item in settings.handlers.get("", ()) if item.certain]
    emptied = {item.place for _, settings in files for item in settings.emptied.get("", ()) if item.every}
    for place in {item.place for item in levels if item.how.startswith("basicConfig")} - emptied:
        for item in attached:
            if moment(item.place) < moment(place) and not _exclude(item.place, place):
                if not any(moment(item.place) < moment(other) < moment(place) for other in emptied):
                    yield place


def _takes(emptied: Emptied, item: Attached) -> bool:
    """Whether a handler is the very one that is removed."""
    return item.made in emptied.made and emptied.place.source == item.place.source


def _ends(place: Place) -> bool:
    """Whether a function is there to end the program's work."""
    return re.search(_ENDING, place.where.function) is not None


def _exclude(one: Place, other: Place) -> bool:
    """Whether two places exclude each other, as the branches of an `if` do."""
    mine, its = ({*place.where.arms, *place.where.behind} for place in (one, other))
    return one.source == other.source and exclude(mine, its)
