"""What a format string of logging's holds: its fields, as a JSON formatter reads them, and the text between them."""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from printlint.facts.flow.origins import origins
from printlint.facts.module import Module

DEFAULT = "%(message)s"
# One field in each style of `logging.Formatter`, as its documentation has them.
_FIELDS = {
    "%": r"%\((\w+)\)[#0+ -]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[diouxefgcrsaEFGX]|%%",
    "{": r"\{(\w+)((?:[!:.\[])[^{}]*)?\}|\{\{|\}\}",
    "$": r"\$(?:(\w+)|\{(\w+)\}|\$)",
}


class Format(NamedTuple):
    """A format string. `fields` are in order; `specified` is a field with a conversion that only text has.

    `words` says whether the text between the fields says something of its own.
    """

    fields: tuple[str, ...]
    specified: str
    words: bool

    @classmethod
    def of(cls, text: str, style: str) -> Format:
        """The format that a text is in one of the styles `%`, `{` and `$`."""
        pattern = _FIELDS[style]
        found = list(re.finditer(pattern, text))
        fields = tuple(name for match in found for name in match.groups()[: 2 if style == "$" else 1] if name)
        specified = next((match[0] for match in found if style == "{" and match[2]), "")
        return cls(fields, specified, re.search(r"\w", re.sub(pattern, "", text)) is not None)


def constant_texts(module: Module, node: ast.expr) -> list[str] | None:
    """The texts that an expression may be; None where one of them is not written out in the module."""
    texts = []
    for value in origins(module, node):
        text = _text(value)
        if text is None:
            return None
        texts.append(text)
    return texts


def _text(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            first, second = _text(left), _text(right)
            return first + second if first is not None and second is not None else None
        case ast.JoinedStr(values=values) if all(isinstance(value, ast.Constant) for value in values):
            return "".join(str(value.value) for value in values if isinstance(value, ast.Constant))
    return None


def is_computed(module: Module, node: ast.expr) -> ast.expr | None:
    """The part of a format that contains values of the program, which are not fields of a record."""
    for value in origins(module, node):
        for part in ast.walk(value):
            if isinstance(part, ast.FormattedValue):
                return part.value
            if isinstance(part, ast.BinOp) and _text(part) is None:
                return part
    return None
