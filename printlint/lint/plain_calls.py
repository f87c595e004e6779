"""Log calls that are as they should be, told apart without a parser: most are, and their functions need not be parsed.

A call is plain if its logger is one of the standard library's and not the root, it is made by a synchronous function
that no asynchronous one is known to call, its message has a place for each of its values, and it logs no exception and
no fields. Only rules of style have something to say about it. Calls on what is no logger at all are plain, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum, auto

from printlint.facts.calls.placeholders import PLACEHOLDER_TYPES, placeholders
from printlint.facts.log_setup.logger_tree import LoggerTree, logger_name
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module
from printlint.facts.project.project import Project
from printlint.logging_names import LEVELS, METHODS
from printlint.partial.splitter import FORMATTED_PAINT, PAINT, Part, PartedText, PartKind

_METHOD = re.compile(r"\.(\w+)\(")
_PLAIN = frozenset(LEVELS)
_BRACKETS = re.compile(r"[()\[\]{},]")
_KEYWORD = re.compile(r"\s*(\w+)\s*=(?!=)")
_TELLING_KEYWORDS = frozenset({"exc_info", "extra"})
# Unpacked arguments, and lambdas, whose commas are no arguments'.
_UNCOUNTED = re.compile(r"\s*\*|.*\blambda\b", re.DOTALL)
_LITERAL = re.compile(r"[\s()`rRuU\\]*\Z")
# Places for `{}` styles, comments, and escapes that may stand for a percent sign.
_DOUBTFUL = re.compile(r"[{#]|\\[^ntr'\"\\\n]")
_ASYNC = re.compile(r"async(?<!\wasync)(?!\w)")
_DEFINITION = re.compile(r"def(?<!\wdef)(?!\w)")
_CLASS = re.compile(r"class(?<!\wclass)(?!\w)")
_BINDS = re.compile(r"[\s\\]*+(?::|[\s\\)]*+=(?!=))")


class _Receiver(Enum):
    NO_LOGGER = auto()
    LOGGER = auto()  # of the standard library, and not the root
    TELLING = auto()  # anything else, and what cannot be told


class PlainCalls:
    """Answers for one module, whose tree is not whole yet."""

    def __init__(self, module: Module, project: Project, parted: PartedText) -> None:
        self._module = module
        self._project = project
        self._parted = parted
        self._painted = parted.painted
        self._receivers: dict[str, _Receiver] = {}
        self._is_asynchronous = _ASYNC.search(parted.painted) is not None
        self._helpers: dict[Part, bool] = {}

    def without(self, offsets: Iterable[int]) -> Iterator[int]:
        """Those of the dots of log calls, in code points, whose calls are not plain."""
        calls = [offset for offset in offsets if self._parted.is_code(offset)]
        for name in {self._receiver(offset) for offset in calls} - {""}:
            self._module.bindings_of(name)
        return (offset for offset in calls if not self._is_plain(offset))

    def _is_plain(self, offset: int) -> bool:
        name = self._receiver(offset)
        part = self._parted.part_at(offset)
        if not name or part is None or not self._is_looked_up_in_the_module(part):
            return False
        if name not in self._receivers:
            self._receivers[name] = self._judge(name)
        receiver = self._receivers[name]
        if receiver is not _Receiver.LOGGER:
            return receiver is _Receiver.NO_LOGGER
        match = _METHOD.match(self._painted, offset)
        if match is None or match[1] not in METHODS:
            return match is not None
        if match[1] not in _PLAIN or (self._is_asynchronous and self._may_run_in_the_loop(part)):
            return False
        return self._has_plain_arguments(match.end(), part.end)

    def _receiver(self, offset: int) -> str:
        """The name that stands before a dot, if that is all that stands there."""
        painted = self._painted
        start = offset
        while start and (painted[start - 1].isalnum() or painted[start - 1] == "_"):
            start -= 1
        before = start - 1
        while before >= 0 and painted[before] in " \t\r\n\\":
            before -= 1
        name = painted[start:offset]
        return name if name.isidentifier() and (before < 0 or painted[before] != ".") else ""

    def _is_looked_up_in_the_module(self, part: Part) -> bool:
        """Whether names in a part are those of functions or the module, and not of the body of a class."""
        if part.kind is PartKind.OTHER:
            return part.owner is None and not any(
                word.search(self._painted, part.start, part.end) for word in (_DEFINITION, _CLASS)
            )
        return part.kind is PartKind.FUNCTION

    def _judge(self, name: str) -> _Receiver:
        if self._may_be_local(name):
            return _Receiver.TELLING
        node = self._module.scopes.load(name)
        if (self._module.qualified(node) or "").partition(".")[0] == "logging":
            return _Receiver.TELLING
        logger = self._module.loggers.value(node)
        if logger is None:
            return _Receiver.NO_LOGGER
        if logger.root or logger.kind not in (LoggerKind.STDLIB, LoggerKind.QUEUE):
            return _Receiver.TELLING
        spelled = logger_name(self._module, logger)
        tree = LoggerTree(self._module, self._project)
        if spelled and not logger.foreign and tree.has_levels and tree.has_level(spelled):
            return _Receiver.TELLING
        return _Receiver.LOGGER

    def _may_be_local(self, name: str) -> bool:
        """Whether a function or class may bind a name to a logger: by `=`, `:=`, an annotation or an import."""
        painted = self._painted
        for at in self._parted.occurrences(name):
            shown, end = painted[at], at + len(name)
            if shown in (" ", PAINT) or painted[at - 1 : at] == "." or painted[end : end + 1] == ".":
                continue  # in a comment or a string; an attribute, or what has one
            part = self._parted.part_at(at)
            if part is None or (part.kind is not PartKind.FUNCTION and part.owner is None):
                continue
            imports = painted.find("import", part.start, part.end) >= 0
            if imports or shown == FORMATTED_PAINT or _BINDS.match(painted, end):
                return True
        return False

    def _may_run_in_the_loop(self, part: Part) -> bool:
        """Whether a function is or holds an asynchronous one, or may be what only those call: see `helpers.py`."""
        if part not in self._helpers:
            self._helpers[part] = self._find_out(part)
        return self._helpers[part]

    def _find_out(self, part: Part) -> bool:
        painted = self._painted
        if _ASYNC.search(painted, part.start, part.end):
            return True
        if part.kind is PartKind.OTHER:
            return False
        if len(_DEFINITION.findall(painted, part.start, part.end)) > 1:
            return True
        name = self._parted.name(part)
        if name.startswith("__"):
            return False
        hidden = name.startswith("_") or "__main__" in self._parted.text
        return hidden and len(list(self._parted.occurrences(name))) > 1

    def _has_plain_arguments(self, start: int, limit: int) -> bool:
        """Whether what stands behind the parenthesis of a call is a message with a place for each of its values."""
        arguments = []
        for first, last in self._arguments(start, limit):
            if keyword := _KEYWORD.match(self._painted, first, last):
                if keyword[1] in _TELLING_KEYWORDS:
                    return False
            elif _UNCOUNTED.match(self._painted, first, last):
                return False
            else:
                arguments.append((first, last))
        if not arguments or PAINT not in self._painted[slice(*arguments[0])]:
            return bool(arguments)
        if not _LITERAL.match(self._painted, *arguments[0]):
            return True  # put together, or no text
        message = self._parted.text[slice(*arguments[0])]
        if message.count("%") != len(arguments) - 1 or _DOUBTFUL.search(message):
            return False
        found = placeholders(message)
        simple = all(place["type"] in PLACEHOLDER_TYPES and not place["key"] and "*" not in place[0] for place in found)
        return simple and len(found) == len(arguments) - 1

    def _arguments(self, start: int, limit: int) -> Iterator[tuple[int, int]]:
        """Where the arguments of a call begin and end, in code points."""
        depth = 0
        for match in _BRACKETS.finditer(self._painted, start, limit):
            if match[0] in "([{":
                depth += 1
            elif depth and match[0] != ",":
                depth -= 1
            elif not depth:
                if match[0] == "," or self._painted[start : match.start()].strip():
                    yield start, match.start()
                if match[0] != ",":
                    return
                start = match.end()
