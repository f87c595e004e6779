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


BIAS = -0.46
WEIGHTS = {  # sign, weight, prints that are output, prints that are diagnostics
    "example folder": Weight(3.37, 12, 0),
    "script folder": Weight(3.04, 47, 3),
    "notebook": Weight(3.00, 0, 0),
    "redraws": Weight(2.88, 2, 0),
    "document": Weight(2.76, 7, 0),
    "command method": Weight(2.67, 8, 0),
    "script name": Weight(2.62, 5, 0),
    "dialogue": Weight(2.53, 24, 0),
    "invites": Weight(2.33, 11, 2),
    "command module": Weight(2.23, 63, 9),
    "printing function": Weight(2.09, 41, 18),
    "parses arguments": Weight(2.07, 123, 16),
    "migration": Weight(2.00, 0, 0),
    "printing class": Weight(1.99, 3, 2),
    "main guard": Weight(1.90, 23, 5),
    "on request": Weight(1.49, 22, 13),
    "in a row": Weight(1.26, 55, 9),
    "acts": Weight(1.12, 9, 14),
    "called by the guard": Weight(0.96, 52, 40),
    "command line calls": Weight(0.86, 9, 21),
    "part of main": Weight(0.81, 57, 57),
    "command folder": Weight(0.50, 14, 20),
    "console script": Weight(0.50, 10, 6),
    "main function": Weight(0.50, 46, 18),
    "page": Weight(0.50, 12, 1),
    "command library": Weight(0.30, 38, 69),
    "ruled": Weight(0.15, 1, 3),
    "laid out": Weight(0.15, 28, 45),
    "logs": Weight(-0.15, 20, 154),
    "endless loop": Weight(-0.15, 6, 32),
    "values": Weight(-0.15, 24, 109),
    "module level": Weight(-0.27, 3, 23),
    "service": Weight(-0.30, 24, 140),
    "method": Weight(-0.57, 33, 769),
    "called back": Weight(-0.76, 15, 181),
    "narrates": Weight(-0.81, 10, 333),
    "trouble": Weight(-0.88, 6, 333),
    "asynchronous": Weight(-0.95, 4, 369),
    "framework": Weight(-1.13, 26, 360),
    "narrates in a command": Weight(-1.17, 46, 53),
    "handler": Weight(-1.22, 4, 301),
    "tagged": Weight(-1.62, 3, 131),
    "training": Weight(-2.44, 0, 12),
    "debugging": Weight(-2.89, 0, 56),
    "handed over": Weight(-3.00, 0, 39),
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
_COMMON_IN_COMMANDS = frozenset({"asynchronous", "handler", "logs", "method", "module level", "trouble", "values"})


def as_of_a_command(signs: dict[str, str]) -> dict[str, str]:
    """The signs that count. A command reports its errors and its progress as output, and says so by any means."""
    if _BY_HAND.isdisjoint(signs) and (_COMMANDS.isdisjoint(signs) or not _SERVICES.isdisjoint(signs)):
        return signs
    found = {name: clause for name, clause in signs.items() if name not in _COMMON_IN_COMMANDS}
    if "narrates" in found:
        found["narrates in a command"] = found.pop("narrates")
    return found
