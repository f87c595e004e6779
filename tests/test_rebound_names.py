"""Names that a module binds more than once: what a read in its own body means, and loggers of several libraries."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Run, write_files
from test_origins import printed

from printlint.config import Config
from printlint.lint.linter import lint_bytes


def codes(source: str) -> list[tuple[int, str]]:
    found = lint_bytes("main.py", source.encode(), Config(select=("PRT1", "PRT2", "PRT5"), detect_interface=False))
    return [(item.start.line, item.code) for item in found.findings]


@pytest.mark.parametrize(
    ("program", "meant"),
    [
        ("import a\nprint(a)\nimport b as a\n", "a"),
        ("import a\nimport b as a\nprint(a)\n", "b"),
        ("import a\na = a.x\nprint(a)\n", "a.x"),
        ("import a\nif x:\n    import b as a\nprint(a)\n", None),
        ("import a\ntry:\n    import b as a\nexcept ImportError:\n    pass\nprint(a)\nimport c as a\n", None),
        ("import a\nfor x in y:\n    print(a)\n    import b as a\n", None),
        ("import a\nfor x in y:\n    print(a)\nimport b as a\n", "a"),
        ("import a\nif x:\n    print(a)\nimport b as a\n", "a"),
        ("import a\ndef f():\n    print(a)\nimport b as a\n", None),
        ("import a\ndef f():\n    global a\n    import b as a\nprint(a)\nimport c as a\n", None),
        ("print(a)\nimport a\n", "a"),
        ("import a; print(a); import b as a\n", "a"),
        ("import a\na = print(a) or 1\n", "a"),
        ("import a\nclass a: ...\nprint(a)\n", None),
    ],
)
def test_the_last_statement_above_says_what_a_name_means(program: str, meant: str | None) -> None:
    module, node = printed(program)
    assert module.qualified(node) == meant


def test_a_module_is_a_module_until_its_name_is_bound_to_a_logger() -> None:
    source = "import logging\nlogging.warning('x')\nlogging = logging.getLogger('x')\nlogging.warning('y')\n"
    assert codes(source) == [(2, "PRT201")]


ALTERNATIVES = [
    "try:\n    from loguru import logger\nexcept ImportError:\n    logger = logging.getLogger(__name__)\n",
    "import structlog\nif x:\n    logger = structlog.get_logger()\nelse:\n    logger = logging.getLogger(__name__)\n",
    "import structlog\nlogger = structlog.get_logger() if x else logging.getLogger(__name__)\n",
]


@pytest.mark.parametrize("binding", ALTERNATIVES)
def test_what_is_a_logger_of_some_library_is_a_logger(binding: str) -> None:
    source = f"import logging\n{binding}\n\ndef f(x):\n    logger.info(f'got {{x}}')\n    logger.info('%s %s', x)\n"
    assert [code for _, code in codes(source)] == ["PRT501"]


@pytest.mark.parametrize("binding", ["logger = Bell() if x else logging.getLogger('x')\n", "logger = make()\n"])
def test_what_may_be_no_logger_is_none(binding: str) -> None:
    assert codes(f"import logging\n{binding}\n\ndef f(x):\n    logger.info(f'got {{x}}')\n") == []


def test_such_a_message_is_not_rewritten(inside: Run, tmp_path: Path) -> None:
    write_files(tmp_path, {"main.py": f"import logging\n{ALTERNATIVES[0]}\nlogger.info(f'got {{x}}')\n"})
    done = inside("fix", "--diff", "--isolated", "--select", "PRT501", "--unsafe-fixes", "-v", "main.py")
    assert "several libraries" in done.stdout + done.stderr
