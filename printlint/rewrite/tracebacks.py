"""A print and a traceback that is printed beside it are one event: one record gets both, or neither is rewritten."""

from __future__ import annotations

import ast
from dataclasses import replace

from printlint.facts.module import Module
from printlint.plan.edits import Log, Plan, Remove
from printlint.plan.message import Refused
from printlint.rewrite.cases import Case, Cases
from printlint.rewrite.statements import has_lines_of_its_own

_TITLE = "Use `logger.exception`, which logs the traceback too"
_SHARED = Refused("the message and the traceback beside it are one event, but there is more on the traceback's line")
_CAUTION = "the message and the traceback beside it become one record"


def join_tracebacks(cases: Cases) -> None:
    """Give each printed traceback, and the print right before or behind it, one plan for both."""
    messages = {statement: case for case in cases.all if (statement := _statement(cases.module, case, "PRT101"))}
    for case in cases.all:
        statement = _statement(cases.module, case, "PRT105")
        if statement is None:
            continue
        block, index = cases.module.places.block(statement)
        beside = (*block[max(index - 1, 0) : index], *block[index + 1 : index + 2])
        other = next((messages[item] for item in beside if item in messages), None)
        if other is None or other.plan is None or case.plan is None:
            continue
        if not has_lines_of_its_own(cases.module.source, statement):
            other.refuse(_SHARED)
            case.refuse(_SHARED)
            continue
        (edit,) = other.logs
        cautions = [other.plan.caution, "" if cases.context.config.tidy else _CAUTION]
        edits = (replace(edit, method="exception"), Remove(statement))
        plan = Plan(edits, _TITLE, "; ".join(filter(None, cautions)), tidied=other.plan.tidied)
        case.plan = other.plan = plan


def _statement(module: Module, case: Case, code: str) -> ast.stmt | None:
    """The statement that a case of a rule makes a logging call of."""
    if case.finding.code != code or len(case.edits) != 1 or not isinstance(case.edits[0], Log):
        return None
    call = case.edits[0].call
    return module.places.statement(call) if module.places.is_statement(call) else None
