"""`printlint fix` sets programs up: each is run before and after, and every message is heard exactly once."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import Run, heard, texts, write_files

from printlint.setup.template import setup_source

pytestmark = [pytest.mark.inside, pytest.mark.system]  # nothing here depends on the Python

SCRIPT = '[project]\nname = "app"\n[project.scripts]\napp = "app.cli:main"\n'
WORK = "def work(n):\n    print('working on', n)\n"
WORKED = "working on 3"
GUARD = "\n\nif __name__ == '__main__':\n"
SERVICE = "async def run():\n    for n in [3]:\n        print('working on', n)\n"


class Program(NamedTuple):
    """Files of a repository, the commands that start its programs, what each has to say, and what is set up."""

    files: dict[str, str]
    commands: tuple[tuple[str, ...], ...]
    messages: tuple[str, ...]
    wired: tuple[str, ...]
    modules: int = 1
    unblocked: tuple[str, ...] = ()


PROGRAMS = {
    "a script": Program(
        {"main.py": "import sys\n\n\ndef work(n):\n    print('working on', n)\n\n\nwork(3)\nsys.exit(0)\n"},
        (("main.py",),),
        (WORKED,),
        ("main.py",),
    ),
    "a script that a test imports": Program(
        {
            "main.py": f"import asyncio\n\n\n{SERVICE}\n\nasyncio.run(run())\n",
            "tests/test_main.py": "import main\n\n\ndef test_run():\n    assert main.run\n",
        },
        (("main.py",),),
        (WORKED,),
        ("main.py",),
    ),
    "a module that calls itself when it is imported": Program(
        {
            "work.py": f"{WORK}\n\ndef start():\n    work(3)\n\n\nstart()\n",
            "main.py": f"import work{GUARD}    work.work(4)\n",
        },
        (("main.py",),),
        (WORKED, "working on 4"),
        ("main.py",),
    ),
    "a script that speaks while it defines": Program(
        {
            "main.py": "def said(item):\n    print('working on', getattr(item, 'n', 3))\n    return item\n\n\n@said\n"
            "def work(): ...\n\n\nclass Work:\n    n = 4\n    print('working on', n + 1)\n\n\n[said(Work) for _ in [1]]\n"
        },
        (("main.py",),),
        (WORKED, "working on 5", "working on 4"),
        ("main.py",),
    ),
    "a script without a blank line": Program(
        {"work.py": WORK, "main.py": "import sys\nimport work\nsys.path.append('x')\nwork.work(3)\n"},
        (("main.py",),),
        (WORKED,),
        ("main.py",),
    ),
    "a guard, and what it imports": Program(
        {"work.py": WORK, "main.py": "import work\n\nif __name__ == '__main__':\n    work.work(3)\n"},
        (("main.py",),),
        (WORKED,),
        ("main.py",),
    ),
    "a package with a console script": Program(
        {
            "pyproject.toml": SCRIPT,
            "app/__init__.py": "",
            "app/work.py": "def work(n):\n    try:\n        n.x\n    except AttributeError:\n        print('working on', n)\n",
            "app/cli.py": "from app.work import work\n\n\ndef main():\n    work(3)\n",
        },
        (("-c", "from app.cli import main; main()"),),
        (WORKED,),
        ("app/cli.py",),
    ),
    "a package that is run": Program(
        {"app/__init__.py": "", "app/__main__.py": "from .work import work\n\nwork(3)\n", "app/work.py": WORK},
        (("-m", "app"),),
        (WORKED,),
        ("app/__main__.py",),
    ),
    "a service": Program(
        {
            "main.py": f"import asyncio\n\nfrom jobs import worker{GUARD}    asyncio.run(worker.run())\n",
            "jobs/__init__.py": "",
            "jobs/worker.py": SERVICE,
        },
        (("main.py",),),
        (WORKED,),
        ("main.py",),
    ),
    "an application that a server imports": Program(
        {
            "fastapi.py": "class FastAPI:\n    def get(self, path):\n        return lambda function: function\n",
            "shop/__init__.py": "",
            "shop/api.py": "from fastapi import FastAPI\n\nfrom shop import store\n\napp = FastAPI()\n\n\n"
            "@app.get('/')\nasync def index():\n    return store.work(3)\n",
            "shop/store.py": WORK,
            "serve.sh": "uvicorn shop.api:app\n",
        },
        (("-c", "import asyncio; from shop.api import index; asyncio.run(index())"),),
        (WORKED,),
        ("shop/api.py",),
    ),
    "two programs": Program(
        {
            "mail/main.py": "from post import work\n\nif __name__ == '__main__':\n    work(3)\n",
            "mail/post.py": WORK,
            "mail/requirements.txt": "",
            "shop/main.py": f"import asyncio\n\nimport till{GUARD}    asyncio.run(till.run())\n",
            "shop/till.py": SERVICE,
            "shop/requirements.txt": "",
        },
        (("mail/main.py",), ("shop/main.py",)),
        (WORKED,),
        ("mail/main.py", "shop/main.py"),
        modules=2,
    ),
    "two programs that share code": Program(
        {
            "common/__init__.py": "",
            "common/work.py": WORK,
            "one.py": f"from common.work import work{GUARD}    work(3)\n",
            "two.py": f"from common.work import work{GUARD}    work(3)\n",
            "three.py": "if __name__ == '__main__':\n    raise SystemExit\n",
        },
        (("one.py",), ("two.py",)),
        (WORKED,),
        ("one.py", "two.py"),
    ),
    "a script that imports an application": Program(
        {
            "flask.py": "class Flask:\n    def __init__(self, name):\n        pass\n",
            "shop.py": "from flask import Flask\n\nimport work\n\napp = Flask(__name__)\n",
            "work.py": WORK,
            "main.py": "import shop\n\nif __name__ == '__main__':\n    shop.work.work(3)\n",
        },
        (("main.py",), ("-c", "import shop; shop.work.work(3)")),
        (WORKED,),
        ("shop.py",),
    ),
    "children that are spawned": Program(
        {
            "work.py": WORK,
            "main.py": "import multiprocessing\n\nfrom work import work\n\nif __name__ == '__main__':\n"
            "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n        pool.map(work, [3])\n",
        },
        (("main.py",),),
        (WORKED,),
        ("main.py",),
    ),
    "a program that configures logging": Program(
        {
            "work.py": WORK,
            "main.py": "import logging\nimport sys\n\nimport work\n\n"
            "logging.basicConfig(level=logging.INFO, stream=sys.stdout, format='%(message)s')\nwork.work(3)\n",
        },
        (("main.py",),),
        (WORKED,),
        (),
        modules=0,
    ),
    "a dictConfig in another file": Program(
        {
            "work.py": WORK,
            "settings.py": "import logging.config\n\n\ndef configure():\n    logging.config.dictConfig({'version': 1, "
            "'handlers': {'out': {'class': 'logging.StreamHandler', 'stream': 'ext://sys.stdout'}},\n"
            "    'root': {'level': 'INFO', 'handlers': ['out']}, 'disable_existing_loggers': False})\n",
            "main.py": f"import settings\nimport work{GUARD}    settings.configure()\n    work.work(3)\n",
        },
        (("main.py",),),
        (WORKED,),
        (),
        modules=0,
    ),
}

PROGRAMS |= {
    "what is said while modules are imported": Program(
        {"work.py": f"print('ready')\n\n\n{WORK}", "main.py": f"import sys\n\nimport work{GUARD}    work.work(3)\n"},
        (("main.py",),),
        ("ready", WORKED),
        ("main.py",),
    ),
    "what is said above the guard": Program(
        {
            "main.py": f"import sys\n\n\n{WORK}\n\nprint('ready')\nwork(3)\nif __name__ == '__main__':\n    sys.exit(0)\n"
        },
        (("main.py",),),
        ("ready", WORKED),
        ("main.py",),
    ),
}
SERVED = {"shop.py": WORK + "\n\ndef crear():\n    work(3)\n    return object()\n", "serve.sh": "gunicorn run:app\n"}
PROGRAMS |= {
    "what functions say that are called above the guard": Program(
        {"work.py": WORK, "main.py": f"import sys\n\nimport work\n\ndone = work.work(3){GUARD}    sys.exit(0)\n"},
        (("main.py",),),
        (WORKED,),
        ("main.py",),
    ),
    "what a file says that a command runs, and another file imports": Program(
        {
            "work.py": WORK,
            "launch.py": "import work\n\nwork.work(3)\n",
            "update.py": "from launch import *\n",
            "start.sh": "python launch.py\n",
        },
        (("launch.py",), ("update.py",)),
        (WORKED,),
        ("launch.py",),
    ),
    "what a file says that a server imports": Program(
        SERVED | {"run.py": "from shop import crear\n\nname = 'shop'\napp = crear()\n"},
        (("-c", "import run"),),
        (WORKED,),
        ("run.py",),
    ),
    "the same with a guard": Program(
        SERVED | {"run.py": f"from shop import crear\n\napp = crear(){GUARD}    print(app.run)\n"},
        (("-c", "import run"),),
        (WORKED,),
        ("run.py",),
    ),
    "an application that another file makes for a server": Program(
        {
            "fastapi.py": "class FastAPI:\n    pass\n",
            "shop.py": f"from fastapi import FastAPI\n\n\n{WORK}\n\ndef create_app():\n    work(3)\n    return FastAPI()\n",
            "run.py": "from shop import create_app\n\napp = create_app()\n",
            "serve.sh": "gunicorn run:app\n",
        },
        (("-c", "import run"),),
        (WORKED,),
        ("shop.py",),
    ),
}
START = "asyncio.run(jobs.run())\n"
SIMPLE = "import asyncio\nimport logging\nimport sys\n\nimport jobs\n\n"
UNBLOCKED = {
    "basicConfig": "logging.basicConfig(level=logging.INFO, stream=sys.stdout, format='%(message)s')\n",
    "addHandler": "handler = logging.StreamHandler(sys.stdout)\nhandler.setLevel('INFO')\nlogging.getLogger().addHandler(handler)\n"
    "logging.getLogger().setLevel('INFO')\n",
    "a logger of its own": "own = logging.getLogger('jobs')\nown.addHandler(logging.StreamHandler(sys.stdout))\nown.setLevel('INFO')\n"
    "own.propagate = False\n",
    "handlers in a function": "def configure(verbose):\n    root = logging.getLogger()\n    if verbose and not root.handlers:\n"
    "        root.addHandler(logging.StreamHandler(sys.stdout))\n    root.setLevel('INFO')\n\n\nconfigure(True)\n",
    "dictConfig": "logging.config.dictConfig({'version': 1, 'disable_existing_loggers': False, 'root': {'level': 'INFO', 'handlers': ['o']},\n"
    "    'handlers': {'o': {'class': 'logging.StreamHandler', 'stream': 'ext://sys.stdout'}}})\n",
    "fileConfig": "logging.config.fileConfig('log.ini', disable_existing_loggers=False)\n",
}
INI = """[loggers]
keys=root
[handlers]
keys=out
[formatters]
keys=
[logger_root]
level=INFO
handlers=out
[handler_out]
class=StreamHandler
args=(sys.stdout,)
"""
for how, text in UNBLOCKED.items():
    PROGRAMS[f"a service with {how}"] = Program(
        {
            "main.py": f"{SIMPLE.replace('logging', 'logging.config', 1)}{text}{START}",
            "jobs.py": SERVICE,
            "log.ini": INI,
        },
        (("main.py",),),
        (WORKED,),
        (),
        unblocked=("main.py",),
    )
ELSEWHERE = "import logging\nimport sys\n\n" + UNBLOCKED["basicConfig"]
ELSEWHERE += "logger = logging.getLogger('app')\n"
USER = "async def run():\n    logger.info('working on %s', 3)\n"
PROGRAMS |= {
    "loggers that another file makes": Program(
        {
            "log.py": ELSEWHERE,
            "jobs.py": f"from log import logger\n\n\n{USER}",
            "main.py": f"import asyncio\n\nimport jobs{GUARD}    {START}",
        },
        (("main.py",),),
        (WORKED,),
        (),
        unblocked=("log.py",),
    ),
    "loggers of a folder that is called like one for tools": Program(
        {
            "tools/__init__.py": "",
            "tools/log.py": ELSEWHERE,
            "jobs.py": f"from tools import log\n\n\n{USER.replace('logger', 'log.logger')}",
            "main.py": f"import asyncio\n\nimport jobs{GUARD}    {START}",
        },
        (("main.py",),),
        (WORKED,),
        (),
        unblocked=("tools/log.py",),
    ),
    "a handler on the logger that is awaited": Program(
        {
            "main.py": f"import asyncio\n{ELSEWHERE.replace(UNBLOCKED['basicConfig'], '')}logger.setLevel('INFO')\n"
            f"logger.addHandler(logging.StreamHandler(sys.stdout))\nlogger.propagate = False\n\n\n{USER}{GUARD}    asyncio.run(run())\n",
        },
        (("main.py",),),
        (WORKED,),
        (),
        unblocked=("main.py",),
    ),
    "handlers that a function adds to the logger that it is given": Program(
        {
            "log.py": "import logging\nimport sys\n\n\ndef add(logger):\n    logger.addHandler(logging.StreamHandler(sys.stdout))\n"
            "\n\nroot = logging.getLogger()\nroot.setLevel('INFO')\nalarm = logging.StreamHandler(sys.stdout)\nalarm.setLevel('CRITICAL')\n"
            "root.addHandler(alarm)\nadd(root)\nlogger = logging.getLogger('app')\n",
            "jobs.py": f"from log import logger\n\n\n{USER}",
            "main.py": f"import asyncio\n\nimport jobs{GUARD}    {START}",
        },
        (("main.py",),),
        (WORKED,),
        (),
        unblocked=("log.py",),
    ),
    "an application that has another one": Program(
        {
            "fastapi.py": "class FastAPI:\n    pass\n",
            "mail.py": "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n" + WORK,
            "main.py": "import logging\nimport sys\n\nfrom fastapi import FastAPI\n\nimport mail\n\n"
            + UNBLOCKED["basicConfig"]
            + "app = FastAPI()\n",
        },
        (("-c", "import main; main.mail.work(3)"),),
        (WORKED,),
        (),
        modules=0,
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_message_is_heard_once(printlint: Run, tmp_path: Path, name: str) -> None:
    program = PROGRAMS[name]
    write_files(tmp_path, program.files)
    before = texts(tmp_path)
    for command in program.commands:
        assert heard(tmp_path, command) == list(program.messages)
    done = printlint("fix")
    assert done.returncode == 0, done.stdout + done.stderr
    after = texts(tmp_path)
    wired = {file for file in before if "setup_logging()" in after[file]}
    assert wired == set(program.wired)
    assert {file for file in before if "unblock()" in after[file]} == set(program.unblocked)
    assert len(after) - len(before) == program.modules
    for command in program.commands:
        assert heard(tmp_path, command) == list(program.messages)
    assert printlint("fix").returncode == 0
    assert texts(tmp_path) == after, "a second run changes nothing"
    assert printlint("check").returncode == 0


def test_setting_a_program_up_changes_no_verdict(printlint: Run, tmp_path: Path) -> None:
    train = "import argparse\n\nimport meldata\nimport weights\n\n\ndef main():\n    argparse.ArgumentParser().parse_args()\n"
    files = {
        "meldata.py": "def load(n):\n    try:\n        n.x\n    except AttributeError:\n        print('working on', n)\n",
        "weights.py": "def show(n):\n    print('weights:', n)\n    print('total:', n)\n",
        "train.py": f"{train}    meldata.load(3)\n    weights.show(3)\n{GUARD}    main()\n",
    }
    write_files(tmp_path, files)
    printlint("fix", "--isolated", ".")
    once = {path.name: path.read_text() for path in tmp_path.glob("*.py")}
    assert "setup_logging()" in once["train.py"]
    assert once["weights.py"] == files["weights.py"]  # what a command line alone calls is its output
    printlint("fix", "--isolated", ".")
    assert {path.name: path.read_text() for path in tmp_path.glob("*.py")} == once


def test_the_set_up_of_one_program_shows_no_message_of_another(printlint: Run, tmp_path: Path) -> None:
    own = (
        "handler = logging.StreamHandler()\nhandler.setLevel('INFO')\nlogging.getLogger().addHandler(handler)\n"
        "logging.getLogger().setLevel('DEBUG')\n"
    )
    files = {
        "shared.py": "import asyncio\n\n\nasync def work(n):\n    await asyncio.sleep(0)\n    print('debug: n is', n)\n"
        "    print('working on', n)\n    return n\n",
        "one.py": f"import asyncio\nimport logging\n\nimport shared\n\n{own}asyncio.run(shared.work(3))\n",
        "two.py": f"import asyncio\n\nimport shared{GUARD}    asyncio.run(shared.work(3))\n",
    }
    write_files(tmp_path, files)
    done = printlint("fix")
    once = texts(tmp_path)
    assert "setup_logging()" in once["two.py"]
    assert (
        "1 message is at debug and not shown: the StreamHandler of the root logger, which writes to the terminal, has the level INFO ("
        in (done.stderr)
    )
    assert "await logger.debug('debug: n is %s', n)" in once["shared.py"]
    printlint("fix")
    assert texts(tmp_path) == once


def test_a_module_that_only_fills_a_table_when_a_test_imports_it_is_no_program(printlint: Run, tmp_path: Path) -> None:
    table = f"TABLE = {{}}\n\n\n{SERVICE}\n\nfor n in range(3):\n    TABLE[n] = run\n"
    write_files(tmp_path, {"table.py": table, "tests/test_table.py": "import table\n"})
    printlint("fix")
    assert "logger.info(" in texts(tmp_path)["table.py"]
    assert "setup_logging" not in texts(tmp_path)["table.py"]


def test_what_becomes_of_a_program_is_said(printlint: Run, tmp_path: Path) -> None:
    write_files(tmp_path, PROGRAMS["a guard, and what it imports"].files)
    seen = printlint("fix", "--diff")
    assert seen.stdout.index("+++ b/work.py") < seen.stdout.index("+++ b/logging_setup.py")
    assert 'main.py:4: would set up logging in the `if __name__ == "__main__"`' in seen.stderr
    done = printlint("fix")
    assert "wrote logging_setup.py, a new file; add it to version control" in done.stderr
    line = texts(tmp_path)["main.py"].splitlines().index("    work.work(3)") + 1
    assert f'main.py:{line}: set up logging in the `if __name__ == "__main__"`' in done.stderr


def test_a_new_file_is_named_even_where_nothing_else_is_said(printlint: Run, tmp_path: Path) -> None:
    write_files(tmp_path, PROGRAMS["a script"].files)
    done = printlint("fix", "--quiet")
    assert done.stderr == "wrote logging_setup.py, a new file; add it to version control\n"


def test_a_configuration_is_kept_and_named(printlint: Run, tmp_path: Path) -> None:
    write_files(tmp_path, PROGRAMS["a dictConfig in another file"].files)
    done = printlint("fix")
    assert "main.py:5: logging is configured by `dictConfig` (settings.py:5)" in done.stderr


def test_what_a_line_of_another_file_cures_is_counted_as_fixed(printlint: Run, tmp_path: Path) -> None:
    write_files(tmp_path, PROGRAMS["loggers that another file makes"].files)
    done = printlint("fix", "-v")
    assert "1 finding fixed by the set-up module, 0 left" in done.stderr
    assert "jobs.py:5:5: PRT401 rewritten" in done.stderr
    assert "main.py:6: logging is configured by `basicConfig` (log.py:4), and unblocked there" in done.stderr


def test_a_script_that_a_configured_one_imports_is_named_and_not_set_up(printlint: Run, tmp_path: Path) -> None:
    """Its own set-up would be a second one where it is imported."""
    update = (
        "import logging\nimport sys\n\nlogging.basicConfig(stream=sys.stdout, level='INFO', format='%(message)s')\n"
    )
    files = {"work.py": WORK, "launch.py": "import work\n\nwork.work(3)\n", "start.sh": "python launch.py\n"}
    write_files(tmp_path, {**files, "update.py": f"{update}\nfrom launch import *\n"})
    done = printlint("fix")
    assert done.returncode == 1
    wanted = "work.py:2: not rewritten, since the message would be lost: logging is not set up: update.py imports"
    assert wanted in done.stderr
    assert (tmp_path / "launch.py").read_text() == files["launch.py"]
    assert heard(tmp_path, ("update.py",)) == [WORKED]


def test_what_tests_log_is_no_reason_to_unblock(printlint: Run, tmp_path: Path) -> None:
    files = PROGRAMS["loggers that another file makes"].files
    files = {"log.py": files["log.py"], "tests/test_jobs.py": files["jobs.py"], "main.py": "import log\n"}
    write_files(tmp_path, files)
    before = texts(tmp_path)
    printlint("fix")
    assert texts(tmp_path) == before


def test_no_setup_unblocks_nothing(printlint: Run, tmp_path: Path) -> None:
    write_files(tmp_path, PROGRAMS["loggers that another file makes"].files)
    before = texts(tmp_path)
    done = printlint("fix", "--no-setup")
    assert (done.returncode, texts(tmp_path)) == (1, before)
    assert "PRT401" in done.stdout
    assert "configured" not in done.stderr


def test_no_setup_writes_and_wires_none_and_says_what_is_lost(printlint: Run, tmp_path: Path) -> None:
    write_files(tmp_path, PROGRAMS["a guard, and what it imports"].files)
    done = printlint("fix", "--no-setup")
    assert done.returncode == 1
    assert "main.py:4: logging is not set up: --no-setup was given" in done.stderr
    assert "logger.info" in (tmp_path / "work.py").read_text()
    assert not (tmp_path / "logging_setup.py").exists()


def test_a_start_that_was_not_given_is_left_alone_and_named(printlint: Run, tmp_path: Path) -> None:
    files = PROGRAMS["a guard, and what it imports"].files
    write_files(tmp_path, files)
    done = printlint("fix", "work.py")
    assert done.returncode == 1
    reason = "logging is not set up: main.py is not among the given paths; run `printlint init`"
    assert f"work.py:2: not rewritten, since the message would be lost: {reason}" in done.stderr
    assert texts(tmp_path) == files
    assert f"main.py:4: {reason}" in printlint("fix", "--unsafe-fixes", "--diff", "work.py").stderr
    printlint("init", ".")
    assert printlint("fix", "work.py").returncode == 0
    assert "print(" not in (tmp_path / "work.py").read_text()
    assert heard(tmp_path, ("main.py",)) == [WORKED]


def test_a_library_is_not_set_up(printlint: Run, tmp_path: Path) -> None:
    write_files(tmp_path, {"lib/__init__.py": "", "lib/work.py": WORK, "tests/test_lib.py": "import lib.work\n"})
    assert printlint("fix").returncode == 0
    assert not list(tmp_path.rglob("logging_setup.py"))


def test_a_program_of_which_nothing_was_rewritten_is_left_alone(printlint: Run, tmp_path: Path) -> None:
    write_files(tmp_path, {"main.py": "def main():\n    return 3\n\n\nif __name__ == '__main__':\n    main()\n"})
    before = texts(tmp_path)
    assert printlint("fix").returncode == 0
    assert texts(tmp_path) == before


def test_a_program_that_says_no_more_than_before_is_not_set_up(printlint: Run, tmp_path: Path) -> None:
    """A call that is only spelled otherwise is no new message."""
    text = "import logging\n\nlogger = logging.getLogger(__name__)\n\n\ndef main():\n    logger.{}('x')\n"
    text += "\n\nif __name__ == '__main__':\n    main()\n"
    write_files(tmp_path, {"main.py": text.format("warn")})
    assert printlint("fix").returncode == 0
    assert texts(tmp_path) == {"main.py": text.format("warning")}


def test_standard_input_gets_no_set_up(child: Run, tmp_path: Path) -> None:
    program = PROGRAMS["a script"].files["main.py"]
    write_files(tmp_path, {"main.py": program})
    done = child("fix", "-", "--stdin-filename", "main.py", input=program)
    assert "logger.info" in done.stdout
    assert "setup_logging" not in done.stdout
    assert not (tmp_path / "logging_setup.py").exists()


def test_a_trial_rolls_the_set_up_back_with_its_file(child: Run, tmp_path: Path) -> None:
    write_files(tmp_path, PROGRAMS["a guard, and what it imports"].files)
    done = child("fix", "--verify", "! grep -q setup_logging main.py")
    assert done.returncode == 1, done.stderr
    assert "print(" in (tmp_path / "work.py").read_text()
    assert not (tmp_path / "logging_setup.py").exists()
    assert "since the message would be lost: logging is not set up: rolled back, since" in done.stderr
    again = child("fix", "--verify", f"{sys.executable} main.py")
    assert again.returncode == 0


def test_a_handler_that_the_root_logger_has_stays(printlint: Run, tmp_path: Path) -> None:
    """What starts the program has given the root logger a handler: each message is heard once, as that writes it."""
    write_files(tmp_path, PROGRAMS["a guard, and what it imports"].files)
    host = textwrap.dedent(
        """
        import logging, runpy, sys
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("host: %(message)s"))
        logging.getLogger().addHandler(handler)
        runpy.run_path("main.py", run_name="__main__")
        """
    )
    assert printlint("fix").returncode == 0
    assert heard(tmp_path, ("-c", host)) == [f"host: {WORKED}"]


def test_handlers_that_cannot_be_unblocked_leave_the_prints(printlint: Run, tmp_path: Path) -> None:
    """An `await` would not help: the start was not given, and its handler blocks."""
    program = PROGRAMS["a service with basicConfig"]
    write_files(tmp_path, program.files)
    done = printlint("fix", "-v", "jobs.py")
    assert done.returncode == 1
    assert (tmp_path / "jobs.py").read_text() == SERVICE
    assert not (tmp_path / "logging_setup.py").exists()
    reason = (
        "an `await` would not help: the handlers added by `basicConfig` (main.py:7) block, and cannot be unblocked: "
    )
    assert f"{reason}main.py is not among the given paths" in done.stdout


OWN_EMIT = """\
class Forward(logging.{base}):
    def emit(self, record):
        print(record.getMessage())


