"""PRT900."""

from __future__ import annotations

from collections.abc import Iterator

from printlint.finding import Finding
from printlint.rule import Context, Rule, ignored
from printlint.source import Position, Unreadable


class UnreadableFile(Rule):
    """## What it does
    Reports a file that could not be read, decoded or parsed, at the line where that failed. A file of more than 400
    characters in which no other finding could start (it holds no `print`, no `logging`, no call of a logging method)
    is not parsed: of its errors of syntax, those are reported that leave a bracket or a long string open, that a merge
    has left, or that are Python 2's.

    ## Why is this bad
    Nothing in it was checked. Python itself will mostly refuse the file too.

    ## Example
    ```python
    print "hello"
    ```

    ## Use instead
    ```python
    print("hello")
    ```

    ## Fix safety
    Never rewritten.
    """

    code = "PRT900"
    name = "unreadable-file"
    summary = "a file that could not be read, decoded or parsed"
    examples = (ignored("x = 1"),)

    def check(self, context: Context) -> Iterator[Finding]:
        """Nothing: by the time a rule runs, the file has been read. See `of`."""
        yield from ()

    @classmethod
    def of(cls, path: str, error: Unreadable) -> Finding:
        """The finding for a file that never became a module."""
        place = Position(error.line, error.column)
        return Finding(cls.code, cls.name, path, place, place, error.reason)
