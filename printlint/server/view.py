"""What the server knows of the disk and of the open documents since they were last read, and what it finds with that.

A view is used by one thread at a time, which `Run` asks for. Documents change under it: each is checked as it is now,
with what was known of the files around it when the view was made. A new view is made when files change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from printlint.config import DEFAULT, Config, Configs
from printlint.config_values import ConfigError
from printlint.finding import Finding, Reported, Severity
from printlint.lint.baseline import Baseline
from printlint.lint.linter import Linted, failed, lint
from printlint.lint.run import without_site
from printlint.names.layout import project_root
from printlint.process import notices
from printlint.rewrite.fixer import report
from printlint.rules import rule_codes
from printlint.rules.files.unreadable_file import UnreadableFile
from printlint.run import Run
from printlint.server.documents import Document, texts_of
from printlint.source import Source, Unreadable


@dataclass(frozen=True)
class Checked:
    """The findings of a document, in order. `planned` says whether each has what `fix` would do about it.

    `problem` says what is wrong with the configuration; nothing is found then. `is_outdated`: the configuration has
    changed since it was read.
    """

    document: Document
    source: Source
    config: Config = DEFAULT
    items: tuple[Reported, ...] = ()
    planned: bool = False
    problem: str = ""
    is_outdated: bool = False


class View:
    """Checks documents, with all that was read for one remembered for the others."""

    def __init__(self, documents: Iterable[Document], roots: Sequence[Path]) -> None:
        documents = list(documents)
        self.run = Run(thorough=True, overlay=texts_of(documents))
        self.configs = Configs(rule_codes())
        self.roots = roots
        self._kept: dict[str, Checked] = {}
        self._baselines: dict[Path, Baseline | None] = {}
        self._stamps: dict[Path, int] = {}
        self._projects: set[Path | None] = set()

    def check(self, document: Document) -> Checked:
        """The findings of a document. Never raises for what it or a configuration holds."""
        kept = self._kept.get(document.uri)
        if kept is None or kept.document.text != document.text:
            with self.run:
                kept = self._kept[document.uri] = self._checked(document, planned=False)
        return kept

    def plan(self, document: Document) -> Checked:
        """The findings of a document with what `fix` would do about each: takes seconds for the first of a project."""
        kept = self.check(document)
        self._projects.add(self._project(document))
        if not kept.planned and kept.items:
            with self.run:
                kept = self._kept[document.uri] = self._checked(document, planned=True)
        return kept

    def knows(self, document: Document) -> bool:
        """Whether anything was planned for a document of the same project, so that its facts are known."""
        return self._project(document) in self._projects

    def close(self, uri: str) -> None:
        """Forget a document."""
        self._kept.pop(uri, None)

    def notices(self) -> list[str]:
        """What there is to say of files that could not be taken as they are."""
        with self.run:
            return notices.take()

    def _checked(self, document: Document, *, planned: bool) -> Checked:
        try:
            source = document.source()
        except Unreadable as error:
            source, unreadable = Source(document.name, document.text), error
            return Checked(document, source, items=_failed(document, unreadable))
        try:
            config = self._config(document.path)
            is_outdated = config.file is not None and self._stamps.get(config.file) != _stamp(config.file)
            if document.path is not None and self._leaves_out(document, document.path):
                return Checked(document, source, config, is_outdated=is_outdated)
            linted = lint(source, config, document.path, whole=planned)
            found = _planned(linted) if planned else tuple(map(Reported, linted.findings))
            items = tuple(map(without_site, self._new(found, config, source)))
        except ConfigError as error:
            return Checked(document, source, problem=str(error))
        except Exception as error:
            return Checked(document, source, items=_failed(document, error), planned=True)
        return Checked(document, source, config, items, planned, is_outdated=is_outdated)

    def _project(self, document: Document) -> Path | None:
        with self.run:
            return project_root(document.path.parent) if document.path is not None else None

    def _config(self, path: Path | None) -> Config:
        """The configuration for a file, which is read after its stamp was taken. Raises `ConfigError`."""
        config = self.configs.of(path) if path is not None else DEFAULT
        if path is None or config.file is None or config.file in self._stamps:
            return config
        self._stamps[config.file] = _stamp(config.file)
        self.configs = Configs(rule_codes())
        return self.configs.of(path)

    def _leaves_out(self, document: Document, path: Path) -> bool:
        return document.is_below_skipped(self.roots) or self.configs.excludes(str(path))

    def _new(self, items: tuple[Reported, ...], config: Config, source: Source) -> tuple[Reported, ...]:
        """The findings that the baseline of a configuration does not accept. Raises `ConfigError`."""
        path = config.baseline_path
        if path is None or not items:
            return items
        if path not in self._baselines:
            try:
                self._baselines[path] = Baseline.read(path)
            except FileNotFoundError:
                self._baselines[path] = None
        if (baseline := self._baselines[path]) is None:
            return items
        entries = baseline.entries_of([item.finding for item in items], lambda _: source.text)
        new = baseline.match(entries, [source.path]).new
        return tuple(item for index, item in enumerate(items) if index in new)


def _planned(linted: Linted) -> tuple[Reported, ...]:
    """What `fix` would do about each finding; of a note, what it would do if it were asked to."""
    items = report(linted)
    if all(item.finding.severity is not Severity.NOTE for item in items):
        return items
    asked = report(linted, notes=True)
    return tuple(
        also if item.finding.severity is Severity.NOTE else item for item, also in zip(items, asked, strict=True)
    )


def _stamp(path: Path) -> int:
    """What changes with a file: not every client tells of that."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _failed(document: Document, error: Exception) -> tuple[Reported, ...]:
    found: tuple[Finding, ...]
    found = (
        (UnreadableFile.of(document.name, error),) if isinstance(error, Unreadable) else failed(document.name, error)
    )
    return tuple(Reported(finding, refused=finding.message) for finding in found)
