"""What frameworks and servers do to loggers by themselves, as their own sources have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from printlint.facts.log_setup.logger_settings import Attached, Emptied, LoggerSettings, Place, Propagates, SetLevel
from printlint.facts.log_setup.written_to import HandlerKind, Written


class Host(NamedTuple):
    """A framework or server. `handlers` are its handlers by the names of their loggers, the root's is empty.

    `levels` and `cut` are the levels that it sets, and the loggers whose records it keeps from their parents; `clears`
    those whose handlers it removes before. `late`: it does so when the program has set up its own logging. `queued`:
    its handlers put records into a queue.
    """

    handlers: tuple[tuple[str, str], ...] = ()
    levels: tuple[tuple[str, int], ...] = ()
    cut: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    late: bool = False
    queued: bool = False


_STREAM = "logging.StreamHandler"
HOSTS = {
    "uvicorn": Host(
        (("uvicorn", _STREAM), ("uvicorn.access", _STREAM)),
        (("uvicorn", 20), ("uvicorn.error", 20), ("uvicorn.access", 20)),
        ("uvicorn", "uvicorn.access"),
    ),
    "lambda": Host((("", "LambdaLoggerHandler"),)),
}


def settings_of_hosts(names: Iterable[str]) -> Iterator[tuple[str, LoggerSettings]]:
    """What some hosts do, in the form of what files do."""
    for name in names:
        if (host := HOSTS.get(name)) is not None:
            yield name, _settings(name, host)


def _settings(name: str, host: Host) -> LoggerSettings:
    found = LoggerSettings()
    place = Place(Path(name), 0, Path(name))
    for logger in host.clears:
        found.emptied.setdefault(logger, []).append(Emptied(place, every=True))
    for slot, (logger, class_name) in enumerate(host.handlers):
        kind = HandlerKind.QUEUE if host.queued else HandlerKind.WRITES
        shown = class_name.rpartition(".")[2]
        attached = Attached(logger, shown, class_name, Written.CONSOLE, kind, 0, False, place, slot=slot, host=name)
        found.handlers.setdefault(logger, []).append(attached)
    for logger, number in host.levels:
        found.levels.setdefault(logger, []).append(SetLevel(number, number, place, name))
    for logger in host.cut:
        found.propagates.setdefault(logger, []).append(Propagates(False, place))
    return found
