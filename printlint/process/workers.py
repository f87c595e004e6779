"""Processes that share work: answers come in the order of the work, and no process outlives the run.

`concurrent.futures` would not do. It needs semaphores, which not every system has; its workers sleep for ever when
the run is killed; of a worker that is lost it does not say whose work it had.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from threading import Thread
from typing import Any, Generic, NamedTuple, TypeVar

from printlint.process import signals
from printlint.process.safe_path import safe_entries

T = TypeVar("T")
R = TypeVar("R")

# Descriptors that stay free beside the workers', for what the run and the workers themselves open.
_FREE_DESCRIPTORS = 8


class Job(NamedTuple, Generic[T, R]):
    """What is done to each item, which may be sent to another process.

    `around` is what a worker does all of it in; `lost` is called for an item that ended the process it was alone in.
    """

    do: Callable[[T], R]
    around: Callable[[], AbstractContextManager[None]]
    lost: Callable[[T], R]


def mapped(job: Job[T, R], items: Iterator[T], *, processes: int, chunk: int) -> Iterator[R]:
    """The answers for all items, in their order. Where no process can be started, this one does the work."""
    chunks = iter(lambda: list(islice(items, chunk)), [])
    with _Workers(job, chunks, processes) as workers:
        answers: dict[int, list[R]] = {}
        turn = 0
        while workers.share_out():
            answers.update(workers.answers())
            while turn in answers:
                yield from answers.pop(turn)
                turn += 1
    for left in workers.left():
        yield from map(job.do, left)


class _Workers(Generic[T, R]):
    """Up to a number of workers, which are started as there is work for them."""

    def __init__(self, job: Job[T, R], chunks: Iterator[list[T]], most: int) -> None:
        self._job = job
        self._chunks = enumerate(chunks)
        self._next = next(self._chunks, None)
        self._most = most
        self._context = _context()
        self._alive: list[_Worker] = []
        self._busy: dict[_Worker, tuple[int, list[T]]] = {}

    def __enter__(self) -> _Workers[T, R]:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._alive:
            worker.end()

    def share_out(self) -> bool:
        """Give each worker that has none a chunk, as long as there are any. Whether any worker is at work."""
        while self._next is not None and (worker := self._idle()) is not None:
            self._busy[worker] = self._next
            worker.send(self._next[1])
            self._next = next(self._chunks, None)
        return bool(self._busy)

    def answers(self) -> Iterator[tuple[int, list[R]]]:
        """Wait for workers; give the numbers of their chunks and the answers."""
        for worker in _ready(list(self._busy)):
            answer: list[R] | None = worker.received()
            number, items = self._busy.pop(worker)
            if answer is None:
                self._alive.remove(worker)
                worker.end()
                answer = [self._alone(item) for item in items]
            yield number, answer

    def left(self) -> Iterator[list[T]]:
        """The chunks that no worker has got, since there is none."""
        while self._next is not None:
            yield self._next[1]
            self._next = next(self._chunks, None)

    def _idle(self) -> _Worker | None:
        for worker in self._alive:
            if worker not in self._busy:
                return worker
        if len(self._alive) >= self._most:
            return None
        started = self._started()
        if started is None:
            self._most = len(self._alive)
        else:
            self._alive.append(started)
        return started

    def _alone(self, item: T) -> R:
        """The answer for one item of a chunk whose worker was lost, from a process of its own."""
        worker = self._started()
        if worker is None:
            return self._job.lost(item)
        try:
            worker.send([item])
            answer: list[R] | None = worker.received()
        finally:
            worker.end()
        return self._job.lost(item) if answer is None else answer[0]

    def _started(self) -> _Worker | None:
        with _free_descriptors() as free:
            if self._context is not None and free is not None:
                ours = [worker.connection for worker in self._alive]
                with suppress(OSError):  # no more processes, descriptors or memory
                    return _Worker(self._context, self._job, ours, free)
        return None


class _Worker:
    """A process that does chunks of a job, one after the other."""

    def __init__(self, context: BaseContext, job: Job[Any, Any], others: list[Connection], free: list[int]) -> None:
        self.connection, theirs = context.Pipe()
        forked = context.get_start_method() == "fork"
        inherited = ([*others, self.connection], free) if forked else ([], [])
        self._process = context.Process(target=_serve, args=(theirs, job, *inherited), daemon=True)  # type: ignore[attr-defined]
        try:
            with _safe_environment(), signals.held_back():
                self._process.start()
        except BaseException:
            self.end()
            raise
        finally:
            theirs.close()

    def send(self, items: list[Any]) -> None:
        """Give it a chunk; should it be gone, that shows when the answer is asked for."""
        with suppress(OSError):
            self.connection.send(items)

    def received(self) -> list[Any] | None:
        """The answers for the chunk, or None where the process is gone."""
        try:
            answer: list[Any] = self.connection.recv()
        except (EOFError, OSError):
            return None
        return answer

    def end(self) -> None:
        """End it, whatever it does: it has nothing to clean up."""
        self.connection.close()
        if self._process.pid is not None:
            self._process.kill()
            self._process.join()
            self._process.close()


def _ready(workers: list[_Worker]) -> list[_Worker]:
    """Those of some workers that have answered or are gone; waits for the first."""
    ready = wait([worker.connection for worker in workers])
    return [worker for worker in workers if worker.connection in ready]


def _serve(connection: Connection, job: Job[Any, Any], inherited: list[Connection], free: list[int]) -> None:
    """A worker's whole life: it ends when the other end of the connection is closed, or when the run is gone."""
    signals.leave_to_parent()
    Thread(target=_end_with_parent, daemon=True).start()
    for end in inherited:
        end.close()
    for descriptor in free:
        os.close(descriptor)
    with job.around(), suppress(EOFError, OSError):
        while True:
            connection.send([job.do(item) for item in connection.recv()])


def _end_with_parent() -> None:
    """Whatever the worker does: a run that is killed cannot tell it to end."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _context() -> BaseContext | None:
    """How processes are started: as the program that we run in has said, or else by a fork where that is safe.

    A fork has everything loaded already; on macOS, system libraries do not survive one. None where a new interpreter
    would import from the working folder: with `-E` it ignores the environment variable that forbids that.
    """
    method = multiprocessing.get_start_method(allow_none=True) or ("fork" if sys.platform == "linux" else None)
    context = multiprocessing.get_context(method)
    if context.get_start_method() != "fork" and sys.flags.ignore_environment and not sys.flags.safe_path:
        return None
    return context


@contextmanager
def _safe_environment() -> Iterator[None]:
    """Within, a new interpreter imports nothing from the working folder, where it would look first."""
    before = {name: os.environ.get(name) for name in ("PYTHONSAFEPATH", "PYTHONPATH")}
    os.environ["PYTHONSAFEPATH"] = "1"
    if before["PYTHONPATH"] is not None:
        os.environ["PYTHONPATH"] = os.pathsep.join(safe_entries(before["PYTHONPATH"].split(os.pathsep)))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _free_descriptors() -> Iterator[list[int] | None]:
    """Descriptors that are held while a process is started, and free afterwards; None where there are not so many."""
    held: list[int] = []
    try:
        with suppress(OSError):
            for _ in range(_FREE_DESCRIPTORS):
                held.append(os.open(os.devnull, os.O_RDONLY))
        yield held if len(held) == _FREE_DESCRIPTORS else None
    finally:
        for descriptor in held:
            os.close(descriptor)
