"""The bundled example service, before and after."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import FIXTURES, Run, clean_environment


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FIXTURES / "shop", tmp_path / "shop"))


def output(folder: Path) -> list[str]:
    environment = clean_environment(SHOP_LOG_FORMAT="%(message)s", PYTHONPATH="")
    command = [sys.executable, "-m", "shop", "--json"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if not line.startswith("  File ")]


def without_doubles(lines: list[str]) -> list[str]:
    """The audit trail came out twice: the one wanted change."""
    return [line for before, line in zip(["", *lines], lines, strict=False) if line != before]


@pytest.mark.parametrize("options", [[], ["--unsafe-fixes"], ["--async-backend", "none"]], ids=str)
def test_the_service_says_the_same_after_fix(shop: Path, printlint: Run, options: list[str]) -> None:
    before = output(shop)
    assert before != without_doubles(before)
    done = printlint("fix", *options, cwd=shop)
    assert done.returncode in (0, 1), done.stderr
    after = output(shop)
    if "--unsafe-fixes" not in options:
        assert sorted(after) == sorted(without_doubles(before)), "what is printed need not wait for what was logged"
    assert set(before) <= set(after)


def test_what_is_left_is_only_what_is_unsafe(shop: Path, printlint: Run) -> None:
    left = printlint("fix", cwd=shop).stdout
    assert [line.split()[1] for line in left.splitlines()] == ["PRT101", "PRT105"]
    assert printlint("fix", "--unsafe-fixes", cwd=shop).returncode == 0
    assert printlint("check", cwd=shop).returncode == 0


def test_a_second_run_changes_nothing(shop: Path, printlint: Run) -> None:
    printlint("fix", cwd=shop)
    once = {path: path.read_bytes() for path in shop.rglob("*.py")}
    printlint("fix", cwd=shop)
    assert {path: path.read_bytes() for path in shop.rglob("*.py")} == once


def test_the_order_of_files_does_not_matter(shop: Path, printlint: Run) -> None:
    files = [path.relative_to(shop).as_posix() for path in sorted((shop / "shop").glob("*.py"))]
    forward = printlint("check", *files, cwd=shop).stdout.splitlines()
    backward = printlint("check", *reversed(files), cwd=shop).stdout.splitlines()
    assert sorted(forward) == sorted(backward)
