"""Dockerfiles: the commands in them, and which folder of the tree is which in the container."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from contextlib import suppress

from printlint.facts.reach.import_roots import is_within
from printlint.facts.reach.shell import Around
from printlint.reading import disk
from printlint.reading.documents import read_json

Line = tuple[int, Around, str]
"""The line that a command begins in, where it runs, and its words as a shell would have them."""

_INSTRUCTION = re.compile(r"\s*([A-Za-z]+)\s+(.*)", re.DOTALL)
_FLAGS = re.compile(r"(?:--[\w-]++(?:=\S++)?\s++)++")


def read_dockerfile(name: str, text: str, top: str) -> Iterator[Line]:
    """The commands of a Dockerfile; ENTRYPOINT and CMD are one command."""
    instructions = list(_instructions(text))
    context = _context(name, instructions, top)
    work, places, around = "/", dict[str, str](), Around()
    entry: tuple[int, str] | None = None
    started: tuple[int, str] | None = None
    stages: dict[str, tuple[str, tuple[str, ...]]] = {}
    stage = ""
    for line, kind, rest in instructions:
        if kind == "FROM":
            yield from _start(entry, started, around)
            entry = started = None
            stages[stage] = work, around.path
            base, _, stage = _without_flags(rest).partition(" ")
            stage = stage.split()[-1] if stage.split() else ""
            work, path = stages.get(base, ("/", ()))
            around = around._replace(path=path)  # files of an earlier stage may be copied from it
        elif kind == "WORKDIR":
            work = os.path.normpath(os.path.join(work, _unquoted(rest)))
        elif kind in ("COPY", "ADD") and context:
            places |= _copied(rest, work, context, top)
        elif kind == "ENV":
            yield line, around, f"export {rest}" if "=" in rest else "export " + re.sub(r"^(\w+)\s+", r"\1=", rest)
            if match := re.search(r"PYTHONPATH[=\s]\s*(\"[^\"]*\"|'[^']*'|\S+)", rest):
                around = around._replace(places=places, folder=_folder(work, places)).with_path(match[1].strip("\"'"))
        elif kind == "ENTRYPOINT":
            entry = line, _shell(rest)
        elif kind == "CMD":
            started = line, _shell(rest)
        elif kind == "RUN":
            yield line, around, _shell(_without_flags(rest))
        around = around._replace(places=dict(places), folder=_folder(work, places))
    yield from _start(entry, started, around)


def _start(entry: tuple[int, str] | None, started: tuple[int, str] | None, around: Around) -> Iterator[Line]:
    if both := [part for part in (entry, started) if part is not None]:
        yield both[-1][0], around, " ".join(text for _, text in both)


def _instructions(text: str) -> Iterator[tuple[int, str, str]]:
    waiting, start = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#") or (not line.strip() and waiting):
            continue
        start = start if waiting else number
        waiting += line
        if line.rstrip().endswith("\\"):
            waiting = waiting.rstrip()[:-1] + " "
            continue
        if match := _INSTRUCTION.match(waiting):
            yield start, match[1].upper(), match[2].strip()
        waiting = ""


def _without_flags(text: str) -> str:
    """The rest of an instruction behind its options."""
    flags = _FLAGS.match(text)
    return text[flags.end() :] if flags else text


def _shell(text: str) -> str:
    """A command in either form, as a shell would have it."""
    if text.startswith("["):
        with suppress(ValueError):
            words = read_json(text)
            if isinstance(words, list):
                return shlex.join(word for word in words if isinstance(word, str))
    return text


def _unquoted(text: str) -> str:
    return text.strip().strip("\"'")


def _context(name: str, instructions: list[tuple[int, str, str]], top: str) -> str:
    """The folder that the container is built from: the nearest one above the file with everything that is copied."""
    copied = [source for _, kind, rest in instructions if kind in ("COPY", "ADD") for source in _sources(rest)[0]]
    plain = [source.lstrip("/") for source in copied if not re.search(r"[*?$\[]|://", source)]
    folder = os.path.dirname(name)
    while len(folder) >= len(top):
        if all(disk.exists(os.path.join(folder, source)) for source in plain):
            return folder
        folder = os.path.dirname(folder)
    return ""


def _sources(rest: str) -> tuple[list[str], str]:
    """The sources and the target of a COPY; none where it copies from another stage or from a here-document."""
    if "--from=" in rest or "<<" in rest:
        return [], ""
    words = _shell(_without_flags(rest)).split()
    return [_unquoted(word) for word in words[:-1]], _unquoted(words[-1]) if words else ""


def copied_sources(name: str, text: str, top: str) -> Iterator[tuple[int, str]]:
    """The paths that a Dockerfile copies out of the tree, each with its line."""
    instructions = list(_instructions(text))
    context = _context(name, instructions, top)
    for line, kind, rest in instructions if context else ():
        for source in _sources(rest)[0] if kind in ("COPY", "ADD") else ():
            yield line, os.path.normpath(os.path.join(context, source.lstrip("/")))


def _copied(rest: str, work: str, context: str, top: str) -> dict[str, str]:
    sources, target = _sources(rest)
    place = os.path.normpath(os.path.join(work, target)) if target else ""
    found = {}
    for source in sources if place else ():
        origin = os.path.normpath(os.path.join(context, source.lstrip("/")))
        if not is_within(origin, top):
            continue
        if not disk.is_file(origin):
            found[place] = origin
        elif target.endswith("/") or len(sources) > 1 or target in (".", ".."):
            found.setdefault(place, os.path.dirname(origin))
    return found


def _folder(work: str, places: dict[str, str]) -> str:
    return Around(places=places).find(work)
