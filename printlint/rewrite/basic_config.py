"""A line with `logging.basicConfig` in the place of a set-up module: enough for what has no event loop to hold up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from printlint.facts.project.entry_points import Start
from printlint.rewrite.changes import FileFix
from printlint.rewrite.starting import StartFile

_LINE = 'logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")'
_SPAWNS = re.compile(r"multiprocessing|ProcessPoolExecutor")  # what is spawned runs no main guard


def is_enough(start: StartFile, its: Iterable[FileFix]) -> bool:
    """Whether a program can do with the line: nobody imports the place where it starts, and nothing awaits."""
    waits = any(item.setup is not None or item.waits for item in its)
    runs = all(item.uses == ("setup_logging",) and not (item.at_import or item.in_factory) for item in start.starts)
    return runs and not waits and not _SPAWNS.search(start.context.module.source.text)


def is_lone(start: StartFile, its: Iterable[FileFix]) -> bool:
    """The same for a script that alone has messages in its program."""
    return all(item.path.absolute() == start.path for item in its) and is_enough(start, its)


def with_line(starts: Iterable[Start]) -> list[Start]:
    """The starts of a program, with the line."""
    return [replace(start, text=_LINE, uses=("logging", "sys")) for start in starts]
