"""Where a file's own code sets logging up: what a program with such a file keeps, and nothing is put beside."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from printlint.facts.log_setup.attachments import added_handlers, unknown_loggers_given
from printlint.facts.module import Module

WORDS = (
    rb"basicConfig|dictConfig|fileConfig|addHandler|\.handlers\b|LOGGING|coloredlogs|daiquiri|structlog\.configure"
    rb"|setup_logging|logging_config|verboselogs"
)
_FUNCTIONS = frozenset(
    {
        *("logging.basicConfig", "logging.config.dictConfig", "logging.config.fileConfig", "coloredlogs.install"),
        *("daiquiri.setup", "structlog.configure", "discord.utils.setup_logging"),
    }
)


class OwnSetUp(NamedTuple):
    """A statement that sets logging up, and what it does, in the words of the code.

    `late`: what it says is carried out later, by others. `queued`: no logging call waits for the handlers.
    """

    statement: ast.stmt
    how: str
    late: bool = False
    queued: bool = False

    @property
    def line(self) -> int:
        """Where it is, from 1."""
        return self.statement.lineno


def own_set_ups(module: Module) -> Iterator[OwnSetUp]:
    """The statements of a file that give loggers their handlers, in the order of the file."""
    found = [*_calls(module), *_handlers(module), *_settings(module)]
    yield from sorted(found, key=lambda item: item.line)


def handlers_given(module: Module) -> Iterator[OwnSetUp]:
    """The same in a file that is known to set logging up, where handlers of unknown loggers are logging's too."""
    known = [*own_set_ups(module)]
    yield from known
    lines = {item.line for item in known}
    for call in module.calls_named(frozenset({"addHandler"})):
        if isinstance(call.func, ast.Attribute) and module.loggers.value(call.func.value) is None:
            statement = module.places.statement(call)
            if statement.lineno not in lines:
                yield OwnSetUp(statement, f"{ast.unparse(call.func.value)}.addHandler")


def _calls(module: Module) -> Iterator[OwnSetUp]:
    for call in module.calls:
        qualified = module.qualified(call.func) or ""
        if qualified in _FUNCTIONS:
            how = qualified.removeprefix("logging.").removeprefix("config.")
            yield OwnSetUp(module.places.statement(call), how, queued=how == "structlog.configure")


def _handlers(module: Module) -> Iterator[OwnSetUp]:
    for added in added_handlers(module):
        if not added.null:
            queued = added.handler == "logging.handlers.QueueHandler"
            how = f"{added.spelling}.{'handlers' if added.by_list else 'addHandler'}"
            yield OwnSetUp(module.places.statement(added.node), how, queued=queued)
    for item in unknown_loggers_given(module):
        yield OwnSetUp(module.places.statement(item.node), f"{ast.unparse(item.logger)}.addHandler")


def _settings(module: Module) -> Iterator[OwnSetUp]:
    """Django's `LOGGING`, unless it is the set-up module's."""
    for binding in module.bindings_of("LOGGING") if module.bindings_of("INSTALLED_APPS") else ():
        yield OwnSetUp(module.places.statement(binding.node), "LOGGING", late=True)
