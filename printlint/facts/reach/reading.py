"""What one file says about how files are reached: its imports, its changes of `sys.path`, and what it is."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import NamedTuple

from printlint.facts.reach.loaded_by_name import items, loads_what_it_lists, mentions, own_paths
from printlint.facts.reach.path_values import PathValues
from printlint.facts.reach.signs import Part, parts_of
from printlint.names.binder import CHILD_FIELDS
from printlint.names.enclosing import is_main_guard


class When(Enum):
    """When an import runs: each time that the file is loaded, only where it is run as a program, or perhaps never."""

    LOADED = "whenever the file is loaded"
    RUN = "when the file is run"
    PERHAPS = "in a function, a loop or a try"
    BRANCH = "under a condition"


class Import(NamedTuple):
    """One import statement: `module` is dotted, `level` counts the dots in front, `names` are those of a `from`."""

    module: str
    level: int
    names: tuple[str, ...]
    when: When
    line: int


class PathChange(NamedTuple):
    """A statement that adds to `sys.path`; `folder` is None where it cannot be read. Lines count from 1."""

    folder: str | None
    line: int


class Reading(NamedTuple):
    """What one file says.

    `mentions` are dotted names in strings, `mentioned_folders` the packages of which it loads modules by a name that
    is computed (`f"cogs.{name}"`), `listed_folders` those of which it loads each module that it finds (`.`: its own).
    `guarded`: it has a `__main__` guard; `marked`: it begins with `#!`; `acts`: a statement at its top does something.
    `is_async` is true where it has asynchronous code. `binds` are the names that the file's own code gives it; None
    where others may do so. `uses` are the attributes that it takes of each name. `parts` say what its code does, part
    by part. `usage` are the command lines in its text that name the file itself, with their lines from 1.
    """

    imports: tuple[Import, ...] = ()
    path_changes: tuple[PathChange, ...] = ()
    mentions: tuple[str, ...] = ()
    mentioned_folders: tuple[str, ...] = ()
    listed_folders: tuple[str, ...] = ()
    guarded: bool = False
    marked: bool = False
    acts: bool = False
    is_async: bool = False
    binds: frozenset[str] | None = None
    uses: Mapping[str, frozenset[str]] = {}
    parts: Mapping[str, Part] = {}
    usage: tuple[tuple[str, int], ...] = ()


def read_tree(tree: ast.Module, path: str, text: str) -> Reading:
    """The reading of a file from its tree and its text."""
    values = PathValues(path)
    imports: list[Import] = []
    changes: list[PathChange] = []
    for statement, when in _statements(tree):
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            imports += _imports(statement, when)
        elif when is When.LOADED:
            values.learn(statement)
            changes += _path_changes(statement, values)
        else:
            values.forget(statement)
    nodes = _nodes(tree)
    mentioned, folders = mentions(nodes)
    listed = {*folders, *own_paths(nodes, path)} if loads_what_it_lists(nodes) else ()
    return Reading(
        tuple(imports),
        tuple(changes),
        mentioned,
        folders,
        tuple(sorted(listed)),
        any(isinstance(node, ast.If) and is_main_guard(node) for node in tree.body),
        text.startswith("#!"),
        any(map(_acts, tree.body)),
        "async def" in text,
        _binds(tree),
        _uses(nodes, imports),
        parts_of(tree, text),
        tuple(_usage(path, text)),
    )


def _usage(path: str, text: str) -> Iterator[tuple[str, int]]:
    """The command lines in a file's text that run the file itself: `Usage: python tools/x.py`."""
    name = re.escape(os.path.basename(path).removesuffix(".py"))
    if "python" in text or "uv run" in text:
        for match in re.finditer(
            rf"\b(?:python[\d.]*|uv run)[ \t](?:[^\n\"'`]{{0,200}}[ \t./])?{name}(?:\.py)?(?![\w.])", text
        ):
            yield match[0], text.count("\n", 0, match.start()) + 1


def _statements(tree: ast.Module) -> Iterator[tuple[ast.stmt, When]]:
    """Every statement, and when it runs."""
    waiting = [(statement, When.LOADED) for statement in reversed(tree.body)]
    while waiting:
        statement, when = waiting.pop()
        yield statement, when
        waiting += reversed(list(_inner(statement, when)))


def _inner(statement: ast.stmt, when: When) -> Iterator[tuple[ast.stmt, When]]:
    match statement:
        case ast.If(body=body, orelse=orelse) if when is When.LOADED and is_main_guard(statement):
            blocks = [(body, When.RUN), (orelse, When.BRANCH)]
        case ast.If(body=body, orelse=[]) if _adds_what_is_missing(statement):
            blocks = [(body, when)]
        case ast.With(body=body) | ast.AsyncWith(body=body):
            blocks = [(body, when)]
        case ast.Try(body=body, handlers=[], finalbody=final):
            blocks = [(body, when), (final, when)]
        case _:
            branches = when is When.BRANCH or isinstance(statement, (ast.If, ast.Match, ast.ExceptHandler))
            yield from ((node, When.BRANCH if branches else When.PERHAPS) for node in _below(statement))
            return
    yield from ((node, later) for block, later in blocks for node in block)


