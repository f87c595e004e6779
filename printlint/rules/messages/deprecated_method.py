"""PRT507."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.calls.log_calls import log_call_of, log_calls
from printlint.facts.context import Context
from printlint.finding import Finding
from printlint.logging_names import MODERN
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged

if TYPE_CHECKING:
    from printlint.plan.edits import Plan

_CONSTANTS = {f"logging.{old.upper()}": f"logging.{new.upper()}" for old, new in MODERN.items()}
_CONSTANT_NAMES = frozenset(name.rpartition(".")[2] for name in _CONSTANTS)


class DeprecatedMethod(Rule):
    """## What it does
    Finds `logger.warn(...)`, `logger.fatal(...)`, `logging.WARN` and `logging.FATAL`.

    ## Why is this bad
    `warn` is deprecated since Python 3.3, issues a DeprecationWarning at each call, and was missing from an alpha of
    Python 3.13. The others are obsolete aliases that the documentation no longer mentions.

    ## Fix safety
    Safe: one calls the other. Unsafe where the project sets a logger class or assigns `Logger.warn`, which may be
    another method. A class with its own `warn` is not reported. Constants have no fix. `logging.warn(...)` is reported
    by PRT201.
    """

    code = "PRT507"
    name = "deprecated-method"
    summary = "`warn`, `fatal`, `logging.WARN`, `logging.FATAL`"
    starts = LOG_WORDS
    options = ("loggers",)
    peers = ("LOG008", "LOG009", "G010")
    examples = (
        flagged(
            logged("""
            logger.warn("disk is %s%% full", used, extra={"disk": name})
            """),
            logged("""
            logger.warning("disk is %s%% full", used, extra={"disk": name})
            """),
        ),
        ignored("import logging\nlogger = logging.getLogger(__name__)\nlogger.warning('x')"),
        ignored("import warnings\nwarnings.warn('x')"),
        ignored("import structlog\nlogger = structlog.get_logger()\nlogger.warn('x')"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Calls of old methods, and reads of old constants."""
        module = context.module
        for found in log_calls(module):
            old = found.method in MODERN and found.standard and found.method not in found.logger.own_methods
            if old and not found.function and not module.scopes.stores(found.method):
                message = f"`{found.method}` is an obsolete alias; use `{MODERN[found.method]}`"
                yield self.finding(context, found.call, message)
        text = module.source.text
        if "FATAL" not in text and ("WARN" not in text or "WARN" not in text.replace("WARNING", "")):
            return
        for node in module.reads_of(_CONSTANT_NAMES):
            qualified = module.qualified(node)
            if qualified in _CONSTANTS:
                yield self.finding(context, node, f"`{qualified}` is an obsolete alias; use `{_CONSTANTS[qualified]}`")

    def plan(self, finding: Finding, context: Context) -> Plan:
        """The same call under the method's present name."""
        from printlint.plan.edits import Plan, Respell
        from printlint.plan.message import Refused
        from printlint.plan.refusals import check_not_generated, mock_caution, old_name_caution

        found = log_call_of(context.module, finding.site)
        if found is None:
            raise Refused("constants are not rewritten; use the new name")
        check_not_generated(context.module)
        method = MODERN[found.method]
        cautions = [
            mock_caution(context.project, context.module, found, "the old name"),
            old_name_caution(context.project, found),
        ]
        return Plan((Respell(found.call, method),), f"Call `{method}`", "; ".join(filter(None, cautions)))
