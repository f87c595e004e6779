"""PRT511."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from printlint.facts.calls.log_calls import LogCall, log_calls
from printlint.facts.calls.message_parts import Slot, Text
from printlint.facts.calls.message_text import filled
from printlint.facts.context import Context
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module
from printlint.finding import Finding
from printlint.names.bindings import BindingKind
from printlint.names.qualified import last_name
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored, logged

_WORDS = (
    r"pass(?:word|wd|phrase|code)|pwd|secret|token|credential|authorization|auth_?header|bearer|cookie"
    r"|(?:api|access|private|secret|signing|encryption|session|auth)_?key|session_?id|csrf"
    r"|pin_?code|jwt|card_?(?:number|no|num)|credit_?card|cvv|cvc|(?<![a-z])(?:ssn|iban|otp)(?![a-z])"
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
_SHOWS = frozenset(
    {
        *("str", "repr", "format", "ascii", "dumps", "strip", "lstrip", "rstrip", "decode", "encode", "get"),
        *("lower", "upper", "ljust", "rjust"),
    }
)
_MASKS = r"(?i)mask|redact|hash|digest|obfuscat|censor|hide|anonymi|scrub|saniti|^(?:len|bool|type)$"


class LoggedSecret(Rule):
    """## What it does
    Finds values that are named like secrets (password, token, authorization, cookie, API key, card number, …) among the
    arguments of a logging call, in its f-string, in `extra`, and as the key or keyword of a field; and values that the
    message announces: `"password=%s"`. The first characters of one (`api_key[:8]`) are reported as well.

    ## Why is this bad
    Logs are copied, shipped and kept, and read by more people than the service. A secret in a log has to be changed.

    ## Fix safety
    No fix: remove or mask the value. Not reported are values that are only counted, compared or passed to another
    function (`len(token)`, `mask(token)`, `token is None`), names that are bound to constants or to what such functions
    give, the last characters (`card_number[-4:]`), and tokens of a text (`max_tokens`, `next_token`).
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
        module = context.module
        for found in log_calls(module):
            seen = set()
            for place, value, name in (*_announced(module, found), *_named(found)):
                if place not in seen and not _is_masked(module, found.call, value):
                    seen.add(place)
                    yield self.finding(context, place, f"Possible secret `{name}` in a log call; remove or mask it")


Secret = tuple[ast.expr, ast.expr, str]  # where it is reported, the value, and what it is called


def _announced(module: Module, found: LogCall) -> Iterator[Secret]:
    """The values that the words before their places say to be secrets."""
    given = {*(found.values or ()), *(keyword.value for keyword in found.call.keywords)}
    for pieces in filled(module, found):
        for before, piece in pairwise(pieces):
            if isinstance(before, Text) and isinstance(piece, Slot) and _shows_a_value(piece.value):
                words = re.search(_ANNOUNCED, before.text)
                if words is not None and found.message is not None:
                    place = piece.value if piece.value in given else found.message
                    yield place, piece.value, words[0].rstrip(" =:\"'<")


def _named(found: LogCall) -> Iterator[Secret]:
    for argument in found.call.args:
        yield from _secrets(argument)
    fields = found.logger.kind in (LoggerKind.STRUCTLOG, LoggerKind.LOGURU)
    for keyword in found.call.keywords:
        if fields and keyword.arg and _is_secret(keyword.arg) and _shows_a_value(keyword.value):
            yield keyword.value, keyword.value, keyword.arg
        else:
            yield from _secrets(keyword.value)


def _secrets(node: ast.expr) -> Iterator[Secret]:
    """The secrets that an expression shows when it is made text."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            if _is_secret(name):
                yield node, node, name
        case ast.Subscript(value=held, slice=ast.Constant(value=str(word))):
            yield from [(node, node, word)] if _is_secret(word) else _secrets(held)
        case ast.Subscript(value=held, slice=ast.Slice(lower=lower)) if not isinstance(lower, ast.UnaryOp):
            yield from ((node, value, name) for _, value, name in _secrets(held))  # its last characters are a mask
        case ast.JoinedStr(values=parts):
            for part in parts:
                if isinstance(part, ast.FormattedValue):
                    yield from ((node, value, name) for _, value, name in _secrets(part.value))
        case ast.Dict(keys=keys, values=values):
            for key, item in zip(keys, values, strict=True):
                name = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
                yield from [(item, item, name)] if _is_secret(name) and _shows_a_value(item) else _secrets(item)
        case ast.Call():
            yield from _secrets_of_call(node)
        case ast.BinOp(left=left, right=right) | ast.IfExp(body=left, orelse=right):
            yield from (*_secrets(left), *_secrets(right))
        case ast.BoolOp(op=ast.And(), values=[*_, shown]):
            yield from _secrets(shown)
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.BoolOp(values=items):
            for item in items:
                yield from _secrets(item)


def _secrets_of_call(node: ast.Call) -> Iterator[Secret]:
    """What a call shows of its arguments, if it makes text of them; `headers.get("Cookie")` is a value of that name."""
    func = node.func
    name = last_name(func)
    if name == "get" and node.args and isinstance(node.args[0], ast.Constant) and _is_secret(str(node.args[0].value)):
        yield node, node, str(node.args[0].value)
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


def _is_masked(module: Module, call: ast.Call, value: ast.expr) -> bool:
    """Whether a name holds constants or masked text alone when a call is made, by the statements that bind it."""
    bindings = module.names.bindings(value) if isinstance(value, ast.Name) else []
    assigned = [item for item in bindings if item.kind is not BindingKind.PARAMETER]
    if not assigned or not all(isinstance(item.value, ast.expr) and _masks(item.value) for item in assigned):
        return False
    if len(assigned) == len(bindings):
        return True
    around = {call, *module.scopes.ancestors(call)}
    blocks = (module.places.block(module.places.statement(item.node)) for item in assigned)
    return any(not around.isdisjoint(block[index + 1 :]) for block, index in blocks)


def _masks(node: ast.expr) -> bool:
    match node:
        case ast.Constant():
            return True
        case ast.IfExp(body=left, orelse=right) | ast.BinOp(left=left, op=ast.Add() | ast.Mult(), right=right):
            return _masks(left) and _masks(right)
        case ast.JoinedStr(values=parts):
            return all(_masks(part.value) for part in parts if isinstance(part, ast.FormattedValue))
        case ast.BoolOp(op=ast.And(), values=[*_, last]):
            return _masks(last)
        case ast.Call(func=func):
            return re.search(_MASKS, last_name(func) or "") is not None
    return False
