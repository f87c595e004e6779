"""Wiring the set-up module: one line where the program starts, with the import that it needs."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from printlint.config import Config
from printlint.facts.context import Context
from printlint.facts.log_setup.read_settings import settings_of
from printlint.facts.module import Module
from printlint.facts.project.dependencies import declares
from printlint.facts.project.entry_points import SIGNS, Start, configured_at, find_starts, is_wired, leftovers
from printlint.facts.project.project import Project
from printlint.facts.project.setup_files import is_setup_file
from printlint.lint.linter import context_of
from printlint.names.enclosing import Function
from printlint.names.import_block import open_imports
from printlint.names.layout import layout_of
from printlint.partial.partial_tree import Tree
from printlint.plan.edits import InsertAfter
from printlint.plan.message import Refused
from printlint.plan.refusals import check_behind_head, check_head
from printlint.plan.setup_import import spelled_import
from printlint.reading import disk
from printlint.reading.discovery import named
from printlint.rewrite.changes import Change
from printlint.rewrite.imports import Needed, place_imports
from printlint.rewrite.logger_choice import introspects
from printlint.rewrite.splice import Replacement, splice
from printlint.rewrite.statements import render_insert_after, render_insert_before
from printlint.rewrite.verify import NotTheSame, check_compiles, verify
from printlint.setup.blocks import needed_blocks, provided_blocks
from printlint.source import Source, Unreadable, parse


class Surroundings(NamedTuple):
    """What other files show of a file: functions of its path.

    `configured` gives what configures logging in its program, empty if nothing does; `is_run` whether it is run by its
    path and not imported; `is_served` whether a server imports it; `handler` the name of its function that a platform
    calls.
    """

    configured: Callable[[Path], str]
    is_run: Callable[[Path], bool]
    is_served: Callable[[Path], bool]
    handler: Callable[[Path], str]


@dataclass
class Wiring:
    """What `init` changes: new bytes, the places that were wired, and what is left to the user."""

    changes: list[Change] = field(default_factory=list)
    wired: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def wire(
    files: list[Path],
    config: Config,
    setup: tuple[str, Path],
    known: Surroundings,
) -> Wiring:
    """The wiring of all entry points among some files; `setup` is the set-up module's dotted name and its file.

    `known` answers what the files around one tell. Nothing is written. Raises nothing for what a file holds.
    """
    wiring = Wiring()
    for path in files:
        if path.absolute() == setup[1].absolute() or _is_apart(path):
            continue
        try:
            data = disk.read(path)
            layout = layout_of(path)
            scripts = Project.of(layout).entry_points
            if (
                SIGNS.search(data)
                or known.is_run(path)
                or known.is_served(path)
                or known.handler(path)
                or path.stem == "__main__"
                or any(script.rpartition(".")[2].startswith(f"{path.stem}:") for script in scripts)
            ):
                source = Source.decode(path.as_posix(), data)
                tree = Tree(source, layout.package)
                tree.complete()
                context = context_of(tree, config, layout, setup[0])
                _wire_file(context, path, data, scripts, setup, wiring, known)
        except (OSError, Unreadable) as error:
            wiring.left.append(f"{path}: {error}")
    if files and declares(Project.of(layout_of(setup[1])), "hypercorn"):
        wiring.left.append(f"hypercorn's configuration: set logconfig_dict to {setup[0]}.logging_config()")
    return wiring


def _is_apart(path: Path) -> bool:
    """Tests, and files that only build or document the project."""
    file = Project.of(layout_of(path)).file(path)
    return not (file.is_own or file.is_tool) or path.stem in ("conf", "tasks", "fabfile")


def _wire_file(
    context: Context,
    path: Path,
    data: bytes,
    scripts: frozenset[str],
    setup: tuple[str, Path],
    wiring: Wiring,
    known: Surroundings,
) -> None:
    module = context.module
    starts = find_starts(
        module, scripts, is_run=known.is_run(path), is_served=known.is_served(path), handler=known.handler(path)
    )
    wiring.left += [f"{path}:{start.statement.lineno}: {start.reason}" for start in starts if start.reason]
    starts = [start for start in starts if not start.reason]
    wired = bool(starts) or is_wired(module)
    wiring.left += [f"{path}:{line}: {reason}" for line, reason in leftovers(module, wired=wired)]
    if not starts:
        return
    try:
        if line := configured_at(module):
            raise Refused(f"the file already configures logging (line {line}); keep one of the two")
        if how := known.configured(path):
            raise Refused(f"logging is configured {how}")
        text = wired_text(context, starts, setup)
    except (Refused, NotTheSame, Unreadable) as error:
        wiring.left.append(f"{path}:{starts[0].statement.lineno}: {starts[0].kind} is not wired: {error}")
        return
    wiring.wired += [f"{path}:{start.statement.lineno}: {start.kind}" for start in starts]
    wiring.changes.append(Change(path, data, module.source.encode(text), module.source.encoding))


def _quiet_clients(context: Context) -> list[Replacement]:
    """`log_handler=None` for discord.py's clients, which would log beside the set-up when they run."""
    handlers = settings_of(context.module, context.project).handlers.get("discord", ())
    lines = {item.place.line for item in handlers if item.host == "`run` of discord.py"}
    found = []
    for call in context.module.calls_named(frozenset({"run"})) if lines else ():
        if call.lineno in lines and isinstance(call.func, ast.Attribute) and call.func.attr == "run":
            text = context.module.source.segment(call)
            before = text[:-1].rstrip()
            separator = "" if before.endswith("(") else " " if before.endswith(",") else ", "
            longer = f"{before}{separator}log_handler=None{text[len(before) :]}"
            found.append(Replacement(context.module.source.span(call), longer, call))
    return found


