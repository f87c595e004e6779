"""Scopes, modules and classes that are only partly parsed: the rest is added when it is read.

To their users they are ordinary scopes and nodes, so rules need not know about partial parsing. A complete module or
class becomes a plain `ast` node again, without the cost of the properties.
"""

from __future__ import annotations

import ast
import weakref
from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from printlint.names.bindings import Binding, Scope, ScopeKind
from printlint.names.scopes import start_of


class _Tree(Protocol):
    """The tree that adds the rest."""

    def bind(self, name: str) -> None: ...

    def complete(self) -> None: ...

    def finish(self, node: ast.AST) -> None: ...


class PartialScope(Scope):
    """The scope of a module or of one of its classes, whose bindings are added when they are asked for."""

    __slots__ = ("_tree",)

    def __init__(self, kind: ScopeKind, node: ast.AST, parent: Scope | None, tree: weakref.ref[_Tree]) -> None:
        super().__init__(kind, node, parent)
        self._tree = tree  # weak, since trees hold their scopes: a tree without cycles is freed at once (see `Binding`)

    def open(self, kind: ScopeKind, node: ast.AST) -> Scope:
        """A new scope within this one; functions are always parsed as a whole."""
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
        """Restore the source order of bindings; those made in other scopes by `global` come last."""
        for bindings in self._bindings.values():
            if len(bindings) > 1:
                bindings.sort(key=lambda item: (item.scope is not self, *start_of(item.node)))


def _added_first(field: str) -> Any:
    """A field that completes the module or the class before it is read."""

    def get(node: ast.AST) -> object:
        if (tree := vars(node)["tree"]()) is not None:
            tree.finish(node)
        return vars(node)[field]

    return property(get)


class PartialModule(ast.Module):
    """A module that is not completely parsed yet."""

    __slots__ = ()
    body = _added_first("body")


class PartialClass(ast.ClassDef):
    """A class that is not completely parsed yet."""

    __slots__ = ()
    body = _added_first("body")
    end_lineno = _added_first("end_lineno")
    end_col_offset = _added_first("end_col_offset")


PartialClass.__name__ = ast.ClassDef.__name__  # `visit_ClassDef` is found by this name


Node = TypeVar("Node", ast.Module, ast.ClassDef)


def unfinished(node: Node, kind: type[Node], tree: _Tree) -> Node:
    """Make a module or a class add its missing statements when they are read."""
    vars(node)["tree"] = weakref.ref(tree)
    node.__class__ = kind
    return node


def finished(node: ast.AST, kind: type[ast.AST]) -> None:
    """Make a complete module or class a plain node again."""
    vars(node).pop("tree", None)
    node.__class__ = kind


def body_by_now(node: ast.AST) -> list[ast.stmt]:
    """The statements of a module or a class that have been added, without adding the rest."""
    body: list[ast.stmt] = vars(node)["body"]
    return body
