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
    "example folder": Weight(3.31, 20, 0),
    "notebook": Weight(3.00, 0, 0),
    "script folder": Weight(2.73, 132, 5),
    "dialogue": Weight(2.45, 32, 0),
    "document": Weight(2.39, 11, 0),
    "redraws": Weight(2.37, 3, 0),
    "command module": Weight(2.28, 76, 10),
    "script name": Weight(2.14, 14, 2),
    "main guard": Weight(2.14, 47, 7),
    "invites": Weight(2.14, 11, 2),
    "parses arguments": Weight(2.08, 155, 17),
    "task name": Weight(2.06, 76, 3),
    "migration": Weight(2.00, 0, 0),
    "command method": Weight(1.91, 11, 1),
    "printing function": Weight(1.71, 54, 23),
    "printing docstring": Weight(1.56, 28, 1),
    "printing class": Weight(1.43, 4, 3),
    "on request": Weight(1.30, 27, 17),
    "help": Weight(1.26, 4, 2),
    "columns": Weight(1.16, 8, 1),
    "version": Weight(1.07, 2, 0),
    "page": Weight(0.91, 25, 1),
    "main function": Weight(0.87, 84, 19),
    "command line calls": Weight(0.82, 11, 24),
    "in a row": Weight(0.79, 59, 12),
    "mostly prints": Weight(0.70, 17, 0),
    "laid out": Weight(0.57, 65, 40),
    "called by the guard": Weight(0.56, 120, 46),
    "acts": Weight(0.54, 1, 0),
    "console script": Weight(0.52, 13, 7),
    "command folder": Weight(0.50, 17, 21),
    "part of main": Weight(0.49, 80, 62),
    "command library": Weight(0.30, 63, 72),
    "ruled": Weight(0.15, 1, 3),
    "logs": Weight(-0.15, 30, 182),
    "endless loop": Weight(-0.15, 8, 34),
    "module level": Weight(-0.15, 9, 27),
    "method": Weight(-0.26, 44, 808),
    "values": Weight(-0.27, 30, 143),
    "service": Weight(-0.30, 28, 144),
    "prefixed": Weight(-0.34, 14, 190),
    "returns": Weight(-0.42, 79, 659),
    "trouble": Weight(-0.50, 11, 367),
    "tagged in a command": Weight(-0.65, 5, 15),
    "narrates in a command": Weight(-0.67, 71, 55),
    "framework": Weight(-0.72, 26, 396),
    "narrates": Weight(-0.75, 13, 356),
    "handler": Weight(-0.84, 10, 340),
    "called back": Weight(-0.86, 9, 181),
    "tagged": Weight(-0.87, 0, 124),
    "asynchronous": Weight(-0.96, 4, 383),
    "debugging": Weight(-2.10, 1, 58),
    "handed over": Weight(-2.37, 1, 73),
    "training": Weight(-3.24, 0, 17),
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
