"""Where a node is: its function, its `except` clause, what runs it, and whether `await` is possible there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from enum import Enum
from functools import cached_property, lru_cache
from itertools import chain, islice, pairwise, takewhile

from printlint.names.bindings import Scope, ScopeKind
from printlint.names.qualified import Names
from printlint.names.scopes import ScopeTree

Function = ast.FunctionDef | ast.AsyncFunctionDef
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

# What a cancelled task or a closed generator raises at its await or yield. A handler that catches one of these
# runs while the coroutine is being torn down.
_TEAR_DOWN = frozenset(
    {
        *("builtins.BaseException", "builtins.GeneratorExit", "asyncio.CancelledError"),
        *("asyncio.exceptions.CancelledError", "concurrent.futures.CancelledError"),
    }
)


class AwaitStatus(Enum):
    """Whether a call at some place can be awaited."""

    NOT_ASYNC = "not in async code"
    LEGAL = "may be awaited"
    SYNC_ONLY = "in async code where an await would not compile or would change the program"


class Places:
    """Answers for one module."""

    def __init__(self, scopes: ScopeTree, names: Names) -> None:
        self.scopes = scopes
        self.names = names
        self._tests: dict[ast.If, str] = {}

    def executing_scope(self, node: ast.AST) -> Scope:
        """The module, class, function or lambda whose code evaluates `node`; comprehensions are looked through."""
        scope = self.scopes.scope_of(node)
        while scope.kind is ScopeKind.COMPREHENSION and scope.parent is not None:
            scope = scope.parent
        return scope

    def function(self, node: ast.AST) -> Function | None:
        """The innermost `def` that evaluates `node`; None at module level, in a class body and in a lambda."""
        owner = self.executing_scope(node).node
        return owner if isinstance(owner, (ast.FunctionDef, ast.AsyncFunctionDef)) else None

    def runs_at_loading(self, node: ast.AST) -> bool:
        """Whether `node` is evaluated when the module is loaded: in no `def` and no lambda."""
        return not isinstance(self.executing_scope(node).node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))

    def enclosing_functions(self, node: ast.AST) -> Iterator[Function]:
        """Every `def` around `node`, innermost first."""
        for ancestor in self.scopes.outline(node):
            if isinstance(ancestor, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield ancestor

    def in_async(self, node: ast.AST) -> bool:
        """Whether the code that evaluates `node` is an `async def`'s own (lambdas and nested defs are not)."""
        return isinstance(self.function(node), ast.AsyncFunctionDef)

    def within(self, node: ast.AST) -> Iterator[ast.AST]:
        """The outline of what is around `node` in the function, lambda or class that evaluates it, innermost first."""
        return takewhile(evaluates_with_others, self.scopes.outline(node))

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that `node` is part of (or is)."""
        if isinstance(node, ast.stmt):
            return node
        return next(a for a in self.scopes.ancestors(node) if isinstance(a, ast.stmt))

    def block(self, statement: ast.stmt) -> tuple[list[ast.stmt], int]:
        """The block that a statement is in, and its index there."""
        parent = self.scopes.parent(statement)
        for name in _BLOCKS:
            statements = getattr(parent, name, None)
            if isinstance(statements, list):
                indexes = self._indexes.get((parent, name))
                if indexes is None:
                    indexes = {item: index for index, item in enumerate(statements)}
                    self._indexes[parent, name] = indexes
                if statement in indexes:
                    return statements, indexes[statement]
        return [statement], 0

    def following(self, statement: ast.stmt) -> ast.stmt | None:
        """The statement right behind another in its block."""
        parent = self.scopes.parent(statement)
        if not isinstance(parent, (ast.Module, ast.ClassDef)):
            block, index = self.block(statement)
            return block[index + 1] if index + 1 < len(block) else None
        return self.scopes.following(statement)

    @cached_property
    def _indexes(self) -> dict[tuple[ast.AST | None, str], dict[ast.stmt, int]]:
        """The indexes of the statements of a block, each counted once: a block may have 100,000 of them."""
        return {}

    def is_statement(self, node: ast.expr) -> bool:
        """Whether `node` is a statement of its own: its value is dropped."""
        return isinstance(self.scopes.parent(node), ast.Expr)

    def handler(self, node: ast.AST) -> ast.ExceptHandler | None:
        """The innermost `except` clause around `node` within the same function."""
        return next((a for a in self.within(node) if isinstance(a, ast.ExceptHandler)), None)

    def guards(self, node: ast.AST) -> Iterator[tuple[str, bool]]:
        """The tests of the nearest `if`s around `node` in its function, as text, and whether it is in their body.

        An `elif` is an `if` in the `else` of another: of a long chain only the nearest few are given.
        """
        around = chain((node,), takewhile(evaluates_with_others, self.scopes.ancestors(node)))
        guards = ((outer, inner) for inner, outer in pairwise(around) if isinstance(outer, ast.If))
        for guard, child in islice(guards, _NEAREST_GUARDS):
            if guard not in self._tests:
                self._tests[guard] = ast.unparse(guard.test)
            yield self._tests[guard], child in guard.body

    def await_status(self, node: ast.expr) -> AwaitStatus:
        """Whether a call at `node`'s place may be awaited.

        Comprehensions stay as they are (a generator expression with an `await` in it becomes an asynchronous
        one, and others change what may run in between), and so do handlers and `finally` blocks that run while
        a task or a generator is torn down, bodies that hold a synchronous lock, and f-strings.
        """
        if not self.in_async(node):
            return AwaitStatus.NOT_ASYNC
        if self.in_annotation(node) or self._in_head_of_generic(node):
            return AwaitStatus.SYNC_ONLY
        child: ast.AST = node
        function = self.function(node)
        is_generator = function is not None and self._yields(function)
        for ancestor in self.within(node):
            if isinstance(ancestor, (*_COMPREHENSIONS, ast.JoinedStr, ast.Assert)):
                return AwaitStatus.SYNC_ONLY
            if isinstance(ancestor, ast.ExceptHandler) and self._catches_tear_down(ancestor):
                return AwaitStatus.SYNC_ONLY
            if isinstance(ancestor, (ast.Try, ast.TryStar)) and child in ancestor.finalbody and is_generator:
                return AwaitStatus.SYNC_ONLY
            if isinstance(ancestor, ast.With) and child in ancestor.body and _holds_lock(ancestor):
                return AwaitStatus.SYNC_ONLY
            child = ancestor
        return AwaitStatus.LEGAL

    def in_annotation(self, node: ast.AST) -> bool:
        """Whether `node` is in an annotation, a type alias, or what a type parameter takes along with it.

        What is there is evaluated later or never (PEP 563, PEP 649, PEP 695), in a scope that has no `await`.
        """
        child = node
        for ancestor in self.scopes.ancestors(node):
            match ancestor:
                case ast.AnnAssign(annotation=place) | ast.arg(annotation=place) if child is place:
                    return True
                case ast.FunctionDef(returns=place) | ast.AsyncFunctionDef(returns=place) if child is place:
                    return True
            if type(ancestor).__name__ in _LAZY_TYPES:
                return True
            if isinstance(ancestor, ast.stmt):
                return False
            child = ancestor
        return False

    def _in_head_of_generic(self, node: ast.AST) -> bool:
        """Whether `node` is in a base of a class with type parameters: those have a scope of their own (PEP 695)."""
        child = node
        for ancestor in self.scopes.ancestors(node):
            if isinstance(ancestor, ast.stmt):
                bases = (*ancestor.bases, *ancestor.keywords) if isinstance(ancestor, ast.ClassDef) else ()
                return child in bases and bool(getattr(ancestor, "type_params", ()))
            child = ancestor
        return False

    def _catches_tear_down(self, handler: ast.ExceptHandler) -> bool:
        return handler.type is None or bool(self.caught(handler) & _TEAR_DOWN)

    def caught(self, handler: ast.ExceptHandler) -> frozenset[str]:
        """The qualified names of the exceptions that a handler catches; empty for a bare `except:`."""
        types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type] if handler.type else []
        return frozenset(self.names.qualified(node) or ast.unparse(node) for node in types)

    def _yields(self, function: Function) -> bool:
        return self.scopes.is_generator(function)

    def under_main_guard(self, node: ast.AST) -> bool:
        """Whether `node` is in the body of `if __name__ == "__main__":`."""
        child = node
        for ancestor in self.scopes.ancestors(node):
            if isinstance(ancestor, ast.If) and is_main_guard(ancestor) and child in ancestor.body:
                return True
            child = ancestor
        return False


def evaluates_with_others(node: ast.AST) -> bool:
    """Whether the code in a node runs along with the code around the node."""
    return not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module))


def affirmed(test: str) -> str:
    """The text of a test without what it negates: nothing says debugging in `not debug`."""
    return re.sub(_NEGATED, "", test)


@lru_cache(maxsize=64)
def asks_for_debugging(test: str) -> bool:
    """Whether a test is true where somebody debugs: `if debug`, `if self.trace`."""
    return re.search(_DEBUGGING, affirmed(test)) is not None


def is_for_debugging(function: Function) -> bool:
    """Whether a function is there for debugging, by its name: `debug_ticks`."""
    return re.match(_DEBUG_NAME, function.name) is not None


_DEBUGGING = r"(?i)debug|trace(?!back)|\bdbg\b"
_DEBUG_NAME = r"(?i)_*debug(?:_|$)"
_NEGATED = r"\bnot [\w.]+"
_NEAREST_GUARDS = 12
_BLOCKS = ("body", "orelse", "finalbody")
# The nodes of type aliases and type parameters, which `ast` has from Python 3.12 on.
_LAZY_TYPES = frozenset({"TypeAlias", "TypeVar", "ParamSpec", "TypeVarTuple"})


def is_main_guard(statement: ast.If) -> bool:
    """`if __name__ == "__main__":`, either way round, also with more conditions beside it."""
    tests = statement.test.values if isinstance(statement.test, ast.BoolOp) else [statement.test]
    for test in tests:
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
            sides = [test.left, test.comparators[0]]
            has_name = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
            has_main = any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)
            if has_name and has_main:
                return True
    return False


def _holds_lock(statement: ast.With) -> bool:
    """A synchronous `with` over something named as a lock: suspending inside could stop every other task."""
    return any(
        word in ast.unparse(item.context_expr).lower()
        for item in statement.items
        for word in ("lock", "mutex", "semaphore", "condition")
    )
