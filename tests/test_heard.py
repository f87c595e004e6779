"""What `heard` says of a program, held against the program: which handlers get a record of a logger.

Each program is run; then every handler of every logger notes what it is given, and a record is made.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import clean_environment, write_files

from printlint.facts.delivery.heard import Heard, Listeners
from printlint.facts.log_setup.logger_settings import Attached
from printlint.facts.log_setup.written_to import HandlerKind
from printlint.facts.project.project import Project
from printlint.run import Run

pytestmark = pytest.mark.system

PROBE = """
import json, logging, runpy, sys
name, level = sys.argv[1:]
runpy.run_path("main.py", run_name="__main__")
seen = []
owners = {"": logging.root, **logging.root.manager.loggerDict}
def listen(handler, *owners):
    handler.emit = lambda record: seen.append([type(handler).__name__, owners])
handlers = {handler for logger in owners.values() for handler in getattr(logger, "handlers", ())}
for handler in handlers:
    listen(handler, *(owner for owner, logger in owners.items() if handler in getattr(logger, "handlers", ())))
listen(logging.lastResort, "")
getattr(logging.getLogger(name), level)("x")
print("PROBE" + json.dumps(seen))
"""


ON_TERMINAL = {"StreamHandler", "Mine"}


class Case(NamedTuple):
    """A program, with the logger and the method that are asked for."""

    files: dict[str, str]
    logger: str = "lib"
    level: str = "info"


def program(main: str, logger: str = "lib", level: str = "info", **more: str) -> Case:
    head = "import logging\nimport sys\n"
    names = {"app": "app/__init__", "app_lib": "app/lib"}
    files = {f"{names.get(name, name)}.py": head + text for name, text in {"main": main, **more}.items()}
    return Case(files, logger, level)


LIB = "import lib\n"
NAMED = "logger = logging.getLogger(__name__)\n"
DICT = (
    "import logging.config\nlogging.config.dictConfig({{'version': 1, 'disable_existing_loggers': {keep}, 'handlers': "
    "{{'out': {{'class': 'logging.StreamHandler'}}}}, {rest}}})\n"
)
PROGRAMS = {
    "nothing": program(LIB, lib=NAMED),
    "nothing, a warning": program(LIB, level="warning", lib=NAMED),
    "basicConfig": program("import lib\nlogging.basicConfig(level=20)\n", lib=NAMED),
    "basicConfig without a level": program("import lib\nlogging.basicConfig()\n", lib=NAMED),
    "basicConfig, debug": program("import lib\nlogging.basicConfig(level=logging.INFO)\n", level="debug", lib=NAMED),
    "basicConfig of a file": program("import lib\nlogging.basicConfig(level=20, filename='x.log')\n", lib=NAMED),
    "basicConfig with handlers": program(
        "import lib\nlogging.basicConfig(level=20, handlers=[logging.StreamHandler(), logging.FileHandler('x.log')])\n",
        lib=NAMED,
    ),
    "basicConfig twice": program(
        "import lib\nlogging.basicConfig(level=20)\nlogging.basicConfig(level=40, filename='x.log')\n", lib=NAMED
    ),
    "basicConfig by force": program(
        "import lib\nlogging.basicConfig(level=20)\nlogging.basicConfig(level=20, filename='x.log', force=True)\n",
        lib=NAMED,
    ),
    "basicConfig without effect": program(
        "import lib\nlogging.getLogger().addHandler(logging.StreamHandler())\nlogging.basicConfig(level=20)\n",
        lib=NAMED,
    ),
    "basicConfig without effect, by an import": program(
        "import lib\nlogging.basicConfig(level=20)\n",
        lib=NAMED + "logging.getLogger().addHandler(logging.FileHandler('x.log'))\nlogging.root.setLevel(10)\n",
    ),
    "basicConfig before a function adds one": program(
        "import lib\nlogging.basicConfig(level=20)\nlib.set_up()\n",
        lib=NAMED + "def set_up():\n    logging.getLogger().addHandler(logging.StreamHandler(sys.stdout))\n",
    ),
    "basicConfig after a function adds one": program(
        "import lib\nlib.set_up()\nlogging.basicConfig(level=20)\nlogging.root.setLevel(20)\n",
        lib=NAMED + "def set_up():\n    logging.getLogger().addHandler(logging.StreamHandler(sys.stdout))\n",
    ),
    "basicConfig before a function has another add one": program(
        "import lib\nlogging.basicConfig(level=20)\nlib.begin()\n",
        lib=NAMED + "def begin():\n    add()\ndef add():\n    logging.root.addHandler(logging.StreamHandler())\n",
    ),
    "basicConfig after a function has another add one": program(
        "import lib\nlib.begin()\nlogging.basicConfig(level=20)\nlogging.root.setLevel(20)\n",
        lib=NAMED + "def begin():\n    add()\ndef add():\n    logging.root.addHandler(logging.StreamHandler())\n",
    ),
    "a handler only where there is none yet": program(
        "import lib\nlogging.basicConfig(level=20)\nlib.set_up()\n",
        lib=NAMED + "def set_up():\n    if logging.root.handlers:\n        return\n"
        "    logging.root.addHandler(logging.StreamHandler())\n",
    ),
    "a handler behind another condition": program(
        "import lib\nlogging.basicConfig(level=20)\nlib.set_up(False)\n",
        lib=NAMED
        + "def set_up(quiet):\n    if quiet:\n        return\n    logging.root.addHandler(logging.StreamHandler())\n",
    ),
    "handlers that the list gets": program(
        "import lib\nlogging.root.setLevel(20)\nlogging.root.handlers.extend([logging.StreamHandler()])\n"
        "logging.root.handlers.insert(0, logging.NullHandler())\n",
        lib=NAMED,
    ),
    "handlers in the place of others": program(
        "import lib\nlogging.basicConfig(level=20, filename='x.log')\n"
        "logging.root.handlers[:] = [logging.StreamHandler()]\n",
        lib=NAMED,
    ),
    "basicConfig in a demonstration": program(
        "import lib\nlogging.root.setLevel(20)\nlogging.root.addHandler(logging.StreamHandler())\n",
        lib=NAMED + "if __name__ == '__main__':\n    logging.basicConfig(level=10, filename='y.log', force=True)\n",
    ),
    "basicConfig in main": program(
        "import lib\ndef main():\n    logging.basicConfig(level=20)\nif __name__ == '__main__':\n    main()\n",
        lib=NAMED,
    ),
    "own handler, and the root's": program(
        "import lib\nlogging.basicConfig(level=20)\n", lib=NAMED + "logger.addHandler(logging.StreamHandler())\n"
    ),
    "own handler alone": program(
        LIB, lib=NAMED + "logger.addHandler(logging.StreamHandler())\nlogger.setLevel(20)\nlogger.propagate = False\n"
    ),
    "own handler, propagating to nothing": program(
        LIB, lib=NAMED + "logger.addHandler(logging.StreamHandler())\nlogger.setLevel(20)\n"
    ),
    "own null handler": program(LIB, lib=NAMED + "logger.addHandler(logging.NullHandler())\n", level="warning"),
    "own null handler, and the root's": program(
        "import lib\nlogging.basicConfig(level=20)\n", lib=NAMED + "logger.addHandler(logging.NullHandler())\n"
    ),
    "no propagation, and no handler": program(
        "import lib\nlogging.basicConfig(level=20)\n", lib=NAMED + "logger.propagate = False\nlogger.setLevel(20)\n"
    ),
    "disabled": program("import lib\nlogging.basicConfig(level=20)\n", lib=NAMED + "logger.disabled = True\n"),
    "switched off": program("import lib\nlogging.basicConfig(level=20)\nlogging.disable(logging.INFO)\n", lib=NAMED),
    "level of the package": program(
        "import app.lib\nlogging.basicConfig(level=20)\n",
        "app.lib",
        app="logging.getLogger('app').setLevel(logging.ERROR)\n",
        app_lib=NAMED,
    ),
    "handler of the package": program(
        "import app.lib\n",
        "app.lib",
        app="log = logging.getLogger('app')\nlog.addHandler(logging.StreamHandler())\nlog.setLevel(20)\n",
        app_lib=NAMED,
    ),
    "package, root and own": program(
        "import app.lib\nlogging.basicConfig(level=20)\n",
        "app.lib",
        app="log = logging.getLogger('app')\nlog.addHandler(logging.StreamHandler())\n",
        app_lib=NAMED + "logger.addHandler(logging.FileHandler('x.log'))\n",
    ),
    "level of the handler": program(
        "import lib\nh = logging.StreamHandler()\nh.setLevel(logging.ERROR)\nlogging.root.addHandler(h)\n"
        "logging.root.setLevel(20)\n",
        lib=NAMED,
    ),
    "two streams by level": program(
        "import lib\nh = logging.StreamHandler()\nh.setLevel(logging.ERROR)\nlogging.root.addHandler(h)\n"
        "logging.root.addHandler(logging.StreamHandler(sys.stdout))\nlogging.root.setLevel(20)\n",
        lib=NAMED,
    ),
    "queue": program(
        "import lib, queue\nimport logging.handlers\nlogging.root.setLevel(20)\n"
        "logging.root.addHandler(logging.handlers.QueueHandler(queue.SimpleQueue()))\n",
        lib=NAMED,
    ),
    "own class": program(
        "import lib\nclass Mine(logging.StreamHandler):\n    pass\nlogging.root.setLevel(20)\n"
        "logging.root.addHandler(Mine())\n",
        lib=NAMED,
    ),
    "only where there is none": program(
        "import lib\nlogging.basicConfig(level=20)\nif not logging.root.handlers:\n"
        "    logging.root.addHandler(logging.FileHandler('x.log'))\n",
        lib=NAMED,
    ),
    "only where there is none, in a function": program(
        "import lib\nlogging.basicConfig(level=20)\nlib.get()\n",
        lib=NAMED + "def get():\n    if logger.hasHandlers():\n        return logger\n"
        "    logger.addHandler(logging.StreamHandler())\n    return logger\n",
    ),
    "removed, and another": program(
        "import lib\nlogging.basicConfig(level=20)\nfor h in logging.root.handlers[:]:\n"
        "    logging.root.removeHandler(h)\nlogging.root.addHandler(logging.FileHandler('x.log'))\n",
        lib=NAMED,
    ),
    "cleared": program("import lib\nlogging.basicConfig(level=20)\nlogging.root.handlers.clear()\n", lib=NAMED),
    "assigned": program(
        "import lib\nlogging.basicConfig(level=20)\nlogging.root.handlers = [logging.FileHandler('x.log')]\n", lib=NAMED
    ),
    "appended": program(
        "import lib\nlogging.root.handlers.append(logging.StreamHandler())\nlogging.root.setLevel(20)\n", lib=NAMED
    ),
    "dictConfig of the root": program(
        "import lib\n" + DICT.format(keep=False, rest="'root': {'handlers': ['out'], 'level': 'INFO'}"), lib=NAMED
    ),
    "dictConfig that disables": program(
        "import lib\n" + DICT.format(keep=True, rest="'root': {'handlers': ['out'], 'level': 'INFO'}"), lib=NAMED
    ),
    "dictConfig that names what it would disable": program(
        "import lib\n"
        + DICT.format(keep=True, rest="'root': {'handlers': ['out'], 'level': 'INFO'}, 'loggers': {'lib': {}}"),
        lib=NAMED,
    ),
    "dictConfig before": program(
        DICT.format(keep=True, rest="'root': {'handlers': ['out'], 'level': 'INFO'}") + "import lib\n", lib=NAMED
    ),
    "dictConfig of a logger": program(
        "import lib\n"
        + DICT.format(
            keep=False, rest="'loggers': {'lib': {'handlers': ['out'], 'level': 'INFO', 'propagate': False}}"
        ),
        lib=NAMED,
    ),
    "dictConfig of both": program(
        "import lib\n"
        + DICT.format(
            keep=False,
            rest="'loggers': {'lib': {'handlers': ['out'], 'level': 'INFO'}}, 'root': {'handlers': ['out']}",
        ),
        lib=NAMED,
    ),
    "dictConfig after basicConfig": program(
        "import lib\nlogging.basicConfig(level=20)\n"
        + DICT.format(keep=False, rest="'root': {'handlers': ['out'], 'level': 'INFO'}"),
        lib=NAMED,
    ),
    "dictConfig without a root, after basicConfig": program(
        "import lib\nlogging.basicConfig(level=20)\n"
        + DICT.format(keep=False, rest="'loggers': {'lib': {'handlers': ['out'], 'level': 'INFO'}}"),
        lib=NAMED,
    ),
    "dictConfig of another file": Case(
        {
            "main.py": "import lib, logging.config\nfrom conf import LOGS\nlogging.config.dictConfig(LOGS)\n",
            "conf.py": "LOGS = {'version': 1, 'disable_existing_loggers': False, 'handlers': {'f': {'class': "
            "'logging.FileHandler', 'filename': 'x.log'}}, 'root': {'handlers': ['f'], 'level': 'INFO'}}\n",
            "lib.py": "import logging\n" + NAMED,
        }
    ),
    "fileConfig": Case(
        {
            "main.py": "import lib, logging.config\n"
            "logging.config.fileConfig('logging.ini', disable_existing_loggers=False)\n",
            "logging.ini": "[loggers]\nkeys=root\n[handlers]\nkeys=out\n[formatters]\nkeys=\n[logger_root]\n"
            "level=INFO\nhandlers=out\n[handler_out]\nclass=StreamHandler\nargs=()\n",
            "lib.py": "import logging\n" + NAMED,
        }
    ),
    "the root's own record": program("logging.basicConfig(level=20)\n", ""),
    "level of the root alone": program("import lib\nlogging.getLogger().setLevel(logging.INFO)\n", lib=NAMED),
    "handler of the root alone": program(
        "import lib\nlogging.getLogger().addHandler(logging.StreamHandler())\n", lib=NAMED
    ),
    "name of another file": program(
        "import lib\nlogging.getLogger('lib').addHandler(logging.StreamHandler())\nlogging.basicConfig(level=20)\n",
        lib=NAMED,
    ),
}


def answer(folder: Path, case: Case, hosts: list[str] | None = None) -> Heard:
    files = [folder / name for name in case.files if name.endswith(".py")]
    with Run():
        project = Project.at(folder)
        listeners = Listeners(project, files, start=folder / "main.py", hosts=hosts)
        return listeners.heard(case.logger, case.level)


def reality(folder: Path, case: Case) -> list[tuple[str, list[str]]]:
    """The classes of the handlers that got the record, each with the loggers that have it."""
    command = [sys.executable, "probe.py", case.logger, case.level]
    done = subprocess.run(
        command, cwd=folder, env=clean_environment(), capture_output=True, text=True, timeout=60, check=True
    )
    seen: list[tuple[str, list[str]]] = json.loads(done.stdout.rpartition("PROBE")[2])
    return seen


@pytest.mark.parametrize("case", PROGRAMS.values(), ids=PROGRAMS)
def test_the_handlers_that_get_a_record_are_known(case: Case, tmp_path: Path) -> None:
    write_files(tmp_path, {"probe.py": PROBE, "pyproject.toml": "", **case.files})
    found = answer(tmp_path, case)
    seen = reality(tmp_path, case)
    met = [(class_of(item), item.logger) for item in found.met if item.kind is not HandlerKind.NULL]
    if found.lost:
        assert seen == []
    else:
        assert sorted(name for name, _ in met) == sorted(name for name, _ in seen)
        assert (found.doubled is not None) == (sum(name in ON_TERMINAL for name, _ in seen) > 1)
        assert all(any(name == other and owner in owners for other, owners in seen) for name, owner in met)


def class_of(item: Attached) -> str:
    return item.class_name.rpartition(".")[2] or item.shown


def test_of_the_two_branches_of_a_condition_one_runs(tmp_path: Path) -> None:
    case = program(
        "import lib\nlogging.root.setLevel(20)\nif len(sys.argv) > 9:\n    h = logging.StreamHandler(sys.stdout)\n"
        "else:\n    h = logging.StreamHandler()\nlogging.root.addHandler(h)\n",
        lib=NAMED,
    )
    write_files(tmp_path, case.files)
    found = answer(tmp_path, case)
    assert [class_of(item) for item in found.met] == ["StreamHandler", "StreamHandler"]
    assert found.doubled is None


HOSTED = {
    "AWS Lambda": (program("", ""), ["AWS Lambda"], ["LambdaLoggerHandler"], "has no level"),
    "AWS Lambda, with a level": (
        program("logging.root.setLevel(20)\n", ""),
        ["AWS Lambda"],
        ["LambdaLoggerHandler"],
        "",
    ),
    "AWS Lambda, and basicConfig without effect": (
        program("logging.basicConfig(level=20)\n", ""),
        ["AWS Lambda"],
        ["LambdaLoggerHandler"],
        "has no level",
    ),
    "AWS Lambda, and basicConfig by force": (
        program("logging.basicConfig(level=20, force=True)\n", ""),
        ["AWS Lambda"],
        ["StreamHandler"],
        "",
    ),
    "uvicorn leaves the root logger alone": (program("", ""), ["uvicorn"], [], "has no level"),
    "uvicorn, its own": (program("", "uvicorn.error"), ["uvicorn"], ["StreamHandler"], ""),
    "uvicorn in the code": (program("import uvicorn\nuvicorn.run(app)\n", "uvicorn.error"), [], ["StreamHandler"], ""),
    "uvicorn without a configuration": (
        program("import uvicorn\nuvicorn.run(app, log_config=None)\n", "uvicorn.error"),
        [],
        [],
        "has no level",
    ),
    "gunicorn": (program("logging.basicConfig(level=20)\n", "gunicorn.error"), ["gunicorn"], ["StreamHandler"], ""),
    "hypercorn propagates": (
        program("logging.basicConfig(level=20)\n", "hypercorn.error"),
        ["hypercorn"],
        ["StreamHandler", "StreamHandler"],
        "",
    ),
    "Celery removes what is there": (
        program("logging.basicConfig(level=20, filename='x.log')\n"),
        ["celery"],
        ["StreamHandler"],
        "",
    ),
    "Home Assistant": (program("import homeassistant\n"), None, ["HomeAssistantQueueHandler"], ""),
    "Airflow": (program("from airflow import DAG\n"), None, ["FileTaskHandler"], ""),
    "discord.py's run": (
        program("import discord\nclient = discord.Client()\nclient.run('x')\n", "discord.http"),
        [],
        ["StreamHandler"],
        "",
    ),
    "discord.py's run, beside a handler": (
        program(
            "import discord\nlogging.basicConfig(level=20)\nclient = discord.Client()\nclient.run('x')\n",
            "discord.http",
        ),
        [],
        ["StreamHandler", "StreamHandler"],
        "",
    ),
    "discord.py's run, of an own class": (
        program(
            "from discord.ext import commands\nclass Bot(commands.Bot):\n    pass\ndef main():\n    bot = Bot('!')\n"
            "    bot.run('x')\nmain()\n",
            "discord",
        ),
        [],
        ["StreamHandler"],
        "",
    ),
    "discord.py's run leaves other loggers alone": (
        program("import discord\nclient = discord.Client()\nclient.run('x')\n"),
        [],
        [],
        "has no level",
    ),
    "discord.py's run without a handler": (
        program("import discord\nclient = discord.Client()\nclient.run('x', log_handler=None)\n", "discord"),
        [],
        [],
        "has no level",
    ),
    "discord.py's start": (
        program("import discord\nclient = discord.Client()\nawait_(client.start('x'))\n", "discord"),
        [],
        [],
        "has no level",
    ),
    "discord.py's function": (program("import discord\ndiscord.utils.setup_logging()\n"), [], ["StreamHandler"], ""),
    "discord.py's function with a level": (
        program("import discord\ndiscord.utils.setup_logging(level=logging.ERROR)\n"),
        [],
        ["StreamHandler"],
        "is ERROR",
    ),
    "absl": (program("from absl import app\napp.run(print)\n"), [], ["ABSLHandler"], ""),
    "absl, below its level": (
        program("from absl import app\napp.run(print)\n", level="debug"),
        [],
        ["ABSLHandler"],
        "is INFO",
    ),
    "absl without its start": (
        program("from absl import logging as log\nlog.use_absl_handler()\n"),
        [],
        ["ABSLHandler"],
        "is WARNING",
    ),
    "absl replaces": (
        program("from absl import app\nlogging.basicConfig(level=10)\napp.run(print)\n", level="warning"),
        [],
        ["ABSLHandler"],
        "",
    ),
    "coloredlogs": (program("import coloredlogs\ncoloredlogs.install('DEBUG')\n"), [], ["StreamHandler"], ""),
    "coloredlogs replaces streams": (
        program("import coloredlogs\nlogging.basicConfig()\ncoloredlogs.install()\n"),
        [],
        ["StreamHandler"],
        "",
    ),
    "daiquiri": (program("import daiquiri\ndaiquiri.setup(level=logging.INFO)\n"), [], ["StreamHandler"], ""),
    "tornado": (
        program("from tornado.options import parse_command_line\nparse_command_line()\n"),
        [],
        ["StreamHandler"],
        "",
    ),
    "tornado beside another": (
        program("import tornado.options\nlogging.basicConfig()\ntornado.options.parse_command_line()\n"),
        [],
        ["StreamHandler"],
        "",
    ),
    "Sanic propagates": (
        program("from sanic import Sanic\nlogging.basicConfig()\napp = Sanic('x')\n", "sanic.root"),
        [],
        ["StreamHandler", "StreamHandler"],
        "",
    ),
    "Litestar": (program("from litestar import Litestar\napp = Litestar([])\n"), [], ["QueueListenerHandler"], ""),
    "rich": (
        program("from rich.logging import RichHandler\nlogging.basicConfig(level=20, handlers=[RichHandler()])\n"),
        [],
        ["RichHandler"],
        "",
    ),
}


@pytest.mark.parametrize(("case", "hosts", "met", "lost"), HOSTED.values(), ids=HOSTED)
def test_what_frameworks_set_up_is_known(
    case: Case, hosts: list[str] | None, met: list[str], lost: str, tmp_path: Path
) -> None:
    write_files(tmp_path, case.files)
    found = answer(tmp_path, case, hosts=hosts)
    assert lost in found.lost
    assert bool(lost) == bool(found.lost)
    assert [class_of(item) for item in found.met] == met
    assert (found.doubled is not None) == (len(met) > 1)
