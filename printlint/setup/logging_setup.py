"""Logging set-up: one stream of events on standard output, which no slow reader can turn into a frozen program.

Call `setup_logging()` once, first thing in the program. Records go through a queue to a thread that writes them:
as JSON where standard output is no terminal, as readable lines where it is one. `LOG_LEVEL` in the environment
sets the level (INFO by default). Servers that want a dictConfig get `logging_config()`. Fields that belong to all
events of a request are set by `with log_context(request_id=...):`. A program that has handlers of its own keeps them:
`unblock()` behind the code that adds them has them write in the queue's thread.

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

import _thread
import asyncio
import atexit
import contextlib
import copy
import functools
import importlib
import io
import json
import logging
import logging.handlers
import os
import re
import signal
import stat
import sys
import threading
import time
from _queue import Empty, SimpleQueue  # gevent and eventlet put others into `queue`
from collections import abc, deque
from contextvars import ContextVar, copy_context
from types import FrameType
from typing import Any

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]
# [aiologger structlog]
import aiologger  # type: ignore[import-untyped]  # [aiologger]
import structlog  # [structlog]

# [/aiologger structlog]
TEXT_FORMAT = "%(asctime)s | %(levelname)s | [%(filename)s:%(lineno)d] | %(message)s"
JSON_FIELDS = ("asctime", "levelname", "name", "process", "thread", "message")
MAX_QUEUED = 100_000
HIGH_WATER, LOW_WATER = 1_000, 200  # awaited calls wait from the one until the other  # [queue aiologger structlog]
MAX_WRITE = 4096  # bytes (PIPE_BUF): what processes that share a pipe write at once is not mixed up to this size
TERM_SECONDS = 8  # what SIGTERM waits for a stalled reader; a container is killed after 10

# These give their loggers handlers of their own, and would write every event a second time or in another form.
SERVERS = (
    *("uvicorn", "uvicorn.access", "uvicorn.error", "gunicorn.access", "gunicorn.error", "django", "django.server"),
    *("hypercorn.access", "hypercorn.error", "_granian", "granian.access", "litestar", "arq", "rq.worker", "discord"),
    *("sanic.root", "sanic.error", "sanic.access", "sanic.server", "sanic.websockets"),
)

# Who has written the handlers that may write in another thread than the one that logs.
MOVABLE = ("logging", "logging.handlers", "rich.logging", "absl.logging", "concurrent_log_handler")

_CONSTANT = (str, int, float, bool, bytes, type(None))
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"asctime", "message", "taskName", "color_message"}
_context: ContextVar[abc.Mapping[str, object]] = ContextVar("log_context")


def setup_logging(level: int | str | None = None) -> None:
    """Send every record of the program to standard output. A second call changes the level alone.

    Where the root logger writes to the terminal already, as AWS Lambda's does, its handlers stay as they are, and no
    other comes beside them; a level that nobody asked for is only lowered there.
    """
    root, number = logging.getLogger(), _level(level)
    for handler in filter(_takes_over, root.handlers[:]):
        root.removeHandler(handler)
    if any(handler.level <= number and _writes_to_terminal(handler) for handler in root.handlers):
        asked = level is not None or _handler in root.handlers or "LOG_LEVEL" in os.environ
        root.setLevel(number if asked else min(root.level, number))
    else:
        _make_way(root)
        root.setLevel(number)
        root.addHandler(_ready())
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


def unblock(*loggers: logging.Logger) -> None:
    """Have the handlers of some loggers, or of all, write in a thread of their own; call it where they were added.

    They stay what and where they are, with their formats, levels and filters. Those of which it is not known that they
    can write in another thread are left alone.
    """
    for logger in loggers or _all_loggers():
        for handler in logger.handlers:
            if _may_move(handler):
                handler.handle = functools.partial(_handle_later, handler)  # type: ignore[method-assign]
    root = logging.getLogger()
    if _is_spawned() and len(root.handlers) > 1:  # until here, nobody had configured this process
        root.removeHandler(_handler)
    _share_output()


def logging_config(level: int | str | None = None) -> dict[str, Any]:
    """The same as a dictConfig: Django's `LOGGING`, uvicorn's `log_config`, gunicorn's `logconfig_dict`."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"stdout": {"()": _ready}},
        "root": {"level": _level(level), "handlers": ["stdout"]},
        "loggers": {},  # those of servers lose their handlers where `_ready` is called; Django's keeps its mails
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
def _level(level: int | str | None) -> int:
    """A level by its number or name, in any case; INFO where there is no such level, which never stops a program."""
    value = os.environ.get("LOG_LEVEL", "") if level is None else level
    text = str(value).strip().upper()
    levels = {name.upper(): number for name, number in logging.getLevelNamesMapping().items()}
    if text not in levels and not text.isdecimal() and text:
        _warn(f"{value!r} is not a log level; the level is INFO")
    return int(text) if text.isdecimal() else levels.get(text, logging.INFO)


