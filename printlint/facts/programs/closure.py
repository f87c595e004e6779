"""The files that a program runs: the closure of its starts over imports, and what loads itself beside them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

from printlint.facts.reach.edges import Edge
from printlint.facts.reach.reading import When
from printlint.facts.reach.tree import Tree


def import_closure(tree: Tree, starts: Iterable[str]) -> frozenset[str]:
    """The files that some run once they are started, themselves too; tests apart. Imports in functions count."""
    starts = set(starts)

    def runs(edge: Edge) -> bool:
        under_guard = edge.when is When.RUN and edge.importer not in starts
        return not under_guard and not tree.is_test(edge.file)

    return tree.reach.closure(starts, runs)


class Packages:
    """Who runs what is in the packages of a tree; folders without `__init__.py` count that files are imported from."""

    def __init__(self, tree: Tree, closures: Mapping[str, frozenset[str]]) -> None:
        """`closures` are the files that each start runs."""
        self._tree = tree
        self._packages = {
            os.path.dirname(file)
            for file in tree.reach.readings
            if any(_is_below(os.path.dirname(file), root) for root in tree.reach.ways(file).roots)
        }
        self._users: dict[str, set[str]] = {}
        for start, files in closures.items():
            for folder in {above for file in files for above in self._above(file)}:
                self._users.setdefault(folder, set()).add(start)

    def users(self, file: str) -> set[str]:
        """The starts that run what is nearest around a file: in its package, or in one above.

        What is in one package was made to run together, and code may load it by names that it computes.
        """
        return next((self._users[folder] for folder in self._above(file) if folder in self._users), set())

    def _above(self, file: str) -> Iterator[str]:
        folder = os.path.dirname(file)
        while _is_below(folder, str(self._tree.root)):
            if folder in self._packages:
                yield folder
            folder = os.path.dirname(folder)


def _is_below(name: str, folder: str) -> bool:
    return name.startswith(folder + os.sep)
