"""What has to be known of the files around a module, read lazily and once a run.

Only files that hold one of a few words are parsed; everything else costs a search through its bytes.
"""

from __future__ import annotations

import configparser
import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar, cast

from printlint.facts import disk
from printlint.facts.layout import Layout, is_stdlib, layout_of, project_root
from printlint.facts.module import Module
from printlint.facts.names import Exports, exports_of
from printlint.facts.setup_files import SETUP_MARKER
from printlint.source import Source, Unreadable, parse

T = TypeVar("T")

# More files than this are no one project; whoever runs printlint on one file of a home folder should not wait.
_MAX_FILES = 20_000
CONFIG_SUFFIXES = (".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf")
_SKIPPED_FOLDERS = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        ".tox",
        ".nox",
        ".venv",
        "venv",
        "node_modules",
        "__pycache__",
        "build",
        "dist",
        ".eggs",
        "site-packages",
    }
)
_CONFIGURES = re.compile(
    rb"basicConfig\(|dictConfig\(|fileConfig\(|^LOGGING\s*[:=]|\.addHandler\(|structlog\.configure"
    rb"|(?<!def )setup_logging\(|(?<!def )logging_config\("
    rb"|coloredlogs\.install|\[loggers\]",
    re.MULTILINE,
)
_APART = frozenset({"example", "examples", "docs", "doc", "benchmarks", "bench", "scripts", "tools", "samples"})
_STAR_IMPORT = re.compile(rb"^[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]+\*", re.MULTILINE)
_IMPORT = re.compile(rb"^[ \t]*(?:from|import)[ \t]+[^\n(#]*(?:\([^)]*\))?", re.MULTILINE)
_WORD = re.compile(rb"\w+")
_REDIRECTS = re.compile(
    rb"\bredirect_std(?:out|err)\b|\bsys\.std(?:out|err)[ \t]*=[^=]"
    rb"|\b\w+\.print[ \t]*=[^=]|setattr\([^)\n]*[\"']print[\"']"
)
_TEST_STEM = re.compile(r"^test_|_tests?$|^conftest$")
_QUEUE_HANDLER = re.compile(rb"QueueHandler|" + re.escape(SETUP_MARKER.encode()))
_POSITIONAL = re.compile(rb"PositionalArgumentsFormatter|render_to_log_args_and_kwargs|make_filtering_bound_logger")
_PATCHED_LOGGER = re.compile(rb"""patch(?:\.object|\.multiple)?\(\s*[^)\n]*\b_?log(?:ger|ging)?\b""", re.IGNORECASE)


