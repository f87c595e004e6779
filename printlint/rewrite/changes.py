"""The result of a run of `fix` or `init`: new bytes for files, and what became of findings and programs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from printlint.finding import Finding, Reported
from printlint.plan.setup_import import SetupImport


@dataclass(frozen=True)
class Change:
    """New bytes for a file. `old` is None for a new file; `module` is the set-up module's dotted name."""

    path: Path
    old: bytes | None
    new: bytes
    encoding: str = "utf-8"
    module: str = ""

    @property
    def is_setup(self) -> bool:
        """Whether it is the set-up module."""
        return bool(self.module)


@dataclass(frozen=True)
class FileFix:
    """What `fix` does to one file: the findings that are left, those that are fixed (`done`), and the new bytes.

    `steps` lead from the old bytes to the new ones, one for each round: in that order files may be written, since
    a step rests on earlier ones of other files only. `setup` is the set-up module that the new text needs. `warning`
    says which bug of printlint's had rewrites of the file discarded. `aside`: its calls go to a library with sinks of
    its own, beside the handlers of `logging`.
    """

    path: Path
    left: tuple[Reported, ...] = ()
    done: tuple[Finding, ...] = ()
    steps: tuple[Change | None, ...] = ()
    setup: SetupImport | None = None
    error: str | None = None
    warning: str | None = None
    aside: bool = False

    @property
    def change(self) -> Change | None:
        """All steps as one."""
        steps = [step for step in self.steps if step is not None]
        return replace(steps[0], new=steps[-1].new) if steps else None

    def line_now(self, line: int) -> int:
        """Where a line (from 1) of the text before all steps is now."""
        return moved(line, self.change.old or b"", self.change.new) if self.change is not None else line

    @property
    def speaks(self) -> bool:
        """Whether a rewrite made calls that a handler of `logging` has to hear."""
        return not self.aside and any(finding.level is not None or finding.code in _SPEAKING for finding in self.done)

    @property
    def waits(self) -> bool:
        """Whether calls in asynchronous code are left that block until their handlers have written."""
        return any(item.finding.code in _WAITING for item in self.left)

    @property
    def prints(self) -> bool:
        """Whether prints are left, which would no longer come in order with records that are queued."""
        return any(item.finding.code in _PRINTING for item in self.left)


def moved(line: int, old: bytes, new: bytes) -> int:
    """Where a line (from 1) of one text is in another one; of what took its place, the line that is most like it."""
    if old == new:
        return line
    before, after = old.splitlines(), new.splitlines()
    for tag, start, end, other, last in SequenceMatcher(None, before, after).get_opcodes():
        if not start < line <= end:
            continue
        if tag == "equal" or last - other == end - start:
            return line - start + other
        text = before[line - 1].decode("utf-8", "replace")
        likeness = SequenceMatcher(None, b=text)

        def alike(index: int, likeness: SequenceMatcher[str] = likeness) -> float:
            likeness.set_seq1(after[index].decode("utf-8", "replace"))
            return likeness.ratio()

        return max(range(other, last), key=alike, default=other) + 1
    return line


_PRINTING = frozenset({"PRT101", "PRT102", "PRT106"})
# Calls in asynchronous code, and those on the root logger, which logs by itself where nobody configures it.
_WAITING = frozenset({"PRT401", "PRT405"})
_SPEAKING = _WAITING | {"PRT201", "PRT202"}


class ProgramSetUp(NamedTuple):
    """What became of the logging of one program, by the place where it starts (lines from 1).

    `wired` says what its set-up was put into, `text` why none was. `lost`: nobody hears what was rewritten in it, or
    everybody twice; there may be several for a program then, at the places of the messages.
    """

    path: Path
    line: int
    text: str = ""
    lost: bool = False
    wired: str = ""


@dataclass
class FixRun:
    """What a run of `fix` would do, or did: files in the order in which they were given.

    `programs` are those in which something was rewritten.
    """

    files: list[FileFix] = field(default_factory=list)
    setups: list[Change] = field(default_factory=list)
    programs: list[ProgramSetUp] = field(default_factory=list)

    @property
    def changes(self) -> list[Change]:
        """The new bytes: set-up modules first, since no file may import what is not there."""
        return [*self.setups, *(item.change for item in self.files if item.change is not None)]

    @property
    def fixed(self) -> int:
        """How many findings go."""
        return sum(len(item.done) for item in self.files)

    @property
    def left(self) -> tuple[Reported, ...]:
        """The findings that stay, in the order of the files."""
        return tuple(found for item in self.files for found in item.left)

    @property
    def warnings(self) -> list[str]:
        """Which rewrites were discarded by a bug of printlint's."""
        return [item.warning for item in self.files if item.warning is not None]

    @property
    def errors(self) -> list[str]:
        """What could not be done, and why."""
        return [item.error for item in self.files if item.error is not None]
