"""Numbers of more digits than `str()` converts: it raises a ValueError (`sys.set_int_max_str_digits`, Python 3.11)."""

from __future__ import annotations

import ast
import re

from printlint.facts.calls.catching import Catcher
from printlint.facts.calls.value_types import CONTAINERS, classes_of, known_types
from printlint.facts.module import Module
from printlint.facts.project.project import Project

# What makes such a number, wherever in the project.
_HUGE = (
    rb"[\w)\]][ \t]*\*\*[ \t]*\(?\d[\d_]{3,}|<<[ \t]*\(?\d[\d_]{4,}|\bpow\([^,()]*,[ \t]*\d[\d_]{3,}"
    rb"|\bfactorial\(|\bset_int_max_str_digits\(|[\"'][ \t]*\*[ \t]*\d[\d_]{3,}[ \t]*(?:,[ \t]*16)?\)|\d{4300,}"
)
_WORDS = (b"**", b"<<", b"pow(", b"factorial(", b"set_int_max_str_digits", b'int("', b"int('")
_BOUNDED = frozenset({"builtins.len", "builtins.ord", "builtins.hash", "builtins.id", "builtins.int", "builtins.round"})
_DEEPEST = 6


def may_be_huge(module: Module, project: Project, value: ast.expr, around: tuple[Catcher, ...]) -> bool:
    """Whether a value may be such a number, as far as the code around says so, and the error would be caught.

    It is a power or a shift by a number that is not known, or the project makes huge numbers somewhere.
    """
    if not any(catcher.catches("ValueError") for catcher in around) or not _may_be_number(module, value):
        return False
    return _grows(module, value, _DEEPEST) or _is_huge(module) or project.derived(_makes_huge)


def _makes_huge(project: Project) -> bool:
    return any(not file.is_test and re.search(_HUGE, data) for file, data in project.survey.holding(_WORDS))


def _is_huge(module: Module) -> bool:
    """The same of the module's text, which need not be a file's."""
    return re.search(_HUGE, module.source.text.encode("utf-8", "replace")) is not None


def _may_be_number(module: Module, value: ast.expr) -> bool:
    if isinstance(value, ast.Constant) or classes_of(module, value):
        return False
    types = known_types(module, value)
    if types and types.isdisjoint({*CONTAINERS, "int"}):
        return False
    return not (isinstance(value, ast.Call) and module.qualified(value.func) in _BOUNDED and len(value.args) == 1)


def _grows(module: Module, value: ast.expr, depth: int) -> bool:
    """Whether a value comes from a power or a shift by something unknown."""
    if depth == 0:
        return False
    match value:
        case ast.BinOp(op=ast.Pow() | ast.LShift(), right=right):
            return not isinstance(right, (ast.Constant, ast.UnaryOp))
        case ast.BinOp(left=left, right=right):
            return _grows(module, left, depth - 1) or _grows(module, right, depth - 1)
        case ast.Name():
            values = (item.value for item in module.names.bindings(value))
            return any(isinstance(item, ast.expr) and _grows(module, item, depth - 1) for item in values)
    return False
