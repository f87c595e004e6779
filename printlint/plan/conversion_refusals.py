"""Prints whose values are made text by code of the project's, in an order or with errors that the program sees."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from printlint.facts.calls.catching import Catcher, catchers
from printlint.facts.calls.value_types import CONTAINERS, classes_of, known_types
from printlint.facts.conversions.huge_numbers import may_be_huge
from printlint.facts.conversions.methods import Conversion, conversions, conversions_around
from printlint.facts.module import Module
from printlint.facts.project.project import Project
from printlint.plan.message import Message, Refused, Value

if TYPE_CHECKING:
    from printlint.facts.context import Context

# What gives a stream an encoding that cannot encode everything.
_ENCODING = (
    r"(?:std(?:out|err)\.reconfigure\((?=[^)\n]{0,200}encoding)|TextIOWrapper\((?=[^\n]{0,200}std)|getwriter\((?=[^\n]{0,200}std))"
    r"(?![^\n]{0,300}(?:errors|(?i:utf.?8)))"
)
_ENCODING_WORDS = (b".reconfigure(", b"TextIOWrapper(", b"getwriter(")
# What conversions raise that nobody has thought of.
_USUAL_ERRORS = (
    *("AttributeError", "KeyError", "IndexError", "TypeError", "ValueError", "RuntimeError", "ZeroDivisionError"),
    *("AssertionError", "OverflowError", "RecursionError", "StopIteration"),
)
# What an attribute that is missing, or no text, raises in the plainest conversion.
_ATTRIBUTE_ERRORS = frozenset({"AttributeError", "TypeError"})


def check_conversions(
    context: Context, call: ast.Call, values: Sequence[ast.expr], *, behind: bool = False, later: bool = False
) -> None:
    """Raise `Refused` where a record of values is made text otherwise than a print, and the program would see that.

    `behind`: there is text before the first of them. `later`: all are evaluated before the first is made text.
    """
    module, project = context.module, context.project
    around = tuple(catchers(module, call))
    own = conversions(module) if values else ()
    for conversion in conversions_around(module, project, weak=bool(around)) if values else ():
        for index, value in enumerate(values):
            if may_be(module, value, conversion):
                _check_order(conversion, first=index == 0 and not behind, sole=len(values) == 1)
                _check_errors(conversion, around, own=conversion in own)
                _check_changes(conversion, matters=later and len(values) > 1)
    if any(may_be_huge(module, project, value, around) for value in values):
        raise Refused("the `try` or `with` around it catches an error of `str()` that logging would swallow")


def check_printed(context: Context, call: ast.Call, message: Message) -> None:
    """The same for a print, whose stream may raise as well."""
    _check_encoding(context.module, context.project, call, tuple(catchers(context.module, call)))
    if message.merged:
        _check_merged(context, call)
    if message.joined is not None:
        check_conversions(context, call, call.args)
    else:
        indices = [piece.index for piece in message.pieces if isinstance(piece, Value)]
        check_conversions(context, call, [call.args[index] for index in indices], behind=indices[:1] != [0])


def _check_merged(context: Context, call: ast.Call) -> None:
    """Raise `Refused` where the text of an argument would be made before that of an f-string behind it, and matters."""
    last = max(index for index, item in enumerate(call.args) if isinstance(item, ast.JoinedStr))
    before = [item for item in call.args[:last] if not isinstance(item, (ast.Constant, ast.JoinedStr))]
    for conversion in conversions_around(context.module, context.project, weak=True) if before else ():
        _check_changes(conversion, matters=any(may_be(context.module, item, conversion) for item in before))


def _check_changes(found: Conversion, *, matters: bool) -> None:
    if found.changes and matters:
        raise Refused(f"`str()` of a `{found.name}` changes it, and the values would be made text in another order")


def _check_encoding(module: Module, project: Project, call: ast.Call, around: tuple[Catcher, ...]) -> None:
    catching = [catcher for catcher in around if catcher.catches("UnicodeEncodeError")]
    if not catching or all(map(_is_ascii, call.args)):
        return
    named = not all(catcher.catches_all for catcher in catching)
    if re.search(_ENCODING, module.source.text) or (named and project.derived(_sets_encoding)):
        raise Refused("the encoding of standard output is set, and an encoding error would be caught here")


def _sets_encoding(project: Project) -> bool:
    files = project.survey.holding(_ENCODING_WORDS)
    return any(not file.is_test and re.search(_ENCODING.encode(), data) for file, data in files)


def _is_ascii(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and str(node.value).isascii()


def _check_order(found: Conversion, *, first: bool, sole: bool) -> None:
    if found.writes and not first:
        raise Refused(f"`str()` of a `{found.name}` prints or logs, which would change the order of the output")
    if found.acts_when_asked and sole:
        raise Refused(f"logging tests a single argument for being a mapping, which runs code of `{found.name}`")


def _check_errors(found: Conversion, around: tuple[Catcher, ...], *, own: bool) -> None:
    caught = (error for error in found.raises for catcher in around if error == "*" or catcher.catches(error))
    if any(caught) or (own and found.raises):
        raise Refused(f"`str()` of a `{found.name}` may raise an error, which logging would swallow")
    usual = found.may_raise and any(catcher.catches(error) for catcher in around for error in _USUAL_ERRORS)
    if usual or (found.converts and any(catcher.caught & _ATTRIBUTE_ERRORS for catcher in around)):
        raise Refused(f"an error in `str()` of a `{found.name}` is caught here, but logging would swallow it")


def may_be(module: Module, value: ast.expr, found: Conversion) -> bool:
    """Whether a value may be of a class, or hold one that is; of an unknown value, it may."""
    match value:
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            return any(may_be(module, element, found) for element in elements)
        case ast.Dict(keys=keys, values=values):
            return any(may_be(module, item, found) for item in (*keys, *values) if item is not None)
    classes = classes_of(module, value)
    if classes:
        return any(name in (found.name, *found.bases) or _shows_others(module, name) for name in classes)
    types = known_types(module, value)
    return not types or not types.isdisjoint({*CONTAINERS, "exception"})


def _shows_others(module: Module, name: str) -> bool:
    """Whether the text of a class's instances holds that of what they hold: of a data class, a tuple, by own code."""
    own = (scope for scope in module.scopes.scopes if isinstance(scope.node, ast.ClassDef) and scope.node.name == name)
    return any(
        scope.node.decorator_list or scope.node.bases or scope.bindings_of("__str__") or scope.bindings_of("__repr__")  # type: ignore[attr-defined]
        for scope in own
    )
