"""What the project's classes do when a value of theirs is made text, or is asked whether it is a mapping.

`print` converts its arguments one after the other and lets every error pass. A record is converted by a handler, all
at once, and logging reports errors on standard error and goes on; it has asked a sole argument before whether it is a
mapping that is not empty (CPython, `LogRecord.__init__`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from printlint.facts.calls.log_calls import log_call_of
from printlint.facts.module import Module, once_a_module
from printlint.facts.prints.outputs import STREAMS, output_of
from printlint.facts.project.import_graph import imported_directly
from printlint.facts.project.project import Project
from printlint.logging_names import METHODS
from printlint.names.bindings import Scope
from printlint.names.qualified import last_name

_CONVERSIONS = ("__str__", "__repr__")
_TRUTH = ("__bool__", "__len__")
_CLASS = ("__class__", "__getattribute__")
_MAPPINGS = frozenset({"Mapping", "MutableMapping", "dict", "UserDict", "OrderedDict", "defaultdict", "Counter"})
_WORDS = tuple(name.encode() for name in (*_CONVERSIONS, *_TRUTH, *_CLASS))
# In the text of a file: what may be outspoken, with the body of a method, and the words that make it so.
_METHOD = re.compile(
    rb"(?m)^([ \t]+)def __(?:str|repr|bool|len)__\b.*\n((?:(?:\1[ \t]+.*)?\r?\n)*)"
    rb"|__class__ *=[^=]|def __class__|def __getattribute__|\b__(?:str|repr)__ *=[^=]"
)
_OUTSPOKEN = re.compile(rb"\braise\b|\bassert\b|\bprint\(|log\w{0,40}\.|\.write\(")
_FUNCTION = re.compile(rb"(?m)^([ \t]*)def (\w+).*\n((?:(?:\1[ \t]+.*)?\r?\n)*)")
_CALLED = re.compile(rb"\b(\w+)\(|self\.(\w+)")
_HARMLESS = frozenset(
    {
        *("str", "repr", "len", "type", "format", "join", "isinstance", "hasattr", "id", "sorted", "list", "tuple"),
        *("set", "dict", "bool", "sum", "min", "max", "any", "all", "map", "zip", "range", "enumerate", "hex", "super"),
        *("items", "keys", "values", "strip", "lower", "upper", "replace", "ljust", "rjust", "isoformat", "append"),
        *_CONVERSIONS,
    }
)
_PLAIN = (
    *(ast.FunctionDef, ast.arguments, ast.arg, ast.Return, ast.Expr, ast.If, ast.Assign, ast.Constant, ast.JoinedStr),
    *(ast.FormattedValue, ast.Name, ast.Attribute, ast.IfExp, ast.BoolOp, ast.Compare, ast.UnaryOp, ast.expr_context),
    *(ast.boolop, ast.cmpop, ast.unaryop, ast.operator, ast.Tuple, ast.List, ast.keyword, ast.Lambda, ast.Pass),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension, ast.For, ast.Starred, ast.Dict),
)


class Conversion(NamedTuple):
    """What a class does when it is made text, or is asked.

    `converts` is true where its text is made by code of its own. `raises` are the last parts of the names of what that
    raises (`*`: something); `may_raise` is true where it does more than put attributes together; `writes` where it, or
    what it calls, prints or logs; `acts_when_asked` where `isinstance` or its truth runs code that does more than look.
    `changes` is true where it sets what the next conversion, or other code, may see: a counter, a cache.
    """

    name: str
    bases: tuple[str, ...]
    converts: bool = False
    raises: frozenset[str] = frozenset()
    may_raise: bool = False
    writes: bool = False
    acts_when_asked: bool = False
    changes: bool = False


@once_a_module
def conversions(module: Module) -> tuple[Conversion, ...]:
    """Those of a module's classes of which there is something to say."""
    own = [scope for scope in module.scopes.scopes if isinstance(scope.node, ast.ClassDef)]
    return tuple(item for item in map(_Reading(module).of, own) if any(item[2:]))


