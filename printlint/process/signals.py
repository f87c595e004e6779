"""The signals that ask a run to end: what it began is taken back, and then the process ends by the signal."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

# SIGHUP is not known to Windows.
_ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
INTERRUPT = int(signal.SIGINT)
_DEFAULT = (signal.SIG_DFL, signal.default_int_handler)


class Asked:
    """The number of the signal that has asked the process to end, if one has."""

    number: int | None = None


class EndedBySignal(SystemExit):
    """The end of a run that a signal asked for. Its status is, by the convention of shells, 128 and the number."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.number = number


@contextmanager
def as_interrupts(asked: Asked) -> Iterator[None]:
    """Within, the first signal that asks the process to end interrupts it, and no other disturbs the cleaning up.

    Signals that somebody else handles or ignores (`nohup`) are left alone, and so are all in threads.
    """
    before = {number: handler for number in _ENDING if (handler := signal.getsignal(number)) in _DEFAULT}

    def interrupt(number: int, _frame: FrameType | None) -> NoReturn:
        asked.number = number
        for other in before:
            signal.signal(other, signal.SIG_IGN)
        raise KeyboardInterrupt

    try:
        for number in before:
            signal.signal(number, interrupt)
    except ValueError:  # not the main thread, which alone may do so
        before.clear()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def held_back() -> Iterator[None]:
    """Within, signals wait: a process that is started here has its parent's handlers until it sets its own."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def leave_to_parent() -> None:
    """In a new process that was started with signals held back: end at once, and leave Ctrl-C to the parent."""
    for number in _ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


def end_by(number: int) -> NoReturn:
    """End this process by a signal, so that whoever waits for it sees which."""
    if os.name == "posix":
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    sys.exit(128 + number)
