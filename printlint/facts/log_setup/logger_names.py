"""The names of the loggers that an expression may refer to, in whichever file it is written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from printlint.facts.flow.definitions import Defined, definitions
from printlint.facts.flow.origins import items_of, origins, values_elsewhere
from printlint.facts.module import Module
from printlint.facts.project.project import Project
from printlint.names.enclosing import Function

EVERY = "*"  # each logger that exists
BY_CALLERS = "?"  # before the name of a function: the loggers whose names its callers give
_MAX_STEPS = 5
_MAKERS = frozenset({"logging.getLogger", "logging.Logger.manager.getLogger", "logging.root.manager.getLogger"})


def logger_names(module: Module, project: Project, node: ast.expr, steps: int = _MAX_STEPS) -> frozenset[str]:
    """The names that the loggers have which an expression may give; empty where it gives none that is known."""
    return frozenset(_names(module, project, node, steps)) if steps else frozenset()


def _names(module: Module, project: Project, node: ast.expr, steps: int) -> Iterator[str]:
    for value in origins(module, node):
        match value:
            case ast.Call(func=func) if module.qualified(func) in _MAKERS or _is_of_setup(module, func):
                given = [*value.args, *(item.value for item in value.keywords if item.arg == "name")]
                yield from texts(module, project, given[0], steps) if given else [""]
            case ast.Call(func=ast.Attribute(value=parent, attr="getChild"), args=[suffix]):
                for name in logger_names(module, project, parent, steps - 1):
                    yield from (f"{name}.{text}".lstrip(".") for text in texts(module, project, suffix, steps))
            case ast.Call():
                yield from _created(module, project, value, steps)
            case ast.Subscript(value=table, slice=key) if _is_table(table):
                yield from texts(module, project, key, steps)
            case ast.Name() if _loops_over_table(module, value):
                yield EVERY
            case ast.Name() if given := list(_mapped(module, value)):
                yield from (name for item in given for name in texts(module, project, item, steps))
            case ast.Name() | ast.Attribute():
                yield from _of_name(module, project, value, steps)


def named_by_callers(module: Module, node: ast.expr) -> str:
    """The function and the parameter by which callers name the logger that an expression gives, or hand it over.

    They are behind a mark, and `function_of` has the function; empty where no caller does.
    """
    for value in origins(module, node):
        by = _named_by(module, value)
        parameter = _parameter(module, by or value)
        if parameter is not None and (by is not None or not _is_method(module, parameter[0])):
            return f"{BY_CALLERS}{parameter[0].name}:{parameter[1].arg}"
    return ""


def function_of(mark: str) -> str:
    """The name of the function whose callers name a logger."""
    return mark.removeprefix(BY_CALLERS).partition(":")[0]


def _named_by(module: Module, value: ast.expr) -> ast.expr | None:
    """What names the logger that a call of `getLogger` makes; None for other expressions."""
    if not isinstance(value, ast.Call) or module.qualified(value.func) not in _MAKERS:
        return None
    return next(iter([*value.args, *(item.value for item in value.keywords if item.arg == "name")]), None)


def _parameter(module: Module, node: ast.expr) -> tuple[Function, ast.arg] | None:
    bindings = module.names.bindings(node) if isinstance(node, ast.Name) else []
    if len(bindings) != 1 or not isinstance(bindings[0].value, ast.arg):
        return None
    function = module.scopes.parent(module.scopes.parent(bindings[0].value) or node)
    return (function, bindings[0].value) if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) else None


def _is_method(module: Module, function: ast.AST) -> bool:
    return isinstance(module.scopes.parent(function), ast.ClassDef)


def names_given(module: Module, project: Project, mark: str, *, some: bool = False) -> frozenset[str]:
    """The names of the loggers that callers of a function name or hand over.

    Where one of them is unknown none is given; with `some`, those that are known are.
    """
    name, _, parameter = mark.removeprefix(BY_CALLERS).partition(":")
    given: list[frozenset[str]] = []
    for function in (binding.value for binding in module.bindings_of(name)):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) and module.layout is not None:
            named = [item for item in _arguments(function) if item.arg == parameter]
            given += [names for item in named for names in _given(module, project, function, item)]
    return frozenset().union(*given) if some or all(given) else frozenset()


def _arguments(function: Function) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _given(module: Module, project: Project, function: Function, parameter: ast.arg) -> list[frozenset[str]]:
    """What each call of a function names or hands over by a parameter: empty where it is unknown."""
    assert module.layout is not None

    def given(other: Module) -> list[frozenset[str]]:
        calls = other.calls_named(frozenset({function.name}))
        arguments = [_argument(module, call, function, parameter) for call in calls]
        return [
            frozenset(texts(other, project, item)) or logger_names(other, project, item)
            for item in filter(None, arguments)
        ]

    paths = project.users(module.layout.path, function.name)
    return [*given(module), *(names for found in project.ask_each(paths, given, whole=False) for names in found)]


def _argument(module: Module, call: ast.Call, function: Function, parameter: ast.arg) -> ast.expr | None:
    """What a call gives a parameter of a function in a module; None where it gives it nothing."""
    for keyword in call.keywords:
        if keyword.arg == parameter.arg:
            return keyword.value
    positional = [*function.args.posonlyargs, *function.args.args][int(_is_method(module, function)) :]
    index = positional.index(parameter) if parameter in positional else len(positional)
    return call.args[index] if index < len(call.args) else None


def _is_of_setup(module: Module, func: ast.expr) -> bool:
    return bool(module.setup_module) and module.qualified(func) == f"{module.setup_module}.get_logger"


def _is_table(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "loggerDict"


def _loops_over_table(module: Module, node: ast.Name) -> bool:
    """Whether a name goes through `logging.root.manager.loggerDict`."""
    for binding in module.names.bindings(node):
        parent = module.scopes.parent(binding.node)
        while isinstance(parent, (ast.Tuple, ast.List)):
            parent = module.scopes.parent(parent)
        if isinstance(parent, (ast.For, ast.comprehension)) and "loggerDict" in ast.unparse(parent.iter):
            return True
    return False


def _mapped(module: Module, node: ast.Name) -> Iterator[ast.expr]:
    """The names that a loop over `map(logging.getLogger, names)` makes loggers of."""
    for binding in module.names.bindings(node):
        loop = module.scopes.parent(binding.node)
        match loop.iter if isinstance(loop, (ast.For, ast.comprehension)) else None:
            case ast.Call(func=func, args=[maker, names]) if module.qualified(func) == "builtins.map":
                yield from items_of(module, names) if module.qualified(maker) in _MAKERS else ()


def _created(module: Module, project: Project, call: ast.Call, steps: int) -> Iterator[str]:
    """The names of the loggers that a call of a function of the project gives."""
    logger = module.loggers.value(call)
    if logger is None or not logger.is_standard:
        return
    for made in logger.created:
        if made is not call:
            yield from logger_names(module, project, made, steps - 1)
    for function in definitions(module, project, call.func):
        for returned in ast.walk(function.node) if not isinstance(function.node, ast.ClassDef) else ():
            if isinstance(returned, ast.Return) and returned.value is not None:
                yield from _returned(module, project, call, function, returned.value, steps)


def _returned(
    module: Module, project: Project, call: ast.Call, function: Defined, value: ast.expr, steps: int
) -> Iterator[str]:
    """The names of the loggers that an expression in a function gives where a call runs it."""
    for item in origins(function.module, value):
        by = _named_by(function.module, item)
        parameter = _parameter(function.module, by or item)
        if parameter is None or parameter[0] is not function.node:
            yield from logger_names(function.module, project, item, steps - 1)
        elif (argument := _argument(function.module, call, *parameter)) is not None:
            names = logger_names if by is None else texts
            yield from names(module, project, argument, steps - 1)


def _of_name(module: Module, project: Project, node: ast.Name | ast.Attribute, steps: int) -> Iterator[str]:
    qualified = module.qualified(node)
    if qualified == "logging.root" or qualified == "logging.Logger.root":
        yield ""
        return
    if qualified is None or module.layout is None:
        logger = module.loggers.value(node)
        for call in logger.created if logger is not None and logger.is_standard else ():
            yield from logger_names(module, project, call, steps - 1)
        return
    for other, value in values_elsewhere(module, project, qualified):
        yield from logger_names(other, project, value, steps - 1)


def own_name(module: Module) -> str:
    """What `__name__` is in a module that is imported; of one that belongs to no file, what its text is called."""
    return module.layout.module if module.layout is not None else Path(module.source.path).stem


def texts(module: Module, project: Project, node: ast.expr, steps: int = _MAX_STEPS) -> Iterator[str]:
    """The texts that an expression may give; the name of a module for `__name__`, the root logger's is empty."""
    for value in origins(module, node) if steps else ():
        match value:
            case ast.Constant(value=None):
                yield ""
            case ast.Constant(value=str(text)):
                yield "" if text == "root" else text
            case ast.Name(id="__name__"):
                yield own_name(module)
            case ast.Name(id="__package__") if module.layout is not None:
                yield module.layout.package
            case ast.Name() if _loops_over_table(module, value):
                yield EVERY
            case ast.Subscript(value=ast.Call(func=ast.Attribute(value=whole)) as divided):
                known = (_part(text, divided, value.slice) for text in texts(module, project, whole, steps - 1))
                yield from (part for part in known if part is not None)
            case ast.JoinedStr(values=parts):
                yield from _joined(module, project, list(parts), steps)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                yield from _joined(module, project, [left, right], steps)
            case ast.Name() | ast.Attribute():
                yield from _text_of_name(module, project, value, steps)


