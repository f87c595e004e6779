"""Text of a repository as output: data, whatever it holds.

Names of files and text from them may hold what a terminal obeys (escapes, in their one-byte forms too), what looks like
a new line to some reader, what turns the direction of writing, and bytes that are no UTF-8. GitHub's runner obeys lines
that begin with `::`, and `##[` anywhere in a line; the agent of Azure Pipelines `##[` and `##vso[`.
"""

from __future__ import annotations

import json
import re

_RUNNER_COMMAND = re.compile(r"##(?=\[|vso\[)")
_OTHER_THAN_ASCII = r"[^\n -~]"


def printable(text: str) -> str:
    """A text on one line, with what `str.isprintable` denies as Python escapes it: `\\n`, `\\x1b`, `\\u2028`.

    Bytes that a file's name holds and that are no UTF-8 are escaped as bytes: `\\xff`.
    """
    if text.isprintable() and "##" not in text:
        return text
    return _RUNNER_COMMAND.sub(r"#\\x23", "".join(map(_escaped, text)))


def printable_lines(text: str) -> str:
    """`printable` of each line of a text that a line feed ends. Tabs stay, and carriage returns before a line feed."""
    return "\n".join(map(_printable_line, text.split("\n")))


def place(path: str) -> str:
    """A path at the beginning of a line, where it must not look like a command of a runner."""
    shown = printable(path)
    return f"./{shown}" if shown.lstrip().startswith("::") else shown


def as_json(document: object, indent: int | None = 1) -> str:
    """A document as JSON that says the same and holds nothing but printable characters and line feeds.

    Without an `indent` it is one line.

    JSON has no way to say what is no character (a surrogate alone, a byte of a name that is no UTF-8): there the text
    has the escape itself, as `printable` gives it.
    """
    text = json.dumps(document, indent=indent, ensure_ascii=False)
    return _RUNNER_COMMAND.sub(r"#\\u0023", re.sub(_OTHER_THAN_ASCII, _json_escaped, text))


def _printable_line(line: str) -> str:
    ending = "\r" if line.endswith("\r") else ""
    return "\t".join(map(printable, line.removesuffix("\r").split("\t"))) + ending


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return repr(character)[1:-1]


def _json_escaped(match: re.Match[str]) -> str:
    character = match[0]
    if character.isprintable():
        return character
    if "\ud800" <= character <= "\udfff":
        return json.dumps(_escaped(character))[1:-1]
    return r"\u007f" if character == "\x7f" else json.dumps(character)[1:-1]
