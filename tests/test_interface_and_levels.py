"""Interface told from diagnostics, and levels with their reasons."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from printlint.config import Config
from printlint.finding import Finding
from printlint.linter import lint
from printlint.source import Source


def findings(text: str, name: str = "app/work.py", path: Path | None = None, **options: object) -> list[Finding]:
    clean = inspect.cleandoc(text) if text.startswith("\n") else text
    return list(lint(Source(name, clean), Config(**options), path).findings)  # type: ignore[arg-type]


def code_of(text: str, name: str = "app/work.py", **options: object) -> str:
    found = [finding.code for finding in findings(text, name, **options) if finding.code.startswith("PRT1")]
    assert len(set(found)) == 1, found
    return found[0]


INTERFACE = [
    'if __name__ == "__main__":\n    print("it works")',
    'if "__main__" == __name__ and x:\n    print("it works")',
    'def main():\n    print("it works")\nif __name__ == "__main__":\n    main()',
    'import argparse\ndef run(options):\n    print("it works")',
    'def main():\n    step()\ndef step():\n    detail()\ndef detail():\n    print("it works")\n'
    'if __name__ == "__main__":\n    main()',
    'from ._util import OptionParser\ndef run():\n    print("it works")',
    'import click\n@click.command()\ndef run():\n    print("it works")',
    'import typer\napp = typer.Typer()\n@app.command()\ndef run():\n    print("it works")',
    'def ask():\n    print("your name?")\n    return input()',
    'print("your name?")\nname = input()',
    'import sys\nprint("your name?")\nname = sys.stdin.readline()',
    "import json\nprint(json.dumps(answer))",
    'import argparse\ndef f(debug):\n    if not debug:\n        print("it works")',
    'import argparse\ndef f(traceback):\n    if traceback:\n        print("it works")',
    'def show_table(rows):\n    print("it works")',
    'def usage():\n    print("it works")',
    'def f(verbose):\n    if verbose:\n        print("it works")',
    'def f(quiet):\n    if not quiet:\n        print("it works")',
    'class ProgressBar:\n    def step(self):\n        print("it works")',
    "from django.core.management.base import BaseCommand\nclass Command(BaseCommand):\n"
    '    def handle(self):\n        print("it works")',
]

DIAGNOSTIC = [
    'print("it works")',
    'def work():\n    print("it works")',
    "import json\nprint('answer', json.dumps(answer))",
    'if __name__ == "app":\n    print("it works")',
    'if __name__ == "__main__":\n    main()\nelse:\n    print("it works")',
    'def work():\n    print("it works")\nif __name__ == "__main__":\n    main()',
    'def main():\n    step()\ndef step():\n    print("it works")\ndef other():\n    step()\n'
    'if __name__ == "__main__":\n    main()',
    'import argparse\ndef f(debug):\n    if debug:\n        print("it works")',
    'def f(show_errors):\n    if show_errors:\n        print("it works")',
    "async def handler(request):\n    print('it works')",
]


@pytest.mark.parametrize("text", INTERFACE)
def test_the_programs_own_output_is_prt106(text: str) -> None:
    assert code_of(text) == "PRT106"


@pytest.mark.parametrize("text", DIAGNOSTIC)
def test_diagnostics_are_prt101(text: str) -> None:
    assert code_of(text) == "PRT101"


@pytest.mark.parametrize("name", ["app/__main__.py", "app/cli.py", "scripts/run.py", "app/management/commands/x.py"])
def test_files_of_the_command_line_are_interface(name: str) -> None:
    assert code_of('print("it works")', name) == "PRT106"


def test_the_configuration_decides_first() -> None:
    assert code_of('print("it works")', "app/report.py", interface=("app/report.py",)) == "PRT106"
    assert code_of(INTERFACE[0], detect_interface=False) == "PRT101"


def test_console_scripts_of_the_project_are_interface(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project.scripts]\ntool = "work:start"\n')
    (tmp_path / "work.py").write_text("")
    (found,) = findings('def start():\n    print("it works")', path=tmp_path / "work.py")
    assert found.code == "PRT106"
    assert "console script" in found.message


def level_of(text: str, **options: object) -> str:
    (found,) = [item for item in findings(text, **options) if item.code.startswith("PRT1")]
    assert found.level is not None
    assert found.level.why
    return found.level.method


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ('print("it works")', "info"),
        ('print("Connecting")', "info"),
        ('print("WARNING: low")', "warning"),
        ('print(f"warning, {x} is low")', "warning"),
        ('print("Achtung: Warnung vor", x)', "warning"),
        ('print("Error: no such host")', "error"),
        ('print("ValueError was raised")', "error"),
        ('print("no errors of mirrors")', "error"),
        ('print("the terrorist mirror")', "info"),
        ('print("fatal: no disk")', "critical"),
        ('print("could not open it")', "warning"),
        ('print("%s failed" % x)', "warning"),
        ('print("connection to {} lost".format(x))', "warning"),
        ('print("DEBUG: x is", x)', "debug"),
        ("print(x)", "debug"),
        ("print(x, y)", "debug"),
        ('print("x =", x)', "debug"),
        ('print("here")', "debug"),
        ('print("-" * 40)', "debug"),
        ("print(error)", "error"),
        ('def f(debug):\n    if debug:\n        print("it works")', "debug"),
        ('import sys\nprint("it works")\nsys.exit(1)', "critical"),
        ('import sys\ndef f():\n    print("it works")\n    sys.exit(1)', "error"),
        ('import sys\ndef f():\n    print("it works")\n    sys.exit(0)', "info"),
        ('def f():\n    print("it works")\n    raise ValueError', "error"),
        ('import sys\nprint("it works", file=sys.stderr)', "warning"),
        ('try:\n    f()\nexcept ValueError:\n    print("trying another way")', "warning"),
        ('try:\n    f()\nexcept ValueError as e:\n    print("no luck here", e)', "error"),
        ('try:\n    f()\nexcept ValueError:\n    print("no luck here")\n    raise', "critical"),
        ('def g():\n    try:\n        f()\n    except E:\n        print("no luck here")\n        raise', "error"),
        ('try:\n    import x\nexcept ImportError:\n    print("install x please")', "error"),
        ('try:\n    f()\nexcept KeyboardInterrupt:\n    print("it was stopped")', "info"),
        ("import traceback\ntraceback.print_exc()", "error"),
    ],
)
def test_the_level_has_a_reason(text: str, level: str) -> None:
    assert level_of(text) == level


def test_levels_of_the_configuration_come_first() -> None:
    assert level_of('print("Error: no such host")', levels={"no such host": "info"}) == "info"
