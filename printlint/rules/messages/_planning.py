"""Messages that are formatted before logging sees them: how the rules PRT501 to PRT504 report and plan them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from printlint.facts.calls.log_calls import LogCall, all_log_calls
from printlint.facts.calls.message_parts import How, Interpolation, Slot, Text, how_built, text_of
from printlint.facts.calls.placeholders import PLACEHOLDER_TYPES, placeholders
from printlint.facts.calls.value_types import NUMBERS, is_immutable, known_types, may_act
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module, once_a_module
from printlint.facts.project.structlog_setup import formats_structlog_arguments
from printlint.finding import Finding
from printlint.plan.conversion_refusals import check_conversions
from printlint.plan.edits import Plan, Reformat
from printlint.plan.interpolation import (
    FORMATS_OTHERWISE,
    check_functions,
    formats_plainly,
    is_settled_in_time,
    take_apart,
)
from printlint.plan.message import Refused
from printlint.plan.refusals import check_not_counted, check_not_generated, mock_caution
from printlint.source import depth_exceeds

if TYPE_CHECKING:
    from printlint.facts.context import Context
    from printlint.rule import Rule

CHANGED = "a value may change before it is formatted"


@dataclass(frozen=True)
class Built:
    """A logging call whose message is formatted: there, or right before it in the variable `name`."""

    found: LogCall
    node: ast.expr
    how: How
    name: str = ""


def built_findings(rule: Rule, context: Context, how: How) -> Iterator[Finding]:
    """The findings of messages that are formatted in one of the ways."""
    for built in _built(context.module).values():
        if built.how is how:
            where = f" `{built.name}`" if built.name else ""
            advice = _advice(built.found)
            message = f"Logging message{where} {how.value}; {advice}"
            shown = built.found.message
            yield rule.finding(context, shown, message, site=built.found.call)


def _advice(found: LogCall) -> str:
    match found.logger.kind:
        case LoggerKind.STRUCTLOG:
            return "pass the values as keywords"
        case LoggerKind.LOGURU:
            return 'pass the values as arguments (`"... {}", value`)'
    return "pass the values as arguments"


@once_a_module
def _built(module: Module) -> dict[ast.AST, Built]:
    """The calls whose messages are formatted."""
    found = (_built_of(module, call) for call in all_log_calls(module) if call.message is not None)
    return {built.found.call: built for built in found if built is not None}


def _built_of(module: Module, found: LogCall) -> Built | None:
    node = found.message
    assert node is not None
    if how := how_built(module, node):
        return Built(found, node, how)
    value = _assigned_before(module, found.call, node) if isinstance(node, ast.Name) else None
    if value is not None and (how := how_built(module, value)):
        assert isinstance(node, ast.Name)
        return Built(found, value, how, node.id)
    return None


def _assigned_before(module: Module, call: ast.Call, name: ast.Name) -> ast.expr | None:
    """What the statement right before the call's binds to a name."""
    statement = module.places.statement(call)
    block, index = module.places.block(statement)
    match block[index - 1] if index else None:
        case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == name.id:
            return value
    return None


def plan_lazy(finding: Finding, context: Context) -> Plan:
    """The call with the values among its arguments. Raises `Refused`."""
    module = context.module
    assert finding.site is not None
    built = _built(module).get(finding.site)
    if built is None:
        raise Refused("the message is not built in the call")
    found = built.found
    check_not_generated(module)
    check_not_counted(found)
    if found.logger.kind is LoggerKind.SEVERAL:
        raise Refused("the logger may be of several libraries, which format arguments otherwise")
    if built.name:
        raise Refused(f"the message is in the variable `{built.name}`, which other code may read")
    if any(isinstance(ancestor, ast.JoinedStr) for ancestor in module.scopes.outline(found.call)):
        raise Refused("it is inside an f-string, where nested quotes need Python 3.12")
    if depth_exceeds(found.call):
        raise Refused("its arguments are nested too deeply")
    message = take_apart(module, built.node)
    braces = found.logger.kind is LoggerKind.LOGURU
    _check_logger(found, context, message)
    order = _order(found, message)
    check_functions(module, () if braces else message.slots, found.call)
    cautions = [
        *logger_cautions(found, context, "the message"),
        *_value_cautions(module, found, message, braces=braces),
        _conversion_caution(context, found, message),
    ]
    if order:
        cautions.append("the message is formatted twice, and a `%` in a value would be a placeholder")
    edit = Reformat(found.call, message, order, braces)
    return Plan((edit,), "Pass the values as arguments", "; ".join(dict.fromkeys(filter(None, cautions))))


