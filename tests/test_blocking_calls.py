"""PRT401 and PRT405 look at what a call reaches: silent before a queue, and naming the handler that writes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run, clean_environment, write_files

pytestmark = [pytest.mark.inside, pytest.mark.system]

API = "import logging\nlogger = logging.getLogger(__name__)\nasync def get(n):\n    logger.info('got %d', n)\n"
LOGS = "import logging\nimport logging.handlers\nimport queue\nwaiting = queue.SimpleQueue()\n"
MAIN = "import asyncio\nfrom shop import api, logs\nasyncio.run(api.get(1))\n"
QUEUE = "logging.handlers.QueueHandler(waiting)"
CONFIG = (
    "import logging.config\nlogging.config.dictConfig({{'version': 1, 'handlers': {{'q': {{'class': "
    "'logging.handlers.QueueHandler'}}, 'f': {{'class': 'logging.FileHandler', 'filename': 'x.log'}}}}, {}}})\n"
)

QUEUED = {
    "of the root": f"logging.getLogger().addHandler({QUEUE})\n",
    "of the root, by basicConfig": f"logging.basicConfig(handlers=[{QUEUE}])\n",
    "of the root, assigned": f"logging.root.handlers = [{QUEUE}]\n",
    "of the root, instead of another": (
        f"logging.basicConfig()\nroot = logging.getLogger()\nroot.handlers.clear()\nroot.addHandler({QUEUE})\n"
    ),
    "of the package": f"logging.getLogger('shop').addHandler({QUEUE})\n",
    "of the logger": f"logging.getLogger('shop.api').addHandler({QUEUE})\n",
    "of the logger, beside a null handler": (
        f"logger = logging.getLogger('shop.api')\nlogger.addHandler({QUEUE})\n"
        "logger.addHandler(logging.NullHandler())\n"
    ),
    "of the logger, which does not propagate": (
        f"logging.basicConfig()\nlogger = logging.getLogger('shop.api')\nlogger.propagate = False\n"
        f"logger.addHandler({QUEUE})\n"
    ),
    "of a class of the project": (
        "class Mine(logging.handlers.QueueHandler):\n    pass\nlogging.root.addHandler(Mine(waiting))\n"
    ),
    "through a variable": f"handler = {QUEUE}\nlogging.root.addHandler(handler)\n",
    "through a function": f"def attach(handler):\n    logging.root.addHandler(handler)\nattach({QUEUE})\n",
    "in a configuration": CONFIG.format("'root': {'handlers': ['q']}"),
    "nowhere": (
        "logger = logging.getLogger('shop.api')\nlogger.propagate = False\nlogger.addHandler(logging.NullHandler())\n"
    ),
    "and behind it a stream": (
        f"listener = logging.handlers.QueueListener(waiting, logging.StreamHandler())\nlistener.start()\n"
        f"logging.root.addHandler({QUEUE})\n"
    ),
}
BLOCKING = {
    "nothing known": ("", "in async code"),
    "a library's null handler": ("logging.getLogger('shop').addHandler(logging.NullHandler())\n", "in async code"),
    "the queue of another logger": (f"logging.getLogger('shop.other').addHandler({QUEUE})\n", "in async code"),
    "an unknown handler": ("logging.root.addHandler(make())\n", "in async code"),
    "basicConfig": (
        "logging.basicConfig()\n",
        "writes to the `basicConfig` handler of the root logger (shop/logs.py:5)",
    ),
    "a stream": (
        "logging.root.addHandler(logging.StreamHandler())\n",
        "writes to the `StreamHandler` of the root logger (shop/logs.py:5)",
    ),
    "mails": (
        "logging.root.addHandler(logging.handlers.SMTPHandler('h', 'a', ['b'], 's'))\n",
        "writes to the `SMTPHandler` of the root logger (shop/logs.py:5)",
    ),
    "a file beside the queue": (
        f"logger = logging.getLogger('shop.api')\nlogger.addHandler({QUEUE})\n"
        "logger.addHandler(logging.FileHandler('x.log'))\n",
        "writes to the `FileHandler` of `shop.api` (shop/logs.py:7)",
    ),
    "the root's, behind an own queue": (
        f"logging.getLogger('shop.api').addHandler({QUEUE})\nlogging.basicConfig()\n",
        "writes to the `basicConfig` handler of the root logger (shop/logs.py:6)",
    ),
    "rich": (
        "from rich.logging import RichHandler\nlogging.basicConfig(handlers=[RichHandler()])\n",
        "writes to the `RichHandler` of the root logger (shop/logs.py:6)",
    ),
    "a configuration": (
        CONFIG.format("'root': {'handlers': ['q', 'f']}"),
        "writes to the handler `f` of the root logger (shop/logs.py:6)",
    ),
}


def program(folder: Path, logs: str, api: str = API) -> Path:
    files = {"shop/__init__.py": "", "shop/logs.py": LOGS + logs, "shop/api.py": api, "main.py": MAIN}
    return write_files(folder, files)


def found(printlint: Run, code: str = "PRT401", *options: str) -> list[str]:
    lines = printlint("check", "--isolated", "--no-cache", "--select", code, *options, "shop/api.py").stdout
    return re.findall(rf"{code} (.*)", lines)


@pytest.mark.parametrize("logs", QUEUED.values(), ids=QUEUED)
@pytest.mark.parametrize("backend", ["auto", "none"])
def test_a_call_before_a_queue_is_not_reported(printlint: Run, tmp_path: Path, logs: str, backend: str) -> None:
    program(tmp_path, logs)
    assert found(printlint, "PRT401", f"--async-backend={backend}") == []


@pytest.mark.parametrize(("logs", "where"), BLOCKING.values(), ids=BLOCKING)
def test_a_call_that_waits_is_reported_with_what_it_waits_for(
    printlint: Run, tmp_path: Path, logs: str, where: str
) -> None:
    program(tmp_path, logs)
    assert found(printlint) == [f"Blocking `info` call {where}; await an asynchronous logger"]


def test_structlogs_own_method_to_await_is_named(printlint: Run, tmp_path: Path) -> None:
    text = "import structlog\n\nlog = structlog.get_logger()\n\n\nasync def work():\n    log.warn('x')\n"
    program(tmp_path, "", text)
    assert found(printlint) == ["Blocking `warn` call in async code; await `awarning`"]


def test_what_another_program_sets_up_has_no_say(printlint: Run, tmp_path: Path) -> None:
    program(tmp_path, "")
    write_files(tmp_path, {"other.py": f"{LOGS}logging.root.addHandler({QUEUE})\n"})
    assert found(printlint) == ["Blocking `info` call in async code; await an asynchronous logger"]


def test_an_unknown_logger_may_have_any_handler_of_the_program(printlint: Run, tmp_path: Path) -> None:
    api = "import logging\nasync def get(n, log: logging.Logger):\n    log.info('got %d', n)\n"
    program(tmp_path, f"logging.root.addHandler({QUEUE})\n", api)
    assert found(printlint) == []
    program(
        tmp_path, f"logging.root.addHandler({QUEUE})\nlogging.getLogger('a').addHandler(logging.StreamHandler())\n", api
    )
    assert found(printlint) != []


def test_functions_of_logging_reach_the_root_logger(printlint: Run, tmp_path: Path) -> None:
    api = "import logging\nasync def get(n):\n    logging.info('got %d', n)\n"
    program(tmp_path, f"logging.getLogger('shop.api').addHandler({QUEUE})\n", api)
    assert found(printlint) != []
    program(tmp_path, f"logging.root.addHandler({QUEUE})\n", api)
    assert found(printlint) == []


def test_home_assistant_has_a_queue_of_its_own(printlint: Run, tmp_path: Path) -> None:
    program(tmp_path, "", f"from homeassistant.core import HomeAssistant\n{API}")
    assert found(printlint) == []
    write_files(tmp_path, {"shop/api.py": f"from homeassistant.core import HomeAssistant\n{API}    print('set up')\n"})
    printlint("fix", "--isolated", "--no-setup", "shop/api.py")
    assert "\n    logger.info('set up')\n" in (tmp_path / "shop/api.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(("logs", "reported"), [(QUEUED["of the root"], False), (BLOCKING["a stream"][0], True)])
def test_helpers_of_asynchronous_code_are_asked_the_same(
    printlint: Run, tmp_path: Path, logs: str, *, reported: bool
) -> None:
    helper = "import logging\nlogger = logging.getLogger(__name__)\ndef _tell(n):\n    logger.info('got %d', n)\n"
    program(tmp_path, logs, f"{helper}async def get(n):\n    _tell(n)\n")
    assert bool(found(printlint, "PRT405")) is reported


def test_before_a_queue_of_the_project_prints_become_plain_calls(printlint: Run, tmp_path: Path) -> None:
    logs = (
        "stream = logging.StreamHandler()\nstream.setFormatter(logging.Formatter('%(message)s'))\n"
        "listener = logging.handlers.QueueListener(waiting, stream)\nlistener.start()\nimport atexit\n"
        f"atexit.register(listener.stop)\nlogging.root.setLevel(20)\nlogging.root.addHandler({QUEUE})\n"
    )
    program(tmp_path, logs, f"{API}    print('loading the order', n)\n")
    printlint("fix", "--isolated", "shop")
    written = (tmp_path / "shop/api.py").read_text(encoding="utf-8")
    assert written == f"{API}    logger.info('loading the order %s', n)\n"
    command = [sys.executable, "main.py"]
    done = subprocess.run(
        command, cwd=tmp_path, env=clean_environment(), capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr == "got 1\nloading the order 1\n"
    assert printlint("fix", "--isolated", "--diff", "shop").stdout == ""


SHARED = "import logging\n{}\nlogging.basicConfig(level=logging.INFO{})\n{}logger = logging.getLogger('shop')\n"
OTHERS = "from logs import logger\nasync def get(n):\n    logger.info('got %d', n)\n"


@pytest.mark.parametrize(
    ("line", "more", "left"),
    [
        ("unblock()\n", "", 0),
        ("", "", 1),
        ("unblock(logging.getLogger('other'))\n", "", 1),
        ("unblock()\n", ", handlers=[Mine()]", 1),  # nobody knows what another class does in another thread
    ],
)
def test_handlers_that_the_set_up_module_unblocks_are_a_queue(
    inside: Run, tmp_path: Path, line: str, more: str, left: int
) -> None:
    write_files(tmp_path, {"main.py": "import asyncio\nimport work\nasyncio.run(work.get(1))\n", "work.py": OTHERS})
    mine = "from logging_setup import unblock\nfrom mine import Mine\n"
    (tmp_path / "logs.py").write_text(SHARED.format(mine, more, line))
    inside("init", "--no-wire", ".")
    assert inside("check", "--isolated", "--select", "PRT401", "work.py").stdout.count("PRT401") == left
