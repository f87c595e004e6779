"""What has to be known of the files around a module, read lazily and once a run.

Only files that hold one of a few words are parsed; everything else costs a search through its bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TypeVar, cast

from printlint.facts.module import Module
from printlint.facts.project.console_scripts import declared_scripts, script_modules
from printlint.facts.project.setup_files import SETUP_MARKER
from printlint.facts.project.word_index import ProjectFile, Survey, as_bytes, groups, matches, walk
from printlint.names.layout import Layout, is_stdlib, layout_of, project_root
from printlint.names.qualified import Exports, exports_of
from printlint.partial.kept_trees import tree_of
from printlint.partial.recent import Recent
from printlint.reading import disk
from printlint.run import current, once_a_run
from printlint.source import Source, Unreadable

T = TypeVar("T")

CONFIG_SUFFIXES = (".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf")
_CONFIGURES = (
    rb"(?m)basicConfig\(|dictConfig\(|fileConfig\(|^LOGGING\s*[:=]|\.addHandler\(|structlog\.configure"
    rb"|(?<!def )setup_logging\(|(?<!def )logging_config\("
    rb"|coloredlogs\.install|\[loggers\]"
)
# What facts about the logging set-up start from, in one tuple: the files are gone through once for all of them.
SETUP_WORDS = (
    *(b"oggerClass", b"LOGGING", b"addHandler", b"setLevel", b"propagate", b"structlog", b"setup_logging"),
    *(b"logging_config", b"coloredlogs", b"[loggers]", b"QueueHandler", b"fileConfig", b"dictConfig", b"basicConfig"),
    SETUP_MARKER.encode(),
)
# Code that replaces streams, print or loggers.
STAND_INS = (b"redirect_std", b"sys.std", b".print", b"setattr(", b"patch", b"spy(", b"Mock(")
_STAR_IMPORT = rb"(?m)^[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]+\*"
_IMPORT = rb"\n[ \t]*(?:from|import)[ \t]+[^\n(#]*(?:\([^)]*+\)?)?"
_WORD = rb"\w+"
_ASKED = rb"""getLogger\(\s*["']([^"'\n]*)["']\s*\)(?!\s*\.(?:setLevel|addHandler|addFilter|propagate|disabled)\b)"""
_QUEUE_HANDLER = rb"QueueHandler|" + re.escape(SETUP_MARKER.encode())
_LOGGER_CLASS = rb"setLoggerClass\(|\.loggerClass[ \t]*=[^=]"


class Project:
    """The files that belong together with a module. Without a `root` there is nothing to see, and nothing known."""

    def __init__(self, root: Path | None = None, *, marked: bool = False) -> None:
        self.root = root
        self.marked = marked
        self._derived: dict[Callable[[Project], object], object] = {}

    @classmethod
    def of(cls, layout: Layout) -> Project:
        """The project of a file: below the nearest project file, else the folder that its package is in."""
        root = project_root(layout.path.parent)
        projects = current().part(_Projects)
        return projects.at(root, marked=True) if root else projects.at(layout.import_root, marked=False)

    @classmethod
    def at(cls, root: Path) -> Project:
        """All files below a folder as one project."""
        return current().part(_Projects).at(root, marked=True)

    def derived(self, fact: Callable[[Project], T]) -> T:
        """What a function finds out about the project, asked once a run."""
        if fact not in self._derived:
            self._derived[fact] = fact(self)
        return cast("T", self._derived[fact])

    @cached_property
    def files(self) -> tuple[ProjectFile, ...]:
        """The Python files below the root; only packages are entered where no project file marks the root."""
        if self.root is None:
            return ()
        found = walk(self.root, (".py",), packages_only=not self.marked)
        return tuple(ProjectFile.below(str(self.root), name) for name in found)

    def file(self, path: Path) -> ProjectFile:
        """What a file of the project is there for, by where it is and what it is called."""
        return ProjectFile.below(str(self.root or ""), str(path.absolute() if self.root else path))

    @cached_property
    def config_files(self) -> tuple[Path, ...]:
        """The files below the root that could hold a logging configuration, by their suffix."""
        return tuple(map(Path, walk(self.root, CONFIG_SUFFIXES, packages_only=not self.marked))) if self.root else ()

    @cached_property
    def survey(self) -> Survey:
        """The files by the words that they hold."""
        return Survey(self.files, str(self.root), self.marked)

    @cached_property
    def configures_logging(self) -> bool:
        """Whether any file of the project sets up a handler. A set-up module that nobody calls does not."""
        return any(found for _, found in self.survey.found(SETUP_WORDS, _configures))

    def module(self, path: Path, *, whole: bool = True) -> Module | None:
        """A file of the project; None where it cannot be parsed. Where it need not be `whole`, that may come later."""
        modules = current().part(_Modules)
        return _completed(modules.get(path, _read_whole)) if whole else modules.get(path, _read_module)

    def ask_each(self, paths: Iterable[Path], ask: Callable[[Module], T], *, whole: bool = True) -> Iterator[T]:
        """The answers of some files; of what cannot be read, itself or where it leads, there is none. See `module`."""
        for path in paths:
            with suppress(Unreadable):
                if (module := self.module(path, whole=whole)) is not None:
                    yield ask(module)

    def imported(self, layout: Layout | None, dotted: str, *, whole: bool = True) -> Module | None:
        """The module of the project that a dotted name refers to in the file of a layout; see `module`."""
        path = layout.find(dotted, self.root) if layout is not None else None
        return self.module(path, whole=whole) if path is not None else None

    def modules_with(self, *words: str) -> Iterator[Module]:
        """The project's files that hold one of some literal words, tests too, without those that cannot be parsed."""
        found = (self.module(file.path) for file in self.survey.holders(tuple(map(as_bytes, words))))
        return (module for module in found if module is not None)

    @cached_property
    def has_queue_handler(self) -> bool:
        """Whether any file of the project uses a `QueueHandler`, so that logging calls do not block."""
        return any(found for _, found in self.survey.found(SETUP_WORDS, matches, _QUEUE_HANDLER))

    @cached_property
    def sets_logger_class(self) -> bool:
        """Whether some file, tests apart, has `getLogger` make loggers of another class."""
        return any(found for _, found in self.survey.found(SETUP_WORDS, matches, _LOGGER_CLASS, tests=False))

    @cached_property
    def entry_points(self) -> frozenset[str]:
        """`module:function` of the console scripts that the project declares."""
        return frozenset(declared_scripts(self.root)) if self.root else frozenset()

    @cached_property
    def script_names(self) -> tuple[tuple[str, str], ...]:
        """The names of the console scripts that the project declares, with their modules."""
        return tuple(script_modules(self.root)) if self.root else ()

    def star_imported(self, layout: Layout | None) -> bool:
        """Whether another file of the project imports `*` from a module."""
        return layout is not None and next(self._star_importers(layout), None) is not None

    def star_importers(self, layout: Layout) -> frozenset[Path]:
        """The files that get a module's names by star imports, also by way of others."""
        found, waiting = set[Path](), [layout]
        while waiting:
            new = set(self._star_importers(waiting.pop())) - found - {layout.path}
            found |= new
            waiting += map(layout_of, new)
        return frozenset(found)

    def _star_importers(self, layout: Layout) -> Iterator[Path]:
        stem = as_bytes(layout.module.rpartition(".")[2])
        for path, module in self._star_imports:
            of_package = layout.path.stem == "__init__" and module.strip(b".") == b""
            if path != layout.path and (module.rpartition(b".")[2] == stem or of_package):
                yield path

    @cached_property
    def _star_imports(self) -> tuple[tuple[Path, bytes], ...]:
        found = self.survey.found((b" *", b"\t*"), groups, _STAR_IMPORT)
        return tuple((file.path, module) for file, modules in found for module in modules)

    def importer_of(self, layout: Layout | None, name: str) -> str:
        """The name of another file that imports `name` from a module; empty where none does."""
        if layout is None:
            return ""
        word = as_bytes(layout.module.rpartition(".")[2])
        stem = re.escape(word)
        pattern = rb"from[ \t]+[.\w]*\b" + stem + rb"[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)"
        wanted = re.compile(rb"\b" + re.escape(as_bytes(name)) + rb"\b")
        importers = (*self._files_by_import.get(word, ()), *self._tests_by_import.get(word, ()))
        for file, imports in self.survey.ask(importers, groups, pattern):
            if file.path != layout.path and any(map(wanted.search, imports)):
                return file.path.name
        return ""

    def importers(self, path: Path, *, tests: bool = False) -> tuple[ProjectFile, ...]:
        """The files with an import statement that names a module as `path` is called."""
        name = _name_in_imports(path)
        files = self._files_by_import.get(name, ())
        return (*files, *self._tests_by_import.get(name, ())) if tests else files

    def users(self, path: Path, name: str) -> list[Path]:
        """The other files that import a module and hold a name, through an `__init__.py` that hands the name on."""
        users = [user for user in self._holding_name(path, name) if user != path]
        package = path.with_name("__init__.py")
        if package in users:
            users.remove(package)
            seen = {*users, package, path}
            users += [user for user in self._holding_name(package, name) if user not in seen]
        return users

    def _holding_name(self, path: Path, name: str) -> Iterator[Path]:
        """The files that may import a module, and hold a name."""
        word = re.escape(as_bytes(name))
        found = self.survey.ask(self.importers(path), matches, rb"%s\b(?<!\w%s)" % (word, word))
        return (file.path for file, held in found if held)

    @cached_property
    def _files_by_import(self) -> dict[bytes, tuple[ProjectFile, ...]]:
        """The files, tests apart, by the words of their import statements that files of the project are called by."""
        return self._by_import(tuple(file for file in self.files if not file.is_test))

    @cached_property
    def _tests_by_import(self) -> dict[bytes, tuple[ProjectFile, ...]]:
        """The same for tests, which are half of many projects, and seldom have a say."""
        return self._by_import(tuple(file for file in self.files if file.is_test))

    def _by_import(self, files: tuple[ProjectFile, ...]) -> dict[bytes, tuple[ProjectFile, ...]]:
        stems = {as_bytes(stem) for file in self.files for stem in file.stems}
        found: dict[bytes, list[ProjectFile]] = {}
        for file, words in self.survey.ask(files, _words_of_imports):
            for word in stems.intersection(words.split()):
                found.setdefault(word, []).append(file)
        return {word: tuple(files) for word, files in found.items()}

    def askers(self, name: str, path: Path) -> frozenset[Path]:
        """The other files than `path`, tests apart, that ask for the logger of a name to do more than set it up."""
        return self._asked_loggers.get(as_bytes(name), frozenset()) - {path}

    @cached_property
    def _asked_loggers(self) -> dict[bytes, frozenset[Path]]:
        found: dict[bytes, set[Path]] = {}
        for file, names in self.survey.found((b"getLogger",), groups, _ASKED, tests=False):
            for name in names:
                found.setdefault(name, set()).add(file.path)
        return {name: frozenset(paths) for name, paths in found.items()}


