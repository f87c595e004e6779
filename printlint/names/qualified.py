"""Qualified names: what an expression refers to, through imports and aliases."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from typing import NamedTuple

from printlint.names.binder import absolute_module
from printlint.names.bindings import Binding, BindingKind, Scope, ScopeKind
from printlint.names.layout import Layout, is_stdlib
from printlint.names.scopes import ScopeTree

_BUILTINS = frozenset(dir(builtins))

# Third-party modules whose star import is known to bring a name of a builtin along.
_STAR_EXPORTS = {"rich": frozenset({"print"})}


def is_none(node: ast.AST | None) -> bool:
    """Whether an expression is the constant None."""
    return isinstance(node, ast.Constant) and node.value is None


def last_name(node: ast.expr) -> str:
    """The last part of a name, also of one that is called or subscripted; empty for any other expression."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=value) | ast.Call(func=value):
            return last_name(value)
    return ""


_CERTAIN = frozenset({BindingKind.IMPORT, BindingKind.ASSIGN, BindingKind.FUNCTION, BindingKind.CLASS})


def _start(node: ast.AST) -> tuple[int, int]:
    return node.lineno, node.col_offset  # type: ignore[attr-defined]


def _end(node: ast.AST) -> tuple[int, int]:
    return node.end_lineno, node.end_col_offset  # type: ignore[attr-defined]


class Names:
    """Answers for one module."""

    def __init__(self, scopes: ScopeTree, layout: Layout | None, exports: Callable[[str], frozenset[str] | None]):
        self._scopes = scopes
        self._layout = layout
        self._exports = exports
        self._cache: dict[ast.expr, str | None] = {}

    def bindings(self, name: ast.Name) -> list[Binding]:
        """Every binding that this name may see; empty for a builtin.

        In a class, the value of `logger = logger` is read before the class has a name of its own. In the module's own
        body, the last statement above that binds the name hides those before it, and those below are yet to come.
        """
        scope = self._scopes.scope_of(name)
        if scope.kind is ScopeKind.CLASS and scope.parent is not None and _is_read_before(scope, name):
            return scope.parent.lookup(name.id)
        found = scope.lookup(name.id)
        if len(found) > 1 and scope.kind is ScopeKind.MODULE and hasattr(name, "lineno"):
            return self._reaching(name, found)
        return found

    def _reaching(self, name: ast.Name, bindings: list[Binding]) -> list[Binding]:
        """The bindings of a module's name that a read in the module's body may see; all where none is certain."""
        place = name.lineno, name.col_offset
        *_, statement = self._statements(name)
        certain = [item for item in bindings if self._is_certain(item) and _end(item.node) <= _start(statement)]
        if not certain:
            return bindings
        last = _start(certain[-1].node)
        return [
            item for item in bindings if item is certain[-1] or self._may_come_between(item, last, place, statement)
        ]

    def _is_certain(self, binding: Binding) -> bool:
        """Whether a binding is a statement of the module's own body, which runs where the next one does."""
        parent = self._scopes.parent(binding.node)
        return binding.kind in _CERTAIN and isinstance(parent, ast.Module) and isinstance(binding.node, ast.stmt)

    def _may_come_between(
        self, binding: Binding, last: tuple[int, int], place: tuple[int, int], statement: ast.AST
    ) -> bool:
        if binding.scope.kind is not ScopeKind.MODULE:
            return True  # a `global` of a function, which may run at any time
        if binding.node is statement:
            return False  # the value is read before the name is bound
        around = [*self._statements(binding.node)]
        return _start(around[-1]) > last and (_start(binding.node) < place or around[-1] is statement)

    def _statements(self, node: ast.AST) -> Iterator[ast.AST]:
        """A node and what is around it below the module, the module's own statement last."""
        yield node
        yield from (item for item in self._scopes.ancestors(node) if not isinstance(item, ast.Module))

    def qualified(self, node: ast.expr) -> str | None:
        """The dotted name that `node` refers to (`"logging.info"`, `"builtins.print"`), or None.

        None where bindings disagree, and for whatever is no import, alias of one, or builtin.
        """
        if node not in self._cache:
            self._cache[node] = None  # an alias that leads back to itself refers to nothing
            self._cache[node] = self._resolve(node)
        return self._cache[node]

    def _resolve(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Attribute):
            base = self.qualified(node.value)
            return f"{base}.{node.attr}" if base else None
        if isinstance(node, ast.Name):
            bindings = self.bindings(node)
            if not bindings:
                known = node.id in _BUILTINS and self.star_binds(node.id) is not True
                return f"builtins.{node.id}" if known else None
            found = {self._origin(binding) for binding in bindings}
            return found.pop() if len(found) == 1 else None
        return None

    def _origin(self, binding: Binding) -> str | None:
        if binding.kind is BindingKind.IMPORT:
            return self._unless_shadowed(binding.origin)
        if binding.kind is BindingKind.ASSIGN and isinstance(binding.value, (ast.Name, ast.Attribute)):
            return self.qualified(binding.value)
        return None

    def _unless_shadowed(self, origin: str | None) -> str | None:
        """`import logging` beside a `logging.py` of one's own is not the standard library's."""
        top = (origin or "").partition(".")[0]
        if top and self._layout is not None and is_stdlib(top) and self._layout.shadows(top):
            return f"<local>.{origin}"
        return origin

    def made_by(self, node: ast.expr) -> ast.Call | None:
        """The call that makes a value: the expression itself, or what its name is bound to, once."""
        if isinstance(node, ast.Name):
            bindings = self.bindings(node)
            return value if len(bindings) == 1 and isinstance(value := bindings[0].value, ast.Call) else None
        return node if isinstance(node, ast.Call) else None

    def is_alias(self, node: ast.expr) -> bool:
        """Whether a name gets its meaning from an assignment, not from an import or the builtins."""
        return isinstance(node, ast.Name) and any(binding.kind is BindingKind.ASSIGN for binding in self.bindings(node))

    def comes_from_elsewhere(self, name: str) -> bool:
        """Whether the module reads a name that nothing binds: defining it would change its meaning."""
        nodes = self._scopes.named((name,))
        return any(
            isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store) and not self.bindings(node)
            for node in nodes
        )

    def star_binds(self, name: str) -> bool | None:
        """Whether a star import of this module brings `name`: None if a module is unknown."""
        answer: bool | None = False
        for _, module in self._scopes.star_imports():
            exports = _STAR_EXPORTS.get(module) or self._exports(module)
            if exports is not None and name in exports:
                return True
            if exports is None and not is_stdlib(module):
                answer = None
        return answer


