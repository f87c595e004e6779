"""Folders as code spells them: `os.path.dirname(__file__)`, `Path(__file__).parent`, and names for such values."""

from __future__ import annotations

import ast
import os

_SAME = frozenset({"abspath", "realpath", "normpath", "fspath", "str", "Path", "PurePath", "PosixPath", "expanduser"})
_SAME_METHODS = frozenset({"resolve", "absolute", "as_posix", "expanduser", "__str__"})


class PathValues:
    """The values of path expressions at the top of one file, as far as they depend on its own place alone."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._known: dict[str, str] = {}

    def learn(self, statement: ast.stmt) -> None:
        """Note what an assignment gives a name."""
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                self._known.pop(name, None)
                if (known := self._text(value)) is not None:
                    self._known[name] = known
            case _:
                self.forget(statement)

    def forget(self, statement: ast.stmt) -> None:
        """Note that a statement may give names other values, in a way that is not followed."""
        parts = ast.iter_child_nodes(statement) if self._known else ()
        for part in parts:
            if not isinstance(part, ast.stmt):
                for node in ast.walk(part):
                    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                        self._known.pop(node.id, None)

    def folder(self, node: ast.expr) -> str | None:
        """The absolute folder that an expression names; None where that depends on more than the file's place."""
        value = self._text(node)
        return os.path.normpath(value) if value is not None and os.path.isabs(value) else None

    def _text(self, node: ast.expr) -> str | None:
        try:
            return self._value(node)
        except RecursionError:  # a sum of a thousand strings is no folder
            return None

    def _value(self, node: ast.expr) -> str | None:
        match node:
            case ast.Name(id="__file__"):
                return self._path
            case ast.Name(id=name):
                return self._known.get(name)
            case ast.Constant(value=str() as text):
                return text
            case ast.Attribute(value=ast.Name(id="os" | "path"), attr="pardir"):
                return os.pardir
            case ast.Attribute(value=inner, attr="parent"):
                return self._parent(inner, 1)
            case ast.Subscript(value=ast.Attribute(value=inner, attr="parents"), slice=ast.Constant(value=int() as up)):
                return self._parent(inner, up + 1) if 0 <= up < 50 else None
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return self._joined([left, right])
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                first, second = self._value(left), self._value(right)
                return first + second if first is not None and second is not None else None
            case ast.Call(func=function, args=args):
                return self._call(function, args)
        return None

    def _call(self, function: ast.expr, args: list[ast.expr]) -> str | None:
        match function:
            case ast.Attribute(attr="join" | "joinpath", value=receiver):
                is_method = function.attr == "joinpath"
                return self._joined([receiver, *args] if is_method else args)
            case ast.Name(id="join"):
                return self._joined(args)
            case ast.Attribute(attr="dirname") | ast.Name(id="dirname") if args:
                return self._parent(args[0], 1)
            case ast.Attribute(attr=name, value=receiver) if name in _SAME_METHODS:
                return self._value(receiver)
            case ast.Attribute(attr=name) | ast.Name(id=name) if name in _SAME and args:
                return self._joined(args)
        return None

    def _parent(self, node: ast.expr, levels: int) -> str | None:
        value = self._value(node)
        if value is None or not os.path.isabs(value):
            return None
        for _ in range(levels):
            value = os.path.dirname(os.path.normpath(value))
        return value

    def _joined(self, nodes: list[ast.expr]) -> str | None:
        values = [value for node in nodes if (value := self._value(node)) is not None]
        return os.path.join(*values) if values and len(values) == len(nodes) else None