def _make_way(logger: logging.Logger) -> None:
    """Take away the handlers that would write events to the terminal a second time; files and mails stay."""
    for handler in logger.handlers[:]:
        if handler is not _handler and _writes_to_terminal(handler):
            logger.removeHandler(handler)
            logger.propagate = True
        elif handler is not _handler and _may_print(handler):
            _warn(f"{type(handler).__qualname__} is kept on the {logger.name} logger; it may write events twice")


def _takes_over(handler: logging.Handler) -> bool:
    """Whether a handler is that of another copy of this module, or Litestar's, which nobody has asked for."""
    made_by = (handler, getattr(handler, "listener", None))
    is_litestars = any(type(item).__module__.partition(".")[0] == "litestar" for item in made_by)
    return is_litestars or (handler is not _handler and type(handler).__qualname__ == EventHandler.__qualname__)


def _writes_to_terminal(handler: logging.Handler) -> bool:
    """Whether a handler writes to standard output or error, itself or through the handlers behind it."""
    if getattr(handler, "baseFilename", "") in ("/dev/stdout", "/dev/stderr"):
        return True
    if type(handler).__name__.startswith("LambdaLogger"):  # AWS Lambda's
        return True
    stream = getattr(handler, "stream", None) or getattr(getattr(handler, "console", None), "file", None)  # rich's
    if stream is not None and (stream in (sys.stdout, sys.stderr) or _descriptor(stream) in (1, 2)):
        return True
    behind = [getattr(handler, "target", None), *getattr(getattr(handler, "listener", None), "handlers", ())]
    return any(behind) and all(_writes_to_terminal(item) for item in behind if item)


def _may_print(handler: logging.Handler) -> bool:
    code = getattr(type(handler).emit, "__code__", None)
    return not {"stdout", "stderr", "print"}.isdisjoint(getattr(code, "co_names", ()))


def _ready() -> EventHandler:
    """The one handler, formatting as standard output wants it, and flushed when SIGTERM ends the program."""
    for name in SERVERS:
        logger = logging.getLogger(name)
        _make_way(logger)
        logger.propagate = logger.propagate or not logger.handlers
    _share_output()
    return _handler


def _all_loggers() -> list[logging.Logger]:
    known = list(logging.Logger.manager.loggerDict.values())
    return [logging.getLogger(), *(item for item in known if isinstance(item, logging.Logger))]


def _may_move(handler: logging.Handler) -> bool:
    """Whether a handler blocks, and may do so in another thread: by who wrote what it does with a record."""
    stream = getattr(handler, "stream", None)
    in_memory = isinstance(handler, logging.StreamHandler) and stream is not None and _descriptor(stream) is None
    moved = "handle" in vars(handler) or isinstance(handler, logging.NullHandler | logging.handlers.QueueHandler)
    return not in_memory and not moved and type(handler).emit.__module__ in MOVABLE


