"""What the code of one file says about the programs that run it: it serves, loops, reads arguments, sets logging up.

Each part of a file has its own signs: its top, its `__main__` guard, each function and each method. So a program has
only the signs of what it can reach.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from printlint.facts.reach.sign_table import DECORATORS, Means, decorates, inherited, is_telling, meaning
from printlint.names.binder import CHILD_FIELDS
from printlint.names.enclosing import is_main_guard

TOP, GUARD = "", "__main__"


class Sign(NamedTuple):
    """One thing that code says about its program. `what` names it as code does; lines count from 1."""

    means: Means
    what: str
    line: int


class Part(NamedTuple):
    """One part of a file: its first line, from 1, the names and the attributes that it mentions, and its signs."""

    line: int
    names: frozenset[str]
    attributes: frozenset[str]
    signs: tuple[Sign, ...]


def parts_of(tree: ast.Module, text: str) -> dict[str, Part]:
    """The parts of a file: `TOP`, `GUARD`, its functions by their names, its methods as `Class.method`."""
    pieces: dict[str, list[ast.AST]] = {TOP: []}
    _divide(tree.body, pieces)
    names = _Names()
    walked = {key: _Walked(found, names) for key, found in pieces.items()}
    parts = {
        key: Part(
            _line(pieces[key]),
            frozenset(found.names),
            frozenset(found.attributes),
            tuple(_signs(key, found.telling, names)),
        )
        for key, found in walked.items()
    }
    if marker := re.search(_NOTEBOOK, text):
        line = text.count("\n", 0, marker.start()) + 1
        top = parts[TOP]
        parts[TOP] = top._replace(signs=(*top.signs, Sign(Means.NOTEBOOK, marker[0].strip(), line)))
    return parts


def _line(pieces: list[ast.AST]) -> int:
    return min((getattr(piece, "lineno", 1) for piece in pieces), default=1)


# How programs that save notebooks as scripts mark them.
_NOTEBOOK = r"(?m)^# (?:In\[[ \d]*\]:?|%%|Databricks notebook source|jupytext:)"


def _divide(body: list[ast.stmt], pieces: dict[str, list[ast.AST]]) -> None:
    for statement in body:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                pieces.setdefault(statement.name, []).append(statement)
                pieces[TOP] += statement.decorator_list
            case ast.ClassDef():
                head = ast.ClassDef(statement.name, statement.bases, statement.keywords, [], statement.decorator_list)
                pieces[TOP].append(ast.copy_location(head, statement))
                _divide_class(statement, pieces)
            case ast.If(body=inner, orelse=orelse):
                if is_main_guard(statement):
                    pieces.setdefault(GUARD, []).extend(inner)
                else:
                    pieces[TOP].append(statement.test)
                    _divide(inner, pieces)
                _divide(orelse, pieces)
            case ast.Try(body=inner, handlers=handlers, orelse=orelse, finalbody=final):
                for block in (inner, *(handler.body for handler in handlers), orelse, final):
                    _divide(block, pieces)
            case ast.With(items=items, body=inner):
                pieces[TOP] += items
                _divide(inner, pieces)
            case _:
                pieces[TOP].append(statement)


def _divide_class(node: ast.ClassDef, pieces: dict[str, list[ast.AST]]) -> None:
    for statement in node.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            pieces.setdefault(f"{node.name}.{statement.name}", []).append(statement)
            pieces[TOP] += statement.decorator_list
        else:
            pieces[TOP].append(statement)
    pieces.setdefault(node.name, []).extend(node.bases)


class _Walked:
    """The nodes of one part that may tell something, found in one pass: names, and what `_signs` looks at.

    The decorators of a function are left out: they run where it is defined.
    """

    def __init__(self, pieces: list[ast.AST], known: _Names) -> None:
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.telling: list[ast.AST] = []
        waiting = pieces[::-1]
        outermost = {id(piece) for piece in pieces}
        while waiting:
            node = waiting.pop()
            kind = node.__class__
            if kind is ast.Name or kind is ast.Attribute:
                name = node.id if kind is ast.Name else node.attr  # type: ignore[attr-defined]
                (self.names if kind is ast.Name else self.attributes).add(name)
                if name == "argv" or (name in DECORATORS and id(node) in outermost):
                    self.telling.append(node)
                if kind is ast.Name:
                    continue
            elif kind is ast.Call:
                if is_telling(_last(node.func)):  # type: ignore[attr-defined]
                    self.telling.append(node)
            elif kind in _OTHERS:
                self.telling.append(node)
            if kind in _BINDING:
                known.learn(node)
                if kind is ast.Assign and id(node) in outermost and _last(node.targets[0]) == "LOGGING":  # type: ignore[attr-defined]
                    self.telling.append(node)
            for name in CHILD_FIELDS[kind]:
                value = getattr(node, name, None)
                if name == "decorator_list" and id(node) in outermost:
                    continue
                if value.__class__ is list:
                    waiting += [item for item in value if item.__class__ is not str and item is not None]
                elif value is not None:
                    waiting.append(value)


_OTHERS = frozenset({ast.While, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef})
_BINDING = frozenset({ast.Import, ast.ImportFrom, ast.ClassDef, ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.withitem})


class _Names:
    """What the names of a file refer to: what they import, their base classes, and the calls that make their values."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def learn(self, node: ast.AST) -> None:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    self._known[alias.asname or alias.name.partition(".")[0]] = (
                        alias.name if alias.asname else alias.name.partition(".")[0]
                    )
            case ast.ImportFrom(module=module, level=level, names=names):
                for alias in names:
                    self._known[alias.asname or alias.name] = "." * level + f"{module or ''}.{alias.name}".lstrip(".")
            case ast.ClassDef(name=name, bases=[base, *_]):
                if (known := self.qualified(base)) and "." in known:
                    self._known.setdefault(name, known)
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=value) if value:
                self._assign(target, value)
            case (
                ast.NamedExpr(target=target, value=value)
                | ast.withitem(context_expr=value, optional_vars=ast.expr() as target)
            ):
                self._assign(target, value)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        value = value.value if isinstance(value, ast.Await) else value
        name = _spelled(target)
        if name and isinstance(value, ast.Call) and (known := self.qualified(value)):
            self._known.setdefault(name, known)

    def qualified(self, node: ast.expr, part: str = "") -> str:
        """The qualified name of an expression in a part of the file, as far as it is known: `flask.Flask().run`."""
        trail, owner = "", self._known.get(part.rpartition(".")[0], "")
        while True:
            if (name := _spelled(node)) in self._known:
                return self._known[name] + trail
            match node:
                case ast.Attribute(value=inner, attr=attr):
                    node, trail = inner, f".{attr}{trail}"
                case ast.Call(func=ast.Name(id="super")) if owner:
                    return f"{owner}(){trail}"
                case ast.Call(func=inner):
                    node, trail = inner, f"(){trail}"
                case ast.Name(id="self") if owner:
                    return f"{owner}(){trail}"
                case ast.Name(id=name):
                    return name + trail
                case _:
                    return trail.lstrip(".")


