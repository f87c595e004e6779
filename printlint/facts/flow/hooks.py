"""Functions that are called from outside of the program's own code, where no exception is being handled.

Measured on CPython 3.11: `sys.exc_info()` has nothing in `sys.excepthook`, in what an event loop calls, in functions
registered with `atexit` and in new threads. It has the exception in `threading.excepthook`, and in a done callback of
`concurrent.futures`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from printlint.facts.flow.origins import origins
from printlint.facts.module import Module, once_a_module
from printlint.names.enclosing import Function

_HOOKS = frozenset({"sys.excepthook", "sys.unraisablehook"})
_REGISTERING = frozenset(
    {"atexit.register", "threading.Thread", "threading.Timer", "multiprocessing.Process", "weakref.finalize"}
)
# Methods of event loops, by names that nothing else has.
_OF_LOOPS = frozenset(
    {
        *("call_soon", "call_soon_threadsafe", "call_later", "call_at", "add_reader", "add_writer"),
        *("add_signal_handler", "set_exception_handler", "run_in_executor"),
    }
)
_MAKE_TASKS = frozenset({"create_task", "ensure_future", "create_future"})
_NO_TASKS = frozenset({"asyncio.run_coroutine_threadsafe", "asyncio.run", "asyncio.get_event_loop"})


@once_a_module
def is_hook(module: Module, function: Function | ast.Lambda) -> bool:
    """Whether a function is only ever called where no exception is being handled, as far as the module says."""
    if isinstance(function, ast.Lambda):
        return _is_registered(module, function)
    if any(module.qualified(decorator) in _REGISTERING for decorator in function.decorator_list):
        return True
    uses = list(_uses(module, function.name))
    return bool(uses) and all(_is_registered(module, use) for use in uses)


def _uses(module: Module, name: str) -> Iterator[ast.expr]:
    for node in module.scopes.named((name,)):
        if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
            yield node


def _is_registered(module: Module, node: ast.expr) -> bool:
    """Whether a function goes to what calls it where no exception is being handled."""
    parent = module.scopes.parent(node)
    if isinstance(parent, ast.keyword):
        parent = module.scopes.parent(parent)
    match parent:
        case ast.Assign(targets=targets):
            names = [module.qualified(target) for target in targets if isinstance(target, ast.Attribute)]
            return bool(names) and all(name in _HOOKS for name in names)
        case ast.Call(func=func) if func is not node:
            qualified = module.qualified(func)
            if qualified == "functools.partial":
                return _is_registered(module, parent)
            return qualified in _REGISTERING or (isinstance(func, ast.Attribute) and _calls_later(module, func))
    return False


def _calls_later(module: Module, method: ast.Attribute) -> bool:
    if method.attr != "add_done_callback":
        return method.attr in _OF_LOOPS
    return all(_is_task(module, value) for value in origins(module, method.value))


def _is_task(module: Module, node: ast.expr) -> bool:
    """Whether an expression makes a task or a future of asyncio's, or is one of a list of these."""
    if isinstance(node, ast.Name):
        lists = [value for loop in _loops(module, node) for value in origins(module, loop.iter)]
        return bool(lists) and all(isinstance(item, ast.ListComp) and _is_task(module, item.elt) for item in lists)
    if not isinstance(node, ast.Call):
        return False
    qualified = module.qualified(node.func) or ""
    made = isinstance(node.func, ast.Attribute) and node.func.attr in _MAKE_TASKS
    return made or (qualified.startswith("asyncio.") and qualified not in _NO_TASKS)


def _loops(module: Module, name: ast.Name) -> list[ast.For]:
    """The loops whose targets bind a name."""
    parents = (module.scopes.parent(binding.node) for binding in module.names.bindings(name))
    return [parent for parent in parents if isinstance(parent, ast.For)]
