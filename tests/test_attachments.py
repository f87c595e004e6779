"""The ways in which code puts handlers on loggers, and where their records go on to."""

from __future__ import annotations

import textwrap

import pytest

from printlint.config import Config
from printlint.lint.linter import lint_bytes

HEAD = "import logging\nimport logging.handlers\n\nlogging.basicConfig()\n"


def lines(source: str, code: str = "PRT301") -> list[int]:
    """The lines below the head with a finding."""
    found = lint_bytes("main.py", (HEAD + textwrap.dedent(source)).encode(), Config()).findings
    return [finding.start.line - HEAD.count("\n") for finding in found if finding.code == code]


@pytest.mark.parametrize(
    "line",
    [
        "log.addHandler(logging.StreamHandler())",
        "log.addHandler(hdlr=logging.StreamHandler())",
        "log.handlers = [logging.StreamHandler()]",
        "log.handlers = list((logging.StreamHandler(), logging.FileHandler('x')))",
        "log.handlers[:] = [logging.StreamHandler()]",
        "log.handlers += [logging.StreamHandler()]",
        "log.handlers.append(logging.StreamHandler())",
        "log.handlers.insert(0, logging.StreamHandler())",
        "log.handlers.extend((logging.StreamHandler(),))",
        "setattr(log, 'handlers', [logging.StreamHandler()])",
        "log.handlers, log.disabled = [logging.StreamHandler()], False",
        "for handler in (logging.StreamHandler(), logging.FileHandler('x')): log.addHandler(handler)",
        "[log.addHandler(handler) for handler in (logging.StreamHandler(),)]",
    ],
)
def test_a_handler_is_attached(line: str) -> None:
    assert lines(f"log = logging.getLogger('app')\n{line}\n") == [2]


@pytest.mark.parametrize(
    "line",
    [
        "log.handlers = []",
        "log.handlers = list()",
        "log.handlers.clear()",
        "log.handlers[:] = []",
        "log.handlers = logging.getLogger('gunicorn.error').handlers",
        "log.handlers = [logging.NullHandler()]",
        "log.handlers.append(logging.NullHandler())",
        "for handler in (logging.NullHandler(),): log.addHandler(handler)",
        "setattr(log, 'handlers', [])",
        "log.filters.append(logging.Filter('x'))",
    ],
)
def test_no_handler_that_does_something_is_attached(line: str) -> None:
    assert lines(f"log = logging.getLogger('app')\n{line}\n") == []


@pytest.mark.parametrize(
    "source",
    [
        "for log in (logging.getLogger('a'), logging.getLogger('b')):\n    log.addHandler(logging.StreamHandler())",
        "for log in [logging.getLogger(name) for name in 'ab']:\n    log.addHandler(logging.StreamHandler())",
        "logs = {'a': logging.getLogger('a')}\nlogs['a'].addHandler(logging.StreamHandler())",
        "logs = {'a': logging.getLogger('a')}\nlogs.get('a').addHandler(logging.StreamHandler())",
        "logs = {}\nlogs['a'] = logging.getLogger('a')\nlogs['a'].addHandler(logging.StreamHandler())",
        "logs = {n: logging.getLogger(n) for n in 'ab'}\n"
        "for log in logs.values():\n    log.addHandler(logging.StreamHandler())",
        "logs = {'a': logging.getLogger('a')}\n"
        "for name, log in logs.items():\n    log.addHandler(logging.StreamHandler())",
        "for n, log in enumerate([logging.getLogger('a')]):\n    log.addHandler(logging.StreamHandler())",
        "for n, (log, x) in enumerate([(logging.getLogger('a'), 1)]):\n    log.addHandler(logging.StreamHandler())",
        "one, (two, _) = 1, (logging.getLogger('a'), 2)\ntwo.addHandler(logging.StreamHandler())",
        "logs = []\nlogs.append(logging.getLogger('a'))\nlogs[0].addHandler(logging.StreamHandler())",
        "def get():\n    return logging.getLogger('a')\nget().addHandler(logging.StreamHandler())",
        "from celery.utils.log import get_task_logger\n"
        "get_task_logger(__name__).handlers.append(logging.StreamHandler())",
        "import quart\napp = quart.Quart('x')\napp.logger.addHandler(logging.StreamHandler())",
        "from flask import current_app\ncurrent_app.logger.addHandler(logging.StreamHandler())",
    ],
)
def test_a_logger_is_found_wherever_it_is_kept(source: str) -> None:
    assert lines(source)


@pytest.mark.parametrize(
    "source",
    [
        "for log in (logging.getLogger('a'), Bell()):\n    log.addHandler(logging.StreamHandler())",
        "logs = {'a': logging.getLogger('a'), 'b': Bell()}\nlogs[name].addHandler(logging.StreamHandler())",
        "logs = {'a': logging.getLogger('a'), 'b': Bell()}\nlogs['b'].addHandler(logging.StreamHandler())",
        "logs = {'a': logging.getLogger('a')}\nlogs['b'] = Bell()\nlogs[name].addHandler(logging.StreamHandler())",
        "logs = [logging.getLogger('a')]\nlogs.extend(others())\nlogs[0].addHandler(logging.StreamHandler())",
        "one, two = make()\ntwo.addHandler(logging.StreamHandler())",
        "*_, two = logging.getLogger('a'), Bell()\ntwo.addHandler(logging.StreamHandler())",
        "import multiprocessing\nmultiprocessing.get_logger().addHandler(logging.StreamHandler())",
    ],
)
def test_what_may_be_something_else_is_no_logger(source: str) -> None:
    assert lines(source) == []


@pytest.mark.parametrize(
    "line",
    [
        "later.propagate = False",
        "setattr(later, 'propagate', False)",
        "name = 'propagate'\nsetattr(later, name, False)",
        "for log in (later, logging.getLogger('x')): log.propagate = False",
        "logging.getLogger('later').propagate = 0",
        "later.propagate, later.disabled = False, False",
        "def quiet(log):\n    log.propagate = False\nquiet(later)",
        "for log in [later]: setattr(log, 'propagate', False)",
    ],
)
def test_propagation_is_stopped_for_one_logger_and_for_no_other(line: str) -> None:
    source = """
    early = logging.getLogger("early")
    early.addHandler(logging.StreamHandler())
    later = logging.getLogger("later")
    later.addHandler(logging.StreamHandler())
    """
    assert lines(textwrap.dedent(source) + line) == [3]


def test_a_function_of_logging_makes_the_second_handler() -> None:
    source = "import logging\nlog = logging.getLogger('app')\nlog.addHandler(logging.StreamHandler())\n"
    alone, beside = (
        next(item.message for item in lint_bytes("main.py", text.encode(), Config()).findings if item.code == "PRT301")
        for text in (source, f"{source}logging.warning('x')\n")
    )
    assert "twice" not in alone
    assert "twice, to a `StreamHandler` and the `logging.warning` handler" in beside
