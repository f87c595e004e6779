"""What frameworks and servers do to loggers by themselves, as their own sources have it.

Read in uvicorn 0.54, gunicorn 27.0, hypercorn 0.18, daphne 4.2, granian 2.8, Celery 5.7, dramatiq 2.2, huey 3.5,
arq 0.28, Airflow 2.11 and 3.3, awslambdaric 4.2, Home Assistant 2024.3, Scrapy 2.19, Streamlit 1.67, Django 5.2,
Sanic 25.12, Litestar 2.25, discord.py 2.7, absl-py 2.5, tornado 6.6, coloredlogs 15.0 and daiquiri 3.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from printlint.facts.log_setup.guards import Asked
from printlint.facts.log_setup.logger_settings import (
    Attached,
    Emptied,
    LoggerSettings,
    Place,
    Propagates,
    SetLevel,
)
from printlint.facts.log_setup.written_to import HandlerKind, Written
from printlint.facts.project.project import Project

STREAM = "logging.StreamHandler"
_INFO, _WARNING = 20, 30


class Host(NamedTuple):
    """A framework or server. `handlers` are its handlers with their loggers; the root's name is empty.

    `levels` are the levels that it sets, None where its user chooses, and `cut` the loggers whose records it keeps from
    those above. `clears`: it removes the handlers that the root logger has; `clears_terminal`: those that write to the
    terminal. `late`: it does so when the program has set up its own logging. `if_none`: only where there is no handler.
    """

    handlers: tuple[tuple[str, str], ...] = ()
    levels: tuple[tuple[str, int | None], ...] = ()
    cut: tuple[str, ...] = ()
    clears: bool = False
    clears_terminal: bool = False
    late: bool = False
    if_none: bool = False


def _root(class_name: str = STREAM, level: int | None = _INFO) -> Host:
    return Host((("", class_name),), (("", level),))


HOSTS = {
    # servers: the root logger is the application's own
    "uvicorn": Host(
        (("uvicorn", STREAM), ("uvicorn.access", STREAM)),
        (("uvicorn", _INFO), ("uvicorn.error", _INFO), ("uvicorn.access", _INFO)),
        ("uvicorn", "uvicorn.access"),
    ),
    "gunicorn": Host(
        (("gunicorn.error", STREAM),),
        (("gunicorn.error", _INFO), ("gunicorn.access", _INFO)),
        ("gunicorn.error", "gunicorn.access"),
    ),
    "hypercorn": Host((("hypercorn.error", STREAM),), (("hypercorn.error", _INFO),)),
    "granian": Host(
        (("_granian", STREAM), ("granian.access", STREAM)),
        (("_granian", _INFO), ("granian.access", _INFO)),
        ("_granian", "granian.access"),
    ),
    "Sanic": Host(
        tuple((f"sanic.{name}", STREAM) for name in ("root", "error", "access", "server", "websockets")),
        tuple((f"sanic.{name}", _INFO) for name in ("root", "error", "access", "server", "websockets")),
    ),
    "daphne": _root(),
    "Litestar": Host(
        (("", "litestar.logging.standard.QueueListenerHandler"), ("litestar", "logging.handlers.QueueHandler")),
        (("", _INFO), ("litestar", _INFO)),
        ("litestar",),
        clears=True,
    ),
    "Django": Host(
        (("django", "django.utils.log.AdminEmailHandler"), ("django.server", STREAM)),
        (("django", _INFO), ("django.server", _INFO)),
        ("django.server",),
    ),
    # workers and schedulers
    "Celery": Host(
        (("", STREAM), ("celery.task", STREAM)), (("", None), ("celery.task", None)), ("celery.task",), True, late=True
    ),
    "dramatiq": _root(),
    "huey": Host((("huey", STREAM),), (("huey", _INFO),)),
    "arq": Host((("arq", STREAM),), (("arq", _INFO),)),
    "Airflow": _root("airflow.utils.log.file_task_handler.FileTaskHandler"),
    # platforms and applications that load the code
    "AWS Lambda": Host((("", "awslambdaric.bootstrap.LambdaLoggerHandler"),)),
    "Home Assistant": _root("homeassistant.util.logging.HomeAssistantQueueHandler", None),
    "Scrapy": _root(level=0),
    "Streamlit": Host((("streamlit", STREAM),), (("streamlit", _INFO),), ("streamlit",)),
    # functions that a program calls to set its logging up
    "discord.py": _root(),
    "`run` of discord.py": Host((("discord", STREAM),), (("discord", _INFO),)),
    "absl": _root("absl.logging.ABSLHandler")._replace(clears_terminal=True),
    "`use_absl_handler`": _root("absl.logging.ABSLHandler", _WARNING)._replace(clears_terminal=True),
    "tornado": _root()._replace(if_none=True),
    "coloredlogs": _root()._replace(clears_terminal=True),
    "daiquiri": _root(level=_WARNING)._replace(clears=True),
}
_BY_WORD = {name.casefold(): name for name in HOSTS}
# The calls that have a host set up, each with the argument that has it do something else or nothing.
CALLS = {
    "uvicorn.run": ("uvicorn", "log_config"),
    "sanic.Sanic": ("Sanic", "configure_logging"),
    "sanic.app.Sanic": ("Sanic", "configure_logging"),
    "litestar.Litestar": ("Litestar", "logging_config"),
    "litestar.app.Litestar": ("Litestar", "logging_config"),
    "hypercorn.asyncio.serve": ("hypercorn", "config"),
    "discord.utils.setup_logging": ("discord.py", "root"),
    "absl.app.run": ("absl", ""),
    "absl.logging.use_absl_handler": ("`use_absl_handler`", ""),
    "tornado.options.parse_command_line": ("tornado", ""),
    "tornado.options.parse_config_file": ("tornado", ""),
    "tornado.log.enable_pretty_logging": ("tornado", "logger"),
    "coloredlogs.install": ("coloredlogs", "logger"),
    "daiquiri.setup": ("daiquiri", "outputs"),
}
# The classes of discord.py whose `run` sets logging up, unless `log_handler` is given.
CLIENTS = frozenset(
    {
        *("discord.Client", "discord.AutoShardedClient", "discord.client.Client", "discord.ext.commands.Bot"),
        *("discord.ext.commands.AutoShardedBot", "discord.ext.commands.bot.Bot"),
    }
)
# By what a file is loaded, where its text tells.
# For each host a word of it, and a pattern that is looked for where the word is.
_EVIDENCE = {
    "Airflow": (b"airflow", rb"(?m)^(?:from|import)[ \t]+airflow\b"),
    "Home Assistant": (b"homeassistant", rb"(?m)^(?:from|import)[ \t]+homeassistant\b"),
    "Streamlit": (b"streamlit", rb"(?m)^(?:from|import)[ \t]+streamlit\b"),
    "Scrapy": (b"scrapy", rb"(?m)^(?:from|import)[ \t]+scrapy\b"),
    "Django": (b"INSTALLED_APPS", rb"(?m)^INSTALLED_APPS\b"),
    "AWS Lambda": (b"handler(", rb"(?m)^def (?:lambda_)?handler\(\s*_?event\b[^,()]*,\s*_?context\b"),
}
_EVIDENT_WORDS = tuple(word for word, _ in _EVIDENCE.values())


def hosts_of(project: Project, files: Iterable[Path]) -> tuple[str, ...]:
    """The hosts that load some files of a project, by what the files say; those of command lines are not seen here."""
    evident = project.derived(_evident)
    found = {name for path in files for name in evident.get(path, ())}
    return tuple(name for name in _EVIDENCE if name in found)


def hosts_in(data: bytes) -> tuple[str, ...]:
    """The hosts that load a file, by its text."""
    return tuple(name for name, (word, pattern) in _EVIDENCE.items() if word in data and re.search(pattern, data))


def _evident(project: Project) -> dict[Path, tuple[str, ...]]:
    return {file.path: hosts for file, hosts in project.survey.found(_EVIDENT_WORDS, hosts_in)}


def settings_of_hosts(names: Iterable[str]) -> Iterator[tuple[Path, LoggerSettings]]:
    """What some hosts do, in the form of what files do, by their names or commands; others do nothing."""
    for name in dict.fromkeys(_BY_WORD.get(name.casefold(), "") for name in names):
        if name:
            settings = LoggerSettings()
            place = Place(Path(name), 0, Path(name))
            add_host(settings, name, place)
            yield Path(name), settings


def add_host(settings: LoggerSettings, name: str, place: Place) -> None:
    """Add what a host does at a place."""
    host = HOSTS[name]
    if host.if_none:
        place = place._replace(where=place.where._replace(if_none=Asked.ABOVE))
    if host.clears or host.clears_terminal:
        settings.emptied.setdefault("", []).append(Emptied(place, every=True, terminal=host.clears_terminal))
    for slot, (logger, class_name) in enumerate(host.handlers):
        kind = HandlerKind.of_class(class_name)
        kind = HandlerKind.WRITES if kind is HandlerKind.UNKNOWN else kind
        shown = class_name.rpartition(".")[2]
        attached = Attached(logger, shown, class_name, Written.CONSOLE, kind, 0, False, place, slot=slot, host=name)
        settings.handlers.setdefault(logger, []).append(attached)
    for logger, number in host.levels:
        level = SetLevel(number, number, place, name, implied=number is None)
        settings.levels.setdefault(logger, []).append(level)
    for logger in host.cut:
        settings.propagates.setdefault(logger, []).append(Propagates(False, place))
