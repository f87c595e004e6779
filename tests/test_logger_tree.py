"""Handlers, propagation and levels across the files of a project, and its configuration files."""

from __future__ import annotations

import json
import logging
import logging.config
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run, clean_environment, write_files

MAIN = "import logging\nfrom app.audit import log\nlogging.basicConfig()\nlog.info('up')\n"
AUDIT = "import logging\nlog = logging.getLogger(__name__)\nlog.addHandler(logging.StreamHandler())\n"


pytestmark = [pytest.mark.inside, pytest.mark.system]  # nothing here depends on the Python


def write(folder: Path, files: dict[str, str]) -> None:
    write_files(folder, {"app/__init__.py": "", **files})


def check(printlint: Run, *codes: str) -> list[str]:
    return printlint("check", "--select", ",".join(codes), ".").stdout.splitlines()


def test_the_two_handlers_are_named_across_files(printlint: Run, tmp_path: Path) -> None:
    write(tmp_path, {"app/audit.py": AUDIT, "main.py": MAIN})
    assert check(printlint, "PRT301") == [
        "app/audit.py:3:1: PRT301 `log` writes twice, to a `StreamHandler` and the `basicConfig` "
        "handler of the root logger (main.py:3); set `propagate = False`"
    ]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, True),
        ({"run.py": "import app\n\nif __name__ == '__main__':\n    app.work()\n"}, False),
    ],
)
def test_a_library_leaves_basic_config_to_the_program(
    printlint: Run, tmp_path: Path, files: dict[str, str], found: bool
) -> None:
    start = "import logging\n\nlogging.basicConfig()\n\n\ndef work():\n    logging.basicConfig()\n"
    write(tmp_path, {"app/__init__.py": start, "pyproject.toml": "[project]\nname = 'app'\n", **files})
    assert [line.split()[:2] for line in check(printlint, "PRT308")] == [["app/__init__.py:3:1:", "PRT308"]] * found


@pytest.mark.parametrize(("script", "found"), [("app.tool:run", False), ("app.other:run", True)])
def test_a_file_that_a_console_script_starts_has_its_own_name(
    printlint: Run, tmp_path: Path, script: str, found: bool
) -> None:
    tool = "import logging\nimport app.logs\nlog = logging.getLogger(__name__)\n\n\ndef run():\n    log.error('down')\n"
    tool += "\n\nif __name__ == '__main__':\n    run()\n"
    logs = "import logging\nlogging.getLogger('app').addHandler(logging.FileHandler('app.log'))\n"
    pyproject = f"[project]\nname = 'app'\n[project.scripts]\ntool = '{script}'\n"
    write(tmp_path, {"app/tool.py": tool, "app/logs.py": logs, "pyproject.toml": pyproject})
    assert bool(check(printlint, "PRT312")) == found


def test_a_level_of_a_logger_that_a_class_has_counts(printlint: Run, tmp_path: Path) -> None:
    audit = "import logging\nclass Audit:\n    log = logging.getLogger(__name__)\n"
    audit += "Audit.log.setLevel(logging.ERROR)\ndef work():\n    print('done with it')\n"
    main = "import logging\nfrom app.audit import work\nlogging.basicConfig()\nwork()\n"
    write(tmp_path, {"app/audit.py": audit, "main.py": main})
    assert "audit.py:4" in printlint("fix", "--no-setup", "-v", "app").stdout
    assert (tmp_path / "app/audit.py").read_text() == audit


def test_what_was_predicted_happens_and_fix_ends_it(printlint: Run, tmp_path: Path) -> None:
    main = MAIN.replace("basicConfig()", "basicConfig(level='INFO', format='%(message)s')")
    write(tmp_path, {"app/audit.py": AUDIT, "main.py": main})

    def run() -> str:
        command = [sys.executable, "main.py"]
        return subprocess.run(
            command, cwd=tmp_path, env=clean_environment(), capture_output=True, text=True, check=True
        ).stderr

    assert run() == "up\nup\n"
    assert printlint("fix", "--select", "PRT301", ".").returncode == 0
    assert run() == "up\n"


@pytest.mark.parametrize(
    "other",
    [
        "import logging\nlogging.getLogger('app.audit').propagate = False\n",
        "import logging.config\n"
        "logging.config.dictConfig({'version': 1, 'loggers': {'app.audit': {'propagate': False}}})\n",
    ],
)
def test_propagate_may_be_set_in_another_file(printlint: Run, tmp_path: Path, other: str) -> None:
    write(tmp_path, {"app/audit.py": AUDIT, "app/setup.py": other.replace("setup", "set_up"), "app/set_up.py": other})
    assert check(printlint, "PRT301") == []


