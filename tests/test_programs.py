"""The programs of a repository: where they start, of which kind they are, which files they run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import Run as Command
from conftest import write_files

from printlint.facts.programs.model import Model, Program
from printlint.facts.reach.programs import Programs as Placed
from printlint.names.layout import layout_of
from printlint.run import Run

pytestmark = pytest.mark.system  # nothing here depends on the Python

GUARD = 'if __name__ == "__main__":\n    '
SETTINGS = "INSTALLED_APPS = ['shop']\n"


def model(root: Path, files: Mapping[str, str]) -> Model:
    (root / ".git").mkdir(exist_ok=True)
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with Run():
        found = Model.of(layout_of(root / "x.py"))
        assert found.programs is not None
        return found


def programs(root: Path, files: Mapping[str, str]) -> dict[str, Program]:
    return {program.name: program for program in model(root, files).programs}


KINDS = {
    # services
    "flask": ("service", {"app.py": f"import flask\napp = flask.Flask(__name__)\n{GUARD}app.run()\n"}),
    "fastapi without a command": ("service", {"app.py": "from fastapi import FastAPI\napp = FastAPI()\n"}),
    "uvicorn in a Dockerfile": ("service", {"app.py": "from own import app\n", "Dockerfile": "CMD uvicorn app:app\n"}),
    "celery in a Procfile": ("service", {"app.py": "from own import app\n", "Procfile": "w: celery -A app worker\n"}),
    "telebot": (
        "service",
        {"app.py": "from own import bot\nbot.run('x')\n", "own.py": "import telebot\nbot = telebot.TeleBot('x')\n"},
    ),
    "discord": ("service", {"app.py": "import discord\nclient = discord.Client()\nclient.run('x')\n"}),
    "a subclass of a bot": (
        "service",
        {
            "app.py": "from discord.ext import commands\nclass Bot(commands.Bot):\n    x = 1\n\ndef main():\n"
            f"    bot = Bot()\n    bot.run('x')\n{GUARD}main()\n"
        },
    ),
    "a bot that another file makes": (
        "service",
        {"app.py": "from own import bot\nbot.run('x')\n", "own.py": "import disnake\nbot = disnake.Client()\n"},
    ),
    "telegram": (
        "service",
        {"app.py": f"from telegram.ext import Application\n{GUARD}Application.builder().build().run_polling()\n"},
    ),
    "a consumer": ("service", {"app.py": "import pika\nchannel = pika.connect()\nchannel.start_consuming()\n"}),
    "a scheduler": (
        "service",
        {"app.py": "from apscheduler.schedulers.blocking import BlockingScheduler as S\ns = S()\ns.start()\n"},
    ),
    "an endless loop": ("service", {"app.py": f"import time\n{GUARD}while True:\n        time.sleep(1)\n"}),
    "an endless coroutine": (
        "service",
        {
            "app.py": "import asyncio\nasync def main():\n    while True:\n        await asyncio.sleep(1)\n"
            f"{GUARD}asyncio.run(main())\n"
        },
    ),
    "a loop until a signal": (
        "service",
        {"app.py": "import threading\nstop = threading.Event()\nwhile not stop.is_set():\n    stop.wait(5)\n"},
    ),
    "a server in another file": (
        "service",
        {
            "app.py": f"from core.server import start\n{GUARD}start()\n",
            "core/__init__.py": "",
            "core/server.py": "import waitress\ndef start():\n    waitress.serve(None)\n",
        },
    ),
    "an installed service": (
        "service",
        {
            "pyproject.toml": '[project]\nname = "x"\n[project.scripts]\nx = "app:main"\n',
            "app.py": "import argparse, time\ndef main():\n    argparse.ArgumentParser().parse_args()\n"
            "    while True:\n        time.sleep(1)\n",
        },
    ),
    "a bot that starts itself": (
        "service",
        {
            "app.py": f"import argparse\nfrom own import Bot\n{GUARD}argparse.ArgumentParser()\n    Bot().go()\n",
            "own.py": "import discord\nclass Bot(discord.Client):\n    async def go(self): await self.start('x')\n",
        },
    ),
    "an application that another file's class is": (
        "service",
        {
            "app.py": f"from own import App\napp = App()\n{GUARD}app.run()\n",
            "own.py": "import flask\nclass App(flask.Flask): ...\n",
        },
    ),
    "a Django project": (
        "service",
        {
            "manage.py": f"from django.core.management import execute_from_command_line as e\n{GUARD}e(['x'])\n",
            "conf/settings.py": SETTINGS,
            "Dockerfile": "ENV DJANGO_SETTINGS_MODULE=conf.settings\n",
            "shop/__init__.py": "",
            "app.py": "import conf.settings\nfrom django.core.wsgi import get_wsgi_application\n"
            "application = get_wsgi_application()\n",
        },
    ),
    # and what looks like services
    "a tool that polls somewhere": (
        "command line tool",
        {
            "app.py": f"import argparse\nfrom own import a\n{GUARD}argparse.ArgumentParser()\n    a()\n",
            "own.py": "def a(): b()\ndef b(): c()\ndef c(): d()\ndef d():\n    while True:\n        pass\n",
        },
    ),
    "a dialogue": ("script", {"app.py": f"{GUARD}while True:\n        x = input()\n"}),
    "reading in pieces": (
        "script",
        {"app.py": f"f = open('x')\n{GUARD}while True:\n        x = f.read(9)\n        if not x:\n            break\n"},
    ),
    "a second attempt": (
        "script",
        {
            "app.py": "import time\ndef get():\n    while True:\n        try:\n            return 1\n"
            f"        except OSError:\n            time.sleep(1)\n{GUARD}get()\n"
        },
    ),
    "an endless loop that nothing calls": (
        "script",
        {"app.py": f"def forever():\n    while True:\n        pass\n{GUARD}print(1)\n"},
    ),
    "a generator": (
        "script",
        {"app.py": f"def count():\n    while True:\n        yield 1\n{GUARD}print(next(count()))\n"},
    ),
    "a coroutine that ends": (
        "script",
        {"app.py": f"import asyncio\nasync def main():\n    await asyncio.sleep(1)\n{GUARD}asyncio.run(main())\n"},
    ),
    "another run": ("script", {"app.py": "import subprocess\nsubprocess.run(['ls'])\n"}),
    # command line tools
    "argparse": ("command line tool", {"app.py": f"import argparse\n{GUARD}argparse.ArgumentParser().parse_args()\n"}),
    "click": ("command line tool", {"app.py": f"import click\n@click.command()\ndef main(): ...\n{GUARD}main()\n"}),
    "a console script": (
        "command line tool",
        {
            "pyproject.toml": '[project]\nname = "x"\n[project.scripts]\nx = "app:main"\n',
            "app.py": "def main():\n    print(1)\n",
        },
    ),
    "a helper whose class has a thread": (
        "script",
        {
            "app.py": "import own, subprocess\nsubprocess.run(['x'])\nown.helper()\n",
            "own.py": "class T:\n    def run(self):\n        while True: pass\nclass U(T): ...\ndef helper(): ...\n",
        },
    ),
    "a script beside a service": (
        "script",
        {
            "app.py": "import own\nown.helper()\n",
            "own.py": "from more import loop\nHANDLERS = [loop]\ndef helper(): ...\n",
            "more.py": "def loop():\n    while True: pass\n",
        },
    ),
    "a tool whose package reads the arguments": (
        "command line tool",
        {
            "app.py": f"import own\n{GUARD}own.read()\n",
            "own/__init__.py": "from own.arguments import *\n",
            "own/arguments.py": "import typer\ndef read():\n    typer.run(print)\n",
        },
    ),
    "a tool with a command that serves": (
        "command line tool",
        {
            "app.py": "import click, uvicorn\n@click.group()\ndef main(): ...\n@main.command()\ndef serve():\n"
            f"    uvicorn.run('x:y')\n{GUARD}main()\n",
        },
    ),
    # scripts
    "training": (
        "script",
        {"app.py": f"import argparse, torch\n{GUARD}argparse.ArgumentParser()\n    torch.sum().backward()\n"},
    ),
    "a plain script": ("script", {"app.py": "for x in range(3):\n    print(x)\n"}),
    # notebooks
    "a notebook": ("notebook", {"app.py": "# In[1]:\n\nprint(1)\n"}),
    # plug-ins
    "a DAG": ("plug-in", {"app.py": "from airflow import DAG\nwith DAG('x') as dag:\n    pass\n"}),
    "a decorated DAG": ("plug-in", {"app.py": "from airflow.decorators import dag\n@dag\ndef x(): ...\nx()\n"}),
    "a Lambda handler": ("plug-in", {"app.py": "def lambda_handler(event, context):\n    return 1\n"}),
    "an integration of Home Assistant": (
        "plug-in",
        {
            "custom_components/x/__init__.py": "import homeassistant, app\n",
            "custom_components/x/manifest.json": '{"domain": "x"}',
            "app.py": "",
        },
    ),
    "Alembic's migrations": (
        "plug-in",
        {"app.py": "", "env.py": "import app\nfrom alembic import context\n"},
    ),
    "a spider": ("plug-in", {"app.py": "import scrapy\nclass S(scrapy.Spider): ...\n"}),
    "a Django application": (
        "plug-in",
        {"x/apps.py": "import app\nfrom django.apps import AppConfig\nclass X(AppConfig): ...\n", "app.py": ""},
    ),
    "a pytest plug-in": (
        "plug-in",
        {
            "pyproject.toml": '[project]\nname = "x"\n[project.entry-points.pytest11]\nx = "app"\n',
            "app.py": "def pytest_configure(config): ...\n",
        },
    ),
    # libraries
    "a module": ("library", {"app.py": "def f():\n    while True:\n        pass\n"}),
    "a function that takes an event": ("library", {"app.py": "def on_click(event, context):\n    return 1\n"}),
    "a package with a manifest": ("library", {"x/__init__.py": "import app", "x/manifest.json": "{}", "app.py": ""}),
    "a spider of one's own": ("library", {"app.py": "class Spider: ...\nclass Black(Spider): ...\n"}),
    "an `apps.py` without Django": ("library", {"apps.py": "import app\nAPPS = []\n", "app.py": ""}),
    "a helper for DAGs": ("library", {"app.py": "from airflow.models import BaseOperator\ndef f(dag): ...\n"}),
}


@pytest.mark.parametrize("name", KINDS)
def test_the_kind_of_a_program_comes_from_what_its_start_reaches(name: str, tmp_path: Path) -> None:
    kind, files = KINDS[name]
    found = programs(tmp_path, files)
    program = next(program for program in found.values() if str(tmp_path / "app.py") in program.files)
    assert program.kind.value == kind, program.why


def test_a_program_runs_what_it_imports_and_no_other_programs_files(tmp_path: Path) -> None:
    files = {
        "one.py": f"import shared\n{GUARD}print(1)\n",
        "two.py": f"import shared, more\n{GUARD}print(1)\n",
        "shared.py": "",
        "more.py": "",
        "test_one.py": "import one\n",
    }
    found = programs(tmp_path, files)
    shown = {name: sorted(Path(file).name for file in program.files) for name, program in found.items()}
    assert shown == {"one.py": ["one.py", "shared.py"], "two.py": ["more.py", "shared.py", "two.py"]}


def test_a_guard_in_a_file_that_two_programs_run_does_not_make_them_one(tmp_path: Path) -> None:
    files = {
        "one.py": f"import shared\n{GUARD}print(1)\n",
        "two.py": f"import shared, more\n{GUARD}print(1)\n",
        "shared.py": f"x = 1\n{GUARD}print(x)\n",
        "more.py": "x = 1\n",
    }
    found = programs(tmp_path, files)
    assert {name: len(program.starts) for name, program in found.items()} == {"one.py": 1, "two.py": 2}


@pytest.mark.parametrize(
    ("more", "adopted"),
    [
        ({}, True),
        ({"setup.py": "from setuptools import setup\nsetup()\n"}, False),  # other distributions may import it
        ({"setup.py": "from setuptools import setup\nsetup()\n", "Procfile": "web: python app.py\n"}, True),
    ],
)
def test_what_nothing_imports_belongs_to_its_packages_program_or_to_a_library(
    tmp_path: Path, more: dict[str, str], *, adopted: bool
) -> None:
    files = {
        "app.py": f"import pkg.a\n{GUARD}pkg.a.run()\n",
        "pkg/__init__.py": "",
        "pkg/a.py": "def run(): ...\n",
        "pkg/b.py": "def other(): ...\n",
    }
    program = programs(tmp_path, files | more)["app.py"]
    assert (str(tmp_path / "pkg/b.py") in program.files) is adopted


def test_a_file_counts_for_the_programs_that_run_it(tmp_path: Path) -> None:
    files = {
        "one.py": f"import shared\n{GUARD}print(1)\n",
        "two.py": f"import shared\n{GUARD}print(1)\n",
        "shared.py": "",
    }
    found = model(tmp_path, files)
    one, two, shared = (str(tmp_path / name) for name in ("one.py", "two.py", "shared.py"))
    assert (found.together(one, shared), found.together(two, shared), found.together(one, two)) == (True, True, False)
    assert [program.name for program in found.containing(shared)] == ["one.py", "two.py"]


CONFIGURED = {
    "basicConfig": ("import logging\nlogging.basicConfig()\nprint(1)\n", [("logging.basicConfig", 2)]),
    "in a function that is called": (
        f"import logging\ndef set_up():\n    logging.basicConfig()\n{GUARD}set_up()\n",
        [("logging.basicConfig", 3)],
    ),
    "in a function that is not": (f"import logging\ndef set_up():\n    logging.basicConfig()\n{GUARD}print(1)\n", []),
    "a handler": (
        "import logging, sys\nlogging.getLogger().addHandler(logging.StreamHandler())\nprint(1)\n",
        [("logging.getLogger().addHandler", 2)],
    ),
    "a null handler": ("import logging\nlogging.getLogger('x').addHandler(logging.NullHandler())\nprint(1)\n", []),
    "discord's run": (
        "import discord\nclient = discord.Client()\nclient.run('x')\n",
        [("discord.Client().run", 3)],
    ),
    "discord's start": ("import discord\nclient = discord.Client()\nclient.start('x')\n", []),
    "Airflow": ("from airflow import DAG\nwith DAG('x'):\n    pass\n", [("Airflow", 0)]),
}


@pytest.mark.parametrize("name", CONFIGURED)
def test_what_configures_logging_is_what_the_program_reaches(name: str, tmp_path: Path) -> None:
    text, expected = CONFIGURED[name]
    (program,) = programs(tmp_path, {"app.py": text}).values()
    assert [(one.what, one.line) for one in program.configured] == expected


def test_programs_lists_them_as_text_and_as_json(printlint: Command, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "bot.py").write_text(
        f"import logging\nimport discord\nlogging.basicConfig()\nclient = discord.Client()\n{GUARD}client.run('x')\n"
    )
    text = printlint("programs", cwd=tmp_path)
    assert (text.returncode, text.stdout.splitlines()) == (
        0,
        [
            "bot.py: service",
            "  why:      `discord.Client().run` in bot.py:6 runs a bot",
            '  starts:   bot.py:6 (its `if __name__ == "__main__":`)',
            "  roots:    .",
            "  files:    1",
            "  logging:  logging.basicConfig (bot.py:3)",
            "  heard:    error of `__main__` by `basicConfig` handler of the root logger (bot.py:3)",
            f"  lost:     info of `__main__`: {LOST}",
        ],
    )
    (program,) = json.loads(printlint("programs", "--output-format", "json", cwd=tmp_path).stdout)["programs"]
    assert program == {
        "name": "bot.py",
        "kind": "service",
        "why": "`discord.Client().run` in bot.py:6 runs a bot",
        "host": None,
        "starts": [{"path": "bot.py", "line": 6, "reason": 'its `if __name__ == "__main__":`'}],
        "roots": ["."],
        "files": ["bot.py"],
        "logging": {
            "configured_by": [{"what": "logging.basicConfig", "path": "bot.py", "line": 3}],
            "setup_module": None,
            "records": [
                {"levels": ["info"], "loggers": ["__main__"], "handlers": [HANDLER], "lost": LOST, "doubled": None},
                {"levels": ["error"], "loggers": ["__main__"], "handlers": [HANDLER], "lost": None, "doubled": None},
            ],
        },
    }


LOST = "the root logger has no level, so records below WARNING are dropped (bot.py:3)"
HANDLER = {
    "handler": "`basicConfig` handler",
    "logger": "",
    "does": "writes it",
    "path": "bot.py",
    "line": 3,
    "host": None,
}
TWICE = "import logging\nlogging.getLogger().addHandler(logging.StreamHandler())\nlog = logging.getLogger('app')\n"
HEARD = {
    "nothing": ("print(1)\n", ["error of `__main__` by `logging.lastResort`", "info of `__main__`: the root logger"]),
    "Airflow's": (
        "from airflow import DAG\nwith DAG('x'):\n    pass\n",
        ["info and error of `app` by `FileTaskHandler`"],
    ),
    "uvicorn leaves the root alone": (
        "import uvicorn, fastapi\napp = fastapi.FastAPI()\nuvicorn.run(app)\n",
        ["error of `__main__` by `logging.lastResort`", "info of `__main__`: the root logger"],
    ),
    "two handlers": (
        f"{TWICE}logging.getLogger().setLevel(10)\nlogging.getLogger().addHandler(logging.StreamHandler())\nprint(1)\n",
        ["info and error of `__main__`: `StreamHandler` of the root logger (app.py:2) and `StreamHandler`"],
    ),
}


@pytest.mark.parametrize("case", HEARD)
def test_the_handlers_that_records_meet_are_told(printlint: Command, tmp_path: Path, case: str) -> None:
    text, expected = HEARD[case]
    (tmp_path / ".git").mkdir()
    (tmp_path / "app.py").write_text(text)
    done = printlint("programs", cwd=tmp_path)
    assert [line for line in expected if line not in done.stdout] == [], done.stdout


DAG = "from airflow import DAG\nwith DAG('x'):\n    pass\n"
PYTEST = "[options.entry_points]\npytest11 =\n    b = jobs.b\n"
HOSTED = {
    "in one folder": ({"dags/a.py": DAG, "dags/b.py": DAG}, 1),
    "in two folders": ({"dags/a.py": DAG, "more/b.py": DAG}, 2),
    "in two folders, with code that both have": (
        {"dags/a.py": f"import shared\n{DAG}", "more/b.py": f"import shared\n{DAG}", "shared.py": "x = 1\n"},
        1,
    ),
    "of two hosts": ({"jobs/a.py": DAG, "jobs/b.py": "import pytest\n", "setup.cfg": PYTEST}, 2),
}


@pytest.mark.parametrize("case", HOSTED)
def test_what_one_host_loads_is_one_program_where_it_belongs_together(case: str, tmp_path: Path) -> None:
    files, count = HOSTED[case]
    assert len([name for name, program in programs(tmp_path, files).items() if program.host]) == count


@pytest.mark.parametrize(
    ("metadata", "root", "is_distributed"),
    [
        ({"setup.py": ""}, "", True),
        ({"setup.py": ""}, "src", True),
        ({"setup.py": ""}, "src/app", False),
        ({"pyproject.toml": "[build-system]\n"}, "src", True),
        ({"pyproject.toml": "[tool.ruff]\n"}, "", False),
    ],
)
def test_what_is_built_has_metadata_that_says_how(
    metadata: dict[str, str], root: str, *, is_distributed: bool, tmp_path: Path
) -> None:
    tree = model(tmp_path, {"src/app/__init__.py": "", **metadata}).tree
    assert tree.is_distributed(str(tmp_path / root)) is is_distributed


@pytest.mark.parametrize(
    ("files", "folder"),
    [
        (("api/main.py", "api/users.py"), "api"),
        (("api/main.py", "api/users.py", "run.py"), ""),
        (("api/__init__.py", "api/main.py", "api/users.py", "run.py"), "api"),
    ],
)
def test_the_set_up_module_goes_beside_what_imports_it(files: tuple[str, ...], folder: str, tmp_path: Path) -> None:
    start = f"import api.users\n{GUARD}api.users.work()\n"
    texts = dict.fromkeys(files, start) | {"api/users.py": "async def work(): ...\n"}
    write_files(tmp_path, {**texts, "Makefile": "run:\n\tpython -m api.main\n"})
    place = Placed.of(layout_of(tmp_path / "x.py")).place(str(tmp_path / "api/users.py"))
    assert place is not None
    assert (Path(place.root), Path(place.folder)) == (tmp_path, tmp_path / folder)


@pytest.mark.parametrize(
    ("imported", "shown"), [("b", "`__main__`, `a`, `b` by"), ("b, c", "`__main__`, `a`, `b` and 1 more by")]
)
def test_no_more_than_three_loggers_are_named(printlint: Command, tmp_path: Path, imported: str, shown: str) -> None:
    write_files(tmp_path, {"app.py": f"import a, {imported}\nprint(1)\n", "a.py": "", "b.py": "", "c.py": ""})
    assert f"error of {shown}" in printlint("programs", cwd=tmp_path).stdout


def test_modules_of_a_package_belong_together_though_neither_imports_the_other(tmp_path: Path) -> None:
    files = dict.fromkeys(("shop/__init__.py", "shop/one.py", "shop/two.py", "jobs/one.py", "jobs/two.py"), "x = 1\n")
    write_files(tmp_path, files)
    found = Placed.of(layout_of(tmp_path / "x.py"))
    assert found.belongs_to(str(tmp_path / "shop/one.py"), str(tmp_path / "shop/two.py"))
    assert not found.belongs_to(str(tmp_path / "jobs/one.py"), str(tmp_path / "jobs/two.py"))


def test_what_another_program_does_with_its_output_does_not_count(printlint: Command, tmp_path: Path) -> None:
    files = {
        "capture.py": f"import sys\nimport shared\n{GUARD}sys.stdout = open('x', 'w')\n",
        "bot.py": f"import logging, own, shared\n{GUARD}logging.basicConfig(level=20)\n    own.work()\n",
        "own.py": "def work():\n    print('started the work')\n",
        "shared.py": "def work():\n    print('started the work')\n",
    }
    (tmp_path / ".git").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    done = printlint("fix", "--isolated", "--no-setup", "own.py", "shared.py", "-v", cwd=tmp_path)
    assert "print(" not in (tmp_path / "own.py").read_text()
    assert (tmp_path / "shared.py").read_text() == files["shared.py"]
    assert "capture.py:4 replaces standard output" in done.stdout


RUN_TOGETHER = {
    "one imports the other": ({"one.py": "import two\n", "two.py": "x = 1\n"}, True),
    "one imports the other in a function": (
        {"one.py": f"def f():\n    import two\n{GUARD}f()", "two.py": "x = 1\n"},
        True,
    ),
    "a third imports both": ({"app.py": "import one, two\nprint(1)\n", "one.py": "x = 1\n", "two.py": "x = 1\n"}, True),
    "two programs": ({"one.py": "print(1)\n", "two.py": "print(1)\n"}, False),
    "a test imports both": (
        {"test_x.py": "import one, two\n", "one.py": f"{GUARD}print(1)\n", "two.py": f"{GUARD}print(1)\n"},
        False,
    ),
    "modules of one package that nothing starts": (
        {"one.py": "x = 1\n", "two.py": "x = 1\n", "setup.py": "from setuptools import setup\nsetup()\n"},
        True,
    ),
    "an installed package and the tool that comes with it": (
        {
            "setup.py": "from setuptools import setup\nsetup(entry_points={'console_scripts': ['x=tool:main']})\n",
            "tool.py": "import one\ndef main(): ...\n",
            "one.py": "x = 1\n",
            "two.py": "x = 1\n",
        },
        False,
    ),
}


@pytest.mark.parametrize("case", RUN_TOGETHER)
def test_files_run_together_where_one_start_reaches_both(case: str, tmp_path: Path) -> None:
    files, expected = RUN_TOGETHER[case]
    found = model(tmp_path, files)
    assert found.together(str(tmp_path / "one.py"), str(tmp_path / "two.py")) == expected
