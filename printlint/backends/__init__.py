"""The asynchronous back ends: what a logging call becomes in asynchronous code, and what its logger has to be."""

from __future__ import annotations

from printlint.backends.aiologger_backend import AiologgerBackend
from printlint.backends.base import Backend
from printlint.backends.none_backend import NoBackend, ProjectQueue
from printlint.backends.queue_backend import QueueBackend
from printlint.backends.structlog_backend import StructlogBackend
from printlint.backends.through_loguru import LoguruBackend
from printlint.backends.under_host import HostBackend
from printlint.facts.context import Context, once_a_context
from printlint.facts.delivery.reached import module_reaches
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module
from printlint.facts.programs.hosted import configuring_host
from printlint.facts.project.dependencies import declares
from printlint.facts.project.loguru_use import logs_through_loguru
from printlint.facts.project.project import Project

STRUCTLOG, LOGURU = StructlogBackend(), LoguruBackend()
_AIOLOGGER, _QUEUE, _PROJECT_QUEUE = AiologgerBackend(), QueueBackend(), ProjectQueue()
BACKENDS: dict[str, Backend] = {item.name: item for item in (NoBackend(), _QUEUE, _AIOLOGGER, STRUCTLOG)}


@once_a_context
def backend_of(context: Context) -> Backend:
    """The back end for a module: the one that was named, else by what the module and the project use."""
    named = BACKENDS.get(context.config.async_backend)
    if (named is None or not named.awaits) and _takes_loguru(context):
        return LOGURU
    if named is None and logs_through(context.module, LoggerKind.STRUCTLOG):
        return STRUCTLOG
    if named is None:
        reached = module_reaches(context.module, context.project)
        if reached.queued and not reached.awaitable:
            return _PROJECT_QUEUE
    if named is None and context.module.layout is not None:
        if host := configuring_host(context.module.layout, context.project):
            return HostBackend(host)
    return named or backend_for(context.project)


def backend_for(project: Project, logger: str = "auto") -> Backend:
    """The back end for a project, where nobody has named one; `logger` as in the configuration."""
    if logger == "loguru" or (logger == "auto" and logs_through_loguru(project)):
        return BACKENDS["none"]
    return _AIOLOGGER if declares(project, "aiologger") else _QUEUE


def _takes_loguru(context: Context) -> bool:
    """Whether new calls go through loguru: where the module does, or has no logger and its project does, or is to."""
    wanted, module = context.config.logger, context.module
    if wanted == "logging":
        return False
    if logs_through(module, LoggerKind.LOGURU):
        return True
    if "getLogger" in module.source.text or logs_through(module, *_OTHERS):
        return False
    return wanted == "loguru" or logs_through_loguru(context.project)


_OTHERS = frozenset(LoggerKind) - {LoggerKind.LOGURU}


def logs_through(module: Module, *kinds: LoggerKind) -> bool:
    """Whether the module has a logger of some libraries at its top level: made here, or imported as a logger is."""
    made_here = any(kind.value in module.source.text for kind in kinds)
    for name, group in module.all_bindings().items():
        if made_here or "log" in name.lower():
            value = module.loggers.of_bindings(group)
            if value is not None and value.kind in kinds:
                return True
    return False
