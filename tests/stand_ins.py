"""Runs a program of somebody else's whose libraries, tokens and services are missing, and then its functions.

    python stand_ins.py PLAN.json

The plan names the folder that may be written to, the root, the start, the functions (`[module, qualified name]`), and
those to leave out. What is not installed is a stand-in: it has every attribute, can be called, awaited, iterated over
(once), entered, derived from and used as a decorator. The start runs as `__main__`; then each function of the modules
that it has loaded is called with stand-ins for its parameters. Nothing is connected to, no process is started, and
nothing is written outside of the folder. What took longer than its time is listed in `late` of the file PLAN.done.
"""

from __future__ import annotations

import abc
import asyncio
import atexit
import builtins
import importlib
import importlib.abc
import importlib.machinery
import inspect
import json
import logging
import os
import re
import runpy
import signal
import sys
import threading
import time
import types
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from pathlib import Path
from typing import Any

START_S, CALL_S = 8.0, 2.0
_MAIN = threading.main_thread()
_SLEEPS = 3  # of one call, before it is ended
_DENIED = frozenset(
    {
        *("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen", "os.system"),
        *("os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "os.kill", "os.killpg", "webbrowser.open"),
        *("os.chmod", "os.chown", "os.link", "os.symlink", "os.truncate", "ctypes.dlopen", "pty.spawn"),
    }
)
_PATHS = frozenset({"os.remove", "os.rename", "os.rmdir", "os.mkdir", "shutil.rmtree", "shutil.move", "os.utime"})
_RAISED = re.compile(r"(?:Error|Exception|Timeout|Forbidden|NotFound|Warning|Exit)$")


class Ended(BaseException):
    """A call that took too long, or slept too often."""


class StandIn:
    """Anything."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __getattr__(self, name: str) -> object:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return type(name, (Exception,), {}) if _RAISED.search(name) else StandIn()

    def __call__(self, *args: object, **more: object) -> object:
        if len(args) == 1 and not more and isinstance(args[0], (types.FunctionType, type)):
            return args[0]  # a decorator
        return StandIn()

    def __mro_entries__(self, _: object) -> tuple[type, ...]:
        return (_Kind("Base", (Base,), {}),)  # two of them are no duplicate

    def __instancecheck__(self, _: object) -> bool:
        return False

    def __iter__(self) -> Iterator[object]:
        yield StandIn()

    async def __aiter__(self) -> AsyncIterator[object]:
        yield StandIn()

    def __await__(self) -> Generator[None, None, object]:
        yield from ()
        return StandIn()

    def __enter__(self) -> object:
        return StandIn()

    def __exit__(self, *_: object) -> None:
        return None

    async def __aenter__(self) -> object:
        return StandIn()

    async def __aexit__(self, *_: object) -> None:
        return None

    def __contains__(self, _: object) -> bool:
        return False

    def __len__(self) -> int:
        return 1

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, _: object) -> object:
        return StandIn()

    def __setitem__(self, *_: object) -> None:
        pass

    def __str__(self) -> str:
        return "stand-in"

    __repr__ = __fspath__ = __str__

    def __format__(self, _: str) -> str:
        return "stand-in"

    def __int__(self) -> int:
        return 1

    def __float__(self) -> float:
        return 1.0

    def __lt__(self, _: object) -> bool:
        return False

    __gt__ = __le__ = __ge__ = __lt__

    def __add__(self, other: object) -> object:
        return f"stand-in{other}" if isinstance(other, str) else StandIn()

    def __radd__(self, other: object) -> object:
        return f"{other}stand-in" if isinstance(other, str) else StandIn()

    def __sub__(self, _: object) -> object:
        return StandIn()

    __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __floordiv__ = __mod__ = __pow__ = __neg__ = __sub__
    __or__ = __ror__ = __and__ = __rand__ = __matmul__ = __sub__


class _Kind(abc.ABCMeta):
    def __getattr__(cls, name: str) -> object:
        return StandIn().__getattr__(name)


class Base(metaclass=_Kind):
    """What is derived from a stand-in."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __init_subclass__(cls, **_: object) -> None:
        pass

    def __getattr__(self, name: str) -> object:
        return StandIn().__getattr__(name)


class _Handler(logging.StreamHandler):  # type: ignore[type-arg]
    """What a library of handlers has: logging itself calls it."""

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__(sys.stdout)


class _Module(types.ModuleType):
    def __getattr__(self, name: str) -> object:
        if name.endswith("Handler") and "log" in self.__name__:
            return _Handler
        return StandIn().__getattr__(name)


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds whatever nobody else has."""

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        """A module of stand-ins, but for what the set-up module looks for itself."""
        if name.partition(".")[0] == "pythonjsonlogger":
            return None  # the set-up module would format records with a stand-in, and nothing would be heard
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """One that has every name."""
        return _Module(spec.name)

    def exec_module(self, _: types.ModuleType) -> None:
        """Nothing to run."""


def confine(folder: Path) -> None:
    """Deny what reaches out of a folder or of this process."""
    own = os.path.realpath(folder)

    def within(path: object) -> bool:
        return not isinstance(path, (str, bytes, os.PathLike)) or os.path.realpath(os.fsdecode(path)).startswith(own)

    def check(event: str, args: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if event in _DENIED or ((writes or event in _PATHS) and not within(args[0]) and args[0] != os.devnull):
            raise PermissionError(f"not here: {event}")

    sys.addaudithook(check)


class Sleeps:
    """Sleeps that end at once, and end the call that sleeps again and again."""

    def __init__(self) -> None:
        self.left = _SLEEPS

    def take(self) -> None:
        """Count one."""
        self.left -= 1
        if self.left < 0:
            raise Ended

    def install(self) -> None:
        """Take the place of the library's."""
        later = asyncio.sleep

        async def asleep(_: float = 0, result: object = None) -> object:
            self.take()
            return await later(0, result)

        wait = time.sleep

        def sleep(_: float) -> None:
            if "logg" in sys._getframe(1).f_globals["__name__"] or threading.current_thread() is not _MAIN:
                return wait(0.001)
            return self.take()

        time.sleep = sleep  # type: ignore[assignment]
        asyncio.sleep = asleep  # type: ignore[assignment]


def unanswered(prompt: object = "") -> str:
    """Takes the place of `input`: the prompt is a line of its own, and there is no answer."""
    sys.stdout.write(f"{prompt}\n")
    raise EOFError


def within_time(seconds: float, sleeps: Sleeps, call: Callable[[], object]) -> bool:
    """Call something, whatever it raises. Returns whether it ended in time."""
    late = []

    def end(*_: object) -> None:
        late.append(True)
        raise Ended

    sleeps.left = _SLEEPS
    signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.2)
    try:
        call()
    except BaseException as error:
        if os.environ.get("STAND_INS_TELL"):
            sys.stderr.write(f"ended by {type(error).__name__}: {error}\n")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return not late


