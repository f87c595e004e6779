"""What keeps a handler from being attached again, or beside another: the one notion of "guarded"."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator
from enum import IntEnum
from itertools import pairwise, takewhile

from printlint.facts.flow.origins import origins
from printlint.facts.module import Module, once_a_module
from printlint.names.bindings import ScopeKind
from printlint.names.enclosing import Function, evaluates_with_others, is_main_guard
from printlint.names.qualified import last_name

# Names of decorators that run a function once: `functools.cache`, `run_once`.
_CACHES = r"(?i)cache|memo|once|singleton"
# Names of what remembers that something is done.
_STATE = r"(?i)handler|configured|initiali[sz]ed|_setup|setup_|_done|once|already"
_FILLS = frozenset({"add", "append", "update", "setdefault"})
_EMPTIES = frozenset({"clear", "pop", "remove"})
_SIZES = range(4)
_COMPARISONS: dict[type[ast.cmpop], Callable[[int, int], bool]] = {
    **{ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le},
    **{ast.Gt: operator.gt, ast.GtE: operator.ge},
}
_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_MISSES = frozenset({"KeyError", "AttributeError", "NameError", "LookupError", "IndexError", "Exception"})


class Asked(IntEnum):
    """Whose handlers code has looked for and not found: nobody's, the logger's own, or also those above it."""

    NOBODY = 0
    OWN = 1
    ABOVE = 2


def handlers_asked(module: Module, node: ast.AST) -> Asked:
    """Whose handlers are known to be missing where a node is evaluated, by the tests on the way to it."""
    if not _has_lists(module):
        return Asked.NOBODY
    found = (asked for test, value in _tests(module, node) for asked in _missing_if(module, test, value))
    return max([*found, *_gone_through(module, node)], default=Asked.NOBODY)


@once_a_module
def _has_lists(module: Module) -> bool:
    """Whether the text may ask for the handlers of a logger: it has the word, and not in the module's name alone."""
    text = module.source.text
    return "hasHandlers" in text or text.count("handlers") > text.count("logging.handlers")


def is_attached_once(module: Module, node: ast.expr, function: Function) -> bool:
    """Whether a function that attaches a handler at `node` does so at its first call alone, or removes it again."""
    return (
        any(re.search(_CACHES, last_name(_called(item))) for item in function.decorator_list)
        or any(_empties(item) for item in ast.walk(function))
        or handlers_asked(module, node) is not Asked.NOBODY
        or any(asks_for_state(module, test, function) for test, _ in _tests(module, node))
        or _looks_up_first(module, node, function)
    )


