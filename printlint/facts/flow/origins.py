"""Where a value comes from: the expressions that a name, a parameter, a loop's target or an attribute may have got.

An answer is what the module's own code says; nothing here is complete. Whoever asks takes the worst of what is found.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from printlint.facts.module import Module
from printlint.facts.project.bound_elsewhere import bound_elsewhere
from printlint.facts.project.project import Project
from printlint.names.bindings import Binding, BindingKind

_MAX_STEPS = 6
_SAME_ITEMS = frozenset({"builtins.list", "builtins.tuple", "builtins.set", "builtins.sorted", "builtins.reversed"})


def origins(module: Module, node: ast.expr, steps: int = _MAX_STEPS) -> Iterator[ast.expr]:
    """The expressions whose value `node` may have: both arms of a condition, what a name is bound to.

    A name that refers to an import, a definition or a builtin is an origin itself.
    """
    return _origins(module, node, steps, set())


def _origins(module: Module, node: ast.expr, steps: int, tried: set[tuple[ast.expr, int]]) -> Iterator[ast.expr]:
    if (node, steps) in tried:
        return  # a parameter that many calls pass on would be followed once for each way that leads to it
    tried.add((node, steps))
    if not steps:
        yield node
        return
    match node:
        case ast.IfExp(body=body, orelse=orelse):
            found = [body, orelse]
        case ast.BoolOp(values=operands):
            found = operands
        case ast.NamedExpr(value=value):
            found = [value]
        case ast.Name():
            found = [value for binding in module.names.bindings(node) for value in _of_binding(module, binding, steps)]
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr):
            found = list(_stored(module, attr))
        case _:
            found = []
    if not found:
        yield node
    for item in found:
        if item is node:
            yield node
        else:
            yield from _origins(module, item, steps - 1, tried)


def values_elsewhere(module: Module, project: Project, qualified: str) -> Iterator[tuple[Module, ast.expr]]:
    """What a name of another file of the project is bound to, with the file that says so."""
    if module.layout is not None:
        for other, binding in bound_elsewhere(module.layout, qualified, project.imported):
            if isinstance(binding.value, ast.expr):
                yield other, binding.value


def _of_binding(module: Module, binding: Binding, steps: int) -> Iterator[ast.expr]:
    if binding.kind is BindingKind.ASSIGN and isinstance(binding.value, ast.expr):
        yield binding.value
    elif binding.kind is BindingKind.PARAMETER and isinstance(binding.value, ast.arg):
        yield from given(module, binding.value)
    elif binding.kind is BindingKind.TARGET and isinstance(binding.node, ast.Name):
        yield from _of_target(module, binding.node, steps)


def given(module: Module, parameter: ast.arg) -> Iterator[ast.expr]:
    """What a parameter gets: its default, and what the module's own calls of its function pass."""
    arguments = module.scopes.parent(parameter)
    function = module.scopes.parent(arguments) if arguments is not None else None
    if not isinstance(arguments, ast.arguments) or not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = dict(zip(reversed(positional), reversed(arguments.defaults), strict=False))
    defaults |= {arg: value for arg, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value}
    if parameter in defaults:
        yield defaults[parameter]
    if positional and isinstance(module.scopes.parent(function), ast.ClassDef):
        positional = positional[1:]
    for call in module.calls_named(frozenset({function.name})):
        yield from (keyword.value for keyword in call.keywords if keyword.arg == parameter.arg)
        if parameter in positional and (index := positional.index(parameter)) < len(call.args):
            yield call.args[index]


def _stored(module: Module, attribute: str) -> Iterator[ast.expr]:
    """What `self.attribute = …` gives it, in whichever class of the module."""
    for target in module.scopes.stores(attribute):
        statement = module.scopes.parent(target)
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and isinstance(statement.value, ast.expr):
            if isinstance(target.value, ast.Name) and target.value.id in ("self", "cls"):
                yield statement.value


def _of_target(module: Module, target: ast.Name, steps: int) -> Iterator[ast.expr]:
    """What a loop, an unpacking or a `with` binds a name to."""
    child: ast.AST = target
    parent = module.scopes.parent(target)
    index = None
    if isinstance(parent, (ast.Tuple, ast.List)):
        index, child, parent = parent.elts.index(target), parent, module.scopes.parent(parent)
    match parent:
        case ast.For() | ast.AsyncFor() | ast.comprehension() if parent.target is child:
            for item in items_of(module, parent.iter, steps):
                yield from _part(item, index)
        case ast.Assign(value=value):
            yield from _part(value, index)
        case ast.withitem(context_expr=value) if index is None:
            yield value


def _part(value: ast.expr, index: int | None) -> Iterator[ast.expr]:
    if index is None:
        yield value
    elif isinstance(value, (ast.Tuple, ast.List)) and index < len(value.elts):
        yield value.elts[index]


def items_of(module: Module, node: ast.expr, steps: int = _MAX_STEPS) -> Iterator[ast.expr]:
    """The items that iterating over an expression gives: of displays, also behind `sorted(…)` or `….items()`."""
    for value in origins(module, node, steps - 1) if steps else ():
        match value:
            case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
                for element in elements:
                    if isinstance(element, ast.Starred):
                        yield from items_of(module, element.value, steps - 1)
                    else:
                        yield element
            case ast.ListComp(elt=element) | ast.SetComp(elt=element) | ast.GeneratorExp(elt=element):
                yield element
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                yield from items_of(module, left, steps - 1)
                yield from items_of(module, right, steps - 1)
            case ast.Dict(keys=keys):
                yield from filter(None, keys)
            case ast.Call(func=ast.Attribute(value=inner, attr="items" | "keys" | "values" as method)):
                yield from _items_of_dict(module, inner, method, steps)
            case ast.Call(func=func, args=[inner, *_]) if module.qualified(func) in _SAME_ITEMS:
                yield from items_of(module, inner, steps - 1)


def _items_of_dict(module: Module, node: ast.expr, method: str, steps: int) -> Iterator[ast.expr]:
    for value in origins(module, node, steps - 1):
        if isinstance(value, ast.Dict):
            for key, item in zip(value.keys, value.values, strict=True):
                if key is not None:
                    yield {"keys": key, "values": item}.get(method) or ast.Tuple([key, item], ast.Load())