"""
NO_EMIT = """\
class Forward(logging.{base}):
    terminator = ";"


"""


@pytest.mark.parametrize(
    ("base", "text", "more", "unblocked"),
    [
        ("Handler", OWN_EMIT, "", False),
        ("StreamHandler", OWN_EMIT, "", False),
        ("StreamHandler", NO_EMIT, "", True),
        ("Handler", OWN_EMIT, ", logging.StreamHandler()", True),
    ],
    ids=["own", "own-stream", "inherited", "own-and-another"],
)
def test_what_unblock_would_leave_alone_is_not_awaited(
    printlint: Run, tmp_path: Path, base: str, text: str, more: str, unblocked: bool
) -> None:
    """The set-up module does not take a handler to its thread that the project's own code writes with."""
    set_up = f"{text.format(base=base)}logging.basicConfig(handlers=[Forward(){more}], level=logging.INFO)\n"
    write_files(tmp_path, {"main.py": f"{SIMPLE}{set_up}{START}", "jobs.py": SERVICE})
    done = printlint("fix", "-v", "--select", "PRT101,PRT401")
    assert ("unblock()" in (tmp_path / "main.py").read_text()) is unblocked
    assert ("await" in (tmp_path / "jobs.py").read_text().replace(SERVICE, "")) is unblocked
    assert ("`Forward` has an `emit` of its own" in done.stdout) is not unblocked