def start(path: str) -> None:
    """Run a program's start: a file, or `-m` and a module."""
    if path.startswith("-m "):
        runpy.run_module(path[3:], run_name="__main__", alter_sys=True)
    else:
        sys.argv = [path]
        runpy.run_path(path, run_name="__main__")


def function_of(module: str, qualified: str) -> Callable[[], object]:
    """A call of a function, or of a method of a new instance, with stand-ins for what it takes."""
    owner: Any = importlib.import_module(module)
    *outer, name = qualified.split(".")
    for part in outer:
        owner = getattr(owner, part)
    function = inspect.getattr_static(owner, name)
    if outer and isinstance(function, (types.FunctionType, property)):
        function = getattr(_instance(owner), name)
    else:
        function = getattr(owner, name)

    def call() -> object:
        result = function(*_arguments(function))
        if inspect.isawaitable(result):
            return asyncio.run(_awaited(result))
        return list(result) if inspect.isgenerator(result) else result

    return call


async def _awaited(result: Any) -> object:
    return await result


def _instance(owner: type) -> object:
    try:
        return owner(*_arguments(owner))
    except Exception:
        return object.__new__(owner)


def _arguments(function: Callable[..., object]) -> list[object]:
    parameters = inspect.signature(function).parameters.values()
    taken = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [StandIn() for item in parameters if item.kind in taken and item.default is inspect.Parameter.empty]


def main() -> None:
    """Do what the plan says."""
    file = Path(sys.argv[1])
    plan = json.loads(file.read_text())
    sys.path[0] = plan["root"]
    sys.meta_path.append(Finder())
    exit_now = os._exit
    os._exit = sys.exit  # type: ignore[assignment]
    builtins.input = unanswered
    confine(Path(plan["folder"]))
    sleeps, late = Sleeps(), list[object]()
    sleeps.install()
    if not within_time(START_S, sleeps, lambda: start(plan["start"])):
        late.append("start")
    loaded = {*sys.modules, plan["start"].removeprefix("-m ").removesuffix(".py").replace("/", ".")}
    walked = [place for place in plan["functions"] if place[0] in loaded]
    for module, qualified in walked:
        if [module, qualified] not in plan["left_out"]:
            if not within_time(CALL_S, sleeps, lambda: function_of(module, qualified)()):  # noqa: B023
                late.append([module, qualified])
    file.with_suffix(".done").write_text(json.dumps({"late": late, "walked": len(walked)}))
    atexit._run_exitfuncs()
    for stream in {sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__}:
        if stream is not None:
            stream.flush()
    exit_now(0)


if __name__ == "__main__":
    main()
