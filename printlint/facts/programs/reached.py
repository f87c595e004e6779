"""Which functions a program may call from its starts on, by the names that its code mentions: enough to see its signs.

It follows names, not values: a function counts that reached code mentions, where its file defines it or imports it
from; a method counts where its class is, and an attribute of its name where its file is imported.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from printlint.facts.programs.starts import Start
from printlint.facts.reach.signs import GUARD, TOP, Part, Sign
from printlint.facts.reach.ways import Reach


class Reached(NamedTuple):
    """A sign in a part of a file that a program may run. `distance` counts the calls there, 0 at the start's top."""

    file: str
    part: str
    sign: Sign
    distance: int


class Definitions:
    """The functions and methods of a tree by their names, found once for all of its programs."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.functions: dict[str, set[str]] = {}  # the files that define each
        self.methods: dict[str, dict[str, list[tuple[str, str]]]] = {}  # by file, each with its class
        self._names: set[str] = set()
        self._mentions: dict[tuple[str, str], tuple[frozenset[str], frozenset[str]]] = {}
        for file, reading in reach.readings.items():
            for key in reading.parts:
                class_, dot, method = key.partition(".")
                self._names |= {class_, method}
                if dot:
                    self.methods.setdefault(method, {}).setdefault(file, []).append((class_, key))
                elif key not in (TOP, GUARD):
                    self.functions.setdefault(key, set()).add(file)

    def mentioned(self, file: str, key: str) -> tuple[frozenset[str], frozenset[str]]:
        """The names and the attributes that a part mentions, of those that some file defines."""
        if (file, key) not in self._mentions:
            part = self.reach.readings[file].parts[key]
            self._mentions[file, key] = part.names & self._names, part.attributes & self._names
        return self._mentions[file, key]


def reached_signs(definitions: Definitions, starts: Collection[Start], files: frozenset[str]) -> list[Reached]:
    """The signs of a program that starts in some places and runs the code of some files; nearest first."""
    walk = _Walk(definitions, files)
    own = sorted({start.file for start in starts})
    for file in own:
        walk.enter(file, TOP, 0)
        walk.enter(file, GUARD, 0)
    for file, entry in sorted({(start.file, start.entry) for start in starts}):
        walk.enter(file, entry, 0)
    for file in sorted(files.difference(own)):
        walk.enter(file, TOP, _IMPORTED)
    return sorted(walk.signs(), key=lambda found: (found.distance, found.file not in own, found.file))


_NONE: AbstractSet[str] = frozenset()
_IMPORTED = 5  # the top of an imported file runs, but the names in it say little about the program


class _Walk:
    def __init__(self, definitions: Definitions, files: frozenset[str]) -> None:
        self._definitions = definitions
        self._reach = definitions.reach
        self._files = files
        self._distances: dict[tuple[str, str], int] = {}
        self._mentioned: set[tuple[str, str]] = set()
        self._waiting: deque[tuple[str, str, int]] = deque()
        self._classes: set[tuple[str, str]] = set()
        self._called: dict[tuple[str, str], set[str]] = {}
        self._imports: dict[str, set[str]] = {}

    def enter(self, file: str, key: str, distance: int) -> None:
        """Follow a part of a file, and all that it leads to."""
        self._waiting.append((file, key, distance))
        while self._waiting:
            self._visit(*self._waiting.popleft())

    def signs(self) -> Iterator[Reached]:
        for (file, key), distance in self._distances.items():
            yield from (Reached(file, key, sign, distance) for sign in self._reach.readings[file].parts[key].signs)

    def _visit(self, file: str, key: str, distance: int) -> None:
        part = self._reach.readings[file].parts.get(key)
        if part is None or (file, key) in self._distances:
            return
        self._distances[file, key] = distance
        names, attributes = self._definitions.mentioned(file, key)
        for name in names:
            self._mention(file, name, distance + 1)
        for name in attributes:
            self._attribute(file, name, part, distance + 1)
        if key and "." not in key and (file, key) not in self._classes:
            self._class(file, key, distance)

    def _mention(self, file: str, name: str, distance: int) -> None:
        if (file, name) not in self._mentioned:
            self._mentioned.add((file, name))
            own = name in self._reach.readings[file].parts
            places = {file} if own else self._defining(name) & self._imported(file)
            self._waiting += ((place, name, distance) for place in places)

    def _attribute(self, file: str, name: str, part: Part, distance: int) -> None:
        """What an attribute may be: a function of a module that the code mentions, or a method of a known class."""
        imported = self._imported(file)
        for place in self._defining(name) & imported:
            if self._called_by(place) & (part.names | part.attributes):
                self._waiting.append((place, name, distance))
        methods = self._definitions.methods.get(name, {})
        for place in methods.keys() & {file, *imported}:
            for class_, key in methods[place]:
                self._called.setdefault((place, class_), set()).add(name)
                if (place, class_) in self._classes:
                    self._waiting.append((place, key, distance))

    def _defining(self, function: str) -> AbstractSet[str]:
        return self._definitions.functions.get(function, _NONE)

    def _called_by(self, file: str) -> set[str]:
        """The names that other files may import a module's functions from: its own, and that of its package."""
        folder, name = os.path.split(file)
        return {os.path.basename(folder), name.removesuffix(".py")}

    def _imported(self, file: str) -> set[str]:
        """The files that a file imports from, also through packages that re-export names."""
        if file not in self._imports:
            found, waiting = set[str](), [file]
            while waiting:
                for edge in self._reach.edges_out.get(waiting.pop(), ()):
                    if edge.file not in found and edge.file in self._files:
                        found.add(edge.file)
                        waiting += [edge.file] if os.path.basename(edge.file) == "__init__.py" else []
            self._imports[file] = found
        return self._imports[file]

    def _class(self, file: str, class_: str, distance: int) -> None:
        """A class that is mentioned: the methods that are mentioned too run, and those that Python calls."""
        prefix = f"{class_}."
        self._classes.add((file, class_))
        called = self._called.get((file, class_), _NONE)
        for key in self._reach.readings[file].parts:
            method = key.removeprefix(prefix)
            if method != key and (method in called or method.startswith("__")):
                self._waiting.append((file, key, distance + 1))
