"""Which expressions are loggers, and of which kind."""

from __future__ import annotations

import ast
import textwrap

import pytest

from printlint.facts.loggers.kinds import LoggerKind, LoggerValue
from printlint.facts.module import Module
from printlint.partial.partial_tree import Tree
from printlint.source import Source


def logger_of(text: str) -> LoggerValue | None:
    """What is known of the argument of the only `mark(...)` call."""
    source = Source("snippet.py", textwrap.dedent(text))
    facts = Module(Tree(source), setup_module="app.logging_setup")
    (call,) = [c for c in facts.calls if isinstance(c.func, ast.Name) and c.func.id == "mark"]
    return facts.loggers.value(call.args[0])


STDLIB = [
    "import logging\nlog = logging.getLogger('x')\nclass C:\n    log = log\n    def m(self): mark(self.log)",
    "import logging\nlog = logging.getLogger('x')\nlog = log.getChild('y')\nmark(log)",
    "import logging\ndef get(a):\n    if a:\n        a = logging.getLogger(a)\n    return a\nmark(get('x'))",
    "from celery.utils.log import get_task_logger\nmark(get_task_logger(__name__))",
    "from flask import Flask\napp = Flask(__name__)\nmark(app.logger)",
    "import logging\nfrom typing import cast\nlog = cast('Mine', logging.getLogger('x'))\nmark(log)",
    "from flask import current_app\nmark(current_app.logger)",
    "from traitlets.config import Application\nclass A(Application):\n    def m(self): mark(self.log)",
    "import scrapy\nclass S(scrapy.Spider):\n    def parse(self): mark(self.logger)",
    "import logging\nlog = logging.getLogger(__name__)\nmark(log)",
    "import logging as l\nlog = l.getLogger(__name__)\nmark(log)",
    "from logging import getLogger as get\nlog = get('x')\nmark(log)",
    "import logging.handlers\nlog: logging.Logger = logging.getLogger('x')\nmark(log)",
    "import logging\nmark(logging.getLogger('x'))",
    "import logging\nmark(logging.getLogger('x').getChild('y'))",
    "import logging\nmark(logging.LoggerAdapter(logging.getLogger('x'), {}))",
    "import logging\nlog = None\ndef f():\n    global log\n    log = logging.getLogger('x')\n    mark(log)",
    "import logging\nif (log := logging.getLogger('x')): mark(log)",
    "import logging\ndef f(log: logging.Logger): mark(log)",
    "import logging\ndef f(log: 'logging.Logger'): mark(log)",
    "import logging\ndef f(log: logging.Logger | None = None): mark(log)",
    "import logging\nfrom typing import Optional\ndef f(log: Optional[logging.Logger]): mark(log)",
    "import logging\ndef f(log: logging.LoggerAdapter[logging.Logger]): mark(log)",
    "import logging\ndef get() -> logging.Logger: ...\nmark(get())",
    "import logging\ndef get(name):\n    return logging.getLogger(name)\nlog = get('x')\nmark(log)",
    "import logging\nclass Mine(logging.LoggerAdapter): pass\nmark(Mine(None))",
    """
    import logging
    class C:
        def __init__(self):
            self.log = logging.getLogger('x')
        def m(self):
            mark(self.log)
    """,
    """
    import logging
    class C:
        log = logging.getLogger('x')
        @classmethod
        def m(cls):
            mark(cls.log)
    """,
    """
    import logging
    class C:
        log = logging.getLogger('x')
    mark(C.log)
    """,
    """
    import logging
    class Base:
        def __init__(self):
            self.log = logging.getLogger('x')
    class C(Base):
        def m(self):
            mark(self.log)
    """,
    """
    import logging
    class C:
        @property
        def log(self):
            return logging.getLogger('x')
        def m(self):
            mark(self.log)
    """,
    """
    import logging
    class C:
        def __init__(self, log: logging.Logger):
            self.log = log
        def m(self):
            mark(self.log)
    """,
    """
    import logging
    class C:
        log: logging.Logger
        def m(self):
            mark(self.log)
    """,
]

UNKNOWN = [
    "def f(log): mark(log)",
    "import logging\ndef f(log=logging.getLogger('x')): mark(log)",
    "from app.log import logger\nmark(logger)",
    "import logging\nlog = logging.getLogger('x')\nlog = other()\nmark(log)",
    "import logging\nlog = param or logging.getLogger('x')\nmark(log)",
    "import argparse\nparser = argparse.ArgumentParser()\nmark(parser)",
    "import logging\nfor log in logs: mark(log)",
    "from . import logging\nlog = logging.getLogger('x')\nmark(log)",
    "import logging\nmark(logging)",
    "import logging\nmark(logging.getLogger)",
    "log = log\nmark(log)",
    """
    import logging
    class C:
        def __init__(self):
            self.log = logging.getLogger('x')
            self.log = print
        def m(self):
            mark(self.log)
    """,
    "log = log\nmark(log)",
    "import logging\nclass C:\n    log = log\n    def m(self): mark(self.log)",
    "import logging\ndef get(log):\n    return log\nmark(get('x'))",
    "from flask import Flask\napp = Flask(__name__)\napp = wrap(app)\nmark(app.logger)",
    """
    import logging
    class C:
        @staticmethod
        def m(self):
            mark(self.log)
        log = logging.getLogger('x')
    """,
    "import logging\nclass Mine(logging.Logger):\n    async def info(self): ...\nmark(Mine('x'))",
]


@pytest.mark.parametrize("text", STDLIB)
def test_a_standard_library_logger_is_known(text: str) -> None:
    value = logger_of(text)
    assert value is not None
    assert value.kind is LoggerKind.STDLIB
    assert not value.root


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_the_code_does_not_tell_is_unknown(text: str) -> None:
    assert logger_of(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("import structlog\nlog = structlog.get_logger()\nmark(log)", LoggerKind.STRUCTLOG),
        ("from loguru import logger\nmark(logger.bind(a=1).opt(depth=1))", LoggerKind.LOGURU),
        ("import loguru\ndef f(log: 'loguru.Logger'): mark(log)", LoggerKind.LOGURU),
        ("import structlog\nlog = structlog.get_logger().bind(a=1)\nmark(log)", LoggerKind.STRUCTLOG),
        ("from structlog.stdlib import BoundLogger\ndef f(log: BoundLogger): mark(log)", LoggerKind.STRUCTLOG),
        ("from aiologger import Logger\nlog = Logger.with_default_handlers(name='x')\nmark(log)", LoggerKind.AIOLOGGER),
        ("from aiologger.loggers.json import JsonLogger\nmark(JsonLogger())", LoggerKind.AIOLOGGER),
        ("from app.logging_setup import get_logger\nlog = get_logger(__name__)\nmark(log)", LoggerKind.QUEUE),
    ],
)
def test_other_libraries_are_told_apart(text: str, kind: LoggerKind) -> None:
    value = logger_of(text)
    assert value is not None
    assert value.kind is kind


@pytest.mark.parametrize("argument", ["", "None", "''", "'root'", "name=None"])
def test_the_root_logger_is_known_by_all_its_names(argument: str) -> None:
    value = logger_of(f"import logging\nmark(logging.getLogger({argument}))")
    assert value is not None
    assert value.root


def test_only_what_getlogger_made_here_is_plain() -> None:
    made = logger_of("import logging\nlog = logging.getLogger('x')\nmark(log)")
    given = logger_of("import logging\ndef f(log: logging.Logger): mark(log)")
    assert made is not None
    assert given is not None
    assert (made.plain, len(made.created)) == (True, 1)
    assert (given.plain, given.created) == (False, ())
