"""`none`: calls stay as they are, before the set-up module's queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from printlint.backends.base import Backend
from printlint.facts.calls.log_calls import LogCall
from printlint.plan.edits import Edit, Log

if TYPE_CHECKING:
    from printlint.facts.context import Context


class NoBackend(Backend):
    """Calls stay as they are: the set-up module's handler does not block."""

    name = "none"
    awaits = False
    imports_setup = False
    title = "Write through the set-up module's queue handler"

    def awaited(self, found: LogCall, context: Context) -> tuple[Edit, ...]:
        """Nothing to edit."""
        return ()

    def finish(self, edit: Log, context: Context, *, legal: bool) -> Log:
        """A plain call."""
        return edit


class ProjectQueue(NoBackend):
    """The project, or the host that loads the module, has a queue of its own: nothing is awaited, and nothing added."""

    title = "Log through the project's queue handler"

    def needs_setup(self, context: Context) -> bool:
        """It does not."""
        return False
