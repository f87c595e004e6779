"""Lines of the terminal that one function begins and another one ends: `begin("task")`, then `done()`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from printlint.facts.flow.call_graph import Code
from printlint.facts.flow.definitions import definitions, place_of
from printlint.facts.module import Module, once_a_module
from printlint.facts.prints.partial_lines import Walked, beginnings, last_parts, walked
from printlint.facts.project.project import Project
from printlint.facts.project.word_index import as_bytes

_WORDS = (b"end=", b"end =", b"stdout.write(")
_ROUNDS = 3  # over so many calls
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Who reads a line has its end from the keyboard.
_READING = frozenset({"builtins.input", "sys.stdin.readline", "sys.stdin.read", "getpass.getpass"})

Place = tuple[Path, str]


class _LeftOpen(NamedTuple):
    """The functions that may return in the middle of a line, those that may be called there, and those that end it."""

    leaving: frozenset[Place]
    entered: frozenset[Place]
    ending: frozenset[Place]


def may_complete_a_line(module: Module, project: Project, call: ast.expr) -> bool:
    """Whether a call may run behind what has left its line open, in its own function or in another one."""
    return module.places.statement(call) in _behind_open_lines(module, project)


@once_a_module
def _behind_open_lines(module: Module, project: Project) -> frozenset[ast.stmt]:
    """The statements that may find a line open."""
    left = project.derived(_left_open)
    beginning = beginnings(module) | _calls_of(module, project, left.leaving)
    ending = _calls_of(module, project, left.ending)
    owners = dict.fromkeys(module.places.executing_scope(item).node for item in beginning)
    behind = [walked(module, owner, beginning, ending).behind for owner in owners]
    for scope in module.scopes.scopes if left.entered else ():
        if isinstance(scope.node, _FUNCTIONS) and _place(Code(module, scope.node)) in left.entered:
            behind.append(walked(module, scope.node, beginning, ending, is_open=True).behind)
    return frozenset(chain.from_iterable(behind))


def _left_open(project: Project) -> _LeftOpen:
    paths = (file.path for file in project.survey.holders(_WORDS) if not file.is_test)
    search = _Search(project)
    begun = project.ask_each(
        paths, lambda module: [(module, statement) for statement in beginnings(module) - last_parts(module)]
    )
    search.follow(chain.from_iterable(begun))
    return _LeftOpen(frozenset(search.leaving), frozenset(search.entered), frozenset(search.ending))


class _Search:
    """From what begins lines to the functions that leave them open, their callers, and what these call then."""

    def __init__(self, project: Project) -> None:
        self.leaving: set[Place] = set()
        self.entered: set[Place] = set()
        self.ending: set[Place] = set()
        self._project = project
        self._beginning: dict[Code, set[ast.stmt]] = {}

    def follow(self, begun: Iterable[tuple[Module, ast.stmt]]) -> None:
        """Begin with some statements, go on with the calls of the functions that leave lines open."""
        for _ in range(_ROUNDS):
            changed = []
            for module, statement in begun:
                owner = Code(module, module.places.executing_scope(statement).node)
                self._beginning.setdefault(owner, set()).add(statement)
                changed.append(owner)
            new = [code for code in dict.fromkeys(changed) if self._leaves(code) and _place(code) not in self.leaving]
            self.leaving |= {_place(code) for code in new}
            callers = list(self._callers(new)) if new else []
            called = {_place(code) for _, _, code in callers}
            for code in new:
                if _place(code) not in called:
                    self._enter_siblings(code)
            begun = [(module, statement) for module, statement, _ in callers]

    def _leaves(self, code: Code) -> bool:
        """Whether a function may leave its line open; then what it calls until its end finds the line open."""
        found = self._walked(code)
        called = list(self._called(code, found))
        self._enter(called, _ROUNDS)
        if not found.ends_open:
            return False
        completed = any(_place(item) in self.ending for item in called)
        return isinstance(code.node, _FUNCTIONS) and not completed and not _reads(code)

    def _walked(self, code: Code, *, is_open: bool = False) -> Walked:
        beginning = (beginnings(code.module) - last_parts(code.module)) | self._beginning.get(code, set())
        ending = last_parts(code.module) | _calls_of(code.module, self._project, frozenset(self.ending))
        return walked(code.module, code.node, beginning, ending, is_open=is_open)

    def _called(self, code: Code, found: Walked) -> Iterator[Code]:
        beginning = self._beginning.get(code, set())
        for statement in found.behind - beginning:
            for node in _evaluated(statement):
                if isinstance(node, ast.Call):
                    yield from _functions(code.module, self._project, node)

    def _enter(self, called: list[Code], rounds: int) -> None:
        for code in called if rounds else ():
            if _place(code) not in self.entered:
                self.entered.add(_place(code))
                self._enter(list(self._called(code, self._walked(code, is_open=True))), rounds - 1)
                if not self._walked(code, is_open=True).ends_open:
                    self.ending.add(_place(code))

    def _enter_siblings(self, code: Code) -> None:
        """A method that nobody is seen to call is called back, and so are the other methods of its class."""
        owner = code.module.scopes.parent(code.node)
        for item in owner.body if isinstance(owner, ast.ClassDef) else ():
            if isinstance(item, _FUNCTIONS) and item is not code.node:
                self.entered.add(_place(Code(code.module, item)))

    def _callers(self, new: list[Code]) -> Iterator[tuple[Module, ast.stmt, Code]]:
        """The statements of the project that call one of some functions."""
        names = frozenset(code.node.name for code in new)  # type: ignore[attr-defined]
        paths = [file.path for file in self._project.survey.holders(tuple(map(as_bytes, sorted(names))))]
        wanted = {_place(code) for code in new}

        def calls(module: Module) -> list[tuple[Module, ast.stmt, Code]]:
            return [
                (module, module.places.statement(call), found)
                for call in module.calls_named(names)
                for found in _functions(module, self._project, call)
                if _place(found) in wanted
            ]

        yield from chain.from_iterable(self._project.ask_each(paths, calls))


def _calls_of(module: Module, project: Project, places: frozenset[Place]) -> frozenset[ast.stmt]:
    names = frozenset(dotted.rpartition(".")[2] for _, dotted in places)
    calls = module.calls_named(names) if names else ()
    found = (call for call in calls if any(_place(code) in places for code in _functions(module, project, call)))
    return frozenset(map(module.places.statement, found))


def _functions(module: Module, project: Project, call: ast.Call) -> Iterator[Code]:
    for defined in definitions(module, project, call.func):
        if isinstance(defined.node, _FUNCTIONS):
            yield Code(*defined)


def _evaluated(statement: ast.stmt) -> Iterator[ast.AST]:
    """The expressions of a statement, without the statements in it."""
    waiting = [item for item in ast.iter_child_nodes(statement) if not isinstance(item, ast.stmt)]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [item for item in ast.iter_child_nodes(node) if not isinstance(item, ast.stmt)]


def _reads(code: Code) -> bool:
    return any(
        isinstance(node, ast.Call) and code.module.qualified(node.func) in _READING for node in ast.walk(code.node)
    )


def _place(code: Code) -> Place:
    layout = code.module.layout
    return layout.path if layout is not None else Path(code.module.source.path), place_of(code.module, code.node)
