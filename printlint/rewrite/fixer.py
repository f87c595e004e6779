"""`fix` for one source: plan, rewrite and verify, again until there is nothing left to do."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from printlint.config import DEFAULT, Config
from printlint.facts.context import Context
from printlint.facts.module import Module
from printlint.finding import Finding, Reported, TextEdit
from printlint.lint.linter import Linted, lint
from printlint.names.layout import layout_of
from printlint.partial.kept_trees import tree_of
from printlint.partial.partial_tree import Tree
from printlint.plan.edits import (
    Await,
    ChangeEntries,
    Convert,
    DropAwait,
    Edit,
    InsertAfter,
    InsertKey,
    Log,
    NameLogger,
    Reformat,
    Remove,
    Respell,
    Retarget,
    SetValue,
    Substitute,
    edit_key,
    edited_node,
)
from printlint.plan.message import Refused
from printlint.plan.setup_import import SetupImport
from printlint.rewrite.cases import used_names
from printlint.rewrite.choices import Choices, Chooser, Offer
from printlint.rewrite.imports import Needed, place_imports
from printlint.rewrite.isolate import failure_of, most_that_hold
from printlint.rewrite.planner import ModulePlan, plan_module
from printlint.rewrite.splice import Replacement, Spliced, splice
from printlint.rewrite.statements import (
    render_change_entries,
    render_insert_after,
    render_insert_key,
    render_name,
    render_remove,
    render_retarget,
)
from printlint.rewrite.verify import NotTheSame, check_compiles, verify
from printlint.rules import find_rule, one_verdict
from printlint.run import ensured
from printlint.source import Source

# Each pass takes the outermost of nested edits; nobody nests prints in prints deeper than this.
_MAX_PASSES = 20


@dataclass(frozen=True)
class Fixed:
    """What became of a source: the new text, the findings that were fixed, and those that are left.

    `setup` is the set-up module that the new text imports or relies on. `failure` says which bug of printlint's had
    rewrites discarded; their findings are among those left, with the reason. `aside`: new calls go to a library with
    sinks of its own.
    """

    source: Source
    fixed: tuple[Finding, ...] = ()
    left: tuple[Reported, ...] = ()
    setup: SetupImport | None = None
    failure: str | None = None
    aside: bool = False


def fix(
    source: Source,
    config: Config = DEFAULT,
    path: Path | None = None,
    *,
    unsafe: bool = False,
    chooser: Chooser | None = None,
) -> Fixed:
    """Rewrite a source to its fixed point. Never raises for what the source holds."""
    with ensured():
        return _Fixer(config, path, unsafe, chooser).run(source)


def report(linted: Linted, *, notes: bool = False) -> tuple[Reported, ...]:
    """The findings of a file with what `fix` would do about each, and the edits of those that it would apply.

    With `notes`, they are findings like any other, as where their code is selected by name.
    """
    plan, replacements = _settle(linted, False, Choices(notes=notes))
    if linted.context is None or not plan.carried:
        return plan.reported
    return _with_edits(linted.context, plan, replacements)


# A finding by its code and by where it starts, in code points of the text that it is in.
_Key = tuple[str, int]


class _Fixer:
    def __init__(self, config: Config, path: Path | None, unsafe: bool, chooser: Chooser | None) -> None:
        self._chooser = chooser
        self._notes = chooser is not None and chooser.takes_notes
        self._config = config
        self._path = path
        self._unsafe = unsafe
        self._setup: SetupImport | None = None

    def run(self, original: Source) -> Fixed:
        """The source at its fixed point. If that fails, the fewest rewrites are left out with which it succeeds."""
        first = self._lint(original)
        try:
            return self._attempt(original, first, {})
        except Exception as error:  # an error in one rewrite must not cost the others
            return self._without_failing(original, first, error)

    def _without_failing(self, original: Source, first: Linted, error: Exception) -> Fixed:
        keys = [_key(original, finding) for finding in first.findings if finding.site is not None]
        reasons = most_that_hold(keys, lambda held: self._attempt(original, first, held), error)
        fixed = self._attempt(original, first, reasons)
        failure = failure_of(error)
        return replace(fixed, failure=failure.text if failure.is_bug else None)

    def _attempt(self, original: Source, first: Linted, held: Mapping[_Key, str]) -> Fixed:
        """The fixed point without the `held` findings. Raises whatever goes wrong."""
        self._setup = None
        source, fixed, plan, linted, aside = original, list[Finding](), ModulePlan(), first, False
        for _ in range(_MAX_PASSES):
            choices = self._choices(linted, _vetoes(source, linted, held))
            plan, replacements = _settle(linted, self._unsafe, choices)
            if not plan.accepted or linted.context is None:
                break
            source, done, spliced = self._rewrite(linted.context, plan, replacements)
            held = _moved(held, spliced)
            fixed += done
            aside = plan.backend is not None and plan.backend.own_sinks
            linted = self._lint(source)
        else:
            raise NotTheSame(f"it did not converge after {_MAX_PASSES} passes")
        _check_findings(first, linted)
        return Fixed(source, tuple(fixed), plan.reported, self._setup, aside=aside)

    def _choices(self, linted: Linted, vetoes: dict[ast.AST, str]) -> Choices:
        """The vetoes, with what the chooser says about the findings that would be rewritten."""
        if self._chooser is None or linted.context is None:
            return Choices(vetoes)
        context = linted.context
        plan, _ = _settle(linted, self._unsafe, Choices(vetoes, notes=self._notes))

        def preview(finding: Finding, method: str) -> Source:
            others = {
                item.site: "not this one" for item in plan.accepted if item.site is not finding.site and item.site
            }
            methods = {finding.site: method} if finding.site is not None and method else {}
            setup = self._setup
            alone = _settle(linted, self._unsafe, Choices(vetoes | others, methods, self._notes))
            source, *_ = self._rewrite(context, *alone)
            self._setup = setup
            return source

        chosen = self._chooser.choose(Offer(context.module, linted.findings, plan.accepted, preview))
        return Choices(chosen.vetoes | vetoes, chosen.methods, self._notes)

    def _lint(self, source: Source) -> Linted:
        layout = layout_of(self._path) if self._path is not None and self._setup is not None else None
        setup = self._setup.name_in(layout.package if layout is not None else "") if self._setup else None
        return lint(source, self._config, self._path, setup_module=setup, whole=True)

    def _rewrite(
        self, context: Context, plan: ModulePlan, replacements: list[Replacement]
    ) -> tuple[Source, list[Finding], tuple[Spliced, ...]]:
        """The text after one pass, the findings that are gone, and how places moved."""
        module = context.module
        new, spliced = _spliced(module, [*replacements, *self._requirements(context, plan)])
        from printlint.rewrite.prune import prune_imports

        verify(module.tree, module.source, new.tree, new.source, spliced)
        pruned, steps = new, [spliced]
        if removals := prune_imports(module, new, context.project):
            pruned, again = _spliced(new, removals)
            verify(new.tree, new.source, pruned.tree, pruned.source, again)
            steps.append(again)
        pruned.source.encode(pruned.source.text)
        check_compiles(module.source, pruned.source)
        done = {id(item) for item, _ in spliced.done}
        late = {edit_key(edit) for edit, item in zip(plan.edits, replacements, strict=True) if id(item) not in done}
        return pruned.source, [finding for finding, keys in plan.carried if late.isdisjoint(keys)], tuple(steps)

    def _requirements(self, context: Context, plan: ModulePlan) -> list[Replacement]:
        """The imports and the definition that the edits of a plan need."""
        self._setup = _setup_of(context, plan) or self._setup
        return _imports(context, plan, self._setup)


def _setup_of(context: Context, plan: ModulePlan) -> SetupImport | None:
    """The set-up module that a plan needs, if it needs one."""
    return plan.backend.setup_import(context) if plan.needs_setup and plan.backend is not None else None


def _imports(context: Context, plan: ModulePlan, setup: SetupImport | None) -> list[Replacement]:
    needed = [_needed(name, plan, setup) for name in sorted(plan.uses)]
    renamed = [line.replace("= get_logger(", f"= {plan.get_logger}(") for line in plan.definition]
    return place_imports(context.module, needed, renamed)


def _needed(name: str, plan: ModulePlan, setup: SetupImport | None) -> Needed:
    match name:
        case "pformat":
            return Needed("pprint", name)
        case "logging" | "structlog" | "sys":
            return Needed(name)
        case "JsonFormatter":
            return Needed("pythonjsonlogger.json", name)
        case "loguru":
            return Needed("loguru", "logger", plan.logger)
    assert setup is not None
    return Needed(setup.spelling, name, plan.get_logger if name == "get_logger" else None)


def _with_edits(context: Context, plan: ModulePlan, replacements: list[Replacement]) -> tuple[Reported, ...]:
    """The findings of a plan, those that it carries with their edits.

    Each finding's edits work without those of the others: whose calls are new, have the imports and the logger that new
    calls of the file share.
    """
    source, setup = context.module.source, _setup_of(context, plan)
    by_key = {edit_key(edit): (edit, item) for edit, item in zip(plan.edits, replacements, strict=True)}
    shared = _text_edits(source, _imports(context, plan, setup)) if setup is None or setup.exists else None
    edits = {id(finding): [by_key[key] for key in keys if key in by_key] for finding, keys in plan.carried}

    def complete(item: Reported) -> Reported:
        own = edits.get(id(item.finding))
        if item.fix is None or not own:
            return item
        needs = any(isinstance(edit, Log) or used_names(edit) for edit, _ in own)
        texts = _text_edits(source, [replacement for _, replacement in own])
        return item._replace(fix=item.fix._replace(edits=texts, imports=shared if needs else ()))

    return tuple(map(complete, plan.reported))


def _text_edits(source: Source, replacements: list[Replacement]) -> tuple[TextEdit, ...]:
    ordered = sorted(replacements, key=lambda item: item.span)
    return tuple(TextEdit(source.position(i.span.start), source.position(i.span.end), i.text) for i in ordered)


def _key(source: Source, finding: Finding) -> _Key:
    return finding.code, source.span(finding.site).start  # type: ignore[arg-type]


def _vetoes(source: Source, linted: Linted, held: Mapping[_Key, str]) -> dict[ast.AST, str]:
    """The sites of the findings that are held, with the reasons."""
    sited = (finding for finding in linted.findings if finding.site is not None) if held else ()
    found = ((finding.site, held.get(_key(source, finding))) for finding in sited)
    return {site: reason for site, reason in found if site is not None and reason is not None}


def _moved(held: Mapping[_Key, str], steps: tuple[Spliced, ...]) -> dict[_Key, str]:
    """The held findings by their places in the new text, without those inside a call that was rewritten."""
    places: dict[_Key, str] = {}
    for (code, start), reason in held.items():
        place: int | None = start
        for spliced in steps:
            place = spliced.moved(place) if place is not None else None
        if place is not None:
            places[code, place] = reason
    return places


def _settle(linted: Linted, unsafe: bool, choices: Choices) -> tuple[ModulePlan, list[Replacement]]:
    """The plan for a module with its edits rendered; what cannot be rendered is refused and planned again."""
    if linted.context is None or not linted.findings:
        return ModulePlan(reported=tuple(Reported(item, refused=item.message) for item in linted.findings)), []
    vetoes = dict(choices.vetoes)
    while True:
        plan = plan_module(
            linted.context,
            linted.findings,
            unsafe=unsafe,
            vetoes=vetoes,
            methods=choices.methods,
            notes=choices.notes,
        )
        replacements, known = [], len(vetoes)
        for edit in plan.edits:
            try:
                replacements.append(_render(edit, linted.context.module))
            except Refused as error:
                vetoes[edited_node(edit)] = error.reason
        if len(vetoes) == known:
            return plan, replacements


def _check_findings(before: Linted, after: Linted) -> None:
    """Raise `NotTheSame` where the new text has a finding of a code that the old text had fewer of.

    A print's message is logged unchanged, so that what its text is like, or how it is formatted, comes up with
    the logger; so does a level of the logger's that the user was told of.
    """
    old, new = _counted(before), _counted(after)
    for code in new:
        if new[code] > old[code]:
            line = next(item.start.line for item in after.findings if one_verdict(item.code) == code)
            raise NotTheSame(f"line {line} of the new text has a new finding, {code}")


def _counted(linted: Linted) -> Counter[str]:
    """How many findings each rule has that is on by default; a call whose verdict changes is no new one."""
    rules = ((finding, find_rule(finding.code)) for finding in linted.findings)
    return Counter(
        one_verdict(finding.code)
        for finding, rule in rules
        if rule is not None and rule.by_default and not rule.introduced_by_rewrite(finding)
    )


def _render(edit: Edit, module: Module) -> Replacement:
    match edit:
        case Log() | Await() | DropAwait() | Respell() | Substitute() | Reformat() | Convert():
            from printlint.rewrite.calls import render_call  # loads libcst, which only a rewrite needs

            return render_call(edit, module)
        case Retarget():
            return render_retarget(edit, module.source)
        case NameLogger():
            return render_name(edit, module.source)
        case InsertAfter():
            return render_insert_after(edit, module.source)
        case InsertKey():
            return render_insert_key(edit, module.source)
        case ChangeEntries():
            return render_change_entries(edit, module.source)
        case Remove():
            return render_remove(edit, module.source)
        case SetValue():
            return Replacement(module.source.span(edit.node), edit.text, edit.node)


def _spliced(module: Module, replacements: list[Replacement]) -> tuple[Module, Spliced]:
    spliced = splice(module.source.text, replacements)
    source = module.source.with_text(spliced.text)
    layout = module.layout
    tree = tree_of(str(layout.path), source, layout.package) if layout is not None else Tree(source)
    return Module(tree, layout, module.setup_module), spliced
