"""The files that a program runs: all that its starts import, directly or not, and the rest of their packages."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

from printlint.facts.reach.edges import Edge
from printlint.facts.reach.import_roots import is_below
from printlint.facts.reach.reading import When
from printlint.facts.reach.tree import Tree


def import_closure(tree: Tree, starts: Iterable[str]) -> frozenset[str]:
    """Some start files and all that they import, directly or not, also in functions; tests apart."""
    starts = set(starts)

    def runs(edge: Edge) -> bool:
        under_guard = edge.when is When.RUN and edge.importer not in starts
        return not under_guard and not tree.is_test(edge.file)

    return tree.reach.closure(starts, runs)


class Packages:
    """Which starts run files of each package. Folders that files are imported from count as packages."""

    def __init__(self, tree: Tree, closures: Mapping[str, frozenset[str]]) -> None:
        """`closures` are the files that each start runs."""
        self._tree = tree
        self._packages = {
            os.path.dirname(file)
            for file in tree.reach.readings
            if any(is_below(os.path.dirname(file), root) for root in tree.reach.ways(file).roots)
        }
        self._users: dict[str, set[str]] = {}
        for start, files in closures.items():
            for folder in {above for file in files for above in self._above(file)}:
                self._users.setdefault(folder, set()).add(start)

    def users(self, file: str) -> set[str]:
        """The starts that run other files of a file's package; if none does, of the nearest package above.

        Files of one package are made to run together, and code may load them by computed names.
        """
        return next((self._users[folder] for folder in self._above(file) if folder in self._users), set())

    def _above(self, file: str) -> Iterator[str]:
        folder = os.path.dirname(file)
        while is_below(folder, str(self._tree.root)):
            if folder in self._packages:
                yield folder
            folder = os.path.dirname(folder)
