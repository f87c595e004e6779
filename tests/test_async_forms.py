"""Every form of asynchronous code, rewritten for each back end, says the same when it runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import HANDLER, clean_environment, isolated
from test_generated import STRUCTLOG

from printlint.rewrite.apply import write_changes
from printlint.rewrite.files import fix_files

SHARED = """
import logging

shared = logging.getLogger(__name__)
adapter = logging.LoggerAdapter(shared, {"who": "adapter"})


class Base:
    def __init__(self):
        self.log = logging.getLogger("base")
"""

MAIN = """
import asyncio
import contextlib
import functools
import logging

from shared import Base, adapter, shared

logger = logging.getLogger(__name__)


def announced(function):
    @functools.wraps(function)
    async def wrapper(*args):
        logger.info("calling %s", function.__name__)
        return await function(*args)
    return wrapper


async def numbers(count):
    try:
        for n in range(count):
            logger.info("yielding %d", n)
            yield n
    finally:
        logger.info("generator done")


@contextlib.asynccontextmanager
async def opened(name):
    logger.info("open %s", name)
    try:
        yield name
    finally:
        print("close", name)


class Worker(Base):
    kind = "w"

    def __init__(self):
        super().__init__()
        self.own = logging.getLogger("worker")

    async def run(self, what):
        self.own.info("run %s", what)
        self.log.info("by the parent's logger")
        match what:
            case "a":
                print("first")
            case str(other) if len(other) > 1:
                logger.warning("other %s", other)
            case _:
                logger.log(logging.ERROR, "no case for %r", what)

    async def __aenter__(self):
        print("enter")
        return self

    async def __aexit__(self, *_):
        print("exit", *_[:0], "now")

    @staticmethod
    async def still():
        logging.info("static %s", 1, extra={"size": 2})

    @property
    def label(self):
        logger.info("label read")
        return self.kind


@announced
async def comprehensions():
    found = [logger.info("list %d", n) or n for n in range(2)]
    found += [n async for n in numbers(2)]
    total = sum(logger.info("generator expression %d", n) or n for n in range(2))
    print("found", found, total)


async def sleeper():
    try:
        await asyncio.sleep(30)
    except asyncio.CancelledError:
        logger.warning("cancelled")
        raise
    finally:
        logger.info("cleaned up")


async def failing():
    try:
        raise KeyError("k")
    except KeyError as e:
        logger.error("failed with %s", e)
        logger.error(f"again {e!r}")
    else:
        print("never")
    finally:
        print("100% over")


async def guarded():
    if logger.isEnabledFor(logging.DEBUG):
        logger.debug("costly %s", "x" * 3)
    logger.isEnabledFor(logging.INFO) and logger.info("short guard")
    logger.info("one") if len("x") else logger.info("other")
    shared.info("by the imported logger")
    adapter.info("by the adapter")


async def nested():
    def inner():
        logger.info("in a nested function")

    async def deeper():
        logger.info("deeper")
        later = lambda: logger.info("in a lambda")
        later()

    inner()
    await deeper()
    handlers = {"x": lambda text: print("handler", text)}
    handlers["x"]("called")
    return (lambda: 3)()


async def main():
    await comprehensions()
    async with opened("door") as door, Worker() as worker:
        for what in ("a", "bc", "d"):
            await worker.run(what)
        await worker.still()
        print(worker.label, door)
    async for n in numbers(1):
        print(f"got {n}")
    task = asyncio.create_task(sleeper())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await failing()
    await guarded()
    print(await nested())


asyncio.run(main())
"""


def output(folder: Path, handler: Path) -> str:
    environment = clean_environment(PYTHONPATH=str(handler))
    done = subprocess.run(
        [sys.executable, "main.py"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "never awaited" not in done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


@pytest.mark.parametrize(("style", "unsafe"), [("keep", False), ("structured", True)])
@pytest.mark.parametrize("backend", ["queue", "aiologger", "structlog", "none"])
def test_every_form_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: str, style: str, unsafe: bool
) -> None:
    handler, work = tmp_path / "handler", tmp_path / "work"
    handler.mkdir()
    work.mkdir()
    (handler / "sitecustomize.py").write_text(HANDLER + (STRUCTLOG if backend == "structlog" else ""))
    (work / "main.py").write_text(MAIN)
    (work / "shared.py").write_text(SHARED)
    monkeypatch.chdir(work)
    before = output(work, handler)
    files = [Path("main.py"), Path("shared.py")]
    configs = isolated(async_backend=backend, message_style=style)
    run = write_changes(fix_files(files, configs, unsafe=unsafe, allow_setup=True, quiet=True))
    assert not run.errors
    assert run.fixed > 20
    assert output(work, handler) == before
    again = fix_files(files, configs, unsafe=unsafe, allow_setup=True, quiet=True)
    assert not again.changes, "a second run changes nothing"
