"""Which files of a project a module imports, and what those import: by the imports at the top of each."""

from __future__ import annotations

import ast
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

from printlint.facts.module import Module
from printlint.facts.project.project import Project
from printlint.names.binder import absolute_module
from printlint.names.layout import Layout, layout_of
from printlint.reading import disk
from printlint.source import has_endless_name

_MAX_MODULES = 500  # beyond, a closure is what was found so far
_MAX_CLOSURES = 64  # each may hold every file of a project

# An import statement at the top of a file: its names in parentheses, or on lines that a backslash joins.
_IMPORTS = r"\n(?:from|import)\b[^\n(#;\\]*(?:\([^)]*+\)?|(?:\\\r?\n[^\n\\#;]*)*)"
# One that is never closed goes to the end, so that what is in it is not looked through again from each quote.
_LONG_STRING = (
    r'''(?s)"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+(?:"""|(\\?\Z))'''
    r"""|'{3}[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+(?:'{3}|(\\?\Z))"""
)


def import_closure(module: Module, project: Project, before: int | None = None) -> tuple[Path, ...]:
    """The files of the project that are imported once `module` is, itself apart.

    `before` is a line, from 1: only what the module imports above it counts.
    """
    found: dict[Path, None] = {}
    own = module.path
    graph = project.derived(_Graph)
    waiting = list(_imported(module, project, before))
    while waiting and len(found) < _MAX_MODULES:
        path = waiting.pop()
        if path not in found and path != own:
            found[path] = None
            waiting += graph.imported(path)
    return tuple(found)


def has_imported(module: Module, other: Path, project: Project, before: int | None) -> bool:
    """Whether another file's body has run, in every program, when `module` comes to a line, from 1, of its own body.

    What a module imports is not loaded to its end if it is that which has led to the module: it proves nothing then.
    """
    own = module.path
    graph = project.derived(_Graph)
    return own is not None and any(
        path != own and graph.leads_to(path, other) and not graph.leads_to(path, own)
        for path in _imported(module, project, before)
    )


def share_an_importer(one: Path, other: Path, project: Project) -> bool:
    """Whether some file, which may be one of the two, leads to both of them."""
    graph = project.derived(_Graph)
    return one in graph.around(other) or graph.leads_to(one, other)


def imported_directly(path: Path, project: Project) -> tuple[Path, ...]:
    """The files of the project that a file imports at its top."""
    return project.derived(_Graph).imported(path)


class _Graph:
    """The files that each file imports at its top, by its text alone: hundreds are asked for one answer."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._edges: dict[Path, tuple[Path, ...]] = {}
        self._closures: OrderedDict[tuple[Path, bool], _Closure] = OrderedDict()

    def imported(self, path: Path) -> tuple[Path, ...]:
        """The files of the project that a file imports, in the order of its imports."""
        if path not in self._edges:
            self._edges[path] = tuple(dict.fromkeys(self._find(path)))
        return self._edges[path]

    def importers(self, path: Path) -> Iterator[Path]:
        """The files, tests apart, that import a file."""
        importers = (file.path for file in self._project.importers(path))
        return (file for file in importers if path in self.imported(file))

    def leads_to(self, start: Path, end: Path) -> bool:
        """Whether a file is another one, or imports it, directly or not."""
        return start == end or end in self._closure(start, around=False)

    def around(self, path: Path) -> _Closure:
        """A file, what it imports, what imports it, and all that these import, directly or not."""
        return self._closure(path, around=True)

    def _closure(self, start: Path, *, around: bool) -> _Closure:
        closure = self._closures.pop((start, around), None) or _Closure(self, start, around=around)
        self._closures[start, around] = closure
        if len(self._closures) > _MAX_CLOSURES:
            self._closures.popitem(last=False)
        return closure

    def _find(self, path: Path) -> Iterator[Path]:
        try:
            statements = disk.found_in(str(path), _statements_of, decided=True)
        except OSError:
            return
        yield from _targets(_parsed(statements), layout_of(path), self._project.root)


class _Closure:
    """The files that a file leads to; `around`: and those that lead to it, with all that they lead to.

    Many are looked for in the same closure, and most are found near its start: it grows no further than it has to.
    """

    def __init__(self, graph: _Graph, start: Path, *, around: bool) -> None:
        self._graph = graph
        self._found = {start}
        self._leading = {start} if around else set[Path]()
        self._waiting = [start]

    def __contains__(self, path: Path) -> bool:
        while path not in self._found and self._waiting:
            self._grow(self._waiting.pop())
        return path in self._found

    def _grow(self, path: Path) -> None:
        new = [file for file in self._graph.imported(path) if file not in self._found]
        if path in self._leading:
            above = [file for file in self._graph.importers(path) if file not in self._leading]
            self._leading.update(above)
            new += above
        self._found.update(new)
        self._waiting += new


def _statements_of(data: bytes) -> tuple[str, ...]:
    return tuple(_statements(f"\n{data.decode('utf-8', 'replace')}"))


def _parsed(statements: Sequence[str]) -> list[ast.stmt]:
    """The statements that can be parsed: some files contain text that only looks like an import."""
    together = "".join(statements)
    if has_endless_name(together):
        return []
    with suppress(SyntaxError, ValueError):
        return ast.parse(together).body
    found: list[ast.stmt] = []
    for statement in statements:
        with suppress(SyntaxError, ValueError):
            found += ast.parse(statement).body
    return found


def _statements(text: str) -> list[str]:
    """The import statements of a text, each with the line end before it; none that a long string holds."""
    found = list(re.finditer(_IMPORTS, text))
    if not found or ('"""' not in text and "'''" not in text):
        return [_dedented(match) for match in found]
    outside = re.sub(_LONG_STRING, _open_string, text[: found[-1].end()])  # most of a text is below its imports
    if '"""' in outside or "'''" in outside:
        outside = re.sub(_LONG_STRING, _open_string, text)  # the last one is in a string
    return [_dedented(match) for match in re.finditer(_IMPORTS, outside)]


def _open_string(match: re.Match[str]) -> str:
    """What stays of a long string: all of one that is never closed."""
    return match[0] if match.lastindex else ""


def _dedented(match: re.Match[str]) -> str:
    return "\n" + match[0].lstrip()


def _imported(module: Module, project: Project, before: int | None) -> Iterator[Path]:
    if module.layout is not None:
        above = takewhile(lambda statement: before is None or statement.lineno < before, module.tree.body)
        yield from _targets(above, module.layout, project.root)


def _targets(statements: Iterable[ast.stmt], layout: Layout, root: Path | None) -> Iterator[Path]:
    for statement in statements:
        match statement:
            case ast.Import(names=names):
                dotted = [alias.name for alias in names]
            case ast.ImportFrom(names=names):
                base = absolute_module(statement, layout.package)
                path = layout.find(base, root)
                is_module = path is not None and path.stem != "__init__"  # whose names are none of files
                dotted = [base] if is_module else [base, *(f"{base}.{alias.name}" for alias in names)]
            case _:
                continue
        for name in dotted:
            if (path := layout.find(name, root)) is not None:
                yield path
