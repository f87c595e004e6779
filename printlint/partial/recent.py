"""What a run has made last, as far as there is room for it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from printlint.run import current

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

# Code points of source whose trees are kept at one time. A whole tree takes about 100 bytes for each.
_MOST = 30_000
_MOST_OF_THOROUGH = 2_000_000


class Recent(Generic[Key, Value]):
    """What was made last, up to a sum of sizes (of source, in code points); the rest is made anew when asked for."""

    def __init__(self, size: Callable[[Value], int]) -> None:
        self._size = size
        self._limit = _MOST_OF_THOROUGH if current().thorough else _MOST
        self._kept: OrderedDict[Key, tuple[Value | None, int]] = OrderedDict()
        self._sum = 0

    def get(self, key: Key, make: Callable[[Key], Value | None]) -> Value | None:
        """The value of a key, kept or made. While it is made, it is None to whoever asks."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key][0]
        self._kept[key] = None, 0
        value = make(key)
        self.put(key, value)
        return value

    def put(self, key: Key, value: Value | None) -> None:
        """Keep a value, unless it is too large by itself."""
        _, old = self._kept.pop(key, (None, 0))
        size = self._size(value) if value is not None else 0
        self._sum -= old
        if size <= self._limit:
            self._kept[key] = value, size
            self._sum += size
        while self._sum > self._limit:
            _, (_, size) = self._kept.popitem(last=False)
            self._sum -= size

    def kept(self, key: Key) -> Value | None:
        """The value of a key, where it is kept."""
        return self._kept[key][0] if key in self._kept else None

    def clear(self) -> None:
        """Keep nothing."""
        self._kept.clear()
        self._sum = 0
