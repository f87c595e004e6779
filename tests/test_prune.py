"""Imports that a rewrite leaves without a use: taken away where nobody else reads their names, kept elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import isolated

from printlint.rewrite.files import fix_files
from printlint.rewrite.fixer import fix
from printlint.source import Source

# The queue back end's logger comes from the set-up module, so that nothing here needs `logging` any more.
MODULE = """\
import asyncio
import logging
{more}

async def work():
    logging.info("x")
    await asyncio.sleep(0)
"""

UNREAD = [
    "",
    "'''Sets up logging. Nothing of logging is read here; see logging/README.'''",
    "__all__ = ['work']",
    "def names(it): return vars(it), dir(it)",
    "TEXT = 'logging is on, and nobody cares'",
    "def other():\n    '''About logging.\n\n    >>> 1 + 1\n    2\n    '''",
]

READ = [
    "def take(log: 'logging.Logger'): ...",
    "def take(log: 'Optional[logging.Logger]' = None): ...",
    "def take() -> 'logging': ...",
    "from typing import Optional\nlog: Optional['logging.Logger'] = None",
    "from typing import cast\nlog = cast('logging.Logger', None)",
    "from typing import TypeVar\nT = TypeVar('T', bound='logging.Logger')",
    "log = None  # type: logging.Logger",
    "def take(log):  # type: (logging.Logger) -> None\n    pass",
    "import dataclasses\n@dataclasses.dataclass\nclass Box:\n    log: logging.Logger",
    "__all__ = ['work', 'logging']",
    "__all__ = ('work',) + ('logging',)",
    "def run(text): return eval(text)",
    "def run(text): exec(text)",
    "def run(text, run=eval): return run(text)",
    "def other():\n    '''Levels.\n\n    >>> logging.INFO\n    20\n    '''",
    "def other():\n    '''Levels.\n\n    >>> level = getattr(\n    ...     logging, 'INFO')\n    '''",
    "CODE = 'import logging\\nlogging.info(1)'",
    "LAZY = {'logging': 'work'}",
]


def rewritten(text: str, others: dict[str, str], folder: Path) -> str:
    for name, content in {"module.py": text, **others}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    run = fix_files([folder / "module.py"], isolated(), unsafe=True, allow_setup=True)  # who lists names may notice
    (change,) = (item.change for item in run.files)
    assert change is not None
    assert b"await logger.info" in change.new
    return change.new.decode()


def keeps(text: str, others: dict[str, str], folder: Path) -> bool:
    return "import logging\n" in rewritten(text, others, folder)


@pytest.mark.parametrize("more", UNREAD)
def test_an_import_that_nobody_reads_goes(more: str, tmp_path: Path) -> None:
    assert not keeps(MODULE.format(more=more), {}, tmp_path)


@pytest.mark.parametrize("more", READ)
def test_an_import_that_the_modules_own_text_reads_stays(more: str, tmp_path: Path) -> None:
    assert keeps(MODULE.format(more=more), {}, tmp_path)


@pytest.mark.parametrize(
    "more",
    [
        "def all(name): return globals()[name]",
        "import sys\nME = sys.modules[__name__]",
        "import module\nmodule.logging",
    ],
)
def test_an_import_in_a_module_that_looks_at_itself_stays(more: str) -> None:
    result = fix(Source("x.py", MODULE.format(more=more)), unsafe=True)
    assert "import logging\n" in result.source.text
    assert "await logger.info" in result.source.text


@pytest.mark.parametrize(
    "imported",
    [
        "import logging  # noqa: F401",
        "import logging  # the tests patch this",
        "import logging.handlers",
        "import logging, os # x",
    ],
)
def test_what_is_said_or_loaded_by_the_import_stays(imported: str) -> None:
    text = fix(Source("x.py", MODULE.format(more="").replace("import logging", imported))).source.text
    assert imported in text
    assert "await logger.info" in text


def test_of_several_names_only_the_unread_goes() -> None:
    text = MODULE.format(more="os.getcwd").replace("import logging", "import logging, os, logging as lg\nlg.INFO")
    assert "import os, logging as lg\n" in fix(Source("x.py", text)).source.text


def test_what_was_unused_before_stays() -> None:
    text = MODULE.format(more="").replace("import logging", "import logging\nimport traceback")
    result = fix(Source("x.py", text)).source.text
    assert "import traceback\n" in result
    assert "import logging\n" not in result


READERS = [
    "import module\nmodule.logging.info(1)",
    "import module\nmodule . logging",
    "import module\n(module\n    .logging)",
    "import module as m\nm.logging",
    "from module import work, logging",
    "from module import (\n    work,\n    logging,\n)",
    "from module import work, \\\n    logging",
    "from module import logging as lg",
    "from .module import logging",
    "from module import *\nlogging.info(1)",
    "import module\ngetattr(module, 'logging')",
    "import module\ndef __getattr__(name): return getattr(module, name)",
    "from . import module as _it\ndef __getattr__(name): return getattr(_it, name)",
    "import importlib\ndef __getattr__(name): return getattr(importlib.import_module('app.module'), name)",
    "import importlib\ndef __getattr__(name): return getattr(importlib.import_module('.module', 'app'), name)",
    "import module\nall = vars(module)",
    "import module\nall = dict(module.__dict__)",
    "import inspect, module\ninspect.getmembers(module)",
    "import importlib\nm = importlib.import_module('module')\nm.logging",
    "import sys\nsys.modules['module'].logging",
    "import module\ndef test(monkeypatch): monkeypatch.setattr('module.logging', 1)",
    "import module\ndef test(monkeypatch): monkeypatch.setattr(module, 'logging', 1)",
    "import __main__\n__main__.logging",
    "import operator, module\noperator.attrgetter('logging.INFO')(module)",
    "import pkgutil\npkgutil.resolve_name('module:logging.INFO')",
]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("marked", [True, False])
def test_an_import_that_another_file_reads_stays(reader: str, marked: bool, tmp_path: Path) -> None:
    others = {"other.py": f"{reader}\n", **({"pyproject.toml": ""} if marked else {})}
    if "import *" in reader:
        (tmp_path / "module.py").write_text(MODULE.format(more=""), encoding="utf-8")
        (tmp_path / "other.py").write_text(reader, encoding="utf-8")
        run = fix_files([tmp_path / "module.py"], isolated(), unsafe=True, allow_setup=True)
        assert run.files[0].change is not None
        assert b"import logging\n" in run.files[0].change.new
    else:
        assert keeps(MODULE.format(more=""), others, tmp_path)


STRANGERS = [
    "import module\nimport logging\nlogging.info(module.work)",
    "import absl.logging\nabsl.logging.info(1)",
    "class A:\n    def f(self): return self.logging, getattr(self, 'logging')",
    "from module import work",
    "import module\ndef f(x, name): return getattr(x, name), getattr(module, 'work'), vars(x)",
    "import importlib, module\ndef f(name): return getattr(importlib.import_module('app.other'), name)",
    "from elsewhere import logging",
]


@pytest.mark.parametrize("stranger", STRANGERS)
def test_other_files_that_read_something_else_do_not_matter(stranger: str, tmp_path: Path) -> None:
    assert not keeps(MODULE.format(more=""), {"other.py": f"{stranger}\n", "pyproject.toml": ""}, tmp_path)


def test_a_star_import_takes_along_what_all_lists(tmp_path: Path) -> None:
    others = {"other.py": "from module import *\n", "pyproject.toml": ""}
    assert not keeps(MODULE.format(more="__all__ = ['work']"), others, tmp_path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("README.md", ">>> import module\n>>> module.logging.INFO\n20\n"),
        ("docs/use.rst", ">>> from module import logging\n"),
        ("docs/use.txt", ">>> from module import *\n>>> logging.INFO\n20\n"),
        ("tests/test_it.py", "from unittest import mock\n\n@mock.patch.object(module, 'logging')\ndef test(): ...\n"),
        ("notebook.ipynb", '{"cells": [{"source": ["import module\\n", "module.logging.INFO"]}]}'),
    ],
)
@pytest.mark.parametrize("marked", [True, False])
def test_documents_tests_and_notebooks_read_too(name: str, text: str, marked: bool, tmp_path: Path) -> None:
    assert keeps(MODULE.format(more=""), {name: text, **({"pyproject.toml": ""} if marked else {})}, tmp_path)


@pytest.mark.parametrize(("given", "kept"), [("take(module)", True), ("take(module.work)", False)])
def test_a_module_that_is_handed_on_may_be_read_anywhere(given: str, kept: bool, tmp_path: Path) -> None:
    others = {"first.py": f"import module\nfrom second import take\n{given}\n", "second.py": "def take(x): x.logging\n"}
    assert keeps(MODULE.format(more=""), others, tmp_path) is kept


def test_a_name_that_the_module_has_in_a_third_file_is_followed(tmp_path: Path) -> None:
    others = {"first.py": "import module as it\n", "second.py": "from first import it\nit.logging\n"}
    assert keeps(MODULE.format(more=""), others, tmp_path)
