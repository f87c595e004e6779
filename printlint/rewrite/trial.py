"""`fix --verify`: rewrites are kept only if the user's own command passes with them."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from printlint.rewrite.bisect import most_that_pass
from printlint.rewrite.changes import Change, FixRun
from printlint.writing.folder import Folder
from printlint.writing.journal import Journal
from printlint.writing.recovery import put_back
from printlint.writing.write import replace_file

Plan = Callable[[Mapping[Path, str]], FixRun]
"""Plans a run in which the given files are left as they are, each for its reason."""
Say = Callable[[str], None]

_TAIL_LINES = 12
_SHORTEST_LIMIT_S = 60.0
_TIMES_SLOWER = 10


class CommandFails(Exception):
    """The command fails before anything is changed, so that it can prove nothing."""


@dataclass(frozen=True)
class Outcome:
    """How a command ended: its exit status (None: it was stopped, being too slow), its last lines, its seconds."""

    status: int | None
    tail: str
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether it exited with 0."""
        return self.status == 0

    def __str__(self) -> str:
        how = "passes" if self.passed else "fails" if self.status is not None else "timed out"
        status = "" if self.passed or self.status is None else f"exit status {self.status}, "
        return f"{how} ({status}{self.seconds:.1f} s)"


@dataclass(frozen=True)
class RolledBack:
    """A file that was put back, and how the command ended with its rewrite and all that was kept."""

    path: Path
    outcome: Outcome


def run_trial(plan: Plan, command: str, journal: Journal, say: Say) -> tuple[FixRun, list[RolledBack]]:
    """Apply the changes with which `command` passes. Returns what was kept and what was rolled back.

    Raises `CommandFails`, `NotWritten` and OSError, with all files as they were before.
    """
    try:
        run, rolled_back = _try(plan, command, journal, say)
    except BaseException:
        for line in journal.close(roll_back=True):
            say(line)
        raise
    journal.close(roll_back=False)
    return run, rolled_back


def _try(plan: Plan, command: str, journal: Journal, say: Say) -> tuple[FixRun, list[RolledBack]]:
    run, held, rolled_back = plan({}), dict[Path, str](), list[RolledBack]()
    if not run.changes:
        return run, []
    journal.check(change.path for change in run.changes)
    say(f"verify: `{command}` on the files as they are …")
    before = run_command(command, None)
    if not before.passed:
        raise CommandFails(f"`{command}` {before} before any change; nothing was written\n{before.tail}")
    say(f"verify: it {before}")
    limit_s = max(_SHORTEST_LIMIT_S, _TIMES_SLOWER * before.seconds)
    proven = False
    while run.changes:
        trial = _Trial(run, command, limit_s, journal, say)
        found = trial.keep_all() if proven else trial.settle()
        if not found:
            break
        rolled_back += found
        held |= {item.path: f"rolled back, since `{command}` {item.outcome} with it" for item in found}
        journal.put_all_back()
        again = plan(held)
        # Files that rely on one that was rolled back are planned anew, and have to be tried.
        proven = _contents(again) == _contents(run, without=held)
        run = again
    return run, rolled_back


def _contents(run: FixRun, without: Mapping[Path, str] | None = None) -> dict[Path, bytes]:
    return {item.path: item.change.new for item in run.files if item.change and item.path not in (without or {})}


class _Trial:
    """One plan on trial, which starts from the tree as it was."""

    def __init__(self, run: FixRun, command: str, limit_s: float, journal: Journal, say: Say) -> None:
        self._changes = {item.path: item.change for item in run.files if item.change is not None}
        self._setups = run.setups
        self._needs = {item.path: item.setup.path for item in run.files if item.setup and item.setup.path}
        self._command, self._limit_s, self._say = command, limit_s, say
        self._applied: dict[Path, Change] = {}
        self._modified = {path: path.stat().st_mtime_ns for path in self._changes}
        self._outcomes: dict[frozenset[Path], Outcome] = {}
        journal.begin((change.path, change.old, change.new) for change in run.changes)

    def settle(self) -> list[RolledBack]:
        """Apply what passes together; returns what does not."""
        kept = most_that_pass(list(self._changes), self._passes)
        self._apply(kept)
        left = [path for path in self._changes if path not in kept]
        return [RolledBack(path, self._outcomes[kept | {path}]) for path in left]

    def keep_all(self) -> list[RolledBack]:
        """Apply everything: it has passed before."""
        self._apply(frozenset(self._changes))
        return []

    def _passes(self, chosen: frozenset[Path]) -> bool:
        self._apply(chosen)
        outcome = self._outcomes[chosen] = run_command(self._command, self._limit_s)
        self._say(f"verify: with {len(chosen)} of {len(self._changes)} files rewritten it {outcome}")
        return outcome.passed

    def _apply(self, chosen: frozenset[Path]) -> None:
        """Make the tree have the rewrites of these files and of no others, with the set-up modules that they need."""
        needed = {path.absolute() for name in chosen if (path := self._needs.get(name)) is not None}
        wanted = {change.path: change for change in self._setups if change.path.absolute() in needed}
        wanted |= {path: self._changes[path] for path in chosen}
        for path in [path for path in self._applied if path not in wanted]:
            change = self._applied.pop(path)
            put_back(*Folder.of(path), change.new, change.old, self._modified.get(path))
        for path, change in wanted.items():
            if path not in self._applied:
                self._applied[path] = change
                replace_file(path, change.old, change.new)


def run_command(command: str, limit_s: float | None) -> Outcome:
    """Run a shell command without input, in a process group of its own, which ends with it."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            status: int | None = process.wait(limit_s)
        except subprocess.TimeoutExpired:
            status = None
        finally:
            if process.returncode is None:
                _stop(process)
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    tail = "\n".join(f"    {line}" for line in text.splitlines()[-_TAIL_LINES:])
    return Outcome(status, tail, time.monotonic() - started)


def _stop(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
            return
