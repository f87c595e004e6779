"""Messages of rewritten calls that are lost or written twice, by their time, their level, or the handlers."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from printlint.facts.calls.log_calls import log_calls
from printlint.facts.context import Context
from printlint.facts.delivery.heard import LAST_RESORT, Heard, Listeners
from printlint.facts.log_setup.written_to import Written
from printlint.facts.module import Module, once_a_module
from printlint.facts.project.project import Project
from printlint.finding import Finding, Reported
from printlint.logging_names import number_of
from printlint.names.bindings import BindingKind
from printlint.names.layout import Layout
from printlint.rewrite.changes import FileFix, ProgramSetUp

_INFO, _WARNING = 20, 30
BELOW_WARNING = frozenset({"debug", "info"})
_DEFAULT_LEVEL = "the level of the set-up is INFO; LOG_LEVEL=DEBUG shows debug"


class Unheard(NamedTuple):
    """New messages of a file that nobody hears in a program, or everybody twice: by some methods, first at a line.

    `on_import`: only those that are logged when the file is imported. `hidden`: they are at debug, and a level alone
    hides them, which is no reason to keep the prints.
    """

    path: Path
    line: int
    methods: frozenset[str]
    why: str
    twice: bool = False
    on_import: bool = False
    hidden: bool = False

    @property
    def told(self) -> ProgramSetUp:
        """It, as what became of a program."""
        fate = "comes out twice" if self.twice else "is lost"
        return ProgramSetUp(self.path, self.line, f"the message {fate}: {self.why}", lost=True)

    @property
    def caution(self) -> str:
        """Why the rewrite is not safe."""
        return f"the message would {'come out twice' if self.twice else 'be lost'}: {self.why}"


class Withheld(dict[Path, list[Unheard]]):
    """What an earlier round has found to be unheard, by the absolute paths of the files: it is not safe to rewrite."""

    def add(self, items: Iterable[Unheard]) -> bool:
        """Add some; give whether any of them is new."""
        size = sum(map(len, self.values()))
        for item in (item for item in items if not item.hidden):
            known = self.setdefault(item.path.absolute(), [])
            known += [item] if all(item._replace(line=other.line) != other for other in known) else []
        return sum(map(len, self.values())) > size

    def told(self, left: Iterable[Reported]) -> Iterator[ProgramSetUp]:
        """What is left for it, of all that is left: the first place for each reason, and how many more there are."""
        causes: dict[str, list[Finding]] = {item.caution: [] for items in self.values() for item in items}
        for reported in left:
            title = reported.fix.title if reported.fix is not None else ""
            for caution, findings in causes.items():
                findings += [reported.finding] if caution in title else []
        for caution, findings in causes.items():
            if findings:
                more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
                path, line = Path(findings[0].path), findings[0].start.line
                yield ProgramSetUp(path, line, f"not rewritten{more}, since {caution}")

    def reason(self, module: Module, call: ast.Call, method: str) -> str:
        """Why nobody would hear a new logging call in the place of another call; empty where somebody does."""
        path = Path(module.source.path).absolute()
        for item in self.get(path, ()):
            if method in item.methods and (not item.on_import or _is_on_import(module, call)):
                return item.caution
        return ""


def calls_on_import(module: Module, before: int | None = None) -> Iterator[ast.Call]:
    """The logging calls that are made when a file is imported; those above a line (from 1) alone, by its own top.

    Those from WARNING on are left out: logging writes them to standard error by itself.
    """
    for found in log_calls(module):
        call = found.call
        if before is not None and call.lineno >= before:
            return
        is_made = module.places.runs_at_loading(call) if before is not None else True
        if is_made and (number_of(found.method) or _WARNING) < _WARNING and _is_on_import(module, call):
            yield call


def _is_on_import(module: Module, call: ast.Call) -> bool:
    """Whether a call is made when its file is imported, by the top of it or by a function that this calls."""
    if not module.places.runs_at_loading(call):
        return module.places.function(call) in _called_at_loading(module)
    return not any(call in ast.walk(guard) for guard in module.main_guards)


@once_a_module
def _called_at_loading(module: Module) -> frozenset[ast.AST]:
    """The functions of a module that are called by their names when it is loaded, or that those call."""
    guarded = {node for guard in module.main_guards for node in ast.walk(guard)}
    by_caller: dict[ast.AST | None, list[ast.Call]] = {}
    for call in module.calls:
        caller = None if module.places.runs_at_loading(call) else module.places.function(call)
        if isinstance(call.func, ast.Name) and call not in guarded and (caller or module.places.runs_at_loading(call)):
            by_caller.setdefault(caller, []).append(call)
    waiting: list[ast.AST | None] = [None, *_decorating(module)]
    found = dict.fromkeys(waiting)
    while waiting:
        for call in by_caller.get(waiting.pop(), ()):
            for binding in module.bindings_of(call.func.id):  # type: ignore[attr-defined]
                if isinstance(binding.value, ast.FunctionDef) and binding.value not in found:
                    found[binding.value] = None
                    waiting.append(binding.value)
    return frozenset(node for node in found if node is not None)


def _decorating(module: Module) -> Iterator[ast.AST]:
    """The functions of a module that decorate others when it is loaded: `@step`, and what `@step("read")` gives."""
    for scope in module.scopes.scopes:
        for item in getattr(scope.node, "decorator_list", ()):
            named = item.func if isinstance(item, ast.Call) else item
            bindings = module.names.bindings(named) if isinstance(named, ast.Name) else []
            if module.places.runs_at_loading(item):
                for function in (binding.value for binding in bindings if isinstance(binding.value, ast.FunctionDef)):
                    inner = function.body if isinstance(item, ast.Call) else ()
                    yield from (function, *(node for node in inner if isinstance(node, ast.FunctionDef)))


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


def below_the_set_up(items: Iterable[FileFix], why: str = _DEFAULT_LEVEL, number: int = _INFO) -> Iterator[Unheard]:
    """The messages below the level of a program's set-up."""
    for item, method in product(items, ("debug", "info")):
        low = [finding for finding in item.done if _method(finding) == method]
        if low and (number_of(method) or 0) < number:
            yield Unheard(item.path, low[0].start.line, frozenset({method}), why, hidden=method == "debug")


