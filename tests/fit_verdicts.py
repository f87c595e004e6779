"""Fits the weights in printlint/facts/prints/evidence.py to the part `fit` of the labels.

    python tests/fit_verdicts.py              print the weights, and how many verdicts are right with them
    python tests/fit_verdicts.py --write      and write them into the table
    python tests/fit_verdicts.py --again      find the signs of the prints anew (else those of the last time are taken)

A logistic regression on signs that are there or not, by gradient descent. Weights are held near what a reader expects,
and on that side of 0: a sign of a service never speaks for output. A repository counts for the square root of its
prints, and a source for what `_SHARES` says: many logging calls were easy to have, and say nothing of output.

The bias is set last. To take output for a diagnostic is the worse mistake: `fix` makes log lines of it. So the bias is
as near to a diagnostic as `_PRECISION` allows, on prints that were labelled by hand, each of which is judged by weights
that were fitted without its fifth of the repositories. A print without any sign stays a diagnostic.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import re
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from verdict_figures import Contexts
from verdict_labels import SOURCES, Labelled

from printlint.run import Run

TABLE = Path(__file__).parent.parent / "printlint" / "facts" / "prints" / "evidence.py"
_SHARES = {
    "migrations": 1.0,
    "calls": 0.5,
    "beside": 0.7,
    "prints": 1.0,
    "applications": 1.6,
    "two readers": 1.6,
    "one reader": 1.6,
}
_STEPS, _RATE, _HELD = 600, 2.0, 0.01
_PRECISION, _FIFTHS, _NO_SIGN = 0.85, 5, -0.1
_BY_HAND = ("prints", "applications", "two readers", "one reader")
# What a reader expects of a sign before any print was counted; a weight is at least half of that.
EXPECTED = {
    **dict.fromkeys(("example folder", "notebook"), 3.0),
    **dict.fromkeys(("script folder",), 2.5),
    **dict.fromkeys(("command module", "parses arguments", "printing function", "migration", "redraws"), 2.0),
    **dict.fromkeys(("script name", "document", "command method", "dialogue"), 2.0),
    "main guard": 1.5,
    "command line calls": 1.2,
    "acts": 0.5,
    **dict.fromkeys(("command folder", "on request", "printing class", "console script", "task name"), 1.0),
    **dict.fromkeys(("called by the guard", "part of main", "main function"), 0.6),
    **dict.fromkeys(("in a row", "page", "printing docstring", "columns", "version", "help"), 1.0),
    **dict.fromkeys(("command library", "mostly prints"), 0.6),
    **dict.fromkeys(("ruled", "laid out"), 0.3),
    **dict.fromkeys(("names its stream", "open line"), 0.6),
    "shebang": 1.0,
    **dict.fromkeys(("trouble in a command", "on request of a library"), -0.2),
    **dict.fromkeys(("raises", "trace"), -0.6),
    **dict.fromkeys(("logs", "method", "endless loop", "tagged", "trouble", "narrates", "returns", "prefixed"), -0.3),
    **dict.fromkeys(("narrates in a command", "tagged in a command", "values", "module level"), -0.3),
    **dict.fromkeys(("handler", "framework", "service", "asynchronous", "called back"), -0.6),
    **dict.fromkeys(("debugging", "handed over"), -2.0),
    "training": -3.0,
    "invites": 3.0,
    **dict.fromkeys(("logged too", "script", "script docstring"), 1.0),
    **dict.fromkeys(("result", "last"), 0.4),
    "only print": -0.3,
    "dumps": -2.0,
}


class Row(NamedTuple):
    """A labelled print with its signs."""

    source: str
    group: str
    part: str
    output: bool
    signs: dict[str, float]


def rows_of(labelled: Labelled) -> list[Row]:
    """The labelled prints with their signs."""
    contexts, found = Contexts(), []
    with Run():
        for label in labelled.labels:
            if (place := contexts.output(label)) is not None:
                context, output = place
                signs = {name: shown.share for name, shown in context.interface.signs(output.call).items()}
                found.append(Row(label.source, label.group, label.part, not label.diagnostic, signs))
    return found


def fitted(rows: list[Row]) -> tuple[float, dict[str, float]]:
    """The bias and the weights."""
    sizes = Counter((row.source, row.group) for row in rows)
    shares = [_SHARES[row.source] / math.sqrt(sizes[row.source, row.group]) for row in rows]
    total = sum(shares)
    bias, weights = 0.0, dict(EXPECTED)
    for _ in range(_STEPS):
        slope = Counter[str]()
        for row, share in zip(rows, shares, strict=True):
            score = _score(row, bias, weights)
            error = share * ((1 / (1 + math.exp(-score))) - row.output) / total
            slope[""] += error
            for sign, share_of_row in row.signs.items():
                slope[sign] += error * share_of_row
        bias -= _RATE * slope[""]
        for sign, expected in EXPECTED.items():
            new = weights[sign] - _RATE * (slope[sign] + _HELD * (weights[sign] - expected))
            weights[sign] = max(expected / 2, new) if expected > 0 else min(expected / 2, new)
    return bias, weights


def wary_bias(rows: list[Row], bias: float) -> float:
    """The bias with which so many of the prints that are called diagnostics are some."""
    scored = []
    for fifth in range(_FIFTHS):
        without, weights = fitted([row for row in rows if _fifth_of(row) != fifth])
        own = (row for row in rows if row.source in _BY_HAND and _fifth_of(row) == fifth)
        scored += [(_score(row, without, weights), row.output) for row in own]
    scored.sort()
    best, diagnostics = scored[0][0], 0
    for called, (score, output) in enumerate(scored, 1):
        diagnostics += not output
        if diagnostics >= _PRECISION * called:
            best = score
    return min(bias - best, _NO_SIGN)


def _score(row: Row, bias: float, weights: dict[str, float]) -> float:
    return bias + sum(weights[sign] * share for sign, share in row.signs.items())


def _fifth_of(row: Row) -> int:
    return hashlib.sha256(f"fifth {row.group}".encode()).digest()[0] % _FIFTHS


def right(rows: Iterable[Row], bias: float, weights: dict[str, float]) -> str:
    """How many diagnostics and how much output is called so."""
    done = [(row.output, _score(row, bias, weights) > 0) for row in rows]
    shares = []
    for kind in (False, True):
        own = [called for output, called in done if output == kind]
        shares.append(f"{sum(called == kind for called in own)}/{len(own)}" if own else "none")
    return " ".join(f"{share:>9}" for share in shares)


def table(rows: list[Row], bias: float, weights: dict[str, float]) -> str:
    """The table as it is in evidence.py, the strongest first."""
    seen = {kind: Counter(sign for row in rows if row.output == kind for sign in row.signs) for kind in (True, False)}
    lines = [f"BIAS = {bias:.2f}", "WEIGHTS = {  # sign, weight, prints that are output, prints that are diagnostics"]
    for sign, weight in sorted(weights.items(), key=lambda item: -item[1]):
        lines.append(f'    "{sign}": Weight({weight:.2f}, {seen[True][sign]}, {seen[False][sign]}),')
    return "\n".join([*lines, "}", ""])


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    scratch = Path(tempfile.gettempdir())
    parser.add_argument("--folder", type=Path, default=scratch / "printlint-labels")
    parser.add_argument("--repositories", type=Path, default=scratch / "printlint-repositories")
    parser.add_argument("--write", action="store_true", help="write the weights into the table")
    parser.add_argument("--again", action="store_true", help="find the signs anew")
    options = parser.parse_args()
    kept = options.folder / "signs.json"
    if options.again or not kept.exists():
        kept.write_text(json.dumps(rows_of(Labelled(options.folder, options.repositories))), encoding="utf-8")
    rows = [Row(*row) for row in json.loads(kept.read_text(encoding="utf-8"))]
    fit = [row for row in rows if row.part == "fit"]
    bias, weights = fitted(fit)
    bias = wary_bias(fit, bias)
    text = table(fit, bias, weights)
    print(text)
    for part in ("fit", "held-out"):
        for source in SOURCES:
            own = [row for row in rows if row.part == part and row.source == source]
            print(f"{part:9} {source:13} diagnostics, output right: {right(own, bias, weights)}")
    if options.write:
        page = TABLE.read_text(encoding="utf-8")
        new, count = re.subn(r"(?s)BIAS = .*?\n}\n", lambda _: text, page)
        assert count == 1, "the table is not where it was"
        TABLE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
