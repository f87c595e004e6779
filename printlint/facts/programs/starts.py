"""Where the programs of a tree start: files that commands run, `__main__` guards, applications, files of hosts."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from printlint.facts.programs.hosts import HostedStart, hosted_starts
from printlint.facts.reach.sign_table import Means
from printlint.facts.reach.signs import GUARD, TOP, Part
from printlint.facts.reach.tree import Tree


class Start(NamedTuple):
    """One place at which a program starts: its file, the line from 1, and what makes it one.

    `host` is what loads it, empty where a command does. `weak`: the file may as well be a part of another program:
    nothing but its own guard or application says that it is one. `command` is the name of what starts it (`uvicorn`),
    empty for a guard and the like. `entry` is the function that is called, empty where the file is run or imported.
    """

    file: str
    line: int
    how: str
    host: str = ""
    weak: bool = False
    command: str = ""
    entry: str = ""


def find_starts(tree: Tree) -> list[Start]:
    """The starts of a tree, tests apart, by their files; in one file, what is certain comes first."""
    found = [*_commanded(tree), *map(_hosted, hosted_starts(tree)), *_in_code(tree)]
    own = [start for start in found if not tree.is_test(start.file)]
    return sorted(dict.fromkeys(own), key=lambda start: (start.file, start.weak, start.line))


def _hosted(found: HostedStart) -> Start:
    return Start(found.file, found.line, found.how, found.host, entry=found.entry)


def _commanded(tree: Tree) -> Iterator[Start]:
    for run in tree.reach.runs:
        command = "" if run.installed else run.reason.partition(" in ")[0]
        line = _line(tree, run.file, run.entry)
        yield Start(run.file, line, run.reason, run.host, weak=run.weak, command=command, entry=run.entry)


def _line(tree: Tree, file: str, entry: str) -> int:
    """The line where a started file begins to work: its entry function, its guard, its application, or 1."""
    parts = tree.reach.readings[file].parts
    if entry in parts:
        return parts[entry].line
    made = [sign.line for sign in parts.get(TOP, _NO_PART).signs if sign.means in _APPLICATIONS]
    return parts[GUARD].line if GUARD in parts else min(made, default=1)


_NO_PART = Part(1, frozenset(), frozenset(), ())
_APPLICATIONS = frozenset({Means.APPLICATION, Means.WORKER})
_FACTORY = re.compile(r"_?(?:create|make|build|get|init)_app(?:lication)?|app_factory")


def _in_code(tree: Tree) -> Iterator[Start]:
    """Guards, `__main__.py`, applications, and code that runs at the top of a file which nothing imports."""
    for file, reading in tree.reach.readings.items():
        in_package = os.path.join("management", "commands") in file or tree.reach.roots.is_package(
            os.path.dirname(file)
        )
        imported = any(not tree.is_test(edge.importer) for edge in tree.reach.edges_into.get(file, ()))
        if reading.guarded and GUARD in reading.parts and os.path.basename(file) != "__init__.py":
            yield Start(file, reading.parts[GUARD].line, 'its `if __name__ == "__main__":`', weak=imported)
        elif os.path.basename(file) == "__main__.py":
            yield Start(file, 1, "`python -m`")
        elif reading.acts and not imported and not in_package and tree.reach.ways(file).script:
            yield Start(file, 1, "the code at its top")
        yield from _applications(file, reading.parts)


def _applications(file: str, parts: Mapping[str, Part]) -> Iterator[Start]:
    for name, part in parts.items():
        if name == TOP or _FACTORY.fullmatch(name):
            for sign in part.signs:
                if sign.means in _APPLICATIONS:
                    yield Start(file, sign.line, f"its `{sign.what}`", weak=True, entry=name)
                    break
