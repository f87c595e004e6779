"""Examples of rules beyond those that their pages show: look-alikes, refusals, odd layouts.

A rule's own file has the examples of its page. A case that only a test needs goes into the file of the rule's family
here, below the rule's code.
"""

from __future__ import annotations

from printlint.rule import Example, Rule
from rule_cases import asynchronous, exceptions, handlers, loggers, messages, prints

_FAMILIES = (asynchronous, exceptions, handlers, loggers, messages, prints)
_CASES: dict[str, tuple[Example, ...]] = {code: cases for family in _FAMILIES for code, cases in family.CASES.items()}


def examples_of(rule: Rule) -> tuple[Example, ...]:
    """A rule's own examples, and the cases that are here."""
    return (*rule.examples, *_CASES.get(rule.code, ()))
