"""Lines of shell as simple commands: each with the folder that it runs in and the `PYTHONPATH` that it has."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import NamedTuple


class Around(NamedTuple):
    """Where a command runs.

    `folder` is an absolute folder of the tree, empty where it is not known, and `path` are those on `PYTHONPATH`.
    `places` give the folders of the tree that a container has by other names.
    """

    folder: str = ""
    path: tuple[str, ...] = ()
    places: Mapping[str, str] = {}

    def find(self, text: str) -> str:
        """The folder of the tree that a path in a command names; empty where that is not known."""
        text = _HERE.sub(".", text)
        if "$" in text or "{" in text or text.startswith("~"):
            return ""
        if not os.path.isabs(text):
            return os.path.normpath(os.path.join(self.folder, text)) if self.folder else ""
        text = os.path.normpath(text)
        for place in sorted(self.places, key=len, reverse=True):
            if text == place or text.startswith(place.rstrip("/") + "/"):
                return os.path.normpath(os.path.join(self.places[place], text[len(place) :].lstrip("/")))
        return ""

    def into(self, text: str) -> Around:
        """The same in another folder."""
        return self._replace(folder=self.find(text))

    def with_path(self, text: str) -> Around:
        """The same with a value of `PYTHONPATH`, in which the present one may be named."""
        named = [part.strip("\"'") for part in re.split(r"[:;]", text)]
        kept = self.path if any("PYTHONPATH" in part for part in named) else ()
        found = [self.find(part or ".") for part in named if "PYTHONPATH" not in part]
        return self._replace(path=tuple(dict.fromkeys([*kept, *filter(None, found)])))


class Step(NamedTuple):
    """One simple command: its words, what it sets for itself alone, and where it is. Lines count from 1."""

    words: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]
    around: Around
    line: int


_HERE = re.compile(r"\$\(pwd\)|`pwd`|\$\{?PWD\}?|\$\(CURDIR\)|%cd%|\{toxinidir\}|\$\{?GITHUB_WORKSPACE\}?")
_OWN_FOLDER = re.compile(r"\$\(dirname (?:--)? ?\"?\$\{?(?:0|BASH_SOURCE(?:\[0\])?)\}?\"?\)|\$\{0%/\*\}")
_PYTHON = re.compile(
    r"\$[({]?\w*(?<![A-Za-z])PY(?:THON)?3?(?:_?(?:BIN|EXE|CMD|EXECUTABLE))?\b[)}]?|\{envpython\}", re.IGNORECASE
)
_SETTING = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
_SEPARATORS = frozenset({";", "&&", "||", "|", "&", "(", ")", ";;", "|&"})
# Lines without any of these say nothing about programs of Python.
_SIGNS = re.compile(
    r"python|\bpy\b|\.py\b|PYTHON|_APP\b|_MODULE\b|\bc(?:d|elery)\b|pushd|corn\b|daphne|granian|waitress|uwsgi|flask|quart"
    r"|\b(?:rq|arq|huey|faust|poe|fastapi|streamlit|chainlit|scrapy|dramatiq|taskiq|coverage|locust|torchrun|accelerate)\b"
    r"|\buv\b|poetry|pdm|\bsh\b|\./",
    re.IGNORECASE,
)


def steps(text: str, around: Around, line: int = 1, *, own_folder: str = "", lasting: bool = True) -> Iterator[Step]:
    """The simple commands of a text. `own_folder` is that of the script, for `cd "$(dirname "$0")"`.

    `lasting`: a `cd` and an `export` last until the end of the text, and not of the line.
    """
    first = around
    for number, joined in _lines(text, line):
        if not lasting:
            around = first
        if joined.lstrip().startswith("#") or not _SIGNS.search(joined):
            continue
        outer: list[Around] = []
        for words in _simple_commands(_PYTHON.sub("python", _OWN_FOLDER.sub(own_folder or "$0", joined))):
            if words in (["("], [")"]):
                if words == ["("]:
                    outer.append(around)
                elif outer:
                    around = outer.pop()
                continue
            step = _step(words, around, number)
            around = _after(step, around, own_folder)
            yield step


def _lines(text: str, line: int) -> Iterator[tuple[int, str]]:
    """The lines with their numbers; lines that a backslash joins are one, with the number of the first."""
    waiting, start = "", line
    for number, one in enumerate(text.splitlines(), line):
        start = start if waiting else number
        if one.endswith(("\\", "^")):
            waiting += one[:-1] + " "
            continue
        yield start, waiting + one
        waiting = ""
    if waiting:
        yield start, waiting


def _simple_commands(line: str) -> Iterator[list[str]]:
    """The words of each simple command; a bracket of a subshell comes alone."""
    try:
        lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|()")
        lexer.whitespace_split = True
        lexer.commenters = ""
        words = list(lexer)
    except ValueError:  # a quote that another line closes
        words = line.replace('"', " ").replace("'", " ").split()
    current: list[str] = []
    for word in words:
        if word in _SEPARATORS:
            if current:
                yield current
            current = []
            if word in "()":
                yield [word]
        else:
            current.append(word)
    if current:
        yield current


def _step(words: list[str], around: Around, line: int) -> Step:
    settings = []
    while words and (match := _SETTING.fullmatch(words[0].removeprefix("@"))):
        settings.append((match[1], match[2]))
        words = words[1:]
    for name, value in settings:
        if name == "PYTHONPATH":
            around = around.with_path(value)
    return Step(tuple(words), tuple(settings), around, line)


def _after(step: Step, around: Around, own_folder: str) -> Around:
    """Where the next command runs."""
    words = [word.lstrip("@-") for word in step.words[:1]] + list(step.words[1:])
    if words and words[0] in ("cd", "pushd"):
        target = next((word for word in words[1:] if not word.startswith("-")), "~")
        if own_folder and (target == own_folder or target.startswith(own_folder + os.sep)):
            return around._replace(folder=os.path.normpath(target))
        return around.into(target)
    exported = [word for word in words[1:] if words[0] in ("export", "set", "ENV", "setenv")]
    for setting in exported or ([] if words else [f"{name}={value}" for name, value in step.settings]):
        if setting.startswith("PYTHONPATH="):
            around = around.with_path(setting.partition("=")[2])
    return around
