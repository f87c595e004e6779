"""What `check` and `fix` say at the end, so that nothing goes silent: who configures logging, and what is dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from printlint.cli.options import plural
from printlint.facts.log_setup.logger_tree import root_level
from printlint.facts.log_setup.unconfigured import first_lost_call
from printlint.facts.project.project import Project
from printlint.logging_names import LEVELS, name_of, number_of
from printlint.names.layout import layout_of
from printlint.reading.discovery import named

UNCONFIGURED = (
    "no file of this project configures logging, so records below WARNING are dropped.\n"
    "Run `printlint init` to write a set-up module, or call logging.basicConfig(level=logging.INFO) at the entry point."
)


def silence(
    files: Sequence[Path], levels: Iterable[tuple[Path, str]], *, rewritten: bool = False, announced: bool = False
) -> Iterator[str]:
    """Lines for the user. `levels` are those of the prints that were found.

    `rewritten`: they are calls now. `announced`: the user has been told of a new set-up module already.
    """
    if not files:
        return
    project = Project.of(layout_of(files[0]))
    if announced:
        pass
    elif rewritten and not project.configures_logging:
        yield UNCONFIGURED
    elif lost := first_lost_call(project):
        yield f"{UNCONFIGURED}\n{named(lost[0])}:{lost[1]} is the first such call."
    levels = list(levels)
    if levels and (threshold := root_level(project)):
        lowest = threshold.number or 0
        below = [level for level in LEVELS if (number_of(level) or 0) < lowest]
        around = threshold.place.path.parent  # what starts in a folder reaches the modules below it
        count = sum(1 for path, level in levels if level in below and path.absolute().is_relative_to(around))
        if count:
            place = f"{named(threshold.place.path)}:{threshold.place.line}"
            verb = "is" if count == 1 else "are"
            yield (
                f"{place}: {threshold.how} drops records below {name_of(lowest)}: "
                f"{plural(count, 'message')} at {' and '.join(below)} {verb} affected. "
                "Lower the level, or raise theirs with `levels` in [tool.printlint]."
            )