def wired_text(context: Context, starts: list[Start], setup: tuple[str, Path] | None, *, first: bool = False) -> str:
    """The text of a file with the set-up at its starts; `setup` is the set-up module's dotted name and its file, None
    where they use nothing of it.

    `first`: before its imports, since what they load logs.

    Raises `Refused` where it cannot be called there, and `NotTheSame`.
    """
    module = context.module
    if reason := introspects(module):
        raise Refused(reason)
    check_head(module)
    if setup is not None:
        _check_parts(setup[1], {name for start in starts for name in start.uses})
    spelling = spelled_import(module, *setup) if setup is not None else ""
    if first and spelling and (imports := open_imports(module.tree)):
        newline = module.source.newline
        line = f"from {spelling} import setup_logging{newline * 2}setup_logging(){newline}"
        return _checked(module, [render_insert_before(imports[0], line, module.source), *_quiet_clients(context)])
    homes = {"signals": "celery", "logging": "", "sys": ""}
    uses = [(homes.get(name, spelling), name) for name in sorted({name for start in starts for name in start.uses})]
    needed = [Needed(home, name) if home else Needed(name) for home, name in uses]
    for item in needed:
        _check_free(module, item, starts)
    for start in starts:
        check_behind_head(module, start.statement)
    lines = [_insertion(start, module) for start in starts]
    clients = _quiet_clients(context) if any("setup_logging" in start.uses for start in starts) else []
    return _checked(module, [*place_imports(module, needed, ()), *lines, *clients])  # an import comes before its use


def _check_parts(path: Path, names: Collection[str]) -> None:
    """Raise `Refused` where a set-up module that is there lacks a function; one that is to be written gets it."""
    if not path.exists() or not is_setup_file(path):
        return
    text = disk.read(path).decode("utf-8", "replace")
    for block in needed_blocks((), (f"{name}(" for name in names)) - provided_blocks(text):
        raise Refused(f"{named(path)} lacks the block {block}; `printlint init --with {block}` adds it")


def _checked(module: Module, replacements: list[Replacement]) -> str:
    spliced = splice(module.source.text, replacements)
    source = module.source.with_text(spliced.text)
    verify(module.tree, module.source, parse(source), source, spliced)
    check_compiles(module.source, source)
    return spliced.text


def _insertion(start: Start, module: Module) -> Replacement:
    if start.before:
        return render_insert_before(start.statement, start.text, module.source)
    return render_insert_after(InsertAfter(start.statement, start.text), module.source)


def _check_free(module: Module, needed: Needed, starts: list[Start]) -> None:
    """Raise `Refused` where the imported name means something else in the file, or in a function that is wired."""
    name = needed.name or needed.module
    bound = module.bindings_of(name)
    own = [binding for binding in bound if not f".{binding.origin or ''}".endswith(f".{name}")]
    functions = [module.places.function(start.statement) for start in starts]
    if own or any(isinstance(function, Function) and _binds(module, function, name) for function in functions):
        raise Refused(f"`{name}` is bound to something else in this file")


def _binds(module: Module, function: Function, name: str) -> bool:
    scope = module.loggers.classes.opened_by(function)
    return scope is not None and name in scope.all_bindings()
