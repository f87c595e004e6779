"""`levels` of the configuration: a user's regular expressions on messages, matched in bounded time.

A repository's configuration is not trusted: a pattern such as `(a+)+$` takes longer than anyone waits on a message of
thirty characters. Python's `re` has no limit; RE2 is linear, but knows no assertions, which patterns in use have, and
is not built for every platform. So `regex` matches them, which can be told when to give up, and is loaded for it alone.
"""

from __future__ import annotations

import ast
import time
from functools import lru_cache
from typing import TYPE_CHECKING

from printlint.config import Config
from printlint.facts.prints.inferred_level import literal_text
from printlint.finding import Level
from printlint.process.notices import note
from printlint.run import current

if TYPE_CHECKING:
    from regex import Pattern

_LONGEST_MESSAGE = 10_000
# A match takes microseconds. What takes a thousand times that is counted, and when a run has given so much to such
# matches, it tries no more of the patterns that took it.
_LIMIT_S, _SLOW_S, _BUDGET_S = 0.1, 0.01, 1.0


class _Spent:
    """What a run has spent on slow matches, and the patterns that it has given up."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.given_up: set[str] = set()


def custom_level(config: Config, call: ast.Call) -> Level | None:
    """The level that the configuration gives a print: that of the first pattern in it that its message matches."""
    if not config.levels:
        return None
    given_up = current().part(_Spent).given_up
    text = literal_text(call)[:_LONGEST_MESSAGE]
    for pattern, method in config.levels.items():
        if pattern not in given_up and _matches(config, pattern, text):
            return Level(method, f"the message matches {pattern!r} in the configuration")
    return None


def _matches(config: Config, pattern: str, text: str) -> bool:
    from regex import error as not_compiled

    spent = current().part(_Spent)
    started = time.perf_counter()
    try:
        found = _compiled(pattern).search(text, timeout=_LIMIT_S) is not None
    except TimeoutError:
        found, reason = False, "takes too long"
    except (not_compiled, RecursionError, MemoryError) as error:
        found, reason = False, f"cannot be used ({error})"
    else:
        took = time.perf_counter() - started
        spent.seconds += took if took > _SLOW_S else 0
        if spent.seconds < _BUDGET_S or took < _SLOW_S:
            return found
        reason = "takes too long"
    spent.given_up.add(pattern)
    note(config.file or "levels", f"the pattern {pattern!r} in levels {reason}; it is ignored")
    return found


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Pattern[str]:
    import regex

    return regex.compile(pattern)
