"""Who reads a name of a module without a plain use of it in its code: its own strings, comments, and other files.

Annotations in strings, doctests and `eval` are run with the module's names; other files import them, reach them as
attributes of the module, patch them, or look through all there are. Unknown uses count as reads.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from os.path import getsize
from pathlib import Path
from typing import NamedTuple

from printlint.facts.module import Module
from printlint.facts.project.project import Project
from printlint.facts.project.word_index import ProjectFile, as_bytes, walk
from printlint.names.layout import Layout, holds_module
from printlint.reading import disk

# Builtins that run text, or give all names, of the module that calls them.
_RUN_TEXT = frozenset({"eval", "exec", "globals"})
_OWN_NAMES = frozenset({"vars", "locals", "dir"})
_PROMPT = re.compile(r"(?m)^[ \t]*(?:>>>|\.\.\.)(?=\s).*$")

# Where Python is run that is in no file of Python: doctests in documents, notebooks.
_DOCUMENTS = (".rst", ".md", ".txt", ".ipynb", ".pyi", ".pyw", ".pyx")
_MOST_BYTES = 1_000_000  # nobody runs a larger document
# Folders beside the code that are no packages; where no project file marks the root, the survey passes over them.
_BESIDE = ("tests", "test", "docs", "doc", "scripts", "examples", "bin", "tools")

_GAP = rb"[\s\\]*"
_WORD = re.compile(rb"\w+")
_FROM = re.compile(rb"\bfrom[ \t]+([.\w]+)[ \t]+import\b[ \t\\]*(\([^)]*\)|(?:\\\r?\n|[^\n])*)")
_IMPORT = re.compile(rb"\n[ \t]*(?:from|import)[ \t]+[^\n(]*(?:\([^)]*+\)?)?")
_RENAMED = re.compile(rb"\b(\w+)[ \t]+as[ \t]+(\w+)")
_LOOKED_THROUGH = re.compile(
    rb"\b(?:vars|dir|getmembers)\([\s\w.]*?\b(\w+)\s*[,)]"
    rb"|\b(?:getattr|hasattr|attrgetter)\([\s\w.]*?\b(\w+)\s*,(?!\s*[\"'])"
    rb"|\b(?:getattr|hasattr)\(\s*(?:\w+\.)*import_module\([^()]*?\b(\w+)[\"']?\s*(?:,[^()]*)?\)\s*,(?!\s*[\"'])"
    rb"|\b(\w+)\.__dict__"
)


# In the module itself


def read_in_text(module: Module, names: set[str]) -> set[str]:
    """Those of some names that the module's own strings, comments or attributes may read."""
    if not names or _may_read_all(module):
        return names
    words = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
    read = {word for line in _type_comments(module) for word in words.findall(line)}
    for node in module.scopes.nodes:
        if isinstance(node, ast.Attribute):
            read.add(node.attr)  # of the module itself, perhaps: `sys.modules[__name__].logging`
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and words.search(node.value):
            read |= _read_by(node.value)
    return names & read


def _may_read_all(module: Module) -> bool:
    if "sys.modules[__name__]" in module.source.text:
        return True
    for node in module.scopes.named(_RUN_TEXT | _OWN_NAMES):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            call = module.scopes.parent(node)
            if node.id in _RUN_TEXT or (isinstance(call, ast.Call) and call.func is node and not call.args):
                return True
    return False


def _type_comments(module: Module) -> Iterator[str]:
    return (match[0] for match in re.finditer(r"#[ \t]*type:[^\r\n]*", module.source.text))


def _read_by(text: str) -> set[str]:
    """The names that a string reads, were it an annotation, a list of names, code, or text with doctests."""
    read = set(re.findall(r"\b(\w+)\.\w", text))
    for line in _PROMPT.findall(text):
        read.update(re.findall(r"\w+", line))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return read
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            read.add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            read.update(alias.name for alias in node.names)
    return read


# In other files


class _Reader(NamedTuple):
    """A file that reads some name: `loosely`, as an attribute or a string, off `modules` by import, or off `starred`
    ones by a star import."""

    path: str
    words: frozenset[bytes]
    loosely: bool
    modules: frozenset[bytes]
    starred: frozenset[bytes]


def read_elsewhere(project: Project, layout: Layout | None, name: str, *, exported: bool) -> bool:
    """Whether another file of the project may read a name off the module at `layout`.

    `exported`: a star import takes the name along.
    """
    if layout is None or project.root is None:
        return False
    if exported and project.star_imported(layout):
        return True
    surroundings = project.derived(_Surroundings)
    called = surroundings.names_of(layout.module.rpartition(".")[2].encode() or layout.path.stem.encode())
    own = str(layout.path)
    if any(path != own and not called.isdisjoint(words) for path, words in surroundings.looked_through):
        return True
    readers = [reader for reader in surroundings.readers_of(name.encode()) if reader.path != own]
    if any(
        not called.isdisjoint(reader.modules)
        or (reader.loosely and not called.isdisjoint(reader.words))
        or (exported and not called.isdisjoint(reader.starred))
        for reader in readers
    ):
        return True
    return any(reader.loosely for reader in readers) and surroundings.hands_on(called, own)


def notices_new(module: Module, project: Project, name: str) -> bool:
    """Whether a module's new name would take the place of a submodule, or be found where today there is none."""
    layout = module.layout
    if layout is None:
        return False
    if layout.path.stem == "__init__" and holds_module(layout.path.parent, name):
        return True
    if module.bindings_of("__getattr__") and read_elsewhere(project, layout, name, exported=False):
        return True
    reached = (as_bytes(layout.module.rpartition(".")[2]), *_DYNAMIC_IMPORTS)
    asking = (data for _, data in project.survey.read(project.derived(_asked).get(as_bytes(name), ())))
    return any(any(word in data for word in reached) for data in asking)


