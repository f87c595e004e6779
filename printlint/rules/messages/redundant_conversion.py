"""PRT508."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from printlint.facts.calls.log_calls import LogCall, log_calls
from printlint.facts.calls.placeholders import BRACE_PLACEHOLDER, placeholders
from printlint.facts.calls.value_types import is_immutable, known_types, may_act
from printlint.facts.context import Context
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged
from printlint.source import depth_exceeds

if TYPE_CHECKING:
    from printlint.plan.edits import Plan

_ENDS = {"str": "s", "repr": "r", "ascii": "a", "hex": "#x", "oct": "#o"}
_NO_NUMBER = "the placeholder may format an object that is no `int` differently"


class RedundantConversion(Rule):
    """## What it does
    Finds arguments converted to strings by `str()`, `repr()`, `ascii()`, `hex()`, `oct()`, `"{}".format()`, `format()`
    or an f-string, where a placeholder converts them: `%s`, `%r`, `%a`, `%#x`, `%#o`.

    ## Why is this bad
    The string is built even if the level is disabled, and handlers get the string instead of the value.

    ## Fix safety
    Safe: the placeholder calls the same function. Unsafe for `format()`, `"{}".format()` and f-strings of values that
    are not known to be strings, numbers, containers or exceptions, for `hex()` and `oct()` of values that are not known
    to be an `int`, and where a value may change before it is formatted.
    """

    code = "PRT508"
    name = "redundant-conversion"
    summary = "`str()` or the like around an argument that its placeholder converts"
    by_default = False
    starts = LOG_WORDS
    options = ("loggers",)
    peers = ("RUF065",)
    examples = (
        flagged(
            logged('logger.debug("a %s %-5s%%: %s", str(x), repr(y), z)'),
            logged('logger.debug("a %s %-5r%%: %s", x, y, z)'),
        ),
        ignored(logged('logger.debug("%r", str(x))')),
        ignored(logged('logger.debug("%9s", hex(x))')),
        ignored(logged('logger.debug("%s", str(x, "utf-8"))')),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Each argument at its own place."""
        for found in log_calls(context.module):
            for item in _wrapped(context.module, found):
                message = f"Redundant `{item.shown}`; pass the value, the placeholder converts it"
                yield self.finding(context, item.argument, message, site=found.call)

    def plan(self, finding: Finding, context: Context) -> Plan:
        """All arguments of the call at once."""
        from printlint.plan.edits import Conversion, Convert, Plan
        from printlint.plan.message import Refused
        from printlint.plan.refusals import rewritable_call

        module = context.module
        found = rewritable_call(finding, context)
        if depth_exceeds(found.call):
            raise Refused("its arguments are nested too deeply")
        message, wrapped = found.message, list(_wrapped(module, found))
        assert isinstance(message, ast.Constant)
        braces = found.logger.kind is LoggerKind.LOGURU
        first = found.call.args.index(message) + 1
        changes = tuple(Conversion(first + item.place, item.value, item.place, item.end) for item in wrapped)
        edit = Convert(found.call, message, changes, braces)
        cautions = dict.fromkeys(filter(None, _cautions(context, found, wrapped)))
        return Plan((edit,), "Pass the value itself", "; ".join(cautions))


class _Wrapped(NamedTuple):
    """Argument `place` behind the message, its value without the function, and the end that its place gets."""

    argument: ast.expr
    place: int
    value: ast.expr
    function: str
    end: str

    @property
    def shown(self) -> str:
        return f"{self.function}()" if self.function in (*_ENDS, "format") else self.function


def _wrapped(module: Module, found: LogCall) -> Iterator[_Wrapped]:
    message = found.message
    if not isinstance(message, ast.Constant) or not isinstance(message.value, str) or not found.values:
        return
    ends = _brace_ends(message.value) if found.logger.kind is LoggerKind.LOGURU else _ends(found, message.value)
    if len(ends) != len(found.values) or message not in found.call.args:
        return
    for index, (end, argument) in enumerate(zip(ends, found.values, strict=True)):
        function, value = _unwrapped(module, argument)
        if end is None or value is None or isinstance(value, ast.Starred):
            continue
        new = _ENDS.get(function, "s")
        if found.logger.kind is not LoggerKind.LOGURU:
            if len(new) > 1 and end != "s":
                continue  # its width and flags would come before the `#`
            yield _Wrapped(argument, index, value, function, new)
        elif len(new) == 1 and function in _ENDS:
            yield _Wrapped(argument, index, value, function, f"!{new}")


def _ends(found: LogCall, text: str) -> list[str | None]:
    """For each placeholder that ends in `s` the part after its `%`; None for others, which do more with text."""
    if (not found.standard and found.logger.kind is not LoggerKind.AIOLOGGER) or found.logger.own_methods:
        return []
    matches = placeholders(text)
    if any(match["key"] or "*" in (match["width"], match["precision"]) for match in matches):
        return []
    return [match[0][1:] if match["type"] == "s" else None for match in matches]


def _brace_ends(text: str) -> list[str | None]:
    matches = [match for match in BRACE_PLACEHOLDER.finditer(text) if match[0] not in ("{{", "}}")]
    if any(match["name"] for match in matches) or text.count("{") != text.count("}"):
        return []
    return [None if match["conversion"] else "s" for match in matches]


def _unwrapped(module: Module, node: ast.expr) -> tuple[str, ast.expr | None]:
    """The function that makes text of a value, and the value."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Constant(value="{}"), attr="format"), args=[value], keywords=[]):
            return '"{}".format()', value
        case ast.Call(func=func, args=[], keywords=[ast.keyword(arg="object", value=value)]):
            return "str", value if module.qualified(func) == "builtins.str" else None
        case ast.Call(func=func, args=[value], keywords=[]):
            package, _, name = (module.qualified(func) or "").rpartition(".")
            return name, value if package == "builtins" and name in (*_ENDS, "format") else None
        case ast.JoinedStr(values=[ast.FormattedValue(value=value, conversion=conversion, format_spec=None)]):
            names = {-1: 'f"{...}"', ord("s"): "str", ord("r"): "repr", ord("a"): "ascii"}
            return names[conversion], value
    return "", None


def _cautions(context: Context, found: LogCall, wrapped: list[_Wrapped]) -> Iterator[str]:
    from printlint.plan.interpolation import FORMATS_OTHERWISE
    from printlint.rules.messages._planning import CHANGED, logger_cautions

    module = context.module
    yield from logger_cautions(found, context, "the arguments")
    for item in wrapped:
        types = known_types(module, item.value)
        if item.function in ("hex", "oct") and not (types and types <= {"int", "bool"}):
            yield _NO_NUMBER
        if item.function not in _ENDS and not types:
            yield FORMATS_OTHERWISE
        others = [*(found.values or ()), *(keyword.value for keyword in found.call.keywords)]
        later = others[item.place + 1 :]
        if any(map(may_act, later)) and not is_immutable(module, item.value):
            texts = [_unwrapped(module, other)[1] for other in later if may_act(other)]
            if any(value is None or may_act(value) for value in texts):
                yield CHANGED
