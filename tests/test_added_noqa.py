"""`check --add-noqa` comments where flake8 looks; `--show-settings` tells what applies, `--fix` is `fix`."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from conftest import Run, clean_environment, write_files

pytestmark = pytest.mark.inside

SOURCES = {
    "a line": ("def f():\n    print('x')\n", "def f():\n    print('x')  # noqa: PRT101\n"),
    "two codes": (
        "import logging\n\n\nasync def f():\n    logging.info('x')\n",
        "import logging\n\n\nasync def f():\n    logging.info('x')  # noqa: PRT201, PRT401\n",
    ),
    "a comment": ("def f():\n    print('x')  # why\n", "def f():\n    print('x')  # why  # noqa: PRT101\n"),
    "other codes": ("def f():\n    print('x')  # noqa: E501\n", "def f():\n    print('x')  # noqa: E501, PRT101\n"),
    "codes and words": (
        "def f():\n    print('x')  # noqa: E501 as it is\n",
        "def f():\n    print('x')  # noqa: E501, PRT101 as it is\n",
    ),
    "several lines": (
        "def f(a):\n    print(\n        'x',\n        a,\n    )\n",
        "def f(a):\n    print(  # noqa: PRT101\n        'x',\n        a,\n    )\n",
    ),
    "a string of several lines": (
        'def f():\n    print("""x\n    y""")\n',
        'def f():\n    print("""x\n    y""")  # noqa: PRT101\n',
    ),
    "joined lines": (
        "def f(a):\n    a = a + \\\n        print('x')\n    return a\n",
        "def f(a):\n    a = a + \\\n        print('x')  # noqa: PRT101\n    return a\n",
    ),
    "carriage returns": ("def f():\r\n    print('x')\r\n", "def f():\r\n    print('x')  # noqa: PRT101\r\n"),
    "no line feed": ("def f():\n    print('x')", "def f():\n    print('x')  # noqa: PRT101"),
    "a form feed": ("\x0cdef f():\n    print('x')\n", "\x0cdef f():\n    print('x')  # noqa: PRT101\n"),
}


@pytest.mark.parametrize(("source", "commented"), SOURCES.values(), ids=SOURCES)
def test_a_comment_is_where_flake8_looks_for_it(printlint: Run, tmp_path: Path, source: str, commented: str) -> None:
    path = tmp_path / "x.py"
    path.write_bytes(source.encode())
    assert printlint("check", "--add-noqa").stderr.endswith("1 comment added in 1 file\n")
    assert path.read_bytes().decode() == commented
    assert printlint("check", "--no-cache").returncode == 0
    again = printlint("check", "--add-noqa")
    assert (again.stderr, path.read_bytes().decode()) == ("0 comments added in 0 files\n", commented)


@pytest.mark.system
def test_flake8_agrees(printlint: Run, tmp_path: Path) -> None:
    for number, (source, _) in enumerate(SOURCES.values()):
        (tmp_path / f"x{number}.py").write_bytes(source.encode())
    printlint("check", "--add-noqa")
    command = [sys.executable, "-m", "flake8", "--isolated", "--select", "PRT", "."]
    done = subprocess.run(command, cwd=tmp_path, env=clean_environment(), capture_output=True, text=True, check=False)
    assert done.stdout == ""


def test_the_tree_stays_and_what_is_not_python_too(printlint: Run, tmp_path: Path) -> None:
    text = "def f(a):\n    print('x', a)\n    return f'''{print('y')}\n    {a}'''\n"
    write_files(tmp_path, {"x.py": text, "broken.py": "def f(:\n"})
    printlint("check", "--add-noqa")
    assert ast.dump(ast.parse((tmp_path / "x.py").read_text())) == ast.dump(ast.parse(text))
    assert (tmp_path / "broken.py").read_text() == "def f(:\n"


def test_notes_get_no_comment(printlint: Run, tmp_path: Path) -> None:
    (tmp_path / "cli.py").write_text("if __name__ == '__main__':\n    print('done')\n")
    assert "0 comments added" in printlint("check", "--add-noqa").stderr


@pytest.mark.parametrize(
    "options",
    [["--add-noqa", "-"], ["--add-noqa", "--write-baseline"], ["--fix", "--add-noqa"], ["--fix", "--show-settings"]],
)
def test_what_cannot_be_combined_writes_nothing(printlint: Run, tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "x.py").write_text("def f():\n    print('x')\n")
    done = printlint("check", *options)
    assert ("cannot be combined" in done.stderr, done.returncode) == (True, 2)
    assert (tmp_path / "x.py").read_text() == "def f():\n    print('x')\n"


def test_check_can_fix(printlint: Run, tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("def f():\n    print('half', end='')\n\n\ndef g():\n    print('it works')\n")
    done = printlint("check", "--fix", "--exit-zero")
    assert "logger.info('it works')" in (tmp_path / "x.py").read_text()
    assert done.stdout.startswith("x.py:")
    assert "1 finding fixed in 1 file, 1 left" in done.stderr


def test_settings_are_shown_by_the_files_that_have_them(printlint: Run, tmp_path: Path) -> None:
    table = '[tool.printlint]\nignore = ["PRT4"]\nlevels = {"^a\\"b" = "error"}\n'
    write_files(tmp_path, {"pyproject.toml": table, "a/x.py": "", "a/y.py": ""})
    write_files(tmp_path / "b", {"pyproject.toml": '[tool.printlint]\nselect = ["PRT101"]\n', "x.py": ""})
    done = printlint("check", "--show-settings")
    first, second = done.stdout.split("\n\n")
    assert first.startswith(f"# a/x.py and 1 more file: by {tmp_path / 'pyproject.toml'}\n")
    assert (tomllib.loads(first)["ignore"], tomllib.loads(first)["levels"]) == (["PRT4"], {'^a"b': "error"})
    assert "PRT401" not in first
    assert tomllib.loads(second)["select"] == ["PRT101"]
    assert second.endswith("# rules that run: PRT101\n")
    assert printlint("check", "--show-settings", "--isolated", "a").stdout.startswith(
        "# a/x.py and 1 more file: no conf"
    )
