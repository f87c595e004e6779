"""Which programs a run has to set up: those that run what it rewrote, and whose logging nobody configures.

A program is a file that starts it with all that this file loads. What a program configures itself is kept, and nothing
is put beside it; a library has no start, and leaves logging to whoever uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from printlint.backends import backend_of
from printlint.config import Config, Configs
from printlint.facts.context import Context
from printlint.facts.log_setup.own_set_up import WORDS, OwnSetUp, handlers_given, own_set_ups
from printlint.facts.programs.hosted import CONFIGURING, configuring_host
from printlint.facts.programs.model import Model
from printlint.facts.project.entry_points import SIGNS, Start, calls_set_up, find_starts, is_wired, top_of
from printlint.facts.project.project import Project
from printlint.facts.project.setup_files import is_setup_file, provides_unblock
from printlint.facts.reach.programs import Programs
from printlint.lint.linter import context_of
from printlint.names.layout import layout_of
from printlint.partial.partial_tree import Tree
from printlint.plan.message import Refused
from printlint.plan.setup_import import SetupImport, setup_place
from printlint.reading import disk
from printlint.reading.discovery import named, shown
from printlint.rewrite.changes import Change, FileFix, ProgramSetUp
from printlint.rewrite.choices import Chooser
from printlint.rewrite.unblock import check_moves, may_reach, unblocking
from printlint.rewrite.unheard import below_the_set_up, calls_on_import, misheard
from printlint.rewrite.verify import NotTheSame
from printlint.rewrite.wire import Surroundings, wired_text
from printlint.source import Source, Unreadable

Refusal = Callable[[Path, SetupImport], "str | None"]
"""Why the set-up module that a file would need may not be written."""


class Wired(NamedTuple):
    """What became of a program, with the files that get a line for it, and the messages of it that are lost."""

    program: ProgramSetUp
    fixes: tuple[FileFix, ...] = ()
    unheard: tuple[ProgramSetUp, ...] = ()


class _StartFile(NamedTuple):
    """A file that starts a program, and where it does; nowhere, if it sets logging up already."""

    path: Path
    context: Context
    starts: tuple[Start, ...]

    @property
    def is_imported(self) -> bool:
        """Whether whoever imports the file sets logging up: an application is made at its top."""
        return any(item.at_import for item in self.starts)


class Planner:
    """Plans the set-up of the programs that run some rewritten files.

    `given` are the files that may be changed, `held` those that may not, each with the reason.
    """

    def __init__(
        self,
        configs: Configs,
        given: Collection[Path],
        held: Mapping[Path, str],
        refusal: Refusal,
        chooser: Chooser | None = None,
    ) -> None:
        self._configs = configs
        self._chooser = chooser
        self._given = {path.absolute(): path for path in given}
        self._held = {path.absolute(): reason for path, reason in held.items()}
        self._refusal = refusal
        self._unblocked_files: set[Path] = set()
        self._blocked: dict[Path, str] = {}
        self._helped: set[Path] = set()

    @property
    def blocked(self) -> dict[Path, str]:
        """The files in which awaits help in no program, since its handlers block, each with the reason."""
        return {path: reason for path, reason in self._blocked.items() if path not in self._helped}

    def plan(self, files: Iterable[FileFix]) -> Iterator[Wired]:
        """What is done about each program that runs files that speak or wait, in the order of their paths."""
        trees: dict[Programs, dict[str, FileFix]] = {}
        for item in files:
            layout = layout_of(item.path)
            if host := configuring_host(layout, Project.of(layout), alone=True):
                if item.speaks:
                    yield Wired(ProgramSetUp(item.path, 1, f"{host} runs this code and configures logging"))
                continue
            trees.setdefault(Programs.of(layout), {})[str(layout.path)] = item
        for programs, its_files in trees.items():
            starting, ready = Starting(programs, self._configs.of), set[str]()
            for start, its in sorted(starting.concerned(its_files), key=lambda item: not item[0].is_imported):
                own = starting.own_set_ups(str(start.path))
                if not own and ready & programs.loaded_by(str(start.path), at_once=True) - {str(start.path)}:
                    continue  # what it imports sets logging up
                if not own and starting.is_part_of_configured(start):
                    continue
                if (planned := self._planned(starting, start, its)) is None:
                    continue
                if start.is_imported and planned.fixes:
                    ready.add(str(start.path))
                yield planned

    def _planned(self, starting: Starting, start: _StartFile, its: list[FileFix]) -> Wired | None:
        """What is done about a program; None where nothing has to be."""
        path, where = start.path, start.starts[0].statement.lineno if start.starts else 1
        outcome = ProgramSetUp(self._given.get(path, shown(path)), where)
        speaks = any(item.speaks for item in its)
        if wired := starting.set_up_by(str(path)):
            if not speaks:
                return None
            self._helped |= {item.path.absolute() for item in its}
            return Wired(outcome._replace(text=f"logging is set up by {named(Path(wired))}"))
        if own := starting.own_set_ups(str(path)):
            kept = self._kept(own, its, outcome)
            if not speaks and not kept.fixes:
                return None
            files = sorted(starting.programs.loaded_by(str(path)))
            return kept._replace(unheard=tuple(misheard(path, files, its)))
        if not speaks:
            return None
        self._helped |= {item.path.absolute() for item in its}
        try:
            return self._wired(starting, start, its, outcome)
        except (Refused, NotTheSame, Unreadable) as error:
            return Wired(outcome._replace(text=f"logging is not set up: {error}", lost=True))

    def _kept(self, own: Sequence[tuple[Context, OwnSetUp]], its: Sequence[FileFix], outcome: ProgramSetUp) -> Wired:
        """A program with a configuration of its own, whose handlers no event loop waits for any more."""
        place = _place(own[0][0], own)
        waiting = [item for item in its if item.setup is not None or item.waits]
        if not waiting:
            return Wired(outcome._replace(text=f"logging is configured {place}"))
        fixes, failed = dict[Context, FileFix](), dict[Context, str]()
        contexts = dict.fromkeys(context for context, item in own if not item.queued)
        for at in contexts:
            try:
                check_moves(contexts)
                if (changed := self._unblocked(at, waiting)) is not None:
                    fixes[at] = changed
            except (Refused, NotTheSame, Unreadable) as error:
                failed[at] = f"the handlers added {_place(at, own)} block, and cannot be unblocked: {error}"
        helped = False
        for item in waiting:
            reason = next((why for at, why in failed.items() if may_reach(item.path, at)), "")
            helped = helped or not reason
            if item.setup is not None and reason:
                self._blocked[item.path.absolute()] = f"an `await` would not help: {reason}"
            elif item.setup is not None:
                self._helped.add(item.path.absolute())
        if not helped:
            return Wired(outcome._replace(text=f"logging is configured {place}"))
        self._unblocked_files |= {item.path.absolute() for item in fixes.values()}
        return Wired(
            outcome._replace(text=f"logging is configured {place}, and unblocked there"), tuple(fixes.values())
        )

    def _unblocked(self, context: Context, waiting: Sequence[FileFix]) -> FileFix | None:
        """A file that adds handlers, with a line behind each block that does; None where they are there.

        Raises `Refused`.
        """
        module = context.module
        path = Path(module.source.path).absolute()
        if path in self._unblocked_files or calls_set_up(module, "unblock"):
            return None
        starts = unblocking(module, [item for item in handlers_given(module) if not item.queued])
        setup = self._allowed_in(path, lambda: _setup_of(context, waiting))
        assert setup.path is not None
        if setup.exists and not provides_unblock(setup.path):
            raise Refused(f"{named(setup.path)} has no `unblock`; move it away and run `printlint init`")
        text = wired_text(context, starts, (setup.module, setup.path))
        return self._changed(context, text, setup)

    def _allowed(self, start: _StartFile, its: Sequence[FileFix]) -> SetupImport:
        """The set-up module of a program. Raises `Refused` where it may not be set up."""
        if all(item.reason for item in start.starts):
            raise Refused(start.starts[0].reason)
        return self._allowed_in(start.path, lambda: _setup_of(start.context, its))

    def _allowed_in(self, path: Path, found: Callable[[], SetupImport]) -> SetupImport:
        """The set-up module that is found for a file. Raises `Refused` where the file may not be changed for it."""
        if path in self._held:
            raise Refused(self._held[path])
        setup = found()
        if path not in self._given:
            call = f"add `from {setup.module} import setup_logging` and `setup_logging()` to it"
            how = call if setup.exists else "run `printlint init`"
            raise Refused(f"the file is not among the given paths; {how}")
        if reason := self._refusal(self._given[path], setup):
            raise Refused(reason)
        return setup

    def _wired(self, starting: Starting, start: _StartFile, its: list[FileFix], outcome: ProgramSetUp) -> Wired:
        setup = self._allowed(start, its)
        assert setup.path is not None
        usable = [item for item in start.starts if not item.reason]
        early = starting.logging_on_import(start, its)
        alone = start.is_imported or not starting.programs.is_imported(str(start.path))
        own = all(item.path.absolute() == start.path for item, _ in early)
        if early and alone and own:
            usable = list(top_of(start.context.module)) or usable
        first = bool(early) and alone and not own
        text = wired_text(start.context, usable, (setup.module, setup.path), first=first)
        kinds = " and ".join(dict.fromkeys(item.kind for item in usable))
        late = [outcome._replace(path=item.path, line=line, text=_EARLY, lost=True) for item, line in early]
        outcome = outcome._replace(wired=f"{kinds}, before the imports" if first else kinds)
        unheard = (*([] if alone else late), *below_the_set_up(its))
        return Wired(outcome, (self._changed(start.context, text, setup),), unheard)

    def _changed(self, context: Context, text: str, setup: SetupImport) -> FileFix:
        """A file with new text. Raises `Refused` where the user does not want it."""
        source = context.module.source
        path = self._given[Path(source.path).absolute()]
        change = Change(path, source.encode(source.text), source.encode(text), source.encoding)
        if self._chooser is not None and not self._chooser.sets_up(change):
            raise Refused("skipped by the user")
        return FileFix(path, steps=(change,), setup=setup)


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
            return f"by `{own[0][1].how}` ({own[0][0].module.source.path}:{own[0][1].line})" if own else ""

        return Surroundings(
            configured,
            lambda path: starting.programs.is_only_run(str(path.absolute())),
            lambda path: starting._handlers.get(str(path.absolute()), ""),
        )

    def concerned(self, files: Mapping[str, FileFix]) -> Iterator[tuple[_StartFile, list[FileFix]]]:
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
            found[start.path] |= {file for file in left if self.programs.run_together(file, str(start.path))}
            if found[start.path]:
                yield start, [files[file] for file in sorted(found[start.path])]

    def logging_on_import(self, start: _StartFile, its: Iterable[FileFix]) -> list[tuple[FileFix, int]]:
        """The files that log when the start imports them, or the start itself above its set-up, each with a line."""
        found = []
        loaded = self.programs.loaded_by(str(start.path), at_once=True)
        limit = min(item.statement.lineno for item in start.starts)
        for item in its:
            file = str(item.path.absolute())
            if file in loaded and (context := self._context(file)) is not None:
                call = next(calls_on_import(context.module, limit if file == str(start.path) else None), None)
                found += [(item, call.lineno)] if call is not None else []
        return found

    def set_up_by(self, start: str) -> str | None:
        """The file of a program that calls the set-up module's functions, if one does."""
        return next((file for file in self._setting_up(start) if is_wired(self._known(file).module)), None)

    def own_set_ups(self, start: str) -> list[tuple[Context, OwnSetUp]]:
        """Where the program of a start file configures logging by itself, its own file first."""
        contexts = map(self._known, self._setting_up(start))
        return [(context, item) for context in contexts for item in own_set_ups(context.module)]

    def is_part_of_configured(self, start: _StartFile) -> bool:
        """Whether another application loads one, and configures logging: the set-up of a part would come before."""
        file, others = str(start.path), (item for item in self._files if item.is_imported and item is not start)
        loaded_by = self.programs.loaded_by
        return start.is_imported and any(
            file in loaded_by(str(item.path)) and self.own_set_ups(str(item.path)) for item in others
        )

    def _setting_up(self, start: str) -> list[str]:
        """The files of a program that may configure logging."""
        files = self.programs.loaded_by(start) & self._holding_words
        found = sorted(files, key=lambda file: (file != start, file))
        return [file for file in found if self._context(file) is not None]

    @cached_property
    def _holding_words(self) -> frozenset[str]:
        """The files of the tree with words of what configures logging."""
        files = self.programs.reach.readings
        return frozenset(file for file in files if WORDS.search(_read(file)) and not is_setup_file(Path(file)))

    def _known(self, file: str) -> Context:
        context = self._context(file)
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
    def _files(self) -> list[_StartFile]:
        return [start for path in self.programs.own_files() if (start := self._start_file(path)) is not None]

    def _start_file(self, path: str) -> _StartFile | None:
        data, layout = _read(path), layout_of(Path(path))
        is_run = self.programs.is_only_run(path)
        scripts = Project.of(layout).entry_points
        is_script = any(script.rpartition(".")[2].startswith(f"{layout.path.stem}:") for script in scripts)
        handler = self._handlers.get(path, "")
        if not (is_run or handler or is_script or layout.path.stem == "__main__" or SIGNS.search(data)):
            return None
        if layout.path.stem in _OF_BUILDS or is_setup_file(layout.path):
            return None
        if (context := self._context(path)) is None:
            return None
        starts = tuple(find_starts(context.module, scripts, is_run=is_run, handler=handler))
        return _StartFile(layout.path, context, starts) if starts or is_wired(context.module) else None

    def _context(self, file: str) -> Context | None:
        if file not in self._contexts:
            self._contexts[file] = None
            with suppress(OSError, Unreadable):
                layout = layout_of(Path(file))
                tree = Tree(Source.decode(shown(layout.path).as_posix(), disk.read(layout.path)), layout.package)
                tree.complete()
                self._contexts[file] = context_of(tree, self._config_of(layout.path), layout)
        return self._contexts[file]


_EARLY = "the message is lost: it is logged before logging is set up"
_OF_BUILDS = frozenset({"conf", "tasks", "fabfile"})


def _read(file: str) -> bytes:
    try:
        return disk.read(Path(file))
    except OSError:
        return b""


def _place(context: Context, own: Iterable[tuple[Context, OwnSetUp]]) -> str:
    """What a file says first that gives loggers handlers, and where."""
    first = next(item for at, item in own if at is context)
    return f"by `{first.how}` ({context.module.source.path}:{first.line})"


def _setup_of(context: Context, its: Sequence[FileFix]) -> SetupImport:
    """The set-up module of a program: that which its files import already, or will. Raises `Refused`."""
    for item in its:
        if item.setup is not None and item.setup.path is not None:
            return item.setup
    return setup_place(context, backend_of(context).name)
