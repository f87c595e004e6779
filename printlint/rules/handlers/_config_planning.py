"""Handlers and formatters of a `dictConfig` literal, as they would be for an event stream; see the other plans."""

from __future__ import annotations

import ast

from printlint.facts.context import Context
from printlint.facts.log_setup.config_entries import users, writes_lines
from printlint.facts.log_setup.format_fields import DEFAULT, constant_texts
from printlint.facts.log_setup.handlers import FILE_HANDLERS, dict_get
from printlint.facts.log_setup.logger_tree import LoggerTree
from printlint.facts.log_setup.logging_config import ConfigEntry, LoggingConfig, logging_configs
from printlint.plan.edits import ChangeEntries, Edit, InsertKey, SetValue
from printlint.plan.message import Refused
from printlint.plan.refusals import check_place
from printlint.rules.handlers._file_planning import TWICE, check_path, check_project
from printlint.rules.handlers._json_planning import JSON_FORMATTER, check_dependency, check_format

_FILE_KEYS = frozenset(
    {
        *("mode", "encoding", "errors", "delay", "maxBytes", "backupCount", "when", "interval", "utc", "atTime"),
    }
)


def found_in(context: Context, site: ast.AST | None, section: str) -> tuple[LoggingConfig, ConfigEntry, ast.Dict]:
    """The configuration and the entry of a finding, with its display. Raises `Refused` for one in another file."""
    if isinstance(site, ast.Dict):
        check_place(context.module, site)
        for config in logging_configs(context.module, context.project):
            for entry in getattr(config, section):
                if entry.node is site:
                    return config, entry, site
    raise Refused("the configuration is in a file of its own; change it there")


def stream_entry(context: Context, config: LoggingConfig, entry: ConfigEntry, display: ast.Dict) -> ChangeEntries:
    """The edit that makes a file handler one of standard output. Raises `Refused` where that may be wrong."""
    named = _entries(display)
    if "class" not in named:
        raise Refused("a factory makes it (`()`), which takes arguments of its own")
    path = display.values[named["filename"]]
    dropped = [index for key, index in named.items() if key in _FILE_KEYS]
    check_path(context, path, [path, *(display.values[index] for index in dropped)])
    _check_alone(context, config, entry)
    check_project(context)
    quote = context.module.source.segment(display.keys[named["class"]] or display)[-1]

    def text(key: str, value: str) -> str:
        return f"{quote}{key}{quote}: {quote}{value}{quote}"

    changes: dict[int, str | None] = dict.fromkeys(dropped)
    changes[named["class"]] = text("class", "logging.StreamHandler")
    changes[named["filename"]] = text("stream", "ext://sys.stdout")
    return ChangeEntries(display, tuple(sorted(changes.items())))


def json_entry(context: Context, config: LoggingConfig, entry: ConfigEntry, display: ast.Dict) -> tuple[Edit, str]:
    """The edit that makes a formatter one of JSON, with the caution. Raises `Refused` where that may be wrong."""
    module, named = context.module, _entries(display)
    given = {key: constant_texts(module, display.values[named[key]]) for key in ("format", "style") if key in named}
    texts, styles = given.get("format", [DEFAULT]), given.get("style", ["%"])
    if texts is None or styles is None or len(styles) != 1:
        raise Refused("its format is not written out")
    caution = max((check_format(text, styles[0]) for text in texts), key=len)
    for handler in users(config, entry):
        if not writes_lines(handler):
            raise Refused(f"the handler `{handler.name}` uses it, too")
    check_dependency(context.project)
    key, value = next((key, value) for key, value in zip(display.keys, display.values, strict=True) if key is not None)
    quote = module.source.segment(key)[-1]
    name = f"{quote}{JSON_FORMATTER}{quote}"
    if (said := dict_get(display, "class")) is not None:
        assert isinstance(said, ast.Constant)
        return SetValue(said, name), caution
    return InsertKey(display, display.values.index(value), "class", name), caution


def _entries(display: ast.Dict) -> dict[str, int]:
    """The indexes of a display's keys. Raises `Refused` where one is computed or unpacked."""
    named = {key.value: index for index, key in enumerate(display.keys) if isinstance(key, ast.Constant)}
    if len(named) != len(display.keys):
        raise Refused("its keys are not all written out")
    return {str(key): index for key, index in named.items()}


def _check_alone(context: Context, config: LoggingConfig, entry: ConfigEntry) -> None:
    """Refuse where another handler gets the same records, so that each would be printed twice."""
    own = f"handler `{entry.name}`"
    names: set[str | None] = {logger.name for logger in config.entries if entry.name in logger.handlers}
    tree = LoggerTree(context.module, context.project)
    for name in names or {None}:
        for other in tree.sharing(name):
            if other.shown != own and (other.is_stream or other.class_name in FILE_HANDLERS):
                raise Refused(f"{other.described(context.project)} {TWICE}")
