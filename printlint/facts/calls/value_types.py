"""What an expression's value is known to be, by its form: the names of the builtin types that it may have."""

from __future__ import annotations

import ast

from printlint.facts.module import Module
from printlint.names.bindings import Binding, BindingKind

UNKNOWN: frozenset[str] = frozenset()
CONTAINERS = frozenset({"list", "tuple", "set", "frozenset", "dict"})
NUMBERS = frozenset({"int", "bool", "float"})

_RESULTS = {
    **dict.fromkeys(("str", "repr", "ascii", "format", "chr", "hex", "oct", "bin"), "str"),
    **dict.fromkeys(("len", "int", "id", "ord", "hash"), "int"),
    **{name: name for name in ("bool", "float", "list", "dict", "tuple", "set", "frozenset", "bytes", "type")},
    "sorted": "list",
}
_TEXT_FUNCTIONS = frozenset(
    {
        *("json.dumps", "pprint.pformat", "time.strftime", "time.ctime", "traceback.format_exc", "textwrap.dedent"),
        *("textwrap.indent", "textwrap.fill", "textwrap.shorten", "os.getcwd", "platform.platform", "getpass.getuser"),
    }
)
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
        qualified = self._module.qualified(node.func) or ""
        module, _, name = qualified.rpartition(".")
        if qualified in _TEXT_FUNCTIONS:
            return frozenset({"str"})
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


def classes_of(module: Module, node: ast.expr) -> frozenset[str]:
    """The names of the classes that a value is an instance of, by a call or an annotation; empty where unknown.

    Of a subclass, too, and not of what holds other values: a list's class says nothing about its text.
    """
    if isinstance(node, ast.Call):
        return _class_called(module, node.func)
    if not isinstance(node, ast.Name):
        return UNKNOWN
    found = [_class_of(module, binding) for binding in module.names.bindings(node)]
    return frozenset().union(*found) if all(found) else UNKNOWN


def _class_of(module: Module, binding: Binding) -> frozenset[str]:
    if binding.kind is BindingKind.ASSIGN and isinstance(binding.value, ast.Call):
        return _class_called(module, binding.value.func)
    annotated = binding.kind in (BindingKind.PARAMETER, BindingKind.ANNOTATION)
    if annotated and isinstance(binding.annotation, (ast.Name, ast.Attribute)):
        return _class_named(module, binding.annotation)
    return UNKNOWN


def _class_called(module: Module, func: ast.expr) -> frozenset[str]:
    """The class whose name is called; a function may be written in capitals, too, but not as `Point` is."""
    found = _class_named(module, func)
    return frozenset(name for name in found if not name.isupper())


def _class_named(module: Module, node: ast.expr) -> frozenset[str]:
    qualified = module.qualified(node)
    if qualified is None:
        bindings = module.names.bindings(node) if isinstance(node, ast.Name) else []
        return frozenset({node.id}) if [binding.kind for binding in bindings] == [BindingKind.CLASS] else UNKNOWN  # type: ignore[attr-defined]
    prefix, _, name = qualified.rpartition(".")
    if prefix == "builtins":
        return frozenset({name} & {"str", "bytes", "float", "complex"})
    holds_others = prefix in ("typing", "typing_extensions", "collections", "collections.abc") or "Any" in name
    return frozenset({name}) if name[:1].isupper() and not holds_others else UNKNOWN


def may_act(node: ast.expr) -> bool:
    """Whether evaluating an expression may do something beside giving its value: it calls, awaits or binds."""
    acts = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.ListComp, ast.SetComp, ast.DictComp)
    return any(isinstance(part, acts) for part in ast.walk(node))


def is_immutable(module: Module, node: ast.expr) -> bool:
    """Whether a value cannot read otherwise later, whatever is called in between."""
    types = known_types(module, node)
    return bool(types) and types <= {"str", "bytes", "NoneType", *NUMBERS}
