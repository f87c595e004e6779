"""The tree of files that may import one another, and how each is reached; found once a run."""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from pathlib import Path

from printlint.facts.project.console_scripts import declared_scripts
from printlint.facts.project.project import Project
from printlint.facts.reach.command_files import commands_below, commands_told
from printlint.facts.reach.declared import declared_roots
from printlint.facts.reach.import_roots import ImportRoots, is_below
from printlint.facts.reach.reading import Reading, read_tree
from printlint.facts.reach.starts import Run, command_runs, script_runs
from printlint.facts.reach.ways import Reach
from printlint.names.layout import Layout, project_root
from printlint.partial.kept_trees import parsed
from printlint.reading import disk
from printlint.run import once_a_run
from printlint.source import Source, Unreadable, parse, uncollected

_VERSION_CONTROL = (".git", ".hg")
_PROJECT_FILES = ("pyproject.toml", "setup.cfg", "setup.py")
_METADATA = {"pyproject.toml": rb"(?m)^\[(?:project|tool\.poetry)\]", "setup.cfg": rb"(?m)^\[metadata\]"}
# What a repository's own folder holds where its history is not there: in an archive, in an image that is built.
_REPOSITORY_FILES = (".gitignore", ".gitattributes", ".github", ".gitlab-ci.yml", ".hgignore", ".circleci")
_MOST_LOOSE_ENTRIES = 20_000  # a folder with more of them, and no sign of a project, is a collection of many
_MOST_INCLUDED = 50  # each is a new search for all ways
# What programs are started beside.
_PROGRAM_FILES = (
    *("requirements.txt", "Pipfile", "Dockerfile", "Procfile", "manage.py", "docker-compose.yml", "compose.yaml"),
    *("poetry.lock", "uv.lock", "fly.toml", "serverless.yml", "environment.yml", "runtime.txt"),
)


@once_a_run(most=1024)
def tree_root(layout: Layout) -> Path:
    """The folder below which all files are that may import a file: the repository, the project, or as far up as
    folders hold Python files."""
    start = layout.import_root
    bounds = {Path.home(), *Path.home().parents}
    for folder in (start, *start.parents):
        if folder not in bounds and any(disk.exists(folder / name) for name in _VERSION_CONTROL):
            return folder
    root, outer = _unpacked_repository(start, bounds), project_root(layout.path.parent)
    while outer is not None and outer not in bounds:  # a part of a project may have project files of its own
        root, outer = outer if root is None or root.is_relative_to(outer) else root, project_root(outer.parent)
    if root is not None:
        return root
    while start.parent not in bounds and _holds_programs(start.parent) and _is_one_persons(start.parent):
        start = start.parent
    here = Path.cwd()  # a folder in which printlint is run counts as a project, even without any sign of one
    return here if here not in bounds and start.is_relative_to(here) and _is_one_persons(here) else start


def _unpacked_repository(start: Path, bounds: set[Path]) -> Path | None:
    """The outermost folder that looks like a repository without its history, if there is one."""
    for folder in reversed((start, *start.parents)):
        if folder not in bounds and any(disk.exists(folder / name) for name in _REPOSITORY_FILES):
            return folder if _is_one_persons(folder) else None
    return None


