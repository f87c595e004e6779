"""The findings that an earlier run has left, for the files that need not be checked again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from printlint.cache.dependencies import Seen
from printlint.cache.kept_findings import Checked, State, changed, load, save
from printlint.config import Config
from printlint.finding import Finding, Level, Reported, Severity
from printlint.reading import disk
from printlint.source import Position

_MOST = 100_000


class KeptFindings:
    """What is known of the files of a folder from the last run there; see `cache/kept_findings.py`.

    The findings are those of rules alone, without what `fix` would do about them.
    """

    def __init__(self, arguments: list[str]) -> None:
        self._arguments = arguments
        self._old: State | None = None
        self._is_of_use = False
        self._findings: dict[Checked, tuple[Any, ...]] = {}
        self._settings: dict[int, str] = {}

    def look(self, seen: Seen) -> None:
        """Find out what of the last run is still right. What is looked at for that is noted in `seen`."""
        self._is_of_use = True
        state = load(self._arguments)
        files = changed(state, disk.look) if state is not None else None
        if state is None or files is None:
            return
        self._old = state
        disk.use(state.seen)
        left = (item for item in state.findings.items() if not files or seen.absolute(item[0][0]) not in files)
        self._findings = dict(left)

    def of(self, name: str, config: Config) -> tuple[Reported, ...] | None:
        """The findings of a file, where they are known."""
        plain = self._findings.get((name, self._said(config)))
        return tuple(map(_reported, plain)) if plain is not None else None

    def put(self, name: str, config: Config, items: Iterable[Reported]) -> None:
        """Take in the findings of a file that was checked."""
        self._findings[name, self._said(config)] = tuple(map(_plain, items))

    def forget(self) -> None:
        """Save nothing of this run."""
        self._is_of_use = False

    def save(self, seen: Seen) -> None:
        """Keep all for the next run. What is still right of the last one is added to what was `seen`."""
        if not self._is_of_use:
            return
        if self._old is not None:
            seen.merge(self._old.seen)
        findings = self._findings
        if len(findings) > _MOST:  # runs with ever other settings
            of_run = frozenset(self._settings.values())
            findings = {checked: found for checked, found in findings.items() if checked[1] in of_run}
        save(self._arguments, State(seen, self._old.folders if self._old is not None else {}, findings))

    def _said(self, config: Config) -> str:
        """What the settings of a file say; a run has few of them, and keeps them."""
        if id(config) not in self._settings:
            self._settings[id(config)] = repr(config)
        return self._settings[id(config)]


def _plain(item: Reported) -> tuple[Any, ...]:
    found = item.finding
    level = tuple(found.level) if found.level is not None else None
    places = tuple(found.start), tuple(found.end)
    return found.code, found.name, found.path, *places, found.message, level, found.severity.value, found.cause


def _reported(plain: tuple[Any, ...]) -> Reported:
    code, name, path, start, end, message, level, severity, cause = plain
    start, end = Position(*start), Position(*end)
    known = Level(*level) if level is not None else None
    return Reported(Finding(code, name, path, start, end, message, known, Severity(severity), cause=cause))