def _called(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator


# Tests on the way


def _tests(module: Module, node: ast.AST) -> Iterator[tuple[ast.expr, bool]]:
    """The tests that decide whether a node of a function, or of the module's body, is reached; with their outcome."""
    around = [node, *takewhile(evaluates_with_others, module.scopes.ancestors(node))]
    for child, outer in pairwise(around):
        match outer:
            case ast.If() | ast.While() | ast.IfExp():
                yield from _outcome(outer, child)
            case ast.BoolOp(op=op, values=values) if child in values:
                yield from ((value, isinstance(op, ast.And)) for value in values[: values.index(child)])
    for statement in around:
        if isinstance(statement, ast.stmt):
            block, index = module.places.block(statement)
            for earlier in block[:index]:
                yield from _left_unless(earlier)


def branches(module: Module, node: ast.AST) -> Iterator[ast.If]:
    """The `if` statements around a node, the innermost first, but for those that ask what is done already."""
    function = module.places.function(node)
    for ancestor in module.scopes.ancestors(node):
        if isinstance(ancestor, ast.If) and not is_main_guard(ancestor):
            if not asks_for_state(module, ancestor.test, function):
                yield ancestor


def left_before(module: Module, node: ast.AST) -> Iterator[ast.If]:
    """The `if` statements of a function that leave it, or the loop, before it comes to a node."""
    for around in [node, *takewhile(evaluates_with_others, module.scopes.ancestors(node))]:
        if isinstance(around, ast.stmt):
            block, index = module.places.block(around)
            for earlier in block[:index]:
                while isinstance(earlier, ast.If) and isinstance(earlier.body[-1], _LEAVES):
                    yield earlier
                    earlier = earlier.orelse[0] if len(earlier.orelse) == 1 else ast.Pass()


def _outcome(outer: ast.If | ast.While | ast.IfExp, child: ast.AST) -> Iterator[tuple[ast.expr, bool]]:
    if child is not outer.test:
        body = outer.body if isinstance(outer.body, list) else [outer.body]
        yield outer.test, child in body


def _left_unless(statement: ast.stmt) -> Iterator[tuple[ast.expr, bool]]:
    """The tests of `if done: return`, `if …: … elif done: return` and `assert`, with the outcome that goes on."""
    match statement:
        case ast.If(test=test, body=[*_, last], orelse=orelse):
            if isinstance(last, _LEAVES):
                yield test, False
                for item in orelse if len(orelse) == 1 else ():
                    yield from _left_unless(item)
            elif orelse and isinstance(orelse[-1], _LEAVES):
                yield test, True
        case ast.Assert(test=test):
            yield test, True


def _missing_if(module: Module, test: ast.expr, value: bool, steps: int = 4) -> Iterator[Asked]:
    """Whose handlers are missing where a test is true or false."""
    if not steps:
        return
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            yield from _missing_if(module, inner, not value, steps)
        case ast.BoolOp(op=op, values=values) if isinstance(op, ast.And) is value:
            for inner in values:
                yield from _missing_if(module, inner, value, steps)
        case ast.NamedExpr(value=inner):
            yield from _missing_if(module, inner, value, steps)
        case ast.Attribute(attr="handlers", value=logger) if not value:
            yield _whose(module, logger)
        case ast.Call(func=ast.Attribute(attr="hasHandlers")) if not value:
            yield Asked.ABOVE
        case ast.Call(func=ast.Name(id="any" | "all" as function), args=[inner]) if (function == "all") is value:
            yield from _mentioned(module, inner)
        case ast.Call(func=ast.Name(id="bool" | "len" | "list"), args=[inner]):
            yield from _missing_if(module, inner, value, steps)
        case ast.Compare(ops=[ast.In() | ast.NotIn() as op], comparators=[right]):
            asks = isinstance(op, ast.NotIn) is value and not _looks_for_new(module, test)
            yield from _mentioned(module, right) if asks else ()
        case ast.Compare(left=left, ops=[op], comparators=[right]) if _is_empty(op, right, value):
            yield from _mentioned(module, left)
        case ast.Name():
            bindings = module.names.bindings(test)
            if len(bindings) == 1 and isinstance(bindings[0].value, ast.expr):
                yield from _missing_if(module, bindings[0].value, value, steps - 1)


def _looks_for_new(module: Module, test: ast.expr) -> bool:
    """Whether a test looks in a list for a handler that the same run of the code has made, and so finds none."""
    function = module.places.function(test)
    if function is None or not isinstance(test, ast.Compare) or not isinstance(test.ops[0], (ast.In, ast.NotIn)):
        return False
    return all(
        isinstance(value, ast.Call)
        and (module.qualified(value.func) or "").startswith("logging.")
        and module.places.function(value) is function
        for value in origins(module, test.left)
    )


def _is_empty(op: ast.cmpop, right: ast.expr, value: bool) -> bool:
    """Whether a comparison of a list, or its length, has an outcome only for the empty one: `== []`, `< 1`."""
    match right:
        case ast.Constant(value=int(number)) if type(op) in _COMPARISONS:
            outcomes = [_COMPARISONS[type(op)](size, number) is value for size in _SIZES]
            return outcomes[0] and not any(outcomes[1:])
        case ast.List(elts=[]) | ast.Constant(value=None):
            return isinstance(op, (ast.Eq, ast.Is)) is value
    return False


def _mentioned(module: Module, node: ast.expr) -> Iterator[Asked]:
    """The lists of handlers that an expression goes through, itself or by a name."""
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute) and part.attr == "handlers":
            yield _whose(module, part.value)
    if isinstance(node, ast.Name):
        for binding in module.names.bindings(node):
            if isinstance(binding.value, ast.expr) and not isinstance(binding.value, ast.Name):
                yield from _mentioned(module, binding.value)


def _whose(module: Module, logger: ast.expr) -> Asked:
    value = module.loggers.value(logger)
    return Asked.ABOVE if value is not None and value.root else Asked.OWN


def _gone_through(module: Module, node: ast.AST) -> Iterator[Asked]:
    """Loops over handlers that leave where the wanted one is found: `for h in log.handlers: … return`, `for … else`."""
    around = [node, *takewhile(evaluates_with_others, module.scopes.ancestors(node))]
    for child, outer in pairwise(around):
        if isinstance(outer, ast.For) and child in outer.orelse:
            yield from _mentioned(module, outer.iter)
        if isinstance(child, ast.stmt):
            block, index = module.places.block(child)
            for earlier in block[:index]:
                if isinstance(earlier, ast.For) and any(isinstance(item, ast.Return) for item in ast.walk(earlier)):
                    yield from _mentioned(module, earlier.iter)


# What is remembered


