"""Files other than Python's that say what is started: which files of a tree these are, and the commands in them.

Nothing in them is run. Each file is read with the parser of its format; a file that it rejects has no commands.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from printlint.facts.project.word_index import walk
from printlint.facts.reach.commands import Command, started
from printlint.facts.reach.containers import Line, read_dockerfile
from printlint.facts.reach.handlers import read_handlers
from printlint.facts.reach.shell import Around, steps
from printlint.facts.reach.tables import read_table
from printlint.reading import disk
from printlint.run import once_a_run

_LARGEST = 200_000  # bytes; what is larger was not written by hand
_MOST_FILES = 500
_CI_FOLDERS = (".vscode", ".github/workflows", ".github/actions", ".circleci", ".devcontainer", ".buildkite", ".gitlab")
# Names of files that hold commands, by how they are read.
_DOCKERFILE = re.compile(r"(?:Docker|Container)file(?:[.-].+)?|.+\.(?:docker|container)file|.+\.Dockerfile")
_SCRIPTS = re.compile(r".+\.(?:sh|bash|zsh|ksh|fish|bat|cmd|ps1)")
_LINES = re.compile(
    r"Procfile(?:\..+)?|(?:GNU)?[Mm]akefile|.+\.mk|[Jj]ustfile|crontab|.+\.cron"
    r"|[\w-]{0,255}(?:entrypoint|start|run|serve|server|worker|web)[\w-]{0,255}"  # shell scripts without an ending
)
_README = re.compile(
    r"(?i:(?:README|CONTRIBUTING|INSTALL|USAGE|QUICKSTART|DEPLOY(?:MENT)?|CLAUDE|AGENTS)(?:\.(?:md|rst|txt))?)"
)
_TABLE = re.compile(
    r".+\.(?:ya?ml|service|timer)|tox\.ini|uwsgi\.ini|supervisord?.*\.(?:conf|ini)|pyproject\.toml|fly\.toml|railway\.(?:toml|json)"
    r"|nixpacks\.toml|package\.json|vercel\.json|app\.json|devcontainer\.json|tasks\.json|launch\.json|scrapy\.cfg|Pipfile"
)
_HANDLERS = re.compile(r"serverless.*\.ya?ml|(?:.{0,255}template|sam).{0,255}\.ya?ml|.+\.tf")
# A file without any of these starts no Python program.
_SIGNS = re.compile(
    r"python|\.py\b|corn\b|daphne|granian|waitress|uwsgi|celery|flask|FLASK_APP|DJANGO_SETTINGS|fastapi|streamlit|chainlit|scrapy"
    r"|dramatiq|taskiq|\barq\b|\brq\b|huey|faust|\bquart\b|[hH]andler\b|\[settings\]",
)


def commands_below(root: Path) -> list[Command]:
    """What the command lines in the files below a folder start. Files that cannot be read have none."""
    found: list[Command] = []
    for name, kind in _files(root):
        try:
            if os.path.getsize(name) > _LARGEST:
                continue
            text = disk.read_text(Path(name))
        except OSError:
            continue
        if _SIGNS.search(text):
            found += _READERS[kind](name, text, str(root))
    return found


def commands_told(name: str, lines: Iterable[tuple[str, int]]) -> Iterator[Command]:
    """The commands by which a file is run, as its own text says."""
    for text, line in lines:
        for step in steps(text, Around(), line):
            yield from started(step, name, weak=True)


def _files(root: Path) -> Iterator[tuple[str, str]]:
    """The files to read, each with its kind; also those in the hidden folders of CI services and editors."""
    count = 0
    for folder in (root, *(root / folder for folder in _CI_FOLDERS)):
        for name in walk(folder, ("",), packages_only=False):
            base = os.path.basename(name)
            kinds = _kinds(base)
            if kinds and count < _MOST_FILES:
                count += 1
                yield from ((name, kind) for kind in kinds)
            if base == "cdk.json":
                yield from ((code, "handlers") for code in walk(Path(name).parent, (".py", ".ts"), packages_only=False))


@once_a_run(most=8)
def dockerfiles(top: str) -> tuple[str, ...]:
    """The paths of a tree's Dockerfiles."""
    return tuple(name for name, kind in _files(Path(top)) if kind == "dockerfile")


def _kinds(base: str) -> list[str]:
    """The kinds by which a file of this name is read; there may be several."""
    found = {
        "dockerfile": _DOCKERFILE.fullmatch(base),
        "lines": _LINES.fullmatch(base) or _SCRIPTS.fullmatch(base),
        "readme": _README.fullmatch(base),
        "table": _TABLE.fullmatch(base),
        "handlers": _HANDLERS.fullmatch(base),
    }
    return [kind for kind, match in found.items() if match]


def _read_parsed(parse: Callable[[str, str, str], Iterator[Line]], name: str, text: str, top: str) -> Iterator[Command]:
    for line, around, command in parse(name, text, top):
        for step in steps(command, around, line):
            yield from started(step, name)


def _read_lines(name: str, text: str, top: str) -> Iterator[Command]:
    """Shell scripts, whose folder is their caller's; make's recipes, Procfiles and crontabs, line by line."""
    folder, base = os.path.split(name)
    if text.startswith("#!") or _SCRIPTS.fullmatch(base):
        for step in steps(text, Around(), own_folder=folder):
            yield from started(step, name)
        return
    if base.startswith("Procfile"):
        text = re.sub(r"(?m)^[\w-]+:[ \t]*", "", text)
    elif "cron" in base:
        text = re.sub(r"(?m)^[ \t]*+(?:@\w+|(?:\S++[ \t]++){5})", "", text)
    around = Around() if "cron" in base else Around(folder)
    for step in steps(text, around, own_folder=folder, lasting=False):
        yield from started(step, name)


def _read_me(name: str, text: str, top: str) -> Iterator[Command]:
    """The commands that people are told to run: lines that begin with a program, or with a prompt and a program."""
    lines = (re.sub(r"^[ \t>]*(?:[-*$] |```\w*)?`?", "", line).rstrip("` ") for line in text.splitlines())
    for step in steps("\n".join(lines), Around(), lasting=False):
        yield from started(step, name, weak=True)


_READERS: dict[str, Callable[[str, str, str], Iterator[Command]]] = {
    "dockerfile": partial(_read_parsed, read_dockerfile),
    "lines": _read_lines,
    "readme": _read_me,
    "table": partial(_read_parsed, read_table),
    "handlers": read_handlers,
}
