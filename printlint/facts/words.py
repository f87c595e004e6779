"""What is asked of a text before it is parsed: whether it holds a word that findings start at, and looks like Python.

Each finding starts at a name that the file has to spell, so that a file without such a name has none. Held to the full
check by tests. Of errors of syntax in what is not parsed, those are seen that leave a bracket or a long string open,
that a merge has left, that Python 2 allowed, or that stand in a small file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# What Python allows around the dot of an attribute, and before the parenthesis of a call.
_GAP = r"(?:[\s\\]|#[^\r\n]*[\r\n])*"

_WORDS = ("logging", "getLogger", "LOGGING", "structlog", "aiologger", "addHandler")
# Each begins with letters, which are looked for ten times faster than alternatives are.
_PATTERNS = tuple(
    map(
        re.compile,
        (
            # not in `blueprint`, and not in prose: "for `print` and `pprint`"
            r"print(?<!\wprint)(?:(?![\w`])|_(?:exc|stack|last))",
            rf"\.{_GAP}(?:amsg|trace|success|a?(?:debug|info|warn|warning|error|critical|fatal|exception|log)){_GAP}\(",
            r"pprint(?<!import pprint)(?!`|\w|\.(?:pformat|saferepr)\b)",
        ),
    )
)
_SHORT_PRINT = re.compile(rf"pp(?<!\wpp){_GAP}\(")  # of `pprint`, which the file has to spell, too
_STREAM = re.compile(r"std(?:out|err)")


# What of `logging` a module with no finding may use: the import, its own logger, levels and the name of the class.
_OF_LOGGING = re.compile(
    r"logging(?!(?<=import logging)[ \t]*(?:#[^\n]*)?\r?\n|\.getLogger\(__name__\)"
    r"|\.(?:DEBUG|INFO|WARNING|ERROR|CRITICAL|NOTSET|Logger)\b(?!\s*\())"
)
_OF_LOGGERS = re.compile(r"getLogger(?!\(__name__\))")


def may_hold_findings(text: str) -> bool:
    """Whether a file holds a word that a finding starts at, and more of logging than a logger that nothing uses."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)  # as Python reads names: a fullwidth `print` is print
    return (
        any(pattern.search(text) for pattern in _PATTERNS)
        or any(word in text for word in _WORDS[2:])
        or ("logging" in text and _OF_LOGGING.search(text) is not None)
        or ("getLogger" in text and _OF_LOGGERS.search(text) is not None)
        or ("pprint" in text and _SHORT_PRINT.search(text) is not None)
        or ("write" in text and _STREAM.search(text) is not None)
    )


def starts_of(text: str) -> Iterator[int]:
    """Where a text holds such words, in code points."""
    for word in _WORDS:
        start = text.find(word)
        while start >= 0:
            yield start
            start = text.find(word, start + len(word))
    rare = ((_SHORT_PRINT, "pprint"), (_STREAM, "write"))
    for pattern in (*_PATTERNS, *(pattern for pattern, word in rare if word in text)):
        yield from (match.start() for match in pattern.finditer(text))


def starts_at(name: str) -> bool:
    """Whether every call of a method of a name has such a word."""
    call = f".{name}("
    return any(word in call for word in _WORDS) or any(pattern.search(call) for pattern in _PATTERNS) or name == "pp"


_SMALL = 400
# What a merge left, and what was right in Python 2 alone, each with a word that is looked for first.
_DOUBTFUL = tuple(
    (word, re.compile(pattern))
    for word, pattern in (
        ("<<<<<<< ", "<<<<<<< "),
        ("lambda (", r"lambda(?<![\w.]lambda)\s*\("),
        ("lambda(", r"lambda(?<![\w.]lambda)\s*\("),
        ("<>", "<>"),
        ("exec ", r"exec(?<!\wexec)[ \t]+[\"'\w]"),
        ("except", r"except(?<!\wexcept)\s+[\w.() ]+,\s*\w+\s*:"),
        ("raise", r"raise(?<!\wraise)[ \t]+[\w.]+[ \t]*,"),
    )
)
_NO_BRACKET = bytes(byte for byte in range(256) if byte not in b"([{)]}")


def is_small(text: str) -> bool:
    """Whether a text is so small that it may as well be parsed."""
    return len(text) <= _SMALL


def doubts_of(text: str) -> list[int]:
    """Where something stands, in code points, that makes a text's syntax doubtful if it is code."""
    return [match.start() for word, pattern in _DOUBTFUL if word in text for match in pattern.finditer(text)]


def is_balanced(text: str) -> bool:
    """Whether a text has an end for each bracket and long string, whichever stand in strings and comments."""
    data = text.encode("utf-8", "surrogatepass")
    count = data.translate(None, _NO_BRACKET).count
    return (
        count(b"(") == count(b")")
        and count(b"[") == count(b"]")
        and count(b"{") == count(b"}")
        and data.count(b'"""') % 2 == 0 == data.count(b"'''") % 2
    )
