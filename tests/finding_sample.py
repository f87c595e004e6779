"""Draws findings at random from code that nobody here wrote, for a reader who says which of them are false alarms.

    python tests/finding_sample.py FOLDER...            print 200 findings, each with the lines around it
    python tests/finding_sample.py FOLDER... --tsv      print them as rows of fixtures/labels/findings.tsv
    python tests/finding_sample.py --table              renew the table of docs/verdicts.md out of the rows

Each FOLDER holds unpacked packages or applications, in folders named NAME-VERSION or OWNER+NAME@COMMIT. The draw is the
same for the same files, seed and rules. Rare codes come first: at most `--each` of a code, then, of all that is left,
as many of a code as there are.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from printlint.config import DEFAULT
from printlint.lint.linter import lint_bytes
from printlint.reading.discovery import find_files
from printlint.run import Run

ROOT = Path(__file__).parent.parent
LABELS = ROOT / "fixtures" / "labels" / "findings.tsv"
PAGE = ROOT / "docs" / "verdicts.md"
AROUND = 12  # lines before and behind a finding that are shown


class Drawn(NamedTuple):
    """A finding and where it is. Lines count from 1."""

    package: str
    version: str
    path: str
    line: int
    code: str
    message: str
    file: Path


def findings(folder: Path) -> Iterator[Drawn]:
    """What `check` says by default, notes too, about each package below a folder."""
    for package in sorted(path for path in folder.iterdir() if path.is_dir()):
        name, _, version = package.name.rpartition("@" if "@" in package.name else "-")
        with Run():
            for file in map(Path, find_files([package], lambda _: False)):
                for item in lint_bytes(str(file), file.read_bytes(), DEFAULT, file).findings:
                    where = file.relative_to(package).as_posix(), item.start.line, item.code, item.message
                    yield Drawn(name.replace("+", "/"), version, *where, file)


def draw(found: list[Drawn], size: int, each: int, seed: int) -> list[Drawn]:
    """A sample: at most `each` of every code, then of all that is left."""
    shuffled = sorted(found)
    random.Random(seed).shuffle(shuffled)
    seen: Counter[str] = Counter()
    first, rest = [], []
    for item in shuffled:
        (first if seen[item.code] < each else rest).append(item)
        seen[item.code] += 1
    return sorted([*first, *rest][:size], key=lambda item: (item.code, item))


def shown(item: Drawn) -> str:
    """A finding with the lines around it."""
    lines = item.file.read_text(encoding="utf-8", errors="replace").splitlines()
    start = max(item.line - 1 - AROUND, 0)
    around = (
        f"{'>' if number == item.line else ' '}{number:5} {text}"
        for number, text in enumerate(lines[start : item.line + AROUND], start + 1)
    )
    return "\n".join(
        (f"\n{item.package} {item.version} {item.path}:{item.line}: {item.code} {item.message}", "", *around)
    )


def table() -> str:
    """The rows that were read, by code, in Markdown."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    read, wrong = (
        Counter(row["code"] for row in rows),
        Counter(row["code"] for row in rows if row["verdict"] == "false"),
    )
    mended = Counter(row["code"] for row in rows if row["why"].endswith("(mended)"))
    lines = ["| code | read | false | of these mended |", "|---|---:|---:|---:|"]
    lines += [f"| {code} | {read[code]} | {wrong[code] or ''} | {mended[code] or ''} |" for code in sorted(read)]
    return "\n".join([*lines, f"| all | {read.total()} | {wrong.total()} | {mended.total()} |"])


def main() -> None:
    """Draw and print, or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--size", type=int, default=200)
    parser.add_argument("--each", type=int, default=12)
    parser.add_argument("--seed", type=int, default=2411)
    parser.add_argument("--tsv", action="store_true")
    parser.add_argument("--table", action="store_true")
    given = parser.parse_args()
    if given.table:
        page = PAGE.read_text(encoding="utf-8")
        new = re.sub(r"(?<=<!-- findings -->\n).*?(?=<!-- end -->)", lambda _: f"{table()}\n", page, flags=re.DOTALL)
        PAGE.write_text(new, encoding="utf-8")
        return
    found = [item for folder in given.folders for item in findings(folder.absolute())]
    for item in draw(found, given.size, given.each, given.seed):
        print("\t".join(map(str, item[:5])) + "\t\t" if given.tsv else shown(item))


if __name__ == "__main__":
    main()
