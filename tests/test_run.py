"""What a run remembers is its own: nothing outlives it, and nothing of it is left for the next one."""

from __future__ import annotations

import ast
import gc
import json
import re
from argparse import Namespace
from collections.abc import Callable
from contextvars import Context
from itertools import count, pairwise
from pathlib import Path

import pytest
from conftest import ROOT, isolated
from conftest import Run as Command

from printlint.config import Configs
from printlint.facts.module import Module
from printlint.flake8_plugin import Plugin
from printlint.lint.linter import Linted, lint_bytes
from printlint.lint.run import check_files
from printlint.names.layout import layout_of
from printlint.partial.partial_tree import Tree
from printlint.process import notices
from printlint.reading import disk
from printlint.reading.discovery import Files
from printlint.rewrite.files import fix_files
from printlint.rewrite.fixer import report
from printlint.rules import rule_codes
from printlint.run import Run, current, once_a_run

FILES = 200

WORK = """\
import logging
from app.module{neighbour} import log as other, Store

log = logging.getLogger(__name__)


class Store:
    def __init__(self):
        self.log = logging.getLogger("store")

    async def keep(self, item):
        if item is None:
            print("nothing to keep", item)
        self.log.info("kept %s", item)
        other.warning(f"from {{item}}")
        return Store().log


def handle(error):
    try:
        print(error)
    except ValueError:
        log.error("no value")
        raise
"""


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Files that each look at another one."""
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("")
    paths = [tmp_path / "app" / f"module{number}.py" for number in range(FILES)]
    for number, path in enumerate(paths):
        path.write_text(WORK.format(neighbour=(number * 7 + 3) % FILES))
    return paths


def alive(folder: Path) -> int:
    """How many trees, and modules that are made of them, there are of the files below a folder."""
    found = (item for item in gc.get_objects() if isinstance(item, (Module, Tree)))
    return sum(1 for item in found if item.source.path.startswith(str(folder)))


def check(files: list[Path]) -> list[int]:
    """Check files, and plan what `fix` would do; the numbers of trees that are alive after every twentieth."""
    numbers = []
    waiting = count(1)

    def counted(linted: Linted) -> tuple[()]:
        assert report(linted)
        if next(waiting) % 20 == 0:
            numbers.append(alive(files[0].parent))
        return ()

    check_files(Files(map(str, files)), isolated(), jobs=1, reporter=counted, quiet=True)
    return numbers


def test_a_run_keeps_a_bounded_number_of_trees_and_none_outlives_it(files: list[Path]) -> None:
    with Run():
        numbers = check(files)
        assert len(numbers) == FILES // 20
        assert max(numbers) < 1.1 * numbers[1], "the number grows with the files"
        assert alive(files[0].parent) > 0
    gc.collect()
    assert alive(files[0].parent) == 0


def test_no_tree_outlives_a_run_of_fix(files: list[Path]) -> None:
    assert fix_files(files[:40], isolated(), unsafe=True, allow_setup=True, quiet=True).changes
    gc.collect()
    assert alive(files[0].parent) == 0


def test_no_tree_outlives_a_call_outside_of_a_run(files: list[Path]) -> None:
    outside = Context()
    assert outside.run(lint_bytes, str(files[0]), files[0].read_bytes(), path=files[0]).findings
    gc.collect()
    assert alive(files[0].parent) == 0


def test_no_tree_outlives_a_run_of_flake8(files: list[Path]) -> None:
    def run(path: Path) -> list[str]:
        text = path.read_text()
        return [message for *_, message, _ in Plugin(ast.parse(text), text.splitlines(True), str(path)).run()]

    Plugin.parse_options(Namespace())
    assert all(run(path) for path in files[:20])
    assert alive(files[0].parent) > 0
    Plugin.parse_options(Namespace())  # the next run of flake8 in this process
    gc.collect()
    assert alive(files[0].parent) == 0


# A process that checks one file after another, as an editor's server does

PYPROJECT = '[project]\nname = "app"\n'
SCRIPT = f'{PYPROJECT}[project.scripts]\napp = "app.work:main"\n'
LOGS = "import logging\n\nlog = logging.getLogger(__name__)\n"
STRUCTURED = "import structlog\n\nlog = structlog.get_logger()\n"
QUEUED = "import logging.handlers, queue\n\nhandler = logging.handlers.QueueHandler(queue.Queue())\n"
CLASSES = "import logging\n\nlogging.setLoggerClass(object)\n"
USES = """\
from app.names import *
from app.setup import log


async def serve():
    log.info("serving %s", 1)


def main():
    print("done")
    log.info("{}".format(1))
