"""Which starts form one program: those that share code and kind, one Django project, or one host."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from printlint.facts.programs.hosts import django_settings
from printlint.facts.programs.kinds import Kind, Verdict
from printlint.facts.programs.reached import Reached
from printlint.facts.programs.starts import Start
from printlint.facts.reach.leaders import leaders
from printlint.facts.reach.sign_table import Means
from printlint.facts.reach.tree import Tree

_OF_DJANGO = ("get_wsgi_application", "get_asgi_application", "execute_from_command_line")


class Unit(NamedTuple):
    """All that starts in one file: the starts, their kind with the reason, the signs they reach, the files they run.

    `host` is what loads it, if any; `settings` are those of the Django project that it starts, by their files.
    """

    file: str
    starts: tuple[Start, ...]
    verdict: Verdict
    signs: tuple[Reached, ...]
    files: frozenset[str]
    host: str
    settings: frozenset[str]

    @property
    def kind(self) -> Kind:
        """The kind of the program that starts here."""
        return self.verdict.kind

    @property
    def is_certain(self) -> bool:
        """Whether more than a guard or an application says that a program starts here."""
        return not all(start.weak for start in self.starts)


def settings_started(tree: Tree, file: str, files: frozenset[str]) -> frozenset[str]:
    """The settings of the Django project that a file starts, or has; empty where it starts none."""
    settings = django_settings(tree) & files
    if file in settings:
        return settings
    signs = (sign for part in tree.reach.readings[file].parts.values() for sign in part.signs)
    is_start = any(sign.what.endswith(_OF_DJANGO) or sign.means is Means.WORKER for sign in signs)
    return settings if is_start else frozenset()


def grouped(units: Mapping[str, Unit]) -> list[list[Unit]]:
    """The units that are one program each."""
    first_of = leaders(units, _joined(units))
    groups: dict[str, list[Unit]] = {}
    for file in sorted(units):
        groups.setdefault(first_of[file], []).append(units[file])
    return list(groups.values())


def _joined(units: Mapping[str, Unit]) -> Iterator[tuple[str, str]]:
    for inner in units.values():
        outer = [unit for unit in units.values() if inner.file in unit.files and unit is not inner]
        whole = [unit for unit in outer if not inner.settings and _is_part(inner, unit)]
        if not inner.is_certain:  # it is a part of one program, and must not join several into one
            whole = sorted(whole, key=lambda unit: (unit.kind is not Kind.SERVICE, -len(unit.files)))[:1]
        yield from ((unit.file, inner.file) for unit in whole)
    alike = [unit for unit in units.values() if unit.host or unit.settings]
    for one, other in combinations(alike, 2):
        if one.settings & other.settings or (one.host and one.host == other.host and _are_near(one, other)):
            yield one.file, other.file


def _is_part(inner: Unit, outer: Unit) -> bool:
    """Whether `inner`, whose code `outer` runs, is a part of it. A bot that a script imports is another program."""
    return inner.kind is outer.kind or (not inner.is_certain and inner.kind is not Kind.SERVICE)


def _are_near(one: Unit, other: Unit) -> bool:
    """Whether a host's plug-ins share code, or their folder."""
    return os.path.dirname(one.file) == os.path.dirname(other.file) or not one.files.isdisjoint(other.files)
