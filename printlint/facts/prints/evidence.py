"""The evidence for output or diagnostic, weighed in one place: each sign, what it weighs, and on how many prints.

`python tests/fit_verdicts.py --write` fits the weights to labelled prints and writes the table. A sign says something
of a print, of the code around it or of its file; the clause that says it to a user is made where the sign is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

_TOLD = 2  # so many of the strongest signs for a verdict are told, and against it


class Weight(NamedTuple):
    """What a sign weighs: above 0 for output, below for a diagnostic. It was seen on so many prints of either kind."""

    weight: float
    output: int
    diagnostic: int


class Verdict(NamedTuple):
    """Output or diagnostic: the clauses that speak for that and against it, the strongest first."""

    is_output: bool
    reasons: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """What the verdict is, and why, without a full stop; empty for a diagnostic of which nothing is known."""
        kind = "program output" if self.is_output else "a diagnostic"
        told = f"{kind}: {' and '.join(self.reasons)}" if self.reasons else ""
        doubts = f"although {' and '.join(self.doubts)}" if self.doubts else ""
        return ", ".join(filter(None, (told or (doubts and kind), doubts)))


BIAS = -0.10
WEIGHTS = {  # sign, weight, prints that are output, prints that are diagnostics
    "example folder": Weight(3.41, 19, 0),
    "notebook": Weight(3.00, 0, 0),
    "script folder": Weight(2.90, 87, 4),
    "document": Weight(2.49, 7, 0),
    "redraws": Weight(2.49, 2, 0),
    "main guard": Weight(2.41, 33, 5),
    "dialogue": Weight(2.39, 29, 0),
    "command module": Weight(2.31, 68, 9),
    "task name": Weight(2.30, 50, 1),
    "command method": Weight(2.29, 9, 0),
    "invites": Weight(2.21, 11, 2),
    "parses arguments": Weight(2.14, 143, 17),
    "script name": Weight(2.13, 7, 2),
    "printing function": Weight(2.09, 49, 21),
    "migration": Weight(2.00, 0, 0),
    "printing docstring": Weight(1.77, 27, 1),
    "printing class": Weight(1.60, 4, 3),
    "on request": Weight(1.55, 23, 13),
    "blank": Weight(1.30, 9, 1),
    "columns": Weight(1.21, 7, 1),
    "version": Weight(1.08, 2, 0),
    "command line calls": Weight(1.08, 11, 22),
    "help": Weight(0.99, 1, 2),
    "main function": Weight(0.95, 63, 19),
    "in a row": Weight(0.91, 50, 10),
    "page": Weight(0.88, 19, 1),
    "part of main": Weight(0.82, 71, 58),
    "called by the guard": Weight(0.70, 82, 40),
    "mostly prints": Weight(0.70, 13, 0),
    "command folder": Weight(0.65, 16, 20),
    "acts": Weight(0.50, 0, 0),
    "console script": Weight(0.50, 11, 7),
    "laid out": Weight(0.48, 46, 37),
    "command library": Weight(0.30, 50, 70),
    "ruled": Weight(0.15, 1, 3),
    "logs": Weight(-0.15, 22, 169),
    "endless loop": Weight(-0.15, 7, 34),
    "values": Weight(-0.15, 25, 131),
    "module level": Weight(-0.20, 5, 25),
    "returns": Weight(-0.30, 63, 636),
    "service": Weight(-0.30, 21, 143),
    "prefixed": Weight(-0.47, 10, 188),
    "method": Weight(-0.52, 34, 791),
    "trouble": Weight(-0.63, 7, 355),
    "asynchronous": Weight(-0.70, 4, 379),
    "called back": Weight(-0.74, 9, 178),
    "narrates in a command": Weight(-0.74, 58, 54),
    "narrates": Weight(-0.80, 10, 348),
    "tagged in a command": Weight(-0.81, 3, 14),
    "tagged": Weight(-0.89, 0, 124),
    "framework": Weight(-0.90, 22, 382),
    "handler": Weight(-0.90, 6, 326),
    "debugging": Weight(-2.34, 0, 58),
    "handed over": Weight(-2.45, 1, 68),
    "training": Weight(-3.19, 0, 15),
}


def weigh(signs: Mapping[str, str]) -> Verdict:
    """The verdict for a print that shows some signs, which have a clause each."""
    score = BIAS
    for_output: list[tuple[float, str]] = []
    for_log: list[tuple[float, str]] = []
    for name, clause in signs.items():
        weight = WEIGHTS[name].weight
        score += weight
        (for_output if weight > 0 else for_log).append((abs(weight), clause))
    is_output = score > 0
    reasons, doubts = (for_output, for_log) if is_output else (for_log, for_output)
    return Verdict(is_output, _strongest(reasons), _strongest(doubts))


def _strongest(found: list[tuple[float, str]]) -> tuple[str, ...]:
    found.sort(key=lambda item: -item[0])
    return tuple(clause for _, clause in found[:_TOLD])


# People run these by hand, whatever they do.
_BY_HAND = frozenset(
    {"script name", "script folder", "example folder", "command method", "dialogue", "notebook", "migration"}
)
_COMMANDS = frozenset(
    {
        "command module",
        "command folder",
        "main guard",
        "command library",
        "console script",
        "called by the guard",
        "part of main",
        "main function",
        "parses arguments",
        "acts",
    }
)
_SERVICES = frozenset({"framework", "service", "handed over"})
# What a program that somebody runs and watches does, too.
_COMMON_IN_COMMANDS = frozenset({"asynchronous", "handler", "logs", "method", "module level", "trouble", "values"})
# An example of a framework shows how to use it.
_EXAMPLES = frozenset({"example folder", "notebook"})
_COMMON_IN_EXAMPLES = _COMMON_IN_COMMANDS | {"framework", "service", "called back"}
_RENAMED = {"narrates": "narrates in a command", "tagged": "tagged in a command"}


def as_of_a_command(signs: dict[str, str]) -> dict[str, str]:
    """The signs that count. A command reports its errors and its progress as output, and says so by any means."""
    by_hand = not _BY_HAND.isdisjoint(signs) and "handed over" not in signs
    if not by_hand and (_COMMANDS.isdisjoint(signs) or not _SERVICES.isdisjoint(signs)):
        return signs
    common = _COMMON_IN_COMMANDS if _EXAMPLES.isdisjoint(signs) else _COMMON_IN_EXAMPLES
    return {_RENAMED.get(name, name): clause for name, clause in signs.items() if name not in common}
