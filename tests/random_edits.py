"""Edit a package at random, and compare a `check` that knows the run before with one that knows nothing.

python tests/random_edits.py FOLDER… --edits 100
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import click

from printlint.__main__ import main as run

# What is put into a file: what findings are about, what findings of other files depend on, and neither.
LINES = (
    "# a comment",
    "x = 1",
    "print('done', 1)",
    "import logging",
    "import logging.config",
    "logger = logging.getLogger(__name__)",
    "log = logging.getLogger('shop')",
    "log = logging.getLogger()",
    "logging.getLogger('shop').setLevel(logging.ERROR)",
    "logging.getLogger(__name__).propagate = False",
    "logging.getLogger('shop').addHandler(logging.StreamHandler())",
    "logging.basicConfig(level=logging.WARNING)",
    "logging.info('started')",
    "logging.getLogger(__name__).error('failed')",
    "logging.config.dictConfig({'version': 1, 'root': {'level': 'INFO'}})",
    "logging.setLoggerClass(None)",
    "from logging.handlers import QueueHandler",
    "import argparse",
    "from flask import Flask",
    "import discord",
    "async def handle():\n    logging.getLogger(__name__).info('handled')",
    "def main():\n    print('usage')",
    "if __name__ == '__main__':\n    main()",
    "def broken(:",
)
CONFIGURATIONS = ("", "select = ['PRT1']", "detect-interface = false", "per-file-ignores = {'*a*.py' = ['PRT101']}")
NAMES = ("logging_setup.py", "main.py", "conftest.py", "alpha.py", "test_alpha.py", "__init__.py", "__main__.py")


class Edits:
    """A folder that is edited at random. What it held at first may come back, as by a checkout."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self._chance = random.Random(seed)
        self._first = {path: path.read_bytes() for path in self._files()}
        self._settings = "[project]\nname = 'shop'\n"

    def make(self) -> str:
        """One edit, and what it was."""
        common = (self._insert, self._insert, self._insert, self._delete_line, self._comment, self._restore)
        return self._chance.choice((*common, self._import, self._rename, self._delete, self._create, self._configure))()

    def _files(self) -> list[Path]:
        return sorted(self.root.rglob("*.py"))

    def _any(self) -> Path:
        return self._chance.choice(self._files())

    def _change(self, path: Path, change: Callable[[list[str]], None]) -> str:
        lines = path.read_bytes().decode("latin-1").split("\n")
        change(lines)
        path.write_bytes("\n".join(lines).encode("latin-1"))
        return path.name

    def _put(self, text: str) -> str:
        """Put a text at the beginning of a file, at its end, or between statements of the module's own level."""

        def change(lines: list[str]) -> None:
            outer = [
                at for at, line in enumerate(lines) if line[:1].isalpha() and not line.startswith(("el", "ex", "f"))
            ]
            lines.insert(self._chance.choice((0, len(lines), *outer)), text)

        return f"{text!r} in {self._change(self._any(), change)}"

    def _insert(self) -> str:
        return self._put(self._chance.choice(LINES))

    def _import(self) -> str:
        path = self._any()
        dotted = ".".join(path.relative_to(self.root).with_suffix("").parts).removesuffix(".__init__")
        parent, _, name = dotted.rpartition(".")
        return self._put(f"from {parent or '.'} import {name}" if self._chance.random() < 0.5 else f"import {dotted}")

    def _comment(self) -> str:
        return f"comment in {self._change(self._any(), lambda lines: lines.append('# one more'))}"

    def _delete_line(self) -> str:
        def change(lines: list[str]) -> None:
            del lines[self._chance.randrange(len(lines))]

        return f"a line less in {self._change(self._any(), change)}"

    def _restore(self) -> str:
        for path in self._chance.sample(sorted(self._first), min(8, len(self._first))):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self._first[path])
        return "some files as they were"

    def _rename(self) -> str:
        path = self._any()
        path.rename(path.with_name(self._chance.choice(NAMES)))
        return f"{path.name} renamed"

    def _delete(self) -> str:
        path = self._any()
        if len(self._files()) > 5:
            path.unlink()
        return f"{path.name} deleted"

    def _create(self) -> str:
        path = self._any().with_name(self._chance.choice(NAMES))
        path.write_bytes(self._chance.choice(list(self._first.values())))
        return f"{path.name} created"

    def _configure(self) -> str:
        said = self._chance.choice(CONFIGURATIONS)
        (self.root / "pyproject.toml").write_text(f"{self._settings}[tool.printlint]\n{said}\n")
        return f"settings {said!r}"


def copy_of(package: Path, target: Path) -> Path:
    """A package's Python files and what configures it, in another folder."""
    shutil.copytree(package, target, symlinks=True, ignore=shutil.ignore_patterns(".git", "__pycache__"))
    return target


def outcome(*arguments: str) -> tuple[str, str, object]:
    """What a run of `check` in this folder and process writes, and its exit status."""
    output, diagnostics, status = io.StringIO(), io.StringIO(), None
    with (
        patch.object(sys, "argv", ["printlint", "check", *arguments]),
        patch.object(sys, "path", list(sys.path)),
        patch("printlint.cli.leave"),
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(diagnostics),
    ):
        try:
            run()
        except SystemExit as end:
            status = end.code
    return output.getvalue(), diagnostics.getvalue(), status


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--edits", default=100, show_default=True, help="Edits of each package.")
@click.option("--seed", default=0, show_default=True)
def main(folders: tuple[Path, ...], edits: int, seed: int) -> None:
    """Compare runs over real packages."""
    wrong = 0
    for folder in folders:
        with tempfile.TemporaryDirectory() as around, patch.dict(os.environ, PRINTLINT_CACHE_DIR=f"{around}/cache"):
            root = copy_of(folder.absolute(), Path(around) / "package")
            editing = Edits(root, seed)
            with contextlib.chdir(root):
                outcome("--select", "ALL")
                for _ in range(edits):
                    what = editing.make()
                    known, fresh = outcome("--select", "ALL"), outcome("--select", "ALL", "--no-cache")
                    if known != fresh:
                        wrong += 1
                        click.echo(f"{folder.name}: {what}\n{known}\n{fresh}")
            click.echo(f"{folder.name}: {edits} edits, {wrong} wrong so far")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
