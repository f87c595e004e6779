"""The small breakages of a Python source that a test should notice; `mutate.py` draws from them."""

from __future__ import annotations

import ast
import zlib
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

# A change there is equivalent: what only makes a program slower or faster, and `strict` of `zip`, which asserts.
_NO_MATTER = frozenset({"maxsize", "chunksize", "buffering", "strict"})

# From here on a number is a limit: that there is one can be noticed, but not whether it is one more.
_LIMIT = 1000

# After one of these, what follows in the same list may not run.
_MAY_LEAVE = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Mutant(NamedTuple):
    """One breakage of a source, and the block of statements that has it."""

    kind: str
    line: int  # from 1
    block: str
    before: str
    after: str
    offset: int  # in bytes

    def applied(self, source: bytes) -> bytes:
        """The source with the breakage."""
        end = self.offset + len(self.before.encode())
        return source[: self.offset] + self.after.encode() + source[end:]


class Block(NamedTuple):
    """Statements whose lines run together, by a name that changes with the text of its function alone."""

    name: str
    statements: list[ast.stmt]


def blocks(tree: ast.Module) -> Iterator[Block]:
    """Each block of a function with its name: `Class.method@1a2b3c4d:2` is the third one of that method."""
    yield from _blocks_of(tree, "", [0])


def _blocks_of(node: ast.AST, function: str, count: list[int]) -> Iterator[Block]:
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, Function):
                digest = f"{zlib.crc32(ast.dump(child).encode()):08x}"
                yield from _blocks_of(child, f"{function.partition('@')[0]}.{child.name}@{digest}".lstrip("."), [0])
            elif isinstance(child, ast.ClassDef):
                yield from _blocks_of(child, f"{function}.{child.name}".lstrip("."), [0])
            elif isinstance(child, ast.AST):
                yield from _blocks_of(child, function, count)
        is_block = field in ("body", "orelse", "finalbody") and isinstance(value, list) and value
        if is_block and function and not isinstance(node, ast.ClassDef):
            for statements in _run_together(value):
                yield Block(f"{function}:{count[0]}", statements)
                count[0] += 1


def _run_together(statements: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    start = 0
    for index, statement in enumerate(statements, 1):
        if index == len(statements) or isinstance(statement, _MAY_LEAVE):
            yield statements[start:index]
            start = index


def mutants(source: str) -> list[Mutant]:
    """Every breakage of a source."""
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
        block = _block_at(tree, owner, node)
        found.append(Mutant(kind, node.lineno, block, data[start:end].decode(), text, start))
    return found


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
    if isinstance(node, (ast.JoinedStr, ast.arguments, ast.Assert)) or _is_for_types(node):
        return
    if isinstance(node, Function):
        if node.name == "__repr__":
            return
        returns = ast.unparse(node.returns) if node.returns else ""
    if (number := _named_number(node)) is not None:
        yield number, "another limit", "1" if number.value == 0 else "0"
        return
    yield from _changes_of(node, returns)
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not (isinstance(child, ast.keyword) and child.arg in _NO_MATTER):
                yield from _changes(child, returns)


def _named_number(node: ast.AST) -> ast.Constant | None:
    """The number of `_MOST = 6`: that it is one more is no promise of anybody's."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=int(number)) as value):
            return value if name.isupper() and not isinstance(number, bool) else None
    return None


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
            yield node, *(("off by one", str(value + 1)) if value < _LIMIT else ("no limit", "0"))
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