def with_hidden(item: FileFix, hidden: Iterable[Unheard]) -> FileFix:
    """A file whose new messages at debug say what hides them in the programs that run it."""
    why = next((other.why for other in hidden if other.path == item.path), "")

    def noted(finding: Finding) -> Finding:
        if not why or finding.level is None or finding.level.method != "debug" or finding.level.hidden:
            return finding
        return replace(finding, level=finding.level._replace(hidden=why))

    return replace(item, done=tuple(map(noted, item.done)))


def told_hidden(items: Iterable[FileFix]) -> Iterator[ProgramSetUp]:
    """What levels hide in the programs of some files: for each level the first place, and how many messages."""
    causes: dict[str, list[tuple[FileFix, Finding]]] = {}
    for item, finding in ((file, finding) for file in items for finding in file.done):
        if finding.level is not None and finding.level.hidden:
            causes.setdefault(finding.level.hidden, []).append((item, finding))
    for why, found in causes.items():
        count = "1 message is" if len(found) == 1 else f"{len(found)} messages are"
        first, finding = found[0]
        yield ProgramSetUp(
            first.path, first.line_now(finding.start.line), f"{count} at debug and not shown: {why}", True
        )


def too_early(early: Iterable[tuple[FileFix, int]]) -> list[Unheard]:
    """The messages that come before the set-up, by their files and first lines."""
    why = "it is logged before logging is set up"
    return [Unheard(item.path, line, BELOW_WARNING, why, on_import=True) for item, line in early]


def unheard_for(items: Iterable[FileFix], why: str) -> Iterator[Unheard]:
    """The messages that need a handler, in a program that has none for some reason."""
    for item in items:
        if low := [finding for finding in item.done if _method(finding) in BELOW_WARNING]:
            yield Unheard(item.path, low[0].start.line, BELOW_WARNING, why)


def _method(finding: Finding) -> str:
    """The logging method of a finding's new call; empty for one that was a logging call before."""
    return finding.level.method if finding.level is not None else ""


def misheard(
    listeners: Listeners, items: Iterable[tuple[FileFix, frozenset[str]]], project: Project
) -> Iterator[Unheard]:
    """The messages of some files that are lost or written twice in a program that configures logging itself.

    Each file comes with the names that its logger may have.
    """
    for item, names in items:
        lines = {method: finding.start.line for finding in reversed(item.done) if (method := _method(finding))}
        for (method, line), name in product(sorted(lines.items(), key=itemgetter(1)), sorted(names)):
            heard = listeners.heard(name, method)
            if why := _not_shown(heard, project):
                hidden = method == "debug" and _is_shown(listeners.heard(name, "critical"), project)
                yield Unheard(item.path, line, frozenset({method}), why, hidden=hidden)
            elif heard.doubled is not None:
                one, other = (handler.described(project) for handler in heard.doubled)
                yield Unheard(item.path, line, frozenset({method}), f"by the {one} and the {other}", twice=True)


def _not_shown(heard: Heard, project: Project) -> str:
    """Why a record does not come out on the terminal; empty where it does, or may."""
    if heard.lost or not heard.met or any(handler.written is not Written.ELSEWHERE for handler in heard.met):
        return heard.lost
    return f"only the {heard.met[0].described(project)} gets it, and not the terminal"


def _is_shown(heard: Heard, project: Project) -> bool:
    """Whether a record comes out once, by a handler of the program's own or of a host."""
    is_last_resort = any(handler.class_name == LAST_RESORT for handler in heard.met)
    return bool(heard.met) and not is_last_resort and not _not_shown(heard, project) and heard.doubled is None
