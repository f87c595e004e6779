"""The scopes of a module and what stands in them, as far as the module's tree has grown."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Protocol, TypeVar

from printlint.names.binder import Binder
from printlint.names.bindings import Binding, Scope, ScopeKind

Node = TypeVar("Node", bound=ast.AST)

# Where a statement begins: line from 1, column from 0 in UTF-8 bytes.
_Place = tuple[int, int]


class Growth(Protocol):
    """What adds to a tree that is not whole."""

    def bind(self, *names: str) -> None:
        """Add what may bind some names at the module's or a class's own level."""

    def mention(self, names: Iterable[str]) -> None:
        """Add everything in which one of some names is written, in code or in a string."""

    def star_imports(self) -> None:
        """Add the star imports of the module's own level."""

    def next_to(self, statement: ast.stmt) -> None:
        """Add what stands right behind a statement of the module's or a class's own level."""

    def complete(self) -> None:
        """Add all that is missing."""


class _Whole:
    """The growth of a tree that is whole."""

    def bind(self, *names: str) -> None:
        pass

    def mention(self, names: Iterable[str]) -> None:
        pass

    def star_imports(self) -> None:
        pass

    def next_to(self, statement: ast.stmt) -> None:
        pass

    def complete(self) -> None:
        pass


class ScopeTree:
    """The scopes of a module, and for every node its parent and the scope it runs in.

    `parents`, `scope_of`, `scopes`, `generators` (what yields) and `aliases` (bindings that give another name to
    something) hold what was added by now; whatever asks for all of something has what is
    missing added before. `scope_of` gets the nodes of annotations in strings too, which are parsed on demand.
    """

    def __init__(self, tree: ast.Module, package: str = "") -> None:
        self.growth: Growth = _Whole()
        self.module = Scope(ScopeKind.MODULE, tree)
        self.scopes = [self.module]
        self.opened_by: dict[ast.AST, Scope] = {tree: self.module}
        self.parents: dict[ast.AST, ast.AST] = {}
        self.scope_of: dict[ast.AST, Scope] = {tree: self.module}
        self.generators: set[ast.AST] = set()
        self.aliases: list[Binding] = []
        self._binder = Binder(package, self.parents, self.scope_of)
        # Where the nodes of each statement begin and end among the keys of `scope_of`.
        self._spans: list[tuple[_Place, int, int]] = [((0, 0), 0, 1)]
        self._calls: list[tuple[_Place, list[ast.Call]]] = []
        self._stores: dict[str, list[tuple[_Place, int, ast.Attribute]]] = {}
        self._calls_by_name: dict[str, list[tuple[_Place, int, ast.Call]]] = {}
        self._named: dict[str, list[tuple[_Place, int, ast.AST]]] = {}
        self._found_by_names: dict[tuple[str, ...], list[ast.AST]] = {}
        self._named_by_now = self._calls_by_now = 0
        self._outermost_ifs: dict[ast.AST, ast.AST] = {}

    # Growing

    def add(self, statement: ast.stmt, parent: ast.AST) -> None:
        """Add a statement to the scope that `parent`, the module or a class of it, has opened."""
        first = len(self.scope_of)
        found = self._binder.bind(statement, parent, self.opened_by[parent])
        place = statement.lineno, statement.col_offset
        self._spans.append((place, first, len(self.scope_of)))
        self.generators.update(found.generators)
        self.aliases += found.aliases
        for inner in found.scopes:
            self.scopes.append(inner)
            self.opened_by[inner.node] = inner
            if inner.kind is ScopeKind.CLASS:
                inner.need = self.module.need
        self._calls.append((place, found.calls))
        for index, store in enumerate(found.stores):
            self._stores.setdefault(store.attr, []).append((place, index, store))

    def sort_bindings(self) -> None:
        """Put bindings in source order again; those that other scopes have made by `global` come last."""
        for scope in self.scopes:
            if scope.need is not None:
                for bindings in scope.bindings.values():
                    if len(bindings) > 1:
                        bindings.sort(key=lambda item: (item.scope is not scope, *_position(item.node)))

    # What all of the module is gone through for

    @property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All nodes, in source order; those of annotations in strings are not among them."""
        self.growth.complete()
        nodes = list(self.scope_of)
        return tuple(node for _, first, end in sorted(self._spans) for node in nodes[first:end])

    @property
    def calls(self) -> tuple[ast.Call, ...]:
        """All calls, in source order."""
        self.growth.complete()
        return tuple(call for _, calls in sorted(self._calls, key=itemgetter(0)) for call in calls)

    def calls_of(self, names: Iterable[str]) -> list[ast.Call]:
        """The calls by now, in source order, of what is spelled as one of some names, or as an attribute of them."""
        for place, calls in self._calls[self._calls_by_now :]:
            for index, call in enumerate(calls):
                if (name := _name_of(call.func)) is not None:
                    self._calls_by_name.setdefault(name, []).append((place, index, call))
        self._calls_by_now = len(self._calls)
        return _sorted(self._calls_by_name, names)

    def stores(self, attribute: str) -> list[ast.Attribute]:
        """All assignments to an attribute, in source order: the node that is its target."""
        self.growth.mention((attribute,))
        return _sorted(self._stores, (attribute,))

    def named(self, names: Iterable[str]) -> list[ast.AST]:
        """Where names stand, in source order: names, attributes, definitions and strings that are no more than that."""
        names = tuple(names)
        self.growth.mention(names)
        if self._named_by_now < len(self._spans):
            nodes = list(self.scope_of)
            for place, first, end in self._spans[self._named_by_now :]:
                for index, node in enumerate(nodes[first:end]):
                    if (name := _spelled(node)) is not None:
                        self._named.setdefault(name, []).append((place, index, node))
            self._named_by_now = len(self._spans)
            self._found_by_names.clear()
        if names not in self._found_by_names:
            self._found_by_names[names] = _sorted(self._named, names)
        return self._found_by_names[names]

    def star_imports(self) -> list[tuple[ast.ImportFrom, str]]:
        """The star imports of the module's own level, each with its module."""
        self.growth.star_imports()
        return self.module.star_imports

    def load(self, name: str) -> ast.Name:
        """A node that reads a name at the module's own level, and stands nowhere in the text."""
        node = ast.Name(name, ast.Load())
        self.scope_of[node] = self.module
        return node

    # Around a node

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The parents of a node, innermost first."""
        while (parent := self.parents.get(node)) is not None:
            yield parent
            node = parent

    def outline(self, node: ast.AST) -> Iterator[ast.AST]:
        """The ancestors of a node; of `if`s that stand directly in one another, as all of an `elif` chain do, the
        outermost alone. So a climb out of a chain costs the same at its thousandth link."""
        while (parent := self.parents.get(node)) is not None:
            node = self._outermost(parent) if parent.__class__ is ast.If else parent
            yield node

    def _outermost(self, node: ast.AST) -> ast.AST:
        path = []
        while node not in self._outermost_ifs and self.parents[node].__class__ is ast.If:
            path.append(node)
            node = self.parents[node]
        outermost = self._outermost_ifs.get(node, node)
        self._outermost_ifs.update(dict.fromkeys(path, outermost))
        return outermost


def _name_of(node: ast.expr) -> str | None:
    kind = node.__class__
    if kind is ast.Attribute:
        return node.attr  # type: ignore[attr-defined,no-any-return]
    return node.id if kind is ast.Name else None  # type: ignore[attr-defined]


def _spelled(node: ast.AST) -> str | None:
    kind = node.__class__
    if kind is ast.Name:
        return node.id  # type: ignore[attr-defined,no-any-return]
    if kind is ast.Attribute:
        return node.attr  # type: ignore[attr-defined,no-any-return]
    if kind is ast.Constant:
        return value if isinstance(value := node.value, str) else None  # type: ignore[attr-defined]
    return node.name if kind is ast.FunctionDef else None  # type: ignore[attr-defined]


def _position(node: ast.AST) -> _Place:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _order(item: tuple[_Place, int, ast.AST]) -> tuple[_Place, int]:
    return item[0], item[1]


def _sorted(index: dict[str, list[tuple[_Place, int, Node]]], names: Iterable[str]) -> list[Node]:
    found = [item for name in set(names) for item in index.get(name, ())]
    return [node for _, _, node in sorted(found, key=_order)]
