"""Tables of names, held to the libraries that have them: a name that nobody has is a rule that never applies."""

from __future__ import annotations

import builtins
import contextlib
import datetime
import importlib
import inspect
import io
import json
import logging
import logging.config
import logging.handlers
import pathlib
import pkgutil
import queue
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import printlint
from printlint.facts.calls.placeholders import PLACEHOLDER_TYPES
from printlint.lint import ruff_noqa
from printlint.logging_names import LEVELS, LOGURU_METHODS, METHODS, RECORD_ATTRIBUTES, name_of, number_of

# The first parts of dotted names that are of other libraries; those of the standard library are looked up.
LIBRARIES = frozenset(
    {
        *("absl", "aiohttp", "aiologger", "anyio", "celery", "click", "coloredlogs", "colorlog", "curio", "daiquiri"),
        *("ddtrace", "discord", "django", "falcon", "fastapi", "flask", "kombu", "litestar", "loguru", "opentelemetry"),
        *("pexpect", "prefect", "public", "pytest", "quart", "rich", "sanic", "setuptools", "sh", "starlette"),
        *(
            "structlog",
            "tornado",
            "trio",
            "termcolor",
            "typer",
            "uvicorn",
            "torch",
            "pythonjsonlogger",
            "memory_profiler",
            "attr",
        ),
        *("eventlet", "gevent", "trio_asyncio", "twisted", "uvloop", "hypercorn", "pydantic", "dotenv", "environs"),
        *(
            "printlint",
            "refactor",
            "source",  # both of the kinds of code actions in the Language Server Protocol
            "numpy",
            "pandas",
            "requests",
            "httpx",
            "sqlalchemy",
            "jupyter_core",
            "traitlets",
            "airflow",
            "scrapy",
            "fabric",
            "invoke",
        ),
    }
)
# What another Python than this one has.
ELSEWHERE = frozenset({"sys.monitoring.register_callback"})


def tables() -> Iterator[tuple[str, frozenset[str]]]:
    """The constants of the package that hold nothing but texts, by their places."""
    for info in pkgutil.walk_packages(printlint.__path__, "printlint."):
        if info.name.endswith(("logging_setup", "__main__")):
            continue
        for name, value in vars(importlib.import_module(info.name)).items():
            if name.isupper() and isinstance(value, (frozenset, set, tuple, list, dict)) and value:
                if all(isinstance(item, str) for item in value):
                    yield f"{info.name}.{name}", frozenset(value)


def is_dotted(text: str) -> bool:
    return "." in text and all(part.lstrip("~").isidentifier() for part in text.split("."))


def resolves(dotted: str) -> bool:
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        with contextlib.suppress(ImportError):
            found = importlib.import_module(".".join(parts[:length]))
            for part in parts[length:]:
                found = getattr(found, part, None)  # type: ignore[assignment]
            return found is not None
    return False


def is_of_windows(dotted: str) -> bool:
    return "NTEvent" in dotted or dotted.startswith("msvcrt")


GROUPS = "printlint.facts.programs.hosts._GROUPS"  # of entry points
DOTTED = [(place, name) for place, names in tables() if place != GROUPS for name in sorted(names) if is_dotted(name)]


@pytest.mark.parametrize("place", sorted({place for place, _ in DOTTED}))
def test_a_dotted_name_is_one_of_python_or_of_a_library_that_is_known(place: str) -> None:
    names = {name for other, name in DOTTED if other == place}
    for name in names - ELSEWHERE:
        first = name.partition(".")[0]
        is_file = name.rpartition(".")[2] in ("py", "toml", "yaml", "yml", "json", "txt", "lock", "ini", "cfg", "md")
        known = first in sys.stdlib_module_names or first == "builtins"
        if not is_file:
            assert resolves(name) if known and not is_of_windows(name) else known or first in LIBRARIES, name


