"""The files that a program runs: the closure of its starts over imports, and what loads itself beside them."""

from __future__ import annotations

import os
from collections.abc import Iterable

from printlint.facts.reach.reading import When
from printlint.facts.reach.signs import GUARD
from printlint.facts.reach.tree import Tree


def import_closure(tree: Tree, starts: Iterable[str]) -> frozenset[str]:
    """The files that some run once they are started, themselves too; tests apart. Imports in functions count."""
    starts = set(starts)
    found, waiting = set(starts), list(starts)
    while waiting:
        file = waiting.pop()
        for edge in tree.reach.edges_out.get(file, ()):
            under_guard = edge.when is When.RUN and file not in starts
            if edge.file not in found and not under_guard and not tree.is_test(edge.file):
                found.add(edge.file)
                waiting.append(edge.file)
    return frozenset(found)


def adopting(tree: Tree, closures: list[frozenset[str]], file: str) -> list[int]:
    """The programs that a file without a known importer belongs to, by their numbers: those nearest around it.

    Only a package adopts: what is in one was made to run together, and code may load it by names that it computes.
    """
    folder = os.path.dirname(file)
    while tree.reach.roots.is_package(folder):
        inside = [number for number, files in enumerate(closures) if any(_is_below(name, folder) for name in files)]
        if inside:
            return inside
        folder = os.path.dirname(folder)
    return []


def has_guard(tree: Tree, file: str) -> bool:
    """Whether a file has a `__main__` guard with code in it."""
    return GUARD in tree.reach.readings[file].parts


def _is_below(name: str, folder: str) -> bool:
    return name.startswith(folder + os.sep)
