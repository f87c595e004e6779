"""Whether tests put something else in the place of loggers."""

from __future__ import annotations

import re

from printlint.facts.project.project import STAND_INS, Project
from printlint.facts.project.word_index import as_bytes
from printlint.names.layout import Layout

_PATCHED_LOGGER = (
    rb"(?i)(?:patch(?:\.object|\.multiple|\.setattr)?|\bspy)\(\s*+(?:[^()\n]|\([^()\n]*+\)){0,200}?\b_?log(?:ger|ging)?\b"
    rb"|\b_?log(?:ger|ging)?[ \t]*=[ \t]*(?:\w+\.)?(?!Async)\w*Mock\("  # the call of an AsyncMock can be awaited
)
# `patch("app.jobs.logger")` says whose logger it is; `patch("app.store.Store.log")` is about a method.
_DOTTED_LOGGER = rb"""\(\s*["']\w+(?:\.\w+)*\.\w+$"""
_METHOD_OF_CLASS = rb"\.[A-Z]\w*\.log$"
_PATCHED_LOGGING = rb"""patch(?:\.object|\.multiple|\.setattr)?\(\s*["']?logging\b"""
_IMPORTED = rb"(?m)^[ \t]*(?:from|import)[ \t]+[^\n(#]*(?:\([^)]*+\)?)?"
_NAMED = rb"""["'][\w.]+["']"""
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
    """For each file that puts something in a logger's place, whether it may be any logger's, and its words.

    They are those of the dotted names of the loggers, or else of all that the file imports and names in a string.
    """
    found = []
    for _, data in project.survey.holding(STAND_INS):
        patches = [match[0] for match in re.finditer(_PATCHED_LOGGER, data)]
        if patches := [text for text in patches if not re.search(_METHOD_OF_CLASS, text)]:
            named = all(re.search(_DOTTED_LOGGER, text) for text in patches)
            told = patches if named else re.findall(_IMPORTED, data) + re.findall(_NAMED, data)
            words = frozenset(re.findall(_WORD, b" ".join(told)))
            found.append((re.search(_PATCHED_LOGGING, data) is not None, words))
    return tuple(found)
