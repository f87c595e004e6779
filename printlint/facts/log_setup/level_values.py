"""The level that an expression gives, also where the code computes it: what it is if nobody asks for another.

`os.environ.get("LOG_LEVEL", "WARNING")`, a command line option and a setting are levels by their defaults; of two arms
of a condition, both count.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from printlint.facts.flow.origins import given, origins, values_elsewhere
from printlint.facts.module import Module
from printlint.facts.project.project import Project
from printlint.logging_names import number_of
from printlint.names.bindings import Binding, BindingKind
from printlint.names.qualified import last_name

_WITH_DEFAULT = frozenset({"os.environ.get", "os.getenv", "os.environ.setdefault", "os.environ.pop"})
_SAME_LEVEL = frozenset({"builtins.int", "builtins.str", "logging.getLevelName", "logging._checkLevel"})
_OPTIONS = frozenset({"add_argument", "option", "Option", "argument", "Argument", "Field", "field", "config", "env"})
_MAX_STEPS = 8


class LevelValues:
    """Answers for the expressions of one module."""

    def __init__(self, module: Module, project: Project) -> None:
        self._module = module
        self._project = project

    def highest(self, node: ast.expr) -> int | None:
        """The highest level that an expression may give by default; None where nothing tells."""
        return max(self._values(node, _MAX_STEPS), default=None)

    def _values(self, node: ast.expr, steps: int) -> Iterator[int]:
        for value in self._origins(node) if steps else ():
            yield from self._value(value, steps - 1)

    def _origins(self, node: ast.expr) -> Iterator[ast.expr]:
        """Where a level comes from; of what a parameter is set to on a condition, only what it is without a value.

        After `if verbose is False: level = "ERROR"` the level is the caller's, after `if level is None: …` it is not.
        """
        bindings = self._module.names.bindings(node) if isinstance(node, ast.Name) else []
        if not any(binding.kind is BindingKind.PARAMETER for binding in bindings):
            yield from origins(self._module, node)
            return
        for binding in bindings:
            if binding.kind is BindingKind.PARAMETER and isinstance(binding.value, ast.arg):
                yield from (
                    value for item in given(self._module, binding.value) for value in origins(self._module, item)
                )
            elif isinstance(binding.value, ast.expr) and not self._is_chosen(binding):
                yield from origins(self._module, binding.value)
        if all(binding.kind is BindingKind.PARAMETER for binding in bindings):
            yield node

    def _is_chosen(self, binding: Binding) -> bool:
        """Whether a name is assigned on a condition that does not ask for the name."""
        block = self._module.scopes.parent(self._module.places.statement(binding.node))
        if not isinstance(block, ast.If):
            return False
        return all(not isinstance(node, ast.Name) or node.id != binding.name for node in ast.walk(block.test))

    def _value(self, node: ast.expr, steps: int) -> Iterator[int]:
        match node:
            case ast.Constant(value=int(number)) if not isinstance(number, bool):
                yield number
            case ast.Constant(value=str(text)):
                yield from _of_text(text)
            case ast.BinOp(left=left, op=op, right=right):
                yield from self._sum(left, op, right, steps)
            case ast.Call():
                yield from self._of_call(node, steps)
            case ast.Subscript(value=table, slice=key):
                yield from self._of_table(table, key, steps)
            case ast.Attribute(value=inner, attr="value" | "name" | "upper" | "lower"):
                yield from self._values(inner, steps)
            case ast.Name() | ast.Attribute():
                yield from self._of_name(node, steps)

    def _sum(self, left: ast.expr, op: ast.operator, right: ast.expr, steps: int) -> Iterator[int]:
        """`logging.WARNING - 10 * args.verbose` is a warning's where nobody asks for more."""
        added = max(self._values(right, steps), default=0)
        for number in self._values(left, steps):
            if isinstance(op, (ast.Add, ast.Sub)):
                yield number + added if isinstance(op, ast.Add) else number - added
            elif isinstance(op, ast.Mult) and added:
                yield number * added

    def _of_call(self, call: ast.Call, steps: int) -> Iterator[int]:
        qualified = self._module.qualified(call.func) or ""
        arguments = call.args
        if qualified in _WITH_DEFAULT:
            arguments = arguments[1:2]
        elif qualified == "builtins.getattr":
            arguments = arguments[1:]
        elif qualified in ("builtins.max", "builtins.min"):
            chosen = [max(found) for argument in arguments if (found := list(self._values(argument, steps)))]
            yield from [max(chosen) if qualified.endswith("max") else min(chosen)] if chosen else []
            return
        elif isinstance(call.func, ast.Attribute) and call.func.attr in ("upper", "lower", "strip"):
            arguments = [call.func.value]
        elif isinstance(call.func, ast.Attribute) and call.func.attr == "get":
            found = [*self._of_table(call.func.value, arguments[0], steps)] if arguments else []
            yield from found
            arguments = [] if found else arguments[1:2]
        elif qualified not in _SAME_LEVEL:
            arguments = self._default_of(call)
        for argument in arguments:
            yield from self._values(argument, steps)

    def _default_of(self, call: ast.Call) -> list[ast.expr]:
        """The default of an option, a field or a setting, by keyword or as the first value."""
        if last_name(call.func) not in _OPTIONS:
            return []
        return [item.value for item in call.keywords if item.arg == "default"] or call.args[:1]

    def _of_table(self, table: ast.expr, key: ast.expr, steps: int) -> Iterator[int]:
        """`{"quiet": logging.ERROR}[name]`, and `[WARNING, INFO, DEBUG][verbosity]`, whose first is the default."""
        if (self._module.qualified(table) or "").endswith("_nameToLevel"):
            yield from self._values(key, steps)
        for value in origins(self._module, table):
            if isinstance(value, (ast.List, ast.Tuple)) and value.elts:
                yield from self._values(value.elts[0], steps)
            elif isinstance(value, ast.Dict):
                yield from self._of_dict(value, key, steps)
            elif isinstance(value, ast.Call) and (self._module.qualified(value.func) or "").startswith("logging.get"):
                yield from self._values(key, steps)  # getLevelNamesMapping()

    def _of_dict(self, table: ast.Dict, key: ast.expr, steps: int) -> Iterator[int]:
        wanted = {item.value for item in self._keys(key) if isinstance(item, ast.Constant)}
        for known, value in zip(table.keys, table.values, strict=True):
            if isinstance(known, ast.Constant) and known.value in wanted:
                yield from self._values(value, steps)

    def _keys(self, key: ast.expr) -> Iterator[ast.expr]:
        for value in origins(self._module, key):
            if isinstance(value, ast.Attribute):
                yield from self._defaults_of_option(value.attr)
            elif isinstance(value, ast.Call) and self._module.qualified(value.func) in _WITH_DEFAULT:
                yield from value.args[1:2]
            else:
                yield value

    def _of_name(self, node: ast.Name | ast.Attribute, steps: int) -> Iterator[int]:
        """A constant of logging's, an option of the command line, or what another file or a class gives a name."""
        qualified = self._module.qualified(node) or ""
        if qualified.startswith("logging."):
            yield from _of_text(qualified.removeprefix("logging."))
            return
        if qualified and (found := self._project_value(qualified)) is not None:
            module, value = found
            yield from LevelValues(module, self._project)._values(value, steps)
            return
        for default in self._defaults_of_option(last_name(node)):
            yield from self._values(default, steps)

    def _defaults_of_option(self, name: str) -> Iterator[ast.expr]:
        """The defaults of the options and the class attributes that this module calls by a name."""
        for call in self._module.calls_named(_OPTIONS):
            spelled = {word for argument in call.args for word in _option_names(argument)}
            spelled |= {item.value.value for item in call.keywords if item.arg == "dest" and _is_text(item.value)}  # type: ignore[attr-defined]
            if name in spelled:
                yield from (item.value for item in call.keywords if item.arg == "default")
        for scope in self._module.scopes.scopes:
            if isinstance(scope.node, ast.ClassDef):
                yield from _values_of(scope.bindings_of(name))

    def _project_value(self, qualified: str) -> tuple[Module, ast.expr] | None:
        """What a name of another file of the project is bound to."""
        prefix, _, name = qualified.rpartition(".")
        found = next(values_elsewhere(self._module, self._project, qualified), None)
        return self._attribute_value(prefix, name) if found is None and "." in prefix else found

    def _attribute_value(self, prefix: str, name: str) -> tuple[Module, ast.expr] | None:
        """`conf.Settings.LEVEL`, `conf.settings.LEVEL` whose class has the value, `conf.args.level` of an option."""
        module = self._project.imported(self._module.layout, prefix.rpartition(".")[0])
        if module is None:
            return None
        found = next(LevelValues(module, self._project)._defaults_of_option(name), None)
        return (module, found) if found is not None else None


def _values_of(bindings: list[Binding]) -> Iterator[ast.expr]:
    return (binding.value for binding in bindings if isinstance(binding.value, ast.expr))


def _option_names(node: ast.expr) -> Iterator[str]:
    if _is_text(node):
        for word in re.findall(r"[A-Za-z][\w-]*", node.value):  # type: ignore[attr-defined]
            yield word.replace("-", "_")


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _of_text(text: str) -> Iterator[int]:
    if (number := number_of(text.strip())) is not None:
        yield number
    elif text.strip().isdigit():
        yield int(text)
