"""Finds the rewrites of a file that fail, so that the others can be kept. It runs only after a failure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from printlint.plan.message import Refused
from printlint.rewrite.bisect import most_that_pass
from printlint.rewrite.verify import NotTheSame
from printlint.source import Unreadable

Key = TypeVar("Key", bound=Hashable)

# One rewrite of 10,000 that fails takes some 30 attempts. Where this many are not enough, what was found to hold is
# kept, and all else is left.
_MOST_ATTEMPTS = 200


class Failure(NamedTuple):
    """Why a rewrite was discarded, as the user is told; `is_bug` if it should be reported."""

    text: str
    is_bug: bool = True


def failure_of(error: Exception) -> Failure:
    """What the user is told about a rewrite that went wrong."""
    match error:
        case UnicodeEncodeError(encoding=encoding):
            return Failure(f"rewrite discarded: {encoding} cannot encode the new text", is_bug=False)
        case Unreadable():
            what = f"line {error.line} of the new text: {error.reason}"
            return Failure(f"rewrite discarded: verification failed ({what}); please report this")
        case Refused():
            return Failure(error.reason, is_bug=False)
        case NotTheSame():
            return Failure(f"rewrite discarded: verification failed ({error}); please report this")
    return Failure(f"rewrite discarded: internal error ({type(error).__name__}: {error}); please report this")


def most_that_hold(
    keys: Sequence[Key], attempt: Callable[[Mapping[Key, str]], object], failed: Exception
) -> dict[Key, str]:
    """The fewest of some rewrites, by their keys, that have to be left for an attempt to succeed, with the reasons.

    `attempt` makes all but the given ones, and raises where that goes wrong, as it did with none left out: `failed`.
    """
    failures: list[tuple[frozenset[Key], Exception]] = [(frozenset(keys), failed)]

    def passes(chosen: frozenset[Key]) -> bool:
        if len(failures) > _MOST_ATTEMPTS:
            return False
        try:
            attempt({key: "" for key in keys if key not in chosen})
        except Exception as error:  # as any other: see where the first one is caught
            failures.append((chosen, error))
            return False
        return True

    kept = most_that_pass(keys, passes)
    failures.sort(key=lambda item: len(item[0]))
    return {
        key: failure_of(next(error for chosen, error in failures if key in chosen)).text
        for key in keys
        if key not in kept
    }
