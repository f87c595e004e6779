"""Which folders a dotted name can be imported from, among the files of a tree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from printlint.facts.reach.reading import Import
from printlint.names.layout import is_stdlib

_INIT = "__init__.py"


class Found(NamedTuple):
    """Files that one import loads when a folder `root` is on `sys.path`: packages above first.

    `package` is true where the last of them is a package's, which gets names from its modules too; `whole` is false
    where only packages above the named module are there.
    """

    root: str
    files: tuple[str, ...]
    package: bool = False
    whole: bool = True


class ImportRoots:
    """The Python files below a folder, by the names that they can be imported under. Paths are absolute."""

    def __init__(self, top: str, files: frozenset[str]) -> None:
        self.top = top
        self.files = files
        self._folders: set[str] = set()
        self._holders: dict[str, list[str]] = {}
        for file in sorted(files):
            folder, name = os.path.split(file)
            if name != _INIT:
                self._holders.setdefault(name.removesuffix(".py"), []).append(folder)
            self._note(folder)
        self._resolved = lru_cache(maxsize=4096)(self._resolve)

    def _note(self, folder: str) -> None:
        while folder not in self._folders and len(folder) > len(self.top):
            self._folders.add(folder)
            folder, name = os.path.split(folder)
            self._holders.setdefault(name, []).append(folder)

    def is_package(self, folder: str) -> bool:
        """Whether a folder is a regular package."""
        return os.path.join(folder, _INIT) in self.files

    def find(self, importer: str, dotted: str, names: tuple[str, ...] = ()) -> tuple[Found, ...]:
        """The files that a dotted name in one file may mean, one for each possible root, nearest first.

        `names` are what a `from` imports. Roots that are not above the file count only if none is.
        """
        first = dotted.partition(".")[0]
        if is_stdlib(dotted) or first not in self._holders:
            return ()
        resolved = [self._resolved(root, dotted, names) for root in dict.fromkeys(self._holders[first])]
        found = [item for item in resolved if item is not None]
        # a part that is not there may be made by a build; where packages are around the name, it is a library's
        found = [item for item in found if item.whole] or [item for item in found if not self.is_package(item.root)]
        own = os.path.dirname(importer)
        above = [item for item in found if is_within(own, item.root)]
        return tuple(sorted(above, key=lambda item: -len(item.root)) if above else found)

    def find_at(self, root: str, dotted: str) -> Found | None:
        """What a dotted name leads to when a folder is on `sys.path`; None where it is not there."""
        return self._resolved(root, dotted, ())

    def has(self, root: str, dotted: str, names: tuple[str, ...]) -> bool:
        """Whether all that a dotted name spells is there when a folder is on `sys.path`."""
        found = self._resolved(root, dotted, names)
        return found is not None and found.whole

    def modules_of(self, importer: str, package: str) -> Iterator[tuple[str, str]]:
        """The modules of a package as one file would find it, each with the root of the package's name."""
        inner = os.path.join(*package.split("."))
        own = os.path.dirname(importer)
        holders = [root for root in self._holders.get(package.partition(".")[0], ()) if is_within(own, root)]
        for root in dict.fromkeys(holders):
            folder = os.path.join(root, inner)
            yield from ((root, file) for file in sorted(self.files) if os.path.dirname(file) == folder)

    def find_relative(self, importer: str, item: Import) -> tuple[str, ...]:
        """The files that a relative import loads."""
        base = os.path.dirname(importer)
        for _ in range(item.level - 1):
            base = os.path.dirname(base)
        if not is_within(base, self.top):
            return ()
        inner = item.module.split(".") if item.module else []
        found = self._resolve(os.path.dirname(base), ".".join([os.path.basename(base), *inner]), item.names)
        return found.files if found is not None else ()

    def _resolve(self, root: str, dotted: str, names: tuple[str, ...]) -> Found | None:
        """What a dotted name loads from one folder; None where it is not there."""
        place = root
        loaded = []
        regular = False
        parts = dotted.split(".")
        for number, part in enumerate(parts, 1):
            place = os.path.join(place, part)
            if self.is_package(place):
                loaded.append(os.path.join(place, _INIT))
                regular = True
            elif f"{place}.py" in self.files:
                return Found(root, (*loaded, f"{place}.py")) if number == len(parts) else None
            elif place not in self._folders:
                return Found(root, tuple(loaded), package=True, whole=False) if regular else None
        loaded += self._submodules(place, names)
        return Found(root, tuple(loaded), package=True) if loaded else None

    def _submodules(self, package: str, names: tuple[str, ...]) -> list[str]:
        candidates = [os.path.join(package, name) for name in names]
        found = [f"{name}.py" if f"{name}.py" in self.files else os.path.join(name, _INIT) for name in candidates]
        return [name for name in found if name in self.files]

    def names_below(self, file: str, root: str) -> str:
        """The dotted name of a file when a folder is on `sys.path`."""
        relative = os.path.relpath(file, root).removesuffix(".py")
        return relative.replace(os.sep, ".").removesuffix(".__init__")

    def holds(self, folder: str, name: str) -> bool:
        """Whether a folder has a module or a package of a name."""
        place = os.path.join(folder, name)
        return f"{place}.py" in self.files or place in self._folders

    def package_around(self, folder: str) -> str:
        """The outermost regular package that a folder is in, at any depth; empty where it is in none."""
        found = ""
        while is_within(folder, self.top) and folder != self.top:
            folder = os.path.dirname(folder)
            found = folder if self.is_package(folder) else found
        return found

    def unit(self, file: str) -> str:
        """The outermost package that a file is in, else its folder."""
        chain = self.chain_root(file)
        return os.path.normpath(os.path.join(chain, os.path.relpath(os.path.dirname(file), chain).split(os.sep)[0]))

    def chain_root(self, file: str) -> str:
        """The folder that a file's regular packages are in."""
        folder = os.path.dirname(file)
        while self.is_package(folder) and folder != os.path.dirname(folder):
            folder = os.path.dirname(folder)
        return folder


def is_within(path: str, folder: str) -> bool:
    """Whether a path is a folder or below it."""
    return path == folder or is_below(path, folder)


def is_below(path: str, folder: str) -> bool:
    """Whether a path is in a folder, at any depth."""
    return path.startswith(folder.rstrip(os.sep) + os.sep)
