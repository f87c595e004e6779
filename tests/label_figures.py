"""Measures verdicts, levels and logger resolution on code that was labelled by hand and by type inference.

    python tests/label_figures.py            print the figures; the packages are fetched from PyPI, and kept
    python tests/label_figures.py -v         and every label that printlint does not agree with
    python tests/label_figures.py --write    and renew the table in docs/verdicts.md

The labels are those of fixtures/labels, whose README.md says where they come from. Exit status 1: a figure is below
what docs/verdicts.md promises.
"""

from __future__ import annotations

import argparse
import csv
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pypi import fetch, find

from printlint.config import DEFAULT
from printlint.finding import Finding
from printlint.lint.linter import lint_bytes

ROOT = Path(__file__).parent.parent
LABELS = ROOT / "fixtures" / "labels"
PAGE = ROOT / "docs" / "verdicts.md"
# Readers call values left over debug, which printlint leaves audible: so not more levels are the same.
RECALL, PRECISION, LEVELS, CALLS, EXTRA = 0.92, 0.85, 0.60, 0.97, 0.01


@dataclass
class Shares:
    """Counts of what was asked and what came out right."""

    found: int = 0
    labelled: int = 0
    called: int = 0
    level_right: int = 0
    levels: int = 0

    @property
    def recall(self) -> float:
        """The part of the labelled diagnostics that is called one."""
        return self.found / self.labelled

    @property
    def precision(self) -> float:
        """The part of what is called a diagnostic that was labelled one."""
        return self.found / self.called

    @property
    def right_levels(self) -> float:
        """The part of the labelled levels that is given."""
        return self.level_right / self.levels

    def __add__(self, other: Shares) -> Shares:
        return Shares(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


class Releases:
    """Fetched packages, and the findings in their files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._findings: dict[Path, tuple[Finding, ...]] = {}

    def findings(self, name: str, version: str, filetype: str, path: str) -> tuple[Finding, ...]:
        """The findings in a file of a release. Raises LookupError where the release has no such file."""
        file = find(fetch(name, version, filetype, self._folder), path)
        if file is None:
            raise LookupError(f"{name} {version} has no {path}")
        if file not in self._findings:
            self._findings[file] = lint_bytes(str(file), file.read_bytes(), DEFAULT, file).findings
        return self._findings[file]


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table of labels."""
    with (LABELS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def prints(releases: Releases, told: list[str]) -> dict[str, Shares]:
    """What is made of the labelled prints, a `Shares` for each set; disagreements go to `told`."""
    shares: dict[str, Shares] = {}
    for row in rows("prints.tsv"):
        if row["kind"] == "unsure":
            continue
        share = shares.setdefault(row["set"], Shares())
        found = releases.findings(row["package"], row["version"], row["filetype"], row["path"])
        of_print = (item for item in found if item.code.startswith("PRT1") and item.start.line == int(row["line"]))
        finding = next(of_print, None)
        if finding is None:  # suppressed, or a `print` that is not the builtin: no verdict to judge
            continue
        called = finding.code != "PRT106"
        diagnostic = row["kind"] == "diagnostic"
        share.labelled += diagnostic
        share.called += called
        share.found += diagnostic and called
        where = f"{row['package']} {row['path']}:{row['line']} ({row['evidence']})"
        if called != diagnostic:
            told.append(f"{row['kind']}, {'found' if called else 'not found'}: {where}: {finding.message}")
        if diagnostic:
            assert finding.level is not None
            share.levels += 1
            share.level_right += finding.level.method == row["level"]
            if finding.level.method != row["level"]:
                told.append(f"{row['level']}, not {finding.level.method}: {where}: {finding.level.why}")
    return shares


@dataclass(frozen=True)
class Calls:
    """PRT401 against type inference."""

    found: int
    labelled: int
    false: int
    extra: int
    reported: int


def calls(releases: Releases, told: list[str]) -> Calls:
    """What PRT401 makes of the logger calls in async code."""
    table = rows("calls.tsv")
    known: dict[tuple[str, str], dict[tuple[int, int], str]] = {}
    for row in table:
        place = int(row["line"]), int(row["column"])
        known.setdefault((f"{row['package']} {row['version']}", row["path"]), {})[place] = row["kind"]
    counts: Counter[str] = Counter()
    for (release, path), labels in known.items():
        name, _, version = release.partition(" ")
        found = releases.findings(name, version, "wheel", path)
        reported = {(item.start.line, item.start.column) for item in found if item.code == "PRT401"}
        counts["reported"] += len(reported)
        counts["labelled"] += sum(kind == "logger" for kind in labels.values())
        for place, kind in labels.items():
            counts[kind] += place in reported
            if (kind == "logger") != (place in reported) and kind != "unknown":
                told.append(f"{kind}, {'found' if place in reported else 'not found'}: {release} {path}:{place[0]}")
        for place in reported - labels.keys():
            counts["extra"] += 1
            told.append(f"in no list: {release} {path}:{place[0]}:{place[1]}")
    return Calls(counts["logger"], counts["labelled"], counts["other"], counts["extra"], counts["reported"])


def table(shares: dict[str, Shares], resolved: Calls) -> Iterator[str]:
    """The Markdown table of docs/verdicts.md."""
    yield "| prints | diagnostics found (recall) | found that are diagnostics (precision) | levels right |"
    yield "|---|---|---|---|"
    for name, share in [*shares.items(), ("all", sum(shares.values(), Shares()))]:
        recall = f"{share.found} of {share.labelled} ({share.recall:.2f})"
        precision = f"{share.found} of {share.called} ({share.precision:.2f})"
        yield f"| {name} | {recall} | {precision} | {share.level_right} of {share.levels} ({share.right_levels:.2f}) |"
    yield ""
    yield "| PRT401 | calls |"
    yield "|---|---|"
    yield f"| found, of those in async code on a logger | {resolved.found} of {resolved.labelled} |"
    yield f"| found on something that is no logger | {resolved.false} |"
    yield f"| found and in no list | {resolved.extra} of {resolved.reported} |"


def promises_kept(shares: Iterable[Shares], resolved: Calls) -> bool:
    """Whether every figure is what docs/verdicts.md promises."""
    whole = sum(shares, Shares())
    return (
        whole.recall >= RECALL
        and whole.precision >= PRECISION
        and whole.right_levels >= LEVELS
        and resolved.found >= CALLS * resolved.labelled
        and not resolved.false
        and resolved.extra <= EXTRA * resolved.reported
    )


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "printlint-labels")
    parser.add_argument("--write", action="store_true", help="renew the table in docs/verdicts.md")
    parser.add_argument("-v", "--verbose", action="store_true", help="show what printlint does not agree with")
    options = parser.parse_args()
    releases, told = Releases(options.folder), []
    shares, resolved = prints(releases, told), calls(releases, told)
    text = "\n".join(table(shares, resolved))
    print(text)
    if options.verbose:
        print("", *sorted(told), sep="\n")
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        new, count = re.subn(r"(?s)(<!-- figures -->\n).*?(<!-- end -->)", lambda m: f"{m[1]}{text}\n{m[2]}", page)
        assert count == 1, "docs/verdicts.md has lost its marks"
        PAGE.write_text(new, encoding="utf-8")
    return 0 if promises_kept(shares.values(), resolved) else 1


if __name__ == "__main__":
    raise SystemExit(main())
