"""Which functions a program may call from its starts on, by the names that its code mentions: enough to see its signs.

It follows names, not values: a function counts that reached code mentions, where its file defines it or imports it
from; a method counts where its class and its name are mentioned.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from printlint.facts.programs.starts import Start
from printlint.facts.reach.signs import GUARD, TOP, Sign
from printlint.facts.reach.ways import Reach


class Reached(NamedTuple):
    """A sign in code that a program may run. `distance` counts the calls on the way there, 0 at the start's top."""

    file: str
    sign: Sign
    distance: int


def reached_signs(reach: Reach, starts: Collection[Start], files: frozenset[str]) -> list[Reached]:
    """The signs of a program that starts in some places and runs the code of some files; nearest first."""
    walk = _Walk(reach, files)
    own = sorted({start.file for start in starts})
    for file in own:
        walk.enter(file, TOP, 0)
        walk.enter(file, GUARD, 0)
    for file, entry in sorted({(start.file, start.entry) for start in starts}):
        walk.enter(file, entry, 0)
    for file in sorted(files.difference(own)):
        walk.enter(file, TOP, 1)
    return sorted(walk.signs(), key=lambda found: (found.distance, found.file not in own, found.file))


class _Walk:
    def __init__(self, reach: Reach, files: frozenset[str]) -> None:
        self._reach = reach
        self._files = files
        self._distances: dict[tuple[str, str], int] = {}
        self._mentioned: set[tuple[str, str]] = set()
        self._waiting: list[tuple[str, str, int]] = []
        self._methods: dict[str, list[tuple[str, str, str]]] = {}
        self._classes: set[tuple[str, str]] = set()
        self._names: set[str] = set()
        self._defined = {name for file in files for key in reach.readings[file].parts for name in key.split(".")}
        for file in files:
            for key in reach.readings[file].parts:
                class_, dot, method = key.partition(".")
                if dot:
                    self._methods.setdefault(method, []).append((file, class_, key))

    def enter(self, file: str, key: str, distance: int) -> None:
        """Follow a part of a file, and all that it leads to."""
        self._waiting.append((file, key, distance))
        while self._waiting:
            self._visit(*self._waiting.pop(0))

    def signs(self) -> Iterator[Reached]:
        for (file, key), distance in self._distances.items():
            yield from (Reached(file, sign, distance) for sign in self._reach.readings[file].parts[key].signs)

    def _visit(self, file: str, key: str, distance: int) -> None:
        part = self._reach.readings[file].parts.get(key)
        if part is None or (file, key) in self._distances:
            return
        self._distances[file, key] = distance
        for name in part.names & self._defined:
            self._mention(file, name, distance + 1)
        if key and "." not in key and (file, key) not in self._classes:
            self._class(file, key, distance)

    def _mention(self, file: str, name: str, distance: int) -> None:
        waiting = [file]
        while waiting:
            place = waiting.pop()
            if (place, name) in self._mentioned:
                continue
            self._mentioned.add((place, name))
            reading = self._reach.readings[place]
            if name in reading.parts and name not in (TOP, GUARD):
                self._waiting.append((place, name, distance))
            elif place == file or reading.binds is None or name in reading.binds:
                out = self._reach.edges_out.get(place, ())
                waiting += [edge.file for edge in out if edge.file in self._files]
        if name not in self._names:
            self._names.add(name)
            for place, class_, key in self._methods.get(name, ()):
                if (place, class_) in self._classes:
                    self._waiting.append((place, key, distance))

    def _class(self, file: str, class_: str, distance: int) -> None:
        """A class that is mentioned: the methods that are mentioned too run, and those that Python calls."""
        prefix = f"{class_}."
        self._classes.add((file, class_))
        for key in self._reach.readings[file].parts:
            method = key.removeprefix(prefix)
            if method != key and (method in self._names or method.startswith("__") or method == "run"):
                self._waiting.append((file, key, distance + 1))
