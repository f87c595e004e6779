"""What pairs join: each item knows the first of its group."""

from __future__ import annotations

from collections.abc import Iterable


def leaders(items: Iterable[str], pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For each item the first, in the order of texts, of all that the pairs join it with, directly or not."""
    above = {item: item for item in items}

    def find(item: str) -> str:
        while above[item] != item:
            above[item] = item = above[above[item]]
        return item

    for pair in pairs:
        first, second = sorted(map(find, pair))
        above[second] = first
    return {item: find(item) for item in above}
