"""Why a call on the chosen logger is not safe by default, whatever the message is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from printlint.facts.context import Context
from printlint.facts.delivery.changed_records import changed_records
from printlint.facts.delivery.loguru_sinks import lost_in_loguru
from printlint.facts.delivery.lost_records import lost_records, module_names
from printlint.facts.log_setup.logger_names import logger_names
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module
from printlint.facts.project.loguru_use import has_handlers_beside_loguru
from printlint.facts.project.mocked_loggers import may_patch_logger_of
from printlint.facts.project.structlog_setup import formats_structlog_arguments
from printlint.plan.message import Refused
from printlint.rewrite.cases import Case, Cases
from printlint.rewrite.logger_choice import LoggerChoice, choose_logger
from printlint.rewrite.unheard import Withheld
from printlint.rules.asynchronous._planning import MOCKED
from printlint.run import current


def add_cautions(cases: Cases, logger: LoggerChoice) -> None:
    """Add to each plan with a new call the reasons why the module's logger is not safe there.

    A message at debug that nothing but a level hides is what this level means: that is noted, and no reason.
    """
    losing = _lost_in_loguru if cases.backend.own_sinks else _lost
    for case in cases.logging:
        if case.plan is not None:
            lost, by_level = losing(cases.context, case, logger)
            if by_level and case.finding.level is not None:
                case.finding = replace(case.finding, level=case.finding.level._replace(hidden=lost))
            cautions = [case.plan.caution, logger.caution, *_cautions(cases, case, logger, "" if by_level else lost)]
            case.plan = replace(case.plan, caution="; ".join(filter(None, cautions)))


def _cautions(cases: Cases, case: Case, logger: LoggerChoice, lost: str) -> Iterator[str]:
    values = any(edit.message is None or not edit.message.is_text for edit in case.logs)
    if values and logger.structured and not formats_structlog_arguments(cases.context.project):
        yield "the values need PositionalArgumentsFormatter, which `structlog.configure` does not list"
    yield lost or _unheard(cases.module, case)
    if cases.is_async(case):
        yield cases.backend.caution(cases.context)
        # a test may have a mock in the place of the logger, whose calls new prints would await
        awaited = logger.value is not None and cases.backend.replaces_loggers
        if awaited and may_patch_logger_of(cases.context.project, cases.module.layout):
            yield MOCKED


def _lost(context: Context, case: Case, logger: LoggerChoice) -> tuple[str, bool]:
    """Why the record of a call would not be seen as it is, by what the project's files do to loggers; and whether it
    is a new one at debug, and a level is all that hides it."""
    kind = logger.value.kind if logger.value is not None else LoggerKind.STDLIB
    if kind not in (LoggerKind.STDLIB, LoggerKind.QUEUE):
        return "", False
    names = sorted(_names(context, logger), key=lambda name: (name == "__main__", name)) or [""]  # the same each time
    lost = lost_records(context.module, context.project)
    of_root = case.finding.level is not None  # else it is a call on the root logger today
    if of_root and (changed := changed_records(context.module, context.project)):
        return changed, False
    reasons = ((edit.method, lost.reason(names, edit.method, of_root=of_root)) for edit in case.logs)
    method, reason = next(((method, reason) for method, reason in reasons if reason), ("", ""))
    return reason, of_root and method == "debug" and not lost.reason(names, "critical")


def _lost_in_loguru(context: Context, case: Case, _: LoggerChoice) -> tuple[str, bool]:
    """The same for a call on loguru's logger."""
    module, project, is_new = context.module, context.project, case.finding.level is not None
    if not is_new and has_handlers_beside_loguru(project):
        return "the project gives `logging` handlers, which records of loguru's do not reach", False
    reasons = ((edit.method, lost_in_loguru(module, project, edit.method)) for edit in case.logs)
    method, reason = next(((method, reason) for method, reason in reasons if reason), ("", ""))
    return reason, is_new and method == "debug" and not lost_in_loguru(module, project, "critical")


def _unheard(module: Module, case: Case) -> str:
    """Why nobody would hear a message, as an earlier round has found out."""
    withheld = current().part(Withheld)
    return next(filter(None, (withheld.reason(module, edit.call, edit.method) for edit in case.logs)), "")


def names_of_logger(context: Context) -> frozenset[str]:
    """The names that the logger of a module's rewritten calls may have; empty where nothing tells."""
    try:
        return _names(context, choose_logger(context))
    except Refused:
        return frozenset()


def _names(context: Context, logger: LoggerChoice) -> frozenset[str]:
    """The names that the module's logger may have; empty where nothing tells."""
    module, project = context.module, context.project
    if logger.value is not None:
        names = logger_names(module, project, module.scopes.load(logger.name))
    else:
        names = frozenset(module_names(module.layout, project.root))
    own = module.layout is not None and module.layout.module in names
    return names | {"__main__"} if own else names
