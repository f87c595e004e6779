"""A repository whose modules have the names of others' modules: none of them runs, however printlint is started."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from conftest import ROOT, clean_environment

pytestmark = pytest.mark.system

OTHERS = {"click", "flake8", "libcst", "mccabe", "printlint", "pycodestyle", "pyflakes", "regex", "yaml"}
AT_START = {"sitecustomize", "usercustomize"}
COMMANDS = {
    "check": ["check", "--no-cache"],
    "check in processes": ["check", "--no-cache", "-j2"],
    "check with reasons": ["check", "-v", "--no-cache", "-j2", "work.py", "other.py"],
    "fix": ["fix", "--diff", "work.py", "other.py"],
    "init": ["init", "--diff"],
    "since": ["check", "--since", "HEAD"],
    "baseline": ["check", "--baseline", "baseline.json"],
    "configuration": ["check", "--output-format", "sarif", "--select", "ALL"],
    "explain": ["explain", "PRT101"],
    "a mistake": ["check", "--selct", "x"],
}
# As installers write it.
SCRIPT = "import sys\nfrom printlint.__main__ import main\nif __name__ == '__main__':\n    sys.exit(main())\n"
CHOOSING = """
import sys
from printlint.__main__ import main
if __name__ == '__main__':
    from printlint.process.safe_path import leave_out_working_folder
    leave_out_working_folder()
    import multiprocessing
    multiprocessing.set_start_method({method!r})
    sys.exit(main())
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Traps beside what makes printlint read all that it can read."""
    root = tmp_path / "repository"
    root.mkdir()
    trap = f"import sys\nopen({str(tmp_path / 'ran')!r}, 'a').write(__name__ + chr(10))\nprint('trap')\n"
    for name in (*sys.stdlib_module_names, *OTHERS, *AT_START):
        (root / f"{name}.py").write_text(trap)
    for name in ("multiprocessing", "encodings", "concurrent", "importlib", "json"):
        (root / f"{name}.py").unlink()
        (root / name).mkdir()
        (root / name / "__init__.py").write_text(trap)
    (root / "work.py").write_text("import logging\n\n\ndef work(item):\n    print('working on', item)\n" * 2)
    (root / "other.py").write_text("# coding: latin-1\nasync def work(item):\n    print(f'on {item}')\n")
    (root / "pyproject.toml").write_text("[tool.printlint]\nlevels = { 'x' = 'debug' }\n")
    (root / ".gitignore").write_text("/*.py\n/*/\n!/work.py\n!/other.py\n")
    (root / "baseline.json").write_text('{"version": 1, "findings": {}}')
    (root / "logging.yaml").write_text("version: 1\nhandlers: {}\n")
    (root / "logging.ini").write_text("[loggers]\nkeys=root\n")
    (root / "setup.cfg").write_text("[options.entry_points]\nconsole_scripts =\n  app = work:work\n")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "first"]):
        subprocess.run([*git, *command], cwd=root, check=True)
    return root


def ran(root: Path, *command: str | Path, path: str = str(ROOT)) -> set[str]:
    """Run a command in a repository. Gives the names of the traps that ran."""
    marker = root.parent / "ran"
    marker.unlink(missing_ok=True)
    environment = clean_environment(PYTHONPATH=path)
    done = subprocess.run(
        [sys.executable, *map(str, command)], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode in (0, 1, 2)
    return set(marker.read_text().split()) if marker.exists() else set()


def started_by(root: Path, method: str) -> Path:
    """A script beside the repository that starts processes by a method."""
    script = root.parent / "started.py"
    script.write_text(CHOOSING.format(method=method))
    return script


@pytest.mark.parametrize("command", COMMANDS)
def test_a_script_runs_no_module_of_the_working_folder(repository: Path, command: str) -> None:
    (repository.parent / "script.py").write_text(SCRIPT)
    assert not ran(repository, repository.parent / "script.py", *COMMANDS[command])


@pytest.mark.parametrize("method", ["spawn", "forkserver", "fork"])
@pytest.mark.parametrize("path", [str(ROOT), f":{ROOT}", f".:{ROOT}"])
def test_processes_run_no_module_of_the_working_folder(repository: Path, method: str, path: str) -> None:
    script = started_by(repository, method)
    if path != str(ROOT):
        leave_out(repository, "printlint", *AT_START, *loaded_at_start("probe.py"))
    assert not ran(repository, script, "check", "--no-cache", "-j2", path=path)
    assert not ran(repository, "-P", "-m", "printlint", "check", "--no-cache", "-j2")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_module_runs_no_module_of_the_working_folder(repository: Path, command: str) -> None:
    """But for what Python loads to find it, and for itself: `-m` puts the working folder first, and `-P` does not."""
    assert not ran(repository, "-P", "-m", "printlint", *COMMANDS[command])
    leave_out(repository, "printlint", *loaded_at_start("-m", "probe"))
    assert not ran(repository, "-m", "printlint", *COMMANDS[command])
    assert not ran(repository, "-c", "from printlint.__main__ import main; main()", *COMMANDS[command])


def test_an_interpreter_that_does_not_heed_the_environment_starts_no_process(repository: Path) -> None:
    script = repository.parent / "isolated.py"
    script.write_text(f"import sys\nsys.path.append({str(ROOT)!r})\n{started_by(repository, 'spawn').read_text()}")
    for options in (["-E"], ["-I"], ["-E", "-P"]):
        assert not ran(repository, *options, script, "check", "--no-cache", "-j2")


def test_the_flake8_plugin_runs_no_module_of_the_working_folder(repository: Path) -> None:
    script = repository.parent / "flake8-script.py"
    script.write_text("from flake8.main.cli import main\nif __name__ == '__main__':\n    raise SystemExit(main())\n")
    assert not ran(repository, script, "--select=PRT", "-j2", ".")


def test_traps_work(repository: Path) -> None:
    assert ran(repository, "-c", "import printlint, json, tomllib") == {"printlint", "json", "tomllib"}


def leave_out(root: Path, *names: str) -> None:
    for name in names:
        (root / f"{name}.py").unlink(missing_ok=True)
        shutil.rmtree(root / name, ignore_errors=True)


def loaded_at_start(*arguments: str) -> set[str]:
    """What Python loads before a program has a say, from PYTHONPATH and, with `-m`, the working folder."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "probe.py").write_text("import sys\nprint(*sys.modules)\n")
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in done.stdout.split()}