def _below(statement: ast.stmt) -> Iterator[ast.stmt]:
    """The statements right below another."""
    for name in ("body", "orelse", "finalbody"):
        yield from getattr(statement, name, None) or ()
    for name in ("handlers", "cases"):
        for part in getattr(statement, name, None) or ():
            yield from part.body


def _adds_what_is_missing(statement: ast.If) -> bool:
    """`if folder not in sys.path:` — behind it, the folder is there in any case."""
    test = statement.test
    return isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.NotIn) and _is_sys_path(test.comparators[0])


def _imports(statement: ast.Import | ast.ImportFrom, when: When) -> Iterator[Import]:
    if isinstance(statement, ast.Import):
        yield from (Import(alias.name, 0, (), when, statement.lineno) for alias in statement.names)
    else:
        names = tuple(alias.name for alias in statement.names)
        yield Import(statement.module or "", statement.level, names, when, statement.lineno)


def _is_sys_path(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "path" and _named(node.value, "sys")


def _named(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _path_changes(statement: ast.stmt, values: PathValues) -> Iterator[PathChange]:
    """The folders that a statement puts on `sys.path`."""
    added: list[ast.expr] = []
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=target, attr=method), args=args)) if _is_sys_path(target):
            if method in ("insert", "append"):
                added = args[-1:]
            elif method == "extend":
                added = items(args[0]) if args else []
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="site"), attr="addsitedir"), args=args)):
            added = args[:1]
        case ast.Assign(targets=[target], value=value) if _is_sys_path(target):
            added = items(value)
        case ast.Assign(targets=[ast.Subscript(value=target)], value=value) if _is_sys_path(target):
            added = items(value)
        case ast.AugAssign(target=target, value=value) if _is_sys_path(target):
            added = items(value)
    new = (node for node in added if not _is_sys_path(node))
    yield from (PathChange(values.folder(node), statement.lineno) for node in new)


_QUIET_CALLS = frozenset(
    {"append", "insert", "extend", "update", "setdefault", "basicConfig", "filterwarnings", "simplefilter"}
)


def _binds(tree: ast.Module) -> frozenset[str] | None:
    """The names at a module's top; None where a star import, `__getattr__` or `globals()` may add others."""
    found: set[str] = {"__name__", "__file__", "__doc__", "__path__", "__version__"}
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
                continue
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found.update(alias.asname or alias.name.partition(".")[0] for alias in names)
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.Name(id="globals" | "setattr" | "vars"):
                return None
            case ast.Lambda():
                continue
        waiting += ast.iter_child_nodes(node)
    return None if found & {"*", "__getattr__"} else frozenset(found)


def _uses(nodes: list[ast.AST], imports: list[Import]) -> dict[str, frozenset[str]]:
    """The attributes that are taken of the names that `import name` binds."""
    found: dict[str, set[str]] = {item.module: set() for item in imports if not item.names and "." not in item.module}
    for node in nodes:
        match node:
            case ast.Attribute(value=ast.Name(id=name), ctx=ast.Load()) if name in found:  # `work.print = …` needs none
                found[name].add(node.attr)
    return {name: frozenset(attributes) for name, attributes in found.items()}


def _nodes(tree: ast.Module) -> list[ast.AST]:
    """The calls, assignments, strings and attributes of a tree: callers before what is inside of them."""
    found: list[ast.AST] = []
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        kind = node.__class__
        if kind in _WANTED:
            found.append(node)
        if kind in _WITHOUT_NODES:
            continue
        for name in CHILD_FIELDS[kind]:
            value = getattr(node, name, None)
            if value.__class__ is list:
                waiting += [item for item in value if item is not None]
            elif value is not None:
                waiting.append(value)
    return found


_WANTED = frozenset({ast.Call, ast.Assign, ast.Constant, ast.Attribute})
_WITHOUT_NODES = frozenset({ast.Name, ast.Global, ast.Nonlocal})


def _acts(statement: ast.stmt) -> bool:
    """Whether a statement at the top of a file looks like a program's work and not like a definition."""
    match statement:
        case ast.While() | ast.For() | ast.Expr(value=ast.ListComp() | ast.SetComp() | ast.DictComp()):
            return True
        case ast.With(body=body):
            return any(map(_acts, body))
        case ast.Expr(value=ast.Call(func=ast.Name() | ast.Attribute() as function)):
            name = function.id if isinstance(function, ast.Name) else function.attr
            return name not in _QUIET_CALLS
    return False
