"""The files that start programs in one tree: where they do, what they load, and what configures logging there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from printlint.config import Config
from printlint.facts.context import Context
from printlint.facts.delivery.heard import Listeners
from printlint.facts.delivery.loguru_sinks import loguru_set_up
from printlint.facts.log_setup.level_values import LevelValues
from printlint.facts.log_setup.own_set_up import WORDS, OwnSetUp, own_set_ups
from printlint.facts.programs.hosted import CONFIGURING
from printlint.facts.programs.model import Model
from printlint.facts.project.entry_points import SIGNS, Start, find_starts, is_wired, set_up_call
from printlint.facts.project.project import Project
from printlint.facts.project.setup_files import is_setup_file
from printlint.facts.reach.programs import Programs
from printlint.lint.linter import context_of
from printlint.logging_names import name_of
from printlint.names.import_block import is_import
from printlint.names.layout import layout_of
from printlint.partial.partial_tree import Tree
from printlint.reading import disk
from printlint.reading.discovery import shown
from printlint.rewrite.cautions import names_of_logger
from printlint.rewrite.changes import FileFix
from printlint.rewrite.unheard import (
    Unheard,
    below_the_set_up,
    calls_into_project,
    calls_on_import,
    misheard,
    too_early,
)
from printlint.rewrite.wire import Surroundings
from printlint.source import Source, Unreadable


class StartFile(NamedTuple):
    """A file that starts a program, and where it does; nowhere, if it sets logging up already."""

    path: Path
    context: Context
    starts: tuple[Start, ...]

    @property
    def is_imported(self) -> bool:
        """Whether whoever imports the file sets logging up: an application is made at its top."""
        return any(item.at_import for item in self.starts)

    @property
    def makes_application(self) -> bool:
        """Whether a function of the file makes the application, and sets logging up."""
        return any(item.in_factory for item in self.starts)


class Starting:
    """The files that start programs in one tree."""

    def __init__(self, programs: Programs, config_of: Callable[[Path], Config]) -> None:
        self.programs = programs
        self._config_of = config_of
        self._contexts: dict[str, Context | None] = {}

    @classmethod
    def around(cls, folder: Path, config: Config) -> Surroundings:
        """What the tree that a folder is in tells of its files."""
        starting = cls(
            Programs.of(layout_of(next(folder.absolute().glob("*.py"), folder / "__init__.py"))), lambda _: config
        )

        def configured(path: Path) -> str:
            own = starting.own_set_ups(str(path.absolute()))
            if own:
                return f"by `{own[0][1].how}` ({own[0][0].module.source.path}:{own[0][1].line})"
            return starting._sinks(str(path.absolute()))

        return Surroundings(
            configured,
            lambda path: starting.programs.is_only_run(str(path.absolute())),
            lambda path: starting.programs.is_served(str(path.absolute())),
            lambda path: starting._handlers.get(str(path.absolute()), ""),
        )

    def concerned(self, files: Mapping[str, FileFix]) -> Iterator[tuple[StartFile, list[FileFix]]]:
        """The start files whose programs run some files, with those files.

        What no program is seen to load belongs to those that start in the same package: it is loaded by a name that
        they make up.
        """
        left = set(files)
        found: dict[Path, set[str]] = {}
        for start in self._files:
            found[start.path] = files.keys() & self.programs.loaded_by(str(start.path))
            left -= found[start.path]
        for start in self._files:
            found[start.path] |= {file for file in left if self.programs.belongs_to(file, str(start.path))}
            if found[start.path]:
                yield start, [files[file] for file in sorted(found[start.path])]

    def in_order(self, files: Mapping[str, FileFix]) -> list[tuple[StartFile, list[FileFix]]]:
        """The same, what sets logging up when it is imported, or makes an application, before what imports it."""

        def order(item: tuple[StartFile, list[FileFix]]) -> tuple[bool, bool, int]:
            start, file = item[0], str(item[0].path)
            early = start.is_imported or start.makes_application
            return not early, self.programs.is_served(file), len(self.programs.loaded_by(file))

        return sorted(self.concerned(files), key=order)

    def loaded(self, start: StartFile, its: Iterable[FileFix]) -> list[FileFix]:
        """The files that a start is seen to load."""
        seen = self.programs.loaded_by(str(start.path))
        return [item for item in its if str(item.path.absolute()) in seen]

    def listeners(self, start: StartFile, *, surely: bool = False) -> Listeners:
        """The handlers of a program; `surely`: that what it only loads under conditions may be missing."""
        files = self.programs.loaded_by(str(start.path))
        sure = self._surely_loaded(start) if surely else files
        perhaps = {Path(file) for file in files - sure}
        return Listeners(start.context.project, map(Path, sorted(files)), start=start.path, perhaps=perhaps)

    def _surely_loaded(self, start: StartFile) -> frozenset[str]:
        """What a program loads whatever conditions are true, with the packages around it."""
        sure = self.programs.surely_loaded_by(str(start.path))
        return sure.union(str(folder / "__init__.py") for file in sure for folder in Path(file).parents)

    def unheard_by_set_up(self, start: StartFile, its: Sequence[FileFix]) -> Iterator[Unheard]:
        """What comes too early for a set-up that is there already, or below its level."""
        module = start.context.module
        call = set_up_call(module, "setup_logging")
        if call is None:
            return
        if not any(is_import(statement) and statement.lineno > call.lineno for statement in module.tree.body):
            yield from too_early(self.logging_on_import(start, its, call.lineno))
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        if not given:
            yield from below_the_set_up(its)
        elif (number := LevelValues(module, start.context.project).highest(given[0])) is not None:
            place = f"{module.source.path}:{call.lineno}"
            yield from below_the_set_up(its, f"the level of the set-up is {name_of(number)} ({place})", number)

    def misheard(self, start: StartFile, its: Iterable[FileFix]) -> list[Unheard]:
        """The messages that a program which configures logging itself loses or doubles.

        What comes under a condition may rest on handlers that do.
        """
        found, sure = list[Unheard](), self._surely_loaded(start)
        for surely in (True, False):
            some = [item for item in its if (str(item.path.absolute()) in sure) is surely]
            named = ((item, self.logger_names(start, item)) for item in some)
            found += misheard(self.listeners(start, surely=surely), named, start.context.project) if some else []
        return found

    def logger_names(self, start: StartFile, item: FileFix) -> frozenset[str]:
        """What the logger of a file's rewritten calls may be called in a program; empty where nothing tells."""
        context = self.context(str(item.path.absolute()))
        names = names_of_logger(context) if context is not None else frozenset()
        if item.path.absolute() != start.path:
            return names - {"__main__"}
        return frozenset({"__main__"}) if "__main__" in names else names

    def calls_above(self, start: StartFile, its: Iterable[FileFix]) -> bool:
        """Whether a file calls the project's code above the place where it starts, in files that log."""
        limit = min(item.statement.lineno for item in start.starts)
        speaking = {str(item.path.absolute()) for item in its}
        return any(speaking & self.programs.loaded_by(str(path)) for path in calls_into_project(start.context, limit))

    def logging_on_import(self, start: StartFile, its: Iterable[FileFix], limit: int = 0) -> list[tuple[FileFix, int]]:
        """The files that log when the start imports them, or the start itself above its set-up, each with a line.

        `limit` is the line of the set-up, where the program has one.
        """
        found = []
        loaded = self.programs.loaded_by(str(start.path), at_once=True)
        limit = limit or min(item.statement.lineno for item in start.starts)
        for item in its:
            file = str(item.path.absolute())
            if file in loaded and (context := self.context(file)) is not None:
                call = next(calls_on_import(context.module, limit if file == str(start.path) else None), None)
                found += [(item, call.lineno)] if call is not None else []
        return found

    def set_up_by(self, start: str) -> str | None:
        """The file of a program that calls the set-up module's functions when it is loaded, if one does."""
        loaded = self.programs.loaded_by(start, at_once=True)
        files = (file for file in self._setting_up(start) if file in loaded)
        return next((file for file in files if is_wired(self._known(file).module, imported=file != start)), None)

    def loads_set_up(self, start: StartFile) -> bool:
        """Whether a program loads a set-up module, which an earlier run has written."""
        return any(is_setup_file(Path(file)) for file in self.programs.loaded_by(str(start.path)))

    def own_set_ups(self, start: str) -> list[tuple[Context, OwnSetUp]]:
        """Where the program of a start file configures logging by itself, its own file first."""
        found = ((file, self._known(file)) for file in self._setting_up(start))
        return [
            (context, item)
            for file, context in found
            for item in own_set_ups(context.module)
            if file == start or not context.module.places.under_main_guard(item.statement)
        ]

    def _sinks(self, start: str) -> str:
        """Where the program of a start file gives loguru sinks of its own; empty where it does not."""
        files = (file for file in sorted(self.programs.loaded_by(start)) if b"loguru" in _read(file))
        for context in filter(None, map(self.context, files)):
            if line := loguru_set_up(context.module, context.project):
                return f"by loguru's sinks ({context.module.source.path}:{line})"
        return ""

    def part_of(self, start: StartFile) -> str | None:
        """The file that loads an application, or a script that is run by itself too, and configures logging: the set-up
        of the part would come before, and be a second one."""
        file = str(start.path)
        alone = self.programs.is_run_and_imported(file)
        others = self._holding_words if alone else (str(item.path) for item in self._files if item.is_imported)
        for other in sorted(others) if start.is_imported else ():
            if other != file and file in self.programs.loaded_by(other) and self.own_set_ups(other):
                return other
        return None

    def _setting_up(self, start: str) -> list[str]:
        """The files of a program that may configure logging."""
        files = self.programs.loaded_by(start) & self._holding_words
        found = sorted(files, key=lambda file: (file != start, file))
        return [file for file in found if self.context(file) is not None]

    @cached_property
    def _holding_words(self) -> frozenset[str]:
        """The files of the tree with words of what configures logging."""
        files = self.programs.reach.readings
        return frozenset(file for file in files if re.search(WORDS, _read(file)) and not is_setup_file(Path(file)))

    def _known(self, file: str) -> Context:
        context = self.context(file)
        assert context is not None
        return context

    @cached_property
    def _handlers(self) -> dict[str, str]:
        """The functions that platforms call, by their files."""
        if not self.programs.own_files():
            return {}
        model = Model.of(layout_of(Path(self.programs.own_files()[0])))
        starts = (start for program in model.programs for start in program.starts)
        return {start.file: start.entry for start in starts if start.host and start.host not in CONFIGURING}

    @cached_property
    def _files(self) -> list[StartFile]:
        return [start for path in self.programs.own_files() if (start := self._start_file(path)) is not None]

    def _start_file(self, path: str) -> StartFile | None:
        data, layout = _read(path), layout_of(Path(path))
        is_run, is_served = self.programs.is_only_run(path), self.programs.is_served(path)
        is_both = self.programs.is_run_and_imported(path)
        scripts = Project.of(layout).entry_points
        is_script = any(script.rpartition(".")[2].startswith(f"{layout.path.stem}:") for script in scripts)
        handler = self._handlers.get(path, "")
        if not (
            is_run
            or is_both
            or is_served
            or handler
            or is_script
            or layout.path.stem == "__main__"
            or SIGNS.search(data)
        ):
            return None
        if layout.path.stem in _OF_BUILDS or is_setup_file(layout.path):
            return None
        if (context := self.context(path)) is None:
            return None
        starts = find_starts(
            context.module, scripts, is_run=is_run, is_run_and_imported=is_both, is_served=is_served, handler=handler
        )
        return StartFile(layout.path, context, tuple(starts)) if starts or is_wired(context.module) else None

    def context(self, file: str) -> Context | None:
        """A file of the tree; None where it cannot be parsed."""
        if file not in self._contexts:
            self._contexts[file] = None
            with suppress(OSError, Unreadable):
                layout = layout_of(Path(file))
                tree = Tree(Source.decode(shown(layout.path).as_posix(), disk.read(layout.path)), layout.package)
                tree.complete()
                self._contexts[file] = context_of(tree, self._config_of(layout.path), layout)
        return self._contexts[file]


_OF_BUILDS = frozenset({"conf", "tasks", "fabfile"})


def _read(file: str) -> bytes:
    try:
        return disk.read(Path(file))
    except OSError:
        return b""
