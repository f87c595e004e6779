"""Which programs a run has to set up: those that run what it rewrote, and whose logging nobody configures.

A program is a file that starts it with all that this file loads. What a program configures itself is kept, and nothing
is put beside it; a library has no start, and leaves logging to whoever uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from printlint.backends import backend_of
from printlint.config import Configs
from printlint.facts.context import Context
from printlint.facts.log_setup.own_set_up import OwnSetUp, handlers_given
from printlint.facts.programs.hosted import configuring_host
from printlint.facts.project.entry_points import Start, calls_set_up, top_of
from printlint.facts.project.project import Project
from printlint.facts.reach.programs import Programs
from printlint.names.layout import layout_of
from printlint.plan.message import Refused
from printlint.plan.setup_import import SetupImport, setup_place
from printlint.reading.discovery import named, shown
from printlint.rewrite.basic_config import is_enough, is_lone, with_line
from printlint.rewrite.changes import Change, FileFix, ProgramSetUp
from printlint.rewrite.choices import Chooser
from printlint.rewrite.foreign_loggers import lines_beside
from printlint.rewrite.starting import StartFile, Starting
from printlint.rewrite.unblock import may_reach, staying, unblocking
from printlint.rewrite.unheard import Unheard, below_the_set_up, too_early, unheard_for
from printlint.rewrite.verify import NotTheSame
from printlint.rewrite.wire import wired_text
from printlint.run import current
from printlint.source import Unreadable

_LEVEL_OF_LINE = "the level of `logging.basicConfig` in {} is INFO"

Refusal = Callable[[Path, SetupImport], "str | None"]
"""Why the set-up module that a file would need may not be written."""


class Declined(Refused):
    """The user does not want a program to be set up."""


class Wired(NamedTuple):
    """What became of a program, with the files that get a line for it, and the messages of it that are lost.

    `waiting` are the files for whose blocking calls alone the lines are there; `failing`: some lines are not, since
    handlers have to stay.
    """

    program: ProgramSetUp
    fixes: tuple[FileFix, ...] = ()
    unheard: tuple[Unheard, ...] = ()
    waiting: tuple[Path, ...] = ()
    failing: bool = False


class Futile(set[Path]):
    """The files that start programs in which `unblock()` has cured no call in an earlier round."""


class Planner:
    """Plans the set-up of the programs that run some rewritten files.

    `given` are the files that may be changed, `held` those that may not, each with the reason. `unwanted` is why
    the user wants no set-up module to be written.
    """

    def __init__(
        self,
        configs: Configs,
        given: Collection[Path],
        held: Mapping[Path, str],
        refusal: Refusal,
        chooser: Chooser | None = None,
        unwanted: str | None = None,
    ) -> None:
        self._configs = configs
        self._chooser = chooser
        self._given = {path.absolute(): path for path in given}
        self._held = {path.absolute(): reason for path, reason in held.items()}
        self._refusal = refusal
        self._unwanted = unwanted
        self._unblocked_files: set[Path] = set()
        self._blocked: dict[Path, str] = {}
        self._helped: set[Path] = set()
        self._alone: frozenset[Path] = frozenset()  # scripts that get a line instead of a set-up module of their own
        self._ready: set[str] = set()  # files that set logging up when they are imported,
        self._makers: set[str] = set()  # and those that do when a function of theirs makes an application

    @property
    def blocked(self) -> dict[Path, str]:
        """The files in which awaits help in no program, since its handlers block, each with the reason."""
        return {path: reason for path, reason in self._blocked.items() if path not in self._helped}

    def plan(self, files: Iterable[FileFix]) -> Iterator[Wired]:
        """What is done about each program that runs files that speak or wait, in the order of their paths."""
        trees: dict[Programs, dict[str, FileFix]] = {}
        for item in files:
            layout = layout_of(item.path)
            if host := configuring_host(layout, Project.of(layout), alone=True):
                if item.speaks:
                    yield Wired(ProgramSetUp(item.path, 1, f"{host} runs this code and configures logging"))
                continue
            trees.setdefault(Programs.of(layout), {})[str(layout.path)] = item
        startings = [(Starting(programs, self._configs.of), its_files) for programs, its_files in trees.items()]
        ordered = [(starting, starting.in_order(its_files)) for starting, its_files in startings]
        self._alone = _lone(ordered)
        for starting, starts in ordered:
            for start, its in starts:
                if not starting.own_set_ups(str(start.path)) and self._is_set_up_elsewhere(starting, start):
                    continue
                if (planned := self._planned(starting, start, its)) is None:
                    continue
                if planned.fixes:
                    self._ready |= {str(start.path)} if start.is_imported else set()
                    self._makers |= {str(start.path)} if start.makes_application else set()
                yield planned

    def _is_set_up_elsewhere(self, starting: Starting, start: StartFile) -> bool:
        """Whether what a start imports sets logging up by now, or what imports the start does so by itself."""
        file = str(start.path)
        loaded = starting.programs.loaded_by(file, at_once=True) - {file}
        ready = self._ready | self._makers if starting.programs.is_served(file) else self._ready
        alone = starting.programs.is_run_and_imported(file)
        return bool(ready & loaded) or (not alone and starting.part_of(start) is not None)

    def _planned(self, starting: Starting, start: StartFile, its: list[FileFix]) -> Wired | None:
        """What is done about a program; None where nothing has to be."""
        path, where = start.path, start.starts[0].statement.lineno if start.starts else 1
        outcome = ProgramSetUp(self._given.get(path, shown(path)), where)
        speaks = any(item.speaks for item in its)
        if wired := starting.set_up_by(str(path)):
            if not speaks:
                return None
            self._helped |= {item.path.absolute() for item in its}
            told = outcome._replace(text=f"logging is set up by {named(Path(wired))}")
            return Wired(told, (), tuple(starting.unheard_by_set_up(start, its)))
        if own := starting.own_set_ups(str(path)):
            unheard = tuple(starting.misheard(start, its))
            if unheard and (beside := self._beside(starting, start, its, outcome)) is not None:
                return beside
            kept = self._kept(own, its, outcome)
            if not speaks and not kept.fixes and not kept.failing:
                return None
            return kept._replace(unheard=unheard)
        if not speaks:
            return None
        self._helped |= {item.path.absolute() for item in its}
        try:
            if (around := starting.part_of(start)) is not None:
                raise Refused(f"{named(Path(around))} imports this file, and configures logging")
            return self._wired(starting, start, its, outcome)
        except Declined as error:
            return Wired(outcome._replace(text=f"logging is not set up: {error}", lost=True))
        except (Refused, NotTheSame, Unreadable) as error:
            why = f"logging is not set up: {error}"
            unheard = tuple(unheard_for(starting.loaded(start, its), why))
            return Wired(outcome._replace(text=why), (), unheard) if unheard else None

    def _beside(self, starting: Starting, start: StartFile, its: list[FileFix], outcome: ProgramSetUp) -> Wired | None:
        """A program that gives handlers to loggers of libraries alone, with a set-up for its own; None for another."""
        if self._is_set_up_elsewhere(starting, start) or starting.listeners(start).meets("")[0]:
            return None
        lines = lines_beside(starting, start, its)
        if lines is None:
            return None
        try:
            planned = self._wired(starting, start, its, outcome, lines.pop(start.context, []))
            added = ((at, wired_text(at, starts, None)) for at, starts in lines.items() if starts)
            others = tuple(self._changed(at, text, None) for at, text in added)
        except (Refused, NotTheSame, Unreadable):
            return None
        self._helped |= {item.path.absolute() for item in its}
        return planned._replace(fixes=planned.fixes + others)

    def _kept(self, own: Sequence[tuple[Context, OwnSetUp]], its: Sequence[FileFix], outcome: ProgramSetUp) -> Wired:
        """A program with a configuration of its own, whose handlers no event loop waits for any more."""
        place = _place(own[0][0], own)
        waiting = [item for item in its if item.setup is not None or (item.waits and not item.prints)]
        if not waiting or outcome.path in current().part(Futile):
            return Wired(outcome._replace(text=f"logging is configured {place}"))
        fixes, failed, failing = dict[Context, FileFix](), dict[Context, str](), ""
        contexts = dict.fromkeys(context for context, item in own if not item.queued)
        stays = staying(contexts)
        for at in contexts:
            try:
                if stays:
                    raise Refused(stays)
                if (changed := self._unblocked(at, waiting)) is not None:
                    fixes[at] = changed
            except (Refused, NotTheSame, Unreadable) as error:
                failed[at] = f"the handlers added {_place(at, own)} block, and cannot be unblocked: {error}"
                failing = failing or ("" if isinstance(error, Declined) else f"; {failed[at]}")
        helped = False
        for item in waiting:
            reason = next((why for at, why in failed.items() if may_reach(item.path, at)), "")
            helped = helped or not reason
            if item.setup is not None and reason:
                self._blocked[item.path.absolute()] = f"an `await` would not help: {reason}"
            elif item.setup is not None:
                self._helped.add(item.path.absolute())
        if not helped:
            return Wired(outcome._replace(text=f"logging is configured {place}{failing}"), failing=bool(failing))
        self._unblocked_files |= {item.path.absolute() for item in fixes.values()}
        moved = ", and unblocked there" if fixes or not failed else ""
        told = outcome._replace(text=f"logging is configured {place}{moved}{failing}")
        only = () if any(item.setup is not None for item in waiting) else tuple(item.path for item in waiting)
        return Wired(told, tuple(fixes.values()), waiting=only if fixes else (), failing=bool(failing))

    def _unblocked(self, context: Context, waiting: Sequence[FileFix]) -> FileFix | None:
        """A file that adds handlers, with a line behind each block that does; None where they are there.

        Raises `Refused`.
        """
        module = context.module
        path = Path(module.source.path).absolute()
        if path in self._unblocked_files or calls_set_up(module, "unblock"):
            return None
        starts = unblocking(module, [item for item in handlers_given(module) if not item.queued])
        setup = self._allowed_in(path, lambda: _setup_of(context, waiting))
        assert setup.path is not None
        text = wired_text(context, starts, (setup.module, setup.path))
        return self._changed(context, text, setup)

    def _allowed(self, start: StartFile, its: Sequence[FileFix]) -> SetupImport:
        """The set-up module of a program. Raises `Refused` where it may not be set up."""
        if all(item.reason for item in start.starts):
            raise Refused(start.starts[0].reason)
        return self._allowed_in(start.path, lambda: _setup_of(start.context, its))

    def _setup_for(self, starting: Starting, start: StartFile, its: Sequence[FileFix]) -> SetupImport | None:
        """The set-up module of a program; None where a line of its own is all that it needs, or can have.

        Raises `Refused` where it may not be set up.
        """
        try:
            setup = self._allowed(start, its)
        except Declined:
            raise
        except Refused:
            given = start.path in self._given and start.path not in self._held
            if not (given and starting.loaded(start, its) and is_enough(start, its)) or starting.loads_set_up(start):
                raise
            return None
        return None if start.path in self._alone else setup

    def _allowed_in(self, path: Path, found: Callable[[], SetupImport]) -> SetupImport:
        """The set-up module that is found for a file. Raises `Refused` where the file may not be changed for it."""
        if path in self._held:
            raise Refused(self._held[path])
        setup = found()
        if self._unwanted and not setup.exists:
            raise Declined(self._unwanted)
        if path not in self._given:
            call = f"add `from {setup.module} import setup_logging` and `setup_logging()` to it"
            how = call if setup.exists else "run `printlint init`"
            raise Refused(f"{named(shown(path))} is not among the given paths; {how}")
        if reason := self._refusal(self._given[path], setup):
            raise Refused(reason)
        return setup

    def _wired(
        self,
        starting: Starting,
        start: StartFile,
        its: list[FileFix],
        outcome: ProgramSetUp,
        more: Sequence[Start] = (),
    ) -> Wired:
        setup = self._setup_for(starting, start, its)
        usable = [item for item in start.starts if not item.reason]
        early = starting.logging_on_import(start, its)
        alone = start.is_imported or not starting.programs.is_imported(str(start.path))
        own = all(item.path.absolute() == start.path for item, _ in early)
        first = bool(early) and alone and not own
        if alone and not first and (early or starting.calls_above(start, its)):
            usable = list(top_of(start.context.module)) or usable
        if setup is None and first:
            raise Refused("a file that it imports logs before")
        module = (setup.module, setup.path) if setup is not None and setup.path is not None else None
        if more and first:
            raise Refused("a file that it imports logs before")
        text = wired_text(start.context, [*more, *(usable if module else with_line(usable))], module, first=first)
        kinds = " and ".join(dict.fromkeys(item.kind for item in usable))
        late = too_early(early)
        outcome = outcome._replace(wired=f"{kinds}, before the imports" if first else kinds)
        below = below_the_set_up(its) if module else below_the_set_up(its, _LEVEL_OF_LINE.format(named(outcome.path)))
        unheard = (*([] if alone else late), *below)
        return Wired(outcome, (self._changed(start.context, text, setup),), unheard)

    def _changed(self, context: Context, text: str, setup: SetupImport | None) -> FileFix:
        """A file with new text. Raises `Refused` where it may not be changed, or the user does not want it."""
        source = context.module.source
        absolute = Path(source.path).absolute()
        if absolute not in self._given or absolute in self._held:
            raise Refused(f"{source.path} may not be changed")
        path = self._given[absolute]
        change = Change(path, source.encode(source.text), source.encode(text), source.encoding)
        if self._chooser is not None and not self._chooser.sets_up(change):
            raise Declined("skipped by the user")
        return FileFix(path, steps=(change,), setup=setup)


def _lone(ordered: Iterable[tuple[Starting, Sequence[tuple[StartFile, list[FileFix]]]]]) -> frozenset[Path]:
    """The scripts that would have a set-up module for themselves alone, beside programs which have or need another."""
    needed, lone = set[Path](), dict[Path, Path]()
    for starting, starts in ordered:
        for start, its in starts:
            with suppress(Refused):
                setup = _setup_of(start.context, its)
                if setup.path is None or (starting.own_set_ups(str(start.path)) and not setup.exists):
                    continue
                if is_lone(start, its) and not setup.exists:
                    lone[start.path] = setup.path
                else:
                    needed.add(setup.path)
    several = len(needed.union(lone.values())) > 1
    return frozenset(path for path, place in lone.items() if several and place not in needed)


def _place(context: Context, own: Iterable[tuple[Context, OwnSetUp]]) -> str:
    """What a file says first that gives loggers handlers, and where."""
    first = next(item for at, item in own if at is context)
    return f"by `{first.how}` ({context.module.source.path}:{first.line})"


def _setup_of(context: Context, its: Sequence[FileFix]) -> SetupImport:
    """The set-up module of a program: that which its files import already, or will, if it is installed with the start.

    Raises `Refused`.
    """
    layout = context.module.layout
    for item in its:
        if item.setup is not None and item.setup.path is not None:
            if layout is None or Programs.of(layout).tree.are_one_distribution(layout.path, item.setup.path):
                return item.setup
    return setup_place(context, backend_of(context).name)
