"""`none`: calls stay as they are, before the set-up module's queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from printlint.backends.base import Backend
from printlint.edits import Edit, Log
from printlint.facts.log_calls import LogCall

if TYPE_CHECKING:
    from printlint.rule import Context


class NoBackend(Backend):
    """Calls stay as they are: the set-up module's handler does not block."""

    name = "none"
    title = "Let the set-up module's queue handler do the writing"

    def awaited(self, found: LogCall, context: Context) -> tuple[Edit, ...]:
        """Nothing to edit."""
        return ()

    def finish(self, edit: Log, context: Context, *, legal: bool) -> Log:
        """A plain call."""
        return edit
