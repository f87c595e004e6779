"""The handlers that records of a program's modules meet, which records are lost, and which are written twice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from printlint.facts.delivery.heard import Heard, Listeners
from printlint.facts.log_setup.hosts import HOSTS, hosts_of
from printlint.facts.programs.model import Model, Program
from printlint.facts.project.project import Project

LEVELS = ("info", "error")


class Records(NamedTuple):
    """What becomes of the records of some loggers, sorted by name, at some levels (`info`, …)."""

    levels: tuple[str, ...]
    loggers: tuple[str, ...]
    heard: Heard


def records_of(model: Model, program: Program) -> tuple[Records, ...]:
    """What becomes of the records of a program's modules at `LEVELS`; loggers with the same outcome are one item."""
    project = Project.at(model.tree.root)
    paths = [Path(file) for file in sorted(program.files)]
    start = Path(program.starts[0].file) if program.starts else None
    listeners = Listeners(project, paths, start=start, hosts=_hosts(project, program, paths))
    alike: dict[tuple[str, Heard], list[str]] = {}
    for level in LEVELS:
        for name in _loggers(model, program):
            alike.setdefault((level, listeners.heard(name, level)), []).append(name)
    found: dict[tuple[tuple[str, ...], Heard], list[str]] = {}
    for (level, heard), names in alike.items():
        found.setdefault((tuple(names), heard), []).append(level)
    return tuple(Records(tuple(levels), names, heard) for (names, heard), levels in found.items())


def _hosts(project: Project, program: Program, paths: list[Path]) -> tuple[str, ...]:
    """The hosts and servers that run a program, of those that are known to configure logging."""
    known = {name.casefold(): name for name in HOSTS}
    commands = (start.command.rpartition("python -m ")[2] for start in program.starts)
    named = (known.get(name.casefold(), "") for name in (*commands, program.host))
    return tuple(dict.fromkeys(filter(None, (*named, *hosts_of(project, paths)))))


def _loggers(model: Model, program: Program) -> list[str]:
    """What `__name__` is in the modules of a program, `__main__` where it is run."""
    reach = model.tree.reach
    starts = {start.file for start in program.starts if reach.ways(start.file).script}
    names = set(_imported_names(model, program, starts))
    return sorted(names | ({"__main__"} if starts else set()))


def _imported_names(model: Model, program: Program, starts: set[str]) -> Iterator[str]:
    for file in program.files - starts:
        roots = model.tree.reach.ways(file).roots or {os.path.dirname(file): ""}
        yield from (model.tree.reach.roots.names_below(file, root) for root in roots)
