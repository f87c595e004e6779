"""What logging, loguru and structlog call their methods, levels and record attributes.

The names and numbers are those of Python's documentation (logging, "Logging Levels" and "LogRecord attributes"), and of
loguru and structlog, whose own levels are between the standard ones.
"""

from __future__ import annotations

# The methods of the five levels, lowest first.
LEVELS = ("debug", "info", "warning", "error", "critical")
# Deprecated spellings (`warn` since Python 3.3) and what they call.
MODERN = {"warn": "warning", "fatal": "critical"}
METHODS = frozenset({*LEVELS, *MODERN, "exception", "log"})
ASYNC_METHODS = frozenset({*(f"a{method}" for method in METHODS), "amsg"})
LOGURU_METHODS = METHODS - MODERN.keys() | {"trace", "success"}

_NUMBERS = {
    "notset": 0,
    **{level: 10 * place for place, level in enumerate(LEVELS, 1)},
    **{"trace": 5, "success": 25, "exception": 40, "warn": 30, "fatal": 50},
}
LEVEL_NAMES = ("NOTSET", *(level.upper() for level in (*LEVELS, *MODERN)))
_NAMES = {number: name.upper() for name, number in _NUMBERS.items() if name in ("notset", *LEVELS)}

# The attributes of a new record, which `Logger.makeRecord` refuses to overwrite, and the two that formatters add.
# `taskName` came with Python 3.12.
RECORD_ATTRIBUTES = frozenset(
    {
        *("args", "asctime", "created", "exc_info", "exc_text", "filename", "funcName", "levelname", "levelno"),
        *("lineno", "message", "module", "msecs", "msg", "name", "pathname", "process", "processName"),
        *("relativeCreated", "stack_info", "taskName", "thread", "threadName"),
    }
)


def number_of(method_or_level: str) -> int | None:
    """The number of a level, by the name of the level or of the method that logs at it; None for any other name."""
    return _NUMBERS.get(method_or_level.lower())


def name_of(number: int) -> str:
    """What a level is called, with its number where it has no name."""
    return _NAMES.get(number, f"level {number}")
