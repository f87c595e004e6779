"""The proof before a byte is written: outside of the edited places, the new tree is the old one, and it compiles."""

from __future__ import annotations

import ast
import warnings

from printlint.rewrite.splice import Spliced
from printlint.source import Source, Span


class NotTheSame(Exception):
    """What is wrong with a new text: a bug of printlint's, and a rewrite that is not written."""


def verify(old: ast.Module, old_source: Source, new: ast.Module, new_source: Source, spliced: Spliced) -> None:
    """Walk both trees side by side, past statements of the same text. Raises `NotTheSame` with what differs first."""
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
            stack.extend(
                (getattr(before, name, None), getattr(after, name, None))
                for name in before._fields
                if name != "ctx" and name != "type_comment"
            )
        elif isinstance(before, list) and isinstance(after, list):
            left = [item for item in before if not _is_removed(item, replaced)]
            right = [item for item in after if not _is_added(item, added, new_source)]
            if len(left) != len(right):
                raise NotTheSame(_where(right[-1] if right else None))
            stack.extend(zip(left, right, strict=True))
        elif before != after or type(before) is not type(after):
            raise NotTheSame(_where(after))


def check_compiles(old: Source, new: Source) -> None:
    """Raise `NotTheSame` where Python does not compile the bytes of a new text, and does compile those of the old one.

    The parser accepts more than the compiler: an `await` in an annotation, a `return` outside of a function. What is
    compiled are the bytes, which hold the file's own `__future__` imports and its encoding.
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
    """Whether two statements stand at the same columns of the same lines, wherever those are."""
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
