"""The hooks, run by pre-commit itself on a git repository."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, clean_environment

pytest.importorskip("pre_commit")
pytestmark = pytest.mark.system

# `language: system` takes the installed printlint, so that the test needs no network; everything else is the hook's.
CONFIG = """
repos:
  - repo: {hooks}
    rev: {rev}
    hooks:
      - id: {hook}
        language: system
"""


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.invalid", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def hooks(tmp_path: Path) -> Path:
    """A repository that offers the hooks, as users name it."""
    folder = tmp_path / "hooks"
    folder.mkdir()
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", folder)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "hooks")
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "work.py").write_text('def work(n):\n    print("working on", n)\n')
    (folder / "notes.txt").write_text('print("no Python")\n')
    return folder


def run_hook(hook: str, hooks: Path, repository: Path) -> subprocess.CompletedProcess[str]:
    config = CONFIG.format(hooks=hooks, rev=git(hooks, "rev-parse", "HEAD"), hook=hook)
    (repository / ".pre-commit-config.yaml").write_text(config)
    git(repository, "add", ".")
    environment = clean_environment(PRE_COMMIT_HOME=str(repository.parent / "cache"))
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    command = [sys.executable, "-m", "pre_commit", "run", "--all-files"]
    return subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, check=False)


def test_the_check_hook_fails_on_findings_and_names_them(hooks: Path, repository: Path) -> None:
    done = run_hook("printlint-check", hooks, repository)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "work.py:2:5: PRT101" in done.stdout
    assert "notes.txt" not in done.stdout


def test_the_fix_hook_rewrites_and_is_then_content(hooks: Path, repository: Path) -> None:
    first = run_hook("printlint-fix", hooks, repository)
    assert first.returncode == 1, first.stdout + first.stderr
    assert "files were modified by this hook" in first.stdout
    assert 'logger.info("working on %s", n)' in (repository / "work.py").read_text()
    assert run_hook("printlint-fix", hooks, repository).returncode == 0
    assert run_hook("printlint-check", hooks, repository).returncode == 0


def test_the_fix_hook_names_the_new_module_that_a_commit_would_miss(hooks: Path, repository: Path) -> None:
    (repository / "main.py").write_text("from work import work\n\nif __name__ == '__main__':\n    work(3)\n")
    first = run_hook("printlint-fix", hooks, repository)
    assert first.returncode == 1
    assert "wrote logging_setup.py, a new file; add it to version control" in first.stdout
    assert git(repository, "status", "--short", "logging_setup.py") == "?? logging_setup.py"
    assert run_hook("printlint-fix", hooks, repository).returncode == 0


def test_the_hooks_pass_on_a_command_line_tool(hooks: Path, repository: Path) -> None:
    tool = "import argparse\n\n\ndef main():\n    print(argparse.ArgumentParser().parse_args())\n"
    (repository / "work.py").write_text(tool)
    for hook in ("printlint-check", "printlint-fix"):
        done = run_hook(hook, hooks, repository)
        assert done.returncode == 0, done.stdout + done.stderr
    assert (repository / "work.py").read_text() == tool
