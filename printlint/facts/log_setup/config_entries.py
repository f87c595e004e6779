"""Handlers that write to files, and formatters that write text, of a logging configuration."""

from __future__ import annotations

from collections.abc import Iterator

from printlint.facts.log_setup.file_handlers import is_no_file, names_no_file
from printlint.facts.log_setup.handlers import FILE_HANDLERS, dict_get
from printlint.facts.log_setup.logger_settings import shown
from printlint.facts.log_setup.logging_config import ConfigEntry, LoggingConfig
from printlint.facts.module import Module
from printlint.facts.project.project import Project


def place_of(entry: ConfigEntry, config: LoggingConfig, project: Project) -> str:
    """Where an entry is in a file of its own, in parentheses behind a space; empty for one in a literal."""
    return f" ({shown(config.path, project)}:{entry.line})" if config.path else ""


def file_entries(module: Module, config: LoggingConfig) -> Iterator[ConfigEntry]:
    """The file handlers, without those that name a standard stream or the null device."""
    for entry in config.handlers:
        path = dict_get(entry.node, "filename")
        if entry.class_name not in FILE_HANDLERS or (entry.node is not None and path is None):
            continue
        if not is_no_file(module, path) and not names_no_file(entry.table.get("filename")):
            yield entry


def text_entries(config: LoggingConfig) -> Iterator[ConfigEntry]:
    """The formatters that are logging's own, without colours, and used by a handler of a stream or a file."""
    for entry in config.formatters:
        colourful = "\x1b[" in str(entry.table.get("format", ""))
        if entry.class_name in ("", "logging.Formatter") and "()" not in entry.table and not colourful:
            if any(writes_lines(handler) for handler in users(config, entry)):
                yield entry


def users(config: LoggingConfig, formatter: ConfigEntry) -> Iterator[ConfigEntry]:
    """The handlers that a formatter is for."""
    return (entry for entry in config.handlers if entry.table.get("formatter") == formatter.name)


def writes_lines(handler: ConfigEntry) -> bool:
    """Whether a handler is one of logging's for streams or files."""
    return handler.class_name in FILE_HANDLERS | {"logging.StreamHandler"}
