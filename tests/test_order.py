"""The same findings and the same rewrites whatever the order, the subset or the number of processes."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import FIXTURES, isolated

from printlint.finding import Reported
from printlint.lint.run import check_files
from printlint.reading.discovery import Files
from printlint.rewrite.files import fix_files
from printlint.rewrite.fixer import report
from printlint.run import Run

# What one file tells of another: loggers, factories, bases, wrappers, handlers, levels, configurations, callers.
PROJECT = {
    "pyproject.toml": "",
    "log.ini": "[loggers]\nkeys = root, app\n[handlers]\nkeys = c\n[formatters]\nkeys =\n[logger_root]\nhandlers = c\n"
    "[logger_app]\nqualname = app.audit\nhandlers = c\n[handler_c]\nclass = StreamHandler\nargs = ()\n",
    "app/__init__.py": "from app.util import say\n",
    "app/log.py": "import logging\n\nlogger = logging.getLogger(__name__)\n\n\ndef get(name):\n"
    "    return logging.getLogger(name)\n\n\nasync def f():\n    logger.info('x')\n",
    "app/base.py": "from app.log import get\n\n\nclass Base:\n"
    "    def __init__(self):\n        self.log = get('app.base')\n",
    "app/child.py": "from app.base import Base\n\n\nclass Child(Base):\n"
    "    async def go(self):\n        self.log.info('x')\n",
    "app/user.py": "from app.log import logger\n\n\nasync def g():\n    logger.info('y')\n    logger.debug('z')\n",
    "app/util.py": "def say(text):\n    print(text)\n\n\ndef only_for_commands():\n    print('weights: 3')\n",
    "app/caller.py": "from app import say\n\n\ndef f():\n    say('a')\n",
    "app/cli.py": "import argparse\nfrom app.util import only_for_commands\n\n\ndef main():\n"
    "    argparse.ArgumentParser()\n    only_for_commands()\n    print('done')\n",
    "app/setup.py": "import logging.config\n\n\ndef set_up():\n    logging.config.fileConfig('log.ini')\n",
    "app/start.py": "from app.setup import set_up\nfrom app import user\n\nset_up()\n",
    "app/level.py": "import logging\nlogging.getLogger('app.quiet').setLevel(logging.ERROR)\n",
    "app/quiet.py": "import logging\nlog = logging.getLogger(__name__)\n\n\ndef f():\n    log.info('x')\n",
    "app/audit.py": "import logging\nlog = logging.getLogger(__name__)\nlog.addHandler(logging.StreamHandler())\n",
    "main.py": "import logging\nfrom app import audit\nlogging.basicConfig()\nlogging.info('x')\n",
    "broken.py": "def f(:\n",
}


@pytest.fixture(params=["made", "shop", "feed"])
def files(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The Python files of a project."""
    monkeypatch.chdir(tmp_path)
    if request.param == "made":
        for name, text in PROJECT.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text)
    else:
        shutil.copytree(FIXTURES / request.param, tmp_path, dirs_exist_ok=True)
    return sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.py"))


def check(files: Sequence[Path], jobs: int = 1) -> dict[str, list[Reported]]:
    found: dict[str, list[Reported]] = {}
    with Run():
        for item in check_files(Files(map(str, files)), isolated(), jobs=jobs, reporter=report, quiet=True):
            found.setdefault(item.finding.path, []).append(item)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_findings_are_the_same_in_any_order_and_subset(files: list[Path], seed: int) -> None:
    whole = check(files)
    assert whole
    chosen = random.Random(seed).sample(files, len(files))
    assert check(chosen) == whole
    assert [*check(chosen)] == [path.as_posix() for path in chosen if path.as_posix() in whole]
    part = chosen[: max(1, len(chosen) // 3)]
    assert check(part) == {path.as_posix(): whole[path.as_posix()] for path in part if path.as_posix() in whole}
    for path in part:
        assert check([path]).get(path.as_posix()) == whole.get(path.as_posix())


def test_findings_are_the_same_from_several_processes(files: list[Path]) -> None:
    assert check(files, jobs=2) == check(files)


@pytest.mark.parametrize("seed", range(4))
def test_rewrites_are_the_same_in_any_order(files: list[Path], seed: int) -> None:
    def rewritten(files: list[Path]) -> tuple[set[tuple[str, bytes]], set[Reported]]:
        run = fix_files(files, isolated(), unsafe=True, allow_setup=True, quiet=True)
        return {(change.path.as_posix(), change.new) for change in run.changes}, set(run.left)

    assert rewritten(random.Random(seed).sample(files, len(files))) == rewritten(files)


def test_every_kind_of_fact_from_another_file_is_among_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tests above compare is worth comparing."""
    monkeypatch.chdir(tmp_path)
    for name, text in PROJECT.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    found = check(sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.py")))
    codes = {path: sorted({item.finding.code for item in items}) for path, items in found.items()}
    assert codes == {
        "app/audit.py": ["PRT301"],
        "app/child.py": ["PRT401"],
        "app/cli.py": ["PRT106"],
        "app/log.py": ["PRT401"],
        "app/quiet.py": ["PRT307"],
        "app/setup.py": ["PRT302", "PRT306"],
        "app/user.py": ["PRT401"],
        "app/util.py": ["PRT101", "PRT106"],
        "broken.py": ["PRT900"],
        "main.py": ["PRT201"],
    }
