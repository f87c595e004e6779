"""Messages at debug that a program's level hides: they are rewritten, and told; others stay prints."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Run, heard, texts, write_files

from printlint.rewrite.changes import moved
from printlint.setup.template import setup_source

pytestmark = [pytest.mark.inside, pytest.mark.system]  # nothing here depends on the Python

WORKED = "working on 3"
WORK = "def work(n):\n    print('working on', n)\n"
DEBUGGED = f"{WORK}    print('DEBUG: value', n)\n    print('here')\n"
AT_DEBUG = ["DEBUG: value 3", "here"]
HANDLER = "handler = logging.StreamHandler(sys.stdout)\nlogging.getLogger().addHandler(handler)\n"
HIDING = {  # what a program does, what hides messages at debug, and what shows them
    "the set-up module": ("", "the level of the set-up is INFO; LOG_LEVEL=DEBUG shows debug", {"LOG_LEVEL": "DEBUG"}),
    "a level given to it": (
        "from logging_setup import setup_logging\nsetup_logging('INFO')\n",
        "the level of the set-up is INFO (main.py:4)",
        ("setup_logging('INFO')", "setup_logging('DEBUG')"),
    ),
    "basicConfig": (
        "logging.basicConfig(level=logging.INFO, stream=sys.stdout)\n",
        "the level of the root logger is INFO (main.py:3), which drops the record",
        ("logging.INFO", "logging.DEBUG"),
    ),
    "a handler's level": (
        f"{HANDLER}logging.getLogger().setLevel(10)\nhandler.setLevel(20)\n",
        "the StreamHandler of the root logger, which writes to the terminal, has the level INFO (main.py:4)",
        ("handler.setLevel(20)", ""),
    ),
    "a logger's level": (
        f"{HANDLER}logging.getLogger('work').setLevel('INFO')\n",
        "the level of `work` is INFO (main.py:5), which drops the record",
        ("'INFO'", "'DEBUG'"),
    ),
    "a console that shows less than a file": (
        f"{HANDLER}logging.getLogger().setLevel(10)\nhandler.setLevel(20)\nlogging.getLogger().addHandler("
        "logging.FileHandler('x.log'))\n",
        "the StreamHandler of the root logger, which writes to the terminal, has the level INFO (main.py:4)",
        ("handler.setLevel(20)", ""),
    ),
}


@pytest.mark.parametrize(("set_up", "why", "cure"), HIDING.values(), ids=HIDING)
def test_a_message_at_debug_that_a_level_hides_is_rewritten_and_told(
    printlint: Run, tmp_path: Path, set_up: str, why: str, cure: dict[str, str] | tuple[str, str]
) -> None:
    main = f"import logging\nimport sys\n{set_up}import work\n\n\nwork.work(3)\n"
    files = {"main.py": main, "work.py": DEBUGGED, "pyproject.toml": ""}
    write_files(tmp_path, {**files, "logging_setup.py": setup_source("queue")} if "setup_l" in set_up else files)
    done = printlint("fix", "-v")
    assert done.returncode == 1
    assert f": 2 messages are at debug and not shown: {why}\n" in done.stderr
    assert f"PRT101 rewritten: level debug, since 'here' marks a place; {why}\n" in done.stderr
    assert "drops records below" not in done.stderr  # nothing is told twice
    once = texts(tmp_path)
    assert "print(" not in once["work.py"]
    done = printlint("fix")
    assert (done.returncode, texts(tmp_path)) == (0, once)
    assert not {*AT_DEBUG} & {*heard(tmp_path, ("main.py",))}
    if isinstance(cure, tuple):
        write_files(tmp_path, {"main.py": once["main.py"].replace(*cure)})
    shown = [line for line in heard(tmp_path, ("main.py",), **(cure if isinstance(cure, dict) else {})) if line]
    assert [line for line in AT_DEBUG if sum(line in other for other in shown) == 1] == AT_DEBUG


def test_places_are_those_of_the_text_that_the_user_has(printlint: Run, tmp_path: Path) -> None:
    """With `--diff` that is the text of before. In both, the line has what it had, or what has become of it."""
    main = "import asyncio\n\n\nasync def run(n):\n    print('here')\n    print('working on', n)\n\n\n"
    main += "asyncio.run(run(3))\n"
    write_files(tmp_path, {"main.py": main, "pyproject.toml": ""})
    for options in (["--diff", "-v"], ["-v"]):
        said = printlint("fix", *options).stderr
        lines = (tmp_path / "main.py").read_text().splitlines()
        (start,) = [line for line in said.splitlines() if "set up logging in" in line]
        assert lines[int(start.split(":")[1]) - 1] == "asyncio.run(run(3))"
        for place in [line for line in said.splitlines() if "at debug and not shown" in line or "level debug" in line]:
            assert "here" in lines[int(place.split(":")[1]) - 1]
        (info,) = [line for line in said.splitlines() if "level info" in line]
        assert "working on" in lines[int(info.split(":")[1]) - 1]


@pytest.mark.parametrize(
    ("line", "old", "new", "now"),
    [
        (2, "a\nb\n", "a\nb\n", 2),
        (2, "a\nb\n", "x\na\nb\n", 3),
        (2, "a\nprint('b')\nc\n", "a\n\nlogger = 1\nlogger.info('b')\nc\n", 4),
        (2, "a\nb\nc\n", "a\nc\n", 2),
        (1, "print('a')\n", "", 1),
    ],
)
def test_a_line_is_followed_to_where_it_is_now(line: int, old: str, new: str, now: int) -> None:
    assert moved(line, old.encode(), new.encode()) == now


STAYS = {
    "no handler": f"{HANDLER}logging.getLogger('work').setLevel(20)\nlogging.getLogger('work').propagate = False\n",
    "a file alone": "logging.basicConfig(level=20, filename='x.log')\n",
    "a filter": f"{HANDLER}logging.getLogger().setLevel(20)\n"
    "logging.getLogger('work').addFilter(lambda record: record.levelno > 30)\n",
    "a logger that is disabled": f"{HANDLER}logging.getLogger().setLevel(20)\n"
    "logging.getLogger('work').disabled = True\n",
    "two handlers": f"{HANDLER}logging.getLogger('work').addHandler(logging.StreamHandler())\n"
    "logging.getLogger().setLevel(20)\n",
}


@pytest.mark.parametrize("set_up", STAYS.values(), ids=STAYS)
def test_a_message_at_debug_that_no_level_would_show_stays(printlint: Run, tmp_path: Path, set_up: str) -> None:
    main = f"import logging\nimport sys\n{set_up}import work\n\n\nwork.work(3)\n"
    write_files(tmp_path, {"main.py": main, "work.py": DEBUGGED, "pyproject.toml": ""})
    assert "not shown" not in printlint("fix").stderr
    assert "print('here')" in texts(tmp_path)["work.py"]


def test_levels_hide_other_messages_for_no_reason(printlint: Run, tmp_path: Path) -> None:
    main = "import logging, sys, work\n\nlogging.basicConfig(level='WARNING', stream=sys.stdout)\nwork.work(3)\n"
    write_files(tmp_path, {"main.py": main, "work.py": DEBUGGED, "pyproject.toml": ""})
    done = printlint("fix")
    assert "2 messages are at debug and not shown: the level of the root logger is WARNING (main.py:3)" in done.stderr
    assert "print('working on', n)" in texts(tmp_path)["work.py"]
    write_files(
        tmp_path,
        {
            "main.py": "from logging_setup import setup_logging\n\nimport work\n\nsetup_logging('WARNING')\n"
            "work.work(3)\n",
            "work.py": DEBUGGED,
            "logging_setup.py": setup_source("queue"),
        },
    )
    assert printlint("fix").returncode == 1
    assert "print('working on', n)" in texts(tmp_path)["work.py"]
    assert "logger.debug('here')" in texts(tmp_path)["work.py"]
