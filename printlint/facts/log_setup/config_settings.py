"""What a logging configuration does to loggers and handlers, where it is carried out; also one of another file."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from printlint.facts.flow.origins import origins, values_elsewhere
from printlint.facts.log_setup.handlers import dict_get
from printlint.facts.log_setup.level_values import LevelValues
from printlint.facts.log_setup.logger_settings import (
    Attached,
    Disabling,
    Emptied,
    LoggerSettings,
    Place,
    Propagates,
    SetLevel,
)
from printlint.facts.log_setup.logging_config import LoggerEntry, LoggingConfig, literal_config
from printlint.facts.log_setup.written_to import HandlerKind, Written
from printlint.facts.module import Module
from printlint.facts.project.project import Project

_WARNING = 30


def configs_elsewhere(module: Module, project: Project, call: ast.Call) -> Iterator[LoggingConfig]:
    """The configurations that a module loads, and another file writes down."""
    for value in origins(module, call.args[0]) if call.args else ():
        qualified = module.qualified(value) if isinstance(value, (ast.Name, ast.Attribute)) else None
        found = next(values_elsewhere(module, project, qualified), None) if qualified else None
        if found is not None and isinstance(found[1], ast.Dict):
            yield literal_config(found[0], found[1])._replace(site=call.args[0])


def add_config(
    found: LoggerSettings, config: LoggingConfig, site: Place, levels: LevelValues, *, by_entry: bool = False
) -> None:
    """Add what a configuration does at a place; `by_entry`: what it says of a logger, at the line that says it."""
    if config.disables:
        kept = tuple(entry.name for entry in config.entries if entry.name)
        found.disabling.append(Disabling(kept, config.site.lineno, site))
    for entry in config.entries:
        _add_entry(found, config, entry, site._replace(line=entry.line) if by_entry else site, levels)
    roots = [entry for entry in config.entries if not entry.name]
    if not any(entry.levelled for entry in roots):
        number = _WARNING if roots else None
        level = SetLevel(_WARNING, number, site, "the configuration without a root level", implied=True)
        found.levels.setdefault("", []).append(level)


def _add_entry(
    found: LoggerSettings, config: LoggingConfig, entry: LoggerEntry, place: Place, levels: LevelValues
) -> None:
    if entry.levelled:
        node = dict_get(entry.node, "level")
        highest = levels.highest(node) if node is not None else entry.level
        level = SetLevel(entry.level, highest, place, "the configuration's root logger")
        found.levels.setdefault(entry.name, []).append(level)
    if entry.propagate is not None:
        found.propagates.setdefault(entry.name, []).append(Propagates(entry.propagate, place))
    if entry.filtered:
        found.filtered.setdefault(entry.name, []).append(place)
    found.emptied.setdefault(entry.name, []).append(Emptied(place, every=True))
    for slot, name in enumerate(entry.handlers):
        handler = config.handler(name)
        made = handler.class_name
        what = made, Written.of_class(made), HandlerKind.of_class(made), handler.level, False
        attached = Attached(entry.name, f"handler `{name}`", *what, place, slot=slot)
        found.handlers.setdefault(entry.name, []).append(attached)