def asks_for_state(module: Module, test: ast.expr, function: Function | None) -> bool:
    """Whether a test asks for what an earlier call may have left."""
    if _looks_for_new(module, test):
        return False
    if re.search(_STATE, ast.unparse(test)):
        return True
    return any(_is_kept(module, part, function) for part in ast.walk(test) if isinstance(part, ast.expr))


def _is_kept(module: Module, node: ast.expr, function: Function | None, steps: int = 3) -> bool:
    """Whether an expression reads what the module keeps from one call to the next, and changes."""
    match node:
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[container]):
            return _is_filled(module, container)
        case ast.Call(func=ast.Attribute(attr="get", value=container)) | ast.Subscript(value=container):
            return _is_filled(module, container)
        case ast.Call(func=ast.Name(id="hasattr" | "getattr")):
            return True
        case ast.Attribute(attr=attr):
            return bool(module.scopes.stores(attr))
        case ast.Name(id=name):
            holder = module.scopes.scope_of(node).holder(name)
            if holder is None:
                return False
            if holder.node is not function:
                return holder.kind is not ScopeKind.CLASS and len(holder.bindings_of(name)) > 1
            values = [item.value for item in holder.bindings_of(name) if isinstance(item.value, ast.expr)]
            return bool(steps) and any(_is_kept(module, value, function, steps - 1) for value in values)
    return False


def _is_filled(module: Module, container: ast.expr) -> bool:
    """Whether the module puts something into a container that lives longer than a call."""
    name = container.attr if isinstance(container, ast.Attribute) else getattr(container, "id", "")
    if name == "loggerDict":
        return True
    if isinstance(container, ast.Name):
        holder = module.scopes.scope_of(container).holder(name)
        if holder is not None and holder.kind is ScopeKind.FUNCTION and module.scopes.scope_of(container) is holder:
            return False
    for node in module.scopes.named((name,)) if name else ():
        parent = module.scopes.parent(node)
        if isinstance(parent, ast.Subscript) and parent.value is node and isinstance(parent.ctx, ast.Store):
            return True
        if isinstance(parent, ast.Attribute) and parent.attr in _FILLS:
            return True
    return False


def _looks_up_first(module: Module, node: ast.expr, function: Function) -> bool:
    """`try: return known[name]` before the node, or around it: `except KeyError: …`, also with `suppress`."""
    around = [node, *takewhile(evaluates_with_others, module.scopes.ancestors(node))]
    for child, outer in pairwise(around):
        if isinstance(outer, ast.Try) and isinstance(child, ast.ExceptHandler) and _misses(child.type):
            if any(_is_kept(module, item, function) for item in _expressions(outer.body)):
                return True
    for statement in around:
        if isinstance(statement, ast.stmt):
            block, index = module.places.block(statement)
            if any(_returns_kept(module, earlier, function) for earlier in block[:index]):
                return True
    return False


def _returns_kept(module: Module, statement: ast.stmt, function: Function) -> bool:
    match statement:
        case ast.Try(body=[*_, ast.Return(value=value)], handlers=handlers) if value is not None:
            return any(_misses(item.type) for item in handlers) and _is_kept(module, value, function)
        case ast.Try(body=body, handlers=handlers, orelse=[*_, ast.Return(value=value)]) if value is not None:
            kept = any(_is_kept(module, item, function) for item in _expressions(body))
            return kept and any(_misses(item.type) for item in handlers)
        case ast.With(items=items, body=[*_, ast.Return(value=value)]) if value is not None:
            suppresses = any("suppress" in ast.unparse(item.context_expr) for item in items)
            return suppresses and _is_kept(module, value, function)
    return False


def _misses(caught: ast.expr | None) -> bool:
    return caught is None or any(isinstance(item, ast.Name) and item.id in _MISSES for item in ast.walk(caught))


def _expressions(body: list[ast.stmt]) -> Iterator[ast.expr]:
    return (item for statement in body for item in ast.walk(statement) if isinstance(item, ast.expr))


# What is removed


def _empties(node: ast.AST) -> bool:
    """Whether a node takes handlers off a logger, or puts others in their place."""
    match node:
        case ast.Attribute(attr="removeHandler"):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="handlers"), attr=method)):
            return method in _EMPTIES
        case ast.Assign() | ast.AnnAssign() | ast.Delete() | ast.AugAssign(op=ast.Mult()):
            targets = getattr(node, "targets", None) or [node.target]  # type: ignore[union-attr]
            return any(_is_list_of_handlers(item) for target in targets for item in ast.walk(target))
    return False


def _is_list_of_handlers(target: ast.AST) -> bool:
    match target:
        case ast.Attribute(attr="handlers", ctx=ast.Store() | ast.Del()):
            return True
        case ast.Subscript(value=ast.Attribute(attr="handlers"), ctx=ast.Store() | ast.Del()):
            return True
    return False
