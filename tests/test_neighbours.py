"""Loggers that are defined in one file and used in another."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from conftest import isolated

from printlint.config import Config
from printlint.lint.linter import lint_bytes
from printlint.rewrite.apply import write_changes
from printlint.rewrite.files import fix_files
from printlint.rewrite.fixer import fix
from printlint.run import Run
from printlint.source import Source


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for parent in list(path.parents)[: len(path.relative_to(folder).parts) - 1]:
            if parent.name != "src":
                (parent / "__init__.py").touch()
        path.write_text(textwrap.dedent(text), encoding="utf-8")


def blocking(folder: Path, name: str = "app/use.py") -> list[int]:
    """The lines of a file that PRT401 finds."""
    path = folder / name
    found = lint_bytes(name, path.read_bytes(), Config(), path).findings
    return [finding.start.line for finding in found if finding.code == "PRT401"]


USE = "{}\nasync def f(self=None):\n    {}.info('x')\n"

SUBCLASS = """
from app.log import Base
class C(Base):
    async def g(self):
        self.log.info('x')
import logging
"""

FOUND = [
    ("from app.log import logger", "logger", {"app/log.py": "import logging\nlogger = logging.getLogger('a')"}),
    ("from .log import logger as l", "l", {"app/log.py": "import logging\nlogger = logging.getLogger('a')"}),
    ("import app.log as l", "l.audit", {"app/log.py": "import logging\naudit = logging.getLogger('a')"}),
    ("from app import log", "log.audit", {"app/log.py": "import logging\naudit = logging.getLogger('a')"}),
    ("from app import logger", "logger", {
        "app/__init__.py": "from .log import logger",
        "app/log.py": "import logging\nlogger = logging.getLogger('a')",
    }),
    ("from app.a import logger", "logger", {
        "app/a.py": "from app.b import *",
        "app/b.py": "from app.c import logger",
        "app/c.py": "import logging\nlogger = logging.getLogger('a')",
    }),
    ("from app.log import get\nlogger = get('x')", "logger", {
        "app/log.py": "import logging\ndef get(name):\n    return logging.getLogger(name)",
    }),
    ("from app.log import get\nlogger = get('x')", "logger", {
        "app/log.py": "from logging import Logger\ndef get(name) -> Logger: ...",
    }),
    ("from app.log import Mine\nlogger = Mine('x')", "logger", {
        "app/log.py": "import logging\nclass Mine(logging.LoggerAdapter): pass",
    }),
    (SUBCLASS, "logging", {
        "app/log.py": "import logging\nclass Base:\n  def __init__(self):\n    self.log = logging.getLogger('a')",
    }),
    ("from app.log import logger\nlogger = logger.getChild(__name__)", "logger", {
        "app/log.py": "import logging\nlogger = logging.getLogger('a')",
    }),
    ("from app.base import C\nclass D(C):\n  async def g(self): self.logger.info('x')\nimport logging", "logging", {
        "app/base.py": "from .log import logger\nclass C:\n  logger = logger",
        "app/log.py": "import logging\nlogger = logging.getLogger('a')",
    }),
    ("from app.log import LoggerLike\nx: LoggerLike", "x", {
        "app/log.py": "import logging as l\nfrom typing import Union\nLoggerLike = Union[l.Logger, l.LoggerAdapter]",
    }),
]  # fmt: skip

UNKNOWN = [
    ("from app.log import logger", "logger", {"app/log.py": "logger = make()"}),
    ("from app.log import logger", "logger", {"app/log.py": "from app.use import logger"}),
    ("from elsewhere import logger", "logger", {}),
    ("from app.a import logger", "logger", {"app/a.py": "from app.b import *", "app/b.py": "from app.a import *"}),
    ("from app.a import logger", "logger", {
        "app/a.py": "from app.b import logger",
        "app/b.py": "from app.a import logger",
    }),
    ("from app.a import C\nlogger = C.log", "logger", {
        "app/a.py": "from app.b import C as B\nclass C(B): pass",
        "app/b.py": "from app.a import C as A\nclass C(A): pass",
    }),
    ("from app.log import logger", "logger", {"app/log.py": "not python at all"}),
    ("from app.log import Mine\nlogger = Mine('x')", "logger", {
        "app/log.py": "import logging\nclass Mine(logging.Logger):\n  async def info(self, x): ...",
    }),
    ("from app.log import logger", "logger", {
        "app/log.py": "import logging\nlogger = logging.getLogger('a')\nlogger = other()",
    }),
]  # fmt: skip


@pytest.mark.parametrize(("head", "name", "files"), FOUND)
def test_a_logger_of_another_module_is_known(head: str, name: str, files: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path, {**files, "app/use.py": USE.format(head, name)})
    assert blocking(tmp_path)


@pytest.mark.parametrize(("head", "name", "files"), UNKNOWN)
def test_what_cannot_be_resolved_is_silent(head: str, name: str, files: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path, {**files, "app/use.py": USE.format(head, name)})
    assert blocking(tmp_path) == []


def test_messages_may_have_braces_where_the_project_sets_a_logger_class(tmp_path: Path) -> None:
    use = "import logging\nlogging.getLogger('a').info('user {}', 3)\n"
    write(tmp_path, {"pyproject.toml": "", "app/use.py": use})
    path = tmp_path / "app" / "use.py"

    def codes() -> list[str]:
        with Run():
            return [finding.code for finding in lint_bytes("use.py", path.read_bytes(), Config(), path).findings]

    assert codes() == ["PRT506"]
    write(tmp_path, {"app/log.py": "import logging\nlogging.setLoggerClass(BraceLogger)"})
    assert codes() == []


def test_a_package_below_src_is_found_from_outside(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    write(tmp_path, {
        "src/app/log.py": "import logging\nlogger = logging.getLogger('a')",
        "run.py": USE.format("from app.log import logger", "logger"),
    })  # fmt: skip
    assert blocking(tmp_path, "run.py") == [3]


def test_the_configuration_fills_the_gap(tmp_path: Path) -> None:
    path = tmp_path / "use.py"
    path.write_text(USE.format("from elsewhere import audit", "audit"))
    found = lint_bytes("use.py", path.read_bytes(), Config(loggers=("elsewhere.audit",)), path).findings
    assert [finding.code for finding in found] == ["PRT401"]


def test_a_logger_of_another_module_is_used_but_never_made_awaitable(tmp_path: Path) -> None:
    write(tmp_path, {
        "app/log.py": "import logging\nlogger = logging.getLogger('a')\n",
        "app/use.py": "from app.log import logger\n\n\ndef f():\n    print('it works')\n",
        "app/wait.py": USE.format("from app.log import logger", "logger"),
    })  # fmt: skip
    path = tmp_path / "app" / "use.py"
    fixed = fix(Source("use.py", path.read_text()), Config(), path).source.text
    assert fixed == "from app.log import logger\n\n\ndef f():\n    logger.info('it works')\n"
    path = tmp_path / "app" / "wait.py"
    result = fix(Source("wait.py", path.read_text()), Config(), path)
    assert "is not created in this module" in str(result.left[0].refused)


def test_findings_do_not_depend_on_the_order_of_files(tmp_path: Path) -> None:
    write(tmp_path, {
        "app/a.py": "from app.b import log\nasync def f():\n    log.info('x')\n",
        "app/b.py": "from app.c import log\nasync def f():\n    log.info('x')\n",
        "app/c.py": "import logging\nfrom app import a\nlog = logging.getLogger(__name__)\n",
    })  # fmt: skip

    files = [tmp_path / "app" / name for name in ("a.py", "b.py", "c.py")]
    runs = [
        fix_files(order, isolated(select=["PRT401"]), unsafe=False, allow_setup=False) for order in (files, files[::-1])
    ]
    places = [sorted((item.finding.path, item.finding.start) for item in run.left) for run in runs]
    assert places[0] == places[1]
    assert len(places[0]) == 2


def test_one_run_reaches_what_rests_on_other_files(tmp_path: Path) -> None:
    """`a.py` and `z.py` await the logger of `b.py` once that can be awaited, whatever the order of the files."""
    package = tmp_path / "app"
    package.mkdir()
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'app'\n")
    (package / "__init__.py").write_text("")
    using = "from app.b import logger\n\n\nasync def use():\n    logger.info('in use')\n"
    own = "import logging\n\nlogger = logging.getLogger(__name__)\n\n\nasync def own():\n    logger.info('at work')\n"
    files = [package / "a.py", package / "b.py", package / "z.py"]
    for path, text in zip(files, (using, own, using), strict=True):
        path.write_text(text)
    runs = [fix_files(order, isolated(), unsafe=False, allow_setup=True) for order in (files, files[::-1])]
    for run in runs:
        assert {change.path.name for change in run.changes} == {"a.py", "b.py", "z.py", "logging_setup.py"}
        assert (run.fixed, run.left) == (3, ())
    written = write_changes(runs[0])
    assert not written.errors
    again = fix_files(files, isolated(), unsafe=False, allow_setup=True)
    assert (again.changes, again.left) == ([], ())


def test_a_file_that_rests_on_one_that_could_not_be_written_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("from b import logger\n\n\nasync def use():\n    logger.info('in use')\n")
    (tmp_path / "b.py").write_text(
        "import logging\n\nlogger = logging.getLogger(__name__)\n\n\nasync def own():\n    logger.info('at work')\n"
    )
    files = [tmp_path / "a.py", tmp_path / "b.py"]
    run = fix_files(files, isolated(), unsafe=False, allow_setup=True)
    (tmp_path / "b.py").write_text("edited = 1\n")
    written = write_changes(run)
    assert len(written.errors) == 2
    assert "may depend on a file that could not be" in written.errors[0]
    assert "await" not in (tmp_path / "a.py").read_text()
