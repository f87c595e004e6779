"""The head of a module: its docstring and its imports, behind which a logger is defined."""

from __future__ import annotations

import ast
from itertools import takewhile

from printlint.logging_names import LOGURU_METHODS, METHODS
from printlint.names.layout import is_stdlib
from printlint.names.start_up import StartUp, is_main_guard

# What writes a text or logs it, and what makes loggers.
_SPEAKING = frozenset(
    {
        *("print", "pprint", "pp", "print_exc", "print_exception", "print_last", "print_stack", "write", "writelines"),
        *(METHODS | LOGURU_METHODS),
        *("getLogger", "get_logger", "getChild", "logger", "Logger"),
    }
)


def leading_block(tree: ast.Module) -> list[ast.stmt]:
    """The docstring and the imports at the top, with whatever harmless is between them, and start-up code among them.

    The logger is defined behind the block and before everything else, so that nothing which runs at import time,
    and no function that another module of an import cycle may call, can come before it. Start-up code belongs to the
    block where an import follows it, and where it is known to set the process up: no new import comes before it. The
    block ends before a statement that may need the logger, unless a patch follows of what is imported later.
    """
    last = 0
    for index, statement in enumerate(tree.body):
        docstring = index == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if docstring or is_import(statement):
            last = index + 1
        elif not _is_inert(statement):
            last = max(last, _behind_start_up(tree, index))
            break
    while last and last < len(tree.body) and _is_dunder(tree.body[last]):
        last += 1
    return tree.body[:last]


def open_imports(tree: ast.Module) -> list[ast.stmt]:
    """The part of the leading block that new imports may be sorted into: what is behind its start-up code."""
    block, start_up = leading_block(tree), StartUp(tree)
    first = next((index for index in range(len(block), 0, -1) if start_up.has(block[index - 1])), 0)
    return block[first:]


def first_import_line(tree: ast.Module) -> int:
    """The first line, from 1, that a new import may come to: that of the imports behind the start-up code."""
    block = leading_block(tree)
    later = open_imports(tree)
    return later[0].lineno if later else (block[-1].end_lineno or 0) + 1 if block else 1


def _behind_start_up(tree: ast.Module, first: int) -> int:
    """The index behind the start-up code from `first` on and the imports that follow it; 0 where there is none."""
    start_up, speaking = StartUp(tree), _speaking_names(tree)

    def is_passed(item: ast.stmt) -> bool:
        """Functions end the region, since others may call them; not those that the start-up code consists of."""
        helps = start_up.is_called(item) and not _speaks(item, speaking)
        return not _is_definition(item) or start_up.defines_hook(item) or helps

    region = list(takewhile(is_passed, tree.body[first:]))
    last_hook = max((index for index, item in enumerate(region, first) if start_up.hooks(item)), default=-1)
    end = started = 0
    for index, statement in enumerate(region, first):
        if index > last_hook and _speaks(statement, speaking):
            return started if any(map(_imports, region[index - first + 1 :])) else end
        if start_up.has(statement) and not _is_definition(statement):
            started = index + 1
            end = started if start_up.is_known(statement) else end
        if started and _imports(statement) and not is_main_guard(statement):
            end = index + 1
    return end


def _imports(statement: ast.stmt) -> bool:
    """Whether a statement imports what the code above it may have prepared: no branch waits for `import json`."""
    return any(
        node is statement or not _is_of_stdlib(node)
        for node in ast.walk(statement)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    )


def _is_of_stdlib(node: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(node, ast.ImportFrom):
        return not node.level and is_stdlib(node.module or "")
    return all(is_stdlib(alias.name) for alias in node.names)


def _is_definition(statement: ast.stmt) -> bool:
    return isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))


def _speaks(statement: ast.stmt, names: frozenset[str]) -> bool:
    """Whether a statement mentions what writes or logs, or makes a logger: the new one may have to be there by then."""
    return any(getattr(node, "id", getattr(node, "attr", None)) in names for node in ast.walk(statement))


def _speaking_names(tree: ast.Module) -> frozenset[str]:
    imports = (statement for statement in tree.body if isinstance(statement, ast.ImportFrom))
    renamed = {alias.asname for item in imports for alias in item.names if alias.asname and alias.name in _SPEAKING}
    return _SPEAKING | renamed


def has_line_of_its_own(tree: ast.Module) -> bool:
    """Whether a new line behind the head would come before everything that follows (no `import os; print(1)`)."""
    block = leading_block(tree)
    if not block or len(block) == len(tree.body):
        return True
    return tree.body[len(block)].lineno > (block[-1].end_lineno or 0)


def is_bare_constant(statement: ast.stmt) -> bool:
    """Whether a statement is a constant alone: a docstring, or `...`."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def is_import(statement: ast.stmt) -> bool:
    """An import, or a `try` or `if TYPE_CHECKING` that holds nothing but imports."""
    match statement:
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=[]):
            suites = [body, orelse, *(handler.body for handler in handlers)]
            return is_import(body[0]) and all(_is_harmless(item) for suite in suites for item in suite)
        case ast.If(test=test, body=body, orelse=orelse):
            guards = ("TYPE_CHECKING", "sys.version_info", "six.PY", "PY2", "PY3")
            text = ast.unparse(test)
            return any(guard in text for guard in guards) and all(_is_harmless(item) for item in (*body, *orelse))
    return False


def _is_harmless(statement: ast.stmt) -> bool:
    return is_import(statement) or _is_inert(statement) or isinstance(statement, ast.Pass)


def _is_inert(statement: ast.stmt) -> bool:
    """A string, or an assignment of constants to names: it runs nothing, so imports may follow it."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or statement.value is None:
        return False
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    constant = (ast.Constant, ast.List, ast.Tuple, ast.Load, ast.Set, ast.UnaryOp, ast.USub)
    return all(isinstance(target, ast.Name) for target in targets) and all(
        isinstance(node, constant) for node in ast.walk(statement.value)
    )


def _is_dunder(statement: ast.stmt) -> bool:
    """`__all__ = [...]` and the like, which are with the imports."""
    if not _is_inert(statement) or not isinstance(statement, ast.Assign):
        return False
    return all(isinstance(target, ast.Name) and target.id.startswith("__") for target in statement.targets)


def imported_modules(tree: ast.Module) -> frozenset[str]:
    """What a module imports anywhere, as written: relative ones with their dots."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return frozenset(found)
