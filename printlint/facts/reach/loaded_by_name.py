"""What a file loads by names: those in its strings, and modules of folders that it looks through."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator

_DOTTED = re.compile(
    r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?::[A-Za-z_][\w.]*)?(?:\(\))?|[A-Za-z_]\w*:[A-Za-z_]\w*(?:\(\))?"
)
_PLAIN = re.compile(r"[A-Za-z_]\w*")
_LOADERS = frozenset(
    {"import_module", "__import__", "load_extension", "reload_extension", "import_string", "run_module"}
)
_LISTS_FOLDERS = frozenset({"Path", "listdir", "scandir", "glob", "rglob", "iglob", "walk"})
_FINDS_MODULES = frozenset(
    {"listdir", "scandir", "glob", "rglob", "iglob", "walk", "iterdir", "iter_modules", "walk_packages"}
)
_NAMES_LOGGERS = frozenset({"getLogger", "get_logger", "setLevel"})
_LISTS_OF_MODULES = frozenset({"INSTALLED_APPS", "ROOT_URLCONF", "LOCAL_APPS", "PROJECT_APPS", "MIDDLEWARE", "imports"})


def mentions(nodes: list[ast.AST]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Dotted names in strings, and the packages of computed names that are passed to loaders."""
    names: set[str] = set()
    folders: set[str] = set()
    ignored: set[ast.AST] = set()
    listed: set[str] = set()
    loads_computed = False
    for node in nodes:
        match node:
            case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called), args=args):
                if called in _NAMES_LOGGERS:
                    ignored.update(args)
                elif called in _LOADERS and args:
                    names.update(_plain(args[0]))
                    folders.update(_prefix(args[0]))
                    loads_computed |= isinstance(args[0], (ast.Name, ast.JoinedStr))
                elif called in _LISTS_FOLDERS and args:
                    listed.update(_listed(args[0]))
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in _LISTS_OF_MODULES:
                names.update(found for item in items(value) for found in _plain(item))
            case ast.Constant(value=str() as value) if len(value) < 200 and node not in ignored:
                if _DOTTED.fullmatch(value):
                    names.add(value.removesuffix("()"))
    return tuple(sorted(names)), tuple(sorted(folders | listed if loads_computed else folders))


def loads_what_it_lists(nodes: list[ast.AST]) -> bool:
    """Whether a file looks for modules in folders, and loads some by names that are not written in it."""
    lists = loads = False
    for node in nodes:
        match node:
            case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called), args=args):
                lists |= called in _FINDS_MODULES
                loads |= called in _LOADERS and bool(args) and not isinstance(args[0], ast.Constant)
    return lists and loads


def own_paths(nodes: list[ast.AST], path: str) -> Iterator[str]:
    """The packages that `plugins.__path__` names; in the `__init__.py` of a package, itself."""
    if os.path.basename(path) == "__init__.py":
        yield "."
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr == "__path__":
            yield ast.unparse(node.value)


def _listed(node: ast.expr) -> Iterator[str]:
    """The package whose folder a call lists: `bot.cogs` for `./bot/cogs`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        parts = node.value.removesuffix("*.py").removeprefix("./").strip("/").split("/")
        if all(map(_PLAIN.fullmatch, parts)):
            yield ".".join(parts)


def _plain(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and _PLAIN.fullmatch(node.value):
        yield node.value


def _prefix(node: ast.expr) -> Iterator[str]:
    """The package of a computed name: `cogs` of `f"cogs.{name}"` and of `"cogs." + name`."""
    match node:
        case ast.JoinedStr(values=[ast.Constant(value=str() as text), *_]):
            pass
        case ast.BinOp(left=ast.Constant(value=str() as text), op=ast.Add() | ast.Mod()):
            text = text.partition("%")[0]
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str() as text), attr="format")):
            text = text.partition("{")[0]
        case _:
            return
    if text.endswith(".") and all(map(_PLAIN.fullmatch, text[:-1].split("."))):
        yield text[:-1]


def items(node: ast.expr) -> list[ast.expr]:
    """The items that a list is built from."""
    found, waiting = [], [node]
    while waiting:
        match waiting.pop():
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                waiting += reversed(elements)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                waiting += [right, left]
            case ast.Starred(value=value):
                waiting.append(value)
            case item:
                found.append(item)
    return found
