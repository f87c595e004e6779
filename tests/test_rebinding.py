"""What gives a logger's name another value: then a call on it may meet a logger whose None cannot be awaited."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from conftest import write_files

from printlint.facts.module import Module
from printlint.facts.project.project import Project
from printlint.facts.readers.rebinding import rebinding
from printlint.names.layout import layout_of
from printlint.partial.partial_tree import Tree
from printlint.source import Source

LIB = "import logging\nimport sys\nlogger = logging.getLogger(__name__)\n{}def f():\n    logger.info('x')\n"
CLASS = (
    "import logging\nclass Work:\n    def __init__(self):\n        self.log = logging.getLogger('x')\n"
    "    def run(self):\n        self.log.info('x')\n{}"
)


def rebound(folder: Path, lib: str, **others: str) -> str:
    """Where the logger of the last call of `info` in `lib.py` gets another value."""
    write_files(folder, {"lib.py": lib, **{f"{name}.py": text for name, text in others.items()}})
    layout = layout_of(folder / "lib.py")
    tree = Tree(Source(str(folder / "lib.py"), lib))
    tree.complete()
    module = Module(tree, layout)
    calls = [call for call in module.calls if isinstance(call.func, ast.Attribute) and call.func.attr == "info"]
    return rebinding(module, Project.of(layout), calls[-1].func.value)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("lib", "other"),
    [
        (LIB, "import lib\nlib.logger = None or quiet\n"),
        (LIB, "import lib\nlib.logger: object = quiet\n"),
        (LIB, "import lib as other\nother.logger = quiet\n"),
        (LIB, "from app import lib\nlib.logger = quiet\n"),
        (LIB, "import lib\nsetattr(lib, 'logger', quiet)\n"),
        (LIB, "import lib\nsetattr(lib, name, quiet)\n"),
        (LIB, "import lib\nvars(lib)['logger'] = quiet\n"),
        (LIB, "import lib\nlib.__dict__['logger'] = quiet\n"),
        (LIB, "import lib\nvars(lib).update({'logger': quiet})\n"),
        (LIB, "import lib\nlib.__dict__.update(logger=quiet)\n"),
        (LIB, "import sys\nsys.modules['lib'].logger = quiet\n"),
        (LIB, "import importlib\nmodule = importlib.import_module('lib')\nmodule.logger = quiet\n"),
        (LIB, "import lib\ndef patch(module):\n    module.logger = quiet\npatch(lib)\n"),
        (LIB, "import lib, web\nfor module in (web, lib):\n    module.logger = quiet\n"),
        (LIB, "import lib\nfor name, module in {'a': lib}.items():\n    module.logger = quiet\n"),
        (CLASS, "from lib import Work\nwork = Work()\nwork.log = quiet\n"),
        (CLASS, "from lib import Work\nWork.log = quiet\n"),
        (CLASS, "from lib import Work\ndef patch(work):\n    work.log = quiet\n"),
        (CLASS, "from lib import Work\nsetattr(Work, 'log', quiet)\n"),
        (CLASS, "from lib import Work\ndef init(self):\n    self.log = quiet\nWork.__init__ = init\n"),
        (CLASS, "from lib import Work\nclass Mine(Work):\n    log = quiet\n"),
        (CLASS, "from lib import Work\nclass Mine(Work):\n    def log(self): ...\n"),
        (CLASS, "from lib import Work\nclass Mine(Work): ...\nclass Deep(Mine):\n    log = quiet\n"),
        (CLASS, "from lib import Work\nclass Mine(Work):\n    def __init__(self):\n        self.log = quiet\n"),
        (CLASS, "from lib import Work\nmine = type('Mine', (Work,), {'log': quiet})\n"),
    ],
)
def test_another_file_assigns_the_name_or_gives_a_class_another_logger(lib: str, other: str, tmp_path: Path) -> None:
    assert rebound(tmp_path, lib.format(""), main=other).startswith("main.py:")


FIELD = "import logging\n{}    log: {} = logging.getLogger('x')\n    def run(self):\n        self.log.info('x')\n"


@pytest.mark.parametrize(
    ("head", "written", "taken"),
    [
        ("import dataclasses\n@dataclasses.dataclass(slots=True)\nclass Work:\n", "logging.Logger", True),
        ("from attrs import define\n@define\nclass Work:\n", "logging.Logger", True),
        ("import pydantic\nclass Base(pydantic.BaseModel): ...\nclass Work(Base):\n", "Any", True),
        ("import typing\nclass Work(typing.NamedTuple):\n", "object", True),
        ("from dataclasses import dataclass\n@dataclass\nclass Work:\n", "ClassVar[logging.Logger]", False),
        ("@final\nclass Work(Thread):\n", "logging.Logger", False),
    ],
)
def test_a_field_of_a_class_may_be_given_another_logger(head: str, written: str, taken: bool, tmp_path: Path) -> None:
    assert bool(rebound(tmp_path, FIELD.format(head, written))) is taken


@pytest.mark.parametrize(
    "line",
    [
        "sys.modules[__name__].logger = quiet\n",
        "globals()['logger'] = quiet\n",
        "globals().update(logger=quiet)\n",
        "globals().update({'logger': quiet})\n",
        "setattr(sys.modules[__name__], 'logger', quiet)\n",
    ],
)
def test_the_file_assigns_its_own_name_as_others_would(line: str, tmp_path: Path) -> None:
    assert rebound(tmp_path, LIB.format(line)) == "lib.py:4"


@pytest.mark.parametrize(
    ("lib", "other"),
    [
        (LIB, "import lib\nlib.logger.info('x')\n"),
        (LIB, "import lib\nlib.logger = None\n"),
        (LIB, "import lib\ndel lib.logger\n"),
        (LIB, "import lib\nlib.other = quiet\n"),
        (LIB, "import lib\nlib.logger == quiet\n"),
        (LIB, "import lib, web\nweb.logger = quiet\n"),
        (LIB, "import lib, web\nfor module in (web, other):\n    module.logger = lib\n"),
        (LIB, "import lib\nsetattr(web, 'logger', quiet)\n"),
        (LIB, "import lib\nsetattr(lib, 'other', quiet)\n"),
        (LIB, "import lib\nnames = {'logger': quiet}\n"),
        (LIB, "import lib\nnames['logger'] = quiet\n"),
        (LIB, "import lib\ngetattr(lib, 'logger')\n"),
        (LIB, "import lib\ndef patch(module):\n    module.logger = quiet\npatch(web)\n"),
        (LIB, "import lib\nclass Work:\n    def __init__(self):\n        self.logger = quiet\nWork()\n"),
        (LIB, "import lib\nvars(lib)\nother.update(logger=quiet)\n"),
        (CLASS, "from lib import Work\nwork = Work()\nwork.other = quiet\n"),
        (CLASS, "from lib import Work\nclass Mine(Work):\n    other = quiet\n"),
        (CLASS, "from lib import Work\nclass Other:\n    log = quiet\n"),
        (CLASS, "from lib import Work\nclass Other:\n    def __init__(self):\n        self.log = quiet\n"),
        (CLASS, "from lib import Work\nother = Other()\nother.log = quiet\n"),
        (CLASS, "from lib import Work\nimport web\nweb.log = quiet\n"),
        (CLASS, "from lib import Work\nmine = type('Mine', (Other,), {'log': quiet})\n"),
    ],
)
def test_what_only_looks_like_it_assigns_nothing(lib: str, other: str, tmp_path: Path) -> None:
    assert rebound(tmp_path, lib.format(""), main=other) == ""


@pytest.mark.parametrize(
    "head",
    [
        "def logged(cls):\n    cls.log = quiet\n    return cls\n@logged\nclass Work:\n",
        "class Meta(type):\n    def __init__(cls, *given):\n        cls.log = quiet\nclass Work(metaclass=Meta):\n",
    ],
)
def test_a_decorator_or_a_metaclass_gives_a_class_another_logger(head: str, tmp_path: Path) -> None:
    body = "    log = logging.getLogger('x')\n    def run(self):\n        self.log.info('x')\n"
    assert rebound(tmp_path, f"import logging\n{head}{body}").startswith("lib.py:")


def test_a_local_alias_is_followed(tmp_path: Path) -> None:
    lib = LIB.format("").replace("    logger.info", "    log = logger\n    log.info")
    assert rebound(tmp_path, lib, main="import lib\nlib.logger = quiet\n") == "main.py:2"
    assert rebound(tmp_path / "two", lib, main="import lib\nlib.log = quiet\n") == ""
