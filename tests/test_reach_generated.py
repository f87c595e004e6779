"""Trees made by chance: whatever a program is started by, `fix` does not make one of its imports fail.

A bounded number runs with the other tests; `PRINTLINT_TREES=200 pytest tests/test_reach_generated.py` runs more.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import HANDLER, Run, clean_environment

_FOLDERS = ("", "app", "app/core", "src", "src/api", "jobs", "services", "services/a", "tests")
_MODULES = ("users", "store", "text", "work")
_MARKERS = ("pyproject.toml", "requirements.txt", "Dockerfile", "README.md", ".git/HEAD", "src/setup.cfg")
PROGRAMS = int(os.environ.get("PRINTLINT_TREES", "10"))


class Program(NamedTuple):
    """The files of a tree, and the commands that start its programs, each with the `PYTHONPATH` that it has."""

    files: dict[str, str]
    commands: list[tuple[str, str]]


class Maker:
    """Makes one tree."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._files: dict[str, str] = {}
        self._modules: list[str] = []

    def make(self) -> Program:
        """A tree of a few modules, each of which may import those made before, and the ways to start the last."""
        chosen = self._random.sample(_FOLDERS, self._random.randint(1, 4))
        for folder in chosen:
            for name in self._random.sample(_MODULES, self._random.randint(1, 2)):
                self._add(f"{folder}/{name}.py".lstrip("/"))
            if folder and self._random.random() < 0.5:
                self._files.setdefault(f"{folder}/__init__.py", "")
            if "/" in folder and self._random.random() < 0.4:
                self._files.setdefault(f"{folder.partition('/')[0]}/__init__.py", "")
        self._files |= dict.fromkeys(self._random.sample(_MARKERS, self._random.randint(0, 2)), "")
        start = self._modules[-1]
        self._files[start] += self._start()
        dotted = start.removesuffix(".py").replace("/", ".")
        inner = dotted.partition(".")[2]
        commands = [(start, ""), (start, "."), (start, self._random.choice(["src", "app"])), (f"-m {dotted}", "")]
        return Program(self._files, [*commands, (f"-m {inner}", start.partition("/")[0])] if inner else commands)

    def _add(self, path: str) -> None:
        lines, calls = [], []
        for other in self._random.sample(self._modules, min(len(self._modules), self._random.randint(0, 2))):
            name = f"f{self._modules.index(other)}"
            lines.append(self._import(path, other, name))
            calls.append(f"    await {name}()\n")
        own = f"f{len(self._modules)}"
        edit = ""
        if self._random.random() < 0.15:
            edit = "import os\nimport sys\nsys.path.insert(0, os.path.dirname(os.path.dirname(__file__)))\n"
        imports = "".join(f"{line}\n" for line in lines)
        body = "".join(calls)
        self._files[path] = f'{edit}{imports}\n\nasync def {own}():\n    print("{path}", 1)\n{body}'
        self._modules.append(path)

    def _import(self, path: str, other: str, name: str) -> str:
        parts = other.removesuffix(".py").split("/")
        start = self._random.choice([0, 0, max(0, len(parts) - 1), min(1, len(parts) - 1)])
        if self._random.random() < 0.25 and os.path.dirname(path) == os.path.dirname(other):
            return f"from .{parts[-1]} import {name}"
        line = f"from {'.'.join(parts[start:])} import {name}"
        if self._random.random() < 0.1:
            return f"try:\n    {line}\nexcept ImportError:\n    from {'.'.join(parts)} import {name}"
        return line

    def _start(self) -> str:
        call = f"asyncio.run(f{len(self._modules) - 1}())"
        if self._random.random() < 0.5:
            return f'\n\nif __name__ == "__main__":\n    import asyncio\n\n    {call}\n'
        return f"\n\nimport asyncio\n\n{call}\n"


def outcome(folder: Path, shim: Path, command: str, path: str) -> tuple[int, str, str]:
    options = ["-c", command[3:]] if command.startswith("-c") else command.split()
    search = os.pathsep.join([str(shim), *([str(folder / path)] if path else [])])
    environment = clean_environment(PYTHONPATH=search)
    command_line = [sys.executable, *options]
    done = subprocess.run(command_line, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_no_import_fails_that_worked(seed: int, inside: Run, tmp_path: Path) -> None:
    program = Maker(seed).make()
    folder, shim = tmp_path / "tree", tmp_path / "shim"
    for name, text in program.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    shim.mkdir()
    (shim / "sitecustomize.py").write_text(HANDLER, encoding="utf-8")
    (shim / "all.toml").write_text("[tool.printlint]\ndetect-interface = false\n", encoding="utf-8")
    before = {given: outcome(folder, shim, *given) for given in program.commands}
    working = [given for given, (status, _, _) in before.items() if status == 0]
    done = inside("fix", "--config", shim / "all.toml", cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    for given in working:
        assert outcome(folder, shim, *given)[:2] == before[given][:2], (given, outcome(folder, shim, *given)[2])
