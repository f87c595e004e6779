"""Logging set-up: one stream of events on standard output, which no slow reader can turn into a frozen program.
`LOG_LEVEL` sets the level, `with log_context(request_id=...):` adds fields. Written by printlint; yours to change."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import contextvars
import copy  # [unblock]
import functools
import importlib
import json
import logging
import logging.handlers  # [unblock]
import os
import re
import select
import signal
import sys
import threading
import time
from collections import abc, deque
from typing import Any

# [aiologger structlog]
import aiologger  # type: ignore[import-untyped]  # [aiologger]
import structlog  # [structlog]

# [/aiologger structlog]
# [processes]
if sys.platform != "win32":
    import fcntl

# [/processes]
TEXT_FORMAT = "%(asctime)s | %(levelname)s | [%(filename)s:%(lineno)d] | %(message)s"
MAX_QUEUED = 100_000  # lines; an event loop counts what it drops behind them, other threads wait
HIGH_WATER = 1_000  # lines, behind which calls that are awaited wait  # [queue aiologger structlog]
TERM_SECONDS = 8  # what SIGTERM waits for a stalled reader; a container is killed after 10
# [servers]
SERVERS = (  # these give their loggers handlers of their own, which would write every event a second time
    *("uvicorn", "uvicorn.access", "uvicorn.error", "gunicorn.access", "gunicorn.error", "django", "django.server"),
    *("hypercorn.access", "hypercorn.error", "_granian", "granian.access", "litestar", "arq", "rq.worker", "discord"),
    *("sanic.root", "sanic.error", "sanic.access", "sanic.server", "sanic.websockets"),
)
# [/servers]
# [unblock]
MOVABLE = ("logging", "logging.handlers", "rich.logging", "absl.logging", "concurrent_log_handler")
# [/unblock]
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"asctime", "message", "taskName", "color_message"}
_context: contextvars.ContextVar[dict[str, object]] = contextvars.ContextVar("log_context")


def setup_logging(level: int | str | None = None) -> None:
    """Have every record written by one handler; one of the root logger that writes to the terminal already stays."""
    name = str(os.environ.get("LOG_LEVEL", "") if level is None else level).strip().upper() or "INFO"
    number = int(name) if name.isdecimal() else logging.getLevelNamesMapping().get(name)
    root, terminal = logging.getLogger(), (sys.stdout, sys.stderr, sys.__stdout__)
    # [hosts]
    if _leaves_to_host(root, logging.INFO if number is None else number, level):
        return
    # [/hosts]
    least, theirs = logging.INFO if number is None else number, [one for one in root.handlers if one is not _handler]
    stays = any(one.level <= least and getattr(one, "stream", 0) in terminal for one in theirs)
    root.handlers[:] = theirs if stays else [_handler, *(h for h in theirs if getattr(h, "stream", 0) not in terminal)]
    root.setLevel(least if level is not None or "LOG_LEVEL" in os.environ or not stays else min(root.level, least))
    # [servers]
    for litestar in [one for one in root.handlers if type(getattr(one, "listener", 0)).__module__[:8] == "litestar"]:
        root.removeHandler(litestar)
    for server in map(logging.getLogger, SERVERS):
        kept = [one for one in server.handlers if getattr(one, "stream", 0) not in terminal]
        # [hosts]
        kept = [one for one in kept if not _is_on_terminal(one)]
        # [/hosts]
        server.propagate = server.propagate or len(kept) < (len(server.handlers) or 1)
        server.handlers[:] = kept
    # [/servers]
    if number is None:
        _logger.warning("%r is not a log level; the level is INFO", name)
    # [hosts]
    for emit in [handler.emit for handler in root.handlers]:
        if {"print", "stdout", "stderr"} & {*getattr(getattr(emit, "__code__", None), "co_names", ())}:
            _logger.warning("%s may write events twice", emit.__qualname__)
    # [/hosts]
    with contextlib.suppress(AttributeError, ValueError):  # so that printed lines come out whole and in order
        sys.stdout.reconfigure(line_buffering=True, write_through=False)  # type: ignore[union-attr]
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _handler.terminate)
    # [loguru]
    with contextlib.suppress(ImportError, ValueError):  # loguru's own sink is gone where the program has others
        from loguru import logger as loguru

        loguru.remove(_sink[0])
        lowest = least if level is not None or "LOG_LEVEL" in os.environ else logging.DEBUG
        _sink[0] = loguru.add(_log_loguru, level=lowest, format=lambda _: "{message}")
    # [/loguru]
    # [structlog]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.processors.CallsiteParameterAdder(_CALLER, additional_ignores=[__name__]),
            _log_event,
        ],
        wrapper_class=EventLogger,
        logger_factory=logging.getLogger,
    )
    # [/structlog]


# [dictconfig]
def logging_config(level: int | str | None = None) -> dict[str, Any]:
    """The same as a dictConfig: Django's `LOGGING`, uvicorn's `log_config`, gunicorn's `logconfig_dict`."""
    # Loggers of servers lose their handlers where `_set_up` is called; Django's keeps its mails.
    handlers = {"stdout": {"()": _set_up, "least": level}}
    return {"version": 1, "disable_existing_loggers": False, "handlers": handlers, "root": {"handlers": ["stdout"]}}


