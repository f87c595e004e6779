"""What every output format is made from."""

from __future__ import annotations

from typing import NamedTuple

from printlint.finding import Reported


class Report(NamedTuple):
    """The findings of a run, in order, and the number of files that were looked at."""

    files: int
    items: tuple[Reported, ...]
