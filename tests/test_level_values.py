"""The level that an expression gives if nobody asks for another."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from conftest import write_files
from test_origins import printed

from printlint.facts.log_setup.level_values import LevelValues
from printlint.facts.project.project import Project
from printlint.names.layout import layout_of

HEAD = "import argparse\nimport logging\nimport os\n"


def highest(program: str, project: Project | None = None) -> int | None:
    module, node = printed(HEAD + program)
    return LevelValues(module, project or Project()).highest(node)


@pytest.mark.parametrize(
    ("expression", "level"),
    [
        ("40", 40),
        ("True", None),
        ("logging.WARNING", 30),
        ("logging.WARN", 30),
        ("logging.FATAL", 50),
        ("logging.NOTSET", 0),
        ("logging.nothing", None),
        ("'warning'", 30),
        ("' Error '", 40),
        ("'15'", 15),
        ("'loud'", None),
        ("int('40')", 40),
        ("str(40)", 40),
        ("float(40)", None),
        ("logging.getLevelName('ERROR')", 40),
        ("os.environ.get('LEVEL', 'ERROR')", 40),
        ("os.environ.get('LEVEL')", None),
        ("os.getenv('LEVEL', 'error').upper()", 40),
        ("os.environ['LEVEL']", None),
        ("os.environ.get('LEVEL') or 'ERROR'", 40),
        ("getattr(logging, os.environ.get('LEVEL', 'ERROR'))", 40),
        ("getattr(logging, args.level.upper(), 20)", 20),
        ("logging.WARNING - 10 * 2", 10),
        ("logging.WARNING - 10 * args.verbose", 30),
        ("logging.INFO + 5", 25),
        ("10 * 4", 40),
        ("10 // 4", None),
        ("max(10, logging.ERROR)", 40),
        ("min(10, logging.ERROR)", 10),
        ("min(args.level, logging.ERROR)", 40),
        ("max(args.level)", None),
        ("logging.DEBUG if args.verbose else logging.ERROR", 40),
        ("{'quiet': 40, 'loud': 10}['loud']", 10),
        ("{'quiet': 40, 'loud': 10}[name]", None),
        ("{'quiet': 40}.get('quiet', 10)", 40),
        ("{'quiet': 40}.get(name, 10)", 10),
        ("{'quiet': 40, 'loud': 10}[os.environ.get('MODE', 'quiet')]", 40),
        ("[40, 20, 10][args.verbose]", 40),
        ("()[args.verbose]", None),
        ("logging._nameToLevel['ERROR']", 40),
        ("logging.getLevelNamesMapping()['ERROR']", 40),
        ("settings.get('level')", None),
        ("settings.get('level', 'ERROR')", 40),
        ("env('LEVEL', default='ERROR')", 40),
        ("env('ERROR')", 40),
        ("ask('LEVEL', default='ERROR')", None),
        ("Level.ERROR.value", None),
        ("'error'.upper().strip()", 40),
        ("'error'.title()", None),
    ],
)
def test_an_expression_gives_a_level(expression: str, level: int | None) -> None:
    assert highest(f"print({expression})\n") == level


@pytest.mark.parametrize(
    ("program", "level"),
    [
        ("LEVEL = 'ERROR'\nprint(LEVEL)\n", 40),
        ("LEVEL = 'ERROR'\nLEVEL = 'INFO'\nprint(LEVEL)\n", 20),
        ("class Settings:\n    level = 'ERROR'\nprint(Settings.level)\n", 40),
        ("class Settings:\n    level = 'ERROR'\ns = Settings()\nprint(s.level)\n", 40),
        ("class Settings:\n    other = 'ERROR'\ns = Settings()\nprint(s.level)\n", None),
        ("def f(level):\n    print(level)\n", None),
        ("def f(level='ERROR'):\n    print(level)\n", 40),
        ("def f(level='INFO'):\n    print(level)\nf('ERROR')\n", 40),
        ("def f(level=None):\n    if level is None:\n        level = 'ERROR'\n    print(level)\n", 40),
        ("def f(level, verbose):\n    if verbose is False:\n        level = 'ERROR'\n    print(level)\n", None),
        ("def f(level, verbose):\n    level = 'ERROR'\n    print(level)\n", 40),
        ("p = argparse.ArgumentParser()\np.add_argument('--log-level', default='ERROR')\nprint(args.log_level)\n", 40),
        ("p = argparse.ArgumentParser()\np.add_argument('--log-level')\nprint(args.log_level)\n", None),
        ("p = argparse.ArgumentParser()\np.add_argument('-l', dest='level', default='ERROR')\nprint(args.level)\n", 40),
        ("p = argparse.ArgumentParser()\np.add_argument('--level', default='ERROR')\nprint(args.other)\n", None),
        ("p = argparse.ArgumentParser()\np.add_argument('--level', default='ERROR')\n"
         "def f(level):\n    print(level)\n", 40),
        ("p = argparse.ArgumentParser()\np.add_argument('--mode', default='quiet')\n"
         "print({'quiet': 40, 'loud': 10}[args.mode])\n", 40),
        ("from pydantic import Field\nclass S:\n    level: str = Field('ERROR', env='LEVEL')\nprint(S().level)\n", 40),
        ("x = x.next\nprint(x)\n", None),
    ],
)  # fmt: skip
def test_a_level_is_followed_within_a_file(program: str, level: int | None) -> None:
    assert highest(program) == level


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("import conf\nprint(conf.LEVEL)", 40),
        ("from conf import LEVEL\nprint(LEVEL)", 40),
        ("from conf import Settings\nprint(Settings.level)", 30),
        ("from conf import settings\nprint(settings.level)", 30),
        ("import conf\nprint(conf.args.verbosity)", 10),
        ("import conf\nprint(conf.NOTHING)", None),
        ("import other\nprint(other.LEVEL)", None),
    ],
)
def test_a_level_is_followed_into_other_files(line: str, level: int | None, tmp_path: Path) -> None:
    conf = (
        "LEVEL = 'ERROR'\nclass Settings:\n    level = 'WARNING'\nsettings = Settings()\n"
        "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--verbosity', default=10)\n"
        "args = parser.parse_args()\n"
    )
    write_files(tmp_path, {"conf.py": conf, "main.py": f"{line}\n"})
    layout = layout_of(tmp_path / "main.py")
    module, node = printed(f"{line}\n")
    module.layout = layout
    assert LevelValues(module, Project.of(layout)).highest(node) == level


@pytest.mark.parametrize("name", ["debug", "info", "warning", "warn", "error", "critical", "fatal", "notset"])
def test_a_name_has_the_number_that_logging_gives_it(name: str) -> None:
    assert highest(f"print({name!r})\n") == logging.getLevelName(name.upper())
