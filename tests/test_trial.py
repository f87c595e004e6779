"""`fix --verify`: what passes stays, what does not goes back, and nothing that ends the run leaves a trace."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from conftest import KILLED, Run, clean_environment

from printlint.rewrite.bisect import most_that_pass
from printlint.writing.journal import Busy, Journal, has_journal

pytestmark = pytest.mark.system
NAMES = [f"m{number}.py" for number in range(8)]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'p'\n")
    for name in NAMES:
        (tmp_path / name).write_text(f"def work():\n    print('at work', {name!r})\n")
        os.utime(tmp_path / name, (1_000_000_000, 1_000_000_000))
    return tmp_path


def rewritten(project: Path) -> set[str]:
    return {name for name in NAMES if "logger" in (project / name).read_text()}


def fails_with(*names: str) -> str:
    """A command that fails where all of these files are rewritten."""
    return " && ".join(f"grep -q logger {name}" for name in names) + f" && echo broken by {names[0]} && exit 3; true"


# the search


@pytest.mark.parametrize("culprits", [(), ("c",), ("a", "h"), ("a", "b", "c"), tuple("abcdefgh")])
def test_each_item_that_fails_alone_is_left_out(culprits: tuple[str, ...]) -> None:
    tried = []

    def passes(chosen: frozenset[str]) -> bool:
        tried.append(chosen)
        return not chosen & set(culprits)

    assert most_that_pass("abcdefgh", passes) == set("abcdefgh") - set(culprits)
    assert len(tried) == len(set(tried)), "no set is tried twice"
    if len(culprits) < 2:
        assert len(tried) <= 1 + 6 * len(culprits)


def test_of_items_that_fail_together_the_fewest_are_left_out() -> None:
    """`h` fails with each of four others: it alone goes, not the four."""
    assert most_that_pass("abcdefgh", lambda chosen: not ("h" in chosen and chosen & set("abcd"))) == set("abcdefg")


def test_an_item_that_needs_another_is_kept_with_it() -> None:
    """`a` passes only along with `h`, which the search meets last."""
    assert most_that_pass("abcdefgh", lambda chosen: "e" not in chosen and ("a" not in chosen or "h" in chosen)) == set(
        "abcdfgh"
    )


@pytest.mark.parametrize("seed", range(20))
def test_nothing_that_was_left_out_could_be_kept(seed: int) -> None:
    chance = random.Random(seed)
    bad = [frozenset(chance.sample("abcdefgh", chance.randrange(1, 4))) for _ in range(chance.randrange(1, 5))]

    def passes(chosen: frozenset[str]) -> bool:
        return not any(group <= chosen for group in bad)

    kept = most_that_pass("abcdefgh", passes)
    assert passes(kept)
    assert not any(passes(kept | {item}) for item in set("abcdefgh") - kept)
    most = max(
        len(chosen) for size in range(9) for chosen in combinations("abcdefgh", size) if passes(frozenset(chosen))
    )
    assert len(kept) >= most - 1


# the command


def test_all_files_stay_rewritten_where_the_command_passes(printlint: Run, project: Path) -> None:
    done = printlint("fix", "--verify", "true")
    assert done.returncode == 0, done.stderr
    assert rewritten(project) == set(NAMES)
    assert not has_journal(project)


def test_the_files_that_make_it_fail_go_back_and_are_named_with_the_reason(printlint: Run, project: Path) -> None:
    before = (project / "m2.py").stat().st_mtime_ns
    done = printlint("fix", "--verify", f"({fails_with('m2.py')}) && ({fails_with('m5.py')})")
    assert done.returncode == 1
    assert rewritten(project) == set(NAMES) - {"m2.py", "m5.py"}
    assert "rolled back m2.py: with it" in done.stderr
    assert "broken by m2.py" in done.stderr
    assert "rolled back m5.py: with it" in done.stderr
    assert "6 findings fixed in 6 files, 2 left" in done.stderr
    assert {line.partition(":")[0] for line in done.stdout.splitlines()} == {"m2.py", "m5.py"}
    assert (project / "m2.py").stat().st_mtime_ns == before, "caches by modification time hold"
    assert not has_journal(project)


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs /proc")
@pytest.mark.parametrize("command", ["true", fails_with("m2.py")])
def test_no_descriptor_stays_open(inside: Run, project: Path, command: str) -> None:
    def count() -> int:
        return len(os.listdir("/proc/self/fd"))

    inside("fix", "--diff")  # loads what is loaded once
    before = count()
    inside("fix", "--verify", command)
    assert count() == before


def test_a_command_that_fails_before_any_change_proves_nothing(printlint: Run, project: Path) -> None:
    before = contents(project)
    done = printlint("fix", "--verify", "echo no such test; exit 4")
    assert done.returncode == 2
    assert "fails (exit status 4" in done.stderr
    assert "before any change; nothing was written" in done.stderr
    assert "no such test" in done.stderr
    assert contents(project) == before


def test_nothing_to_do_runs_nothing(printlint: Run, tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("x = 1\n")
    assert printlint("fix", "--verify", "touch ran").returncode == 0
    assert not (tmp_path / "ran").exists()


def test_diff_and_standard_input_are_not_verified(printlint: Run, project: Path) -> None:
    for arguments in (["--diff"], ["-"]):
        done = printlint("fix", "--verify", "true", *arguments, input="")
        assert done.returncode == 2
        assert "--verify cannot be combined with" in done.stderr


def test_an_empty_command_writes_nothing(printlint: Run, project: Path) -> None:
    done = printlint("fix", "--verify", " ")
    assert done.returncode == 2
    assert "--verify needs a command" in done.stderr
    assert rewritten(project) == set()


ASYNC = "import logging\n\nlogger = logging.getLogger(__name__)\n\n\nasync def {0}():\n    logger.info('at work')\n"


def test_the_set_up_module_goes_where_nothing_that_needs_it_stays(printlint: Run, tmp_path: Path) -> None:
    package = tmp_path / "app"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "a.py").write_text(ASYNC.format("a"))
    before = contents(tmp_path)
    done = printlint("fix", "--verify", "! test -e app/logging_setup.py")
    assert "rolled back app/a.py" in done.stderr
    assert contents(tmp_path) == before


def test_what_rests_on_a_file_that_went_back_is_planned_anew(printlint: Run, tmp_path: Path) -> None:
    """`user.py` awaits the logger of `base.py`; without the rewrite of `base.py` that would be a TypeError."""
    package = tmp_path / "app"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "base.py").write_text(ASYNC.format("base"))
    using = "from app.base import logger\n\n\nasync def use():\n    logger.info('in use')\n"
    (package / "user.py").write_text(using)
    done = printlint("fix", "--verify", "! grep -q get_logger app/base.py")
    assert done.returncode == 1
    assert "rolled back app/base.py" in done.stderr
    assert (package / "base.py").read_text() == ASYNC.format("base")
    assert (package / "user.py").read_text() == using


# what ends it


def test_a_kill_in_the_middle_puts_everything_back(printlint: Run, project: Path) -> None:
    before = contents(project)
    done = printlint("fix", "--verify", "grep -q logger m0.py && kill -9 $PPID; true")
    assert done.returncode == -signal.SIGKILL
    assert "printlint was killed: " in done.stderr, "the guard speaks last, so that it is done by now"
    assert contents(project) == before


@pytest.mark.parametrize("number", ["TERM", "HUP", "INT"])
def test_a_signal_in_the_middle_puts_everything_back_and_stops_the_command(
    printlint: Run, project: Path, number: str
) -> None:
    before = contents(project)
    done = printlint("fix", "--verify", f"grep -q logger m0.py && kill -{number} $PPID && exec tail -f /dev/null; true")
    assert done.returncode == -getattr(signal, f"SIG{number}")
    assert "interrupted" in done.stderr
    assert contents(project) == before


def test_a_file_that_cannot_be_written_puts_everything_back(printlint: Run, project: Path) -> None:
    done = printlint("fix", "--verify", "test -e once || { touch once; echo changed > m7.py; }")
    assert done.returncode == 2
    assert "m7.py: not written, since it changed while printlint was running" in done.stderr
    assert rewritten(project) == set()
    assert (project / "m7.py").read_text() == "changed\n"
    assert not has_journal(project)


def test_a_file_that_the_command_edits_is_left_with_its_old_text_beside_it(printlint: Run, project: Path) -> None:
    old = (project / "m3.py").read_bytes()
    done = printlint("fix", "--verify", "grep -q logger m3.py && echo '# edited' >> m3.py && exit 1; true")
    assert done.returncode == 2
    assert "m3.py: left unchanged, since it was edited meanwhile" in done.stderr
    assert (project / "m3.py").read_text().endswith("# edited\n")
    assert (project / "m3.py.orig").read_bytes() == old
    assert rewritten(project) == {"m3.py"}


# the journal


def began(project: Path) -> Journal:
    journal = Journal.open(project)
    journal.begin([(project / "m0.py", (project / "m0.py").read_bytes(), b"new"), (project / "made.py", None, b"made")])
    (project / "m0.py").write_bytes(b"new")
    (project / "made.py").write_bytes(b"made")
    return journal


def die(journal: Journal) -> None:
    """What tells a living run from a dead one: its lock and its pipe."""
    os.close(journal._lock)
    assert journal._guard is not None
    assert journal._guard.stdin is not None
    journal._guard.stdin.close()
    journal._guard.wait()


def test_the_guard_puts_files_back_when_its_run_is_gone(project: Path) -> None:
    before = contents(project)
    journal = began(project)
    die(journal)
    assert contents(project) == before


@pytest.mark.parametrize("command", [["fix", "x.py"], ["fix", "--verify", "true", "x.py"]])
def test_the_next_run_puts_files_back_when_the_guard_was_killed_too(
    printlint: Run, project: Path, command: list[str]
) -> None:
    before = contents(project)
    journal = began(project)
    assert journal._guard is not None
    journal._guard.kill()
    die(journal)
    (project / "x.py").write_text("")
    done = printlint(*command)
    assert "from a run that was killed: " in done.stderr
    (project / "x.py").unlink()
    assert contents(project) == before


def test_two_trials_at_once_are_refused(printlint: Run, project: Path) -> None:
    journal = Journal.open(project)
    with pytest.raises(Busy):
        Journal.open(project)
    for command in (["fix"], ["fix", "--verify", "true"]):
        done = printlint(*command)
        assert done.returncode == 2
        assert "another `printlint fix --verify` is running in" in done.stderr
    journal.close(roll_back=False)
    assert printlint("fix").returncode == 0


@pytest.mark.parametrize("operation", range(0, 260, 17))
def test_a_kill_at_any_system_call_leaves_every_file_old_or_all_rewritten(project: Path, operation: int) -> None:
    """The run is killed at its n-th operation on files; the guard, or the next run, leaves the tree whole."""
    before = contents(project)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(operation), "fix", "-q", "--verify", "true"],
        cwd=project,
        env=clean_environment(),
        capture_output=True,
        check=False,
    )
    after = contents(project)
    assert done.returncode in (0, -signal.SIGKILL)
    assert after.keys() == before.keys(), "no litter"
    assert after == before or rewritten(project) == set(NAMES)
