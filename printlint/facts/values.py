"""What an expression's value is known to be, by its form: the names of the builtin types that it may have."""

from __future__ import annotations

import ast

from printlint.facts.bindings import Binding, BindingKind
from printlint.facts.module import Module

UNKNOWN: frozenset[str] = frozenset()
NUMBERS = frozenset({"int", "bool", "float"})

_RESULTS = {
    **dict.fromkeys(("str", "repr", "ascii", "format", "chr", "hex", "oct", "bin"), "str"),
    **dict.fromkeys(("len", "int", "id", "ord", "hash"), "int"),
    **{name: name for name in ("bool", "float", "list", "dict", "tuple", "set", "frozenset", "bytes", "type")},
    "sorted": "list",
}
_TEXT_METHODS = frozenset(
    {
        *("capitalize", "casefold", "center", "expandtabs", "format", "format_map", "join", "ljust", "lower", "lstrip"),
        *("removeprefix", "removesuffix", "replace", "rjust", "rstrip", "strip", "swapcase", "title", "upper", "zfill"),
    }
)
_DISPLAYS = (
    (ast.JoinedStr, "str"),
    ((ast.List, ast.ListComp), "list"),
    (ast.Tuple, "tuple"),
    ((ast.Set, ast.SetComp), "set"),
    ((ast.Dict, ast.DictComp), "dict"),
    (ast.GeneratorExp, "generator"),
)
_ANNOTATIONS = {f"builtins.{name}": frozenset({name}) for name in ("str", "int", "bool", "bytes")}
_DEEPEST = 8


def known_types(module: Module, node: ast.expr, *, exact: bool = False) -> frozenset[str]:
    """The types that a value may have, by name (`"str"`, `"NoneType"`, `"exception"`), or `UNKNOWN`.

    Annotations are believed, though a value may be of a subclass; with `exact` they are not.
    """
    return _Inference(module, exact).of(node, _DEEPEST)


class _Inference:
    def __init__(self, module: Module, exact: bool) -> None:
        self._module = module
        self._exact = exact

    def of(self, node: ast.expr, depth: int) -> frozenset[str]:
        if depth == 0:
            return UNKNOWN
        match node:
            case ast.Constant(value=value):
                return frozenset({type(value).__name__})
            case ast.Name():
                return self._of_name(node, depth)
            case ast.Call():
                return self._of_call(node, depth)
            case ast.UnaryOp(op=ast.Not()):
                return frozenset({"bool"})
            case ast.Compare(ops=[ast.Is() | ast.IsNot() | ast.In() | ast.NotIn()]):
                return frozenset({"bool"})  # other comparisons of arrays and tensors give arrays and tensors
            case ast.IfExp(body=body, orelse=orelse):
                return self._all([body, orelse], depth)
            case ast.BinOp():
                return self._of_operation(node, depth)
        return next((frozenset({name}) for types, name in _DISPLAYS if isinstance(node, types)), UNKNOWN)

    def _all(self, nodes: list[ast.expr], depth: int) -> frozenset[str]:
        found = [self.of(node, depth - 1) for node in nodes]
        return frozenset().union(*found) if all(found) else UNKNOWN

    def _of_call(self, node: ast.Call, depth: int) -> frozenset[str]:
        module, _, name = (self._module.qualified(node.func) or "").rpartition(".")
        if module == "builtins" and name in _RESULTS:
            return frozenset({_RESULTS[name]})
        if isinstance(node.func, ast.Attribute) and node.func.attr in _TEXT_METHODS:
            return self.of(node.func.value, depth - 1) & {"str"}
        return UNKNOWN

    def _of_operation(self, node: ast.BinOp, depth: int) -> frozenset[str]:
        left = self.of(node.left, depth - 1)
        if isinstance(node.op, ast.Mod) and left == {"str"}:
            return left
        if not isinstance(node.op, (ast.Add, ast.Sub, ast.Mult)):
            return UNKNOWN
        right = self.of(node.right, depth - 1)
        return left if (left == right and left in ({"int"}, {"float"})) or left == right == {"str"} else UNKNOWN

    def _of_name(self, node: ast.Name, depth: int) -> frozenset[str]:
        found = [self._of_binding(binding, depth) for binding in self._module.names.bindings(node)]
        return frozenset().union(*found) if all(found) else UNKNOWN

    def _of_binding(self, binding: Binding, depth: int) -> frozenset[str]:
        if binding.kind is BindingKind.ASSIGN and isinstance(binding.value, ast.expr):
            return self.of(binding.value, depth - 1)
        if binding.kind is BindingKind.PARAMETER and binding.annotation is not None and not self._exact:
            return _ANNOTATIONS.get(self._module.qualified(binding.annotation) or "", UNKNOWN)
        return frozenset({"exception"}) if isinstance(binding.node, ast.ExceptHandler) else UNKNOWN


def may_act(node: ast.expr) -> bool:
    """Whether evaluating an expression may do something beside giving its value: it calls, awaits or binds."""
    acts = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.ListComp, ast.SetComp, ast.DictComp)
    return any(isinstance(part, acts) for part in ast.walk(node))


def is_immutable(module: Module, node: ast.expr) -> bool:
    """Whether a value cannot read otherwise later, whatever is called in between."""
    types = known_types(module, node)
    return bool(types) and types <= {"str", "bytes", "NoneType", *NUMBERS}
