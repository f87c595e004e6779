"""Findings that are accepted: one by a comment, those of a file by its name in a table of `pyproject.toml`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from printlint.config import Config
from printlint.lint.added_noqa import with_noqa
from printlint.names.layout import project_root
from printlint.reading.documents import Malformed, TooCostly, read_toml
from printlint.server.view import Checked
from printlint.server.workspace_edits import NewText
from printlint.source import Position

# What fnmatch does not take literally.
_SPECIAL = r"[*?\[]"


class AcceptingFails(Exception):
    """A text that cannot be edited so; the message says why."""


def accepted_here(checked: Checked, code: str, start: Position) -> NewText:
    """The document with a comment that accepts one finding. Raises `AcceptingFails`."""
    found = [item.finding for item in checked.items if (item.finding.code, item.finding.start) == (code, start)]
    old, path = checked.source.text, checked.document.path or Path(checked.document.uri)
    if (new := with_noqa(checked.source, found)) == old:
        raise AcceptingFails("there is no room for a comment on this line")
    return NewText(path, old, new)


def accepted(checked: Checked, code: str, text_of: Callable[[Path], str | None]) -> NewText:
    """The configuration that accepts a code in a file; without a code, one in which all its prints are its output.

    `text_of` gives the text of a file, None where there is none. Raises `AcceptingFails`.
    """
    config, path = checked.config, checked.document.path
    assert path is not None
    file = config.file.absolute() if config.file is not None else _project_file(path)
    name = path.relative_to(file.parent) if path.is_relative_to(file.parent) else path
    glob = re.sub(_SPECIAL, lambda match: f"[{match[0]}]", name.as_posix())
    try:
        old = text_of(file)
        read_toml(old or "")  # which is bounded
        document = tomlkit.parse(old or "")
        tool = document.setdefault("tool", tomlkit.table(is_super_table=True))
        _enter(tool.setdefault("printlint", tomlkit.table()), config, glob, code)
        return NewText(file, old, tomlkit.dumps(document))
    except (OSError, ValueError, TypeError, AttributeError, KeyError, TOMLKitError, Malformed, TooCostly) as error:
        raise AcceptingFails(f"{file.name} cannot be edited: {error}") from error


def _project_file(path: Path) -> Path:
    return (project_root(path.parent) or path.parent) / "pyproject.toml"


def _enter(table: Any, config: Config, glob: str, code: str) -> None:
    """Add to a table. A key that it lacks may have its value from the file that the table extends."""
    if not code:
        table["interface"] = _with(table.get("interface", config.interface), glob)
        return
    if "per-file-ignores" not in table:
        table["per-file-ignores"] = {name: list(codes) for name, codes in config.per_file_ignores.items()}
    ignored = table["per-file-ignores"]
    ignored[glob] = _with(ignored.get(glob, ()), code)


def _with(listed: Sequence[str] | str, item: str) -> list[str]:
    names = [part.strip() for part in listed.split(",")] if isinstance(listed, str) else list(listed)
    return names if item in names else [*names, item]
