"""What `--baseline`, `--write-baseline` and `--since` leave of a run's findings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import click

from printlint.cli.options import Settings, plural
from printlint.config import Configs
from printlint.finding import Reported
from printlint.history.revision import RevisionError, checked_out, top_folder
from printlint.lint.baseline import Baseline, BaselineError, Entry, text_of
from printlint.lint.linter import lint_bytes
from printlint.process.printable import printable
from printlint.reading import disk
from printlint.reading.discovery import named
from printlint.source import Source, Unreadable
from printlint.writing.boundary import named_refusal, refusal
from printlint.writing.write import NotWritten

DEFAULT_BASELINE = Path("printlint-baseline.json")


def only_new(
    settings: Settings,
    configs: Configs,
    files: Sequence[Path],
    items: Sequence[Reported],
    texts: Callable[[str], str] = text_of,
) -> tuple[Reported, ...]:
    """The findings that are in no baseline and, with `--since`, were not there before. Says what became of baselines.

    `texts` gives the text of a file that the findings are of. Raises click.ClickException where a baseline or a
    revision cannot be used.
    """
    try:
        if settings.since is not None:
            with checked_out(settings.since, Path.cwd()) as copy:
                before = Before(copy, configs).baseline(item.finding.path for item in items)
            items = _without(before, files, items, texts)[0]
        for path, own in _by_baseline(settings, configs, files).items():
            items = _Baselines(settings, configs, texts).without(path, own, items)
    except (RevisionError, NotWritten) as error:
        raise click.ClickException(printable(str(error))) from error
    except OSError as error:
        reason = f"{error.filename}: {error.strerror}; no baseline was changed"
        raise click.ClickException(printable(reason)) from error
    return tuple(items)


def _by_baseline(settings: Settings, configs: Configs, files: Sequence[Path]) -> dict[Path, list[Path]]:
    """The files that belong to each baseline."""
    found: dict[Path, list[Path]] = {}
    for file in files:
        path = settings.baseline or configs.of(file).baseline_path
        if path is None and settings.write_baseline:
            path = DEFAULT_BASELINE
        if path is not None:
            found.setdefault(path, []).append(file)
    if settings.baseline is not None and not disk.exists(settings.baseline) and not settings.write_baseline:
        raise BaselineError(f"{settings.baseline} does not exist; write it with --write-baseline")
    return found


class _Baselines:
    """The baselines of a run; `texts` gives the text of a file."""

    def __init__(self, settings: Settings, configs: Configs, texts: Callable[[str], str]) -> None:
        self._settings = settings
        self._configs = configs
        self._texts = texts

    def without(self, path: Path, files: list[Path], items: Sequence[Reported]) -> Sequence[Reported]:
        """What the baseline at a path, that of some files, leaves of findings; it is written where that was asked."""
        try:
            baseline = Baseline.read(path)
        except FileNotFoundError:
            if not self._settings.write_baseline:
                raise BaselineError(
                    f"{path} does not exist; write it with `printlint check --write-baseline`"
                ) from None
            return self._start(path, files, items)
        left, standing = _without(baseline, files, items, self._texts)
        gone = len(baseline.entries) - len(standing)
        if self._settings.write_baseline:
            self._write(Baseline(baseline.folder, standing), path, files)
            self._settings.say(f"{named(path)} has {plural(len(standing), 'finding')} now, {gone} fewer")
            if self._settings.report(self._configs, len(files), left).counted:
                self._settings.say(
                    "new findings were not added: a baseline only shrinks. Delete the file to start over."
                )
        elif gone > 0:
            self._settings.say(
                f"{plural(gone, 'finding')} of {named(path)} {'is' if gone == 1 else 'are'} gone; "
                "run `printlint check --write-baseline` to remove them"
            )
        return left

    def _write(self, baseline: Baseline, path: Path, files: Sequence[Path]) -> None:
        """Write a baseline where it may be: a configuration names places in its own folder, the user any."""
        if self._settings.baseline is not None:
            reason = named_refusal(path, self._settings.folders)
        elif path == DEFAULT_BASELINE:
            reason = refusal(path, [Path()])
        else:
            reason = refusal(path, {self._configs.of(file).root or Path() for file in files})
        if reason is not None:
            raise BaselineError(f"cannot write the baseline: {reason}; choose another file with --baseline")
        baseline.write(path)

    def _start(self, path: Path, files: list[Path], items: Sequence[Reported]) -> Sequence[Reported]:
        names = {file.as_posix() for file in files}
        own = [item for item in items if item.finding.path in names]
        baseline = Baseline(path.absolute().parent)
        entries = baseline.entries_of([item.finding for item in own], self._texts)
        self._write(Baseline(baseline.folder, tuple(entries)), path, files)
        self._settings.say(f"wrote {named(path)} with {plural(len(entries), 'finding')}")
        if self._settings.baseline is None and path == DEFAULT_BASELINE:
            self._settings.say(
                f'Add `baseline = "{printable(str(path))}"` to [tool.printlint] to report only new findings.'
            )
        return [item for item in items if item.finding.path not in names]


def _without(
    baseline: Baseline, files: Sequence[Path], items: Sequence[Reported], texts: Callable[[str], str]
) -> tuple[list[Reported], tuple[Entry, ...]]:
    """The findings that a baseline does not hold, and the entries that still match."""
    names = {file.as_posix() for file in files}
    own = [item for item in items if item.finding.path in names]
    entries = baseline.entries_of([item.finding for item in own], texts)
    match = baseline.match(entries, names)
    held = {id(item) for index, item in enumerate(own) if index not in match.new}
    return [item for item in items if id(item) not in held], match.standing


class Before:
    """The findings that files had where the branch began.

    By the configuration of today, so that a rule that the branch turned on reports nothing old.
    """

    def __init__(self, copy: Path, configs: Configs) -> None:
        self._top = top_folder(Path.cwd())
        self._copy = copy
        self._configs = configs
        self._gone: list[Entry] | None = None

    def baseline(self, paths: Iterable[str]) -> Baseline:
        """What was in some files; and in those that are gone, where one of the files is new: it may be renamed."""
        before = Baseline(self._top)
        entries: list[Entry] = []
        for path in sorted({Path(os.path.abspath(path)) for path in paths}):
            if not path.is_relative_to(self._top):
                continue
            file = self._copy / path.relative_to(self._top)
            if file.is_file():
                entries += self._entries(before, file, path)
            elif self._gone is None:
                self._gone = []
                for file in sorted(self._copy.rglob("*.py")):
                    today = self._top / file.relative_to(self._copy)
                    self._gone += [] if today.exists() else self._entries(before, file, today)
        return Baseline(self._top, (*entries, *(self._gone or ())))

    def _entries(self, before: Baseline, file: Path, today: Path) -> list[Entry]:
        data = file.read_bytes()
        found = lint_bytes(today.as_posix(), data, self._configs.of(today), file).findings
        return before.entries_of(found, lambda _: _decoded(data))


def _decoded(data: bytes) -> str:
    try:
        return Source.decode("", data).text
    except Unreadable:
        return ""
