"""Rewrites projects from PyPI and runs their own tests before and after.

    python tests/real_projects.py                      all of them (an hour or so; needs the network)
    python tests/real_projects.py aioftp nox           some of them
    python tests/real_projects.py --write              and renew the table in docs/real-projects.md

Each project's source distribution is installed in a virtual environment of its own. Its tests run as they are, after
`printlint fix`, and after `printlint fix --unsafe-fixes`, both on the package's code and not on its tests. The projects
are those of real_projects.toml. Exit status 1: a test fails that did not fail before, and that is not listed there as
one that asserts on captured output.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "real-projects.md"
MODES = {"default": [], "unsafe": ["--unsafe-fixes"]}
_LIMIT_S = 1200
_SUMMARY = r"(\d+) findings? fixed (?:in (\d+) files?|by the set-up module)"


@dataclass(frozen=True)
class Project:
    """A table of real_projects.toml."""

    name: str
    version: str
    code: list[str]
    tests: str
    needs: list[str] = field(default_factory=list)
    extras: list[str] = field(default_factory=list)
    captured: list[str] = field(default_factory=list)


def _projects() -> tuple[Project, ...]:
    document = tomllib.loads((ROOT / "tests" / "real_projects.toml").read_text(encoding="utf-8"))
    return tuple(Project(name, **table) for name, table in document.items())


@dataclass
class Outcome:
    """The tests of one run, by name."""

    passed: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)


class Workplace:
    """A project's source and its environment."""

    def __init__(self, project: Project, folder: Path) -> None:
        self.project = project
        self.folder = folder / project.name
        self.source = self.folder / "source"
        self.pristine = self.folder / "pristine"
        self.python = self.folder / "venv" / "bin" / "python"

    def prepare(self) -> None:
        """Download, unpack and install. Raises CalledProcessError."""
        if (self.folder / "ready").exists():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        venv.create(self.folder / "venv", with_pip=True)
        pip = [str(self.python), "-m", "pip"]
        release = f"{self.project.name}=={self.project.version}"
        _call([*pip, "download", "-q", "--no-deps", "--no-binary", self.project.name, "-d", str(self.folder), release])
        with tarfile.open(next(self.folder.glob("*.tar.gz"))) as archive:
            archive.extractall(self.folder / "unpacked", filter="data")
        next((self.folder / "unpacked").iterdir()).rename(self.pristine)
        shutil.copytree(self.pristine, self.source, symlinks=True)
        itself = f".[{','.join(self.project.extras)}]" if self.project.extras else "."
        _call([*pip, "install", "-q", "pytest", *self.project.needs, "-e", itself], cwd=self.source)
        (self.folder / "ready").touch()

    def reset(self) -> None:
        """Give the code its published text again; what the installation built beside it stays."""
        for name in self.project.code:
            for path in (
                (self.pristine / name).rglob("*.py") if (self.pristine / name).is_dir() else [self.pristine / name]
            ):
                target = self.source / path.relative_to(self.pristine)
                if target.read_bytes() != path.read_bytes():
                    shutil.copyfile(path, target)
        for path in self.source.rglob("logging_setup.py"):
            if not (self.pristine / path.relative_to(self.source)).exists():
                path.unlink()

    def fix(self, options: list[str]) -> str:
        """Rewrite the code. Returns the summary."""
        command = [sys.executable, "-m", "printlint", "fix", "--isolated", "--exit-zero", *options, *self.project.code]
        done = subprocess.run(command, cwd=self.source, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{self.project.name}: printlint fix exited {done.returncode}\n{done.stderr}")
        return next(line for line in done.stderr.splitlines() if re.match(_SUMMARY, line))

    def test(self) -> Outcome:
        """Run the tests."""
        report = self.folder / "report.xml"
        report.unlink(missing_ok=True)
        options = ["-q", "-o", "addopts=", "--continue-on-collection-errors", f"--junitxml={report}"]
        command = [str(self.python), "-m", "pytest", *options, *self.project.tests.split()]
        nothing = subprocess.DEVNULL
        try:
            subprocess.run(
                command, cwd=self.source, stdin=nothing, stdout=nothing, stderr=nothing, timeout=_LIMIT_S, check=False
            )
        except subprocess.TimeoutExpired:
            print(f"{self.project.name}: its tests took longer than {_LIMIT_S} s")
        return _read(report)


def _call(command: list[str], cwd: Path | None = None) -> None:
    subprocess.run(command, cwd=cwd, check=True)


def _read(report: Path) -> Outcome:
    outcome = Outcome()
    if not report.exists():
        return outcome
    for case in ET.parse(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        bad = case.find("failure") is not None or case.find("error") is not None
        (outcome.failed if bad else outcome.passed).add(name)
    return outcome


def examine(project: Project, folder: Path) -> tuple[list[str], bool]:
    """The rows of the table for a project, and whether all is well."""
    place = Workplace(project, folder)
    place.prepare()
    place.reset()
    before = place.test()
    if not before.passed:
        print(f"{project.name}: no test passes before any change")
        return [], False
    rows, well = [], True
    for mode, options in MODES.items():
        place.reset()
        summary = place.fix(options)
        after = place.test()
        worse = before.passed - after.passed
        if worse:  # chance and load make tests fail, too: what passes now or fails without the rewrite proves nothing
            worse -= place.test().passed
        if worse:
            place.reset()
            worse &= place.test().passed
        listed = {name for name in worse if any(re.search(pattern, name) for pattern in project.captured)}
        well = well and worse == listed
        for name in sorted(worse):
            print(f"{project.name} ({mode}): {'listed' if name in listed else 'NEW FAILURE'}: {name}")
        found = re.match(_SUMMARY, summary)
        assert found is not None
        rows.append(
            f"| {project.name} {project.version} | {mode} | {found[1]} in {found[2] or 0} | {len(before.passed)}"
            f" | {len(before.failed)} | {len(worse - listed)} | {len(listed)} |"
        )
        print(rows[-1], flush=True)
    place.reset()
    return rows, well


HEAD = """\
# Real projects, before and after

`python tests/real_projects.py --write` made this table: it installs source distributions from PyPI, runs their own
tests, rewrites the package's code (not its tests), and runs the tests again. Tests that fail already before the rewrite
(they want a network, a server or another system) are counted and prove nothing.

| project | fixes | rewritten | tests that pass before | that fail before | newly failing | of captured output |
|---|---|---|---|---|---|---|
"""


def main() -> None:
    """Examine the projects that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="projects; all by default")
    parser.add_argument("--write", action="store_true", help="renew the table in docs/")
    parser.add_argument("--folder", type=Path, default=Path.home() / ".cache" / "printlint-real-projects")
    arguments = parser.parse_args()
    chosen = [project for project in _projects() if not arguments.names or project.name in arguments.names]
    rows, well = [], True
    for project in chosen:
        try:
            more, good = examine(project, arguments.folder)
        except subprocess.CalledProcessError as error:
            print(f"{project.name}: could not be set up: {error}")
            more, good = [], False
        rows += more
        well = well and good
    if arguments.write:
        captured = "".join(
            f"- {project.name}: {', '.join(f'`{name}`' for name in project.captured)}\n"
            for project in chosen
            if project.captured
        )
        listed = f"\nTests that assert on captured output:\n\n{captured}" if captured else ""
        PAGE.write_text(HEAD + "".join(f"{row}\n" for row in rows) + listed, encoding="utf-8")
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