def _is_read_before(scope: Scope, name: ast.Name) -> bool:
    """Whether a name is read in or above the statement that binds it in a scope for the first time."""
    first = next(iter(scope.bindings_of(name.id)), None)
    if first is None or not isinstance(first.node, (ast.stmt, ast.expr)):
        return False
    end = first.node.end_lineno or first.node.lineno, first.node.end_col_offset or 0
    return (name.lineno, name.col_offset) < end


class Exports(NamedTuple):
    """What `from module import *` brings: names of the module's own, and the modules that it star-imports itself."""

    names: frozenset[str]
    stars: tuple[str, ...] = ()


def exports_of(tree: ast.Module, package: str) -> Exports:
    """The exports of a module: `__all__` where it is a literal, else every name without a leading underscore."""
    listed = _literal_all(tree)
    if listed is not None:
        return Exports(listed)
    names: set[str] = set()
    stars: list[str] = []
    for statement in _top_level(tree):
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(statement.name)
        elif isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*":
            stars.append(absolute_module(statement, package))
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            names.update(a.asname or a.name.partition(".")[0] for a in statement.names)
        else:
            names.update(
                node.id
                for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            )
    return Exports(frozenset(name for name in names if not name.startswith("_")), tuple(stars))


def _top_level(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements that run at import, those in `if`, `try` and the like included."""
    stack: list[ast.AST] = list(reversed(tree.body))
    while stack:
        node = stack.pop()
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.expr)):
            stack.extend(child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr))


def _literal_all(tree: ast.Module) -> frozenset[str] | None:
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            try:
                return frozenset(ast.literal_eval(statement.value))  # type: ignore[attr-defined]
            except (ValueError, TypeError):
                return None
    return None
