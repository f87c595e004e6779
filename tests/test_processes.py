"""What the world does to a run: signals, killed processes, none to be had, and streams that are closed or full."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Run, clean_environment

from printlint.lint import linter, run
from printlint.lint.linter import lint_bytes
from printlint.rewrite import files

pytestmark = pytest.mark.system

NOISY = 'def work(n):\n    print("working on", n)\n'
SIGNALS = ["TERM", "HUP", "INT"]
PATIENCE_S = 60.0

# Three processes that say who they are and go on for ever: the method to start them and the FIFO to say it in follow.
ENDLESS = """
import multiprocessing, os, signal, sys
from contextlib import nullcontext
from printlint.process import signals
from printlint.process.workers import Job, mapped

def tell(fifo):
    with open(fifo, "w") as file:
        file.write(f"{os.getpid()}\\n")

def work(fifo):
    tell(fifo)
    signal.pause()

if __name__ == "__main__":
    method, job, fifo = sys.argv[1:]
    multiprocessing.set_start_method(method)
    asked = signals.Asked()
    job = globals()[job]
    try:
        with signals.as_interrupts(asked):
            list(mapped(Job(job, nullcontext, job), iter([fifo] * 3), processes=3, chunk=1))
    except KeyboardInterrupt:
        signals.end_by(asked.number)
"""

# The command with one function replaced; its arguments follow.
COMMAND = """
import os, signal, sys
from printlint.lint import run
from printlint.lint import linter
from printlint.rewrite import files
from printlint.__main__ import main

real = linter.lint_bytes

def tell_and_wait(*_, **__):
    with open(os.environ["FIFO"], "w") as file:
        file.write(f"{os.getpid()}\\n")
    signal.pause()

def kill(name, *arguments, **options):
    if name == "kill.py":
        os.kill(os.getpid(), signal.SIGKILL)
    return real(name, *arguments, **options)

def kill_once(name, *arguments, **options):
    if name == "kill.py" and not os.path.exists(os.environ["FIFO"] + ".once"):
        open(os.environ["FIFO"] + ".once", "w").close()
        os.kill(os.getpid(), signal.SIGKILL)
    return real(name, *arguments, **options)

def refuse(*_, **__):
    raise BlockingIOError(11, "Resource temporarily unavailable")

