"""The asynchronous part of a module's plans: refuses what cannot be awaited until the remaining plans fit together."""

from __future__ import annotations

import ast

from printlint.backends.base import VALUE_USED, check_not_rebound
from printlint.facts.calls.log_calls import log_calls
from printlint.facts.calls.result_use import value_used
from printlint.names.enclosing import AwaitStatus
from printlint.plan.edits import Await, Log, Retarget
from printlint.plan.message import Refused
from printlint.plan.refusals import check_foreign_loop, check_head
from printlint.rewrite.cases import Cases
from printlint.rewrite.logger_choice import LoggerChoice


def settle(cases: Cases, logger: LoggerChoice | None) -> None:
    """Refuse plans that the back end cannot carry out, and those that would leave a call without its await."""
    backend, places = cases.backend, cases.module.places

    def check_call(edit: Log) -> None:
        backend.check_call(edit, cases.context, legal=places.in_async(edit.call))

    def check_value(edit: Log) -> None:
        if places.await_status(edit.call) is not AwaitStatus.LEGAL and value_used(cases.module, edit.call):
            raise Refused(VALUE_USED)

    if logger is not None:
        for case in cases.logging:
            if cases.is_async(case):
                case.attempt(lambda edit: _check_logger(cases, logger))
            case.attempt(check_call)
        if _is_awaitable(cases, logger):
            for case in cases.logging:
                case.attempt(check_value)
    if backend.makes_awaitable:
        _check_leftovers(cases, logger)


def _check_logger(cases: Cases, logger: LoggerChoice) -> None:
    """Raise `Refused` where new calls in asynchronous code cannot be the back end's."""
    if not cases.backend.own_sinks:  # which the set-up module's queue has nothing to do with
        check_foreign_loop(cases.module)
    check_head(cases.module)
    if cases.backend.needs_setup(cases.context):
        cases.backend.setup_import(cases.context)
    if logger.value is None:
        cases.backend.check_names(cases.module)
        return
    if cases.backend.replaces_loggers:
        check_not_rebound(cases.context, cases.module.scopes.load(logger.name))
    cases.check_edits(cases.backend.adopt(logger.value, cases.context))


def _is_awaitable(cases: Cases, logger: LoggerChoice) -> bool:
    """Whether the calls of the module's logger give something that can be awaited, now or once all is rewritten."""
    if logger.awaitable or not cases.backend.makes_awaitable:
        return logger.awaitable
    if logger.value is not None and logger.value.foreign:  # another file's plan decides about it
        return any(cases.context.project.survey.holders((b"async def",)))
    return cases.retarget(logger.created) or cases.log_in_async


def _check_leftovers(cases: Cases, logger: LoggerChoice | None) -> None:
    """A logger becomes awaitable only if no call on it in asynchronous code is left without its await."""
    edits = cases.accepted_edits
    awaited = {edit.call for edit in edits if isinstance(edit, Await)}
    targets = {edit.call for edit in edits if isinstance(edit, Retarget)}
    if cases.log_in_async and logger is not None:
        targets.update(logger.created)
    for found in log_calls(cases.module):
        legal = cases.module.places.await_status(found.call) is AwaitStatus.LEGAL
        waits = found.call in awaited or cases.module.is_awaited(found.call)
        created = set(found.logger.created)
        if legal and not waits and targets & created:
            own = logger is not None and not created.isdisjoint(logger.created)
            _refuse(cases, created, own, found.call.lineno)


def _refuse(cases: Cases, created: set[ast.Call], own: bool, line: int) -> None:
    """Refuse what would make some loggers awaitable; `own` says whether the new calls' logger is among them."""
    reason = Refused(f"the call at line {line} on the same logger would not be awaited")
    for case in cases.all:
        retargeted = any(isinstance(edit, Retarget) and edit.call in created for edit in case.edits)
        if retargeted or (own and cases.is_async(case)):
            case.refuse(reason)