def _handle_later(handler: logging.Handler, record: logging.LogRecord) -> bool:
    """What `handler.handle` does, but for writing: that is queued, with the context that its formatter may look at."""
    found: Any = handler.filter(record)
    if found:
        kept = copy.copy(found if isinstance(found, logging.LogRecord) else record)
        try:
            given = kept.args.values() if isinstance(kept.args, abc.Mapping) else kept.args or ()
            if not all(type(item) in _CONSTANT for item in (kept.msg, *given)):
                kept.msg, kept.args = kept.getMessage(), None  # what the values are now
        except Exception:
            handler.handleError(record)
            return True
        _handler.enqueue(functools.partial(copy_context().run, _write_with, handler, kept))
    return bool(found)


def _write_with(handler: logging.Handler, record: logging.LogRecord) -> None:
    handler.acquire()
    try:
        if isinstance(handler, logging.StreamHandler) and _is_shared(handler):
            data = (handler.format(record) + handler.terminator).encode(handler.stream.encoding, "backslashreplace")
            _write_alone(handler.stream.fileno(), data)
        else:
            handler.emit(record)
    except Exception:
        handler.handleError(record)
    finally:
        handler.release()


def _is_shared(handler: logging.StreamHandler[Any]) -> bool:
    """Whether what a handler writes could come into the middle of what the program prints."""
    as_ever = type(handler).emit is logging.StreamHandler.emit
    return as_ever and handler.stream in (sys.stdout, sys.stderr) and _takes_bytes(handler.stream)


def _share_output() -> None:
    """See to it that no event comes into a printed line, and that SIGTERM loses none."""
    with contextlib.suppress(OSError, ValueError):  # closed
        if type(sys.stdout) is io.TextIOWrapper and not sys.stdout.isatty():
            sys.stdout.reconfigure(line_buffering=True, write_through=False)
    with contextlib.suppress(ValueError):  # signals are the business of the main thread
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, _terminate)


def _terminate(number: int, _: FrameType | None) -> None:
    """What SIGTERM would have done, after a flush."""
    _handler.flush(TERM_SECONDS)
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)


def _formatter() -> logging.Formatter:
    """Readable lines for a terminal, JSON for whatever else reads standard output."""
    with contextlib.suppress(AttributeError, ValueError):  # none, closed, or an object that only writes
        if sys.stdout.isatty():
            return logging.Formatter(TEXT_FORMAT)
    formatter: logging.Formatter
    try:
        module: Any = importlib.import_module("pythonjsonlogger.json")
    except ImportError:
        formatter = _JsonFormatter()
    else:
        fields = " ".join(f"%({field})s" for field in JSON_FIELDS)
        formatter = module.JsonFormatter(fields, json_serializer=_dumps, reserved_attrs=[*_STANDARD])
    formatter.converter = time.gmtime
    formatter.default_time_format, formatter.default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03d+00:00"
    return formatter


class _JsonFormatter(logging.Formatter):
    """One JSON object a line, `extra` and `exc_info` as fields of their own."""

    def format(self, record: logging.LogRecord) -> str:
        record.asctime = self.formatTime(record)
        record.message = record.getMessage()
        event = {field: getattr(record, field) for field in JSON_FIELDS}
        event.update(_fields(record))
        if record.exc_info:
            event["exc_info"] = self.formatException(record.exc_info)
        if record.stack_info:
            event["stack_info"] = self.formatStack(record.stack_info)
        return _dumps(event, default=str)


_LONE_SURROGATE = re.compile(r"\\\\|\\ud[89ab]..\\ud[c-f]..|(\\ud[89a-f]..)")


def _dumps(event: object, **options: Any) -> str:
    """JSON that every reader takes: no NaN, and no half of a character (names of files have them)."""
    text = json.dumps(event, allow_nan=False, **options)
    if "\\ud" in text:
        text = _LONE_SURROGATE.sub(lambda match: f"\\{match[0]}" if match[1] else match[0], text)
    return text


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return {str(name): value for name, value in vars(record).items() if name not in _STANDARD}


def _plain(value: object) -> object:
    """The value, or its text where JSON cannot carry it."""
    with contextlib.suppress(Exception):
        _dumps(value, default=str)
        return value
    with contextlib.suppress(Exception):
        return repr(value)
    return object.__repr__(value)