@pytest.mark.parametrize(("main", "told"), [("import set_up, app.audit\n", True), ("import app.audit\n", False)])
def test_a_file_that_a_third_imports_with_the_module_has_a_say(
    printlint: Run, tmp_path: Path, main: str, told: bool
) -> None:
    write(tmp_path, {"app/audit.py": AUDIT, "set_up.py": "import logging\nlogging.basicConfig()\n", "main.py": main})
    assert any("(set_up.py:2)" in line for line in check(printlint, "PRT301")) is told


def test_a_program_that_does_not_run_with_the_module_has_no_say(printlint: Run, tmp_path: Path) -> None:
    write(tmp_path, {"app/audit.py": AUDIT, "other.py": "import logging\nlogging.basicConfig()\n"})
    (line,) = check(printlint, "PRT301")
    assert "`log` has a handler and propagates" in line


def test_a_logger_between_that_does_not_propagate_ends_the_walk(printlint: Run, tmp_path: Path) -> None:
    between = "import logging\nlogging.getLogger('app').propagate = False\n"
    write(tmp_path, {"app/audit.py": AUDIT, "app/__init__.py": between, "main.py": MAIN})
    (line,) = check(printlint, "PRT301")
    assert "`log` has a handler and propagates" in line


CONFIG = {
    "version": 1,
    "handlers": {"console": {"class": "logging.StreamHandler"}, "file": {"class": "logging.FileHandler"}},
    "loggers": {
        "app": {"handlers": ["console"], "level": "INFO"},
        "app.quiet": {"handlers": ["console"], "propagate": False},
    },
    "root": {"handlers": ["console"]},
}
YAML = """\
logging:
  version: 1
  handlers: {console: {class: logging.StreamHandler}}
  loggers:
    app:
      handlers: [console]
    app.quiet: {handlers: [console], propagate: false}
  root:
    handlers: [console]
"""
TOML = """\
[tool.app.logging]
version = 1
[tool.app.logging.handlers.console]
class = "logging.StreamHandler"
[tool.app.logging.loggers.app]
handlers = ["console"]
[tool.app.logging.loggers."app.quiet"]
handlers = ["console"]
propagate = false
[tool.app.logging.root]
handlers = ["console"]
"""
INI = """\
[loggers]
keys = root, app, quiet
[handlers]
keys = console
[formatters]
keys =
[logger_root]
handlers = console
[logger_app]
qualname = app
handlers = console
[logger_quiet]
qualname = app.quiet
propagate = 0
handlers = console
[handler_console]
class = StreamHandler
args = ()
"""


@pytest.mark.parametrize(
    ("name", "text", "load", "line"),
    [
        ("log.json", json.dumps(CONFIG, indent=1), "dictConfig(json.load(open('log.json')))", 12),
        ("conf/log.yaml", YAML, "dictConfig(yaml.safe_load(open(HERE / 'log.yaml'))['logging'])", 5),
        ("log.toml", TOML, "dictConfig(tomllib.loads(open('log.toml').read())['tool']['app']['logging'])", 5),
        ("log.ini", INI, "fileConfig('log.ini')", 9),
    ],
)
def test_configuration_files_that_are_loaded_are_read(
    printlint: Run, tmp_path: Path, name: str, text: str, load: str, line: int
) -> None:
    write(tmp_path, {name: text, "app/start.py": f"import logging.config\n\ndef start():\n    logging.config.{load}\n"})
    assert check(printlint, "PRT302") == [
        f"app/start.py:4:5: PRT302 Logger `app` writes records twice, to `console` and the root "
        f"logger's `console` ({name}:{line}); set `propagate` to `False`"
    ]
    left = printlint("fix", "--select", "PRT302", "-v", ".").stdout
    assert "is in a file of its own" in left


@pytest.mark.parametrize("text", ["{", "[1, 2]", '{"version": 1}', "\x00", "[" * 5_000])
def test_what_is_no_configuration_is_silent(printlint: Run, tmp_path: Path, text: str) -> None:
    for name in ("log.json", "log.yaml", "log.toml", "log.ini"):
        (tmp_path / name).write_text(text)
    loads = "".join(f"    logging.config.dictConfig(load('log.{end}'))\n" for end in ("json", "yaml", "toml"))
    start = f"import logging.config\ndef start():\n{loads}    logging.config.fileConfig('log.ini')\n"
    write(tmp_path, {"app/start.py": start})
    assert check(printlint, "PRT3") == []


def test_a_file_that_two_folders_have_is_not_guessed(printlint: Run, tmp_path: Path) -> None:
    start = "import logging.config\nlogging.config.fileConfig(HERE + '/log.ini')\n"
    write(tmp_path, {"a/log.ini": INI, "b/log.ini": INI, "app/start.py": start})
    assert check(printlint, "PRT302") == []


