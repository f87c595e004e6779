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


BIAS = -0.36
WEIGHTS = {  # sign, weight, prints that are output, prints that are diagnostics
    "invites": Weight(3.03, 14, 2),
    "notebook": Weight(3.00, 0, 0),
    "example folder": Weight(2.98, 26, 1),
    "script folder": Weight(2.52, 204, 6),
    "dialogue": Weight(2.14, 37, 0),
    "command module": Weight(2.12, 88, 10),
    "redraws": Weight(2.10, 3, 0),
    "document": Weight(2.07, 28, 0),
    "printing function": Weight(2.06, 75, 34),
    "main guard": Weight(2.03, 83, 7),
    "migration": Weight(2.03, 3, 0),
    "command method": Weight(1.99, 13, 1),
    "script name": Weight(1.98, 16, 2),
    "parses arguments": Weight(1.68, 213, 24),
    "task name": Weight(1.42, 106, 4),
    "logged too": Weight(1.21, 3, 1),
    "on request": Weight(1.20, 27, 9),
    "script": Weight(1.19, 44, 15),
    "printing docstring": Weight(1.16, 33, 1),
    "script docstring": Weight(1.11, 134, 11),
    "help": Weight(1.09, 11, 3),
    "columns": Weight(1.08, 13, 1),
    "printing class": Weight(1.06, 4, 4),
    "version": Weight(1.01, 2, 0),
    "page": Weight(0.99, 35, 1),
    "in a row": Weight(0.95, 77, 14),
    "console script": Weight(0.93, 18, 7),
    "command line calls": Weight(0.92, 17, 34),
    "result": Weight(0.85, 76, 10),
    "command folder": Weight(0.67, 28, 26),
    "main function": Weight(0.65, 154, 24),
    "shebang": Weight(0.65, 226, 88),
    "mostly prints": Weight(0.62, 15, 0),
    "open line": Weight(0.61, 10, 0),
    "called by the guard": Weight(0.55, 212, 56),
    "last": Weight(0.53, 87, 58),
    "acts": Weight(0.51, 2, 0),
    "names its stream": Weight(0.48, 38, 3),
    "part of main": Weight(0.47, 98, 67),
    "laid out": Weight(0.45, 121, 47),
    "command library": Weight(0.44, 93, 77),
    "ruled": Weight(0.26, 3, 8),
    "on request of a library": Weight(-0.10, 6, 14),
    "trouble in a command": Weight(-0.12, 88, 23),
    "logs": Weight(-0.15, 44, 198),
    "values": Weight(-0.15, 52, 176),
    "method": Weight(-0.23, 58, 849),
    "endless loop": Weight(-0.26, 10, 43),
    "module level": Weight(-0.26, 20, 35),
    "service": Weight(-0.30, 39, 156),
    "tagged in a command": Weight(-0.42, 8, 15),
    "narrates in a command": Weight(-0.44, 103, 59),
    "trouble": Weight(-0.45, 15, 391),
    "raises": Weight(-0.50, 4, 62),
    "only print": Weight(-0.51, 149, 493),
    "tagged": Weight(-0.51, 2, 142),
    "asynchronous": Weight(-0.60, 7, 388),
    "prefixed": Weight(-0.61, 24, 243),
    "framework": Weight(-0.65, 31, 400),
    "trace": Weight(-0.66, 5, 15),
    "returns": Weight(-0.68, 106, 724),
    "narrates": Weight(-0.75, 17, 390),
    "handler": Weight(-0.77, 10, 356),
    "called back": Weight(-0.77, 13, 189),
    "dumps": Weight(-2.02, 0, 6),
    "debugging": Weight(-2.03, 1, 60),
    "handed over": Weight(-2.09, 1, 75),
    "training": Weight(-3.04, 2, 29),
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