class EventHandler(logging.Handler):
    """Formats in the calling thread, and never makes an event loop wait; what the queue cannot hold is counted.

    `flush()` waits until all that has been logged is written: before a freeze, `os.execv` or `os._exit`.
    """

    def __init__(self) -> None:
        super().__init__()
        # Lines, and what others write; a list is a flush that waits, None an end.
        self.lines: SimpleQueue[str | abc.Callable[[], None] | list[bool] | None] = SimpleQueue()
        self.dropped = self._reported = 0
        self._turn: SimpleQueue[bool] = SimpleQueue()  # who takes it out writes, and puts it back
        self._turn.put(True)
        self._caller = 0  # the thread that logs and has the turn
        self._finished = False
        self._failing = False
        self._echo: object = None  # a stream that logs what is written to it
        self._given: deque[str] = deque(maxlen=100)  # to streams that may do so in another thread

    @property
    def stream(self) -> Any:
        """Where events go; another copy of this module knows by it that this handler has to make way."""
        return sys.stdout

    def createLock(self) -> None:
        """None: an event loop would wait for it while another thread waits for room."""
        self.lock = None

    def handle(self, record: logging.LogRecord) -> bool:
        """Emit the record, unless a filter is against it."""
        found: Any = self.filter(record)
        if found:
            self.emit(found if isinstance(found, logging.LogRecord) else record)
        return bool(found)

    def emit(self, record: logging.LogRecord) -> None:
        """Queue the event with the fields of its context; what captures standard output has it at once."""
        if _this_thread.is_writing:  # the record comes from the stream that its event would be written to
            _this_thread.has_echo = True
            return
        try:
            for name, value in _context.get({}).items():
                vars(record).setdefault(f"{name}_" if name in _STANDARD else name, value)
            line, stream = f"{self.format(record)}\n", sys.stdout
        except Exception:
            self.handleError(record)
            return
        for given in list(self._given):
            if given in getattr(record, "message", ""):
                self._echo, line = stream, f"{given}\n"
                with contextlib.suppress(ValueError):  # another thread was faster
                    self._given.remove(given)
        if stream is None:
            return
        if stream is sys.__stdout__ or stream is self._echo or _is_output(stream) or not self._write_to(stream, line):
            self.enqueue(line)

    def format(self, record: logging.LogRecord) -> str:
        """The event as text, whatever its fields hold."""
        try:
            return super().format(record)
        except Exception:
            fields = {name: _plain(value) for name, value in _fields(record).items()}
            return super().format(logging.makeLogRecord({**vars(record), **fields}))

    def handleError(self, record: logging.LogRecord) -> None:
        """Say it on standard error, and nothing of what goes wrong there: it may lead to the loggers."""
        if not _this_thread.is_reporting:
            _this_thread.is_reporting = True
            with contextlib.suppress(Exception):  # closed
                super().handleError(record)
            _this_thread.is_reporting = False

    def enqueue(self, line: str | abc.Callable[[], None]) -> None:
        """Have a line written, or something called, after all that is queued by now."""
        while self.lines.qsize() >= MAX_QUEUED:
            if _in_event_loop():
                self.dropped += 1
                return
            self._see_to_it()
            time.sleep(0.005)
        self.lines.put(line)
        self._see_to_it()

    def _see_to_it(self) -> None:
        """Have what is queued written: by a thread, or by the caller where no thread can be started."""
        while not self.lines.empty():
            try:
                self._turn.get_nowait()
            except Empty:
                if self._caller == threading.get_ident():  # a signal has come in the middle of it
                    self._write_all(wait=False)
                return
            if not self._finished:  # else the interpreter is going down, and may stop a thread at any time
                with contextlib.suppress(RuntimeError):
                    _start_thread(self._write_in_thread, ())
                    return
            self._caller = threading.get_ident()
            try:
                self._write_all(wait=False)
            finally:
                self._caller = 0
                self._turn.put(True)

    def _write_in_thread(self) -> None:
        try:
            self._write_all(wait=True)
        finally:
            self._turn.put(True)
        self._see_to_it()

    def flush(self, seconds: float | None = None) -> None:
        """Wait until all that has been logged is written; a signal handler may do so, too."""
        done: list[bool] = []
        self.lines.put(done)
        self._see_to_it()
        end = time.monotonic() + (seconds or float("inf"))
        while not done and time.monotonic() < end:
            time.sleep(0.001)

    def finish(self) -> None:
        """The last flush: what is logged after it is written at once."""
        self.flush()
        self._finished = True
        if self._end_thread(1):  # unless threads that nothing stops log all the time
            self._write_all(wait=False)
            self._turn.put(True)

    def _end_thread(self, seconds: float) -> bool:
        """Whether the thread wrote all and ended in time. The caller has the turn then, and no other thread starts."""
        if self._turn.empty():
            self.lines.put(None)
        with contextlib.suppress(Empty):
            return self._turn.get(timeout=seconds)
        return False

    def before_fork(self) -> None:
        """End the thread, of which Python warns; behind a reader that stalls the fork does not wait for it."""
        _this_thread.has_turn = self._end_thread(0.02)
        if _this_thread.has_turn:
            with contextlib.suppress(Empty):  # a thread that has done its work is counted for another moment
                self._turn.get(timeout=0.001)

    def after_fork(self) -> None:
        """Go on, in the parent."""
        if _this_thread.has_turn:
            self._turn.put(True)
        self._see_to_it()

    def after_fork_in_child(self) -> None:
        """What is queued by now is the parent's to write."""
        self.lines, self._turn, self._caller = SimpleQueue(), SimpleQueue(), 0
        self._turn.put(True)
        self.finish_with_child()

    def finish_with_child(self) -> None:
        """Children of multiprocessing end without running atexit."""
        if util := sys.modules.get("multiprocessing.util"):
            util.register_after_fork(self, lambda handler: util.Finalize(None, handler.finish, exitpriority=0))

    def _write_all(self, *, wait: bool) -> None:
        """Write what is queued by now, or with `wait` all that comes until the end is queued."""
        batch, size, left = "", 0, self.lines.qsize()
        while wait or left > 0 or batch:
            left -= 1
            try:
                item = self.lines.get(block=wait and not batch)
            except Empty:
                item = ""
            line = item if isinstance(item, str) else ""
            length = len(line) if line.isascii() else 4 * len(line)
            if batch and (not line or size + length > MAX_WRITE):
                self._write(batch)
                batch, size = "", 0
            if not batch and self.dropped > self._reported:
                lost, self._reported = self.dropped - self._reported, self.dropped
                self._report(_warning(f"{lost} records were dropped"))
            batch, size = batch + line, size + length
            if isinstance(item, list):
                item.append(True)
            elif callable(item):
                item()
            elif item is None and wait:
                return

    def _report(self, record: logging.LogRecord) -> None:
        handlers = logging.getLogger().handlers
        if self in handlers:
            self._write(f"{self.format(record)}\n")
        for handler in handlers:
            if "handle" in vars(handler):
                _write_with(handler, record)

    def _output(self) -> Any:
        """The program's own standard output, whatever stands in its place now."""
        return sys.stdout if _is_output(sys.stdout) and sys.stdout is not self._echo else sys.__stdout__

    def _write(self, text: str) -> None:
        stream = self._output()
        if not _takes_bytes(stream):
            if self._write_to(stream, text):
                return
            stream = self._output()
        try:
            _write_alone(stream.fileno(), text.encode(stream.encoding, "backslashreplace"))
            self._failing = False
        except Exception:
            self._say_once(text)

    def _write_to(self, stream: Any, text: str) -> bool:
        """Write to any object; false if it takes nothing, or logs what it takes."""
        try:
            encoding = getattr(stream, "encoding", None) or "utf-8"
            with _this_thread:
                taken = stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
                if hasattr(stream, "flush"):
                    stream.flush()
            self._failing = False
        except Exception:
            self._say_once(text)
            return True
        if taken == 0 or _this_thread.has_echo:
            self._echo = stream
        else:
            self._given.extend(line for line in text.splitlines() if len(line) < MAX_WRITE)
        return self._echo is not stream

    def _say_once(self, text: str) -> None:
        """Standard output is broken, closed or missing."""
        if not self._failing:
            self._failing = True
            self.handleError(logging.makeLogRecord({"msg": text}))


