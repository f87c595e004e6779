"""Commands in files of keys and values: compose files, workflows, systemd units, package.json, tox.ini, fly.toml, …

Each format calls them by a few names, beside the folder that they run in and the environment that they have.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from printlint.facts.reach.containers import Line
from printlint.facts.reach.shell import Around
from printlint.reading.documents import Located, located, read_ini, read_json, read_toml, read_yaml_documents

# Keys with one command (a text or its words), with commands, and with tables of commands.
_WORDS = frozenset({"entrypoint", "command", "args", "cmd"})
_TEXTS = frozenset(
    {
        *("run", "script", "before_script", "after_script", "cmds", "commands", "commands_pre", "commands_post"),
        *("execstart", "execstartpre", "start", "startcommand", "predeploycommand", "release_command", "shell"),
        *("inline", "worker", "web", "release"),
    }
)
_TABLES = frozenset({"scripts", "processes", "tasks"})
_FOLDERS = (
    *("working_dir", "working-directory", "working_directory", "workingdir", "workingdirectory"),
    *("directory", "rootdir", "chdir", "changedir"),
)
_ENVIRONMENTS = ("env", "environment", "variables", "envvars", "setenv", "set_env", "env_variables")
_MOST_COMMANDS = 500  # of one file


def read_table(name: str, text: str, top: str) -> Iterator[Line]:
    """The commands of a file, with the line and the surroundings of each. What cannot be read has none."""
    folder = os.path.dirname(name)
    in_ci = any(part in name for part in (".github/", ".gitlab", ".circleci/", ".buildkite/", ".vscode/"))
    start = Around(top if in_ci else folder)
    seen: set[int] = set()
    with suppress(ValueError, OSError):
        for document in _documents(name, text):
            for command, around in islice(_commands(document, start, seen), _MOST_COMMANDS):
                yield _line_of(command, text), around, command.lstrip("\n")


def _documents(name: str, text: str) -> list[Any]:
    ending = name.rpartition(".")[2]
    if ending in ("yml", "yaml"):
        return read_yaml_documents(text)
    if ending == "json":
        return [read_json(re.sub(r",(\s*[}\]])", r"\1", re.sub(r"(?m)^[ \t]*//.*$", "", text)))]
    if ending == "toml" or name.endswith("Pipfile"):
        return [read_toml(text)]
    parser = read_ini(text, strict=False)
    if name.endswith("scrapy.cfg"):
        return [{"env": {"SCRAPY_SETTINGS_MODULE": parser.get("settings", "default", fallback="")}}]
    return [{section: dict(parser.items(section)) for section in parser.sections()}]


def _line_of(command: str, text: str) -> int:
    """The line of a command: where its first line is in the text, if the document does not tell."""
    if isinstance(command, Located):
        return command.line
    first = next(iter(command.strip().splitlines()), "")
    place = text.find(first)
    return text.count("\n", 0, place) + 1 if place >= 0 else 1


def _commands(value: object, around: Around, seen: set[int]) -> Iterator[tuple[str, Around]]:
    """The commands in a value, in the order of the document; a table with several aliases counts once."""
    if not isinstance(value, (list, dict)) or id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, list):
        for item in value:
            yield from _commands(item, around, seen)
        return
    keys = {key.lower(): item for key, item in value.items() if isinstance(key, str)}
    around = _surroundings(keys, around)
    launched = list(_launched(keys))
    yield from ((text, around) for text in launched)
    words = [part for name in ("entrypoint", "command", "cmd", "args") for part in _joined(keys.get(name))]
    if words and not launched:
        yield _joined_text(words), around
    for name, settings in keys.items():
        if name in _ENVIRONMENTS:
            yield from ((setting, around) for setting in _settings(settings))
        elif name in _TEXTS:
            yield from ((text, around) for text in _texts(settings))
        elif name in _TABLES and isinstance(settings, dict):
            for item in settings.values():
                yield from ((text, around) for text in _texts(item))
                yield from _commands(item, around, seen)
        if name not in _WORDS and name not in _TABLES:
            yield from _commands(settings, around, seen)


def _launched(keys: dict[str, Any]) -> Iterator[str]:
    """What an editor's debugger starts."""
    if keys.get("type") not in ("debugpy", "python"):
        return
    arguments = " ".join(_joined(keys.get("args")))
    for name, words in (("program", "python"), ("module", "python -m")):
        if isinstance(value := keys.get(name), str):
            yield f"{words} {value} {arguments}".replace("${workspaceFolder}/", "")


def _surroundings(keys: dict[str, Any], around: Around) -> Around:
    """Where the commands of a table run: in the folder and with the path that it says itself."""
    defaults = keys.get("defaults")
    if isinstance(defaults, dict) and isinstance(defaults.get("run"), dict):
        around = _surroundings(defaults["run"], around)
    build, volumes = keys.get("build"), keys.get("volumes")
    context = build.get("context") if isinstance(build, dict) else build
    if isinstance(context, str) and (
        "image" in keys or "command" in keys or "volumes" in keys or isinstance(build, dict)
    ):
        around = around.into(context)
    if isinstance(volumes, list):
        around = around._replace(places={**around.places, **dict(_mounted(volumes, around))})
    for name in _FOLDERS:
        if isinstance(keys.get(name), str):
            around = around.into(keys[name])
    for name in _ENVIRONMENTS:
        for setting in _settings(keys.get(name)):
            key, _, path = setting.partition("=")
            if key == "PYTHONPATH":
                around = around.with_path(path)
    return around


def _mounted(volumes: list[Any], around: Around) -> Iterator[tuple[str, str]]:
    """The folders of the tree that a container has by other names."""
    for volume in volumes:
        if isinstance(volume, str) and volume.startswith(".") and ":" in volume:
            here, there = volume.split(":")[:2]
            if folder := around.find(here):
                yield os.path.normpath(there), folder


def _joined(value: object) -> list[str]:
    """The text of a command; its words are put together."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and value and all(isinstance(word, (str, int)) for word in value):
        text = shlex.join(map(str, value))
        return [located(text, value[0].line) if isinstance(value[0], Located) else text]
    return []


def _joined_text(words: list[str]) -> str:
    text = " ".join(words)
    return located(text, words[-1].line) if isinstance(words[-1], Located) else text


def _texts(value: object) -> Iterator[str]:
    """Texts that are commands: one, or each of a list."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (item for item in value if isinstance(item, str))


def _settings(value: object) -> Iterator[str]:
    """Variables of an environment as `NAME=value`."""
    if isinstance(value, dict):
        for name, item in value.items():
            item = item.get("value") if isinstance(item, dict) else item
            if isinstance(name, str) and isinstance(item, str):
                text = f"{name}={item}"
                yield located(text, item.line) if isinstance(item, Located) else text
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, str) and "=" in item:
                yield item
            elif isinstance(item, dict):
                key, given = item.get("name", item.get("key")), item.get("value")
                if isinstance(key, str) and isinstance(given, str):
                    yield f"{key}={given}"
    elif isinstance(value, str):
        yield from ("=".join(map(str.strip, part.split("=", 1))) for part in re.split(r"[\n,]", value) if "=" in part)
