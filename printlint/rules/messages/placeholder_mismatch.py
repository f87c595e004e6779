"""PRT506."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from printlint.edits import Plan
from printlint.facts.log_calls import LogCall, log_calls
from printlint.finding import Finding
from printlint.message import Refused
from printlint.rule import Context, Rule, flagged, ignored

# Python documentation, "printf-style String Formatting".
_PLACEHOLDER = re.compile(
    r"%(?P<key>\((?P<name>[^)]*)\))?[-#0 +]*(?P<width>\*|\d*)(?:\.(?P<precision>\*|\d*))?[hlL]?(?P<type>.|\Z)",
    re.DOTALL,
)
_TYPES = frozenset("diouxXeEfFgGcrsa")


class PlaceholderMismatch(Rule):
    """## What it does
    Finds calls whose arguments do not fit the placeholders of the message: too many, too few, keys that the mapping
    does not have, a `%` that begins no placeholder. Also arguments as `print` takes them: `logger.info("user", user)`.

    ## Why is this bad
    The message is put together when it is written, and then fails: the record is lost, and `--- Logging error ---` with
    a traceback goes to standard error.

    ## Example
    ```python
    logger.info("user", user)
    logger.info("%s of %s", done)
    ```

    ## Use instead
    ```python
    logger.info("user %s", user)
    logger.info("%s of %s", done, total)
    ```

    ## Fix safety
    None: which value belongs where is yours to say. A message without arguments is written as it stands and never
    flagged.
    """

    code = "PRT506"
    name = "placeholder-mismatch"
    summary = "arguments that do not fit the message's placeholders"
    examples = (
        flagged('import logging\nlogger = logging.getLogger("a")\nlogger.info("user", user)'),
        flagged('import logging\nlogger = logging.getLogger("a")\nlogger.info("%s of %s", done)'),
        flagged('import logging\nlogger = logging.getLogger("a")\nlogger.info("%s", done, total)'),
        flagged('import logging\nlogger = logging.getLogger("a")\nlogger.log(20, "done " "{}", total)'),
        flagged('import logging\nlogger = logging.getLogger("a")\nlogger.info("100% of %s", total)'),
        flagged('import logging\nlogger = logging.getLogger("a")\nlogger.info("%(a)s", {"b": 1})'),
        flagged('import logging\nlogger = logging.getLogger("a")\nlogger.info("%(a)s %(b)s", a, b)'),
        flagged('import logging\nlogger = logging.getLogger("a")\nlogger.info("%s %s", (1, 2))'),
        ignored('import logging\nlogger = logging.getLogger("a")\nlogger.info("100% %s")'),
        ignored('import logging\nlogger = logging.getLogger("a")\nlogger.info("%s of %5.1f%%", done, total)'),
        ignored('import logging\nlogger = logging.getLogger("a")\nlogger.info("%*d %-*.*f", 3, n, 8, 2, x)'),
        ignored('import logging\nlogger = logging.getLogger("a")\nlogger.info("%(a)s", {"a": 1, "b": 2})'),
        ignored('import logging\nlogger = logging.getLogger("a")\nlogger.info("%(a)s", values)'),
        ignored('import logging\nlogger = logging.getLogger("a")\nlogger.info("%s %s", *values)'),
        ignored('import logging\nlogger = logging.getLogger("a")\nlogger.info("x", {"a": 1})'),
        ignored('import logging\nlogger = logging.getLogger("a")\nlogger.info(message, user)'),
        ignored('import structlog\nlogger = structlog.get_logger()\nlogger.info("user", user)'),
        ignored('def f(logger):\n    logger.info("user", user)'),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Calls with a literal message and arguments that can be counted."""
        for found in log_calls(context.module):
            if found.standard:
                problem = _problem(found)
                if problem:
                    yield self.finding(context, found.call, f"{problem}, so that the record is lost")

    def plan(self, finding: Finding, context: Context) -> Plan:
        """Always refused."""
        raise Refused("which value belongs to which place is yours to say")


def _problem(found: LogCall) -> str:
    """What is wrong with a call's message and arguments, or nothing."""
    arguments = found.call.args[1:] if found.method == "log" else found.call.args
    match arguments:
        case [ast.Constant(value=str(message)), *values] if values:
            pass
        case _:
            return ""
    if any(isinstance(value, ast.Starred) for value in values):
        return ""
    places = [match for match in _PLACEHOLDER.finditer(message) if match["type"] != "%"]
    for place in places:
        if place["type"] not in _TYPES:
            return f"{place[0]!r} is no placeholder (a percent sign is written `%%`)"
    named = [place["name"] for place in places if place["key"]]
    if named:
        return _problem_of_keys(named, values, mixed=len(named) != len(places))
    wanted = sum(1 + (place["width"] == "*") + (place["precision"] == "*") for place in places)
    if wanted == len(values) or (len(values) == 1 and _may_be_a_mapping(values[0], wanted)):
        return ""
    hint = "; logging has no `{}`" if "{" in message and not places else ""
    return f"the message has {_counted(wanted, 'place')} for {_counted(len(values), 'value')}{hint}"


def _problem_of_keys(names: list[str], values: list[ast.expr], *, mixed: bool) -> str:
    if mixed:
        return "the message has places with and without keys"
    if len(values) > 1:
        return f"the message takes one mapping, and gets {len(values)} values"
    match values[0]:
        case ast.Dict(keys=keys) if all(isinstance(key, ast.Constant) for key in keys):
            known = {key.value for key in keys if isinstance(key, ast.Constant)}
            missing = [name for name in names if name not in known]
            return f"the mapping has no key `{missing[0]}`" if missing else ""
    return ""


def _may_be_a_mapping(value: ast.expr, wanted: int) -> bool:
    """Whether a single argument is a dict, which fits a message without places: none of its keys need be used."""
    return wanted == 0 and isinstance(value, ast.Dict) and bool(value.keys)


def _counted(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"
