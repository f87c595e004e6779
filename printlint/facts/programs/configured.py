"""What configures the logging of a program: calls in its own code, else its host, else nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from printlint.facts.programs.reached import Reached
from printlint.facts.programs.starts import Start
from printlint.facts.reach.sign_table import Means


class Configured(NamedTuple):
    """One thing that configures logging: a call at a place (lines from 1), or a host, which has none."""

    what: str
    file: str = ""
    line: int = 0


_HOSTS = frozenset({"Home Assistant", "Airflow", "AWS Lambda", "Django", "pytest"})


def configured_by(signs: Iterable[Reached], host: str, starts: Sequence[Start]) -> tuple[Configured, ...]:
    """The places that configure the logging of a program, by its signs; the nearest to a start comes first."""
    signs = list(signs)
    own = [found for found in signs if found.sign.means is Means.CONFIGURES]
    if own:
        return tuple(dict.fromkeys(Configured(found.sign.what, found.file, found.sign.line) for found in own))
    if host in _HOSTS:
        return (Configured(host),)
    if any(start.command.endswith("celery") for start in starts):
        return (Configured("Celery"),)
    for found in signs:  # discord.py's `run` does, its `start` does not
        library, _, method = found.sign.what.partition(".")
        if found.sign.means is Means.BOT and library == "discord" and method.endswith("run"):
            return (Configured(found.sign.what, found.file, found.sign.line),)
    return ()