def _part(text: str, divided: ast.Call, index: ast.expr) -> str | None:
    """What an index takes of a text that a call divides (`.rsplit(".", 1)`); None where nothing tells."""
    method = divided.func.attr if isinstance(divided.func, ast.Attribute) else ""
    if method not in ("split", "rsplit", "partition", "rpartition"):
        return None
    try:
        given = [ast.literal_eval(item) for item in divided.args]
        named = {item.arg or "": ast.literal_eval(item.value) for item in divided.keywords}
        part = getattr(text, method)(*given, **named)[ast.literal_eval(index)]
    except (ValueError, TypeError, IndexError):
        return None
    return part if isinstance(part, str) else None


def _joined(module: Module, project: Project, parts: list[ast.expr], steps: int) -> Iterator[str]:
    found = [""]
    for part in parts:
        inner = part.value if isinstance(part, ast.FormattedValue) else part
        found = [before + text for before in found for text in texts(module, project, inner, steps - 1)]
    yield from found


def _text_of_name(module: Module, project: Project, node: ast.Name | ast.Attribute, steps: int) -> Iterator[str]:
    qualified = module.qualified(node)
    if qualified is None or module.layout is None:
        return
    prefix, _, name = qualified.rpartition(".")
    if name == "__name__" and module.layout.find(prefix, project.root) is not None:
        yield prefix
        return
    for other, value in values_elsewhere(module, project, qualified):
        yield from texts(other, project, value, steps - 1)
