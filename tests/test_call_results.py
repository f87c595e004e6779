"""Where else a program sees what the calls of a logger give, when the loggers of several files have one name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from printlint.facts.project.project import Project
from printlint.facts.readers.call_results import where_seen
from printlint.names.layout import layout_of

FIRST = """\
import logging

logger = logging.getLogger("first")


class First:
    def __init__(self):
        self.logger = logging.getLogger("First")
"""


@pytest.mark.parametrize(
    ("second", "seen"),
    [
        ("from first import logger\n\nasync def run():\n    print(logger.info('x'))\n", ["second.py:4"] * 2),
        ("import first\n\nasync def run():\n    print(first.logger.info('x'))\n", ["second.py:4"] * 2),
        ("import first\n\ndef run(it):\n    return it.logger.info('x')\n", ["second.py:4"] * 2),
        (
            "import first\nfrom events import get_logger\n\nlogger = get_logger(__name__)\n\n"
            "async def run():\n    await logger.info('x')\n",
            ["", ""],
        ),
        (
            "import first\nfrom events import get_logger\n\nclass Second:\n    def __init__(self):\n"
            "        self.logger = get_logger('Second')\n\n    async def run(self):\n"
            "        await self.logger.info('x')\n",
            ["", ""],
        ),
        (
            "import first\n\nclass Second:\n    def __init__(self, it):\n        self.logger = it.logger\n\n"
            "    def run(self):\n        return self.logger.info('x')\n",
            ["second.py:8"] * 2,
        ),
    ],
    ids=["imported", "attribute", "unknown", "own-name", "own-attribute", "given"],
)
def test_a_logger_that_a_file_makes_is_no_other_files(tmp_path: Path, second: str, seen: list[str]) -> None:
    """`events` is a set-up module that is not written yet, so nothing tells what its `get_logger` gives."""
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "first.py").write_text(FIRST)
    (tmp_path / "second.py").write_text(second)
    layout = layout_of(tmp_path / "first.py")
    module = Project.of(layout).module(layout.path)
    assert module is not None
    stored = [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Store)
    ]
    loggers = [value for node in stored if (value := module.loggers.value(node)) is not None]
    assert [where_seen(module, Project.of(layout), value) for value in loggers] == seen
