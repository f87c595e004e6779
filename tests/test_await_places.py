"""Where a log call may be awaited and where not; each program is run before and after."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import HANDLER, clean_environment, isolated

from printlint.rewrite.apply import write_changes
from printlint.rewrite.changes import FixRun
from printlint.rewrite.files import fix_files

HEAD = "import asyncio\nimport threading\n\n\n"
TAIL = "\n\nasyncio.run(work(3))\n"


class Case(NamedTuple):
    """The code in front of `asyncio.run(work(3))`, what has to be in the new text, and what must not be."""

    code: str
    there: tuple[str, ...]
    absent: tuple[str, ...] = ()


AWAITED = ("await logger.",)
NOT_AWAITED = ("    logger.",)

CASES = {
    "the body of the function": Case(
        """
        async def work(n):
            print("n is", n)
        """,
        AWAITED,
    ),
    # A task that is suspended there keeps the lock, and another one that asks for it stops the whole loop.
    "a lock is held": Case(
        """
        state_lock = threading.Lock()


        async def work(n):
            with state_lock:
                print("n is", n)
        """,
        NOT_AWAITED,
        ("await",),
    ),
    "a lock is held, two blocks further out": Case(
        """
        async def work(n, mutex=threading.RLock()):
            with mutex:
                for i in range(n):
                    if i:
                        print("i is", i)
        """,
        NOT_AWAITED,
        ("await",),
    ),
    "a lock is one of several that are held": Case(
        """
        import contextlib


        async def work(n, lock=threading.Lock()):
            with contextlib.nullcontext(), lock:
                print("n is", n)
        """,
        NOT_AWAITED,
        ("await",),
    ),
    "a semaphore is held": Case(
        """
        async def work(n, slots=threading.Semaphore(2)):
            with threading.Semaphore(1):
                print("n is", n)
        """,
        NOT_AWAITED,
        ("await",),
    ),
    "a condition is held": Case(
        """
        async def work(n, changed_condition=threading.Condition()):
            with changed_condition:
                print("n is", n)
        """,
        NOT_AWAITED,
        ("await",),
    ),
    "an asynchronous lock may be held while others run": Case(
        """
        async def work(n):
            lock = asyncio.Lock()
            async with lock:
                print("n is", n)
        """,
        AWAITED,
    ),
    "behind the block that held the lock": Case(
        """
        async def work(n, lock=threading.Lock()):
            with lock:
                n += 1
            print("n is", n)
        """,
        AWAITED,
    ),
    "another context manager": Case(
        """
        import contextlib


        async def work(n):
            with contextlib.suppress(KeyError):
                n += 1
                print("n is", n)
        """,
        AWAITED,
    ),
    "a function defined while the lock is held is run later": Case(
        """
        async def work(n, lock=threading.Lock()):
            with lock:
                async def later():
                    print("n is", n)
            await later()
        """,
        AWAITED,
    ),
    # The await would suspend while the task is torn down, when `asyncio.timeout` and the like count on it to end.
    "a bare except": Case(
        """
        async def work(n):
            try:
                raise KeyError(n)
            except:
                print("caught", n)
        """,
        NOT_AWAITED,
        ("await",),
    ),
    "a cancellation": Case(
        """
        async def work(n):
            try:
                raise asyncio.CancelledError
            except asyncio.CancelledError:
                print("stopped", n)
        """,
        NOT_AWAITED,
        ("await",),
    ),
    "a cancellation beside others": Case(
        """
        async def work(n):
            try:
                raise asyncio.CancelledError
            except (KeyError, asyncio.CancelledError):
                print("stopped", n)
        """,
        NOT_AWAITED,
        ("await",),
    ),
    "an ordinary exception": Case(
        """
        async def work(n):
            try:
                raise KeyError(n)
            except KeyError:
                print("no such key:", n)
        """,
        AWAITED,
    ),
    # Suspending there while the generator is closed is an error: "async generator ignored GeneratorExit".
    "the finally of an asynchronous generator": Case(
        """
        async def numbers(n):
            try:
                yield n
                yield n + 1
            finally:
                print("done with", n)


        async def work(n):
            source = numbers(n)
            await source.__anext__()
            await source.aclose()
        """,
        NOT_AWAITED,
        ("await logger.",),
    ),
    "the finally of a function that yields nothing": Case(
        """
        async def work(n):
            try:
                n += 1
            finally:
                print("n is", n)
        """,
        AWAITED,
    ),
    "the body of an asynchronous generator's try": Case(
        """
        async def numbers(n):
            try:
                print("n is", n)
                yield n
            finally:
                n = 0


        async def work(n):
            async for i in numbers(n):
                pass
        """,
        AWAITED,
    ),
    # A generator expression with an `await` becomes an asynchronous one, which `any` cannot iterate.
    "a generator expression": Case(
        """
        async def work(n):
            any(print("i is", i) for i in range(n))
        """,
        (),
        ("await",),
    ),
    "a synchronous function inside": Case(
        """
        async def work(n):
            def shown():
                print("n is", n)
            shown()
        """,
        NOT_AWAITED,
        ("await",),
    ),
    "an asynchronous function inside a synchronous one": Case(
        """
        def work(n):
            async def inner():
                print("n is", n)
            return inner()
        """,
        AWAITED,
    ),
    "a lambda": Case(
        """
        async def work(n):
            shown = lambda: print("n is", n)
            shown()
        """,
        (),
        ("await",),
    ),
    "a default of an inner function is evaluated outside": Case(
        """
        async def work(n):
            def inner(x=n):
                return x
            print("n is", inner())
        """,
        AWAITED,
    ),
    "the class body in a function": Case(
        """
        async def work(n):
            class Inner:
                print("n is", n)
        """,
        (),
        ("await",),
    ),
    "a match": Case(
        """
        async def work(n):
            match n:
                case 3:
                    print("three:", n)
                case _:
                    print("other:", n)
        """,
        AWAITED,
    ),
    "a one-line suite": Case(
        """
        async def work(n):
            if n: print("n is", n)
            else: print("nothing")
        """,
        AWAITED,
    ),
    "two statements on one line": Case(
        """
        async def work(n):
            n += 1; print("n is", n); n += 1
        """,
        AWAITED,
    ),
}


def fixed(folder: Path, text: str) -> tuple[str, FixRun]:
    path = folder / "main.py"
    path.write_text(text, encoding="utf-8")
    run = write_changes(fix_files([path], isolated(detect_interface=False), unsafe=True, allow_setup=True))
    assert not run.errors
    assert not run.warnings
    return path.read_text(encoding="utf-8"), run


def said(folder: Path) -> tuple[str, str]:
    """The standard output of the program, and the last line of its standard error."""
    (folder / "shim").mkdir(exist_ok=True)
    (folder / "shim" / "sitecustomize.py").write_text(HANDLER, encoding="utf-8")
    environment = clean_environment(PYTHONPATH=str(folder / "shim"))
    command = [sys.executable, "main.py"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stdout, done.stderr.strip().rpartition("\n")[2]


@pytest.mark.parametrize("name", CASES)
def test_a_call_is_awaited_only_where_others_may_run(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    text = HEAD + inspect.cleandoc(case.code) + TAIL
    (tmp_path / "main.py").write_text(text, encoding="utf-8")
    before = said(tmp_path)
    assert before[0]
    assert "never awaited" not in before[1]
    new, run = fixed(tmp_path, text)
    assert new != text or run.left
    code = new.partition("\n\n\n")[2].removesuffix(TAIL) if new != text else ""
    assert [part for part in case.there if part not in code] == []
    assert [part for part in case.absent if part in code] == []
    assert said(tmp_path) == before


@pytest.mark.parametrize(
    "imports",
    [
        "import trio",
        "import curio",
        "import anyio",
        "from twisted.internet import reactor",
        "import trio as loop",
        "from anyio import sleep",
        "import twisted.internet.defer",
        "def late():\n    import trio",
    ],
)
@pytest.mark.parametrize("statement", ['print("n is", n)', 'logging.getLogger("x").info("n is %s", n)'])
def test_code_of_another_event_loop_is_not_rewritten(imports: str, statement: str, tmp_path: Path) -> None:
    text = f"import logging\n{imports}\n\n\nasync def work(n):\n    {statement}\n"
    new, run = fixed(tmp_path, text)
    assert new == text
    assert [item.refused for item in run.left if item.finding.code in ("PRT101", "PRT401")]
    assert all(item.refused for item in run.left)
    loop = next(name for name in ("trio", "curio", "anyio", "twisted") if name in imports)
    assert any(loop in (item.refused or "") for item in run.left)


@pytest.mark.parametrize("imports", ["import asyncio", "import triode", "from . import trio", "import anyio_like"])
def test_a_name_like_that_of_another_event_loop_stops_nothing(imports: str, tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text("")
    new, _ = fixed(tmp_path, f'{imports}\n\n\nasync def work(n):\n    print("n is", n)\n')
    assert "await logger." in new


def test_synchronous_code_beside_another_event_loop_is_rewritten(tmp_path: Path) -> None:
    new, _ = fixed(tmp_path, 'import trio\n\n\ndef work(n):\n    print("n is", n)\n')
    assert "    logger." in new