# What Python itself asks of any object.
_ASKED = ("__bool__", "__call__", "__getattr__", "__enter__", "__exit__")
FILE_HANDLERS = (
    logging.FileHandler,
    logging.handlers.WatchedFileHandler,
    logging.handlers.RotatingFileHandler,
    logging.handlers.TimedRotatingFileHandler,
)
LOGGING = (
    *(*FILE_HANDLERS, logging.Formatter, logging.Filter, logging.Logger, logging.LoggerAdapter, logging.LogRecord),
    *(logging.Manager, logging.StreamHandler, logging.handlers.QueueHandler, logging.handlers.QueueListener),
    *(logging.handlers.MemoryHandler, logging.handlers.SocketHandler, logging.handlers.SMTPHandler),
    *(logging.handlers.HTTPHandler, logging.BufferingFormatter, io.TextIOWrapper, contextlib.redirect_stdout),
    *(logging.handlers.SysLogHandler, logging.PlaceHolder, logging.handlers.DatagramHandler),
)
TEXTS = (str, pathlib.Path, datetime.datetime)


def attributes(*owners: object) -> frozenset[str]:
    return frozenset(name for owner in owners for name in dir(owner))


def parameters(*functions: object) -> frozenset[str]:
    return frozenset(name for function in functions for name in inspect.signature(function).parameters)  # type: ignore[arg-type]


def of_instances(folder: pathlib.Path) -> frozenset[str]:
    """What handlers of files have, and those of streams have not or otherwise."""
    made = [kind(folder / "x.log", delay=True) for kind in FILE_HANDLERS]
    found = attributes(*made)
    for handler in made:
        handler.close()
    return found


def test_what_only_handlers_of_files_have(tmp_path: pathlib.Path) -> None:
    from printlint.rules.handlers._config_planning import _FILE_KEYS
    from printlint.rules.handlers._file_planning import _FILE_ARGUMENTS, _FILE_ATTRIBUTES

    assert of_instances(tmp_path) >= _FILE_ATTRIBUTES
    assert parameters(*FILE_HANDLERS) >= _FILE_KEYS
    assert parameters(*FILE_HANDLERS) - _FILE_KEYS == {"filename"}
    for name in _FILE_ARGUMENTS:
        assert re.search(rf"[\"']{name}[\"']", inspect.getsource(logging.basicConfig))


@pytest.mark.parametrize(
    ("table", "names"),
    [
        (
            "facts.log_setup.logging_callbacks._METHODS",
            attributes(*LOGGING, dict, queue.Queue, logging.Handler()) | {*_ASKED},
        ),
        ("facts.log_setup.logging_callbacks._NAMES_OF_LOGGING", attributes(*LOGGING)),
        ("facts.log_setup.logging_callbacks._RECORD_METHODS", attributes(*LOGGING)),
        ("facts.log_setup.record_filters._TEXT", RECORD_ATTRIBUTES),
        ("facts.log_setup.log_files._PURE_METHODS", attributes(*TEXTS)),
        ("facts.log_setup.log_files._PREPARING_METHODS", attributes(pathlib.Path)),
        ("facts.log_setup.log_files._PARTS", attributes(pathlib.Path)),
        ("facts.reach.path_values._SAME_METHODS", attributes(pathlib.Path)),
        ("facts.calls.value_types._TEXT_METHODS", attributes(str)),
        ("facts.calls.value_types.CONTAINERS", attributes(builtins)),
        ("facts.conversions.methods._HARMLESS", attributes(builtins, list, dict, set, *TEXTS)),
        ("plan.conversion_refusals._USUAL_ERRORS", attributes(builtins)),
        ("rules.handlers._file_planning._FAILS_TO_OPEN", attributes(builtins)),
        ("rules.handlers._json_planning._TEXT_ONLY", attributes(logging.Formatter())),
        ("rules.handlers._json_planning._PARAMETERS", parameters(logging.Formatter)),
        ("rules.asynchronous.blocking_handler_setup._NAMES", attributes(logging, logging.handlers)),
        ("facts.loggers.resolve._METHOD_NAMES", attributes(logging.Logger)),
        ("facts.readers.name_readers._RUN_TEXT", attributes(builtins)),
        ("facts.readers.name_readers._OWN_NAMES", attributes(builtins)),
        ("rules.messages.logged_secret._SHOWS", attributes(builtins, str, bytes, dict, json)),
        ("plan.message._KEYWORDS", frozenset({"sep", "end", "file", "flush"})),
        ("logging_names.METHODS", attributes(logging.Logger)),
        ("source._NO_ENCODINGS", frozenset({"idna", "punycode", "undefined"})),
    ],
)
def test_a_name_is_one_that_its_library_has(table: str, names: frozenset[str]) -> None:
    module, _, constant = table.rpartition(".")
    assert frozenset(getattr(importlib.import_module(f"printlint.{module}"), constant)) <= names


