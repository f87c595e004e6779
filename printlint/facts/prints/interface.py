"""Whether a print is the program's own output or a diagnostic.

What the signals are worth was measured on prints labelled by hand: docs/verdicts.md.
"""

from __future__ import annotations

import ast
import re
from functools import cached_property
from pathlib import Path, PurePosixPath

from printlint.config import Config
from printlint.facts.module import Module
from printlint.facts.prints.command_line import CommandLine, file_reason
from printlint.facts.prints.print_shapes import for_debugging, shape_reason
from printlint.facts.project.project import Project
from printlint.names.enclosing import Function

_PRINTER = (
    r"(?i)^_*+(?:print\w*|show|display|usage|help|list|dump|pretty|pprint|banner|report|summary|status|info|describe|about"
    r"|version|bench(?:mark)?|\w*demo)(?:_|$)|^render$|_(?:report|summary|table|usage|banner|help|info)$"
)
# What a caller asks for, or asks to be spared: output for whoever watches, not a log.
_ON_REQUEST = re.compile(r"verbos|quiet|silent|progress|\bdisp\b|show|print", re.IGNORECASE)
_PRINTING_CLASS = r"Progress|Printer|Reporter|Spinner|Console|Shell|Logger$"
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
        self._reasons: dict[ast.Call, str | None] = {}

    def reason(self, call: ast.Call) -> str | None:
        """One clause that says why a print is the program's own output, or None for a diagnostic."""
        if call not in self._reasons:
            self._reasons[call] = self._find_reason(call)
        return self._reasons[call]

    def _find_reason(self, call: ast.Call) -> str | None:
        if not self._config.detect_interface:
            return None
        if self._of_file:
            return self._of_file
        if self._module.is_notebook:
            return "the file is a notebook saved as a script"
        if self._module.places.under_main_guard(call):
            return 'it is under `if __name__ == "__main__":`'
        handled = self._module.places.handler(call) is not None
        if not handled and (asked_for := self._guard(call, _ON_REQUEST)):
            return f"it is printed on request (`if {asked_for}`)"
        if for_debugging(self._module, call):
            return None
        if self._is_document(call):
            return "it is machine-readable output (`json.dumps`)"
        if self._command_line.uses_library(call):
            return f"the module is a command line program (it uses {self._command_line.library})"
        if self._module.scopes.module.node in self._dialogues and self._at_module_level(call):
            return "the script is interactive"
        for function in self._module.places.enclosing_functions(call):
            if reason := self._function_reason(function):
                return reason
            if function in self._dialogues and (not handled or self._answers(call)):
                return f"the function `{function.name}` is interactive"
            if not handled and (reason := self._command_line.elsewhere(function)):
                return reason
        return shape_reason(self._module, call)

    def _is_document(self, call: ast.Call) -> bool:
        match call.args:
            case [ast.Call(func=func)]:
                return self._module.qualified(func) == "json.dumps"
        return False

    def _guard(self, call: ast.Call, words: re.Pattern[str]) -> str | None:
        """The test of an `if` around a call, in the same function, that has one of some words."""
        for test, _ in self._module.places.guards(call):
            if words.search(test) and "err" not in test.lower() and len(test) < 80:
                return test
        return None

    @cached_property
    def _of_file(self) -> str | None:
        path = Path(self._module.source.path)
        if self._config.interface and self._config.matches(path, self._config.interface):
            return "the file matches `interface` in the configuration"
        return file_reason(path, self._folders_within_project())

    def _folders_within_project(self) -> tuple[str, ...]:
        """The folders of the path that are the project's own; what lies above its root says nothing about the file."""
        layout, root = self._module.layout, self._project.root
        if layout is not None and root is not None and layout.path.is_relative_to(root):
            top = root if self._project.marked else root.parent
            return layout.path.relative_to(top).parts[:-1]
        path = PurePosixPath(self._module.source.path)
        return path.parts[:-1] if not path.is_absolute() else path.parts[-2:-1]

    def _function_reason(self, function: Function) -> str | None:
        if re.match(_PRINTER, function.name):
            return f"the purpose of the function `{function.name}` is to print"
        parent = self._module.scopes.parent(function)
        if isinstance(parent, ast.ClassDef) and re.search(_PRINTING_CLASS, parent.name):
            return f"the purpose of `{parent.name}` is to show something"
        return self._command_line.reason(function)

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