def _is_one_persons(folder: Path) -> bool:
    """Whether a folder without a sign of a project may be one: not `/tmp`, where all may write, nor a collection."""
    try:
        if os.stat(folder).st_mode & stat.S_IWOTH:
            return False
    except OSError:
        return False
    waiting, seen = [str(folder)], 0
    while waiting:
        with suppress(OSError):
            entries = disk.entries(waiting.pop())
            seen += len(entries)
            waiting += [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
        if seen > _MOST_LOOSE_ENTRIES:
            return False
    return True


def _holds_programs(folder: Path) -> bool:
    try:
        return any(entry.name.endswith(".py") or entry.name in _PROGRAM_FILES for entry in disk.entries(str(folder)))
    except OSError:
        return False


class Tree:
    """The files below one folder, read for how they are reached."""

    def __init__(self, project: Project) -> None:
        assert project.root is not None
        self.root = project.root
        self.files = {str(file.path): file for file in project.files}
        with uncollected():
            self._read = {name: _read(name) for name in self.files}
        self._commands = commands_below(self.root)
        self._distributions: dict[str, str] = {}
        self.reach = self._find_reach()

    def include(self, path: Path, text: str) -> bool:
        """Add a file that is not on disk, or not where the tree looks. Whether there was need to."""
        if str(path) in self._read or len(self._read) >= len(self.files) + _MOST_INCLUDED:
            return False
        self._read[str(path)] = _read_text(str(path), text)
        self.reach = self._find_reach()
        return True

    def is_test(self, file: str) -> bool:
        """Whether a file of the tree is a test."""
        known = self.files.get(file)
        return known is not None and known.is_test

    def shown(self, path: str) -> str:
        """A path as messages give it: from the root."""
        return Path(os.path.relpath(path, self.root)).as_posix()

    def is_distributed(self, root: str) -> bool:
        """Whether what is below an import root is built and installed, by the packages that it has."""
        for folder in (root, os.path.dirname(root)):
            if disk.is_file(os.path.join(folder, "setup.py")):
                return True
            with suppress(OSError):
                if b"[build-system]" in disk.read_present(os.path.join(folder, "pyproject.toml")):
                    return True
        return False

    def distribution(self, folder: str) -> str:
        """The folder of the distribution that a folder is in, by its metadata; the root, where none is below it."""
        if folder not in self._distributions:
            is_inner = is_below(folder, str(self.root))
            above = self.distribution(os.path.dirname(folder)) if is_inner else str(self.root)
            self._distributions[folder] = folder if is_inner and _is_distribution(folder) else above
        return self._distributions[folder]

    def are_one_distribution(self, one: Path, other: Path) -> bool:
        """Whether two files are installed together."""
        return self.distribution(str(one.parent)) == self.distribution(str(other.parent))

    def _find_reach(self) -> Reach:
        roots = ImportRoots(str(self.root), frozenset(self._read))
        told = (command for name, reading in self._read.items() for command in commands_told(name, reading.usage))
        runs = [*command_runs([*self._commands, *told], roots), *self._console_scripts(roots)]
        declared = declared_roots(str(self.root), set(map(os.path.dirname, self._read)))
        return Reach(roots, self._read, runs, self._is_start_folder, declared, self.is_test)

    def _console_scripts(self, roots: ImportRoots) -> list[Run]:
        folders = {os.path.dirname(name) for name in self._read} | {str(self.root)}
        above = {os.path.dirname(folder) for folder in folders} | folders
        declaring = [
            folder
            for folder in sorted(above)
            if any(disk.is_file(os.path.join(folder, name)) for name in _PROJECT_FILES)
        ]
        return [
            run
            for folder in declaring
            if Path(folder).is_relative_to(self.root)
            for run in script_runs(folder, declared_scripts(Path(folder)), roots)
        ]

    def _is_start_folder(self, folder: str) -> bool:
        names = (*_PROJECT_FILES, *_PROGRAM_FILES, *_VERSION_CONTROL)
        return folder == str(self.root) or any(disk.exists(os.path.join(folder, name)) for name in names)


def _is_distribution(folder: str) -> bool:
    """Whether a folder has the metadata of something that is installed by a name."""
    if disk.is_file(os.path.join(folder, "setup.py")):
        return True
    for name, table in _METADATA.items():
        with suppress(OSError):
            if re.search(table, disk.read_present(os.path.join(folder, name))):
                return True
    return False


def _read(name: str) -> Reading:
    try:
        source = Source.decode(name, disk.read_present(name))
        return read_tree(parsed(name, source), name, source.text)
    except (OSError, Unreadable):
        return Reading()


def _read_text(name: str, text: str) -> Reading:
    try:
        return read_tree(parse(Source(name, text)), name, text)
    except Unreadable:
        return Reading()
