"""Which expressions are loggers, and of which kind. An unknown one is None, and never reported."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from printlint.facts.loggers.classes import Assigned, Classes
from printlint.facts.loggers.displays import Displays
from printlint.facts.loggers.external_names import ExternalNames, NoExternalNames
from printlint.facts.loggers.kinds import (
    WELL_KNOWN,
    LoggerKind,
    LoggerValue,
    agreed,
    held_by,
    instance_of,
    made_by,
    made_of,
)
from printlint.logging_names import METHODS
from printlint.names.bindings import Binding, BindingKind, Scope
from printlint.names.qualified import Names, is_none
from printlint.names.scopes import ScopeTree


class Loggers:
    """Answers for one module. `setup_module` names the module whose `get_logger` makes awaitable loggers."""

    def __init__(
        self,
        scopes: ScopeTree,
        names: Names,
        setup_module: str | None = None,
        external: ExternalNames | None = None,
    ) -> None:
        self._scopes = scopes
        self._names = names
        self._setup_module = setup_module
        self._external: ExternalNames = external or NoExternalNames()
        self._displays = Displays(scopes, names)
        self.classes = Classes(scopes, names)
        self._cache: dict[ast.expr, LoggerValue | None] = {}
        self._open: set[ast.AST] = set()  # what is being evaluated

    def value(self, node: ast.expr) -> LoggerValue | None:
        """The logger that an expression evaluates to, or None where the code does not tell."""
        if node not in self._cache:
            self._cache[node] = None  # a definition in terms of itself tells nothing
            self._open.add(node)
            self._cache[node] = self._evaluate(node)
            self._open.discard(node)
        return self._cache[node]

    def _evaluate(self, node: ast.expr) -> LoggerValue | None:
        match node:
            case ast.Name():
                return self._of_name(node)
            case ast.Attribute():
                return self._of_attribute(node)
            case ast.Call():
                return self._of_call(node)
            case ast.BoolOp(values=operands):
                return agreed([self.value(operand) for operand in operands if not is_none(operand)])
            case ast.IfExp(body=body, orelse=orelse):
                return agreed([self.value(arm) for arm in (body, orelse) if not is_none(arm)])
            case ast.NamedExpr(value=value):
                return self.value(value)
            case ast.Subscript():
                return self._of_all(self._displays.taken_by(node))
        return None

    def _of_all(self, taken: list[ast.expr] | None) -> LoggerValue | None:
        """The logger that all of what a display may give is."""
        found = agreed([self.value(item) for item in taken]) if taken else None
        return found._replace(plain=False) if found else None

    # Names

    def _of_name(self, node: ast.Name) -> LoggerValue | None:
        return self.of_bindings(self._names.bindings(node))

    def of_bindings(self, bindings: Iterable[Binding]) -> LoggerValue | None:
        """The logger that all of a name's bindings agree on.

        `x = None` and `del x` have no say, and in `x = x.getChild("a")` it is the other bindings that say what `x` was.
        """
        values = []
        for binding in bindings:
            if binding.kind is BindingKind.DELETE or is_none(binding.value) or binding.value in self._open:
                continue
            values.append(self._of_binding(binding))
        return agreed(values)

    def _of_binding(self, binding: Binding) -> LoggerValue | None:
        if binding.kind is BindingKind.IMPORT and binding.origin:
            return WELL_KNOWN.get(binding.origin) or self._external.value(binding.origin)
        if binding.kind is BindingKind.ASSIGN and isinstance(binding.value, ast.expr):
            return self.value(binding.value) or self.of_annotation(binding.annotation)
        if binding.kind in (BindingKind.PARAMETER, BindingKind.ANNOTATION):
            return self.of_annotation(binding.annotation)
        if binding.kind is BindingKind.TARGET and isinstance(binding.node, ast.Name):
            return self._of_all(self._displays.given_to(binding.node))
        return None

    def of_annotation(self, annotation: ast.expr | None) -> LoggerValue | None:
        """`logging.Logger`, also as a string, `Optional[...]`, `... | None`, `Final`, `ClassVar`, with parameters."""
        match annotation:
            case None:
                return None
            case ast.Constant(value=str(text)):
                return self._of_string_annotation(text, annotation)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return agreed([self.of_annotation(arm) for arm in (left, right) if not is_none(arm)])
            case ast.Subscript(value=wrapper, slice=inner):
                name = (self._names.qualified(wrapper) or "").rpartition(".")[2]
                if name in ("Optional", "Final", "ClassVar", "Annotated", "Union"):
                    arms = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                    arms = arms[:1] if name == "Annotated" else arms
                    return agreed([self.of_annotation(arm) for arm in arms if not is_none(arm)])
                return self.of_annotation(wrapper)
        return self._instance_of(annotation)

    def _of_string_annotation(self, text: str, place: ast.expr) -> LoggerValue | None:
        try:
            parsed = ast.parse(text, mode="eval").body
        except (SyntaxError, ValueError):
            return None
        self._scopes.place(parsed, place)
        return self.of_annotation(parsed)

    def _instance_of(self, class_: ast.expr) -> LoggerValue | None:
        qualified = self._names.qualified(class_)
        if (known := instance_of(qualified)) is not None:
            return known
        if qualified is not None:
            return self._external.instance(qualified)
        return self._of_local_class(class_) if isinstance(class_, ast.Name) else None

    def _of_local_class(self, name: ast.Name) -> LoggerValue | None:
        for binding in self._names.bindings(name):
            if (value := self.of_class(binding)) is not None:
                return value
            if binding.kind is BindingKind.ASSIGN and isinstance(binding.value, (ast.BinOp, ast.Subscript)):
                return self.of_annotation(binding.value)
        return None

    def of_class(self, binding: Binding) -> LoggerValue | None:
        """An instance of a class that derives from Logger or LoggerAdapter and keeps its methods synchronous."""
        if not isinstance(binding.value, ast.ClassDef):
            return None
        found = [value for base in binding.value.bases if (value := self._base_instance(base))]
        if not found:
            return None
        scope = self._scopes.opened_by(binding.value)
        own = {name: scope.bindings_of(name) for name in _METHOD_NAMES if scope.bindings_of(name)}
        if any(isinstance(item.value, ast.AsyncFunctionDef) for items in own.values() for item in items):
            return None
        more = (self._methods_of_mixin(base) for base in binding.value.bases if self._base_instance(base) is None)
        own_methods = frozenset(own).union(*(value.own_methods for value in found), *more)
        return found[0]._replace(plain=False, derived=True, own_methods=own_methods)

    def _methods_of_mixin(self, base: ast.expr) -> frozenset[str]:
        """The methods that a class which is no logger may put before a logger's: all, if the class is unknown."""
        if _is_bare(self._names.qualified(base.value if isinstance(base, ast.Subscript) else base)):
            return frozenset()
        scope = self.classes.of(base)
        if scope is None or not isinstance(scope.node, ast.ClassDef):
            return _METHOD_NAMES
        own = frozenset(name for name in _METHOD_NAMES if scope.bindings_of(name))
        return own.union(*map(self._methods_of_mixin, scope.node.bases))

    def _base_instance(self, base: ast.expr) -> LoggerValue | None:
        return self._instance_of(base.value if isinstance(base, ast.Subscript) else base)

    # Calls

    def _of_call(self, node: ast.Call) -> LoggerValue | None:
        qualified = self._names.qualified(node.func)
        if (made := made_of(node, qualified)) is not None:
            return made
        if qualified == "typing.cast" and len(node.args) == 2:
            return self.value(node.args[1])
        if qualified and self._setup_module:
            if qualified == f"{self._setup_module}.get_logger":
                return LoggerValue(LoggerKind.QUEUE, plain=True, created=(node,))
            if qualified == f"{self._setup_module}.get_async_logger":
                return LoggerValue(LoggerKind.AIOLOGGER)
        if qualified and (value := self._external.returned(qualified) or made_by(qualified)) is not None:
            return value
        if isinstance(node.func, ast.Attribute):
            return self._of_method(node, node.func)
        if isinstance(node.func, ast.Name):
            return self._of_local_class(node.func) or self._of_local_function(node.func)
        return None

    def _of_method(self, call: ast.Call, func: ast.Attribute) -> LoggerValue | None:
        receiver = self.value(func.value)
        if receiver is None:
            return self._of_own_method(func) or self._of_all(self._displays.got_by(call))
        if func.attr == "getChild":
            return LoggerValue(LoggerKind.STDLIB, derived=receiver.derived, own_methods=receiver.own_methods)
        if receiver.kind is LoggerKind.STRUCTLOG and func.attr in ("bind", "new", "unbind", "try_unbind"):
            return LoggerValue(LoggerKind.STRUCTLOG)
        if receiver.kind is LoggerKind.LOGURU and func.attr in ("bind", "patch", "opt"):
            return receiver._replace(plain=receiver.plain and func.attr == "bind")
        return None

    def _of_own_method(self, func: ast.Attribute) -> LoggerValue | None:
        owner = self.classes.of(func.value)
        for binding in owner.bindings_of(func.attr) if owner else []:
            return self.returned_by(binding.value)
        return None

    def _of_local_function(self, func: ast.Name) -> LoggerValue | None:
        bindings = self._names.bindings(func)
        return self.returned_by(bindings[0].value) if len(bindings) == 1 else None

    def returned_by(self, function: ast.AST | None) -> LoggerValue | None:
        """The logger that a function gives, by its annotation or by all of its returns."""
        if not isinstance(function, ast.FunctionDef):
            return None
        by_annotation = self.of_annotation(function.returns)
        if by_annotation is not None:
            return by_annotation
        returns = [
            node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Return) and self._scopes.scope_of(node).node is function
        ]
        values = [self._of_returned(value) if value is not None else None for value in returns]
        found = agreed(values)
        return found._replace(plain=False, created=()) if found else None

    def _of_returned(self, node: ast.expr) -> LoggerValue | None:
        """What a `return` gives: a parameter that is made a logger unless it is one has no say in it."""
        if not isinstance(node, ast.Name):
            return self.value(node)
        bindings = self._names.bindings(node)
        made = [binding for binding in bindings if binding.kind is not BindingKind.PARAMETER]
        return self.of_bindings(made or bindings)

    # Attributes

    def _of_attribute(self, node: ast.Attribute) -> LoggerValue | None:
        qualified = self._names.qualified(node)
        if qualified is not None:
            return WELL_KNOWN.get(qualified) or self._external.value(qualified)
        owner = self.classes.of(node.value)
        if owner is not None:
            return self.of_class_attribute(owner, node.attr)
        return held_by(self._class_made(node.value), node.attr)

    def _class_made(self, node: ast.expr) -> str | None:
        """The qualified name of what is called to make the only value of a name: `app = Flask(...)`."""
        made = self._names.made_by(node) if isinstance(node, ast.Name) else None
        return self._names.qualified(made.func) if made is not None else None

    def of_class_attribute(self, owner: Scope, name: str) -> LoggerValue | None:
        """The logger that instances of a class hold under a name, their own or inherited."""
        assigned = [item for item in self.classes.attributes(owner, name) if not is_none(item.value)]
        if assigned:
            return agreed([self._of_assigned(item) for item in assigned])
        assert isinstance(owner.node, ast.ClassDef)
        for base in owner.node.bases:
            outer = self.classes.of(base)
            qualified = self._names.qualified(base)
            if outer is not None and outer is not owner:
                inherited = self.of_class_attribute(outer, name)
            else:
                inherited = (self._external.attribute(qualified, name) if qualified else None) or held_by(
                    qualified, name
                )
            if inherited is not None:
                return inherited
        return None

    def _of_assigned(self, item: Assigned) -> LoggerValue | None:
        if isinstance(item.value, ast.FunctionDef):
            decorators = {self._names.qualified(node) for node in item.value.decorator_list}
            is_property = decorators & {"builtins.property", "functools.cached_property"}
            return self.returned_by(item.value) if is_property else None
        by_value = self.value(item.value) if isinstance(item.value, ast.expr) else None
        return by_value or self.of_annotation(item.annotation)


_METHOD_NAMES = METHODS | {"_log", "handle", "makeRecord"}


def _is_bare(qualified: str | None) -> bool:
    """Whether a base class is known to bring no methods of a logger."""
    module, _, name = (qualified or "").rpartition(".")
    return module in ("abc", "typing") or (module == "builtins" and name == "object")
