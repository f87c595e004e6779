"""The asynchronous back ends: what a logging call becomes in asynchronous code, and what its logger has to be."""

from __future__ import annotations

from printlint.backends.aiologger_backend import AiologgerBackend
from printlint.backends.base import Backend
from printlint.backends.none_backend import NoBackend
from printlint.backends.queue_backend import QueueBackend
from printlint.backends.structlog_backend import StructlogBackend
from printlint.facts.context import Context, once_a_context
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module

_BACKENDS: dict[str, Backend] = {
    item.name: item for item in (NoBackend(), QueueBackend(), AiologgerBackend(), StructlogBackend())
}


@once_a_context
def backend_of(context: Context) -> Backend:
    """The back end for a module: the one that was named, else by what the module and the project use."""
    chosen = context.config.async_backend
    if chosen != "auto":
        return _BACKENDS[chosen]
    if logs_through_structlog(context.module):
        return _BACKENDS["structlog"]
    return _BACKENDS["aiologger" if context.project.declares("aiologger") else "queue"]


def logs_through_structlog(module: Module) -> bool:
    """Whether the module has a logger of structlog's at its top level: made here, or imported under a logger's name."""
    made_here = "structlog" in module.source.text
    module.scopes.growth.complete()  # any name may be one
    for name, group in module.scopes.module.bindings.items():
        if made_here or "log" in name.lower():
            value = module.loggers.of_bindings(group)
            if value is not None and value.kind is LoggerKind.STRUCTLOG:
                return True
    return False
