"""The entry points that the metadata of packages declares for other programs than the command line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress

from printlint.facts.reach.tree import Tree
from printlint.reading import disk
from printlint.reading.documents import read_ini, read_toml

_SCRIPTS = frozenset({"console_scripts", "gui_scripts"})
_SECTION = "options.entry_points"


def declared_plug_ins(tree: Tree) -> Iterator[tuple[str, str, str]]:
    """The group, the value (`module:attribute`) and the file of each entry point of the packages in a tree."""
    folders = {str(tree.root), *map(os.path.dirname, tree.reach.readings)}
    folders |= {os.path.dirname(folder) for folder in folders - {str(tree.root)}}
    for folder in sorted(folders):
        for group, value in (*_in_pyproject(folder), *_in_setup_cfg(folder)):
            dotted = value.partition(":")[0].partition("[")[0].strip()
            for found in tree.reach.roots.find(os.path.join(folder, "pyproject.toml"), dotted):
                yield from ((group, value, file) for file in found.files[-1:])


def _in_pyproject(folder: str) -> Iterator[tuple[str, str]]:
    document: object = {}
    with suppress(OSError, ValueError):
        text = disk.read_present(os.path.join(folder, "pyproject.toml")).decode()
        if "entry-points" in text or "poetry.plugins" in text:
            document = read_toml(text)
    project, poetry = _table(document, "project"), _table(_table(document, "tool"), "poetry")
    for table in (_table(project, "entry-points"), _table(poetry, "plugins")):
        for group in table:
            if group not in _SCRIPTS:
                yield from ((group, value) for value in _table(table, group).values() if isinstance(value, str))


def _in_setup_cfg(folder: str) -> Iterator[tuple[str, str]]:
    with suppress(OSError, ValueError):
        text = disk.read_present(os.path.join(folder, "setup.cfg")).decode()
        parser = read_ini(text) if "entry_points" in text else None
        if parser is not None and parser.has_section(_SECTION):
            for group in set(parser.options(_SECTION)) - _SCRIPTS:
                lines = parser.get(_SECTION, group, fallback="").splitlines()
                yield from ((group, line.partition("=")[2].strip()) for line in lines if "=" in line)


def _table(value: object, key: str) -> dict[str, object]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}
