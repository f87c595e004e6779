"""What the message of a print tells: that something goes on or goes wrong, or that a page is laid out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from printlint.facts.prints.inferred_level import literal_text
from printlint.facts.prints.level_words import failure, tag_of, worded_level, words_of

# What a program that works says it is doing, or has done.
_NARRATES = (
    r"(?i)^\W{0,40}(?:\[[^\]]{0,60}\]\W{0,20})?(?:(?:now |re)?[a-z]{2,30}ing\b"
    r"|started\b|finished\b|loaded\b|saved\b|found\b|created\b|connected\b|received\b|sent\b|done\b|downloaded\b|updated\b|removed\b|deleted\b|added\b|using\b"
    r"|completed?\b|skipped\b|initiali[sz]ed\b|begin\b|wrote\b|written\b|got\b|successfully\b|disconnected\b|stopped\b|start\b)"
)
_HELP = r"(?i)^\W*usage\b|\busage:|--help\b"
_RULE = r"([-=*_#~.─═+])\1{3}"
_PLACED = r"\{[^{}]*:[^{}]?[<>^]\d|%-?\d+s|%-\d"
_LAID_OUT = r"^\n|^ {2,}\S|\t|^\s*[-•*] |:[<>^]?\d+"


def message_signs(call: ast.Call) -> Iterator[tuple[str, str]]:
    """The signs in a print's message, each with the clause that says it."""
    text = literal_text(call)
    if not call.args:
        return
    if re.search(_HELP, text):
        yield "help", "the message says how to use the program"
    if any(map(_is_version, call.args)):
        yield "version", "it prints the version"
    if re.search(_PLACED, text) or any(map(_pads, call.args)):
        yield "columns", "it prints columns"
    if re.match(r"\s*\[[A-Za-z][\w .:/-]{1,30}\]", text):
        yield "prefixed", "the message has a prefix in brackets, as lines of a log have"
    if (tag := tag_of(text)) is not None:
        yield "tagged", f"the message is tagged {tag[0].strip()!r}"
    elif said := worded_level(text):
        yield "trouble", said.why
    elif failed := failure(text):
        yield "trouble", f"the message says {failed!r}"
    words = words_of(text)
    if not words:
        yield ("ruled", "it rules a page") if re.search(_RULE, text) else ("values", "it prints values alone")
        return
    if re.search(_NARRATES, text):
        yield "narrates", "the message says what goes on"
    if re.search(_LAID_OUT, text) or re.search(_RULE, text):
        yield "laid out", "the message is laid out for a reader"


def _is_version(argument: ast.expr) -> bool:
    match argument:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_").lower() == "version"
    return False


def _pads(argument: ast.expr) -> bool:
    """Whether an argument is padded to some width."""
    for node in ast.walk(argument):
        match node:
            case ast.FormattedValue(format_spec=ast.JoinedStr(values=[ast.Constant(value=str(spec)), *_])):
                if re.search(r"[<>^](?:\d|$)", spec):
                    return True
            case ast.Call(func=ast.Attribute(attr="ljust" | "rjust" | "center")):
                return True
    return False
