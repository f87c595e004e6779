"""What a repository holds beside code, damaged and made up: no crash, no endless run. A new reader joins the table."""

from __future__ import annotations

import ast
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from printlint.cache import outcomes as replay
from printlint.config import Config, load
from printlint.config_values import ConfigError
from printlint.facts.log_setup.logging_config import logging_configs
from printlint.facts.prints import custom_levels
from printlint.facts.prints.custom_levels import custom_level
from printlint.facts.project.console_scripts import declared_scripts
from printlint.facts.project.project import Project, read_module
from printlint.facts.reach.command_files import commands_below
from printlint.facts.reach.declared import declared_roots
from printlint.lint.baseline import Baseline, BaselineError
from printlint.lint.linter import lint_bytes
from printlint.process import notices
from printlint.reading.documents import UNKNOWN, Malformed, TooCostly, read_ini, read_json, read_toml, read_yaml
from printlint.reading.gitignore import is_ignored, rules_of
from printlint.rules import rule_codes
from printlint.run import current
from printlint.writing.recovery import NotAuthentic, read_manifest


class Reader(NamedTuple):
    """A file of a name, who reads it, the errors that the reader says it raises, and what such a file looks like."""

    name: str
    read: Callable[[Path], object]
    raises: tuple[type[Exception], ...]
    sample: str


def _declared(path: Path) -> object:
    return declared_roots(str(path.parent), {str(path.parent)})


def _loaded(path: Path) -> object:
    """What a module that loads the file has for a logging configuration, with all that is asked of one."""
    loader = "fileConfig" if path.suffix == ".conf" else "dictConfig"
    module = path.parent / "main.py"
    module.write_text(f"import logging.config\nlogging.config.{loader}(load('{path.name}'))\nprint('x')\n")
    found = _configurations(module)
    lint_bytes(str(module), module.read_bytes(), Config(select=("ALL",)), module)
    return found


def _configurations(path: Path) -> object:
    module = read_module(path)
    if module is None:
        return None
    found = logging_configs(module, Project(path.parent, marked=True))
    return [(config.above(entry.name), config.console("console")) for config in found for entry in config.entries]


def _cache(path: Path) -> object:
    os.environ["PRINTLINT_CACHE_DIR"] = str(path.parent)
    file = os.path.join(replay._folder(), replay._name(replay._run(["check"])))
    os.makedirs(os.path.dirname(file), exist_ok=True)
    os.replace(path, file)
    try:
        return replay.known_outcome(["check"])
    finally:
        del os.environ["PRINTLINT_CACHE_DIR"]