FORMATTER = """
class Short(logging.Formatter):
    def format(self, record):
        {body}
        return super().format(record)


handler = logging.StreamHandler()
handler.setFormatter(Short())
logging.getLogger().addHandler(handler)
logging.getLogger().setLevel(logging.INFO)
"""
CHANGES = "record.levelname = record.levelname.lower()"
READS = "import main\n\n\ndef test_work(caplog):\n    assert caplog.records == []\n"


@pytest.mark.parametrize(
    ("head", "body", "test", "told"),
    [
        ("", CHANGES, READS, "`Short` changes records, which test_main.py reads"),
        ("", CHANGES, "import main\n\n\ndef test_work():\n    pass\n", ""),  # nobody sees that it is done later
        ("", "record.short = record.name[:3]", READS, ""),  # a field of its own
        ("", "pass", READS, ""),
        ("own = threading.local()\n", "own.n = 1\n        record.n = own.n", "", "`Short` depends on the thread"),
        ("", "record.thread_of = threading.current_thread().name", "", "`Short` depends on the thread that logs"),
        ("", "record.threads = threading.active_count()", "", ""),
    ],
)
def test_handlers_stay_whose_formatter_cannot_go_along(
    inside: Run, tmp_path: Path, head: str, body: str, test: str, told: str
) -> None:
    main = f"import asyncio\nimport logging\nimport threading\n\n{head}\n{FORMATTER.format(body=body)}\n\n{SERVICE}"
    write_files(tmp_path, {"main.py": f"{main}{GUARD}    asyncio.run(run())\n", "test_main.py": test})
    done = inside("fix", "main.py", "-v")
    assert ("unblock()" in (tmp_path / "main.py").read_text()) == (told == "")
    assert told in done.stdout


