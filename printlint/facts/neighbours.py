"""Loggers that other modules of the project hold: names, factories, classes and attributes, across files.

A file is read when a name leads into it, once a run. What leads in a circle, or out of the project, is unknown.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from printlint.facts import disk
from printlint.facts.layout import Layout, is_stdlib, layout_of
from printlint.facts.loggers import STDLIB, LoggerValue
from printlint.facts.module import Module
from printlint.facts.project import Project
from printlint.facts.scopes import Binding, BindingKind
from printlint.facts.setup_files import find_setup_module
from printlint.source import Source, Unreadable, parse


class Neighbours:
    """The modules around a file. `known` holds qualified names that the configuration declares to be loggers."""

    def __init__(self, project: Project, known: frozenset[str] = frozenset()) -> None:
        self._project = project
        self._known = known
        self._modules: dict[Path, Module | None] = {}
        self._asked: set[tuple[str, str]] = set()

    def of(self, layout: Layout) -> Foreign:
        """The view from one file."""
        return Foreign(self, layout)

    def value(self, layout: Layout, qualified: str) -> LoggerValue | None:
        """The logger bound to a qualified name."""
        if qualified in self._known:
            return replace(STDLIB, foreign=True)
        return self._ask("value", layout, qualified, _value)

    def returned(self, layout: Layout, qualified: str) -> LoggerValue | None:
        """The logger that a call of a qualified name gives: a factory's, or an instance of a class."""
        return self._ask("returned", layout, qualified, _returned)

    def instance(self, layout: Layout, qualified: str) -> LoggerValue | None:
        """The logger that an annotation with a qualified name stands for: a class, or an alias of types."""
        return self._ask("instance", layout, qualified, _instance)

    def attribute(self, layout: Layout, qualified: str, name: str) -> LoggerValue | None:
        """The logger that instances of a class of another module hold under a name."""

        def ask(module: Module, binding: Binding) -> LoggerValue | None:
            scope = module.loggers.scope_opened_by(binding.value)
            return module.loggers.of_class_attribute(scope, name) if scope else None

        return self._ask(f"attribute {name}", layout, qualified, ask)

    def _ask(
        self,
        kind: str,
        layout: Layout,
        qualified: str,
        answer: Callable[[Module, Binding], LoggerValue | None],
    ) -> LoggerValue | None:
        key = kind, qualified
        if key in self._asked or is_stdlib(qualified):
            return None
        self._asked.add(key)
        try:
            found = [answer(module, binding) for module, binding in self._bindings(layout, qualified)]
        finally:
            self._asked.discard(key)
        if not found or any(value is None or value != found[0] for value in found):
            return None
        assert found[0] is not None
        return replace(found[0], plain=False, created=(), foreign=True)

    def _bindings(
        self, layout: Layout, qualified: str, seen: frozenset[str] = frozenset()
    ) -> Iterator[tuple[Module, Binding]]:
        """What a qualified name is bound to where it is defined, through re-exports, each followed once."""
        prefix, _, name = qualified.rpartition(".")
        module = self._module(layout, prefix)
        if module is None or module.layout is None or qualified in seen:
            return
        seen |= {qualified}
        for binding in module.scopes.module.bindings.get(name, []):
            if isinstance(binding.value, ast.Constant) and binding.value.value is None:
                continue
            if binding.kind is BindingKind.IMPORT and binding.origin and not is_stdlib(binding.origin):
                yield from self._bindings(module.layout, binding.origin, seen)
            else:
                yield module, binding
        if name not in module.scopes.module.bindings:
            for _, star in module.scopes.module.star_imports:
                yield from self._bindings(module.layout, f"{star}.{name}", seen)

    def _module(self, layout: Layout, dotted: str) -> Module | None:
        path = layout.find(dotted, self._project.root)
        if path is None:
            return None
        if path not in self._modules:
            self._modules[path] = None  # an import cycle finds the module unfinished, as Python does
            self._modules[path] = self._read(path)
        return self._modules[path]

    def _read(self, path: Path) -> Module | None:
        try:
            source = Source.decode(str(path), disk.read(path))
            tree = parse(source)
        except (OSError, Unreadable):
            return None
        layout = layout_of(path)
        setup = find_setup_module(layout)
        return Module(source, tree, layout, setup[0] if setup else None, foreign=self.of(layout))


class Foreign:
    """What `Loggers` asks about names that lead out of its module."""

    def __init__(self, neighbours: Neighbours, layout: Layout) -> None:
        self._neighbours = neighbours
        self._layout = layout

    def value(self, qualified: str) -> LoggerValue | None:
        """See `Neighbours.value`."""
        return self._neighbours.value(self._layout, qualified)

    def returned(self, qualified: str) -> LoggerValue | None:
        """See `Neighbours.returned`."""
        return self._neighbours.returned(self._layout, qualified)

    def instance(self, qualified: str) -> LoggerValue | None:
        """See `Neighbours.instance`."""
        return self._neighbours.instance(self._layout, qualified)

    def attribute(self, qualified: str, name: str) -> LoggerValue | None:
        """See `Neighbours.attribute`."""
        return self._neighbours.attribute(self._layout, qualified, name)


def _value(module: Module, binding: Binding) -> LoggerValue | None:
    return module.loggers.of_bindings([binding])


def _returned(module: Module, binding: Binding) -> LoggerValue | None:
    if binding.kind is BindingKind.CLASS:
        return module.loggers.of_class(binding)
    return module.loggers.returned_by(binding.value)


def _instance(module: Module, binding: Binding) -> LoggerValue | None:
    if binding.kind is BindingKind.CLASS:
        return module.loggers.of_class(binding)
    if binding.kind is BindingKind.ASSIGN and isinstance(binding.value, ast.expr):
        return module.loggers.of_annotation(binding.value)
    return None


def neighbours_of(project: Project, known: frozenset[str]) -> Neighbours:
    """The one `Neighbours` of a project, so that each file around is read once a run."""
    found = project.neighbours.get(known)
    if not isinstance(found, Neighbours):
        found = project.neighbours[known] = Neighbours(project, known)
    return found