def _set_up(least: int | str | None) -> EventHandler:
    setup_logging(least)
    return _handler


# [/dictconfig]
@contextlib.contextmanager
def log_context(**fields: object) -> abc.Generator[None, None, None]:
    """Add fields to every event that this task or thread, or a task that it starts, logs inside the block."""
    with contextlib.ExitStack() as stack:
        stack.callback(_context.reset, _context.set({**_context.get({}), **fields}))
        yield


# [unblock]
def unblock(*loggers: logging.Logger) -> None:
    """Have the handlers of some loggers, or of all, write in a thread where an event loop runs.

    Call it where they were added. They stay what and where they are, with their formats, levels and filters. Those of
    which it is not known that they can write in another thread are left alone.
    """
    known = (one for one in logging.Logger.manager.loggerDict.values() if isinstance(one, logging.Logger))
    for logger in loggers or (logging.getLogger(), *known):
        for handler in logger.handlers:
            if _may_move(handler):
                handler.handle = functools.partial(_handle_later, handler)  # type: ignore[method-assign]
    # [processes]
    if _is_spawned() and len(logging.getLogger().handlers) > 1:  # until here, nobody had configured this process
        logging.getLogger().removeHandler(_handler)
    # [/processes]
    with contextlib.suppress(AttributeError, ValueError):
        sys.stdout.reconfigure(line_buffering=True, write_through=False)  # type: ignore[union-attr]
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _handler.terminate)


def _may_move(handler: logging.Handler) -> bool:
    """Whether a handler blocks, and may do so in another thread: by who wrote what it does with a record."""
    in_memory = isinstance(handler, logging.StreamHandler) and _descriptor(handler.stream) is None
    moved = "handle" in vars(handler) or isinstance(handler, logging.NullHandler | logging.handlers.QueueHandler)
    return not in_memory and not moved and type(handler).emit.__module__ in MOVABLE


def _handle_later(handler: logging.Handler, record: logging.LogRecord) -> bool:
    """What `handler.handle` does, but for writing, which waits for its turn with what the formatter may look at."""
    found: Any = handler.filter(record)
    if found:
        kept = copy.copy(found if isinstance(found, logging.LogRecord) else record)
        try:
            given = kept.args.values() if isinstance(kept.args, abc.Mapping) else kept.args or ()
            if not all(type(item) in (str, int, float, bool, bytes, type(None)) for item in (kept.msg, *given)):
                kept.msg, kept.args = kept.getMessage(), None  # what the values are now
        except Exception:
            handler.handleError(record)
            return True
        _handler.submit(functools.partial(_handle_now, handler, kept, contextvars.copy_context()))
    return bool(found)


def _handle_now(
    handler: logging.Handler, record: logging.LogRecord, context: contextvars.Context, may_wait: bool
) -> bool:
    """Have a handler write, unless an event loop would have to wait for it."""
    if may_wait or not asyncio._get_running_loop():
        context.run(_emit, handler, record)
        return True
    return False


def _emit(handler: logging.Handler, record: logging.LogRecord) -> None:
    handler.acquire()
    try:
        stream = getattr(handler, "stream", None)
        if type(handler).emit is logging.StreamHandler.emit and stream in (sys.__stdout__, sys.__stderr__):
            text = handler.format(record) + getattr(handler, "terminator", "\n")
            _handler.write(stream, text, may_wait=True)  # not into the middle of what the program prints
        else:
            handler.emit(record)
    except Exception:
        handler.handleError(record)
    finally:
        handler.release()


# [/unblock]
# [hosts streams unblock]
def _descriptor(stream: Any) -> int | None:
    with contextlib.suppress(Exception):  # closed, or an object in memory
        return int(stream.fileno())
    return None


