"""From the paths that a user names to the files that are read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import overload

from printlint.process.notices import note
from printlint.process.printable import printable
from printlint.reading import disk
from printlint.reading.gitignore import Rules, is_ignored, rules_of

VERSION_CONTROL = frozenset({".bzr", ".git", ".hg", ".jj", ".svn"})
# Folders of tools, of other people's code and of build results.
SKIPPED_FOLDERS = VERSION_CONTROL | {
    *(".direnv", ".eggs", ".mypy_cache", ".nox", ".pytest_cache", ".ruff_cache", ".tox", ".venv", "__pycache__"),
    *("__pypackages__", "node_modules", "site-packages", "venv"),
}


class NoSuchPath(Exception):
    """A path that a user named and that is not there."""


class Files(Sequence[Path]):
    """Many files by their names. No path is kept: one takes four times the memory, and as long as reading a file."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = list(names)

    def __len__(self) -> int:
        return len(self.names)

    @overload
    def __getitem__(self, index: int) -> Path: ...

    @overload
    def __getitem__(self, index: slice) -> Files: ...

    def __getitem__(self, index: int | slice) -> Path | Files:
        if isinstance(index, int):
            return Path(self.names[index])
        return Files(self.names[index])


def find_files(paths: Iterable[Path], excluded: Callable[[str], bool]) -> Iterator[str]:
    """The names of Python files below the paths, sorted folder by folder, each file once, by its first name.

    A file that is named itself is taken whatever its ending (but for stubs, `.pyi`, which hold no code that
    runs). Folders are walked without following links; what `.gitignore` and `excluded` name is left out. Raises
    `NoSuchPath`.
    """
    seen: set[str] = set()
    paths = list(paths)
    for path in paths:
        if os.path.isdir(path):
            found: Iterable[str] = _walk(path)
        elif os.path.lexists(path):
            found = [str(path)] if path.suffix != ".pyi" else []
        else:
            raise NoSuchPath(f"{path}: no such file or folder")
        for name in found:
            place = os.path.abspath(name) if len(paths) > 1 else name
            if place not in seen and not excluded(name):
                seen.add(place)
                yield name


def _walk(folder: Path) -> Iterator[str]:
    absolute = folder.absolute()
    above: Rules = ()
    if not disk.exists(absolute / ".git"):
        for parent in absolute.parents:
            above += rules_of(str(parent))
            if disk.exists(parent / ".git"):
                break
    return _python_files("" if folder == Path() else str(folder), str(absolute), above)


def _python_files(folder: str, absolute: str, above: Rules) -> Iterator[str]:
    """The names of files in a folder and below; an empty name is the current folder."""
    waiting = [(folder, absolute, above)]
    while waiting:
        folder, absolute, above = waiting.pop()
        try:
            entries = disk.entries(folder or os.curdir)
        except OSError as error:
            note(folder or os.curdir, f"skipped: {error.strerror or error}")
            continue
        names = {entry.name for entry in entries}
        rules = (*(rules_of(absolute) if ".gitignore" in names else ()), *(() if ".git" in names else above))
        folders = []
        for entry in entries:
            name = entry.name
            if name.endswith(".py"):
                if entry.is_file(follow_symlinks=False) and not is_ignored(f"{absolute}/{name}", rules):
                    yield os.path.join(folder, name)
                    continue
            if entry.is_dir(follow_symlinks=False) and name not in SKIPPED_FOLDERS:
                if not disk.exists(f"{entry.path}/pyvenv.cfg") and not is_ignored(f"{absolute}/{name}/", rules):
                    folders.append((os.path.join(folder, name), f"{absolute}/{name}", rules))
        waiting += reversed(folders)


def named(path: Path) -> str:
    """A path in a message: `shown`, and printable."""
    return printable(str(shown(path)))


def shown(path: Path) -> Path:
    """A path as messages give it: relative to the current folder, if it is below that."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
