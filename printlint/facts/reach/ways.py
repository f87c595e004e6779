"""The ways in which each file of a tree is reached, and which folders are on `sys.path` in every one of them.

A file is imported by others, named in a string or a command line, or run. What it is certain to import when it is
loaded proves a root as well: where that is not on `sys.path`, the file does not load at all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from printlint.facts.reach.declared import Declared
from printlint.facts.reach.edges import Edge, find_edges
from printlint.facts.reach.import_roots import ImportRoots, is_within
from printlint.facts.reach.reading import Reading, When
from printlint.facts.reach.search_path import SearchPaths
from printlint.facts.reach.signs import TOP
from printlint.facts.reach.starts import Run

GUARD, FIRST_LINE, ACTS = "its `__main__` guard", "its first line", "what it does at its top"


@dataclass
class Ways:
    """How one file is reached.

    `roots` are the folders that names of it start from, each with the reason. `script` says why it is, or may be, run
    by its path; empty where it is not. `unclear`: nothing shows how it is reached, or not all of it.
    """

    roots: dict[str, str] = field(default_factory=dict)
    script: str = ""
    unclear: bool = False


class Reach:
    """The ways of all files of a tree. Paths are absolute texts."""

    def __init__(
        self,
        roots: ImportRoots,
        readings: dict[str, Reading],
        runs: Iterable[Run],
        is_start_folder: Callable[[str], bool],
        declared: Iterable[Declared] = (),
        is_test: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """`is_start_folder` tells folders that programs are started in; `declared` is what metadata says."""
        self.roots = roots
        self.readings = readings
        self.runs = [run for run in runs if run.file in readings]
        self.edges = [edge for edge in find_edges(readings, roots) if edge.file in readings]
        self._is_start_folder = is_start_folder
        self._is_test = is_test
        self._declared = sorted(declared, key=lambda item: -len(item.covers))
        self.edges_into: dict[str, list[Edge]] = {}
        self.edges_out: dict[str, list[Edge]] = {}
        for edge in self.edges:
            if edge.file != edge.importer:
                self.edges_into.setdefault(edge.file, []).append(edge)
                self.edges_out.setdefault(edge.importer, []).append(edge)
        self._ways = {file: Ways() for file in readings}
        self._doubtful: set[str] = set()  # files that only a text for people names as programs
        self._given: dict[str, list[frozenset[str]]] = {file: [] for file in readings}
        self._add_runs(self.runs)
        self._add_names()
        self.paths = SearchPaths(readings, self.edges_into, self.edges_out, self._given)

    def ways(self, file: str) -> Ways:
        """How a file is reached; nothing is known of one that is not in the tree."""
        return self._ways.get(file) or Ways(unclear=True)

    def alone(self, file: str) -> Declared | None:
        """What a host loads without the rest of the tree, where a file belongs to that."""
        return next((item for item in self._declared if item.alone and is_within(file, item.covers)), None)

    def closure(self, starts: Iterable[str], follows: Callable[[Edge], bool] = lambda edge: True) -> frozenset[str]:
        """Some files with all that they load, along the edges for which `follows` is true."""
        found = set(starts)
        waiting = list(found)
        while waiting:
            for edge in self.edges_out.get(waiting.pop(), ()):
                if edge.file not in found and follows(edge):
                    found.add(edge.file)
                    waiting.append(edge.file)
        return frozenset(found)

    # What starts files

    def _add_runs(self, runs: list[Run]) -> None:
        installed = {run.file: run.root for run in runs if run.installed}
        for run in sorted(runs, key=lambda run: run.weak):
            if run.root:
                self._name(run.file, run.root, run.reason, run.path)
            elif not run.weak or self._looks_run(run.file) or self._may_be_run(run.file):
                self._ways[run.file].script = self._ways[run.file].script or run.reason
                self._given_script(run.file, run.path, installed)
        started = {run.file for run in runs if run.is_module or not run.root}
        certain = {run.file for run in runs if not run.weak} - installed.keys()
        for file in self.readings:
            seems = self._looks_run(file)
            if not seems:
                continue
            # that a server imports a file does not explain its `__main__` guard
            if file not in started and not (file in certain and seems == ACTS):
                self._ways[file].script = seems
                self._given_script(file, frozenset(), installed)
        self._doubtful = {run.file for run in runs if run.weak and not self._looks_run(run.file)} - certain

    def _given_script(self, file: str, path: frozenset[str], installed: dict[str, str]) -> None:
        """Note what is on `sys.path` where a file is run by its path."""
        own = {os.path.dirname(file), installed.get(file, os.path.dirname(file))}
        self._given[file].append(frozenset(own | path | self._roots_of_guard(file)))

    def _looks_run(self, file: str) -> str:
        """Why a file looks like one that is run by its path; nothing where it does not, or could not be."""
        reading = self.readings[file]
        if not self._can_be_run(file):
            return ""
        if reading.guarded or reading.marked:
            return GUARD if reading.guarded else FIRST_LINE
        top = reading.parts[TOP] if reading.acts else None
        if top is None or file not in self.edges_into:
            return ACTS if top is not None else ""
        # a test that imports a program runs it
        runs = "run" in top.attributes or "main" in top.names
        return ACTS if runs and all(self._is_test(edge.importer) for edge in self.edges_into[file]) else ""

    def _may_be_run(self, file: str) -> bool:
        """Whether a file that does not look so may be run by its path."""
        return self._can_be_run(file) and file not in self.edges_into

    def _can_be_run(self, file: str) -> bool:
        """Whether a file loads when it is run by its path."""
        name, in_package = os.path.basename(file), self.roots.is_package(os.path.dirname(file))
        relative = any(item.level and item.when is When.LOADED for item in self.readings[file].imports)
        return not relative and name != "__init__.py" and not (name == "__main__.py" and in_package)

    def _roots_of_guard(self, file: str) -> set[str]:
        """The roots that the imports under a guard need, unless the file itself changes `sys.path`."""
        if self.readings[file].path_changes:
            return set()
        edges = self.edges_out.get(file, ())
        return {edge.root for edge in edges if edge.certain and edge.root and edge.when is When.RUN}

    # Names

    def _add_names(self) -> None:
        for edge in self.edges:
            if edge.root:
                self._ways[edge.file].roots.setdefault(edge.root, f"{os.path.basename(edge.importer)} imports it")
        for file in self.readings:
            if file not in self.edges_into:
                self._assume(file)
        self._spread_names()
        reachable = self.closure(file for file in self.readings if self._given[file])
        for file in sorted(self.readings.keys() - reachable):  # files that import each other in a ring
            self._assume(file)
        self._spread_names()

    def _assume(self, file: str) -> None:
        """Assume a way for a file that nothing in the tree imports, by its place."""
        ways, folder = self._ways[file], os.path.dirname(file)
        seems = ways.script in (GUARD, FIRST_LINE, ACTS)
        if file not in self._doubtful and (ways.roots or (ways.script and not seems)):
            return
        declared = next((item for item in self._declared if is_within(folder, item.covers)), None)
        if self.roots.is_package(folder) or (declared is not None and declared.alone):
            self._name(file, *self._root_of_package(file, declared))
        elif not ways.script:
            self._name(file, *self._root_of_module(file, declared))
        elif ways.script != FIRST_LINE and not self._is_start_folder(folder) and _has_longer_name(file):
            self._name(file, None, "")

    def _name(self, file: str, root: str | None, reason: str, path: frozenset[str] = frozenset()) -> None:
        if root is None:
            self._ways[file].unclear = True
            self._given[file].append(frozenset())
        else:
            self._ways[file].roots.setdefault(root, reason)
            self._given[file].append(path | {root})

    def _root_of_package(self, file: str, declared: Declared | None) -> tuple[str | None, str]:
        """The root of a file in packages, and why: above them, unless metadata or the imports around it say another."""
        chain = self.roots.chain_root(file)
        used = {root for root in self._used_roots if is_within(os.path.dirname(file), root) and len(root) >= len(chain)}
        if declared is not None and (declared.alone or not used or declared.root in used):
            return declared.root, declared.reason
        root = chain if not used else next(iter(used)) if len(used) == 1 else None
        return root, "the packages around it"

    def _root_of_module(self, file: str, declared: Declared | None) -> tuple[str | None, str]:
        """The root of a file in a folder without `__init__.py`, and why: that of its neighbours, one that metadata
        says, or the folder of a program."""
        folder = os.path.dirname(file)
        if neighbours := self._roots_by_folder.get(folder):
            return next(iter(neighbours)) if len(neighbours) == 1 else None, "the files beside it"
        if declared is not None:
            return declared.root, declared.reason
        return folder if self._is_start_folder(folder) else None, "the files beside it"

    @cached_property
    def _used_roots(self) -> set[str]:
        return {edge.root for edge in self.edges if edge.root}

    @cached_property
    def _roots_by_folder(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for edge in self.edges:
            if edge.root:
                found.setdefault(os.path.dirname(edge.file), set()).add(edge.root)
        return found

    def _spread_names(self) -> None:
        """A file that is imported relatively has the roots of its importers as well."""
        relative = [edge for edge in self.edges if not edge.root]
        changed = True
        while changed:
            changed = False
            for edge in relative:
                own = self._ways[edge.file].roots
                for root in self._ways[edge.importer].roots:
                    if root not in own and is_within(os.path.dirname(edge.file), root):
                        own[root] = f"{os.path.basename(edge.importer)} imports it"
                        changed = True


def _has_longer_name(file: str) -> bool:
    """Whether a dotted name can lead through the file's folder: that of `my-tool/x.py` or `2024/x.py` cannot."""
    folder, name = os.path.split(file.removesuffix(".py"))
    return name.isidentifier() and os.path.basename(folder).isidentifier()
