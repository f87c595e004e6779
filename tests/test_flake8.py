"""The plugin inside flake8 itself."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import FIXTURES, ROOT, clean_environment
from rule_cases import examples_of

from printlint.flake8_plugin import Plugin
from printlint.lint.linter import lint_bytes
from printlint.rules import all_rules, rule_codes
from printlint.rules.prints.print_call import PrintCall


def flake8(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flake8", *arguments]
    return subprocess.run(command, cwd=cwd, env=clean_environment(), capture_output=True, text=True, check=False)


def test_flake8_finds_what_check_finds_on_every_example(tmp_path: Path) -> None:
    for rule in all_rules():
        if rule.code == "PRT900":
            continue  # flake8 itself reports what it cannot parse, as E999
        for number, example in enumerate(examples_of(rule)):
            (tmp_path / f"{rule.code}_{number}.py").write_text(example.source)
    expected = []
    for path in sorted(tmp_path.glob("*.py")):
        for found in lint_bytes(path.name, path.read_bytes(), path=path).findings:
            expected.append(f"{path.name}:{found.start.line}:{found.start.column}: {found.code} {found.message}")
    done = flake8(
        "--isolated", "--select", "PRT", "--disable-noqa", *sorted(p.name for p in tmp_path.glob("*.py")), cwd=tmp_path
    )
    assert done.stdout.splitlines() == expected


def test_flake8_finds_what_check_finds_in_the_example_service() -> None:
    folder = FIXTURES / "shop"
    check = subprocess.run(
        [sys.executable, "-m", "printlint", "check", "shop", "-q"],
        cwd=folder, env=clean_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    done = flake8("--isolated", "--select", "PRT", "shop", cwd=folder)
    assert sorted(done.stdout.splitlines()) == sorted(check.stdout.splitlines())
    assert len(done.stdout.splitlines()) > 15


def test_flake8_finds_what_check_finds_in_every_program_of_the_fixtures(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FIXTURES / "behaviour", tmp_path / "programs"))
    shutil.rmtree(folder / "unreadable")
    check = subprocess.run(
        [sys.executable, "-m", "printlint", "check", ".", "-q", "--ignore", "PRT900", "--extend-select", "PRT106"],
        cwd=folder, env=clean_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    done = flake8("--isolated", "--select", "PRT", ".", cwd=folder)
    assert sorted(line.removeprefix("./") for line in done.stdout.splitlines()) == sorted(check.stdout.splitlines())
    assert len(check.stdout.splitlines()) > 200


def test_flake8s_own_select_and_ignore_and_the_table_are_honoured(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("import logging\n\nlogging.info('x')\nprint('it works')\n")
    assert "PRT101" not in flake8("--isolated", "--extend-ignore", "PRT101", "x.py", cwd=tmp_path).stdout
    (tmp_path / "pyproject.toml").write_text("[tool.printlint]\nignore = ['PRT2']\n")
    assert "PRT201" not in flake8("--isolated", "--select", "PRT", "x.py", cwd=tmp_path).stdout


def test_the_plugin_loads_neither_libcst_nor_click() -> None:
    code = (
        "import ast, sys\n"
        "from printlint.flake8_plugin import Plugin\n"
        "text = 'import logging\\nlogging.info(1)\\nprint(2)\\nasync def f():\\n    print(3)\\n'\n"
        "assert len(list(Plugin(ast.parse(text), text.splitlines(True), 'x.py').run())) == 3\n"
        "assert not {'libcst', 'click', 'regex', 'printlint.plan.edits'} & set(sys.modules), 'too much was imported'\n"
    )
    subprocess.run([sys.executable, "-c", code], env=clean_environment(), check=True)


def test_an_error_in_a_rule_is_a_finding_and_never_takes_flake8_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(PrintCall, "check", broken)
    text = "print('x')\n"
    ((line, column, message, _),) = Plugin(ast.parse(text), [text], "x.py").run()
    assert (line, column) == (1, 0)
    assert message.startswith("PRT900 printlint internal error")
    assert "ZeroDivisionError: oops" in message


def test_a_bad_configuration_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.printlint]\nselekt = []\n")
    (tmp_path / "x.py").write_text("x = 1\n")
    assert "PRT900 Invalid configuration" in flake8("--isolated", "x.py", cwd=tmp_path).stdout


def test_the_entry_point_is_registered() -> None:
    assert "printlint" in flake8("--version", cwd=ROOT).stdout
    assert all(code.startswith("PRT") for code in rule_codes())
