"""PRT203."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from printlint.facts.context import Context
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module
from printlint.finding import Finding
from printlint.names.qualified import last_name
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored

if TYPE_CHECKING:
    from printlint.plan.edits import Plan


# Functions that give a path, or its text, for a path.
_SAME_PATH = frozenset(
    {
        *("builtins.str", "os.fspath", "os.path.abspath", "os.path.realpath", "os.path.normpath"),
        *("pathlib.Path", "pathlib.PurePath"),
    }
)


class UnnamespacedLogger(Rule):
    """## What it does
    Finds loggers that are not named after a module: `getLogger(__file__)`, also with `name=`, `str(...)` or
    `os.path.abspath(...)`, `getLogger(__cached__)`, `getLogger("__name__")`, `getChild(__file__)`, and loggers created
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
        for call in module.calls_named(frozenset({"Logger", "getLogger", "getChild"})):
            if module.qualified(call.func) == "logging.Logger":
                yield self.finding(context, call, "`Logger` created directly; use `getLogger(__name__)`")
            elif _names_logger(module, call) and (spelled := _wrong_name(module, call)):
                message = f"Logger name {spelled} is outside the package; use `__name__`"
                yield self.finding(context, call, message)

    def plan(self, finding: Finding, context: Context) -> Plan:
        """`__name__` instead of the present name."""
        from printlint.plan.edits import NameLogger, Plan
        from printlint.plan.message import Refused
        from printlint.plan.refusals import check_place

        assert isinstance(finding.site, ast.Call)
        check_place(context.module, finding.site)
        if context.module.qualified(finding.site.func) == "logging.Logger":
            raise Refused("a `Logger` created directly has no parent, so its records would go elsewhere")
        if last_name(finding.site.func) == "getChild":
            raise Refused("the name of a child depends on its parent")
        return Plan((NameLogger(finding.site),), "Use `getLogger(__name__)`", "the logger name of the records changes")


def _names_logger(module: Module, call: ast.Call) -> bool:
    """Whether a call gives a logger its name, or the last part of it."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "getChild":
        logger = module.loggers.value(call.func.value)
        return logger is not None and logger.kind is LoggerKind.STDLIB
    return module.qualified(call.func) == "logging.getLogger"


def _wrong_name(module: Module, call: ast.Call) -> str:
    """A name that is the path of the file, or says the word `__name__`, as the code writes it."""
    keyword = "suffix" if last_name(call.func) == "getChild" else "name"
    given = [*call.args, *(item.value for item in call.keywords if item.arg == keyword)]
    if len(given) != 1:
        return ""
    match given[0]:
        case ast.Constant(value="__name__" | "__file__" as text):
            return f'`"{text}"`'
    return f"`{ast.unparse(given[0])}`" if _is_path(module, given[0]) else ""


def _is_path(module: Module, node: ast.expr) -> bool:
    """`__file__` and `__cached__`, also made a text of, joined, or made absolute: a path, and no stem of one."""
    match node:
        case ast.Name(id="__file__" | "__cached__"):
            return True
        case ast.Call(args=[inner, *_]) if module.qualified(node.func) in _SAME_PATH:
            return _is_path(module, inner)
        case ast.JoinedStr(values=[ast.FormattedValue(value=inner)]):
            return _is_path(module, inner)
    return False
