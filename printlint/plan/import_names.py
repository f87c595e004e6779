"""Names that new code reads: whether they have their meaning there, or need an import, or another is in the
way."""

from __future__ import annotations

import ast

from printlint.facts.module import Module
from printlint.names.bindings import Binding, BindingKind, ScopeKind
from printlint.plan.message import Refused


def needs_import(module: Module, node: ast.AST, name: str, origin: str) -> bool:
    """Whether `name` has to be imported at the top of the file to refer to `origin` at a node.

    Raises `Refused` where it refers to something else there.
    """
    bindings = module.scopes.scope_of(node).lookup(name)
    if any(binding.kind is not BindingKind.IMPORT or binding.origin != origin for binding in bindings):
        raise Refused(f"`{name}` is bound to something else there")
    if not bindings and module.names.star_binds(name) is not False:
        raise Refused(f"a star import may bring another `{name}`")
    if not bindings or bindings[0].scope.kind is ScopeKind.MODULE:
        return True
    if not any(_runs_before(module, binding, node) for binding in bindings):
        raise Refused(f"`{name}` may not be imported yet there")
    return False


def _runs_before(module: Module, binding: Binding, node: ast.AST) -> bool:
    """Whether the import is a statement of the function itself, above the node."""
    unconditional = module.scopes.parent(binding.node) is binding.scope.node
    return unconditional and getattr(binding.node, "lineno", 0) < getattr(node, "lineno", 0)
