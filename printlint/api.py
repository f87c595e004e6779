"""The Python API: what `check` and `fix` find and write, for other programs.

`from printlint import Project, check_source, fix_source` gives these; they are stable as docs/api.md says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from printlint.config import Config, Configs
from printlint.config_values import ConfigError
from printlint.finding import Finding, Fix, Level, Reported, Safety, Severity, TextEdit
from printlint.lint.linter import lint
from printlint.lint.run import check_files, without_site
from printlint.reading.discovery import Files, NoSuchPath, find_files
from printlint.rules import rule_codes
from printlint.rules.files.unreadable_file import UnreadableFile
from printlint.run import ensured
from printlint.source import Position, Source, Unreadable

# What findings of a source without a path call its file.
_NAMELESS = "source.py"

__all__ = [
    "ConfigError",
    "Finding",
    "Fix",
    "FixedProject",
    "FixedSource",
    "Level",
    "NoSuchPath",
    "Position",
    "Project",
    "Reported",
    "Safety",
    "Severity",
    "TextEdit",
    "Unreadable",
    "check_source",
    "fix_source",
]


@dataclass(frozen=True)
class FixedSource:
    """What `fix` makes of a source: its new text, the findings that it fixed, those left, each with the reason.

    `setup_module` is the dotted name of the set-up module that the new text rests on, or None.
    """

    text: str
    fixed: tuple[Finding, ...]
    left: tuple[Reported, ...]
    setup_module: str | None = None


@dataclass(frozen=True)
class FixedProject:
    """What `fix` makes of files: the new bytes of those that change, with those that it adds, and what is left.

    `messages` are for people: what was skipped and why, and which programs lose or double messages. Nothing is written.
    """

    files: dict[Path, bytes]
    left: tuple[Reported, ...]
    messages: tuple[str, ...]


def check_source(source: str | bytes, path: str | Path | None = None, **options: Any) -> tuple[Reported, ...]:
    """The findings of a source, in order, each with what `fix` would do about it.

    `path` is where the source lies, or would lie: the files around it are read, and the nearest configuration. Without
    it the source is looked at alone, with the default configuration. `options` are the keys of `[tool.printlint]`, with
    underscores (`select=["PRT1"]`). A source that cannot be read is the finding PRT900. Raises `ConfigError`.
    """
    from printlint.rewrite.fixer import report

    config, place = _configured(path, options)
    with ensured():
        try:
            linted = lint(_decoded(source, path), config, place, whole=True)
        except Unreadable as error:
            return (Reported(UnreadableFile.of(_name(path), error)),)
        return tuple(map(without_site, report(linted)))


def fix_source(
    source: str | bytes, path: str | Path | None = None, *, unsafe: bool = False, **options: Any
) -> FixedSource:
    """A source as `fix` rewrites it; with `unsafe`, as `fix --unsafe-fixes` does.

    `path` and `options` are those of `check_source`. Nothing is written: a set-up module that the new text rests on may
    have yet to be written (`Project.fix` gives that, too). Raises `ConfigError`, and `Unreadable` for a source that
    cannot be decoded; one that cannot be parsed comes back as it was, with the finding PRT900.
    """
    from printlint.rewrite.fixer import fix

    config, place = _configured(path, options)
    fixed = fix(_decoded(source, path), config, place, unsafe=unsafe)
    return FixedSource(
        fixed.source.text,
        tuple(without_site(Reported(finding)).finding for finding in fixed.fixed),
        tuple(map(without_site, fixed.left)),
        fixed.setup.module if fixed.setup is not None else None,
    )


class Project:
    """A repository, or a folder of one, with its configuration.

    `options` are the keys of `[tool.printlint]`, with underscores; they are laid over the tables that the files have.
    `config_file` replaces these tables, `isolated` ignores them. Raises `ConfigError`. Each call reads the files anew.
    """

    def __init__(
        self,
        folder: str | Path = ".",
        *,
        config_file: str | Path | None = None,
        isolated: bool = False,
        **options: Any,
    ) -> None:
        self.folder = Path(folder)
        self._configs = Configs(rule_codes(), _table(options), Path(config_file) if config_file else None, isolated)

    def files(self, paths: Iterable[str | Path] = ()) -> list[Path]:
        """The Python files that are looked at: of the folder, or below `paths`. Raises `NoSuchPath`."""
        return list(self._files(paths))

    def check(self, paths: Iterable[str | Path] = (), *, jobs: int = 1) -> tuple[Reported, ...]:
        """The findings of the files, by file and place, each with what `fix` would do about it. Raises `NoSuchPath`."""
        from printlint.rewrite.fixer import report

        return tuple(check_files(self._files(paths), self._configs, jobs=jobs, reporter=report, quiet=True))

    def fix(self, paths: Iterable[str | Path] = (), *, unsafe: bool = False, setup: bool = True) -> FixedProject:
        """The files as `fix` rewrites them, with set-up modules unless `setup` is false. Raises `NoSuchPath`."""
        from printlint.rewrite.files import fix_files

        files = self._files(paths)
        folders = [self.folder]
        run = fix_files(files, self._configs, unsafe=unsafe, allow_setup=setup, quiet=True, folders=folders)
        programs = (f"{item.path}:{item.line}: {item.text}" for item in run.programs if item.text)
        messages = (*run.errors, *run.warnings, *programs)
        return FixedProject(
            {change.path: change.new for change in run.changes}, tuple(map(without_site, run.left)), messages
        )

    def _files(self, paths: Iterable[str | Path]) -> Files:
        named = tuple(Path(self.folder, path) for path in paths) or (self.folder,)
        return Files(find_files(named, self._configs.excludes))


def _configured(path: str | Path | None, options: dict[str, Any]) -> tuple[Config, Path | None]:
    place = Path(path) if path is not None else None
    configs = Configs(rule_codes(), _table(options), isolated=place is None)
    return configs.of(place or Path(_NAMELESS)), place


def _table(options: dict[str, Any]) -> dict[str, Any]:
    return {key.replace("_", "-"): value for key, value in options.items()}


def _decoded(source: str | bytes, path: str | Path | None) -> Source:
    """Text is text, whatever encoding it declares; bytes are decoded as Python decodes a file."""
    name = _name(path)
    return Source.of_text(name, source) if isinstance(source, str) else Source.decode(name, source)


def _name(path: str | Path | None) -> str:
    return str(path) if path is not None else _NAMELESS
