"""Whether a logging call waits for a handler: the handlers that its record reaches in the module's programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from printlint.facts.calls.log_calls import LogCall
from printlint.facts.log_setup.hosts import hosts_in
from printlint.facts.log_setup.logger_names import logger_names, own_name
from printlint.facts.log_setup.logger_settings import Attached, LoggerSettings
from printlint.facts.log_setup.settings_of_files import settings_of_own, usual_settings_of
from printlint.facts.log_setup.written_to import HandlerKind
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module, once_a_module
from printlint.facts.programs.together import imported_together
from printlint.facts.project.project import Project
from printlint.facts.project.setup_files import EVENT_HANDLER
from printlint.facts.project.structlog_setup import structlog_uses_logging

if TYPE_CHECKING:
    from printlint.facts.delivery.heard import Listeners

_HANDED_ON = frozenset({HandlerKind.QUEUE, HandlerKind.NULL})


class Reached(NamedTuple):
    """What a record reaches. `writer` is a handler that writes it before the call returns, None where none is known.

    `queued`: all handlers on the way put it into a queue, or drop it. `awaitable`: into the queue of the set-up module,
    whose loggers can be awaited.
    """

    writer: Attached | None = None
    queued: bool = False
    awaitable: bool = False


def reached_by(module: Module, project: Project, found: LogCall) -> Reached:
    """What the records of a logging call reach."""
    if found.logger.root:
        return reached_from(module, project, frozenset({""}))
    if found.logger.kind is LoggerKind.STRUCTLOG:
        return reached_from(module, project, frozenset({""})) if structlog_uses_logging(project) else Reached()
    names = logger_names(module, project, found.receiver) if found.receiver is not None else frozenset()
    return reached_from(module, project, names)


def module_reaches(module: Module, project: Project) -> Reached:
    """What the records of a module's own loggers reach."""
    made = [logger_names(module, project, call) for call in module.calls_named(frozenset({"getLogger"}))]
    return reached_from(module, project, frozenset({own_name(module)}).union(*made))


@once_a_module
def reached_from(module: Module, project: Project, names: frozenset[str]) -> Reached:
    """What records of some loggers reach; for an unknown logger, any handler of the programs counts."""
    listeners = _listeners(module, project)
    if listeners is None:
        return Reached()
    found = [listeners.meets(name) for name in sorted(names or {""})]
    met = [item for items, _ in found for item in items]
    writer = next((item for item in met if item.kind is HandlerKind.WRITES), None)
    if not names:
        found = [([*met, *listeners.all()], None)]
    handed_on = any(items for items, _ in found) and all(
        item.kind in _HANDED_ON for items, _ in found for item in items
    )
    ends = all(cut is not None or any(item.kind is HandlerKind.QUEUE for item in items) for items, cut in found)
    return Reached(writer, handed_on and ends, any(item.class_name == EVENT_HANDLER for item in met))


@once_a_module
def _listeners(module: Module, project: Project) -> Listeners | None:
    """The handlers of all programs that a module is part of; None where nothing is known of any handler."""
    files, hosts = [*_files(module, project)], hosts_in(module.source.text.encode("utf-8", "replace"))
    if not hosts and not any(settings.handlers for _, settings in files):
        return None
    from printlint.facts.delivery.heard import Listeners

    return Listeners(project, hosts=hosts, settings=files)


def _files(module: Module, project: Project) -> Iterator[tuple[Path, LoggerSettings]]:
    own = module.file
    yield own, usual_settings_of(module, project)
    for path, settings in project.derived(settings_of_own):
        if path != own and settings.concerns_handlers and imported_together(module, path, project):
            yield path, settings
