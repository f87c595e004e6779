"""The check before a byte is written: outside the edits, the new tree equals the old one, and the new text compiles.

Edits are made in text, where a wrong offset or a comment in an odd place could change other code. Comparing trees finds
that without trusting the code that made the edits.
"""

from __future__ import annotations

import ast
import warnings

from printlint.rewrite.splice import Spliced
from printlint.source import Source, Span


class NotTheSame(Exception):
    """The new text is wrong, by a bug of printlint: the rewrite is discarded."""


def verify(old: ast.Module, old_source: Source, new: ast.Module, new_source: Source, spliced: Spliced) -> None:
    """Compare both trees outside the edits. Raises `NotTheSame` with the first difference.

    Statements with the same text at the same columns are skipped: equal text parses to equal trees, and comparing lines
    is faster than comparing nodes. A stack replaces recursion, since expressions may be nested deeply.
    """
    old_lines, new_lines = old_source.text.split("\n"), new_source.text.split("\n")
    replaced = {item.node: span for item, span in spliced.done if item.node is not None}
    added = [span for item, span in spliced.done if item.node is None]
    stack: list[tuple[object, object]] = [(old, new)]
    while stack:
        before, after = stack.pop()
        if isinstance(before, ast.AST) and before in replaced:
            _check_place(after, replaced[before], new_source)
        elif isinstance(before, ast.AST) and isinstance(after, ast.AST) and type(before) is type(after):
            if isinstance(before, ast.stmt) and _has_text_of(after, new_lines, before, old_lines):
                continue
            # `ctx` follows from the place of a node. Type comments are not parsed.
            stack.extend(
                (getattr(before, name, None), getattr(after, name, None))
                for name in before._fields
                if name != "ctx" and name != "type_comment"
            )
        elif isinstance(before, list) and isinstance(after, list):
            # Removed and added statements change the length of a list; everything else has to pair up.
            left = [item for item in before if not _is_removed(item, replaced)]
            right = [item for item in after if not _is_added(item, added, new_source)]
            if len(left) != len(right):
                raise NotTheSame(_where(right[-1] if right else None))
            stack.extend(zip(left, right, strict=True))
        elif before != after or type(before) is not type(after):
            raise NotTheSame(_where(after))


def check_compiles(old: Source, new: Source) -> None:
    """Raise `NotTheSame` if Python compiles the bytes of the old text, but not those of the new one.

    The parser accepts more than the compiler does, such as an `await` in an annotation or a `return` outside a
    function. The bytes are compiled, since they contain the file's own `__future__` imports and its encoding.
    """
    if (error := _compile_error(new)) is not None and _compile_error(old) is None:
        line = getattr(error, "lineno", None)
        where = f"line {line} of the new text does not compile" if line else "the new text does not compile"
        raise NotTheSame(f"{where}: {getattr(error, 'msg', None) or error}")


def _compile_error(source: Source) -> Exception | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source.encode(source.text), source.path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return error
    return None


def _has_text_of(after: ast.AST, new_lines: list[str], before: ast.stmt, old_lines: list[str]) -> bool:
    """Whether two statements have the same text at the same columns; their line numbers may differ.

    Decorators are before the first line of a statement, so decorated ones are compared as trees.
    """
    assert isinstance(after, ast.stmt)
    return (
        (before.col_offset, before.end_col_offset) == (after.col_offset, after.end_col_offset)
        and not getattr(before, "decorator_list", None)
        and old_lines[before.lineno - 1 : before.end_lineno] == new_lines[after.lineno - 1 : after.end_lineno]
    )


def _is_removed(item: object, replaced: dict[ast.AST, Span]) -> bool:
    return isinstance(item, ast.stmt) and item in replaced and replaced[item].start == replaced[item].end


def _is_added(item: object, added: list[Span], source: Source) -> bool:
    if not isinstance(item, ast.stmt):
        return False
    span = source.span(item)
    return any(place.start <= span.start and span.end <= place.end for place in added)


def _check_place(after: object, expected: Span, source: Source) -> None:
    if not isinstance(after, (ast.expr, ast.stmt)):
        raise NotTheSame("an edit of the new text is not an expression")
    span = source.span(after)
    if not (expected.start <= span.start and span.end <= expected.end):
        raise NotTheSame(_where(after))


def _where(node: object) -> str:
    line = getattr(node, "lineno", None)
    return f"line {line} of the new text differs" if line else "the new text differs"
