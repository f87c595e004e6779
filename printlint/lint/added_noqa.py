"""`# noqa` comments for findings, where flake8 looks for them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping

from printlint.finding import Finding
from printlint.lint.noqa import INLINE, lines_of, ranges_of
from printlint.source import LINE_END, Source, Unreadable, parse


def with_noqa(source: Source, findings: Iterable[Finding]) -> str:
    """The text with a comment behind the line of each finding; as it was where a line has no room for one.

    Codes join those of a comment that is there. No comment is put into a string, and none that would change the tree.
    """
    ends = {number: last for first, last in ranges_of(lines_of(source.text)) for number in range(first, last + 1)}
    codes: dict[int, set[str]] = {}
    for finding in findings:
        if (line := ends.get(finding.start.line)) is not None:
            codes.setdefault(line, set()).add(finding.code)
    pieces = re.split(f"({LINE_END})", source.text)  # lines, with what ends them in between
    tree = _tree(source)
    together = _commented(pieces, codes)
    if tree is None or _tree(source.with_text(together)) == tree:
        return together if tree is not None else source.text
    for line in sorted(codes):
        alone = _commented(pieces, {line: codes[line]})
        if _tree(source.with_text(alone)) != tree:
            del codes[line]
    return _commented(pieces, codes)


def _commented(pieces: list[str], codes: Mapping[int, set[str]]) -> str:
    new = list(pieces)
    for line, added in codes.items():
        new[2 * (line - 1)] = _with_codes(new[2 * (line - 1)], sorted(added))
    return "".join(new)


def _with_codes(line: str, added: list[str]) -> str:
    found = INLINE.search(line)
    if found is None:
        return f"{line.rstrip()}  # noqa: {', '.join(added)}"
    if found["codes"] is None:
        return line
    listed = found["codes"].rstrip(" ,\t")
    place = found.start("codes") + len(listed)
    return f"{line[:place]}, {', '.join(added)}{line[place:]}"


def _tree(source: Source) -> str | None:
    try:
        return ast.dump(parse(source))
    except (Unreadable, RecursionError, MemoryError):
        return None
