"""Others that decide what is rewritten: a user who is asked, or the commit that a branch left."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from printlint.facts.module import Module
from printlint.finding import Finding
from printlint.rewrite.changes import Change
from printlint.source import Source


@dataclass
class Choices:
    """For findings by their sites: why they stay (`vetoes`), or the method that they log with (`methods`).

    With `notes`, those are rewritten too, whatever is selected: somebody decides on each.
    """

    vetoes: dict[ast.AST, str] = field(default_factory=dict)
    methods: dict[ast.AST, str] = field(default_factory=dict)
    notes: bool = False


@dataclass(frozen=True)
class Offer:
    """A module whose `accepted` findings would be rewritten, out of all its `findings`.

    `preview` gives the module as it would be with one finding rewritten, at a level if that is not empty.
    """

    module: Module
    findings: Sequence[Finding]
    accepted: Sequence[Finding]
    preview: Callable[[Finding, str], Source]


class Chooser(Protocol):
    """Decides on the findings of a module that would be rewritten; asked again after each pass over the module."""

    @property
    def takes_notes(self) -> bool:
        """Whether notes are to be among what is offered."""

    def choose(self, offer: Offer) -> Choices:
        """Which findings stay, and which get another level."""

    def sets_up(self, change: Change) -> bool:
        """Whether to make a change that sets logging up where a program starts."""
