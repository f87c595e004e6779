"""PRT506."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import count

from printlint.facts.calls.log_calls import LogCall, log_calls
from printlint.facts.calls.message_parts import fields_of
from printlint.facts.calls.message_text import HOLE, LogMessage, Style, messages_of, style_of
from printlint.facts.calls.placeholders import PLACEHOLDER_TYPES, placeholders
from printlint.facts.context import Context
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module
from printlint.facts.project.structlog_setup import formats_structlog_arguments
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged


class PlaceholderMismatch(Rule):
    """## What it does
    Finds calls whose arguments do not match the placeholders of the message: too many, too few, a key that is missing
    from the mapping, an invalid placeholder, a mapping that no placeholder asks for. Also arguments passed as to
    `print`: `logger.info("user", user)`. The message may be built in any way: what is constant in it counts. For
    loguru, placeholders are `{}`.

    ## Why is this bad
    Formatting the message fails: the record is lost, and `--- Logging error ---` with a traceback goes to standard
    error. loguru and structlog raise an error in the calling code; loguru ignores arguments that are too many.

    ## Fix safety
    No fix: which argument belongs to which placeholder is ambiguous. A message without arguments is not formatted: it
    is reported only if every `%` starts a plain placeholder (`%s`, `%d`, …), so `100% done` and `%Y-%m-%d` are not, nor
    a text that the code uses elsewhere too, like a query.
    Where a value is part of the message (`f"{text}: %s"`), it may bring placeholders, so only too few arguments are
    reported.
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
        """Calls whose message has places that can be counted, whatever its values are."""
        for found in log_calls(context.module):
            problem = _problem(context, found)
            if problem and not (_BRACES in problem and context.project.sets_logger_class):
                yield self.finding(context, found.call, problem)

    def introduced_by_rewrite(self, finding: Finding) -> bool:
        """Whether the call has a message and no values: its text may have been a print's."""
        call = finding.site
        assert isinstance(call, ast.Call)
        first = 1 if isinstance(call.func, ast.Attribute) and call.func.attr == "log" else 0
        return len(call.args) == first + 1


def _problem(context: Context, found: LogCall) -> str:
    """What is wrong with a call's message and arguments, or nothing."""
    message, values = found.message, found.values
    style = style_of(found) if found.logger.kind is not LoggerKind.AIOLOGGER else None
    if message is None or values is None or style is None:
        return ""
    if not values and style is Style.PERCENT and (_is_without_percents(message) or _is_used(context.module, message)):
        return ""
    if values and found.logger.kind is LoggerKind.STRUCTLOG and not formats_structlog_arguments(context.project):
        return ""
    if style is Style.BRACES:
        problems = (_problem_of_braces(found, item, values) for item in messages_of(context.module, message))
    else:
        problems = (_problem_of_percents(item, values) for item in messages_of(context.module, message))
    return next(filter(None, problems), "")


def _is_without_percents(message: ast.expr) -> bool:
    """Whether no percent sign is written in a literal: most messages are told by a look at them."""
    parts = message.values if isinstance(message, ast.JoinedStr) else [message]
    literals = (part for part in parts if not isinstance(part, ast.FormattedValue))
    return all(isinstance(part, ast.Constant) and "%" not in str(part.value) for part in literals)


def _is_used(module: Module, message: ast.expr) -> bool:
    """Whether a message is a name whose text has another use: its places are for that, as of a query that is shown."""
    if not isinstance(message, ast.Name):
        return False
    messages = {found.message for found in log_calls(module)}
    bound = set(module.names.bindings(message))
    reads = (node for node in module.scopes.named((message.id,)) if isinstance(node, ast.Name) and node not in messages)
    return any(isinstance(node.ctx, ast.Load) and bound & {*module.names.bindings(node)} for node in reads)


def _problem_of_percents(message: LogMessage, values: list[ast.expr]) -> str:
    found = placeholders(message.text)
    if any(HOLE in place[0] for place in found):
        return ""  # a value is part of a placeholder
    if not values:
        return "" if message.was_escaped else _problem_of_none(message.text, found)
    for place in found:
        if place["type"] not in PLACEHOLDER_TYPES:
            return f"Invalid placeholder `{place[0]}`; write a percent sign as `%%`"
    named = [place["name"] for place in found if place["key"]]
    if named:
        return _problem_of_keys(named, values, mixed=len(named) != len(found))
    wanted = sum(1 + (place["width"] == "*") + (place["precision"] == "*") for place in found)
    if wanted == len(values) or (wanted < len(values) and message.is_open):
        return ""
    hint = _BRACES if "{" in message.text and not found else "make them match"
    if wanted == 0 and len(values) == 1 and isinstance(values[0], ast.Dict) and values[0].keys:
        hint = _BRACES if hint is _BRACES else "pass it as `extra`"
        return f"Message has no placeholders, so its mapping is ignored; {hint}"
    return f"{_counts(wanted, values)}; {hint}"


def _problem_of_braces(found: LogCall, message: LogMessage, values: list[ast.expr]) -> str:
    """What is wrong with the places of a loguru message: it is formatted if there is anything to format it with."""
    keywords = {keyword.arg for keyword in found.call.keywords}
    if not (values or keywords) or None in keywords or "record" in found.options or "**" in found.options:
        return ""
    try:
        fields = list(_fields(message.text))
    except ValueError as error:
        return f"Invalid loguru message ({error}); write literal braces as `{{{{` and `}}}}`"
    if any(HOLE in name for name in fields):
        return ""
    counter = count()
    numbers = [int(name) if name else next(counter) for name in fields if not name or name.isdigit()]
    unknown = [name for name in fields if name and not name.isdigit() and name not in keywords]
    wanted = max(numbers, default=-1) + 1
    if unknown:
        return f"Placeholder `{unknown[0]}` without an argument; pass `{unknown[0]}=`"
    if wanted > len(values):
        return f"{_counts(wanted, values)}; make them match"
    if wanted < len(values) and not message.is_open:
        hint = "use `{}`, not `%s`" if placeholders(message.text) and not fields else "make them match"
        return f"{_counts(wanted, values)}, extra arguments are ignored; {hint}"
    return ""


def _fields(text: str) -> Iterator[str]:
    """The arguments that the places of a template name: a name, a number, or nothing for the next one."""
    for _, name, spec, _ in fields_of(text):
        if name is not None:
            yield name.partition(".")[0].partition("[")[0]
            yield from _fields(spec or "")


def _problem_of_none(message: str, found: list[re.Match[str]]) -> str:
    """What is wrong with a message that gets no values: it is written unchanged, placeholders included."""
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


def _counts(wanted: int, values: Sequence[ast.expr]) -> str:
    return f"Message has {_counted(wanted, 'placeholder')} and {_counted(len(values), 'argument')}"


def _counted(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"
