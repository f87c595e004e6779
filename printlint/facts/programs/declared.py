"""The entry points that the metadata of packages declares for other programs than the command line."""

from __future__ import annotations

import os
from collections.abc import Iterator

from printlint.facts.project.console_scripts import SCRIPTS, entry_points
from printlint.facts.reach.tree import Tree


def declared_plug_ins(tree: Tree) -> Iterator[tuple[str, str, str]]:
    """The group, the value (`module:attribute`) and the file of each entry point of the packages in a tree."""
    folders = {str(tree.root), *map(os.path.dirname, tree.reach.readings)}
    folders |= {os.path.dirname(folder) for folder in folders - {str(tree.root)}}
    for folder in sorted(folders):
        for group, value in entry_points(folder):
            if group not in SCRIPTS:
                for found in tree.reach.roots.find(os.path.join(folder, "pyproject.toml"), value.partition(":")[0]):
                    yield from ((group, value, file) for file in found.files[-1:])
