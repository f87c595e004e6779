"""The edits that rules can ask for: what the new code is, not how it is written.

A rule creates an edit with the node that it replaces, the planner fills in the logger and the await, and the rewriter
executes it or refuses it. Nothing else changes a file.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from printlint.facts.calls.message_parts import Interpolation
from printlint.finding import Safety
from printlint.plan.cuts import NO_CUTS, Cuts, without
from printlint.plan.message import Message


@dataclass(frozen=True)
class Log:
    """Replace `call` with a call of the module's logger.

    With a `message` the call is print-like; `pformat` says that its first argument goes through
    `pprint.pformat`; with neither, the arguments are unchanged (`logging.info(...)`). `text` is logged instead of them,
    or the exception with the name `error`. `spread` passes the items of `extra` as keywords; `drop` is removed. `cuts`
    is what goes of the arguments first: the message is that of the call which is left, `spoken`. `braces`: placeholders
    are `{}` (loguru); `places` are those that take the place of the message's own.
    """

    call: ast.Call
    method: str
    message: Message | None = None
    pformat: bool = False
    text: str | None = None
    error: str = ""
    logger: str = ""
    awaited: bool = False
    spread: bool = False
    drop: ast.keyword | None = None
    cuts: Cuts = NO_CUTS
    braces: bool = False
    places: tuple[str, ...] = ()

    @property
    def spoken(self) -> ast.Call:
        """The call without what goes of its arguments."""
        return without(self.call, self.cuts)


@dataclass(frozen=True)
class Await:
    """Await a call; `method` and `receiver` are the names of the asynchronous method and logger where they differ.

    `retarget` is the edit of the `getLogger(...)` inside the call, for `getLogger(...).info(...)`.
    """

    call: ast.Call
    method: str | None = None
    retarget: Retarget | None = None
    receiver: str | None = None


@dataclass(frozen=True)
class DropAwait:
    """Remove the `await` from an expression."""

    node: ast.Await


@dataclass(frozen=True)
class Retarget:
    """Call `function` instead of `logging.getLogger`; the set-up module's `get_logger` if empty."""

    call: ast.Call
    function: str = ""


@dataclass(frozen=True)
class NameLogger:
    """Make `__name__` the only argument of a `getLogger(...)` call."""

    call: ast.Call


@dataclass(frozen=True)
class InsertAfter:
    """Insert a statement on its own line after another, at the same indentation."""

    statement: ast.stmt
    text: str


@dataclass(frozen=True)
class InsertKey:
    """Insert `"key": value` after entry `index`, from 0, of a dict display."""

    node: ast.Dict
    index: int
    key: str
    value: str


@dataclass(frozen=True)
class ChangeEntries:
    """Replace entries of a dict display: the index of each, from 0, with its new text, or None to remove it."""

    node: ast.Dict
    changes: tuple[tuple[int, str | None], ...]


@dataclass(frozen=True)
class SetValue:
    """Replace a constant or an f-string with the text of another."""

    node: ast.Constant | ast.JoinedStr
    text: str


@dataclass(frozen=True)
class Remove:
    """Remove a statement and its line, where another edit does what it has done, or nothing has to.

    A comment stays where it is. `leaves` is what takes the statement's place where its block would be empty.
    """

    statement: ast.stmt
    leaves: str = ""


@dataclass(frozen=True)
class Respell:
    """Change a call: to another `method`, to another `receiver`, or without the argument `drop`.

    `add` is the text of one more keyword argument; `spread` passes the items of `extra` as keywords; `awaited` adds an
    `await`.
    """

    call: ast.Call
    method: str | None = None
    drop: ast.keyword | ast.expr | None = None
    add: str = ""
    receiver: str | None = None
    spread: bool = False
    awaited: bool = False


@dataclass(frozen=True)
class Substitute:
    """Call `function` instead, without the arguments in `drop` and with `add` as the last argument.

    `uses` are the names that need an import: `sys`, `logging` and `JsonFormatter`.
    """

    call: ast.Call
    function: str
    drop: tuple[ast.keyword | ast.expr, ...] = ()
    add: str = ""
    uses: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reformat:
    """Turn a message that is formatted in a logging call into a format string, and its values into arguments.

    `order` lists the values of the message and the arguments that the call has already, by their numbers from 0, in
    their new order; empty if there are no such arguments. `braces`: the placeholders are `{}` (loguru), not `%s`.
    """

    call: ast.Call
    message: Interpolation
    order: tuple[int, ...] = ()
    braces: bool = False


@dataclass(frozen=True)
class Conversion:
    """Replace positional argument `argument` with `value`, and the conversion of placeholder `place` with `end`.

    Both count from 0; the message and what comes before it count as arguments.
    """

    argument: int
    value: ast.expr
    place: int
    end: str


@dataclass(frozen=True)
class Convert:
    """Move conversions of a logging call's arguments (`str(x)`, `repr(x)`) into its message's placeholders."""

    call: ast.Call
    message: ast.Constant
    conversions: tuple[Conversion, ...]
    braces: bool = False


CallEdit = Log | Await | DropAwait | Respell | Substitute | Reformat | Convert
Edit = CallEdit | Retarget | NameLogger | InsertAfter | InsertKey | ChangeEntries | SetValue | Remove


EditKey = tuple[type, ast.AST]


@dataclass(frozen=True)
class Plan:
    """How a finding would be fixed. `caution` says why it is unsafe; a safe plan has none.

    `needs_setup`: the fix imports or needs the set-up module. `otherwise` is a simpler plan with fewer cautions.
    `tidied` says what goes of a message, or what becomes of it.
    """

    edits: tuple[Edit, ...]
    title: str
    caution: str = ""
    needs_setup: bool = False
    otherwise: Plan | None = None
    tidied: str = ""

    @property
    def safety(self) -> Safety:
        """Safe without a caution."""
        return Safety.UNSAFE if self.caution else Safety.SAFE


def edited_node(edit: Edit) -> ast.AST:
    """The node whose span an edit replaces, or after or inside which it inserts."""
    match edit:
        case Log(call=node) | Await(call=node) | Retarget(call=node) | NameLogger(call=node):
            return node
        case Respell(call=node) | Substitute(call=node) | Reformat(call=node) | Convert(call=node):
            return node
        case DropAwait(node=awaited):
            return awaited
        case InsertAfter(statement=statement) | Remove(statement=statement):
            return statement
        case InsertKey(node=display) | ChangeEntries(node=display):
            return display
        case SetValue(node=constant):
            return constant


def edit_key(edit: Edit) -> EditKey:
    """Equal for two edits that are the same, or of which one has to wait for the other."""
    return type(edit), edited_node(edit)
