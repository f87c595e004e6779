"""Who else decides what is rewritten, beside the plans: a user who is asked, or the revision that a branch began at."""

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
        """What is to stay, and what is to log otherwise."""

    def sets_up(self, change: Change) -> bool:
        """Whether logging is set up where a program starts, by that change."""
