"""Where `fix` writes `unblock()` for calls that no `await` helps: only if it cures them, and keeps what is printed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run, clean_environment, write_files

pytestmark = [pytest.mark.inside, pytest.mark.system]  # nothing here depends on the Python

FACTORY = """\
import logging
import sys


def get_log(name):
    log = logging.getLogger(name)
    log.setLevel(20)
    log.propagate = False
    if not log.handlers:
        log.addHandler(logging.StreamHandler(sys.stdout))
    return log
"""
ATTACHING = """\
import logging
import sys


def attach(log):
    log.setLevel(20)
    log.addHandler(logging.StreamHandler(sys.stdout))
    log.propagate = False
"""
LOOP = """\
import logging
import sys

log = logging.getLogger("jobs")
log.setLevel(20)
log.propagate = False
for stream in (sys.stdout, sys.stdout):
    handler = logging.StreamHandler(stream)
    log.addHandler(handler)
"""
MAIN = "import asyncio\n{}\n\nasync def main():\n    log.info('started')\n{}\n\nasyncio.run(main())\n"


def printed(folder: Path) -> list[str]:
    command, environment = [sys.executable, "main.py"], clean_environment(PYTHONPATH="")
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("setting", "head", "more", "line"),
    [
        (FACTORY, "from log import get_log\n\nlog = get_log('jobs')\n", "", "        unblock()\n    return log\n"),
        (FACTORY, "from log import get_log\n\nlog = get_log('jobs')\n", "    print(3)\n", ""),
        (LOOP, "from log import log\n", "", "    log.addHandler(handler)\nunblock()\n"),
        (
            LOOP.replace("for stream", "while not log.handlers:\n  for stream").replace("\n    ", "\n     "),
            "from log import log\n",
            "",
            "",
        ),
        (
            ATTACHING,
            "from log import attach\nimport logging\n\nlog = logging.getLogger('jobs')\nattach(log)\n",
            "",
            "    log.addHandler(logging.StreamHandler(sys.stdout))\n    unblock()\n",
        ),
    ],
    ids=["factory", "factory beside a print", "loop", "endless loop", "parameter"],
)
def test_unblock_is_written_where_it_cures(
    printlint: Run, tmp_path: Path, setting: str, head: str, more: str, line: str
) -> None:
    write_files(tmp_path, {"log.py": setting, "main.py": MAIN.format(head, more)})
    before = printed(tmp_path)
    done = printlint("fix", "--select", "PRT1,PRT401")
    text = (tmp_path / "log.py").read_text()
    assert ("unblock" in text) is bool(line)
    assert line in text
    assert text.count("unblock()") == bool(line)
    assert (tmp_path / "logging_setup.py").exists() is bool(line)
    assert ("PRT401" in done.stdout) is not bool(line)
    assert printed(tmp_path) == before


def test_unblock_is_not_written_where_it_cures_nothing(printlint: Run, tmp_path: Path) -> None:
    """Nobody knows the handlers of a library, so the call may wait for one still."""
    log = LOOP.replace("import sys\n", "import sys\n\nfrom vendor import Handler\n")
    log = log.replace("logging.StreamHandler", "Handler")
    write_files(tmp_path, {"log.py": log, "main.py": MAIN.format("from log import log\n", "")})
    done = printlint("fix", "--select", "PRT1,PRT401")
    assert (tmp_path / "log.py").read_text() == log
    assert not (tmp_path / "logging_setup.py").exists()
    assert "PRT401" in done.stdout


FILE = """\
import logging

log = logging.getLogger("jobs")
log.setLevel(20)
log.propagate = False
log.addHandler(logging.FileHandler("jobs.log"))
"""
BY_THREAD = """\
import logging
import sys
import threading

state = threading.local()
state.user = "root"


class Formatter(logging.Formatter):
    def format(self, record):
        return f"{getattr(state, 'user', None)}: {super().format(record)}"


log = logging.getLogger("jobs")
log.setLevel(20)
log.propagate = False
handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(Formatter())
log.addHandler(handler)
"""
TOUCHED = "\n\ndef touch():\n    with open('jobs.log', 'a', encoding='utf-8'):\n        pass\n"
BACK = "\n\ndef tail():\n    with open('jobs.log') as file:\n        sys.stdout.write(file.read())\n"


@pytest.mark.parametrize(
    ("setting", "head", "more", "reason"),
    [
        (FILE, "import sys\n\nfrom log import log\n" + BACK, "    tail()\n", "its log file is used in main.py:8"),
        (FILE, "from log import log\n", "", ""),
        (FILE, "from log import log\n" + TOUCHED, "    touch()\n", ""),
        (BY_THREAD, "from log import log\n", "", "`Formatter` depends on the thread that logs"),
        (BY_THREAD.replace("{getattr(state, 'user', None)}", "app"), "from log import log\n", "", ""),
    ],
    ids=["read back", "not read", "only written", "by thread", "the same everywhere"],
)
def test_handlers_that_have_to_write_at_once_stay(
    printlint: Run, tmp_path: Path, setting: str, head: str, more: str, reason: str
) -> None:
    write_files(tmp_path, {"log.py": setting, "main.py": MAIN.format(head, more)})
    before = printed(tmp_path)
    done = printlint("fix", "-v", "--select", "PRT1,PRT401")
    assert ("unblock" in (tmp_path / "log.py").read_text()) is not bool(reason)
    assert reason in done.stderr
    (tmp_path / "jobs.log").unlink(missing_ok=True)
    assert printed(tmp_path) == before
