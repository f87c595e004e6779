"""What has to be known of the files around a module, read lazily and once a run.

Only files that hold one of a few words are parsed; everything else costs a search through its bytes.
"""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path

from printlint.facts import disk
from printlint.facts.handlers import dict_get
from printlint.facts.layout import Layout, is_stdlib, layout_of, project_root
from printlint.facts.module import Module
from printlint.facts.names import Exports, exports_of
from printlint.facts.setup_files import SETUP_MARKER
from printlint.source import Source, Unreadable, parse

# More files than this are no one project; whoever runs printlint on one file of a home folder should not wait.
_MAX_FILES = 20_000
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
_WORDS = re.compile(
    rb"addFilter|\.disabled|assertLogs|assertNoLogs|patch|disable_existing_loggers|dictConfig|fileConfig|setLevel"
    rb"|propagate|setLoggerClass"
)
_CONFIGURES = re.compile(
    rb"basicConfig\(|dictConfig\(|fileConfig\(|^LOGGING\s*[:=]|\.addHandler\(|structlog\.configure"
    rb"|(?<!def )setup_logging\(|(?<!def )logging_config\("
    rb"|coloredlogs\.install|\[loggers\]",
    re.MULTILINE,
)
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
_ROOT_PATCH = re.compile(rb"""patch(?:\.object)?\(\s*(?:["']|f["'])?[\w.]*\blogging\b""")


class Project:
    """The files that belong together with a module. Without a `root` there is nothing to see, and nothing known."""

    def __init__(self, root: Path | None = None, *, marked: bool = False) -> None:
        self.root = root
        self.marked = marked
        self.neighbours: dict[frozenset[str], object] = {}

    @classmethod
    def of(cls, path: Path) -> Project:
        """The project of a file: below the nearest project file, else the folder that its package stands in."""
        layout = layout_of(path)
        root = project_root(path.absolute().parent)
        return _project(root, True) if root else _project(layout.import_root, False)

    @cached_property
    def python_files(self) -> tuple[Path, ...]:
        """The Python files below the root; only packages are entered where no project file marks the root."""
        return tuple(self._walk()) if self.root else ()

    def _walk(self) -> Iterator[Path]:
        assert self.root is not None
        folders, count = [self.root], 0
        while folders:
            folder = folders.pop()
            try:
                entries = sorted(folder.iterdir())
            except OSError:
                continue
            for entry in entries:
                if entry.suffix == ".py" and entry.is_file():
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
    def _contents(self) -> dict[Path, bytes]:
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
        return any(_CONFIGURES.search(data) for data in self._contents.values() if SETUP_MARKER.encode() not in data)

    def sources(self) -> Iterator[tuple[Path, bytes]]:
        """The Python files of the project, tests apart, with their bytes."""
        return ((path, data) for path, data in self._contents.items() if not self._is_test(path))

    @cached_property
    def has_queue_handler(self) -> bool:
        """Whether any file of the project uses a `QueueHandler`, so that logging calls do not block."""
        return any(_QUEUE_HANDLER.search(data) for data in self._contents.values())

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
        return any(b"structlog.configure" in data and marker not in data for data in self._contents.values())

    @cached_property
    def formats_structlog_arguments(self) -> bool:
        """Whether structlog's loggers, as the project configures them, put positional arguments into the text."""
        marker = SETUP_MARKER.encode()
        own = [data for data in self._contents.values() if b"structlog.configure" in data and marker not in data]
        return all(b"wrapper_class" not in data or _POSITIONAL.search(data) for data in own)

    @cached_property
    def patches_loggers(self) -> bool:
        """Whether tests put something else in a logger's place; awaiting a mock's call would fail."""
        return any(_PATCHED_LOGGER.search(data) for data in self._contents.values())

    @cached_property
    def redirects_output(self) -> str:
        """The name of a file, tests apart, that puts something else in the place of standard output or of print."""
        for path, data in self._contents.items():
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
            for path, data in self._contents.items()
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
        for path, data in self._contents.items():
            if path != layout.path and any(wanted.search(match[1]) for match in pattern.finditer(data)):
                return path.name
        return ""

    def importers(self, path: Path) -> list[tuple[Path, bytes]]:
        """The files, tests apart, with an import statement that names a module as `path` is called, and their bytes."""
        name = (path.parent if path.stem == "__init__" else path).stem.encode()
        return [(file, self._contents[file]) for file in self._files_by_import.get(name, ())]

    @cached_property
    def _files_by_import(self) -> dict[bytes, list[Path]]:
        found: dict[bytes, list[Path]] = {}
        for path, data in self.sources():
            for word in {word for match in _IMPORT.finditer(data) for word in _WORD.findall(match[0])}:
                found.setdefault(word, []).append(path)
        return found

    @cached_property
    def _loud_modules(self) -> tuple[tuple[Path, Module], ...]:
        """The parsed files that hold a word which can tell the root logger from its children."""
        return tuple(
            (path, module)
            for path, data in self._contents.items()
            if _WORDS.search(data) and (module := read_module(path)) is not None
        )

    @cached_property
    def _general_root_signals(self) -> tuple[str, ...]:
        return tuple(signal for path, module in self._loud_modules for signal in _general_signals(path, module))

    def root_signals(self, logger_name: str) -> Iterator[str]:
        """Why a record of `logger_name` may fare otherwise than one of the root logger."""
        yield from self._general_root_signals
        for path, module in self._loud_modules:
            yield from _parent_signals(path, module, logger_name)

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


