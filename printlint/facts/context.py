"""What a rule and a plan may ask: a module, the settings for it, and the project around it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from printlint.config import DEFAULT, Config
from printlint.facts.module import Module, once_a_module
from printlint.facts.prints.interface import Interface
from printlint.facts.project.project import Project

# What follows from a module, the settings and the project together, found out once and forgotten with the context.
once_a_context = once_a_module


class Context:
    """What a rule may ask beyond the module: settings and the project around it."""

    def __init__(self, module: Module, config: Config = DEFAULT, project: Project | None = None) -> None:
        self.module = module
        self.config = config
        self.project = project or Project()
        self.known: dict[tuple[object, ...], Any] = {}

    @cached_property
    def is_test(self) -> bool:
        """Whether the module is a file of tests."""
        layout = self.module.layout
        return layout is not None and self.project.file(layout.path).is_test

    @cached_property
    def interface(self) -> Interface:
        """Interface prints told from diagnostics."""
        return Interface(self.module, self.config, self.project)
