"""A root logger that one module makes and others log through: one cause, and what follows from it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import Run, clean_environment

LOG = "import logging\n\nlogger = logging.getLogger()\n"
USER = "from app.log import logger\n\n\ndef work():\n    logger.warning('slow %s', 1)\n"
ATTRIBUTE = "from app import log\n\n\ndef work():\n    log.logger.warning('slow')\n    log.logger.error('no')\n"


def found(printlint: Run, root: Path, files: Mapping[str, str]) -> list[tuple[str, int, str]]:
    write(root, files)
    done = printlint("check", "--isolated", "--select", "PRT202", "--output-format", "json", cwd=root)
    return [(item["path"], item["line"], item["message"]) for item in json.loads(done.stdout)["findings"]]


def write(root: Path, files: Mapping[str, str]) -> None:
    (root / "pyproject.toml").write_text("")
    for name, text in {"app/__init__.py": "", **files}.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def test_the_cause_says_how_many_calls_use_it_and_each_call_names_the_cause(printlint: Run, tmp_path: Path) -> None:
    call = "call on the root logger of app/log.py:3; use a module logger"
    assert found(printlint, tmp_path, {"app/log.py": LOG, "app/a.py": USER, "app/b.py": ATTRIBUTE}) == [
        ("app/a.py", 5, f"`warning` {call}"),
        ("app/b.py", 5, f"`warning` {call}"),
        ("app/b.py", 6, f"`error` {call}"),
        ("app/log.py", 3, "`logger` is the root logger, used by 3 calls of other files; use `getLogger(__name__)`"),
    ]


def test_text_shows_the_cause_alone(printlint: Run, tmp_path: Path) -> None:
    """The calls are answered where the logger is made; they are listed with `-v`, or where that is not reported."""
    write(tmp_path, {"app/log.py": LOG, "app/a.py": USER, "app/b.py": ATTRIBUTE})
    arguments = ("check", "--isolated", "--select", "PRT202")
    for shape, shown in ((("--output-format", "concise"), 1), (("-v", "--output-format", "concise"), 4)):
        done = printlint(*arguments, *shape, cwd=tmp_path)
        assert done.stdout.count("PRT202") == shown
        assert done.returncode == 1
        assert "4 findings in 3 files, 3 of which follow from others (-v lists them)" in done.stderr
    full = printlint(*arguments, "--output-format", "full", cwd=tmp_path).stdout
    assert full.count("PRT202") == 1
    assert printlint(*arguments, "app/a.py", cwd=tmp_path).stdout.count("PRT202") == 1
    assert printlint(*arguments, "app/a.py", "app/b.py", cwd=tmp_path).stdout.count("PRT202") == 3


NO_CAUSE = {
    "nobody logs through it": {"app/log.py": LOG, "app/a.py": "from app.log import logger\nlogger.setLevel(10)\n"},
    "another logger of that name": {
        "app/log.py": LOG,
        "app/a.py": "import logging\nfrom app import log\nlogger = logging.getLogger(__name__)\nlogger.info('x')\n",
    },
    "a named logger": {"app/log.py": LOG.replace("()", "(__name__)"), "app/a.py": USER},
    "one in a function": {
        "app/log.py": "import logging\ndef f():\n    logger = logging.getLogger()\n",
        "app/a.py": "x = 1\n",
    },
}


@pytest.mark.parametrize("case", NO_CAUSE)
def test_a_root_logger_that_nobody_logs_through_is_no_cause(printlint: Run, tmp_path: Path, case: str) -> None:
    assert found(printlint, tmp_path, NO_CAUSE[case]) == []


def test_calls_on_an_attribute_name_the_line_that_makes_it(printlint: Run, tmp_path: Path) -> None:
    text = "import logging\nclass A:\n    def __init__(self):\n        self.log = logging.getLogger()\n"
    text += "    def f(self):\n        self.log.info('x')\n"
    expected = [("app/a.py", 6, "`info` call on the root logger of line 4; use a module logger")]
    assert found(printlint, tmp_path, {"app/a.py": text}) == expected


def test_one_rewrite_of_the_cause_answers_all_calls(printlint: Run, tmp_path: Path) -> None:
    main = "import logging\nfrom app import a, b\n\nlogging.basicConfig(format='%(message)s')\na.work()\nb.work()\n"
    write(tmp_path, {"app/log.py": LOG, "app/a.py": USER, "app/b.py": ATTRIBUTE, "main.py": main})
    before = output(tmp_path)
    done = printlint("fix", "--isolated", "--no-setup", "--select", "PRT202", cwd=tmp_path)
    assert (tmp_path / "app/log.py").read_text() == LOG.replace("()", "(__name__)")
    assert ((tmp_path / "app/a.py").read_text(), (tmp_path / "app/b.py").read_text()) == (USER, ATTRIBUTE)
    assert output(tmp_path) == before
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("line", ["logger.setLevel(10)", "logger.addHandler(None)", "print(logger)"])
def test_a_name_that_another_file_configures_stays_the_root_logger(printlint: Run, tmp_path: Path, line: str) -> None:
    write(tmp_path, {"app/log.py": LOG, "app/a.py": USER, "app/b.py": f"from app.log import logger\n{line}\n"})
    done = printlint("fix", "--isolated", "--no-setup", "--select", "PRT202", "-v", cwd=tmp_path)
    assert (tmp_path / "app/log.py").read_text() == LOG
    assert "app/b.py:2 uses it for more than logging" in done.stdout
    assert "the logger is made in app/log.py:3; rewrite that call of `getLogger`" in done.stdout


def output(root: Path) -> str:
    command = [sys.executable, "main.py"]
    done = subprocess.run(command, cwd=root, env=clean_environment(), capture_output=True, text=True, check=True)
    return done.stderr
