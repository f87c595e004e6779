"""The set-up module that users get, run as they would run it."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from conftest import ROOT, Run, clean_environment

from printlint.facts.project.setup_files import provided_backends
from printlint.setup.blocks import BLOCKS, provided_blocks
from printlint.setup.template import UNFORMATTED, is_untouched, setup_source


def run(program: str, folder: Path, parts: str = "queue", **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "logging_setup.py").write_text(setup_source(*parts.split()), encoding="utf-8")
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


def events(program: str, folder: Path, parts: str = "queue", **environment: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in run(program, folder, parts, **environment).stdout.splitlines()]


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


def test_the_fields_of_an_event(tmp_path: Path) -> None:
    (event,) = events(START + "get_logger('app').info('x', extra={'a': 1})", tmp_path)
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
    # Python 3.12 counts threads by asking the system, which may still see one that has been joined.
    messages = [event["message"] for event in events(program, tmp_path, PYTHONWARNINGS="ignore")]
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
        handler = logging_setup._handler
        handler.turn["of"] = [0]  # no thread takes anything out

        async def main():
            for n in range(15):
                get_logger("a").info("event %d", n)

        asyncio.run(main())
        handler.turn.clear()
        handler.work(may_wait=True)
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


LOGGERS = {
    "queue": "from logging_setup import get_logger\nlogger = get_logger('app')\n",
    "aiologger": "from logging_setup import get_async_logger\nlogger = get_async_logger('app')\n",
    "structlog": "import structlog\nlogger = structlog.get_logger('app')\n",
    "none": "import logging\nlogger = logging.getLogger('app')\n",
}
BEGIN = "import asyncio, logging, os, signal, sys, time\nfrom logging_setup import *\nsetup_logging()\n"


@pytest.mark.parametrize("backend", LOGGERS)
def test_each_back_end_gives_the_same_events(tmp_path: Path, backend: str) -> None:
    program = (
        BEGIN
        + LOGGERS[backend]
        + textwrap.dedent(
            """
        def work():
            logger.info("got %d of %s", 2, "x")
            with log_context(request_id="r1"):
                logger.warning("inside")
            try:
                1 / 0
            except ZeroDivisionError as e:
                logger.exception("failed")
                logger.error("again", exc_info=e)
            logger.debug("not seen")
            logger.log(logging.ERROR, "by level", extra={"size": 3})
        work()
        """
        )
    )
    found = events(program, tmp_path, backend)
    assert [event["message"] for event in found] == ["got 2 of x", "inside", "failed", "again", "by level"]
    assert [event["levelname"] for event in found] == ["INFO", "WARNING", "ERROR", "ERROR", "ERROR"]
    assert {event["name"] for event in found} == {"app"}
    assert ["request_id" in event for event in found] == [False, True, False, False, False]
    assert ["ZeroDivisionError" in str(event.get("exc_info")) for event in found] == [False, False, True, True, False]
    assert found[4]["size"] == 3


@pytest.mark.parametrize("backend", LOGGERS)
def test_each_back_end_knows_the_callers_line(tmp_path: Path, backend: str) -> None:
    program = (
        BEGIN
        + LOGGERS[backend]
        + textwrap.dedent(
            """
        import logging_setup
        logging_setup._handler.setFormatter(logging.Formatter("%(filename)s %(funcName)s %(lineno)d"))
        here = sys._getframe().f_lineno
        def work():
            logger.info("x")
            logger.exception("x", exc_info=False)
        async def task():
            await logger.{method}("x")
        work()
        {run}
        logging_setup._handler.flush()
        print(here)
        """
        ).format(
            method="ainfo" if backend == "structlog" else "info",
            run="" if backend == "none" else "asyncio.run(task())",
        )
    )
    lines = run(program, tmp_path, backend).stdout.splitlines()
    here = next(int(line) for line in lines if line.isdigit())
    places = [f"app.py work {here + 2}", f"app.py work {here + 3}"]
    assert [line for line in lines if not line.isdigit()] == [*places, f"app.py task {here + 5}"][: len(lines) - 1]
    assert len(lines) == (3 if backend == "none" else 4)


def test_context_is_of_its_task_alone(tmp_path: Path) -> None:
    program = (
        BEGIN
        + LOGGERS["queue"]
        + textwrap.dedent(
            """
        async def handle(number):
            with log_context(request_id=number, user="u"):
                await asyncio.sleep(0)
                await logger.info("in %d", number, extra={"user": "own"})

        async def main():
            await asyncio.gather(*map(handle, range(3)))

        asyncio.run(main())
        logger.info("out")
        """
        )
    )
    found = events(program, tmp_path)
    assert [(event.get("request_id"), event.get("user")) for event in found] == [
        (0, "own"), (1, "own"), (2, "own"), (None, None),
    ]  # fmt: skip


def test_structlogs_context_and_clashing_fields_arrive(tmp_path: Path) -> None:
    program = (
        BEGIN
        + LOGGERS["structlog"]
        + textwrap.dedent(
            """
        structlog.contextvars.bind_contextvars(request_id=7)
        logger.bind(user=9).info("paid", name="Ada", stack_info=True)
        """
        )
    )
    (event,) = events(program, tmp_path, "structlog")
    assert (event["request_id"], event["user"], event["name"], event["name_"]) == (7, 9, "app", "Ada")
    assert "app.py" in str(event["stack_info"])


@pytest.mark.parametrize("value", ["{(1, 2): 3}", "float('nan')", "'\\udc80'", "Odd()", "loop"])
def test_a_field_that_json_cannot_carry_costs_no_event(tmp_path: Path, value: str) -> None:
    program = (
        BEGIN
        + LOGGERS["queue"]
        + textwrap.dedent(
            f"""
        class Odd:
            def __str__(self):
                raise ValueError
        loop = []
        loop.append(loop)
        logger.info("x", extra={{"field": {value}}})
        """
        )
    )
    (event,) = events(program, tmp_path)
    assert event["message"] == "x"
    assert "field" in event


@pytest.mark.parametrize("backend", LOGGERS)
def test_sigterm_loses_nothing_and_still_kills(tmp_path: Path, backend: str) -> None:
    program = (
        BEGIN
        + LOGGERS[backend]
        + textwrap.dedent(
            """
        for n in range(2000):
            logger.info("event %d", n)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(30)
        """
        )
    )
    done = run(program, tmp_path, backend)
    assert done.returncode == -15
    assert [json.loads(line)["message"] for line in done.stdout.splitlines()] == [f"event {n}" for n in range(2000)]


def test_a_handler_for_sigterm_of_the_programs_own_stays(tmp_path: Path) -> None:
    program = "import signal\nown = lambda *_: None\nsignal.signal(signal.SIGTERM, own)\n" + BEGIN
    assert run(program + "assert signal.getsignal(signal.SIGTERM) is own\n", tmp_path).returncode == 0


def test_children_of_multiprocessing_write_everything(tmp_path: Path) -> None:
    program = (
        BEGIN
        + LOGGERS["queue"]
        + textwrap.dedent(
            """
        import multiprocessing
        def work(number):
            for n in range(500):
                logger.info("%d of %d", n, number)
        if __name__ == "__main__":
            for method in ("fork", "spawn"):
                context = multiprocessing.get_context(method)
                child = context.Process(target=work, args=(1,))
                child.start()
                child.join()
        """
        )
    )
    assert len(events(program, tmp_path, "queue processes")) == 1000


def test_a_closed_output_is_said_once_and_stops_nothing(tmp_path: Path) -> None:
    program = BEGIN + LOGGERS["queue"] + "os.close(1)\nfor n in range(50):\n    logger.info('x')\n"
    (tmp_path / "logging_setup.py").write_text(setup_source("queue"), encoding="utf-8")
    (tmp_path / "app.py").write_text(program + "raise SystemExit(7)\n", encoding="utf-8")
    done = subprocess.run([sys.executable, "app.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode in (7, 120)  # 120: Python itself could not flush standard output
    assert done.stderr.count("--- Logging error ---") == 1


@pytest.mark.parametrize("server", ["uvicorn.access", "gunicorn.error", "django"])
def test_servers_events_come_out_once_in_the_same_stream(tmp_path: Path, server: str) -> None:
    program = textwrap.dedent(
        f"""
        import logging, logging.config, sys
        server = logging.getLogger("{server}")
        server.addHandler(logging.StreamHandler(sys.stdout))
        server.propagate = False
        from logging_setup import *
        if len(sys.argv) > 1:
            logging.config.dictConfig(logging_config())
        else:
            setup_logging()
        server.info("started")
        """
    )
    (event,) = events(program, tmp_path, "queue servers dictconfig")
    assert event["message"] == "started"
    (event,) = events(program.replace("len(sys.argv) > 1", "True"), tmp_path, "queue servers dictconfig")
    assert event["message"] == "started"


COMBINATIONS = [*LOGGERS, "queue aiologger structlog", *(f"queue {block.name}" for block in BLOCKS)]
COMBINATIONS += [
    f"{backend} {' '.join(block.name for block in BLOCKS)}" for backend in (*LOGGERS, "queue aiologger structlog")
]


def test_the_default_module_is_short_enough_to_be_read_in_a_review() -> None:
    assert len(setup_source("queue").splitlines()) <= 200
    assert len(setup_source("none").splitlines()) <= 200


@pytest.mark.system
@pytest.mark.parametrize("backends", COMBINATIONS)
def test_what_is_written_passes_the_usual_checkers(tmp_path: Path, backends: str) -> None:
    written = tmp_path / "logging_setup.py"
    text = setup_source(*backends.split())
    written.write_text(text, encoding="utf-8")
    (tmp_path / "formatted.py").write_text(text.removeprefix(UNFORMATTED), encoding="utf-8")
    selected = ["--select", "E,F,W,I,B,UP,C4,RUF,PT,RET,PIE", "--line-length", "120", "--isolated"]
    commands = [
        ["ruff", "check", *selected, "."],
        ["ruff", "format", "--check", "--isolated", "--line-length", "120", "formatted.py"],
        ["ruff", "format", "--check", "--isolated", "--line-length", "79", "logging_setup.py"],
        ["mypy", "--strict", "logging_setup.py"],
        ["printlint", "check", "--isolated", "."],
        ["flake8", "--isolated", "--max-line-length", "120", "."],
    ]
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=tmp_path,
            env=clean_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)


def test_an_untouched_module_is_known_and_a_changed_one_too() -> None:
    for backends in COMBINATIONS:
        text = setup_source(*backends.split())
        assert provided_backends(text) | provided_blocks(text) == {*backends.split(), "none"}
        assert is_untouched(text)
        assert not is_untouched(text.replace("MAX_QUEUED = 100_000", "MAX_QUEUED = 50"))


@pytest.mark.parametrize("backend", LOGGERS)
def test_arguments_that_do_not_fit_raise_nothing(tmp_path: Path, backend: str) -> None:
    program = (
        BEGIN + LOGGERS[backend] + "logging.raiseExceptions = False\nlogger.info('x', 1)\nlogger.info('%d', 'y')\n"
    )
    assert events(program + "logger.info('on %(a)s', {'a': 1})\n", tmp_path, backend)[-1]["message"] == "on 1"


@pytest.mark.parametrize("backend", LOGGERS)
def test_a_logger_says_which_levels_are_on(tmp_path: Path, backend: str) -> None:
    program = f"{BEGIN}{LOGGERS[backend]}logging.getLogger('app').setLevel(30)\n"
    ask = "is_enabled_for" if backend == "structlog" else "isEnabledFor"
    program += f"print([level for level in (10, 20, 30, 40) if logger.{ask}(level)])\n"
    assert run(program, tmp_path, backend).stdout == "[30, 40]\n"


@pytest.mark.parametrize(
    "name",
    [
        *("uvicorn", "uvicorn.access", "uvicorn.error", "gunicorn.access", "gunicorn.error", "django", "django.server"),
        *("hypercorn.access", "hypercorn.error", "_granian", "granian.access", "litestar", "arq", "rq.worker"),
        *("discord", "sanic.root", "sanic.error", "sanic.access", "sanic.server", "sanic.websockets"),
    ],
)
def test_what_a_server_logs_by_a_handler_of_its_own_is_written_once(tmp_path: Path, name: str) -> None:
    before = f"import logging\nserver = logging.getLogger({name!r})\nserver.propagate = False\n"
    before += "server.addHandler(logging.StreamHandler())\n"
    (event,) = events(f"{before}{START}server.warning('started')\n", tmp_path, "queue servers")
    assert (event["name"], event["message"]) == (name, "started")


def test_the_documentation_has_each_block_with_its_size() -> None:
    text = (ROOT / "docs" / "event-stream.md").read_text(encoding="utf-8")
    length = len(setup_source("queue").splitlines())
    rows = {block.name: len(setup_source("queue", block.name).splitlines()) - length for block in BLOCKS}
    assert all(f"\n| `{name}` | {lines} |" in text for name, lines in rows.items()), rows


PROGRAMS = {
    "import gevent": {"gevent"},
    "import multiprocessing as mp": {"processes"},
    "import os\nos.fork()": {"processes"},
    "import uvicorn": {"servers", "processes"},
    "import sys\nsys.stdout = open('x', 'w')": {"streams"},
    "import logging\nlogging.basicConfig()": set(),
    "import trio": {"trio"},
    "print('gevent, eventlet and trio')": set(),
    "def handler(event, context):\n    print('x')": {"hosts"},
    "from logging_setup import unblock\nunblock()": {"unblock"},
}


@pytest.mark.parametrize("text", PROGRAMS)
def test_a_program_gets_the_blocks_that_it_is_seen_to_need(printlint: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "app.py").write_text(f"{text}\nif __name__ == '__main__':\n    print('started')\n")
    assert printlint("init", "--no-wire").returncode == 0
    assert provided_blocks((tmp_path / "logging_setup.py").read_text()) == PROGRAMS[text]


def test_a_block_that_is_asked_for_is_added_to_a_module_that_nobody_has_edited(printlint: Run, tmp_path: Path) -> None:
    path = tmp_path / "logging_setup.py"
    (tmp_path / "app.py").write_text("if __name__ == '__main__':\n    print('started')\n")
    path.write_text(setup_source("queue", "trio"))
    printlint("init", "--no-wire", "--with", "unblock", "--with", "gevent")
    assert provided_blocks(path.read_text()) == {"trio", "unblock", "gevent"}
    path.write_text(setup_source("queue") + "# edited\n")
    done = printlint("init", "--no-wire", "--with", "unblock")
    assert done.returncode == 2
    assert "was edited and lacks unblock" in done.stderr
