"""What every output format is made from."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from printlint.finding import Finding, Reported, Severity


class Look(NamedTuple):
    """How a report for people looks: with `verbose`, all notes and all reasons; with `colour`, as a terminal shows it.

    `width` is the number of columns that there are; 0 where nothing is cut.
    """

    verbose: bool = False
    colour: bool = False
    width: int = 0


class Report(NamedTuple):
    """The findings of a run, in order, and the number of files that were looked at.

    `counted` are those that ask for a change, which are all but notes that nobody selected by name. `text_of` gives the
    text of a finding's file, by its path; empty where that cannot be read.
    """

    files: int
    items: tuple[Reported, ...]
    counted: tuple[Reported, ...]
    text_of: Callable[[str], str]

    @classmethod
    def of(
        cls,
        files: int,
        items: Sequence[Reported],
        names: Callable[[Finding], bool],
        text_of: Callable[[str], str] = lambda path: "",
    ) -> Report:
        """A report; `names` says whether the code of a note was selected by name."""
        counted = (item for item in items if item.finding.severity is not Severity.NOTE or names(item.finding))
        return cls(files, tuple(items), tuple(counted), text_of)

    @property
    def uncounted(self) -> tuple[Finding, ...]:
        """The notes that nobody selected by name."""
        counted = set(map(id, self.counted))
        return tuple(item.finding for item in self.items if id(item) not in counted)

    def listed(self, look: Look) -> tuple[Reported, ...]:
        """What people are shown: notes that do not count and what follows from others only if they ask for it."""
        if look.verbose:
            return self.items
        folded = set(map(id, self.folded))
        return tuple(item for item in self.counted if id(item) not in folded)

    @property
    def folded(self) -> tuple[Reported, ...]:
        """The findings that follow from another one of the report."""
        followers = [item for item in self.counted if item.finding.cause is not None]
        if not followers:
            return ()
        codes = {item.finding.code for item in followers}
        own = (item.finding for item in self.counted if item.finding.code in codes)
        places = {(os.path.abspath(finding.path), finding.start.line) for finding in own}
        return tuple(item for item in followers if item.finding.cause in places)


def fingerprints(report: Report) -> Iterator[str]:
    """For each finding what stays the same when lines move: of alike ones in a file, the first has always the same."""
    import hashlib  # loads OpenSSL, which few reports need

    seen: Counter[tuple[str, str, str]] = Counter()
    for item in report.items:
        key = (item.finding.path, item.finding.code, item.finding.message)
        seen[key] += 1
        yield hashlib.sha256("\0".join((*key, str(seen[key]))).encode("utf-8", "surrogatepass")).hexdigest()
