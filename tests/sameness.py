"""An oracle of the tests' own: whether two programs are the same outside of given places. It shares no code with
`printlint.rewrite.verify`, works on other evidence (the reported findings), and knows what a rewrite may add."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from printlint.finding import Finding
from printlint.source import Source

_ADDED = re.compile(
    r"import logging$|from pprint import pformat|from [\w.]* ?import get_logger|\w+ = \w+(\.\w+)?\(__name__\)$"
    r"|.*\.propagate = False$|setup_logging\(\)$|unblock\([^)]*\)$|LOGGING = logging_config\(\)$"
)


def differences(before: Source, after: Source, findings: Iterable[Finding]) -> list[str]:
    """Where the programs differ though no finding lies there."""
    places = {(item.start.line, item.start.column, item.end.line, item.end.column) for item in findings}
    return list(_Walk(before, places).compare(ast.parse(before.text), ast.parse(after.text)))


class _Walk:
    def __init__(self, source: Source, places: set[tuple[int, int, int, int]]) -> None:
        self._source = source
        self._places = places

    def _reported(self, node: object) -> bool:
        if not isinstance(node, (ast.expr, ast.stmt)):
            return False
        start, end = map(self._source.position, self._source.span(node))
        return (start.line, start.column, end.line, end.column) in self._places

    def compare(self, old: object, new: object) -> Iterator[str]:
        pairs = [(old, new)]
        while pairs:
            old, new = pairs.pop()
            if self._reported(old) or _retargeted(old, new):
                continue
            if isinstance(old, list) and isinstance(new, list):
                left, right = _without_changes(old, new)
                if len(left) != len(right):
                    yield f"{len(left)} parts became {len(right)}: {_text(old)} -> {_text(new)}"
                pairs += zip(left, right, strict=False)
            elif isinstance(old, ast.AST) and type(old) is type(new):
                pairs += [(getattr(old, name, None), getattr(new, name, None)) for name in old._fields if name != "ctx"]
            elif type(old) is not type(new) or old != new:
                yield f"{_text(old)} -> {_text(new)}"


def _without_changes(old: list[object], new: list[object]) -> tuple[list[object], list[object]]:
    """Two bodies, less the imports that only one of them has and the definition of a logger that is new."""
    left, right = list(old), list(new)
    for mine, others in ((left, right), (right, left)):
        surplus = Counter(map(_kind, mine)) - Counter(map(_kind, others))
        for item in list(mine):
            text = _text(item)
            known = isinstance(item, (ast.Import, ast.ImportFrom)) or (mine is right and _ADDED.fullmatch(text))
            if known and surplus[_kind(item)]:
                surplus[_kind(item)] -= 1
                mine.remove(item)
    return left, right


def _retargeted(old: object, new: object) -> bool:
    """`logging.getLogger(name)` that became `get_logger(name)`."""
    return (
        isinstance(old, ast.Call)
        and isinstance(new, ast.Call)
        and "getLogger" in _text(old.func)
        and "get_logger" in _text(new.func)
        and _text(old.args) == _text(new.args)
    )


def _kind(node: object) -> str:
    """The text of a statement, whichever function makes the logger."""
    return re.sub(r"\w+\.getLogger\(|get_\w*logger\(", "getLogger(", _text(node))


def _text(node: object) -> str:
    if isinstance(node, list):
        return "; ".join(map(_text, node))[:200]
    return ast.unparse(node) if isinstance(node, ast.AST) else repr(node)
