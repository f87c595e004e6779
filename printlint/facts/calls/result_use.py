"""Whether a program sees what a call gives.

A logging call gives None; on the set-up module's loggers it gives something that can be awaited, and is false as None
is. Only where nobody looks further are the two the same.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from printlint.facts.module import Module
from printlint.logging_names import METHODS
from printlint.names.enclosing import AwaitStatus

# Functions that call what they are given and drop what it gives (library reference, of each module).
_DROPPING_METHODS = frozenset(
    {
        *("add_done_callback", "call_soon", "call_soon_threadsafe", "call_later", "call_at"),
        *("add_signal_handler", "add_reader", "add_writer", "add_timeout", "add_callback"),
    }
)
_DROPPING_FUNCTIONS = frozenset(
    {
        *("atexit.register", "signal.signal", "weakref.finalize", "weakref.ref"),
        *("threading.Thread", "threading.Timer", "multiprocessing.Process", "multiprocessing.context.Process"),
    }
)
# Decorators that give the function back as it is (documentation of each).
_GIVING_BACK = frozenset({"atexit.register", "public.public", "typing.final", "typing.no_type_check"})
_HOOKS = frozenset({"sys.excepthook", "sys.unraisablehook", "threading.excepthook"})
# What has been followed already: names by their text, parameters by their nodes.
_Followed = frozenset[str | ast.arg]
_ASK_FOR_TRUTH = frozenset({"builtins.any", "builtins.all", "builtins.bool"})


def value_used(module: Module, node: ast.expr) -> bool:
    """Whether the program can tell what value the call at `node` gives from another false one.

    A statement drops it, and so do the operands of a dropped `a and b` or `b if c else d`; a test asks for no more
    than its truth. A lambda returns it to the caller of the lambda.
    """
    return _value_used(module, node, frozenset())


def result_used(module: Module, function: ast.expr) -> bool:
    """Whether the program can tell what calls of `function` give: a lambda or a method that is passed on."""
    return _result_used(module, function, frozenset())


def seen_value(module: Module, is_logger: Callable[[ast.expr], bool], *, awaits: bool = True) -> ast.expr | None:
    """Where a module sees what a method of a logger gives, or hands the method on to who may; None where it does not.

    With `awaits`, calls that are or can be awaited are no such place: an await gives None.
    """
    for node in module.scopes.named((*METHODS, "getattr")):
        method = _method(module, node)
        if method is not None and is_logger(method[1]) and _is_seen(module, method[0], awaits):
            return method[0]
    return None


def _method(module: Module, node: ast.AST) -> tuple[ast.expr, ast.expr] | None:
    """`logger.info` or `getattr(logger, ...)`, and its receiver; None for anything else."""
    if isinstance(node, ast.Attribute) and node.attr in METHODS:
        return node, node.value
    call = module.scopes.parent(node)
    if isinstance(node, ast.Name) and isinstance(call, ast.Call) and call.func is node and len(call.args) > 1:
        if _is_other_name(call.args[1]) or module.qualified(node) != "builtins.getattr":
            return None
        return call, call.args[0]
    return None


def _is_other_name(node: ast.expr) -> bool:
    """Whether the name of an attribute is written out and is no method that logs."""
    return isinstance(node, ast.Constant) and node.value not in METHODS


def _is_seen(module: Module, method: ast.expr, awaits: bool) -> bool:
    call = module.scopes.parent(method)
    if isinstance(call, ast.Call) and call.func is method and awaits:
        if module.is_awaited(call) or module.places.await_status(call) is AwaitStatus.LEGAL:
            return False
    return result_used(module, method)


def _value_used(module: Module, node: ast.expr, followed: _Followed) -> bool:
    child: ast.AST = node
    for ancestor in module.scopes.ancestors(node):
        match ancestor:
            case ast.Lambda():
                return _result_used(module, ancestor, followed)
            case ast.Expr() | ast.If() | ast.While() | ast.UnaryOp(op=ast.Not()):
                return False
            case ast.BoolOp(op=ast.Or(), values=values) if child is not values[-1]:
                return False  # being false, it is never what the whole gives
            case ast.IfExp(test=test) if child is test:
                return False
            case ast.comprehension(ifs=tests) if child in tests:
                return False
            case ast.Call(func=func) if child is not func and module.qualified(func) in _ASK_FOR_TRUTH:
                return False
            case ast.ListComp(elt=element) | ast.SetComp(elt=element) | ast.GeneratorExp(elt=element):
                if child is not element:
                    return True
            case ast.BoolOp() | ast.IfExp() | ast.Tuple() | ast.List() | ast.Set():
                pass
            case _:
                return True
        child = ancestor
    return True


def _result_used(module: Module, function: ast.expr, followed: _Followed) -> bool:
    child: ast.AST = function
    for ancestor in module.scopes.ancestors(function):
        match ancestor:
            case ast.Expr():
                return False
            case ast.Call(func=func) if func is child:
                return _value_used(module, ancestor, followed)
            case ast.Call(func=func, args=args):
                if (parameter := _parameter(module, ancestor, child)) is not None:
                    return parameter not in followed and _parameter_use(module, parameter, followed | {parameter})
                if module.qualified(func) != "functools.partial" or child is not args[0]:
                    return not _drops_results(module, func)
            case ast.Assign(targets=[ast.Name() as name]):
                return name.id in followed or _reads_use(module, name, followed | {name.id})
            case ast.Assign(targets=[target]):
                return module.qualified(target) not in _HOOKS
            case ast.keyword() | ast.IfExp() | ast.BoolOp():
                pass
            case _:
                return True
        child = ancestor
    return True


def _drops_results(module: Module, func: ast.expr) -> bool:
    method = func.attr if isinstance(func, ast.Attribute) else ""
    return method in _DROPPING_METHODS or module.qualified(func) in _DROPPING_FUNCTIONS


def _parameter(module: Module, call: ast.Call, argument: ast.AST) -> ast.arg | None:
    """The parameter that an argument is passed as, of a plain function that the module itself defines."""
    if not isinstance(call.func, ast.Name):
        return None
    match [binding.node for binding in module.names.bindings(call.func)]:
        case [ast.FunctionDef() | ast.AsyncFunctionDef() as function]:
            if any(module.qualified(decorator) not in _GIVING_BACK for decorator in function.decorator_list):
                return None  # what is called is what the decorator has made of it
        case _:
            return None
    by_position = [*function.args.posonlyargs, *function.args.args]
    for position, passed in enumerate(call.args):
        if isinstance(passed, ast.Starred):
            return None
        if passed is argument:
            return by_position[position] if position < len(by_position) else None
    return None


def _parameter_use(module: Module, parameter: ast.arg, followed: _Followed) -> bool:
    """Whether some read of a parameter that is a function sees what the function gives."""
    function = module.scopes.parent(module.scopes.parent(parameter))
    for read in module.scopes.named((parameter.arg,)):
        if isinstance(read, ast.Name) and isinstance(read.ctx, ast.Load):
            holder = module.scopes.scope_of(read).holder(parameter.arg)
            if holder is not None and holder.node is function and _result_used(module, read, followed):
                return True
    return False


def _reads_use(module: Module, name: ast.Name, followed: _Followed) -> bool:
    """Whether some read of a name that is bound to a function sees what the function gives."""
    holder = module.scopes.scope_of(name).holder(name.id)
    for read in module.scopes.named((name.id,)):
        if isinstance(read, ast.Constant):
            return True  # `__all__`, `globals()["say"]`
        if isinstance(read, ast.Name) and isinstance(read.ctx, ast.Load):
            if module.scopes.scope_of(read).holder(name.id) is holder and _result_used(module, read, followed):
                return True
    return False
