"""Binding the names of a module: scopes and what each name is bound to, by the language's own rules.

One pass without recursion, so that a 1,000-term expression needs no deeper stack than a small one. Follows the language
reference, "Naming and binding", with PEP 572 (walrus), PEP 634 (match captures) and PEP 695 (type parameters).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from printlint.names.bindings import Binding, BindingKind, Scope, ScopeKind

_ComprehensionNode = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


_NAMING = (ast.Name, ast.Attribute)
_LONGEST_MODULE = 1_000  # characters, or leading dots; nothing that long can be found, and each imported name holds it


class Bound:
    """What binding the names of a statement has found.

    Calls, scopes, stores to attributes, what yields, imports, star imports with their modules, and bindings that give
    another name to something.
    """

    __slots__ = ("aliases", "calls", "generators", "imports", "scopes", "star_imports", "stores")

    def __init__(self) -> None:
        self.calls: list[ast.Call] = []
        self.scopes: list[Scope] = []
        self.stores: list[ast.Attribute] = []
        self.generators: list[ast.AST] = []
        self.imports: list[Binding] = []
        self.star_imports: list[tuple[ast.ImportFrom, str]] = []
        self.aliases: list[Binding] = []


class Binder:
    """Binds the names of statements, and notes for each node its parent and the scope it runs in."""

    def __init__(self, package: str, parents: dict[ast.AST, ast.AST], scope_of: dict[ast.AST, Scope]) -> None:
        self._package = package
        self.parents = parents
        self.scope_of = scope_of
        self._found = Bound()
        # (node, parent, scope), taken from the end: children are pushed in reverse to keep source order.
        self._stack: list[tuple[ast.AST, ast.AST, Scope]] = []

    def bind(self, statement: ast.stmt, parent: ast.AST, outer: Scope) -> Bound:
        """Bind the names of a statement of a scope's own level."""
        # Every lint run of every file goes through this loop: it is spelled out for speed.
        found = self._found = Bound()
        self._stack.append((statement, parent, outer))
        stack, parents, scope_of = self._stack, self.parents, self.scope_of
        handlers, child_fields = _HANDLERS, CHILD_FIELDS
        while stack:
            node, parent, scope = stack.pop()
            parents[node] = parent
            scope_of[node] = scope
            kind = node.__class__
            if kind is ast.Constant or (kind is ast.Name and node.ctx.__class__ is ast.Load):  # type: ignore[attr-defined]
                continue
            if kind is ast.Attribute:
                if node.ctx.__class__ is ast.Store:  # type: ignore[attr-defined]
                    found.stores.append(node)  # type: ignore[arg-type]
                stack.append((node.value, node, scope))  # type: ignore[attr-defined]
                continue
            if kind in handlers:
                handlers[kind](self, node, scope)
                continue
            if kind is ast.Call:
                found.calls.append(node)  # type: ignore[arg-type]
                for item in reversed(node.keywords):  # type: ignore[attr-defined]
                    stack.append((item, node, scope))
                for item in reversed(node.args):  # type: ignore[attr-defined]
                    stack.append((item, node, scope))
                stack.append((node.func, node, scope))  # type: ignore[attr-defined]
                continue
            for name in child_fields[kind]:
                child = getattr(node, name, None)
                if child.__class__ is list:
                    for item in reversed(child):
                        if item is not None:
                            stack.append((item, node, scope))
                elif child is not None:
                    stack.append((child, node, scope))
        self._settle_declared_names(found.scopes)
        return found

    def _push(self, nodes: Iterable[ast.AST], parent: ast.AST, scope: Scope) -> None:
        self._stack.extend([(node, parent, scope) for node in reversed(list(nodes))])

    def _open(self, kind: ScopeKind, node: ast.AST, parent: Scope) -> Scope:
        scope = parent.open(kind, node)
        self._found.scopes.append(scope)
        return scope

    def _bind(self, scope: Scope, binding: Binding) -> None:
        scope.add(binding.name, (binding,))
        if binding.kind is BindingKind.ASSIGN and binding.value.__class__ in _NAMING:
            self._found.aliases.append(binding)

    # Definitions

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        self._bind(scope, Binding(node.name, BindingKind.FUNCTION, scope, node, node))
        inner = self._open(ScopeKind.FUNCTION, node, scope)
        self._push(list(node.body), node, inner)
        self._push(list(getattr(node, "type_params", [])), node, inner)
        self._arguments(node.args, node, scope, inner)
        outside = [*node.decorator_list, *([node.returns] if node.returns else [])]
        self._push(list(outside), node, scope)

    def _lambda(self, node: ast.Lambda, scope: Scope) -> None:
        inner = self._open(ScopeKind.LAMBDA, node, scope)
        self._push([node.body], node, inner)
        self._arguments(node.args, node, scope, inner)

    def _arguments(self, args: ast.arguments, owner: ast.AST, scope: Scope, inner: Scope) -> None:
        """Parameters are bound inside; their defaults and annotations are evaluated outside."""
        self._note(args, owner, scope)
        parameters = [*args.posonlyargs, *args.args, *args.kwonlyargs]
        stars = [star for star in (args.vararg, args.kwarg) if star]
        for parameter in (*parameters, *stars):
            self._note(parameter, args, scope)
            annotation = None if parameter in stars else parameter.annotation
            binding = Binding(parameter.arg, BindingKind.PARAMETER, inner, parameter, parameter, annotation=annotation)
            self._bind(inner, binding)
            if parameter.annotation is not None:
                self._push([parameter.annotation], parameter, scope)
        self._push([default for default in (*args.defaults, *args.kw_defaults) if default], args, scope)

    def _class(self, node: ast.ClassDef, scope: Scope) -> None:
        self._bind(scope, Binding(node.name, BindingKind.CLASS, scope, node, node))
        inner = self._open(ScopeKind.CLASS, node, scope)
        self._push(list(node.body), node, inner)
        self._push(list(getattr(node, "type_params", [])), node, inner)
        self._push([*node.decorator_list, *node.bases, *node.keywords], node, scope)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, scope: Scope) -> None:
        """The first iterable is evaluated outside, everything else in the comprehension's own scope."""
        inner = self._open(ScopeKind.COMPREHENSION, node, scope)
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self._push(list(results), node, inner)
        for index, generator in reversed(list(enumerate(node.generators))):
            self._note(generator, node, inner)
            self._push([generator.target, *generator.ifs], generator, inner)
            self._push([generator.iter], generator, inner if index else scope)

    # Imports

    def _import(self, node: ast.Import, scope: Scope) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            origin = alias.name if alias.asname else name
            self._alias(scope, Binding(name, BindingKind.IMPORT, scope, node, origin=origin))

    def _import_from(self, node: ast.ImportFrom, scope: Scope) -> None:
        module = absolute_module(node, self._package)
        for alias in node.names:
            if alias.name == "*":
                if scope.kind is ScopeKind.MODULE:
                    self._found.star_imports.append((node, module))
                continue
            name = alias.asname or alias.name
            origin = f"{module}{alias.name}" if module.endswith(".") else f"{module}.{alias.name}"
            self._alias(scope, Binding(name, BindingKind.IMPORT, scope, node, origin=origin))

    def _alias(self, scope: Scope, binding: Binding) -> None:
        self._bind(scope, binding)
        self._found.imports.append(binding)
        if binding.origin != binding.name:
            self._found.aliases.append(binding)

    # Assignments

    def _assign(self, node: ast.Assign, scope: Scope) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self._note(target, node, scope)
                self._bind(scope, Binding(target.id, BindingKind.ASSIGN, scope, node, node.value))
            else:
                self._push([target], node, scope)
        self._push([node.value], node, scope)

    def _annotated(self, node: ast.AnnAssign, scope: Scope) -> None:
        target = node.target
        if isinstance(target, ast.Name):
            self._note(target, node, scope)
            kind = BindingKind.ASSIGN if node.value else BindingKind.ANNOTATION
            self._bind(scope, Binding(target.id, kind, scope, node, node.value, annotation=node.annotation))
        else:
            self._push([target], node, scope)
        self._push([node.annotation, *([node.value] if node.value else [])], node, scope)

    def _walrus(self, node: ast.NamedExpr, scope: Scope) -> None:
        holder = scope
        while holder.kind is ScopeKind.COMPREHENSION and holder.parent is not None:
            holder = holder.parent
        self._note(node.target, node, scope)
        self._bind(holder, Binding(node.target.id, BindingKind.ASSIGN, holder, node, node.value))
        self._push([node.value], node, scope)

    def _name(self, node: ast.Name, scope: Scope) -> None:
        """Any store that the handlers above did not take: loops, with, unpacking, augmented assignment, del."""
        if isinstance(node.ctx, ast.Store):
            self._bind(scope, Binding(node.id, BindingKind.TARGET, scope, node))
        elif isinstance(node.ctx, ast.Del):
            self._bind(scope, Binding(node.id, BindingKind.DELETE, scope, node))

    def _except_handler(self, node: ast.ExceptHandler, scope: Scope) -> None:
        if node.name:
            self._bind(scope, Binding(node.name, BindingKind.TARGET, scope, node))
        self._push(ast.iter_child_nodes(node), node, scope)

    def _capture(self, node: ast.MatchAs | ast.MatchStar | ast.MatchMapping, scope: Scope) -> None:
        name = node.rest if isinstance(node, ast.MatchMapping) else node.name
        if name:
            self._bind(scope, Binding(name, BindingKind.TARGET, scope, node))
        self._push(ast.iter_child_nodes(node), node, scope)

    def _type_parameter(self, node: ast.AST, scope: Scope) -> None:
        self._bind(scope, Binding(node.name, BindingKind.TARGET, scope, node))  # type: ignore[attr-defined]
        self._push(ast.iter_child_nodes(node), node, scope)

    def _declaration(self, node: ast.Global | ast.Nonlocal, scope: Scope) -> None:
        names = scope.global_names if isinstance(node, ast.Global) else scope.nonlocal_names
        names.update(node.names)

    def _yield(self, node: ast.Yield | ast.YieldFrom, scope: Scope) -> None:
        """A function that yields is a generator."""
        holder = scope
        while holder.kind is ScopeKind.COMPREHENSION and holder.parent is not None:
            holder = holder.parent
        self._found.generators.append(holder.node)
        if node.value is not None:
            self._stack.append((node.value, node, scope))

    def _note(self, node: ast.AST, parent: ast.AST, scope: Scope) -> None:
        self.parents[node] = parent
        self.scope_of[node] = scope

    def _settle_declared_names(self, scopes: Iterable[Scope]) -> None:
        """Hand the bindings of `global` and `nonlocal` names to the scope that really holds them."""
        for scope in scopes:
            for name in scope.global_names | scope.nonlocal_names:
                if scope.parent is not None and (made_here := scope.remove(name)):
                    holder = scope.module if name in scope.global_names else _enclosing_holder(scope, name)
                    holder.add(name, made_here)


