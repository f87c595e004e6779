"""PRT306."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.context import Context
from printlint.facts.log_setup.existing_loggers import existing_loggers
from printlint.facts.log_setup.handlers import dict_get
from printlint.facts.log_setup.logger_settings import shown
from printlint.facts.log_setup.logging_config import LoggingConfig, logging_configs, unread_configs
from printlint.finding import Finding
from printlint.names.qualified import last_name
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored

if TYPE_CHECKING:
    from printlint.plan.edits import Plan

_SHOWN = 3


class SilencedLoggers(Rule):
    """## What it does
    Finds a `dictConfig` or `fileConfig` that disables loggers of the project: `disable_existing_loggers` is true by
    default, and disables every existing logger unless the configuration names it or a parent of it. Which loggers exist
    follows from the imports of the files that run the configuration; alembic's `env.py` is run by what calls alembic's
    commands.

    ## Why is this bad
    Modules imported earlier no longer log, and nothing reports it. Which ones depends on the order of imports.

    ## Fix safety
    Unsafe: the disabled loggers log again. `fileConfig` gets the argument; an explicit `True` and files that
    `dictConfig` loads are not rewritten.
    """

    code = "PRT306"
    name = "silenced-loggers"
    summary = "a configuration that disables existing loggers"
    starts = LOG_WORDS
    examples = (
        flagged(
            """
            import logging.config

            logger = logging.getLogger("app.main")

            logging.config.dictConfig({
                "version": 1,
                "root": {"level": "INFO"},
            })
            """,
            """
            import logging.config

            logger = logging.getLogger("app.main")

            logging.config.dictConfig({
                "version": 1,
                "disable_existing_loggers": False,
                "root": {"level": "INFO"},
            })
            """,
            unsafe=True,
        ),
        ignored(
            'import logging.config\nlogging.config.dictConfig({"version": 1})\nlog = logging.getLogger("app.main")'
        ),
        ignored(
            """
            import logging.config

            logger = logging.getLogger("app.main")

            logging.config.dictConfig({"version": 1, "loggers": {"app": {"level": "INFO"}}})
            """
        ),
        ignored(
            """
            import logging.config

            logger = logging.getLogger("app.main")

            logging.config.dictConfig({"version": 1, "disable_existing_loggers": False})
            """
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every configuration that does, at its display or at the call that loads its file."""
        for config in (
            *logging_configs(context.module, context.project),
            *unread_configs(context.module, context.project),
        ):
            if not config.disables:
                continue
            existing = existing_loggers(context.module, context.project, config, uncalled=True)
            silenced = sorted(name for name in existing if not _named(config, name))
            if silenced:
                where = f" ({shown(config.path, context.project)})" if config.path else ""
                names = ", ".join(f"`{name}`" for name in silenced[:_SHOWN])
                more = f" and {len(silenced) - _SHOWN} more" if len(silenced) > _SHOWN else ""
                unread = config.path is None and isinstance(config.site, ast.Call)
                unless = ", unless its file names them" if unread else ""
                message = f"`disable_existing_loggers` disables {names}{more}{where}{unless}; set it to `False`"
                yield self.finding(context, config.site, message)

    def plan(self, finding: Finding, context: Context) -> Plan:
        """`"disable_existing_loggers": False` behind the version."""
        from printlint.plan.edits import InsertKey, Plan, Respell
        from printlint.plan.message import Refused
        from printlint.plan.refusals import check_place

        site = finding.site
        if isinstance(site, ast.Call) and last_name(site.func) == "fileConfig" and not _says(site):
            check_place(context.module, site)
            argument = "disable_existing_loggers=False"
            return Plan((Respell(site, add=argument),), "Keep existing loggers", "the disabled loggers would log again")
        if not isinstance(site, ast.Dict):
            raise Refused("the configuration is in a file of its own; set `disable_existing_loggers` to false there")
        check_place(context.module, site)
        if dict_get(site, "disable_existing_loggers") is not None:
            raise Refused("`disable_existing_loggers` is explicitly true")
        version = dict_get(site, "version")
        assert version is not None
        edit = InsertKey(site, site.values.index(version), "disable_existing_loggers", "False")
        return Plan((edit,), "Set `disable_existing_loggers` to `False`", "the disabled loggers would log again")


def _says(call: ast.Call) -> bool:
    """Whether a call of `fileConfig` says what becomes of loggers, or may: it has that argument, or unpacked ones."""
    return len(call.args) > 1 or any(item.arg in ("disable_existing_loggers", None) for item in call.keywords)


def _named(config: LoggingConfig, name: str) -> bool:
    """Whether a configuration names a logger or one above it, the root apart: those stay enabled."""
    return any(entry.name and f"{name}.".startswith(f"{entry.name}.") for entry in config.entries)
