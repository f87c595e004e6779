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
from printlint.config import Configs
from printlint.facts.context import Context
from printlint.facts.log_setup.own_set_up import WORDS, OwnSetUp, own_set_ups
from printlint.facts.project.entry_points import SIGNS, Start, find_starts, is_wired
from printlint.facts.project.project import Project
from printlint.facts.project.setup_files import is_setup_file
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
from printlint.rewrite.verify import NotTheSame
from printlint.rewrite.wire import wired_text
from printlint.source import Source, Unreadable

Refusal = Callable[[Path, SetupImport], "str | None"]
"""Why the set-up module that a file would need may not be written."""


class Wired(NamedTuple):
    """A start file with the line that sets its program up."""

    fix: FileFix
    program: ProgramSetUp


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

    def plan(self, rewritten: Iterable[FileFix]) -> Iterator[Wired | ProgramSetUp]:
        """What is done about each program that runs one of the files, in the order of their paths."""
        trees: dict[Programs, dict[str, FileFix]] = {}
        for item in rewritten:
            path = item.path.absolute()
            trees.setdefault(Programs.of(layout_of(path)), {})[str(path)] = item
        for programs, files in trees.items():
            starting, ready = _Starting(programs, self._configs), set[str]()
            for start, its in sorted(starting.concerned(files), key=lambda item: not item[0].is_imported):
                if ready & programs.loaded_by(str(start.path), at_once=True) - {str(start.path)}:
                    continue  # what it imports sets logging up
                planned = self._planned(starting, start, its)
                if start.is_imported and isinstance(planned, Wired):
                    ready.add(str(start.path))
                yield planned

    def _planned(self, starting: _Starting, start: _StartFile, its: list[FileFix]) -> Wired | ProgramSetUp:
        path, where = start.path, start.starts[0].statement.lineno if start.starts else 1
        outcome = ProgramSetUp(self._given.get(path, shown(path)), where)
        if (at := starting.configured(str(path))) is not None:
            return outcome._replace(text=f"logging is configured {at}")
        try:
            return self._wired(start, self._allowed(start, its), outcome)
        except (Refused, NotTheSame, Unreadable) as error:
            return outcome._replace(text=f"logging is not set up: {error}", lost=True)

    def _allowed(self, start: _StartFile, its: Sequence[FileFix]) -> SetupImport:
        """The set-up module of a program. Raises `Refused` where it may not be set up."""
        if all(item.reason for item in start.starts):
            raise Refused(start.starts[0].reason)
        if start.path in self._held:
            raise Refused(self._held[start.path])
        setup = _setup_of(start.context, its)
        if start.path not in self._given:
            call = f"add `from {setup.module} import setup_logging` and `setup_logging()` to it"
            how = call if setup.exists else "run `printlint init`"
            raise Refused(f"the file is not among the given paths; {how}")
        if reason := self._refusal(self._given[start.path], setup):
            raise Refused(reason)
        return setup

    def _wired(self, start: _StartFile, setup: SetupImport, outcome: ProgramSetUp) -> Wired:
        assert setup.path is not None
        path, module = self._given[start.path], start.context.module
        usable = [item for item in start.starts if not item.reason]
        text = wired_text(start.context, usable, (setup.module, setup.path))
        old, new = module.source.encode(module.source.text), module.source.encode(text)
        change = Change(path, old, new, module.source.encoding)
        if self._chooser is not None and not self._chooser.sets_up(change):
            raise Refused("skipped by the user")
        kinds = " and ".join(dict.fromkeys(item.kind for item in usable))
        return Wired(FileFix(path, steps=(change,), setup=setup), outcome._replace(wired=kinds))


class _Starting:
    """The files that start programs in one tree."""

    def __init__(self, programs: Programs, configs: Configs) -> None:
        self._programs = programs
        self._configs = configs
        self._contexts: dict[str, Context | None] = {}

    def concerned(self, files: Mapping[str, FileFix]) -> Iterator[tuple[_StartFile, list[FileFix]]]:
        """The start files whose programs run some files, with those files.

        What no program is seen to load belongs to those that start in the same package: it is loaded by a name that
        they make up.
        """
        left = set(files)
        found: dict[Path, set[str]] = {}
        for start in self._files:
            found[start.path] = files.keys() & self._programs.loaded_by(str(start.path))
            left -= found[start.path]
        for start in self._files:
            found[start.path] |= {file for file in left if self._programs.run_together(file, str(start.path))}
            if found[start.path]:
                yield start, [files[file] for file in sorted(found[start.path])]

    def configured(self, start: str) -> str | None:
        """Where the program of a start file configures logging, for the user; None where it does not."""
        for file in sorted(self._programs.loaded_by(start), key=lambda file: (file != start, file)):
            if (context := self._setting_up(file)) is not None:
                own = next(own_set_ups(context.module), None)
                if own is not None or is_wired(context.module):
                    return _place(file, own)
        return None

    @cached_property
    def _files(self) -> list[_StartFile]:
        return [start for path in self._programs.own_files() if (start := self._start_file(path)) is not None]

    def _start_file(self, path: str) -> _StartFile | None:
        data, layout = _read(path), layout_of(Path(path))
        is_run = self._programs.is_only_run(path)
        scripts = Project.of(layout).entry_points
        is_script = any(script.rpartition(".")[2].startswith(f"{layout.path.stem}:") for script in scripts)
        if not (is_run or is_script or layout.path.stem == "__main__" or SIGNS.search(data)):
            return None
        if layout.path.stem in _OF_BUILDS or is_setup_file(layout.path):
            return None
        if (context := self._context(path)) is None:
            return None
        starts = tuple(find_starts(context.module, scripts, is_run=is_run))
        return _StartFile(layout.path, context, starts) if starts or is_wired(context.module) else None

    def _setting_up(self, file: str) -> Context | None:
        """A file that may configure logging."""
        return self._context(file) if WORDS.search(_read(file)) and not is_setup_file(Path(file)) else None

    def _context(self, file: str) -> Context | None:
        if file not in self._contexts:
            self._contexts[file] = None
            with suppress(OSError, Unreadable):
                layout = layout_of(Path(file))
                tree = Tree(Source.decode(shown(layout.path).as_posix(), disk.read(layout.path)), layout.package)
                tree.complete()
                self._contexts[file] = context_of(tree, self._configs.of(layout.path), layout)
        return self._contexts[file]


_OF_BUILDS = frozenset({"conf", "tasks", "fabfile"})


def _read(file: str) -> bytes:
    try:
        return disk.read(Path(file))
    except OSError:
        return b""


def _place(file: str, own: OwnSetUp | None) -> str:
    place = named(Path(file))
    return f"by `{own.how}` ({place}:{own.line})" if own is not None else f"by {place}"


def _setup_of(context: Context, its: Sequence[FileFix]) -> SetupImport:
    """The set-up module of a program: that which its files import already, or will. Raises `Refused`."""
    for item in its:
        if item.setup is not None and item.setup.path is not None:
            return item.setup
    return setup_place(context, backend_of(context).name)
