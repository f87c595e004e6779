"""The house's own order: who may import whom, and how large a room may grow."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "printlint"
FILES = sorted(path for path in PACKAGE.rglob("*.py"))

# A room imports from itself and from those before it.
ROOMS = [
    {"printable", "safe_path", "seen", "signals", "streams"},
    {"notices", "replay", "documents"},
    {"disk", "source"},
    {"finding", "config", "noqa", "ruff_noqa", "gitignore"},
    {"facts"},
    {"message"},
    {"interpolation"},
    {"edits", "refusals", "conversion_refusals"},
    {"message_style"},
    {"rule"},
    {"setup_import"},
    {"backends"},
    {"output_findings", "output_plan", "root_plan", "async_plan", "lazy_plan"},
    {"rules"},
    {"linter", "logger_choice", "planner"},
    {"boundary", "folder"},
    {"state"},
    {"discovery", "write", "setup", "report", "baseline", "git"},
    {"recovery", "revision", "workers"},
    {"run", "journal", "flake8_plugin", "rewrite"},
    {"cli"},
]
RANK = {name: rank for rank, names in enumerate(ROOMS) for name in names}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """The rooms that a file imports when it is imported itself."""
    found = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    lazy = {node for function in ast.walk(tree) if isinstance(function, ast.FunctionDef) for node in ast.walk(function)}
    typing = {node for block in ast.walk(tree) if isinstance(block, ast.If) for node in ast.walk(block)}
    for node in set(ast.walk(tree)) - lazy - typing:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("printlint."):
            found.add((node.module or "").split(".")[1])
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_towards_the_source(path: Path) -> None:
    own = room(path)
    if own in ("__init__", "__main__"):
        return
    wrong = {other for other in imports(path) if RANK[other] > RANK[own]}
    assert not wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_rooms_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # What users get is one file, whose parts for all back ends the template holds.
    assert text.count("\n") <= (720 if path.name == "logging_setup.py" else 420)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 60, node.name


def test_only_the_rewriter_knows_libcst() -> None:
    users = {room(path) for path in FILES if "import libcst" in path.read_text(encoding="utf-8")}
    assert users == {"rewrite"}