# [/hosts streams unblock]
# [hosts]
def _is_on_terminal(handler: Any) -> bool:
    """Whether a handler writes to standard output or error, itself or through the handlers behind it."""
    if getattr(handler, "baseFilename", "") in ("/dev/stdout", "/dev/stderr"):
        return True
    if type(handler).__name__.startswith("LambdaLogger"):  # AWS Lambda's
        return True
    stream = getattr(handler, "stream", None) or getattr(getattr(handler, "console", None), "file", None)  # rich's
    if stream is not None and (stream in (sys.stdout, sys.stderr) or _descriptor(stream) in (1, 2)):
        return True
    behind = [getattr(handler, "target", None), *getattr(getattr(handler, "listener", None), "handlers", ())]
    return any(behind) and all(_is_on_terminal(item) for item in behind if item)


# [/hosts]
# [hosts]
def _leaves_to_host(root: logging.Logger, number: int, level: int | str | None) -> bool:
    """Whether the host's handlers write to the terminal; a level that nobody asked for is only lowered there."""
    theirs = [one for one in root.handlers if type(one).__qualname__ != "EventHandler" and _is_on_terminal(one)]
    if any(handler.level <= number for handler in theirs):
        is_asked = level is not None or "LOG_LEVEL" in os.environ or _handler in root.handlers
        root.setLevel(number if is_asked else min(number, root.level))
        return True
    for handler in theirs:
        root.removeHandler(handler)
    return False


# [/hosts]
def _formatter() -> Any:  # python-json-logger's, of its versions since 3 or before, where it is installed
    for module in ("json", "jsonlogger"):
        with contextlib.suppress(ImportError):
            return importlib.import_module(f"pythonjsonlogger.{module}").JsonFormatter
    return logging.Formatter


class JsonFormatter(_formatter()):  # type: ignore[misc]  # JSON for all readers, with the `repr` of the rest
    def format(self, record: logging.LogRecord) -> str:
        now = time.strftime(f"%Y-%m-%dT%H:%M:%S.{int(record.msecs):03}+00:00", time.gmtime(record.created))
        fields: dict[str, object] = {"asctime": now, "levelname": record.levelname, "name": record.name}
        fields |= {"process": record.process, "thread": record.thread, "message": record.getMessage()}
        fields |= {f"{name}_" if name in _STANDARD else name: value for name, value in _context.get({}).items()}
        fields |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        fields |= {"exc_info": self.formatException(record.exc_info)} if record.exc_info else {}
        fields |= {"stack_info": record.stack_info} if record.stack_info else {}
        text = ", ".join(f"{self.json(str(name))}: {self.json(value)}" for name, value in fields.items())
        halves = r"\\\\|\\ud[89ab]..\\ud[c-f]..|(\\ud[89a-f]..)"  # of characters, which names of files may have
        return "{" + re.sub(halves, lambda found: "\\" * bool(found[1]) + found[0], text) + "}"

    def json(self, value: object) -> str:
        encoder = {"cls": self.json_encoder} if hasattr(self, "json_encoder") else {"default": str}
        for text_of in (None, repr, object.__repr__):
            with contextlib.suppress(Exception):
                return json.dumps(text_of(value) if text_of else value, allow_nan=False, **encoder)
        return "null"


