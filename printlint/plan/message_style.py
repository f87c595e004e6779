"""`message-style`: what an f-string becomes as a message, and which of its values become fields of the event."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from printlint.facts.calls.message_parts import Slot
from printlint.facts.conversions.methods import conversions_around
from printlint.facts.module import Module
from printlint.logging_names import RECORD_ATTRIBUTES
from printlint.plan.conversion_refusals import check_conversions, may_be
from printlint.plan.edits import Log, Plan
from printlint.plan.interpolation import (
    FORMATS_OTHERWISE,
    check_functions,
    formats_plainly,
    is_settled_in_time,
    take_apart,
)
from printlint.plan.message import Message, Refused, Value, merged_parts
from printlint.source import depth_exceeds

if TYPE_CHECKING:
    from printlint.facts.context import Context

# Parameters of structlog's methods, on the way from `info` to the event, and what its processors put into an event or
# take out of it (structlog 25.4, `_base`, `_native`, `stdlib`, `processors`).
STRUCTLOG_NAMES = frozenset(
    {
        *("self", "event", "method_name", "positional_args", "level", "extra", "stacklevel", "exc_info", "stack_info"),
        *("exception", "stack", "logger", "timestamp", "_record", "_from_structlog"),
    }
)


def styled(plan: Plan, context: Context, *, braces: bool) -> Plan:
    """The plan for a new logging call in the style that was chosen; `braces` format as an f-string does.

    Where the lazy form may read otherwise, it is the unsafe plan, and the unchanged f-string the safe one.
    """
    module, style = context.module, context.config.message_style
    if style == "keep" or len(plan.edits) != 1 or not isinstance(plan.edits[0], Log):
        return plan
    edit = plan.edits[0]
    message = edit.message
    if message is None and edit.text is None and len(edit.call.args) == 1 and not edit.call.keywords:
        message = Message(verbatim=True) if isinstance(edit.call.args[0], ast.JoinedStr) else None
    if message is None or edit.pformat:
        return plan
    call = edit.spoken
    fields = _fields(message, call, context) if style == "structured" else ()
    kept = replace(plan, edits=(replace(edit, message=replace(message, fields=fields)),)) if fields else plan
    try:
        slots = _slots(call, module, message, edit.call, braces=braces)
        check_conversions(context, edit.call, [slot.value for slot in slots], behind=True, later=True)
    except Refused:
        slots = ()
    if not slots:
        return kept
    lazy = replace(edit, message=replace(message, lazy=True, fields=fields))
    same = braces or all(formats_plainly(module, slot) for slot in slots)
    if same and is_settled_in_time(module, slots, braces=braces):
        return replace(kept, edits=(lazy,))
    caution = "; ".join(filter(None, [plan.caution, FORMATS_OTHERWISE]))
    return replace(kept, edits=(lazy,), caution=caution, otherwise=kept)


def _slots(call: ast.Call, module: Module, message: Message, place: ast.Call, *, braces: bool) -> tuple[Slot, ...]:
    """The values of an f-string that is the message, or becomes part of it; none without one. Raises `Refused`.

    `place` is where the call is.
    """
    if message.merged and not depth_exceeds(call):
        slots = tuple(part for part in merged_parts(call, message) if isinstance(part, Slot))
        check_functions(module, () if braces else slots, place)
        return slots
    if (
        not message.verbatim
        or len(call.args) != 1
        or not isinstance(call.args[0], ast.JoinedStr)
        or depth_exceeds(call)
    ):
        return ()
    slots = take_apart(module, call.args[0]).slots
    check_functions(module, () if braces else slots, place)
    return slots


def _fields(message: Message, call: ast.Call, context: Context) -> tuple[tuple[str, str], ...]:
    """The names among the values, each as the key of a field and the name that it holds.

    Names alone: whatever else is evaluated a second time might do something a second time. And none of values whose
    text is made by code that does: a field is made text once more.
    """
    indices = [0] if message.verbatim else [piece.index for piece in message.pieces if isinstance(piece, Value)]
    values: list[ast.expr] = []
    for argument in (call.args[index] for index in indices):
        inner = argument.values if isinstance(argument, ast.JoinedStr) else []
        values += [part.value for part in inner if isinstance(part, ast.FormattedValue)] or [argument]
    named = [value for value in values if isinstance(value, ast.Name)]
    for found in conversions_around(context.module, context.project, weak=False) if named else ():
        if found.raises or found.writes or found.changes or found.acts_when_asked:
            named = [value for value in named if not may_be(context.module, value, found)]
    names = dict.fromkeys(value.id for value in named)
    return fields_of(names)


def fields_of(names: Iterable[str], more: frozenset[str] = frozenset()) -> tuple[tuple[str, str], ...]:
    """Names with keys for their fields: a key that records, or `more`, have for themselves gets an underscore.

    `makeRecord` would raise a KeyError for an attribute of a record's.
    """
    names = tuple(names)
    keys: dict[str, str] = {}
    for name in names:
        key = name
        while key in RECORD_ATTRIBUTES | more or (key != name and (key in names or key in keys.values())):
            key += "_"
        keys[name] = key
    return tuple((key, name) for name, key in keys.items())
