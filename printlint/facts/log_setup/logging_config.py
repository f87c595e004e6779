"""Logging configurations: `dictConfig` literals, Django's `LOGGING`, and the JSON, YAML, TOML and INI files loaded.

The schema and its defaults are those of the Python documentation, logging.config.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from printlint.facts.log_setup.config_files import lines_of, named_files, read_configuration
from printlint.facts.log_setup.handlers import dict_configs, dict_get
from printlint.facts.loggers.kinds import names_above
from printlint.facts.module import Module, once_a_module
from printlint.facts.project.project import Project
from printlint.logging_names import number_of
from printlint.reading import disk
from printlint.reading.documents import UNKNOWN

_EXISTING = "disable_existing_loggers"
_LOADERS = frozenset({"logging.config.dictConfig", "logging.config.fileConfig"})
_MOST_LOGGERS = 1_000  # nobody writes more by hand, and each logger is held against all others


class LoggerEntry(NamedTuple):
    """A logger of a configuration. `name` is empty for the root; `line` counts from 1, in the file that says it.

    `propagate` and `level` are None where nothing is said or nothing is known; `propagate` also where it reads as false
    and is true, as the text "False" is. `levelled` says whether a level is given; `whole` is false where a part of the
    entry is computed. `node` is the display, for code. `filtered` says whether the logger has filters.
    """

    name: str
    line: int
    handlers: tuple[str, ...]
    propagate: bool | None
    level: int | None
    levelled: bool
    whole: bool
    node: ast.Dict | None = None
    filtered: bool = False


class ConfigEntry(NamedTuple):
    """A handler or a formatter of a configuration: its table, as far as it is written out. See `LoggerEntry`."""

    name: str
    line: int
    table: Mapping[object, object]
    node: ast.Dict | None = None

    @property
    def class_name(self) -> str:
        """The dotted name of its class, which an INI file gives as `logging` has it; empty where nothing tells."""
        spelled = self.table.get("()", self.table.get("class", ""))
        if not isinstance(spelled, str):
            return ""
        short = spelled in ("FileHandler", "StreamHandler", "Formatter") or spelled.startswith("handlers.")
        return f"logging.{spelled}" if short else spelled

    @property
    def level(self) -> int:
        """The number of its level; 0 where it has none that is known."""
        return level_number(self.table.get("level")) or 0


class LoggingConfig(NamedTuple):
    """A configuration. `site` is the literal, or the call that loads the file at `path`.

    `disables` says whether loggers that exist are disabled by it, None where that is computed. `named` are the dotted
    names of what it makes: handlers, filters, formatters, streams. `handlers` and `formatters` are their entries.
    """

    site: ast.expr
    entries: tuple[LoggerEntry, ...]
    disables: bool | None
    path: Path | None = None
    named: tuple[str, ...] = ()
    handlers: tuple[ConfigEntry, ...] = ()
    formatters: tuple[ConfigEntry, ...] = ()

    def handler(self, name: str) -> ConfigEntry:
        """The entry of a handler; without one, nothing is known of the handler."""
        return next((entry for entry in self.handlers if entry.name == name), ConfigEntry(name, 0, {}))

    def console(self, handler: str) -> bool:
        """Whether a handler writes to a standard stream."""
        return self.handler(handler).class_name.rpartition(".")[2] == "StreamHandler"

    def above(self, name: str) -> tuple[LoggerEntry, str] | None:
        """The nearest logger above one in the tree whose handlers its records reach, and one of those handlers."""
        by_name = {entry.name: entry for entry in self.entries}
        for above in islice(names_above(name), 1, None):
            entry = by_name.get(above)
            if entry is not None and entry.handlers:
                return entry, entry.handlers[0]
            if entry is not None and entry.propagate is False:
                return None
        return None


@once_a_module
def logging_configs(module: Module, project: Project) -> tuple[LoggingConfig, ...]:
    """The configurations of a module, in source order: its literals and the files that it loads."""
    literals = [literal_config(module, display) for display in dict_configs(module)]
    return tuple(sorted([*literals, *_of_files(module, project)], key=lambda config: config.site.lineno))


def unread_configs(module: Module, project: Project) -> Iterator[LoggingConfig]:
    """The calls of `fileConfig` whose file is not known, and which leave it out what becomes of other loggers."""
    read = {config.site for config in logging_configs(module, project)}
    for call in module.calls_named(frozenset({"fileConfig"})):
        if module.qualified(call.func) == "logging.config.fileConfig" and call not in read:
            said = _said_of_existing(call)
            left_out = said is None and not any(item.arg is None for item in call.keywords)
            yield LoggingConfig(call, (), True if left_out else None)


def _said_of_existing(call: ast.Call) -> ast.expr | None:
    """What a call of `fileConfig` gives as `disable_existing_loggers`, its third parameter."""
    named = (item.value for item in call.keywords if item.arg == _EXISTING)
    return call.args[2] if len(call.args) > 2 else next(named, None)


def level_number(value: object) -> int | None:
    """The number of a level that is given by its name or as a number; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return number_of(value.removeprefix("logging.")) if isinstance(value, str) else None


def level_of(module: Module, node: ast.expr) -> int | None:
    """`level_number` of an expression: `logging.ERROR`, `"ERROR"`, 40; None for what the code computes."""
    return level_number(node.value if isinstance(node, ast.Constant) else module.qualified(node))


