"""Many files: reading them, sharing them out to processes, and keeping one file's trouble its own."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from printlint.cache.dependencies import Seen
from printlint.config import Config, Configs
from printlint.finding import Reported
from printlint.lint.kept import KeptFindings
from printlint.lint.linter import Linted, failed, lint_bytes, unreadable
from printlint.process import notices
from printlint.reading import disk
from printlint.reading.discovery import Files
from printlint.run import Run, current, ensured

# Starting a process costs as much as checking this many bytes or so (measured: 0.2 s at 2 MB/s).
_BYTES_WORTH_A_PROCESS = 1_500_000
_BYTES_BETWEEN_COLLECTIONS = 64_000_000
_SECONDS_BEFORE_PROGRESS = 1.0

# What makes of a linted file what is reported; a function of a module's, since worker processes are sent its name.
Reporter = Callable[[Linted], tuple[Reported, ...]]
_Work = tuple[str, Config, Reporter]
# The findings of a file, what was seen for them (None: nobody knows), and what the user should know.
_Answer = tuple[tuple[Reported, ...], Seen | None, list[str]]


def as_found(linted: Linted) -> tuple[Reported, ...]:
    """The findings alone, without what `fix` would do about them."""
    return tuple(map(Reported, linted.findings))


def check_files(
    files: Files,
    configs: Configs,
    *,
    jobs: int = 0,
    reporter: Reporter = as_found,
    quiet: bool = False,
    kept: KeptFindings | None = None,
) -> list[Reported]:
    """The findings of many files, in the order of the files whatever the number of processes.

    Those that are `kept` are taken from there, and the others put there.
    """

    def work() -> Iterator[_Work]:
        return ((name, configs.of(name), reporter) for name in left.names)

    with ensured(), collected_by_size(), disk.remembering():
        known = _known(files, configs, kept)
        left = Files(name for name in files.names if name not in known) if known else files
        with Progress(len(left), quiet=quiet) as progress:
            mapped = _mapped(work, len(left), _processes(left, jobs))
            for name, items in zip(left.names, mapped, strict=True):
                known[name] = items
                progress.advance()
                if kept is not None:
                    kept.put(name, configs.of(name), items)
    if kept is not None and notices.are_waiting():
        kept.forget()  # a run that checks fewer files may not meet what the user is warned of
    return [item for name in files.names for item in known[name]]


def _known(files: Files, configs: Configs, kept: KeptFindings | None) -> dict[str, tuple[Reported, ...]]:
    """The findings that need not be looked for."""
    seen = disk.recorded()
    if kept is None or seen is None:
        return {}
    kept.look(seen)
    found = ((name, kept.of(name, configs.of(name))) for name in files.names)
    return {name: items for name, items in found if items is not None}


@contextmanager
def collected_by_size() -> Iterator[None]:
    """Garbage collection by hand, after a sum of bytes of source.

    Trees are many objects: the automatic collector runs through them again and again (measured: 30 percent of a run),
    and finds nothing, since they hold no cycles.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()


class _Collector:
    """Collects garbage after a sum of bytes of source."""

    def __init__(self) -> None:
        self._bytes = 0

    def passed(self, size: int) -> None:
        """So many bytes were made a tree of, which is of no use any more."""
        self._bytes += size
        if self._bytes > _BYTES_BETWEEN_COLLECTIONS:
            self._bytes = 0
            gc.collect()


def _check(item: _Work) -> tuple[Reported, ...]:
    name, config, reporter = item
    shown = _shown(name)
    try:
        data = disk.look(name)
        linted = lint_bytes(shown, data, config, Path(name), whole=reporter is not as_found)
        current().part(_Collector).passed(len(data) if linted.context is not None else 0)
        return tuple(without_site(found) for found in reporter(linted))
    except OSError as error:
        return tuple(map(Reported, unreadable(shown, f"Cannot be read: {error.strerror or error}", config)))
    except Exception as error:
        return tuple(map(Reported, failed(shown, error, config)))


def _shown(name: str) -> str:
    """A file's name as findings give it, with slashes on every system."""
    return name if os.sep == "/" else name.replace(os.sep, "/")


def without_site(item: Reported) -> Reported:
    """A finding without its tree: small enough to keep and to send between processes."""
    return item._replace(finding=replace(item.finding, site=None))


def _processes(files: Files, jobs: int) -> int:
    if jobs:
        return jobs
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if cores == 1 or len(files) < 20:
        return 1
    return max(1, min(cores, sum(map(_size, files.names)) // _BYTES_WORTH_A_PROCESS))


def _size(name: str) -> int:
    try:
        return os.stat(name).st_size
    except OSError:
        return 0


def _mapped(work: Callable[[], Iterator[_Work]], count: int, processes: int) -> Iterator[tuple[Reported, ...]]:
    if processes == 1:
        yield from map(_check, work())
        return
    try:
        from printlint.process.workers import Job, mapped
    except ImportError:  # a system without processes
        yield from map(_check, work())
        return
    job = Job(_check_in_worker, _run_of_worker, _lost)
    chunk = max(1, min(64, count // (processes * 8)))
    for items, seen, warnings in mapped(job, work(), processes=processes, chunk=chunk):
        if seen is None:
            disk.stop_recording()  # what the lost process has seen is lost
        else:
            disk.merge(seen)
        notices.merge(warnings)
        yield items


@contextmanager
def _run_of_worker() -> Iterator[None]:
    gc.disable()
    with Run(), disk.remembering():
        disk.record()
        yield


def _check_in_worker(item: _Work) -> _Answer:
    return _check(item), disk.take(), notices.take()


def _lost(item: _Work) -> _Answer:
    """The finding for a file that crashes the process that checks it, as Python's own parser can."""
    name, config, _ = item
    found = unreadable(_shown(name), "The process that checked this file crashed or was killed", config)
    return tuple(map(Reported, found)), None, []


class Progress:
    """A counter on the terminal, once a run has taken a second; nothing in a log and nothing for a quiet user."""

    def __init__(self, total: int, *, quiet: bool = False) -> None:
        self._total = total
        self._done = 0
        self._shown = False
        self._started = self._last = time.monotonic()
        self._silent = quiet or not sys.stderr.isatty()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def advance(self) -> None:
        """One more file is done."""
        self._done += 1
        if self._silent:
            return
        now = time.monotonic()
        if now - self._started > _SECONDS_BEFORE_PROGRESS and now - self._last > 0.1:
            self._last, self._shown = now, True
            sys.stderr.write(f"\r{self._done} of {self._total} files")
            sys.stderr.flush()
