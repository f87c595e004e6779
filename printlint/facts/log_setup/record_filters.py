"""What a filter does with the records of a logger or a handler: lets all pass, as they are, or may drop some."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from printlint.facts.flow.definitions import Defined, definitions, library_bases, method_of, owners
from printlint.facts.flow.origins import origins
from printlint.facts.log_setup.logger_names import texts
from printlint.facts.module import Module
from printlint.facts.project.project import Project

_TEXT = frozenset({"msg", "args", "levelno", "levelname", "name"})


def lets_all_pass(module: Module, project: Project, node: ast.expr, names: frozenset[str]) -> bool:
    """Whether a filter is known to let every record of some loggers pass with its text as it is."""
    return all(_passes(module, project, value, names) for value in origins(module, node))


def may_drop(module: Module, node: ast.expr) -> bool:
    """Whether a filter is known to look at a record before it lets it pass, and where that is written."""
    found = list(_bodies(module, Project(), node))
    return bool(found) and not all(_always_true(body) for body in found)


def _passes(module: Module, project: Project, node: ast.expr, names: frozenset[str]) -> bool:
    if isinstance(node, ast.Call) and module.qualified(node.func) == "logging.Filter":
        wanted = [*texts(module, project, node.args[0])] if node.args else [""]
        return len(wanted) == 1 and all(f"{name}.".startswith(f"{wanted[0]}.".lstrip(".")) for name in names)
    found = list(_bodies(module, project, node))
    return bool(found) and all(_always_true(body) for body in found)


def _bodies(module: Module, project: Project, node: ast.expr) -> Iterator[ast.Lambda | ast.FunctionDef]:
    """The code that a filter runs: a function, a lambda, or the method of a class."""
    for value in origins(module, node):
        if isinstance(value, ast.Lambda):
            yield value
            continue
        found: list[Defined] = []
        if isinstance(value, (ast.Name, ast.Attribute)):
            found = [item for item in definitions(module, project, value) if isinstance(item.node, ast.FunctionDef)]
        for owner in owners(module, project, value) if not found else ():
            found += [*method_of(owner, project, "filter"), *method_of(owner, project, "__call__")]
            if not found and library_bases(owner, project) == {"logging.Filter"}:
                return
        yield from (item.node for item in found if isinstance(item.node, ast.FunctionDef))


def _always_true(body: ast.Lambda | ast.FunctionDef) -> bool:
    if isinstance(body, ast.Lambda):
        return _is_true(body.body)
    nodes = list(ast.walk(body))
    changed = any(isinstance(node, ast.Attribute) and _is_store(node) and node.attr in _TEXT for node in nodes)
    returns = [node for node in nodes if isinstance(node, ast.Return)]
    return not changed and bool(returns) and all(_is_true(node.value) for node in returns)


def _is_store(node: ast.Attribute) -> bool:
    return isinstance(node.ctx, (ast.Store, ast.Del))


def _is_true(node: ast.expr | None) -> bool:
    """A true constant, or the record itself, which a filter may give since Python 3.12."""
    match node:
        case ast.Constant(value=value):
            return bool(value)
        case ast.Name(id="record"):
            return True
        case ast.BoolOp(op=ast.Or(), values=operands):
            return any(_is_true(operand) for operand in operands)
    return False