HEALER = """\
import logging

log = logging.getLogger({name!r})
log.addHandler(logging.FileHandler("healer.log"))


async def heal():
    log.info("healed")

if __name__ == "__main__":
    heal()
"""


@pytest.mark.parametrize(("name", "unblocked"), [("Healer", True), ("", False), ("jobs", False)])
def test_a_handler_that_stays_concerns_those_whose_records_reach_it(
    printlint: Run, tmp_path: Path, name: str, unblocked: bool
) -> None:
    """A file that is run and imported gets no set-up module, so its handlers block; others need not mind them."""
    main = f"from tools import healer\n\n{UNBLOCKED['basicConfig']}{START}"
    files = {"main.py": f"{SIMPLE}{main}", "jobs.py": SERVICE, "tools/__init__.py": ""}
    write_files(tmp_path, {**files, "tools/healer.py": HEALER.format(name=name)})
    done = printlint("fix", "-v", "--select", "PRT101,PRT401")
    assert ("await" in (tmp_path / "jobs.py").read_text()) is unblocked
    assert ("unblock()" in (tmp_path / "main.py").read_text()) is unblocked
    assert (tmp_path / "tools" / "healer.py").read_text() == HEALER.format(name=name)
    assert ("tools/healer.py:4) block, and cannot be unblocked" in done.stdout) is not unblocked


