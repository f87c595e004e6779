"""PRT900."""

from __future__ import annotations

from collections.abc import Iterator

from printlint.facts.context import Context
from printlint.finding import Finding
from printlint.rule import Rule, flagged, ignored
from printlint.source import Position, Unreadable


class UnreadableFile(Rule):
    """## What it does
    Reports a file that could not be read, decoded or parsed, at the line of the error. In files of more than 400
    characters, `check` and flake8 parse only the functions and statements that other findings depend on (a `print`, a
    use of `logging`, a call of a logging method, and what those refer to). In the rest, they report only syntax errors
    that leave a bracket or a string open, merge conflict markers, and Python 2 syntax. `fix` parses each file that it
    rewrites completely.

    ## Why is this bad
    Nothing in the file was checked. Python itself will usually reject it too.

    ## Fix safety
    No fix.
    """

    code = "PRT900"
    name = "unreadable-file"
    summary = "a file that could not be read, decoded or parsed"
    starts = frozenset()
    examples = (
        flagged('print "hello"', instead='print("hello")'),
        ignored("x = 1"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Nothing: by the time a rule runs, the file has been read. See `of`."""
        yield from ()

    @classmethod
    def of(cls, path: str, error: Unreadable) -> Finding:
        """The finding for a file that never became a module."""
        place = Position(error.line, error.column)
        return Finding(cls.code, cls.name, path, place, place, error.reason)