class Project:
    """The files that belong together with a module. Without a `root` there is nothing to see, and nothing known."""

    def __init__(self, root: Path | None = None, *, marked: bool = False) -> None:
        self.root = root
        self.marked = marked
        self.neighbours: dict[frozenset[str], object] = {}
        self._modules: dict[Path, Module | None] = {}
        self._derived: dict[Callable[[Project], object], object] = {}

    @classmethod
    def of(cls, path: Path) -> Project:
        """The project of a file: below the nearest project file, else the folder that its package stands in."""
        layout = layout_of(path)
        root = project_root(path.absolute().parent)
        return _project(root, True) if root else _project(layout.import_root, False)

    def derived(self, fact: Callable[[Project], T]) -> T:
        """What a function finds out about the project, asked once a run."""
        if fact not in self._derived:
            self._derived[fact] = fact(self)
        return cast("T", self._derived[fact])

    @cached_property
    def python_files(self) -> tuple[Path, ...]:
        """The Python files below the root; only packages are entered where no project file marks the root."""
        return tuple(self._walk((".py",))) if self.root else ()

    @cached_property
    def config_files(self) -> tuple[Path, ...]:
        """The files below the root that could hold a logging configuration, by their suffix."""
        return tuple(self._walk(CONFIG_SUFFIXES)) if self.root else ()

    def _walk(self, suffixes: tuple[str, ...]) -> Iterator[Path]:
        assert self.root is not None
        folders, count = [self.root], 0
        while folders:
            folder = folders.pop()
            try:
                entries = sorted(folder.iterdir())
            except OSError:
                continue
            for entry in entries:
                if entry.suffix in suffixes and entry.is_file():
                    count += 1
                    if count > _MAX_FILES:
                        return
                    yield entry
                elif entry.is_dir() and not entry.is_symlink() and self._enters(entry):
                    folders.append(entry)

    def _enters(self, folder: Path) -> bool:
        if folder.name in _SKIPPED_FOLDERS or folder.name.startswith("."):
            return False
        return self.marked or (folder / "__init__.py").is_file()

    @cached_property
    def contents(self) -> dict[Path, bytes]:
        """The Python files that can be read, with their bytes."""
        contents = {}
        for path in self.python_files:
            try:
                contents[path] = path.read_bytes()
            except OSError:
                continue
        return contents

    @cached_property
    def configures_logging(self) -> bool:
        """Whether any file of the project sets up a handler. A set-up module that nobody calls does not."""
        return any(_CONFIGURES.search(data) for data in self.contents.values() if SETUP_MARKER.encode() not in data)

    def module(self, path: Path) -> Module | None:
        """A file of the project parsed, once a run; None where it cannot be."""
        if path not in self._modules:
            self._modules[path] = read_module(path)
        return self._modules[path]

    def sources(self) -> Iterator[tuple[Path, bytes]]:
        """The Python files of the project, tests apart, with their bytes."""
        return ((path, data) for path, data in self.contents.items() if not self._is_test(path))

    def own_sources(self) -> Iterator[tuple[Path, bytes]]:
        """The sources without what only shows the project or looks after it."""
        for path, data in self.sources():
            assert self.root is not None
            if _APART.isdisjoint(path.relative_to(self.root).parts[:-1]) and path.stem not in ("setup", "noxfile"):
                yield path, data

    @cached_property
    def has_queue_handler(self) -> bool:
        """Whether any file of the project uses a `QueueHandler`, so that logging calls do not block."""
        return any(_QUEUE_HANDLER.search(data) for data in self.contents.values())

    def declares(self, package: str) -> bool:
        """Whether a file that lists the project's dependencies has a package among them: quoted, or first on a line."""
        name = re.escape(package)
        return re.search(rf"""(?m)(?:^|["'])[ \t]*{name}[ \t]*(?:[\[<>=!~;,"'#]|$)""", self._dependencies) is not None

    @cached_property
    def _dependencies(self) -> str:
        if self.root is None:
            return ""
        names = ("pyproject.toml", "setup.cfg", "setup.py", "Pipfile")
        files = [*(self.root / name for name in names), *sorted(self.root.glob("*requirements*.txt"))]
        texts = []
        for path in files:
            with suppress(OSError):
                texts.append(path.read_text(encoding="utf-8", errors="replace"))
        return "\n".join(texts)

    @cached_property
    def configures_structlog(self) -> bool:
        """Whether the project configures structlog by itself, and not by a set-up module."""
        marker = SETUP_MARKER.encode()
        return any(b"structlog.configure" in data and marker not in data for data in self.contents.values())

    @cached_property
    def formats_structlog_arguments(self) -> bool:
        """Whether structlog's loggers, as the project configures them, put positional arguments into the text."""
        marker = SETUP_MARKER.encode()
        own = [data for data in self.contents.values() if b"structlog.configure" in data and marker not in data]
        return all(b"wrapper_class" not in data or _POSITIONAL.search(data) for data in own)

    @cached_property
    def patches_loggers(self) -> bool:
        """Whether tests put something else in a logger's place; awaiting a mock's call would fail."""
        return any(_PATCHED_LOGGER.search(data) for data in self.contents.values())

    @cached_property
    def redirects_output(self) -> str:
        """The name of a file, tests apart, that puts something else in the place of standard output or of print."""
        for path, data in self.contents.items():
            if _REDIRECTS.search(data) and not self._is_test(path):
                return path.name
        return ""

    def _is_test(self, path: Path) -> bool:
        assert self.root is not None
        folders = path.relative_to(self.root).parts[:-1]
        return bool(_TEST_STEM.search(path.stem)) or "test" in folders or "tests" in folders

    @cached_property
    def entry_points(self) -> frozenset[str]:
        """`module:function` of the console scripts that the project declares."""
        return frozenset(_entry_points(self.root)) if self.root else frozenset()

    def star_imported(self, layout: Layout | None) -> bool:
        """Whether another file of the project imports `*` from a module."""
        if layout is None:
            return False
        stem = layout.module.rpartition(".")[2].encode()
        return any(
            match[1].rpartition(b".")[2] == stem
            or (layout.path.stem == "__init__" and match[1].strip(b".") in (b"", stem))
            for path, data in self.contents.items()
            if path != layout.path and b"*" in data
            for match in _STAR_IMPORT.finditer(data)
        )

    def importer_of(self, layout: Layout | None, name: str) -> str:
        """The name of another file that imports `name` from a module; empty where none does."""
        if layout is None:
            return ""
        stem = re.escape(layout.module.rpartition(".")[2].encode())
        pattern = re.compile(rb"from[ \t]+[.\w]*\b" + stem + rb"[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)")
        wanted = re.compile(rb"\b" + re.escape(name.encode()) + rb"\b")
        for path, data in self.contents.items():
            if path != layout.path and any(wanted.search(match[1]) for match in pattern.finditer(data)):
                return path.name
        return ""

    def importers(self, path: Path) -> list[tuple[Path, bytes]]:
        """The files, tests apart, with an import statement that names a module as `path` is called, and their bytes."""
        name = (path.parent if path.stem == "__init__" else path).stem.encode()
        return [(file, self.contents[file]) for file in self._files_by_import.get(name, ())]

    def users(self, path: Path, name: str) -> list[tuple[Path, bytes]]:
        """The other files that import a module and hold a name, through an `__init__.py` that hands the name on."""
        named = re.compile(rb"\b%s\b" % re.escape(name.encode()))
        users = [user for user in self.importers(path) if user[0] != path and named.search(user[1])]
        package = path.with_name("__init__.py")
        if any(file == package for file, _ in users):
            users = [user for user in users if user[0] != package]
            seen = {file for file, _ in users} | {package, path}
            users += [user for user in self.importers(package) if user[0] not in seen and named.search(user[1])]
        return users

    @cached_property
    def _files_by_import(self) -> dict[bytes, list[Path]]:
        found: dict[bytes, list[Path]] = {}
        for path, data in self.sources():
            for word in {word for match in _IMPORT.finditer(data) for word in _WORD.findall(match[0])}:
                found.setdefault(word, []).append(path)
        return found

    def exports(self, layout: Layout, dotted: str) -> frozenset[str] | None:
        """What `from dotted import *` brings, or None for a module outside of the project."""
        return _star_names(layout, dotted)


