"""`# noqa`, exactly as flake8 applies it, with the peers' codes counted as ours; ruff's comments beside it.

flake8 searches the whole physical range of the tokens up to the next NEWLINE or NL token: a statement's one
line, or all lines of a multi-line string (its `FileProcessor.noqa_line_for`).
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from functools import cached_property

from printlint.lint.ruff_noqa import Suppressions, may_suppress, suppressions
from printlint.rules import peer_codes

INLINE = re.compile(r"# noqa(?::[\s]?(?P<codes>([A-Z]+[0-9]+(?:[,\s]+)?)+))?", re.IGNORECASE)
# With or without codes behind it: flake8 skips the file at either.
_WHOLE_FILE = r"(?im)^[^\S\n]*+# flake8[:=]\s*noqa"


# The letters that the codes of flake8-print, flake8-logging, flake8-logging-format, flake8-async, pylint and ruff for
# the same offences begin with.
_PEER_LISTED = re.compile(r"# noqa:[^\r\n]{0,300}\b(?:T|G|LOG|ASYNC|TRY|RUF|PLE|PLW|E|W|PRT)[0-9]", re.IGNORECASE)
_SEPARATORS = r"[,\s]+"


def suppresses(line: str, code: str, peers: Iterable[str] = (), *, own: bool = True) -> bool:
    """Whether a `# noqa` in `line` (a physical range as flake8 maps it) covers `code`, or one of its `peers`.

    A prefix matches all codes below it, as in flake8. With `own=False` only the peers' codes count: inside flake8
    the rest is flake8's to apply.
    """
    match = INLINE.search(line)
    if match is None:
        return False
    if match["codes"] is None:
        return own
    listed = tuple(part for part in re.split(_SEPARATORS, match["codes"]) if part)
    if own and code.startswith(listed):
        return True
    # ruff takes codes without a separator apart
    upper = tuple(code for part in listed for code in (part.upper(), *re.findall(r"(?<![A-Z])[A-Z]++[0-9]+", part)))
    return any(peer.startswith(upper) for peer in peers)


class NoqaMap:
    """The suppressions of one file. `whole_file` tells of a `# flake8: noqa` line, at which flake8 skips the file.

    With `own=False` only other tools' codes and ruff's comments count: inside flake8 the rest is flake8's to apply.
    """

    def __init__(self, text: str, *, own: bool = True) -> None:
        self._peers = peer_codes()
        # The word is rare, and tokenizing is slow: it waits until a finding asks, in a file that has the word.
        told = "noqa" in text.lower()
        self._text = text if told and (INLINE if own else _PEER_LISTED).search(text) else ""
        self._own = own
        self._ruff_text = text if may_suppress(text) else ""
        self.whole_file = own and told and re.search(_WHOLE_FILE, text) is not None

    @cached_property
    def _lines(self) -> list[str]:
        return lines_of(self._text)

    @cached_property
    def _ruffs(self) -> Suppressions:
        return suppressions(lines_of(self._ruff_text))

    def _is_alone(self, line: int) -> bool:
        """Whether a line is a range of its own, as all are but those of long strings and of joined lines."""
        if not 0 < line <= len(self._lines):
            return False
        text = self._lines[line - 1]
        above = self._lines[line - 2] if line > 1 else ""
        return '"""' not in text and "'''" not in text and not text.endswith("\\\n") and not above.endswith("\\\n")

    @cached_property
    def _ranges(self) -> dict[int, str]:
        lines = self._lines
        ranges = ((first, last, "".join(lines[first - 1 : last])) for first, last in ranges_of(lines))
        return {number: joined for first, last, joined in ranges for number in range(first, last + 1)}

    def covers(self, line: int, code: str) -> bool:
        """Whether a finding of `code` on `line` (from 1) is suppressed."""
        if self.whole_file or self._covered_by_ruff(line, code):
            return True
        if not self._text:
            return False
        physical = self._lines[line - 1] if self._is_alone(line) else self._ranges.get(line)
        return physical is not None and suppresses(physical, code, self._peers.get(code, ()), own=self._own)

    def _covered_by_ruff(self, line: int, code: str) -> bool:
        return bool(self._ruff_text) and self._ruffs.covers(line, (code, *self._peers.get(code, ())))


def lines_of(text: str) -> list[str]:
    """The physical lines of a text, with line feeds at their ends."""
    return io.StringIO(text, newline=None).readlines()


def ranges_of(lines: list[str]) -> Iterator[tuple[int, int]]:
    """The first and the last line (from 1) of each physical range in which flake8 looks for a comment."""
    first, last = len(lines) + 2, -1
    try:
        for token in tokenize.generate_tokens(iter([*lines, ""]).__next__):
            if token.type in (tokenize.ENDMARKER, tokenize.DEDENT):
                continue
            first, last = min(first, token.start[0]), max(last, token.end[0])
            if token.type in (tokenize.NL, tokenize.NEWLINE):
                yield first, last
                first, last = len(lines) + 2, -1
    except (tokenize.TokenError, SyntaxError):
        return