def _enclosing_holder(scope: Scope, name: str) -> Scope:
    outer = scope.parent
    while outer is not None and outer.parent is not None:
        if outer.kind is ScopeKind.FUNCTION and outer.bindings_of(name):
            return outer
        outer = outer.parent
    return scope.module


_HANDLERS: dict[type[ast.AST], Callable[[Binder, Any, Scope], None]] = {
    ast.FunctionDef: Binder._function,
    ast.AsyncFunctionDef: Binder._function,
    ast.Lambda: Binder._lambda,
    ast.ClassDef: Binder._class,
    **dict.fromkeys(_ComprehensionNode, Binder._comprehension),
    ast.Import: Binder._import,
    ast.ImportFrom: Binder._import_from,
    ast.Assign: Binder._assign,
    ast.AnnAssign: Binder._annotated,
    ast.NamedExpr: Binder._walrus,
    ast.Name: Binder._name,
    **dict.fromkeys((ast.Yield, ast.YieldFrom), Binder._yield),
    ast.ExceptHandler: Binder._except_handler,
    **dict.fromkeys((ast.MatchAs, ast.MatchStar, ast.MatchMapping), Binder._capture),
    **dict.fromkeys((ast.Global, ast.Nonlocal), Binder._declaration),
    **dict.fromkeys(
        (getattr(ast, name) for name in ("TypeVar", "ParamSpec", "TypeVarTuple") if hasattr(ast, name)),
        Binder._type_parameter,
    ),
}


class _ChildFields(dict[type[ast.AST], tuple[str, ...]]):
    """The fields of each node class that hold nodes, last first; operators and contexts have no place of their own."""

    _WITHOUT_NODES = frozenset(
        {"arg", "attr", "conversion", "ctx", "id", "is_async", "kind", "kwd_attrs", "level", "module", "name"}
        | {"op", "ops", "rest", "simple", "type_comment", "type_ignores"}
    )

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        leaf = kind in (ast.Constant, ast.alias, ast.MatchSingleton)
        fields = () if leaf else tuple(name for name in reversed(kind._fields) if name not in self._WITHOUT_NODES)
        self[kind] = fields
        return fields


CHILD_FIELDS = _ChildFields()


def absolute_module(node: ast.ImportFrom, package: str) -> str:
    """The dotted module of a `from … import`, relative ones resolved against `package`.

    Where the package is not known the leading dots stay, so that `from . import logging` is never `logging`.
    """
    module, level = (node.module or "")[:_LONGEST_MODULE], min(node.level, _LONGEST_MODULE)
    if not level:
        return module
    parts = package.split(".") if package else []
    if level > len(parts):
        return "." * level + module
    base = parts[: len(parts) - level + 1]
    return ".".join([*base, *([module] if module else [])])