_projects: dict[tuple[Path, bool], Project] = {}


def _project(root: Path, marked: bool) -> Project:
    key = root, marked
    if key not in _projects:
        _projects[key] = Project(root, marked=marked)
    return _projects[key]


def forget_projects() -> None:
    """Read everything anew: files may have changed since."""
    _projects.clear()
    _star_names.cache_clear()
    _module_exports.cache_clear()
    layout_of.cache_clear()
    project_root.cache_clear()
    disk.forget_decisions()


def forget_neighbours() -> None:
    """Read anew what names of other files lead to, after `disk.decide`; all else that is known stays."""
    for project in _projects.values():
        project.neighbours.clear()


def read_module(path: Path) -> Module | None:
    """A file of the project parsed, or None where it cannot be."""
    try:
        source = Source.decode(str(path), path.read_bytes())
        return Module(source, parse(source), layout_of(path))
    except (OSError, Unreadable):
        return None


@lru_cache(maxsize=4096)
def _star_names(layout: Layout, dotted: str) -> frozenset[str] | None:
    """The names that a star import brings, through further star imports; None where one of them is out of sight."""
    names: set[str] = set()
    seen: set[str] = set()
    waiting = [dotted]
    while waiting:
        name = waiting.pop()
        if name in seen or is_stdlib(name):
            continue
        seen.add(name)
        path = layout.find(name)
        exports = _module_exports(path) if path is not None else None
        if exports is None:
            return None
        names |= exports.names
        waiting += exports.stars
    return frozenset(names)


@lru_cache(maxsize=4096)
def _module_exports(path: Path) -> Exports | None:
    module = read_module(path)
    if module is None or module.layout is None:
        return None
    return exports_of(module.tree, module.layout.package)


def _entry_points(root: Path) -> Iterator[str]:
    try:
        document = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        document = {}
    tables = [document.get("project", {}), document.get("tool", {}).get("poetry", {})]
    for table in tables:
        for kind in ("scripts", "gui-scripts"):
            scripts = table.get(kind, {}) if isinstance(table, dict) else {}
            yield from (str(value).replace(" ", "") for value in scripts.values())
    parser = configparser.ConfigParser()
    try:
        parser.read(root / "setup.cfg", encoding="utf-8")
        kinds = ("console_scripts", "gui_scripts")
        listed = "\n".join(parser.get("options.entry_points", kind, fallback="") for kind in kinds)
    except (configparser.Error, UnicodeDecodeError):
        listed = ""
    with suppress(OSError, UnicodeDecodeError):
        listed += "\n" + (root / "setup.py").read_text(encoding="utf-8")
    yield from (match[1] for match in re.finditer(r"=\s*([\w.]+:\w+)", listed))