def _check_logger(found: LogCall, context: Context, message: Interpolation) -> None:
    """Raise `Refused` where the logger would not put the values into the message."""
    if found.logger.own_methods:
        raise Refused("the logger's class makes records itself and may use another message format")
    if found.logger.kind is LoggerKind.STRUCTLOG and not formats_structlog_arguments(context.project):
        raise Refused('structlog takes values as keywords, which need names (`logger.info("paid", order=order)`)')
    if found.logger.kind is LoggerKind.LOGURU:
        if message.how is How.PERCENT:
            raise Refused("loguru uses `{}` placeholders, and `%` formats have no exact equivalent")
        if not found.logger.plain and not found.options.keys() <= {"exception", "depth", "colors"}:
            raise Refused("the logger may come from `opt(...)`, which can change the message format")
        if found.call.keywords and any(isinstance(part, Text) and set(part.text) & set("{}") for part in message.parts):
            raise Refused("its keyword arguments are used in the message")


def logger_cautions(found: LogCall, context: Context, asked: str) -> Iterator[str]:
    """Why the logger of a call may fare otherwise with values than with text; `asked` is what tests may ask for."""
    yield mock_caution(context.project, context.module, found, asked)
    if found.logger.kind is LoggerKind.AIOLOGGER:
        yield "aiologger formats messages later, when values may have changed"
    if found.standard and context.project.sets_logger_class:
        yield "the project sets a logger class, which may use another message format"
    if found.logger.derived:
        yield "the logger's class is the project's own and may treat messages differently"


def _value_cautions(module: Module, found: LogCall, message: Interpolation, *, braces: bool) -> Iterator[str]:
    slots = message.slots
    if message.how is How.PERCENT:
        yield from _percent_cautions(module, message)
    elif not braces and not all(formats_plainly(module, slot) for slot in _formatted(message)):
        yield FORMATS_OTHERWISE
    if any(not _is_text(module, slot) for slot in _added(message)):
        yield "an operand may be of a subclass of `str` with its own `__str__`"
    # Of `.format()` all values are there before one is formatted. `%` with a tuple that is written out is compiled to
    # what an f-string is (CPython 3.11 and later, `optimize_format` in Python/ast_opt.c).
    if not (message.how is How.FORMAT or is_settled_in_time(module, slots, braces=braces)) or not _survive_the_rest(
        module, found, slots
    ):
        yield CHANGED


def _conversion_caution(context: Context, found: LogCall, message: Interpolation) -> str:
    """Why the program may see when its values are made text; empty where it does not."""
    later = message.how is not How.FORMAT  # whose values are all there before the first is made text
    try:
        check_conversions(context, found.call, [slot.value for slot in message.slots], behind=True, later=later)
    except Refused as error:
        return error.reason
    return ""


def _survive_the_rest(module: Module, found: LogCall, slots: tuple[Slot, ...]) -> bool:
    """Whether no other argument of the call does anything that the values could show."""
    others = [*(found.values or ()), *(keyword.value for keyword in found.call.keywords)]
    if not any(item is not found.message and may_act(item) for item in others):
        return True
    return all(not slot.trail and is_immutable(module, slot.value) for slot in slots)


