"""Logging set-up: one stream of events on standard output, which no slow reader can turn into a frozen program.

Call `setup_logging()` once, first thing in the program. Records go through a queue to a thread that writes them:
as JSON where standard output is no terminal, as readable lines where it is one. `LOG_LEVEL` in the environment
sets the level (INFO by default). Servers that want a dictConfig get `logging_config()`. Fields that belong to all
events of a request are set by `with log_context(request_id=...):`.

# [queue]
`get_logger(__name__)` is `logging.getLogger(__name__)` whose calls can also be awaited. The record is queued at
once either way; the `await` suspends only while a great many records wait to be written.

# [/queue]
# [aiologger]
`get_async_logger(__name__)` is aiologger's logger of that name before the same queue: its calls are awaited, and take
the arguments of `logging`. The `await` suspends only while a great many records wait to be written.

# [/aiologger]
# [structlog]
structlog's loggers write to the same queue. `await logger.ainfo(...)` suspends only while a great many records wait to
be written. A field that is named like an attribute of log records gets an underscore behind its name.

# [/structlog]
Written by printlint; yours to change.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import importlib
import json
import logging
import os
import queue
import signal
import sys
import threading
import time
from collections import abc
from contextvars import ContextVar
from types import FrameType
from typing import Any

# [aiologger structlog]
import aiologger  # type: ignore[import-untyped]  # [aiologger]
import structlog  # [structlog]

# [/aiologger structlog]
TEXT_FORMAT = "%(asctime)s | %(levelname)s | [%(filename)s:%(lineno)d] | %(message)s"
JSON_FIELDS = ("asctime", "levelname", "name", "process", "thread", "message")
MAX_QUEUED = 100_000
HIGH_WATER, LOW_WATER = 1_000, 200  # awaited calls wait from the one until the other  # [queue aiologger structlog]
BATCH = 200  # lines that one write may hold: a write each would take the interpreter away from the loop as often
TERM_SECONDS = 8  # what SIGTERM waits for a stalled reader; a container is killed after 10

# These give their loggers handlers of their own, and would write every event a second time or in another form.
SERVERS = ("uvicorn", "uvicorn.access", "uvicorn.error", "gunicorn.access", "gunicorn.error", "django", "django.server")

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"asctime", "message", "taskName"}
_context: ContextVar[abc.Mapping[str, object]] = ContextVar("log_context")


def setup_logging(level: int | str | None = None) -> None:
    """Send every record of the program to standard output. A second call changes the level alone."""
    root = logging.getLogger()
    root.setLevel(_level(level))
    for handler in root.handlers[:]:  # what basicConfig made would write every event a second time
        if type(handler) is logging.StreamHandler and handler.stream in (sys.stdout, sys.stderr):
            root.removeHandler(handler)
    if _handler not in root.handlers:
        root.addHandler(_ready())
    for name in SERVERS:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # [structlog]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.processors.CallsiteParameterAdder(_CALLER, additional_ignores=[__name__]),
            _queue_event,
        ],
        wrapper_class=EventLogger,
        logger_factory=logging.getLogger,
    )
    # [/structlog]


def logging_config(level: int | str | None = None) -> dict[str, Any]:
    """The same as a dictConfig: Django's `LOGGING`, uvicorn's `log_config`, gunicorn's `logconfig_dict`."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"stdout": {"()": _ready}},
        "root": {"level": _level(level), "handlers": ["stdout"]},
        "loggers": {name: {"handlers": [], "propagate": True} for name in SERVERS},
    }


@contextlib.contextmanager
def log_context(**fields: object) -> abc.Iterator[None]:
    """Add fields to every event that this task or thread, or a task that it starts, logs inside the block."""
    token = _context.set({**_context.get({}), **fields})
    try:
        yield
    finally:
        _context.reset(token)


# [queue]
def get_logger(name: str) -> AsyncLogger:
    """`logging.getLogger(name)`, the same object, with calls that can be awaited."""
    logger = logging.getLogger(name)
    if not isinstance(logger, AsyncLogger):
        plain = type(logger) is logging.Logger
        logger.__class__ = AsyncLogger if plain else type("AsyncLogger", (AsyncLogger, type(logger)), {})
        assert isinstance(logger, AsyncLogger)
    return logger


# [/queue]
# [aiologger]
def get_async_logger(name: str) -> AioLogger:
    """aiologger's interface to `logging.getLogger(name)`."""
    return AioLogger(name=name)


