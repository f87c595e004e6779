"""The asynchronous back ends: one example service, rewritten for each, and run as its users would run it."""

from __future__ import annotations

import importlib.util
import json
import os
import pty
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import FIXTURES, Run, clean_environment, write_files

from printlint.backends import logs_through
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module
from printlint.facts.project.dependencies import declares
from printlint.facts.project.project import Project
from printlint.names.layout import layout_of
from printlint.partial.partial_tree import Tree
from printlint.partial.triggers import Word
from printlint.setup.template import setup_source
from printlint.source import Source

BACKENDS = ("queue", "aiologger", "structlog", "none")
LOOPS = [
    "asyncio",
    pytest.param("uvloop", marks=pytest.mark.skipif(not importlib.util.find_spec("uvloop"), reason="no uvloop")),
]


@pytest.fixture(scope="module", params=BACKENDS)
def rewritten(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The service after `fix` and `init` on one back end."""
    folder = Path(shutil.copytree(FIXTURES / "feed", tmp_path_factory.mktemp(request.param) / "feed"))
    with open(folder / "pyproject.toml", "a", encoding="utf-8") as project:
        project.write(f'[tool.printlint]\nasync-backend = "{request.param}"\n')
    for command in ("fix", "init", "check"):
        done = subprocess.run(
            [sys.executable, "-m", "printlint", command],
            cwd=folder,
            env=clean_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    return request.param, folder


def start(folder: Path, *arguments: str, **options: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "feed", *arguments]
    return subprocess.Popen(command, cwd=folder, env=clean_environment(PYTHONPATH=""), **options)  # type: ignore[call-overload,no-any-return]


def to_file(process: Callable[..., subprocess.Popen[bytes]], folder: Path) -> tuple[bytes, int]:
    with open(folder / "out.txt", "wb") as file:
        status = process(stdout=file).wait(60)
    return (folder / "out.txt").read_bytes(), status


def to_pipe(process: Callable[..., subprocess.Popen[bytes]], folder: Path) -> tuple[bytes, int]:
    running = process(stdout=subprocess.PIPE)
    out, _ = running.communicate(timeout=60)
    return out, running.returncode


def to_stalling_pipe(process: Callable[..., subprocess.Popen[bytes]], folder: Path) -> tuple[bytes, int]:
    """Nobody reads until the pipe is full and the service has done its work all the same."""
    running = process(stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert running.stderr is not None
    assert running.stderr.readline() == b"handled everything\n"
    out, _ = running.communicate(timeout=60)
    return out, running.returncode


def to_terminal(process: Callable[..., subprocess.Popen[bytes]], folder: Path) -> tuple[bytes, int]:
    ours, theirs = pty.openpty()
    running = process(stdout=theirs)
    os.close(theirs)
    out = b""
    try:
        while piece := os.read(ours, 65536):
            out += piece
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    return out.replace(b"\r\n", b"\n"), running.wait(60)


# More events than a pipe holds, and fewer than make an awaited call wait.
STALLED = 280

SINKS = [to_file, to_pipe, to_stalling_pipe, to_terminal]


def expected(count: int) -> list[str]:
    """What the service says, whichever back end carries it."""
    lines = [f"feed starts with {count} items"]
    for number in range(count):
        lines += [f"item {number} of {count} arrived", f"100% of {number} parsed", f"stored {number!r}"]
        if number % 5 == 4:
            lines += [f"item {number} is broken", f"retrying {number}"]
        if number % 7 == 6:
            lines.append(f"{number} was cancelled")
    return [*lines, "feed is done"]


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("sink", SINKS, ids=lambda sink: sink.__name__)
def test_every_event_arrives_once_and_in_order(
    rewritten: tuple[str, Path], sink: Callable[..., tuple[bytes, int]], loop: str
) -> None:
    _, folder = rewritten
    count = STALLED if sink is to_stalling_pipe else 40
    out, status = sink(lambda **options: start(folder, str(count), loop, **options), folder)
    assert status == 0
    lines = out.decode().splitlines()
    if sink is to_terminal:
        starts = [line for line in lines if line.count(" | ") == 3]
        assert [line.split(" | ")[3] for line in starts] == expected(count)
        assert all("[service.py:" in line for line in starts[1:-1])
        assert sum(line.startswith("ValueError: item") for line in lines) == count // 5
        return
    events = [json.loads(line) for line in lines]
    assert [event["message"] for event in events] == expected(count)
    for event in events[1:-1]:
        assert event["name"] == "feed.service"
        broken = "is broken" in event["message"]
        warned = "cancelled" in event["message"] or "retrying" in event["message"]
        assert event["levelname"] == ("ERROR" if broken else "WARNING" if warned else "INFO")
        assert ("ValueError: item" in event.get("exc_info", "")) is broken
        if "arrived" in event["message"]:
            assert event["size"] == 3


@pytest.mark.parametrize("loop", LOOPS)
def test_sigterm_loses_nothing(rewritten: tuple[str, Path], loop: str) -> None:
    _, folder = rewritten
    running = start(folder, str(STALLED), loop, "wait", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert running.stderr is not None
    assert running.stderr.readline() == b"handled everything\n"
    running.terminate()
    out, _ = running.communicate(timeout=60)
    assert running.returncode == -15
    assert [json.loads(line)["message"] for line in out.decode().splitlines()] == expected(STALLED)[:-1]


def test_events_are_those_of_the_prints(tmp_path: Path) -> None:
    """The service as it was written says the same, whatever the back ends make of it."""
    folder = Path(shutil.copytree(FIXTURES / "feed", tmp_path / "feed"))
    heard = "import logging, runpy, sys; logging.basicConfig(level=20, stream=sys.stdout, format='%(message)s'); "
    out = subprocess.run(
        [sys.executable, "-c", f"{heard}runpy.run_module('feed', run_name='__main__')", "40", "asyncio"],
        cwd=folder,
        env=clean_environment(PYTHONPATH=""),
        capture_output=True,
        text=True,
        check=True,
    )
    assert [line for line in out.stdout.splitlines() if line in set(expected(40))] == expected(40)


def test_annotations_in_strings_are_parsed_while_loggers_are_looked_for(printlint: Run, tmp_path: Path) -> None:
    """They add to what is known of a module's nodes, which must not upset who goes through them."""
    source = """
        import logging

        logger = logging.getLogger(__name__)

        class Client:
            def __init__(self, log: "logging.Logger"):
                self.log: "logging.Logger" = log

            async def run(self, other: "Client"):
                logger.info("x")
                other.log.info("y")
    """
    (tmp_path / "app.py").write_text(textwrap.dedent(source))
    done = printlint("fix", "--async-backend", "structlog")
    assert "internal error" not in done.stdout + done.stderr
    assert 'await logger.ainfo("x")' in (tmp_path / "app.py").read_text()


SERVICE = """
import logging

logger = logging.getLogger(__name__)

async def run(n):
    logger.info("x", extra={"size": n})

def sync(n):
    logger.info("y", extra={"size": n})
"""


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("logger.addHandler(logging.NullHandler())\n", "used for more than logging"),
        ("def f(fields):\n    logger.info('z', extra=fields)\n", "are unknown"),
        ("def f(fields):\n    logger.info('z', extra={'event': 1})\n", "are unknown"),
        ("def f():\n    logger.info('z', stacklevel=2)\n", "`stacklevel=2` has another meaning"),
        ("async def f():\n    logger.warning('z', exc_info=True)\n", "lose the traceback"),
        ("structlog = 1\n", "`structlog` is bound to something else"),
    ],
)
def test_a_logger_that_structlog_cannot_be_is_left_alone(
    printlint: Run, tmp_path: Path, more: str, reason: str
) -> None:
    (tmp_path / "app.py").write_text(SERVICE + more)
    done = printlint("fix", "--async-backend", "structlog", "--no-setup", "-v")
    assert (tmp_path / "app.py").read_text() == SERVICE + more
    assert printlint("fix", "--async-backend", "structlog", "-v").stdout.count(reason) > 0, done.stdout
    assert (tmp_path / "app.py").read_text() == SERVICE + more


