"""What a host loads: plug-ins that packages declare, Home Assistant's integrations, DAGs, handlers, Django's apps."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from printlint.facts.reach.sign_table import Means
from printlint.facts.reach.signs import TOP
from printlint.facts.reach.tree import Tree
from printlint.reading import disk
from printlint.reading.documents import read_ini, read_toml


class HostedStart(NamedTuple):
    """A file that a host loads; lines count from 1."""

    file: str
    line: int
    how: str
    host: str
    entry: str = ""


LAMBDA, AIRFLOW, HOME_ASSISTANT, DJANGO = "AWS Lambda", "Airflow", "Home Assistant", "Django"
_BY_SIGN = {Means.DAG: AIRFLOW, Means.FUNCTION: "a cloud function"}
_GROUPS = {"pytest11": "pytest", "flake8.extension": "flake8", "flake8.report": "flake8", "airflow.plugins": AIRFLOW}
_OWN_GROUPS = frozenset({"console_scripts", "gui_scripts"})


def hosted_starts(tree: Tree) -> Iterator[HostedStart]:
    """The files of a tree that hosts load."""
    settings = any(_is_django_settings(tree, file) for file in tree.reach.readings)
    for file in tree.reach.readings:
        yield from _by_signs(tree, file)
        folder, name = os.path.split(file)
        if name == "__init__.py" and _is_integration(tree, folder):
            yield HostedStart(file, 1, "Home Assistant loads it by its manifest.json", HOME_ASSISTANT)
        if name == "apps.py" and not settings and _mentions(tree, file, "AppConfig"):
            yield HostedStart(file, 1, "Django loads its `AppConfig`", DJANGO)
    yield from _declared(tree)


def _by_signs(tree: Tree, file: str) -> Iterator[HostedStart]:
    for name, part in tree.reach.readings[file].parts.items():
        for sign in part.signs:
            if sign.means in _BY_SIGN:
                host = _BY_SIGN[sign.means]
                yield HostedStart(file, sign.line, f"`{sign.what}` {sign.means.value}", host)
                return
            if sign.means is Means.LAMBDA and (name.endswith("handler") or name in ("main", "handle")):
                yield HostedStart(file, sign.line, f"`{sign.what}` {sign.means.value}", LAMBDA, name)
                return


def _mentions(tree: Tree, file: str, name: str) -> bool:
    parts = tree.reach.readings[file].parts
    return TOP in parts and name in parts[TOP].names


def _is_django_settings(tree: Tree, file: str) -> bool:
    binds = tree.reach.readings[file].binds
    return "INSTALLED_APPS" in binds if binds is not None else _mentions(tree, file, "INSTALLED_APPS")


def _is_integration(tree: Tree, folder: str) -> bool:
    """Whether a package is an integration of Home Assistant: by its manifest, and by whom it imports."""
    manifest = os.path.join(folder, "manifest.json")
    if not disk.is_file(manifest):
        return False
    with suppress(OSError):
        if re.search(rb'"domain"\s*:', disk.read_present(manifest)) is None:
            return False
    beside = [file for file in tree.reach.readings if os.path.dirname(file) == folder]
    imports = (item.module for file in beside for item in tree.reach.readings[file].imports)
    return any(module.partition(".")[0] == "homeassistant" for module in imports)


def _declared(tree: Tree) -> Iterator[HostedStart]:
    """What the metadata of packages declares for other programs than the command line."""
    folders = {str(tree.root), *map(os.path.dirname, tree.reach.readings)}
    for folder in sorted(folders | {os.path.dirname(folder) for folder in folders}):
        for group, value in _entry_points(folder):
            dotted = value.partition(":")[0].partition("[")[0].strip()
            for found in tree.reach.roots.find(os.path.join(folder, "pyproject.toml"), dotted):
                host = _GROUPS.get(group, group)
                for file in found.files[-1:]:
                    entry = value.partition(":")[2]
                    yield HostedStart(file, 1, f"the entry point `{value}` of the group `{group}`", host, entry)


def _entry_points(folder: str) -> Iterator[tuple[str, str]]:
    """The entry points that the metadata in a folder declares, by their groups, scripts apart."""
    with suppress(OSError, ValueError):
        text = disk.read_present(os.path.join(folder, "pyproject.toml")).decode()
        if "entry-points" in text or "poetry.plugins" in text:
            document = read_toml(text)
            poetry = _table(_table(document, "tool"), "poetry")
            for table in (_table(_table(document, "project"), "entry-points"), _table(poetry, "plugins")):
                for group, entries in table.items():
                    if isinstance(entries, dict) and group not in _OWN_GROUPS:
                        yield from ((group, value) for value in entries.values() if isinstance(value, str))
    with suppress(OSError, ValueError):
        text = disk.read_present(os.path.join(folder, "setup.cfg")).decode()
        if "entry_points" in text:
            parser = read_ini(text)
            for group in parser.options("options.entry_points") if parser.has_section("options.entry_points") else ():
                lines = parser.get("options.entry_points", group, fallback="") if group not in _OWN_GROUPS else ""
                yield from ((group, line.partition("=")[2].strip()) for line in lines.splitlines() if "=" in line)


def _table(value: object, key: str) -> dict[str, object]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}
