"""From findings to edits: every finding of a module ends planned or refused, and the edits agree with each other."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from printlint.backends import backend_of
from printlint.backends.base import VALUE_USED, Backend, Definition, check_not_rebound, define_plain
from printlint.facts.calls.log_calls import log_calls
from printlint.facts.calls.result_use import value_used
from printlint.facts.context import Context
from printlint.facts.delivery.logger_names import logger_names
from printlint.facts.delivery.lost_records import LostRecords, module_names
from printlint.facts.loggers.kinds import LoggerKind
from printlint.finding import Finding, Fix, Reported
from printlint.names.enclosing import AwaitStatus
from printlint.plan.edits import (
    Await,
    Edit,
    EditKey,
    InsertAfter,
    Log,
    Plan,
    Retarget,
    Substitute,
    edit_key,
    edited_node,
)
from printlint.plan.message import Refused
from printlint.plan.refusals import check_behind_head, check_foreign_loop, check_head
from printlint.rewrite.logger_choice import LoggerChoice, check_site, choose_logger
from printlint.rules import find_rule
from printlint.rules.asynchronous._planning import MOCKED


@dataclass(frozen=True)
class ModulePlan:
    """What will be done to one module.

    `carried` are the findings whose plans are carried out, each with the keys of its edits, `edits` all of those
    plans' edits without repetition. `definition` makes the new logger, if there has to be one; `uses` are the names
    that edits and definition need an import for. `needs_setup` says whether the set-up module has to be there for
    `backend`.
    """

    reported: tuple[Reported, ...] = ()
    carried: tuple[tuple[Finding, frozenset[EditKey]], ...] = ()
    edits: tuple[Edit, ...] = ()
    definition: tuple[str, ...] = ()
    uses: frozenset[str] = frozenset()
    get_logger: str = "get_logger"
    needs_setup: bool = False
    backend: Backend | None = None

    @property
    def accepted(self) -> tuple[Finding, ...]:
        """The findings whose plans are carried out."""
        return tuple(finding for finding, _ in self.carried)


@dataclass
class _Case:
    """One finding on its way; exactly one of `plan` and `refused` is set."""

    finding: Finding
    plan: Plan | None = None
    refused: str | None = None

    def refuse(self, error: Refused) -> None:
        self.plan, self.refused = None, error.reason

    @property
    def logs(self) -> tuple[Log, ...]:
        return tuple(edit for edit in self.plan.edits if isinstance(edit, Log)) if self.plan else ()


def plan_module(
    context: Context,
    findings: Iterable[Finding],
    *,
    unsafe: bool = False,
    vetoes: Mapping[ast.AST, str] | None = None,
    methods: Mapping[ast.AST, str] | None = None,
) -> ModulePlan:
    """Plan the rewrite of one module; with `unsafe`, plans that carry a caution are accepted too.

    `vetoes` holds sites and nodes of edits that are not to be touched, with the reasons; `methods` names what the
    print-like findings at some sites log with, where that was chosen.
    """
    return _Planner(context, unsafe, vetoes or {}, methods or {}).plan(findings)


class _Planner:
    def __init__(
        self, context: Context, unsafe: bool, vetoes: Mapping[ast.AST, str], methods: Mapping[ast.AST, str]
    ) -> None:
        self._vetoes = vetoes
        self._methods = methods
        self._context = context
        self._module = context.module
        self._unsafe = unsafe
        self._logger: LoggerChoice | None = None
        self._backend = backend_of(context)
        self._structured = False

    def plan(self, findings: Iterable[Finding]) -> ModulePlan:
        cases = [self._case(finding) for finding in findings]
        self._choose(cases)
        self._settle_async(cases)
        accepted = [case for case in cases if self._accepts(case)]
        self._structured = self._becomes_structlogs(accepted)
        edits: dict[EditKey, Edit] = {}
        carried = []
        for case in accepted:
            assert case.plan is not None
            finished = {edit_key(edit): self._finish(edit) for edit in case.plan.edits}
            if all(edits.get(key, edit) == edit for key, edit in finished.items()):  # else it waits for the next pass
                edits.update(finished)
                carried.append((case.finding, frozenset(finished)))
        if self._logs_in_async(accepted) and self._logger is not None and self._logger.value is not None:
            for edit in self._backend.adopt(self._logger.value, self._context):
                edits.setdefault(edit_key(edit), edit)
        get_logger = self._name_retargets(edits)
        definition = self._definition([edit for edit in edits.values() if isinstance(edit, Log)])
        return ModulePlan(
            reported=tuple(_report(case) for case in cases),
            carried=tuple(carried),
            edits=tuple(edits.values()),
            definition=definition.lines,
            uses=definition.uses.union(*map(_used_by, edits.values())),
            get_logger=get_logger,
            needs_setup=any(self._needs_setup(case) for case in accepted),
            backend=self._backend,
        )

    def _definition(self, logs: list[Log]) -> Definition:
        """The new logger for calls that have none to go to."""
        if self._logger is None or self._logger.value is not None or not logs:
            return Definition((), frozenset())
        in_async = [edit for edit in logs if self._module.places.in_async(edit.call)]
        if not in_async:
            return define_plain(self._logger.name)
        return self._backend.define(self._logger.name, synchronous=any(not edit.awaited for edit in logs))

    def _case(self, finding: Finding) -> _Case:
        rule = find_rule(finding.code)
        assert rule is not None
        if finding.site is not None and finding.site in self._vetoes:
            return _Case(finding, refused=self._vetoes[finding.site])
        try:
            plan = rule.plan(finding, self._context)
            self._check_names(plan.edits)
        except Refused as error:
            return _Case(finding, refused=error.reason)
        if plan.otherwise is not None and not self._unsafe:
            plan = plan.otherwise
        sites = [finding.site, *map(edited_node, plan.edits)]
        vetoed = [self._vetoes[node] for node in sites if node is not None and node in self._vetoes]
        return _Case(finding, refused=vetoed[0]) if vetoed else _Case(finding, self._with_method(finding, plan))

    def _check_names(self, edits: Iterable[Edit]) -> None:
        """Refuse what uses a name before the import that brings it."""
        for edit in edits:
            if _used_by(edit):
                check_behind_head(self._module, edited_node(edit))

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

    def _accepts(self, case: _Case) -> bool:
        return case.plan is not None and (self._unsafe or not case.plan.caution)

    # The logger

    def _choose(self, cases: list[_Case]) -> None:
        logging_cases = [case for case in cases if case.logs]
        if not logging_cases:
            return
        try:
            self._logger = choose_logger(self._context)
        except Refused as error:
            for case in logging_cases:
                case.refuse(error)
            return
        for case in logging_cases:
            self._attempt(case, self._check_site)
            if case.plan is not None:
                cautions = [case.plan.caution, self._logger.caution, self._argument_caution(case)]
                cautions.append(self._silence_caution(case))
                if any(self._module.places.in_async(edit.call) for edit in case.logs):
                    cautions += [self._backend.caution(self._context), self._mock_caution()]
                case.plan = replace(case.plan, caution="; ".join(filter(None, cautions)))

    def _argument_caution(self, case: _Case) -> str:
        assert self._logger is not None
        values = any(edit.message is None or not edit.message.verbatim for edit in case.logs)
        if values and self._logger.structured and not self._context.project.formats_structlog_arguments:
            return "the values need PositionalArgumentsFormatter, which `structlog.configure` does not list"
        return ""

    def _mock_caution(self) -> str:
        """What says that a test may have a mock in the place of the logger, whose calls new prints would await."""
        assert self._logger is not None
        awaited = self._logger.value is not None and self._backend.replaces_loggers
        return MOCKED if awaited and self._context.project.may_patch_logger_of(self._module.layout) else ""

    def _silence_caution(self, case: _Case) -> str:
        """Why the record of a call would not be seen, by what the project's files do to loggers."""
        assert self._logger is not None
        kind = self._logger.value.kind if self._logger.value is not None else LoggerKind.STDLIB
        if kind not in (LoggerKind.STDLIB, LoggerKind.QUEUE):
            return ""
        names = self._logger_names()
        lost = LostRecords(self._module, self._context.project)
        of_root = case.finding.level is not None  # else it is a call on the root logger today
        return next(filter(None, (lost.reason(names, edit.method, of_root=of_root) for edit in case.logs)), "")

    def _logger_names(self) -> frozenset[str]:
        """The names that the module's logger may have; the root's for one whose name nothing tells."""
        assert self._logger is not None
        if self._logger.value is not None:
            node = self._module.scopes.load(self._logger.name)
            names = logger_names(self._module, self._context.project, node)
        else:
            names = frozenset(module_names(self._module.layout, self._context.project.root))
        own = self._module.layout is not None and self._module.layout.module in names
        return (names | {"__main__"} if own else names) or frozenset({""})

    def _check_site(self, case: _Case) -> None:
        assert self._logger is not None
        for edit in case.logs:
            check_site(self._module, self._logger, edit.call)

    def _attempt(self, case: _Case, check: Callable[[_Case], None]) -> None:
        try:
            check(case)
        except Refused as error:
            case.refuse(error)

    # Asynchronous code

    def _settle_async(self, cases: list[_Case]) -> None:
        """Refuse what cannot be awaited, until what is left agrees."""
        for case in cases:
            if case.logs:
                self._attempt(case, self._check_async)
                self._attempt(case, self._check_calls)
        if self._is_awaitable([case for case in cases if self._accepts(case)]):
            for case in cases:
                if case.logs:
                    self._attempt(case, self._check_value)
        self._check_leftovers(cases)

    def _check_async(self, case: _Case) -> None:
        if not any(self._module.places.in_async(edit.call) for edit in case.logs):
            return
        check_foreign_loop(self._module)
        check_head(self._module)
        if self._backend.needs_setup(self._context):
            self._backend.setup_import(self._context)
        assert self._logger is not None
        if self._logger.value is not None:
            if self._backend.replaces_loggers:
                check_not_rebound(self._context, self._module.scopes.load(self._logger.name))
            adopted = self._backend.adopt(self._logger.value, self._context)
            self._check_names(adopted)
            for edit in adopted:
                if edited_node(edit) in self._vetoes:
                    raise Refused(self._vetoes[edited_node(edit)])
        else:
            self._backend.check_names(self._module)

    def _check_calls(self, case: _Case) -> None:
        for edit in case.logs:
            self._backend.check_call(edit, self._context, legal=self._module.places.in_async(edit.call))

    def _check_value(self, case: _Case) -> None:
        for edit in case.logs:
            places = self._module.places
            if places.await_status(edit.call) is not AwaitStatus.LEGAL and value_used(self._module, edit.call):
                raise Refused(VALUE_USED)

    def _is_awaitable(self, accepted: list[_Case]) -> bool:
        """Whether the calls of the module's logger give something that can be awaited, now or once all is rewritten."""
        logger = self._logger
        if logger is None or logger.awaitable or not self._backend.makes_awaitable:
            return logger is not None and logger.awaitable
        if logger.value is not None and logger.value.foreign:  # what becomes of it is another file's plan
            return any(self._context.project.survey.holding((b"async def",)))
        created = logger.value.created if logger.value is not None else ()
        edits = (edit for case in accepted if case.plan is not None for edit in case.plan.edits)
        retargeted = any(isinstance(edit, Retarget) and edit.call in created for edit in edits)
        return retargeted or self._logs_in_async(accepted)

    def _check_leftovers(self, cases: list[_Case]) -> None:
        """A logger becomes awaitable only if no call on it in async code is left without its await."""
        if not self._backend.makes_awaitable:
            return
        accepted = [case for case in cases if self._accepts(case)]
        edits = [edit for case in accepted if case.plan for edit in case.plan.edits]
        awaited = {edit.call for edit in edits if isinstance(edit, Await)}
        targets = {edit.call for edit in edits if isinstance(edit, Retarget)}
        if self._logs_in_async(accepted) and self._logger is not None and self._logger.value is not None:
            targets.update(self._logger.value.created)
        for found in log_calls(self._module):
            legal = self._module.places.await_status(found.call) is AwaitStatus.LEGAL
            waits = found.call in awaited or self._module.is_awaited(found.call)
            if legal and not waits and targets & set(found.logger.created):
                reason = Refused(f"the call at line {found.call.lineno} on the same logger would not be awaited")
                self._refuse_awaitable(cases, set(found.logger.created), reason)

    def _refuse_awaitable(self, cases: list[_Case], created: set[ast.Call], reason: Refused) -> None:
        own = self._logger is not None and self._logger.value is not None and created & set(self._logger.value.created)
        for case in cases:
            edits = case.plan.edits if case.plan else ()
            retargeted = any(isinstance(edit, Retarget) and edit.call in created for edit in edits)
            logged = own and any(self._module.places.in_async(edit.call) for edit in case.logs)
            if retargeted or logged:
                case.refuse(reason)

    def _needs_setup(self, case: _Case) -> bool:
        in_async = any(self._module.places.in_async(edit.call) for edit in case.logs)
        return (in_async and self._backend.needs_setup(self._context)) or (
            case.plan is not None and case.plan.needs_setup
        )

    def _logs_in_async(self, accepted: list[_Case]) -> bool:
        """Whether an accepted plan puts a call of the module's logger into async code."""
        return any(self._module.places.in_async(edit.call) for case in accepted for edit in case.logs)

    # Finishing

    def _finish(self, edit: Edit) -> Edit:
        if not isinstance(edit, Log):
            return edit
        assert self._logger is not None
        edit = replace(edit, logger=self._logger.name)
        places = self._module.places
        legal = places.await_status(edit.call) is AwaitStatus.LEGAL and not self._module.is_awaited(edit.call)
        if places.in_async(edit.call) or self._structured:
            return self._backend.finish(edit, self._context, legal=legal)
        return edit

    def _becomes_structlogs(self, accepted: list[_Case]) -> bool:
        """Whether new calls go to a logger that is structlog's, or will be."""
        if not self._backend.changes_all_calls or self._logger is None:
            return False
        created = set(self._logger.value.created) if self._logger.value is not None else set()
        retargeted = any(
            isinstance(edit, Retarget) and edit.call in created
            for case in accepted
            for edit in (case.plan.edits if case.plan else ())
        )
        return self._logger.structured or retargeted or self._logs_in_async(accepted)

    def _name_retargets(self, edits: dict[EditKey, Edit]) -> str:
        """Give retargeted calls the name that `get_logger` has in this file, and return it."""
        names = self._module.names
        bound = "get_logger" in self._module.all_bindings() or names.star_binds("get_logger") is not False
        taken = bound or names.comes_from_elsewhere("get_logger")
        ours = any(
            binding.origin == f"{self._module.setup_module}.get_logger"
            for binding in self._module.bindings_of("get_logger")
        )
        name = "get_logger" if not taken or ours else "get_event_logger"
        for key, edit in list(edits.items()):
            if isinstance(edit, Retarget) and not edit.function:
                edits[key] = replace(edit, function=name)
        for key, edit in list(edits.items()):
            if isinstance(edit, Await) and isinstance(edit.call.func, ast.Attribute):
                inner = edits.pop((Retarget, edit.call.func.value), None)
                edits[key] = replace(edit, retarget=inner) if isinstance(inner, Retarget) else edit
        return name


def _used_by(edit: Edit) -> frozenset[str]:
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


def _report(case: _Case) -> Reported:
    if case.plan is None:
        return Reported(case.finding, refused=case.refused)
    title = case.plan.title
    if case.plan.caution:
        title = f"{title} ({case.plan.caution})"
    return Reported(case.finding, Fix(case.plan.safety, title))
