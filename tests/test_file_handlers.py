"""PRT304: what was written to a log file comes on standard output, or the handler stays, with the reason."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run, clean_environment, isolated

from printlint.rewrite.apply import write_changes
from printlint.rewrite.changes import FixRun
from printlint.rewrite.files import fix_files

LOGS = """
logger = logging.getLogger("shop")
logger.setLevel(logging.DEBUG)
{}
logger.info("order %d", 7)
logger.warning("late: \\u00e9")
"""
SET_UP = {
    "FileHandler": "import logging" + LOGS.format('logger.addHandler(logging.FileHandler("app.log"))'),
    "with a format": "import logging"
    + LOGS.format(
        'handler = logging.FileHandler("app.log", "w", encoding="utf-8", delay=True)\n'
        'handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))\n'
        "handler.setLevel(logging.WARNING)\nlogger.addHandler(handler)"
    ),
    "an alias": "import logging as log, logging"
    + LOGS.format('logger.addHandler(log.FileHandler(filename="app.log"))'),
    "from the module": "import logging\nfrom logging import FileHandler as F"
    + LOGS.format('logger.addHandler(F("app.log"))'),
    "rotating": "import logging.handlers"
    + LOGS.format(
        "logger.addHandler(logging.handlers.RotatingFileHandler(\n"
        '    "app.log",\n    maxBytes=10 * 1024,\n    backupCount=2,\n))'
    ),
    "timed": "import logging\nfrom logging import handlers"
    + LOGS.format('logger.addHandler(handlers.TimedRotatingFileHandler("app.log", when="midnight"))'),
    "watched": "import logging\nfrom logging.handlers import WatchedFileHandler"
    + LOGS.format('logger.addHandler(WatchedFileHandler("app.log"))'),
    "a computed path": "import logging\nimport os.path\nFOLDER = os.path.dirname(os.path.abspath(__file__))\n"
    'PATH = os.path.join(FOLDER, "app.log")\nos.makedirs(os.path.dirname(PATH), exist_ok=True)\n'
    + LOGS.format("logger.addHandler(logging.FileHandler(PATH))"),
    "an attribute": "import logging"
    + LOGS.format(
        "class App:\n    def __init__(self):\n        self.handler = logging.FileHandler('app.log')\n"
        "        logger.addHandler(self.handler)\n        self.handler.flush()\nApp()"
    ),
    "the last one of two": "import logging"
    + LOGS.format(
        "if DEBUG:\n    logger.addHandler(logging.StreamHandler())\nelse:\n"
        "    logger.addHandler(logging.FileHandler('app.log'))"
    ).replace("logger =", "DEBUG = False\nlogger =", 1),
    "another logger's console": "import logging\n"
    "other = logging.getLogger('other')\nother.propagate = False\nother.addHandler(logging.StreamHandler())"
    + LOGS.format("logger.addHandler(logging.FileHandler('app.log'))"),
    "basicConfig": "import logging\n"
    "logging.basicConfig(filename='app.log', filemode='w', encoding='utf-8', format='%(name)s %(message)s')"
    + LOGS.format(""),
    "basicConfig beside another logger's console": "import logging\n"
    "other = logging.getLogger('other')\nother.propagate = False\nother.addHandler(logging.StreamHandler())\n"
    "logging.basicConfig(filename='app.log')" + LOGS.format(""),
    "basicConfig with a handler": "import logging\n"
    "logging.basicConfig(handlers=[logging.FileHandler('app.log')], level=logging.INFO)" + LOGS.format(""),
    "sys in a function": "import logging\ndef set_up(logger):\n    import sys\n"
    "    logger.addHandler(logging.FileHandler('app.log'))" + LOGS.format("set_up(logger)"),
}

pytestmark = pytest.mark.system  # nothing here depends on the Python


def program(folder: Path, text: str, **others: str) -> Path:
    for name, other in {"pyproject.toml": "", **others}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(other, encoding="utf-8")
    path = folder / "main.py"
    path.write_text(text, encoding="utf-8")
    return path


def fix(path: Path, code: str = "PRT304", *, unsafe: bool = True) -> FixRun:
    run = write_changes(fix_files([path], isolated(select=[code]), unsafe=unsafe, allow_setup=False))
    assert not run.errors
    return run


def output(path: Path) -> str:
    environment = clean_environment(PYTHONIOENCODING="utf-8")
    done = subprocess.run(
        [sys.executable, path.name], cwd=path.parent, env=environment, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode("utf-8").replace("\r\n", "\n")


@pytest.mark.parametrize("text", SET_UP.values(), ids=SET_UP)
def test_what_was_in_the_file_comes_on_standard_output(text: str, tmp_path: Path) -> None:
    path = program(tmp_path, text)
    log = tmp_path / "app.log"
    assert output(path) == ""
    written = log.read_text(encoding="utf-8")
    log.unlink()
    run = fix(path)
    assert not run.left
    assert output(path) == written != ""
    assert not log.exists()
    fixed = path.read_text(encoding="utf-8")
    assert "FileHandler" not in fixed
    fix(path)
    assert path.read_text(encoding="utf-8") == fixed


def test_a_log_file_stays_without_unsafe_fixes(tmp_path: Path) -> None:
    path = program(tmp_path, SET_UP["FileHandler"])
    fix(path, unsafe=False)
    assert path.read_text(encoding="utf-8") == SET_UP["FileHandler"]


ADD = 'import logging\nlogging.getLogger().addHandler(logging.FileHandler("app.log"))\n'
STAYS = {
    "a parameter": ("import logging\ndef f(path):\n    return logging.FileHandler(path)\n", "depends on `path`"),
    "a setting": ("import logging, os\nlogging.FileHandler(os.environ['LOG'])\n", "depends on `os.environ['LOG']`"),
    "an option with a default": (
        "import logging\nlogging.basicConfig(filename=args.log or 'app.log')\n",
        "depends on `args.log`",
    ),
    "an effect": (
        "import logging\nlogging.FileHandler('a.log', delay=ask())\n",
        "`ask()` would no longer be evaluated",
    ),
    "unpacked": ("import logging\nlogging.FileHandler(*a)\n", "among unpacked arguments"),
    "from a dict": ("import logging\nlogging.FileHandler('a.log', **a)\n", "unpacked from a dict"),
    "other sys": (ADD.replace("import logging", "import logging\nsys = 1"), "`sys` is bound to something else there"),
    "other logging": (
        "from logging import FileHandler\nlogging = 1\nFileHandler('a.log')\n",
        "`logging` is bound to something else there",
    ),
    "sys imported below": (
        "import logging\ndef f():\n    logging.FileHandler('a.log')\n    import sys\n",
        "`sys` may not be imported yet",
    ),
    "a comment": ("import logging\nlogging.FileHandler(\n    'a.log',  # for the auditors\n)\n", "comment"),
    "a rollover": (
        "import logging.handlers\nh = logging.handlers.RotatingFileHandler('a.log')\nh.doRollover()\n",
        "line 3 uses `h.doRollover`",
    ),
    "the root's handler": (ADD + "print(logging.root.handlers[0].baseFilename)\n", "main.py:3 reads the file name"),
    "a stream": ("import logging\nh = logging.FileHandler('a.log')\nh.stream.write('x')\n", "line 3 uses `h.stream`"),
    "a type": (
        "import logging\nh: logging.FileHandler = logging.FileHandler('a.log')\n",
        "line 2 names `logging.FileHandler` as a type",
    ),
    "an except": (
        "import logging\ntry:\n    h = logging.FileHandler('a.log')\nexcept PermissionError:\n    h = None\n",
        "the `try` around it",
    ),
    "a console beside it": (ADD + "logging.getLogger().addHandler(logging.StreamHandler())\n", "printed twice"),
    "a console above it": (
        "import logging\nlogging.basicConfig()\nlogging.getLogger('a').addHandler(logging.FileHandler('a.log'))\n",
        "printed twice",
    ),
    "a console below it": (ADD + "logging.getLogger('a').addHandler(logging.StreamHandler())\n", "printed twice"),
    "a second file": (ADD + ADD.replace("app.log", "errors.log"), "printed twice"),
    "a sibling in basicConfig": (
        "import logging\nlogging.basicConfig(handlers=[logging.FileHandler('a.log'), logging.StreamHandler()])\n",
        "the handler at line 2 gets the same records",
    ),
    "a second file in basicConfig": (
        "import logging\nlogging.basicConfig(handlers=[logging.FileHandler('a.log'), logging.FileHandler('b.log')])\n",
        "the handler at line 2 gets the same records",
    ),
    "unpacked configuration": (
        "import logging\nlogging.basicConfig(filename='a.log', **more)\n",
        "`**` may hold further arguments",
    ),
    "a stream beside it": (
        "import logging, sys\nlogging.basicConfig(filename='a.log', stream=sys.stdout)\n",
        "`filename` together with `stream`",
    ),
    "a named path": ("import logging\nLOG = 'a.log'\nlogging.FileHandler(LOG)\nprint(LOG)\n", "line 4 also uses"),
    "a terminal": (ADD.replace("import logging", "import curses\nimport logging"), "line 1 draws on the terminal"),
    "a daemon": (ADD + "import os\nos.setsid()\n", "line 4 detaches from standard output"),
    "data": (ADD + "import sys\nsys.stdout.buffer.write(b'')\n", "line 4 writes data to standard output"),
    "another stream": (ADD + "import sys\nsys.stdout = Writer()\n", "line 4 replaces `sys.stdout`"),
}


@pytest.mark.parametrize(("text", "reason"), STAYS.values(), ids=STAYS)
def test_a_log_file_that_somebody_needs_stays(text: str, reason: str, tmp_path: Path) -> None:
    path = program(tmp_path, text)
    run = fix(path)
    assert path.read_text(encoding="utf-8") == text
    assert run.left
    for item in run.left:
        assert reason in (item.refused or "")


ELSEWHERE = {
    "another program reads it": ({"report.py": 'open("logs/app.log")\n'}, "report.py:1 also uses the file's path"),
    "a script reads it": ({"run.sh": "python main.py &\ntail -f app.log\n"}, "run.sh names `app.log`"),
    "a console in another file": (
        {"start.py": "import logging\nimport main\nlogging.basicConfig()\n"},
        "start.py:3) gets the same records",
    ),
    "a test asks for it": (
        {"tests/test_main.py": "import logging\nassert logging.root.handlers[0].baseFilename\n"},
        "tests/test_main.py:2 reads the file name of a handler",
    ),
    "a screen": ({"ui.py": "import curses\nimport main\n"}, "ui.py:1 draws on the terminal"),
}


@pytest.mark.parametrize(("others", "reason"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_other_files_have_a_say(others: dict[str, str], reason: str, tmp_path: Path) -> None:
    path = program(tmp_path, ADD, **others)
    (left,) = fix(path).left
    assert reason in (left.refused or "")
    for name in others:
        (tmp_path / name).unlink()


def test_what_other_programs_do_has_no_say(tmp_path: Path) -> None:
    path = program(tmp_path, ADD, **{"ui.py": "import curses\n", "other.py": "import logging\nlogging.basicConfig()\n"})
    assert not fix(path).left


def test_a_class_of_another_file_is_seen(tmp_path: Path) -> None:
    own = "import logging.handlers\nclass Base(logging.handlers.WatchedFileHandler): ...\nclass Daily(Base): ...\n"
    text = "from own import Daily\nimport logging\nlogging.getLogger().addHandler(Daily('a.log'))\n"
    (left,) = fix(program(tmp_path, text, **{"own.py": own})).left
    assert "`Daily` is a custom class" in (left.refused or "")


def test_tests_may_have_log_files(tmp_path: Path, inside: Run) -> None:
    program(tmp_path, "", **{"tests/test_logs.py": ADD})
    done = inside("check", "--select", "PRT304", ".")
    assert done.returncode == 0, done.stdout
