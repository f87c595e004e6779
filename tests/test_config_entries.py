"""PRT304 and PRT305 in logging configurations: literals are rewritten, those in files of their own are reported."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import Run, write_files
from test_file_handlers import fix, output, program

LOGS = """
import logging
import logging.config

{before}
logging.config.dictConfig({config})
logging.getLogger("shop").info("order %d", 7)
logging.getLogger("shop").error("late")
"""
# Handlers that write to app.log, in one or another layout.
FILES = {
    "one line": "{'class': 'logging.FileHandler', 'filename': 'app.log'}",
    "the path first": "{'filename': 'app.log', 'encoding': 'utf-8', 'class': 'logging.FileHandler', 'delay': True}",
    "the last dropped": "{'class': 'logging.FileHandler', 'filename': 'app.log', 'mode': 'w', 'delay': True,}",
    "the first dropped": "{'mode': 'w', 'delay': False, 'class': 'logging.FileHandler', 'filename': 'app.log'}",
    "parentheses": "{'class': ('logging.FileHandler'), 'filename': (\n 'app.log'), 'mode': ('w')}",
    "lines": """{
            "class": "logging.handlers.TimedRotatingFileHandler",
            "level": "ERROR",  # not all
            "filename": PATH,
            "when": "midnight",
            "backupCount": 3,
        }""",
    "a formatter": "{'class': 'logging.FileHandler', 'formatter': 'line', 'filename': PATH, 'filters': []}",
}
CONFIG = """{{
    "version": 1,
    "formatters": {{"line": {{"format": "%(levelname)s %(message)s"}}}},
    "handlers": {{"file": {handler}}},
    "root": {{"handlers": ["file"], "level": "INFO"}},
}}"""
PATH = 'PATH = "app.log"'

pytestmark = pytest.mark.system  # nothing here depends on the Python


@pytest.mark.parametrize("handler", FILES.values(), ids=FILES)
def test_what_was_in_the_file_comes_on_standard_output(handler: str, tmp_path: Path) -> None:
    path = program(tmp_path, LOGS.format(before=PATH * ("PATH" in handler), config=CONFIG.format(handler=handler)))
    log = tmp_path / "app.log"
    assert output(path) == ""
    written = log.read_text(encoding="utf-8")
    log.unlink()
    assert not fix(path).left
    assert output(path) == written != ""
    assert not log.exists()
    text = path.read_text(encoding="utf-8")
    assert ("# not all" in text) == ("# not all" in handler)
    assert "ext://sys.stdout" in text
    fix(path)
    assert path.read_text(encoding="utf-8") == text


STAYS = {
    "a comment": ("{'class': 'logging.FileHandler', 'filename': 'a.log',\n 'mode': 'w',  # anew\n }", "comment"),
    "a comment above": (
        "{'class': 'logging.FileHandler', 'filename': 'a.log',\n # anew\n 'mode': 'w', 'level': 10}",
        "",
    ),
    "a setting": ("{'class': 'logging.FileHandler', 'filename': conf.LOG}", "depends on `conf.LOG`"),
    "unpacked": ("{'class': 'logging.FileHandler', 'filename': 'a.log', **more}", "not all written out"),
    "made by a factory": ("{'()': 'logging.FileHandler', 'filename': 'a.log'}", "a factory makes it (`()`)"),
    "an effect": ("{'class': 'logging.FileHandler', 'filename': 'a.log', 'delay': f()}", "`f()` would no longer"),
}


@pytest.mark.parametrize(("handler", "reason"), STAYS.values(), ids=STAYS)
def test_an_entry_that_somebody_needs_stays(handler: str, reason: str, tmp_path: Path) -> None:
    path = program(tmp_path, LOGS.format(before="", config=CONFIG.format(handler=handler)))
    before = path.read_bytes()
    (left,) = fix(path).left
    assert reason in (left.refused or "")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "more",
    [
        '"root": {"handlers": ["file", "out"]}',
        '"root": {"handlers": ["out"]}, "loggers": {"a": {"handlers": ["file"]}}',
        '"root": {"handlers": ["file", "errors"]}',
        '"root": {"handlers": ["file"]}, "loggers": {"a": {"handlers": ["out"]}}',
    ],
)
def test_a_handler_beside_another_stays(more: str, tmp_path: Path) -> None:
    text = f"""LOGGING = {{
    "version": 1,
    "handlers": {{
        "file": {{"class": "logging.FileHandler", "filename": "app.log"}},
        "errors": {{"class": "logging.FileHandler", "filename": "errors.log"}},
        "out": {{"class": "logging.StreamHandler"}},
    }},
    {more},
}}
"""
    path = program(tmp_path, text)
    reasons = {item.finding.start.line: item.refused or "" for item in fix(path).left}
    assert "printed twice" in reasons[4]


def test_a_handler_apart_from_another_is_rewritten(tmp_path: Path) -> None:
    text = """LOGGING = {
    "version": 1,
    "handlers": {
        "file": {"class": "logging.FileHandler", "filename": "app.log"},
        "out": {"class": "logging.StreamHandler"},
    },
    "root": {"handlers": ["out"]},
    "loggers": {"a": {"handlers": ["file"], "propagate": False}},
}
"""
    assert not fix(program(tmp_path, text)).left


@pytest.mark.parametrize(
    "formatter",
    [
        '{"format": "%(levelname)s %(message)s"}',
        '{"style": "{", "format": "{levelname} {message}", "datefmt": "%H:%M"}',
        '{"class": "logging.Formatter", "format": "%(levelname)s %(message)s"}',
        '{\n            "format": "%(levelname)s %(message)s",\n        }',
    ],
)
def test_a_formatter_of_a_literal_becomes_one_of_json(formatter: str, tmp_path: Path) -> None:
    config = f"""{{
    "version": 1,
    "formatters": {{"line": {formatter}}},
    "handlers": {{"out": {{"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "line"}}}},
    "root": {{"handlers": ["out"], "level": "INFO"}},
}}"""
    path = program(tmp_path, LOGS.format(before="", config=config), **{"requirements.txt": "python-json-logger\n"})
    before = output(path)
    assert not fix(path, "PRT305").left
    events = [json.loads(line) for line in output(path).splitlines()]
    assert [f"{event['levelname']} {event['message']}" for event in events] == before.splitlines()


TABLES = {
    "logging.json": json.dumps(
        {
            "version": 1,
            "formatters": {"line": {"format": "%(name)s %(message)s"}},
            "handlers": {"disk": {"class": "logging.FileHandler", "filename": "a.log", "formatter": "line"}},
            "root": {"handlers": ["disk"]},
        },
        indent=1,
    ),
    "logging.yaml": (
        "version: 1\nformatters:\n  line:\n    format: '%(name)s %(message)s'\nhandlers:\n  disk:\n"
        "    class: logging.FileHandler\n    filename: a.log\n    formatter: line\nroot:\n  handlers: [disk]\n"
    ),
    "logging.toml": (
        "version = 1\n[formatters.line]\nformat = '%(name)s %(message)s'\n[handlers.disk]\n"
        "class = 'logging.FileHandler'\nfilename = 'a.log'\nformatter = 'line'\n[root]\nhandlers = ['disk']\n"
    ),
    "logging.ini": (
        "[loggers]\nkeys=root\n[handlers]\nkeys=disk\n[formatters]\nkeys=line\n[logger_root]\nhandlers=disk\n"
        "[handler_disk]\nclass=FileHandler\nargs=('a.log',)\nformatter=line\n"
        "[formatter_line]\nformat=%(name)s %(message)s\n"
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_entries_of_a_file_are_reported_where_it_is_loaded(name: str, tmp_path: Path) -> None:
    loader = "fileConfig('logging.ini')" if name.endswith("ini") else f"dictConfig(load('{name}'))"
    path = program(tmp_path, f"import logging.config\nlogging.config.{loader}\n", **{name: TABLES[name]})
    for code, entry in (("PRT304", "disk"), ("PRT305", "line")):
        (left,) = fix(path, code).left
        assert left.finding.start.line == 2
        place = left.finding.message.partition(f"({name}:")[2].partition(")")[0]
        assert re.search(rf"\b(?:handlers?_|formatters?_)?{entry}\b.?[:\]]", TABLES[name].splitlines()[int(place) - 1])
        assert "in a file of its own" in (left.refused or "")


def test_a_configuration_that_is_as_it_should_be_has_no_finding(tmp_path: Path) -> None:
    config = """{
    "version": 1,
    "formatters": {"json": {"class": "pythonjsonlogger.json.JsonFormatter"}, "mail": {"format": "%(name)s"}},
    "handlers": {
        "out": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"},
        "null": {"class": "logging.FileHandler", "filename": os.devnull},
        "mail": {"class": "django.utils.log.AdminEmailHandler", "formatter": "mail"},
    },
    "root": {"handlers": ["out", "mail"]},
}"""
    path = program(tmp_path, f"import os\nLOGGING = {config}\n")
    for code in ("PRT304", "PRT305"):
        assert not fix(path, code).left


@pytest.mark.parametrize(
    ("text", "said"),
    [("a: " + "[" * 2000, "nested"), ("#" * 2_000_000, "larger than"), ("a: [\n", "")],
)
def test_a_configuration_that_costs_too_much_is_warned_of_and_one_that_is_broken_is_not(
    inside: Run, tmp_path: Path, text: str, said: str
) -> None:
    main = "import logging.config\n\nimport yaml\n\nlogging.config.dictConfig(yaml.safe_load(open('logging.yaml')))\n"
    write_files(tmp_path, {"logging.yaml": text, "main.py": main})
    done = inside("check", "--select", "ALL")
    lines = [line for line in done.stderr.splitlines() if "logging.yaml" in line]
    assert [said in line and line.endswith("; ignored") for line in lines] == [True] * bool(said)
