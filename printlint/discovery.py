"""From the paths that a user names to the files that are read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

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


def find_files(paths: Iterable[Path], excluded: Callable[[Path], bool]) -> Iterator[Path]:
    """Python files below the paths, sorted folder by folder, each once.

    A file that is named itself is taken whatever its ending (but for stubs, `.pyi`, which hold no code that
    runs). Folders are walked without following links; what `.gitignore` and `excluded` name is left out. Raises
    `NoSuchPath`.
    """
    seen: set[Path] = set()
    for path in paths:
        if path.is_dir():
            found: Iterable[Path] = _walk(path)
        elif path.exists() or path.is_symlink():
            found = [path] if path.suffix != ".pyi" else []
        else:
            raise NoSuchPath(f"{path}: no such file or folder")
        for file in found:
            if file not in seen and not excluded(file):
                seen.add(file)
                yield file


def _walk(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    folders = []
    for entry in entries:
        path = folder / entry.name
        if entry.is_symlink():
            continue
        if entry.is_dir():
            if entry.name not in _SKIPPED_FOLDERS and not (path / "pyvenv.cfg").exists():
                folders.append(path)
        elif entry.name.endswith(".py") and not _is_ignored(path, is_folder=False):
            yield path
    for path in folders:
        if not _is_ignored(path, is_folder=True):
            yield from _walk(path)


def _is_ignored(path: Path, *, is_folder: bool) -> bool:
    """Whether `.gitignore` files from the path's folder up to the repository's root leave it out.

    The file nearest to the path decides first, as in gitignore(5).
    """
    absolute = path.absolute()
    for folder in absolute.parents:
        spec = _gitignore(folder)
        if spec is not None:
            relative = absolute.relative_to(folder).as_posix() + ("/" if is_folder else "")
            verdict = spec.check_file(relative).include
            if verdict is not None:
                return verdict
        if (folder / ".git").exists():
            break
    return False


@cache
def _gitignore(folder: Path) -> GitIgnoreSpec | None:
    try:
        text = (folder / ".gitignore").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(text.splitlines())


def shown(path: Path) -> Path:
    """A path as messages give it: from the folder that the user stands in, where it is below that."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
