"""Whether the records of a project come out: who configures logging, and below which level nothing passes."""

from __future__ import annotations

import re
from pathlib import Path

from printlint.facts.project.project import Project
from printlint.facts.project.word_index import matches

_LOGS = rb"\b_?(?:log|logger|logging|LOG|LOGGER)\.(?:debug|info)\("
_IMPORTS = rb"(?m)^[ \t]*(?:import logging|from logging import)\b"  # loguru's loggers are called the same, and write
_STARTS = rb"(?m)^if __name__ ==|^[a-z_]+ = (?:FastAPI|Flask|Starlette|Quart|Sanic)\("

_START_WORDS = (b"__name__ ==", b"FastAPI(", b"Flask(", b"Starlette(", b"Quart(", b"Sanic(")


def first_lost_call(project: Project) -> tuple[Path, int] | None:
    """A call below WARNING in a program that configures no logging at all, or None where records come out.

    A library leaves the configuration to the program that uses it: without a start nothing is missing.
    """
    if project.root is None or project.configures_logging or not _is_program(project):
        return None
    found = project.survey.found((b".debug(", b".info("), _first_line, own=True)
    return next(((file.path, line) for file, line in found if line), None)


def _first_line(data: bytes) -> int:
    """The line of the first call, from 1; 0 where there is none."""
    match = re.search(_LOGS, data)
    return data.count(b"\n", 0, match.end()) + 1 if match and re.search(_IMPORTS, data) else 0


def _is_program(project: Project) -> bool:
    """Whether anything in the project is run, tests apart."""
    own = [file for file in project.files if file.is_own]
    if any(file.stems[0] == "__main__" for file in own):
        return True
    if any(script.rpartition(":")[2][:1].islower() for script in project.entry_points):  # plugins are classes
        return True
    return any(found for _, found in project.survey.found(_START_WORDS, matches, _STARTS, own=True))
