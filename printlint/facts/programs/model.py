"""The programs of a tree, found once a run: `Model.of(layout)`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from printlint.facts.programs.closure import adopting, import_closure
from printlint.facts.programs.configured import Configured, configured_by
from printlint.facts.programs.kinds import Kind, judge
from printlint.facts.programs.reached import reached_signs
from printlint.facts.programs.starts import Start, find_starts
from printlint.facts.reach.programs import Programs as SetupPlaces
from printlint.names.layout import Layout


class Program(NamedTuple):
    """A program: its starts, its kind with the reason in one sentence, and the files that it runs.

    `name` is how the user is told of it: the first start's file from the root, or a package. `roots` are the folders
    that names of its files start from. `configured` says what sets its logging up, `host` what loads a plug-in, and
    `setup` is its set-up module, by its dotted name and its file. Files are absolute paths, tests apart.
    """

    name: str
    starts: tuple[Start, ...]
    kind: Kind
    why: str
    files: frozenset[str]
    roots: tuple[str, ...]
    configured: tuple[Configured, ...]
    host: str = ""
    setup: tuple[str, Path] | None = None


class Model:
    """The programs of one tree. Where files are asked for, their paths are absolute texts."""

    def __init__(self, places: SetupPlaces) -> None:
        self._places = places
        self.tree = places.tree

    @classmethod
    def of(cls, layout: Layout, text: str | None = None) -> Model:
        """The programs of the tree that a file is in; `text` is the file's, which need not be on disk."""
        places = SetupPlaces.of(layout, text)
        kept: tuple[object, Model] | None = places.__dict__.get("_model")
        if kept is None or kept[0] is not places.tree.reach:
            kept = places.__dict__["_model"] = places.tree.reach, cls(places)
        return kept[1]

    @cached_property
    def programs(self) -> tuple[Program, ...]:
        """All programs, by their names; libraries last."""
        found = [*self._started(), *self._libraries()]
        return tuple(sorted(found, key=lambda program: (program.kind is Kind.LIBRARY, program.name)))

    def containing(self, file: str) -> tuple[Program, ...]:
        """The programs that may run a file."""
        return tuple(program for program in self.programs if file in program.files)

    def together(self, one: str, other: str) -> bool:
        """Whether one program may run both files. What several starts of a program share says nothing of the rest."""
        return one == other or any(one in files and other in files for files in self._units)

    # Units: one for each file that starts something

    @cached_property
    def _starts(self) -> dict[str, list[Start]]:
        found: dict[str, list[Start]] = {}
        for start in find_starts(self.tree):
            found.setdefault(start.file, []).append(start)
        return found

    @cached_property
    def _closures(self) -> dict[str, frozenset[str]]:
        """What each start runs, with what a package around it holds beside."""
        closures = {file: import_closure(self.tree, [file]) for file in self._starts}
        files, known = list(closures), list(closures.values())
        reached = frozenset().union(*known)
        for file in sorted(self.tree.reach.readings.keys() - reached):
            if not self.tree.is_test(file) and not self._is_offered(file):
                for number in adopting(self.tree, known, file):
                    closures[files[number]] |= {file}
        return closures

    def _is_offered(self, file: str) -> bool:
        """Whether other distributions may import a file: it is installed with its package."""
        roots = self.tree.reach.ways(file).roots
        return any(self.tree.is_distributed(root) for root in roots)

    @cached_property
    def _units(self) -> list[frozenset[str]]:
        libraries = [files for _, files in self._unstarted()]
        return [*self._closures.values(), *libraries]

    # Programs

    def _started(self) -> Iterator[Program]:
        for files in self._groups():
            starts = tuple(sorted((start for file in files for start in self._starts[file]), key=self._rank))
            closure = frozenset().union(*(self._closures[file] for file in files))
            signs = reached_signs(self.tree.reach, starts, closure)
            verdict = judge(starts, signs, self.tree.shown)
            host = next((start.host for start in starts if start.host), "")
            configured = configured_by(signs, host, starts)
            name = self.tree.shown(starts[0].file)
            yield self._program(name, starts, verdict.kind, verdict.why, closure, configured, host)

    def _program(
        self,
        name: str,
        starts: tuple[Start, ...],
        kind: Kind,
        why: str,
        files: frozenset[str],
        configured: tuple[Configured, ...],
        host: str = "",
    ) -> Program:
        roots = {root for file in files for root in self.tree.reach.ways(file).roots}
        roots |= {os.path.dirname(start.file) for start in starts if self.tree.reach.ways(start.file).script}
        setup = self._places.existing(min(files)) if files else None
        return Program(name, starts, kind, why, files, tuple(sorted(roots)), configured, host, setup)

    def _groups(self) -> Iterator[list[str]]:
        """The files of starts that are one program: of one kind, where one runs the other's code."""
        leaders = {file: file for file in self._starts}

        def find(file: str) -> str:
            while leaders[file] != file:
                file = leaders[file]
            return file

        for file, others in self._joined():
            leaders[find(others)] = find(file)
        groups: dict[str, list[str]] = {}
        for file in sorted(self._starts):
            groups.setdefault(find(file), []).append(file)
        yield from groups.values()

    def _joined(self) -> Iterator[tuple[str, str]]:
        kinds = {file: self._kind(file) for file in self._starts}
        certain = {file for file, starts in self._starts.items() if not all(start.weak for start in starts)}
        for file, closure in self._closures.items():
            for other in closure & self._starts.keys() - {file}:
                if kinds[file] == kinds[other] or (other not in certain and kinds[other][0] is not Kind.SERVICE):
                    yield file, other
        hosted = [file for file, starts in self._starts.items() if any(start.host for start in starts)]
        for number, file in enumerate(hosted):
            for other in hosted[:number]:
                beside = os.path.dirname(file) == os.path.dirname(other)
                shared = not self._closures[file].isdisjoint(self._closures[other])
                if kinds[file] == kinds[other] and (beside or shared):
                    yield file, other

    def _kind(self, file: str) -> tuple[Kind, str]:
        starts = self._starts[file]
        signs = reached_signs(self.tree.reach, starts, self._closures[file])
        host = next((start.host for start in starts if start.host), "")
        return judge(starts, signs, self.tree.shown).kind, host

    def _unstarted(self) -> Iterator[tuple[str, frozenset[str]]]:
        """The files that no start reaches, by their package, each with all that they import."""
        reached = frozenset().union(*self._closures.values())
        units: dict[str, list[str]] = {}
        for file in sorted(self.tree.reach.readings.keys() - reached):
            if not self.tree.is_test(file):
                units.setdefault(self._package(file), []).append(file)
        for package, files in units.items():
            if any(self.tree.reach.readings[file].parts for file in files):
                yield package, import_closure(self.tree, files)

    def _package(self, file: str) -> str:
        """The outermost package that a file is in, else its folder."""
        folder = os.path.dirname(file)
        chain = self.tree.reach.roots.chain_root(file)
        return os.path.join(chain, os.path.relpath(file, chain).split(os.sep)[0]) if chain != folder else folder

    def _libraries(self) -> Iterator[Program]:
        for package, files in self._unstarted():
            signs = reached_signs(self.tree.reach, [Start(file, 1, "") for file in files], files)
            why = "nothing in the repository starts it"
            name = self.tree.shown(package)
            yield self._program(name, (), Kind.LIBRARY, why, files, configured_by(signs, "", ()))

    def _rank(self, start: Start) -> tuple[bool, bool, int, str, int]:
        """What is certain comes first, then what a command or a host starts, then what runs more."""
        named = bool(start.command or start.host)
        return start.weak, not named, -len(self._closures[start.file]), start.file, start.line
