"""Which of the handlers on the way of a record are there: some are added only where no other one is."""

from __future__ import annotations

from collections.abc import Sequence

from printlint.facts.log_setup.guards import Asked
from printlint.facts.log_setup.logger_settings import Attached
from printlint.facts.log_setup.written_to import Written
from printlint.facts.loggers.kinds import names_above
from printlint.facts.project.setup_files import EVENT_HANDLER


def attached(met: Sequence[Attached]) -> list[Attached]:
    """The handlers of those on the way of a record that are attached, whichever of the others are."""
    return [item for item in met if not _is_superfluous(item, met)]


def _is_superfluous(item: Attached, met: Sequence[Attached]) -> bool:
    """Whether a handler is not attached, since there is another where the code asks for one."""
    if not item.place.where.if_none:
        return False
    above = [*names_above(item.logger)] if item.place.where.if_none is Asked.ABOVE else [item.logger]
    others = [other for other in met if other.logger in above and not other.place.where.if_none]
    terminal = item.class_name == EVENT_HANDLER
    return any(not terminal or other.written is Written.CONSOLE for other in others)
