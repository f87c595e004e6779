"""What a rule and a plan may ask: a module, the settings for it, and the project around it."""

from __future__ import annotations

from functools import cached_property

from printlint.config import DEFAULT, Config
from printlint.facts.module import Module
from printlint.facts.prints.interface import Interface
from printlint.facts.project.project import Project


class Context:
    """What a rule may ask beyond the module: settings and the project around it."""

    def __init__(self, module: Module, config: Config = DEFAULT, project: Project | None = None) -> None:
        self.module = module
        self.config = config
        self.project = project or Project()

    @cached_property
    def interface(self) -> Interface:
        """Interface prints told from diagnostics."""
        return Interface(self.module, self.config, self.project)
