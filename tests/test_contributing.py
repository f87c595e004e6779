"""The page for contributors says what works: its rule is copied into a checkout, and the commands are run there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, clean_environment

from printlint.facts.loggers.resolve import Loggers
from printlint.facts.module import Module

PAGE = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what a rule's author may touch, with the tests."""
    skipped = shutil.ignore_patterns("__pycache__", ".hypothesis")
    for name in ("printlint", "docs", "tests", "fixtures"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=skipped)
    for name in ("CHANGELOG.md", "README.md", "pyproject.toml", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(checkout: Path, *command: str) -> str:
    environment = {**clean_environment(), "PYTHONPATH": str(checkout)}
    done = subprocess.run([sys.executable, *command], cwd=checkout, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_the_rule_of_the_page_works_at_the_first_try(checkout: Path) -> None:
    (path,) = re.findall(r"`(printlint/rules/\w+/\w+\.py)`\.\n\n```python\n", PAGE)
    (source,) = re.findall(r"^```python\n((?s:.*?))^```$", PAGE, re.MULTILINE)
    (checkout / path).write_text(source, encoding="utf-8")
    (line,) = re.findall(r"add `(PRT\d+ [a-z-]+)` to the changelog", PAGE)
    with (checkout / "CHANGELOG.md").open("a", encoding="utf-8") as changelog:
        changelog.write(f"\n- {line}\n")
    (commands,) = re.findall(r"^```console\n(python docs/generate\.py\n(?s:.*?))^```$", PAGE, re.MULTILINE)
    for command in commands.splitlines():
        program, *arguments = command.split()
        assert program == "python"
        shown = run(checkout, *arguments)
    assert int(re.findall(r"(\d+) passed", shown)[0]) > 10
    assert line in run(checkout, "-m", "printlint", "explain", line.split()[0])
    (checkout / "x.py").write_text('import logging\n\nlogging.basicConfig(level="WARN")\n')
    run(checkout, "-m", "printlint", "fix", "-q", "--select", line.split()[0], "x.py")
    assert 'level="WARNING"' in (checkout / "x.py").read_text()


def test_an_output_format_is_a_file_and_its_name(checkout: Path) -> None:
    (checkout / "printlint" / "report" / "as_codes.py").write_text(
        "def render(report, look):\n    return ''.join(f'{item.finding.code}\\n' for item in report.items)\n"
    )
    formats = checkout / "printlint" / "report" / "__init__.py"
    formats.write_text(formats.read_text().replace('FORMATS = ("concise",', 'FORMATS = ("concise", "codes",'))
    (checkout / "x.py").write_text("def f(x):\n    print('it works')\n    return x\n")
    assert run(checkout, "-m", "printlint", "check", "--exit-zero", "--output-format", "codes", "x.py") == "PRT101\n"


def test_what_a_rule_may_ask_is_there() -> None:
    (line,) = re.findall(r"^1\. `check` asks the module: (.+?) \(\[facts", PAGE, re.MULTILINE)
    for name in re.findall(r"`([\w.]+)`", line):
        first, _, method = name.partition(".")
        assert hasattr(Module, first), name
        assert not method or hasattr(Loggers, method), name


@pytest.mark.parametrize("name", sorted(set(re.findall(r"(?:printlint|tests|docs)/[\w/.]+\w", PAGE))))
def test_the_page_names_files_that_exist(name: str) -> None:
    examples = ("printlint/rules/handlers/old_level_name.py", "printlint/report/as_NAME.py")
    assert (ROOT / name).exists() or name in examples
