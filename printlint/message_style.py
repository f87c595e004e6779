"""`message-style`: what an f-string becomes as a message, and which of its values become fields of the event.

An f-string's `{x}` is `format(x, "")`, and `%s` is `str(x)` (Python reference, "f-strings"; library reference,
"printf-style String Formatting"). The two are the same for what this file knows to be text, a number of Python's own, a
container or an exception; a numpy scalar or a tensor shows that they are not in general.
"""

from __future__ import annotations

import ast
import logging
from dataclasses import replace

from printlint.edits import Log, Plan
from printlint.facts.bindings import BindingKind
from printlint.facts.module import Module
from printlint.message import Message, Value
from printlint.source import depth_exceeds

_PLAIN_CALLS = frozenset(
    f"builtins.{name}"
    for name in (
        *("str", "repr", "ascii", "format", "len", "int", "bool", "id", "ord", "chr", "hex", "oct", "bin", "hash"),
        *("sorted", "list", "dict", "tuple", "set", "frozenset", "bytes", "type"),
    )
)
_PLAIN_TYPES = frozenset({"builtins.str", "builtins.int", "builtins.bool", "builtins.bytes"})
_PLAIN_DISPLAYS = (
    *(ast.Constant, ast.JoinedStr, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp),
    ast.GeneratorExp,
)
_TAKEN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_CAUTION = "a value's `format()` may not be its `str()`, as with a tensor's"


def styled(plan: Plan, module: Module, style: str) -> Plan:
    """The plan for a new logging call in the style that was chosen.

    Where the lazy form may read otherwise, it is the unsafe plan, and the f-string as it stands the safe one.
    """
    if style == "keep" or len(plan.edits) != 1 or not isinstance(plan.edits[0], Log):
        return plan
    edit = plan.edits[0]
    message = edit.message
    if message is None and edit.text is None and len(edit.call.args) == 1 and not edit.call.keywords:
        message = Message(verbatim=True) if isinstance(edit.call.args[0], ast.JoinedStr) else None
    if message is None or edit.pformat:
        return plan
    fields = _fields(message, edit.call) if style == "structured" else ()
    kept = replace(plan, edits=(replace(edit, message=replace(message, fields=fields)),)) if fields else plan
    values = _values(edit.call) if message.verbatim else None
    if values is None or depth_exceeds(edit.call):
        return kept
    lazy = replace(edit, message=replace(message, lazy=True, fields=fields))
    if all(_formats_plainly(value, module) for value in values) and _is_settled_in_time(values, module):
        return replace(kept, edits=(lazy,))
    caution = "; ".join(filter(None, [plan.caution, _CAUTION]))
    return replace(kept, edits=(lazy,), caution=caution, otherwise=kept)


def _values(call: ast.Call) -> list[ast.FormattedValue] | None:
    """The replacement fields of the only argument, or None where that is no f-string that has any."""
    if len(call.args) != 1 or not isinstance(call.args[0], ast.JoinedStr):
        return None
    return [part for part in call.args[0].values if isinstance(part, ast.FormattedValue)] or None


def _formats_plainly(value: ast.FormattedValue, module: Module) -> bool:
    """Whether a field gives as an argument what it gives in the f-string: a conversion or a spec says how."""
    if value.conversion != -1 and value.format_spec is None:
        return True
    if value.format_spec is not None:
        return _is_builtin(module, value, "format") and _is_builtin(module, value, "repr")
    return _is_plain(value.value, module)


def _is_settled_in_time(values: list[ast.FormattedValue], module: Module) -> bool:
    """Whether no value is changed, between its own turn and the formatting of all, by what the next ones call."""
    acting = [index for index, value in enumerate(values) if _may_act(value)]
    return not acting or all(_is_immutable(value.value, module) for value in values[: acting[-1]])


def _may_act(value: ast.FormattedValue) -> bool:
    acts = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.ListComp, ast.SetComp, ast.DictComp)
    return any(isinstance(node, acts) for node in ast.walk(value))


def _is_immutable(node: ast.expr, module: Module) -> bool:
    match node:
        case ast.Constant() | ast.JoinedStr():
            return True
        case ast.Call(func=func):
            return module.qualified(func) in _PLAIN_CALLS - _MUTABLE_CALLS
        case ast.Name():
            bindings = module.names.bindings(node)
            return all(binding.kind is BindingKind.PARAMETER for binding in bindings) and _is_plain(node, module)
    return False


_MUTABLE_CALLS = frozenset(f"builtins.{name}" for name in ("sorted", "list", "dict", "tuple", "set", "type"))


def _is_builtin(module: Module, place: ast.AST, name: str) -> bool:
    return not module.scopes.scope_of[place].lookup(name) and not module.names.comes_from_elsewhere(name)


def _is_plain(node: ast.expr, module: Module) -> bool:
    """Whether `format(node, "")` is known to be `str(node)`."""
    match node:
        case ast.Name():
            return _is_plain_name(node, module)
        case ast.Call(func=func):
            return module.qualified(func) in _PLAIN_CALLS
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Compare(ops=[ast.Is() | ast.IsNot() | ast.In() | ast.NotIn()]):
            return True  # other comparisons of arrays and tensors give arrays and tensors
        case ast.IfExp(body=body, orelse=orelse):
            return _is_plain(body, module) and _is_plain(orelse, module)
    return isinstance(node, _PLAIN_DISPLAYS)


def _is_plain_name(node: ast.Name, module: Module) -> bool:
    bindings = module.names.bindings(node)
    if not bindings:
        return False
    for binding in bindings:
        match binding.kind:
            case BindingKind.ASSIGN if isinstance(binding.value, ast.expr) and not isinstance(binding.value, ast.Name):
                if not _is_plain(binding.value, module):
                    return False
            case BindingKind.PARAMETER if binding.annotation is not None:
                if module.qualified(binding.annotation) not in _PLAIN_TYPES:
                    return False
            case _:
                if not isinstance(binding.node, ast.ExceptHandler):
                    return False
    return True


def _fields(message: Message, call: ast.Call) -> tuple[tuple[str, str], ...]:
    """The names among the values, each as the key of a field and the name that it holds.

    Names alone: whatever else is evaluated a second time might do something a second time.
    """
    indices = [0] if message.verbatim else [piece.index for piece in message.pieces if isinstance(piece, Value)]
    values: list[ast.expr] = []
    for argument in (call.args[index] for index in indices):
        inner = argument.values if isinstance(argument, ast.JoinedStr) else []
        values += [part.value for part in inner if isinstance(part, ast.FormattedValue)] or [argument]
    names = dict.fromkeys(value.id for value in values if isinstance(value, ast.Name))
    return tuple((_free_key(name), name) for name in names)


def _free_key(name: str) -> str:
    """A key that no attribute of a log record has, which `makeRecord` would raise a KeyError for."""
    return f"{name}_" if name in _TAKEN else name
