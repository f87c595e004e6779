"""Trees that grow, the last few of them kept: a module is looked at for itself and for the modules that import it."""

from __future__ import annotations

import ast
import re
import weakref
from bisect import insort
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Generic, TypeVar

from printlint.names.scopes import ScopeTree
from printlint.partial.splitter import Doubtful, Part, PartedText
from printlint.partial.triggers import ALL_WORDS, NO_WORDS, Word
from printlint.run import current
from printlint.source import Source, Unreadable, parse, uncollected

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

# Code points of source whose trees are kept at one time. A whole tree takes about 100 bytes for each.
_KEPT = 30_000


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


class Tree:
    """The tree of a source, with its scopes: whole, or made of the parts that are asked for.

    A part is added as a whole, with the heads of the classes around it, and stays. `started` are the words whose places
    it has. What is asked of the tree has everything added before that could change the answer, so that it is the one
    that the whole tree would give.
    """

    def __init__(self, source: Source, package: str = "", whole: ast.Module | None = None) -> None:
        """Nothing is parsed yet unless the text leaves a doubt about its parts. Raises `Unreadable`, only then."""
        self.source = source
        self._added: set[Part] = set()
        self._classes: dict[Part, ast.ClassDef] = {}
        self._settled: set[str] = set()
        self._mentioned: set[str] = set()
        self._asked = 0
        self.started = NO_WORDS
        self._parted = _parted(source.text) if whole is None else None
        if whole is None and self._parted is None:
            whole = parse(source)
        self._module = whole or ast.Module(body=[], type_ignores=[])
        self.scopes = ScopeTree(self._module, package)
        if self._parted is not None:
            self._grow()
        for statement in self._module.body:
            self.scopes.add(statement, self._module)

    def _grow(self) -> None:
        itself = weakref.ref(self)  # scopes must not hold their tree, which holds them: see `Binding`

        def need(name: str) -> None:
            if (tree := itself()) is not None:
                tree.bind(name)

        self.scopes.growth = weakref.proxy(self)
        self.scopes.module.need = need

    @property
    def module(self) -> ast.Module:
        """The whole tree. Raises `Unreadable`."""
        self.complete()
        return self._module

    @property
    def parted(self) -> PartedText | None:
        """The text in parts, as long as the tree is not whole."""
        return self._parted

    @property
    def statements(self) -> list[ast.stmt]:
        """The statements of the module's own level that are there by now."""
        return self._module.body

    def start(self, offsets: Iterable[int], words: frozenset[Word] = ALL_WORDS) -> bool:
        """Add what has code at some code points, where the text has some words; whether there is any."""
        if self._parted is None:
            return True
        parts = list(self._parted.parts_at(offsets))
        self._add(parts)
        self.started |= words  # not before: whoever chooses the offsets asks the tree for other things
        return bool(parts)

    def has_code_at(self, offsets: Iterable[int]) -> bool:
        """Whether code may stand at one of some code points."""
        return any(self._parted is None or self._parted.is_code(offset) for offset in offsets)

    def bind(self, *names: str) -> None:
        """Add what may bind some names at the module's or a class's own level, and the names that this starts from."""
        parts: list[Part] = []
        for name in names:
            parts += self._binding(name)
        if self._parted is not None and parts:
            for name in self._parted.first_names(parts):
                parts += self._binding(name)  # `logging`, of `log = logging.getLogger(__name__)`: it is asked for next
            self._add(parts)

    def _binding(self, name: str) -> list[Part]:
        if name in self._settled or self._parted is None:
            return []
        self._settled.add(name)
        if name in self._mentioned or self._is_asked_too_often() or self._parted is None:
            return []
        return list(self._parted.binding(name))

    def mention(self, names: Iterable[str]) -> None:
        """Add everything in which one of some names is written, in code or in a string."""
        wanted = set(names) - self._mentioned
        if wanted and self._parted is not None and not self._is_asked_too_often(len(wanted)):
            self._mentioned |= wanted
            self._add(part for name in wanted for part in self._parted.mentioning(name))

    def star_imports(self) -> None:
        """Add the star imports of the module's own level."""
        if self._parted is not None and "*" not in self._settled:
            self._settled.add("*")
            if any(spelled in self._parted.painted for spelled in _STAR_IMPORT_WORDS):
                places = (match.start() for match in _STAR_IMPORT.finditer(self._parted.painted))
                self._add(part for offset in places if (part := self._parted.part_at(offset)))

    def next_to(self, statement: ast.stmt) -> None:
        """Add what stands right behind a statement."""
        if self._parted is not None and (part := self._parted.behind(statement.lineno)) is not None:
            if part not in self._added and not self._is_asked_too_often():
                self._add((part,))

    def _is_asked_too_often(self, times: int = 1) -> bool:
        """Whether so much was asked that the whole tree is cheaper than one more search; it is there then."""
        self._asked += times
        if self._asked > _MOST_QUESTIONS:
            self.complete()
        return self._asked > _MOST_QUESTIONS

    def complete(self) -> None:
        """Add all that is missing. Raises `Unreadable`."""
        if self._parted is None:
            return
        if self._added:
            self._add(self._parted.parts())
        else:
            self._merge(parse(self.source).body, {}, frozenset(), self._module)
        self._parted = None

    def _add(self, parts: Iterable[Part]) -> None:
        new = {part for part in parts if part not in self._added}
        if not new:
            return
        assert self._parted is not None
        text, heads, fillers = self._parted.text_of(new)
        for part in new:
            outer: Part | None = part
            while outer is not None and outer not in self._added:
                self._added.add(outer)
                outer = outer.owner
        try:
            body = parse(self.source.with_text(text)).body
        except Unreadable:
            parse(self.source)  # which says it with the right place and reason, or shows that the parts are wrong
            raise NotSplit(self.source.path) from None
        with uncollected():
            self._merge(body, heads, fillers, self._module)
        self.scopes.sort_bindings()

    def _merge(
        self,
        body: list[ast.stmt],
        heads: Mapping[int, Part],
        fillers: frozenset[int],
        parent: ast.Module | ast.ClassDef,
    ) -> None:
        """Put new statements among those of a module or a class; those of a class that is there, among its own."""
        for statement in body:
            part = heads.get(statement.lineno) if isinstance(statement, ast.ClassDef) else None
            there = self._classes.get(part) if part is not None else None
            if there is not None:
                assert isinstance(statement, ast.ClassDef)
                self._merge(statement.body, heads, fillers, there)
                _end_with_members(there)
                continue
            members: list[ast.stmt] = []
            if part is not None:
                assert isinstance(statement, ast.ClassDef)
                self._classes[part] = statement
                members = [item for item in statement.body if item.lineno not in fillers]
                statement.body = []
            insort(parent.body, statement, key=_start)
            self.scopes.add(statement, parent)
            if part is not None:
                assert isinstance(statement, ast.ClassDef)
                self._merge(members, heads, fillers, statement)
                _end_with_members(statement)


