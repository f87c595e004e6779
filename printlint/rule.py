"""What a rule is: declared once, for flake8, `check`, `fix`, the documentation and the tests.

A rule's class docstring is its page; its examples are its documentation's and its tests'. What planning takes is
imported where a rule plans, so that only `fix` pays for it.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from printlint.facts.context import Context
from printlint.finding import Finding
from printlint.partial.triggers import ALL_WORDS, Word

if TYPE_CHECKING:
    from printlint.plan.edits import Plan

__all__ = ["Example", "Rule", "flagged", "ignored", "logged", "refused"]


class Example(NamedTuple):
    """A piece of code and what the rule makes of it.

    `fixed` is the file after `fix` (with `--unsafe-fixes` where `unsafe`); `reason` a part of the refusal.
    """

    source: str
    flags: bool
    fixed: str | None = None
    unsafe: bool = False
    reason: str | None = None


def flagged(source: str, fixed: str | None = None, *, unsafe: bool = False) -> Example:
    """An example that is reported, and rewritten to `fixed` where that is given."""
    return Example(_code(source), True, _code(fixed) if fixed is not None else None, unsafe)


def refused(source: str, reason: str) -> Example:
    """An example that is reported and left alone, with `reason` in what the user is told."""
    return Example(_code(source), True, reason=reason)


def ignored(source: str) -> Example:
    """An example that is no finding."""
    return Example(_code(source), False)


def logged(source: str) -> str:
    """Code below the definition of a module's logger, for examples."""
    return f"import logging\n\nlogger = logging.getLogger(__name__)\n{source}"


def _code(text: str) -> str:
    return (inspect.cleandoc(text) if text.startswith("\n") else text) + "\n"


class Rule(ABC):
    """One kind of offence.

    A rule that is not on by default is chosen by a prefix of its code (`PRT5`), one that is `opt_in` by its whole code
    or `ALL` alone. `starts` are the words that its findings start at. `options` are the keys of the configuration that
    it heeds. `peers` are the codes of other tools for the same offence, whose `# noqa` count for this rule. `refusal`
    is why a rule has no fix at all.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    summary: ClassVar[str]
    by_default: ClassVar[bool] = True
    opt_in: ClassVar[bool] = False
    starts: ClassVar[frozenset[Word]] = ALL_WORDS
    options: ClassVar[tuple[str, ...]] = ()
    peers: ClassVar[tuple[str, ...]] = ()
    refusal: ClassVar[str] = "there is no rewrite that is right for every program; this one is yours"
    examples: ClassVar[tuple[Example, ...]]

    @abstractmethod
    def check(self, context: Context) -> Iterator[Finding]:
        """The findings in one module."""

    def plan(self, finding: Finding, context: Context) -> Plan:
        """How `finding` would be fixed. Raises `Refused` with the reason where it cannot be."""
        from printlint.plan.message import Refused

        raise Refused(self.refusal)

    def comes_with_a_call(self, finding: Finding) -> bool:
        """Whether a finding may come up when a print becomes a call, by nothing that the rewrite has done wrong."""
        return False

    def finding(self, context: Context, node: object, message: str, **more: object) -> Finding:
        """A finding of this rule at a node."""
        return context.module.finding(self.code, self.name, node, message, **more)  # type: ignore[arg-type]

    @classmethod
    def page(cls) -> str:
        """The rule's documentation, Markdown."""
        return inspect.cleandoc(cls.__doc__ or "")
