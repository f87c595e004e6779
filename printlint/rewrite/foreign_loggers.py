"""Handlers that a program gives loggers of libraries alone: its own messages need a set-up beside them.

Records of these loggers stay where they are now: with `propagate = False`, the set-up's handler gets none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from printlint.facts.calls.log_calls import log_calls
from printlint.facts.context import Context
from printlint.facts.log_setup.attachments import AddedHandler, added_handlers, sets_propagate
from printlint.facts.log_setup.logger_names import BY_CALLERS, EVERY, logger_names
from printlint.facts.loggers.kinds import names_above
from printlint.facts.project.entry_points import Start
from printlint.reading import disk
from printlint.rewrite.changes import FileFix
from printlint.rewrite.starting import StartFile, Starting


def lines_beside(starting: Starting, start: StartFile, its: Iterable[FileFix]) -> dict[Context, list[Start]] | None:
    """The lines that keep a set-up's handler from such records, by the files that attach theirs; None where a program
    configures logging for more than loggers of libraries."""
    contexts = dict.fromkeys(context for context, _ in starting.own_set_ups(str(start.path)))
    attached = {context: [*added_handlers(context.module)] for context in contexts}
    own = [item for _, item in starting.own_set_ups(str(start.path))]
    statements = {context.module.places.statement(item.node) for context in contexts for item in attached[context]}
    names = {name for context in contexts for item in attached[context] for name in _names(context, item)}
    if not all(item.statement in statements and not item.late for item in own) or not all(map(_is_known, names)):
        return None
    used = {name for item in its for name in starting.logger_names(start, item)}
    used.update(*map(_logged, _mentioning(starting, start, names)))
    if any(above in names for name in used for above in names_above(name)):
        return None
    return {context: list(_lines(context, attached[context])) for context in contexts}


def _names(context: Context, item: AddedHandler) -> frozenset[str]:
    return logger_names(context.module, context.project, item.receiver) or frozenset({""})


def _is_known(name: str) -> bool:
    return bool(name) and not name.startswith((EVERY, BY_CALLERS))


def _mentioning(starting: Starting, start: StartFile, names: Iterable[str]) -> Iterator[Context]:
    """The files of a program that name one of some loggers."""
    words = [name.encode() for name in names]
    for file in sorted(starting.programs.loaded_by(str(start.path))):
        text = disk.read_present(file)
        if any(word in text for word in words) and (context := starting.context(file)) is not None:
            yield context


def _logged(context: Context) -> frozenset[str]:
    """The names of the loggers that a file logs with."""
    receivers = (found.receiver for found in log_calls(context.module))
    named = (logger_names(context.module, context.project, item) for item in receivers if item is not None)
    return frozenset().union(*named)


def _lines(context: Context, attached: Iterable[AddedHandler]) -> Iterator[Start]:
    last = {item.key: item for item in attached if not item.null}
    for item in last.values():
        if not sets_propagate(context.module, item):
            statement = context.module.places.statement(item.node)
            yield Start(
                f"handlers of {item.spelling}", statement, f"{item.spelling}.propagate = False", (), before=False
            )
