"""A configuration disables the loggers that exist by then: calls of the root logger move to those that it cannot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run, clean_environment, write_files

pytestmark = pytest.mark.inside


CONF = (
    "import logging.config\n\nlogging.config.dictConfig({'version': 1, 'handlers': {'out': {'class': "
    "'logging.StreamHandler', 'stream': 'ext://sys.stdout'}}, 'root': {'level': 'INFO', 'handlers': ['out']}})\n"
)
LATER = CONF.replace("\nlogging.config.dict", "\ndef set_up():\n    logging.config.dict")
WORK = "import logging\n\n\ndef work():\n    logging.info('working')\n"
MAIN = "import work\n\nwork.work()\n"

AFTER = {
    "it imports the configuration": {"conf.py": CONF, "work.py": f"import conf\n{WORK}", "main.py": MAIN},
    "what it imports does": {
        "conf.py": CONF,
        "db.py": "import conf\n",
        "work.py": f"import db\n{WORK}",
        "main.py": MAIN,
    },
}
BEFORE = {
    "nothing says so": {"conf.py": CONF, "work.py": WORK, "main.py": f"import conf\n{MAIN}"},
    "the configuration imports it": {
        "conf.py": f"import work\n{CONF}",
        "work.py": f"import conf\n{WORK}",
        "main.py": MAIN,
    },
    "what it imports has led to it": {
        "conf.py": CONF,
        "db.py": "import work\nimport conf\n",
        "work.py": f"import db\n{WORK}",
        "main.py": f"import db\n{MAIN}",
    },
    "the import is below": {"conf.py": CONF, "work.py": f"import sys\nname = 1\nimport conf\n{WORK}", "main.py": MAIN},
    "a function configures": {
        "conf.py": LATER,
        "work.py": f"import conf\n{WORK}",
        "main.py": f"import conf\nimport work\nconf.set_up()\n{MAIN}",
    },
}


def output(folder: Path) -> str:
    command = [sys.executable, "main.py"]
    return subprocess.run(
        command, cwd=folder, env=clean_environment(), capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize("case", AFTER)
def test_a_logger_that_is_made_afterwards_is_heard(printlint: Run, tmp_path: Path, case: str) -> None:
    write_files(tmp_path, AFTER[case])
    assert output(tmp_path) == "working\n"
    printlint("fix", "--isolated", "--no-setup", ".")
    assert "logger.info('working')" in (tmp_path / "work.py").read_text()
    assert output(tmp_path) == "working\n"


@pytest.mark.parametrize("case", BEFORE)
def test_a_logger_that_may_exist_by_then_waits(printlint: Run, tmp_path: Path, case: str) -> None:
    write_files(tmp_path, BEFORE[case])
    done = printlint("fix", "--isolated", "--no-setup", "-v", ".")
    assert (tmp_path / "work.py").read_text() == BEFORE[case]["work.py"]
    assert "disable_existing_loggers" in done.stdout
