"""Whether a program may run a module and another file: by imports alone, which is cheap, or by all that starts."""

from __future__ import annotations

from pathlib import Path

from printlint.facts.module import Module
from printlint.facts.project.import_graph import share_an_importer
from printlint.facts.project.project import Project


def imported_together(module: Module, other: Path, project: Project) -> bool:
    """Whether imports at the top of files show that something runs both: one imports the other, or a third both."""
    own = module.path
    return other == own or (own is not None and share_an_importer(own, other, project))


def share_a_program(module: Module, other: Path) -> bool:
    """Whether a program may run both, or none is known that runs one of them."""
    from printlint.facts.programs.model import Model  # reads the whole tree, and few rules ask

    layout = module.layout
    return layout is not None and Model.of(layout, module.source.text).together(str(layout.path), str(other))