def test_a_print_waits_where_its_logger_writes_to_a_file_alone(printlint: Run, tmp_path: Path) -> None:
    """The handler is the program's configuration, beside which no other is set up: the terminal would get nothing."""
    text = HEALER.format(name="Healer").replace(
        'async def heal():\n    log.info("', 'def heal():\n    print("connecting to '
    )
    write_files(tmp_path, {"healer.py": text})
    done = printlint("fix", "-v", "--select", "PRT101")
    assert (tmp_path / "healer.py").read_text() == text
    assert "records of `Healer` go to the FileHandler (healer.py:4), not to the terminal" in done.stdout


def test_a_queue_handler_of_the_programs_own_is_enough(printlint: Run, tmp_path: Path) -> None:
    set_up = "import queue\nfrom logging.handlers import QueueHandler\n\nlogging.getLogger().addHandler(QueueHandler(queue.Queue()))\n"
    write_files(tmp_path, {"main.py": f"{SIMPLE}{set_up}{START}", "jobs.py": SERVICE})
    printlint("fix")
    assert "unblock" not in (tmp_path / "main.py").read_text()


HOSTED = {
    "Home Assistant": {
        "custom_components/lamp/manifest.json": '{"domain": "lamp", "name": "Lamp"}',
        "custom_components/lamp/__init__.py": "from homeassistant.core import HomeAssistant\n\n\n"
        "def stop(event):\n    print('stopping')\n\n\nasync def start(hass: HomeAssistant):\n    print('starting')\n",
    },
    "Airflow": {
        "dags/load.py": "from airflow import DAG\nfrom airflow.operators.python import PythonOperator\n\n\n"
        "def load(**context):\n    print('loading', context)\n\n\n"
        "with DAG('load') as dag:\n    PythonOperator(task_id='load', python_callable=load)\n"
    },
}


