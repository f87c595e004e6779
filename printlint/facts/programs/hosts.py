"""Files that a host loads: declared plug-ins, Home Assistant integrations, DAGs, Lambda handlers, Django apps."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from printlint.facts.programs.declared import declared_plug_ins
from printlint.facts.reach.sign_table import Means
from printlint.facts.reach.signs import TOP
from printlint.facts.reach.tree import Tree
from printlint.reading import disk


class HostedStart(NamedTuple):
    """A file that a host loads; lines count from 1. `entry` is the function that the host calls, if one is named."""

    file: str
    line: int
    how: str
    host: str
    entry: str = ""


LAMBDA, AIRFLOW, HOME_ASSISTANT, DJANGO = "AWS Lambda", "Airflow", "Home Assistant", "Django"
_BY_SIGN = {Means.DAG: AIRFLOW, Means.FUNCTION: "a cloud function's host", Means.SPIDER: "Scrapy"}
_GROUPS = {"pytest11": "pytest", "flake8.extension": "flake8", "flake8.report": "flake8", "airflow.plugins": AIRFLOW}
# Files that tools load by name: the tool, the modules of which the file imports one, or else a name that it has.
_BY_FILE = {
    "setup.py": ("setuptools", ("setuptools", "distutils", "skbuild", "numpy.distutils.core"), ""),
    "noxfile.py": ("nox", ("nox",), ""),
    "conf.py": ("Sphinx", ("sphinx", "sphinx_rtd_theme"), "html_theme"),
    "gunicorn.conf.py": ("gunicorn", (), "bind"),
    "gunicorn_conf.py": ("gunicorn", (), "bind"),
    "fabfile.py": ("Fabric", ("fabric",), ""),
    "locustfile.py": ("Locust", ("locust",), ""),
    "env.py": ("Alembic", ("alembic",), ""),
    "apps.py": (DJANGO, ("django.apps",), ""),
}


def hosted_starts(tree: Tree) -> Iterator[HostedStart]:
    """The files of a tree that hosts load."""
    settings = django_settings(tree)
    for file in tree.reach.readings:
        yield from _by_signs(tree, file)
        folder, name = os.path.split(file)
        if name == "__init__.py" and _is_integration(tree, folder):
            yield HostedStart(file, 1, "its manifest.json", HOME_ASSISTANT)
        elif name in _BY_FILE:
            host, modules, needed = _BY_FILE[name]
            imports = any(item.module in modules for item in tree.reach.readings[file].imports)
            if (imports or (needed and _mentions(tree, file, needed))) and not (host == DJANGO and settings):
                yield HostedStart(file, 1, "its `AppConfig`" if host == DJANGO else "its name", host)
    for group, value, file in declared_plug_ins(tree):
        entry = value.partition(":")[2]
        yield HostedStart(file, 1, f"the entry point `{value}` of `{group}`", _GROUPS.get(group, group), entry)


def _by_signs(tree: Tree, file: str) -> Iterator[HostedStart]:
    for name, part in tree.reach.readings[file].parts.items():
        for sign in part.signs:
            if (
                sign.means is Means.SPIDER
                and not sign.what.startswith("scrapy.")
                and "spiders" not in file.split(os.sep)
            ):
                continue
            if (host := _BY_SIGN.get(sign.means)) is not None:
                yield HostedStart(file, sign.line, f"`{sign.what}` in line {sign.line}", host)
                return
            if sign.means is Means.LAMBDA and _is_handler(name):
                yield HostedStart(file, sign.line, f"`{sign.what}` in line {sign.line}", LAMBDA, name)
                return


def _is_handler(name: str) -> bool:
    """Whether a function that takes an event and a context is called as Lambda handlers are."""
    return "." not in name and ("handler" in name or name in ("main", "handle"))


def _mentions(tree: Tree, file: str, name: str) -> bool:
    """Whether a file names something at its top, or binds it."""
    reading = tree.reach.readings[file]
    named = TOP in reading.parts and name in reading.parts[TOP].names | reading.parts[TOP].attributes
    return named or (reading.binds is not None and name in reading.binds)


def django_settings(tree: Tree) -> frozenset[str]:
    """The files with the settings of Django projects."""
    return frozenset(file for file in tree.reach.readings if _mentions(tree, file, "INSTALLED_APPS"))


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