def conversions_around(module: Module, project: Project, *, weak: bool) -> Iterator[Conversion]:
    """Those of the classes of which values may come to a module: its own, those of what it imports, and those that a
    file which imports it knows.

    Of others than its own only what they surely do; with `weak`, of what it imports what they may do, too.
    """
    yield from conversions(module)
    if module.layout is None:
        return
    path = module.layout.path
    imported = imported_directly(path, project) if weak else ()
    for other in imported:
        if other != path and (read := project.module(other)) is not None:
            yield from conversions(read)
    around = project.derived(_outspoken)
    if not around.keys() <= {path, *imported}:
        users = [path, *(file.path for file in project.importers(path, tests=True))]
        for other in around.keys() - {path, *imported}:
            if any(other == user or other in imported_directly(user, project) for user in users):
                yield from around[other]


def _outspoken(project: Project) -> dict[Path, tuple[Conversion, ...]]:
    """By the project's files, tests apart, the conversions that raise or write for sure, or act when asked."""
    found = {}
    for file, data in project.survey.holding(_WORDS):
        if not file.is_test and _is_suspicious(data) and (module := project.module(file.path)) is not None:
            outspoken = [item for item in conversions(module) if item.raises or item.writes or item.acts_when_asked]
            if outspoken:
                found[file.path] = tuple(item._replace(may_raise=False) for item in outspoken)
    return found


def _is_suspicious(data: bytes) -> bool:
    """Whether a conversion in the text of a file, or what of the file it calls, raises or writes, at a first glance."""
    called: set[bytes] = set()
    for match in _METHOD.finditer(data):
        if match[2] is None or _OUTSPOKEN.search(match[2]):
            return True
        called.update(name or attribute for name, attribute in _CALLED.findall(match[2]))
    functions = _FUNCTION.finditer(data) if called else ()
    return any(function[2] in called and _OUTSPOKEN.search(function[3]) for function in functions)


def _bases(scope: Scope) -> tuple[str, ...]:
    assert isinstance(scope.node, ast.ClassDef)
    return tuple(last_name(base) for base in scope.node.bases)


def _is_setter(function: ast.FunctionDef | ast.Lambda) -> bool:
    decorators = function.decorator_list if isinstance(function, ast.FunctionDef) else []
    return any(isinstance(item, ast.Attribute) and item.attr in ("setter", "deleter") for item in decorators)


def _changes(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
            return True
        case ast.Global() | ast.Nonlocal() | ast.Call(func=ast.Name(id="next")):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Attribute(), attr=name)):
            return name in _CHANGING
    return False


_CHANGING = frozenset(
    {
        *("append", "appendleft", "add", "update", "insert", "extend", "setdefault", "read", "readline", "send"),
        *("pop", "popleft", "popitem", "remove", "discard", "clear"),
    }
)


