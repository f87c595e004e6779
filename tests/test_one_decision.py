"""Words that decide something are written down once: what lists most of them again would soon decide otherwise."""

from __future__ import annotations

import ast
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

from printlint.backends import BACKENDS
from printlint.config import Config
from printlint.config_values import ASYNC_BACKENDS
from printlint.facts.calls.except_clauses import EXITS
from printlint.facts.project.setup_files import provided_backends
from printlint.logging_names import (
    ASYNC_METHODS,
    LEVELS,
    LOGURU_METHODS,
    METHODS,
    MODERN,
    RECORD_ATTRIBUTES,
    name_of,
    number_of,
)
from printlint.partial.triggers import LOG_WORDS, starts_at
from printlint.reading.discovery import SKIPPED_FOLDERS, VERSION_CONTROL
from printlint.setup.template import setup_source

pytestmark = pytest.mark.system

PACKAGE = ROOT / "printlint"
ONCE = {
    "logging_names.py": (METHODS, frozenset(name.upper() for name in METHODS), RECORD_ATTRIBUTES),
    "facts/calls/except_clauses.py": (EXITS,),
    "reading/discovery.py": (SKIPPED_FOLDERS, VERSION_CONTROL),
}


def listed(path: Path) -> Iterator[set[str]]:
    """The words of each display of a file, `*(...)` in it included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.Set, ast.Tuple, ast.List, ast.Dict)):
            yield {item.value for item in ast.walk(node) if isinstance(item, ast.Constant) and type(item.value) is str}


@pytest.mark.parametrize("home", ONCE)
def test_words_are_listed_in_one_file(home: str) -> None:
    apart = {PACKAGE / home, PACKAGE / "setup/logging_setup.py"}  # users get the second, which imports nothing of ours
    others = set(PACKAGE.rglob("*.py")) - apart
    again = {
        str(path.relative_to(PACKAGE))
        for path in others
        for words in listed(path)
        if any(len(words & known) > len(known) / 2 for known in ONCE[home])
    }
    assert again == set()


def test_the_levels_are_those_of_logging() -> None:
    for level in (*LEVELS, *MODERN, "notset"):
        assert number_of(level) == getattr(logging, level.upper())
    for level in LEVELS:
        assert name_of(getattr(logging, level.upper())) == level.upper()
    assert name_of(35) == "level 35"
    assert number_of("log") is None


def test_the_methods_are_those_of_loggers() -> None:
    assert all(callable(getattr(logging.Logger, method)) for method in METHODS)
    assert {method for method in vars(logging.Logger) if number_of(method) is not None} <= METHODS


def test_the_attributes_are_those_of_a_record() -> None:
    record = logging.makeLogRecord({})
    logging.Formatter("%(asctime)s %(message)s").format(record)
    assert vars(record).keys() | {"taskName"} == RECORD_ATTRIBUTES


@pytest.mark.parametrize("method", sorted(METHODS | ASYNC_METHODS | LOGURU_METHODS))
def test_every_method_is_a_word_that_findings_start_at(method: str) -> None:
    assert re.fullmatch(r"a?[a-z]+", method)
    assert starts_at(method, LOG_WORDS)


def test_back_ends_are_asked_and_not_compared_by_name() -> None:
    """Only the registry, the values of the configuration and the parts of the set-up module know the names."""
    names = set(BACKENDS)
    compared = {
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare)
        for value in ast.walk(node)
        if isinstance(value, ast.Constant) and value.value in names and "backend" in ast.unparse(node)
    }
    assert {place.partition(":")[0] for place in compared} == {"config.py"}


def test_every_back_end_has_its_value_and_its_part_of_the_set_up_module() -> None:
    names = set(BACKENDS)
    assert {*ASYNC_BACKENDS} == {"auto", *names}
    assert all(name in provided_backends(setup_source(name)) for name in names)
    assert {backend.name for backend in BACKENDS.values() if backend.awaits} == {
        name for name in names if Config(async_backend=name).awaits
    }
