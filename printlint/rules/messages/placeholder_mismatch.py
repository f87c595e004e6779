"""PRT506."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import count

from printlint.facts.calls.log_calls import LogCall, log_calls
from printlint.facts.calls.placeholders import PLACEHOLDER_TYPES, placeholders
from printlint.facts.context import Context
from printlint.facts.loggers.kinds import LoggerKind
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged


class PlaceholderMismatch(Rule):
    """## What it does
    Finds calls whose arguments do not match the placeholders of the message: too many, too few, a key that is missing
    from the mapping, an invalid placeholder. Also arguments passed as to `print`: `logger.info("user", user)`. For
    loguru, placeholders are `{}`.

    ## Why is this bad
    Formatting the message fails: the record is lost, and `--- Logging error ---` with a traceback goes to standard
    error. loguru raises an error in the calling code, or ignores the argument.

    ## Fix safety
    No fix: which argument belongs to which placeholder is ambiguous. A message without arguments is not formatted: it
    is reported only if every `%` starts a plain placeholder (`%s`, `%d`, …), so `100% done` and `%Y-%m-%d` are not.
    """

    code = "PRT506"
    name = "placeholder-mismatch"
    summary = "arguments that do not match the placeholders of the message"
    starts = LOG_WORDS
    refusal = "no automatic fix; match the arguments to the placeholders"
    options = ("loggers",)
    peers = ("LOG012", "LOG013", "PLE1205", "PLE1206", "E1200", "E1201", "E1205", "E1206")
    examples = (
        flagged(
            logged('logger.info("user", user)\nlogger.info("%s of %s", done)'),
            instead=logged('logger.info("user %s", user)\nlogger.info("%s of %s", done, total)'),
        ),
        ignored(logged('logger.info("100% %s")\nlogger.info("100% done")\nlogger.info("dates are %Y-%m-%d")')),
        ignored(logged('logger.info("%files")\nlogger.info("%SystemRoot% or %d-%m")')),
        ignored('import logging\nlogger = logging.getLogger("a")\nlogger.info("%s of %5.1f%%", done, total)'),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Calls with a literal message and arguments that can be counted."""
        for found in log_calls(context.module):
            problem = _problem(found)
            if problem and not (_BRACES in problem and context.project.sets_logger_class):
                yield self.finding(context, found.call, problem)

    def introduced_by_rewrite(self, finding: Finding) -> bool:
        """Whether the call has a message and no values: its text may have been a print's."""
        call = finding.site
        assert isinstance(call, ast.Call)
        first = 1 if isinstance(call.func, ast.Attribute) and call.func.attr == "log" else 0
        return len(call.args) == first + 1


def _problem(found: LogCall) -> str:
    """What is wrong with a call's message and arguments, or nothing."""
    if found.logger.kind is LoggerKind.LOGURU:
        return _problem_of_braces(found)
    return _problem_of_percents(found) if found.standard and not found.logger.own_methods else ""


def _problem_of_percents(found: LogCall) -> str:
    arguments = found.call.args[1:] if found.method == "log" else found.call.args
    match arguments:
        case [ast.Constant(value=str(message))]:
            return _problem_of_none(message)
        case [ast.Constant(value=str(message)), *values] if values:
            pass
        case _:
            return ""
    if any(isinstance(value, ast.Starred) for value in values):
        return ""
    found_placeholders = placeholders(message)
    for place in found_placeholders:
        if place["type"] not in PLACEHOLDER_TYPES:
            return f"Invalid placeholder `{place[0]}`; write a percent sign as `%%`"
    named = [place["name"] for place in found_placeholders if place["key"]]
    if named:
        return _problem_of_keys(named, values, mixed=len(named) != len(found_placeholders))
    wanted = sum(1 + (place["width"] == "*") + (place["precision"] == "*") for place in found_placeholders)
    if wanted == len(values) or (len(values) == 1 and _may_be_a_mapping(values[0], wanted)):
        return ""
    hint = _BRACES if "{" in message and not found_placeholders else "make them match"
    return f"{_counts(wanted, values)}; {hint}"


def _problem_of_braces(found: LogCall) -> str:
    """What is wrong with the places of a loguru message: it is formatted if there is anything to format it with."""
    message, values, keywords = found.message, found.values, {keyword.arg for keyword in found.call.keywords}
    if not isinstance(message, ast.Constant) or not isinstance(message.value, str) or not (values or keywords):
        return ""
    if values is None or None in keywords or "record" in found.options or "**" in found.options:
        return ""
    try:
        fields = list(_fields(message.value))
    except ValueError as error:
        return f"Invalid loguru message ({error}); write literal braces as `{{{{` and `}}}}`"
    counter = count()
    numbers = [int(name) if name else next(counter) for name in fields if not name or name.isdigit()]
    unknown = [name for name in fields if name and not name.isdigit() and name not in keywords]
    wanted = max(numbers, default=-1) + 1
    if unknown:
        return f"Placeholder `{unknown[0]}` without an argument; pass `{unknown[0]}=`"
    if wanted > len(values):
        return f"{_counts(wanted, values)}; make them match"
    if wanted < len(values):
        hint = "use `{}`, not `%s`" if placeholders(message.value) and not fields else "make them match"
        return f"{_counts(wanted, values)}, extra arguments are ignored; {hint}"
    return ""


def _fields(text: str) -> Iterator[str]:
    """The arguments that the places of a template name: a name, a number, or nothing for the next one."""
    from string import Formatter

    for _, name, spec, _ in Formatter().parse(text):
        if name is not None:
            yield name.partition(".")[0].partition("[")[0]
            yield from _fields(spec or "")


def _problem_of_none(message: str) -> str:
    """What is wrong with a message that gets no values: it is written unchanged, placeholders included."""
    found = placeholders(message)
    if found and all(_FORGOTTEN.fullmatch(message, place.start(), place.end() + 1) for place in found):
        return f"Placeholder `{found[0][0]}` without an argument; pass a value"
    return ""


_BRACES = "use `%s`, not `{}`"  # a logger class of the project may format with braces
# Places that nobody writes into a text for themselves, as one does `100% done` or `%Y-%m-%d`.
_FORGOTTEN = re.compile(r"%(?:\(\w+\))?-?[\d.]*[srdixf](?!\w)\W?")


def _problem_of_keys(names: list[str], values: list[ast.expr], *, mixed: bool) -> str:
    if mixed:
        return "Message mixes named and positional placeholders; use one kind"
    if len(values) > 1:
        return f"Named placeholders with {len(values)} arguments; pass one mapping"
    match values[0]:
        case ast.Dict(keys=keys) if all(isinstance(key, ast.Constant) for key in keys):
            known = {key.value for key in keys if isinstance(key, ast.Constant)}
            missing = [name for name in names if name not in known]
            return f"Placeholder `{missing[0]}` is missing from the mapping; add the key" if missing else ""
    return ""


def _may_be_a_mapping(value: ast.expr, wanted: int) -> bool:
    """Whether a single argument is a dict, which fits a message without places: none of its keys need be used."""
    return wanted == 0 and isinstance(value, ast.Dict) and bool(value.keys)


def _counts(wanted: int, values: Sequence[ast.expr]) -> str:
    return f"Message has {_counted(wanted, 'placeholder')} and {_counted(len(values), 'argument')}"


def _counted(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"
