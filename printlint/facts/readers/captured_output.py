"""Tests that read what a print writes: they put something in the place of standard output, and look into it.

A print counts that such a test reaches by the calls of its own code and of the project's, over a few calls; not every
print of a project that has such a test.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from printlint.facts.flow.call_graph import Code, calls_of, code_of
from printlint.facts.flow.definitions import definitions, of_place, place_of
from printlint.facts.log_setup.logger_settings import shown
from printlint.facts.module import Module
from printlint.facts.project.project import Project
from printlint.source import Unreadable

_WORDS = (
    *(b"capsys", b"capfd", b"capteesys", b"redirect_std", b"stdout", b"stderr", b"print", b"Runner", b"captured_std"),
    b"capture_output",
)
_CAPTURES = re.compile(
    r"""\bcap(?:sys|fd|teesys)(?:binary)?\b|\bredirect_std(?:out|err)\b|\bsys\.std(?:out|err)\b\s*(?:=|["'])"""
    r"""|\bsys\.std(?:out|err)\.(?:getvalue|truncate)\b"""  # whatever has put it there
    r"""|setattr\(\s*(?:["'])?(?:sys|builtins)\b|patch(?:\.object)?\(\s*["']?(?:sys|builtins)\b"""
    r"""|\b(?:Cli|CLI)Runner\b|\bcaptured_(?:stdout|stderr|output)\b"""
)
_READS = re.compile(
    r"readouterr|getvalue|(?<!sys)\.(?:output|stdout|stderr|out|err)\b|assert_(?:called|any_call|has_calls|not_called)"
    r"|call_args|call_count|mock_calls|\.called\b"
)
_CALLS = 5  # from a test over so many calls of the project's
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class _Reader(NamedTuple):
    """A function of a test that reads output. `text` is its source."""

    module: Module
    node: ast.FunctionDef | ast.AsyncFunctionDef
    text: str


def reading_test(module: Module, project: Project, node: ast.AST) -> str:
    """The place of a test that reads what is printed at a node; empty where none is known to."""
    return of_place(project.derived(_captured), module, node) or ""


def _captured(project: Project) -> dict[Path, dict[str, str]]:
    """The functions whose output a test reads: by file, by their dotted places, with the test's place."""
    found: dict[Path, dict[str, str]] = {}
    for reader in _readers(project):
        path = Path(reader.module.source.path)
        where = f"{shown(path, project)}:{reader.node.lineno}"
        with suppress(Unreadable):
            for code in calls_of(_starts(reader, project), project, _CALLS - 1):
                if code.module.layout is not None and code.module is not reader.module:
                    place = place_of(code.module, code.node)
                    found.setdefault(code.module.layout.path, {}).setdefault(place, where)
    return found


def _readers(project: Project) -> Iterator[_Reader]:
    """The functions of the project's tests that capture output and read it, or call what does."""
    paths = [
        file.path
        for file, data in project.survey.holding(_WORDS)
        if file.is_test and (_CAPTURES.search(data.decode("latin-1")) or file.stems[0] == "conftest")
    ]
    functions = list(project.ask_each(paths, lambda module: list(_functions(module))))
    shared = {  # what conftest.py and other helpers offer to every test: fixtures, decorators
        item.node.name
        for items in functions
        for item in items
        if not Path(item.module.source.path).name.startswith("test") and _CAPTURES.search(item.text)
    }
    for items in functions:
        yield from _of_file(items, shared)


def _functions(module: Module) -> Iterator[_Reader]:
    for scope in module.scopes.scopes:
        node = scope.node
        if isinstance(node, _FUNCTIONS):
            first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
            lines = range(first, (node.end_lineno or node.lineno) + 1)
            yield _Reader(module, node, "".join(map(module.source.line_text, lines)))


def _of_file(functions: list[_Reader], shared: set[str]) -> Iterator[_Reader]:
    """Of the functions of a file, those that capture, or call a helper that does, where one of the two reads."""
    helpers = {item.node.name: item for item in functions if _CAPTURES.search(item.text) and not _is_test(item)}
    for item in functions:
        used = [helpers[name] for name in _words(item.text) & helpers.keys() if helpers[name] is not item]
        used += [helper for helper in helpers.values() if _sets_up(helper, item)]
        captures = bool(_CAPTURES.search(item.text)) or bool(used) or bool(_words(item.text) & shared)
        if captures and any(_READS.search(part.text) for part in (item, *used)):
            yield item


def _is_test(item: _Reader) -> bool:
    return item.node.name.startswith("test")


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def _sets_up(helper: _Reader, item: _Reader) -> bool:
    """Whether a `setUp` runs before a method of its class."""
    parent = item.module.scopes.parent
    automatic = helper.node.name.lower() in ("setup", "setupclass", "setup_method", "asyncsetup") or (
        "autouse" in helper.text.partition("def ")[0]
    )
    return automatic and (parent(helper.node) is parent(item.node) or "autouse" in helper.text)


def _starts(reader: _Reader, project: Project) -> Iterator[Code]:
    """What a test calls or hands on of the project's, and the modules that it imports while it captures."""
    module = reader.module
    for node in ast.walk(reader.node):
        if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
            for defined in definitions(module, project, node):
                yield from code_of(defined, project)
        for dotted in _imported(node):
            if (other := project.imported(module.layout, dotted)) is not None:
                yield Code(other, other.tree)


def _imported(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=str(dotted), level=0):
            yield dotted
        case ast.Call(
            func=ast.Attribute(attr="import_module" | "reload" | "run_module")
            | ast.Name(id="import_module" | "reload"),
            args=[ast.Constant(value=str(dotted)), *_],
        ):
            yield dotted
