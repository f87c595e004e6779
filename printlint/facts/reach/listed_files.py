"""Files that a package or an image takes by their names: a module that is new beside them would not be there."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from contextlib import suppress

from printlint.facts.reach.command_files import dockerfiles
from printlint.facts.reach.containers import copied_sources
from printlint.facts.reach.import_roots import is_within
from printlint.reading import disk
from printlint.reading.documents import dig, read_ini, read_toml
from printlint.run import once_a_run


@once_a_run(most=64)
def listed_by_name(folder: str, top: str) -> str:
    """What takes files of a folder by their names, and not the folder: `Dockerfile:3`; empty where nothing does."""
    if not disk.exists(folder) or disk.exists(os.path.join(folder, "__init__.py")):
        return ""
    files = sorted(entry.path for entry in disk.entries(folder) if entry.name.endswith(".py"))
    if not _modules(folder).isdisjoint(os.path.basename(file)[:-3] for file in files):
        return "`py_modules`"
    for image in dockerfiles(top):
        if line := _copies(image, files, top):
            return f"`{os.path.relpath(image, top)}:{line}`"
    return ""


def _copies(image: str, files: list[str], top: str) -> int:
    """The line of an image's file that copies one of some files by its name, where none copies their folder; else 0."""
    with suppress(OSError):
        sources = list(copied_sources(image, disk.read_present(image).decode("utf-8", "replace"), top))
        for file in files:
            if not any("*" in source or (source != file and is_within(file, source)) for _, source in sources):
                if line := next((line for line, source in sources if source == file), 0):
                    return line
    return 0


def _modules(folder: str) -> frozenset[str]:
    """The modules without a package that the metadata in a folder names."""
    found: set[str] = set()
    for name, read in _READERS.items():
        with suppress(OSError, ValueError, SyntaxError):
            found.update(read(disk.read_present(os.path.join(folder, name)).decode("utf-8", "replace")))
    return frozenset(found)


def _pyproject(text: str) -> Iterator[str]:
    named = dig(read_toml(text), "tool", "setuptools", "py-modules")
    yield from (item for item in named if isinstance(item, str)) if isinstance(named, list) else ()


def _setup_cfg(text: str) -> list[str]:
    return read_ini(text, strict=False).get("options", "py_modules", fallback="").replace(",", " ").split()


def _setup_py(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)) if "py_modules" in text else ():
        if isinstance(node, ast.keyword) and node.arg == "py_modules":
            named = (item.value for item in ast.walk(node) if isinstance(item, ast.Constant))
            yield from (item for item in named if isinstance(item, str))


_READERS = {"pyproject.toml": _pyproject, "setup.cfg": _setup_cfg, "setup.py": _setup_py}
