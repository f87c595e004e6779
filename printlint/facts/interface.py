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
from printlint.facts.places import Function, affirmed, is_main_guard
from printlint.facts.scopes import BindingKind

_CLI_LIBRARIES = frozenset(
    {
        "argparse",
        "optparse",
        "getopt",
        "click",
        "rich_click",
        "asyncclick",
        "cloup",
        "typer",
        "docopt",
        "fire",
        "plac",
        "cmd",
    }
)
_PARSERS = frozenset({"ArgumentParser", "OptionParser"})  # a subclass of the project's own, by its usual name
_COMMAND_BASES = re.compile(r"(?:^|\.)(?:\w*BaseCommand|Cmd|Command|NoArgsCommand|LabelCommand|AppCommand)$")
_FOLDERS = frozenset(
    {"cli", "commands", "console", "scripts", "example", "examples", "bin", "demo", "demos", "tutorials", "benchmarks"}
)
_STEMS = re.compile(
    r"^(?:cli|__main__|manage|setup|console|cmdline|conf|fabfile|tasks|noxfile|examples?|demo|\w+_(?:cli|demo))$"
)
_PRINTER = re.compile(
    r"^_*(?:print\w*|show|display|usage|help|list|dump|pretty|pprint|banner|report|summary|info|describe|about|version|demo)"
    r"(?:_|$)|_(?:report|summary|table|usage|banner|help|info)$",
    re.IGNORECASE,
)
# What a caller asks for, or asks to be spared: output for whoever watches, not a log.
_ON_REQUEST = re.compile(r"verbos|quiet|silent|progress|\bdisp\b|show", re.IGNORECASE)
_PRINTING_CLASS = re.compile(r"Progress|Printer|Reporter|Spinner|Console|Shell")
_FOR_DEBUGGING = re.compile(r"debug|trace(?!back)|\bdbg\b", re.IGNORECASE)
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


