"""Programs run before and after `fix`, and what they print is compared.

`fixtures/behaviour` holds one folder for each thing that may be right: `safe` is rewritten by default and prints the
same; `tidy` changes with `--tidy`, and `unsafe` waits for `--unsafe-fixes`: cases.toml says what they print then;
`refused` is flagged and stays, with `--unsafe-fixes` too; `ignored` is no finding; `unreadable` is named and stays.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import FIXTURES, HANDLER, LOGURU_SINK, clean_environment, isolated

from printlint.config import Config
from printlint.lint.linter import lint_bytes
from printlint.rewrite.apply import write_changes
from printlint.rewrite.changes import FixRun
from printlint.rewrite.files import fix_files

PROGRAMS = FIXTURES / "behaviour"
SHIMS = {"none": "", "loguru": HANDLER + LOGURU_SINK}
OPTIONS = tomllib.loads((PROGRAMS / "cases.toml").read_text(encoding="utf-8"))


def cases(kind: str) -> list[pytest.ParameterSet]:  # type: ignore[name-defined]
    found = []
    for path in sorted((PROGRAMS / kind).iterdir()):
        options = OPTIONS.get(f"{kind}/{path.name}", {})
        wanted = options.get("python", "3.11")
        older = sys.version_info < tuple(map(int, wanted.split(".")))
        marks = [pytest.mark.skip(reason=f"needs Python {wanted}")] if older else []
        if options.get("shim") == "loguru" and find_spec("loguru") is None:
            marks = [pytest.mark.skip(reason="needs loguru")]
        found.append(pytest.param(path, id=path.stem, marks=marks))
    return found


class Ran(NamedTuple):
    """Standard output (less what varies from run to run), the exit status, and whether a record was malformed."""

    out: str
    status: int
    malformed: bool
    how: str

    @property
    def says_something(self) -> bool:
        """Whether a comparison with another run would show that it was rewritten wrongly."""
        return bool(self.out) or (self.how == "doctest" and self.status == 0)


class Program:
    """A copy of a program in a folder of its own, with a handler that prints every record's message."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.options = OPTIONS.get(path.relative_to(PROGRAMS).as_posix(), {})
        self.folder = folder / "program"
        if path.is_dir():
            shutil.copytree(path, self.folder)
            self.target = self.folder / self.options.get("target", "main.py")
        else:
            self.folder.mkdir()
            self.target = self.folder / f"main{path.suffix}"
            self.target.write_bytes(path.read_bytes())
        self.handler = folder / "handler"
        self.handler.mkdir()
        (self.handler / "sitecustomize.py").write_text(SHIMS.get(self.options.get("shim"), HANDLER))
        self.bytes = self.target.read_bytes()

    def fix(self, *, unsafe: bool, **table: object) -> FixRun:
        run = write_changes(fix_files(self._files(), isolated(**table), unsafe=unsafe, allow_setup=True))
        assert not run.errors
        assert not run.warnings
        return run

    def _files(self) -> list[Path]:
        """All of the program, the target first; what is in it already, and no set-up module that a fix has added."""
        others = {path for path in self.folder.rglob("*.py*") if path.suffix in (".py", ".pyi")} - {self.target}
        return [self.target, *sorted(path for path in others if path.name != "logging_setup.py")]

    def run(self) -> Ran:
        how = self.options.get("run", "python main.py")
        words = how.replace("pytest", "python -m pytest -q -p no:cacheprovider").split()
        command = [sys.executable, *words[1:]] if words[0] == "python" else [sys.executable, "main.py"]
        if how == "doctest":
            command = [sys.executable, "-m", "doctest", "main.py"]
        environment = clean_environment(PYTHONPATH=str(self.handler), PYTHONWARNINGS="ignore")
        environment.update(pair.split("=", 1) for pair in self.options.get("env", "").split())
        text = self.options.get("stdin", "").encode().decode("unicode_escape").encode()
        done = subprocess.run(
            command, cwd=self.folder, env=environment, input=text, capture_output=True, timeout=60, check=False
        )
        out = done.stdout.decode("utf-8", "replace")
        if how.startswith("pytest"):
            out = "passed" if done.returncode == 0 else out
        return Ran(self._normal(out), done.returncode, b"Logging error" in done.stderr, how)

    def _normal(self, out: str) -> str:
        if self.options.get("norm") == "addr":
            out = re.sub(r"0x[0-9a-f]+", "ADDRESS", out)
        if self.options.get("norm") == "lineno":
            out = re.sub(r"line \d+", "line N", out)
        return out


