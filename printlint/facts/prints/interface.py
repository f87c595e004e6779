"""Whether a print is the program's own output or a diagnostic.

What the signals are worth was measured on prints labelled by hand: docs/verdicts.md.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath

from printlint.config import Config
from printlint.facts.module import Module
from printlint.facts.prints.command_line import CommandLine, file_signs
from printlint.facts.prints.evidence import Shown, Verdict, as_of_a_command, shown_by, weigh
from printlint.facts.prints.function_signs import body_signs, function_signs
from printlint.facts.prints.message_signs import message_signs
from printlint.facts.prints.print_shapes import for_debugging, rows, shape_signs
from printlint.facts.prints.service_signs import Services
from printlint.facts.prints.traces import trace_clause
from printlint.facts.project.project import Project

# What a caller asks for, or asks to be spared: output for whoever watches, not a log.
_ON_REQUEST = r"(?i)verbos|quiet|silent|progress|\bdisp\b|show|print"
# A script's own level calls what does its work.
_ACTS = r"\n(?:main|run|sys\.exit|exit)\("
_SAYS_HOW_TO_RUN = r"(?i)\busage\b|\bpython3? [\w./-]+\.py|\bpython3? -m|\brun (?:this|it)\b|\bscript\b"
# What a server or a framework loads by its name, without an import.
_LOADED = r"(?i)^(?:__init__|urls|wsgi|asgi|celery\w*|conftest|apps|gunicorn\w*)$|settings|config"
_TAGGED = frozenset({"tagged", "tagged in a command"})
_PROMPTS = frozenset(
    {
        "builtins.input",
        "getpass.getpass",
        "sys.stdin.readline",
        "click.prompt",
        "click.confirm",
        "typer.prompt",
        "typer.confirm",
    }
)
_PROMPT_NAMES = frozenset(name.rpartition(".")[2] for name in _PROMPTS)


class Interface:
    """Answers for one module."""

    def __init__(self, module: Module, config: Config, project: Project) -> None:
        self._module = module
        self._config = config
        self._project = project
        self._command_line = CommandLine(module, project)
        self._services = Services(module)
        self._verdicts: dict[ast.Call, Verdict] = {}
        self._shown: dict[ast.Call, dict[str, str]] = {}

    def reason(self, call: ast.Call) -> str | None:
        """One clause that says why a print is the program's own output, or None for a diagnostic."""
        verdict = self.verdict(call)
        return verdict.reasons[0] if verdict.is_output else None

    def verdict(self, call: ast.Call) -> Verdict:
        """Output or diagnostic, with the evidence."""
        if call not in self._verdicts:
            self._verdicts[call] = self._judge(call)
        return self._verdicts[call]

    def _judge(self, call: ast.Call) -> Verdict:
        if not self._config.detect_interface:
            return Verdict(False)
        if self._config.interface and self._config.matches(Path(self._module.source.path), self._config.interface):
            return Verdict(True, ("the file matches `interface` in the configuration",))
        return weigh(self.signs(call))

    def signs(self, call: ast.Call) -> dict[str, Shown]:
        """The signs that a print and those in its row show, by their names in the table.

        Prints side by side describe one thing, and are judged as one. A tag says of its own line what it is.
        """
        own = self._signs_of(call)
        row = rows(self._module).get(call, []) if _TAGGED.isdisjoint(own) else []
        beside = (self._signs_of(other) for other in row if other is not call)
        return shown_by([own, *(signs for signs in beside if _TAGGED.isdisjoint(signs))])

    def _signs_of(self, call: ast.Call) -> dict[str, str]:
        """The signs of one print, each with the clause that says it."""
        if call not in self._shown:
            self._shown[call] = self._find_signs(call)
        return self._shown[call]

    def _find_signs(self, call: ast.Call) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, clause in self._signs(call):
            found.setdefault(name, clause)
        if "tagged" in found:  # the lines of a page have no levels
            found = {name: clause for name, clause in found.items() if name not in ("in a row", "mostly prints")}
        return as_of_a_command(found)

    def _signs(self, call: ast.Call) -> Iterator[tuple[str, str]]:
        yield from self._of_file
        places = self._module.places
        if places.under_main_guard(call):
            yield "main guard", 'it is under `if __name__ == "__main__":`'
        handled = places.handler(call) is not None
        if handled:
            yield "handler", "it is in an `except` clause"
        if asked_for := self._guard(call, _ON_REQUEST):
            yield "on request", f"it is printed on request (`if {asked_for}`)"
        if for_debugging(self._module, call):
            yield "debugging", "it is for debugging"
        if self._is_document(call):
            yield "document", "it is machine-readable output (`json.dumps`)"
        yield from self._command_line.library_signs(call)
        if self._at_module_level(call) and not places.under_main_guard(call):
            yield "module level", "it runs when the file is loaded"
            if self._is_run:
                yield "script", "it runs with the file, which no other file imports"
        yield from self._of_functions(call, handled)
        yield from self._services.signs(call)
        yield from shape_signs(self._module, call)
        yield from message_signs(call, self._names_around(call))
        if clause := trace_clause(self._module, call):
            yield "trace", clause

    def _of_functions(self, call: ast.Call, handled: bool) -> Iterator[tuple[str, str]]:
        if self._module.scopes.module.node in self._dialogues and self._at_module_level(call):
            yield "dialogue", "the script is interactive"
        if (innermost := self._module.places.function(call)) is not None:
            yield from body_signs(self._module, innermost)
        for function in self._module.places.enclosing_functions(call):
            yield from function_signs(self._module, function)
            yield from self._command_line.signs(function)
            if function in self._dialogues and (not handled or self._answers(call)):
                yield "dialogue", f"the function `{function.name}` is interactive"
            if clause := self._command_line.elsewhere(function):
                yield "command line calls", clause

    def _is_document(self, call: ast.Call) -> bool:
        match call.args:
            case [ast.Call(func=func)]:
                return self._module.qualified(func) == "json.dumps"
        return False

    def _guard(self, call: ast.Call, words: str) -> str | None:
        """The test of an `if` around a call, in the same function, that has one of some words."""
        for test, _ in self._module.places.guards(call):
            if re.search(words, test) and "err" not in test.lower() and len(test) < 80:
                return test
        return None

    @cached_property
    def _of_file(self) -> tuple[tuple[str, str], ...]:
        found = list(file_signs(Path(self._module.source.path), self._folders_within_project()))
        if self._module.is_notebook:
            found.append(("notebook", "the file is a notebook saved as a script"))
        if re.search(_ACTS, f"\n{self._module.source.text}") and not self._module.main_guards:
            found.append(("acts", "the file does its work when it is run"))
        if self._module.source.text.startswith("#!"):
            found.append(("shebang", "the file is a script: its first line names its interpreter"))
        if re.search(_SAYS_HOW_TO_RUN, ast.get_docstring(self._module.tree, clean=False) or ""):
            found.append(("script docstring", "the file's docstring says how to run it"))
        return tuple(found)

    @cached_property
    def _is_run(self) -> bool:
        """Whether the file is started, and not imported: it is in no package, and nothing in the project imports it."""
        layout = self._module.layout
        if layout is None or layout.package or not self._project.marked or re.search(_LOADED, layout.path.stem):
            return False
        return all(file.path == layout.path for file in self._project.importers(layout.path))

    def _names_around(self, call: ast.Call) -> set[str]:
        """The names of the file, the functions and the class that a call is in."""
        functions = list(self._module.places.enclosing_functions(call))
        parents = (self._module.scopes.parent(function) for function in functions)
        classes = {parent.name for parent in parents if isinstance(parent, ast.ClassDef)}
        return {Path(self._module.source.path).stem, *(function.name for function in functions), *classes}

    def _folders_within_project(self) -> tuple[str, ...]:
        """The folders of the path that are the project's own; what lies above its root says nothing about the file."""
        layout, root = self._module.layout, self._project.root
        if layout is not None and root is not None and self._project.marked and layout.path.is_relative_to(root):
            return layout.path.relative_to(root).parts[:-1]
        path = PurePosixPath(self._module.source.path)
        return path.parts[:-1] if not path.is_absolute() else path.parts[-3:-1]

    @cached_property
    def _dialogues(self) -> frozenset[ast.AST]:
        """The functions (or the module) that ask the user for something, and functions that call one of them."""
        asking = {self._module.places.executing_scope(call).node for call in self._prompts}
        names = {node.name for node in asking if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
        callers: set[ast.AST] = set()
        for call in self._module.scopes.calls_of(names):
            match call.func:
                case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name) if name in names:
                    callers.update(self._module.places.enclosing_functions(call))
        return frozenset(asking | callers)

    @cached_property
    def _prompts(self) -> frozenset[ast.Call]:
        if not any(name in self._module.source.text for name in _PROMPT_NAMES):
            return frozenset()
        calls = self._module.calls_named(_PROMPT_NAMES)
        return frozenset(call for call in calls if self._module.qualified(call.func) in _PROMPTS)

    def _answers(self, call: ast.Call) -> bool:
        """Whether a call in a handler answers the user: what was asked is in the same `try` or `while`."""
        around = (
            node for node in self._module.scopes.ancestors(call) if isinstance(node, (ast.Try, ast.TryStar, ast.While))
        )
        block = next(around, None)
        return block is not None and any(node in self._prompts for node in ast.walk(block))

    def _at_module_level(self, call: ast.Call) -> bool:
        return self._module.places.executing_scope(call) is self._module.scopes.module
