"""The set-up module under threads, tasks, forks, stalled readers and kills as hypothesis draws them: no event is lost,
doubled or torn, and each thread's or task's come in their order."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import clean_environment
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from printlint.setup.template import setup_source

pytestmark = pytest.mark.system

DRIVER = """
import asyncio, json, logging, os, signal, sys, threading
import logging_setup

logging_setup.setup_logging()
plan = json.loads(sys.argv[1])
log = logging_setup.get_logger("app")


def work(name, count, size):
    for n in range(count):
        log.info("%s %d %s", name, n, "x" * (size if n % 3 else 9))


async def task(name, count, size):
    for n in range(count):
        logged = log.info("%s %d %s", name, n, "x" * (size if n % 3 else 9))
        if not plan["stalls"]:  # else the call would wait for the reader
            await logged
        if n % 7 == 0:
            await asyncio.sleep(0)


async def tasks(actors):
    await asyncio.gather(*(task(*actor) for actor in actors))


threads = [threading.Thread(target=work, args=actor) for actor in plan["threads"]]
for thread in threads:
    thread.start()
children = []
for actor in plan["forks"]:
    child = os.fork()
    if not child:
        work(*actor)
        sys.exit()
    children.append(child)
if plan["tasks"]:
    asyncio.run(tasks(plan["tasks"]))
work("main", *plan["main"])
for thread in threads:
    thread.join()
print("ready", file=sys.stderr, flush=True)
for child in children:
    os.waitpid(child, 0)
if plan["end"] == "SIGTERM":
    os.kill(os.getpid(), signal.SIGTERM)
if plan["end"] == "_exit":
    logging.getLogger().handlers[0].flush()
    os._exit(0)
"""


class Plan(NamedTuple):
    """What a program does: its threads, tasks and children, each with how many lines of which length, and its end."""

    threads: list[tuple[int, int]]
    tasks: list[tuple[int, int]]
    forks: list[tuple[int, int]]
    main: tuple[int, int]
    stalls: bool
    end: str

    @property
    def actors(self) -> dict[str, int]:
        """How many lines each logs, by its name."""
        named = {f"{kind}{n}": item[0] for kind in ("threads", "tasks", "forks") for n, item in self.of(kind)}
        return named | {"main": self.main[0]}

    def of(self, kind: str) -> list[tuple[int, tuple[int, int]]]:
        return list(enumerate(getattr(self, kind)))

    def text(self) -> str:
        """For the driver."""
        plan: dict[str, Any] = self._asdict()
        for kind in ("threads", "tasks", "forks"):
            plan[kind] = [(f"{kind}{n}", *item) for n, item in self.of(kind)]
        return json.dumps(plan)


def plans(longest: int) -> st.SearchStrategy[Plan]:
    actor = st.tuples(st.integers(1, 300), st.sampled_from([10, 300, 3_000, longest]))
    few = st.lists(actor, max_size=3)
    return st.builds(Plan, few, few, few, actor, st.booleans(), st.sampled_from(["return", "SIGTERM", "_exit"]))


def run(folder: Path, plan: Plan, *parts: str) -> None:
    (folder / "logging_setup.py").write_text(setup_source("queue", *parts), encoding="utf-8")
    (folder / "app.py").write_text(DRIVER, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "app.py", plan.text()],
        cwd=folder,
        env=clean_environment(PYTHONPATH=""),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    if plan.stalls:
        assert process.stderr.readline() == b"ready\n"
    out, err = process.communicate(timeout=120)
    assert err in (b"", b"ready\n")
    assert process.returncode == (-signal.SIGTERM if plan.end == "SIGTERM" else 0)
    seen: dict[str, list[int]] = {}
    for line in out.splitlines():
        name, number, _ = json.loads(line)["message"].split()
        seen.setdefault(name, []).append(int(number))
    assert seen == {name: list(range(count)) for name, count in plan.actors.items()}


SETTINGS = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SETTINGS
@given(plan=plans(longest=3_500))
def test_nothing_is_lost_doubled_or_torn(tmp_path: Path, plan: Plan) -> None:
    run(tmp_path, plan)


@SETTINGS
@given(plan=plans(longest=20_000))
def test_nothing_is_lost_doubled_or_torn_in_long_lines_of_several_processes(tmp_path: Path, plan: Plan) -> None:
    run(tmp_path, plan, "processes")
