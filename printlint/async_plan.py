"""How calls in asynchronous code are made awaitable, for the rules of the family PRT4 and for the planner."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from printlint.edits import Await, DropAwait, Edit, Plan, Retarget
from printlint.facts import disk
from printlint.facts.layout import is_stdlib, project_root
from printlint.facts.log_calls import MODERN, LogCall, log_call_of, log_calls
from printlint.facts.loggers import LoggerKind, LoggerValue
from printlint.facts.module import Module
from printlint.facts.places import AwaitStatus, is_main_guard
from printlint.facts.project import SETUP_NAMES, is_setup_file
from printlint.finding import Finding
from printlint.message import Refused
from printlint.refusals import check_foreign_loop, check_head, check_place
from printlint.root_plan import check_not_test, plan_root_function

if TYPE_CHECKING:
    from pathlib import Path

    from printlint.rule import Context

MOCKED = "tests put mocks in a logger's place, and a mock's call cannot be awaited"


@dataclass(frozen=True)
class SetupImport:
    """Where a module gets `get_logger` from.

    `module` is the set-up module's dotted name, `spelling` what stands in the import (perhaps relative), `path`
    its file, and `exists` whether that is there already.
    """

    module: str
    path: Path | None
    exists: bool
    relative: str | None = None

    @property
    def spelling(self) -> str:
        """The module as the import names it."""
        return self.relative or self.module


def plan_await(finding: Finding, context: Context) -> Plan:
    """The plan for a blocking call in an `async def` (PRT401). Raises `Refused`."""
    module = context.module
    found = log_call_of(module, finding.site)
    assert found is not None
    check_place(module, found.call)
    check_not_test(module, found.call)
    check_foreign_loop(module)
    if found.logger.kind is LoggerKind.STRUCTLOG:
        return _plan_structlog(found, context)
    if backend(context) == "none":
        return Plan((), "Let the set-up module's queue handler do the writing", needs_setup=True)
    if found.function:
        plan = plan_root_function(found, context)
        return Plan(plan.edits, "Await a call of the module's own logger", plan.caution, needs_setup=True)
    edits: list[Edit] = [*retargets(found.logger, context)]
    if module.places.await_status(found.call) is AwaitStatus.LEGAL:
        edits.append(Await(found.call, MODERN.get(found.method)))
    elif module.places.value_used(found.call):
        raise Refused(VALUE_USED)
    caution = MOCKED if context.project.patches_loggers else ""
    return Plan(tuple(edits), "Await the call on the set-up module's logger", caution, needs_setup=True)


VALUE_USED = "its value is used, and a call of an awaitable logger gives no plain None"


def plan_awaited_sync(finding: Finding, context: Context) -> Plan:
    """The plan for an awaited synchronous call (PRT403). Raises `Refused`."""
    module = context.module
    assert isinstance(finding.site, ast.Await)
    check_place(module, finding.site)
    check_foreign_loop(module)
    caution = "the await raises TypeError, and what stands behind it would run for the first time"
    if backend(context) == "none":
        return Plan((DropAwait(finding.site),), "Drop the await", caution, needs_setup=True)
    found = log_call_of(module, finding.site.value)
    assert found is not None
    if found.logger.kind is LoggerKind.STRUCTLOG:
        edit = Await(found.call, f"a{found.method}")
        return Plan((edit,), "Call structlog's asynchronous method", caution)
    edits = retargets(found.logger, context)
    return Plan(edits, "Make the logger one that can be awaited", caution, needs_setup=True)


def _plan_structlog(found: LogCall, context: Context) -> Plan:
    if context.module.places.await_status(found.call) is not AwaitStatus.LEGAL:
        raise Refused("no await may stand here, and structlog's asynchronous methods need one")
    if any(keyword.arg in (None, "extra", "exc_info", "stack_info") for keyword in found.call.keywords):
        raise Refused("structlog's asynchronous methods treat extra, exc_info and stack_info otherwise")
    named = context.config.async_backend == "structlog"
    caution = "" if named else "the await always suspends, and other tasks run in between"
    return Plan((Await(found.call, f"a{found.method}"),), "Await structlog's asynchronous method", caution)


def backend(context: Context) -> str:
    """The back end for a module's standard library loggers. Raises `Refused` for one that cannot be written."""
    chosen = context.config.async_backend
    if chosen in ("auto", "queue"):
        return "queue"
    if chosen == "none":
        return chosen
    raise Refused(f"this version does not write the back end {chosen!r} for loggers of the standard library")


