"""Prints whose verdict is known, from seven sources, for `verdict_figures.py` and `fit_verdicts.py`.

- migrations: what people did with their prints in commits that turned prints into logging;
- calls: logging calls of packages that log, turned back into prints: what they say was meant for a log;
- beside: prints in files that log, in packages whose authors know logging: most were left on purpose;
- prints: prints of packages that were labelled by hand (fixtures/labels/prints.tsv);
- applications: prints of applications, at most two of each, that were (fixtures/labels/applications.tsv);
- two readers: prints of other applications, at most five of each, that two readers labelled, each alone, and then
  settled (fixtures/labels/two_readers.tsv);
- one reader: prints of still other applications, that one reader labelled (fixtures/labels/one_reader.tsv).

A repository or a package belongs to one part, by a checksum of its name: `fit` is what weights are fitted to and rules
are made on, `held-out` is looked at for nothing but the figures.
"""

from __future__ import annotations

import ast
import csv
import hashlib
import re
import shutil
import subprocess
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from io import BytesIO
from pathlib import Path

from pypi import fetch, find

from printlint.config import DEFAULT
from printlint.facts.calls.log_calls import LogCall, log_calls
from printlint.facts.context import Context
from printlint.lint.linter import context_of
from printlint.names.layout import layout_of
from printlint.partial.kept_trees import tree_of
from printlint.run import ensured
from printlint.source import Source, Unreadable

LABELS = Path(__file__).parent.parent / "fixtures" / "labels"
PARTS = ("fit", "held-out")
SOURCES = ("migrations", "calls", "beside", "prints", "applications", "two readers", "one reader")
_MOST_OF_A_PACKAGE = 60
_LOGS = 3  # so many logging calls make a file one that logs
_NO_PROGRAM = re.compile(r"(?i)(?:^|/)(?:tests?|testing|examples?|docs?)/|(?:^|/)(?:test_|conftest)|_test\.py$")
# What printlint may read in a repository: data is left out.
_READ = ("*.py", "*.toml", "*.cfg", "*.ini", "*.txt", "*.yml", "*.yaml", "*.sh", "*.md", "*Dockerfile", "*Procfile")
_METHODS = {"warn": "warning", "exception": "error", "fatal": "critical"}


