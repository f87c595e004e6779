"""Whether the records of a project come out: who configures logging, and below which level nothing passes."""

from __future__ import annotations

import ast
import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from printlint.facts.log_setup.logging_config import LEVELS, level_of, logging_configs
from printlint.facts.module import Module
from printlint.facts.project.project import SETUP_WORDS, Project
from printlint.source import Unreadable

_MENTIONS = rb"(?m)basicConfig|dictConfig|fileConfig|^LOGGING\b|setLevel|addHandler|logging_config\("
_LOGS = rb"\b_?(?:log|logger|logging|LOG|LOGGER)\.(?:debug|info)\("
_STARTS = rb"(?m)^if __name__ ==|^[a-z_]+ = (?:FastAPI|Flask|Starlette|Quart|Sanic)\("

_SETTERS = frozenset({"basicConfig", "dictConfig", "fileConfig", "setup_logging", "logging_config", "setLevel"})
_START_WORDS = (b"__name__ ==", b"FastAPI(", b"Flask(", b"Starlette(", b"Quart(", b"Sanic(")


class Threshold(NamedTuple):
    """Where the root logger's level is set, and to what."""

    path: Path
    line: int
    level: str
    how: str


def first_lost_call(project: Project) -> tuple[Path, int] | None:
    """A call below WARNING in a program that configures no logging at all, or None where records come out.

    A library leaves the configuration to the program that uses it: without a start nothing is missing.
    """
    if project.root is None or project.configures_logging or not _is_program(project):
        return None
    for file, data in project.survey.holding((b".debug(", b".info("), own=True):
        if match := re.search(_LOGS, data):
            return file.path, data.count(b"\n", 0, match.end()) + 1
    return None


def _is_program(project: Project) -> bool:
    """Whether anything in the project is run, tests apart."""
    own = [file for file in project.files if file.is_own]
    if any(file.stems[0] == "__main__" for file in own):
        return True
    if any(script.rpartition(":")[2][:1].islower() for script in project.entry_points):  # plugins are classes
        return True
    return any(re.search(_STARTS, data) for _, data in project.survey.holding(_START_WORDS, own=True))


def threshold_of(project: Project) -> Threshold | None:
    """The lowest level that the project sets for the root logger, or None where any of them is not in sight."""
    found: list[Threshold | None] = []
    for file, data in project.survey.holding(SETUP_WORDS):
        if not file.is_test and re.search(_MENTIONS, data):
            with suppress(Unreadable):
                if (module := project.module(file.path, whole=False)) is not None:
                    found += _thresholds(file.path, module, project)
    known = [item for item in found if item is not None]
    if len(known) != len(found) or not known:
        return None
    return min(known, key=lambda item: LEVELS.index(item.level))


def _thresholds(path: Path, module: Module, project: Project) -> list[Threshold | None]:
    found: list[Threshold | None] = []
    for call in module.calls_named(_SETTERS):
        qualified = module.qualified(call.func) or ""
        if qualified == "logging.basicConfig":
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            level = None if None in given else level_of(module, given["level"]) if "level" in given else "WARNING"
            how = "basicConfig" if "level" in given else "basicConfig without a level"
            found.append(Threshold(path, call.lineno, level, how) if level else None)
        elif qualified.rpartition(".")[2] in ("dictConfig", "fileConfig", "setup_logging", "logging_config"):
            found += [] if logging_configs(module, project) else [None]
        elif isinstance(call.func, ast.Attribute) and call.func.attr == "setLevel" and call.args:
            logger = module.loggers.value(call.func.value)
            if logger is not None and logger.root:
                level = level_of(module, call.args[0])
                found.append(Threshold(path, call.lineno, level, "setLevel") if level else None)
    for config in logging_configs(module, project):
        root = next((entry for entry in config.entries if not entry.name), None)
        level = "WARNING" if root is None or not root.levelled else root.level
        place = (config.path or path), (root.line if root else config.site.lineno)
        found.append(Threshold(*place, level, "the configuration's root logger") if level else None)
    return found
