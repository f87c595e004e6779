"""The set-up module among what programs do: forks, signals, threads that do not start, other people's handlers."""

from __future__ import annotations

import importlib.util
import json
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from conftest import clean_environment
from test_setup_module import events

from printlint.setup.blocks import BLOCKS
from printlint.setup.template import setup_source

BEGIN = (
    "import asyncio, io, logging, os, signal, sys, threading\nimport logging_setup as setup\nsetup.setup_logging()\n"
)
LOG = BEGIN + "log = logging.getLogger('app')\n"
ALL = f"queue {' '.join(block.name for block in BLOCKS)}"


def start(program: str, folder: Path, parts: str = "queue", **environment: str) -> subprocess.Popen[bytes]:
    """A program whose output nobody reads yet."""
    (folder / "logging_setup.py").write_text(setup_source(*parts.split()), encoding="utf-8")
    (folder / "app.py").write_text(program, encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=folder,
        env=clean_environment(PYTHONPATH="", **environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def said(process: subprocess.Popen[bytes]) -> str:
    """The next line of standard error."""
    assert process.stderr is not None
    return process.stderr.readline().decode().rstrip()


def messages(lines: bytes | str) -> list[Any]:
    return [json.loads(line)["message"] for line in lines.splitlines()]


def texts(program: str, folder: Path, parts: str = "queue", **environment: str) -> list[object]:
    return [event["message"] for event in events(textwrap.dedent(program), folder, parts, **environment)]


# Processes and pipes


@pytest.mark.parametrize(("parts", "longest"), [("queue", 3_000), ("queue processes", 20_000)])
def test_lines_of_processes_that_share_a_pipe_stay_whole(tmp_path: Path, parts: str, longest: int) -> None:
    """With the block for processes, also lines that are longer than what a pipe takes at once."""
    program = LOG + textwrap.dedent(
        """
        for _ in range(4):
            if not os.fork():
                for n in range(300):
                    log.info("%d %s", n, "x" * (200 if n % 10 else LONGEST))
                sys.exit()
        for _ in range(4):
            os.wait()
        """
    )
    out, _ = start(program.replace("LONGEST", str(longest)), tmp_path, parts).communicate(timeout=60)
    assert len(messages(out)) == 1200


def test_a_fork_does_not_wait_for_a_reader(tmp_path: Path) -> None:
    program = LOG + textwrap.dedent(
        """
        for n in range(1000):
            log.info("%d %s", n, "x" * 200)
        child = os.fork()
        if not child:
            log.info("child")
            sys.exit()
        print("forked", file=sys.stderr, flush=True)
        log.info("parent")
        os.waitpid(child, 0)
        """
    )
    process = start(program, tmp_path, PYTHONWARNINGS="ignore")
    assert said(process) == "forked"
    found = messages(process.communicate(timeout=60)[0])
    assert [text for text in found if text.endswith("x")] == [f"{n} {'x' * 200}" for n in range(1000)]
    assert {"child", "parent"} < set(found)
    assert len(found) == 1002


def test_the_loop_goes_on_while_a_thread_waits_for_room(tmp_path: Path) -> None:
    program = LOG + textwrap.dedent(
        """
        setup.MAX_QUEUED = 1000
        def fill():
            for n in range(3000):
                log.info("%d %s", n, "x" * 200)
        async def main():
            threading.Thread(target=fill, daemon=True).start()
            while len(setup._handler.jobs) < 1000:
                await asyncio.sleep(0)
            for n in range(10):
                log.info("in the loop")
            print("went on", file=sys.stderr, flush=True)
        asyncio.run(main())
        """
    )
    process = start(program, tmp_path)
    assert said(process) == "went on"
    assert messages(process.communicate(timeout=60)[0])


def test_a_pipe_that_somebody_made_non_blocking_loses_nothing(tmp_path: Path) -> None:
    program = LOG + "os.set_blocking(1, False)\nfor n in range(2000):\n    log.info('%d %s', n, 'x' * 200)\n"
    process = start(program + "print('logged', file=sys.stderr, flush=True)\n", tmp_path)
    assert said(process) == "logged"
    assert len(messages(process.communicate(timeout=60)[0])) == 2000


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_processes_that_are_spawned_log_too(tmp_path: Path, method: str) -> None:
    program = f"""
        import logging, multiprocessing
        from logging_setup import setup_logging
        def work(number):
            logging.getLogger("app").info("child %d", number)
        if __name__ == "__main__":
            setup_logging()
            with multiprocessing.get_context("{method}").Pool(2) as pool:
                pool.map(work, range(3))
                pool.close()
                pool.join()
            child = multiprocessing.get_context("{method}").Process(target=work, args=(3,))
            child.start()
            child.join()
    """
    assert sorted(map(str, texts(program, tmp_path, "queue processes"))) == [f"child {n}" for n in range(4)]


def test_sigterm_in_the_middle_of_a_print_does_not_wait_for_it(tmp_path: Path) -> None:
    """The main thread has the lock of standard output then."""
    program = LOG + textwrap.dedent(
        """
        setup.TERM_SECONDS = 1000
        for n in range(100):
            log.info("line %d", n)
        setup._handler.flush()
        print("x" * 500_000, flush=True)
        """
    )
    process = start(program.replace("setup._handler.flush()", "log.info('last')"), tmp_path)
    assert process.stdout is not None
    out = process.stdout.read(30_000)  # more than all the lines: the rest of the print waits for room
    process.send_signal(signal.SIGTERM)
    out += process.communicate(timeout=60)[0]
    assert process.returncode == -signal.SIGTERM
    assert out.count(b'"line ') == 100


# Threads


def test_a_thread_that_logs_first_when_the_main_thread_has_ended(tmp_path: Path) -> None:
    program = LOG + textwrap.dedent(
        """
        def work():
            threading.main_thread().join()
            log.info("late")
        threading.Thread(target=work).start()
        """
    )
    assert texts(program, tmp_path) == ["late"]


@pytest.mark.parametrize("first", [True, False])
def test_the_only_record_at_exit(tmp_path: Path, first: bool) -> None:
    late = "import atexit, logging\natexit.register(lambda: logging.getLogger('app').info('over'))\n"
    assert texts(late + LOG if first else LOG + late, tmp_path) == ["over"]


def test_threads_that_log_all_the_time_do_not_keep_the_program_from_ending(tmp_path: Path) -> None:
    program = LOG + textwrap.dedent(
        """
        setup.MAX_QUEUED = 1000
        def work():
            while True:
                log.info("still there")
        for _ in range(3):
            threading.Thread(target=work, daemon=True).start()
        log.info("over")
        """
    )
    assert "over" in texts(program, tmp_path)


def test_where_no_thread_can_be_started_the_caller_writes(tmp_path: Path) -> None:
    program = LOG + textwrap.dedent(
        """
        def refuse(*_):
            raise RuntimeError("can't start new thread")
        start, threading.Thread.start = threading.Thread.start, refuse
        log.info("one " * 2000)  # too long for a pipe to take at once
        assert not setup._handler.jobs
        log.info("two")
        threading.Thread.start = start
        log.info("three " * 2000)
        """
    )
    assert [str(text).split()[0] for text in texts(program, tmp_path)] == ["one", "two", "three"]


def test_a_flush_is_a_flush(tmp_path: Path) -> None:
    program = LOG + "for n in range(500):\n    log.info('line %d', n)\nlogging.getLogger().handlers[0].flush()\n"
    process = start(program + "os.kill(os.getpid(), signal.SIGKILL)\n", tmp_path)
    assert messages(process.communicate(timeout=60)[0]) == [f"line {n}" for n in range(500)]


def test_a_flush_in_a_signal_handler_where_the_caller_writes(tmp_path: Path) -> None:
    program = LOG + textwrap.dedent(
        """
        def refuse(*_):
            raise RuntimeError
        threading.Thread.start = refuse
        write = os.write
        def interrupted(file, data):
            os.write = write
            log.info("in the middle")
            os.kill(os.getpid(), signal.SIGUSR1)
            return write(file, data)
        os.write = interrupted
        signal.signal(signal.SIGUSR1, lambda *_: setup._handler.flush())
        log.info("one " * 2000)
        """
    )
    found = texts(program, tmp_path)
    assert sorted(str(text).strip()[:13] for text in found) == ["in the middle", "one one one o"]


@pytest.mark.parametrize("library", ["gevent", "eventlet"])
@pytest.mark.parametrize("late", [False, True])
def test_monkey_patches_before_and_after_the_set_up(tmp_path: Path, library: str, late: bool) -> None:
    if not importlib.util.find_spec(library):
        pytest.skip(f"needs {library}")
    patch = {
        "gevent": "from gevent import monkey\nmonkey.patch_all()\n",
        "eventlet": "import eventlet\neventlet.monkey_patch()\n",
    }
    spawn = {"gevent": "import gevent\njobs = [gevent.spawn(log.info, n) for n in range(9)]\ngevent.joinall(jobs)\n"}
    spawn["eventlet"] = "pool = eventlet.GreenPool()\nfor n in range(9):\n    pool.spawn(log.info, n)\npool.waitall()\n"
    program = LOG + "log.info('first')\n" + patch[library] if late else patch[library] + LOG + "log.info('first')\n"
    found = texts(program + spawn[library], tmp_path, "queue gevent", PYTHONWARNINGS="ignore")
    assert sorted(map(str, found)) == sorted([*"012345678", "first"])


LOGURU = LOG + "from loguru import logger\n"


@pytest.mark.parametrize(("environment", "shown"), [({}, 3), ({"LOG_LEVEL": "success"}, 1)])
def test_logurus_events_come_in_the_one_stream_once(tmp_path: Path, environment: dict[str, str], shown: int) -> None:
    pytest.importorskip("loguru")
    program = LOGURU + textwrap.dedent(
        """
        setup.setup_logging()  # again
        logger.debug("at {}", "debug")
        log.info("of logging")
        try:
            sys.exit("no")
        except SystemExit:
            logger.bind(user="me", name="n", lock=threading.Lock()).exception("lost {{}}")
        """
    )
    *others, lost = events(program, tmp_path, "none loguru", **environment)
    assert [event["message"] for event in others] == ["at debug", "of logging"][: shown - 1]
    assert (lost["message"], lost["levelname"], lost["name"]) == ("lost {{}}", "ERROR", "__main__")
    assert (lost["user"], lost["name_"]) == ("me", "n")
    assert "<unlocked _thread.lock" in lost["lock"]
    assert lost["exc_info"].endswith("SystemExit: no")


def test_sinks_that_a_program_gives_loguru_stay_and_its_levels_have_names(tmp_path: Path) -> None:
    pytest.importorskip("loguru")
    own = "logger.remove()\nlogger.add(io.StringIO())\n"
    before = BEGIN.replace("setup.setup_logging()\n", f"from loguru import logger\n{own}setup.setup_logging()\n")
    assert events(f"{before}logger.info('x')\n", tmp_path, "none loguru") == []
    assert events(f"{LOGURU}{own}logger.info('x')\n", tmp_path, "none loguru") == []
    (event,) = events(f"{LOGURU}logger.success('x')\n", tmp_path, "none loguru")
    assert event["levelname"] == "SUCCESS"


# Standard output


STREAMS = {
    "a logger": """
    def write(self, text):
        if text.strip():
            log.info(text.strip())
    """,
    "a logger that minds its echo": """
    busy = False
    def write(self, text):
        if self.busy or not text.strip():
            return 0
        self.busy = True
        log.info(text.strip())
        self.busy = False
        return len(text)
    """,
    "a logger with the descriptor": """
    def fileno(self):
        return 1
    def write(self, text):
        if text.strip():
            log.info(text.strip())
    """,
}


@pytest.mark.parametrize("kind", STREAMS)
def test_a_standard_output_that_leads_to_the_loggers_does_not_feed_itself(tmp_path: Path, kind: str) -> None:
    program = LOG + f"class Stream:{STREAMS[kind]}def flush(self):\n        pass\n"
    found = texts(program + "sys.stdout = Stream()\nlog.info('before')\nprint('hello')\nlog.info('after')\n", tmp_path)
    assert found == ["before", "hello", "after"]


def test_a_standard_output_that_another_thread_logs_does_not_feed_itself(tmp_path: Path) -> None:
    program = LOG + textwrap.dedent(
        """
        import queue, time
        lines = queue.Queue()
        class Stream:
            def write(self, text):
                if text.strip():
                    lines.put(text.strip())
            def flush(self):
                pass
        def pump():
            while text := lines.get():
                log.info(text)
        thread = threading.Thread(target=pump)
        thread.start()
        sys.stdout = Stream()
        log.info("event")
        print("hello")
        while not setup._handler.echo:
            time.sleep(0)
        lines.put("")
        thread.join()
        """
    )
    assert texts(program, tmp_path, "queue streams") == ["event", "hello"]


def test_what_is_captured_is_in_the_buffer_at_once(tmp_path: Path) -> None:
    program = LOG + textwrap.dedent(
        """
        import contextlib
        with contextlib.redirect_stdout(io.StringIO()) as buffer:
            log.info("inside \\udc80")
        assert "inside" in buffer.getvalue()
        with open("out.txt", "w", encoding="ascii") as file, contextlib.redirect_stdout(file):
            log.info("in a file")
        assert "in a file" in open("out.txt").read()
        with contextlib.redirect_stdout(None):
            log.info("nowhere")
        log.info("outside")
        """
    )
    assert texts(program, tmp_path) == ["outside"]


def test_a_wrapper_around_standard_output_is_written_through_by_the_thread(tmp_path: Path) -> None:
    program = LOG + textwrap.dedent(
        """
        class Loud:
            def __init__(self, stream):
                self.stream = stream
            def write(self, text):
                assert threading.current_thread() is not threading.main_thread()
                return self.stream.write(text.replace("one", "ONE"))
            def __getattr__(self, name):
                return getattr(self.stream, name)
        sys.stdout = Loud(sys.stdout)
        async def main():
            log.info("one")
        asyncio.run(main())
        setup._handler.flush()
        """
    )
    assert texts(program, tmp_path, "queue streams") == ["ONE"]


def test_a_detached_standard_output_is_no_loss(tmp_path: Path) -> None:
    program = LOG + "sys.stdout = io.TextIOWrapper(sys.stdout.detach(), encoding='utf-8')\nlog.info('x')\n"
    assert texts(program, tmp_path) == ["x"]


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_printed_lines_stay_whole_and_in_order(tmp_path: Path, unbuffered: str) -> None:
    """`print` writes a line in pieces, which come out as they are where Python's output is unbuffered."""
    program = LOG + textwrap.dedent(
        """
        def work():
            for n in range(2000):
                log.info(n)
        thread = threading.Thread(target=work)
        thread.start()
        for n in range(2000):
            print("printed", n)
        thread.join()
        print("before")
        log.info("after")
        """
    )
    process = start(program, tmp_path, PYTHONUNBUFFERED=unbuffered)
    lines = process.communicate(timeout=60)[0].decode().splitlines()
    assert [line for line in lines if not line.startswith("{")] == [*(f"printed {n}" for n in range(2000)), "before"]
    assert lines.index("before") < next(n for n, line in enumerate(lines) if '"after"' in line)


def test_trios_loop_never_waits_for_room(tmp_path: Path) -> None:
    pytest.importorskip("trio")
    program = (
        "import trio\n"
        + LOG
        + textwrap.dedent(
            """
        setup.MAX_QUEUED = 10
        setup._handler.turn["of"] = [0]  # no thread takes anything out
        async def main():
            for n in range(15):
                log.info("event %d", n)
        trio.run(main)
        setup._handler.turn.clear()
        setup._handler.work(may_wait=True)
        log.info("last")
        """
        )
    )
    assert "5 records were dropped" in texts(program, tmp_path, "queue trio")


@pytest.mark.parametrize(("encoding", "written"), [("utf-8", "caf\xe9 \\udc80"), ("ascii", "caf\\xe9 \\udc80")])
def test_only_what_cannot_be_encoded_is_escaped(tmp_path: Path, encoding: str, written: str) -> None:
    program = LOG + textwrap.dedent(
        """
        setup._handler.setFormatter(logging.Formatter("%(message)s"))
        for n in range(3):
            log.info("caf\\xe9 \\udc80")
            log.info("plain %d \\xe9", n)
        """
    )
    out, _ = start(program, tmp_path, PYTHONIOENCODING=encoding).communicate(timeout=60)
    lines = out.decode(encoding).splitlines()
    assert lines[::2] == [written] * 3
    assert lines[1::2] == [f"plain {n} {written[3 : written.index(' ')]}" for n in range(3)]


def test_an_encoding_with_a_mark_at_its_beginning(tmp_path: Path) -> None:
    process = start(LOG + "for n in range(3):\n    log.info('x%d', n)\n", tmp_path, PYTHONIOENCODING="utf-16")
    assert messages(process.communicate(timeout=60)[0].decode("utf-16")) == ["x0", "x1", "x2"]


# Levels


@pytest.mark.parametrize(
    ("value", "level"),
    [
        ("", "INFO"),
        (" info ", "INFO"),
        ("20", "INFO"),
        ("10", "DEBUG"),
        ("Warn", "WARNING"),
        ("notset", "NOTSET"),
        ("fine", "FINE"),
    ],
)
def test_levels_by_the_environment(tmp_path: Path, value: str, level: str) -> None:
    program = "import logging\nlogging.addLevelName(5, 'FINE')\n" + LOG
    assert (
        texts(program + f"assert logging.getLevelName(logging.root.level) == {level!r}\n", tmp_path, LOG_LEVEL=value)
        == []
    )


@pytest.mark.parametrize("value", ["verbose", "INFO,DEBUG", "-1", "20.5"])
def test_what_is_no_level_is_said_once(tmp_path: Path, value: str) -> None:
    program = LOG + "assert logging.root.level == logging.INFO\n"
    assert texts(program, tmp_path, LOG_LEVEL=value) == [f"{value.upper()!r} is not a log level; the level is INFO"]


@pytest.mark.parametrize(
    ("value", "level"), [("'debug'", 10), ("'20'", 20), ("0", 0), ("logging.ERROR", 40), ("None", 20)]
)
def test_levels_as_arguments(tmp_path: Path, value: str, level: int) -> None:
    program = (
        "import logging.config\n" + BEGIN + f"setup.setup_logging({value})\nassert logging.root.level == {level}\n"
    )
    program += f"logging.root.setLevel(1)\nlogging.config.dictConfig(setup.logging_config({value}))\n"
    assert texts(program + f"assert logging.root.level == {level}\n", tmp_path, "queue dictconfig") == []


# Handlers that are there


HANDLERS = {
    "logging.StreamHandler()": False,
    "logging.StreamHandler(sys.stdout)": False,
    "logging.StreamHandler(io.TextIOWrapper(io.FileIO(1, 'w', closefd=False)))": False,
    "type('Colored', (logging.StreamHandler,), {})()": False,
    "logging.FileHandler('/dev/stdout')": False,
    "type('Rich', (logging.Handler,), {'console': type('Console', (), {'file': sys.stdout})})()": False,
    "logging.handlers.MemoryHandler(9, target=logging.StreamHandler(sys.stdout))": False,
    "logging.handlers.MemoryHandler(9)": True,
    "logging.handlers.MemoryHandler(9, target=logging.FileHandler('x.log'))": True,
    "logging.FileHandler('x.log')": True,
    "logging.StreamHandler(io.StringIO())": True,
    "logging.NullHandler()": True,
}


@pytest.mark.parametrize("handler", HANDLERS)
@pytest.mark.parametrize("logger", ["", "django"])
@pytest.mark.parametrize("how", ["setup.setup_logging()", "logging.config.dictConfig(setup.logging_config())"])
def test_only_handlers_that_write_to_the_terminal_make_way(tmp_path: Path, handler: str, logger: str, how: str) -> None:
    if "dictConfig" in how and "target" in handler:
        pytest.skip("a dictConfig takes the target away")
    stays = HANDLERS[handler] and (logger != "" or "dictConfig" not in how)  # a dictConfig names all of the root's
    if logger == "" and "dictConfig" not in how and not HANDLERS[handler]:
        pytest.skip("a handler of the root logger that writes to the terminal is the host's")
    program = f"""
        import io, logging, logging.config, logging.handlers, sys
        import logging_setup as setup
        there = {handler}
        logging.getLogger({logger!r}).addHandler(there)
        {how}
        assert (there in logging.getLogger({logger!r}).handlers) is {stays}
        logging.getLogger("django").info("once")
    """
    assert texts(program, tmp_path, ALL) == ["once"]


@pytest.mark.parametrize(
    ("handler", "parts"),
    [
        *((handler, "queue hosts") for handler, stays in HANDLERS.items() if not stays),
        *((f"logging.StreamHandler({stream})", parts) for stream in ("sys.stdout", "") for parts in ("queue", "none")),
    ],
)
def test_where_the_root_logger_writes_to_the_terminal_nothing_comes_beside_it(
    tmp_path: Path, handler: str, parts: str
) -> None:
    program = f"""
        import io, logging, logging.handlers, sys
        import logging_setup as setup
        there, root = {handler}, logging.getLogger()
        root.addHandler(there)
        setup.setup_logging()
        setup.setup_logging()
        assert root.handlers == [there]
        assert root.level == logging.INFO
        root.setLevel(logging.DEBUG)
        setup.setup_logging()
        assert root.level == logging.DEBUG, "nobody asked for another"
        setup.setup_logging("ERROR")
        assert root.level == logging.ERROR
    """
    assert texts(program, tmp_path, parts) == []


def test_a_handler_of_the_host_that_drops_messages_makes_way(tmp_path: Path) -> None:
    program = """
        import logging
        import logging_setup as setup
        errors = logging.StreamHandler()
        errors.setLevel("ERROR")
        logging.getLogger().addHandler(errors)
        setup.setup_logging()
        logging.getLogger("x").info("once")
        logging.getLogger("x").error("one error")
    """
    assert texts(program, tmp_path, "queue hosts") == ["once", "one error"]
    assert texts(program, tmp_path) == ["once", "one error"]


def test_a_handler_that_prints_is_named(tmp_path: Path) -> None:
    program = """
        import logging, sys
        import logging_setup as setup
        class Platform(logging.Handler):
            def emit(self, record):
                sys.stdout.flush()
        logging.getLogger().addHandler(Platform())
        setup.setup_logging()
    """
    assert texts(program, tmp_path, "queue hosts") == ["Platform.emit may write events twice"]


def test_a_server_whose_log_goes_to_a_file_keeps_it_there(tmp_path: Path) -> None:
    program = """
        import logging
        access = logging.getLogger("gunicorn.access")
        access.addHandler(logging.FileHandler("access.log"))
        access.propagate = False
        import logging_setup
        logging_setup.setup_logging()
        access.info("GET /")
        assert open("access.log").read() == "GET /\\n"
    """
    assert texts(program, tmp_path, "queue servers") == []


def test_a_module_that_is_loaded_again_or_under_another_name_writes_once(tmp_path: Path) -> None:
    program = LOG + textwrap.dedent(
        """
        import importlib, shutil
        importlib.reload(setup)
        setup.setup_logging()
        log.info("reloaded")
        shutil.copy("logging_setup.py", "other_name.py")
        import other_name
        other_name.setup_logging()
        log.info("other name")
        """
    )
    assert sorted(map(str, texts(program, tmp_path))) == ["other name", "reloaded"]


# Fields


FIELDS = {
    "float('nan')": "nan",
    "[1, float('inf')]": "[1, inf]",
    "{(1, 2): 3}": "{(1, 2): 3}",
    "b'x'": "b'x'",
    "'\\udc80'": "\\udc80",
    "'\\U0001f600'": "\U0001f600",
    "'\\\\ud800'": "\\ud800",
    "{'a': [1, None, 1.5, 'b']}": {"a": [1, None, 1.5, "b"]},
}


@pytest.mark.parametrize("value", FIELDS)
def test_every_line_is_strict_json(tmp_path: Path, value: str) -> None:
    (tmp_path / "pythonjsonlogger.py").write_text("raise ImportError", "utf-8")  # else it decides on bytes
    program = LOG + f"log.info('x', extra={{'field': {value}, 'other': [1, 'a']}})\n"
    (event,) = events(program, tmp_path)
    assert event["field"] == FIELDS[value]
    assert event["other"] == [1, "a"]


@pytest.mark.parametrize("value", ["Broken()", "10 ** 5000", "deep", "[Broken()]", "{Broken(): 1}"])
def test_a_field_that_cannot_be_shown_costs_no_event(tmp_path: Path, value: str) -> None:
    program = LOG + textwrap.dedent(
        f"""
        class Broken:
            def __repr__(self):
                raise RuntimeError("the row is detached")
        deep = []
        for _ in range(100_000):
            deep = [deep]
        log.info("x", extra={{"field": {value}}})
        os._exit((setup._handler.flush(), 0)[1])
        """
    )
    sys.set_int_max_str_digits(0)
    (event,) = events(program, tmp_path)
    assert event["message"] == "x"


def test_context_with_the_names_of_a_records_own(tmp_path: Path) -> None:
    program = LOG + "with setup.log_context(name='n', message='m', process='p', user='u'):\n    log.info('x')\n"
    (event,) = events(program, tmp_path)
    assert (event["name"], event["message"]) == ("app", "x")
    assert (event["name_"], event["message_"], event["process_"], event["user"]) == ("n", "m", "p", "u")


def test_uvicorns_coloured_copy_of_the_message_is_no_field(tmp_path: Path) -> None:
    program = LOG + "log.info('started', extra={'color_message': '\\x1b[1mstarted'})\n"
    (event,) = events(program, tmp_path)
    assert "color_message" not in event


def test_the_time_is_in_utc_and_says_so(tmp_path: Path) -> None:
    program = LOG + "log.handle(logging.makeLogRecord({'levelno': 20, 'created': 0.25, 'msecs': 250.0, 'msg': 'x'}))\n"
    (event,) = events(program, tmp_path, TZ="America/New_York")
    assert event["asctime"] == "1970-01-01T00:00:00.250+00:00"


def test_a_message_that_says_something_while_it_is_made(tmp_path: Path) -> None:
    program = LOG + textwrap.dedent(
        """
        class Chatty:
            def __str__(self):
                log.info("asked")
                return "chatty"
        log.info("%s", Chatty())
        """
    )
    assert texts(program, tmp_path) == ["asked", "chatty"]


def test_errors_reach_a_standard_error_that_leads_to_the_loggers(tmp_path: Path) -> None:
    program = LOG + textwrap.dedent(
        """
        class ToLog:
            def write(self, text):
                log.error(text) if text.strip() else None
            def flush(self):
                pass
        sys.stderr = ToLog()
        log.info("%d", "no number")
        """
    )
    assert "TypeError: %d format" in "".join(map(str, texts(program, tmp_path)))
