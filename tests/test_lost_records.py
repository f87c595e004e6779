"""Prints whose records nobody would see are not rewritten by default; beside what merely looks like it, they are.

Each program is run before and after, with a handler at the root logger that writes bare messages.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import HANDLER, Run, clean_environment, write_files

from printlint.facts.delivery.lost_records import module_names
from printlint.names.layout import layout_of

LIB = "def f(x):\n    print('loaded', x)\n"
OWN = "import logging\nlogger = logging.getLogger(__name__)\n{}\ndef f(x):\n    print('loaded', x)\nf(1)\n"
MAIN = "import logging\nimport sys\nimport lib\n{}\nlib.f(1)\n"
QUIET = "version: 1\ndisable_existing_loggers: false\nloggers:\n  lib: {level: ERROR}\n"
LEVELS = "{'version': 1, 'disable_existing_loggers': False, 'loggers': {'lib': {'level': 'ERROR'}}}"
TO_A_FILE = (
    "logging.config.dictConfig({'version': 1, 'disable_existing_loggers': False, 'handlers': {'f': {'class': "
    "'logging.FileHandler', 'filename': 'x.log'}}, 'root': {'handlers': ['f'], 'level': 'DEBUG'}})"
)

pytestmark = [pytest.mark.inside, pytest.mark.system]  # nothing here depends on the Python


def written(folder: Path, files: dict[str, str]) -> Path:
    return write_files(folder, {"shim/sitecustomize.py": HANDLER, **files})


def printing(folder: Path, program: str | dict[str, str]) -> tuple[Path, Path]:
    """A program, as the text of `main.py` or as files: its folder, and the file with the print."""
    files = {"main.py": program} if isinstance(program, str) else program
    return written(folder, files), folder / next(name for name, text in files.items() if "print(" in text)


def output(folder: Path, main: str = "main.py") -> str:
    environment = clean_environment(PYTHONPATH=str(folder / "shim"))
    command = [sys.executable, main]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    ).stdout


def elsewhere(line: str, **more: str) -> dict[str, str]:
    return {"lib.py": LIB, "main.py": MAIN.format(line), **{f"{name}.py": text for name, text in more.items()}}


def class_of_loggers(method: str) -> dict[str, str]:
    main = f"import logging\nclass L(logging.Logger):\n    {method}\nlogging.setLoggerClass(L)\nimport lib\nlib.f(1)\n"
    return {"lib.py": LIB, "main.py": main}


LOST = {
    "disabled": OWN.format("logger.disabled = True"),
    "disabled by setattr": OWN.format("setattr(logger, 'disabled', True)"),
    "disabled in a function": OWN.format("def off():\n    logger.disabled = 1\noff()"),
    "disabled as a rule": OWN.format("QUIET = True\nlogger.disabled = QUIET"),
    "filter function": OWN.format("def errors(r):\n    return r.levelno >= 40\nlogger.addFilter(errors)"),
    "filter class": OWN.format(
        "class Errors(logging.Filter):\n    def filter(self, record):\n        return record.levelno > 30\n"
        "logger.addFilter(Errors())"
    ),
    "filter by name": OWN.format("logger.addFilter(logging.Filter('urllib3'))"),
    "filter in the list": OWN.format("logger.filters.append(lambda r: False)"),
    "filters that the list gets": OWN.format("logger.filters.extend([lambda r: False])"),
    "filters in the place of others": OWN.format("logger.filters[:] = [lambda r: False]"),
    "filter by its parameter": OWN.format("logger.addFilter(filter=lambda r: False)"),
    "filter of the handler": OWN.format(
        "import sys\nh = logging.StreamHandler(sys.stdout)\nh.addFilter(lambda r: False)\nlogger.addHandler(h)\n"
        "logger.propagate = False"
    ),
    "filter of a configuration": elsewhere(
        "import logging.config\nclass Never(logging.Filter):\n    def filter(self, record):\n        return False\n"
        "logging.config.dictConfig({'version': 1, 'disable_existing_loggers': False, 'filters': {'f': {'()': Never}}, "
        "'loggers': {'lib': {'filters': ['f']}}})"
    ),
    "filter assigned": OWN.format("logger.filters = [lambda r: 0]"),
    "filter that changes the text": OWN.format(
        "def mask(record):\n    record.msg = 'x'\n    return True\nlogger.addFilter(mask)"
    ),
    "file": OWN.format("logger.addHandler(logging.FileHandler('x.log'))\nlogger.propagate = False"),
    "file by a name": OWN.format("h = logging.FileHandler('x.log')\nlogger.addHandler(h)\nlogger.propagate = 0"),
    "null": OWN.format("logger.addHandler(logging.NullHandler())\nlogger.propagate = False"),
    "no handler": OWN.format("logger.propagate = False"),
    "own file handler": OWN.format(
        "import logging.handlers\nclass Daily(logging.handlers.TimedRotatingFileHandler):\n    pass\n"
        "logger.addHandler(Daily('x.log'))\nlogger.propagate = False"
    ),
    "buffer": OWN.format(
        "import io\nlogger.addHandler(logging.StreamHandler(io.StringIO()))\nlogger.propagate = False"
    ),
    "level of the handler": OWN.format(
        "import sys\nh = logging.StreamHandler(sys.stdout)\nh.setLevel(logging.ERROR)\nlogger.addHandler(h)\n"
        "logger.propagate = False"
    ),
    "level": OWN.format("logger.setLevel(logging.ERROR)"),
    "level as an attribute": OWN.format("logger.level = 40"),
    "level by setattr": OWN.format("setattr(logger, 'level', 40)"),
    "level of a constant": OWN.format("LEVEL = 'ERROR'\nlogger.setLevel(LEVEL)"),
    "level of the environment": OWN.format("import os\nlogger.setLevel(os.environ.get('LEVEL_OF', 'ERROR'))"),
    "level of an option": elsewhere(
        "from options import args\nlogging.getLogger().setLevel(getattr(logging, args.log_level.upper()))",
        options="import argparse\np = argparse.ArgumentParser()\np.add_argument('--log-level', default='ERROR')\n"
        "args = p.parse_args()\n",
    ),
    "level of an option of another name": elsewhere(
        "import options\nlogging.getLogger('lib').setLevel(options.args.noise.upper())",
        options="import argparse\np = argparse.ArgumentParser()\n"
        "p.add_argument('-l', dest='noise', default='warning')\nargs = p.parse_args()\n",
    ),
    "level of a setting": elsewhere(
        "from conf import settings\nlogging.getLogger().setLevel(settings.level)",
        conf="class Settings:\n    level: str = 'ERROR'\nsettings = Settings()\n",
    ),
    "level unless verbose": OWN.format("import sys\nlogger.setLevel(10 if '-v' in sys.argv else logging.WARNING)"),
    "level by how verbose": OWN.format("verbose = 0\nlogger.setLevel(logging.WARNING - 10 * verbose)"),
    "level of a parameter": OWN.format(
        "def setup(level=None):\n    if level is None:\n        level = logging.ERROR\n"
        "    logger.setLevel(level)\nsetup()"
    ),
    "level of an enumeration": OWN.format(
        "import enum\nclass Level(enum.IntEnum):\n    QUIET = 40\nlogger.setLevel(Level.QUIET)"
    ),
    "functions of logging": OWN.format("logging.disable()"),
    "functions of logging up to a level": OWN.format("logging.disable(logging.INFO)"),
    "functions of logging by the manager": OWN.format("logging.root.manager.disable = 50"),
    "level of the handler as an attribute": OWN.format(
        "import sys\nh = logging.StreamHandler(sys.stdout)\nh.level = 40\nlogger.addHandler(h)\n"
        "logger.propagate = False"
    ),
    "root": elsewhere("logging.getLogger().setLevel(logging.WARNING)"),
    "root by settings": elsewhere("settings = dict(level='ERROR')\nlogging.basicConfig(**settings, force=True)"),
    "root by basicConfig": elsewhere("logging.basicConfig(stream=sys.stdout, level='ERROR', force=True)"),
    "root as an attribute": elsewhere("logging.root.level = logging.WARNING"),
    "root by another name": elsewhere("from logging import root as top\ntop.setLevel(40)"),
    "named": elsewhere("logging.getLogger('lib').setLevel(logging.ERROR)"),
    "named in a loop": elsewhere("for name in ('a', 'lib'):\n    logging.getLogger(name).setLevel(40)"),
    "named in a table": elsewhere(
        "for name, level in {'lib': 40}.items():\n    logging.getLogger(name).setLevel(level)"
    ),
    "named in a comprehension": elsewhere("[logging.getLogger(n).setLevel(40) for n in ['lib']]"),
    "named by an argument": elsewhere("def hush(name):\n    logging.getLogger(name).setLevel(40)\nhush('lib')"),
    "named in two parts": elsewhere("part = 'li'\nlogging.getLogger(part + 'b').setLevel(40)"),
    "named by the first part": elsewhere("logging.getLogger('lib.x'.split('.')[0]).setLevel(40)"),
    "taken from the table": elsewhere("logging.getLogger('lib')\nlogging.root.manager.loggerDict['lib'].setLevel(40)"),
    "each of the table": elsewhere(
        "logging.getLogger('lib')\nfor log in logging.root.manager.loggerDict.values():\n    log.setLevel(40)"
    ),
    "named by the module": elsewhere("logging.getLogger(lib.__name__).setLevel(40)"),
    "all that exist": elsewhere(
        "logging.getLogger('lib')\nfor name in logging.root.manager.loggerDict:\n"
        "    logging.getLogger(name).setLevel(logging.ERROR)"
    ),
    "by keywords in a table": elsewhere(
        "options = {'level': 'ERROR', 'stream': sys.stdout}\nlogging.basicConfig(force=True, **options)"
    ),
    "logger class": class_of_loggers("def handle(self, record): ..."),
    "records of a logger class": class_of_loggers(
        "def makeRecord(self, *a, **k):\n        r = super().makeRecord(*a, **k)\n        r.msg, r.args = '', ()\n"
        "        return r"
    ),
    "replaced method": elsewhere("logging.Logger.info = lambda *a, **k: None"),
    "method replaced by setattr": elsewhere("setattr(logging.Logger, '_log', lambda *a, **k: None)"),
    "record factory": elsewhere(
        "make = logging.getLogRecordFactory()\ndef made(*a, **k):\n    r = make(*a, **k)\n    r.msg = ''\n"
        "    r.args = ()\n    return r\nlogging.setLogRecordFactory(made)"
    ),
    "disabled by a mapped loop": elsewhere(
        "for one in map(logging.getLogger, ['lib', 'more']):\n    one.disabled = True"
    ),
    "levels of a list of loggers": elsewhere(
        "for one in [logging.getLogger(name) for name in ('lib', 'more')]:\n    one.setLevel(logging.ERROR)"
    ),
    "filters of handlers in a loop": elsewhere(
        "for h in logging.getLogger().handlers:\n    h.addFilter(lambda r: r.name == 'other')"
    ),
    "handlers in a loop": elsewhere("for h in logging.getLogger().handlers:\n    h.setLevel(logging.ERROR)"),
    "first handler": elsewhere("logging.root.handlers[0].setLevel(logging.ERROR)"),
    "configuration of a third file": elsewhere(
        "import logging.config\nfrom conf import SETTINGS\nlogging.config.dictConfig(SETTINGS)",
        conf=f"SETTINGS = {LEVELS}\n",
    ),
    "package": {
        "lib/__init__.py": "import logging\nlogging.getLogger('lib').setLevel(40)\nfrom lib.parts import f\n",
        "lib/parts.py": LIB,
        "main.py": "import lib\nlib.f(1)\n",
    },
    "as a script": OWN.format("logging.getLogger('__main__').setLevel(logging.ERROR)"),
    "disabled by name": elsewhere("logging.getLogger('lib').disabled = True"),
    "filtered by name": elsewhere("logging.getLogger('lib').addFilter(lambda r: r.levelno > 30)"),
    "cut off by name": elsewhere("logging.getLogger('lib').propagate = False"),
    "in a configuration": elsewhere(f"import logging.config\nlogging.config.dictConfig({LEVELS})"),
    "by a configuration for others": elsewhere("import logging.config\nlogging.config.dictConfig({'version': 1})"),
    "root writes to a file": elsewhere(f"import logging.config\n{TO_A_FILE}"),
    "root has no handler": elsewhere("logging.getLogger().handlers.clear()"),
    "in a third file": elsewhere("import quiet", quiet="import logging\nlogging.getLogger().setLevel(40)\n"),
    "in a function of a third file": elsewhere(
        "import quiet\nquiet.setup()", quiet="import logging\ndef setup():\n    logging.getLogger().setLevel(40)\n"
    ),
    "constant of a third file": elsewhere(
        "import conf\nlogging.getLogger().setLevel(conf.LEVEL)", conf="LEVEL = 'WARNING'\n"
    ),
    "imported where it is needed": {
        "lib.py": LIB,
        "main.py": "import logging\nlogging.root.setLevel(40)\ndef run():\n    import lib\n    lib.f(1)\nrun()\n",
    },
    "level of another file's name, passed on": {
        **elsewhere("from app import WANTED\nlogging.getLogger('lib').setLevel(WANTED)"),
        "app/__init__.py": "from app.values import WANTED\n",
        "app/values.py": "WANTED = 'ERROR'\n",
    },
    "logger of another file's name, passed on": {
        **elsewhere("from app import QUIET\nlogging.getLogger(QUIET).disabled = True"),
        "app/__init__.py": "from app.values import *\n",
        "app/values.py": "QUIET = 'lib'\n",
    },
    "logger of another file, passed on": {
        **elsewhere("from app import theirs\ntheirs.disabled = True"),
        "app/__init__.py": "from app.values import theirs\n",
        "app/values.py": "import logging\ntheirs = logging.getLogger('lib')\n",
    },
    "filter of another file, passed on": {
        **elsewhere("from app import errors\nlogging.getLogger('lib').addFilter(errors)"),
        "app/__init__.py": "from app.values import *\n",
        "app/values.py": "def errors(record):\n    return record.levelno > 30\n",
    },
    "by what imports it, and another, further up": {
        "lib.py": LIB,
        "middle.py": "import lib\ndef g(x):\n    lib.f(x)\n",
        "main.py": "import middle\nimport quiet\nmiddle.g(1)\n",
        "quiet.py": "import logging\nlogging.getLogger().setLevel(40)\n",
    },
    "through a local name": elsewhere(
        "def quiet():\n    theirs = logging.getLogger('lib')\n    theirs.setLevel(40)\nquiet()"
    ),
    "level of an option, handed on by its name": elsewhere(
        "import conf",
        conf="import argparse\nimport logging\nparser = argparse.ArgumentParser()\n"
        "parser.add_argument('--level', default='ERROR')\n"
        "def setup(level):\n    logging.getLogger('lib').setLevel(level)\nsetup(**vars(parser.parse_args()))\n",
    ),
    "made by a function of the module": (
        "import logging\ndef make(name):\n    log = logging.getLogger(name)\n    log.propagate = False\n"
        "    handler = logging.FileHandler('x.log')\n    log.addHandler(handler)\n    return log\n"
        "logger = make(__name__)\ndef f(x):\n    print('loaded', x)\nf(1)\n"
    ),
    "made by a function of another file": {
        "lib.py": "import logs\nlogger = logs.get(name=__name__)\ndef f(x):\n    print('loaded', x)\n",
        "logs.py": "import logging\ndef get(name):\n    log = logging.getLogger(name)\n    return log\n",
        "main.py": MAIN.format("logging.getLogger('lib').setLevel(40)"),
    },
    "filter that another file's function adds": {
        "lib.py": "import logging\nimport logs\nlogger = logs.quiet(logging.getLogger(__name__))\n"
        "def f(x):\n    print('loaded', x)\n",
        "logs.py": "def quiet(log):\n    log.addFilter(lambda r: r.levelno > 30)\n    return log\n",
        "main.py": MAIN.format("pass"),
    },
    "level that another file's function sets on what it is given": elsewhere(
        "import logs\nlogs.quiet(logging.getLogger('lib'))", logs="def quiet(log):\n    log.setLevel(40)\n"
    ),
    "options of another file": elsewhere(
        "import conf\nlogging.basicConfig(stream=sys.stdout, **conf.OPTIONS)",
        conf="class Settings:\n    level = 'WARNING'\nsettings = Settings()\n"
        "OPTIONS = dict(level=settings.level, force=True)\n",
    ),
    "created directly": OWN.replace("getLogger(__name__)", "Logger('x')").format("logger.setLevel(20)"),
    "another parent": OWN.format("logger.parent = logging.Logger('x')"),
    "in a YAML file": {
        **elsewhere("import logging.config, yaml\nlogging.config.dictConfig(yaml.safe_load(open('log.yaml')))"),
        "log.yaml": QUIET,
    },
}


@pytest.mark.parametrize("case", LOST, ids=str)
def test_a_print_whose_record_would_be_lost_waits_for_the_user(printlint: Run, tmp_path: Path, case: str) -> None:
    folder, target = printing(tmp_path, LOST[case])
    before, text = output(folder), target.read_text()
    assert "loaded 1" in before
    printlint("fix", "--isolated")
    assert target.read_text() == text
    printlint("fix", "--isolated", "--unsafe-fixes", "--no-setup", "--ignore", "PRT306")  # which would cure it
    assert target.read_text() != text
    assert "loaded 1" not in output(folder), "nothing is lost: it need not wait"


SEEN = {
    "logger class with a method more": class_of_loggers("def trace(self, *a):\n        self._log(5, *a)"),
    "record factory that adds": elsewhere(
        "make = logging.getLogRecordFactory()\ndef made(*a, **k):\n    r = make(*a, **k)\n    r.user = 'x'\n"
        "    return r\nlogging.setLogRecordFactory(made)"
    ),
    "not disabled": OWN.format("logger.disabled = False"),
    "filter that adds": OWN.format("def who(record):\n    record.user = 'x'\n    return True\nlogger.addFilter(who)"),
    "filter class that adds": OWN.format(
        "class Who(logging.Filter):\n    def filter(self, record):\n        record.user = 'x'\n        return True\n"
        "logger.addFilter(Who())"
    ),
    "filter of its own name": OWN.format("logger.addFilter(logging.Filter(__name__))"),
    "filter of another": OWN.format("logging.getLogger('urllib3').addFilter(lambda r: False)"),
    "file beside the root": OWN.format(
        "import sys\nlogging.basicConfig(stream=sys.stdout, level=20)\nlogger.addHandler(logging.FileHandler('x.log'))"
    ),
    "null beside the root": OWN.format("logger.addHandler(logging.NullHandler())"),
    "handler of its own": OWN.format(
        "import sys\nlogger.addHandler(logging.StreamHandler(sys.stdout))\nlogger.propagate = False\n"
        "logger.setLevel(20)"
    ),
    "low level": OWN.format("logger.setLevel(logging.DEBUG)"),
    "low level by default": OWN.format("import os\nlogger.setLevel(os.environ.get('LEVEL_OF', 'INFO'))"),
    "level that the caller chooses": OWN.format(
        "def setup(level, verbose=True):\n    if not verbose:\n        level = logging.ERROR\n"
        "    logger.setLevel(level)\n"
        "setup(10)"
    ),
    "own level under a high one": OWN.format("logger.setLevel(10)\nlogging.getLogger().setLevel(logging.ERROR)"),
    "functions of logging below": OWN.format("logging.disable(logging.DEBUG)"),
    "functions of logging on again": OWN.format("logging.disable(logging.NOTSET)"),
    "level of another": elsewhere("logging.getLogger('urllib3').setLevel(logging.ERROR)"),
    "level of one of a like name": elsewhere("logging.getLogger('li').setLevel(logging.ERROR)"),
    "levels of others": elsewhere("for n in ('a', 'b'):\n    logging.getLogger(n).setLevel(logging.ERROR)"),
    "level that a function sets on another": elsewhere(
        "import logs\nlogs.quiet(logging.getLogger('urllib3'))", logs="def quiet(log):\n    log.setLevel(40)\n"
    ),
    "level of what is no logger": elsewhere(
        "import logs\nlogs.raise_to(logs.Lift())",
        logs="class Lift: ...\ndef raise_to(log):\n    log.level = 40\n",
    ),
    "made by a function": {
        **elsewhere("logging.getLogger('lib2').setLevel(40)"),
        "lib.py": "import logs\nlogger = logs.get(__name__)\ndef f(x):\n    print('loaded', x)\n",
        "logs.py": "import logging\ndef get(name):\n    log = logging.getLogger(name)\n    return log\n",
    },
    "others disabled": elsewhere("logging.getLogger('urllib3').disabled = True"),
    "level of a handler that is one of two": elsewhere(
        "h = logging.FileHandler('x.log')\nh.setLevel(logging.ERROR)\nlogging.getLogger().addHandler(h)\n"
        "logging.getLogger().addHandler(logging.StreamHandler(sys.stderr))\nlogging.getLogger().setLevel(20)"
    ),
    "configuration of others": elsewhere(
        "import logging.config\nlogging.basicConfig(level=20, stream=sys.stderr)\n"
        "logging.config.dictConfig({'version': 1, 'incremental': True, "
        "'loggers': {'urllib3': {'level': 'ERROR'}}})"
    ),
    "another program": {
        **elsewhere("pass"),
        "nightly.py": "import logging\nlogging.basicConfig(level=logging.ERROR)\nlogging.error('x')\n",
    },
    "tests": {
        **elsewhere("pass"),
        "tests/test_lib.py": "import logging\nimport lib\nlogging.getLogger('lib').setLevel(logging.ERROR)\n",
        "conftest.py": "import logging\nimport lib\nlogging.disable(logging.CRITICAL)\n",
    },
}


@pytest.mark.parametrize("case", SEEN, ids=str)
def test_a_print_whose_record_is_seen_is_rewritten(printlint: Run, tmp_path: Path, case: str) -> None:
    folder, target = printing(tmp_path, SEEN[case])
    before, text = output(folder), target.read_text()
    printlint("fix", "--isolated")
    assert target.read_text() != text
    assert output(folder) == before


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "logging.basicConfig(level=logging.ERROR)",
            "the level of the root logger is ERROR (main.py:4), which drops the record",
        ),
        ("logging.getLogger('lib').disabled = True", "the logger `lib` is disabled (main.py:4)"),
        ("logging.disable(logging.ERROR)", "`logging.disable` drops the record (main.py:4)"),
        ("logging.getLogger('lib').propagate = False", "records of `lib` do not propagate (main.py:4)"),
        (
            "logging.basicConfig(filename='x.log', level=10)",
            "go to the `basicConfig` file handler (main.py:4), not to the terminal",
        ),
        ("logging.basicConfig(format='%(message)s')", "the root logger has no level"),
    ],
)
def test_the_reason_names_the_place(printlint: Run, tmp_path: Path, line: str, reason: str) -> None:
    written(tmp_path, elsewhere(line))
    assert reason in printlint("check", "--isolated", "-v").stdout


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("disabled = True", "the logger `lib` is disabled (nightly.py:2)"),
        (
            "addFilter(lambda record: False)",
            "a filter of the logger `lib` may drop or change the record (nightly.py:2)",
        ),
        ("setLevel(40)", "the level of `lib` is ERROR (nightly.py:2)"),
    ],
)
def test_what_another_program_does_to_a_logger_by_its_name_counts(
    printlint: Run, tmp_path: Path, line: str, reason: str
) -> None:
    nightly = f"import logging\nlogging.getLogger('lib').{line}\n"
    written(tmp_path, elsewhere("pass", nightly=nightly))
    assert reason in printlint("check", "--isolated", "-v").stdout


def test_of_several_reasons_that_of_the_modules_own_name_is_given(printlint: Run, tmp_path: Path) -> None:
    """And the same one each time, whatever the order of a set."""
    lines = "for name in ('__main__', 'lib'):\n    logging.getLogger(name).setLevel(40)"
    written(tmp_path, elsewhere(lines))
    assert "the level of `lib` is ERROR" in printlint("check", "--isolated", "-v").stdout


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("lib.py", ["lib", "lib"]),
        ("tools/lib.py", ["lib", "tools.lib"]),
        ("src/app/lib.py", ["lib", "app.lib"]),
        ("src/lib.py", ["lib", "lib"]),
        ("src.py", ["src", "src"]),
        ("pkg/__init__.py", ["pkg", "pkg"]),
        ("pkg/lib.py", ["pkg.lib", "pkg.lib"]),
    ],
)
def test_a_module_is_named_by_its_package_and_by_its_folders(tmp_path: Path, file: str, names: list[str]) -> None:
    write_files(tmp_path, {"pkg/__init__.py": "", file: ""})
    layout = layout_of(tmp_path / file)
    assert list(module_names(layout, tmp_path)) == names
    assert list(module_names(layout, None)) == names[:1]
    assert list(module_names(layout, tmp_path / "elsewhere")) == names[:1]
    assert list(module_names(None, tmp_path)) == []
