"""Logging set-up: one stream of events on standard output, which no slow reader can turn into a frozen program.

Call `setup_logging()` once, first thing in the program. Records go through a queue to a thread that writes them:
as JSON where standard output is no terminal, as readable lines where it is one. `LOG_LEVEL` in the environment
sets the level (INFO by default).

`get_logger(__name__)` is `logging.getLogger(__name__)` whose calls can also be awaited. The record is queued at
once either way; the `await` suspends only while a great many records wait to be written.

Written by printlint; yours to change.
"""

from __future__ import annotations

import asyncio
import atexit
import importlib
import importlib.util
import json
import logging
import logging.handlers
import os
import queue
import sys
import threading
from collections.abc import Callable, Generator
from typing import Any, cast

TEXT_FORMAT = "%(asctime)s | %(levelname)s | [%(filename)s:%(lineno)d] | %(message)s"
JSON_FIELDS = ("asctime", "levelname", "name", "process", "thread", "message")
MAX_QUEUED = 100_000
HIGH_WATER, LOW_WATER = 1_000, 200  # awaited calls wait from the one until the other

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"asctime", "message", "taskName"}


def setup_logging(level: int | str | None = None) -> None:
    """Send every record of the program to standard output. A second call changes the level alone."""
    root = logging.getLogger()
    root.setLevel(level or os.environ.get("LOG_LEVEL", "INFO").upper())
    if _handler not in root.handlers:
        _handler.setFormatter(logging.Formatter(TEXT_FORMAT) if sys.stdout.isatty() else _json_formatter())
        root.addHandler(_handler)


def get_logger(name: str) -> AsyncLogger:
    """`logging.getLogger(name)`, the same object, with calls that can be awaited."""
    logger = logging.getLogger(name)
    if not isinstance(logger, AsyncLogger):
        plain = type(logger) is logging.Logger
        logger.__class__ = AsyncLogger if plain else type("AsyncLogger", (AsyncLogger, type(logger)), {})
    return cast(AsyncLogger, logger)


def _json_formatter() -> logging.Formatter:
    if importlib.util.find_spec("pythonjsonlogger") is None:
        return _JsonFormatter()
    module: Any = importlib.import_module("pythonjsonlogger.json")
    formatter: logging.Formatter = module.JsonFormatter(" ".join(f"%({field})s" for field in JSON_FIELDS))
    return formatter


class _JsonFormatter(logging.Formatter):
    """One JSON object a line, `extra` and `exc_info` as fields of their own."""

    def format(self, record: logging.LogRecord) -> str:
        record.asctime = self.formatTime(record)
        record.message = record.getMessage()
        event = {field: getattr(record, field) for field in JSON_FIELDS}
        event.update((name, value) for name, value in vars(record).items() if name not in _STANDARD)
        if record.exc_info:
            event["exc_info"] = self.formatException(record.exc_info)
        if record.stack_info:
            event["stack_info"] = self.formatStack(record.stack_info)
        return json.dumps(event, default=str, ensure_ascii=False)


class _QueueHandler(logging.handlers.QueueHandler):
    """Formats in the calling thread and never makes an event loop wait; what the queue cannot hold is counted."""

    def __init__(self) -> None:
        self.records: queue.Queue[Any] = queue.Queue(MAX_QUEUED)
        super().__init__(self.records)
        self.dropped = 0
        self._writer: threading.Thread | None = None
        self._closed = False

    def enqueue(self, record: logging.LogRecord) -> None:
        if self._closed:  # the interpreter is going down, and starts no threads any more
            self._emit(record)
            return
        if self._writer is None:
            self._writer = threading.Thread(target=self._write, name="logging", daemon=True)
            self._writer.start()
        try:
            self.records.put_nowait(record)
        except queue.Full:
            if _in_event_loop() or threading.current_thread() is self._writer:
                self.dropped += 1
            else:
                self.records.put(record)

    def flush_queue(self) -> None:
        """Write everything that is queued and let the thread end; the next record starts another."""
        if self._writer is not None:
            self.records.put(None)
            self._writer.join()
            self._writer = None

    def close_queue(self) -> None:
        """The last flush: what is logged after it is written at once."""
        self.flush_queue()
        self._closed = True

    def after_fork(self) -> None:
        """In a forked child: what is queued by now is the parent's to write."""
        self.queue = self.records = queue.Queue(MAX_QUEUED)

    def _write(self) -> None:
        while (record := self.records.get()) is not None:
            self._emit(record)
            if self.dropped:
                lost, self.dropped = self.dropped, 0
                values = {"name": __name__, "levelno": logging.WARNING, "levelname": "WARNING"}
                report = logging.makeLogRecord({**values, "msg": "%d records were dropped", "args": (lost,)})
                self._emit(self.prepare(report))

    def _emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stdout.write(f"{record.getMessage()}\n")
            sys.stdout.flush()
        except (OSError, ValueError, AttributeError):  # closed, broken, in another encoding, or None
            self.handleError(record)


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _in_task() -> bool:
    """Whether a task of asyncio runs this code: no other driver of coroutines understands asyncio's sleep."""
    return _in_event_loop() and asyncio.current_task() is not None


class Logged:
    """What a call of an `AsyncLogger` gives: false like None, and awaitable."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __await__(self) -> Generator[Any, None, None]:
        if _handler.records.qsize() > HIGH_WATER and _in_task():
            yield from _drained().__await__()


async def _drained() -> None:
    while _handler.records.qsize() > LOW_WATER:
        await asyncio.sleep(0.005)


_LOGGED = Logged()


def _awaitable(name: str) -> Callable[..., Logged]:
    def call(self: AsyncLogger, msg: object, *args: object, stacklevel: int = 1, **kwargs: Any) -> Logged:
        getattr(super(AsyncLogger, self), name)(msg, *args, stacklevel=stacklevel + 1, **kwargs)
        return _LOGGED

    call.__name__ = name
    return call


class AsyncLogger(logging.Logger):
    """A logger whose calls may be awaited; not awaited, they are the plain calls that they always were."""

    debug = _awaitable("debug")  # type: ignore[assignment]
    info = _awaitable("info")  # type: ignore[assignment]
    warning = _awaitable("warning")  # type: ignore[assignment]
    error = _awaitable("error")  # type: ignore[assignment]
    critical = _awaitable("critical")  # type: ignore[assignment]
    exception = _awaitable("exception")  # type: ignore[assignment]
    log = _awaitable("log")  # type: ignore[assignment]
    warn = _awaitable("warning")  # type: ignore[assignment]
    fatal = _awaitable("critical")  # type: ignore[assignment]


_handler = _QueueHandler()
atexit.register(_handler.close_queue)
if hasattr(os, "register_at_fork"):  # threads do not survive a fork, and Python warns of those that are there
    os.register_at_fork(before=_handler.flush_queue, after_in_child=_handler.after_fork)
