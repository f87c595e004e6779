"""What command lines and console scripts start, as files of the tree."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from printlint.facts.reach.commands import Command
from printlint.facts.reach.import_roots import Found, ImportRoots, is_within


class Run(NamedTuple):
    """A file that something outside of the tree's code starts: by its path, or by a name that starts from `root`.

    `reason` says what starts it, with the file and the line: `uvicorn in Dockerfile:12`. `path` are the other folders
    on `sys.path` then. `installed`: a console script names it, so that the root is always on `sys.path`. `weak`: only a
    text for people says so, or another file may be meant. `is_module`: it is run by `-m`, so that its `__main__` guard
    is true. `entry` is the function that is called, empty where the file is loaded or run, and `host` calls it.
    """

    file: str
    reason: str
    root: str = ""
    installed: bool = False
    path: frozenset[str] = frozenset()
    weak: bool = False
    is_module: bool = False
    entry: str = ""
    host: str = ""


def command_runs(commands: Iterable[Command], roots: ImportRoots) -> Iterator[Run]:
    """What command lines start."""
    for command in commands:
        source = os.path.relpath(command.source, roots.top).replace(os.sep, "/")
        reason = f"{command.program} in {source}" + (f":{command.line}" if command.line else "")
        path = frozenset(command.path)
        if command.file:
            file, exact = _file(command, roots)
            root = roots.chain_root(file) if file and command.module else ""
            if file:
                yield Run(file, reason, root, path=path, weak=command.weak or not exact)
            continue
        for found in _found(command, roots):
            on_path = path | {command.folder or found.root}
            how = Run("", reason, found.root, path=on_path, weak=command.weak, is_module=command.is_module)
            how = how._replace(entry=command.entry, host=command.host)
            yield from (how._replace(file=file) for file in found.files[-1:])


def script_runs(folder: str, scripts: Iterable[str], roots: ImportRoots) -> Iterator[Run]:
    """What the console scripts (`module:function`) start that the metadata in a folder declares."""
    for script in scripts:
        module, _, entry = script.partition(":")
        for found in roots.find(os.path.join(folder, "pyproject.toml"), module):
            for file in found.files[-1:]:
                yield Run(file, "a console script", found.root, installed=True, entry=entry)


def _found(command: Command, roots: ImportRoots) -> tuple[Found, ...]:
    """The files of a command's module: below the folder that it runs in, else anywhere in the tree.

    Of a name like `tasks.WorkerSettings` the last part may be an attribute.
    """
    inner, _, _ = command.module.rpartition(".")
    names = [f"{command.module}.__main__"] * command.is_module + [command.module] + [inner] * (not command.is_module)
    for name in filter(None, names):
        for root in filter(None, (command.folder, *command.path)):
            found = roots.find_at(root, name)
            if found is not None and found.whole and (not found.package or name == command.module):
                return (found,)
    for name in filter(None, names):
        anywhere = tuple(
            found
            for found in roots.find(command.source, name)
            if found.whole and (not found.package or name == command.module)
        )
        if anywhere:
            return anywhere
    return ()


def _file(command: Command, roots: ImportRoots) -> tuple[str, bool]:
    """The file that a command line names, and whether that is certain.

    It is looked for from the folder that the command runs in, then from those around the command's file; else it is
    the only file of the tree whose path ends with the name. A folder is run by its `__main__.py`.
    """
    name = os.path.normpath(command.file)
    if not name.endswith(".py"):
        main = os.path.normpath(os.path.join(command.folder, name, "__main__.py")) if command.folder else ""
        return (main if main in roots.files else ""), True
    if (exact := os.path.normpath(os.path.join(command.folder, name))) in roots.files:
        return exact, True
    folder = os.path.dirname(command.source)
    while is_within(folder, roots.top):
        if os.path.join(folder, name) in roots.files:
            return os.path.join(folder, name), True
        folder = os.path.dirname(folder)
    parts = [part for part in name.split(os.sep) if part not in ("", "..")]
    for start in range(len(parts)):
        ending = os.sep + os.path.join(*parts[start:])
        found = [file for file in roots.files if file.endswith(ending)]
        if found:
            return (found[0] if len(found) == 1 else ""), False
    return "", False