@dataclass(frozen=True)
class Label:
    """A print, and what is right for it. `line` counts from 1; `level` is empty where nothing is known of it."""

    source: str
    group: str
    file: Path
    line: int
    diagnostic: bool
    level: str = ""

    @property
    def part(self) -> str:
        """`fit` or `held-out`."""
        return PARTS[hashlib.sha256(self.group.encode()).digest()[0] % 2]


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table of labels."""
    with (LABELS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


class Labelled:
    """All labels, with the files that they are about below `folder`; `repositories` has clones as `owner+name`."""

    def __init__(self, folder: Path, repositories: Path) -> None:
        self._folder = folder
        self._repositories = repositories

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """Every label whose file can be had."""
        with ensured():
            read = (
                label
                for source in ("applications", "two readers", "one reader")
                for label in self._applications(source)
            )
            return (*self._migrations(), *self._calls(), *self._beside(), *self._prints(), *read)

    def _migrations(self) -> Iterator[Label]:
        table = rows("migrations.tsv")
        levels = defaultdict(set)
        for row in table:
            if row["decision"] == "converted":
                levels[row["commit"]].add(row["level"])
        for row in table:
            converted = row["decision"] == "converted"
            if converted or row["deliberate"] == "yes":
                root = self.checkout(row["repo"], f"{row['commit']}^")
                level = row["level"] if len(levels[row["commit"]]) > 1 else ""  # else a blind replacement
                file = root / row["path"]
                yield Label("migrations", row["repo"], file, int(row["line"]), converted, level_of(level))

    def checkout(self, repository: str, revision: str) -> Path:
        """The files of a repository as they were at a revision."""
        target = self._folder / "repositories" / f"{repository.replace('/', '+')}-{revision}"
        if not target.exists():
            clone = self._repositories / repository.replace("/", "+")
            if not clone.exists():
                address = f"https://github.com/{repository}"
                subprocess.run(["git", "clone", "-q", "--bare", address, str(clone)], check=True)
            bare = clone / "repo" if (clone / "repo").exists() else clone
            names = _git(bare, "ls-tree", "-r", "--name-only", revision).decode().splitlines()
            present = [pattern for pattern in _READ if any(fnmatch(name, pattern) for name in names)]
            data = _git(bare, "archive", "--format=tar", revision, "--", *present)
            partial = target.with_name(target.name + ".partial")
            with tarfile.open(fileobj=BytesIO(data)) as file:
                file.extractall(partial, filter=_within)
            (partial / ".git").mkdir()  # the root of a project, as it was on their machines
            partial.rename(target)
        return target

    def _packages(self, kind: str) -> Iterator[tuple[str, Path]]:
        for row in rows("packages.tsv"):
            if row["kind"] == kind:
                yield row["package"], fetch(row["package"], row["version"], row["filetype"], self._folder / "releases")

    def _calls(self) -> Iterator[Label]:
        for package, unpacked in self._packages("calls"):
            target = self._folder / "calls" / unpacked.name
            table = target / "calls.tsv"
            if not table.exists():
                _turn_back(unpacked, target, table)
            with table.open(encoding="utf-8", newline="") as file:
                found = list(csv.reader(file, delimiter="\t"))
            for path, line, method in _some(found):
                yield Label("calls", package, target / path, int(line), True, level_of(method))

    def _beside(self) -> Iterator[Label]:
        for package, unpacked in self._packages("beside"):
            found = []
            for path in _files(unpacked):
                text = path.read_text(encoding="utf-8", errors="replace")
                if re.search(r"(?m)^\s+print\(", text):
                    with suppress(Unreadable):
                        if len(list(_logging_calls(path))) >= _LOGS:
                            found += [[str(path), str(line)] for line in _prints_of(text)]
            for path, line in _some(found):
                yield Label("beside", package, Path(path), int(line), False)

    def _prints(self) -> Iterator[Label]:
        for row in rows("prints.tsv"):
            if row["kind"] != "unsure":
                unpacked = fetch(row["package"], row["version"], row["filetype"], self._folder / "releases")
                file = find(unpacked, row["path"])
                assert file is not None, row
                yield _by_hand("prints", row["package"], file, row)

    def _applications(self, source: str) -> Iterator[Label]:
        for row in rows(f"{source.replace(' ', '_')}.tsv"):
            if row["kind"] != "unsure":
                file = self.checkout(row["repo"], row["commit"]) / row["path"]
                yield _by_hand(source, row["repo"], file, row)


def _by_hand(source: str, group: str, file: Path, row: dict[str, str]) -> Label:
    return Label(source, group, file, int(row["line"]), row["kind"] == "diagnostic", level_of(row["level"]))


def level_of(text: str) -> str:
    """The level that a method or a label means; empty for `-`."""
    return _METHODS.get(text, text).strip("-")


def _git(bare: Path, *command: str) -> bytes:
    return subprocess.run(["git", "--git-dir", str(bare), *command], check=True, capture_output=True).stdout


def _within(member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo | None:
    """The member, made safe, or None for a link to what is not in the repository."""
    try:
        return tarfile.data_filter(member, folder)
    except (tarfile.AbsoluteLinkError, tarfile.LinkOutsideDestinationError):
        return None


def _some(found: list[list[str]]) -> list[list[str]]:
    """No more rows than one package may count for, drawn by their checksums."""
    order = sorted(found, key=lambda row: hashlib.sha256("\t".join(row[-3:]).encode()).digest())
    return sorted(order[:_MOST_OF_A_PACKAGE])


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.py")):
        if not _NO_PROGRAM.search(path.relative_to(folder).as_posix()):
            yield path


def _prints_of(text: str) -> Iterator[int]:
    """The lines of the prints in functions, from 1, that do not name a file."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            if node.col_offset and not any(keyword.arg == "file" for keyword in node.keywords):
                yield node.lineno


def _logging_calls(path: Path) -> Iterator[LogCall]:
    for call in log_calls(context_of_file(path).module):
        if call.method in {"debug", "info", "warning", "error", "critical", *_METHODS}:
            yield call


def context_of_file(path: Path) -> Context:
    """What is known of a file, as a rule would ask. Raises Unreadable for what is no Python."""
    source = Source.decode(str(path), path.read_bytes())
    layout = layout_of(path)
    return context_of(tree_of(str(path), source, layout.package, whole=True), DEFAULT, layout)


def _turn_back(unpacked: Path, target: Path, table: Path) -> None:
    """Copy a package with its logging calls as prints, and list them: path, line, method."""
    shutil.copytree(unpacked, target, dirs_exist_ok=True)
    found = []
    for path in _files(target):
        try:
            source = Source.decode(str(path), path.read_bytes())
            calls = [call for call in _logging_calls(path) if call.message is not None and call.values is not None]
        except (Unreadable, SyntaxError):
            continue
        text = source.text
        for call in sorted(calls, key=lambda item: -source.span(item.call).start):
            span = source.span(call.call)
            old = text[span.start : span.end]
            text = text[: span.start] + _as_print(call, old.count("\n")) + text[span.end :]
        for call in calls:
            found.append((path.relative_to(target).as_posix(), call.call.lineno, call.method))
        if calls:
            ast.parse(text)
            path.write_text(text, encoding="utf-8", newline="")
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t").writerows(sorted(found))


def _as_print(call: LogCall, line_breaks: int) -> str:
    """The print that would have said the same, over as many lines."""
    assert call.message is not None
    message, values = ast.unparse(call.message), ", ".join(map(ast.unparse, call.values or ()))
    return f"print({message}{f' % ({values},)' if values else ''}" + "\n" * line_breaks + ")"
