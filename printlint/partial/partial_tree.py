"""Trees that are parsed in parts: what is asked for is there, and what is not is not parsed."""

from __future__ import annotations

import ast
import re
import weakref
from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from printlint.names.bindings import Binding, Scope, ScopeKind
from printlint.names.scopes import ScopeTree, start_of
from printlint.partial.masking import Doubtful
from printlint.partial.splitter import Part, SplitText
from printlint.partial.triggers import Word, doubts_of, is_balanced, is_small, starts_at, starts_of
from printlint.partial.unfinished import (
    PartialClass,
    PartialModule,
    PartialScope,
    body_by_now,
    finished,
    unfinished,
)
from printlint.run import current
from printlint.source import Source, Unreadable, parse, uncollected


class Tree(ScopeTree):
    """The tree of a source, with its scopes: whole, or made of the parts that are asked for.

    A part is added as a whole, with the heads of the classes around it, and stays. What is asked of the tree has
    everything added before that could change the answer, so that it is the one that the whole tree would give.
    """

    def __init__(self, source: Source, package: str = "", whole: ast.Module | None = None) -> None:
        """Nothing is parsed yet unless the text leaves a doubt about its parts. Raises `Unreadable`, only then."""
        self.source = source
        self._added: set[Part] = set()
        self._classes: dict[Part, ast.ClassDef] = {}
        self._settled: set[str] = set()
        self._mentioned: set[str] = set()
        self._imported: set[str] = set()
        self._written: dict[str, bool] = {}
        self._asked = 0
        self._started: frozenset[Word] = frozenset()
        self._split = _split_text(source.text) if whole is None else None
        # Python reads a fullwidth `print` as print; a text with such names is not split.
        self._has_variants = self._split is None and not source.text.isascii()
        if self._split is None:
            self._tree = whole or parse(source)
            super().__init__(Scope(ScopeKind.MODULE, self._tree), package)
            for statement in self._tree.body:
                self.add(statement, self._tree)
        else:
            self._tree = unfinished(ast.Module(body=[], type_ignores=[]), PartialModule, self)
            super().__init__(PartialScope(ScopeKind.MODULE, self._tree, None, weakref.ref(self)), package)

    # The tree itself

    @property
    def whole(self) -> ast.Module:
        """The whole tree. Raises `Unreadable`."""
        self.complete()
        return self._tree

    def start(self, words: frozenset[Word], *, sound: bool = False) -> bool:
        """Add the code in which findings may start, by their words; whether there is any to look at.

        `sound` says that the text is known to be Python. Raises `Unreadable`, for errors that the text shows anywhere.
        """
        if not sound and (is_small(self.source.text) or self._has_code_at(doubts_of(self.source.text))):
            self.complete()
        if self._split is None:
            return True
        found = self._start_at(starts_of(self.source.text, words))
        self._started |= words
        return found or Word.ANY in words

    def _start_at(self, offsets: Iterable[int]) -> bool:
        """Add what has code at some code points; whether there is any."""
        assert self._split is not None
        parts = list(self._split.parts_at(offsets))
        self._add(parts)
        return bool(parts)

    def _has_code_at(self, offsets: Iterable[int]) -> bool:
        """Whether any of some code points may be in code, not in a string or a comment."""
        return any(self._split is None or self._split.is_code(offset) for offset in offsets)

    # The questions, each with what its answer depends on

    @property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Depends on everything."""
        self.complete()
        return super().nodes

    @property
    def calls(self) -> tuple[ast.Call, ...]:
        """Depends on everything."""
        self.complete()
        return super().calls

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """Depends on everything."""
        self.complete()
        return super().scopes

    def calls_of(self, names: Iterable[str]) -> list[ast.Call]:
        """Depends on what mentions a name: what is called is written where it is called."""
        names = tuple(filter(self._is_written, names))
        self.mention(names)
        return super().calls_of(names) if names else []

    def calls_named(self, names: frozenset[str], aliases: frozenset[str]) -> list[ast.Call]:
        """Depends on the calls of methods, which the tree was started at or which mention a name, and on aliases."""
        if not aliases and not any(map(self._is_written, names)):
            return []
        self.mention(aliases | self._not_started(names))
        return super().calls_named(names, aliases)

    def aliases(self, names: frozenset[str], is_one: Callable[[Binding], bool]) -> frozenset[str]:
        """Depends on what mentions a name, or a name that was found to be an alias."""
        if not any(map(self._is_written, names)):
            return frozenset()
        self.mention(self._not_started(names))
        found: frozenset[str] = frozenset()
        while new := super().aliases(names, is_one) - found:
            found |= new
            self.mention(new)  # which may have aliases of its own
        return found

    def stores(self, attribute: str) -> list[ast.Attribute]:
        """Depends on what mentions the attribute."""
        if not self._is_written(attribute):
            return []
        self.mention((attribute,))
        return super().stores(attribute)

    def named(self, names: Iterable[str]) -> list[ast.AST]:
        """Depends on what mentions a name."""
        names = tuple(filter(self._is_written, names))
        self.mention(names)
        return super().named(names) if names else []

    def statements_with(self, name: str) -> list[ast.stmt]:
        """Depends on what mentions the name."""
        if not self._is_written(name):
            return []
        self.mention((name,))
        return list(body_by_now(self._tree))

    def imports_of(self, names: Iterable[str]) -> list[Binding]:
        """Depends on what mentions a name and imports something."""
        names = frozenset(names)
        if self._split is not None and (new := names - self._mentioned - self._imported):
            self._imported |= new
            parts = (part for name in new for part in self._split.mentioning(name))
            self._add(part for part in parts if self._split.masked.find("import", part.start, part.end) >= 0)
        return super().imports_of(names)

    def star_imports(self) -> list[tuple[ast.ImportFrom, str]]:
        """Depends on the star imports themselves, which are quickly found."""
        if self._split is not None and "*" not in self._settled:
            self._settled.add("*")
            if any(spelled in self._split.masked for spelled in _STAR_IMPORT_WORDS):
                places = (match.start() for match in _STAR_IMPORT.finditer(self._split.masked))
                self._add(part for offset in places if (part := self._split.part_at(offset)))
        return super().star_imports()

    def following(self, statement: ast.stmt) -> ast.stmt | None:
        """Depends on the part behind that of the statement."""
        if self._split is not None and (part := self._split.behind(statement.lineno)) is not None:
            if part not in self._added and not self._is_asked_too_often():
                self._add((part,))
        body = body_by_now(self._parents[statement])
        index = bisect_right(body, start_of(statement), key=start_of)
        return body[index] if index < len(body) else None

    # Adding parts

    def bind(self, name: str) -> None:
        """Add what may bind a name at the module's or a class's own level, and the names that this starts from."""
        parts = self._binding(name)
        if self._split is not None and parts:
            for first in self._split.first_names(parts):
                parts += self._binding(first)  # `logging`, of `log = logging.getLogger(__name__)`: it is asked for next
            self._add(parts)

    def _binding(self, name: str) -> list[Part]:
        if name in self._settled or self._split is None:
            return []
        self._settled.add(name)
        # Asked again: `_is_asked_too_often` may have completed the tree.
        if name in self._mentioned or self._is_asked_too_often() or self._split is None:
            return []
        return list(self._split.binding(name))

    def mention(self, names: Iterable[str]) -> None:
        """Add everything in which one of some names is written, in code or in a string."""
        wanted = set(names) - self._mentioned
        if wanted and self._split is not None and not self._is_asked_too_often(len(wanted)):
            self._mentioned |= wanted
            self._add(part for name in wanted for part in self._split.mentioning(name))

    def _is_written(self, name: str) -> bool:
        """Whether a name may be in the text, as most that are asked for are not."""
        if (known := self._written.get(name)) is None:
            known = self._written[name] = name in self.source.text or self._has_variants
        return known

    def _not_started(self, names: frozenset[str]) -> frozenset[str]:
        """Those of some names of methods of whose calls some may be missing."""
        return names - _starting(names, self._started)

    def _is_asked_too_often(self, times: int = 1) -> bool:
        """Whether so much was asked that the whole tree is cheaper than one more search; it is there then."""
        self._asked += times
        if self._asked > _MOST_QUESTIONS:
            self.complete()
        return self._asked > _MOST_QUESTIONS

    def complete(self) -> None:
        """Add all that is missing. Raises `Unreadable`."""
        if self._split is None:
            return
        if self._added:
            self._add(self._split.parts())
        else:
            self._merge(parse(self.source).body, {}, frozenset(), self._tree)
        self._split = None
        for class_ in self._classes.values():  # plain nodes again, whose `body` costs no question
            finished(class_, ast.ClassDef)
        finished(self._tree, ast.Module)

    def finish(self, node: ast.AST) -> None:
        """Add all that is missing of the module or of a class. Raises `Unreadable`."""
        part = next((part for part, class_ in self._classes.items() if class_ is node), None)
        if part is None or self._split is None:
            self.complete()
        else:
            self._add(self._split.parts(part))
            finished(node, ast.ClassDef)

    def _add(self, parts: Iterable[Part]) -> None:
        new = {part for part in parts if part not in self._added}
        if not new:
            return
        assert self._split is not None
        # The classes around the new parts are parsed again with them, so that the members are at their own indentation.
        text, heads, fillers = self._split.text_of(new)
        for part in new:  # with a part, the classes around it have been added
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
            self._merge(body, heads, fillers, self._tree)
        # Bindings are kept in source order; those of parts that were added later may come before others.
        for scope in self._scopes:
            if isinstance(scope, PartialScope):
                scope.sort()

    def _merge(self, body: list[ast.stmt], heads: Mapping[int, Part], fillers: frozenset[int], parent: ast.AST) -> None:
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
                # The class is added without members first, and they one by one: more of them may be added later.
                members = [item for item in statement.body if item.lineno not in fillers]
                statement.body = []
            # `body_by_now`, since reading `parent.body` would add everything that is missing.
            insort(body_by_now(parent), statement, key=start_of)
            self.add(statement, parent)
            if part is not None:
                assert isinstance(statement, ast.ClassDef)
                self._merge(members, heads, fillers, statement)
                _end_with_members(statement)
                unfinished(statement, PartialClass, self)


def check_syntax(source: Source) -> None:
    """Raise `Unreadable` for a text that shows that it is no Python without being parsed, or is small."""
    if is_small(source.text):
        parse(source)
    elif (doubts := doubts_of(source.text)) or not is_balanced(source.text):
        tree = Tree(source)
        if tree._has_code_at(doubts):
            tree.complete()


# Each question goes through the whole text: without a limit, a large file with many functions would cost their product.
_MOST_QUESTIONS = 400


class NotSplit(Exception):
    """A text whose parts cannot be parsed though the whole can: it was split in the wrong places."""


_STAR_IMPORT_WORDS = ("import *", "import*", "import  ", "import\t", "import\\")
_STAR_IMPORT = re.compile(r"\bimport[\s\\]*\*")


@lru_cache(maxsize=256)
def _starting(names: frozenset[str], words: frozenset[Word]) -> frozenset[str]:
    """Those of some names whose calls a tree has that was started at some words."""
    return frozenset(name for name in names if starts_at(name, words))


def _end_with_members(node: ast.ClassDef) -> None:
    """Let a class end where the last of its members by now does."""
    body = body_by_now(node)
    last = body[-1] if body else None
    end = (last.end_lineno, last.end_col_offset) if last is not None else (node.lineno, node.col_offset)
    vars(node)["end_lineno"], vars(node)["end_col_offset"] = end


class Splitting:
    """Whether a run splits texts; `off`: it parses each as a whole."""

    off = False


def _split_text(text: str) -> SplitText | None:
    """The text in parts; None where that leaves a doubt."""
    if current().part(Splitting).off:
        return None
    try:
        return SplitText(text)
    except Doubtful:
        return None
