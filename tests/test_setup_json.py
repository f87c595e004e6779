"""The JSON of the set-up module: by python-json-logger where it is installed, by its own formatter elsewhere.

Every value survives in both worlds: one line a record, with the same fields in the same order.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from conftest import write_files
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_setup_module import run

from printlint.setup.template import setup_source

pytestmark = pytest.mark.system

# python-json-logger as its version 2 had it: the module has another name, and its class no base of its own
BEFORE_3 = """
import json, logging


class JsonEncoder(json.JSONEncoder):
    def default(self, value):
        return "as before version 3"


class JsonFormatter(logging.Formatter):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.json_encoder = JsonEncoder
"""
WORLDS = {
    "installed": {},
    "before version 3": {"pythonjsonlogger/__init__.py": "", "pythonjsonlogger/jsonlogger.py": BEFORE_3},
    "missing": {"pythonjsonlogger.py": "raise ImportError"},
}
PROGRAM = """
import enum, json, logging, pathlib, sys
import logging_setup

class Odd:
    def __str__(self):
        raise ValueError
    __repr__ = __str__

class Colour(enum.Enum):
    RED = 1

loop = {}
loop["loop"] = [loop]
deep = []
for _ in range(100_000):
    deep = [deep]
fields = {
    "text": "ä\\n\\u2028\\x00", "half": "file\\udc80", "pair": "\\U0001f600", "nan": float("nan"),
    "inf": [float("inf")], "huge": 10 ** 5000,
    "odd": Odd(), "inside": {"a": [Odd()]}, "loop": loop, "deep": deep, "keys": {(1, 2): 3},
    "bytes": b"\\xff", "enum": Colour.RED, "path": pathlib.PurePosixPath("/x"), "type": Odd, "error": KeyError("k"),
    1: "a number", "": "empty",
}
logging_setup.setup_logging()
log = logging.getLogger("app")
with logging_setup.log_context(request=Odd(), name="clash"):
    log.info({"message": "a dict"}, extra=fields)
try:
    1 / 0
except ZeroDivisionError:
    log.exception("it failed", stack_info=True)
formatter = logging.getLogger().handlers[0].formatter
log.info(",".join(base.__module__ for base in type(formatter).__mro__))
"""
NAMES = ["asctime", "levelname", "name", "process", "thread", "message"]
FIELDS = [
    "text",
    "half",
    "pair",
    "nan",
    "inf",
    "huge",
    "odd",
    "inside",
    "loop",
    "deep",
    "keys",
    "bytes",
    "enum",
    "path",
]
FIELDS += ["type", "error", "1"]


def strict(line: str) -> dict[str, Any]:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    event: dict[str, Any] = json.loads(line, parse_constant=refuse)
    json.dumps(event, ensure_ascii=False).encode()  # no halves of characters
    return event


@pytest.mark.parametrize("world", WORLDS)
def test_every_value_survives_whoever_writes_the_json(tmp_path: Path, world: str) -> None:
    write_files(tmp_path, WORLDS[world])
    lines = run(PROGRAM, tmp_path).stdout.splitlines()
    first, second, formatter = map(strict, lines)
    assert list(first) == [*NAMES, "request", "name_", *FIELDS, ""]
    assert first["message"] == "{'message': 'a dict'}"
    assert (first["text"], first["pair"], first["half"]) == ("ä\n\u2028\x00", "\U0001f600", "file\\udc80")
    assert (first["nan"], first["inf"], first["1"]) == ("nan", "[inf]", "a number")
    assert first["asctime"][10:11] + first["asctime"][23:] == "T+00:00"
    assert list(second) == [*NAMES, "exc_info", "stack_info"]
    assert "ZeroDivisionError" in second["exc_info"]
    assert second["stack_info"].startswith("Stack (most recent call last):")
    module = {"installed": "pythonjsonlogger.json", "before version 3": "pythonjsonlogger.jsonlogger"}.get(world)
    assert (module or "logging") in formatter["message"].split(",")
    assert ("pythonjsonlogger" in formatter["message"]) is (module is not None)


def test_python_json_logger_decides_what_becomes_of_a_value(tmp_path: Path) -> None:
    """Its encoder gives an enum's value, another one whatever it likes; without it, there is the text."""
    seen = {}
    for world, files in WORLDS.items():
        (tmp_path / world).mkdir()
        write_files(tmp_path / world, files)
        seen[world] = strict(run(PROGRAM, tmp_path / world).stdout.splitlines()[0])["enum"]
    assert seen == {"installed": 1, "before version 3": "as before version 3", "missing": "Colour.RED"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.dates() | st.just(object()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers() | st.floats() | st.tuples(), inner),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def formats(tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[Any, Any]], list[str]]:
    """The lines of both worlds for a record with some fields."""
    import logging

    modules = []
    for world in ("installed", "missing"):
        folder = tmp_path_factory.mktemp(world.replace(" ", "_"))
        text = setup_source("none")
        text = text.replace('f"pythonjsonlogger.{module}"', '"not_installed"') if world == "missing" else text
        name = f"logging_setup_{world}"
        write_files(folder, {f"{name}.py": text})
        with pytest.MonkeyPatch.context() as patch:
            patch.syspath_prepend(folder)
            patch.setattr(sys, "dont_write_bytecode", True)
            modules.append(import_module(name))

    def lines(fields: dict[Any, Any]) -> list[str]:
        record = logging.makeLogRecord({"msg": "x", **fields})
        return [module.JsonFormatter().format(record) for module in modules]

    return lines


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(st.text(min_size=1).map("x{}".format), JSON, max_size=5))
def test_both_worlds_write_one_line_of_strict_json(
    formats: Callable[[dict[Any, Any]], list[str]], fields: dict[str, Any]
) -> None:
    first, second = formats(fields)
    assert [line for line in (first, second) if "\n" in line] == []
    assert list(strict(first)) == list(strict(second))
