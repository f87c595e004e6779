"""What is asked of a text before it is parsed: whether it holds a word that findings start at, and looks like Python.

Each finding starts at a name that the file has to spell, so that a file without such a name has none. Held to the full
check by tests. Of errors of syntax in what is not parsed, those are seen that leave a bracket or a long string open,
that a merge has left, that Python 2 allowed, or that stand in a small file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache

# What Python allows around the dot of an attribute, and before the parenthesis of a call.
_GAP = r"(?:[\s\\]|#[^\r\n]{0,100}[\r\n])*"
# A place where there is something of it: most dots and names are told apart faster without looking for it.
_WIDE = rf"(?=[\s\\#]){_GAP}"
_METHOD = (
    "trace|success|debug|info|warn(?:ing)?|error|critical|fatal|exception|log"
    "|a(?:msg|debug|info|warn(?:ing)?|error|critical|fatal|exception|log)"
)


class Word(Enum):
    """What a finding may start at: a rule says which of them are its."""

    PRINT = "print, pprint or a printed traceback"
    STREAM = "a standard stream, in a file that writes"
    FORMATTER = "the name of a formatter"
    LOGGING = "the name of a logging library, or of one of its functions"
    CALL = "a call of a method that logs"
    SETTING = "a setting of a logger: its propagation, or a level by name"
    ANY = "anything: no file is passed over"


PRINT_WORDS = frozenset({Word.PRINT})
STREAM_WORDS = frozenset({Word.STREAM})
LOG_WORDS = frozenset({Word.LOGGING, Word.CALL})
ANY_WORD = frozenset({Word.ANY})

# What of `logging` is named without a finding: its import, levels, classes, and loggers, whose calls are words.
_LEVELS = "DEBUG|INFO|WARNING|ERROR|CRITICAL|NOTSET|getLevelName"
_CLASSES = r"Logger(?!\s*\()|LoggerAdapter|LogRecord|Formatter|Filter|Handler|NullHandler|StreamHandler"
_IMPORTED = r"(?<=import %s)[ \t]*(?:#[^\n]*)?\r?\n"
# What a logger is called by where that is no plain name or text.
_UNUSUAL = r"""[\s\\#()]|__(?:file|cached)__\b|name\b|(?<![\w.])[\w.]++\(|(?<!\w)\w*+["'][_\\"'{]"""
# Each pattern begins with letters, which are looked for ten times faster than alternatives are, and is looked for where
# the word beside it stands.
_PATTERNS = tuple(
    (kind, word, re.compile(pattern))
    for kind, word, pattern in (
        # not in `blueprint`, and not in prose: "for `print` and `pprint`"
        (Word.PRINT, "print", r"print(?<!\wprint)(?:(?![\w`])|_(?:exc|stack|last))"),
        (Word.PRINT, "pprint", r"pprint(?<!import pprint)(?!`|\w|\.(?:pformat|saferepr)\b)"),
        (Word.PRINT, "pprint", rf"pp(?<!\wpp){_GAP}\("),
        (Word.CALL, "", rf"\.(?:(?:{_METHOD})(?:\(|{_WIDE}\()|{_WIDE}(?:{_METHOD}){_GAP}\()"),
        (
            Word.LOGGING,
            "logging",
            rf"logging(?<!\wlogging)(?!\w|{_IMPORTED % 'logging'}|\.(?:getLogger|{_LEVELS}|{_CLASSES})\b)",
        ),
        (
            Word.LOGGING,
            "getLogger",
            rf"getLogger(?!\w|{_IMPORTED % 'getLogger'}|\((?!{_UNUSUAL}))",
        ),
        (Word.LOGGING, "LOGGING", r"LOGGING(?<!\wLOGGING)(?!\w)"),
        *((Word.LOGGING, word, re.escape(word)) for word in ("structlog", "aiologger", "addHandler", "getChild")),
        (Word.LOGGING, ".handlers", r"\.handlers(?!\w|[ \t]+import\b|\.[A-Z])"),  # no module of that name
        (Word.SETTING, ".prop", r"\.prop(?:[ag]|oga|erga)\w*[ \t]*=(?!=)"),
        (Word.SETTING, ".disable", r"\.disable[ \t]*=(?!=)"),
        (Word.SETTING, "propagate", r"[\"']propagate[\"']"),
        (Word.SETTING, "setLevel", r"setLevel[ \t]*\([ \t]*(?:level[ \t]*=[ \t]*)?[\"']"),
        (Word.STREAM, "write", r"std(?:out|err)"),
        (Word.FORMATTER, "Formatter", "Formatter"),
    )
)


@lru_cache(maxsize=32)
def _patterns_of(words: frozenset[Word]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((word, pattern) for kind, word, pattern in _PATTERNS if kind in words)


def may_hold_findings(text: str, words: frozenset[Word]) -> bool:
    """Whether a file holds one of some words that findings start at, as code or not."""
    if Word.ANY in words:
        return True
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)  # as Python reads names: a fullwidth `print` is print
    for word, pattern in _patterns_of(words):  # noqa: SIM110 - each run asks this of each file
        if word in text and pattern.search(text) is not None:
            return True
    return False


def starts_of(text: str, words: frozenset[Word]) -> Iterator[int]:
    """Where a text holds such words, in code points."""
    for word, pattern in _patterns_of(words):
        if word in text:
            yield from (match.start() for match in pattern.finditer(text))


def starts_at(name: str, words: frozenset[Word]) -> bool:
    """Whether a call of a method of a name has such a word, so that whatever starts at them has it."""
    call = f".{name}("
    return any(pattern.search(call) for _, pattern in _patterns_of(words)) or (name == "pp" and Word.PRINT in words)


_SMALL = 400
_DOCSTRING = re.compile(r'[ \t\r\n]*+(?:(?<![^\n])"""[^"\\\x00\ud800-\udfff]*+""")?[ \t\r\n]*+\Z')
# What a merge left, and what was right in Python 2 alone, each with what is looked for first: rare or quickly found.
_DOUBTFUL = tuple(
    (word, re.compile(pattern))
    for word, pattern in (
        ("<", "<<<<<<< |<>"),
        ("lambda", r"lambda(?<![\w.]lambda)\s*\("),
        ("exec", r"exec(?<!\wexec)[ \t]+[\"'\w]"),
        ("except", r"except(?<!\wexcept)\s+[\w.() ]+,\s*\w+\s*:"),
        ("raise", r"raise(?<!\wraise)[ \t]+[\w.]+[ \t]*,"),
    )
)
_NO_BRACKET = bytes(byte for byte in range(256) if byte not in b"([{)]}")


def is_small(text: str) -> bool:
    """Whether a text is so small that it may as well be parsed, and holds more than a docstring."""
    return len(text) <= _SMALL and not _DOCSTRING.match(text)


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
