"""The Python API gives what the commands give."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from conftest import ROOT, Run, write_files

import printlint as package
from printlint import Project, check_source, fix_source
from printlint.api import ConfigError, NoSuchPath, Unreadable
from printlint.report.as_json import finding_object

NOISY = "def f(a):\n    print('it works', a)\n    return a\n"


def test_the_page_shows_what_comes_out(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    code, shown = re.search(r"## One source\n\n```python\n(.+?)```\n\n```text\n(.+?)```", page, re.DOTALL).groups()  # type: ignore[union-attr]
    with redirect_stdout(io.StringIO()) as output:
        exec(code, {})
    assert output.getvalue() == shown


def test_the_package_has_its_three_names_and_no_others() -> None:
    assert package.Project is Project
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        package.nothing  # noqa: B018


@pytest.mark.system
def test_importing_the_package_loads_nothing_else() -> None:
    code = "import sys; import printlint; print([name for name in sys.modules if name.startswith('printlint')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "['printlint']\n"


def test_a_source_has_the_findings_of_the_command(inside: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text(NOISY)
    shown = json.loads(inside("check", "--output-format", "json", path).stdout)["findings"]
    assert [finding_object(item) for item in check_source(NOISY, path)] == shown
    assert [finding_object(item) for item in Project(tmp_path).check()] == shown


def test_a_text_that_is_not_saved_counts(tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": '[tool.printlint]\nlogger-name = "log"\n', "x.py": ""})
    assert "log.info(" in fix_source(NOISY, tmp_path / "x.py").text
    assert (tmp_path / "x.py").read_text() == ""


@pytest.mark.parametrize("source", ["def f(:\n", "x = '\0'\n", b"x = '\xff'\n", b"# coding: nothing\n"])
def test_what_cannot_be_read_is_a_finding(source: str | bytes) -> None:
    (item,) = check_source(source)
    assert item.finding.code == "PRT900"
    if source == "def f(:\n":
        assert fix_source(source).text == source
    else:
        with pytest.raises(Unreadable):
            fix_source(source)


def test_text_is_text_whatever_encoding_it_declares() -> None:
    source = "# coding: latin-1\ndef f(a):\n    print('é', a)\n    return a\n"
    assert "logger.info('é %s', a)" in fix_source(source).text.replace('"', "'")


def test_unsafe_fixes_are_asked_for() -> None:
    source = "import sys\n\n\ndef f():\n    print('it fails', file=sys.stderr)\n"
    assert fix_source(source).text == source
    assert "print" not in fix_source(source, unsafe=True).text


def test_a_project_gives_files_and_writes_none(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/x.py": "async def f(a):\n    print('it works', a)\n",
        "app/y.txt": "print(1)\n",
    }
    write_files(tmp_path, {**files, "main.py": "import asyncio\nfrom app.x import f\n\nasyncio.run(f(1))\n"})
    project = Project(tmp_path)
    assert sorted(path.name for path in project.files()) == ["__init__.py", "main.py", "x.py"]
    fixed = project.fix()
    assert {path.name for path in fixed.files} == {"logging_setup.py", "main.py", "x.py"}
    assert b"await logger.info(" in fixed.files[tmp_path / "app" / "x.py"]
    assert "print" in (tmp_path / "app" / "x.py").read_text()
    assert not fixed.left
    assert not project.fix(setup=False).files.keys() - {tmp_path / "app" / "x.py"}
    assert project.check(["app"]) == project.check(["app/x.py"])


def test_options_are_checked(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="unknown key 'selct'; did you mean 'select'"):
        check_source(NOISY, selct=["PRT1"])
    with pytest.raises(ConfigError, match="unknown code"):
        Project(tmp_path, select=["PRX"])
    with pytest.raises(NoSuchPath):
        Project(tmp_path).check(["nothing"])
    assert check_source(NOISY, select=["PRT2"]) == ()
