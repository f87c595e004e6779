"""The handler that `logging.info(...)` and its kin give the root logger where it has none, as logging documents it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from printlint.facts.log_setup.logger_settings import Attached, Place
from printlint.facts.log_setup.written_to import HandlerKind, Written
from printlint.facts.module import Module, once_a_module
from printlint.facts.programs.together import imported_together
from printlint.facts.project.project import Project
from printlint.logging_names import METHODS

_WORDS = tuple(f"logging.{method}(".encode() for method in sorted(METHODS))


@once_a_module
def implicit_handler(module: Module, project: Project) -> Attached | None:
    """Where a call makes the root logger's handler in a program that runs a module; None where none is known to."""
    return next(_handlers(module, project), None)


def _handlers(module: Module, project: Project) -> Iterator[Attached]:
    own = module.file
    yield from _made_by(module, own)
    for file in project.survey.holders(_WORDS, own=True):
        if file.path != own and imported_together(module, file.path, project):
            other = project.module(file.path, whole=False)
            yield from _made_by(other, file.path) if other is not None else ()


def _made_by(module: Module, path: Path) -> Iterator[Attached]:
    for call in module.calls_named(METHODS):
        prefix, _, method = (module.qualified(call.func) or "").rpartition(".")
        if prefix == "logging" and method in METHODS:
            place = Place(path, call.lineno, path)
            shown = f"`logging.{method}` handler"
            kind = HandlerKind.WRITES
            yield Attached("", shown, "logging.StreamHandler", Written.CONSOLE, kind, 0, False, place)
