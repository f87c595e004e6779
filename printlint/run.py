"""A run: the one owner of what is remembered from one file to the next.

Where packages begin, what other files hold, their trees, the projects that they make up: each is found out once and
asked for often, and each is true only until somebody changes the disk. All of it belongs to a `Run` and goes with it.

The current run is found in a context variable, not passed as an argument: what asks for it is at the very bottom
(is this folder a package? what does that file hold?), so that every fact of every rule would have to pass it on.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from functools import lru_cache, partial, update_wrapper
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple, cast

T = TypeVar("T")
Given = TypeVarTuple("Given")


class Run:
    """What is remembered from one file to the next, as long as nobody else changes the disk.

    `with Run():` makes it the current run of the thread or task. `decided` is what files will hold, by absolute path:
    it takes precedence over the disk, since facts across files have to see rewrites before any of them is written.
    `overlay` is what files hold for all of the run, whatever the disk says: texts that an editor has not saved.

    A run that is `thorough` asks each file of a project several questions, and keeps more of the trees for it.
    """

    def __init__(self, *, thorough: bool = False, overlay: Mapping[Path, bytes] | None = None) -> None:
        self.thorough = thorough
        self.overlay: Mapping[Path, bytes] = overlay or {}
        self.decided: Mapping[Path, bytes] = {}
        self._lasting: dict[Hashable, Any] = {}
        self._of_decisions: dict[Hashable, Any] = {}
        self._tokens: list[Token[Run | None]] = []

    def __enter__(self) -> Run:
        self._tokens.append(_current.set(self))
        return self

    def __exit__(self, *_: object) -> None:
        _current.reset(self._tokens.pop())

    def after(self, decided: Mapping[Path, bytes]) -> Run:
        """The same run once more was decided: what it knows by way of `decided` files is found out anew."""
        later = Run(thorough=self.thorough, overlay=self.overlay)
        later.decided = {**self.decided, **{path.absolute(): data for path, data in decided.items()}}
        later._lasting = self._lasting
        return later

    def once_written(self) -> Run:
        """A new run that finds the `decided` files as if they were written by now, and knows nothing yet."""
        later = Run(thorough=self.thorough, overlay={**self.overlay, **self.decided})
        later.decided = self.decided
        return later

    def aside(self, *own: Callable[[], Any]) -> Run:
        """A run that shares what is known by now, but for some parts, and what is asked in it first, which are its own.

        The disk has to be as it was.
        """
        beside = self.after({})
        beside._lasting = {make: part for make, part in self._lasting.items() if make not in own}
        return beside

    def part(self, make: Callable[[], T], *, of_decisions: bool = False) -> T:
        """The one object of a kind that the run has; made when it is first asked for.

        One that is `of_decisions` is made anew after each decision.
        """
        parts = self._of_decisions if of_decisions else self._lasting
        if make not in parts:
            parts[make] = make()
        return cast("T", parts[make])


_current: ContextVar[Run | None] = ContextVar("run", default=None)


def current() -> Run:
    """The run that is under way. Outside of one, nothing is remembered: each question is a run of its own."""
    return _current.get() or Run()


@contextmanager
def ensured() -> Iterator[Run]:
    """Within, there is a run: the one that is under way, or else a new one."""
    run = _current.get()
    if run is not None:
        yield run
        return
    with Run() as run:
        yield run


def once_a_run(*, most: int, of_decisions: bool = False) -> Callable[[Callable[[*Given], T]], Callable[[*Given], T]]:
    """Have a run remember a function's last answers, up to a number of them; see `Run.part` for `of_decisions`."""

    def decorate(function: Callable[[*Given], T]) -> Callable[[*Given], T]:
        make = partial(lru_cache(maxsize=most), function)

        def ask(*given: *Given) -> T:
            return current().part(make, of_decisions=of_decisions)(*given)

        update_wrapper(ask, function)
        return ask

    return decorate