def test_a_logger_that_another_file_imports_stays_of_its_kind(printlint: Run, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'app'\n")
    (tmp_path / "app.py").write_text(SERVICE)
    (tmp_path / "other.py").write_text("from app import (\n    logger,\n)\nlogger.setLevel(10)\n")
    assert "other.py imports the logger" in printlint("fix", "--async-backend", "structlog", "-v").stdout


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        ("'x'", "await logger\n     .ainfo('x')"),
        ("'x', extra={'size': n}", "logger\n     .info('x', extra={'size': n})"),
    ],
)
def test_a_call_in_two_lines_keeps_its_arguments(printlint: Run, tmp_path: Path, arguments: str, written: str) -> None:
    head = "import logging\n\nlogging.basicConfig()\nlogger = logging.getLogger(__name__)\n"
    body = f"async def run(n):\n    (logger\n     .info({arguments}))\n"
    write_files(tmp_path, {"app.py": f"{head}\n\n{body}"})
    printlint("fix", "--async-backend", "structlog", "--unsafe-fixes")
    assert written in (tmp_path / "app.py").read_text()


def test_a_logger_stays_of_its_kind_where_the_set_up_module_has_nothing_for_structlog(
    printlint: Run, tmp_path: Path
) -> None:
    main = "\nif __name__ == '__main__':\n    logging.basicConfig()\n"
    write_files(tmp_path, {"app.py": SERVICE + main, "logging_setup.py": setup_source("queue", "unblock")})
    printlint("fix", "--async-backend", "structlog")
    assert "unblock()" in (tmp_path / "app.py").read_text()
    assert "structlog" not in (tmp_path / "app.py").read_text()
    write_files(tmp_path, {"app.py": f"import structlog\n{SERVICE}{main}    structlog.configure()\n"})
    printlint("fix", "--async-backend", "structlog", "--unsafe-fixes")
    assert 'await logger.ainfo("x", size=n)' in (tmp_path / "app.py").read_text()


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (SERVICE + "async_logger = None\n", "`async_logger` is already defined"),
        (SERVICE.replace("logger = ", "logger = other = "), "no asynchronous logger can be defined"),
        (
            "import logging\nasync def f():\n    logging.getLogger('x').info('y')\n",
            "no asynchronous logger can be defined",
        ),
    ],
)
def test_where_aiologger_can_have_no_companion(printlint: Run, tmp_path: Path, source: str, reason: str) -> None:
    (tmp_path / "app.py").write_text(source)
    assert reason in printlint("fix", "--async-backend", "aiologger", "-v").stdout
    assert (tmp_path / "app.py").read_text() == source


