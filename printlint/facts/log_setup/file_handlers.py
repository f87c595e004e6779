"""Where a module makes handlers that write to files: calls of their classes, and `basicConfig(filename=...)`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from printlint.facts.flow.definitions import definitions, library_bases
from printlint.facts.log_setup.handlers import FILE_HANDLERS
from printlint.facts.module import Module
from printlint.facts.project.project import Project

_CLASS = re.compile(rb"class[ \t]+(\w+)[ \t]*\(([^)]{0,400})\)")
_LAST_PARTS = frozenset(name.rpartition(".")[2] for name in FILE_HANDLERS)
# Files that are a standard stream, or nothing.
_NO_FILES = re.compile(r"(?i)/dev/(?:stdout|stderr|null|tty|fd/\d)|/proc/(?:self|\d+)/fd/\d|nul|con(?:out\$)?")


class FileHandlerCall(NamedTuple):
    """A call that opens a log file. `spelling` is what is called, `path` the file's name as the code gives it.

    `owner` is the class where it is the project's own. `configures` is true for `basicConfig`.
    """

    call: ast.Call
    spelling: str
    path: ast.expr | None
    owner: ast.ClassDef | None = None
    configures: bool = False


def file_handlers(module: Module, project: Project) -> Iterator[FileHandlerCall]:
    """Every such call, in source order; without those that name no file, a standard stream or the null device."""
    own = _subclasses(module, project)
    for call in module.calls_named(_LAST_PARTS | {"basicConfig"} | own):
        spelling = ast.unparse(call.func)
        qualified = module.qualified(call.func)
        path = _path(call)
        if is_no_file(module, path):
            continue
        if qualified == "logging.basicConfig":
            if path is not None and not call.args:
                yield FileHandlerCall(call, spelling, path, configures=True)
        elif qualified in FILE_HANDLERS:
            yield FileHandlerCall(call, spelling, path)
        elif spelling.rpartition(".")[2] in own and (owner := _owner(module, project, call.func)) is not None:
            yield FileHandlerCall(call, spelling, path, owner)


def _path(call: ast.Call) -> ast.expr | None:
    named = (keyword.value for keyword in call.keywords if keyword.arg == "filename")
    return next(named, call.args[0] if call.args and not isinstance(call.args[0], ast.Starred) else None)


def is_no_file(module: Module, path: ast.expr | None) -> bool:
    """Whether a path is that of a standard stream or the null device, or None."""
    if isinstance(path, ast.Constant):
        return path.value is None or names_no_file(path.value)
    return path is not None and module.qualified(path) == "os.devnull"


def names_no_file(path: object) -> bool:
    """The same for the value itself."""
    return isinstance(path, str) and _NO_FILES.fullmatch(path) is not None


def _owner(module: Module, project: Project, called: ast.expr) -> ast.ClassDef | None:
    """The class of the project that a call makes an object of, where it is derived from a file handler."""
    for found in definitions(module, project, called):
        if isinstance(found.node, ast.ClassDef) and not library_bases(found, project).isdisjoint(FILE_HANDLERS):
            return found.node
    return None


def _subclasses(module: Module, project: Project) -> frozenset[str]:
    """The names of classes of the project that may be derived from file handlers."""
    text = module.source.text
    own = _named_classes([text.encode("utf-8", "replace")]) if "FileHandler" in text else frozenset()
    return project.derived(_all_subclasses) | own


def _all_subclasses(project: Project) -> frozenset[str]:
    return _named_classes(data for _, data in project.survey.holding((b"Handler",)))


def _named_classes(texts: Iterable[bytes]) -> frozenset[str]:
    """The classes whose bases name a file handler or another of them, as texts have it."""
    classes = [(match[1], match[2]) for data in texts for match in _CLASS.finditer(data)]
    family, found = {b"FileHandler"}, set[bytes]()
    while new := {name for name, bases in classes if any(base in bases for base in family)} - found:
        found |= new
        family |= new
    return frozenset(name.decode("utf-8", "replace") for name in found)
