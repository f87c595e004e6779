"""What a program's own logging loses or doubles is not rewritten: each is run before and after, and heard alike."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import Run, clean_environment, write_files

pytestmark = [pytest.mark.inside, pytest.mark.system]  # nothing here depends on the Python

WORK = "def work(n):\n    print('working on', n)\n"
HEAD = "import logging\nimport sys\n\nimport work\n\n"
STREAM = "logging.StreamHandler(sys.stdout)"
BASIC = "logging.basicConfig(level='INFO', stream=sys.stdout, format='%(message)s')\n"
START = "\nif __name__ == '__main__':\n    work.work(3)\n"
FACTORY = (
    "import logging\nimport sys\n\n\ndef get_log(name):\n    log = logging.getLogger(name)\n    log.setLevel(20)\n"
    f"    if not log.handlers:\n        log.addHandler({STREAM})\n    return log\n"
)


class Program(NamedTuple):
    """Files of a program that `main.py` starts; where its print stays, a part of the reason."""

    files: dict[str, str]
    kept: str = ""


def program(main: str, kept: str = "", **more: str) -> Program:
    files = {f"{name}.py": text for name, text in {"work": WORK, **more}.items()}
    return Program({**files, "main.py": HEAD + main + START}, kept)


PROGRAMS = {
    "a handler of a library": program(f"logging.getLogger('lib').addHandler({STREAM})\n"),
    "a handler of a library, with its level": program(
        f"log = logging.getLogger('lib')\nlog.setLevel(20)\nlog.addHandler({STREAM})\nimport lib\nlib.go()\n",
        lib="import logging\n\n\ndef go():\n    logging.getLogger('lib').info('going')\n",
        kept="no level",
    ),
    "a handler of a library that is installed": program(
        f"log = logging.getLogger('asyncio')\nlog.setLevel(10)\nlog.addHandler({STREAM})\nimport asyncio\n"
        "asyncio.new_event_loop().close()\n"
    ),
    "a handler of a logger of its own": program(
        f"log = logging.getLogger('app')\nlog.setLevel(20)\nlog.addHandler({STREAM})\nlog.info('started')\n",
        kept="no level",
    ),
    "a factory": program("from log import get_log\n\nget_log('app').info('started')\n", kept="no level", log=FACTORY),
    "a factory that names a package": Program(
        {
            "app/__init__.py": "",
            "app/work.py": WORK,
            "log.py": FACTORY,
            "main.py": f"from log import get_log\nfrom app import work\n\nget_log('app').info('started')\n{START}",
        }
    ),
    "a factory without a name": program("from log import get_log\n\nget_log(None).info('started')\n", log=FACTORY),
    "a configuration that is imported": program("import devlog\n", devlog=f"import logging\nimport sys\n\n{BASIC}"),
    "a configuration that a function imports": program(
        "def main():\n    import devlog\n\nmain()\n", devlog=f"import logging\nimport sys\n\n{BASIC}"
    ),
    "a configuration that is imported under a condition": program(
        "import os\nif os.environ.get('DEVELOPMENT'):\n    import devlog\n",
        kept="devlog.py configures logging, and is only imported under a condition",
        devlog=f"import logging\nimport sys\n\n{BASIC}",
    ),
    "a package that configures logging": Program(
        {
            "app/__init__.py": f"import logging\nimport sys\n\n{BASIC}",
            "app/work.py": WORK,
            "main.py": "import os\n\nif os.sep:\n    from app import work\n\n    work.work(3)\n",
        }
    ),
    "a condition": program(f"if '-v' in sys.argv:\n    {BASIC}", kept="(main.py:7) is only attached under a condition"),
    "both branches": program(f"if '-v' in sys.argv:\n    {BASIC}else:\n    {BASIC}"),
    "three branches": program(
        f"if '-v' in sys.argv:\n    {BASIC}elif '-w' in sys.argv:\n    {BASIC}else:\n    {BASIC}"
    ),
    "two of three branches": program(
        f"if '-v' in sys.argv:\n    {BASIC}elif '-w' in sys.argv:\n    {BASIC}", kept="under a condition"
    ),
    "only where there is none": program(f"if not logging.root.handlers:\n    {BASIC}"),
    "handlers in branches of a function": program(
        "def set_up(quiet):\n    logging.root.setLevel(20)\n    if quiet:\n"
        f"        logging.root.addHandler({STREAM})\n    else:\n        logging.root.addHandler({STREAM})\n"
        "\nset_up(False)\n"
    ),
    "a handler behind a return": program(
        "def set_up(quiet):\n    logging.root.setLevel(20)\n    if quiet:\n"
        f"        logging.root.addHandler({STREAM})\n        return\n    logging.root.addHandler({STREAM})\n"
        "\nset_up(False)\n"
    ),
    "two handlers": program(
        f"logging.root.setLevel(20)\nlogging.root.addHandler({STREAM})\nlogging.root.addHandler({STREAM})\n",
        kept="the message would come out twice",
    ),
    "a handler that is removed": program(
        f"handler = {STREAM}\nlogging.root.setLevel(20)\nlogging.root.addHandler(handler)\n"
        "logging.root.removeHandler(handler)\n",
        kept="is removed again (main.py:9)",
    ),
    "a handler that a function removes": program(
        f"handler = {STREAM}\nlogging.root.setLevel(20)\nlogging.root.addHandler(handler)\n\n\n"
        "def swap():\n    logging.root.removeHandler(handler)\n"
        "    logging.root.addHandler(logging.FileHandler('x.log'))\n\nswap()\n",
        kept="only the `FileHandler` of the root logger",
    ),
    "another handler that is removed": program(
        f"handler = {STREAM}\nlogging.root.setLevel(20)\nlogging.root.addHandler(handler)\n"
        f"logging.root.addHandler(other := {STREAM})\nlogging.root.removeHandler(other)\n"
    ),
    "handlers that are cleared": program(
        f"{BASIC}logging.root.handlers.clear()\n", kept="is removed again (main.py:7)"
    ),
    "a handler that is removed at the end": program(
        f"import atexit\n\nhandler = {STREAM}\nlogging.root.setLevel(20)\nlogging.root.addHandler(handler)\n\n\n"
        "@atexit.register\ndef shut_down():\n    logging.root.removeHandler(handler)\n"
    ),
}


def heard(folder: Path) -> list[str]:
    """The messages on standard output, bare or as the field of an event, and nothing else anywhere."""
    environment = clean_environment(PYTHONPATH="")
    done = subprocess.run(
        [sys.executable, "main.py"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    return sorted(json.loads(line)["message"] if line.startswith("{") else line for line in lines)


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_message_is_heard_as_before(printlint: Run, tmp_path: Path, name: str) -> None:
    files, kept = PROGRAMS[name]
    write_files(tmp_path, files)
    before = heard(tmp_path)
    done = printlint("fix", "--select", "PRT1")
    assert heard(tmp_path) == before
    texts = [path.read_text() for path in sorted(tmp_path.rglob("work.py"))]
    assert (texts == [WORK]) is bool(kept)
    assert done.returncode == bool(kept)
    assert (": not rewritten, since the message would " in done.stderr) is bool(kept)
    assert kept in done.stderr
