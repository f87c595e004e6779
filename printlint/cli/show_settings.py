"""`printlint check --show-settings`: what applies to which files, and which file says so."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from printlint.cli.options import plural
from printlint.config import Config, Configs
from printlint.lint.linter import enabled_rules

_OF_THE_FILE = ("root", "file")


def shown_settings(configs: Configs, files: Sequence[Path]) -> Iterator[str]:
    """For each configuration the files that have it, its keys as in the table, and the rules that run; a line each."""
    by_config: dict[str, list[Path]] = {}
    for path in files:
        by_config.setdefault(repr(configs.of(path)), []).append(path)
    for number, paths in enumerate(by_config.values()):
        config = configs.of(paths[0])
        more = f" and {plural(len(paths) - 1, 'more file')}" if len(paths) > 1 else ""
        yield from [""] * bool(number)
        yield f"# {paths[0]}{more}: {f'by {config.file}' if config.file else 'no configuration file'}"
        yield from _keys(config)
        codes = ", ".join(rule.code for rule in enabled_rules(config, str(paths[0])))
        yield f"# rules that run: {codes or 'none'}"


def _keys(config: Config) -> Iterator[str]:
    for name, value in zip(config._fields, config, strict=True):
        if name not in _OF_THE_FILE and value is not None:
            yield f"{name.replace('_', '-')} = {_toml(value)}"


def _toml(value: object) -> str:
    """A value as TOML writes it; strings are those of JSON there."""
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + " }"
            if value
            else "{}"
        )
    return json.dumps(value, ensure_ascii=False)
