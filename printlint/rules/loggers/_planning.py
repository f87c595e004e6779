"""Why a call of the root logger may not become one of a module logger, for the rules of the family PRT2."""

from __future__ import annotations

from printlint.backends import backend_of
from printlint.facts.calls.log_calls import LogCall
from printlint.facts.context import Context, once_a_context
from printlint.facts.log_setup.root_signals import root_signals
from printlint.logging_names import MODERN
from printlint.plan.edits import Log, Plan
from printlint.plan.message import Refused
from printlint.plan.message_style import styled
from printlint.plan.refusals import check_not_called_by_logging, check_not_test, check_place

LOGGED_IN_TESTS = "which may check the root logger's records"


@once_a_context
def root_caution(context: Context) -> str:
    """Why a record of the module's logger may fare otherwise than one of the root logger; empty where none does."""
    name = context.module.layout.module if context.module.layout else "__main__"
    return next(root_signals(context.module, context.project, name), "")


def plan_root_function(found: LogCall, context: Context) -> Plan:
    """`logging.info(...)` as a call of the module's logger. Raises `Refused`."""
    check_place(context.module, found.call)
    check_not_called_by_logging(context.module, context.project, found.call)
    check_not_test(context.module, context.project, found.call, LOGGED_IN_TESTS)
    if context.module.names.is_alias(found.call.func):
        raise Refused("it is called through an alias that may be rebound")
    edit = Log(found.call, MODERN.get(found.method, found.method))
    plan = Plan((edit,), "Use a module logger", root_caution(context))
    return styled(plan, context, braces=backend_of(context).braces)
