"""What a test file is, for all who ask: its calls stay, `init` does not wire it, and facts pass it by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Run

TESTS = ["test_work.py", "work_test.py", "work_tests.py", "conftest.py", "tests/util.py", "app/test/util.py"]
OTHERS = ["work.py", "testing.py", "latest.py", "contest.py", "attests/util.py"]
TEXT = """\
import logging


def work(x):
    print("working on", x)
    logging.info("working on %s", x)


if __name__ == "__main__":
    logging.info("done")
"""


@pytest.fixture
def printlint(inside: Run) -> Run:
    return inside


def write(tmp_path: Path, name: str, text: str = TEXT) -> Path:
    # a folder `tests` above the project makes no tests of its files
    root = tmp_path / "tests" / "project"
    (root / name).parent.mkdir(parents=True)
    (root / "pyproject.toml").write_text("[project]\nname = 'app'\n")
    (root / name).write_text(text)
    return root


def refusals(printlint: Run, root: Path) -> dict[str, str]:
    done = printlint("check", "--output-format", "json", "--no-cache", cwd=root)
    found = json.loads(done.stdout)["findings"]
    return {item["code"]: (item.get("refused") or "") for item in found if item["code"] in ("PRT101", "PRT201")}


@pytest.mark.parametrize("name", TESTS)
def test_in_a_test_file_nothing_is_rewritten(printlint: Run, tmp_path: Path, name: str) -> None:
    root = write(tmp_path, name)
    assert all("in a test" in reason for reason in refusals(printlint, root).values())
    assert refusals(printlint, root).keys() >= {"PRT201"}
    assert printlint("fix", "--unsafe-fixes", cwd=root).returncode == 1
    assert (root / name).read_text() == TEXT


@pytest.mark.parametrize("name", ["tests/test_work.py", "work.py"])
def test_print_as_a_value_is_a_callback_like_any_other_in_a_test(printlint: Run, tmp_path: Path, name: str) -> None:
    root = write(tmp_path, name, "work(on_done=print)\n")
    assert printlint("check", "--select", "PRT103", cwd=root).returncode == int(name == "work.py")


TEST_FUNCTIONS = [
    'def test_x():\n    print("connecting")\n',
    'class TestX:\n    def test_x(self):\n        print("connecting")\n',
    'import unittest\n\n\nclass X(unittest.TestCase):\n    def test_x(self):\n        print("connecting")\n',
    'from base import LiveTest\n\n\nclass X(LiveTest):\n    async def test_x(self):\n        print("connecting")\n',
]
OTHER_FUNCTIONS = [
    'def test_x(host):\n    print("connecting", host)\n\n\ndef start():\n    test_x("db")\n',
    'def test_x(host):\n    print("connecting", host)\n\n\nCHECKS = [test_x]\n',
    'class Device:\n    def test_x(self):\n        print("connecting")\n',
    'class Epoch(Training):\n    def test_x(self, batch):\n        print("connecting", batch)\n',
]


@pytest.mark.parametrize("text", TEST_FUNCTIONS)
def test_what_a_runner_of_tests_finds_by_its_name_is_not_rewritten(printlint: Run, tmp_path: Path, text: str) -> None:
    root = write(tmp_path, "work.py", text)
    assert "in a test" in refusals(printlint, root)["PRT101"]


@pytest.mark.parametrize("text", OTHER_FUNCTIONS)
def test_a_function_that_the_program_calls_is_no_test(printlint: Run, tmp_path: Path, text: str) -> None:
    root = write(tmp_path, "work.py", text)
    assert refusals(printlint, root) == {"PRT101": ""}


@pytest.mark.parametrize("name", TESTS)
def test_init_wires_no_test_file(printlint: Run, tmp_path: Path, name: str) -> None:
    root = write(tmp_path, name)
    printlint("init", cwd=root)
    assert (root / name).read_text() == TEXT


@pytest.mark.parametrize("name", TESTS)
def test_what_a_test_file_does_to_loggers_has_no_say(printlint: Run, tmp_path: Path, name: str) -> None:
    root = write(tmp_path, "main.py")
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("import logging\nimport main\nlogging.getLogger('main').disabled = True\n")
    assert not any(refusals(printlint, root).values())


@pytest.mark.parametrize("name", OTHERS)
def test_other_files_are_rewritten_and_wired(printlint: Run, tmp_path: Path, name: str) -> None:
    root = write(tmp_path, name)
    assert not any(refusals(printlint, root).values())
    printlint("init", cwd=root)
    if "/" not in name:  # else a script that cannot import a set-up module from elsewhere
        assert "setup_logging" in (root / name).read_text()
