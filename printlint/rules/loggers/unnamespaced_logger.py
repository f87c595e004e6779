"""PRT203."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.context import Context
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored

if TYPE_CHECKING:
    from printlint.plan.edits import Plan


class UnnamespacedLogger(Rule):
    """## What it does
    Finds loggers that are not named after a module: `getLogger(__file__)`, `getLogger("__name__")`, and loggers created
    with `logging.Logger(...)` instead of `getLogger`.

    ## Why is this bad
    A path is not a node in the tree of loggers: the dots of `/srv/app/db.py` split it into `/srv/app/db` and `py`, and
    no configuration of the package applies to it. A `Logger` created directly has no parent, so its records reach no
    handler.

    ## Fix safety
    Unsafe: the records get another logger name, and other configuration applies. `logging.Logger(...)` is refused.
    """

    code = "PRT203"
    name = "unnamespaced-logger"
    summary = "a logger that is not named after its module"
    starts = LOG_WORDS
    peers = ("LOG001", "LOG002")
    examples = (
        flagged(
            "import logging\nlog = logging.getLogger(__file__)",
            "import logging\nlog = logging.getLogger(__name__)",
            unsafe=True,
        ),
        ignored("import logging\nlog = logging.getLogger(__name__)"),
        ignored('import logging\nlog = logging.getLogger("app.db")'),
        ignored("import logging\nclass Mine(logging.Logger):\n    pass"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every call that makes such a logger."""
        module = context.module
        for call in module.calls_named(frozenset({"Logger", "getLogger"})):
            qualified = module.qualified(call.func)
            if qualified == "logging.Logger":
                yield self.finding(context, call, "`Logger` created directly; use `getLogger(__name__)`")
            elif qualified == "logging.getLogger" and (spelled := self._wrong_name(call)):
                message = f"Logger name {spelled} is outside the package; use `__name__`"
                yield self.finding(context, call, message)

    def _wrong_name(self, call: ast.Call) -> str | None:
        match call.args:
            case [ast.Name(id="__file__")]:
                return "`__file__`"
            case [ast.Constant(value="__name__" | "__file__" as text)]:
                return f'`"{text}"`'
        return None

    def plan(self, finding: Finding, context: Context) -> Plan:
        """`__name__` instead of the present name."""
        from printlint.plan.edits import NameLogger, Plan
        from printlint.plan.message import Refused
        from printlint.plan.refusals import check_place

        assert isinstance(finding.site, ast.Call)
        check_place(context.module, finding.site)
        if context.module.qualified(finding.site.func) == "logging.Logger":
            raise Refused("a `Logger` created directly has no parent, so its records would go elsewhere")
        return Plan((NameLogger(finding.site),), "Use `getLogger(__name__)`", "the logger name of the records changes")