# [/aiologger]
def _level(level: int | str | None) -> int | str:
    return level or os.environ.get("LOG_LEVEL", "INFO").upper()


def _ready() -> EventHandler:
    """The one handler, formatting as standard output wants it, and flushed when SIGTERM ends the program."""
    terminal = sys.stdout is not None and sys.stdout.isatty()
    _handler.setFormatter(logging.Formatter(TEXT_FORMAT) if terminal else _json_formatter())
    with contextlib.suppress(ValueError):  # signals are the business of the main thread
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, _terminate)
    return _handler


def _terminate(number: int, _: FrameType | None) -> None:
    """What SIGTERM would have done, after a flush."""
    _handler.finish(TERM_SECONDS)
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)


def _json_formatter() -> logging.Formatter:
    try:
        module: Any = importlib.import_module("pythonjsonlogger.json")
    except ImportError:
        return _JsonFormatter()
    formatter: logging.Formatter = module.JsonFormatter(" ".join(f"%({field})s" for field in JSON_FIELDS))
    return formatter


_encode = json.JSONEncoder(default=str).encode


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
        return _encode(event)


class EventHandler(logging.Handler):
    """Formats in the calling thread, and never makes an event loop wait; what the queue cannot hold is counted."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()  # its put() may be interrupted by a signal
        self.dropped = 0
        self._writer: threading.Thread | None = None
        self._finished = False
        self._failing = False

    def emit(self, record: logging.LogRecord) -> None:
        """Queue the event with the fields of its context."""
        try:
            for name, value in _context.get({}).items():
                vars(record).setdefault(name, value)
            self._enqueue(self.format(record))
        except Exception:
            self.handleError(record)

    def format(self, record: logging.LogRecord) -> str:
        """The event as text, whatever its fields hold."""
        try:
            return super().format(record)
        except (TypeError, ValueError, RecursionError):  # a field that JSON cannot carry
            fields = {name: repr(value) for name, value in vars(record).items() if name not in _STANDARD}
            return super().format(logging.makeLogRecord({**vars(record), **fields}))

    def _enqueue(self, line: str) -> None:
        if self._finished:  # the interpreter is going down, and starts no threads any more
            self._write(line)
            return
        if self._writer is None:
            self._writer = threading.Thread(target=self._write_all, name="logging", daemon=True)
            self._writer.start()
        while self.lines.qsize() >= MAX_QUEUED:
            if _in_event_loop() or threading.current_thread() is self._writer:
                self.dropped += 1
                return
            time.sleep(0.005)
        self.lines.put(line)

    def flush_queue(self, seconds: float | None = None) -> None:
        """Write everything that is queued and let the thread end; the next record starts another."""
        writer, self._writer = self._writer, None
        if writer is not None:
            self.lines.put(None)
            writer.join(seconds)

    def finish(self, seconds: float | None = None) -> None:
        """The last flush: what is logged after it is written at once."""
        self.flush_queue(seconds)
        self._finished = True

    def after_fork(self) -> None:
        """In a forked child: what is queued by now is the parent's to write."""
        self.lines = queue.SimpleQueue()
        if util := sys.modules.get("multiprocessing.util"):  # its children end without running atexit
            util.register_after_fork(self, lambda handler: util.Finalize(None, handler.finish, exitpriority=0))

    def _write_all(self) -> None:
        line: str | None = ""
        while line is not None:
            batch, line = [], self.lines.get()
            while line is not None:
                batch.append(line)
                if len(batch) == BATCH or self.lines.empty():
                    break
                line = self.lines.get()
            if batch:
                self._write("\n".join(batch))
            if self.dropped:
                lost, self.dropped = self.dropped, 0
                values = {"name": __name__, "levelno": logging.WARNING, "levelname": "WARNING"}
                report = logging.makeLogRecord({**values, "msg": "%d records were dropped", "args": (lost,)})
                self._write(self.format(report))

    def _write(self, line: str) -> None:
        try:
            try:
                sys.stdout.write(f"{line}\n")
            except UnicodeEncodeError:
                sys.stdout.write(line.encode("ascii", "backslashreplace").decode() + "\n")
            sys.stdout.flush()
            self._failing = False
        except (OSError, ValueError, AttributeError):  # broken, closed, or None; said once
            if not self._failing:
                self.handleError(logging.makeLogRecord({"msg": line}))
            self._failing = True


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