class EventHandler(logging.Handler):  # whoever logs writes the line, or a thread, where writing would have to wait
    def __init__(self) -> None:
        super().__init__()
        self.setFormatter((logging.Formatter if os.isatty(1) else JsonFormatter)(TEXT_FORMAT))
        self.jobs: deque[Any] = deque()  # functions that are told whether they may wait, and give false if they have to
        self.turn: dict[str, list[int]] = {}  # which thread does jobs, by `setdefault`: a lock that nobody waits for
        self.thread = threading.local()  # `is_writing`: to a stream that may log each line again
        self.stream, self.dropped, self.is_failing = sys.__stdout__, 0, False
        # [streams]
        self.echo: object = None  # a stream that logs what is written to it
        self.given: deque[str] = deque(maxlen=100)  # to streams that may do so in another thread
        # [/streams]

    def handle(self, record: logging.LogRecord) -> bool:  # without the lock of handlers: a loop would wait for it
        if getattr(self.thread, "is_writing", False):
            self.thread.has_logged = True
        elif found := self.filter(record):
            try:
                line = self.format(found if isinstance(found, logging.LogRecord) else record)
                job = functools.partial(self.write, stream := sys.stdout, f"{line}\n")
                # [streams]
                if self.is_queued(stream, line, record):
                    return True
                # [/streams]
                self.submit(job) if stream in (self.stream, sys.__stderr__) else job(True)
            except Exception:
                self.handleError(record)
        return True

    def submit(self, job: abc.Callable[[bool], bool], *, is_needed: bool = False) -> None:  # unless too many wait
        while len(self.jobs) >= MAX_QUEUED and not is_needed:
            # [trio]
            if _in_trio():
                self.dropped += 1
                return
            # [/trio]
            if asyncio._get_running_loop():
                self.dropped += 1
                return
            time.sleep(0.005)
        lost, self.dropped = self.dropped, 0
        if lost:
            _logger.error("%d records were dropped", lost)
        self.jobs.append(job)
        self.work(may_wait=False)

    def work(self, may_wait: bool) -> None:  # does jobs, unless another thread does; a new one where they have to wait
        mine, left = [threading.get_ident()], len(self.jobs)
        while self.jobs and left:
            try:
                if self.turn.setdefault("of", mine) is not mine:
                    return
                left = left - (not may_wait) if self.jobs and self.jobs[0](may_wait) and self.jobs.popleft() else 0
            finally:
                if self.turn.get("of") is mine:
                    self.turn.clear()
        try:
            if self.jobs:
                # [gevent]
                if start := _native_start():
                    start(self.work, (True,))
                    return
                # [/gevent]
                threading.Thread(target=self.work, args=(True,), daemon=True).start()
        except RuntimeError:  # at the end of the interpreter, or under a limit
            self.work(may_wait=True)

    def write(self, stream: Any, line: str, may_wait: bool) -> bool:  # false if it had to wait, and may not
        try:
            if stream in (self.stream, sys.__stderr__) and os.name == "posix" and "\n".encode(stream.encoding) == b"\n":
                file, data = stream.fileno(), bytearray(line.encode(stream.encoding, "backslashreplace"))
                if not may_wait and (len(data) > select.PIPE_BUF or (asyncio._get_running_loop() and os.isatty(file))):
                    return False
                # [processes]
                if not _lock(file, fcntl.LOCK_EX if may_wait else fcntl.LOCK_EX | fcntl.LOCK_NB):
                    return False  # another process is in the middle of a long line
                # [/processes]
                # [gevent]
                if may_wait and _native_start():  # their `select` is no affair of a native thread
                    os.set_blocking(file, True)
                    while data:
                        del data[: os.write(file, data)]
                # [/gevent]
                while data and select.select([], [file], [], None if may_wait else 0)[1]:
                    with contextlib.suppress(BlockingIOError):
                        del data[: os.write(file, data)]
                return not data
            # [streams]
            if not may_wait and asyncio._get_running_loop() and _descriptor(stream) == 1:
                return False
            # [/streams]
            self.thread.is_writing, self.thread.has_logged = True, False
            try:
                is_taken = stream.write(line) != 0
                getattr(stream, "flush", int)()
            finally:
                self.thread.is_writing = False
            if not is_taken or self.thread.has_logged:  # it leads back to the loggers
                self.submit(functools.partial(self.write, self.stream, line))
            # [streams]
            else:
                self.given.append(line)
            # [/streams]
        except Exception:
            if stream is not None and not self.is_failing:
                self.is_failing = True
                self.handleError(logging.makeLogRecord({"msg": line}))
        # [processes]
        finally:
            if stream in (self.stream, sys.__stderr__) and os.name == "posix":
                _lock(stream.fileno(), fcntl.LOCK_UN)
        # [/processes]
        return True

    # [streams]
    def is_queued(self, stream: Any, line: str, record: logging.LogRecord) -> bool:
        """Whether an event was handed on: what comes back from a stream that logs, and what a wrapper writes on."""
        for given in [given for given in self.given if given.strip() in record.getMessage()]:
            self.echo, line = stream, given.rstrip("\n")
            with contextlib.suppress(ValueError):  # another thread was faster
                self.given.remove(given)
        if stream is self.echo or _descriptor(stream) == 1:
            target = self.stream if stream is self.echo else stream
            self.submit(functools.partial(self.write, target, f"{line}\n"))
            return True
        return False

    # [/streams]
    def flush(self, seconds: float = float("inf")) -> None:
        """Wait until all that was logged is written, but not in a signal handler that has interrupted the writing."""
        done, end = dict[str, bool](), time.monotonic() + seconds
        self.submit(lambda _: done.setdefault("", True), is_needed=True)
        while not done and time.monotonic() < end and self.turn.get("of") != [threading.get_ident()]:
            time.sleep(0.001)

    def terminate(self, number: int, _: object) -> None:
        self.flush(TERM_SECONDS)
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)


# [processes]
def _lock(file: int, how: int) -> bool:
    """Lock the file or pipe that processes write to, or unlock it; false if another has the lock."""
    try:
        fcntl.lockf(file, how)
    except BlockingIOError:
        return False
    except OSError:  # nothing that can be locked
        pass
    return True