PYPROJECT = """\
[project]
scripts = { shop = "shop.cli:main" }
[tool.printlint]
select = ["PRT1", "PRT2"]
exclude = ["build/*", "**/gen_*.py"]
per-file-ignores = { "tests/*" = ["PRT1"] }
levels = { "(?i)fail(ed|ure)" = "error", "^done" = "debug" }
logger-name = "log"
baseline = "baseline.json"
"""
SETUP_CFG = "[options.entry_points]\nconsole_scripts =\n    shop = shop.cli:main\n    %(name)s = a.b:c\n"
DICT = """\
{"version": 1, "disable_existing_loggers": false,
 "handlers": {"console": {"class": "logging.StreamHandler", "level": "INFO"}},
 "loggers": {"shop": {"handlers": ["console"], "propagate": "no", "level": 10}, "shop.db": {"level": "ERROR"}},
 "root": {"handlers": ["console"]}}
"""
YAML = """\
version: 1
base: &base {level: INFO, propagate: no}
handlers:
  console: {class: logging.StreamHandler, stream: !!python/name:sys.stdout }
loggers:
  shop: {<<: *base, handlers: [console]}
  2024-01-01: &x [*base, .nan, 0x10, 1:30:00, ~, ? a, "b", 'c']
root: &root {self: *root}
"""
TOML = "[tool.app.logging]\nversion = 1\n[tool.app.logging.loggers.'shop.db']\nlevel = 'INFO'\nhandlers = ['a']\n"
INI = "[loggers]\nkeys = root, a\n[handlers]\nkeys = a\n[logger_root]\nhandlers = a\n[logger_a]\nqualname = s.%(x)s\n"
BASELINE = '{"version": 1, "findings": {"a.py": [["PRT101", "f", "0123456789ab"]]}}'
DECLARED = {
    "pyproject.toml": "[tool.poetry]\npackages = [{include = 'a', from = 'b'}]\n[tool.pdm.build]\npackage-dir = 'c'\n",
    "setup.cfg": "[options]\npackage_dir =\n    = src\n[tool:pytest]\npythonpath = a\n",
    "setup.py": "setup(package_dir={'': 'src'}, packages=find_packages('a'))\n",
    ".env": "export PYTHONPATH=a:b\n",
}
COMMANDS = {
    "Dockerfile": 'FROM a AS b\nWORKDIR /app\nENV PYTHONPATH=/app:$X\nCOPY . .\nCMD ["python", "x.py"] \\\n  # a\n',
    "Procfile": "web: cd a && gunicorn --chdir b a.b:c\n",
    "Makefile": "run:\n\t@(cd a; $(PYTHON) -m a.b) && FLASK_APP=x flask run\n",
    "run.sh": '#!/bin/sh\ncd "$(dirname "$0")"\nexport PYTHONPATH=.\nexec sh -c \'python x.py\'\n',
    "compose.yml": "x: &x {command: python a.py}\nservices: {a: *x, b: {<<: *x, volumes: ['./a:/b'], env: [A=b]}}\n",
    "a.service": "[Service]\nEnvironment=PYTHONPATH=/a\nEnvironment=B=c\nExecStart=/usr/bin/python3 x.py\n",
    "package.json": '{"scripts": {"start": "python x.py"}}',
    "tox.ini": "[testenv]\ncommands =\n    python x.py {posargs}\n    a\nsetenv = PYTHONPATH = %(a)s\n",
    "fly.toml": "[processes]\nweb = 'uvicorn a:b'\n",
    "serverless.yml": "functions: {a: {handler: b/c.d, module: e}}\nGlobals: {Function: {CodeUri: f}}\n",
    "main.tf": 'handler = "a.b"\nsource_dir = "${path.module}/c"\n',
    "scrapy.cfg": "[settings]\ndefault = a.settings\n",
    "README.md": "```sh\n$ python x.py\n```\n",
}
GITIGNORE = "*.pyc\n!a.py\n/build/\n**/gen_*/x\n[a-z]?\\ \n"

READERS = [
    Reader("pyproject.toml", lambda path: load(path, rule_codes()), (ConfigError,), PYPROJECT),
    Reader("pyproject.toml", lambda path: list(declared_scripts(path.parent)), (), PYPROJECT),
    Reader("setup.cfg", lambda path: list(declared_scripts(path.parent)), (), SETUP_CFG),
    Reader("setup.py", lambda path: list(declared_scripts(path.parent)), (), f"setup(entry_points='''{SETUP_CFG}''')"),
    Reader(".gitignore", lambda path: is_ignored("/a/b/c.py", rules_of(str(path.parent))), (), GITIGNORE),
    Reader(
        "config.py",
        _configurations,
        (),
        f"import logging.config\nlogging.config.dictConfig({ast.literal_eval(DICT.replace('false', 'False'))})\n",
    ),
    Reader("logging.json", _loaded, (), DICT),
    Reader("logging.yaml", _loaded, (), YAML),
    Reader("logging.toml", _loaded, (), TOML),
    Reader("logging.conf", _loaded, (), INI),
    Reader("baseline.json", Baseline.read, (BaselineError,), BASELINE),
    Reader("cache", _cache, (), f"printlint cache 2\n{'0' * 100}"),
    Reader(
        "signed cache", lambda path: replay._unpacked(path.read_bytes()), (ValueError, TypeError, IndexError), "0" * 100
    ),
    *(Reader(name, _declared, (), text) for name, text in DECLARED.items()),
    *(Reader(name, lambda path: commands_below(path.parent), (), text) for name, text in COMMANDS.items()),
    Reader("manifest", lambda path: read_manifest(path.read_bytes(), path.parent, b"key"), (NotAuthentic,), "00\n{}"),
]
IDS = [f"{index}-{reader.name}" for index, reader in enumerate(READERS)]

