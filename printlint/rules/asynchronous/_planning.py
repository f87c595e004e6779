"""How calls in asynchronous code are made awaitable, for the rules of the family PRT4."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from printlint.backends import STRUCTLOG, backend_of
from printlint.backends.base import Backend, check_not_rebound
from printlint.backends.structlog_backend import structlog_call
from printlint.facts.calls.log_calls import LogCall, log_call_of
from printlint.facts.loggers.kinds import LoggerKind
from printlint.finding import Finding
from printlint.plan.edits import Await, DropAwait, Plan
from printlint.plan.message import Refused
from printlint.plan.refusals import check_foreign_loop, check_not_test, check_place, is_mocked, old_name_caution
from printlint.rules.loggers._planning import LOGGED_IN_TESTS, plan_root_function

if TYPE_CHECKING:
    from printlint.facts.context import Context

MOCKED = "tests mock a logger, and the call of a mock cannot be awaited"


def plan_await(finding: Finding, context: Context) -> Plan:
    """The plan for a blocking call in an `async def` (PRT401). Raises `Refused`."""
    found, backend = _checked(finding.site, context)
    check_not_test(context.module, context.project, found.call, LOGGED_IN_TESTS)
    if found.logger.kind is LoggerKind.STRUCTLOG:
        edit = structlog_call(found, context.module)
        return Plan((edit,), STRUCTLOG.title, STRUCTLOG.suspension(context))
    if found.function:
        plan = plan_root_function(found, context)
        title = plan.title if not backend.awaits else "Await a call on a module logger"
        return Plan(plan.edits, title, plan.caution, needs_setup=backend.needs_setup(context))
    if backend.replaces_loggers:
        check_not_rebound(context, found.receiver)
    edits = backend.awaited(found, context)
    mocked = MOCKED if edits and is_mocked(context.project, context.module, found) else ""
    caution = "; ".join(filter(None, [mocked, old_name_caution(context.project, found)]))
    return Plan(edits, backend.title, caution, needs_setup=backend.needs_setup(context))


def plan_helper(finding: Finding, context: Context) -> Plan:
    """The plan for a call in a function that only asynchronous code calls (PRT405). Raises `Refused`."""
    found, backend = _checked(finding.site, context)
    check_not_test(context.module, context.project, found.call, LOGGED_IN_TESTS)
    backend.setup_import(context)
    return Plan((), "Write through the set-up module's queue handler", needs_setup=True)


def plan_awaited_sync(finding: Finding, context: Context) -> Plan:
    """The plan for an awaited synchronous call (PRT403). Raises `Refused`."""
    assert isinstance(finding.site, ast.Await)
    found, backend = _checked(finding.site.value, context)
    caution = "the code after the `await`, which raises TypeError, would run for the first time"
    if not backend.awaits:
        return Plan((DropAwait(finding.site),), "Remove the `await`", caution, needs_setup=True)
    if found.logger.kind is LoggerKind.STRUCTLOG:
        edit = Await(found.call, f"a{found.method}")
        return Plan((edit,), "Call structlog's asynchronous method", caution)
    edits = backend.awaited(found, context)
    return Plan(edits, "Make the logger awaitable", caution, needs_setup=backend.needs_setup(context))


def _checked(site: ast.AST | None, context: Context) -> tuple[LogCall, Backend]:
    found = log_call_of(context.module, site)
    if found is None:
        raise Refused("the type of the logger is unknown")
    check_place(context.module, found.call)
    check_foreign_loop(context.module)
    return found, backend_of(context)
