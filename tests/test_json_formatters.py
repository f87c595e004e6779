"""PRT305: each line becomes a JSON object with the fields that the format names, or the formatter stays."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import clean_environment
from test_file_handlers import fix, program

from printlint.config import Config
from printlint.lint.linter import lint_bytes
from printlint.setup.template import setup_source

MAIN = """
import logging
import time
{imports}
logger = logging.getLogger("shop")
logger.setLevel(logging.DEBUG)
handler = logging.StreamHandler()
{set_up}
logger.addHandler(handler)
logger.info("order %d", 7)
logger.warning("a \\"late\\"\\nline: \\u00e9", extra={{"size": 3}})
"""
SET = "handler.setFormatter(logging.Formatter({}))"
# The format, its style, and what sets the handler up with it.
FORMATS = {
    "fields": ("%(levelname)s %(name)s %(message)s", "%", SET, ""),
    "widths": ("%(levelname)-8s|%(levelno)5d|%(message).100s", "%", SET, ""),
    "words": ("app: level=%(levelname)s message=%(message)s", "%", SET, ""),
    "a date": ("%(asctime)s %(message)s", "%", SET.replace("{}", "{}, '%Y'"), ""),
    "another clock": (
        "%(asctime)s %(message)s",
        "%",
        "f = logging.Formatter({}, '%H:%M:%S')\nf.converter = lambda *_: time.gmtime(0)\nhandler.setFormatter(f)",
        "",
    ),
    "braces": ("{levelname} {message} {levelno}", "{", SET.replace("{}", "{}, style='{{'"), ""),
    "dollars": ("$levelname ${message} $$", "$", SET.replace("{}", "fmt={}, style='$'"), ""),
    "defaults": ("%(who)s %(message)s", "%", SET.replace("{}", "{}, defaults={{'who': 'me'}}"), ""),
    "no validation": ("%(message)s %(levelno)d", "%", SET.replace("{}", "{}, None, '%', False"), ""),
    "an alias": ("%(levelname)s %(message)s", "%", "handler.setFormatter(F({}))", "from logging import Formatter as F"),
    "a constant": (
        "%(levelname)s %(message)s",
        "%",
        "FORMAT = {}\nhandler.formatter = None\nhandler.setFormatter(logging.Formatter(FORMAT))",
        "",
    ),
    "an attribute": (
        "%(levelname)s %(message)s",
        "%",
        "class App:\n    def __init__(self):\n        self.text = logging.Formatter({})\n"
        "        handler.setFormatter(self.text)\nApp()",
        "",
    ),
    "one of two": (
        "%(levelname)s %(message)s",
        "%",
        "import os\nif os.environ.get('NOWHERE'):\n    handler = logging.FileHandler('no.log')\n" + SET,
        "",
    ),
    "a class of its own": (
        "%(levelname)s %(message)s",
        "%",
        "class Quiet(logging.StreamHandler):\n    def handleError(self, record): ...\nhandler = Quiet()\n" + SET,
        "",
    ),
    "imported": ("%(levelname)s %(message)s", "%", SET, "from pythonjsonlogger.json import JsonFormatter"),
}
STYLES = {"%": logging.PercentStyle, "{": logging.StrFormatStyle, "$": logging.StringTemplateStyle}

pytestmark = pytest.mark.system  # nothing here depends on the Python


def written(path: Path) -> list[str]:
    """What a program writes to standard error, of which no record is malformed."""
    environment = clean_environment(PYTHONIOENCODING="utf-8")
    done = subprocess.run(
        [sys.executable, path.name], cwd=path.parent, env=environment, capture_output=True, timeout=60, check=False
    )
    text = done.stderr.decode("utf-8")
    assert done.returncode == 0, text
    assert "Traceback" not in text
    return text.splitlines()


def with_dependency(folder: Path, text: str, version: str = ">=3.1", **others: str) -> Path:
    return program(folder, text, **{"requirements.txt": f"python-json-logger{version}\n", **others})


@pytest.mark.parametrize(("form", "style", "set_up", "imports"), FORMATS.values(), ids=FORMATS)
def test_each_line_has_the_fields_of_its_format(
    form: str, style: str, set_up: str, imports: str, tmp_path: Path
) -> None:
    text = MAIN.format(imports=imports, set_up=set_up.format(repr(form)))
    path = with_dependency(tmp_path, text)
    before = written(path)
    assert not fix(path, "PRT305").left
    assert path.read_text(encoding="utf-8").count("import JsonFormatter") == 1
    events = [json.loads(line) for line in written(path)]
    records = [logging.makeLogRecord({**event, "who": "me"}) for event in events]
    texts = [STYLES[style](form).format(record) for record in records]
    assert "\n".join(texts).splitlines() == before
    assert events[1]["size"] == 3
    fixed = path.read_bytes()
    fix(path, "PRT305")
    assert path.read_bytes() == fixed


def test_a_traceback_is_a_field(tmp_path: Path) -> None:
    text = MAIN.format(imports="", set_up=SET.format("'%(levelname)s %(message)s'"))
    text += "try:\n    1 / 0\nexcept ZeroDivisionError:\n    logger.exception('failed')\n"
    path = with_dependency(tmp_path, text)
    assert not fix(path, "PRT305").left
    assert "Traceback (most recent call last)" in json.loads(path_error(path).splitlines()[-1])["exc_info"]


def path_error(path: Path) -> str:
    done = subprocess.run([sys.executable, path.name], cwd=path.parent, env=clean_environment(), capture_output=True)
    return done.stderr.decode("utf-8")


PLAIN = "import logging\nh = logging.StreamHandler()\nf = logging.Formatter({})\nh.setFormatter(f)\n{}\n"
STAYS = {
    "basicConfig": ("import logging\nlogging.basicConfig(level=10)\n", "`printlint init` sets up JSON"),
    "unpacked": (PLAIN.format("*a", ""), "unpacked"),
    "keywords": (PLAIN.format("**a", ""), "unpacked"),
    "an unknown style": (PLAIN.format("'%(asctime)s %(message)s', style=s", ""), "its style is not written out"),
    "unknown braces": (PLAIN.format("load(), style='{'", ""), "its format is not written out"),
    "generated code": ("# Generated by tool.\n# Do not edit.\n" + PLAIN.format("'%(name)s'", ""), "generated"),
    "no style": (PLAIN.format("'%(name)s', style='?'", ""), "not a style of `logging.Formatter`"),
    "a conversion": (PLAIN.format("'{message!r} {name}', style='{'", ""), "`{message!r}`"),
    "no field": (PLAIN.format("'- - -'", ""), "its format has no fields"),
    "a value": (PLAIN.format("'%s: ' % job + '%(name)s %(message)s'", ""), "in its format is not a field"),
    "JSON by hand": (PLAIN.format("""'{"m": "%(message)s"}'""", ""), "spells JSON"),
    "formatted by hand": (PLAIN.format("'%(name)s %(message)s'", "f.format(record)"), "line 5 uses `f.format`"),
    "a terminator": (PLAIN.format("'%(name)s %(message)s'", "h.terminator = ''"), "line 5 sets `h.terminator`"),
    "another JsonFormatter": (
        PLAIN.format("'%(name)s %(message)s'", "class JsonFormatter: ..."),
        "`JsonFormatter` is bound to something else there",
    ),
    "a handler of its own": (
        "import logging\nclass H(logging.StreamHandler):\n    def emit(self, record): ...\nh = H()\n"
        "h.setFormatter(logging.Formatter('%(name)s %(message)s'))\n",
        "`H` does more with the text",
    ),
    "a format of its handler's own": (
        "import logging\nclass H(logging.StreamHandler):\n    def format(self, record): ...\nh = H()\n"
        "h.setFormatter(logging.Formatter('%(name)s %(message)s'))\n",
        "`H` does more with the text",
    ),
    "an inherited ending": (
        "import logging\nclass Base(logging.StreamHandler):\n    def emit(self, record): ...\nclass H(Base): ...\n"
        "h = H()\nh.setFormatter(logging.Formatter('%(name)s %(message)s'))\n",
        "`H` does more with the text",
    ),
    "an ending of its own": (
        "import logging\nclass H(logging.StreamHandler):\n    terminator = ''\nh = H()\n"
        "h.setFormatter(logging.Formatter('%(name)s %(message)s'))\n",
        "`H` does more with the text",
    ),
}


@pytest.mark.parametrize(("text", "reason"), STAYS.values(), ids=STAYS)
def test_a_formatter_whose_text_is_needed_stays(text: str, reason: str, tmp_path: Path) -> None:
    path = with_dependency(tmp_path, text)
    (left,) = fix(path, "PRT305").left
    assert path.read_text(encoding="utf-8") == text
    assert reason in (left.refused or "")


FIXABLE = PLAIN.format("'%(name)s %(message)s'", "")


@pytest.mark.parametrize(
    "version", ["", ">=3.1", "==3.2.1", "~=3.1", ">=2", ">=3,<4", "<5", "[dev]>=3.1", "; python_version>'3'"]
)
def test_the_dependency_may_be_of_any_version_that_has_the_module(version: str, tmp_path: Path) -> None:
    assert not fix(with_dependency(tmp_path, FIXABLE, version), "PRT305").left


@pytest.mark.parametrize("version", ["==2.0.7", "~=2.0", "<3", ">=2,<3", "<=2.0.7", "==3.0.1", "<3.1", "-extra>=3.1"])
def test_an_older_dependency_or_none_is_refused(version: str, tmp_path: Path) -> None:
    path = with_dependency(tmp_path, FIXABLE, version)
    (left,) = fix(path, "PRT305").left
    assert path.read_text(encoding="utf-8") == FIXABLE
    assert "python-json-logger" in (left.refused or "")


@pytest.mark.parametrize(("version", "allowed"), [("^3.2", True), ("*", True), ("^2.0", False), ("2.0.7", False)])
def test_poetrys_versions_are_read(version: str, allowed: bool, tmp_path: Path) -> None:
    text = f'[tool.poetry.dependencies]\npython-json-logger = "{version}"\n'
    path = program(tmp_path, FIXABLE, **{"pyproject.toml": text})
    assert bool(fix(path, "PRT305").left) is not allowed


def test_a_project_that_imports_the_library_has_it(tmp_path: Path) -> None:
    path = program(tmp_path, FIXABLE, **{"other.py": "import pythonjsonlogger.json\n"})
    assert not fix(path, "PRT305").left


def test_the_set_up_module_is_no_sign_that_the_library_is_there(tmp_path: Path) -> None:
    path = program(tmp_path, FIXABLE, **{"logging_setup.py": setup_source("queue")})
    (left,) = fix(path, "PRT305").left
    assert "python-json-logger" in (left.refused or "")


def test_text_stays_without_unsafe_fixes(tmp_path: Path) -> None:
    path = with_dependency(tmp_path, FIXABLE)
    (left,) = fix(path, "PRT305", unsafe=False).left
    assert path.read_text(encoding="utf-8") == FIXABLE
    assert left.fix is not None


@pytest.mark.parametrize("backend", ["queue", "aiologger", "structlog", "none"])
def test_the_set_up_module_has_no_finding(backend: str) -> None:
    config = Config(select=("PRT304", "PRT305"))
    assert lint_bytes("logging_setup.py", setup_source(backend).encode(), config).findings == ()


def test_imports_of_libraries_have_their_group(tmp_path: Path) -> None:
    text = "import logging\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import own\n" + FIXABLE[15:]
    path = with_dependency(tmp_path, text, **{"own.py": ""})
    fix(path, "PRT305")
    assert "TYPE_CHECKING\n\nfrom pythonjsonlogger.json import JsonFormatter\n\nif" in path.read_text(encoding="utf-8")
    path.write_text("import logging\n\nimport own\n" + FIXABLE[15:], encoding="utf-8")
    fix(path, "PRT305")
    assert "logging\n\nfrom pythonjsonlogger.json import JsonFormatter\n\nimport own\n" in path.read_text("utf-8")
    path.write_text("import logging\n\nimport zope\n\nimport own\n" + FIXABLE[15:], encoding="utf-8")
    fix(path, "PRT305")
    assert "logging\n\nimport zope\nfrom pythonjsonlogger.json import JsonFormatter\n\nimport own\n" in path.read_text(
        "utf-8"
    )
