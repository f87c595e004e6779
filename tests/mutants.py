"""The small breakages of a Python source that a test should notice; `mutate.py` draws from them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}

# What only makes a program slower or faster: a change there is equivalent.
_SPEED_KEYWORDS = frozenset({"maxsize", "chunksize", "buffering"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Mutant(NamedTuple):
    """A source with one breakage, and the block of statements that has it."""

    kind: str
    line: int  # from 1
    block: str
    source: str


class Block(NamedTuple):
    """A list of statements that run together, by a name that outlives changes elsewhere in the file."""

    name: str
    statements: list[ast.stmt]


def blocks(tree: ast.Module) -> Iterator[Block]:
    """Each block of a function with its name: `Class.method:2` is the third one of that method."""
    yield from _blocks_of(tree, "", [0])


def _blocks_of(node: ast.AST, function: str, count: list[int]) -> Iterator[Block]:
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, (*Function.__args__, ast.ClassDef)):
                inner = f"{function}.{child.name}".lstrip(".")
                yield from _blocks_of(child, inner, [0])
            elif isinstance(child, ast.AST):
                yield from _blocks_of(child, function, count)
        is_block = field in ("body", "orelse", "finalbody") and isinstance(value, list) and value
        if is_block and function and not isinstance(node, ast.ClassDef):
            yield Block(f"{function}:{count[0]}", value)
            count[0] += 1


def mutants(source: str) -> list[Mutant]:
    """Every breakage of a source, in the order of its lines."""
    tree = ast.parse(source)
    data = source.encode()
    starts = [0]
    for line in data.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    owner = {statement: block.name for block in blocks(tree) for statement in block.statements}
    found = []
    for node, kind, text in _changes(tree, ""):
        if node.end_lineno is None or node.end_col_offset is None:
            continue
        start, end = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
        changed = data[:start] + text.encode() + data[end:]
        found.append(Mutant(kind, node.lineno, _block_at(tree, owner, node), changed.decode()))
    return sorted(found)


def _block_at(tree: ast.Module, owner: dict[ast.stmt, str], node: ast.expr | ast.stmt) -> str:
    """The innermost block around a node, or the name that a statement of the module binds, as `=NAME`."""
    line = node.lineno
    around = [stmt for stmt in owner if stmt.lineno <= line <= (stmt.end_lineno or stmt.lineno)]
    if around:
        return owner[max(around, key=lambda stmt: (stmt.lineno, stmt.col_offset))]
    for stmt in ast.walk(tree):
        if isinstance(stmt, (ast.Assign, ast.AnnAssign)) and stmt.lineno <= line <= (stmt.end_lineno or stmt.lineno):
            target = stmt.targets[0] if isinstance(stmt, ast.Assign) else stmt.target
            return f"={ast.unparse(target)}"
    return ""


def _changes(node: ast.AST, returns: str) -> Iterator[tuple[ast.expr | ast.stmt, str, str]]:
    """What stands where, the kind of the change, and the text to be put there."""
    if isinstance(node, (ast.JoinedStr, ast.arguments)) or _is_for_types(node):
        return
    if isinstance(node, Function):
        returns = ast.unparse(node.returns) if node.returns else ""
    yield from _changes_of(node, returns)
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not (isinstance(child, ast.keyword) and child.arg in _SPEED_KEYWORDS):
                yield from _changes(child, returns)


def _is_for_types(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING"
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) in ("__slots__", "__all__")
    return (
        isinstance(node, ast.ClassDef)
        and any(ast.unparse(base) in ("NamedTuple", "Protocol") for base in node.bases)
        and not any(isinstance(item, Function) for item in node.body)
    )


def _changes_of(node: ast.AST, returns: str) -> Iterator[tuple[ast.expr | ast.stmt, str, str]]:
    match node:
        case ast.Compare(ops=[op]) if type(op) in _COMPARISONS:
            swapped = ast.Compare(node.left, [_COMPARISONS[type(op)]()], node.comparators)
            yield node, "comparison", f"({ast.unparse(swapped)})"
        case ast.BoolOp(op=op):
            other = ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), node.values)
            yield node, "and/or", f"({ast.unparse(other)})"
        case ast.UnaryOp(op=ast.Not()):
            yield node, "not dropped", f"({ast.unparse(node.operand)})"
        case ast.Constant(value=bool(value)):
            yield node, "constant", str(not value)
        case ast.Constant(value=int(value)):
            yield node, "off by one", str(value + 1)
        case ast.Set(elts=elements) | ast.Tuple(elts=elements) | ast.Dict(keys=elements):
            yield from _changed_texts(elements)
        case ast.Continue() | ast.Break() | ast.Raise() | ast.AugAssign() | ast.Delete():
            yield node, "statement removed", "pass"
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()):
            yield node, "statement removed", "pass"
        case ast.Return(value=value) if value is not None:
            yield from _changed_return(node, value, returns)
    if isinstance(node, (ast.If, ast.While, ast.IfExp)) and _is_plain(node.test):
        yield node.test, "condition negated", f"(not ({ast.unparse(node.test)}))"
    if isinstance(node, ast.comprehension):
        for test in node.ifs:
            if _is_plain(test):
                yield test, "condition negated", f"(not ({ast.unparse(test)}))"


def _is_plain(test: ast.expr) -> bool:
    """No comparison and no `not`, which other changes negate already; a walrus would lose its parentheses' names."""
    return not isinstance(test, (ast.Compare, ast.Constant)) and not (
        isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    )


def _changed_texts(elements: list[ast.expr | None] | list[ast.expr]) -> Iterator[tuple[ast.expr, str, str]]:
    texts = [item for item in elements if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    if len(texts) == len(elements) and len(texts) > 1:
        for item in texts:
            yield item, "member changed", repr(f"~{item.value}")


def _changed_return(node: ast.Return, value: ast.expr, returns: str) -> Iterator[tuple[ast.stmt, str, str]]:
    if returns == "bool" and not isinstance(value, ast.Constant):
        yield node, "returns True", "return True"
        yield node, "returns False", "return False"
    elif returns.endswith("| None") and not (isinstance(value, ast.Constant) and value.value is None):
        yield node, "returns None", "return None"
