"""What every output format is made from."""

from __future__ import annotations

from dataclasses import dataclass

from printlint.finding import Reported


@dataclass(frozen=True)
class Report:
    """The findings of a run, in order, and the number of files that were looked at."""

    files: int
    items: tuple[Reported, ...]
