"""Parsed files, the last few of them kept: a module is looked at for itself and for the modules that import it."""

from __future__ import annotations

import ast
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from printlint.facts.scopes import ScopeTree, build_scopes
from printlint.source import Source, parse

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

# Code points of source that are kept parsed at one time. A tree with its scopes takes about 100 bytes for each.
_KEPT = 100_000


class Recent(Generic[Key, Value]):
    """What was made last, up to a sum of sizes (of source, in code points); the rest is made anew when asked for."""

    def __init__(self, size: Callable[[Value], int], limit: int = _KEPT) -> None:
        self._size = size
        self._limit = limit
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

    def clear(self) -> None:
        """Keep nothing."""
        self._kept.clear()
        self._sum = 0


class _Parsed:
    """A tree, and its scopes once they were asked for."""

    def __init__(self, text: str, tree: ast.Module) -> None:
        self.text = text
        self.tree = tree
        self.scopes: dict[str, ScopeTree] = {}


_parsed: Recent[str, _Parsed] = Recent(lambda parsed: len(parsed.text))


def tree_of(key: str, source: Source) -> ast.Module:
    """The tree of a source, which is that of the file `key` (an absolute path). Raises `Unreadable`."""
    kept = _parsed.get(key, lambda _: None)
    if kept is not None and kept.text == source.text:
        return kept.tree
    parsed = _Parsed(source.text, parse(source))
    _parsed.put(key, parsed)
    return parsed.tree


def scopes_of(key: str, tree: ast.Module, package: str) -> ScopeTree:
    """The scopes of a tree that is perhaps kept for the file `key`; its relative imports start from `package`."""
    kept = _parsed.get(key, lambda _: None)
    if kept is None or kept.tree is not tree:
        return build_scopes(tree, package)
    if package not in kept.scopes:
        kept.scopes[package] = build_scopes(tree, package)
    return kept.scopes[package]