def literal_config(module: Module, node: ast.Dict) -> LoggingConfig:
    """The configuration that a display of a module is, wherever it is carried out."""
    data = _plain(module, node)
    assert isinstance(data, dict)
    loggers = dict_get(node, "loggers")

    def display(name: str, key: str) -> ast.Dict | None:
        found = dict_get(node, "root") if key == "root" else dict_get(loggers, name)
        return found if isinstance(found, ast.Dict) else None

    entries = []
    for key, name, entry in _logger_tables(data):
        found = display(name, key)
        entries.append(_entry(name, entry, found.lineno if found else node.lineno, found))
    sections = [
        tuple(
            ConfigEntry(name, shown.lineno, table, shown)
            for name, table in _tables(data, section).items()
            if isinstance(shown := dict_get(dict_get(node, section), name), ast.Dict)
        )
        for section in ("handlers", "formatters")
    ]
    return LoggingConfig(node, tuple(entries), _disables(data), None, _named(data), *sections)


def _plain(module: Module, node: ast.expr) -> object:
    """The value of an expression of displays and constants; names of levels by their qualified names."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return [_plain(module, element) for element in elements]
        case ast.Dict(keys=keys, values=values):
            plain: dict[object, object] = {}
            for key, item in zip(keys, values, strict=True):
                plain[key.value if isinstance(key, ast.Constant) else UNKNOWN] = _plain(module, item)
            return plain
    qualified = module.qualified(node) or ""
    return qualified if qualified.startswith("logging.") else UNKNOWN


def _logger_tables(data: Mapping[object, object]) -> Iterator[tuple[str, str, Mapping[object, object]]]:
    """The tables of loggers: the key that they are under, the name as written, and the table."""
    loggers = data.get("loggers")
    named = loggers.items() if isinstance(loggers, dict) else ()
    for name, table in islice(named, _MOST_LOGGERS):
        if isinstance(name, str) and isinstance(table, dict):
            yield "loggers", name, table
    if isinstance(root := data.get("root"), dict):
        yield "root", "", root


def _entry(name: str, table: Mapping[object, object], line: int, node: ast.Dict | None = None) -> LoggerEntry:
    handlers = table.get("handlers", [])
    known = isinstance(handlers, list) and all(isinstance(handler, str) for handler in handlers)
    propagate = table.get("propagate")
    return LoggerEntry(
        "" if name == "root" else name,
        line,
        tuple(str(handler) for handler in handlers) if known and isinstance(handlers, list) else (),
        _propagates(propagate),
        level_number(table.get("level")),
        "level" in table,
        known and UNKNOWN not in table and propagate is not UNKNOWN,
        node,
        bool(table.get("filters")),
    )


def _propagates(value: object) -> bool | None:
    """What the value of `propagate` means: None is passed over by logging, and any other is true or false by itself."""
    if value is None or value is UNKNOWN or is_false_in_words(value):
        return None
    return bool(value)


def is_false_in_words(value: object) -> bool:
    """Whether a value is a text that says false and is true: `"False"`, `"no"`."""
    return isinstance(value, str) and value.strip().lower() in ("false", "no", "n", "f", "off", "none", "0")


def _tables(data: Mapping[object, object], section: str) -> dict[str, Mapping[object, object]]:
    tables = data.get(section)
    found = tables.items() if isinstance(tables, dict) else ()
    return {name: table for name, table in found if isinstance(name, str) and isinstance(table, dict)}


def _named(data: Mapping[object, object]) -> tuple[str, ...]:
    entries = [entry for kind in ("handlers", "filters", "formatters") for entry in _tables(data, kind).values()]
    values = (entry.get(key) for entry in entries for key in ("()", "class", "stream"))
    return tuple(value.removeprefix("ext://") for value in values if isinstance(value, str))


def _disables(data: Mapping[object, object]) -> bool | None:
    value = data.get(_EXISTING, True)
    if data.get("incremental") or value is UNKNOWN or UNKNOWN in data:
        return None
    return bool(value)


# Files


def _of_files(module: Module, project: Project) -> Iterator[LoggingConfig]:
    for call in module.calls_named(frozenset({"dictConfig", "fileConfig"})):
        loader = module.qualified(call.func)
        if loader not in _LOADERS or not call.args or isinstance(call.args[0], ast.Dict):
            continue
        for path in named_files(module, project, call, ini=loader.endswith("fileConfig")):
            if (data := read_configuration(path)) is None:
                continue
            said = _said_of_existing(call) if loader.endswith("fileConfig") else None
            if said is not None:
                data[_EXISTING] = _plain(module, said)
            yield _of_file(call, path, data)


def _of_file(call: ast.Call, path: Path, data: dict[object, object]) -> LoggingConfig:
    tables = list(_logger_tables(data))
    sections = [_tables(data, section) for section in ("handlers", "formatters")]
    names = {name or "root" for _, name, _ in tables}
    lines = lines_of(disk.read_text(path), names.union(*sections))
    entries = [_entry(name, table, lines.get(name or "root", 1)) for _, name, table in tables]
    made = [tuple(ConfigEntry(name, lines.get(name, 1), item) for name, item in found.items()) for found in sections]
    return LoggingConfig(call, tuple(entries), _disables(data), path, _named(data), *made)
