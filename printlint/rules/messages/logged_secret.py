"""PRT511."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from printlint.facts.calls.log_calls import LogCall, log_calls
from printlint.facts.calls.placeholders import placeholders
from printlint.facts.context import Context
from printlint.facts.loggers.kinds import LoggerKind
from printlint.finding import Finding
from printlint.names.qualified import last_name
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged

_WORDS = (
    r"pass(?:word|wd|phrase|code)|pwd|secret|token|credential|authorization|auth_?header|bearer|cookie"
    r"|(?:api|access|private|secret|signing|encryption|session|auth)_?key|session_?id|csrf"
    r"|pin_?code|card_?(?:number|no|num)|credit_?card|cvv|cvc|(?<![a-z])(?:ssn|iban|otp)(?![a-z])"
)
# The name of a value that is a secret: its last word says what it is.
_SECRET = rf"(?i)(?:{_WORDS})(?:s|_?(?:value|str|string|text|header|plain|raw))?$"
_HARMLESS = (
    r"(?i)^(?:(?:n|num|max|min|total|has|is|use|no|new_line|input|output|prompt|completion|next|prev|page|continuation|start"
    r"|end|stop|first|last|special|pad|eos|bos|sep|cls|unk|mask)_?)+(?:tokens?|cookies?|pass\w*|secrets?|credentials?)$"
    r"|^(?:get|set|check|verify|validate|reset|change|missing|invalid|expired|wrong)_|tokens$"
)
# "password=%s", "token: {}": what a message says that its next value is.
_ANNOUNCED = rf"(?i)(?:{_WORDS})[\"']?\s*(?:is|[=:])\s*[\"'<]?$"
_SHOWS = frozenset({"str", "repr", "format", "ascii", "dumps", "strip", "decode", "encode", "get"})


class LoggedSecret(Rule):
    """## What it does
    Finds values that are named like secrets (password, token, authorization, cookie, API key, card number, …) among the
    arguments of a logging call, in its f-string, in `extra`, and as the key or keyword of a field; and values that the
    message announces: `"password=%s"`.

    ## Why is this bad
    Logs are copied, shipped and kept, and read by more people than the service. A secret in a log has to be changed.

    ## Fix safety
    No fix: remove or mask the value. Not reported are values that are only counted, compared or passed to another
    function (`len(token)`, `mask(token)`, `token is None`), and tokens of a text (`max_tokens`, `next_token`).
    """

    code = "PRT511"
    name = "logged-secret"
    summary = "a value that is named like a secret"
    starts = LOG_WORDS
    refusal = "no automatic fix; remove or mask the value"
    by_default = False
    opt_in = True
    options = ("loggers",)
    examples = (
        flagged(
            logged('logger.info("%s logs in with %s", user, password)'),
            instead=logged('logger.info("%s logs in", user)'),
        ),
        ignored(logged('logger.info("wrong password for %s", user)')),
        ignored(logged('logger.info("%s tokens", len(token))')),
        ignored(logged('logger.info("has token: %s", token is not None)')),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Each value at its own place, once."""
        for found in log_calls(context.module):
            seen = set()
            for place, name in (*_announced(found), *_named(found)):
                if place not in seen:
                    seen.add(place)
                    yield self.finding(context, place, f"Possible secret `{name}` in a log call; remove or mask it")


def _announced(found: LogCall) -> Iterator[tuple[ast.expr, str]]:
    """The values that the words before their places say to be secrets."""
    message = found.message
    if not isinstance(message, ast.Constant) or not isinstance(message.value, str) or not found.values:
        return
    if not found.standard or any(match["key"] for match in placeholders(message.value)):
        return
    for match, value in zip(placeholders(message.value), found.values, strict=False):
        words = re.search(_ANNOUNCED, message.value[: match.start()])
        if words is not None and isinstance(value, (ast.Name, ast.Attribute, ast.Subscript)):
            yield value, words[0].rstrip(" =:\"'<")


def _named(found: LogCall) -> Iterator[tuple[ast.expr, str]]:
    for argument in found.call.args:
        yield from _secrets(argument)
    fields = found.logger.kind in (LoggerKind.STRUCTLOG, LoggerKind.LOGURU)
    for keyword in found.call.keywords:
        if fields and keyword.arg and _is_secret(keyword.arg) and _shows_a_value(keyword.value):
            yield keyword.value, keyword.arg
        else:
            yield from _secrets(keyword.value)


def _secrets(node: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    """The secrets that an expression shows when it is made text."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            if _is_secret(name):
                yield node, name
        case ast.Subscript(value=held, slice=ast.Constant(value=str(word))):
            yield from [(node, word)] if _is_secret(word) else _secrets(held)
        case ast.JoinedStr(values=parts):
            for part in parts:
                if isinstance(part, ast.FormattedValue):
                    yield from ((node, name) for _, name in _secrets(part.value))
        case ast.Dict(keys=keys, values=values):
            for key, item in zip(keys, values, strict=True):
                name = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
                yield from [(item, name)] if _is_secret(name) and _shows_a_value(item) else _secrets(item)
        case ast.Call():
            yield from _secrets_of_call(node)
        case ast.BinOp(left=left, right=right):
            yield from (*_secrets(left), *_secrets(right))
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.BoolOp(values=items):
            for item in items:
                yield from _secrets(item)


def _secrets_of_call(node: ast.Call) -> Iterator[tuple[ast.expr, str]]:
    """What a call shows of its arguments, if it makes text of them; `headers.get("Cookie")` is a value of that name."""
    func = node.func
    name = last_name(func)
    if name == "get" and node.args and isinstance(node.args[0], ast.Constant) and _is_secret(str(node.args[0].value)):
        yield node, str(node.args[0].value)
    elif name in _SHOWS:
        for item in (*node.args, *(keyword.value for keyword in node.keywords)):
            yield from _secrets(item)
        if isinstance(func, ast.Attribute):
            yield from _secrets(func.value)


def _is_secret(name: str) -> bool:
    plain = name.replace("-", "_").lstrip("_")
    return re.search(_SECRET, plain) is not None and re.search(_HARMLESS, plain) is None


def _shows_a_value(node: ast.expr) -> bool:
    return isinstance(node, (ast.Name, ast.Attribute, ast.Subscript))