_DYNAMIC_IMPORTS = (b"import_module", b"__import__", b"sys.modules")
# `hasattr(module, "logger")`: whether that is a module, only its name could tell.
_ASKS = re.compile(rb"\b(?:getattr|hasattr)\(\s*[\w.]+\s*,\s*[\"'](\w+)[\"']")


def _asked(project: Project) -> dict[bytes, tuple[ProjectFile, ...]]:
    """The files that ask objects for attributes, by the names of these."""
    found: dict[bytes, tuple[ProjectFile, ...]] = {}
    for file, data in project.survey.holding((b"getattr(", b"hasattr(")):
        for name in set(_ASKS.findall(data)):
            found[name] = (*found.get(name, ()), file)
    return found


def lists_names(module: Module, project: Project) -> str:
    """The name of a file that lists all names of a module: `vars(module)`, `dir(module)`; empty where none does."""
    if module.layout is None:
        return ""
    listing = project.derived(_listed).get(as_bytes(module.layout.module.rpartition(".")[2]), ())
    return next((path.name for path in listing if path != module.layout.path), "")


# One name, or those of a kind that no logger is of, are looked for in another way.
_LISTS = re.compile(
    rb"(?:\b(?:vars|dir|getmembers)\(\s*(?:\w+\.)*(\w+)\s*(?:\)|,(?!\s*(?:inspect\.)?is(?:class|function|method|routine)))"
    rb"|\b(\w+)\.__dict__)(?!\s*\[|\.(?:get|update|setdefault|pop)\()"
)


def _listed(project: Project) -> dict[bytes, tuple[Path, ...]]:
    """The files that list the names of what may be modules, by what these are called where they are imported from."""
    found: dict[bytes, tuple[Path, ...]] = {}
    for file, data in project.survey.holding((b"vars(", b"dir(", b"getmembers(", b".__dict__")):
        origins = {new: old for old, new in _RENAMED.findall(data)}
        for match in _LISTS.finditer(data):
            if not _takes_some(data, match.end()):
                called: bytes = match[1] or match[2]
                name = origins.get(called, called)
                found[name] = (*found.get(name, ()), file.path)
    return found


def _takes_some(data: bytes, end: int) -> bool:
    """Whether code takes the names of settings alone, on the line of a place or on the next one."""
    return any(b".isupper()" in line for line in data[end : end + 200].splitlines()[:2])


class _Surroundings:
    """What the files of a project, documents with them, say about modules and their names; each is read once a name."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._readers: dict[bytes, tuple[_Reader, ...]] = {}
        self._renamed: dict[bytes, set[bytes]] = {}
        self.looked_through: list[tuple[str, frozenset[bytes]]] = []
        for path, data in self._texts():
            for old, new in _RENAMED.findall(data):
                self._renamed.setdefault(old, set()).add(new)
            if words := frozenset(b"".join(groups) for groups in _LOOKED_THROUGH.findall(data)):
                self.looked_through.append((path, words))

    def names_of(self, stem: bytes) -> frozenset[bytes]:
        """What a module is called somewhere; a script is `__main__` too."""
        return frozenset({stem, b"__main__"} | self._renamed.get(stem, set()))

    def readers_of(self, name: bytes) -> tuple[_Reader, ...]:
        """The files that read a name off whatever it may be."""
        if name not in self._readers:
            self._readers[name] = tuple(self._find_readers(name))
        return self._readers[name]

    def hands_on(self, called: frozenset[bytes], own: str) -> bool:
        """Whether a file other than the module's own uses the module as a value, which may get anywhere."""
        names = b"|".join(map(re.escape, called))
        value = re.compile(rb"(?<![\w.\"'])(?:%s)(?![\w.\"':])(?!\s*=(?!=))" % names)
        return any(
            path != own and value.search(_IMPORT.sub(b"\n", b"\n" + data)) is not None for path, data in self._texts()
        )

    def _find_readers(self, name: bytes) -> Iterator[_Reader]:
        word = re.escape(name)
        # an attribute, or in a string by itself or with what it is an attribute of or has: "module:name.attribute"
        loose = re.compile(rb"\.%s%s\b|[\"':]%s(?=[\"':.])" % (_GAP, word, word))
        imported = re.compile(rb"\b%s\b" % word)
        for path, data in self._texts():
            if name in data:
                found = _FROM.findall(data)
                modules = frozenset(module.rpartition(b".")[2] for module, names in found if imported.search(names))
                starred = frozenset(module.rpartition(b".")[2] for module, names in found if names.strip() == b"*")
                loosely = loose.search(data) is not None
                if modules or starred or loosely:
                    yield _Reader(path, frozenset(_WORD.findall(data)), loosely, modules, starred)

    def _texts(self) -> Iterator[tuple[str, bytes]]:
        for file, data in self._project.survey.read(self._project.files):
            yield file.name, data
        for name in self._apart:
            try:
                yield name, disk.read_present(name)
            except OSError:
                continue

    @property
    def _apart(self) -> Iterator[str]:
        """Documents, and files beside the packages of a project that nothing marks."""
        root, marked = self._project.root, self._project.marked
        assert root is not None
        names = walk(root, _DOCUMENTS, packages_only=not marked)
        yield from (name for name in names if getsize(name) <= _MOST_BYTES)
        for folder in () if marked else _BESIDE:
            if disk.is_file(root / folder / "__init__.py"):
                continue
            names = walk(root / folder, (".py", *_DOCUMENTS), packages_only=False)
            yield from (name for name in names if getsize(name) <= _MOST_BYTES)
