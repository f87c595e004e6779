"""Every rule, in the order of its code. A new rule is a new file in a family's folder."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache

from printlint.rule import Rule


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rule, ...]:
    """One instance of each rule."""
    rules: list[Rule] = []
    for family in pkgutil.iter_modules(__path__, f"{__name__}."):
        if not family.ispkg:
            continue
        package = importlib.import_module(family.name)
        for info in pkgutil.iter_modules(package.__path__, f"{family.name}."):
            if info.name.rpartition(".")[2].startswith("_"):  # shared by the family's rules; planning loads later
                continue
            module = importlib.import_module(info.name)
            rules += (
                item()
                for item in vars(module).values()
                if isinstance(item, type) and issubclass(item, Rule) and item.__module__ == info.name
            )
    return tuple(sorted(rules, key=lambda rule: rule.code))


def rule_codes() -> tuple[str, ...]:
    """The codes of all rules."""
    return tuple(rule.code for rule in all_rules())


@lru_cache(maxsize=1)
def peer_codes() -> dict[str, tuple[str, ...]]:
    """For each code the codes whose `# noqa` count for it: other tools', and of other verdicts on the same call."""
    return {rule.code: (*rule.peers, *rule.verdicts) for rule in all_rules()}


def one_verdict(code: str) -> str:
    """One code for all verdicts on the same call: that of the first."""
    rule = find_rule(code)
    return rule.verdicts[0] if rule is not None and rule.verdicts else code


def find_rule(code: str) -> Rule | None:
    """The rule of a code or of a name, or None."""
    return next((rule for rule in all_rules() if code.upper() == rule.code or code == rule.name), None)
