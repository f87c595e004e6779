"""PRT510."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from printlint.facts.calls.log_calls import LogCall, log_calls
from printlint.facts.context import Context
from printlint.facts.module import Module
from printlint.finding import Finding
from printlint.names.enclosing import asks_for_debugging
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged

_LEVELS = frozenset({"debug", "trace", "info"})
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_CALLS = (
    r"^(?:json\.dumps|pprint\.(?:pformat|saferepr)|copy\.deepcopy|pickle\.dumps|textwrap\.\w+|inspect\.\w+"
    r"|traceback\.format_\w+|subprocess\.check_output|builtins\.sorted)$"
)
_METHODS = frozenset(
    {
        *("join", "hexdigest", "read", "read_text", "read_bytes", "getvalue", "tobytes", "tolist", "to_dict"),
        *("to_json", "to_string", "model_dump", "model_dump_json", "dict", "json", "tostring", "prettify"),
    }
)
_GUARD = r"isEnabledFor|getEffectiveLevel|is_enabled_for|\.level\b"


class CostlyArgument(Rule):
    """## What it does
    Finds expensive arguments of `debug` and `info` (comprehensions, `json.dumps`, `pformat`, `join`, `sorted`,
    `deepcopy`, `hexdigest`, …) without `isEnabledFor` around the call.

    ## Why is this bad
    Logging formats the message only if the level is enabled. The arguments are computed in any case.

    ## Fix safety
    No fix: the argument may have side effects.
    """

    code = "PRT510"
    name = "costly-argument"
    summary = "an expensive argument without `isEnabledFor`"
    starts = LOG_WORDS
    refusal = "no automatic fix; the argument may have side effects"
    by_default = False
    opt_in = True
    options = ("loggers",)
    examples = (
        flagged(
            "import json\n" + logged('logger.debug("cart %s", json.dumps(cart.items))'),
            instead="import json\n"
            + logged('if logger.isEnabledFor(logging.DEBUG):\n    logger.debug("cart %s", json.dumps(cart.items))'),
        ),
        ignored(logged('if logger.isEnabledFor(logging.DEBUG):\n    logger.debug("users %s", ", ".join(names))')),
        ignored(logged('if debug:\n    logger.debug("users %s", ", ".join(names))')),
        ignored(logged('if not logger.isEnabledFor(10):\n    pass\nelse:\n    logger.debug("%s", ", ".join(names))')),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Each call once, at the first such argument."""
        module = context.module
        for found in log_calls(module):
            if found.level not in _LEVELS or "lazy" in found.options:
                continue
            argument = next((item for item in _arguments(found) if _is_costly(module, item)), None)
            if argument is not None and not _is_guarded(module, found.call):
                message = f"Expensive argument of `{found.level}`; guard it with `isEnabledFor`"
                yield self.finding(context, argument, message, site=found.call)


def _arguments(found: LogCall) -> Iterator[ast.expr]:
    yield from found.call.args
    yield from (keyword.value for keyword in found.call.keywords)


def _is_costly(module: Module, node: ast.expr) -> bool:
    if isinstance(node, ast.Lambda):
        return False
    for part in ast.walk(node):
        if isinstance(part, _COMPREHENSIONS):
            return True
        if isinstance(part, ast.Call):
            if re.match(_CALLS, module.qualified(part.func) or "") and part.args:
                return True
            if isinstance(part.func, ast.Attribute) and part.func.attr in _METHODS:
                return True
    return False


def _is_guarded(module: Module, call: ast.Call) -> bool:
    """Whether an `if` around the call asks for the level, or for debugging."""
    return any(re.search(_GUARD, test) or asks_for_debugging(test) for test, _ in module.places.guards(call))
