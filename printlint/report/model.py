"""What every output format is made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from printlint.finding import Finding, Reported, Severity


class Report(NamedTuple):
    """The findings of a run, in order, and the number of files that were looked at.

    `counted` are those that ask for a change, which are all but notes that nobody selected by name.
    """

    files: int
    items: tuple[Reported, ...]
    counted: tuple[Reported, ...]

    @classmethod
    def of(cls, files: int, items: Sequence[Reported], names: Callable[[Finding], bool]) -> Report:
        """A report; `names` says whether the code of a note was selected by name."""
        counted = (item for item in items if item.finding.severity is not Severity.NOTE or names(item.finding))
        return cls(files, tuple(items), tuple(counted))

    @property
    def uncounted(self) -> tuple[Finding, ...]:
        """The notes that nobody selected by name."""
        counted = set(map(id, self.counted))
        return tuple(item.finding for item in self.items if id(item) not in counted)