class _ThisThread(threading.local):
    """What the handler knows of a thread; `with` is around what writes to objects that may log in turn."""

    is_writing = has_echo = is_reporting = has_turn = False

    def __enter__(self) -> None:
        self.is_writing, self.has_echo = True, False

    def __exit__(self, *_: object) -> None:
        self.is_writing = False


def _descriptor(stream: Any) -> int | None:
    try:
        return int(stream.fileno())
    except Exception:  # none, closed, or an object in memory
        return None


def _is_output(stream: Any) -> bool:
    """Whether what is written to a stream goes to where Python's own standard output goes."""
    return _STDOUT is not None and _descriptor(stream) == _STDOUT


def _takes_bytes(stream: Any) -> bool:
    """Whether whole lines can be written to the file of a stream, past its buffer and its lock."""
    return os.name == "posix" and type(stream) is io.TextIOWrapper and "\n".encode(stream.encoding) == b"\n"


def _write_alone(file: int, data: bytes) -> None:
    """Write to a file or pipe, while no other process that does the same is in the middle of a long line."""
    shared = fcntl is not None and not stat.S_ISREG(os.fstat(file).st_mode)
    if shared:
        with contextlib.suppress(OSError):
            fcntl.lockf(file, fcntl.LOCK_EX)
    try:
        while data:
            try:
                written = os.write(file, data)
                data = data[written:]
            except BlockingIOError:  # somebody made it non-blocking, and it is full
                time.sleep(0.005)
    finally:
        if shared:
            with contextlib.suppress(OSError):
                fcntl.lockf(file, fcntl.LOCK_UN)


