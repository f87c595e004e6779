"""From the paths that a user names to the files that are read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, overload

from printlint import disk

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

# Folders of tools, of other people's code and of build results.
_SKIPPED_FOLDERS = frozenset(
    {
        ".bzr",
        ".direnv",
        ".eggs",
        ".git",
        ".hg",
        ".mypy_cache",
        ".nox",
        ".pytest_cache",
        ".ruff_cache",
        ".svn",
        ".tox",
        ".venv",
        "__pycache__",
        "__pypackages__",
        "node_modules",
        "site-packages",
        "venv",
    }
)


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
    """The names of Python files below the paths, sorted folder by folder, each once.

    A file that is named itself is taken whatever its ending (but for stubs, `.pyi`, which hold no code that
    runs). Folders are walked without following links; what `.gitignore` and `excluded` name is left out. Raises
    `NoSuchPath`.
    """
    seen: set[str] = set()
    for path in paths:
        if path.is_dir():
            found: Iterable[str] = _walk(path)
        elif path.exists() or path.is_symlink():
            found = [str(path)] if path.suffix != ".pyi" else []
        else:
            raise NoSuchPath(f"{path}: no such file or folder")
        for name in found:
            if name not in seen and not excluded(name):
                seen.add(name)
                yield name


def _walk(folder: Path) -> Iterator[str]:
    absolute = folder.absolute()
    above: _Specs = ()
    if not disk.exists(absolute / ".git"):
        for parent in absolute.parents:
            above += _own_specs(str(parent))
            if disk.exists(parent / ".git"):
                break
    return _python_files("" if folder == Path() else str(folder), str(absolute), above)


# The `.gitignore` files that count in a folder, the nearest first, each with its own folder: that decides first, as in
# gitignore(5).
_Specs: TypeAlias = "tuple[tuple[str, GitIgnoreSpec], ...]"


def _python_files(folder: str, absolute: str, above: _Specs) -> Iterator[str]:
    """The names of files in a folder and below; an empty one is where the process stands."""
    try:
        entries = disk.entries(folder or os.curdir)
    except OSError:
        return
    names = {entry.name for entry in entries}
    specs = (*(_own_specs(absolute) if ".gitignore" in names else ()), *(() if ".git" in names else above))
    folders = []
    for entry in entries:
        name = entry.name
        if name.endswith(".py"):
            if entry.is_file(follow_symlinks=False) and not _is_ignored(f"{absolute}/{name}", specs):
                yield os.path.join(folder, name)
                continue
        if entry.is_dir(follow_symlinks=False) and name not in _SKIPPED_FOLDERS:
            if not disk.exists(f"{entry.path}/pyvenv.cfg") and not _is_ignored(f"{absolute}/{name}/", specs):
                folders.append(name)
    for name in folders:
        yield from _python_files(os.path.join(folder, name), f"{absolute}/{name}", specs)


def _is_ignored(path: str, specs: _Specs) -> bool:
    """Whether a `.gitignore` leaves a path out, which ends in a slash where it is a folder's."""
    for folder, spec in specs:
        verdict = spec.check_file(path[len(folder.rstrip("/")) + 1 :]).include
        if verdict is not None:
            return verdict
    return False


def _own_specs(folder: str) -> _Specs:
    try:
        text = disk.read_present(f"{folder}/.gitignore").decode("utf-8", "replace")
    except OSError:
        return ()
    from pathspec import GitIgnoreSpec

    return ((folder, GitIgnoreSpec.from_lines(text.splitlines())),)


def shown(path: Path) -> Path:
    """A path as messages give it: from the folder that the user stands in, where it is below that."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
