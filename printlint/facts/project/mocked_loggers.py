"""Whether tests put something else in the place of loggers."""

from __future__ import annotations

import re

from printlint.facts.project.project import STAND_INS, Project
from printlint.facts.project.word_index import as_bytes
from printlint.names.layout import Layout

_PATCHED_LOGGER = (
    rb"(?i)(?:patch(?:\.object|\.multiple|\.setattr)?|\bspy)\(\s*+[^)\n]{0,200}\b_?log(?:ger|ging)?\b"
    rb"|\b_?log(?:ger|ging)?[ \t]*=[ \t]*(?:\w+\.)?\w*Mock\("
)
_PATCHED_LOGGING = rb"""patch(?:\.object|\.multiple|\.setattr)?\(\s*["']?logging\b"""
_WORD = rb"\w+"


def patches_loggers(project: Project) -> bool:
    """Whether tests put something else in a logger's place; awaiting a mock's call would fail."""
    return bool(project.derived(_patching_files))


def may_patch_logger_of(project: Project, layout: Layout | None) -> bool:
    """Whether tests may put something else in the place of a module's own logger, or of every logger.

    A file that does so for some logger counts if it has the module's name among its words: it says which one.
    """
    if layout is None:
        return patches_loggers(project)
    name = as_bytes(layout.module.rpartition(".")[2])
    return any(every or name in words for every, words in project.derived(_patching_files))


def _patching_files(project: Project) -> tuple[tuple[bool, frozenset[bytes]], ...]:
    """For each file that puts something in a logger's place, whether it may be any logger's, and its words."""
    files = (data for _, data in project.survey.holding(STAND_INS) if re.search(_PATCHED_LOGGER, data))
    return tuple((re.search(_PATCHED_LOGGING, data) is not None, frozenset(re.findall(_WORD, data))) for data in files)