@lru_cache(maxsize=16)
def retargets(logger: LoggerValue, context: Context) -> tuple[Retarget, ...]:
    """What makes a logger awaitable: its `getLogger` calls become the set-up module's. Raises `Refused`."""
    if logger.kind is LoggerKind.QUEUE:
        return ()
    if logger.root:
        raise Refused("its logger is the root logger, which has to change first (PRT202)")
    if not logger.plain or not logger.created:
        raise Refused("its logger comes from elsewhere (a parameter, a child, an adapter, another module)")
    setup_import(context)
    module = context.module
    created = frozenset(logger.created)
    for found in log_calls(module):
        if created & frozenset(found.logger.created) and not module.is_awaited(found.call):
            status = module.places.await_status(found.call)
            if status is not AwaitStatus.LEGAL and module.places.value_used(found.call):
                raise Refused(f"at line {found.call.lineno} the value of a call on the same logger is used")
    return tuple(Retarget(call) for call in logger.created)


def setup_import(context: Context) -> SetupImport:
    """Where the module would import `get_logger` from. Raises `Refused` where that cannot be told."""
    check_head(context.module)
    return _setup_import(context.module, context.config.setup_module)


@lru_cache(maxsize=4)
def _setup_import(module: Module, configured: str | None) -> SetupImport:
    layout = module.layout
    if module.setup_module is not None:
        within = layout is not None and module.setup_module.startswith(f"{layout.top_package}.")
        name = module.setup_module.partition(".")[2]
        return SetupImport(module.setup_module, None, True, _relative(module, name) if within else None)
    if configured is not None:
        root = layout.import_root if layout else None
        path = root.joinpath(*configured.split(".")).with_suffix(".py") if root else None
        return SetupImport(configured, path, path is not None and is_setup_file(path))
    if layout is None:
        return SetupImport(SETUP_NAMES[0], None, False)
    package = layout.top_package if _imports_as_package(module) else ""
    folder = layout.import_root / package if package else layout.path.parent
    for name in SETUP_NAMES:
        path = folder / f"{name}.py"
        if not disk.exists(path):
            return SetupImport(f"{package}.{name}" if package else name, path, False, _relative(module, name))
    raise Refused(f"{folder} has other modules named {' and '.join(SETUP_NAMES)}; name one in setup-module")


def _relative(module: Module, name: str) -> str | None:
    """The relative spelling of a module of the top package, where the file imports its own package so."""
    layout = module.layout
    if layout is None or not layout.package or not _imports_relatively(module):
        return None
    return "." * len(layout.package.split(".")) + name


def _imports_as_package(module: Module) -> bool:
    """Whether the file is imported as a part of its package (else it is run as a script beside its modules)."""
    layout = module.layout
    assert layout is not None
    imported = _imported_modules(module)
    own = any(name.startswith(".") or name.partition(".")[0] == layout.top_package for name in imported)
    siblings = any(
        (layout.path.parent / f"{name.partition('.')[0]}.py").is_file() and not is_stdlib(name) for name in imported
    )
    if layout.package:
        guarded = any(isinstance(node, ast.If) and is_main_guard(node) for node in module.tree.body)
        if own or not (siblings or (guarded and layout.path.stem != "__main__")):
            return True
        raise Refused("it cannot be told whether this file runs as a script or as a part of its package")
    if not siblings and _inside_project(module):
        raise Refused("it cannot be told how this file is imported; say where in setup-module")
    return False


def _imported_modules(module: Module) -> frozenset[str]:
    """What the module imports, as written: relative ones with their dots."""
    found = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return frozenset(found)


def _imports_relatively(module: Module) -> bool:
    """Whether the module names its own package by relative imports alone."""
    layout = module.layout
    assert layout is not None
    imported = _imported_modules(module)
    absolute = any(name.partition(".")[0] == layout.top_package for name in imported)
    return bool(layout.top_package) and not absolute and any(name.startswith(".") for name in imported)


def _inside_project(module: Module) -> bool:
    layout = module.layout
    assert layout is not None
    root = project_root(layout.path.parent)
    return root is not None and root != layout.path.parent