def _is_spawned() -> bool:
    """Whether this is a process that multiprocessing has spawned: it runs nothing that the main guard keeps from it."""
    process = sys.modules.get("multiprocessing.process")
    return "__mp_main__" in sys.modules or (process is not None and process.current_process().name != "MainProcess")


def _finish_with_process() -> None:
    """Flush at the end of a child of multiprocessing, which calls no `logging.shutdown`."""
    if util := sys.modules.get("multiprocessing.util"):
        util.register_after_fork(_handler, lambda handler: util.Finalize(None, handler.flush, exitpriority=0))


# [/processes]
# [trio]
def _in_trio() -> bool:
    """Whether the loop of trio or curio runs in this thread."""
    with contextlib.suppress(KeyError, RuntimeError):
        return bool(sys.modules["sniffio"].current_async_library())
    return False


# [/trio]
# [gevent]
def _native_start() -> Any:
    """What starts a native thread: a green one that writes would hold up all others."""
    if monkey := sys.modules.get("gevent.monkey"):
        return monkey.get_original("_thread", "start_new_thread")
    if patcher := sys.modules.get("eventlet.patcher"):
        return patcher.original("_thread").start_new_thread
    return None


# [/gevent]
# [queue aiologger structlog]
class Logged(tuple[()]):  # false, like None
    def __await__(self) -> abc.Generator[Any, None, None]:
        while len(_handler.jobs) > HIGH_WATER and asyncio._get_running_loop():
            yield from asyncio.sleep(0.005).__await__()


# [/queue aiologger structlog]
# [queue]
def _call(name: str) -> abc.Callable[..., Logged]:
    return lambda self, *args, stacklevel=1, **options: Logged(
        getattr(super(AsyncLogger, self), name)(*args, stacklevel=stacklevel + 1, **options) or ()
    )


class AsyncLogger(logging.Logger):
    debug, info, warning = map(_call, ("debug", "info", "warning"))  # type: ignore[assignment]
    error, critical, exception, log = map(_call, ("error", "critical", "exception", "log"))  # type: ignore[assignment]
    warn, fatal = warning, critical  # type: ignore[assignment]


def get_logger(name: str) -> AsyncLogger:
    """`logging.getLogger(name)`, the same object, with calls that can be awaited."""
    logger: Any = logging.getLogger(name)
    if not isinstance(logger, AsyncLogger):
        logger.__class__ = type("AsyncLogger", (AsyncLogger, type(logger)), {})
    return logger  # type: ignore[no-any-return]


# [/queue]
# [aiologger]
def _bridged(name: str) -> abc.Callable[..., Logged]:
    def call(self: AioLogger, msg: object, *args: object, stacklevel: int = 1, **kwargs: Any) -> Logged:
        logger = logging.getLogger(self.name)
        getattr(logger, name)(msg, *args, stacklevel=stacklevel + 1, **kwargs)
        return Logged()

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


def get_async_logger(name: str) -> AioLogger:
    """aiologger's interface to `logging.getLogger(name)`."""
    return AioLogger(name=name)


# [/aiologger]
# [loguru]
_sink = [0]
for _number, _name in ((5, "TRACE"), (25, "SUCCESS")):
    logging.addLevelName(_number, _name)


def _log_loguru(message: Any) -> None:
    """loguru's sink: the event as a log record, before the one handler."""
    event, caught = message.record, message.record["exception"]
    exc_info = (caught.type, caught.value, caught.traceback) if caught else None
    place = event["file"].path, event["line"], event["message"], (), exc_info, event["function"]
    fields = {f"{name}_" if name in _STANDARD else name: value for name, value in event["extra"].items()}
    record = _logger.makeRecord(event["name"] or "", event["level"].no, *place, fields)
    record.levelname = event["level"].name
    _handler.handle(record)


# [/loguru]
# [structlog]
_CALLER = (
    structlog.processors.CallsiteParameter.PATHNAME,
    structlog.processors.CallsiteParameter.LINENO,
    structlog.processors.CallsiteParameter.FUNC_NAME,
)


def _log_event(logger: logging.Logger, method: str, event: abc.MutableMapping[str, Any]) -> Any:
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
        await Logged()

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
_logger, _handler = logging.getLogger(__name__), EventHandler()
atexit.register(_handler.flush)  # dictConfig has `logging` forget the handlers that it would flush
getattr(os, "register_at_fork", dict)(after_in_child=lambda: vars(_handler).update(jobs=deque(), turn={}, dropped=0))
getattr(os, "register_at_fork", dict)(after_in_child=_finish_with_process)  # [processes]
# [processes]
if _is_spawned() and not logging.getLogger().handlers:
    setup_logging()
    _finish_with_process()
# [/processes]