@pytest.mark.parametrize("host", HOSTED)
def test_nothing_is_set_up_where_a_host_configures_logging(printlint: Run, tmp_path: Path, host: str) -> None:
    write_files(tmp_path, HOSTED[host])
    done = printlint("fix")
    name = list(HOSTED[host])[-1]
    text = (tmp_path / name).read_text()
    assert "logger.info(" in text
    assert "print(" not in text
    assert "await" not in text
    assert "setup_logging" not in text
    assert not list(tmp_path.rglob("logging_setup.py"))
    assert f"{name}:1: {host} runs this code and configures logging" in done.stderr


DISCORD = """
import logging
class Client:
    def run(self, token, *, log_handler=True):
        log = logging.getLogger("discord")
        if log_handler is not None:
            log.addHandler(logging.StreamHandler())
            log.setLevel(logging.INFO)
        log.info("connecting")
"""


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        ("client.run('x')", "client.run('x', log_handler=None)"),
        ("client.run('x', )", "client.run('x', log_handler=None )"),
        ("client.run(\n    'x'\n)", "client.run(\n    'x', log_handler=None\n)"),
        ("client.run('x', log_handler=None)", "client.run('x', log_handler=None)"),
    ],
)
def test_a_client_of_discord_logs_once(printlint: Run, tmp_path: Path, call: str, wanted: str) -> None:
    other = "jobs = type('Jobs', (), {'run': len})\njobs.run('x')\n"
    main = f"import discord\n\nimport work\n\nclient = discord.Client()\n{other}work.work(3)\n{call}\n"
    write_files(tmp_path, {"main.py": main, "work.py": WORK})
    assert printlint("fix").returncode == 0
    assert other in (tmp_path / "main.py").read_text()
    assert wanted in (tmp_path / "main.py").read_text()
    (tmp_path / "discord.py").write_text(DISCORD)
    assert heard(tmp_path, ("main.py",)) == [WORKED, "connecting"]


def test_the_handler_of_a_platform_keeps_the_platforms_handler(printlint: Run, tmp_path: Path) -> None:
    handler = "import json\n\n\ndef lambda_handler(event, context):\n    print('working on', event['n'])\n    return json.dumps(event)\n"
    template = (
        "Resources:\n  Work:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: app.lambda_handler\n"
    )
    write_files(tmp_path, {"app.py": handler, "template.yaml": template})
    assert printlint("fix").returncode == 0
    assert "setup_logging()" in (tmp_path / "app.py").read_text()
    platform = """
        import logging, sys
        class LambdaLoggerHandler(logging.Handler):
            def emit(self, record):
                sys.stdout.write(f"{self.format(record)}\\n")
        root = logging.getLogger()
        root.addHandler(LambdaLoggerHandler())
        from app import lambda_handler
        lambda_handler({"n": 3}, None)
        assert len(root.handlers) == 1 and root.level == logging.INFO
    """
    assert heard(tmp_path, ("-c", textwrap.dedent(platform))) == [WORKED]
    once = texts(tmp_path)
    printlint("fix")
    assert texts(tmp_path) == once


