"""What a run says once, at its end, of files that it could not take as they are. Findings go another way."""

from __future__ import annotations

import os
from collections.abc import Iterable

from printlint.process.printable import printable
from printlint.run import current


class _Noted(set[str]):
    """The warnings of a run."""


def note(path: str | os.PathLike[str], reason: str) -> None:
    """Warn of a file, once whatever the number of times that it is met."""
    current().part(_Noted).add(f"warning: {printable(os.fspath(path))}: {printable(reason)}")


def are_waiting() -> bool:
    """Whether there are warnings that nobody has taken."""
    return bool(current().part(_Noted))


def take() -> list[str]:
    """The warnings since the last call, sorted: processes may have met the files in any order."""
    noted = current().part(_Noted)
    taken = sorted(noted)
    noted.clear()
    return taken


def merge(lines: Iterable[str]) -> None:
    """Take in the warnings of another process or run."""
    current().part(_Noted).update(lines)