def _general_signals(path: Path, module: Module) -> Iterator[str]:
    where = path.name
    if _ROOT_PATCH.search(module.source.text.encode("utf-8", "replace")):
        yield f"{where} patches functions of logging"
    for node in module.scopes.nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=receiver, attr="addFilter")) if _is_root(module, receiver):
                yield f"{where} adds a filter to the root logger, which records of other loggers do not pass"
            case ast.Attribute(value=receiver, attr="disabled", ctx=ast.Store()) if _is_root(module, receiver):
                yield f"{where} disables the root logger"
            case ast.Call(func=ast.Attribute(attr="assertLogs" | "assertNoLogs")):
                yield f"{where} asserts on the records of loggers"
            case ast.Call(func=func) if module.qualified(func) in (
                "logging.config.dictConfig",
                "logging.config.fileConfig",
            ):
                if not _keeps_existing_loggers(module):
                    yield f"{where} calls {ast.unparse(func)} with disable_existing_loggers, which silences loggers"
            case ast.Call(func=func) if module.qualified(func) == "logging.setLoggerClass":
                yield f"{where} sets a logger class"


def _is_root(module: Module, node: ast.expr) -> bool:
    value = module.loggers.value(node)
    return value is not None and value.root


def _keeps_existing_loggers(module: Module) -> bool:
    """Whether `disable_existing_loggers` is false wherever the module writes it, as a key or as an argument."""
    for node in module.scopes.nodes:
        match node:
            case ast.Dict() if (value := dict_get(node, "disable_existing_loggers")) is not None:
                pass
            case ast.keyword(arg="disable_existing_loggers", value=value):
                pass
            case _:
                continue
        return isinstance(value, ast.Constant) and value.value is False
    return False


def _parent_signals(path: Path, module: Module, logger_name: str) -> Iterator[str]:
    for node in module.scopes.nodes:
        match node:
            case ast.Attribute(value=receiver, attr="propagate" | "disabled" as attribute, ctx=ast.Store()):
                pass
            case ast.Call(func=ast.Attribute(value=receiver, attr="setLevel" as attribute)):
                pass
            case _:
                continue
        value = module.loggers.value(receiver)
        if value is not None and not value.root and _may_be_parent(module, value.created, logger_name):
            yield f"{path.name} sets {attribute} on a logger above or beside this module's"


def _may_be_parent(module: Module, created: tuple[ast.Call, ...], logger_name: str) -> bool:
    for call in created:
        match call.args:
            case [ast.Constant(value=str(name))]:
                pass
            case [ast.Name(id="__name__")] if module.layout is not None:
                name = module.layout.module
            case _:
                return True
        if logger_name == name or logger_name.startswith(f"{name}."):
            return True
    return not created


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
        listed = parser.get("options.entry_points", "console_scripts", fallback="")
    except (configparser.Error, UnicodeDecodeError):
        listed = ""
    with suppress(OSError, UnicodeDecodeError):
        listed += "\n" + (root / "setup.py").read_text(encoding="utf-8")
    yield from (match[1] for match in re.finditer(r"=\s*([\w.]+:\w+)", listed))
