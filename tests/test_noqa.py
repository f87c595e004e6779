"""`# noqa` as flake8 itself applies it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import clean_environment

from printlint.lint.linter import lint_bytes
from printlint.rewrite.fixer import fix
from printlint.source import Source

SNIPPETS = [
    "print('it works')\n",
    "print('it works')  # noqa\n",
    "print('it works')  # NOQA\n",
    "print('it works')  #noqa\n",
    "print('it works')  # noqa: PRT101\n",
    "print('it works')  # noqa:PRT101\n",
    "print('it works')  # noqa: PRT\n",
    "print('it works')  # noqa: PRT1\n",
    "print('it works')  # noqa: E501\n",
    "print('it works')  # noqa: E501,PRT101\n",
    "print('it works')  # noqa: E501 PRT101\n",
    "print('it works')  # noqa : PRT101\n",
    "print('it works')  # type: ignore # noqa: PRT101\n",
    "print('''it\nworks''')  # noqa\n",
    "print(\n    'it works'\n)  # noqa\n",
    "print(  # noqa\n    'it works'\n)\n",
    "print('a'), print('''b\n''')  # noqa\n",
    "x = 1  # noqa\nprint('it works')\n",
    "# flake8: noqa\nprint('it works')\n",
    "# flake8: noqa: E501\nprint('it works')\n",
    "x = 1  # flake8: noqa\nprint('it works')\n",
    "print('# noqa')\n",
    "print('''\n# noqa\n''')\n",
]

PEERS = [
    "print('it works')  # noqa: T201\n",
    "print('it works')  # noqa: T20\n",
    "print('it works')  # noqa: T001\n",
    "import pprint\npprint.pprint('it works')  # noqa: T203\n",
    "import logging\nlogging.info('it works')  # noqa: LOG015\n",
    "import logging\nlogging.getLogger('a').warn('it works')  # noqa: G010\n",
    "import logging\nlogging.getLogger('a').info('it works', 1)  # noqa: PLE1205\n",
    "import logging\nlogging.getLogger('a').info('it works', 1)  # noqa: E501,E1205\n",
]


def flake8_lines(text: str, folder: Path) -> list[int]:
    (folder / "snippet.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "flake8", "--isolated", "--select", "PRT", "--format", "%(row)d", "snippet.py"]
    done = subprocess.run(command, cwd=folder, env=clean_environment(), capture_output=True, text=True, check=False)
    assert not done.stderr
    return [int(line) for line in done.stdout.split()]


def own_lines(text: str) -> list[int]:
    return [finding.start.line for finding in lint_bytes("snippet.py", text.encode()).findings]


@pytest.mark.parametrize("text", SNIPPETS)
def test_suppressed_like_in_flake8(text: str, tmp_path: Path) -> None:
    assert own_lines(text) == flake8_lines(text, tmp_path)


@pytest.mark.parametrize("text", PEERS)
def test_the_codes_of_peers_count_in_flake8_too(text: str, tmp_path: Path) -> None:
    assert own_lines(text) == flake8_lines(text, tmp_path) == []


VERDICTS = [
    ("print('it works')  # noqa: PRT102\n", []),
    ("import pprint\npprint.pprint('it works')  # noqa: PRT101\n", []),
    ("import argparse\nargparse.ArgumentParser()\nprint('it works')  # noqa: PRT101\n", []),
    ("print('it works')  # noqa: PRT103\n", [1]),
    ("import logging\nlogging.info('it works')  # noqa: PRT101\n", [2]),
]


@pytest.mark.parametrize(("text", "lines"), VERDICTS)
def test_verdicts_on_a_print_count_for_each_other(text: str, lines: list[int], tmp_path: Path) -> None:
    assert own_lines(text) == flake8_lines(text, tmp_path) == lines


@pytest.mark.parametrize("text", [text for text in SNIPPETS + PEERS if not own_lines(text)])
def test_what_is_suppressed_is_not_rewritten(text: str) -> None:
    assert fix(Source("snippet.py", text), unsafe=True).source.text == text
