"""PRT202."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from printlint.facts.calls.log_calls import LogCall, log_call_of, log_calls
from printlint.facts.context import Context
from printlint.finding import Finding
from printlint.logging_names import MODERN
from printlint.names.bindings import BindingKind
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored
from printlint.rules.loggers._users import Users, cause_of, given_name, made_elsewhere, other_use, users_of

if TYPE_CHECKING:
    from printlint.plan.edits import Plan


class RootLogger(Rule):
    """## What it does
    Finds the root logger used for logging: `getLogger().info(...)`, `logging.root.error(...)`, and `log =
    logging.getLogger()` where `log` is used for logging. `getLogger(None)`, `getLogger("")` and, since Python 3.9,
    `getLogger("root")` return the root logger too.

    ## Why is this bad
    The record does not name its module, as with `logging.info(...)`.

    Where one module makes the logger and others log through it, the finding at `getLogger()` is the cause: it says how
    many calls it is behind, and each of these names its place. Text output leaves these out, unless `-v` asks for them.

    ## Fix safety
    As for PRT201. Configuring the root logger (`addHandler`, `setLevel`) is its purpose and not reported. Refused where
    one name is used both to configure and to log, in whichever file. A logger that others use is rewritten where it is
    made; their calls stay as they are.
    """

    code = "PRT202"
    name = "root-logger"
    summary = "the root logger used for logging"
    starts = LOG_WORDS
    options = ("logger", "logger-name", "loggers", "async-backend", "setup-module")
    peers = ("LOG015",)
    examples = (
        flagged(
            """
            import logging

            log = logging.getLogger()
            log.info("up")
            """,
            """
            import logging

            log = logging.getLogger(__name__)
            log.info("up")
            """,
        ),
        ignored("import logging\nroot = logging.getLogger()\nroot.addHandler(handler)"),
        ignored("import logging\nlog = logging.getLogger(__name__)\nlog.info('x')"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Inline uses at their call; named ones once, where the name is bound, though only others may use it."""
        seen: set[ast.Call] = set()
        for found in log_calls(context.module):
            if found.function or not found.logger.root:
                continue
            if not isinstance(found.receiver, ast.Name) or not found.logger.created:
                where = cause_of(found, context)
                of = f" of {where}" if where else ""
                message = f"`{found.method}` call on the root logger{of}; use a module logger"
                made_at = found.logger.made_at
                cause = (str(made_at[0]), made_at[1]) if made_at is not None else None
                yield replace(self.finding(context, found.call, message), cause=cause)
                continue
            for created in found.logger.created:
                if created not in seen:
                    seen.add(created)
                    yield self._named(context, found.receiver.id, created)
        for created in context.module.calls_named(frozenset({"getLogger"})):
            name = given_name(context.module, created) if created not in seen else ""
            value = context.module.loggers.value(created) if name else None
            if value is not None and value.root and users_of(context, name, created).calls:
                yield self._named(context, name, created)

    def _named(self, context: Context, name: str, created: ast.Call) -> Finding:
        given = given_name(context.module, created)
        users = users_of(context, given, created) if given else Users()
        used = f", used by {users} of other files" if users.calls else ""
        return self.finding(context, created, f"`{name}` is the root logger{used}; use `getLogger(__name__)`")

    def plan(self, finding: Finding, context: Context) -> Plan:
        """A name for the logger, or the module's own in its place."""
        from printlint.plan.edits import Log, NameLogger, Plan
        from printlint.plan.refusals import check_not_test, check_place
        from printlint.rules.loggers._planning import LOGGED_IN_TESTS, root_caution

        site = finding.site
        assert isinstance(site, ast.Call)
        check_place(context.module, site)
        check_not_test(context.module, context.project, site, LOGGED_IN_TESTS)
        caution = root_caution(context)
        if (found := log_call_of(context.module, site)) is not None:
            self._check_receiver(found, context)
            method = MODERN.get(found.method, found.method)
            return Plan((Log(site, method),), "Use a module logger", caution)
        self._check_uses(site, context)
        self._check_other_files(site, context)
        return Plan((NameLogger(site),), "Use `getLogger(__name__)`", caution)

    def _check_other_files(self, created: ast.Call, context: Context) -> None:
        from printlint.plan.message import Refused

        name = given_name(context.module, created)
        if name and (where := other_use(context, name, created)):
            raise Refused(f"{where} uses it for more than logging, perhaps to configure the root logger")

    def _check_receiver(self, found: LogCall, context: Context) -> None:
        from printlint.plan.message import Refused

        if where := made_elsewhere(found, context):
            raise Refused(f"the logger is made in {where}; rewrite that call of `getLogger`")
        receiver = found.receiver
        inline = isinstance(receiver, (ast.Attribute, ast.Call)) and not isinstance(receiver, ast.Name)
        own_attribute = isinstance(receiver, ast.Attribute) and found.logger.created
        if not inline or own_attribute:
            raise Refused("the same name may be used elsewhere to configure the root logger")

    def _check_uses(self, created: ast.Call, context: Context) -> None:
        """Every use of the name must be a logging call."""
        from printlint.plan.message import Refused

        module = context.module
        parent = module.scopes.parent(created)
        if not isinstance(parent, (ast.Assign, ast.AnnAssign)):
            raise Refused("the root logger is passed on and may be configured elsewhere")
        logging_receivers = {item.receiver for item in log_calls(module)}
        for node in module.scopes.nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                bindings = module.names.bindings(node)
                if any(b.kind is BindingKind.ASSIGN and b.node is parent for b in bindings):
                    if node not in logging_receivers:
                        raise Refused("the same name is used to configure the root logger or is passed on")
