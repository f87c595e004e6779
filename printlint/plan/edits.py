"""The closed vocabulary between rules and rewriter: what the new code is, never how it is written.

A rule states an edit with the node that it replaces; the planner fills in the logger and the await; the
rewriter executes it or refuses it, and nothing else ever changes a file.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from printlint.finding import Safety
from printlint.plan.interpolation import Interpolation
from printlint.plan.message import Message


@dataclass(frozen=True)
class Log:
    """Put a call of the module's logger in place of `call`.

    With a `message` the call is print-like; `pformat` says that its first argument goes through
    `pprint.pformat`; with neither, the arguments are unchanged (`logging.info(...)`). `text` is a whole
    argument list to write instead. `spread` makes keywords of what is in `extra`, `drop` is left out.
    """

    call: ast.Call
    method: str
    message: Message | None = None
    pformat: bool = False
    text: str | None = None
    logger: str = ""
    awaited: bool = False
    spread: bool = False
    drop: ast.keyword | None = None


@dataclass(frozen=True)
class Await:
    """Await a call; `method` and `receiver` are the asynchronous method's and logger's names where they differ.

    `retarget` is the edit of the `getLogger(...)` inside the call, where the logger is made on the spot.
    """

    call: ast.Call
    method: str | None = None
    retarget: Retarget | None = None
    receiver: str | None = None


@dataclass(frozen=True)
class DropAwait:
    """Take the `await` away from an expression."""

    node: ast.Await


@dataclass(frozen=True)
class Retarget:
    """Make a `logging.getLogger(...)` call one of another `function`, the set-up module's `get_logger` if empty."""

    call: ast.Call
    function: str = ""


@dataclass(frozen=True)
class NameLogger:
    """Give a `getLogger(...)` call `__name__` as its only argument."""

    call: ast.Call


@dataclass(frozen=True)
class InsertAfter:
    """Put one statement on a line of its own behind a statement, at the same indentation."""

    statement: ast.stmt
    text: str


@dataclass(frozen=True)
class InsertKey:
    """Put `"key": value` behind entry `index` of a dict display."""

    node: ast.Dict
    index: int
    key: str
    value: str


@dataclass(frozen=True)
class ChangeEntries:
    """Write other entries in a dict display: by the index of an entry the text of the new one, or None for no entry."""

    node: ast.Dict
    changes: tuple[tuple[int, str | None], ...]


@dataclass(frozen=True)
class SetValue:
    """Write the text of another constant in place of one."""

    node: ast.Constant
    text: str


@dataclass(frozen=True)
class Respell:
    """Make the same call under another `method`, on another `receiver`, or without the argument `drop`.

    `add` is the text of a keyword argument more; `spread` makes keywords of what is in `extra`; `awaited` puts an
    `await` before it.
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
    """Call `function` in place of what is called, without the arguments in `drop` and with the argument `add` behind.

    `uses` are the names that need an import: `sys`, `logging` and `JsonFormatter`.
    """

    call: ast.Call
    function: str
    drop: tuple[ast.keyword | ast.expr, ...] = ()
    add: str = ""
    uses: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reformat:
    """Pass the values of a message that is formatted in a logging call as arguments of the call.

    `order` says in which order the slots of the message and the arguments that are there already, counted through,
    end up; empty if there are none. `braces`: the places are `{}`, as loguru has them, and not `%s`.
    """

    call: ast.Call
    message: Interpolation
    order: tuple[int, ...] = ()
    braces: bool = False


@dataclass(frozen=True)
class Conversion:
    """Positional argument `argument` becomes `value`, and placeholder `place` converts it by its new end.

    Both are counted from 0, arguments with the message and what comes before it.
    """

    argument: int
    value: ast.expr
    place: int
    end: str


@dataclass(frozen=True)
class Convert:
    """Leave to the places of a logging call's message what functions do to its arguments."""

    call: ast.Call
    message: ast.Constant
    conversions: tuple[Conversion, ...]
    braces: bool = False


CallEdit = Log | Await | DropAwait | Respell | Substitute | Reformat | Convert
Edit = CallEdit | Retarget | NameLogger | InsertAfter | InsertKey | ChangeEntries | SetValue


EditKey = tuple[type, ast.AST]


@dataclass(frozen=True)
class Plan:
    """How a finding would be fixed. `caution` says why it is unsafe; a safe plan has none.

    `needs_setup`: the fix is, or relies on, the set-up module. `otherwise` is a plainer plan with fewer cautions.
    """

    edits: tuple[Edit, ...]
    title: str
    caution: str = ""
    needs_setup: bool = False
    otherwise: Plan | None = None

    @property
    def safety(self) -> Safety:
        """Safe without a caution."""
        return Safety.UNSAFE if self.caution else Safety.SAFE


def edited_node(edit: Edit) -> ast.AST:
    """The node whose span an edit replaces, or behind or inside which it inserts."""
    match edit:
        case Log(call=node) | Await(call=node) | Retarget(call=node) | NameLogger(call=node):
            return node
        case Respell(call=node) | Substitute(call=node) | Reformat(call=node) | Convert(call=node):
            return node
        case DropAwait(node=awaited):
            return awaited
        case InsertAfter(statement=statement):
            return statement
        case InsertKey(node=display) | ChangeEntries(node=display):
            return display
        case SetValue(node=constant):
            return constant


def edit_key(edit: Edit) -> EditKey:
    """What two edits have in common that are the same, or of which one has to wait for the other."""
    return type(edit), edited_node(edit)