CHANGES
main()
"""

COMMAND_ALONE = "from printlint.__main__ import main\nmain()\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "pyproject.toml").touch()
    for number in range(24):
        (root / f"m{number:02}.py").write_text(NOISY)
    (root / "kill.py").write_text(NOISY)
    return root


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    """Where processes say who they are."""
    path = tmp_path / "fifo"
    os.mkfifo(path)
    return path


def told(fifo: Path, count: int) -> list[int]:
    """The processes that say who they are, once so many have."""
    descriptor = os.open(fifo, os.O_RDWR)
    try:
        data = b""
        while data.count(b"\n") < count:
            data += os.read(descriptor, 4096)
    finally:
        os.close(descriptor)
    return [int(line) for line in data.split()]


def are_gone(processes: list[int]) -> bool:
    """Whether processes have ended; waits for it."""
    deadline = time.monotonic() + PATIENCE_S
    while alive := [number for number in processes if is_alive(number)]:
        if time.monotonic() > deadline:
            for number in alive:
                os.kill(number, signal.SIGKILL)
            return False
        time.sleep(0.02)
    return True


def is_alive(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return False
        return not os.path.isdir("/proc/self")
    return state != "Z"


def command(changes: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", COMMAND.replace("CHANGES", changes), *arguments]


def output_of(root: Path, *arguments: str, changes: str = "", **environment: str) -> tuple[str, str, int]:
    done = subprocess.run(
        command(changes, *arguments),
        cwd=root,
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S * 3,
    )
    return done.stdout, done.stderr, done.returncode


# Signals


@pytest.mark.parametrize("name", SIGNALS)
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_signal_ends_all_processes_of_a_run(tmp_path: Path, fifo: Path, method: str, name: str) -> None:
    script = tmp_path / "endless.py"
    script.write_text(ENDLESS)
    environment = clean_environment()
    with subprocess.Popen([sys.executable, script, method, "work", fifo], cwd=tmp_path, env=environment) as process:
        workers = told(fifo, 3)
        process.send_signal(getattr(signal, f"SIG{name}"))
        assert process.wait(PATIENCE_S) == -getattr(signal, f"SIG{name}")
    assert len(set(workers)) == 3
    assert are_gone(workers)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_workers_end_when_the_run_is_killed(tmp_path: Path, fifo: Path, method: str) -> None:
    script = tmp_path / "endless.py"
    script.write_text(ENDLESS)
    arguments = [sys.executable, script, method, "work", fifo]
    with subprocess.Popen(arguments, cwd=tmp_path, env=clean_environment()) as process:
        workers = told(fifo, 3)
        process.kill()
        process.wait(PATIENCE_S)
    assert are_gone(workers)


@pytest.mark.parametrize("name", SIGNALS)
def test_check_is_ended_by_a_signal(project: Path, fifo: Path, name: str) -> None:
    environment = clean_environment(FIFO=str(fifo))
    arguments = command("run.lint_bytes = tell_and_wait", "check", "-j3", "--no-cache")
    with subprocess.Popen(
        arguments, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        workers = told(fifo, 3)
        process.send_signal(getattr(signal, f"SIG{name}"))
        output, diagnostics = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == -getattr(signal, f"SIG{name}")
    assert (output, diagnostics.strip().count("\n"), "interrupted" in diagnostics) == ("", 0, True)
    assert are_gone(workers)


@pytest.mark.parametrize("name", SIGNALS)
def test_a_signal_leaves_no_temporary_file(project: Path, tmp_path: Path, fifo: Path, name: str) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "first"]):
        subprocess.run([*git, *words], cwd=project, check=True)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = clean_environment(FIFO=str(fifo), TMPDIR=str(temporary))
    arguments = command("files._fix_bytes = tell_and_wait", "fix", "--since", "HEAD")
    with subprocess.Popen(arguments, cwd=project, env=environment, stderr=subprocess.DEVNULL) as process:
        told(fifo, 1)
        assert list(temporary.iterdir())
        process.send_signal(getattr(signal, f"SIG{name}"))
        assert process.wait(PATIENCE_S) == -getattr(signal, f"SIG{name}")
    assert not list(temporary.iterdir())


def test_who_hangs_up_does_not_end_a_run_that_ignores_it(project: Path, fifo: Path) -> None:
    """As with `nohup`."""
    changes = "signal.signal(signal.SIGHUP, signal.SIG_IGN)\nrun.lint_bytes = tell_and_wait"
    environment = clean_environment(FIFO=str(fifo))
    with subprocess.Popen(
        command(changes, "check", "-j3", "--no-cache"), cwd=project, env=environment, stderr=subprocess.DEVNULL
    ) as process:
        workers = told(fifo, 3)
        for number in (process.pid, *workers):
            os.kill(number, signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == -signal.SIGTERM
    assert are_gone(workers)


# Processes that are lost, or cannot be had


def test_a_killed_process_costs_no_other_file_its_findings(project: Path, fifo: Path) -> None:
    whole = output_of(project, "check", "-j1", "--no-cache")
    output, _, status = output_of(
        project, "check", "-j3", "--no-cache", changes="run.lint_bytes = kill", FIFO=str(fifo)
    )
    assert status == 1
    lines = dict(line.split(": ", 1) for line in output.splitlines())
    assert lines.pop("kill.py:1:1") == "PRT900 The process that checked this file crashed or was killed"
    assert lines == dict(line.split(": ", 1) for line in whole[0].splitlines() if not line.startswith("kill.py"))


def test_a_process_that_somebody_kills_costs_nothing(project: Path, fifo: Path) -> None:
    whole = output_of(project, "check", "-j1", "--no-cache")
    assert whole == output_of(
        project, "check", "-j3", "--no-cache", changes="run.lint_bytes = kill_once", FIFO=str(fifo)
    )
    assert Path(f"{fifo}.once").exists()


UNAVAILABLE = {
    "no process": "os.fork = refuse",
    "no new interpreter": (
        "import multiprocessing, multiprocessing.util\nmultiprocessing.set_start_method('spawn')\n"
        "multiprocessing.util.spawnv_passfds = refuse"
    ),
    "no semaphore": "import _multiprocessing\n_multiprocessing.SemLock = refuse",
    "no pipe": "import socket\nsocket.socketpair = refuse",
    "no processes at all": "sys.modules['_multiprocessing'] = None",
    "a second process is one too many": (
        "forks = iter([os.fork])\nreal_fork = os.fork\nos.fork = lambda: next(forks, refuse)()"
    ),
}


@pytest.mark.parametrize("missing", UNAVAILABLE)
def test_without_processes_one_does_the_work(project: Path, missing: str) -> None:
    whole = output_of(project, "check", "-j1", "--no-cache")
    assert whole[2] == 1
    assert whole == output_of(project, "check", "-j3", "--no-cache", changes=UNAVAILABLE[missing])


@pytest.mark.parametrize("most", [9, 10, 12, 16, 20, 24, 28, 32, 40])
def test_few_descriptors_are_enough(project: Path, most: int) -> None:
    (project / "pyproject.toml").write_text("[tool.printlint]\nignore = ['PRT2']\n")
    shell = ["sh", "-c", f'ulimit -n {most}; exec "$@"', "sh", sys.executable, "-m", "printlint"]
    arguments = [*shell, "check", "-j8", "--no-cache"]
    done = subprocess.run(
        arguments, cwd=project, env=clean_environment(), capture_output=True, text=True, check=False, close_fds=True
    )
    assert (done.stdout, done.stderr, done.returncode) == output_of(project, "check", "-j1", "--no-cache")


# One file that takes too much


@pytest.mark.parametrize("error", [RecursionError, MemoryError])
@pytest.mark.parametrize("command", [["check"], ["check", "-v"], ["fix", "--diff"]])
def test_what_takes_too_much_is_the_files_own_finding(
    inside: Run, project: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], error: type[Exception]
) -> None:
    def fail(name: str, *arguments: object, **options: object) -> object:
        if name == "kill.py":
            raise error
        return lint_bytes(name, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(run, "lint_bytes", fail)
    monkeypatch.setattr(files, "_fix_bytes", lambda *_, **__: fail("kill.py"))
    done = inside(*command, cwd=project)
    assert done.returncode == (0 if command[0] == "fix" else 1)
    if command[0] == "check":
        assert sum("PRT101" in line for line in done.stdout.splitlines()) == 24
        assert "kill.py:1:1: PRT900" in done.stdout
    assert "internal error" not in done.stdout + done.stderr


def test_a_rewrite_that_takes_too_much_is_the_files_own_finding(
    inside: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(item: object) -> object:
        raise RecursionError

    monkeypatch.setattr("printlint.rewrite.fixer.report", fail)
    done = inside("check", "-v", cwd=project)
    assert done.returncode == 1
    assert done.stdout.count("PRT900 Expression is nested too deeply") == 25


def test_memory_that_ends_while_linting_is_the_files_own_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> object:
        raise MemoryError

    monkeypatch.setattr(linter, "_lint", fail)
    (finding,) = lint_bytes("a.py", b"x = 1\n").findings
    assert (finding.code, "Not enough memory" in finding.message) == ("PRT900", True)


# Standard streams


WRITING = {
    "check": ["check", "--no-cache"],
    "json": ["check", "--no-cache", "--output-format", "json"],
    "fix": ["fix"],
    "diff": ["fix", "--diff"],
    "filter": ["fix", "-"],
    "init": ["init", "--diff"],
    "explain": ["explain", "PRT101"],
    "rules": ["rules"],
    "version": ["--version"],
    "help": ["--help"],
}


def redirected(root: Path, redirection: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    shell = ["sh", "-c", f'exec "$@" {redirection}', "sh", sys.executable, "-m", "printlint", *arguments]
    return subprocess.run(
        shell, cwd=root, env=clean_environment(), capture_output=True, text=True, check=False, input=NOISY
    )


@pytest.mark.parametrize("command", WRITING)
def test_closed_output_is_said_in_a_line(project: Path, command: str) -> None:
    done = redirected(project, ">&-", *WRITING[command])
    assert (done.stderr, done.returncode) == ("printlint: standard output is closed\n", 2)
    assert (project / "m00.py").read_text() == NOISY


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("command", sorted(WRITING.keys() - {"fix"}))
def test_full_output_is_said_in_a_line(project: Path, command: str) -> None:
    done = redirected(project, ">/dev/full", *WRITING[command])
    *_, last = done.stderr.splitlines()
    assert (last, done.returncode) == ("printlint: input or output failed: No space left on device", 2)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", sorted(WRITING.keys() - {"fix"}))
def test_output_that_nobody_reads_is_no_error_to_speak_of(project: Path, command: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "printlint", *WRITING[command]],
            cwd=project,
            env=clean_environment(),
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            input=NOISY,
        )
    finally:
        os.close(writing)
    assert done.returncode == 2
    assert "rror" not in done.stderr


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full", "2>&- <&-"])
def test_findings_need_no_standard_error(project: Path, redirection: str) -> None:
    if "/dev/full" in redirection and not os.path.exists("/dev/full"):
        pytest.skip("needs /dev/full")
    expected = redirected(project, "", "check", "--no-cache")
    done = redirected(project, redirection, "check", "--no-cache", "-j2")
    assert done.stdout == expected.stdout
    assert done.returncode == (2 if "/dev/full" in redirection else 1)


def test_known_outcomes_need_their_output(project: Path, tmp_path: Path) -> None:
    """The road that loads nothing."""
    environment = clean_environment(PRINTLINT_CACHE_DIR=str(tmp_path / "cache"))
    program = f"from printlint.cache import outcomes\noutcomes._home = lambda: {str(tmp_path)!r}\n{COMMAND_ALONE}"
    for redirection, status in (("", 1), (">&-", 2), (">/dev/full", 2), ("", 1)):
        shell = ["sh", "-c", f'exec "$@" {redirection}', "sh", sys.executable, "-c", program, "check"]
        done = subprocess.run(shell, cwd=project, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == status
        assert "Traceback" not in done.stderr
        assert status == 1 or done.stderr.count("\n") == 1
    assert list((tmp_path / "cache").iterdir())


@pytest.mark.parametrize("command", [["check", "-"], ["fix", "-"], ["fix", "--interactive"]])
def test_closed_input_is_told(project: Path, command: list[str]) -> None:
    done = redirected(project, "<&-", *command)
    assert (done.returncode, "standard input" in done.stderr) == (2, True)


def test_a_working_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    shell = ["sh", "-c", 'rmdir "$PWD" && exec "$@"', "sh", sys.executable, "-m", "printlint", "check"]
    done = subprocess.run(shell, cwd=folder, env=clean_environment(), capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("", "printlint: the working directory no longer exists\n", 2)
