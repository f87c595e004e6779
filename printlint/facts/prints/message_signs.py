"""What the message of a print tells: that something goes on or goes wrong, or that a page is laid out."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

from printlint.facts.prints.inferred_level import literal_text
from printlint.facts.prints.level_words import failure, narrates, tag_of, worded_level, words_of

_HELP = r"(?i)^\W*usage\b|\busage:|--help\b"
_SHORT = 3  # names of so few letters are words, too
_RULE = r"([-=*_#~.─═+])\1{3}"
_PLACED = r"\{[^{}]*:[^{}]?[<>^]\d|%-?\d+s|%-\d"
_LAID_OUT = r"^\n|^ {2,}\S|\t|^\s*[-•*] |:[<>^]?\d+"
_PREFIX = r"\W{0,8}\[[A-Za-z][\w .:/|-]{1,40}\]"
_SPEAKER = r"\W{0,8}([\w.]{4,})(?:/\w+)?[\]:)>|]"
# Functions whose results say nothing to a user.
_INSPECTS = frozenset(
    {"len", "type", "repr", "str", "list", "dict", "set", "sorted", "vars", "dir", "id", "int", "float", "locals"}
)


def message_signs(call: ast.Call, around: Collection[str]) -> Iterator[tuple[str, str]]:
    """The signs in a print's message, each with the clause that says it. `around` has the names of the file, of the
    class and of the functions that the print is in."""
    text = literal_text(call)
    if not call.args:
        return
    if re.search(_HELP, text):
        yield "help", "the message says how to use the program"
    if any(map(_is_version, call.args)):
        yield "version", "it prints the version"
    if re.search(_PLACED, text) or any(map(_pads, call.args)):
        yield "columns", "it prints columns"
    if re.match(_PREFIX, text) or _names_speaker(text, around):
        yield "prefixed", "the message begins with where it comes from, as lines of a log do"
    if (tag := tag_of(text)) is not None:
        yield "tagged", f"the message is tagged {tag[0].strip()!r}"
    elif said := worded_level(text):
        yield "trouble", said.why
    elif failed := failure(text):
        yield "trouble", f"the message says {failed!r}"
    if not text and (shown := _shown(call)):
        yield "result", f"it prints what `{shown}` returns"
    words = words_of(text)
    if not words:
        yield ("ruled", "it rules a page") if re.search(_RULE, text) else ("values", "it prints values alone")
        return
    if narrates(text):
        yield "narrates", "the message says what goes on"
    if re.search(_LAID_OUT, text) or re.search(_RULE, text):
        yield "laid out", "the message is laid out for a reader"


def _names_speaker(text: str, around: Collection[str]) -> bool:
    """Whether a message begins with the name of the file, the class or the function that prints it."""
    if (match := re.match(_SPEAKER, text)) is None:
        return False
    speaker = _squeezed(match[1])
    names = (name for name in map(_squeezed, around) if len(name) > _SHORT)
    return len(speaker) > _SHORT and any(name.startswith(speaker) or speaker.startswith(name) for name in names)


def _squeezed(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _shown(call: ast.Call) -> str:
    """The function whose result is all that is printed; empty for another message."""
    match call.args:
        case [ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))] if name not in _INSPECTS:
            return f"{name}()"
    return ""


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
