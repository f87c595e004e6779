"""What keeps a handler from being attached again, or beside another."""

from __future__ import annotations

import textwrap

import pytest

from printlint.config import Config
from printlint.lint.linter import lint_bytes

HEAD = """
import contextlib
import functools
import logging

_known = {}
_done = set()
_logger = None


"""

GUARDED = [
    """
    def get(name, handler):
        log = logging.getLogger(name)
        if handler not in log.handlers:
            log.addHandler(handler)
    """,
    """
    def get(name):
        if name in _known:
            return _known[name]
        log = logging.getLogger(name)
        log.addHandler(logging.StreamHandler())
        _known[name] = log
        return log
    """,
    """
    def get(name):
        if name not in _done:
            logging.getLogger(name).addHandler(logging.StreamHandler())
            _done.add(name)
    """,
    """
    def get(name):
        cached = _known.get(name)
        if cached is not None:
            return cached
        log = _known[name] = logging.getLogger(name)
        log.addHandler(logging.StreamHandler())
        return log
    """,
    """
    def get(name):
        if (found := _known.get(name)):
            return found
        log = _known[name] = logging.getLogger(name)
        log.addHandler(logging.StreamHandler())
        return log
    """,
    """
    def get(name):
        try:
            return _known[name]
        except KeyError:
            log = _known[name] = logging.getLogger(name)
            log.addHandler(logging.StreamHandler())
            return log
    """,
    """
    def get(name):
        try:
            log = _known[name]
        except KeyError:
            pass
        else:
            return log
        log = _known[name] = logging.getLogger(name)
        log.addHandler(logging.StreamHandler())
        return log
    """,
    """
    def get(name):
        with contextlib.suppress(KeyError):
            return _known[name]
        log = _known[name] = logging.getLogger(name)
        log.addHandler(logging.StreamHandler())
        return log
    """,
    """
    class Logs:
        def __init__(self):
            self.known = {}

        def get(self, name):
            if name not in self.known:
                log = logging.getLogger(name)
                log.handlers.append(logging.StreamHandler())
                self.known[name] = log
            return self.known[name]
    """,
    """
    def get():
        global _logger
        if _logger:
            return _logger
        _logger = logging.getLogger("app")
        _logger.addHandler(logging.StreamHandler())
        return _logger
    """,
    """
    def get():
        if hasattr(get, "log"):
            return get.log
        get.log = logging.getLogger("app")
        get.log.addHandler(logging.StreamHandler())
        return get.log
    """,
    """
    @functools.lru_cache(maxsize=None)
    def get(name):
        log = logging.getLogger(name)
        log.handlers += [logging.StreamHandler()]
        return log
    """,
    """
    def get(name):
        log = logging.getLogger(name)
        if not log.hasHandlers():
            log.addHandler(logging.StreamHandler())
        return log
    """,
    """
    def get(name):
        log = logging.getLogger(name)
        if len(log.handlers) == 0:
            log.addHandler(logging.StreamHandler())
        return log
    """,
    """
    def get(name):
        log = logging.getLogger(name)
        log.handlers or log.addHandler(logging.StreamHandler())
        return log
    """,
    """
    def get(name):
        log = logging.getLogger(name)
        for handler in log.handlers:
            if isinstance(handler, logging.StreamHandler):
                break
        else:
            log.addHandler(logging.StreamHandler())
        return log
    """,
    """
    def get(name):
        if name in logging.root.manager.loggerDict:
            return logging.getLogger(name)
        log = logging.getLogger(name)
        log.addHandler(logging.StreamHandler())
        return log
    """,
    """
    def get(name):
        log = logging.getLogger(name)
        log.handlers[:] = []
        log.addHandler(logging.StreamHandler())
    """,
    """
    def get(name):
        log = logging.getLogger(name)
        del log.handlers[:]
        log.addHandler(logging.StreamHandler())
    """,
    """
    def get(name):
        log = logging.getLogger(name)
        while log.handlers:
            log.handlers.pop()
        log.addHandler(logging.StreamHandler())
    """,
    """
    def get(name):
        log = logging.getLogger(name)
        log.handlers *= 0
        log.addHandler(logging.StreamHandler())
    """,
    """
    def get(name):
        log = logging.getLogger(name)
        log.handlers = [logging.StreamHandler()]
    """,
]

