"""The entry points that a project declares: its console scripts, and what other programs load of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from printlint.reading import disk
from printlint.reading.documents import dig, read_ini, read_toml

SCRIPTS = frozenset({"console_scripts", "gui_scripts"})
_SECTION = "options.entry_points"


def declared_scripts(root: Path) -> Iterator[str]:
    """`module:function` of the scripts that the files in a project's root declare. What cannot be read has none."""
    yield from (value for group, value in entry_points(str(root)) if group in SCRIPTS)
    with suppress(OSError, UnicodeDecodeError):
        text = disk.read(root / "setup.py", disk.CONFIG_LIMIT).decode()
        yield from (match[1] for match in re.finditer(r"=\s*([\w.]+:\w+)", text))


def script_modules(root: Path) -> Iterator[tuple[str, str]]:
    """The names of the scripts that the files in a project's root declare, each with the module that it runs."""
    names = ("pyproject.toml", "setup.cfg", "setup.py")
    for name in names:
        with suppress(OSError, UnicodeDecodeError):
            text = disk.read(root / name).decode()
            yield from re.findall(r"""(?m)^[ \t]*["']?([A-Za-z][\w.-]*)["']?[ \t]*=[ \t]*["']?([\w.]+):\w+""", text)


def entry_points(folder: str) -> Iterator[tuple[str, str]]:
    """The group and the value (`module:attribute`) of each entry point that metadata in a folder declares."""
    for group, value in (*_in_pyproject(folder), *_in_setup_cfg(folder)):
        yield group, value.partition("[")[0].replace(" ", "")


def _in_pyproject(folder: str) -> Iterator[tuple[str, str]]:
    document: object = {}
    with suppress(OSError, ValueError):
        text = disk.read(Path(folder, "pyproject.toml"), disk.CONFIG_LIMIT).decode()
        if re.search(r"scripts|entry-points|plugins", text):  # only who has some pays for reading TOML
            document = read_toml(text)
    for table in (dig(document, "project"), dig(document, "tool", "poetry")):
        groups = {"console_scripts": dig(table, "scripts"), "gui_scripts": dig(table, "gui-scripts")}
        for found in (groups, dig(table, "entry-points"), dig(table, "plugins")):
            for group, entries in found.items() if isinstance(found, dict) else ():
                values = entries.values() if isinstance(entries, dict) else ()
                yield from ((group, value) for value in values if isinstance(value, str))


def _in_setup_cfg(folder: str) -> Iterator[tuple[str, str]]:
    with suppress(OSError, ValueError):
        text = disk.read(Path(folder, "setup.cfg"), disk.CONFIG_LIMIT).decode()
        if _SECTION in text and (parser := read_ini(text)).has_section(_SECTION):
            for group in parser.options(_SECTION):
                lines = parser.get(_SECTION, group, fallback="").splitlines()
                yield from ((group, line.partition("=")[2]) for line in lines if "=" in line)