def _spelled(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr):
            return f"self.{attr}"
    return ""


def _signs(key: str, nodes: list[ast.AST], names: _Names) -> Iterator[Sign]:
    for node in nodes:
        match node:
            case ast.Call(func=func):
                what = names.qualified(func, key)
                if (means := meaning(what)) is not None and not _is_silent(means, node, names):
                    yield Sign(means, what.lstrip("."), node.lineno)
            case ast.While() if _is_endless(node):
                yield Sign(Means.LOOPS, f"while {ast.unparse(node.test)}", node.lineno)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name == key:
                if [item.arg for item in node.args.args] == ["event", "context"]:
                    yield Sign(Means.LAMBDA, f"{name}(event, context)", node.lineno)
            case ast.Attribute(value=ast.Name(id="sys"), attr="argv"):
                yield Sign(Means.ARGUMENTS, "sys.argv", node.lineno)
            case ast.ClassDef(bases=[base, *_]):
                if (means := inherited(what := names.qualified(base))) is not None:
                    yield Sign(means, what, node.lineno)
            case ast.Assign():
                if key == TOP:
                    yield Sign(Means.CONFIGURES, "LOGGING", node.lineno)
            case ast.Name() | ast.Attribute():
                if (means := decorates(what := names.qualified(node))) is not None:
                    yield Sign(means, what, node.lineno)


def _is_silent(means: Means, call: ast.Call, names: _Names) -> bool:
    """Whether a call that would set logging up adds a handler that writes nothing."""
    if means is not Means.CONFIGURES or not call.args:
        return False
    return names.qualified(call.args[0]).removesuffix("()").endswith("NullHandler")


# Names of flags and events by which a loop ends at a signal, and of calls that wait in such a loop.
_RUNNING = re.compile(r"(?i)\b_?(?:stop|shutdown|running|exit|quit|kill|done|terminat|alive|keep)\w*|is_set|is_closed")
_WAITS = frozenset({"sleep", "wait", "recv", "accept", "poll", "get", "consume", "receive", "brpop", "blpop", "read"})
_ENDS = frozenset({"KeyboardInterrupt", "SystemExit", "CancelledError", "GracefulExit"})
_ASKS = frozenset({"input", "prompt", "readline", "ask"})


def _is_endless(loop: ast.While) -> bool:
    """Whether a loop runs until the program is ended; dialogues, reading in chunks and retries are no such loops."""
    called = {_last(node.func) for node in ast.walk(loop) if isinstance(node, ast.Call)}
    if called & _ASKS:
        return False
    match loop.test:
        case ast.Constant(value=value) if value:
            return not any(_leaves(statement) for statement in loop.body)
        case _:
            return bool(called & _WAITS) and _RUNNING.search(ast.unparse(loop.test)) is not None
    return False


def _leaves(node: ast.AST, *, within: bool = False) -> bool:
    """Whether a statement leaves the loop around it; `within`: it is in another loop, whose `break` it is."""
    match node:
        case ast.Break():
            return not within
        case ast.Return() | ast.Yield() | ast.YieldFrom():
            return True
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Lambda():
            return False
        case ast.ExceptHandler(type=ast.expr() as caught):
            if _ENDS & {_last(item) for item in ast.walk(caught) if isinstance(item, (ast.Name, ast.Attribute))}:
                return False
    inner = within or isinstance(node, (ast.For, ast.AsyncFor, ast.While))
    return any(_leaves(child, within=inner) for child in ast.iter_child_nodes(node))


def _last(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
