"""What makes a call on the root logger differ from one on the module's logger."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import write_files

from printlint.config import Config
from printlint.rewrite.fixer import fix
from printlint.source import Source

TEXT = "import logging\n\n\ndef work():\n    logging.info('working')\n"


@pytest.mark.parametrize(
    ("call", "safe"),
    [
        ("self.assertLogs()", False),
        ("self.assertLogs(level='INFO')", False),
        ("self.assertLogs('root')", False),
        ("self.assertLogs(logger=None)", False),
        ("self.assertLogs(LOGGER)", False),
        ("self.assertNoLogs('shop')", False),
        ("self.assertLogs('shop.jobs', 'INFO')", False),
        ("self.assertLogs(logger='shop.jobs')", False),
        ("self.assertLogs('shop.mails', 'INFO')", True),
        ("self.assertLogs('shop.job')", True),
    ],
)
def test_what_tests_assert_of_other_loggers_is_no_reason(tmp_path: Path, call: str, safe: bool) -> None:
    test = f"class TestMails(TestCase):\n    def test_one(self):\n        with {call}:\n            run()\n"
    assert is_safe(tmp_path, {"tests/test_mails.py": test}) is safe


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("__name__.rsplit('.', 1)[0]", True),  # lib.usb
        ("__name__.rpartition('.')[0]", True),
        ("__name__.split('.')[-1]", True),
        ("__package__ + '.log'", True),
        ("f'{__name__}.wire'", True),
        ("'.'.join(PARTS)", False),
        ("__name__.split('.')[0].replace('lib', 'shop')", False),
        ("'shop.jobs.log'.rsplit('.', 1)[0]", False),
        ("'shop.jobs'.split('.', maxsplit=1)[0]", False),
    ],
)
def test_the_level_of_another_logger_is_no_reason(tmp_path: Path, name: str, safe: bool) -> None:
    log = f"import logging\n\nPARTS = read()\nlog = logging.getLogger({name})\nlog.setLevel('ERROR')\n"
    files = {"lib/__init__.py": "", "lib/usb/__init__.py": "", "lib/usb/log.py": log}
    assert is_safe(tmp_path, files) is safe


def is_safe(folder: Path, files: dict[str, str]) -> bool:
    """Whether a call on the root logger is rewritten by default in a project with some more files."""
    write_files(folder, {"pyproject.toml": "", "shop/__init__.py": "", "shop/jobs.py": TEXT, **files})
    path = folder / "shop" / "jobs.py"
    result = fix(Source(str(path), TEXT), Config(select=("PRT201",)), path)
    return "logger.info('working')" in result.source.text