"""
CONFIGURED = PYPROJECT + '[tool.printlint]\nignore = ["PRT401"]\n'

Edit = Callable[[Path], None]


def written(name: str, text: str) -> Edit:
    def edit(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)

    return edit


def removed(name: str) -> Edit:
    return lambda folder: (folder / name).unlink()


EDITS = [
    written("app/setup.py", STRUCTURED),
    written("app/setup.py", LOGS),
    removed("app/setup.py"),
    written("app/setup.py", LOGS),
    written("pyproject.toml", SCRIPT),
    written("pyproject.toml", CONFIGURED),
    written("pyproject.toml", PYPROJECT),
    written("app/handlers.py", QUEUED),
    removed("app/handlers.py"),
    written("app/classes.py", CLASSES),
    written("app/names.py", "print = log = None\n"),
    removed("app/names.py"),
    removed("app/__init__.py"),
    written("app/work.py", USES.replace("log.info(", "log.warn(")),
    written("app/setup.py", "def broken(:\n"),
    removed("pyproject.toml"),
]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "pyproject.toml": PYPROJECT,
        "app/__init__.py": "",
        "app/setup.py": LOGS,
        "app/work.py": USES,
    }.items():
        written(name, text)(tmp_path)
    return tmp_path


Found = list[tuple[int, int, str, str]]


def of_long_process(text: str | None = None) -> Found:
    """The findings of this process, which has checked the file before; `text` is what an editor has unsaved."""
    path = Path("app/work.py")
    with Run():
        config = Configs(rule_codes()).of(path)
        data = path.read_bytes() if text is None else text.encode()
        findings = lint_bytes(str(path), data, config, path).findings
        return [(item.start.line, item.start.column, item.code, item.message) for item in findings]


def of_fresh_process(child: Command, text: str | None = None) -> Found:
    if text is None:
        result = child("check", "--output-format", "json", "app/work.py")
    else:
        result = child("check", "--output-format", "json", "--stdin-filename", "app/work.py", "-", input=text)
    found = json.loads(result.stdout)["findings"]
    return [(item["line"], item["column"], item["code"], item["message"]) for item in found]


def test_a_long_process_finds_after_each_edit_what_a_fresh_one_finds(project: Path, child: Command) -> None:
    found = [of_long_process()]
    for edit in EDITS:
        edit(project)
        found.append(of_long_process())
        assert found[-1] == of_fresh_process(child)
    changed = sum(1 for before, after in pairwise(found) if before != after)
    assert changed > len(EDITS) // 3, "the edits are to change what is found"


def test_a_long_process_finds_what_is_in_the_text_that_was_not_saved(project: Path, child: Command) -> None:
    saved = of_long_process()
    unsaved = USES + 'print("more")\n'
    assert of_long_process(unsaved) == of_fresh_process(child, unsaved) != saved
    removed("app/setup.py")(project)
    assert of_long_process(unsaved) == of_fresh_process(child, unsaved)
    assert of_long_process() == of_fresh_process(child) != saved


def test_a_file_that_is_not_on_disk_is_checked_among_those_that_are(project: Path, child: Command) -> None:
    removed("app/work.py")(project)
    assert of_long_process(USES) == of_fresh_process(child, USES) != []


# The run itself


def test_outside_of_a_run_nothing_is_remembered_and_within_one_all_is(tmp_path: Path) -> None:
    asked: list[str] = []

    @once_a_run(most=4)
    def ask(name: str) -> str:
        asked.append(name)
        return name

    with Run() as run:
        assert [ask("a"), ask("a")] == ["a", "a"]
        with Run():
            ask("a")
        assert current() is run
        ask("a")
    assert asked == ["a", "a"]


def test_a_decision_is_seen_by_all_that_ask_later_and_by_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "app" / "logging_setup.py"
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("")
    layout = layout_of(tmp_path / "app" / "work.py")
    before = current()
    assert layout.find("app.logging_setup") is None
    with before.after({path: b"x = 1\n"}) as later:
        assert layout.find("app.logging_setup") == path
        assert disk.read(path) == b"x = 1\n"
        with later.after({tmp_path / "other.py": b""}):
            assert disk.read(path) == b"x = 1\n"
        notices.note(path, "odd")
    assert layout.find("app.logging_setup") is None
    assert notices.take() == [f"warning: {path}: odd"], "all else is one run's"


# What a run does not own has to be pure

_PURE = ("str", "frozenset[", "tuple[")


def _caches(tree: ast.Module) -> list[ast.FunctionDef]:
    """The functions whose answers the process keeps."""
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return [
        node
        for node in functions
        if any(re.match(r"(functools\.)?(lru_cache|cache)\b", ast.unparse(item)) for item in node.decorator_list)
    ]


@pytest.mark.parametrize("path", sorted((ROOT / "printlint").rglob("*.py")), ids=lambda path: path.stem)
def test_nothing_but_a_run_remembers_files(path: Path) -> None:
    if path.name == "logging_setup.py":  # a file of the user's
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not any(isinstance(node, ast.Global) for node in ast.walk(tree)), "state belongs to a run"
    for function in _caches(tree):
        given = [ast.unparse(item.annotation) for item in function.args.args if item.annotation is not None]
        assert all(kind.startswith(_PURE) for kind in given), f"{function.name}: use once_a_run or once_a_module"
