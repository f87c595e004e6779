"""What a set-up module has to consist of, from the facts of the programs that it serves."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from printlint.facts.project.dependencies import declares
from printlint.facts.project.project import Project
from printlint.facts.project.setup_files import is_setup_file
from printlint.facts.reach.programs import Programs
from printlint.names.layout import layout_of
from printlint.reading import disk
from printlint.setup.blocks import PACKAGES, needed_blocks


def blocks_beside(path: Path) -> frozenset[str]:
    """The blocks that the set-up module of a file needs: for all programs that have theirs at the same place."""
    programs = Programs.of(layout_of(path))
    place = programs.place(str(path.absolute()))
    return blocks_of(programs, programs.files_of(place) if place is not None else [str(path.absolute())])


def blocks_of(programs: Programs, files: Iterable[str]) -> frozenset[str]:
    """The blocks that the programs of some files need, tests apart."""
    readings = programs.reach.readings
    served = [file for file in files if not programs.tree.is_test(file) and not is_setup_file(Path(file))]
    names = {item.module.partition(".")[0] for file in served if file in readings for item in readings[file].imports}
    names |= {run.reason.partition(" ")[0] for run in programs.reach.runs if run.file in served}
    for project in {Project.of(layout_of(Path(file))) for file in served}:
        names |= {package for package in PACKAGES if declares(project, package)}
    return needed_blocks(names, map(_text, served))


def _text(file: str) -> str:
    with suppress(OSError):
        return disk.read(Path(file)).decode("utf-8", "replace")
    return ""
