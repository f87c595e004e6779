"""Of which kind a program is, with the evidence in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import NamedTuple

from printlint.facts.programs.reached import Reached
from printlint.facts.programs.starts import Start
from printlint.facts.reach.sign_table import Means


class Kind(Enum):
    """What a program is for whoever runs it."""

    SERVICE = "service"
    COMMAND_LINE = "command line tool"
    SCRIPT = "script"
    LIBRARY = "library"
    NOTEBOOK = "notebook"
    PLUG_IN = "plug-in"


class Verdict(NamedTuple):
    """A kind and, in one sentence without a full stop, why."""

    kind: Kind
    why: str


# Commands that serve, or work until they are ended.
_SERVERS = frozenset(
    {
        *(
            *("uvicorn", "gunicorn", "hypercorn", "daphne", "granian", "waitress-serve", "waitress", "uwsgi"),
            *("flask", "quart"),
        ),
        *("celery", "faust", "dramatiq", "arq", "taskiq", "huey_consumer", "huey_consumer.py", "rq", "fastapi"),
        *("streamlit", "chainlit", "panel", "bokeh", "gradio"),
    }
)
_SERVES = frozenset({Means.SERVES, Means.BOT, Means.CONSUMES, Means.SCHEDULES, Means.WINDOW, Means.LOOPS})
_MADE = frozenset({Means.APPLICATION, Means.MAKES_BOT, Means.WORKER})
_ANYWHERE = 1000
_FAR = 4
_NEAR = 3  # calls from the start; what a tool does further away is only one of the many things that it can do


def judge(starts: Sequence[Start], signs: Iterable[Reached], shown: Callable[[str], str]) -> Verdict:
    """The kind of a program by its starts and the signs of the code that they reach; `shown` names a file."""
    evidence = _Evidence(starts, list(signs), shown)
    for find in (_hosted, _notebook, _served, _training, _serving, _command_line):
        if (found := find(evidence)) is not None:
            return found
    return Verdict(Kind.SCRIPT, f"it starts at {starts[0].how}, does its work and ends")


class _Evidence:
    def __init__(self, starts: Sequence[Start], signs: list[Reached], shown: Callable[[str], str]) -> None:
        self.starts = starts
        self.signs = signs
        self._shown = shown
        self.files = {start.file for start in starts}

    @property
    def is_installed(self) -> bool:
        return any("console script" in start.how for start in self.starts)

    @property
    def is_served(self) -> bool:
        """Whether the program makes an application in a start file, or a bot; its commands are side matters then."""
        return self.find(Means.APPLICATION, near=1, here=True) is not None or self.find(Means.BOT) is not None

    def find(self, *means: Means, near: int = _ANYWHERE, here: bool = False) -> Reached | None:
        """The nearest sign of some meanings; `here`: in a file that the program starts in."""
        found = (sign for sign in self.signs if sign.sign.means in means and sign.distance <= near)
        return next((sign for sign in found if not here or sign.file in self.files), None)

    def loop(self, near: int, *, within: bool) -> Reached | None:
        """The nearest endless loop; `within`: in a file that the program starts in, or a function of another."""
        found = (sign for sign in self.signs if sign.sign.means is Means.LOOPS and sign.distance <= near)
        return next((sign for sign in found if not within or sign.file in self.files or "." not in sign.part), None)

    def told(self, found: Reached) -> str:
        return f"`{found.sign.what}` in {self._shown(found.file)}:{found.sign.line} {found.sign.means.value}"


def _hosted(evidence: _Evidence) -> Verdict | None:
    start = next((start for start in evidence.starts if start.host), None)
    return Verdict(Kind.PLUG_IN, f"{start.host} loads it by {start.how}") if start is not None else None


def _notebook(evidence: _Evidence) -> Verdict | None:
    found = evidence.find(Means.NOTEBOOK, here=True)
    return Verdict(Kind.NOTEBOOK, evidence.told(found)) if found is not None else None


def _served(evidence: _Evidence) -> Verdict | None:
    """What a server's command starts."""
    start = next((start for start in evidence.starts if start.command.rpartition("python -m ")[2] in _SERVERS), None)
    return Verdict(Kind.SERVICE, f"{start.how} serves it") if start is not None else None


def _training(evidence: _Evidence) -> Verdict | None:
    found = evidence.find(Means.TRAINS, near=_NEAR)
    if found is None or evidence.is_installed or evidence.find(*_SERVES - {Means.LOOPS}, near=_NEAR):
        return None
    return Verdict(Kind.SCRIPT, f"a training job: {evidence.told(found)}")


def _serving(evidence: _Evidence) -> Verdict | None:
    """A server call or an endless loop. What a tool with arguments can do among other things makes it no service."""
    reads = evidence.find(Means.ARGUMENTS, Means.COMMANDS) is not None
    if evidence.find(Means.COMMANDS) is not None and not evidence.is_served:
        return None  # one command of many may serve
    choices = reads and evidence.is_installed
    found = evidence.find(*_SERVES - {Means.LOOPS}, near=_NEAR if choices else _ANYWHERE)
    found = found or evidence.loop(1 if choices else _NEAR if reads else _FAR, within=reads)
    if found is not None:
        return Verdict(Kind.SERVICE, evidence.told(found))
    runs, made = evidence.find(Means.RUNS, here=True), evidence.find(*_MADE)
    if runs is not None and made is not None and not choices:
        return Verdict(Kind.SERVICE, f"{evidence.told(made)}, and it is run in line {runs.sign.line}")
    made = evidence.find(Means.APPLICATION, Means.WORKER, near=1, here=True)
    return Verdict(Kind.SERVICE, evidence.told(made)) if made is not None else None


def _command_line(evidence: _Evidence) -> Verdict | None:
    found = evidence.find(Means.COMMANDS) or evidence.find(Means.ARGUMENTS)
    if evidence.is_installed:
        start = next(start for start in evidence.starts if "console script" in start.how)
        return Verdict(Kind.COMMAND_LINE, f"it is installed as {start.how}")
    return Verdict(Kind.COMMAND_LINE, evidence.told(found)) if found is not None else None
