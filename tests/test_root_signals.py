"""What makes a call on the root logger differ from one on the module's logger, by what tests assert."""

from __future__ import annotations

from pathlib import Path

import pytest

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
    files = {"pyproject.toml": "", "shop/__init__.py": "", "shop/jobs.py": TEXT}
    files["tests/test_mails.py"] = (
        f"class TestMails(TestCase):\n    def test_one(self):\n        with {call}:\n            run()\n"
    )
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    path = tmp_path / "shop" / "jobs.py"
    result = fix(Source(str(path), TEXT), Config(select=("PRT201",)), path)
    assert ("logger.info('working')" in result.source.text) is safe
