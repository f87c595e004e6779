"""Groups of files that run together, and for each the place where all of them can import the set-up module."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from printlint.facts.project.project import Project
from printlint.facts.project.setup_files import SETUP_NAMES, is_setup_file
from printlint.facts.reach.import_roots import is_below, is_within
from printlint.facts.reach.leaders import leaders
from printlint.facts.reach.reading import When
from printlint.facts.reach.tree import Tree, tree_root
from printlint.facts.reach.ways import Reach
from printlint.names.layout import Layout


class Place(NamedTuple):
    """A folder for a module that a program's files import, with the `root` that its dotted name starts from."""

    root: str
    folder: str

    def name(self, module: str) -> str:
        """The dotted name of a module in the folder."""
        return ".".join([*Path(self.folder).relative_to(self.root).parts, module])


class Programs:
    """The groups of files of a tree that import one another, tests apart. `Programs.of` finds them once a run."""

    def __init__(self, project: Project) -> None:
        self.tree = Tree(project)
        self._folders: dict[tuple[str, str], str] = {}

    @classmethod
    def of(cls, layout: Layout, text: str | None = None) -> Programs:
        """The programs of the tree that a file is in; `text` is the file's, which need not be on disk."""
        programs = Project.at(tree_root(layout)).derived(cls)
        if text is not None and programs.tree.include(layout.path, text):
            for known in ("_leaders", "_best_roots", "_sharing", "_listed"):
                programs.__dict__.pop(known, None)
            programs._folders.clear()
        return programs

    @property
    def reach(self) -> Reach:
        """How the files of the tree are reached."""
        return self.tree.reach

    def place(self, file: str) -> Place | None:
        """The place for the set-up module of a file's program; None where no root is known.

        Programs with the same root share one, since a program may load files of another by computed names.
        """
        if (alone := self.reach.alone(file)) is not None:
            return Place(alone.root, alone.covers)
        root = self._best_roots.get(self._part(file))
        if root is None:
            return None
        unit = os.path.relpath(file, root).split(os.sep)[0]
        if (root, unit) not in self._folders:
            self._folders[root, unit] = self._folder(file, root)
        folder = self._folders[root, unit]
        return Place(root, folder) if is_within(folder, str(self.tree.root)) else None

    def _folder(self, file: str, root: str) -> str:
        """The folder for the module: the package of all files, or the one that is imported most; else the root."""
        sharing = self._sharing.get(root, [file])
        members = [member for member in sharing if self._is_own(member)] or sharing
        units = self._units(members, root)
        if not self.tree.is_distributed(root):
            units = [unit for unit in units if unit not in self._listed]
        packages = [unit for unit in units if self.reach.roots.is_package(unit)]
        if len(packages) == len(units) == 1:
            return packages[0]
        if packages and self.tree.is_distributed(root):  # a module beside packages is not installed with them
            own = next((unit for unit in packages if is_below(file, unit)), packages[0])
            return self._most_imported(packages, root) or own
        if len(units) == 1 and any(self._has_names_above(member, units[0]) for member in members):
            return units[0]
        if not units or any(os.path.dirname(member) == root for member in members):
            return root
        return units[0] if len(units) == 1 else self._most_imported(packages, root) or root

    @cached_property
    def _listed(self) -> frozenset[str]:
        """The folders in which a file takes every module for one of its plugins, as it would the set-up module."""
        found = set[str]()
        for file, reading in self.reach.readings.items():
            for package in reading.listed_folders:
                modules = self.reach.roots.modules_of(file, package) if package != "." else ()
                found.update(os.path.dirname(target) for _, target in modules)
                found |= {os.path.dirname(file)} if package == "." else set()
        return frozenset(found)

    def _has_names_above(self, file: str, folder: str) -> bool:
        """Whether a file has several names that all start above a folder: its modules are imported relatively then."""
        roots = self.reach.ways(file).roots
        return len(roots) > 1 and not any(is_within(root, folder) for root in roots)

    def existing(self, file: str) -> tuple[str, Path] | None:
        """The set-up module that the program has already, by its dotted name and its file."""
        place = self.place(file)
        if place is None:
            return None
        alone = self.reach.alone(file)
        members = self._sharing.get(place.root, [file]) if alone is None else [file]
        imported = (Path(member) for member in members if os.path.basename(member)[:-3] in SETUP_NAMES)
        folders = [place.folder, *([place.root, *self._units(members, place.root)] if alone is None else ())]
        beside = (Path(folder, f"{name}.py") for folder in dict.fromkeys(folders) for name in SETUP_NAMES)
        for path in (*imported, *beside):
            if path.is_relative_to(place.root) and is_setup_file(path):
                return self.reach.roots.names_below(str(path), place.root), path
        return None

    def places_below(self, folder: Path) -> dict[Place, str]:
        """The places for set-up modules of the programs below a folder, each with a file that one of them has."""
        found: dict[Place, str] = {}
        for file in sorted(self.reach.readings):
            if is_below(file, str(folder)) and self._is_own(file) and (place := self.place(file)) is not None:
                found.setdefault(place, file)
        return found

    def files_of(self, place: Place) -> frozenset[str]:
        """The files whose programs have their set-up module at a place."""
        return frozenset(file for file in self.reach.readings if self.place(file) == place)

    # What starts, and what it loads

    def own_files(self) -> list[str]:
        """The files of the tree that may start a program; not those that only test, build or document the project."""
        known = self.tree.files
        return sorted(
            file for file in self.reach.readings if file not in known or known[file].is_own or known[file].is_tool
        )

    def is_only_run(self, file: str) -> bool:
        """Whether a file is run by its path, and only tests import it, if any file does."""
        return bool(self.reach.ways(file).script) and not self.is_imported(file)

    def is_run_and_imported(self, file: str) -> bool:
        """Whether a command runs a file by its path, and another file imports it."""
        commanded = any(run.file == file and not (run.root or run.weak) for run in self.reach.runs)
        return commanded and self.is_imported(file)

    def is_served(self, file: str) -> bool:
        """Whether a command imports a file and runs nothing in it: `gunicorn wsgi:app`."""
        return any(
            run.file == file and run.root and not (run.weak or run.is_module or run.installed or run.host or run.entry)
            for run in self.reach.runs
        )

    def is_imported(self, file: str) -> bool:
        """Whether another file than a test imports a file."""
        importers = (edge.importer for edge in self.reach.edges_into.get(file, ()))
        return not all(map(self.tree.is_test, importers))

    def loaded_by(self, start: str, *, at_once: bool = False) -> frozenset[str]:
        """A file with all that it loads, as far as the code shows; `at_once`: by imports that always run at loading."""
        return self.reach.closure([start], lambda edge: not at_once or edge.when is When.LOADED)

    def surely_loaded_by(self, start: str) -> frozenset[str]:
        """The same, without what is only imported under conditions."""
        return self.reach.closure([start], lambda edge: edge.when is not When.BRANCH)

    def belongs_to(self, file: str, start: str) -> bool:
        """Whether a file is of a start's own group by imports and packages, whichever loads the other."""
        return self._is_own(start) and self._leader(file) == self._leader(start)

    # Which files run together

    def _leader(self, file: str) -> str:
        return self._leaders.get(file, file)

    @cached_property
    def _leaders(self) -> dict[str, str]:
        pairs = [(edge.importer, edge.file) for edge in self.reach.edges]
        own = (pair for pair in (*pairs, *self._packaged()) if not any(map(self.tree.is_test, pair)))
        return leaders(self.reach.readings, own)

    def _packaged(self) -> Iterator[tuple[str, str]]:
        """Each file of a package with the first of the package: they are made to run together."""
        firsts: dict[str, str] = {}
        for file in sorted(self.reach.readings):
            if self.reach.roots.is_package(os.path.dirname(file)):
                yield firsts.setdefault(self.reach.roots.unit(file), file), file

    def _part(self, file: str) -> tuple[str, str]:
        """The part of a program that is installed together: its leader, and the folder of the distribution."""
        return self._leader(file), self.tree.distribution(os.path.dirname(file))

    @cached_property
    def _best_roots(self) -> dict[tuple[str, str], str | None]:
        """The root that most files know of a program's part in one distribution.

        Another distribution that it needs may be installed in an older version, without the set-up module.
        """
        members: dict[tuple[str, str], list[str]] = {}
        for file in self.reach.readings:
            members.setdefault(self._part(file), []).append(file)
        return {part: self._best_root(files, part[1]) for part, files in members.items()}

    @cached_property
    def _sharing(self) -> dict[str, list[str]]:
        """The files of the programs that have a root."""
        found: dict[str, list[str]] = {}
        for file in sorted(self.reach.readings):
            root = self._best_roots[self._part(file)]
            if root is not None and not self.tree.is_test(file):
                found.setdefault(root, []).append(file)
        return found

    def _is_own(self, file: str) -> bool:
        known = self.tree.files.get(file)
        return known is None or known.is_own

    # Where their set-up module goes

    def _best_root(self, members: Iterable[str], distribution: str) -> str | None:
        """The root that most files know, of their distribution or above it; those with asynchronous code first."""
        known: Counter[str] = Counter()
        own = [member for member in members if self._is_own(member)]
        for member in own or members:
            weight = 1000 if self.reach.readings[member].is_async else 1
            for root in self.reach.paths.at_first(member):
                names_file = root in self.reach.ways(member).roots
                is_own = is_within(root, distribution) or is_within(distribution, root)
                if is_own and (names_file or is_within(root, str(self.tree.root))):
                    known[root] += 2 * weight + names_file
        return min(known, key=lambda root: (-known[root], len(root), root), default=None)

    def _units(self, members: Iterable[str], root: str) -> list[str]:
        """The folders right below a root in which files are that are imported from it."""
        found = set()
        for member in members:
            if root in self.reach.ways(member).roots:
                inner = os.path.relpath(member, root).split(os.sep)
                if len(inner) > 1 and inner[0] != os.pardir:
                    found.add(os.path.join(root, inner[0]))
        return sorted(found)

    def _most_imported(self, packages: list[str], root: str) -> str | None:
        """The package that files outside of it import most; None if they import none."""
        counted = Counter(
            package
            for package in packages
            for edge in self.reach.edges
            if edge.root == root and is_below(edge.file, package) and not is_below(edge.importer, package)
        )
        return min(counted, key=lambda package: (-counted[package], package), default=None)
