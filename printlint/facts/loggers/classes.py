"""The classes of one module, and what they and their instances hold under a name."""

from __future__ import annotations

import ast
from typing import NamedTuple

from printlint.names.bindings import Binding, BindingKind, Scope, ScopeKind
from printlint.names.qualified import Names
from printlint.names.scopes import ScopeTree

_SCOPED = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


class Assigned(NamedTuple):
    """What an attribute is bound to, and how it is annotated."""

    value: ast.AST | None
    annotation: ast.expr | None = None


class Classes:
    """Answers for one module."""

    def __init__(self, scopes: ScopeTree, names: Names) -> None:
        self._scopes = scopes
        self._names = names
        self._stored: dict[str, dict[Scope, list[Assigned]]] = {}

    def of(self, node: ast.expr) -> Scope | None:
        """The scope of the module's class that `self`, `cls` or a class's own name refers to."""
        if not isinstance(node, ast.Name):
            return None
        for binding in self._names.bindings(node):
            if binding.kind is BindingKind.CLASS:
                return self.opened_by(binding.value)
            if binding.kind is BindingKind.PARAMETER and _is_first_parameter(binding):
                outer = binding.scope.parent
                return outer if outer and outer.kind is ScopeKind.CLASS else None
        return None

    def opened_by(self, node: ast.AST | None) -> Scope | None:
        """The scope of a class or function of this module."""
        return self._scopes.opened_by(node) if isinstance(node, _SCOPED) else None

    def attributes(self, owner: Scope, name: str) -> list[Assigned]:
        """What a name is bound to in a class's body, and then what is assigned to it on instances and on the class."""
        if name not in self._stored:
            self._stored[name] = self._collect_stored(name)
        found = [Assigned(binding.value, binding.annotation) for binding in owner.bindings_of(name)]
        return [*found, *self._stored[name].get(owner, ())]

    def _collect_stored(self, name: str) -> dict[Scope, list[Assigned]]:
        """What is assigned to an attribute, by the classes whose instances have it."""
        found: dict[Scope, list[Assigned]] = {}
        for node in self._scopes.stores(name):
            owner = self.of(node.value)
            if owner is None:
                continue
            statement = self._scopes.parent(node)
            value = statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign)) else statement
            annotation = statement.annotation if isinstance(statement, ast.AnnAssign) else None
            found.setdefault(owner, []).append(Assigned(value, annotation))
        return found


def _is_first_parameter(binding: Binding) -> bool:
    node = binding.scope.node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    if any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list):
        return False
    parameters = [*node.args.posonlyargs, *node.args.args]
    return bool(parameters) and parameters[0] is binding.node
