"""PRT309."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from printlint.facts.context import Context
from printlint.facts.log_setup.handlers import dict_configs, dict_get
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS, Word
from printlint.rule import Rule, flagged, ignored

if TYPE_CHECKING:
    from printlint.plan.edits import Plan

# Keys and arguments as the Python documentation has them: logging.config, "Dictionary Schema Details", and logging.
_TOP = ("version", "formatters", "filters", "handlers", "loggers", "root", "incremental", "disable_existing_loggers")
_LOGGER = ("level", "propagate", "handlers", "filters")
_BASIC = ("filename", "filemode", "format", "datefmt", "style", "level", "stream", "handlers", "force", "encoding")
_FORMATTER = ("fmt", "datefmt", "style", "validate", "defaults")
_ARGUMENTS = {"logging.basicConfig": (*_BASIC, "errors"), "logging.Formatter": _FORMATTER}
_OTHERWISE = {
    "fmt": "format",
    "format": "fmt",
    "formatter": "format",
    "path": "filename",
    "file": "filename",
    "mode": "filemode",
}
_ATTRIBUTES = ("propagate", "disabled")
_MISSPELT = ("propogate", "propagates", "propgate", "propagte", "propagation", "propagated", "propergate", "disable")


class UnknownSetting(Rule):
    """## What it does
    Finds settings that logging does not know: keys of a `dictConfig` literal or of its loggers (`propogate`,
    `handler`), arguments of `basicConfig` and `Formatter` (`fmt=` and `format=` mixed up), and attributes of loggers
    that are nearly called `propagate` or `disabled`.

    ## Why is this bad
    logging passes over keys and attributes that it does not know: the logger keeps its default. An unknown argument
    raises an error when the program starts.

    ## Fix safety
    Unsafe: the setting comes into effect. Only misspelt keys of a literal are rewritten.
    """

    code = "PRT309"
    name = "unknown-setting"
    summary = "a key, argument or attribute that logging does not know"
    starts = LOG_WORDS | {Word.SETTING, Word.FORMATTER}
    examples = (
        flagged(
            """
            LOGGING = {
                "version": 1,
                "loggers": {"shop": {"level": "INFO", "propogate": False}},
            }
            """,
            """
            LOGGING = {
                "version": 1,
                "loggers": {"shop": {"level": "INFO", "propagate": False}},
            }
            """,
            unsafe=True,
        ),
        ignored('LOGGING = {"version": 1, "loggers": {"shop": {"level": "INFO", "propagate": False}}}'),
        ignored('SETTINGS = {"version": 1, "loggers": {"shop": {"propogate": False}}}'),
        ignored("import logging\nlogging.basicConfig(format='%(message)s', errors='replace')"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every such name, with the one that is meant."""
        for node, kind, name, known in (*_keys(context.module), *_arguments(context.module)):
            meant = _meant(name, known)
            advice = f"use `{meant}`" if meant else f"use {', '.join(f'`{item}`' for item in known)}"
            yield self.finding(context, node, f"Unknown {kind} `{name}`; {advice}")
        for target in _attributes(context.module):
            message = f"Loggers have no attribute `{target.attr}`; use `{_meant(target.attr, _ATTRIBUTES)}`"
            yield self.finding(context, target, message)

    def plan(self, finding: Finding, context: Context) -> Plan:
        """The key that is meant."""
        from printlint.plan.edits import Plan, SetValue
        from printlint.plan.message import Refused
        from printlint.plan.refusals import check_place

        site = finding.site
        known = next((known for node, _, _, known in _keys(context.module) if node is site), ())
        if not isinstance(site, ast.Constant) or not isinstance(site.value, str) or not known:
            raise Refused("no automatic fix; what is meant depends on the program")
        check_place(context.module, site)
        meant = _meant(site.value, known)
        if not meant or dict_get(context.module.scopes.parent(site), meant) is not None:  # type: ignore[arg-type]
            raise Refused("the intended key is there already" if meant else "the intended key is unknown")
        quote = context.module.source.segment(site)[-1]
        return Plan((SetValue(site, f"{quote}{meant}{quote}"),), f"Use `{meant}`", "the setting comes into effect")


def _meant(name: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(name.lower(), known, 1, 0.75)
    return _OTHERWISE[name] if _OTHERWISE.get(name) in known else close[0] if close else ""


def _keys(module: Module) -> Iterator[tuple[ast.expr, str, str, tuple[str, ...]]]:
    """The unknown keys of configurations, of their own level and of their loggers'."""
    for config in dict_configs(module):
        loggers = dict_get(config, "loggers")
        entries = loggers.values if isinstance(loggers, ast.Dict) else []
        for table, known in ((config, _TOP), *((entry, _LOGGER) for entry in (*entries, dict_get(config, "root")))):
            for key in table.keys if isinstance(table, ast.Dict) else ():
                if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value not in known:
                    if known is _LOGGER or _meant(key.value, known):  # tables of one's own are kept beside logging's
                        yield key, "key", key.value, known


def _arguments(module: Module) -> Iterator[tuple[ast.expr, str, str, tuple[str, ...]]]:
    for call in module.calls_named(frozenset({"basicConfig", "Formatter"})):
        known = _ARGUMENTS.get(module.qualified(call.func) or "", ())
        for item in call.keywords if known else ():
            if item.arg is not None and item.arg not in known:
                yield (
                    item.value,
                    f"argument of `{(module.qualified(call.func) or '').rpartition('.')[2]}`",
                    item.arg,
                    known,
                )


def _attributes(module: Module) -> Iterator[ast.Attribute]:
    text = module.source.text
    for name in _MISSPELT if ".prop" in text or ".disable" in text else ():
        for target in module.scopes.stores(name) if f".{name}" in text else ():
            logger = module.loggers.value(target.value)
            if logger is not None and logger.kind is LoggerKind.STDLIB and not logger.derived:
                yield target
