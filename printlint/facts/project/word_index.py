"""Which files of a project hold which words, found in one pass that keeps no bytes.

A fact about a project starts from a few words; only the files that hold one of them are read again for it. So what
a run keeps of a project grows with the number of its files, by a few hundred bytes for each.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from printlint.reading import disk
from printlint.reading.discovery import SKIPPED_FOLDERS

# More files than this are no one project; whoever runs printlint on one file of a home folder should not wait.
_MAX_FILES = 20_000
# Beside what is no code of the project's, the copies of its files that building makes.
_PASSED_BY = SKIPPED_FOLDERS | {"build", "dist"}
# What shows a project or measures it, and what is run beside it.
_SHOWING = frozenset({"example", "examples", "docs", "doc", "benchmarks", "bench", "samples"})
_TOOLS = frozenset({"scripts", "tools"})
_BUILDS = frozenset({"setup", "hatch_build", "pdm_build", "noxfile"})
_TEST_STEM = re.compile(r"^test_|_tests?$|^conftest$")
_TEST_FOLDERS = frozenset({"test", "tests"})


class ProjectFile(NamedTuple):
    """A Python file of a project: a test, the project's own code, a tool that is run beside it, or none of them.

    What shows the project or builds it is none of them. A test is what pytest and unittest collect by its name, and
    whatever is below a folder `test` or `tests` of the project.
    """

    name: str
    is_test: bool
    is_own: bool
    is_tool: bool

    @classmethod
    def below(cls, root: str, name: str) -> ProjectFile:
        """The file `name`, a path somewhere below the folder `root`."""
        *parts, base = name[len(root) :].strip(os.sep).split(os.sep)
        stem = _stem(base)
        is_test = _TEST_STEM.search(stem) is not None or not _TEST_FOLDERS.isdisjoint(parts)
        is_code = not is_test and _SHOWING.isdisjoint(parts) and stem not in _BUILDS
        is_tool = not _TOOLS.isdisjoint(parts)
        return cls(name, is_test, is_code and not is_tool, is_code and is_tool)

    @property
    def path(self) -> Path:
        """The file's path, which is made anew each time: of many files, names are what is kept."""
        return Path(self.name)

    @property
    def stems(self) -> tuple[str, str]:
        """What the file and the folder that it is in are called, without an ending."""
        parts = self.name.rsplit(os.sep, 2)
        return _stem(parts[-1]), _stem(parts[-2]) if len(parts) > 1 else ""


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


class Survey:
    """The Python files below a folder. Words that are asked for together are looked for together."""

    def __init__(self, files: tuple[ProjectFile, ...]) -> None:
        self._files = files
        self._holders: dict[tuple[tuple[bytes, ...], bool, bool], tuple[ProjectFile, ...]] = {}

    def holding(
        self, words: tuple[bytes, ...], *, own: bool = False, tests: bool = True
    ) -> Iterator[tuple[ProjectFile, bytes]]:
        """The files with one of some literal words, and their bytes; without what cannot be read.

        The project's `own` come first, and may be asked for alone, or all without `tests`: of many projects they are
        less than half.
        """
        yield from self._holding(words, own=True, tests=False)
        if not own:
            yield from self._holding(words, own=False, tests=tests)

    def _holding(self, words: tuple[bytes, ...], *, own: bool, tests: bool) -> Iterator[tuple[ProjectFile, bytes]]:
        key = words, own, tests
        if key in self._holders:
            yield from self.read(self._holders[key])
            return
        holders = []
        parts = _by_common_part(words)
        asked = (file for file in self._files if file.is_own is own and (tests or not file.is_test))
        for file, data in self.read(tuple(asked)):
            if any(part in data and any(word in data for word in sharing) for part, sharing in parts):
                holders.append(file)
                yield file, data
        self._holders[key] = tuple(holders)

    def read(self, files: tuple[ProjectFile, ...]) -> Iterator[tuple[ProjectFile, bytes]]:
        """Files with their bytes, without those that cannot be read."""
        for file in files:
            try:
                yield file, disk.read_present(file.name)
            except OSError:
                continue


def as_bytes(name: str) -> bytes:
    """A name as files hold it. No file holds one with what is no character, as names that are no UTF-8 have it."""
    return name.encode("utf-8", "surrogatepass")


# Parts that many words have in common: where one is missing, so are they.
_COMMON_PARTS = (b"ogg", b"Handler", b"Config")


def _by_common_part(words: tuple[bytes, ...]) -> list[tuple[bytes, list[bytes]]]:
    found: dict[bytes, list[bytes]] = {}
    for word in words:
        part = next((part for part in _COMMON_PARTS if part in word), word)
        found.setdefault(part, []).append(word)
    return list(found.items())


def walk(root: Path, suffixes: tuple[str, ...], *, packages_only: bool) -> Iterator[str]:
    """The paths of files below a folder with one of some endings; `packages_only`: other folders are not entered."""
    folders, count = [str(root)], 0
    while folders:
        folder = folders.pop()
        try:
            entries = disk.entries(folder)
        except OSError:
            continue
        for entry in entries:
            name = entry.name
            if name.endswith(suffixes) and entry.is_file():
                count += 1
                if count > _MAX_FILES:
                    return
                yield entry.path
            elif entry.is_dir(follow_symlinks=False) and name not in _PASSED_BY and name[0] != ".":
                if not packages_only or disk.is_file(f"{entry.path}/__init__.py"):
                    folders.append(entry.path)
