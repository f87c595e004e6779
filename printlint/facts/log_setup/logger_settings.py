"""What is known of what a file does to loggers and handlers: plain data, by the names of the loggers.

Whoever has to be right about a logger takes what is certain; whoever asks whether a record may be lost takes all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from printlint.facts.log_setup.guards import Asked
from printlint.facts.log_setup.written_to import HandlerKind, Written
from printlint.facts.project.project import Project

Arm = tuple[int, bool]


class Where(NamedTuple):
    """In which part of a module something is done: in a `function`, whose name is empty for the module's own body.

    `in_main`: under `if __name__ == "__main__":`. `arms` are the branches of `if` statements around it, the outermost
    first: the line of each, and whether it is in the body. `behind` are those that a `return` or the like above it
    leaves to it. `if_none`: only where it, or also no logger above it, has handlers yet.
    """

    function: str = ""
    in_main: bool = False
    arms: tuple[Arm, ...] = ()
    behind: tuple[Arm, ...] = ()
    if_none: Asked = Asked.NOBODY


def exclude(some: Iterable[Arm], others: Iterable[Arm]) -> bool:
    """Whether only one of two parts of a module runs: they are branches of one `if`."""
    mine = dict(some)
    return any(mine.get(line, in_body) is not in_body for line, in_body in others)


def cover(places: Sequence[Sequence[Arm]]) -> bool:
    """Whether one of several parts of a module runs, whatever conditions are true; each is given by its `arms`."""
    if not all(places):
        return True
    lines = {arms[0][0] for arms in places}
    arms = ((line, way) for line in lines for way in (True, False))
    covered = {arm: cover([place[1:] for place in places if place[0] == arm]) for arm in arms}
    return any(covered[line, True] and covered[line, False] for line in lines)


class Place(NamedTuple):
    """A line, from 1, of the file that says something; `source` is the module that carries it out."""

    path: Path
    line: int
    source: Path
    where: Where = Where()

    def described(self, project: Project) -> str:
        """The place as messages give it."""
        return f"{shown(self.path, project)}:{self.line}"


class SetLevel(NamedTuple):
    """A level that is set on a logger. `number` is the level as it is written, None where the code computes it.

    `highest` is what it may be at most by default, None where nothing tells. `how` names what sets it; `implied`: the
    level is not given there, but left to logging.
    """

    number: int | None
    highest: int | None
    place: Place
    how: str = "setLevel"
    implied: bool = False
    certain: bool = True


class Attached(NamedTuple):
    """A handler on a logger (the root's name is empty), with the lowest number that it lets pass.

    `shown` is what messages call it, `class_name` its qualified class, empty where nothing tells. `drops`: it has a
    filter that may drop records. Of those with the same place and `slot`, one alone is attached.
    `host` is the framework that attaches it by itself, empty for the project's own code. `stays`: its class has an
    `emit` of the project's, which may need the thread that logs, so `unblock()` leaves it there. `made` is the position
    of the expression that makes it: line and column of its text.
    """

    logger: str
    shown: str
    class_name: str
    written: Written
    kind: HandlerKind
    number: int
    drops: bool
    place: Place
    certain: bool = True
    slot: int = 0
    host: str = ""
    stays: bool = False
    made: tuple[int, int] = (0, 0)

    @property
    def is_stream(self) -> bool:
        """Whether it is logging's own handler for streams."""
        return self.class_name.rpartition(".")[2] == "StreamHandler"

    def described(self, project: Project) -> str:
        """The handler, its logger and its place, for a message."""
        owner = f"of `{self.logger}`" if self.logger else "of the root logger"
        where = f"set up by {self.host}" if self.host else self.place.described(project)
        return f"{self.shown if '`' in self.shown else f'`{self.shown}`'} {owner} ({where})"


class Propagates(NamedTuple):
    """A value that is given to `propagate`; None where the code computes it."""

    value: bool | None
    place: Place
    certain: bool = True


class Emptied(NamedTuple):
    """Where handlers of a logger are removed: `every` one or some; with `terminal`, those that write to it.

    `made` are the positions of the expressions that make what is removed, where it is known.
    """

    place: Place
    every: bool
    terminal: bool = False
    made: frozenset[tuple[int, int]] = frozenset()


class Disabling(NamedTuple):
    """A configuration that disables the loggers which exist by then, but those in `kept` and below them.

    `line` is that of its site in the module that carries it out.
    """

    kept: tuple[str, ...]
    line: int
    place: Place


class LoggerSettings:
    """What a file does, by the names of loggers; the root's is empty, `EVERY` is each that exists, and `BY_CALLERS`
    begins the name of a function for those that its callers name.

    `unknown` are the places where some logger gets handlers, by code or a configuration that does not say which one.
    """

    def __init__(self) -> None:
        self.handlers: dict[str, list[Attached]] = {}
        self.levels: dict[str, list[SetLevel]] = {}
        self.propagates: dict[str, list[Propagates]] = {}
        self.disabled: dict[str, list[Place]] = {}
        self.filtered: dict[str, list[Place]] = {}
        self.emptied: dict[str, list[Emptied]] = {}
        self.handler_levels: dict[str, list[SetLevel]] = {}
        self.handler_filters: dict[str, list[Place]] = {}
        self.switched_off: list[SetLevel] = []
        self.disabling: list[Disabling] = []
        self.unknown: list[Place] = []

    def only(self, keep: Callable[[Place], bool]) -> LoggerSettings:
        """What is done at some of the places."""
        found = LoggerSettings()
        for fact, items in vars(self).items():
            if isinstance(items, dict):
                kept: Any = {name: [item for item in named if keep(_place(item))] for name, named in items.items()}
            else:
                kept = [item for item in items if keep(_place(item))]
            setattr(found, fact, kept)
        return found

    def named(self, names: Mapping[str, Iterable[str]]) -> LoggerSettings:
        """The same, where some of the names are known to be others."""
        found = LoggerSettings()
        for fact, items in vars(self).items():
            if not isinstance(items, dict):
                setattr(found, fact, items)
                continue
            table: dict[str, list[Any]] = {}
            for name, given in items.items():
                for other in names.get(name, (name,)):
                    renamed = [item._replace(logger=other) if isinstance(item, Attached) else item for item in given]
                    table.setdefault(other, []).extend(renamed)
            setattr(found, fact, table)
        return found

    @property
    def concerns_handlers(self) -> bool:
        """Whether it says which handlers a record meets."""
        return bool(self.handlers or self.emptied or self.propagates)

    @property
    def unlevelled(self) -> Iterator[Place]:
        """Where the root logger is set up without a level."""
        return (item.place for item in self.levels.get("", ()) if item.implied and item.highest is not None)


def _place(item: Any) -> Place:
    place: Place = item if isinstance(item, Place) else item.place
    return place


def shown(path: Path, project: Project) -> str:
    """A path as messages give it: from the project's root."""
    root = project.root
    return (path.relative_to(root) if root is not None and path.is_relative_to(root) else Path(path.name)).as_posix()
