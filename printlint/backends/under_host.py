"""Where a host configures logging: calls stay as they are, since nothing that could be awaited is in their way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from printlint.backends.base import Backend
from printlint.facts.calls.log_calls import LogCall
from printlint.facts.programs.hosts import HOME_ASSISTANT
from printlint.plan.edits import Edit, Log
from printlint.plan.message import Refused

if TYPE_CHECKING:
    from printlint.facts.context import Context


class HostBackend(Backend):
    """Plain calls, which go where the host has them go."""

    name = "none"
    awaits = False
    imports_setup = False
    title = "Log through the host's handlers"

    def __init__(self, host: str) -> None:
        self._host = host

    def needs_setup(self, context: Context) -> bool:
        """No: the host has set logging up."""
        return False

    def check_call(self, edit: Log, context: Context, *, legal: bool) -> None:
        """Raise `Refused` in asynchronous code: nothing is known of the handlers that a new call would wait for."""
        if legal and self._host != HOME_ASSISTANT:
            raise Refused(f"{self._host} runs this code and configures logging; the call may block as the print does")

    def awaited(self, found: LogCall, context: Context) -> tuple[Edit, ...]:
        """Raise `Refused`: there is nothing better to call."""
        raise Refused(f"{self._host} runs this code and configures logging; an `await` would not help")

    def finish(self, edit: Log, context: Context, *, legal: bool) -> Log:
        """A plain call."""
        return edit
