"""What is taken out of displays: by a loop, by unpacking, by an index or a key. Unknown in part is unknown."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from itertools import chain

from printlint.names.bindings import BindingKind
from printlint.names.qualified import Names
from printlint.names.scopes import ScopeTree

_SAME_ITEMS = frozenset({"builtins.list", "builtins.tuple", "builtins.set", "builtins.sorted", "builtins.reversed"})
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp)
_MAX_STEPS = 5

Found = list[ast.expr] | None


class Displays:
    """Answers for one module: None where not all that an expression may give is known."""

    def __init__(self, scopes: ScopeTree, names: Names) -> None:
        self._scopes = scopes
        self._names = names

    def given_to(self, target: ast.Name) -> Found:
        """The expressions that a loop or an unpacking may bind a name to."""
        path: list[int] = []
        child: ast.AST = target
        parent = self._scopes.parent(target)
        while isinstance(parent, (ast.Tuple, ast.List)):
            path.insert(0, parent.elts.index(child))  # type: ignore[arg-type]
            child, parent = parent, self._scopes.parent(parent)
        match parent:
            case ast.For() | ast.AsyncFor() | ast.comprehension() if parent.target is child:
                items = self._items(parent.iter, _MAX_STEPS)
                return _all(self._part(item, path) for item in items) if items else None
            case ast.Assign(value=value) if path:
                return _all([self._part(value, path)])
        return None

    def taken_by(self, node: ast.Subscript) -> Found:
        """The expressions that `display[index]` and `display[key]` may give."""
        return self._taken(node.value, node.slice)

    def got_by(self, call: ast.Call) -> Found:
        """The same for `display.get(key)`; None for other calls."""
        match call:
            case ast.Call(func=ast.Attribute(value=table, attr="get"), args=[key]):
                return self._taken(table, key)
        return None

    def _taken(self, table: ast.expr, key: ast.expr) -> Found:
        display, added = self._display(table, _MAX_STEPS)
        wanted = key.value if isinstance(key, ast.Constant) else None
        match display:
            case ast.Dict(keys=keys, values=values) if None not in keys:
                pairs = zip(keys, values, strict=True)
                named = [value for item, value in pairs if isinstance(item, ast.Constant) and item.value == wanted]
                return [*named[-1:], *added] if named and wanted is not None else [*values, *added] or None
            case ast.List(elts=items) | ast.Tuple(elts=items) if not any(isinstance(i, ast.Starred) for i in items):
                if isinstance(wanted, int) and -len(items) <= wanted < len(items) and not added:
                    return [items[wanted]]
                return [*items, *added] or None
            case ast.DictComp(value=value) | ast.ListComp(elt=value):
                return [value, *added]
        return None

    def _part(self, value: ast.expr, path: list[int]) -> Found:
        for index in path:
            if not isinstance(value, (ast.Tuple, ast.List)) or len(value.elts) <= index:
                return None
            if any(isinstance(item, ast.Starred) for item in value.elts[: index + 1]):
                return None
            value = value.elts[index]
        return [value]

    def _items(self, node: ast.expr, steps: int) -> Found:
        """What iterating over an expression gives."""
        if not steps:
            return None
        match node:
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
                parts = (
                    self._items(item.value, steps - 1) if isinstance(item, ast.Starred) else [item] for item in items
                )
                return _all(parts)
            case ast.ListComp(elt=item) | ast.SetComp(elt=item) | ast.GeneratorExp(elt=item):
                return [item]
            case ast.Call(func=ast.Attribute(value=table, attr="values" | "items" as method), args=[]):
                return self._entries(table, method, steps)
            case ast.Call(func=func, args=[inner, *_]) if self._names.qualified(func) in _SAME_ITEMS:
                return self._items(inner, steps - 1)
            case ast.Call(func=func, args=[inner, *_]) if self._names.qualified(func) == "builtins.enumerate":
                counted = self._items(inner, steps - 1)
                return [ast.Tuple([node, item], ast.Load()) for item in counted] if counted else None
            case ast.Name():
                display, added = self._display(node, steps)
                own = self._items(display, steps - 1) if display is not None and display is not node else None
                return [*own, *added] if own is not None else None
        return None

    def _entries(self, table: ast.expr, method: str, steps: int) -> Found:
        display, added = self._display(table, steps)
        if isinstance(display, ast.DictComp):
            pairs = [(display.key, display.value)]
        elif isinstance(display, ast.Dict) and None not in display.keys:
            pairs = list(zip(display.keys, display.values, strict=True))  # type: ignore[arg-type]
        else:
            return None
        pairs += [(table, value) for value in added]
        return [value if method == "values" else ast.Tuple([key, value], ast.Load()) for key, value in pairs]

    def _display(self, node: ast.expr, steps: int) -> tuple[ast.expr | None, list[ast.expr]]:
        """The display that an expression is, or that its name is bound to, and what is put into it later on."""
        if not isinstance(node, ast.Name):
            return node, []
        bindings = self._names.bindings(node)
        if len(bindings) != 1 or bindings[0].kind is not BindingKind.ASSIGN or not steps:
            return None, []
        value = bindings[0].value
        added = self._added(node.id)
        is_display = isinstance(value, (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.DictComp, *_COMPREHENSIONS))
        if is_display or (isinstance(value, ast.Call) and not added):
            return (value, added) if added is not None else (None, [])  # type: ignore[return-value]
        return None, []

    def _added(self, name: str) -> Found:
        """What the module puts into the display of a name; None where something else happens to it."""
        found: list[ast.expr] = []
        for node in self._scopes.named((name,)):
            if not isinstance(node, ast.Name):
                continue
            parent = self._scopes.parent(node)
            around = self._scopes.parent(parent)
            match parent, around:
                case ast.Attribute(attr="append" | "add"), ast.Call(args=[item]):
                    found.append(item)
                case ast.Attribute(attr="extend" | "insert" | "update" | "setdefault" | "pop" | "clear"), _:
                    return None
                case ast.Subscript(ctx=ast.Store()), ast.Assign(value=item):
                    found.append(item)
                case ast.Subscript(ctx=ast.Store()), _:
                    return None
        return found


def _all(parts: Iterable[Found]) -> Found:
    """All parts together; None where one is unknown."""
    known = list(parts)
    return None if None in known else list(chain.from_iterable(filter(None, known)))
