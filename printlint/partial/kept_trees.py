"""The trees of the last files, kept: a module is read for itself and for those that import it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager

from printlint.partial.partial_tree import Splitting, Tree
from printlint.partial.recent import Recent
from printlint.run import current
from printlint.source import Source, parse


class _Trees(Recent[tuple[str, str], Tree]):
    """The trees that a run has looked at last."""

    def __init__(self) -> None:
        super().__init__(lambda tree: len(tree.source.text))


@contextmanager
def whole_trees() -> Iterator[None]:
    """Have the run parse every tree as a whole, for a text that was split in the wrong places."""
    trees, splitting = current().part(_Trees), current().part(Splitting)
    before, splitting.off = splitting.off, True
    trees.clear()
    try:
        yield
    finally:
        splitting.off = before
        trees.clear()


def tree_of(key: str, source: Source, package: str, *, whole: bool = False) -> Tree:
    """The tree of a source, which is that of the file `key` (an absolute path), with its package. Raises `Unreadable`.

    What is kept of another text of the file is of no use. Where the tree is wanted `whole`, it is parsed at once.
    """
    trees = current().part(_Trees)
    kept = trees.get((key, package), lambda _: None)
    if kept is None or kept.source.text != source.text:
        kept = Tree(source, package, parsed(key, source) if whole else None)
        trees.put((key, package), kept)
    kept.source = source  # whose path may be written in another way
    return kept


class _Parsed(Recent[str, tuple[str, ast.Module]]):
    """The whole trees of files that were parsed last, each with its text, for those who ask nothing about scopes."""

    def __init__(self) -> None:
        super().__init__(lambda item: len(item[0]))


def parsed(key: str, source: Source) -> ast.Module:
    """The whole tree of a source alone, which is that of the file `key`. Raises `Unreadable`."""
    recent = current().part(_Parsed)
    item = recent.kept(key)
    if item is None or item[0] != source.text:
        item = source.text, parse(source)
        recent.put(key, item)
    return item[1]
