"""Files with logging configurations: which of them a module loads, and what is in them."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from printlint.facts.module import Module
from printlint.facts.project.project import CONFIG_SUFFIXES, Project
from printlint.process.notices import note
from printlint.reading import disk
from printlint.reading.documents import TooCostly, read_ini, read_json, read_toml, read_yaml

if TYPE_CHECKING:
    from configparser import RawConfigParser

_DEPTH = 3  # how far down in a file the configuration may be: `tool.app.logging` in a TOML file
_LONGEST_NAME = 200


def named_files(module: Module, project: Project, call: ast.Call, *, ini: bool) -> Iterator[Path]:
    """The configuration files that the code around a loading call names, and that the project has."""
    function = module.places.function(call)
    nodes = ast.walk(function) if function is not None else module.scopes.nodes
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    for name in {node.id for node in ast.walk(call.args[0]) if isinstance(node, ast.Name)}:
        for binding in module.bindings_of(name):
            texts |= {
                node.value
                for node in (ast.walk(binding.value) if binding.value is not None else ())
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
    for text in sorted(texts):
        if text.endswith(CONFIG_SUFFIXES) and (text.endswith((".ini", ".cfg", ".conf")) == ini):
            yield from _locate(module, project, text)


def _locate(module: Module, project: Project, text: str) -> list[Path]:
    """A file by how the code names it: beside the module, from the project's root, or the only one with that path."""
    folders = [module.layout.path.parent] if module.layout is not None else []
    folders += [project.root] if project.root is not None else []
    for folder in folders:
        if disk.is_file(folder / text):
            return [folder / text]
    ending = Path(text.lstrip("./")).parts
    found = [path for path in project.config_files if path.parts[-len(ending) :] == ending]
    return found if len(found) == 1 else []


def lines_of(text: str, names: Collection[str]) -> dict[str, int]:
    """The first line, from 1, on which each name ends a key: before a colon, an equals sign or a closing bracket."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for before in re.split(r"[]:=]", line)[:-1]:
            key = before.rstrip(" \t").removesuffix('"').removesuffix("'")[-_LONGEST_NAME:]
            for start in (0, *(match.end() for match in re.finditer(r"""["'\[{(,._ \t]""", key))):
                if key[start:] in names:
                    found.setdefault(key[start:], number)
    return found


def read_configuration(path: Path) -> dict[object, object] | None:
    """The configuration that a file holds, in the shape of `dictConfig`'s argument; None where it holds none."""
    try:
        text = disk.read(path, disk.CONFIG_LIMIT).decode()
        match path.suffix:
            case ".json":
                return _configuration(read_json(text))
            case ".toml":
                return _configuration(read_toml(text))
            case ".yaml" | ".yml":
                return _configuration(read_yaml(text))
        return _ini(text)
    except (disk.TooLarge, TooCostly) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        note(path, f"{reason}; ignored")
    except (OSError, ValueError):
        pass
    return None


def _configuration(data: object) -> dict[object, object] | None:
    """The table with a `version` and loggers, at the top or a few levels below."""
    level, seen = [data], set[int]()
    for _ in range(_DEPTH + 1):
        tables = [table for table in level if isinstance(table, dict)]
        for table in tables:
            if "version" in table and not table.keys().isdisjoint({"handlers", "loggers", "root"}):
                return table
        # what aliases name is the same object in many places
        below = {id(value): value for table in tables for value in table.values()}
        level = [value for key, value in below.items() if key not in seen]
        seen |= below.keys()
    return None


def _ini(text: str) -> dict[object, object] | None:
    """The tables of an INI file for `fileConfig`, whose loggers propagate unless they say 0."""
    parser = read_ini(text)
    if not parser.has_section("loggers"):
        return None
    loggers: dict[object, object] = {}
    for key in _listed(parser.get("loggers", "keys", fallback="")):
        section = f"logger_{key}"
        if parser.has_section(section):
            table: dict[object, object] = {"handlers": _listed(parser.get(section, "handlers", fallback=""))}
            if parser.has_option(section, "level"):
                table["level"] = parser.get(section, "level")
            if parser.get(section, "propagate", fallback="1").strip() == "0":
                table["propagate"] = False
            loggers["" if key == "root" else parser.get(section, "qualname", fallback=key)] = table
    handlers = _entries(parser, "handler", "class", "formatter", "level")
    formatters = _entries(parser, "formatter", "class", "format")
    return {"version": 1, "loggers": loggers, "handlers": handlers, "formatters": formatters}


def _entries(parser: RawConfigParser, kind: str, *options: str) -> dict[str, dict[str, str]]:
    """The handlers or formatters that a file lists, with some of their options as they are written."""
    return {
        key: {option: parser.get(f"{kind}_{key}", option, raw=True, fallback="") for option in options}
        for key in _listed(parser.get(f"{kind}s", "keys", fallback=""))
    }


def _listed(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]
