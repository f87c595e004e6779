"""Which code may run while a line of the terminal is begun and not ended: `print("reading", end=" ")`."""

from __future__ import annotations

import ast
from typing import NamedTuple

from printlint.facts.calls.catching import catchers
from printlint.facts.module import Module, once_a_module
from printlint.facts.prints.outputs import PRINT
from printlint.names.qualified import is_none

# Whether a line may be open where code gets to; None where it gets nowhere.
State = bool | None

_WRITES = frozenset({"write", "writelines"})
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def is_partial(call: ast.expr) -> bool:
    """Whether the `end` of a call is anything but newlines."""
    keywords = call.keywords if isinstance(call, ast.Call) else []
    end = next((keyword.value for keyword in keywords if keyword.arg == "end"), None)
    if end is None or is_none(end):
        return False
    return not (isinstance(end, ast.Constant) and isinstance(end.value, str) and end.value.endswith("\n"))


@once_a_module
def beginnings(module: Module) -> frozenset[ast.stmt]:
    """The statements of a module that write a line without its end: what is typed behind a prompt may have none."""
    partial = [call for call in module.calls if is_partial(call) and module.qualified(call.func) == PRINT]
    partial += [call for call in module.calls_named(_WRITES) if _ends_its_line(module, call) is False]
    prompts = module.calls_named(frozenset({"input"}))
    partial += [call for call in prompts if call.args and module.qualified(call.func) == "builtins.input"]
    return frozenset(map(module.places.statement, partial))


@once_a_module
def last_parts(module: Module) -> frozenset[ast.stmt]:
    """Those of them that end the line at last, as in a loop: `end=", " if left else "\\n"`."""
    return frozenset(module.places.statement(call) for call in module.calls if is_partial(call) and _may_end(call))


def _may_end(call: ast.Call) -> bool:
    end = next((item.value for item in call.keywords if item.arg == "end"), None)
    arms = [end.body, end.orelse] if isinstance(end, ast.IfExp) else []
    return any(isinstance(arm, ast.Constant) and str(arm.value or "\n").endswith("\n") for arm in arms)


def _ends_its_line(module: Module, call: ast.Call) -> bool | None:
    """Whether a `sys.stdout.write` ends a line with its text; None for an unknown text, and another call."""
    if module.qualified(call.func) not in ("sys.stdout.write", "sys.stdout.writelines") or len(call.args) != 1:
        return None
    last: ast.expr | None = call.args[0]
    while last is not None and not isinstance(last, ast.Constant):
        match last:
            case ast.JoinedStr(values=[*_, part]) | ast.List(elts=[*_, part]) | ast.BinOp(left=part, op=ast.Mod()):
                last = part
            case ast.BinOp(op=ast.Add(), right=part):
                last = part
            case _:
                last = None
    return last.value.endswith("\n") if isinstance(last, ast.Constant) and isinstance(last.value, str) else None


class Walked(NamedTuple):
    """A function gone through: the statements that may find a line open, and whether it may leave one open."""

    behind: frozenset[ast.stmt]
    ends_open: bool


def walked(
    module: Module,
    owner: ast.AST,
    beginning: frozenset[ast.stmt],
    ending: frozenset[ast.stmt] = frozenset(),
    *,
    is_open: bool = False,
) -> Walked:
    """Go through a function (or a module) in which some statements begin lines, and some calls of others end them."""
    walk = _Walk(module, beginning, ending)
    ends_open = walk.run(owner, is_open)
    return Walked(frozenset(walk.behind), ends_open)


class _Walk:
    """The ways through a function, each statement with whether a line may be open before it."""

    def __init__(self, module: Module, beginning: frozenset[ast.stmt], ending: frozenset[ast.stmt]) -> None:
        self.behind: set[ast.stmt] = set()
        self._module = module
        self._beginning = beginning  # the statements that begin a line
        self._ending = ending
        self._seen: list[bool] = []
        self._jumps: list[bool] = []  # where `break` and `continue` leave a block
        self._returns: list[bool] = []

    def run(self, owner: ast.AST, is_open: bool) -> bool:
        """Go through a function, once more if it may leave a line open for its next call; whether it may."""
        body = getattr(owner, "body", None)
        if not isinstance(body, list):
            return False  # a lambda is one expression
        self._returns.clear()
        ends_open = bool(self._block(body, is_open)) or any(self._returns)
        if isinstance(owner, _DEFINITIONS) and ends_open and not is_open:
            self._block(body, True)
        return ends_open

    def _block(self, statements: list[ast.stmt], state: State) -> State:
        for statement in statements:
            if state is None:
                break
            state = self._statement(statement, state)
        return state

    def _statement(self, statement: ast.stmt, state: bool) -> State:
        self._seen.append(state)
        if state:
            self.behind.add(statement)
        if statement in self._beginning:
            state = True
        match statement:
            case ast.If():
                return self._if(statement, state)
            case ast.For() | ast.AsyncFor() | ast.While():
                return self._loop(statement, state)
            case ast.Try() | ast.TryStar():
                return self._try(statement, state)
            case ast.With() | ast.AsyncWith():
                return self._with(statement, state)
            case ast.Match(cases=cases):
                return _joined(state, *(self._block(case.body, state) for case in cases))
            case ast.Return():
                self._returns.append(state)
                return None
            case ast.Raise():
                return None
            case ast.Break() | ast.Continue():
                self._jumps.append(state)
                return None
            case ast.Expr(value=ast.Call() as call) if statement not in self._beginning:
                return state and not self._ends_line(statement, call)
        return state

    def _ends_line(self, statement: ast.Expr, call: ast.Call) -> bool:
        if statement in self._ending:
            return True
        if (ends := _ends_its_line(self._module, call)) is not None:
            return ends
        to_file = any(keyword.arg in ("file", None) for keyword in call.keywords)
        return not to_file and self._module.qualified(call.func) == PRINT

    def _if(self, statement: ast.If, state: bool) -> State:
        """All arms of a chain: an `elif` is an `if` in the `else` of another."""
        ends = []
        while True:
            ends.append(self._block(statement.body, state))
            match statement.orelse:
                case [ast.If() as statement]:
                    state = state or statement in self._beginning
                    if state:
                        self.behind.add(statement)
                case orelse:
                    return _joined(*ends, self._block(orelse, state))

    def _loop(self, statement: ast.For | ast.AsyncFor | ast.While, state: bool) -> State:
        for _ in range(2):  # the second time with what the first has left
            first = len(self._jumps)
            end = self._block(statement.body, state)
            state = state or bool(end) or any(self._jumps[first:])
            del self._jumps[first:]
        if not self._ending.isdisjoint(statement.body):
            state = False
        return self._block(statement.orelse, state)

    def _with(self, statement: ast.With | ast.AsyncWith, state: bool) -> State:
        first = len(self._seen)
        end = self._block(statement.body, state)
        swallows = any(catcher.node is statement for catcher in catchers(self._module, statement.body[0]))
        return _joined(end, any(self._seen[first:])) if swallows else end

    def _try(self, statement: ast.Try | ast.TryStar, state: bool) -> State:
        first = len(self._seen)
        end = self._block(statement.body, state)
        raised = any(self._seen[first:])
        end = _joined(
            self._block(statement.orelse, end), *(self._block(item.body, raised) for item in statement.handlers)
        )
        if statement.finalbody:
            self._block(statement.finalbody, any(self._seen[first:]))
        return self._block(statement.finalbody, end)


def _joined(*states: State) -> State:
    known = [state for state in states if state is not None]
    return any(known) if known else None