# What hostile files are made of: the same again and again, around it a file's beginning and end.
PUMPS = [
    *("[", "{", "(", "'", '"', "\\", "a.", "- ", "? ", ": ", "&a ", "*a ", "!", "%(a)s", "a = 1\n", "[a]\n", "[[a]]\n"),
    *(
        "a: ",
        "\n",
        " ",
        "\t",
        "=",
        "#",
        "1",
        "1_",
        "0x",
        "1:",
        "{a: ",
        "[{",
        "*",
        "**/",
        "[a",
        "?",
        "a,",
        "\0",
        "é",
        "\r",
    ),
    *(
        '{"a":',
        '"a":1,',
        "[a.",
        "a b",
        "::",
        "<<: ",
        "|\n",
        "= a",
        "=a:",
        "!!",
        '"""',
        "'''",
        "\ufeff",
        "\x85",
        "a" * 50,
    ),
]
HEADS = {
    ".toml": [
        "",
        "a = ",
        'a = "',
        "[",
        "a = [",
        "[tool.printlint]\n",
        "[tool.printlint]\nexclude = ['",
        "a.",
        "[project]\nscripts.a = 0x",
    ],
    ".yaml": ["", "version: 1\nloggers:\n", "a: &a [", "a: {<<: ", "a: 1", "? ", '"', "version: 1\nloggers: {a: {"],
    ".json": ["", '{"version": 1, "loggers": {', '{"a": ', '"', '{"version": ', '{"version": 1, "findings": {"a": [['],
    ".conf": ["", "[loggers]\nkeys = ", "[a]\na", "[a]\na = ", "[loggers]\nkeys=a\n[logger_a]\nqualname="],
    ".cfg": ["", "[options.entry_points]\nconsole_scripts = ", "[a]\na", "[a]\na =\n "],
    ".py": [
        "",
        "import logging.config\nlogging.config.dictConfig({'version': 1, 'loggers': {'a': ",
        "console_scripts = ",
    ],
}
EXAMPLES = int(os.environ.get("PRINTLINT_EXAMPLES", "0"))
SIZE = 100_000 if EXAMPLES else 20_000


@pytest.fixture(autouse=True)
def _no_notices() -> Iterator[None]:
    yield
    notices.take()


def read(reader: Reader, path: Path, data: bytes) -> None:
    """Read a file: nothing but the documented errors may come, in two seconds of this process's time for 100 KB."""
    path.write_bytes(data)
    started = time.process_time()
    with suppress(*reader.raises):
        reader.read(path)
    assert time.process_time() - started < (2 if EXAMPLES else 1), "what grows with the square takes far longer"


@pytest.mark.parametrize("reader", READERS, ids=IDS)
def test_a_reader_reads_what_such_a_file_looks_like(reader: Reader, tmp_path: Path) -> None:
    read(reader, tmp_path / reader.name, reader.sample.encode())