class _Reading:
    """Reads the methods of a module's classes, and what they call."""

    def __init__(self, module: Module) -> None:
        self._module = module

    def of(self, scope: Scope) -> Conversion:
        texts = list(self._nodes(scope, _CONVERSIONS))
        asked = list(self._nodes(scope, _TRUTH)) if self._is_mapping(scope) else []
        raises = frozenset(name for node in texts for name in self._raised(node))
        more = not all(map(self._is_plain, texts))
        called = [inner for node in texts for function in self._called(node, scope) for inner in ast.walk(function)]
        writes = any(map(self._writes, [*texts, *called]))
        changes = any(map(_changes, [*texts, *called]))
        acts = any(self._bound(scope, name) for name in _CLASS) or not all(map(self._is_plain, asked))
        assert isinstance(scope.node, ast.ClassDef)
        return Conversion(scope.node.name, _bases(scope), bool(texts), raises, more, writes, acts, changes)

    def _is_mapping(self, scope: Scope) -> bool:
        registered = any(
            isinstance(call.func, ast.Attribute)
            and call.func.attr == "register"
            and any(last_name(argument) == scope.node.name for argument in call.args)  # type: ignore[attr-defined]
            for call in self._module.calls_named(frozenset({"register"}))
        )
        return registered or not _MAPPINGS.isdisjoint(self._ancestors(scope))

    def _ancestors(self, scope: Scope) -> set[str]:
        """The names of all that a class derives from, as far as the module says."""
        return {base for class_ in self._line(scope) for base in _bases(class_)}

    def _line(self, scope: Scope) -> list[Scope]:
        """A class and those of the module that it derives from, nearest first."""
        line = [scope]
        for class_ in line:
            assert isinstance(class_.node, ast.ClassDef)
            bases = (self._module.loggers.classes.of(base) for base in class_.node.bases)
            line += [base for base in bases if base is not None and base not in line]
        return line

    def _bound(self, scope: Scope, name: str) -> list[ast.AST]:
        """What a class, or the nearest that it derives from, has under a name: in its body or by `Class.name = ...`."""
        stores = self._module.scopes.stores(name)
        for class_ in self._line(scope):
            assigned = [self._module.scopes.parent(node) for node in stores if self._is_of(node.value, class_)]
            values = [binding.value for binding in class_.bindings_of(name)]
            values += [statement.value for statement in assigned if isinstance(statement, ast.Assign)]
            if values:
                return [found for value in values if value is not None for found in self._resolved(value, class_)]
        return []

    def _is_of(self, node: ast.expr, class_: Scope) -> bool:
        """Whether an expression names a class; `self` is an instance, whose conversions are not asked for."""
        return isinstance(node, ast.Name) and node.id == getattr(class_.node, "name", "")

    def _resolved(self, value: ast.AST, scope: Scope) -> list[ast.AST]:
        """A value itself, or the functions that a name refers to in a class or in the module."""
        if not isinstance(value, ast.Name):
            return [value]
        bindings = scope.bindings_of(value.id) or self._module.bindings_of(value.id)
        return [item.value for item in bindings if isinstance(item.value, (ast.FunctionDef, ast.Lambda))]

    def _nodes(self, scope: Scope, names: tuple[str, ...]) -> Iterator[ast.AST]:
        """The code of some methods of a class."""
        for name in names:
            for value in self._bound(scope, name):
                yield from ast.walk(value)

    def _called(self, node: ast.AST, scope: Scope) -> list[ast.AST]:
        """The functions of the module that a name, or an attribute of `self`, may call."""
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Load()):
                found = self._bound(scope, name)
            case ast.Name(id=name, ctx=ast.Load()):
                found = [item.value for item in self._module.bindings_of(name) if item.value is not None]
            case _:
                return []
        return [item for item in found if isinstance(item, (ast.FunctionDef, ast.Lambda)) and not _is_setter(item)]

    def _raised(self, node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Assert):
            yield "AssertionError"
        if isinstance(node, ast.Raise):
            name = last_name(node.exc) if node.exc is not None else ""
            if name != "NotImplementedError":  # of what has to be overridden
                yield name if name[:1].isupper() else "*"

    def _is_plain(self, node: ast.AST) -> bool:
        """Whether a node only puts together what is there."""
        match node:
            case ast.Call(func=func):
                return last_name(func) in _HARMLESS
            case ast.BinOp(op=op):
                return isinstance(op, (ast.Add, ast.Sub, ast.Mult, ast.Mod))
            case ast.Raise():
                return not list(self._raised(node))
        return isinstance(node, _PLAIN)

    def _writes(self, node: ast.AST) -> bool:
        if not isinstance(node, ast.Call):
            return False
        if output_of(self._module, node) is not None or log_call_of(self._module, node) is not None:
            return True
        match node.func:
            case ast.Attribute(value=receiver, attr=name):
                told = "log" in ast.unparse(receiver).lower()
                return (name in METHODS and told) or self._module.qualified(receiver) in STREAMS
        return False
