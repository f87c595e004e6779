"""The evidence for output or diagnostic, weighed in one place: each sign, what it weighs, and on how many prints.

`python tests/fit_verdicts.py --write` fits the weights to labelled prints and writes the table. A sign says something
of a print, of the code around it or of its file; the clause that says it to a user is made where the sign is found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
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
    "example folder": Weight(3.26, 20, 0),
    "notebook": Weight(3.00, 0, 0),
    "script folder": Weight(2.73, 132, 5),
    "dialogue": Weight(2.40, 32, 0),
    "document": Weight(2.36, 13, 0),
    "redraws": Weight(2.26, 3, 0),
    "command module": Weight(2.22, 76, 10),
    "invites": Weight(2.13, 11, 2),
    "main guard": Weight(2.10, 47, 7),
    "parses arguments": Weight(2.09, 155, 17),
    "script name": Weight(2.09, 14, 2),
    "task name": Weight(2.05, 76, 3),
    "migration": Weight(2.00, 0, 0),
    "command method": Weight(1.92, 11, 1),
    "printing function": Weight(1.67, 54, 23),
    "printing docstring": Weight(1.54, 28, 1),
    "printing class": Weight(1.29, 4, 3),
    "help": Weight(1.26, 9, 3),
    "on request": Weight(1.24, 27, 17),
    "columns": Weight(1.17, 10, 1),
    "version": Weight(1.05, 2, 0),
    "open line": Weight(1.02, 15, 4),
    "page": Weight(0.92, 25, 1),
    "main function": Weight(0.90, 84, 19),
    "in a row": Weight(0.81, 59, 12),
    "command line calls": Weight(0.80, 11, 23),
    "names its stream": Weight(0.70, 41, 12),
    "mostly prints": Weight(0.69, 14, 0),
    "laid out": Weight(0.68, 91, 44),
    "acts": Weight(0.52, 1, 0),
    "console script": Weight(0.50, 13, 7),
    "command folder": Weight(0.50, 17, 21),
    "shebang": Weight(0.50, 136, 80),
    "called by the guard": Weight(0.50, 120, 46),
    "part of main": Weight(0.42, 80, 62),
    "command library": Weight(0.30, 63, 72),
    "ruled": Weight(0.18, 2, 8),
    "logs": Weight(-0.15, 30, 182),
    "endless loop": Weight(-0.15, 8, 34),
    "module level": Weight(-0.15, 9, 27),
    "values": Weight(-0.16, 36, 158),
    "trouble in a command": Weight(-0.29, 65, 18),
    "service": Weight(-0.30, 28, 144),
    "method": Weight(-0.33, 44, 808),
    "prefixed": Weight(-0.35, 15, 190),
    "returns": Weight(-0.41, 79, 659),
    "trouble": Weight(-0.55, 12, 375),
    "framework": Weight(-0.61, 26, 396),
    "on request of a library": Weight(-0.30, 0, 0),
    "raises": Weight(-0.61, 3, 62),
    "trace": Weight(-0.72, 4, 13),
    "narrates in a command": Weight(-0.74, 75, 55),
    "narrates": Weight(-0.75, 15, 363),
    "tagged in a command": Weight(-0.76, 5, 15),
    "handler": Weight(-0.79, 10, 342),
    "called back": Weight(-0.82, 9, 181),
    "tagged": Weight(-0.87, 0, 124),
    "asynchronous": Weight(-1.00, 4, 383),
    "debugging": Weight(-2.05, 1, 58),
    "handed over": Weight(-2.37, 1, 73),
    "training": Weight(-3.19, 0, 17),
}


class Shown(NamedTuple):
    """A sign that a print shows, or some of the prints in its row: how many of them, from 0 to 1, and its clause."""

    share: float
    clause: str


def shown_by(rows: Sequence[Mapping[str, str]]) -> dict[str, Shown]:
    """The signs of prints that are in a row, of which the first is the one to judge; each sign has its clause."""
    counts = Counter(name for row in rows for name in row)
    found = {name: Shown(counts[name] / len(rows), clause) for name, clause in rows[0].items()}
    for row in rows[1:]:
        for name, clause in row.items():
            found.setdefault(name, Shown(counts[name] / len(rows), f"of a print beside it, {clause}"))
    return found


def weigh(signs: Mapping[str, Shown]) -> Verdict:
    """The verdict for a print by the signs that it and the prints in its row show."""
    score = BIAS
    for_output: list[tuple[float, str]] = []
    for_log: list[tuple[float, str]] = []
    for name, (share, clause) in signs.items():
        weight = WEIGHTS[name].weight * share
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
_COMMON_IN_COMMANDS = frozenset({"asynchronous", "handler", "logs", "method", "module level", "values"})
# An example of a framework shows how to use it.
_EXAMPLES = frozenset({"example folder", "notebook"})
_COMMON_IN_EXAMPLES = _COMMON_IN_COMMANDS | {"framework", "service", "called back"}
# A library or a service writes to standard error what it would log, and its lines tell of steps that take a while.
_OF_COMMANDS = frozenset({"names its stream", "open line"})
# Who makes an object of a library asks it to tell what it does: `if self.verbose`.
_OF_OBJECTS = {"on request": "on request of a library"}
_RENAMED = {name: f"{name} in a command" for name in ("narrates", "tagged", "trouble")}


def as_of_a_command(signs: dict[str, str]) -> dict[str, str]:
    """The signs that count. A command reports its errors and its progress as output, and says so by any means."""
    by_hand = not _BY_HAND.isdisjoint(signs) and "handed over" not in signs
    if not by_hand and (_COMMANDS.isdisjoint(signs) or not _SERVICES.isdisjoint(signs)):
        renamed = _OF_OBJECTS if "method" in signs else {}
        return {renamed.get(name, name): clause for name, clause in signs.items() if name not in _OF_COMMANDS}
    common = _COMMON_IN_COMMANDS if _EXAMPLES.isdisjoint(signs) else _COMMON_IN_EXAMPLES
    return {_RENAMED.get(name, name): clause for name, clause in signs.items() if name not in common}