def test_a_duplicate_that_is_written_out_is_told_and_left(printlint: Run, tmp_path: Path) -> None:
    config = json.loads(json.dumps(CONFIG))
    config["loggers"]["app"]["propagate"] = True
    write(tmp_path, {"app/start.py": f"import logging.config\nlogging.config.dictConfig({config!r})\n"})
    (line,) = check(printlint, "PRT302")
    assert "writes records twice" in line
    assert (
        "`propagate` is explicitly true" in printlint("fix", "--select", "PRT302", "--unsafe-fixes", "-v", ".").stdout
    )


def test_handlers_for_different_ends_are_not_called_a_duplicate(printlint: Run, tmp_path: Path) -> None:
    config = json.loads(json.dumps(CONFIG))
    config["root"]["handlers"] = ["file"]
    write(tmp_path, {"app/start.py": f"import logging.config\nlogging.config.dictConfig({config!r})\n"})
    (line,) = check(printlint, "PRT302")
    assert "writes to `console` and the root logger's `file`" in line


# disable_existing_loggers

DB = "import logging\nlogger = logging.getLogger(__name__)\n"
SET_UP = "import logging.config\n\ndef set_up():\n    logging.config.dictConfig({'version': 1})\n"
RUN = "from app.set_up import set_up\nfrom app import db\n\nset_up()\n"