def test_auto_goes_by_what_the_project_uses(printlint: Run, tmp_path: Path) -> None:
    prints = "async def run(n):\n    print('got item', n)\n"
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'app'\ndependencies = ['aiologger']\n")
    (tmp_path / "one.py").write_text(prints)
    (tmp_path / "two.py").write_text(f"import structlog\n\nlog = structlog.get_logger()\n\n\n{prints}")
    assert printlint("fix").returncode == 0
    assert "await async_logger.info('got item %s', n)" in (tmp_path / "one.py").read_text()
    assert "await log.ainfo('got item %s', n)" in (tmp_path / "two.py").read_text()
    text = (tmp_path / "logging_setup.py").read_text()
    assert "def get_async_logger(" in text
    assert "structlog.configure(" in text


def test_an_await_that_always_suspends_is_unsafe_unless_it_was_asked_for(printlint: Run, tmp_path: Path) -> None:
    prints = "async def run(n):\n    print('got it')\n"
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'app'\n")
    (tmp_path / "conf.py").write_text("import structlog\nstructlog.configure()\n")
    (tmp_path / "two.py").write_text(f"import structlog\n\nlog = structlog.get_logger()\n\n\n{prints}")
    assert "always suspends" in printlint("fix", "-v").stdout
    assert prints in (tmp_path / "two.py").read_text()
    assert printlint("fix", "--async-backend", "structlog").returncode == 0
    assert "await log.ainfo('got it')" in (tmp_path / "two.py").read_text()


@pytest.mark.parametrize(
    ("name", "text", "declared"),
    [
        ("pyproject.toml", "[project]\ndependencies = ['x', 'aiologger[all]>=0.7']\n", True),
        ("pyproject.toml", "[tool.poetry.dependencies]\naiologger = '^0.7'\n", True),
        ("requirements-dev.txt", "# none\naiologger\n", True),
        ("setup.cfg", "[options]\ninstall_requires =\n    aiologger>=0.7\n", True),
        ("pyproject.toml", "[project]\ndescription = 'faster than aiologger'\n", False),
        ("requirements.txt", "# aiologger\nnot-aiologger\n", False),
    ],
)
def test_a_dependency_is_told_from_a_mention(tmp_path: Path, name: str, text: str, declared: bool) -> None:
    (tmp_path / "setup.py").touch()
    (tmp_path / name).write_text(text)
    assert declares(Project.of(layout_of(tmp_path / "app.py")), "aiologger") is declared


def test_a_module_logs_through_structlog_wherever_its_logger_stands() -> None:
    """A module that has been looked at in parts alone is asked, and whatever its names lead to is added meanwhile."""
    text = "from a import dialog, catalog\n\n\ndef f():\n    print('x')\n\n\n" + "x = 1\n" * 100
    text += "from structlog import get_logger as get\n\nlog = get()\nlogs = dialog(log)\n"
    tree = Tree(Source("x.py", text))
    tree.start(frozenset({Word.PRINT}))
    assert logs_through(Module(tree), LoggerKind.STRUCTLOG)