def _configures(data: bytes) -> bool:
    return re.search(_CONFIGURES, data) is not None and SETUP_MARKER.encode() not in data


def _words_of_imports(data: bytes) -> bytes:
    """The words of a file's import statements, each once, with spaces between them."""
    statements = b"".join(re.findall(_IMPORT, b"\n" + data))
    return b" ".join(dict.fromkeys(re.findall(_WORD, statements)))


def _name_in_imports(path: Path) -> bytes:
    """What the import statements of other files call a file by."""
    return as_bytes((path.parent if path.stem == "__init__" else path).stem)


class _Projects:
    """The projects that a run has asked for last: it goes through one after the other; each holds its files' paths."""

    _MOST = 4

    def __init__(self) -> None:
        self._kept: dict[tuple[Path, bool], Project] = {}

    def at(self, root: Path, *, marked: bool) -> Project:
        key = root, marked
        found = self._kept.pop(key, None) or Project(root, marked=marked)
        self._kept[key] = found
        if len(self._kept) > self._MOST:
            del self._kept[next(iter(self._kept))]
        return found


class _Modules(Recent[Path, Module]):
    """The files of projects that a run has parsed last."""

    def __init__(self) -> None:
        super().__init__(lambda module: len(module.source.text))


def read_module(path: Path) -> Module | None:
    """A file of the project parsed, or None where it cannot be."""
    return _completed(_read_whole(path))


def _read_whole(path: Path) -> Module | None:
    return _read_module(path, whole=True)


def _read_module(path: Path, whole: bool = False) -> Module | None:
    try:
        source = Source.decode(str(path), disk.read_present(str(path)))
        layout = layout_of(path)
        return Module(tree_of(str(path.absolute()), source, layout.package, whole=whole), layout)
    except (OSError, Unreadable):
        return None


def _completed(module: Module | None) -> Module | None:
    try:
        return module if module is not None and module.tree else None
    except Unreadable:
        return None


@once_a_run(most=512)
def star_names(layout: Layout, dotted: str) -> frozenset[str] | None:
    """The names that a star import brings, through further star imports; None if one of them is unknown."""
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


@once_a_run(most=512)
def _module_exports(path: Path) -> Exports | None:
    module = read_module(path)
    if module is None or module.layout is None:
        return None
    return exports_of(module.tree, module.layout.package)