def test_loggers_that_exist_by_then_are_silenced(printlint: Run, tmp_path: Path) -> None:
    write(tmp_path, {"app/db.py": DB, "app/set_up.py": SET_UP, "main.py": RUN})
    assert check(printlint, "PRT306") == [
        "app/set_up.py:4:31: PRT306 `disable_existing_loggers` disables `app.db`; set it to `False`"
    ]
    done = subprocess.run(
        [sys.executable, "-c", "import main, logging; print(logging.getLogger('app.db').disabled)"],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "True\n"


def test_new_loggers_stay_enabled_after_one_run(printlint: Run, tmp_path: Path) -> None:
    db = "def load(name):\n    print('loading', name)\n    return name.upper()\n"
    set_up = SET_UP.replace("'version': 1", "'version': 1, 'root': {'level': 'INFO'}")
    write(tmp_path, {"app/db.py": db, "app/set_up.py": set_up, "main.py": RUN})
    printlint("fix", "--isolated", "--unsafe-fixes", ".")
    assert "logger.info('loading %s', name)" in (tmp_path / "app" / "db.py").read_text()
    assert "'disable_existing_loggers': False" in (tmp_path / "app" / "set_up.py").read_text()


@pytest.mark.parametrize(
    "files",
    [
        {"main.py": "from app.set_up import set_up\n\nset_up()\nfrom app import api\n"},
        {"main.py": "from app.set_up import set_up\n\nset_up()\n"},
        {"app/set_up.py": SET_UP.replace("'version': 1", "'version': 1, 'disable_existing_loggers': False")},
        {"app/set_up.py": SET_UP.replace("'version': 1", "'version': 1, 'loggers': {'app': {}}")},
        {"app/set_up.py": SET_UP.replace("'version': 1", "'version': 1, 'disable_existing_loggers': FLAG")},
        {"app/set_up.py": SET_UP.replace("'version': 1", "'version': 1, 'incremental': True")},
        {"app/set_up.py": "LOGGING = {'version': 1}\n"},
    ],
)
def test_loggers_that_stay_enabled_are_not_told(printlint: Run, tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path, {"app/db.py": DB, "app/set_up.py": SET_UP, "main.py": RUN, **files})
    if "main.py" in files:
        (tmp_path / "app" / "db.py").rename(tmp_path / "app" / "api.py")
    assert check(printlint, "PRT306") == []


def test_file_config_silences_too(printlint: Run, tmp_path: Path) -> None:
    set_up = "import logging.config\n\ndef set_up():\n    logging.config.fileConfig('log.ini'{})\n"
    ini = INI.replace(", app, quiet", "")
    write(tmp_path, {"log.ini": ini, "app/db.py": DB, "app/set_up.py": set_up.format(""), "main.py": RUN})
    assert check(printlint, "PRT306") == [
        "app/set_up.py:4:5: PRT306 `disable_existing_loggers` disables `app.db` (log.ini); set it to `False`"
    ]
    write(tmp_path, {"app/set_up.py": set_up.format(", disable_existing_loggers=False")})
    assert check(printlint, "PRT306") == []


def test_pythons_own_rule_for_children_is_ours() -> None:
    """A logger below one that the configuration names stays enabled; one beside it does not."""
    below, beside = logging.getLogger("printlint_test.a.b"), logging.getLogger("printlint_test.ab")
    logging.config.dictConfig({"version": 1, "loggers": {"printlint_test.a": {}}})
    assert (below.disabled, beside.disabled) == (False, True)
    for name in list(logging.root.manager.loggerDict):
        logging.getLogger(name).disabled = False


# Levels

QUIET = "import logging\nlog = logging.getLogger(__name__)\n\ndef f():\n    log.info('x')\n    log.debug('y')\n"


@pytest.mark.parametrize(
    ("setting", "where"),
    [
        (
            "import logging\nlogging.getLogger('app.quiet').setLevel(logging.ERROR)\n",
            "Level `ERROR` (app/level.py:2)",
        ),
        (
            "import logging\nlogging.getLogger('app').setLevel('WARNING')\n",
            "Level `WARNING` of `app` (app/level.py:2)",
        ),
        (
            "import logging.config\n"
            "logging.config.dictConfig(\n {'version': 1, 'loggers':\n {'app': {'level': 30}}})\n",
            "Level `WARNING` of `app` (app/level.py:4)",
        ),
    ],
)
def test_a_level_set_elsewhere_swallows_all_calls(printlint: Run, tmp_path: Path, setting: str, where: str) -> None:
    write(tmp_path, {"app/quiet.py": QUIET, "app/level.py": setting})
    assert check(printlint, "PRT307") == [
        f"app/quiet.py:5:5: PRT307 {where} drops all 2 calls on `app.quiet`; lower it"
    ]


@pytest.mark.parametrize(
    "files",
    [
        {"app/level.py": "import logging\nlogging.getLogger('app.quiet').setLevel(logging.INFO)\n"},
        {"app/level.py": "import logging\nlogging.getLogger().setLevel(logging.ERROR)\n"},
        {
            "fuzz/level.py": "import logging\nlogging.getLogger('app.quiet').setLevel(logging.ERROR)\n",
            "fuzz/__init__.py": "",
        },
        {
            "app/level.py": "import logging\nlogging.getLogger('app').setLevel(logging.ERROR)\n"
            "def f(level):\n    logging.getLogger('app').setLevel(level)\n"
        },
        {
            "app/level.py": "import logging\nlogging.getLogger('app.quiet').setLevel(logging.ERROR)\n",
            "app/user.py": "from app.quiet import log\nlog.error('x')\n",
        },
        {
            "app/level.py": "import logging\nlogging.getLogger('app').setLevel(logging.INFO)\n",
            "app/quiet.py": QUIET.replace("info", "debug"),
        },
        {
            "app/quiet.py": QUIET.replace("info", "exception"),
            "app/level.py": "logging.getLogger('app.quiet').setLevel(30)\n",
        },
        {"app/quiet.py": QUIET.replace("info('x')", "log(level, 'x')")},
    ],
)
def test_a_level_that_lets_something_pass_is_not_told(printlint: Run, tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path, {"app/quiet.py": QUIET, **files})
    assert check(printlint, "PRT307") == []


@pytest.mark.parametrize(
    ("line", "dropped"),
    [
        ("logging.getLogger('app').setLevel('ERROR')", True),
        ("logging.getLogger('app').setLevel(35)", True),
        ("logging.getLogger('app').setLevel(25)", False),
        ("logging.getLogger('app').setLevel(logging.WARN)", False),
        ("logging.getLogger('app').setLevel(40)\nlogging.getLogger('app.db').setLevel(logging.NOTSET)", True),
        ("logging.getLogger('app').setLevel(40)\nlogging.getLogger('app.db').setLevel('INFO')", False),
        ("logging.getLogger('app.db').setLevel('FATAL')\nlogging.getLogger('app').setLevel(10)", True),
        ("logging.getLogger('ap').setLevel('ERROR')\nlogging.getLogger('app.d').setLevel('ERROR')", False),
    ],
)
def test_a_call_and_a_print_are_dropped_by_the_same_level(
    printlint: Run, tmp_path: Path, line: str, dropped: bool
) -> None:
    conn = "import logging\nlogger = logging.getLogger(__name__)\n"
    conn += "def f(x):\n    logger.warning('lost %s', x)\n    print('WARNING: lost', x)\n"
    write(tmp_path, {"app/__init__.py": f"import logging\n{line}\n", "app/db/__init__.py": "", "app/db/conn.py": conn})
    done = printlint("check", "--select", "PRT101,PRT307", "--output-format", "json", ".")
    found = {item["code"]: item["fix"] for item in json.loads(done.stdout)["findings"]}
    assert ("PRT307" in found) is dropped
    assert (found["PRT101"]["safety"] == "unsafe") is dropped
