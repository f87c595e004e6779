"""What several test files need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from printlint import run
from printlint.cli import main
from printlint.config import Configs
from printlint.rules import rule_codes

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"

# Every record to standard output as its bare message: what a rewritten program is compared under.
HANDLER = """
import logging, sys
handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(logging.Formatter("%(message)s"))
logging.getLogger().addHandler(handler)
logging.getLogger().setLevel(logging.DEBUG)
"""

# The same for what loguru's loggers log.
LOGURU_SINK = """
import sys, loguru
loguru.logger.remove()
loguru.logger.add(lambda message: sys.stdout.write(message.record["message"] + "\\n"), level="TRACE")
"""

# The command line, killed at its n-th operation on files: n and the arguments follow.
KILLED = """
import os, signal, sys
from printlint import cli
from printlint.rewrite import apply, bisect, diff, files, trial
import printlint.cli.fix
left = int(sys.argv[1])
def counted(event, arguments):
    global left
    if event in ("open", "os.rename", "os.link", "os.remove", "os.chmod", "os.utime", "os.mkdir", "subprocess.Popen"):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(counted)
sys.argv = ["printlint", *sys.argv[2:]]
cli.main()
"""

# No folder can be made there, so that a run is never another test's.
_NO_CACHE = {"PRINTLINT_CACHE_DIR": os.path.join(__file__, "none")}

# What says in under a minute whether a change is on the right way: files of tests that start few processes.
QUICK = frozenset(
    {
        *("test_annotations", "test_docs", "test_layers", "test_logger_tree", "test_loggers", "test_message_style"),
        *("test_messages", "test_noqa", "test_rules", "test_ruff_noqa", "test_scopes", "test_source"),
        *("test_value_types", "test_verify"),
    }
)

Run = Callable[..., subprocess.CompletedProcess[str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`-m quick` runs the files of `QUICK`."""
    for item in items:
        if item.path.stem in QUICK:
            item.add_marker("quick")


@pytest.fixture(autouse=True, scope="session")
def _own_state_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test writes to the state folder of whoever runs it."""
    os.environ["XDG_STATE_HOME"] = str(tmp_path_factory.mktemp("state"))


@pytest.fixture(autouse=True)
def _run_of_its_own() -> Iterator[None]:
    """Facts about files are kept for a run; each test is a run of its own."""
    with run.Run():
        yield


@pytest.fixture
def child(tmp_path: Path) -> Run:
    """The command as a process of its own, in the test's folder."""

    def run(*args: str | Path, cwd: Path = tmp_path, **more: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "printlint", *map(str, args)]
        options = {"capture_output": True, "text": True, "encoding": "utf-8", "env": clean_environment(), **more}
        return subprocess.run(command, cwd=cwd, check=False, **options)  # type: ignore[call-overload,no-any-return]

    return run


@pytest.fixture
def printlint(request: pytest.FixtureRequest) -> Run:
    """The command: in this process where the file of tests is marked `inside`, for many short runs."""
    marked = request.node.get_closest_marker("inside") is not None
    run: Run = request.getfixturevalue("inside" if marked else "child")
    return run


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in this process, in the test's folder: for tests that run it many times."""

    def run(*args: str | Path, cwd: Path = tmp_path, **_: object) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "argv", ["printlint", *map(str, args)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return subprocess.CompletedProcess(args, int(ended.value.code or 0), out, err)

    return run


def write_files(folder: Path, files: dict[str, str]) -> Path:
    """Some files of a project by their paths from its folder, which is returned."""
    for name, text in {"pyproject.toml": "", **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def isolated(**table: object) -> Configs:
    """The default configuration for every file, with these keys changed."""
    return Configs(rule_codes(), {key.replace("_", "-"): value for key, value in table.items()}, isolated=True)


def clean_environment(**more: str) -> dict[str, str]:
    """This process's environment, without what would colour or configure the child."""
    dropped = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS", "PYTHONWARNINGS", "PYTHONPATH", "LOG_LEVEL")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", **_NO_CACHE, **more}


def heard(folder: Path, command: tuple[str, ...], **environment: str) -> list[str]:
    """The messages on standard output, bare or as the field of an event, and nothing else anywhere."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=clean_environment(PYTHONPATH="", **environment),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    return [json.loads(line)["message"] if line.startswith("{") else line for line in lines]


def texts(folder: Path) -> dict[str, str]:
    """The Python files of a folder, by their paths in it."""
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.py")}
