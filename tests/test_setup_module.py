"""The set-up module that users get, run as they would run it."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from conftest import clean_environment

from printlint.setup.template import setup_source


def run(program: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "logging_setup.py").write_text(setup_source(), encoding="utf-8")
    (folder / "app.py").write_text(textwrap.dedent(program), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=folder,
        env=clean_environment(PYTHONPATH="", **environment),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    return done


def events(program: str, folder: Path, **environment: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in run(program, folder, **environment).stdout.splitlines()]


START = "from logging_setup import get_logger, setup_logging\nimport asyncio, logging, os\nsetup_logging()\n"


def test_events_are_json_with_extra_and_traceback_as_fields(tmp_path: Path) -> None:
    program = START + textwrap.dedent(
        """
        logger = get_logger("app")
        logger.info("paid %s", 3, extra={"user_id": 99, "gateway": "stripe"})
        try:
            1 / 0
        except ZeroDivisionError:
            logger.exception("failed")
        """
    )
    paid, failed = events(program, tmp_path)
    assert (paid["message"], paid["levelname"], paid["name"]) == ("paid 3", "INFO", "app")
    assert (paid["user_id"], paid["gateway"]) == (99, "stripe")
    assert failed["message"] == "failed"
    assert "ZeroDivisionError" in str(failed["exc_info"])


def test_without_python_json_logger_the_fields_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "pythonjsonlogger").mkdir()
    hidden = "import sys, importlib.util\nreal = importlib.util.find_spec\n"
    hidden += "importlib.util.find_spec = lambda name, *a: None if name == 'pythonjsonlogger' else real(name, *a)\n"
    (event,) = events(hidden + START + "get_logger('app').info('x', extra={'a': 1})", tmp_path)
    assert {"asctime", "levelname", "name", "process", "thread", "message", "a"} == set(event)


def test_every_awaited_event_arrives_once_and_in_order(tmp_path: Path) -> None:
    program = START + textwrap.dedent(
        """
        logger = get_logger("app")

        async def main():
            for n in range(5000):
                await logger.info("event %d", n)

        asyncio.run(main())
        asyncio.run(main())
        """
    )
    messages = [event["message"] for event in events(program, tmp_path)]
    assert messages == [f"event {n}" for n in range(5000)] * 2


def test_the_caller_is_the_users_line(tmp_path: Path) -> None:
    program = """
        import logging
        from logging_setup import get_logger
        logging.basicConfig(format="%(lineno)d %(funcName)s", level="DEBUG", stream=__import__("sys").stdout)
        logger = get_logger("app")
        def f():
            logger.info("x")
            logger.log(20, "x")
            logger.exception("x", exc_info=False)
            logger.warning("x", stacklevel=2)
        f()
    """
    lines = run(program, tmp_path).stdout.split("\n")
    assert lines[:4] == ["7 f", "8 f", "9 f", "11 <module>"]


def test_get_logger_gives_the_one_logger_of_that_name(tmp_path: Path) -> None:
    program = START + textwrap.dedent(
        """
        class Mine(logging.Logger):
            def hello(self):
                return "hello"

        assert get_logger("a") is logging.getLogger("a") is get_logger("a")
        assert isinstance(get_logger("a"), logging.Logger)
        logging.setLoggerClass(Mine)
        assert get_logger("b").hello() == "hello"
        assert not get_logger("b").debug("x")
        import copy, pickle
        assert pickle.loads(pickle.dumps(get_logger("a"))) is get_logger("a")
        """
    )
    assert run(program, tmp_path).returncode == 0


def test_a_second_call_is_harmless_and_sets_the_level(tmp_path: Path) -> None:
    program = START + "setup_logging('ERROR')\nget_logger('a').warning('no')\nget_logger('a').error('yes')\n"
    assert [event["message"] for event in events(program, tmp_path)] == ["yes"]


@pytest.mark.parametrize(("level", "count"), [("DEBUG", 2), ("info", 1), ("ERROR", 0)])
def test_the_environment_sets_the_level(tmp_path: Path, level: str, count: int) -> None:
    program = START + "get_logger('a').debug('x')\nget_logger('a').info('x')\n"
    assert len(events(program, tmp_path, LOG_LEVEL=level)) == count


def test_a_forked_child_writes_its_own_events_once(tmp_path: Path) -> None:
    program = START + textwrap.dedent(
        """
        logger = get_logger("a")
        logger.info("parent before")
        child = os.fork()
        if not child:
            logger.info("child")
            raise SystemExit
        os.waitpid(child, 0)
        logger.info("parent after")
        """
    )
    messages = [event["message"] for event in events(program, tmp_path)]
    assert sorted(map(str, messages)) == ["child", "parent after", "parent before"]


def test_logging_after_the_end_still_comes_out(tmp_path: Path) -> None:
    program = "import atexit\natexit.register(lambda: get_logger('a').info('last'))\n" + START
    assert [event["message"] for event in events(program, tmp_path)] == ["last"]


def test_a_coroutine_driven_by_hand_is_never_suspended(tmp_path: Path) -> None:
    program = START + textwrap.dedent(
        """
        import logging_setup
        logging_setup.HIGH_WATER = -1

        async def step():
            await get_logger("a").info("x")
            return 7

        try:
            step().send(None)
        except StopIteration as done:
            assert done.value == 7
        """
    )
    assert run(program, tmp_path).returncode == 0


def test_a_full_queue_is_counted_and_reported_in_a_loop(tmp_path: Path) -> None:
    program = (
        "import logging_setup\nlogging_setup.MAX_QUEUED = 10\n"
        + START
        + textwrap.dedent(
            """
        import queue, threading
        handler = logging_setup._handler
        handler.after_fork()
        handler._writer = threading.current_thread()  # no thread takes anything out

        async def main():
            for n in range(15):
                get_logger("a").info("event %d", n)

        asyncio.run(main())
        handler._writer = None
        get_logger("a").info("last")
        """
        )
    )
    messages = [str(event["message"]) for event in events(program, tmp_path)]
    assert "5 records were dropped" in messages
    assert messages.count("event 0") == 1


def test_old_names_of_methods_can_be_awaited_too(tmp_path: Path) -> None:
    program = START + textwrap.dedent(
        """
        logger = get_logger("app")
        async def main():
            await logger.warn("late")
            await logger.fatal("over")
        asyncio.run(main())
        """
    )
    assert [event["levelname"] for event in events(program, tmp_path)] == ["WARNING", "CRITICAL"]
