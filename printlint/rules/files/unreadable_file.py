"""PRT900."""

from __future__ import annotations

from collections.abc import Iterator

from printlint.facts.context import Context
from printlint.finding import Finding
from printlint.partial.triggers import NO_WORDS
from printlint.rule import Rule, flagged, ignored
from printlint.source import Position, Unreadable


class UnreadableFile(Rule):
    """## What it does
    Reports a file that could not be read, decoded or parsed, at the line where that failed. Of a file with more than
    400 characters, `check` and flake8 parse those functions and statements alone that have a say in other findings
    (they hold a `print`, something of `logging`, a call of a logging method, or what those lead to). Of errors of
    syntax in what is not parsed, those are reported that leave a bracket or a string open, that a merge has left, or
    that are Python 2's. `fix` parses what it rewrites as a whole.

    ## Why is this bad
    Nothing in it was checked. Python itself will mostly refuse the file too.

    ## Fix safety
    Never rewritten.
    """

    code = "PRT900"
    name = "unreadable-file"
    summary = "a file that could not be read, decoded or parsed"
    starts = NO_WORDS
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