DEMO = f"import sys\n\n\n{WORK}{GUARD}    work(3)\n    sys.exit(0)\n"


@pytest.mark.parametrize(("demo", "line"), [(DEMO, True), (DEMO.replace("sys\n", "multiprocessing, sys\n", 1), False)])
def test_a_demonstration_in_a_package_gets_a_line(printlint: Run, tmp_path: Path, demo: str, line: bool) -> None:
    """Run by its path, it cannot import the set-up module that the package's program has."""
    files = {"app/__init__.py": "", "app/part.py": demo, "main.py": f"import app.part{GUARD}    app.part.work(3)\n"}
    write_files(tmp_path, files)
    done = printlint("fix")
    assert ("basicConfig" in (tmp_path / "app" / "part.py").read_text()) is line
    assert done.returncode == (0 if line else 1)
    assert heard(tmp_path, ("main.py",)) == [WORKED]
    assert heard(tmp_path, ("app/part.py",)) == [WORKED]
    once = texts(tmp_path)
    printlint("fix")
    assert texts(tmp_path) == once


def test_lone_scripts_beside_a_program_get_a_line(printlint: Run, tmp_path: Path) -> None:
    """Each would have a set-up module for itself alone."""
    script = "import sys\n\n\ndef work(n):\n    print('working on', n)\n\n\nwork(3)\nsys.exit(0)\n"
    main = f"import asyncio\n\nimport jobs{GUARD}    asyncio.run(jobs.run())\n"
    write_files(tmp_path, {"tools/a/load.py": script, "tools/b/save.py": script, "app/main.py": main})
    write_files(tmp_path, {"app/jobs.py": SERVICE})
    assert printlint("fix").returncode == 0
    assert [path.parent.name for path in tmp_path.rglob("logging_setup.py")] == ["app"]
    for command in ("tools/a/load.py", "tools/b/save.py", "app/main.py"):
        assert heard(tmp_path, (command,)) == [WORKED]
    once = texts(tmp_path)
    assert printlint("fix").returncode == 0
    assert texts(tmp_path) == once


def test_a_lone_script_beside_a_program_that_is_unblocked_gets_a_line(printlint: Run, tmp_path: Path) -> None:
    script = f"import sys\n\n\n{WORK}{GUARD}    work(3)\n    sys.exit(0)\n"
    main = SIMPLE + UNBLOCKED["basicConfig"] + START
    files = {"app/main.py": main, "app/jobs.py": SERVICE, "app/count.py": script, "later/load.py": script}
    commands = "".join(f"python {file}\n" for file in ("app/main.py", "app/count.py", "later/load.py"))
    write_files(tmp_path, {**files, "run.sh": commands})
    assert printlint("fix").returncode == 0
    assert [path.parent.name for path in tmp_path.rglob("logging_setup.py")] == ["app"]
    assert "basicConfig" in (tmp_path / "later" / "load.py").read_text()
    assert heard(tmp_path, ("later/load.py",)) == [WORKED]


PARTS = {
    "core/core/__init__.py": "import asyncio\n\n\nasync def load(n):\n    print('loading', n)\n    await asyncio.sleep(0)\n",
    "tool/tool/__init__.py": "",
    "tool/tool/__main__.py": f"import asyncio\n\nimport core{GUARD}    asyncio.run(core.load(3))\n",
}


@pytest.mark.parametrize(
    ("metadata", "places"),
    [
        ("[project]\nname = 'part'\n", ["core/core", "tool/tool"]),
        ("[tool.ruff]\nline-length = 100\n", ["tool/tool"]),  # both are there wherever one is
    ],
)
def test_a_distribution_gets_a_set_up_of_its_own(
    printlint: Run, tmp_path: Path, metadata: str, places: list[str]
) -> None:
    files = {f"{name}/pyproject.toml": metadata for name in ("core", "tool")}
    write_files(tmp_path, {**PARTS, **files, "run.sh": "export PYTHONPATH=core:tool\npython -m tool\n"})
    printlint("fix")
    found = sorted(path.parent.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("logging_setup.py"))
    assert found == places
    assert heard(
        tmp_path,
        ("-c", "import sys; sys.path += ['core', 'tool']; import runpy; runpy.run_module('tool', run_name='__main__')"),
    ) == ["loading 3"]


@pytest.mark.parametrize(
    ("body", "wired"),
    [
        ("_test()", False),
        ("from lib import run_doctest\n    run_doctest()", False),
        ("sys.exit(self_test())", True),  # what it gives is used
        ("work(3)\n    _test()", True),
        ("latest()", True),
    ],
)
def test_a_guard_that_tests_its_file_is_no_program(printlint: Run, tmp_path: Path, body: str, wired: bool) -> None:
    (tmp_path / "jobs.py").write_text(f"import sys\n\n\n{WORK}\n\ndef caller():\n    work(1)\n{GUARD}    {body}\n")
    printlint("fix", "--no-detect-interface")
    text = (tmp_path / "jobs.py").read_text()
    assert ("setup_logging()" in text or "basicConfig" in text) is wired


