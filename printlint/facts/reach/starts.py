"""What command lines and console scripts start, as files of the tree."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from printlint.facts.reach.commands import Command
from printlint.facts.reach.import_roots import ImportRoots


class Run(NamedTuple):
    """A file that something outside of the tree's code starts: by its path, or by a name that starts from `root`.

    `installed`: the name is a console script's, so that the root is on `sys.path` however Python is started.
    """

    file: str
    reason: str
    root: str = ""
    installed: bool = False


def command_runs(commands: Iterable[Command], roots: ImportRoots) -> Iterator[Run]:
    """What command lines start."""
    for command in commands:
        reason = f"a command in {os.path.basename(command.source)}"
        if command.file:
            if file := _file(command, roots):
                yield Run(file, reason)
            continue
        package = roots.find(command.source, f"{command.module}.__main__") if command.is_module else ()
        whole = tuple(found for found in package if found.whole)
        for found in whole or roots.find(command.source, command.module):
            yield from (Run(file, reason, found.root) for file in found.files[-1:])


def script_runs(folder: str, scripts: Iterable[str], roots: ImportRoots) -> Iterator[Run]:
    """What the console scripts (`module:function`) start that the metadata in a folder declares."""
    for script in scripts:
        for found in roots.find(os.path.join(folder, "pyproject.toml"), script.partition(":")[0]):
            for file in found.files[-1:]:
                yield Run(file, "a console script", found.root, installed=True)


def _file(command: Command, roots: ImportRoots) -> str:
    """The file that a command line names: from a folder around it, or the one file whose path ends so."""
    name = os.path.normpath(command.file)
    folder = os.path.dirname(command.source)
    while len(folder) >= len(roots.top):
        if os.path.join(folder, name) in roots.files:
            return os.path.join(folder, name)
        folder = os.path.dirname(folder)
    parts = [part for part in name.split(os.sep) if part not in ("", "..")]
    for start in range(len(parts)):
        ending = os.sep + os.path.join(*parts[start:])
        found = [file for file in roots.files if file.endswith(ending)]
        if found:
            return found[0] if len(found) == 1 else ""
    return ""
