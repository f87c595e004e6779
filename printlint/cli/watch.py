"""`printlint check --watch`: check again when a Python file or a configuration changes, until the user ends it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from printlint.cli.options import Settings
from printlint.config_values import ConfigError
from printlint.facts.project.project import CONFIG_SUFFIXES
from printlint.process.printable import printable
from printlint.reading.discovery import SKIPPED_FOLDERS, NoSuchPath
from printlint.run import Run

# How long to wait for changes before Python may act on a signal, and how long the first check waits for the watch.
_MILLISECONDS = 100


def watch(settings: Settings, check: Callable[[Settings], int]) -> int:
    """Check at once and after each change. Returns the exit status of the last check that was not interrupted."""
    rounds = _changes(settings)
    status: int | None = None
    try:
        for _ in rounds:
            status = _checked(settings, check)
            settings.afresh().say(f"{time.strftime('%H:%M:%S')} waiting for changes; Ctrl-C ends it")
    except KeyboardInterrupt:
        if status is None:
            raise
    return status or 0


def _checked(settings: Settings, check: Callable[[Settings], int]) -> int:
    """One check, which forgets all that was read for others; a configuration may be wrong for a while."""
    if settings.is_on_terminal:
        click.clear()
    try:
        with Run():
            return check(settings.afresh())
    except (ConfigError, NoSuchPath) as error:
        settings.afresh().say(f"printlint: {printable(str(error))}")
        return 2


def _changes(settings: Settings) -> Iterator[None]:
    """Once when everything is watched, and then after each change. Raises click.ClickException without watchfiles."""
    try:
        import watchfiles
    except ImportError:
        raise click.ClickException("--watch needs one more package: pip install 'printlint[watch]'") from None
    roots = _roots(settings)
    output = settings.output_file.absolute() if settings.output_file is not None else None

    def concerns(_: watchfiles.Change, name: str) -> bool:
        path = Path(name)
        root = max(
            (root for root in roots if path.is_relative_to(root)), key=lambda root: len(root.parts), default=path
        )
        skipped = not SKIPPED_FOLDERS.isdisjoint(path.relative_to(root).parts)
        return (
            not skipped and path != output and (path.suffix in (".py", *CONFIG_SUFFIXES) or path.name == ".gitignore")
        )

    found = watchfiles.watch(*roots, watch_filter=concerns, rust_timeout=_MILLISECONDS, yield_on_timeout=True)
    for number, changes in enumerate(found):
        if changes or not number:
            yield


def _roots(settings: Settings) -> list[Path]:
    """The folders to watch: those of the paths, and the ones above that have their configuration."""
    folders = [path if path.is_dir() else path.parent for path in settings.paths]
    try:
        configs = settings.configs()
        files = [configs.of(folder / "x.py").file for folder in folders]
    except ConfigError:  # which the check will tell
        files = []
    named = [*folders, *(file.parent for file in (*files, settings.config_file) if file is not None)]
    return list(dict.fromkeys(path.resolve() for path in named if path.is_dir()))
