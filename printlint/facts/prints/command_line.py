"""Which functions of a module the command line calls: entry points, commands, and what only they call."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from printlint.facts.module import Module
from printlint.facts.project.project import Project
from printlint.facts.project.setup_files import SETUP_NAMES
from printlint.names.bindings import Binding, BindingKind
from printlint.names.enclosing import Function
from printlint.reading import disk

_LIBRARIES = frozenset(
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
_WORDS = _LIBRARIES | _PARSERS
_COMMAND_BASES = r"(?:^|\.)(?:\w*BaseCommand|Cmd|Command|NoArgsCommand|LabelCommand|AppCommand|Action)$"
_FOLDERS = {
    "command folder": r"(?i)^(?:cli|commands|console|bin)$",
    "script folder": r"(?i)^(?:codegen|deploy|ci)$|(?:^|[-_])(?:scripts?|tools|benchmarks?|maintenance)$",
    "example folder": (
        r"(?i)^(?:docs?|code_?snippets)$|(?:^|[-_])(?:examples?|samples?|demos?|tutorials?|notebooks?|snippets)$"
    ),
}
_STEMS = (
    r"^(?:cli|__main__|manage|setup|(?:hatch|pdm)_build|console|cmdline|conf|fabfile|tasks|noxfile|dodo|examples?|demo"
    r"|\w+_(?:cli|demo))$"
)
# Scripts are in a folder of scripts or right below one. What is deeper is a package that they use.
_NEAR = 2
# Tasks that somebody does now and then: `check_stored_data.py`.
_TASKS = (
    r"(?i)^(?:check|verify|validate|generate|gen|create|make|build|analy[sz]e|convert|export|import|migrate|seed|install"
    r"|clean|clear|compare|inspect|audit|compile|package|deploy|release|bump|debug|force|strip|benchmark|bench|test)_\w"
    r"|^(?:benchmarks?|bench|test)$"
)
# What a program or a check of its own starts at, whatever calls it.
_MAIN = r"^_*(?:main|cli|self_?test|test)$|^_test_"
# A command starts these, and then they are a service. A file that sets logging up has a log for what it calls, too.
_SERVES = r"(?i)serve|daemon|worker|listen|loop"
_STARTS_SERVICE = (
    rb"\basyncio\.run\b|\b(?:run|serve)_forever\b|\buvicorn\b|\bgunicorn\b|\b(?:basic|dict)Config\(|\bsetup_logging\("
)
_IMPORTS_SET_UP = rb"(?m)^[ \t]*from[ \t]+[\w.]*\b(?:%s)[ \t]+import\b" % b"|".join(map(str.encode, SETUP_NAMES))
_SET_UP_LINES = rb"(?m)^[ \t]*setup_logging\(\)"
_IMPORTS_LIBRARY = rb"(?m)^[ \t]*(?:from|import)[ \t]+(?:%s)\b" % b"|".join(
    sorted(name.encode() for name in _LIBRARIES)
)


def file_signs(path: Path, folders: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The signs of a command line in a file's name and its folders' within the project, each with its clause."""
    if re.match(_STEMS, path.stem):
        yield "command module", f"{path.name} is a command line module"
    if "-" in path.stem.strip("-"):
        yield "script name", f"{path.name} is a script: a file of that name cannot be imported"
    if re.match(_TASKS, path.stem):
        yield "task name", f"{path.name} is named for a task that somebody runs"
    for sign, names in _FOLDERS.items():
        near = folders if sign == "example folder" else folders[-_NEAR:]
        if (folder := next((name for name in near if re.search(names, name)), "")) != "":
            yield sign, f"the file is in a folder named {folder}"


def _is_for_commands(data: bytes, named: bool) -> bool:
    """Whether a file is for the command line by what it holds, where it is perhaps `named` so."""
    if not named and re.search(_IMPORTS_LIBRARY, data) is None:
        return False
    return not re.search(_STARTS_SERVICE, _without_set_up(data))


def _without_set_up(data: bytes) -> bytes:
    """A file's text without the lines that `fix` writes at the start of a program: they say nothing of what it is."""
    return re.sub(_SET_UP_LINES, b"", data) if re.search(_IMPORTS_SET_UP, data) else data


def _takes_arguments(function: Function) -> bool:
    """Whether a function is given what was parsed, by the names that people have for it."""
    parameters = (*function.args.posonlyargs, *function.args.args)
    return any(parameter.arg in ("args", "argv", "opts", "options", "arguments") for parameter in parameters)