def _unpatched_start() -> Any:
    """Python's own, also if gevent or eventlet came first: a green thread that writes would hold up all others."""
    if monkey := sys.modules.get("gevent.monkey"):
        return monkey.get_original("_thread", "start_new_thread")
    if patcher := sys.modules.get("eventlet.patcher"):
        return patcher.original("_thread").start_new_thread
    return _thread.start_new_thread


def _is_spawned() -> bool:
    """Whether this is a process that multiprocessing has spawned: it runs nothing that the main guard keeps from it."""
    process = sys.modules.get("multiprocessing.process")
    return "__mp_main__" in sys.modules or (process is not None and process.current_process().name != "MainProcess")


def _warning(text: str) -> logging.LogRecord:
    values = {"name": __name__, "levelno": logging.WARNING, "levelname": "WARNING", "msg": text}
    return logging.makeLogRecord(values)


@functools.cache
def _warn(text: str) -> None:
    """Say it once, as an event."""
    if logging.getLogger(__name__).isEnabledFor(logging.WARNING):
        _handler.emit(_warning(text))


def _in_event_loop() -> bool:
    with contextlib.suppress(RuntimeError):
        asyncio.get_running_loop()
        return True
    with contextlib.suppress(KeyError, RuntimeError):
        return bool(sys.modules["sniffio"].current_async_library())  # trio or curio
    return False


# [queue aiologger structlog]
def _crowded() -> bool:
    """Whether so much waits that a task should; no other driver of coroutines understands asyncio's sleep."""
    try:
        return _handler.lines.qsize() > HIGH_WATER and asyncio.current_task() is not None
    except RuntimeError:
        return False


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
_this_thread = _ThisThread()
_start_thread = _unpatched_start()
_STDOUT = _descriptor(sys.__stdout__)
_handler = EventHandler()
_handler.setFormatter(_formatter())
atexit.register(_handler.finish)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_handler.before_fork,
        after_in_parent=_handler.after_fork,
        after_in_child=_handler.after_fork_in_child,
    )
if _is_spawned() and not logging.getLogger().handlers:
    setup_logging()
    _handler.finish_with_child()
