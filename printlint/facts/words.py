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

# Each begins with letters, which are looked for ten times faster than alternatives are.
_STARTS = tuple(
    map(
        re.compile,
        (
            "logging",
            rf"\.{_GAP}(?:amsg|trace|success|a?(?:debug|info|warn|warning|error|critical|fatal|exception|log)){_GAP}\(",
            # not in `blueprint`, and not in prose: "for `print` and `pprint`"
            r"print(?<!\wprint)(?![\w`])",
            r"pprint(?<!import pprint)(?!`|\w|\.(?:pformat|saferepr)\b)",
            "getLogger",
            rf"pp(?<!\wpp){_GAP}\(",
            r"print_(?:exc|stack|last)",
            "LOGGING",
            "structlog",
            "aiologger",
            "addHandler",
        ),
    )
)
_STREAM = re.compile(r"std(?:out|err)")


def may_hold_findings(text: str) -> bool:
    """Whether a file holds a word that a finding starts at."""
    if not text.isascii():
        text = unicodedata.normalize(
            "NFKC", text
        )  # Python reads identifiers in this form: a fullwidth `print` is print
    return any(start.search(text) for start in _STARTS) or ("write" in text and _STREAM.search(text) is not None)


def starts_of(text: str) -> Iterator[int]:
    """Where a text holds such words, in code points."""
    return (match.start() for start in _STARTS for match in start.finditer(text))


def starts_at(name: str) -> bool:
    """Whether every call of a method of a name has such a word."""
    return any(start.search(f".{name}(") for start in _STARTS)


# Below this, parsing costs no more than looking for a reason to.
_SMALL = 400
# What a merge left, and what was right in Python 2 alone, each with a word that is looked for first.
_DOUBTFUL = tuple(
    (word, re.compile(pattern))
    for word, pattern in (
        ("<<<<<<< ", "<<<<<<< "),
        ("lambda (", r"lambda\s*\("),
        ("lambda(", r"lambda\s*\("),
        ("<>", "<>"),
        ("exec ", r"exec(?<!\wexec)\s+[\"'\w]"),
        ("except", r"except(?<!\wexcept)\s+[\w.() ]+,\s*\w+\s*:"),
        ("raise", r"raise(?<!\wraise)\s+[\w.]+\s*,"),
    )
)
_NO_BRACKET = bytes(byte for byte in range(256) if byte not in b"([{)]}")


def is_doubtful(text: str) -> bool:
    """Whether there is reason to doubt a text's syntax."""
    return len(text) <= _SMALL or any(word in text and pattern.search(text) for word, pattern in _DOUBTFUL)


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