def test_a_method_of_a_text_that_is_taken_for_text_gives_text() -> None:
    from printlint.facts.calls.value_types import _TEXT_METHODS

    given = {"center": (9,), "ljust": (9,), "rjust": (9,), "zfill": (9,), "join": (["a"],), "replace": ("a", "b")}
    given |= {"removeprefix": ("a",), "removesuffix": ("a",), "translate": ({},), "format_map": ({},)}
    for method in _TEXT_METHODS:
        assert type(getattr("a", method)(*given.get(method, ()))) is str


def test_record_attributes_are_those_of_a_record() -> None:
    made = frozenset(vars(logging.makeLogRecord({})))
    assert made | {"message", "asctime", "taskName"} == RECORD_ATTRIBUTES
    for name in made | {"message", "asctime"}:
        with pytest.raises(KeyError):
            logging.getLogger("x").makeRecord("x", 20, "f", 1, "m", (), None, extra={name: 1})


@pytest.mark.parametrize("letter", string.ascii_letters)
def test_a_letter_is_a_placeholder_where_python_takes_it_for_one(letter: str) -> None:
    try:
        assert f"%{letter}" % 65
    except ValueError:
        assert letter not in PLACEHOLDER_TYPES
    else:
        assert letter in PLACEHOLDER_TYPES


def test_levels_have_the_numbers_and_names_that_logging_gives_them() -> None:
    for level in LEVELS:
        assert number_of(level) == getattr(logging, level.upper())
        assert name_of(getattr(logging, level.upper())) == level.upper()
    assert (number_of("WARN"), number_of("fatal"), number_of("exception"), number_of("loud")) == (30, 50, 40, None)
    assert (name_of(0), name_of(25)) == ("NOTSET", "level 25")


def test_methods_are_those_that_loggers_have() -> None:
    from loguru import logger

    assert attributes(logger) >= LOGURU_METHODS
    assert frozenset(name for name in METHODS if name not in ("log", "exception")) <= {
        name for name in dir(logging) if number_of(name) is not None
    }
    for name in LOGURU_METHODS - {"exception", "log"}:
        assert number_of(name) == logger.level(name.upper()).no


def test_the_names_of_rules_are_those_that_ruff_has() -> None:
    ruff = Path(sys.executable).with_name("ruff")  # which need not be on the PATH
    done = subprocess.run([ruff, "rule", "--all", "--output-format", "json"], capture_output=True, check=True)
    codes = {rule["code"]: rule["name"] for rule in json.loads(done.stdout)}
    for name, code in ruff_noqa._NAMES.items():
        assert codes[code] == name


@pytest.mark.parametrize("prefix", ["".join(pair) for pair in [("f",), ("F",), ("r", "f"), ("R", "F"), ("F", "r")]])
def test_a_prefix_of_an_f_string_is_known(prefix: str) -> None:
    from printlint.partial.masking import _FORMATTED

    assert prefix in _FORMATTED
    assert eval(f"{prefix}'{{1}}'") == "1"


def test_no_other_prefix_is_one_of_an_f_string() -> None:
    from printlint.partial.masking import _FORMATTED

    for prefix in ("", "r", "R", "b", "br", "Rb", "u", "U"):
        assert prefix not in _FORMATTED


def test_calls_that_say_what_a_program_is_are_those_of_their_libraries() -> None:
    """As far as the library is here; a method may be one of a class, or of an object that a function gives."""
    from printlint.facts.reach import sign_table

    wanted = [(name, libraries) for calls in sign_table._CALLS.values() for name, libraries in calls.items()]
    tried = [(name, library) for name, text in wanted for library in text.split() if library in _HERE]
    tried += [(name, "click") for name, (libraries, _) in sign_table.DECORATORS.items() if "click" in libraries]
    assert len(tried) > 10
    for name, library in tried:
        module = importlib.import_module(library)
        owners = [module, *(value for value in vars(module).values() if isinstance(value, (type, ModuleType)))]
        assert any(hasattr(owner, name) for owner in owners), (library, name)


_HERE = (
    "argparse",
    "getopt",
    "optparse",
    "asyncio",
    "click",
    "logging",
    "loguru",
    "structlog",
    "signal",
    "socketserver",
)
