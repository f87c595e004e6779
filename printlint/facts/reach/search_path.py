"""Which folders are on `sys.path` when a file is loaded, in every way in which it may be loaded."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import TypeVar

from printlint.facts.reach.edges import Edge
from printlint.facts.reach.reading import Reading, When

Root = TypeVar("Root", str, str | None)
_NEVER = 1_000_000_000


class SearchPaths:
    """Answers for the files of a tree: what is there in every way in which a file is loaded.

    `given` holds, for each file, the folders on `sys.path` in each way that is no import of another file.
    """

    def __init__(
        self,
        readings: Mapping[str, Reading],
        edges_into: Mapping[str, list[Edge]],
        edges_out: Mapping[str, list[Edge]],
        given: Mapping[str, list[frozenset[str]]],
    ) -> None:
        self._readings = readings
        self._into = edges_into
        self._out = edges_out
        self._given = given
        self._changes: dict[str, frozenset[str | None]] = self._spread(
            {file: self._own_changes(file) for file in readings}
        )
        self._proven = self._spread({file: self._own_proofs(file) for file in readings})
        self._ways = self._intersect()

    def at_first(self, file: str) -> frozenset[str]:
        """What is on `sys.path` when the first line of a file runs."""
        return self._ways.get(file, frozenset()) | self._proven_at_first(file)

    def after_imports(self, file: str) -> frozenset[str]:
        """What is on `sys.path` once the imports of a file have run."""
        changed = self._changes.get(file, frozenset()) - {None}
        return (
            self._ways.get(file, frozenset()) | self._proven.get(file, frozenset()) | {root for root in changed if root}
        )

    def at_line(self, file: str, line: int) -> frozenset[str]:
        """What is on `sys.path` when a line (from 1) at the top of a file runs."""
        return self.after_imports(file) if max(self._change_lines(file), default=0) < line else self.at_first(file)

    def _own_changes(self, file: str) -> frozenset[str | None]:
        return frozenset(change.folder for change in self._readings[file].path_changes)

    def _own_proofs(self, file: str) -> frozenset[str]:
        return frozenset(edge.root for edge in self._out.get(file, ()) if edge.proves_root)

    def _spread(self, own: dict[str, frozenset[Root]]) -> dict[str, frozenset[Root]]:
        """What holds for a file holds for those that are certain to import it."""
        waiting = [file for file, found in own.items() if found]
        while waiting:
            file = waiting.pop()
            for edge in self._into.get(file, ()):
                if edge.certain and edge.when is When.LOADED and not own[file] <= own[edge.importer]:
                    own[edge.importer] |= own[file]
                    waiting.append(edge.importer)
        return own

    def _proven_at_first(self, file: str) -> frozenset[str]:
        """The proven roots that were there before the file, or what it imports, changed `sys.path`."""
        changes = self._changes.get(file, frozenset())
        proven = self._proven.get(file, frozenset())
        if not changes:
            return proven
        first = min(self._change_lines(file), default=_NEVER)
        early = {edge.root for edge in self._out.get(file, ()) if edge.proves_root and edge.line <= first}
        return frozenset(early) if None in changes else proven - changes | early

    def _change_lines(self, file: str) -> list[int]:
        """The lines at which a file, or what it imports there, changes `sys.path`."""
        own = [change.line for change in self._readings[file].path_changes]
        loaded = (edge for edge in self._out.get(file, ()) if edge.when is When.LOADED)
        return own + [edge.line for edge in loaded if self._changes[edge.file]]

    def _intersect(self) -> dict[str, frozenset[str]]:
        """The folders that all ways of a file have in common. The search starts with all folders and takes away."""
        everything = frozenset(
            {edge.root for edges in self._into.values() for edge in edges}
            | {root for ways in self._given.values() for way in ways for root in way}
        )
        known = dict.fromkeys(self._readings, everything)
        waiting = list(self._readings)
        queued = set(waiting)
        while waiting:
            file = waiting.pop()
            queued.discard(file)
            ways = [*self._given[file], *(self._through(edge, known) for edge in self._into.get(file, ()))]
            found = reduce(frozenset.__and__, ways) if ways else frozenset()
            if found != known[file]:
                known[file] = found
                for edge in self._out.get(file, ()):
                    if edge.file not in queued:
                        queued.add(edge.file)
                        waiting.append(edge.file)
        return known

    def _through(self, edge: Edge, known: Mapping[str, frozenset[str]]) -> frozenset[str]:
        """What is on `sys.path` where one file loads another."""
        root = frozenset({edge.root} if edge.root else ())
        if not edge.line:  # a name in a string, which another program may load
            return root
        changed = frozenset(folder for folder in self._changes[edge.importer] if folder)
        return root | known[edge.importer] | self._proven[edge.importer] | changed
