"""The tutorial, played: its files written, its commands run, its output compared.

`python tests/test_tutorial.py` writes what the commands say now into the page.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from conftest import ROOT, clean_environment

PAGE = ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# What differs from run to run: times, processes, threads, and the folders of a traceback.
CHANGING = [
    (re.compile(r'"asctime": "[^"]*"'), '"asctime": "2026-03-01T12:00:00.000+00:00"'),
    (re.compile(r'"process": \d+, "thread": \d+'), '"process": 71, "thread": 140200000000000'),
    (re.compile(r'File \\"[^"]*?/(shop/\w+\.py)\\"'), r'File \\"/srv/\1\\"'),
    (re.compile(r"(?:\\n +[~^]+)(?=\\n)"), ""),  # Python 3.13 marks other columns
]


def played(page: str, folder: Path) -> str:
    """The page with the output that its commands have now."""
    tools = folder / "tools"
    tools.mkdir()
    for name, module in (("python", ""), ("printlint", "-m printlint ")):
        command = f'#!/bin/sh\nexec "{sys.executable}" {module}"$@"\n'
        (tools / name).write_text(command)
        (tools / name).chmod(0o755)
    environment = clean_environment(PATH=f"{tools}{os.pathsep}{os.environ['PATH']}", PYTHONWARNINGS="ignore")
    work = folder / "work"
    work.mkdir()

    def block(match: re.Match[str]) -> str:
        kind, name, body = match.groups()
        if name:
            path = work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, encoding="utf-8")
        if kind != "console":
            return match[0]
        lines = []
        for command in (line for line in body.splitlines() if line.startswith("$ ")):
            done = subprocess.run(
                command[2:],
                shell=True,
                cwd=work,
                env=environment,
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
            out = done.stdout
            for pattern, text in CHANGING:
                out = pattern.sub(text, out)
            lines += [command, *shortened(out.splitlines())]
        return "```console\n" + "".join(f"{line}\n" for line in lines) + "```"

    return BLOCK.sub(block, page)


def shortened(lines: list[str]) -> list[str]:
    """A diff without the body of the set-up module."""
    if "+++ b/shop/logging_setup.py" not in lines:
        return lines
    start = lines.index("+++ b/shop/logging_setup.py") + 2
    end = next((index for index in range(start, len(lines)) if not lines[index].startswith("+")), len(lines))
    return [*lines[:start], lines[start], "+…", *lines[end:]]


@pytest.mark.skipif(not importlib.util.find_spec("fastapi"), reason="needs fastapi")
def test_the_tutorial_says_what_happens(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert played(page, tmp_path) == page


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        PAGE.write_text(played(PAGE.read_text(encoding="utf-8"), Path(scratch)), encoding="utf-8")