UNGUARDED = [
    """
    def get(name):
        log = logging.getLogger(name)
        handler = logging.StreamHandler()
        if handler not in log.handlers:
            log.addHandler(handler)
    """,
    """
    def get(name):
        log = logging.getLogger(name)
        log.addHandler(logging.StreamHandler())
    """,
    """
    def get(name):
        log = logging.getLogger(name)
        log.handlers.append(logging.StreamHandler())
    """,
    """
    def get(name):
        log = logging.getLogger(name)
        log.handlers.extend([logging.StreamHandler()])
    """,
    """
    def get(name):
        log = logging.getLogger(name)
        log.handlers += [logging.StreamHandler()]
    """,
    """
    def get(*names):
        for log in [logging.getLogger("a"), logging.getLogger("b")]:
            log.addHandler(logging.StreamHandler())
    """,
    """
    LEVELS = {"info": 20}

    def get(name, level):
        if level not in LEVELS:
            raise ValueError(level)
        log = logging.getLogger(name)
        log.addHandler(logging.StreamHandler())
    """,
    """
    def get(name):
        if name is None:
            return None
        log = logging.getLogger(name)
        log.addHandler(logging.StreamHandler())
        return log
    """,
    """
    def get(name):
        seen = set()
        if name not in seen:
            seen.add(name)
            logging.getLogger(name).addHandler(logging.StreamHandler())
    """,
    """
    def get(name):
        log = logging.getLogger(name)
        log.addHandler(logging.StreamHandler())
        if name in _known:
            return _known[name]
        _known[name] = log
    """,
    """
    def get(name):
        log = logging.getLogger(name)
        if not log.level:
            log.setLevel(logging.INFO)
        log.addHandler(logging.StreamHandler())
    """,
    """
    def get(name, table={"a": 1}):
        try:
            return table[name]
        except ValueError:
            pass
        log = logging.getLogger(name)
        log.addHandler(logging.StreamHandler())
    """,
]

TWICE = """
import logging

logging.basicConfig()
log = logging.getLogger("shop")
"""

NOT_BESIDE_ANOTHER = [
    "if not log.hasHandlers():\n    log.addHandler(logging.StreamHandler())",
    "if log.hasHandlers():\n    pass\nelse:\n    log.addHandler(logging.StreamHandler())",
    "if not logging.root.handlers:\n    log.addHandler(logging.StreamHandler())",
    "if len(logging.getLogger().handlers) < 1:\n    log.addHandler(logging.StreamHandler())",
    "known = logging.root.handlers\nif known == []:\n    log.addHandler(logging.StreamHandler())",
    "log.hasHandlers() or log.addHandler(logging.StreamHandler())",
    "def start():\n    if log.hasHandlers():\n        return\n    log.addHandler(logging.StreamHandler())",
    "if not any(isinstance(h, logging.StreamHandler) for h in logging.root.handlers):\n"
    "    log.addHandler(logging.StreamHandler())",
]

BESIDE_ANOTHER = [
    "if not log.handlers:\n    log.addHandler(logging.StreamHandler())",
    "if log.hasHandlers():\n    log.addHandler(logging.StreamHandler())",
    "if logging.root.handlers:\n    log.addHandler(logging.StreamHandler())",
    "if len(logging.root.handlers) >= 1:\n    log.addHandler(logging.StreamHandler())",
    "if not log.hasHandlers() or True:\n    log.addHandler(logging.StreamHandler())",
]


def codes(source: str) -> set[str]:
    return {finding.code for finding in lint_bytes("main.py", source.encode(), Config()).findings} & {
        "PRT301",
        "PRT303",
    }


@pytest.mark.parametrize("function", GUARDED)
def test_a_handler_is_attached_once(function: str) -> None:
    assert "PRT303" not in codes(HEAD + textwrap.dedent(function))


@pytest.mark.parametrize("function", UNGUARDED)
def test_a_handler_is_attached_at_each_call(function: str) -> None:
    assert "PRT303" in codes(HEAD + textwrap.dedent(function))


@pytest.mark.parametrize("code", NOT_BESIDE_ANOTHER)
def test_no_handler_comes_beside_one_that_is_looked_for(code: str) -> None:
    assert codes(TWICE + code) == set()


@pytest.mark.parametrize("code", BESIDE_ANOTHER)
def test_a_handler_comes_beside_the_root_loggers(code: str) -> None:
    assert "PRT301" in codes(TWICE + code)
