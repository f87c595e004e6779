"""Messages of rewritten calls that are lost or written twice, by their time, their level, or the handlers."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from printlint.facts.calls.log_calls import log_calls
from printlint.facts.context import Context
from printlint.facts.delivery.heard import Listeners
from printlint.facts.module import Module
from printlint.facts.project.project import Project
from printlint.finding import Finding
from printlint.logging_names import number_of
from printlint.names.bindings import BindingKind
from printlint.names.layout import Layout, layout_of
from printlint.rewrite.changes import FileFix, ProgramSetUp

_INFO, _WARNING = 20, 30


def calls_on_import(module: Module, before: int | None = None) -> Iterator[ast.Call]:
    """The logging calls that are made when a file is imported, above a line (from 1) if one is given.

    Those from WARNING on are left out: logging writes them to standard error by itself.
    """
    guarded = {node for guard in module.main_guards for node in ast.walk(guard)}
    for found in log_calls(module):
        call = found.call
        if before is not None and call.lineno >= before:
            return
        if (
            module.places.runs_at_loading(call)
            and call not in guarded
            and (number_of(found.method) or _WARNING) < _WARNING
        ):
            yield call


def calls_into_project(context: Context, before: int) -> Iterator[Path]:
    """The project's files, this one among them, of which functions are called when a file is imported, above a line."""
    module, layout = context.module, context.module.layout
    guarded = {node for guard in module.main_guards for node in ast.walk(guard)}
    if layout is None:
        return
    for call in module.calls:
        above = call.lineno < before and call not in guarded
        if above and module.places.runs_at_loading(call):
            own = isinstance(call.func, ast.Name) and _is_defined(module, call.func.id)
            path = layout.path if own else _file_of(layout, module.qualified(call.func) or "", context.project)
            if path is not None:
                yield path


def _is_defined(module: Module, name: str) -> bool:
    return any(binding.kind in (BindingKind.FUNCTION, BindingKind.CLASS) for binding in module.bindings_of(name))


def _file_of(layout: Layout, dotted: str, project: Project) -> Path | None:
    """The file of the project that defines what has a dotted name, or hands it on."""
    outer = dotted.rpartition(".")[0]
    while outer:
        if (path := layout.find(outer, project.root)) is not None:
            return path
        outer = outer.rpartition(".")[0]
    return None


def below_the_set_up(items: Iterable[FileFix]) -> Iterator[ProgramSetUp]:
    """The first message below the default level of the set-up module, with the number of all such messages."""
    low = [(item, finding) for item in items for finding in item.done if _number(finding) < _INFO]
    if low:
        item, finding = low[0]
        more = f" (and {len(low) - 1} more)" if len(low) > 1 else ""
        text = f"logged at debug{more}, below the level of the set-up; LOG_LEVEL=DEBUG shows it"
        yield ProgramSetUp(item.path, finding.start.line, text, lost=True)


def _number(finding: Finding) -> int:
    level = finding.level
    return number_of(level.method) or _INFO if level is not None else _INFO


def misheard(start: Path, files: Sequence[str], items: Iterable[FileFix]) -> Iterator[ProgramSetUp]:
    """The messages of some files that are lost or written twice in a program that configures logging itself."""
    project = Project.of(layout_of(start))
    listeners = Listeners(project, map(Path, files), start=start)
    for item in items:
        layout = layout_of(item.path)
        name = "__main__" if layout.path == start else layout.module
        told: set[str] = set()
        for finding in item.done:
            if finding.level is None or finding.level.method in told:
                continue
            told.add(finding.level.method)
            heard = listeners.heard(name, finding.level.method)
            place = item.path, finding.start.line
            if heard.lost:
                yield ProgramSetUp(*place, f"the message is lost: {heard.lost}", lost=True)
            elif heard.doubled is not None:
                one, other = (handler.described(project) for handler in heard.doubled)
                yield ProgramSetUp(*place, f"the message comes out twice: by the {one} and the {other}", lost=True)
