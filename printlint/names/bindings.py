"""What names are bound to: a binding is one place that binds a name, a scope the block that holds it."""

from __future__ import annotations

import ast
import weakref
from collections.abc import Iterable, Mapping
from enum import Enum


class ScopeKind(Enum):
    """The blocks of the language that hold names."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"
    LAMBDA = "lambda"
    COMPREHENSION = "comprehension"


class BindingKind(Enum):
    """How a name came to be bound."""

    IMPORT = "import"
    ASSIGN = "assignment"
    PARAMETER = "parameter"
    FUNCTION = "function"
    CLASS = "class"
    DELETE = "del"
    ANNOTATION = "bare annotation"
    TARGET = "for, with, except, match or other target"


class Binding:
    """One place that binds a name.

    `value` is the bound expression where the binding is `name = value` (also annotated or by walrus), the
    statement of a `def` or `class`, or the parameter; `origin` the qualified name that an import refers to.
    """

    __slots__ = ("_scope", "annotation", "kind", "name", "node", "origin", "value")

    def __init__(
        self,
        name: str,
        kind: BindingKind,
        scope: Scope,
        node: ast.AST,
        value: ast.AST | None = None,
        annotation: ast.expr | None = None,
        origin: str | None = None,
    ) -> None:
        self.name = name
        self.kind = kind
        # Scopes hold their bindings. With no way back, a tree is freed when nobody has it, and waits for no collector.
        self._scope = weakref.ref(scope)
        self.node = node
        self.value = value
        self.annotation = annotation
        self.origin = origin

    @property
    def scope(self) -> Scope:
        """The scope that the statement is in. It lives as long as the module's `ScopeTree`."""
        scope = self._scope()
        assert scope is not None
        return scope


class Scope:
    """A block with its names."""

    __slots__ = ("__weakref__", "_bindings", "global_names", "kind", "node", "nonlocal_names", "parent")

    def __init__(self, kind: ScopeKind, node: ast.AST, parent: Scope | None = None) -> None:
        self.kind = kind
        self.node = node
        self.parent = parent
        self._bindings: dict[str, list[Binding]] = {}
        self.global_names: set[str] = set()
        self.nonlocal_names: set[str] = set()

    def open(self, kind: ScopeKind, node: ast.AST) -> Scope:
        """A new scope within this one."""
        return Scope(kind, node, self)

    @property
    def module(self) -> Scope:
        """The outermost scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def holder(self, name: str) -> Scope | None:
        """The scope whose binding a load of `name` in this scope sees, or None: a builtin or nothing.

        A class body's own names are seen in that body alone, not in the functions nested in it.
        """
        scope: Scope | None = self
        while scope is not None:
            if scope is self or scope.kind is not ScopeKind.CLASS:
                if name in scope.global_names:
                    return scope.module if scope.module.bindings_of(name) else None
                if scope.bindings_of(name) and name not in scope.nonlocal_names:
                    return scope
            scope = scope.parent
        return None

    def bindings_of(self, name: str) -> list[Binding]:
        """Every binding of `name` in this very scope, in source order."""
        return self._bindings.get(name, _NONE)

    def all_bindings(self) -> Mapping[str, list[Binding]]:
        """Every name of this very scope, with its bindings."""
        return self._bindings

    def lookup(self, name: str) -> list[Binding]:
        """Every binding that a load of `name` here may see."""
        holder = self.holder(name)
        return holder.bindings_of(name) if holder is not None else []

    # For whoever binds names

    def add(self, name: str, bindings: Iterable[Binding]) -> None:
        """Bind a name here."""
        self._bindings.setdefault(name, []).extend(bindings)

    def remove(self, name: str) -> list[Binding]:
        """Take what is bound to a name away, for another scope to hold."""
        return self._bindings.pop(name, [])


_NONE: list[Binding] = []
