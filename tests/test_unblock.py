"""`unblock()` of the set-up module: handlers stay what they are, and write in a thread of their own."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from conftest import clean_environment

from printlint.facts.log_setup.read_settings import MOVABLE
from printlint.setup.template import setup_source

HEAD = "import asyncio, contextvars, logging, logging.handlers, os, sys, threading\nfrom logging_setup import *\n"
HEAD += "root = logging.getLogger()\nroot.setLevel('INFO')\n"


def ran(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "logging_setup.py").write_text(setup_source("queue", "unblock", "processes"), encoding="utf-8")
    (folder / "app.py").write_text(HEAD + textwrap.dedent(program), encoding="utf-8")
    command, environment = [sys.executable, "app.py"], clean_environment(PYTHONPATH="")
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def lines(program: str, folder: Path) -> list[str]:
    done = ran(program, folder)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_formats_levels_and_filters_are_kept(tmp_path: Path) -> None:
    program = """
        logging.basicConfig(format="%(levelname)s %(name)s %(lineno)d %(message)s", stream=sys.stdout)
        strict = logging.StreamHandler(sys.stdout)
        strict.setLevel("ERROR")
        strict.addFilter(lambda record: "secret" not in record.getMessage())
        root.addHandler(strict)
        before = root.handlers[:]
        unblock()
        unblock()
        assert root.handlers == before
        log = logging.getLogger("app")
        log.info("a %s", 1)
        log.error("an error")
        log.error("a secret")
    """
    assert lines(program, tmp_path) == [
        "INFO app 16 a 1",
        "ERROR app 17 an error",
        "an error",
        "ERROR app 18 a secret",
    ]


def test_writing_is_done_in_another_thread_and_in_order(tmp_path: Path) -> None:
    program = """
        threads = set()
        class Stream:
            def fileno(self):
                return 1
            def write(self, text):
                threads.add(threading.get_ident())
                sys.stdout.write(text)
            def flush(self):
                pass
        logging.basicConfig(stream=Stream(), format="%(message)s")
        unblock()
        async def log():
            for number in range(1000):
                logging.info("%d", number)
        asyncio.run(log())
        import logging_setup
        logging_setup._handler.flush()
        assert threads and threading.get_ident() not in threads
    """
    assert lines(program, tmp_path) == [str(number) for number in range(1000)]


def test_a_record_is_what_it_was_when_it_was_logged(tmp_path: Path) -> None:
    program = """
        request = contextvars.ContextVar("request")
        class Formatter(logging.Formatter):
            def format(self, record):
                return f"{request.get()} {super().format(record)}"
        logging.basicConfig(stream=sys.stdout)
        root.handlers[0].setFormatter(Formatter("%(message)s"))
        unblock()
        async def serve(name):
            request.set(name)
            values, fields = [name], {"of": [name]}
            logging.info("values %s", values)
            logging.info("fields %(of)s", fields)
            logging.info(values)
            values.append("later")
            fields["of"].append("later")
        async def main():
            await asyncio.gather(asyncio.create_task(serve("a")), asyncio.create_task(serve("b")))
        asyncio.run(main())
    """
    assert lines(program, tmp_path) == [
        f"{name} {text}['{name}']" for name in "ab" for text in ("values ", "fields ", "")
    ]


@pytest.mark.parametrize(
    "handler",
    [
        "logging.NullHandler()",
        "logging.StreamHandler(__import__('io').StringIO())",
        "logging.handlers.QueueHandler(__import__('queue').Queue())",
        "type('Own', (logging.Handler,), {'emit': lambda self, record: None})()",
    ],
)
def test_what_does_not_block_or_is_unknown_is_left_alone(tmp_path: Path, handler: str) -> None:
    program = f"""
        root.addHandler({handler})
        unblock()
        assert "handle" not in vars(root.handlers[0])
    """
    assert lines(program, tmp_path) == []


def test_only_the_loggers_that_are_named(tmp_path: Path) -> None:
    program = """
        one, two = logging.getLogger("one"), logging.getLogger("two")
        for logger in (one, two):
            logger.addHandler(logging.StreamHandler(sys.stdout))
        unblock(one)
        assert "handle" in vars(one.handlers[0]) and "handle" not in vars(two.handlers[0])
    """
    assert lines(program, tmp_path) == []


def test_what_cannot_be_formatted_is_said_as_ever(tmp_path: Path) -> None:
    program = """
        logging.basicConfig(stream=sys.stdout, format="%(message)s")
        unblock()
        logging.info("%d", "x")
        logging.info("%d", object())
        logging.info("next")
    """
    done = ran(program, tmp_path)
    assert done.stdout == "next\n"
    assert done.stderr.count("--- Logging error ---") == 2


def test_the_linter_knows_which_handlers_move(tmp_path: Path) -> None:
    assert lines("import logging_setup\nprint(*logging_setup.MOVABLE)", tmp_path) == [" ".join(MOVABLE)]


def test_sigterm_loses_nothing(tmp_path: Path) -> None:
    program = """
        logging.basicConfig(stream=sys.stdout, format="%(message)s")
        unblock()
        for number in range(2000):
            logging.info("%d", number)
        os.kill(os.getpid(), 15)
    """
    done = ran(program, tmp_path)
    assert done.returncode == -signal.SIGTERM
    assert done.stdout.splitlines() == [str(number) for number in range(2000)]


def test_forked_children_write_their_own_once(tmp_path: Path) -> None:
    program = """
        logging.basicConfig(stream=sys.stdout, format="%(message)s")
        unblock()
        logging.info("parent")
        if os.fork() == 0:
            logging.info("child")
            sys.exit(0)
        os.wait()
    """
    assert sorted(lines(program, tmp_path)) == ["child", "parent"]


def test_no_event_comes_into_a_printed_line(tmp_path: Path) -> None:
    program = """
        logging.basicConfig(stream=sys.stdout, format="%(message)s")
        sys.setswitchinterval(1e-6)
        unblock()
        for number in range(2000):
            logging.info("logged %d", number)
            print("printed", number)
    """
    numbers = range(2000)
    wanted = [*(f"logged {number}" for number in numbers), *(f"printed {number}" for number in numbers)]
    assert sorted(lines(program, tmp_path)) == sorted(wanted)


def test_a_dict_config_behind_the_import_costs_no_event_at_the_end(tmp_path: Path) -> None:
    """`dictConfig` empties the list of the handlers that `logging` flushes at the end of the program."""
    program = """
        import asyncio, logging.config
        from logging_setup import unblock
        console = {"class": "logging.StreamHandler", "stream": "ext://sys.stdout"}
        root = {"handlers": ["c"], "level": "INFO"}
        logging.config.dictConfig({"version": 1, "handlers": {"c": console}, "root": root})
        unblock()
        async def work():
            for n in range(300):
                logging.getLogger("x").info("event %s", n)
        asyncio.run(work())
    """
    assert lines(program, tmp_path) == [f"event {n}" for n in range(300)]
