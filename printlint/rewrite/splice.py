"""Replacing spans of a text."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from printlint.source import Span


@dataclass(frozen=True)
class Replacement:
    """New text for a span. `node` is the node of the old tree that it replaces; None where it only adds."""

    span: Span
    text: str
    node: ast.AST | None = None


@dataclass(frozen=True)
class Spliced:
    """A new text, the replacements that made it (by place), and where each of them is now."""

    text: str
    done: tuple[tuple[Replacement, Span], ...]

    def moved(self, offset: int) -> int | None:
        """Where a code point of the old text is in the new one; None where it was replaced."""
        shift = 0
        for item, span in self.done:
            if offset < item.span.start:
                break
            if offset < item.span.end:
                return None
            shift = span.end - item.span.end
        return offset + shift


def splice(text: str, replacements: Iterable[Replacement]) -> Spliced:
    """Put replacements into a text. Of nested ones the outermost is done; those inside it are left for later."""
    # Insertions come before whatever is replaced at the same place.
    ordered = sorted(replacements, key=lambda i: (i.span.start, i.span.start != i.span.end, -i.span.end))
    pieces: list[str] = []
    done: list[tuple[Replacement, Span]] = []
    position = length = 0
    for item in ordered:
        if item.span.start < position:
            continue
        kept = text[position : item.span.start]
        pieces += (kept, item.text)
        length += len(kept)
        done.append((item, Span(length, length + len(item.text))))
        length += len(item.text)
        position = item.span.end
    pieces.append(text[position:])
    return Spliced("".join(pieces), tuple(done))
