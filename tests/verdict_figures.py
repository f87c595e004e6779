"""Measures verdicts and levels on what people did, on both parts of the labels of verdict_labels.py.

    python tests/verdict_figures.py              print the figures; packages and repositories are fetched, and kept
    python tests/verdict_figures.py --write      and renew the tables in docs/verdicts.md
    python tests/verdict_figures.py --agreement  how far the two readers agree, alone: nothing is fetched
    python tests/verdict_figures.py -v           and every label of the part `fit` that printlint does not agree with

`--repositories` is a folder of bare clones, named `owner+name`; what is not there is cloned from GitHub.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from verdict_labels import PARTS, SOURCES, Label, Labelled, context_of_file, level_of, rows

from printlint.facts.context import Context
from printlint.facts.prints.inferred_level import infer_level
from printlint.facts.prints.outputs import Output, outputs
from printlint.run import Run
from printlint.source import Unreadable

PAGE = Path(__file__).parent.parent / "docs" / "verdicts.md"
_ORDER = ("debug", "info", "warning", "error", "critical")


class Verdict(NamedTuple):
    """What printlint says of a print. `output` is the reason why it is output, or None for a diagnostic."""

    label: Label
    output: str | None
    level: str
    why: str

    @property
    def agrees(self) -> bool:
        """Whether the label says so too."""
        return self.label.diagnostic == (self.output is None)

    @property
    def distance(self) -> int:
        """How many steps the level is from the label's."""
        return abs(_ORDER.index(self.level) - _ORDER.index(self.label.level))

    @property
    def score(self) -> float:
        """1 less the distance, as a part of the largest that the label's level allows (DeepLV, ICSE 2021)."""
        true = _ORDER.index(self.label.level)
        return 1 - self.distance / max(true, len(_ORDER) - 1 - true)


@dataclass
class Contexts:
    """The files of the labels, the last one kept: labels come file by file."""

    _path: Path | None = None
    _context: Context | None = None

    def output(self, label: Label) -> tuple[Context, Output] | None:
        """The call of a label, or None where its line has no print, or the file is of Python 2."""
        if label.file != self._path:
            self._path, self._context = label.file, None
            with suppress(Unreadable):
                self._context = context_of_file(label.file)
        if self._context is None:
            return None
        found = (item for item in outputs(self._context.module) if item.call.lineno == label.line)
        output = next(found, None)
        return None if output is None else (self._context, output)


def verdicts(labels: tuple[Label, ...]) -> Iterator[Verdict]:
    """What printlint says of each labelled print."""
    contexts = Contexts()
    with Run():
        for label in labels:
            found = contexts.output(label)
            if found is not None:
                context, output = found
                level = infer_level(context.module, output.call, output.stream)
                yield Verdict(label, context.interface.reason(output.call), level.method, level.why)


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.2f})" if whole else "none"


def _agreed(found: list[Verdict]) -> str:
    return _share(sum(item.agrees for item in found), len(found))


def table(found: list[Verdict]) -> Iterator[str]:
    """The Markdown table of docs/verdicts.md."""
    yield "| | part | diagnostics found | output left | level exact | within one step | average score |"
    yield "|---|---|---|---|---|---|---|"
    for source in SOURCES:
        for part in PARTS:
            own = [item for item in found if item.label.source == source and item.label.part == part]
            diagnostics = [item for item in own if item.label.diagnostic]
            levels = [item for item in own if item.label.level]
            exact = _share(sum(item.distance == 0 for item in levels), len(levels))
            near = _share(sum(item.distance <= 1 for item in levels), len(levels))
            score = f"{sum(item.score for item in levels) / len(levels):.2f}" if levels else "none"
            output = [item for item in own if not item.label.diagnostic]
            yield f"| {source} | {part} | {_agreed(diagnostics)} | {_agreed(output)} | {exact} | {near} | {score} |"


def agreement(labels: list[dict[str, str]]) -> Iterator[str]:
    """How far the two readers agree, as a Markdown table: no more can be asked of printlint."""
    pairs = [(row["first_kind"], row["second_kind"]) for row in labels]
    equal = sum(first == second for first, second in pairs)
    both = [
        (_ORDER.index(level_of(row["first_level"])), _ORDER.index(level_of(row["second_level"])))
        for row in labels
        if row["first_kind"] == row["second_kind"] == "diagnostic"
    ]
    exact = _share(sum(first == second for first, second in both), len(both))
    near = _share(sum(abs(first - second) <= 1 for first, second in both), len(both))
    yield "| prints | same kind | Cohen's kappa | diagnostics for both: same level | within one step |"
    yield "|---|---|---|---|---|"
    yield f"| {len(labels)} | {_share(equal, len(labels))} | {kappa(pairs):.2f} | {exact} | {near} |"


def kappa(pairs: list[tuple[str, str]]) -> float:
    """The agreement beyond chance: 1 for all, 0 for what chance would give (Cohen, 1960)."""
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    chance = sum(firsts[kind] * seconds[kind] for kind in firsts) / len(pairs) ** 2
    return (sum(first == second for first, second in pairs) / len(pairs) - chance) / (1 - chance)


def _disagreements(found: list[Verdict]) -> Iterator[str]:
    for item in found:
        label = item.label
        if label.part == "fit":
            where = f"{label.source} {label.file}:{label.line}"
            if not item.agrees:
                yield f"{'diagnostic' if label.diagnostic else 'output'}: {where}: {item.output}"
            if label.level and item.distance:
                yield f"{label.level}, not {item.level}: {where}: {item.why}"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    scratch = Path(tempfile.gettempdir())
    parser.add_argument("--folder", type=Path, default=scratch / "printlint-labels")
    parser.add_argument("--repositories", type=Path, default=scratch / "printlint-repositories")
    parser.add_argument("--write", action="store_true", help="renew the tables in docs/verdicts.md")
    parser.add_argument("--agreement", action="store_true", help="only how far the two readers agree")
    parser.add_argument("-v", "--verbose", action="store_true", help="show what printlint does not agree with")
    options = parser.parse_args()
    texts = {"readers": "\n".join(agreement(rows("two_readers.tsv")))}
    found: list[Verdict] = []
    if not options.agreement:
        found = list(verdicts(Labelled(options.folder, options.repositories).labels))
        texts["people"] = "\n".join(table(found))
    print(*texts.values(), sep="\n\n")
    if options.verbose:
        print("", *_disagreements(found), sep="\n")
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        for mark, text in texts.items():
            page, count = re.subn(rf"(?s)(<!-- {mark} -->\n).*?(<!-- end -->)", rf"\g<1>{text}\n\g<2>", page)
            assert count == 1, "docs/verdicts.md has lost its marks"
        PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
