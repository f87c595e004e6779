"""Loggers that other modules of the project hold: names, factories, classes and attributes, across files.

A file is read when a name leads into it, once a run. What leads in a circle, or out of the project, is unknown.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

from printlint.facts.loggers.kinds import STDLIB, LoggerKind, LoggerValue
from printlint.facts.module import Module
from printlint.facts.project.bound_elsewhere import bound_elsewhere
from printlint.facts.project.project import Project
from printlint.facts.project.setup_files import find_setup_module
from printlint.names.bindings import Binding, BindingKind
from printlint.names.layout import Layout, is_stdlib, layout_of
from printlint.names.qualified import is_none
from printlint.partial.kept_trees import tree_of
from printlint.partial.recent import Recent
from printlint.reading import disk
from printlint.run import current, once_a_run
from printlint.source import Source, Unreadable

# What is asked, the qualified name, and the folders that its file is looked for in.
_Question = tuple[str, str, Path, Path | None]


class _Modules(Recent[tuple[object, Path], Module]):
    """The neighbours that a run has looked at last; each belongs to the `Neighbours` that it asks in its turn."""

    def __init__(self) -> None:
        super().__init__(lambda module: len(module.source.text))


class Neighbours:
    """The modules around a file. `known` holds qualified names that the configuration declares to be loggers."""

    def __init__(self, project: Project, known: frozenset[str] = frozenset()) -> None:
        self._project = project
        self._known = known
        self._asked: set[_Question] = set()
        self._answers: dict[_Question, LoggerValue | None] = {}

    def of(self, layout: Layout) -> Foreign:
        """The view from one file."""
        return Foreign(self, layout)

    def value(self, layout: Layout, qualified: str) -> LoggerValue | None:
        """The logger bound to a qualified name."""
        if qualified in self._known:
            return STDLIB._replace(foreign=True, adapter=True)
        return self._ask("value", layout, qualified, _value)

    def returned(self, layout: Layout, qualified: str) -> LoggerValue | None:
        """The logger that a call of a qualified name gives: a factory's, or an instance of a class."""
        return self._ask("returned", layout, qualified, _returned)

    def instance(self, layout: Layout, qualified: str) -> LoggerValue | None:
        """The logger that an annotation with a qualified name refers to: a class, or an alias of types."""
        return self._ask("instance", layout, qualified, _instance)

    def attribute(self, layout: Layout, qualified: str, name: str) -> LoggerValue | None:
        """The logger that instances of a class of another module hold under a name."""

        def ask(module: Module, binding: Binding) -> LoggerValue | None:
            scope = module.loggers.classes.opened_by(binding.value)
            return module.loggers.of_class_attribute(scope, name) if scope else None

        return self._ask(f"attribute {name}", layout, qualified, ask)

    def _ask(
        self,
        kind: str,
        layout: Layout,
        qualified: str,
        answer: Callable[[Module, Binding], LoggerValue | None],
    ) -> LoggerValue | None:
        if is_stdlib(qualified):
            return None
        key = kind, qualified, layout.import_root, None if layout.package else layout.path.parent
        if key in self._asked:
            return None
        if key in self._answers:
            return self._answers[key]
        self._asked.add(key)
        try:
            bindings = bound_elsewhere(layout, qualified, self._module)
            found = [_placed(answer(*item), item[0]) for item in bindings if not is_none(item[1].value)]
        except Unreadable:
            found = []
        finally:
            self._asked.discard(key)
        value = _agreed(found)
        if not self._asked:  # within another question, one that leads back to it has no answer yet
            self._answers[key] = value
        return value

    def _module(self, layout: Layout, dotted: str) -> Module | None:
        path = layout.find(dotted, self._project.root)
        return self.module(path) if path is not None else None

    def module(self, path: Path) -> Module | None:
        """A file of the project with what it knows of others; None where it cannot be read."""
        return current().part(_Modules, of_decisions=True).get((self, path), lambda _: self._read(path))

    def _read(self, path: Path) -> Module | None:
        try:
            source = Source.decode(str(path), disk.read(path))
            layout = layout_of(path)
            tree = tree_of(str(path), source, layout.package)
        except (OSError, Unreadable):
            return None
        setup = find_setup_module(layout, source.text)
        return Module(tree, layout, setup[0] if setup else None, foreign=self.of(layout))


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


def _placed(value: LoggerValue | None, module: Module) -> LoggerValue | None:
    """A logger with the place in its module where it is made."""
    if value is None or not value.created or module.layout is None:
        return value
    return value._replace(made_at=(module.layout.path, value.created[0].lineno))


def _agreed(found: list[LoggerValue | None]) -> LoggerValue | None:
    first = found[0] if found else None
    if first is None or any(value != first for value in found):
        return None
    plain = first.plain and first.kind is LoggerKind.LOGURU  # the one logger of a library, wherever it comes from
    return first._replace(plain=plain, created=(), foreign=True, propagates=False)


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


@once_a_run(most=8, of_decisions=True)
def neighbours_of(project: Project, known: frozenset[str]) -> Neighbours:
    """The one `Neighbours` of a project, so that each file around is read once a run."""
    return Neighbours(project, known)
