"""What the command lines of a tree start: those in Dockerfiles, compose files, Procfiles, Makefiles, scripts and CI."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from printlint.facts.project.word_index import walk
from printlint.reading import disk


class Command(NamedTuple):
    """One thing that a command line starts: a file that is run, or a module by its dotted name.

    `source` is the path of the file with the command line. `is_module` tells `-m a.b` from what a server imports.
    """

    source: str
    file: str = ""
    module: str = ""
    is_module: bool = False


# How the names of files with command lines end; where one is empty, nothing is read.
_ENDINGS = (
    *("Dockerfile", ".dockerfile", "Containerfile", "Procfile", "Makefile", "makefile", "justfile", "tox.ini"),
    *(".sh", ".bash", ".service", "compose.yml", "compose.yaml", ".gitlab-ci.yml", "render.yaml", "fly.toml"),
)
_CI_FOLDERS = (".github/workflows", ".circleci", ".devcontainer")
_LARGEST = 200_000  # bytes; what is larger was not written by hand
_MOST_FILES = 500

_INTERPRETER = re.compile(r"(?:.*/)?(?:python|pypy)[\d.]*(?:\.exe)?$")
_RUNS_FILES = frozenset({"run", "streamlit", "ipython", "nohup", "exec"})
_SERVERS = re.compile(
    r"(?:.*/)?(?:uvicorn|gunicorn|hypercorn|daphne|granian|waitress-serve|celery|flask|rq|dramatiq|arq|taskiq|huey_consumer)$"
)
_APPLICATION = re.compile(r"[A-Za-z_][\w.]*(?::[A-Za-z_]\w*(?:\(\))?)?")
_NAMES_APPLICATION = ("-A", "--app", "FLASK_APP", "DJANGO_SETTINGS_MODULE")
_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


def commands_below(root: Path) -> list[Command]:
    """What the command lines in the files below a folder start. Files that cannot be read have none."""
    found: list[Command] = []
    names = [name for name, _ in zip(_files(root), range(_MOST_FILES), strict=False)]
    for name in names:
        try:
            if os.path.getsize(name) <= _LARGEST:
                found += _commands(name, disk.read_text(Path(name)))
        except OSError:
            continue
    return found


def _files(root: Path) -> Iterator[str]:
    yield from walk(root, _ENDINGS, packages_only=False)
    for folder in _CI_FOLDERS:
        if (root / folder).is_dir():
            yield from walk(root / folder, (".yml", ".yaml", ".json"), packages_only=False)


def _commands(source: str, text: str) -> Iterator[Command]:
    joined = re.sub(r"\\\r?\n", " ", text)
    for line in joined.splitlines():
        if not line.lstrip().startswith("#"):
            words = re.sub(r"""[\[\]"',;&|()`]""", " ", line).replace("=", " ").split()
            yield from _started(source, words)


def _started(source: str, words: list[str]) -> Iterator[Command]:
    """What the words of one line start."""
    runner = server = False
    for index, word in enumerate(words):
        before = words[index - 1] if index else ""
        if before == "-m" and runner and _MODULE.fullmatch(word):
            runner, server = False, _SERVERS.match(word) is not None
            yield Command(source, module=word, is_module=True)
        elif word.endswith(".py") and (runner or word.startswith("./")):
            runner = False
            yield Command(source, file=word)
        elif _INTERPRETER.match(word) or word in _RUNS_FILES:
            runner = True
        elif _SERVERS.match(word):
            server = True
        elif (server and ":" in word and _APPLICATION.fullmatch(word)) or (
            before in _NAMES_APPLICATION and _APPLICATION.fullmatch(word)
        ):
            yield Command(source, module=word.partition(":")[0])
