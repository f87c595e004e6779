"""What a rule is: declared once, for flake8, `check`, `fix`, the documentation and the tests.

A rule's class docstring is the prose of its page; its examples are its documentation's and its tests'. What planning
takes is imported where a rule plans, so that only `fix` pays for it.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from printlint.facts.context import Context
from printlint.finding import Finding, Severity
from printlint.partial.triggers import ANY_WORD, Word

if TYPE_CHECKING:
    from printlint.plan.edits import Plan

__all__ = ["Example", "Rule", "flagged", "ignored", "logged", "refused"]


class Example(NamedTuple):
    """A piece of code and what the rule makes of it.

    `fixed` is the file after `fix` (with `--unsafe-fixes` where `unsafe`); `reason` a part of the refusal. `instead` is
    what a person writes where there is no fix, and no finding.
    """

    source: str
    flags: bool
    fixed: str | None = None
    unsafe: bool = False
    reason: str | None = None
    instead: str | None = None


def flagged(source: str, fixed: str | None = None, *, unsafe: bool = False, instead: str | None = None) -> Example:
    """An example that is reported, and rewritten to `fixed` where that is given."""
    return Example(_code(source), True, _optional(fixed), unsafe, instead=_optional(instead))


def refused(source: str, reason: str) -> Example:
    """An example that is reported and left alone, with `reason` in what the user is told."""
    return Example(_code(source), True, reason=reason)


def ignored(source: str) -> Example:
    """An example that is not reported."""
    return Example(_code(source), False)


def logged(source: str) -> str:
    """Code below the definition of a module's logger, for examples."""
    return f"import logging\n\nlogger = logging.getLogger(__name__)\n\n{_code(source)}"


def _optional(text: str | None) -> str | None:
    return None if text is None else _code(text)


def _code(text: str) -> str:
    return (inspect.cleandoc(text) if text.startswith("\n") else text).rstrip("\n") + "\n"


class Rule(ABC):
    """One kind of offence.

    The class docstring has the sections "What it does", "Why is this bad" and "Fix safety" of the rule's page. Of the
    `examples`, the first one that is reported is the page's "Example", and what `fix` makes of it its "Use instead";
    what only a test needs is in tests/rule_cases/.

    A rule that is not on by default is enabled by a prefix of its code (`PRT5`), one that is `opt_in` only by its
    whole code or `ALL`. `starts` are the words at which its findings start; without it, the rule is asked about
    every file. `options` are the configuration keys that it reads. `peers` are the codes of other tools for the same
    offence, whose `# noqa` count for this rule. `verdicts` are the codes of the rules, this one among them, that judge
    the same calls: what happens elsewhere may make one of another, so they count for each other in a `# noqa` and in a
    baseline. `refusal` is why a rule without a fix has none.

    A rule with the `severity` of a note says how many there are in `tally`.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    summary: ClassVar[str]
    by_default: ClassVar[bool] = True
    opt_in: ClassVar[bool] = False
    starts: ClassVar[frozenset[Word]] = ANY_WORD
    options: ClassVar[tuple[str, ...]] = ()
    peers: ClassVar[tuple[str, ...]] = ()
    verdicts: ClassVar[tuple[str, ...]] = ()
    severity: ClassVar[Severity] = Severity.ERROR
    refusal: ClassVar[str] = "no automatic fix"
    examples: ClassVar[tuple[Example, ...]]

    @abstractmethod
    def check(self, context: Context) -> Iterator[Finding]:
        """The findings in one module."""

    def plan(self, finding: Finding, context: Context) -> Plan:
        """How `finding` would be fixed. Raises `Refused` with the reason where it cannot be."""
        from printlint.plan.message import Refused

        raise Refused(self.refusal)

    def introduced_by_rewrite(self, finding: Finding) -> bool:
        """Whether a correct rewrite of a print may cause this finding: verification then ignores it."""
        return False

    def finding(self, context: Context, node: object, message: str, **more: object) -> Finding:
        """A finding of this rule at a node."""
        severity = self.severity
        return context.module.finding(self.code, self.name, node, message, severity=severity, **more)  # type: ignore[arg-type]

    def tally(self, count: int) -> str:
        """How many notes of this rule there are, as a clause."""
        return f"{count} of {self.code}"

    @classmethod
    def prose(cls) -> str:
        """What a person has written for the rule's page, in Markdown."""
        return inspect.cleandoc(cls.__doc__ or "")
