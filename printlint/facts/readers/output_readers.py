"""Programs of the project whose output another program reads: a process that captures it, a shell, a build file.

What such a program prints is its answer, wherever it is printed. Only files that hold the words are looked into, where
a rewrite is planned.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from printlint.facts.flow.call_graph import Code, calls_of
from printlint.facts.flow.definitions import Defined, definitions, of_place, place_of
from printlint.facts.log_setup.logger_settings import shown
from printlint.facts.module import Module
from printlint.facts.project.project import Project
from printlint.facts.project.word_index import as_bytes
from printlint.facts.readers.command_texts import Run, runs_in, runs_in_text, text_of, texts_of_command
from printlint.facts.readers.shell_files import shell_files
from printlint.names.enclosing import Function
from printlint.source import Unreadable

_WORDS = (b"subprocess", b"popen", b"Popen", b"pexpect", b"run_process", b"create_subprocess", b"getoutput")
_ALWAYS = frozenset(
    {
        *("subprocess.check_output", "subprocess.getoutput", "subprocess.getstatusoutput", "os.popen"),
        *("pexpect.spawn", "pexpect.run", "pexpect.popen_spawn.PopenSpawn", "anyio.run_process"),
        *("sh.python", "sh.python3"),
    }
)
_WHERE_ASKED = frozenset(
    {
        *("subprocess.run", "subprocess.Popen", "subprocess.call", "subprocess.check_call", "anyio.open_process"),
        *("asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell", "trio.run_process"),
        *("asyncio.subprocess.create_subprocess_exec", "asyncio.subprocess.create_subprocess_shell"),
    }
)
_NAMES = frozenset(name.rpartition(".")[2] for name in _ALWAYS | _WHERE_ASKED)
_INHERITED = frozenset({"subprocess.DEVNULL", "asyncio.subprocess.DEVNULL", "sys.stdout", "sys.stderr"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Reader(NamedTuple):
    """Where output is read; `is_test` says that it is a test which does."""

    where: str
    is_test: bool


def reader_of(module: Module, project: Project, node: ast.AST) -> Reader | None:
    """Who reads what is printed at a node; None where nobody is known to."""
    return of_place(project.derived(_read_places), module, node)


def _read_places(project: Project) -> dict[Path, dict[str, Reader]]:
    """The dotted places whose output is read, by file; what is no function's is empty."""
    found: dict[Path, dict[str, Reader]] = {}
    if project.root is None:
        return found
    files = _Files(project)
    for run, reader in (*_runs_in_python(project), *_runs_in_shell(project)):
        for path in files.named(run):
            with suppress(Unreadable):
                if (module := project.module(path)) is not None:
                    _add(found, module, project, reader, run)
    return found


def _add(found: dict[Path, dict[str, Reader]], module: Module, project: Project, reader: Reader, run: Run) -> None:
    starts = [Code(module, module.tree)]
    if not run.imported:  # the program's own file has no other purpose
        starts += [Code(module, scope.node) for scope in module.scopes.scopes if isinstance(scope.node, _FUNCTIONS)]
    for code in calls_of(starts, project):
        if code.module.layout is not None and isinstance(code.node, (*_FUNCTIONS, ast.Module)):
            places = found.setdefault(code.module.layout.path, {})
            place = place_of(code.module, code.node)
            if place not in places or places[place].is_test:
                places[place] = reader


