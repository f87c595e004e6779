"""Groups of items that are joined by pairs; a group is named after its first item."""

from __future__ import annotations

from collections.abc import Iterable


def leaders(items: Iterable[str], pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For each item the alphabetically first one of its group."""
    above = {item: item for item in items}

    def find(item: str) -> str:
        while above[item] != item:
            above[item] = item = above[above[item]]
        return item

    for pair in pairs:
        first, second = sorted(map(find, pair))
        above[second] = first
    return {item: find(item) for item in above}