def _is_of_library(origin: str) -> bool:
    return origin.partition(".")[0] in _LIBRARIES or origin.rpartition(".")[2] in _PARSERS


class CommandLine:
    """Answers for one module."""

    def __init__(self, module: Module, project: Project) -> None:
        self._module = module
        self._project = project
        self._elsewhere: dict[Function, str | None] = {}
        self._functions: dict[Function, tuple[str, str] | None] = {}
        self._users_of: dict[str, dict[ast.AST, set[ast.AST]]] = {}

    @cached_property
    def library(self) -> str:
        """The command line library that the module imports, or the parser class; empty for none."""
        words = [word for word in _WORDS if word in self._module.source.text]
        origins = [binding.origin or "" for binding in self._module.scopes.imports_of(words)] if words else []
        found = {part for origin in origins for part in (origin.partition(".")[0], origin.rpartition(".")[2])}
        return min(found.intersection(words), default="")

    def library_signs(self, node: ast.AST) -> Iterator[tuple[str, str]]:
        """Whether a node is in code that deals with the command line, or that such code names."""
        if not self.library:
            return
        clause = f"the module is a command line program (it uses {self.library})"
        around = list(self._module.places.enclosing_functions(node))
        if not around or any(map(_takes_arguments, around)) or around[-1] in self._reached[1]:
            yield "parses arguments", clause
        elif around[-1] in self._reached[0]:
            yield "command library", clause

    def signs(self, function: Function) -> Iterator[tuple[str, str]]:
        """Why the command line calls a function, each reason with its clause."""
        if found := self._called_by_it(function):
            yield found
        if re.match(_MAIN, function.name) and isinstance(function, ast.FunctionDef):
            yield "main function", f"`{function.name}` is an entry point"
        if clause := self._method_of_command(function):
            yield "command method", clause

    def _method_of_command(self, function: Function) -> str | None:
        parent = self._module.scopes.parent(function)
        if isinstance(parent, ast.ClassDef):
            for base in parent.bases:
                qualified = self._module.qualified(base) or ast.unparse(base)
                if re.search(_COMMAND_BASES, qualified):
                    return f"`{parent.name}` is a command"
        return None

    def elsewhere(self, function: Function) -> str | None:
        """One clause for a function that other files name, and all of them are files of the command line.

        What else names it here has to be such a function, too.
        """
        if function not in self._elsewhere:
            self._elsewhere[function] = None  # functions that call one another prove nothing
            self._elsewhere[function] = self._find_elsewhere(function)
        return self._elsewhere[function]

    def _find_elsewhere(self, function: Function) -> str | None:
        layout, name = self._module.layout, function.name
        if (
            layout is None
            or re.search(_SERVES, name)
            or isinstance(function, ast.AsyncFunctionDef)
            or self._module.scopes.scope_of(function) is not self._module.scopes.module
        ):
            return None
        here = self._users(function) - {function}
        if not all(isinstance(user, ast.FunctionDef) and self.elsewhere(user) for user in here):
            return None
        users = self._project.users(layout.path, name)
        if not all(map(self._is_command_file, users)):
            return None
        callers = [path.name for path in users] or [user.name for user in here if isinstance(user, ast.FunctionDef)]
        return f"`{name}` is called only by the command line ({min(callers)})" if callers else None

    def _is_command_file(self, path: Path) -> bool:
        """Whether a file is for the command line, and not the place where a service starts."""
        root = self._project.root
        folders = path.relative_to(root).parts[:-1] if root is not None and path.is_relative_to(root) else ()
        named = path.stem != "__main__" and any(file_signs(path, folders))
        return disk.found_in(str(path), _is_for_commands, named)

    def _called_by_it(self, function: Function) -> tuple[str, str] | None:
        """One clause for a function of the module's own level that is a console script, or that the main guard names,
        or that nothing but such functions names: it is a part of them."""
        if self._module.scopes.scope_of(function) is not self._module.scopes.module:
            return None
        if function not in self._functions:
            self._functions[function] = None  # functions that call one another prove nothing
            self._functions[function] = self._find_caller(function)
        return self._functions[function]

    def _find_caller(self, function: Function) -> tuple[str, str] | None:
        name = function.name
        if self._defined_last(name) is function:
            dotted = self._module.layout.module if self._module.layout else ""
            if f"{dotted}:{name}" in self._project.entry_points:
                return "console script", f"`{name}` is a console script of the project"
            if name in self._names_in_guards:
                return "called by the guard", f'`{name}` is called under `if __name__ == "__main__":`'
        users = self._users(function) - {function}
        callers = [user for user in users if isinstance(user, Function) and self._called_by_it(user)]
        if not users or len(callers) != len(users):
            return None
        first = min(callers, key=lambda caller: caller.lineno)
        return "part of main", f"`{name}` is called only by `{first.name}`"

    def _defined_last(self, name: str) -> ast.AST | None:
        bindings = self._module.bindings_of(name)
        functions = [binding.value for binding in bindings if binding.kind is BindingKind.FUNCTION]
        return functions[-1] if functions else None

    @cached_property
    def _names_in_guards(self) -> frozenset[str]:
        """The names that the main guard mentions."""
        nodes = (node for guard in self._module.main_guards for node in ast.walk(guard))
        return frozenset(node.id for node in nodes if isinstance(node, ast.Name))

    def _users(self, function: Function) -> set[ast.AST]:
        """The outermost functions, or the module, that name a function of the module's own level."""
        if function.name not in self._users_of:
            self._users_of[function.name] = self._find_users(function.name)
        return self._users_of[function.name].get(function, set())

    def _find_users(self, name: str) -> dict[ast.AST, set[ast.AST]]:
        """The users of each function of a name."""
        found: dict[ast.AST, set[ast.AST]] = {}
        for node in self._module.scopes.named((name,)):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                around = list(self._module.places.enclosing_functions(node))
                user = around[-1] if around else self._module.scopes.module.node
                for binding in self._module.names.bindings(node):
                    if binding.value is not None:
                        found.setdefault(binding.value, set()).add(user)
        return found

    @cached_property
    def _reached(self) -> tuple[set[ast.AST], set[ast.AST]]:
        """The outermost functions that code which uses the library leads to, and those that use it or are decorated."""
        named: dict[str, list[ast.AST]] = {}
        reached: set[ast.AST] = {self._module.tree}
        for node in self._module.scopes.nodes:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                named.setdefault(node.name, []).append(node)
                if node.decorator_list and not isinstance(self._module.scopes.parent(node), ast.ClassDef):
                    reached.add(node)
        mentions, users = self._mentions()
        users |= reached - {self._module.tree}
        users.update(function for name in self._given_to_parsers for function in named.get(name, ()))
        reached |= users
        waiting = list(reached)
        while waiting:
            for name in mentions.get(waiting.pop(), ()):
                new = set(named.get(name, ())) - reached
                reached |= new
                waiting += new
        return reached, users

    @property
    def _given_to_parsers(self) -> set[str]:
        """The names of functions that a parser calls for a subcommand: `parser.set_defaults(func=add)`."""
        calls = self._module.calls_named(frozenset({"set_defaults"}))
        values = (keyword.value for call in calls for keyword in call.keywords)
        return {value.id for value in values if isinstance(value, ast.Name)}

    def _mentions(self) -> tuple[dict[ast.AST, set[str]], set[ast.AST]]:
        """The names that each outermost function (or the module) mentions, and those which use the library."""
        mentions: dict[ast.AST, set[str]] = {}
        users: set[ast.AST] = set()
        of_library = self._names_of_library
        for owner, node in self._owned():
            match node:
                case ast.Name(id=name):
                    origin = (self._module.qualified(node) or "") if name in of_library else ""
                case ast.Attribute(attr=name):
                    origin = ""
                case ast.alias(name=name):
                    origin = name
                case _:
                    continue
            mentions.setdefault(owner, set()).add(name)
            if origin and _is_of_library(origin):
                users.add(owner)
        return mentions, users

    def _owned(self) -> Iterator[tuple[ast.AST, ast.AST]]:
        """All nodes, each with the outermost function that it is in, or the module."""
        module, parent = self._module.tree, self._module.scopes.parent
        owners: dict[ast.AST | None, ast.AST] = {None: module}
        for node in self._module.scopes.nodes:  # each behind its parent
            owner = owners[parent(node)]
            yield owner, node
            is_outermost = owner is module and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            owners[node] = node if is_outermost else owner

    @property
    def _names_of_library(self) -> frozenset[str]:
        """The names under which the module has something of a library, somewhere."""
        imported = (binding.name for binding in self._module.scopes.imports_of(_WORDS))
        return self._module.scopes.aliases(_WORDS, self._is_alias).union(imported)

    def _is_alias(self, binding: Binding) -> bool:
        value = binding.value
        return isinstance(value, (ast.Name, ast.Attribute)) and _is_of_library(self._module.qualified(value) or "")
