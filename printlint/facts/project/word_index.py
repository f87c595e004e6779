"""Which files of a project hold which words, found in one pass that keeps no bytes.

A fact about a project starts from a few words; only the files that hold one of them are read again for it. So what
a run keeps of a project grows with the number of its files, by a few hundred bytes for each.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar, TypeVarTuple

from printlint.reading import disk
from printlint.reading.discovery import SKIPPED_FOLDERS

T = TypeVar("T")
Given = TypeVarTuple("Given")
# The words of a search, whether the project's own files are searched or all others, and whether tests are.
_Key = tuple[tuple[bytes, ...], bool, bool]

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
    """The Python files below a folder. Words that are asked for together are looked for together.

    `key` tells it from the surveys of other projects.
    """

    def __init__(self, files: tuple[ProjectFile, ...], *key: object) -> None:
        self._files = files
        self._key = key
        self._asked: dict[tuple[bool, bool], tuple[tuple[ProjectFile, ...], tuple[str, ...]]] = {}
        self._holders: dict[_Key, tuple[ProjectFile, ...]] = {}

    def holding(
        self, words: tuple[bytes, ...], *, own: bool = False, tests: bool = True
    ) -> Iterator[tuple[ProjectFile, bytes]]:
        """The files with one of some literal words, and their bytes; without what cannot be read. See `holders`."""
        for file in self.holders(words, own=own, tests=tests):
            yield from self.read((file,))

    def found(
        self,
        words: tuple[bytes, ...],
        find: Callable[[bytes, *Given], T],
        *given: *Given,
        own: bool = False,
        tests: bool = True,
    ) -> Iterator[tuple[ProjectFile, T]]:
        """The same files, each with what a function finds in it (see `disk.found_in`)."""
        return self.ask(self.holders(words, own=own, tests=tests), find, *given)

    def ask(
        self, files: Iterable[ProjectFile], find: Callable[[bytes, *Given], T], *given: *Given
    ) -> Iterator[tuple[ProjectFile, T]]:
        """Files with what a function finds in them, without those that cannot be read."""
        for file in files:
            try:
                yield file, disk.found_in(file.name, find, *given)
            except OSError:
                continue

    def holders(self, words: tuple[bytes, ...], *, own: bool = False, tests: bool = True) -> Iterator[ProjectFile]:
        """The files with one of some literal words.

        The project's `own` come first, and may be asked for alone, or all without `tests`: of many projects they are
        less than half.
        """
        yield from self._holding(words, own=True, tests=False)
        if not own:
            yield from self._holding(words, own=False, tests=tests)

    def _holding(self, words: tuple[bytes, ...], *, own: bool, tests: bool) -> Iterator[ProjectFile]:
        key = words, own, tests
        if key not in self._holders:
            asked, names = self._of(own=own, tests=tests)
            known = disk.known_holders((words, (*self._key, own, tests, len(names))))
            if known is None:
                yield from self._search(key)
                return
            holders = frozenset(known)
            self._holders[key] = tuple(file for file in asked if file.name in holders)
        yield from self._holders[key]

    def _search(self, key: _Key) -> Iterator[ProjectFile]:
        words, own, tests = key
        asked, names = self._of(own=own, tests=tests)
        parts = _by_common_part(words)
        holders: list[ProjectFile] = []
        count = 0
        try:
            for count, file in enumerate(asked, 1):  # noqa: B007 - how far it went is noted
                try:
                    data = disk.look(file.name)
                except OSError:
                    continue
                if any(part in data and any(word in data for word in sharing) for part, sharing in parts):
                    holders.append(file)
                    yield file
            self._holders[key] = tuple(holders)
        finally:  # also where nobody asks for more
            search = words, (*self._key, own, tests, count)
            disk.note_holders(search, names[:count], tuple(file.name for file in holders))

    def _of(self, *, own: bool, tests: bool) -> tuple[tuple[ProjectFile, ...], tuple[str, ...]]:
        """The files that are asked for, and their names."""
        if (own, tests) not in self._asked:
            files = tuple(file for file in self._files if file.is_own is own and (tests or not file.is_test))
            self._asked[own, tests] = files, tuple(file.name for file in files)
        return self._asked[own, tests]

    def read(self, files: Iterable[ProjectFile]) -> Iterator[tuple[ProjectFile, bytes]]:
        """Files with their bytes, without those that cannot be read."""
        for file in files:
            try:
                yield file, disk.read_present(file.name)
            except OSError:
                continue


def matches(data: bytes, pattern: bytes) -> bool:
    """Whether a pattern is found in a file."""
    return re.search(pattern, data) is not None


def groups(data: bytes, pattern: bytes) -> tuple[bytes, ...]:
    """What the first group of a pattern matches, wherever in a file."""
    return tuple(match[1] for match in re.finditer(pattern, data))


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