# Each question goes through the whole text: without a limit, a large file with many functions would cost their product.
_MOST_QUESTIONS = 400


class NotSplit(Exception):
    """A text whose parts cannot be parsed though the whole can: it was split in the wrong places."""


_STAR_IMPORT_WORDS = ("import *", "import*", "import  ", "import\t", "import\\")
_STAR_IMPORT = re.compile(r"\bimport[\s\\]*\*")


def _start(statement: ast.stmt) -> tuple[int, int]:
    return statement.lineno, statement.col_offset


def _end_with_members(node: ast.ClassDef) -> None:
    """Let a class end where the last of its members by now does."""
    last = node.body[-1] if node.body else None
    node.end_lineno = last.end_lineno if last is not None else node.lineno
    node.end_col_offset = last.end_col_offset if last is not None else node.col_offset


def _parted(text: str) -> PartedText | None:
    """The text in parts; None where that leaves a doubt."""
    if current().part(_Trees).whole:
        return None
    try:
        return PartedText(text)
    except Doubtful:
        return None


class _Trees(Recent[tuple[str, str], Tree]):
    """The trees that a run has looked at last; `whole`: it has every tree parsed as a whole."""

    def __init__(self) -> None:
        super().__init__(lambda tree: len(tree.source.text))
        self.whole = False


@contextmanager
def whole_trees() -> Iterator[None]:
    """Have the run parse every tree as a whole, for a text that was split in the wrong places."""
    trees = current().part(_Trees)
    before, trees.whole = trees.whole, True
    trees.clear()
    try:
        yield
    finally:
        trees.whole = before
        trees.clear()


def tree_of(key: str, source: Source, package: str) -> Tree:
    """The tree of a source, which is that of the file `key` (an absolute path), with its package. Raises `Unreadable`.

    What is kept of another text of the file is of no use.
    """
    trees = current().part(_Trees)
    kept = trees.get((key, package), lambda _: None)
    if kept is None or kept.source.text != source.text:
        kept = Tree(source, package)
        trees.put((key, package), kept)
    kept.source = source  # whose path may be written in another way
    return kept
