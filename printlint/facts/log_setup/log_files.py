"""The file that a handler writes to: who chooses its path, and who else names it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import PurePath

from printlint.facts.log_setup.logger_settings import shown
from printlint.facts.module import Module
from printlint.facts.project.project import Project
from printlint.names.bindings import BindingKind

_MAX_STEPS = 8
_NEWLINE = b"\n"
# Functions and methods that compute a path, and do nothing else.
_PURE = frozenset(
    {
        *(f"os.path.{name}" for name in ("join", "abspath", "dirname", "basename", "realpath", "normpath", "splitext")),
        *("os.path.expanduser", "os.path.expandvars", "pathlib.Path.home", "pathlib.Path.cwd"),
        *("pathlib.Path", "pathlib.PurePath", "builtins.str", "builtins.int", "builtins.format", "os.fspath"),
        *("os.getcwd", "os.getpid", "time.strftime", "time.time", "time.localtime", "time.gmtime"),
        *("datetime.datetime.now", "datetime.datetime.today", "datetime.date.today", "datetime.datetime.utcnow"),
    }
)
_PURE_METHODS = frozenset(
    {
        *("joinpath", "with_suffix", "with_name", "resolve", "absolute", "expanduser", "as_posix", "strftime"),
        *("isoformat", "format"),
    }
)
_READS = frozenset({"os.environ.get", "os.getenv", "datetime.timedelta", "datetime.time", "builtins.bool"})
_PARTS = frozenset({"parent", "parents", "name", "stem"})
_FILE = re.compile(r"[\w-]+\.\w+")
# What is done to the folder of a log file before the file is opened.
_PREPARES = frozenset({"os.makedirs", "os.mkdir", "os.path.exists", "os.path.isdir", "os.path.dirname"})
_PREPARING_METHODS = frozenset({"mkdir", "exists", "is_dir"})


class LogFile:
    """The path of a log file as a module computes it.

    `foreign` is the part of it that the code does not choose itself, as it is written: a parameter, an option, a
    setting, the value of a function; empty where it chooses all.
    """

    def __init__(self, module: Module, path: ast.expr) -> None:
        self._module = module
        self._path = path
        self._seen: set[ast.AST] = set()
        self.foreign = self._foreign(path, _MAX_STEPS)

    def _foreign(self, node: ast.expr, steps: int) -> str:
        self._seen.update(ast.walk(node))
        inner = self._parts(node) if steps else None
        if inner is None:
            return ast.unparse(node)
        return next(filter(None, (self._foreign(part, steps - 1) for part in inner)), "")

    def _parts(self, node: ast.expr) -> list[ast.expr] | None:
        """The expressions that a path is computed from; None for what comes from outside."""
        match node:
            case ast.Constant() | ast.Name(id="__file__" | "__name__"):
                return []
            case ast.JoinedStr(values=values) | ast.Tuple(elts=values) | ast.BoolOp(values=values):
                return values
            case ast.FormattedValue(value=value):
                return [value]
            case ast.BinOp(left=left, right=right):
                return [left, right]
            case ast.IfExp(body=body, orelse=orelse):
                return [body, orelse]
            case ast.Attribute(attr=attr, value=value) if attr in _PARTS:
                return [value]
            case ast.Subscript(value=ast.Attribute(attr="parents", value=value)):
                return [value]
            case ast.Call(func=func, args=args, keywords=keywords):
                given = [*args, *(keyword.value for keyword in keywords)]
                if self._module.qualified(func) in _PURE:
                    return given
                if isinstance(func, ast.Attribute) and func.attr in _PURE_METHODS:
                    return [func.value, *given]
            case ast.Name() | ast.Attribute():
                return [] if self._module.qualified(node) == "os.sep" else self._values(node)
        return None

    def _values(self, node: ast.Name | ast.Attribute) -> list[ast.expr] | None:
        values: list[ast.expr] = []
        if isinstance(node, ast.Attribute):
            if not isinstance(node.value, ast.Name) or node.value.id not in ("self", "cls"):
                return None
            for target in self._module.scopes.stores(node.attr):
                statement = self._module.scopes.parent(target)
                if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or statement.value is None:
                    return None
                values.append(statement.value)
            return values or None
        for binding in self._module.names.bindings(node):
            if binding.kind is not BindingKind.ASSIGN or not isinstance(binding.value, ast.expr):
                return None
            values.append(binding.value)
        return values or None

    def named_again(self, project: Project) -> str:
        """Where else the file is named, as `line 3` or `file.py:3`; empty where nowhere."""
        return self._variable_read(project) or self._text_read(project)

    def _variable_read(self, project: Project) -> str:
        """Where the variable that holds the whole path is read, apart from what makes the file's folder."""
        if not isinstance(self._path, (ast.Name, ast.Attribute)):
            return ""
        name = self._path.id if isinstance(self._path, ast.Name) else self._path.attr
        for node in self._module.reads_of(frozenset({name})):
            if node not in self._seen and not self._prepares(node):
                return f"line {node.lineno}"
        return project.importer_of(self._module.layout, name)

    def _prepares(self, node: ast.expr) -> bool:
        parent = self._module.scopes.parent(node)
        if isinstance(parent, ast.Call):
            return self._module.qualified(parent.func) in _PREPARES
        while isinstance(parent, ast.Attribute) and parent.attr == "parent":
            parent = self._module.scopes.parent(parent)
        return isinstance(parent, ast.Attribute) and parent.attr in _PREPARING_METHODS

    @property
    def names(self) -> list[str]:
        """What the file may be called, without its folder."""
        texts = [node.value for node in self._seen if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        return sorted(name for name in {PurePath(text).name for text in texts} if _FILE.fullmatch(name))

    def _text_read(self, project: Project) -> str:
        for name in self.names:
            for node in self._module.scopes.nodes:
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in self._seen:
                    if PurePath(node.value).name == name:
                        return f"line {node.lineno}"
            if where := _named_in(project, self._module, name):
                return where
        return ""


def _named_in(project: Project, module: Module, name: str) -> str:
    """The other Python file, with the line, that has a text which ends in the name of a file."""
    quoted = re.compile(rb"[\"'/\\]" + re.escape(name.encode()) + rb"[\"']")
    own = module.path
    for file, data in project.survey.holding((name.encode(),)):
        if file.path != own and (match := quoted.search(data)):
            return f"{shown(file.path, project)}:{data[: match.start()].count(_NEWLINE) + 1}"
    return ""


def effects(module: Module, arguments: list[ast.expr]) -> Iterator[ast.expr]:
    """What of some arguments may do more than give a value, so that it cannot be left out."""
    for node in (node for argument in arguments for node in ast.walk(argument)):
        match node:
            case ast.Await() | ast.NamedExpr() | ast.Yield() | ast.YieldFrom():
                yield node
            case ast.Call(func=func):
                pure = isinstance(func, ast.Attribute) and func.attr in _PURE_METHODS
                if not pure and module.qualified(func) not in _PURE | _READS:
                    yield node
