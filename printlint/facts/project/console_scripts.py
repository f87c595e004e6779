"""The console scripts that a project declares, in whichever of its files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from printlint.reading import disk
from printlint.reading.documents import read_ini, read_toml


def declared_scripts(root: Path) -> Iterator[str]:
    """`module:function` of the scripts that the files in a project's root declare. What cannot be read has none."""
    for table in _tables(root):
        for kind in ("scripts", "gui-scripts"):
            scripts = table.get(kind) if isinstance(table, dict) else None
            if isinstance(scripts, dict):
                yield from (value.replace(" ", "") for value in scripts.values() if isinstance(value, str))
    listed = _listed_in_setup_cfg(root)
    with suppress(OSError, UnicodeDecodeError):
        listed += "\n" + disk.read(root / "setup.py", disk.CONFIG_LIMIT).decode()
    yield from (match[1] for match in re.finditer(r"=\s*([\w.]+:\w+)", listed))


def script_modules(root: Path) -> Iterator[tuple[str, str]]:
    """The names of the scripts that the files in a project's root declare, each with the module that it runs."""
    names = ("pyproject.toml", "setup.cfg", "setup.py")
    for name in names:
        with suppress(OSError, UnicodeDecodeError):
            text = disk.read(root / name).decode()
            yield from re.findall(r"""(?m)^[ \t]*["']?([A-Za-z][\w.-]*)["']?[ \t]*=[ \t]*["']?([\w.]+):\w+""", text)


def _tables(root: Path) -> list[object]:
    """The tables of `pyproject.toml` that may have scripts."""
    try:
        text = disk.read(root / "pyproject.toml", disk.CONFIG_LIMIT).decode()
        if "scripts" not in text:
            return []  # only who has scripts pays for reading TOML
        document = read_toml(text)
    except (OSError, ValueError):
        return []
    tools = document.get("tool")
    return [document.get("project"), tools.get("poetry") if isinstance(tools, dict) else None]


def _listed_in_setup_cfg(root: Path) -> str:
    try:
        parser = read_ini(disk.read(root / "setup.cfg", disk.CONFIG_LIMIT).decode())
    except (OSError, ValueError):
        return ""
    kinds = ("console_scripts", "gui_scripts")
    return "\n".join(parser.get("options.entry_points", kind, fallback="") for kind in kinds)
