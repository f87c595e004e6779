"""`printlint init`: what is wired, what is left, and that it runs."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from conftest import Run, clean_environment

pytestmark = pytest.mark.inside


CASES = {
    "a guard": (
        {"__main__.py": "import sys\n\n\ndef main(): ...\n\n\nif __name__ == '__main__':\n    sys.exit(main())\n"},
        "if __name__ == '__main__':\n    setup_logging()\n    sys.exit(main())\n",
    ),
    "a __main__ without a guard": (
        {"cli.py": "def go(): ...\n", "__main__.py": '"""Runs."""\nfrom app.cli import go\n\ngo()\n'},
        "from app.logging_setup import setup_logging\n\nsetup_logging()\ngo()\n",
    ),
    "a console script": (
        {"cli.py": 'def main():\n    """Do it."""\n    work()\n\n\nif __name__ == "__main__":\n    main()\n'},
        '    """Do it."""\n    setup_logging()\n    work()\n\n\nif __name__ == "__main__":\n    main()\n',
    ),
    "a function that the guard hands on": (
        {"cli.py": "import typer\n\n\ndef main():\n    work()\n\n\nif __name__ == '__main__':\n    typer.run(main)\n"},
        "    setup_logging()\n    work()\n\n\nif __name__ == '__main__':\n    typer.run(main)\n",
    ),
    "a command of click": (
        {
            "cli.py": "import click\nfrom app import x\n\n\n@click.group()\n@click.option('--debug')\ndef main(debug):\n    x(debug)\n"
        },
        "def main(debug):\n    setup_logging()\n    x(debug)\n",
    ),
    "an ASGI application": (
        {"api.py": "from fastapi import FastAPI\n\nfrom app import db\n\napp = FastAPI()\n"},
        "from app import db\nfrom app.logging_setup import setup_logging\n\nsetup_logging()\napp = FastAPI()\n",
    ),
    "an application that configures logging itself": (
        {"web.py": "from sanic import Sanic\n\nfrom app import db\n\napp = Sanic('x')\n"},
        "app = Sanic('x')\nsetup_logging()\n",
    ),
    "a factory of such an application": (
        {
            "web.py": "from litestar import Litestar\nfrom app import x\n\n\ndef create_app():\n    app = Litestar([x])\n    return app\n"
        },
        "    app = Litestar([x])\n    setup_logging()\n    return app\n",
    ),
    "an application with a guard": (
        {
            "api.py": "from fastapi import FastAPI\nimport app\n\napi = FastAPI()\nif __name__ == '__main__':\n    app.run(api)\n"
        },
        "setup_logging()\napi = FastAPI()\nif __name__ == '__main__':\n    app.run(api)\n",
    ),
    "a console script beside a guard of another purpose": (
        {"cli.py": "def main():\n    work()\n\n\nif __name__ == '__main__':\n    other()\n"},
        "def main():\n    setup_logging()\n    work()\n\n\nif __name__ == '__main__':\n    setup_logging()\n    other()\n",
    ),
    "a WSGI factory": (
        {
            "web.py": "from flask import Flask\n\nfrom . import db\n\n\ndef create_app():\n    app = Flask('x')\n    return app\n"
        },
        "from .logging_setup import setup_logging\n\n\ndef create_app():\n    setup_logging()\n    app = Flask('x')\n",
    ),
    "Django's settings": (
        {"settings.py": "from . import paths\n\nINSTALLED_APPS = []\nDEBUG = True\n"},
        "DEBUG = True\n\nLOGGING = logging_config()\n",
    ),
    "a Celery app": (
        {"tasks_app.py": "from celery import Celery\n\nfrom app import x\n\nqueue = Celery('x')\n"},
        "queue = Celery('x')\nsignals.setup_logging.connect(lambda **_: setup_logging(), weak=False)\n",
    ),
    "a guard in one line": (
        {"__main__.py": "from app import x\nif __name__ == '__main__': x.run()\n"},
        "if __name__ == '__main__': setup_logging(); x.run()\n",
    ),
}


def write(folder: Path, files: dict[str, str], project: str = "") -> Path:
    script = '[project]\nname = "app"\n[project.scripts]\napp = "app.cli:main"\n'
    (folder / "pyproject.toml").write_text(project or script, encoding="utf-8")
    package = folder / "app"
    package.mkdir()
    for name, text in {"__init__.py": "", **files}.items():
        (package / name).parent.mkdir(exist_ok=True)
        (package / name).write_text(text, encoding="utf-8")
    return package


@pytest.mark.parametrize("name", CASES)
def test_one_line_wires_it(printlint: Run, tmp_path: Path, name: str) -> None:
    files, wanted = CASES[name]
    package = write(tmp_path, files)
    before = {path: path.read_text() for path in package.iterdir()}
    assert printlint("init", "--diff").returncode == 1
    assert {path: path.read_text() for path in package.iterdir()} == before
    done = printlint("init")
    assert done.returncode == 0, done.stderr
    changed = [path for path, text in before.items() if path.read_text() != text]
    assert [path.name for path in changed] == [list(files)[-1]]
    assert wanted in changed[0].read_text()
    assert f"wired app/{changed[0].name}" in done.stderr
    assert f"+++ b/app/{changed[0].name}" in done.stdout
    assert printlint("check", "--select", "PRT2,PRT3,PRT4").returncode == 0
    once = {path: path.read_text() for path in package.iterdir()}
    assert printlint("init").returncode == 0
    assert {path: path.read_text() for path in package.iterdir()} == once, "a second run changes nothing"


LEFT = {
    "a console script with a dictConfig": (
        {"cli.py": "import logging.config\n\n\ndef main():\n    logging.config.dictConfig({})\n"},
        "cli.py:5: the console script main is not wired: the file already configures logging",
    ),
    "LOGGING of its own": (
        {"settings.py": "from . import x\nINSTALLED_APPS = []\nLOGGING = {}\n"},
        "it already defines LOGGING",
    ),
    "uvicorn.run": (
        {"__main__.py": "import uvicorn\nfrom app import api\nif __name__ == '__main__':\n    uvicorn.run(api.app)\n"},
        "log_config=None",
    ),
    "dictConfig": (
        {
            "conf.py": "import logging.config\n",
            "log.py": "import logging.config\n\ndef f():\n    logging.config.dictConfig({})\nif __name__ == '__main__': f()\n",
        },
        "dictConfig",
    ),
    "a factory that returns what it makes": (
        {"web.py": "from litestar import Litestar\nfrom app import x\ndef create_app():\n    return Litestar([x])\n"},
        "it configures logging itself",
    ),
    "hypercorn": (
        {"serve.py": "from hypercorn.config import Config\nfrom app import x\nconfig = Config()\nx.run(config)\n"},
        "set its logconfig_dict",
    ),
    "processes that are spawned": (
        {"jobs.py": "from concurrent.futures import ProcessPoolExecutor\ndef run():\n    ProcessPoolExecutor(2)\n"},
        "a spawned process logs nothing unless",
    ),
    "a script beside its modules": (
        {"helper.py": "", "tool.py": "import helper\nif __name__ == '__main__':\n    helper.run()\n"},
        "`app/tool.py` is run as a script",
    ),
    "a console script that is an object": (
        {"cli.py": "import typer\nfrom app import x\n\nmain = typer.Typer()\n"},
        "cli.py:4: the console script main is not a function of this file",
    ),
    "a console script that is one of two objects": (
        {"cli.py": "from app import x\n\nif x.new:\n    main = x.new\nelse:\n    main = x.old\n"},
        "cli.py:4: the console script main is not a function of this file",
    ),
    "a script out of reach": (
        {"../tools/tool.py": "import sys\nif __name__ == '__main__':\n    sys.exit(work())\n"},
        "`tools/tool.py` is run as a script (its `__main__` guard), where `app.logging_setup` cannot be imported",
    ),
    "the name taken": (
        {"__main__.py": "from app import x\ndef setup_logging(): ...\nif __name__ == '__main__':\n    x.run()\n"},
        "bound to something else",
    ),
}


@pytest.mark.parametrize("name", LEFT)
def test_what_is_left_is_said(printlint: Run, tmp_path: Path, name: str) -> None:
    files, wanted = LEFT[name]
    write(tmp_path, files)
    done = printlint("init")
    assert done.returncode == 0
    assert "To do by hand:" in done.stderr
    assert done.stderr.count(wanted) == 1


def test_a_wired_file_with_processes_leaves_nothing_to_the_user(printlint: Run, tmp_path: Path) -> None:
    program = (
        "import multiprocessing as mp\nfrom app import x\nif __name__ == '__main__':\n    mp.Pool(2).map(x.f, [1])\n"
    )
    write(tmp_path, {"jobs.py": program})
    done = printlint("init")
    assert "wired app/jobs.py" in done.stderr
    assert "To do by hand:" not in done.stderr


def test_a_server_that_is_started_elsewhere_is_named(printlint: Run, tmp_path: Path) -> None:
    write(tmp_path, {}, '[project]\nname = "app"\ndependencies = ["hypercorn>=0.17"]\n')
    assert (
        "hypercorn's configuration: set logconfig_dict to app.logging_setup.logging_config()"
        in printlint("init").stderr
    )


@pytest.mark.parametrize(
    "files",
    [
        {
            "client.py": "from aiohttp import web\nfrom app import x\nclass C:\n    def __init__(self):\n        self.app = web.Application()\n"
        },
        {"test_api.py": "from fastapi import FastAPI\nfrom app import x\napp = FastAPI()\n"},
        {"checks.py": "import unittest\nfrom app import x\nif __name__ == '__main__':\n    unittest.main()\n"},
        {
            "manage.py": "from app import x\nfrom django.core.management import execute_from_command_line\nif __name__ == '__main__':\n    execute_from_command_line([])\n"
        },
        {"__main__.py": "from app import x\nCONSTANT = 1\n"},
        {"cli.py": "def main():\n    'Nothing yet.'\n"},
        {"__main__.py": "from app.cli import main\nmain()\n"},
        {"names.py": "Flask = Celery = 1\n'__main__'\n"},
    ],
    ids=lambda files: next(iter(files)),
)
def test_what_starts_nothing_is_left_alone(printlint: Run, tmp_path: Path, files: dict[str, str]) -> None:
    package = write(tmp_path, files)
    before = {path: path.read_text() for path in package.iterdir()}
    done = printlint("init")
    assert "wired" not in done.stderr
    assert {path: path.read_text() for path in package.iterdir() if path.name != "logging_setup.py"} == before


GUARD = "import sys\nfrom app import x\nif __name__ == '__main__':\n    sys.exit(x.run())\n"


@pytest.mark.parametrize(
    "name",
    [
        *("test_run.py", "run_test.py", "run_tests.py", "conftest.py"),
        *("tests/run.py", "test/run.py", "app/tests/run.py", "tests/deep/down/run.py"),
        *("examples/run.py", "docs/run.py", "benchmarks/run.py"),
        *("setup.py", "noxfile.py", "docs/conf.py", "conf.py", "tasks.py", "fabfile.py"),
    ],
)
def test_what_only_tests_builds_or_documents_the_project_is_left_alone(
    printlint: Run, tmp_path: Path, name: str
) -> None:
    write(tmp_path, {"x.py": ""})
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(GUARD)
    done = printlint("init")
    assert done.returncode == 0
    assert (tmp_path / name).read_text() == GUARD
    assert f"wired {name}" not in done.stderr
    assert "Left to you" not in done.stderr


@pytest.mark.parametrize("name", ["testing.py", "latest.py", "contest/run.py", "app/setup_app.py", "example.py"])
def test_a_name_like_that_of_a_test_is_wired(printlint: Run, tmp_path: Path, name: str) -> None:
    write(tmp_path, {"x.py": ""})
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(GUARD)
    done = printlint("init")
    assert name in done.stderr


def test_a_module_changed_by_hand_is_never_overwritten(printlint: Run, tmp_path: Path) -> None:
    package = write(tmp_path, {})
    assert printlint("init").returncode == 0
    module = package / "logging_setup.py"
    plain = module.read_text()
    assert printlint("init", "--async-backend", "structlog").returncode == 0
    assert "structlog.configure(" in module.read_text()
    assert "def get_logger(" in module.read_text(), "what other files use stays"
    module.write_text(plain + "# mine\n")
    done = printlint("init", "--async-backend", "structlog")
    assert done.returncode == 2
    assert "was edited" in done.stderr
    assert module.read_text() == plain + "# mine\n"


def test_wiring_keeps_every_byte_around_it(child: Run, tmp_path: Path) -> None:
    package = write(tmp_path, {})
    text = b"# -*- coding: latin-1 -*-\r\nfrom app import x  # \xe9\r\n\r\nif __name__ == '__main__':\r\n\tx.run()\r\n"
    (package / "__main__.py").write_bytes(text)
    assert child("init", errors="replace").returncode == 0
    wired = text.replace(b"# \xe9\r\n", b"# \xe9\r\nfrom app.logging_setup import setup_logging\r\n").replace(
        b"\tx.run()", b"\tsetup_logging()\r\n\tx.run()"
    )
    assert (package / "__main__.py").read_bytes() == wired


def test_events_come_out_after_fix_and_init(printlint: Run, tmp_path: Path) -> None:
    """What a program logs comes out as one event a message."""
    main = """
        import logging
        from app import work

        def main():
            work.run()
            logging.info("done")

        if __name__ == "__main__":
            main()
    """
    work = "from app import __name__ as name\n\n\ndef run():\n    print('working', 1)\n"
    write(tmp_path, {"cli.py": textwrap.dedent(main), "work.py": work})
    printlint("fix", "--unsafe-fixes", "--no-setup", "--no-detect-interface")
    assert printlint("init").returncode == 0
    done = subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()"],
        cwd=tmp_path,
        env=clean_environment(PYTHONPATH=""),
        capture_output=True,
        text=True,
        check=True,
    )
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(event["message"], event["name"]) for event in events] == [("working 1", "app.work"), ("done", "app.cli")]
    assert done.stderr == ""


def test_scripts_without_a_package_are_wired_beside_the_module_alone(printlint: Run, tmp_path: Path) -> None:
    program = "import sys\nif __name__ == '__main__':\n    sys.exit(3)\n"
    (tmp_path / "scripts").mkdir()
    (tmp_path / "main.py").write_text(program)
    (tmp_path / "scripts" / "run.py").write_text(program)
    done = printlint("init")
    assert "setup_logging()" in (tmp_path / "main.py").read_text()
    assert (tmp_path / "scripts" / "run.py").read_text() == program
    assert "`scripts/run.py` is run as a script" in done.stderr
    run = subprocess.run([sys.executable, "main.py"], cwd=tmp_path, env=clean_environment(PYTHONPATH=""), check=False)
    assert run.returncode == 3


def test_each_program_of_a_repository_gets_what_it_needs(printlint: Run, tmp_path: Path) -> None:
    service = "import till\n\nif __name__ == '__main__':\n    till.run()\n"
    own = f"import logging\n\n{service}".replace("    till", "    logging.basicConfig(level='INFO')\n    till")
    for name, text in {"mail": service, "shop": own, "post": service, "lib": ""}.items():
        folder = tmp_path / name
        (folder / "parts").mkdir(parents=True)
        (folder / "parts" / "__init__.py").touch()
        (folder / "requirements.txt").touch()
        (folder / "main.py").write_text(text)
        (folder / "till.py").write_text("import parts\n\n\ndef run():\n    pass\n")
    (tmp_path / "pyproject.toml").touch()
    done = printlint("init")
    assert done.returncode == 0, done.stderr
    wired = {path.parent.name for path in tmp_path.rglob("main.py") if "setup_logging()" in path.read_text()}
    assert wired == {"mail", "post"}
    assert {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("logging_setup.py")} == wired
    assert (
        'shop/main.py:6: the `if __name__ == "__main__"` is not wired: logging is configured by `basicConfig`'
        in done.stderr
    )


def test_a_script_without_a_guard_is_wired(printlint: Run, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "main.py").write_text("import sys\n\nsys.exit(3)\n")
    printlint("init")
    assert (tmp_path / "main.py").read_text().endswith("\nsetup_logging()\nsys.exit(3)\n")
