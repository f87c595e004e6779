"""Findings on their way to edits: each has a plan until something refuses it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from printlint.backends import backend_of
from printlint.facts.context import Context
from printlint.finding import Finding, Severity
from printlint.plan.edits import Await, Edit, InsertAfter, Log, Plan, Retarget, Substitute, edited_node
from printlint.plan.message import Refused
from printlint.plan.refusals import check_behind_head
from printlint.rules import find_rule

_ONLY_A_NOTE = "it is only a note, and the code may be right as it is"


@dataclass
class Case:
    """One finding; exactly one of `plan` and `refused` is set."""

    finding: Finding
    plan: Plan | None = None
    refused: str | None = None

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits of its plan."""
        return self.plan.edits if self.plan is not None else ()

    @property
    def done(self) -> Finding:
        """The finding as it is told once its plan is applied: a print that is removed has no level."""
        if self.plan is None or not self.plan.tidied:
            return self.finding
        return replace(self.finding, tidied=self.plan.tidied, level=self.finding.level if self.logs else None)

    @property
    def logs(self) -> tuple[Log, ...]:
        """The new logging calls among them."""
        return tuple(edit for edit in self.edits if isinstance(edit, Log))

    def refuse(self, error: Refused) -> None:
        """Drop its plan."""
        self.plan, self.refused = None, error.reason

    def attempt(self, check: Callable[[Log], None]) -> None:
        """Drop its plan where a check raises `Refused` for one of its new calls."""
        try:
            for edit in self.logs:
                check(edit)
        except Refused as error:
            self.refuse(error)


class Cases:
    """The findings of a module. `vetoes` holds sites and nodes of edits that may not be touched, with the reasons."""

    def __init__(
        self,
        context: Context,
        findings: Iterable[Finding],
        *,
        unsafe: bool,
        vetoes: Mapping[ast.AST, str],
        methods: Mapping[ast.AST, str],
        notes: bool,
    ) -> None:
        self.context = context
        self.module = context.module
        self.backend = backend_of(context)
        self.vetoes = vetoes
        self._unsafe = unsafe
        self._methods = methods
        self._notes = notes
        self.all = [self._case(finding) for finding in findings]

    @property
    def logging(self) -> list[Case]:
        """Those that make new logging calls."""
        return [case for case in self.all if case.logs]

    @property
    def accepted(self) -> list[Case]:
        """Those that have a plan so far."""
        return [
            case
            for case in self.all
            if case.plan is not None and (not case.plan.caution or self._takes_risk(case.finding))
        ]

    @property
    def accepted_edits(self) -> list[Edit]:
        """The edits of their plans."""
        return [edit for case in self.accepted for edit in case.edits]

    @property
    def log_in_async(self) -> bool:
        """Whether an accepted plan puts a call of the module's logger into asynchronous code."""
        return any(map(self.is_async, self.accepted))

    def is_async(self, case: Case) -> bool:
        """Whether a plan puts a call of the module's logger into asynchronous code."""
        return any(self.module.places.in_async(edit.call) for edit in case.logs)

    def retarget(self, created: Iterable[ast.Call]) -> bool:
        """Whether an accepted plan has one of some calls make another logger."""
        return any(isinstance(edit, Retarget) and edit.call in created for edit in self.accepted_edits)

    def check_edits(self, edits: Iterable[Edit]) -> None:
        """Raise `Refused` for vetoed edits, and for those above the import of a name that they use."""
        for edit in edits:
            if used_names(edit):
                check_behind_head(self.module, edited_node(edit))
            self._check_veto(edited_node(edit))

    def _check_veto(self, node: ast.AST | None) -> None:
        if node is not None and node in self.vetoes:
            raise Refused(self.vetoes[node])

    def _case(self, finding: Finding) -> Case:
        rule = find_rule(finding.code)
        assert rule is not None
        try:
            self._check_veto(finding.site)
            if (key := self.context.config.unfixed(finding.code)) is not None:
                raise Refused(f"`{key}` in the configuration leaves {finding.code} alone")
            if finding.severity is Severity.NOTE and not self._takes_note(finding):
                raise Refused(rule.refusal)
            plan = rule.plan(finding, self.context)
            if plan.otherwise is not None and not self._takes_risk(finding):
                plan = plan.otherwise
            self.check_edits(plan.edits)
            if finding.severity is Severity.NOTE and not self._notes:
                plan = replace(plan, caution="; ".join(filter(None, [_ONLY_A_NOTE, plan.caution])))
        except Refused as error:
            return Case(finding, refused=error.reason)
        return Case(finding, self._with_method(finding, plan))

    def _takes_risk(self, finding: Finding) -> bool:
        """Whether unsafe fixes of a finding are applied."""
        return self._unsafe or self.context.config.trusts(finding.code)

    def _takes_note(self, finding: Finding) -> bool:
        """Whether a note may be rewritten: its code is selected by name, or the user decides on each."""
        return self._notes or self.context.config.names(finding.code)

    def _with_method(self, finding: Finding, plan: Plan) -> Plan:
        """The plan with the method that was chosen for its call; one that carries a traceback keeps its own."""
        method = self._methods.get(finding.site) if finding.site is not None else None
        if method is None:
            return plan
        edits = (
            replace(edit, method=method) if isinstance(edit, Log) and edit.method != "exception" else edit
            for edit in plan.edits
        )
        return replace(plan, edits=tuple(edits))


def used_names(edit: Edit) -> frozenset[str]:
    """The names that an edit needs an import for."""
    match edit:
        case Retarget(function="structlog.get_logger"):
            return frozenset({"structlog"})
        case Retarget() | Await(retarget=Retarget()):
            return frozenset({"get_logger"})
        case Substitute(uses=uses):
            return uses
        case InsertAfter(text=text) if "get_async_logger(" in text:
            return frozenset({"get_async_logger"})
        case Log(pformat=True, call=ast.Call(func=ast.Name())):
            return frozenset({"pformat"})
    return frozenset()