class _Files:
    """The project's files by how commands name them."""

    def __init__(self, project: Project) -> None:
        self._by_name: dict[str, list[Path]] = {}
        for file in project.files:
            if not file.is_test:
                self._by_name.setdefault(file.path.name, []).append(file.path.absolute())

    def named(self, run: Run) -> Iterator[Path]:
        """The files that a command may run: `tools/version.py`; `pkg/mod.py` and `pkg/mod/__main__.py` for a module."""
        if not run.is_module:
            yield from self._ending(run.name)
            return
        dotted = run.name.replace(".", "/")
        yield from self._ending(f"{dotted}.py")
        yield from self._ending(f"{dotted}/__init__.py" if run.imported else f"{dotted}/__main__.py")

    def _ending(self, name: str) -> list[Path]:
        """Files whose path ends as a name does, by as many of its parts as one of them has."""
        parts = [part for part in name.split("/") if part not in ("", ".", "..")]
        while parts:
            candidates = self._by_name.get(parts[-1], [])
            if found := [path for path in candidates if list(path.parts[-len(parts) :]) == parts]:
                return found
            parts = parts[1:]
        return []


def _runs_in_shell(project: Project) -> Iterator[tuple[Run, Reader]]:
    """What shell scripts, build files and the like run and read."""
    for path, text in shell_files(project):
        for run, line in runs_in_text(path, text, project.script_names):
            yield run, Reader(f"{shown(path, project)}:{line}", is_test=False)


def _runs_in_python(project: Project) -> Iterator[tuple[Run, Reader]]:
    """What the project's Python files run and read, by themselves or by a function that is given the command."""
    handing = set[Code]()

    def runs(module: Module) -> list[tuple[Run, Reader]]:
        found = []
        for call in module.calls_named(_NAMES):
            if _captures(module, call):
                named = [run for text in texts_of_command(module, call) for run in runs_in(text)]
                found += [(run, _reader(module, project, call)) for run in named]
                function = module.places.function(call) if not named else None
                if function is not None and _hands_on(module, call, function):
                    handing.add(Code(module, function))
        return found

    paths = [file.path for file in project.survey.holders(_WORDS)]
    yield from chain.from_iterable(project.ask_each(paths, runs))
    yield from _handed_over(project, handing)


def _reader(module: Module, project: Project, call: ast.Call) -> Reader:
    path = Path(module.source.path).absolute()
    return Reader(f"{shown(path, project)}:{call.lineno}", project.file(path).is_test)


def _hands_on(module: Module, call: ast.Call, function: Function) -> bool:
    """Whether the command of a call is what its function is given."""
    arguments = {item.arg for item in ast.walk(function.args) if isinstance(item, ast.arg)}
    return any(isinstance(node, ast.Name) and node.id in arguments for item in call.args[:2] for node in ast.walk(item))


def _handed_over(project: Project, handing: set[Code]) -> Iterator[tuple[Run, Reader]]:
    """The commands that callers pass to functions of the project which run them."""
    functions = {(Path(code.module.source.path), place_of(code.module, code.node)) for code in handing}
    names = frozenset(dotted.rpartition(".")[2] for _, dotted in functions)

    def runs(module: Module) -> list[tuple[Run, Reader]]:
        return [
            (run, _reader(module, project, call))
            for call in module.calls_named(names)
            if any((Path(item.module.source.path), place_of(*item)) in functions for item in _called(module, call))
            for run in runs_in(" ".join(text_of(module, argument) for argument in call.args))
        ]

    def _called(module: Module, call: ast.Call) -> tuple[Defined, ...]:
        return definitions(module, project, call.func)

    paths = [file.path for file in project.survey.holders(tuple(map(as_bytes, sorted(names))))] if names else []
    yield from chain.from_iterable(project.ask_each(paths, runs))


def _captures(module: Module, call: ast.Call) -> bool:
    """Whether a call gets what the process that it starts writes."""
    qualified = module.qualified(call.func)
    if qualified in _ALWAYS:
        return True
    if qualified not in _WHERE_ASKED:
        return False
    for item in call.keywords:
        if item.arg is None or item.arg in ("capture_output", "capture_stdout"):
            if not (isinstance(item.value, ast.Constant) and not item.value.value):
                return True
        elif item.arg == "stdout":
            inherited = isinstance(item.value, ast.Constant) or module.qualified(item.value) in _INHERITED
            return not inherited
    return False
