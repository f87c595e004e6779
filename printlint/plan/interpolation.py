"""What becomes of the values of a message that is formatted before logging sees it, as arguments of the call."""

from __future__ import annotations

import ast

from printlint.facts.calls.message_parts import Interpolation, Opaque, Slot
from printlint.facts.calls.message_parts import take_apart as parts_of
from printlint.facts.calls.value_types import is_immutable, known_types, may_act
from printlint.facts.module import Module
from printlint.plan.message import Refused

# Of a value that is not known to be text, a number, a container or an exception.
FORMATS_OTHERWISE = "`format()` of a value may differ from `str()`, as with tensors"


def take_apart(module: Module, node: ast.expr) -> Interpolation:
    """The words and values of a message. Raises `Refused` where they are unknown."""
    try:
        return parts_of(module, node)
    except Opaque as error:
        raise Refused(str(error)) from None


def formats_plainly(module: Module, slot: Slot) -> bool:
    """Whether a slot gives as an argument what it gives in an f-string: a conversion or a spec says how."""
    if slot.spec is not None or slot.conversion:
        return True
    return not slot.trail and bool(known_types(module, slot.value))


def check_functions(module: Module, slots: tuple[Slot, ...], place: ast.AST) -> None:
    """Raise `Refused` where a slot needs `format` or `repr` as a function, and the name means something else there."""
    specified = [slot for slot in slots if slot.spec is not None]
    names = {_FUNCTIONS[slot.conversion] for slot in specified if slot.conversion} | (
        {"format"} if specified else set()
    )
    for name in sorted(names):
        if module.scopes.scope_of(place).lookup(name) or module.names.comes_from_elsewhere(name):
            raise Refused(f"the rewrite needs the builtin `{name}`, which is shadowed here")


_FUNCTIONS = {"s": "str", "r": "repr", "a": "ascii"}


def is_settled_in_time(module: Module, slots: tuple[Slot, ...], *, braces: bool = False) -> bool:
    """Whether no value is changed, between its own turn and the formatting of all, by what the next ones call.

    With a specification, a value becomes text at its turn, or raises an error; in `braces`, only then.
    """
    acting = [index for index, slot in enumerate(slots) if may_act(slot.value)]
    return not acting or all(
        not braces if slot.spec is not None else not slot.trail and is_immutable(module, slot.value)
        for slot in slots[: acting[-1]]
    )
