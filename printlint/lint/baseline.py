"""Findings that a project has accepted for now: kept in a file that may only shrink.

An entry is a finding without its place: the file, the code, the function around it and a digest of its text. So it
follows lines that move, in a file or with a renamed one, and lines that are edited in place.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from pathlib import Path

from printlint.config_values import ConfigError
from printlint.finding import Finding
from printlint.reading import disk
from printlint.reading.documents import read_json
from printlint.rules import one_verdict
from printlint.source import Source, Unreadable
from printlint.writing.write import replace_file

VERSION = 1
_DEFINITION = r"(?:async\s+)?(?:def|class)\s+(\w+)"
_DIGEST_LENGTH = 12
_LIMIT = 100_000_000  # bytes: a million entries
# By what an entry and a finding of one file belong together, the surest first.
_KEYS = tuple(attrgetter("path", "code", *more) for more in (("scope", "digest"), ("digest",), ("scope",)))


class BaselineError(ConfigError):
    """A baseline that cannot be used; the message says what is wrong and what to do."""


@dataclass(frozen=True, order=True)
class Entry:
    """An accepted finding. `path` is relative to the baseline's folder, with slashes."""

    path: str
    code: str
    scope: str
    digest: str


@dataclass(frozen=True)
class Match:
    """Findings held against a baseline: the new ones by their index, and the entries that still match."""

    new: frozenset[int]
    standing: tuple[Entry, ...]


@dataclass(frozen=True)
class Baseline:
    """The entries of a file. `folder` is the one that paths start from."""

    folder: Path
    entries: tuple[Entry, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """Raises `BaselineError` for what is no baseline, and FileNotFoundError."""
        try:
            document = read_json(disk.read(path, _LIMIT).decode())
            if (version := document["version"]) != VERSION:
                shown = version if isinstance(version, int) else "another kind"
                raise BaselineError(f"{path} is a baseline of version {shown}; this is {VERSION}")
            rows = [(file, *row) for file, listed in document["findings"].items() for row in listed]
            entries = tuple(Entry(*map(str, row)) for row in rows)
        except FileNotFoundError:
            raise
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            reason = "; delete it and write a new one with --write-baseline"
            raise BaselineError(f"{path} is not a valid baseline ({error}){reason}") from error
        return cls(path.absolute().parent, entries)

    def write(self, path: Path) -> None:
        """One line an entry, sorted, so that versions of it can be compared. Raises `NotWritten`."""
        files: dict[str, list[str]] = {}
        for entry in sorted(self.entries):
            files.setdefault(entry.path, []).append("    " + json.dumps([entry.code, entry.scope, entry.digest]))
        rows = [f"   {json.dumps(file)}: [\n" + ",\n".join(listed) + "\n   ]" for file, listed in files.items()]
        body = "{\n" + ",\n".join(rows) + "\n  }" if rows else "{}"
        new = f'{{\n  "version": {VERSION},\n  "findings": {body}\n}}\n'.encode()
        replace_file(path, path.read_bytes() if path.exists() else None, new)

    def entries_of(self, findings: Sequence[Finding], text_of: Callable[[str], str]) -> list[Entry]:
        """An entry for each finding. `text_of` gives the text of a finding's file."""
        numbers: dict[str, set[int]] = {}
        for finding in findings:
            numbers.setdefault(finding.path, set()).add(finding.start.line)
        texts = {path: (self._relative(path), _Text(text_of(path), lines)) for path, lines in numbers.items()}
        return [texts[finding.path][1].entry(finding, texts[finding.path][0]) for finding in findings]

    def match(self, found: Sequence[Entry], looked_at: Iterable[str]) -> Match:
        """Which findings are new, where the files at `looked_at` were looked at and no others.

        Each entry accepts one finding: first the same text in the same function, then the same text elsewhere in the
        file, then another text in the same function (an edited line), then the same text in a file that is new to the
        baseline, from one that is gone. Entries of files that were not checked are kept.
        """
        seen = {self._relative(path) for path in looked_at}
        waiting = [entry for path in seen for entry in self._by_path.get(path, [])]
        standing: list[Entry] = []
        left = dict(enumerate(found))
        for key in _KEYS:
            waiting = _pair(left, waiting, key, standing)
        moved = {index: entry for index, entry in left.items() if entry.path not in self._by_path}
        new = left.keys() - moved.keys()
        if moved:
            gone = [entry for path in self._gone - seen for entry in self._by_path[path]]
            _pair(moved, gone, attrgetter("code", "digest"), standing)
        elsewhere = self._by_path.keys() - seen - self._gone
        standing += [entry for path in elsewhere for entry in self._by_path[path]]
        return Match(frozenset(new | moved.keys()), tuple(sorted(standing)))

    @cached_property
    def _by_path(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.path, []).append(entry)
        return found

    @cached_property
    def _gone(self) -> frozenset[str]:
        """The files of entries that are there no more."""
        return frozenset(path for path in self._by_path if not disk.exists(self.folder / path))

    def _relative(self, path: str) -> str:
        absolute = Path(os.path.abspath(path))
        if absolute.is_relative_to(self.folder):
            return absolute.relative_to(self.folder).as_posix()
        return Path(os.path.relpath(absolute, self.folder)).as_posix()


def text_of(path: str) -> str:
    """The text of a file as printlint reads it; empty where it cannot be read."""
    try:
        return Source.decode(path, disk.read(Path(path))).text
    except (OSError, Unreadable):
        return ""


def _pair(
    left: dict[int, Entry], waiting: list[Entry], key: Callable[[Entry], tuple[str, ...]], standing: list[Entry]
) -> list[Entry]:
    """Take findings out of `left` that have an entry with the same key, one for one. Returns the entries not needed.

    The entries that remain are those of the findings: the baseline follows the lines.
    """
    offers: dict[tuple[str, ...], list[Entry]] = {}
    for entry in waiting:
        offers.setdefault(key(entry), []).append(entry)
    for index, entry in list(left.items()):
        if offered := offers.get(key(entry)):
            offered.pop()
            standing.append(left.pop(index))
    return [entry for offered in offers.values() for entry in offered]


class _Text:
    """The text of a file that has findings, by its lines, with the scopes around those that the findings start at."""

    def __init__(self, text: str, numbers: set[int]) -> None:
        self._lines = text.splitlines()
        self._scopes = _scopes(self._lines, numbers)

    def entry(self, finding: Finding, path: str) -> Entry:
        text = "\n".join(line.strip() for line in self._lines[finding.start.line - 1 : finding.end.line])
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST_LENGTH]
        scope = self._scopes.get(finding.start.line, "")
        return Entry(path, one_verdict(finding.code), scope, digest)


def _scopes(lines: list[str], numbers: set[int]) -> dict[int, str]:
    """The names of the functions and classes around some lines, whose numbers count from 1, by indentation alone."""
    found: dict[int, str] = {}
    open_definitions: list[tuple[int, str]] = []  # their indentations, which grow, and their dotted names
    for number, line in enumerate(lines, 1):
        stripped = line.lstrip()
        indent = len(line) - len(stripped)
        if number in numbers:
            found[number] = next((name for depth, name in reversed(open_definitions) if depth < indent), "")
        if match := re.match(_DEFINITION, stripped):
            while open_definitions and open_definitions[-1][0] >= indent:
                open_definitions.pop()
            outer = f"{open_definitions[-1][1]}." if open_definitions else ""
            open_definitions.append((indent, outer + match[1]))
    return found
