"""The house's own order: who may import whom, and how large a room may grow."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

pytestmark = pytest.mark.system

PACKAGE = ROOT / "printlint"
FILES = sorted(path for path in PACKAGE.rglob("*.py"))

# From the ground up: a room imports from itself and from lower floors, never from another room of its own floor.
FLOORS: list[set[str]] = [
    {""},
    {"run"},
    {"process", "cache", "source", "logging_names"},
    {"reading", "finding", "history", "config_values"},
    {"config", "names"},
    {"partial", "facts.loggers"},
    {"facts.module"},
    {"facts.calls", "facts.project"},
    {"facts.flow", "facts.reach", "setup"},
    {"facts.programs"},
    {"facts.log_setup"},
    {"facts.delivery", "facts.readers", "facts.prints"},
    {"facts.conversions", "facts.context"},
    {"plan"},
    {"backends", "rule"},
    {"rules", "writing"},
    {"lint", "report"},
    {"rewrite", "flake8_plugin"},
    {"server"},
    {"cli", "api", "codemod"},
    {"__main__"},
]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}


def room(module: str) -> str:
    """The room of a dotted name below `printlint`: its first part, in `facts` the first two; "" is the package."""
    parts = module.split(".")
    return ".".join(parts[: 2 if parts[0] == "facts" else 1])


def own_room(path: Path) -> str:
    return room(".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").removesuffix("."))


def imported(source: str) -> Iterator[str]:
    """The modules of printlint's that a source imports when it runs, wherever in it; not those for annotations."""
    tree = ast.parse(source)
    typing = {
        node
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in set(ast.walk(tree)) - typing:
        if isinstance(node, ast.Import):
            yield from (name.name.removeprefix("printlint").lstrip(".") for name in node.names if _is_own(name.name))
        elif isinstance(node, ast.ImportFrom) and _is_own(node.module or ""):
            module = (node.module or "").removeprefix("printlint").lstrip(".")
            for name in node.names:
                full = f"{module}.{name.name}".lstrip(".")
                yield full if _is_module(full) else module


def _is_own(dotted: str) -> bool:
    return dotted == "printlint" or dotted.startswith("printlint.")


def _is_module(dotted: str) -> bool:
    path = PACKAGE.joinpath(*dotted.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def wrong_arrows(own: str, source: str) -> set[str]:
    """The rooms that a source in the room `own` imports, and may not."""
    others = {room(module) for module in imported(source)} - {own}
    return {other for other in others if other not in FLOOR or FLOOR[other] >= FLOOR[own]}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_to_lower_floors(path: Path) -> None:
    assert wrong_arrows(own_room(path), path.read_text(encoding="utf-8")) == set()


def test_every_room_is_on_a_floor_and_every_floor_has_rooms() -> None:
    assert {own_room(path) for path in FILES} - {"facts"} == set(FLOOR)


@pytest.mark.parametrize(
    "source",
    [
        "from printlint.rules import all_rules",
        "from printlint import rules",
        "import printlint.rules",
        "import printlint.rules as rules",
        "def late():\n    from printlint.rules import all_rules",
        "from printlint.facts.prints import outputs",
        "from printlint.facts.prints.outputs import Output",
        "if sys.platform == 'win32':\n    from printlint.cli import main",
        "from printlint.facts.reach import tree",  # a room of the same floor
    ],
)
def test_an_arrow_that_is_turned_round_is_seen(source: str) -> None:
    assert wrong_arrows("facts.flow", source)


@pytest.mark.parametrize(
    "own", [*sorted(room for room in FLOOR if room.startswith("facts.")), "rules", "plan", "names"]
)
@pytest.mark.parametrize("other", ["writing.write", "rewrite.apply", "rewrite.fixer", "lint.run", "cli"])
def test_who_finds_never_writes(own: str, other: str) -> None:
    package, _, name = f"printlint.{other}".rpartition(".")
    for source in (f"import printlint.{other}", f"from {package} import {name}", f"from printlint.{other} import x"):
        assert wrong_arrows(own, source) == {other.partition(".")[0]}


@pytest.mark.parametrize(
    "source",
    [
        "from printlint import __version__",
        "from printlint.reading import disk",
        "from printlint.facts.flow import origins",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from printlint.rule import Rule",
        "import ast",
    ],
)
def test_an_arrow_to_a_lower_floor_is_right(source: str) -> None:
    assert wrong_arrows("facts.flow", source) == set()


def test_no_file_imports_itself_by_way_of_others() -> None:
    arrows = {_dotted(path): set(imported(path.read_text(encoding="utf-8"))) for path in FILES}
    while leaves := {module for module, others in arrows.items() if not others & arrows.keys() - {module}}:
        arrows = {module: others for module, others in arrows.items() if module not in leaves}
    assert arrows == {}


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").removesuffix(".")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_rooms_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # What users get is one file, whose parts for all back ends the template holds.
    assert text.count("\n") <= (850 if path.name == "logging_setup.py" else 420)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 60, node.name


def test_only_the_rewriter_knows_libcst() -> None:
    users = {own_room(path) for path in FILES if "import libcst" in path.read_text(encoding="utf-8")}
    assert users == {"rewrite", "codemod"}