@pytest.mark.parametrize("path", cases("safe"))
def test_a_safe_rewrite_prints_the_same(path: Path, tmp_path: Path) -> None:
    program = Program(path, tmp_path)
    before = program.run()
    assert before.says_something
    program.fix(unsafe=False)
    after = program.target.read_bytes()
    assert after != program.bytes
    compile(after, "main.py", "exec", dont_inherit=True)
    assert program.run() == before
    kept = program.options.get("keep", "").split(";;")
    assert [part for part in kept if part.encode() not in after] == []
    program.fix(unsafe=False)
    assert program.target.read_bytes() == after, "a second run changes it again"


@pytest.mark.parametrize("path", cases("unsafe"))
def test_an_unsafe_rewrite_waits_for_the_user(path: Path, tmp_path: Path) -> None:
    program = Program(path, tmp_path)
    before = program.run()
    assert before.says_something
    run = program.fix(unsafe=False)
    assert program.target.read_bytes() == program.bytes
    assert [item.fix.safety for item in run.left if item.fix is not None]
    assert program.run() == before
    program.fix(unsafe=True)
    assert program.target.read_bytes() != program.bytes
    wanted = program.options["after"]
    if wanted == "same":
        assert program.run() == before
    else:
        assert wanted != before.out, "it prints the same: `after` is `same`"
        assert program.run() == before._replace(out=wanted)


@pytest.mark.parametrize("path", cases("tidy"))
def test_a_tidied_program_prints_what_a_person_would_log(path: Path, tmp_path: Path) -> None:
    program = Program(path, tmp_path)
    before = program.run()
    program.fix(unsafe=False, tidy=True, detect_interface=False)
    after = program.target.read_bytes()
    wanted = program.options["after"]
    assert wanted != before.out
    assert program.run() == before._replace(out=wanted)
    kept = program.options.get("keep", "").split(";;")
    assert [part for part in kept if part.encode() not in after] == []
    program.fix(unsafe=False, tidy=True, detect_interface=False)
    assert program.target.read_bytes() == after, "a second run changes it again"


@pytest.mark.parametrize("path", cases("refused"))
@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_a_refused_program_stands_with_a_reason(path: Path, unsafe: bool, tmp_path: Path) -> None:
    program = Program(path, tmp_path)
    before = program.run()
    assert before.says_something
    run = program.fix(unsafe=unsafe)
    assert program.target.read_bytes() == program.bytes
    left = [item for item in run.left if Path(item.finding.path) == program.target]
    assert left
    assert all(item.refused for item in left)
    assert program.run() == before


@pytest.mark.parametrize("path", cases("ignored"))
def test_an_ignored_program_has_no_finding(path: Path, tmp_path: Path) -> None:
    program = Program(path, tmp_path)
    before = program.run()
    assert before.says_something or path.suffix == ".pyi"
    found = lint_bytes("main.py", program.bytes, Config(), program.target).findings
    assert [finding for finding in found if finding.code != "PRT900"] == []
    program.fix(unsafe=True)
    assert program.target.read_bytes() == program.bytes
    assert program.run() == before


@pytest.mark.parametrize("path", cases("unreadable"))
def test_an_unreadable_file_is_named_and_stays(path: Path, tmp_path: Path) -> None:
    program = Program(path, tmp_path)
    assert program.run().status == 1, "Python cannot read it either"
    run = program.fix(unsafe=True)
    assert program.target.read_bytes() == program.bytes
    assert [item.finding.code for item in run.left] == ["PRT900"]


KEYS = {"after", "env", "keep", "norm", "python", "run", "shim", "stdin", "target"}


def test_every_case_says_what_is_asserted() -> None:
    """A case that nothing looks at, or an option that nothing reads, is a promise that nobody holds."""
    kinds = {"safe", "tidy", "unsafe", "refused", "ignored", "unreadable"}
    assert {path.name for path in PROGRAMS.iterdir()} == {*kinds, "cases.toml"}
    found = {f"{kind}/{path.name}" for kind in kinds for path in (PROGRAMS / kind).iterdir()}
    assert set(OPTIONS) <= found
    assert {key for options in OPTIONS.values() for key in options} == KEYS
    changed = {name for name in found if name.startswith(("tidy/", "unsafe/"))}
    assert {name for name, options in OPTIONS.items() if "after" in options} == changed
