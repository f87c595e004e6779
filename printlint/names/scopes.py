"""The scopes of a module and what is in them: the questions that facts and rules ask of its tree."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import TypeVar

from printlint.names.binder import Binder
from printlint.names.bindings import Binding, Scope

Node = TypeVar("Node", bound=ast.AST)
Item = TypeVar("Item")

# Where a statement begins: line from 1, column from 0 in UTF-8 bytes.
_Place = tuple[int, int]


class ScopeTree:
    """The scopes of a module, and for every node its parent and the scope that it runs in.

    Its answers are those of a module that was added as a whole. `partial.Tree` gives the same for less: of the module
    it adds what an answer depends on, when it is asked.
    """

    def __init__(self, module: Scope, package: str = "") -> None:
        self.module = module
        self._scopes = [module]
        self._opened_by: dict[ast.AST, Scope] = {module.node: module}
        self._parents: dict[ast.AST, ast.AST] = {}
        self._scope_of: dict[ast.AST, Scope] = {module.node: module}
        self._generators: set[ast.AST] = set()
        self._imports: list[tuple[_Place, list[Binding]]] = []
        self._star_imports: list[tuple[_Place, list[tuple[ast.ImportFrom, str]]]] = []
        self._aliases: list[Binding] = []
        self._binder = Binder(package, self._parents, self._scope_of)
        # Where the nodes of each statement begin and end among the keys of `_scope_of`.
        self._spans: list[tuple[_Place, int, int]] = [((0, 0), 0, 1)]
        self._calls: list[tuple[_Place, list[ast.Call]]] = []
        self._stores: dict[str, list[tuple[_Place, int, ast.Attribute]]] = {}
        self._calls_by_name: dict[str, list[tuple[_Place, int, ast.Call]]] = {}
        self._named: dict[str, list[tuple[_Place, int, ast.AST]]] = {}
        self._found_by_names: dict[tuple[str, ...], list[ast.AST]] = {}
        self._indexed_spans = self._indexed_calls = 0
        self._outermost_ifs: dict[ast.AST, ast.AST] = {}

    def add(self, statement: ast.stmt, parent: ast.AST) -> None:
        """Add a statement to the scope that `parent`, the module or a class of it, has opened."""
        first = len(self._scope_of)
        found = self._binder.bind(statement, parent, self._opened_by[parent])
        place = statement.lineno, statement.col_offset
        self._spans.append((place, first, len(self._scope_of)))
        self._generators.update(found.generators)
        self._imports.append((place, found.imports))
        self._star_imports.append((place, found.star_imports))
        self._aliases += found.aliases
        for inner in found.scopes:
            self._scopes.append(inner)
            self._opened_by[inner.node] = inner
        self._calls.append((place, found.calls))
        for index, store in enumerate(found.stores):
            self._stores.setdefault(store.attr, []).append((place, index, store))

    # What the module holds

    @property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All nodes, in source order; those of annotations in strings are not among them."""
        nodes = list(self._scope_of)
        return tuple(node for _, first, end in sorted(self._spans) for node in nodes[first:end])

    @property
    def calls(self) -> tuple[ast.Call, ...]:
        """All calls, in source order."""
        return tuple(_in_order(self._calls))

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """All scopes, in source order; the module's is the first."""
        return tuple(sorted(self._scopes, key=lambda scope: start_of(scope.node)))

    def calls_of(self, names: Iterable[str]) -> list[ast.Call]:
        """The calls, in source order, of what is spelled as one of some names, or as an attribute of them."""
        return _sorted(self._index_of_calls(), names)

    def _index_of_calls(self) -> dict[str, list[tuple[_Place, int, ast.Call]]]:
        for place, calls in self._calls[self._indexed_calls :]:
            for index, call in enumerate(calls):
                if (name := _name_of(call.func)) is not None:
                    self._calls_by_name.setdefault(name, []).append((place, index, call))
        self._indexed_calls = len(self._calls)
        return self._calls_by_name

    def calls_named(self, names: frozenset[str], aliases: frozenset[str]) -> list[ast.Call]:
        """The calls, in source order, of methods by their `names`, and of what has one of its `aliases`."""
        return _sorted(self._index_of_calls(), names | aliases)

    def stores(self, attribute: str) -> list[ast.Attribute]:
        """All assignments to an attribute, in source order: the node that is its target."""
        return _sorted(self._stores, (attribute,))

    def named(self, names: Iterable[str]) -> list[ast.AST]:
        """Where names are used, in source order: as names, attributes, functions, and as strings that hold no more."""
        names = tuple(names)
        if self._indexed_spans < len(self._spans):
            nodes = list(self._scope_of)
            for place, first, end in self._spans[self._indexed_spans :]:
                for index, node in enumerate(nodes[first:end]):
                    if (name := _spelled(node)) is not None:
                        self._named.setdefault(name, []).append((place, index, node))
            self._indexed_spans = len(self._spans)
            self._found_by_names.clear()
        if names not in self._found_by_names:
            self._found_by_names[names] = _sorted(self._named, names)
        return self._found_by_names[names]

    def statements_with(self, name: str) -> list[ast.stmt]:
        """The statements of the module's own level that write a name, perhaps among others, in source order."""
        return list(self.module.node.body)  # type: ignore[attr-defined]

    def imports_of(self, names: Iterable[str]) -> list[Binding]:
        """The imports, in source order, of packages of some names, and of what has one of them in its module."""
        wanted = frozenset(names)
        return [binding for binding in _in_order(self._imports) if not wanted.isdisjoint(_ends(binding.origin or ""))]

    def star_imports(self) -> list[tuple[ast.ImportFrom, str]]:
        """The star imports of the module's own level, each with its module."""
        return list(_in_order(self._star_imports))

    def aliases(self, names: frozenset[str], is_one: Callable[[Binding], bool]) -> frozenset[str]:
        """The names that are bound to what others call by one of `names`, as far as `is_one` says so of a binding."""
        return frozenset({binding.name for binding in list(self._aliases) if is_one(binding)})

    def load(self, name: str) -> ast.Name:
        """A node that reads a name at the module's own level, and is nowhere in the text."""
        node = ast.Name(name, ast.Load())
        self._scope_of[node] = self.module
        return node

    def place(self, parsed: ast.AST, like: ast.AST) -> None:
        """Let the nodes of an annotation that is a string run in the scope of the string."""
        scope = self._scope_of[like]
        for node in ast.walk(parsed):
            self._scope_of[node] = scope

    # Around a node

    def parent(self, node: ast.AST | None) -> ast.AST | None:
        """The node that another is part of; None for the module, and for None."""
        return self._parents.get(node) if node is not None else None

    def scope_of(self, node: ast.AST) -> Scope:
        """The scope that a node runs in."""
        return self._scope_of[node]

    def opened_by(self, node: ast.AST) -> Scope:
        """The scope of a function, class, lambda, comprehension or the module. Raises `KeyError` for other nodes."""
        return self._opened_by[node]

    def is_generator(self, node: ast.AST) -> bool:
        """Whether a function yields."""
        return node in self._generators

    def following(self, statement: ast.stmt) -> ast.stmt | None:
        """The statement right behind one of the module's or a class's own level."""
        body = self._parents[statement].body  # type: ignore[attr-defined]
        return next((item for item in body if start_of(item) > start_of(statement)), None)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The parents of a node, innermost first."""
        while (parent := self._parents.get(node)) is not None:
            yield parent
            node = parent

    def outline(self, node: ast.AST) -> Iterator[ast.AST]:
        """The ancestors of a node; of `if`s that are directly in one another, as all of an `elif` chain do, the
        outermost alone. So a climb out of a chain costs the same at its thousandth link."""
        while (parent := self._parents.get(node)) is not None:
            node = self._outermost(parent) if parent.__class__ is ast.If else parent
            yield node

    def _outermost(self, node: ast.AST) -> ast.AST:
        path = []
        while node not in self._outermost_ifs and self._parents[node].__class__ is ast.If:
            path.append(node)
            node = self._parents[node]
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


def start_of(node: ast.AST) -> _Place:
    """Where a node begins: line from 1, column from 0 in UTF-8 bytes."""
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _ends(origin: str) -> tuple[str, str]:
    """The first and the last part of a qualified name."""
    return origin.partition(".")[0], origin.rpartition(".")[2]


def _in_order(found: list[tuple[_Place, list[Item]]]) -> Iterator[Item]:
    """What was found in statements, in source order."""
    return (item for _, items in sorted(found, key=itemgetter(0)) for item in items)


def _order(item: tuple[_Place, int, ast.AST]) -> tuple[_Place, int]:
    return item[0], item[1]


def _sorted(index: dict[str, list[tuple[_Place, int, Node]]], names: Iterable[str]) -> list[Node]:
    found = [item for name in set(names) for item in index.get(name, ())]
    return [node for _, _, node in sorted(found, key=_order)]
