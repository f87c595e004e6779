"""Loggers as values: of which kind they are, and where the standard library and others keep and make them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import NamedTuple


class LoggerKind(Enum):
    """Whose protocol a logger's calls follow."""

    STDLIB = "logging"
    QUEUE = "the set-up module"
    AIOLOGGER = "aiologger"
    STRUCTLOG = "structlog"
    LOGURU = "loguru"
    SEVERAL = "one of several libraries"
    ABSL = "absl"


class LoggerValue(NamedTuple):
    """What is known of a logger. `created` holds the `getLogger(...)` calls of this file that make it.

    `plain` is false for adapters, children, parameters and others that another `getLogger` would not replace;
    `foreign` is true for what another module of the project defines. `derived` is true for an instance of a class of
    the project's own; `own_methods` are the methods that this class has itself, perhaps for messages of another form.
    `adapter` is true where something may change the arguments on their way to a logger: an adapter, or a class unknown.
    `made_at` is the file and the line, from 1, where another module makes it by a call of `getLogger`. `propagates`: it
    is a library's, and known to hand its records on to the root logger's handlers.
    """

    kind: LoggerKind
    root: bool = False
    plain: bool = False
    created: tuple[ast.Call, ...] = ()
    foreign: bool = False
    derived: bool = False
    own_methods: frozenset[str] = frozenset()
    adapter: bool = False
    made_at: tuple[Path, int] | None = None
    propagates: bool = False

    @property
    def is_standard(self) -> bool:
        """Whether it is one of `logging`'s own objects: the set-up module's `get_logger` gives those, too."""
        return self.kind in (LoggerKind.STDLIB, LoggerKind.QUEUE)


STDLIB = LoggerValue(LoggerKind.STDLIB)

_ADAPTER = "logging.LoggerAdapter"
_STDLIB_TYPES = frozenset({"logging.Logger", _ADAPTER, "logging.RootLogger"})
_STRUCTLOG_FACTORIES = frozenset(
    {"structlog.get_logger", "structlog.getLogger", "structlog.stdlib.get_logger", "structlog.wrap_logger"}
)
_STRUCTLOG_TYPES = frozenset(
    {"structlog.BoundLogger", "structlog.stdlib.BoundLogger", "structlog.typing.FilteringBoundLogger"}
)
_AIOLOGGER_TYPES = frozenset({"aiologger.Logger", "aiologger.logger.Logger", "aiologger.loggers.json.JsonLogger"})
_ROOT_NAMES = frozenset({None, "", "root"})

LOGURU = "loguru.logger"
# Where libraries keep the loggers that they give their users, by the qualified names of their documentation.
_OF_LIBRARIES = LoggerValue(LoggerKind.STDLIB, foreign=True, adapter=True)
WELL_KNOWN = {
    "logging.root": LoggerValue(LoggerKind.STDLIB, root=True),
    LOGURU: LoggerValue(LoggerKind.LOGURU, plain=True),
    **dict.fromkeys(
        (
            *("sanic.log.logger", "sanic.log.error_logger"),
            *("tornado.log.app_log", "tornado.log.gen_log", "tornado.log.access_log"),
        ),
        _OF_LIBRARIES,
    ),
    **dict.fromkeys(("flask.current_app.logger", "quart.current_app.logger"), _OF_LIBRARIES._replace(propagates=True)),
}
# Flask's and Quart's documentation, "Logging"; celery.utils.log and kombu.log.
_PROPAGATING = frozenset(
    {
        *("celery.utils.log.get_task_logger", "celery.utils.log.get_logger", "kombu.log.get_logger"),
        *("flask.Flask", "quart.Quart"),
    }
)
_FACTORIES = frozenset(
    {
        *("celery.utils.log.get_task_logger", "celery.utils.log.get_logger", "kombu.log.get_logger"),
        *("multiprocessing.get_logger", "multiprocessing.log_to_stderr", "prefect.get_run_logger"),
        *("prefect.logging.get_run_logger", "prefect.logging.get_logger", "absl.logging.get_absl_logger"),
    }
)
_ATTRIBUTES = {
    **dict.fromkeys(("flask.Flask", "quart.Quart", "sanic.Sanic", "scrapy.Spider", "scrapy.spiders.Spider"), "logger"),
    **dict.fromkeys(
        (
            *(f"traitlets.config.{name}" for name in ("LoggingConfigurable", "Application", "SingletonConfigurable")),
            *("traitlets.config.configurable.LoggingConfigurable", "traitlets.config.application.Application"),
            *(
                "jupyter_core.application.JupyterApp",
                "airflow.models.BaseOperator",
                "airflow.utils.log.logging_mixin.LoggingMixin",
            ),
        ),
        "log",
    ),
}


