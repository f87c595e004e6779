"""PRT302."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from printlint.edits import InsertKey, Plan
from printlint.facts.handlers import DictConfig, dict_configs, dict_get
from printlint.facts.module import Module
from printlint.finding import Finding
from printlint.refusals import check_place
from printlint.rule import Context, Rule, flagged, ignored


@dataclass(frozen=True, eq=False)
class _Entry:
    config: DictConfig
    name: str
    node: ast.Dict
    handlers_index: int


class DictconfigPropagate(Rule):
    """## What it does
    Finds loggers of a `dictConfig` literal (Django's `LOGGING` too) that have handlers and no `propagate` key.

    ## Why is this bad
    `propagate` defaults to true: the record goes to the logger's handlers and then to the root's, and comes out
    twice.

    ## Example
    ```python
    LOGGING = {
        "version": 1,
        "loggers": {"app": {"handlers": ["console"], "level": "INFO"}},
    }
    ```

    ## Use instead
    ```python
    LOGGING = {
        "version": 1,
        "loggers": {"app": {"handlers": ["console"], "propagate": False, "level": "INFO"}},
    }
    ```

    ## Fix safety
    Safe where the root logger of the same literal has one of the same handlers; otherwise unsafe.
    """

    code = "PRT302"
    name = "dictconfig-propagate"
    summary = "a dictConfig logger with handlers and no `propagate` key"
    examples = (
        flagged(
            """
            LOGGING = {
                "version": 1,
                "loggers": {
                    "app": {"handlers": ["console"]},
                },
                "root": {"handlers": ["console"]},
            }
            """,
            """
            LOGGING = {
                "version": 1,
                "loggers": {
                    "app": {"handlers": ["console"], "propagate": False},
                },
                "root": {"handlers": ["console"]},
            }
            """,
        ),
        flagged(
            """
            import logging.config

            logging.config.dictConfig({
                "version": 1,
                "loggers": {
                    "app": {
                        "handlers": ["console"],
                        "level": "INFO",
                    },
                },
            })
            """,
            """
            import logging.config

            logging.config.dictConfig({
                "version": 1,
                "loggers": {
                    "app": {
                        "handlers": ["console"],
                        "propagate": False,
                        "level": "INFO",
                    },
                },
            })
            """,
            unsafe=True,
        ),
        ignored('LOGGING = {"version": 1, "loggers": {"app": {"level": "INFO"}}}'),
        ignored('LOGGING = {"version": 1, "loggers": {"app": {"handlers": ["c"], "propagate": True}}}'),
        ignored('LOGGING = {"version": 1, "loggers": {"": {"handlers": ["c"]}}}'),
        ignored('SETTINGS = {"version": 1, "loggers": {"app": {"handlers": ["c"]}}}'),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every such entry, at its own display."""
        for entry in self._entries(context.module):
            message = f"logger {entry.name!r} has handlers and no `propagate`: records may come out twice"
            yield self.finding(context, entry.node, message)

    def _entries(self, module: Module) -> Iterator[_Entry]:
        for config in dict_configs(module):
            loggers = config.get("loggers")
            if not isinstance(loggers, ast.Dict):
                continue
            for key, value in zip(loggers.keys, loggers.values, strict=True):
                name = key.value if isinstance(key, ast.Constant) else None
                if not isinstance(value, ast.Dict) or not isinstance(name, str) or name in ("", "root"):
                    continue
                handlers = dict_get(value, "handlers")
                unpacked = None in value.keys
                empty = isinstance(handlers, (ast.List, ast.Tuple)) and not handlers.elts
                if handlers is None or empty or unpacked or dict_get(value, "propagate") is not None:
                    continue
                yield _Entry(config, name, value, value.values.index(handlers))

    def plan(self, finding: Finding, context: Context) -> Plan:
        """`"propagate": False` behind the handlers."""
        assert isinstance(finding.site, ast.Dict)
        check_place(context.module, finding.site)
        entry = next(item for item in self._entries(context.module) if item.node is finding.site)
        shared = _handler_names(entry.node) & _root_handler_names(entry.config)
        caution = "" if shared else "no second handler is in sight that would print the record again"
        edit = InsertKey(entry.node, entry.handlers_index, "propagate", "False")
        return Plan((edit,), "Set propagate to False beside the handlers", caution)


def _handler_names(node: ast.expr | None) -> frozenset[str]:
    handlers = dict_get(node, "handlers")
    elements = handlers.elts if isinstance(handlers, (ast.List, ast.Tuple)) else []
    return frozenset(e.value for e in elements if isinstance(e, ast.Constant) and isinstance(e.value, str))


def _root_handler_names(config: DictConfig) -> frozenset[str]:
    loggers = config.get("loggers")
    return (
        _handler_names(config.get("root"))
        | _handler_names(dict_get(loggers, ""))
        | _handler_names(dict_get(loggers, "root"))
    )