@pytest.mark.parametrize(
    ("head", "guarded"),
    [
        ("from app.logging_setup import setup_logging", "setup_logging()\n"),
        ("import logging\nimport sys", UNBLOCKED["basicConfig"]),
    ],
    ids=["set up", "configured"],
)
def test_the_guard_of_an_imported_file_sets_nothing_up(printlint: Run, tmp_path: Path, head: str, guarded: str) -> None:
    part = f"{head}\n\n\n{WORK}{GUARD}    {guarded}    work(1)\n"
    main = f"import app.part{GUARD}    app.part.work(3)\n"
    write_files(tmp_path, {"app/__init__.py": "", "app/part.py": part, "main.py": main})
    (tmp_path / "app" / "logging_setup.py").write_text(setup_source("queue"))
    printlint("fix")
    assert "logger.info('working on %s', n)" in (tmp_path / "app" / "part.py").read_text()
    assert heard(tmp_path, ("main.py",)) == [WORKED]


def test_what_is_said_too_early_is_named(printlint: Run, tmp_path: Path) -> None:
    """Another file imports the start, and must not have logging set up for it."""
    main = f"import work\n\n\ndef run():\n    work.work(3){GUARD}    run()\n"
    files = {"work.py": f"print('ready')\n\n\n{WORK}", "main.py": main, "other.py": "from main import run\n"}
    write_files(tmp_path, files)
    done = printlint("fix")
    assert done.returncode == 1
    assert "work.py:5: not rewritten, since the message would be lost: it is logged before" in done.stderr
    assert heard(tmp_path, ("main.py",)) == ["ready", WORKED]
    done = printlint("fix", "--unsafe-fixes")
    assert done.returncode == 1
    assert "work.py:5: the message is lost: it is logged before logging is set up" in done.stderr


@pytest.mark.parametrize(
    "decorators",
    [
        "def step(f):\n    print('working on', 3)\n    return f\n\n\n@step\ndef work(n): ...\n",
        "def step(name):\n    def add(f):\n        print('working on', name)\n        return f\n    return add\n\n\n"
        "@step(3)\ndef work(n): ...\n",
    ],
    ids=["plain", "with arguments"],
)
def test_what_a_decorator_says_comes_when_the_file_is_imported(printlint: Run, tmp_path: Path, decorators: str) -> None:
    """The set-up has to be before the import, or the message stays a print."""
    write_files(
        tmp_path, {"work.py": decorators, "main.py": f"import work\n\n\ndef run():\n    work.work(3){GUARD}    run()\n"}
    )
    printlint("fix")
    assert heard(tmp_path, ("main.py",)) == [WORKED]


@pytest.mark.parametrize(
    ("name", "text", "taker"),
    [
        ("Dockerfile", "FROM python\nWORKDIR /app\nCOPY main.py .\nCMD python main.py\n", "Dockerfile:3"),
        ("docker/Dockerfile", "FROM python\nCOPY main.py README.md /app/\n", "docker/Dockerfile:2"),
        ("pyproject.toml", "[tool.setuptools]\npy-modules = ['main']\n", "py_modules"),
        ("setup.py", "from setuptools import setup\n\nsetup(name='x', py_modules=['main'])\n", "py_modules"),
        ("setup.cfg", "[options]\npy_modules =\n    main\n", "py_modules"),
        ("Dockerfile", "FROM python\nCOPY main.py .\nCOPY . .\nCMD python main.py\n", ""),
        ("Dockerfile", "FROM python\nCOPY *.py ./\nCMD python main.py\n", ""),
        ("Dockerfile", "FROM python\nCOPY --from=other main.py .\n", ""),
        ("pyproject.toml", "[tool.setuptools]\npy-modules = []\n", ""),
    ],
)
@pytest.mark.parametrize("waits", [True, False])
def test_a_module_that_would_be_left_out_is_not_written(
    printlint: Run, tmp_path: Path, name: str, text: str, taker: str, waits: bool
) -> None:
    """An image, or a distribution, that takes files by their names does not have the set-up module."""
    work = f"import asyncio\n\n\n{SERVICE}{GUARD}    asyncio.run(run())\n" if waits else f"{WORK}{GUARD}    work(3)\n"
    write_files(tmp_path, {"main.py": work, "README.md": "", name: text})
    done = printlint("fix", "--no-detect-interface", "-v")
    assert (tmp_path / "logging_setup.py").exists() is (not taker)
    assert (f"{taker}` takes files by their names" in done.stdout) is bool(taker and waits)
    assert ("basicConfig" in (tmp_path / "main.py").read_text()) is bool(taker and not waits)
    assert heard(tmp_path, ("main.py",)) == [WORKED]


def test_a_level_that_is_lost_is_named_once_a_file(printlint: Run, tmp_path: Path) -> None:
    main = "import logging, work\n\nlogging.basicConfig(level='ERROR')\nwork.work(3)\n"
    more = "\n\ndef rest(n):\n    print('WARNING: odd', n)\n    print('ERROR: no', n)\n    print('resting after', n)\n"
    write_files(tmp_path, {"work.py": WORK + more, "main.py": main})
    lost = [line for line in printlint("fix", "--unsafe-fixes").stderr.splitlines() if "the message is lost" in line]
    lines = texts(tmp_path)["work.py"].splitlines()
    places = [f"work.py:{lines.index(text) + 1}" for text in lines if "working on" in text or "odd" in text]
    assert [line.partition(": ")[0] for line in lost] == places


def test_a_set_up_module_without_a_block_that_is_needed_says_what_adds_it(printlint: Run, tmp_path: Path) -> None:
    main = f"{SIMPLE}{UNBLOCKED['basicConfig']}{START}"
    write_files(tmp_path, {"main.py": main, "jobs.py": SERVICE, "logging_setup.py": setup_source("queue")})
    done = printlint("fix", "-v")
    assert (
        "logging_setup.py lacks the block unblock; `printlint init --with unblock` adds it" in done.stdout + done.stderr
    )
    assert (tmp_path / "main.py").read_text() == main
    printlint("init", "--no-wire", "--with", "unblock")
    printlint("fix")
    assert "unblock()" in (tmp_path / "main.py").read_text()
    assert heard(tmp_path, ("main.py",)) == [WORKED]
