"""The programs of a tree, found once a run: `Model.of(layout)`."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from printlint.facts.programs.closure import Packages, import_closure
from printlint.facts.programs.configured import Configured, configured_by
from printlint.facts.programs.groups import Unit, grouped, settings_started
from printlint.facts.programs.kinds import Kind, Verdict, judge
from printlint.facts.programs.reached import Definitions, Reached, reached_signs
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
        found = [*map(self._started, grouped(self._units)), *self._libraries()]
        return tuple(sorted(found, key=lambda program: (program.kind is Kind.LIBRARY, program.name)))

    def containing(self, file: str) -> tuple[Program, ...]:
        """The programs that may run a file."""
        return tuple(program for program in self.programs if file in program.files)

    def together(self, one: str, other: str) -> bool:
        """Whether one start may run both files. True as well if no known program runs one of them."""
        if one == other or any(one in files and other in files for files in self._run_together):
            return True
        return not all(any(file in files for files in self._run_together) for file in (one, other))

    @cached_property
    def _run_together(self) -> list[frozenset[str]]:
        libraries = [files for _, files in self._unstarted]
        return [*self._closures.values(), *libraries]

    # What starts in one file

    @cached_property
    def _starts(self) -> dict[str, list[Start]]:
        found: dict[str, list[Start]] = {}
        for start in find_starts(self.tree):
            found.setdefault(start.file, []).append(start)
        return found

    @cached_property
    def _closures(self) -> dict[str, frozenset[str]]:
        """The files that each start runs: what it imports, and the rest of the packages that these are in."""
        closures = {file: import_closure(self.tree, [file]) for file in self._starts}
        packages, adopted = Packages(self.tree, closures), dict[str, set[str]]()
        for file in self.tree.reach.readings.keys() - frozenset().union(*closures.values()):
            users = packages.users(file) if not self.tree.is_test(file) else ()
            if users and not self._is_offered(file, users):
                for start in users:
                    adopted.setdefault(start, set()).add(file)
        return {file: closure | import_closure(self.tree, adopted.get(file, ())) for file, closure in closures.items()}

    def _is_offered(self, file: str, users: set[str]) -> bool:
        """Whether other distributions may import a file: it is installed, and no command runs its package."""
        if any(start.command and not start.weak for user in users for start in self._starts[user]):
            return False
        return any(self.tree.is_distributed(root) for root in self.tree.reach.ways(file).roots)

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return {file: self._unit(file, tuple(starts)) for file, starts in self._starts.items()}

    def _unit(self, file: str, starts: tuple[Start, ...]) -> Unit:
        files = self._closures[file]
        settings = settings_started(self.tree, file, files)
        signs = self._signs(starts, files)
        return Unit(file, starts, self._judge(starts, signs, settings), tuple(signs), files, _host(starts), settings)

    # Programs

    def _started(self, units: list[Unit]) -> Program:
        starts = tuple(sorted((start for unit in units for start in unit.starts), key=self._rank))
        files = frozenset().union(*(unit.files for unit in units))
        signs = sorted((sign for unit in units for sign in unit.signs), key=lambda found: found.distance)
        verdict = self._units[starts[0].file].verdict
        configured = configured_by(signs, _host(starts), starts)
        return self._program(self.tree.shown(starts[0].file), starts, verdict, files, configured)

    def _libraries(self) -> Iterator[Program]:
        for package, files in self._unstarted:
            signs = self._signs([Start(file, 1, "") for file in files], files)
            head = os.path.join(package, "__init__.py")
            why = "other programs import it" if self._is_interface(head) else "nothing in the repository starts it"
            verdict = Verdict(Kind.LIBRARY, why)
            yield self._program(self.tree.shown(package), (), verdict, files, configured_by(signs, "", ()))

    def _program(
        self,
        name: str,
        starts: tuple[Start, ...],
        verdict: Verdict,
        files: frozenset[str],
        configured: tuple[Configured, ...],
    ) -> Program:
        ways = self.tree.reach.ways
        roots = {root for file in files for root in ways(file).roots}
        roots |= {os.path.dirname(start.file) for start in starts if ways(start.file).script}
        setup = self._places.existing(starts[0].file if starts else min(files))
        return Program(name, starts, *verdict, files, tuple(sorted(roots)), configured, _host(starts), setup)

    def _signs(self, starts: Collection[Start], files: frozenset[str]) -> list[Reached]:
        return reached_signs(self._definitions, starts, files)

    @cached_property
    def _definitions(self) -> Definitions:
        return Definitions(self.tree.reach)

    def _judge(self, starts: tuple[Start, ...], signs: list[Reached], settings: frozenset[str]) -> Verdict:
        if settings:
            return Verdict(Kind.SERVICE, f"a Django project with its settings in {self.tree.shown(min(settings))}")
        return judge(starts, signs, self.tree.shown)

    def _rank(self, start: Start) -> tuple[bool, bool, int, str, int]:
        """Sort key of starts: certain ones, then those of a command or host, then those that run more files."""
        named = bool(start.command or start.host)
        return start.weak, not named, -len(self._closures[start.file]), start.file, start.line

    # What no start reaches

    @cached_property
    def _unstarted(self) -> list[tuple[str, frozenset[str]]]:
        """The libraries by package: what no start reaches and what installed packages offer, with all imports."""
        units: dict[str, list[str]] = {}
        reached = frozenset().union(*self._closures.values())
        for file in sorted(self.tree.reach.readings):
            if not self.tree.is_test(file) and (file not in reached or self._is_interface(file)):
                units.setdefault(self.tree.reach.roots.unit(file), []).append(file)
        found = []
        for package, files in units.items():
            if any(len(self.tree.reach.readings[file].parts) > 1 or self._is_code(file) for file in files):
                found.append((package, import_closure(self.tree, files)))
        return found

    def _is_interface(self, file: str) -> bool:
        """Whether a file is the `__init__.py` of an installed package and re-exports names of its modules."""
        package = self.tree.reach.roots.unit(file)
        if file != os.path.join(package, "__init__.py") or not self.tree.reach.edges_out.get(file):
            return False
        users = {start for start, files in self._closures.items() if file in files}
        return self._is_offered(file, users)

    def _is_code(self, file: str) -> bool:
        """Whether a file defines anything: an empty `__init__.py` is no library."""
        return bool(self.tree.reach.readings[file].binds or frozenset()) and os.path.basename(file) != "__init__.py"


def _host(starts: Collection[Start]) -> str:
    return next((start.host for start in starts if start.host), "")
