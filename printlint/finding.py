"""What a rule reports: plain data, the same for every front end."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from printlint.source import Position


class Safety(Enum):
    """Whether `fix` applies a fix by default or only with `--unsafe-fixes`."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class Severity(Enum):
    """Whether a finding asks for a change, or is a note, which counts only where its code is selected by name."""

    ERROR = "error"
    NOTE = "note"


class TextEdit(NamedTuple):
    """New text for what is between two positions (they count from 1, columns in code points; `end` is behind it)."""

    start: Position
    end: Position
    text: str


class Fix(NamedTuple):
    """The user-visible side of a planned rewrite.

    `edits` change the finding's own place; `imports` are what they need beside it: imports and the logger's definition,
    or None where that rests on a file that `fix` writes. Both are empty where nobody asked for them.
    """

    safety: Safety
    title: str
    edits: tuple[TextEdit, ...] = ()
    imports: tuple[TextEdit, ...] | None = ()

    @property
    def all_edits(self) -> tuple[TextEdit, ...]:
        """The edits that make the fix, by place; none where more than this file would have to change."""
        return () if self.imports is None or not self.edits else tuple(sorted((*self.imports, *self.edits)))


class Level(NamedTuple):
    """A logging method's name (`"warning"`) and one sentence on why it was chosen.

    `verdict` says why the call is output or a diagnostic, `hidden` which level of the program hides the new message;
    they are empty where nothing is known.
    """

    method: str
    why: str
    verdict: str = ""
    hidden: str = ""

    @property
    def reasons(self) -> str:
        """All reasons in one sentence."""
        return "; ".join(filter(None, (self.why, self.verdict, self.hidden)))


@dataclass(frozen=True)
class Finding:
    """One problem at one place. Positions count from 1, columns in code points.

    `site` is the node that a fix would edit, and `tidied` what a fix has taken away, or made of it; these are no part
    of the finding's identity. `cause` is the absolute path and the line of the finding that this one follows from: what
    answers that one answers this, too.
    """

    code: str
    name: str
    path: str
    start: Position
    end: Position
    message: str
    level: Level | None = None
    severity: Severity = Severity.ERROR
    site: ast.AST | None = field(default=None, compare=False, repr=False)
    tidied: str = field(default="", compare=False)
    cause: tuple[str, int] | None = field(default=None, compare=False)

    @property
    def sort_key(self) -> tuple[str, int, int, str]:
        """By file, then by place, then by code."""
        return self.path, self.start.line, self.start.column, self.code


class Reported(NamedTuple):
    """A finding together with what `fix` would do about it: a fix, or a refusal with its reason."""

    finding: Finding
    fix: Fix | None = None
    refused: str | None = None
