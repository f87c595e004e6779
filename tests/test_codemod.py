"""`PrintToLogger`: under libcst's own runner, each file becomes what `fix` makes of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import libcst as cst
import pytest
from conftest import FIXTURES, clean_environment
from libcst.codemod import CodemodContext, SkipFile, TransformSuccess, transform_module

from printlint.codemod import PrintToLogger
from printlint.config import Configs
from printlint.rewrite.files import fix_stdin
from printlint.rules import rule_codes

PROGRAMS = [path for path in sorted((FIXTURES / "behaviour").rglob("*.py")) if path.parts[-2] != "unreadable"]


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: str(path.relative_to(FIXTURES / "behaviour")))
@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_a_file_becomes_what_fix_makes_of_it(path: Path, unsafe: bool, tmp_path: Path) -> None:
    data = path.read_bytes()
    path = tmp_path / "main.py"
    path.write_bytes(data)
    try:
        tree = cst.parse_module(data)
    except cst.ParserSyntaxError:
        pytest.skip("libcst cannot parse it")
    if tree.bytes != data:
        pytest.skip("libcst's module is not what the file holds")
    run = fix_stdin(data, path, Configs(rule_codes(), {}), unsafe=unsafe, allow_setup=True)
    context = CodemodContext(filename=str(path))
    new = PrintToLogger(context, unsafe_fixes=unsafe).transform_module(tree)
    assert new.bytes == (run.changes[0].new if run.changes else data)
    refused = [item for item in run.left if item.refused]
    assert len(context.warnings) == len(refused)


def test_it_is_a_step_of_a_pipeline() -> None:
    tree = cst.parse_module("def f(n):\n    print('ERROR: no', n)\n")
    new = PrintToLogger(CodemodContext(), detect_interface=False, tidy=True).transform_module(tree)
    assert new.code.endswith("def f(n):\n    logger.error('no %s', n)\n")
    result = transform_module(PrintToLogger(CodemodContext(), detect_interface=False), tree.code)
    assert isinstance(result, TransformSuccess)
    assert result.code.endswith("    logger.error('ERROR: no %s', n)\n")


def test_a_wrong_option_skips_the_file() -> None:
    with pytest.raises(SkipFile, match="message-style cannot be 'loud'"):
        PrintToLogger(CodemodContext(), message_style="loud").transform_module(cst.parse_module("x = 1\n"))


def test_the_runner_of_libcst_finds_it(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("def f(n):\n    print('=== no', n)\n")
    (tmp_path / "pyproject.toml").write_text("[tool.printlint]\ndetect-interface = false\n")
    (tmp_path / ".libcst.codemod.yaml").write_text("modules: ['printlint']\nrepo_root: '.'\n")
    command = [
        sys.executable,
        "-m",
        "libcst.tool",
        "codemod",
        "-x",
        "printlint.codemod.PrintToLogger",
        "--no-format",
        "--tidy",
        ".",
    ]
    done = subprocess.run(command, cwd=tmp_path, env=clean_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "app.py").read_text().endswith("def f(n):\n    logger.info('no %s', n)\n")