class Interface:
    """Answers for one module. `entry_points` holds `module:function` of the project's console scripts."""

    def __init__(self, module: Module, config: Config, entry_points: frozenset[str] = frozenset()) -> None:
        self._module = module
        self._config = config
        self._entry_points = entry_points
        self._of_file = self._file_reason()
        self._imports_cli_library = self._imports() & (_CLI_LIBRARIES | _PARSERS)
        self._commands: dict[Function, str] | None = None
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
        if self._module.places.under_main_guard(call):
            return 'it stands under `if __name__ == "__main__":`'
        asked_for = self._guard(call, _ON_REQUEST)
        if asked_for is not None:
            return f"it is shown on request (`if {asked_for}`)"
        if any(_FOR_DEBUGGING.search(affirmed(test)) for test, _ in self._module.places.guards(call)):
            return None
        if self._is_document(call):
            return "it is a document for another program to read (`json.dumps`)"
        if self._imports_cli_library:
            return f"the module is a command line program: it uses {min(self._imports_cli_library)}"
        if self._module.scopes.module.node in self._dialogues and self._at_module_level(call):
            return "the script is a dialogue with the user"
        for function in self._module.places.enclosing_functions(call):
            if reason := self._function_reason(function):
                return reason
        return None

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

    def _file_reason(self) -> str | None:
        path = Path(self._module.source.path)
        if self._config.interface and self._config.matches(path, self._config.interface):
            return "the file matches `interface` in the configuration"
        parts = self._parts_within_project()
        if _STEMS.match(path.stem):
            return f"{path.name} is a file of the command line"
        for folder in parts[:-1]:
            if folder.lower() in _FOLDERS:
                return f"the file stands in a folder named {folder}"
        return None

    def _parts_within_project(self) -> tuple[str, ...]:
        """The path's parts that are the project's own; what lies above its root says nothing about the file."""
        layout = self._module.layout
        path = PurePosixPath(self._module.source.path)
        if layout is not None and layout.path.is_relative_to(layout.import_root):
            return layout.path.relative_to(layout.import_root.parent).parts
        return path.parts if not path.is_absolute() else path.parts[-2:]

    def _imports(self) -> frozenset[str]:
        found: set[str] = set()
        for scope in self._module.scopes.scopes:
            for bindings in scope.bindings.values():
                for origin in filter(None, (binding.origin for binding in bindings)):
                    found |= {origin.partition(".")[0], origin.rpartition(".")[2]}
        return frozenset(found)

    def _function_reason(self, function: Function) -> str | None:
        name = function.name
        if _PRINTER.match(name):
            return f"the function `{name}` is there to print"
        if reason := self._command_functions().get(function):
            return reason
        if reason := self._method_of_command(function):
            return reason
        return f"the function `{name}` is a dialogue with the user" if function in self._dialogues else None

    @cached_property
    def _dialogues(self) -> frozenset[ast.AST]:
        """The functions (or the module) that ask the user for something."""
        return frozenset(
            self._module.places.executing_scope(call).node
            for call in self._module.calls
            if self._module.qualified(call.func) in _PROMPTS
        )

    def _at_module_level(self, call: ast.Call) -> bool:
        return self._module.places.executing_scope(call) is self._module.scopes.module

    def _method_of_command(self, function: Function) -> str | None:
        parent = self._module.scopes.parents.get(function)
        if isinstance(parent, ast.ClassDef):
            if _PRINTING_CLASS.search(parent.name):
                return f"`{parent.name}` is there to show something"
            for base in parent.bases:
                qualified = self._module.qualified(base) or ast.unparse(base)
                if _COMMAND_BASES.search(qualified):
                    return f"`{parent.name}` is a command"
        return None

    def _command_functions(self) -> dict[Function, str]:
        """Functions that the command line calls: console scripts and what the main guard names."""
        if self._commands is None:
            self._commands = {}
            for function, reason in self._found_commands():
                self._commands.setdefault(function, reason)
            self._add_what_only_they_call(self._commands)
        return self._commands

    def _add_what_only_they_call(self, commands: dict[Function, str]) -> None:
        """A module-level function that nothing but commands names is a part of them."""
        users = self._users_of_functions()
        waiting = list(commands)
        while waiting:
            caller = waiting.pop()
            for function, used_by in users.items():
                if caller in used_by and function not in commands and used_by <= commands.keys() | {function}:
                    commands[function] = f"`{function.name}` is a part of `{caller.name}`: nothing else here calls it"
                    waiting.append(function)

    def _users_of_functions(self) -> dict[Function, set[ast.AST]]:
        """The functions of the module's own level, each with the outermost functions (or the module) that name it."""
        module = self._module
        found: dict[Function, set[ast.AST]] = {}
        for node in module.scopes.nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                for binding in module.names.bindings(node):
                    if binding.kind is BindingKind.FUNCTION and binding.scope is module.scopes.module:
                        around = list(module.places.enclosing_functions(node))
                        user = around[-1] if around else module.tree
                        assert isinstance(binding.value, (ast.FunctionDef, ast.AsyncFunctionDef))
                        found.setdefault(binding.value, set()).add(user)
        return found

    def _found_commands(self) -> list[tuple[Function, str]]:
        functions = {
            node.name: node
            for node in self._module.scopes.scope_of
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            and self._module.scopes.scope_of[node] is self._module.scopes.module
        }
        found: list[tuple[Function, str]] = []
        dotted = self._module.layout.module if self._module.layout else ""
        for name, function in functions.items():
            if f"{dotted}:{name}" in self._entry_points:
                found.append((function, f"`{name}` is a console script of the project"))
        for statement in self._module.tree.body:
            if isinstance(statement, ast.If) and is_main_guard(statement):
                for node in ast.walk(statement):
                    if isinstance(node, ast.Name) and node.id in functions:
                        reason = f'`{node.id}` is called under `if __name__ == "__main__":`'
                        found.append((functions[node.id], reason))
        return found
