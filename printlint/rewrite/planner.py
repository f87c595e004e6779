"""From findings to edits: each finding of a module is planned or refused, and the edits fit together.

Rules plan each finding on its own. What concerns the whole module is decided here: which logger all new calls use,
whether it becomes awaitable (which all of its calls have to be ready for), and which names have to be imported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from printlint.backends.base import Backend, Definition, define_plain
from printlint.config import Config
from printlint.facts.context import Context
from printlint.facts.module import Module
from printlint.finding import Finding, Fix, Reported, Safety
from printlint.names.enclosing import AwaitStatus
from printlint.plan.edits import Await, Edit, EditKey, Log, Retarget, edit_key
from printlint.plan.message import Refused
from printlint.rewrite.async_agreement import settle
from printlint.rewrite.cases import Case, Cases, used_names
from printlint.rewrite.cautions import add_cautions
from printlint.rewrite.logger_choice import LoggerChoice, check_site, choose_logger
from printlint.rewrite.tracebacks import join_tracebacks


@dataclass(frozen=True)
class ModulePlan:
    """The plan for one module.

    `carried` are the findings whose plans are applied, each with the keys of its edits; `edits` are all edits of those
    plans, each once. `definition` defines the new `logger`, if one is needed; `uses` are the names that edits and
    definition need an import for. `needs_setup` says whether the set-up module has to exist for `backend`.
    """

    reported: tuple[Reported, ...] = ()
    carried: tuple[tuple[Finding, frozenset[EditKey]], ...] = ()
    edits: tuple[Edit, ...] = ()
    definition: tuple[str, ...] = ()
    uses: frozenset[str] = frozenset()
    get_logger: str = "get_logger"
    logger: str = ""
    needs_setup: bool = False
    backend: Backend | None = None

    @property
    def accepted(self) -> tuple[Finding, ...]:
        """The findings whose plans are applied."""
        return tuple(finding for finding, _ in self.carried)


def plan_module(
    context: Context,
    findings: Iterable[Finding],
    *,
    unsafe: bool = False,
    vetoes: Mapping[ast.AST, str] | None = None,
    methods: Mapping[ast.AST, str] | None = None,
    notes: bool = False,
) -> ModulePlan:
    """Plan the rewrite of one module; with `unsafe`, plans that carry a caution are accepted too.

    `vetoes` maps sites and nodes that may not be edited to the reasons; `methods` maps sites of prints to the logging
    methods that the user has chosen. `notes`: the user decides on each note, whether its code is selected or not.
    """
    cases = Cases(context, findings, unsafe=unsafe, vetoes=vetoes or {}, methods=methods or {}, notes=notes)
    join_tracebacks(cases)
    logger = _choose(cases)
    settle(cases, logger)
    return _finish(cases, logger)


def _choose(cases: Cases) -> LoggerChoice | None:
    """The logger for all new calls; None if there are none.

    A module gets one logger: two would differ in name and level, and readers would have to know which to use.
    """
    if not cases.logging:
        return None
    try:
        logger = choose_logger(cases.context)
    except Refused as error:
        for case in cases.logging:
            case.refuse(error)
        return None
    for case in cases.logging:
        case.attempt(lambda edit: check_site(cases.module, logger, edit.call, of_loguru=cases.backend.braces))
    add_cautions(cases, logger)
    return logger


def _finish(cases: Cases, logger: LoggerChoice | None) -> ModulePlan:
    """Join the accepted plans to one, with complete edits.

    Two plans may edit the same call in different ways (PRT201 and PRT401 of one `logging.info`). The first one is
    applied, the other waits: `fix` plans the new text again until nothing changes.
    """
    edits: dict[EditKey, Edit] = {}
    carried = []
    accepted = cases.accepted
    in_all_calls = _changes_all_calls(cases, logger)
    for case in accepted:
        finished = {edit_key(edit): _finished(edit, cases, logger, in_all_calls) for edit in case.edits}
        if all(edits.get(key, edit) == edit for key, edit in finished.items()):  # else it waits for the next pass
            edits.update(finished)
            carried.append((case.done, frozenset(finished)))
    # The logger that is there already becomes an awaitable one, with all of its calls (see `async_agreement`).
    if cases.log_in_async and logger is not None and logger.value is not None:
        for edit in cases.backend.adopt(logger.value, cases.context):
            edits.setdefault(edit_key(edit), edit)
    get_logger = _name_retargets(cases.module, edits)
    definition = _definition(cases, logger, [edit for edit in edits.values() if isinstance(edit, Log)])
    return ModulePlan(
        reported=tuple(_report(case, cases.context.config) for case in cases.all),
        carried=tuple(carried),
        edits=tuple(edits.values()),
        definition=definition.lines,
        uses=definition.uses.union(*map(used_names, edits.values())),
        get_logger=get_logger,
        logger=logger.name if logger is not None else "",
        needs_setup=any(_needs_setup(cases, case) for case in accepted),
        backend=cases.backend,
    )


def _finished(edit: Edit, cases: Cases, logger: LoggerChoice | None, in_all_calls: bool) -> Edit:
    """An edit with the logger of its call, and in the form of the back end if it needs one."""
    if not isinstance(edit, Log):
        return edit
    assert logger is not None
    edit = replace(edit, logger=logger.name)
    places = cases.module.places
    legal = places.await_status(edit.call) is AwaitStatus.LEGAL and not cases.module.is_awaited(edit.call)
    # A back end whose loggers take other arguments (structlog: keywords, no `extra`) changes synchronous calls too.
    if places.in_async(edit.call) or in_all_calls:
        return cases.backend.finish(edit, cases.context, legal=legal)
    return edit


def _changes_all_calls(cases: Cases, logger: LoggerChoice | None) -> bool:
    """Whether all calls on the logger of the new calls have, or will have, the form of the back end."""
    if not cases.backend.changes_all_calls or logger is None:
        return False
    own = logger.structured or cases.backend.in_all_code
    return own or cases.retarget(logger.created) or cases.log_in_async


def _needs_setup(cases: Cases, case: Case) -> bool:
    in_async = cases.is_async(case) and cases.backend.needs_setup(cases.context)
    return in_async or (case.plan is not None and case.plan.needs_setup)


def _definition(cases: Cases, logger: LoggerChoice | None, logs: list[Log]) -> Definition:
    """The definition of a new logger, if the module has none."""
    if logger is None or logger.value is not None or not logs:
        return Definition((), frozenset())
    if not cases.backend.in_all_code and not any(cases.module.places.in_async(edit.call) for edit in logs):
        return define_plain(logger.name)
    return cases.backend.define(logger.name, synchronous=any(not edit.awaited for edit in logs))


def _name_retargets(module: Module, edits: dict[EditKey, Edit]) -> str:
    """Give retargeted calls the name that `get_logger` has in this file, and return it."""
    bindings = module.bindings_of("get_logger")
    bound = bool(bindings) or module.names.star_binds("get_logger") is not False
    taken = bound or module.names.comes_from_elsewhere("get_logger")
    ours = any(binding.origin == f"{module.setup_module}.get_logger" for binding in bindings)
    name = "get_logger" if not taken or ours else "get_event_logger"
    for key, edit in list(edits.items()):
        if isinstance(edit, Retarget) and not edit.function:
            edits[key] = replace(edit, function=name)
    # `getLogger(...).info(...)`: two edits, one inside the other, become one, since spans must not overlap.
    for key, edit in list(edits.items()):
        if isinstance(edit, Await) and isinstance(edit.call.func, ast.Attribute):
            inner = edits.pop((Retarget, edit.call.func.value), None)
            edits[key] = replace(edit, retarget=inner) if isinstance(inner, Retarget) else edit
    return name


def _report(case: Case, config: Config) -> Reported:
    if case.plan is None:
        return Reported(case.finding, refused=case.refused)
    title = case.plan.title
    if case.plan.caution:
        title = f"{title} ({case.plan.caution})"
    return Reported(case.finding, Fix(Safety.SAFE if config.trusts(case.finding.code) else case.plan.safety, title))