def _added(message: Interpolation) -> tuple[Slot, ...]:
    """The values that are operands of a `+`."""
    leaves = message.leaves if message.how is How.ADDITION else ()
    return tuple(leaf for leaf in leaves if isinstance(leaf, Slot))


def _formatted(message: Interpolation) -> list[Slot]:
    """The values in an f-string or in the arguments of `.format()`."""
    added = _added(message)
    return [slot for slot in message.slots if not any(slot is other for other in added)]


def _is_text(module: Module, slot: Slot) -> bool:
    return bool(slot.conversion) or known_types(module, slot.value, exact=True) == {"str"}


def _percent_cautions(module: Module, message: Interpolation) -> Iterator[str]:
    """Why `text % values` may give something else, or raise where logging does not."""
    assert isinstance(message.node, ast.BinOp)
    right = message.node.right
    text = text_of(module, message.node.left)
    if text is None:
        yield "its placeholders are unknown"
        return
    found = placeholders(text)
    if names := {place["name"] for place in found if place["key"]}:
        if not _has_keys(right, names):
            yield "a missing key, or a value that is no mapping, raises here, but is only reported by logging"
        if any(place["type"] not in "sra" for place in found):
            yield _NO_NUMBER
        return
    values = right.elts if isinstance(right, ast.Tuple) else [right]
    wanted = sum(1 + (place["width"] == "*") + (place["precision"] == "*") for place in found)
    if not isinstance(right, ast.Tuple) and not _is_no_tuple(module, right):
        if wanted != 1:
            raise Refused("its value is a tuple, which logging does not unpack")
        yield "the value may be a tuple, which `%` unpacks"
    elif wanted != len(values):
        raise Refused("its values do not match its placeholders, so the formatting raises")
    numbers = [place["type"] not in "sra" for place in found]
    if wanted > len(found) or (
        any(numbers)
        and not all(_is_number(module, value) for value, number in zip(values, numbers, strict=True) if number)
    ):
        yield _NO_NUMBER


_NO_NUMBER = "a value that is no number raises here, but is only reported by logging"


def _is_number(module: Module, node: ast.expr) -> bool:
    types = known_types(module, node)
    return bool(types) and types <= NUMBERS


def _is_no_tuple(module: Module, node: ast.expr) -> bool:
    types = known_types(module, node)
    return bool(types) and not types & {"tuple"}


def _has_keys(node: ast.expr, names: set[str]) -> bool:
    """Whether an expression is a dict display that has all of some keys."""
    keys = node.keys if isinstance(node, ast.Dict) else []
    return names <= {key.value for key in keys if isinstance(key, ast.Constant)}


def _order(found: LogCall, message: Interpolation) -> tuple[int, ...]:
    """The positions of the present arguments among the values; empty if there are none."""
    existing = found.values
    if existing is None:
        raise Refused("the values of its starred arguments are unknown")
    if not existing:
        return ()
    if message.how is How.PERCENT or found.logger.kind is LoggerKind.LOGURU:
        raise Refused("its message is formatted twice, so the order of the values is ambiguous")
    order: list[int] = []
    next_slot, next_value = 0, len(message.slots)
    for part in message.parts:
        if isinstance(part, Text):
            for place in placeholders(part.text):
                if place["key"] or "*" in (place["width"], place["precision"]):
                    raise Refused("its placeholders have keys or `*` widths")
                if place["type"] not in PLACEHOLDER_TYPES:
                    raise Refused("a `%` in it is not a valid placeholder")
                order.append(next_value)
                next_value += 1
        else:
            order.append(next_slot)
            next_slot += 1
    if sorted(order) != list(range(len(message.slots) + len(existing))):
        raise Refused("its arguments do not match the placeholders")
    acting = any(may_act(slot.value) for slot in message.slots) or any(map(may_act, existing))
    if acting and order != sorted(order):
        raise Refused("its values would be evaluated in another order")
    return tuple(order)