# [queue aiologger structlog]
def _crowded() -> bool:
    """Whether so much waits that a task should; no other driver of coroutines understands asyncio's sleep."""
    return _handler.lines.qsize() > HIGH_WATER and _in_event_loop() and asyncio.current_task() is not None


async def _drained() -> None:
    while _handler.lines.qsize() > LOW_WATER:
        await asyncio.sleep(0.005)


# [/queue aiologger structlog]
# [queue aiologger]
class Logged:
    """What an awaitable call gives: false like None."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __await__(self) -> abc.Generator[Any, None, None]:
        if _crowded():
            yield from _drained().__await__()


_LOGGED = Logged()


# [/queue aiologger]
# [queue]
def _awaitable(name: str) -> abc.Callable[..., Logged]:
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


# [/queue]
# [aiologger]
def _bridged(name: str) -> abc.Callable[..., Logged]:
    def call(self: AioLogger, msg: object, *args: object, stacklevel: int = 1, **kwargs: Any) -> Logged:
        logger = logging.getLogger(self.name)
        getattr(logger, name)(msg, *args, stacklevel=stacklevel + 1, **kwargs)
        return _LOGGED

    call.__name__ = name
    return call


class AioLogger(aiologger.Logger):  # type: ignore[misc]
    """aiologger's methods, with the arguments, levels, handlers and output of `logging`."""

    debug = _bridged("debug")
    info = _bridged("info")
    warning = warn = _bridged("warning")
    error = _bridged("error")
    critical = fatal = _bridged("critical")
    exception = _bridged("exception")
    log = _bridged("log")

    def is_enabled_for(self, level: int) -> bool:
        """Whether `logging` would make a record."""
        return logging.getLogger(self.name).isEnabledFor(level)

    isEnabledFor = is_enabled_for


# [/aiologger]
# [structlog]
_CALLER = (
    structlog.processors.CallsiteParameter.PATHNAME,
    structlog.processors.CallsiteParameter.LINENO,
    structlog.processors.CallsiteParameter.FUNC_NAME,
)


def _queue_event(logger: logging.Logger, method: str, event: abc.MutableMapping[str, Any]) -> Any:
    """structlog's last processor: the event as a log record, before the one handler."""
    event.update(event.pop("extra", None) or {})
    exc_info, stack = event.pop("exc_info", None), event.pop("stack_info", None)
    if isinstance(exc_info, BaseException):
        exc_info = (type(exc_info), exc_info, exc_info.__traceback__)
    elif exc_info and not isinstance(exc_info, tuple):
        exc_info = sys.exc_info()
    event.pop("stacklevel", None)
    level = logging.ERROR if method == "exception" else logging.getLevelNamesMapping()[method.upper()]
    message = (
        event.pop("event", None),
        event.pop("positional_args", ()),
    )  # put together by `logging`, which never raises
    place = event.pop("pathname"), event.pop("lineno"), *message, exc_info or None
    text = structlog.processors.StackInfoRenderer([__name__])(logger, method, {"stack_info": stack}).get("stack")
    fields = {f"{name}_" if name in _STANDARD else name: value for name, value in event.items() if name != "func_name"}
    record = logger.makeRecord(logger.name, level, *place, event["func_name"], fields, text)
    logger.handle(record)
    raise structlog.DropEvent


def _asynchronous(name: str) -> Any:
    async def call(self: EventLogger, *args: Any, **fields: Any) -> None:
        getattr(self, name)(*args, **fields)
        if _crowded():
            await _drained()

    call.__name__ = f"a{name}"
    return call


class EventLogger(structlog.stdlib.BoundLogger):
    """structlog's logger, whose asynchronous methods need no thread each, since nothing that they do can block."""

    adebug = _asynchronous("debug")
    ainfo = _asynchronous("info")
    awarning = _asynchronous("warning")
    aerror = _asynchronous("error")
    acritical = afatal = _asynchronous("critical")
    aexception = _asynchronous("exception")
    alog = _asynchronous("log")


# [/structlog]
_handler = EventHandler()
atexit.register(_handler.finish)
if hasattr(os, "register_at_fork"):  # threads do not survive a fork, and Python warns of those that are there
    os.register_at_fork(before=_handler.flush_queue, after_in_child=_handler.after_fork)
