"""The values of the configuration's keys: each is checked, and a wrong one names the nearest valid word."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import takewhile
from math import prod
from typing import Any

from printlint.logging_names import LEVELS

ASYNC_BACKENDS = ("auto", "queue", "aiologger", "structlog", "none")
MESSAGE_STYLES = ("keep", "lazy", "structured")
LOGGERS = ("auto", "logging", "loguru")
# What matching costs grows with these: fnmatch looks through the rest of a glob for each bracket that is not closed,
# and a compiled pattern may hold a character for each time that a part of it is repeated.
_MOST_GLOBS, _LONGEST_GLOB = 1_000, 256
_MOST_PATTERNS, _LONGEST_PATTERN, _MOST_REPEATS = 100, 1_000, 100_000
_BRACES = r"\{([^{}]*+)\}"
_VERBOSE = r"\(\?[a-zA-Z0-9]*x"
_LONGEST_WORD = 50


class ConfigError(Exception):
    """A configuration that cannot be followed; the message says what is wrong and names the nearest valid word."""


def checked(key: str, value: Any, codes: tuple[str, ...]) -> Any:
    """The value of a key as `Config` has it; `codes` are those of the rules. Raises `ConfigError`."""
    match key:
        case "select" | "extend-select" | "ignore" | "fixable" | "unfixable" | "extend-safe-fixes":
            return _codes(key, _strings(key, value), codes)
        case "exclude" | "interface":
            return _check_globs(key, _strings(key, value))
        case "loggers":
            return _strings(key, value)
        case "per-file-ignores":
            table = _table(key, value)
            _check_globs(key, table)
            return {glob: _codes(key, _strings(key, listed), codes) for glob, listed in table.items()}
        case "levels":
            table = _table(key, value)
            _check_size(key, "patterns", table, _MOST_PATTERNS, _LONGEST_PATTERN)
            return {_regex(pattern): _choice(key, level, LEVELS) for pattern, level in table.items()}
        case "detect-interface" | "tidy":
            if not isinstance(value, bool):
                raise ConfigError(f"{key} takes true or false, not {cut(value)}")
            return value
        case "async-backend":
            return _choice(key, value, ASYNC_BACKENDS)
        case "message-style":
            return _choice(key, value, MESSAGE_STYLES)
        case "logger":
            return _choice(key, value, LOGGERS)
        case "baseline" | "extend":
            if not isinstance(value, str) or not value:
                raise ConfigError(f"{key} takes the path of a file, not {cut(value)}")
            return value
        case "logger-name":
            if not isinstance(value, str) or not value.isidentifier():
                raise ConfigError(f"{key} takes a Python identifier, not {cut(value)}")
            return value
    if not isinstance(value, str) or not all(part.isidentifier() for part in value.split(".")):
        raise ConfigError(f"{key} takes a dotted module name, not {cut(value)}")
    return value


def _strings(key: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",")]
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
        raise ConfigError(f"{key} takes a list of strings, not {cut(value)}")
    return tuple(item for item in value if item)


def _codes(key: str, prefixes: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    for prefix in prefixes:
        if prefix != "ALL" and not any(code.startswith(prefix) for code in known):
            raise ConfigError(f"unknown code {cut(prefix)} in {key}{did_you_mean(prefix, known)}")
    return prefixes


def _choice(key: str, value: Any, allowed: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in allowed:
        close = did_you_mean(value, allowed) if isinstance(value, str) else ""
        raise ConfigError(f"{key} cannot be {cut(value)}{close}; it takes {', '.join(allowed)}")
    return value


def _table(key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(f"{key} takes a table, not {cut(value)}")
    return value


def _regex(pattern: str) -> str:
    """A pattern that can be matched in bounded time, as facts/prints/custom_levels.py does it, and compiled so."""
    if re.search(_VERBOSE, pattern):
        raise ConfigError(f"levels: {cut(pattern)} uses the flag x (verbose), which is not supported")
    counts = (int(count) for braces in re.findall(_BRACES, pattern) for count in re.findall(r"[0-9]{1,18}", braces))
    if prod(max(1, count) for count in counts) > _MOST_REPEATS:
        raise ConfigError(f"levels: {cut(pattern)} repeats a part more than {_MOST_REPEATS:,} times")
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise ConfigError(f"levels: {cut(pattern)} is not a valid regular expression: {error}") from None
    return pattern


def _check_globs(key: str, globs: Collection[str]) -> Any:
    _check_size(key, "globs", globs, _MOST_GLOBS, _LONGEST_GLOB)
    return globs


def _check_size(key: str, what: str, items: Collection[str], most: int, longest: int) -> None:
    if len(items) > most:
        raise ConfigError(f"{key} takes {most:,} {what} at most, not {len(items):,}")
    if too_long := next((item for item in items if len(item) > longest), None):
        raise ConfigError(
            f"{key} takes {what} of {longest:,} characters at most; {cut(too_long)} has {len(too_long):,}"
        )


def cut(value: object) -> str:
    """A value in a message, which need not hold all of a long one."""
    import reprlib  # only a mistake pays for it

    try:
        return reprlib.repr(value)
    except ValueError:  # int's limit for digits
        return "an integer of thousands of digits"


def nearest(word: str, known: Iterable[str]) -> str:
    """Which of the known words was meant, most probably: among close ones that with the same beginning; or nothing."""
    import difflib  # only a mistake pays for it

    close = difflib.get_close_matches(word[:_LONGEST_WORD], list(known), n=5, cutoff=0.5)
    return max(close, key=lambda item: _in_common(item, word), default="")


def _in_common(one: str, other: str) -> int:
    """How many characters two words begin with alike."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown word: which one was meant; empty where none is near."""
    close = nearest(word, known)
    return f"; did you mean {close!r}?" if close else ""