@pytest.mark.parametrize("reader", READERS, ids=IDS)
def test_no_repetition_makes_a_reader_crash_or_take_long(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / reader.name
    for head in HEADS.get(Path(reader.name).suffix, [""]):
        for pump in PUMPS:
            read(reader, path, (head + pump * (SIZE // len(pump)) + "\n").encode())


FUZZ = settings(
    max_examples=EXAMPLES or 40,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def damaged(text: str, chance: random.Random) -> bytes:
    """A file with parts lost, doubled, moved, repeated or made of something else."""
    data = text.encode()
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.randint(0, 20))
        pump = chance.choice(PUMPS).encode()
        piece = chance.choice([b"", data[start:end] * 2, pump, pump * chance.randint(2, 300), chance.randbytes(3)])
        data = data[:start] + piece + data[end:]
    return data


@pytest.mark.parametrize("reader", READERS, ids=IDS)
@FUZZ
@given(seed=st.integers(0, 2**32))
def test_damaged_files(reader: Reader, tmp_path: Path, seed: int) -> None:
    read(reader, tmp_path / reader.name, damaged(reader.sample, random.Random(seed)))


@pytest.mark.parametrize("reader", READERS, ids=IDS)
@FUZZ
@given(data=st.binary(max_size=200))
def test_bytes_that_mean_nothing(reader: Reader, tmp_path: Path, data: bytes) -> None:
    read(reader, tmp_path / reader.name, data)


# Documents


def test_aliases_that_hold_one_another_cost_no_more_than_their_text() -> None:
    lines = [
        "a0: &a0 [x, x]",
        *(f"a{index}: &a{index} [{', '.join([f'*a{index - 1}'] * 10)}]" for index in range(1, 99)),
    ]
    assert len(read_yaml("\n".join(lines))) == 99
    merged = [
        "a0: &a0 {x: 1}",
        *(f"a{index}: &a{index} {{<<: [*a{index - 1}, *a{index - 1}]}}" for index in range(1, 99)),
    ]
    assert read_yaml("\n".join(merged))["a98"] == {"x": 1}
    keys = ", ".join(f"k{index}: 1" for index in range(2000))
    wide = [f"a0: &a0 {{{keys}}}", *(f"a{index}: {{<<: *a0}}" for index in range(1, 99))]
    with pytest.raises(TooCostly, match="keys are merged"):
        read_yaml("\n".join(wide))


def test_a_mapping_may_hold_itself() -> None:
    value = read_yaml("a: &a {self: *a, version: 1}")
    assert value["a"]["self"] is value["a"]


def test_yaml_gives_plain_values_and_knows_no_others() -> None:
    text = (
        "{a: 1, b: yes, c: ~, d: 'yes', e: 2024-01-01, f: .nan, g: !x 1, h: !x [1], i: 0x10, [k]: 1, 3: <<, l: !!str 1}"
    )
    value = read_yaml(text)
    assert [value[key] for key in "abcdefi"] == [1, True, None, "yes", "2024-01-01", ".nan", "0x10"]
    assert (value["g"], value["h"], value[UNKNOWN], value[3], value["l"]) == (UNKNOWN, UNKNOWN, 1, "<<", "1")
    assert read_yaml("a: &a {x: 1, y: 1}\nb: {<<: [*a, {x: 3, z: 3}], y: 2}")["b"] == {"y": 2, "x": 1, "z": 3}
    assert read_yaml("") is None
    with pytest.raises(Malformed):
        read_yaml("a: 1\n---\nb: 1")


def test_documents_that_are_nested_too_deeply_are_said_to_be() -> None:
    for read_, text in ((read_toml, "a=" + "[" * 5000), (read_json, "[" * 50_000), (read_yaml, "[" * 5000)):
        with pytest.raises(TooCostly, match="nested"):
            read_(text)
    with pytest.raises(TooCostly, match="parts"):
        read_toml("a." * 200 + "a = 1")
    assert read_toml(f"a = '{'no key. ' * 200}'") != {}
    assert read_ini("[a]\nb =  %(b)s  c").get("a", "b") == "%(b)s c"


@pytest.mark.parametrize("text", [f"a = {'[' * 5000}", f"{'a.' * 200}a = 1", "#" * 1_000_001])
def test_a_configuration_that_costs_too_much_is_warned_of_and_the_run_goes_on(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(f"[tool.printlint]\n{text}\n")
    assert load(path, rule_codes()) is None
    (line,) = notices.take()
    assert line.startswith(f"warning: {path}: ")
    assert line.endswith("; ignored")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"select = [{'1' * 5000}]", "not valid TOML"),
        (f"select = 0x{'f' * 90_000}", "select takes a list of strings"),
        (f"select = {'[' * 200 + ']' * 200}", "select takes a list of strings"),
        (f"select = ['{'x' * 90_000}']", "unknown code"),
        (f"{'x' * 90_000} = 1", "unknown key"),
        (f"exclude = ['{'[' * 90_000}']", "exclude takes globs of 256 characters at most"),
        ("exclude = [" + "'a'," * 2000 + "]", "exclude takes 1,000 globs at most, not 2,000"),
        ("levels = {'" + "(" * 500 + "' = 'info'}", "is not a valid regular expression"),
        ("levels = {'a{99999999999999999999}' = 'info'}", "repeats a part"),
        ("levels = {'(?:(?:a{1000}){1000}){1000}' = 'info'}", "repeats a part more than 100,000 times"),
        ("levels = {'(?ix)a' = 'info'}", "verbose"),
        ("levels = {'" + "a" * 1001 + "' = 'info'}", "levels takes patterns of 1,000 characters at most"),
        ("levels = {'a' = [[1]]}", "levels cannot be [[1]]"),
    ],
)
def test_a_value_that_cannot_be_followed_is_said_in_a_short_message(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(f"[tool.printlint]\n{line}\n")
    with pytest.raises(ConfigError) as raised:
        load(path, rule_codes())
    assert reason in str(raised.value)
    assert len(str(raised.value)) < 600 + len(str(path))


# Levels


def call(text: str) -> ast.Call:
    statement = ast.parse(f"print({text!r})").body[0]
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    return statement.value


def test_a_pattern_that_takes_too_long_is_given_up_and_named_once(tmp_path: Path) -> None:
    patterns = {"(a|aa)+$": "error", "(?<!no )error": "warning", r"(\w+\s?)*$": "info"}
    config = Config(levels=patterns, file=tmp_path / "pyproject.toml")
    started = time.process_time()
    for _ in range(50):
        assert custom_level(config, call("a" * 5000 + "!")) is None
    assert time.process_time() - started < 5
    found = custom_level(config, call("an error"))
    assert found is not None
    assert found.method == "warning"
    assert len(notices.take()) == 2


def test_patterns_that_are_slow_together_are_given_up_together() -> None:
    current().part(custom_levels._Spent).seconds = custom_levels._BUDGET_S
    config = Config(levels={"(a|aa)+$": "error"})
    assert custom_level(config, call("a" * 25 + "!" * 5000)) is None
    assert custom_level(Config(levels={"plain": "error"}), call("plain")) is not None


def test_only_who_configures_levels_loads_regex(tmp_path: Path) -> None:
    import subprocess
    import sys

    script = (
        "import ast, sys\nfrom printlint.config import Config\n"
        "from printlint.facts.prints.custom_levels import custom_level\n"
        "call = ast.parse('print(1)').body[0].value\ncustom_level(Config(), call)\nassert 'regex' not in sys.modules\n"
        "custom_level(Config(levels={'a': 'info'}), call)\nassert 'regex' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize(
    "word", ["true", "false", "yes", "no", "on", "off", "null", "~", "y", "n", "none", "t", "yess"]
)
@pytest.mark.parametrize("spell", [str, str.title, str.upper, str.swapcase])
def test_a_word_is_what_the_yaml_library_takes_it_for(word: str, spell: Callable[[str], str]) -> None:
    text = f"a: {spell(word)}\nb: [{spell(word)}, '{word}']\n"
    assert read_yaml(text) == yaml.safe_load(text)


@pytest.mark.parametrize("number", ["0", "-1", "+1", "10", "12345", "a1", "1a", "'10'", "1 0"])
def test_a_whole_number_is_what_the_yaml_library_takes_it_for(number: str) -> None:
    assert read_yaml(f"a: {number}") == yaml.safe_load(f"a: {number}")
