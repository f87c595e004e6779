"""Scopes, modules and classes of which only parts are parsed: the rest is added when somebody looks at it.

Whoever has one holds what looks like any other scope or node. A class whose members are all there, and a module that is
parsed as a whole, are nodes of `ast` and nothing more.
"""

from __future__ import annotations

import ast
import weakref
from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from printlint.names.bindings import Binding, Scope, ScopeKind


class _Tree(Protocol):
    """What adds the rest."""

    def bind(self, name: str) -> None: ...

    def complete(self) -> None: ...

    def finish(self, node: ast.AST) -> None: ...


class PartialScope(Scope):
    """The scope of a module or of one of its classes, whose bindings are added when they are asked for."""

    __slots__ = ("_tree",)

    def __init__(self, kind: ScopeKind, node: ast.AST, parent: Scope | None, tree: weakref.ref[_Tree]) -> None:
        super().__init__(kind, node, parent)
        self._tree = tree  # trees hold their scopes: with no way back, one is freed when nobody has it (see `Binding`)

    def open(self, kind: ScopeKind, node: ast.AST) -> Scope:
        """A new scope within this one; what a function holds is all there."""
        return PartialScope(kind, node, self, self._tree) if kind is ScopeKind.CLASS else Scope(kind, node, self)

    def bindings_of(self, name: str) -> list[Binding]:
        """See `Scope`."""
        if (tree := self._tree()) is not None:
            tree.bind(name)
        return super().bindings_of(name)

    def all_bindings(self) -> Mapping[str, list[Binding]]:
        """See `Scope`."""
        if (tree := self._tree()) is not None:
            tree.complete()
        return super().all_bindings()

    def sort(self) -> None:
        """Put bindings in source order again; those that other scopes have made by `global` come last."""
        for bindings in self._bindings.values():
            if len(bindings) > 1:
                bindings.sort(key=lambda item: (item.scope is not self, *start_of(item.node)))


def start_of(node: ast.AST) -> tuple[int, int]:
    """Where a node begins: line from 1, column from 0 in UTF-8 bytes."""
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _added_first(field: str) -> Any:
    """A field that is read when all of the module or the class has been added."""

    def get(node: ast.AST) -> object:
        if (tree := vars(node)["tree"]()) is not None:
            tree.finish(node)
        return vars(node)[field]

    return property(get)


class PartialModule(ast.Module):
    """A module that is not parsed as a whole yet."""

    __slots__ = ()
    body = _added_first("body")


class PartialClass(ast.ClassDef):
    """A class that is not parsed as a whole yet."""

    __slots__ = ()
    body = _added_first("body")
    end_lineno = _added_first("end_lineno")
    end_col_offset = _added_first("end_col_offset")


PartialClass.__name__ = ast.ClassDef.__name__  # which visitors go by


Node = TypeVar("Node", ast.Module, ast.ClassDef)


def unfinished(node: Node, kind: type[Node], tree: _Tree) -> Node:
    """Have what is missing of a module or a class added when somebody looks for it."""
    vars(node)["tree"] = weakref.ref(tree)
    node.__class__ = kind
    return node


def finished(node: ast.AST, kind: type[ast.AST]) -> None:
    """Make a module or a class a node like others: all of it is there."""
    vars(node).pop("tree", None)
    node.__class__ = kind


def body_by_now(node: ast.AST) -> list[ast.stmt]:
    """The statements of a module or a class that are there by now."""
    body: list[ast.stmt] = vars(node)["body"]
    return body
