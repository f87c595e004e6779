"""Tests that look at log records where those arrive by propagating: pytest's `caplog`, `assertLogs` and their kin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from printlint.facts.module import Module
from printlint.facts.programs.together import imported_together
from printlint.facts.project.project import Project
from printlint.facts.project.word_index import ProjectFile, as_bytes
from printlint.reading import disk

_WORDS = (b"caplog", b"assertLogs", b"assertNoLogs", b"LogCapture")
_FOLDERS = ("tests", "test")


def reading_test(module: Module, project: Project) -> Path | None:
    """A test file that reads records, and imports a module or names it; None where there is none."""
    path = module.file
    name = as_bytes((path.parent if path.stem == "__init__" else path).stem)
    named = re.compile(rb"\b%s\b" % re.escape(name))
    for file, data in _tests(project):
        if named.search(data) or imported_together(module, file.path, project):
            return file.path
    return None


def _tests(project: Project) -> Iterator[tuple[ProjectFile, bytes]]:
    """The test files with such words; beside a folder that no project file marks, in its folders for tests too."""
    beside = () if project.marked or project.root is None else (project.root / name for name in _FOLDERS)
    for place in (project, *map(Project.at, filter(disk.exists, beside))):
        yield from ((file, data) for file, data in place.survey.holding(_WORDS) if file.is_test or place is not project)
