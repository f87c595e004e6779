"""Find the fewest changes to leave out for a command to pass, in few runs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)


def most_that_pass(items: Sequence[Item], passes: Callable[[frozenset[Item]], bool]) -> frozenset[Item]:
    """A largest set of items that pass together; it is not known that any do.

    With k items that fail, alone or along with others, it takes about k·log2(n) runs. Each item left out was tried
    again along with all that is kept, and failed. No set is tried twice.
    """
    results: dict[frozenset[Item], bool] = {frozenset(): True}

    def test(chosen: frozenset[Item]) -> bool:
        if chosen not in results:
            results[chosen] = passes(chosen)
        return results[chosen]

    kept = _settled(items, test)
    left = [item for item in items if item not in kept]
    together = [item for item in left if test(frozenset({item}))] if len(left) > 1 else []
    if together:  # they fail only together with something that was kept: leaving that out may save several of them
        others = [item for item in items if item not in together]
        kept = max(kept, _settled([*together, *others], test), key=len)
    return kept


def _settled(items: Sequence[Item], test: Callable[[frozenset[Item]], bool]) -> frozenset[Item]:
    """Items that pass together and to which no other one can be added."""
    kept = _grown(frozenset(), items, test)
    while True:
        more = next((item for item in items if item not in kept and test(kept | {item})), None)
        if more is None:
            return kept
        kept |= {more}


def _grown(kept: frozenset[Item], items: Sequence[Item], test: Callable[[frozenset[Item]], bool]) -> frozenset[Item]:
    """`kept` with as many items as a bisection can add."""
    everything = kept | frozenset(items)
    if test(everything):
        return everything
    if len(items) == 1:
        return kept
    middle = len(items) // 2
    return _grown(_grown(kept, items[:middle], test), items[middle:], test)
