"""Whether a print is the program's own output or a diagnostic.

What the signals are worth was measured on prints labelled by hand: docs/interface.md.
"""

from __future__ import annotations

import ast
import re
from functools import cached_property
from pathlib import Path, PurePosixPath

from printlint.config import Config
from printlint.facts.module import Module
from printlint.facts.places import Function, is_main_guard

_CLI_LIBRARIES = frozenset(
    {"argparse", "optparse", "getopt", "click", "rich_click", "asyncclick", "cloup", "typer", "docopt", "fire", "plac", "cmd"}
)
_COMMAND_DECORATORS = frozenset({"command", "group", "result_callback", "callback"})
_DECORATOR_LIBRARIES = ("click", "rich_click", "asyncclick", "cloup", "typer")
_COMMAND_BASES = re.compile(r"(?:^|\.)(?:\w*BaseCommand|Cmd|Command|NoArgsCommand|LabelCommand|AppCommand)$")
_FOLDERS = frozenset({"cli", "commands", "scripts", "examples", "example", "bin", "demo", "demos", "tutorials", "benchmarks"})
_STEMS = frozenset({"cli", "__main__", "manage", "setup", "console", "conf", "fabfile", "tasks", "noxfile"})
_PRINTER = re.compile(r"^_*(?:print\w*|show|display|usage|help|list|dump|pretty|pprint|banner|report|summary)(?:_|$)", re.IGNORECASE)
_PARSERS = frozenset({"argparse.ArgumentParser", "optparse.OptionParser", "docopt.docopt", "fire.Fire", "getopt.getopt"})
_PROMPTS = frozenset({"builtins.input", "getpass.getpass", "click.prompt", "click.confirm", "typer.prompt", "typer.confirm"})


class Interface:
    """Answers for one module. `entry_points` holds `module:function` of the project's console scripts."""

    def __init__(self, module: Module, config: Config, entry_points: frozenset[str] = frozenset()) -> None:
        self._module = module
        self._config = config
        self._entry_points = entry_points
        self._of_file = self._file_reason()
        self._imports_cli_library = self._imports() & _CLI_LIBRARIES
        self._commands: dict[Function, str] | None = None

    def reason(self, call: ast.Call) -> str | None:
        """One clause that says why a print is the program's own output, or None for a diagnostic."""
        if not self._config.detect_interface:
            return None
        if self._of_file:
            return self._of_file
        if self._module.places.under_main_guard(call):
            return 'it stands under `if __name__ == "__main__":`'
        if self._module.scopes.module.node in self._dialogues and self._at_module_level(call):
            return "the script is a dialogue with the user"
        for function in self._module.places.enclosing_functions(call):
            if reason := self._function_reason(function):
                return reason
        if self._imports_cli_library and self._at_module_level(call):
            library = min(self._imports_cli_library)
            return f"it stands at the top of a script that imports {library}"
        return None

    def _file_reason(self) -> str | None:
        path = Path(self._module.source.path)
        if self._config.interface and self._config.matches(path, self._config.interface):
            return "the file matches `interface` in the configuration"
        parts = self._parts_within_project()
        if path.stem in _STEMS:
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
        found = set()
        for scope in self._module.scopes.scopes:
            for bindings in scope.bindings.values():
                found.update((b.origin or "").partition(".")[0] for b in bindings if b.origin)
        return frozenset(found)

    def _function_reason(self, function: Function) -> str | None:
        name = function.name
        if _PRINTER.match(name):
            return f"the function `{name}` is there to print"
        if reason := self._command_functions().get(function):
            return reason
        if reason := self._decorated(function):
            return reason
        if reason := self._method_of_command(function):
            return reason
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and self._module.qualified(node.func) in _PARSERS:
                return f"the function `{name}` parses the command line"
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

    def _decorated(self, function: Function) -> str | None:
        if not self._imports_cli_library & frozenset(_DECORATOR_LIBRARIES):
            return None
        for decorator in function.decorator_list:
            target = decorator.func if isinstance(decorator, ast.Call) else decorator
            qualified = self._module.qualified(target) or ""
            attribute = target.attr if isinstance(target, ast.Attribute) else ""
            if qualified.startswith(_DECORATOR_LIBRARIES) or attribute in _COMMAND_DECORATORS:
                return f"the function `{function.name}` is a command"
        return None

    def _method_of_command(self, function: Function) -> str | None:
        parent = self._module.scopes.parents.get(function)
        if isinstance(parent, ast.ClassDef):
            for base in parent.bases:
                qualified = self._module.qualified(base) or ast.unparse(base)
                if _COMMAND_BASES.search(qualified):
                    return f"`{parent.name}` is a command"
        return None

    def _command_functions(self) -> dict[Function, str]:
        """Functions that the command line calls: console scripts, the main guard, argparse's `set_defaults`."""
        if self._commands is None:
            self._commands = {}
            for function, reason in self._found_commands():
                self._commands.setdefault(function, reason)
        return self._commands

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
            elif name == "main" and self._imports_cli_library:
                found.append((function, f"`{name}` is the main function of a command line program"))
        for statement in self._module.tree.body:
            if isinstance(statement, ast.If) and is_main_guard(statement):
                for node in ast.walk(statement):
                    if isinstance(node, ast.Name) and node.id in functions:
                        reason = f'`{node.id}` is called under `if __name__ == "__main__":`'
                        found.append((functions[node.id], reason))
        for call in self._module.calls:
            if isinstance(call.func, ast.Attribute) and call.func.attr == "set_defaults":
                for keyword in call.keywords:
                    if isinstance(keyword.value, ast.Name) and keyword.value.id in functions:
                        name = keyword.value.id
                        found.append((functions[name], f"`{name}` is a command of an argument parser"))
        return found