def made_by(qualified: str | None) -> LoggerValue | None:
    """The logger that a function of a library gives."""
    return _of_library(qualified) if qualified in _FACTORIES else None


def held_by(qualified: str | None, name: str) -> LoggerValue | None:
    """The logger that instances of a library's class hold under a name."""
    return _of_library(qualified) if qualified is not None and _ATTRIBUTES.get(qualified) == name else None


def _of_library(qualified: str | None) -> LoggerValue:
    return _OF_LIBRARIES._replace(propagates=qualified in _PROPAGATING)


def instance_of(qualified: str | None) -> LoggerValue | None:
    """The logger that an instance of a library's class is."""
    if qualified in _STDLIB_TYPES:
        return STDLIB._replace(root=qualified == "logging.RootLogger", adapter=qualified == _ADAPTER)
    if qualified in _STRUCTLOG_TYPES:
        return LoggerValue(LoggerKind.STRUCTLOG)
    if qualified in _AIOLOGGER_TYPES:
        return LoggerValue(LoggerKind.AIOLOGGER)
    return LoggerValue(LoggerKind.LOGURU) if qualified == "loguru.Logger" else None


def made_of(call: ast.Call, qualified: str | None) -> LoggerValue | None:
    """The logger that a call of a logging library makes, by a factory or a class."""
    if qualified == "logging.getLogger":
        return LoggerValue(LoggerKind.STDLIB, root=_names_root(call), plain=True, created=(call,))
    if qualified in _STRUCTLOG_FACTORIES or qualified in _STRUCTLOG_TYPES:
        return LoggerValue(LoggerKind.STRUCTLOG, plain=True, created=(call,))
    if qualified in _STDLIB_TYPES:
        return STDLIB._replace(adapter=qualified == _ADAPTER)
    is_aiologgers = qualified is not None and any(qualified.startswith(known) for known in _AIOLOGGER_TYPES)
    return LoggerValue(LoggerKind.AIOLOGGER) if is_aiologgers else None


def _names_root(call: ast.Call) -> bool:
    """`getLogger()`, `getLogger(None)`, `("")` and, since Python 3.9, `("root")` are the root logger."""
    arguments = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "name")]
    if not arguments:
        return not call.keywords
    first = arguments[0]
    return isinstance(first, ast.Constant) and first.value in _ROOT_NAMES


def names_above(name: str) -> Iterator[str]:
    """A logger's name and those above it in the tree, the root's, which is empty, at the end."""
    while name:
        yield name
        name = name.rpartition(".")[0]
    yield ""


def agreed(values: list[LoggerValue | None]) -> LoggerValue | None:
    """The one answer that all give; None where one does not know or two differ, but in their libraries."""
    first = values[0] if values else None
    if first is None or len(values) == 1:
        return first
    kinds = {value.kind if value is not None and not value.root else None for value in values}
    if len(kinds) > 1 and None not in kinds:
        return LoggerValue(LoggerKind.SEVERAL)
    created = list(first.created)
    plain, own_methods, adapter = first.plain, first.own_methods, first.adapter
    for value in values[1:]:
        if value is None or value.kind is not first.kind or value.root is not first.root:
            return None
        created += value.created
        plain = plain and value.plain
        own_methods |= value.own_methods
        adapter = adapter or value.adapter
    return first._replace(plain=plain, created=tuple(created), own_methods=own_methods, adapter=adapter)
