"""The asynchronous back ends: what a logging call becomes in asynchronous code, and what its logger has to be."""

from __future__ import annotations

from printlint.backends.aiologger_backend import AiologgerBackend
from printlint.backends.base import Backend
from printlint.backends.none_backend import NoBackend, ProjectQueue
from printlint.backends.queue_backend import QueueBackend
from printlint.backends.structlog_backend import StructlogBackend
from printlint.backends.under_host import HostBackend
from printlint.facts.context import Context, once_a_context
from printlint.facts.delivery.reached import module_reaches
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module
from printlint.facts.programs.hosted import configuring_host
from printlint.facts.project.dependencies import declares
from printlint.facts.project.project import Project

STRUCTLOG = StructlogBackend()
_AIOLOGGER, _QUEUE, _PROJECT_QUEUE = AiologgerBackend(), QueueBackend(), ProjectQueue()
BACKENDS: dict[str, Backend] = {item.name: item for item in (NoBackend(), _QUEUE, _AIOLOGGER, STRUCTLOG)}


@once_a_context
def backend_of(context: Context) -> Backend:
    """The back end for a module: the one that was named, else by what the module and the project use."""
    named = BACKENDS.get(context.config.async_backend)
    if named is None and logs_through_structlog(context.module):
        return STRUCTLOG
    if named is None:
        reached = module_reaches(context.module, context.project)
        if reached.queued and not reached.awaitable:
            return _PROJECT_QUEUE
    if named is None and context.module.layout is not None:
        if host := configuring_host(context.module.layout, context.project):
            return HostBackend(host)
    return named or backend_for(context.project)


def backend_for(project: Project) -> Backend:
    """The back end for a project, where nobody has named one."""
    return _AIOLOGGER if declares(project, "aiologger") else _QUEUE


def logs_through_structlog(module: Module) -> bool:
    """Whether the module has a logger of structlog's at its top level: made here, or imported under a logger's name."""
    made_here = "structlog" in module.source.text
    for name, group in module.all_bindings().items():
        if made_here or "log" in name.lower():
            value = module.loggers.of_bindings(group)
            if value is not None and value.kind is LoggerKind.STRUCTLOG:
                return True
    return False
