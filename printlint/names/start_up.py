"""Start-up code: statements among the imports of a module that have to run before whatever is imported next.

Monkey patches, tracers and import hooks change what is imported after them; other start-up code (a path, an environment
variable, a filter of warnings) was put before an import for the same reason. A new import comes behind both.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

# Packages whose calls, made for the effect, set the process up, also where nothing is imported after them.
_SET_UP = frozenset(
    {
        *("gevent", "eventlet", "ddtrace", "coverage", "newrelic", "opentelemetry", "elasticapm", "sentry_sdk"),
        *("typeguard", "beartype", "jaxtyping", "django", "matplotlib", "nest_asyncio", "uvloop", "truststore"),
    }
)
_SET_UP_CALLS = frozenset({"multiprocessing.set_start_method", "asyncio.set_event_loop_policy", "importlib.reload"})
# Functions that change what is imported later, and not what was imported before: by their names alone, or in packages.
_PATCHES = re.compile(r"^_*(?:patch_all|monkey_?patch(?:_all)?|install_import_hook)$")
_PATCHES_OF_PACKAGES = re.compile(r"^(?:patch(?:_\w+)?|process_startup|initialize|instrument\w*|beartype_\w+)$")
# Imports that patch by being made.
_PATCHING_IMPORTS = ("ddtrace.auto", "ddtrace.bootstrap", "opentelemetry.instrumentation.auto_instrumentation")

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class StartUp:
    """Answers for the top level of one module."""

    def __init__(self, tree: ast.Module) -> None:
        self._origins = dict(_imported(tree))
        self._patching: set[str] = set()
        self._called_first = frozenset(_called_names(tree))

    def has(self, statement: ast.stmt) -> bool:
        """Whether a statement does something: calls, deletes, or sets what is not a mere name."""
        return self.is_known(statement) or any(_has_effect(node) for node in _run_nodes(statement))

    def is_known(self, statement: ast.stmt) -> bool:
        """Whether a statement is known to set the process up for what comes, whatever that is."""
        if is_main_guard(statement):
            return False
        if self.hooks(statement):
            return True
        made = (node.value for node in _run_nodes(statement) if isinstance(node, ast.Expr))
        return any(self._is_set_up(call) for call in made if isinstance(call, ast.Call))

    def hooks(self, statement: ast.stmt) -> bool:
        """Whether a statement changes what is imported after it, and not what was imported before."""
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            return _patches_by_import(statement)
        if is_main_guard(statement):
            return False
        return any(self._is_hook(call) or self._called(call) in self._patching for call in _calls(statement))

    def defines_hook(self, statement: ast.stmt) -> bool:
        """Whether a statement is a function for that; its calls are known from then on."""
        if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return False
        if any(map(self._is_hook, _calls(statement))):
            self._patching.add(statement.name)
        return statement.name in self._patching

    def is_called(self, definition: ast.stmt) -> bool:
        """Whether the top level itself calls a function."""
        return isinstance(definition, ast.FunctionDef) and definition.name in self._called_first

    def _is_set_up(self, call: ast.Call) -> bool:
        dotted = self._called(call)
        return dotted.partition(".")[0] in _SET_UP or dotted in _SET_UP_CALLS

    def _is_hook(self, call: ast.Call) -> bool:
        package, _, _ = (dotted := self._called(call)).partition(".")
        function = dotted.rpartition(".")[2]
        of_package = package in _SET_UP and _PATCHES_OF_PACKAGES.match(function) is not None
        return of_package or _PATCHES.match(function) is not None

    def _called(self, call: ast.Call) -> str:
        """The dotted name of what is called, by the imports of the module's top level; its last part at least."""
        parts: list[str] = []
        node: ast.expr = call.func
        while isinstance(node, (ast.Attribute, ast.Call)):
            if isinstance(node, ast.Attribute):
                parts.append(node.attr)
            node = node.value if isinstance(node, ast.Attribute) else node.func
        if isinstance(node, ast.Name):
            parts.append(self._origins.get(node.id, node.id))
        return ".".join(reversed(parts))


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The names that the top level imports, also in an `if` or a `try`, with what they refer to."""
    for statement in tree.body:
        if isinstance(statement, _DEFINITIONS):
            continue
        for node in _run_nodes(statement):
            if isinstance(node, ast.Import):
                yield from (
                    (a.asname or a.name.partition(".")[0], a.name if a.asname else a.name.partition(".")[0])
                    for a in node.names
                )
            elif isinstance(node, ast.ImportFrom):
                yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)


def _called_names(tree: ast.Module) -> Iterator[str]:
    for statement in tree.body:
        if not isinstance(statement, _DEFINITIONS) and not is_main_guard(statement):
            yield from (call.func.id for call in _calls(statement) if isinstance(call.func, ast.Name))


def is_main_guard(statement: ast.stmt) -> bool:
    """Whether a statement is for the program alone, whose imports have been made by then."""
    return isinstance(statement, ast.If) and "__main__" in ast.unparse(statement.test)


def _patches_by_import(statement: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(statement, ast.Import):
        names = [alias.name for alias in statement.names]
    else:
        names = [f"{statement.module}.{alias.name}" for alias in statement.names]
    return any(f"{name}.".startswith(f"{module}.") for name in names for module in _PATCHING_IMPORTS)


def _has_effect(node: ast.AST) -> bool:
    """Whether code may do more than give a name to something that is there."""
    match node:
        case ast.Call() | ast.Await() | ast.Delete() | ast.With() | ast.AugAssign():
            return True
        case ast.Assign(targets=targets):
            return any(isinstance(target, (ast.Attribute, ast.Subscript)) for target in targets)
        case ast.AnnAssign(target=target):
            return isinstance(target, (ast.Attribute, ast.Subscript))
    return False


def _calls(statement: ast.stmt) -> Iterator[ast.Call]:
    return (node for node in _run_nodes(statement) if isinstance(node, ast.Call))


def _run_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """The nodes of a statement, without those of the functions and classes in it; of a function, those of its body."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if node is statement or not isinstance(node, (*_DEFINITIONS, ast.Lambda)):
            yield node
            waiting.extend(ast.iter_child_nodes(node))
