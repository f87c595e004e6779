"""`tidy`: what a person would take off a message that becomes a record, and which prints would go."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

from printlint.facts.module import Module
from printlint.facts.prints.colours import COLOUR_CODE
from printlint.facts.prints.level_words import front_tag
from printlint.facts.prints.outputs import PRINT
from printlint.finding import Level
from printlint.plan.cuts import COLOUR, NO_CUTS, Cell, Cuts, cells_of, without
from printlint.plan.edits import Remove
from printlint.plan.failed import says_only_the_exception, what_failed
from printlint.plan.message import Printed, read_print

if TYPE_CHECKING:
    from printlint.facts.context import Context

# What is drawn around words: two signs or more that a space parts from them, or three of one sign without a space.
_DRAWN = r"[=*#~_+<>|·•─━═-]"
_RULE = r"([=*#~─━═])\1{2,}"
_BULLET = r"[>•·→➜▶*#-]"
_FRONT = re.compile(rf"(?:{_DRAWN}{{2,}}|{_BULLET})(?=\s|\Z)|{_RULE}")
_BACKWARDS = re.compile(rf"{_DRAWN}{{2,}}(?=\s|\Z)|{_RULE}")  # of a message read from its end
_COLOURS = re.compile(rf"{COLOUR_CODE}|{COLOUR}")
WITH_TRACEBACK = "with the traceback, and what failed"
_REMOVED = "removed, since it has no words"
# Levels that a tag says as well as another.
_CLOSE = {"error": frozenset({"error", "critical"}), "critical": frozenset({"error", "critical"})}


class Tidied(NamedTuple):
    """A print as it is to be logged: what goes of its arguments (`cuts`), the message that is left, and what went.

    `removal` takes the place of a record where nothing is left, `failure` is what to say where only the exception is.
    """

    printed: Printed
    cuts: Cuts = NO_CUTS
    said: str = ""
    removal: Remove | None = None
    failure: str = ""


def tidied_print(context: Context, call: ast.Call, printed: Printed, level: Level) -> Tidied:
    """A print without its decoration, and without a tag that says its level, where the configuration asks for it."""
    module = context.module
    if not context.config.tidy or printed.message.joined is not None:
        return Tidied(printed)
    text = _read(module, call, printed.separator, level.method)
    if not text.signs:
        if not module.places.is_statement(call):
            return Tidied(printed)
        return Tidied(
            printed, said="removed, since it has no words", removal=_removal(module, module.places.statement(call))
        )
    cuts = Cuts() if text.is_torn else Cuts.of(text.gone)
    if says_only_the_exception(module, call, cuts, text.signs) and (failure := what_failed(module, call)):
        return Tidied(printed, said=WITH_TRACEBACK, failure=failure)
    spoken = without(call, cuts)
    keywords = [keyword for keyword in call.keywords if keyword.arg == "sep"]
    left = read_print(module, ast.copy_location(ast.Call(call.func, spoken.args, keywords), call))
    said = f"without {' and '.join(text.said)}" if cuts and text.said else ""
    return Tidied(left, cuts, said)


def _read(module: Module, call: ast.Call, separator: str, method: str) -> _Text:
    """The text of a print, without what is to go."""
    text = _Text(list(cells_of(module, call, separator)))
    text.drop(_COLOURS, "colours")
    text.trim()
    while text.drop_tag(method) or text.drop_ornament():
        text.trim()
    return text


def _removal(module: Module, statement: ast.stmt) -> Remove:
    """Its removal; the first of a block that has nothing else leaves a `pass`."""
    block, index = module.places.block(statement)
    alone = index == 0 and all(_is_layout(module, item) for item in block[1:])
    return Remove(statement, "pass" if alone else "")


def _is_layout(module: Module, statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Call() as call) if module.qualified(call.func) == PRINT:
            return not _read(module, call, " ", "").signs
    return False


class _Text:
    """The cells that are left of a message, those that are gone, and what they were."""

    def __init__(self, cells: list[Cell]) -> None:
        self.cells = cells
        self.gone: list[Cell] = []
        self.said: list[str] = []

    @property
    def signs(self) -> str:
        return "".join(cell.sign for cell in self.cells)

    @property
    def is_torn(self) -> bool:
        """Whether a part of something is left that can only go as a whole."""
        whole = {cell.node for cell in self.gone if cell.place < 0}
        return any(cell.node in whole and cell.place < 0 for cell in self.cells if cell.node is not None)

    def drop(self, pattern: re.Pattern[str], what: str) -> bool:
        """Take out all that a pattern matches."""
        spans = [match.span() for match in pattern.finditer(self.signs)]
        for start, end in reversed(spans):
            self._cut(start, end, what)
        return bool(spans)

    def trim(self) -> None:
        """Take the space off both ends."""
        self._cut_space(len(self.signs.rstrip()), len(self.signs))
        self._cut_space(0, len(self.signs) - len(self.signs.lstrip()))

    def drop_ornament(self) -> bool:
        """Take off what is drawn before or behind the words."""
        length = len(self.signs)
        if match := _FRONT.match(self.signs):
            self._cut(*match.span(), "ornaments")
        elif match := _BACKWARDS.match(self.signs[::-1]):
            self._cut(length - match.end(), length, "ornaments")
        return match is not None

    def _cut_space(self, start: int, end: int) -> None:
        if start < end:
            self._cut(start, end, "newlines" if "\n" in self.signs[start:end] else "")

    def drop_tag(self, method: str) -> bool:
        """Take off a tag in front that says the level of the record, where a message is left."""
        found = front_tag(self.signs)
        if found is None:
            return False
        length, level, is_marked = found
        rest = self.signs[length:]
        if level not in _CLOSE.get(method, {method}) or not re.search(r"[\w\0]" if is_marked else r"[^\W\d_]", rest):
            return False
        self._cut(0, length, repr(self.signs[:length].strip()))
        return True

    def _cut(self, start: int, end: int, what: str) -> None:
        self.gone += self.cells[start:end]
        del self.cells[start:end]
        if what and what not in self.said:
            self.said.append(what)
