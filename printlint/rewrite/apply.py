"""Writing what a run of `fix` has decided, in an order that keeps the program working at every moment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from printlint.facts.project.setup_files import is_setup_file
from printlint.rewrite.changes import Change, FileFix, FixRun
from printlint.writing.write import NotWritten, replace_file


def write_changes(run: FixRun) -> FixRun:
    """Write a run's changes: set-up modules first, then the files round by round.

    Returns the run as it came out: what could not be written is an error of its file and costs no other file that
    does not rest on it.
    """
    missing = {}
    for change in run.setups:
        if (problem := _problem(change)) is not None and not is_setup_file(change.path):
            missing[change.path.absolute()] = problem
    files, rounds = list(run.files), max((len(item.steps) for item in run.files), default=0)
    for number in range(rounds):
        failed = any(new is not old for new, old in zip(files, run.files, strict=True))
        for index, item in enumerate(files):
            if number < len(item.steps):
                files[index] = _stepped(item, number, missing, failed)
    setups = [change for change in run.setups if change.path.absolute() not in missing]
    return FixRun(files, setups, run.programs)


def _stepped(item: FileFix, number: int, missing: dict[Path, str], failed: bool) -> FileFix:
    """A file after its step of a round was written, or was not."""
    step = item.steps[number]
    needed = item.setup.path.absolute() if item.setup is not None and item.setup.path is not None else None
    if needed in missing:
        problem: str | None = missing[needed]
    elif number and failed:
        problem = f"{item.path}: not written, since it may depend on a file that could not be written; run it again"
    else:
        problem = _problem(step) if step is not None else None
    if problem is None:
        return item
    return replace(item, done=(), steps=item.steps[:number], error=problem)


def _problem(change: Change) -> str | None:
    try:
        replace_file(change.path, change.old, change.new)
    except NotWritten as error:
        return str(error)
    return None
