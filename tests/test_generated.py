"""Programs made by chance from a grammar of print and logging calls, run before and after.

A bounded number runs with the other tests; `PRINTLINT_PROGRAMS=2000 pytest tests/test_generated.py` runs more.
"""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from conftest import HANDLER, LOGURU_SINK, clean_environment

from printlint.config import Config
from printlint.config_values import MESSAGE_STYLES
from printlint.lint.linter import lint
from printlint.rewrite.fixer import fix
from printlint.source import Source

PROGRAMS = int(os.environ.get("PRINTLINT_PROGRAMS", "12"))
CALLS_A_PROGRAM = 60
BACKENDS = ("queue", "aiologger", "structlog", "none")

STANDARD_LOGGER = 'log = logging.getLogger("of the program")'
PREAMBLE = f"""\
import asyncio
import logging
import sys
from contextlib import suppress
{STANDARD_LOGGER}
"""
PREAMBLE += """\
class T(tuple): pass
class S(str):
    def __str__(self): return "S!" + str.__str__(self)
    def __format__(self, spec): return "F!"
name, count, ratio, items, mapping, nothing = "o'x\\"%s", 7, 0.25, [1, "%d"], {"a": "%(a)s"}, None
t, s = T((1, 2)), S("sub")
whole = 7
word = "x%s"
bag = [1]
def call(*args, **kwargs): return args[0] if args else None
class Told:
    seen = 0
    def __str__(self):
        Told.seen += 1
        return f"told {Told.seen}"
def note(value): sys.stdout.write(f"noted {value!r}\\n")
def with_(value):
    note(value)
    return lambda function: function
def begin(): print("begun", end=" ")
def ended(): print("ended")
async def later(value=None):
    print("later", value)
    return value
"""

# Forms of several lines, each with the indentation of the one before it; `{}` is a call.
BLOCKS = (
    "value = {}\nnote(value)",
    "note({} or 'or')",
    "note([*map(lambda item: {}, (1,))])",
    "if (value := {}) is None: note(value)",
    "try:\n    {}\n    note('done')\nexcept ValueError as error:\n    note(error)",
    "try:\n    print('bad', Bad())\n    note('done')\nexcept ValueError as error: {}",
    "try:\n    {}\nfinally:\n    note('finally')",
    "with suppress(ValueError):\n    {}\n    print('bad:', Bad(), count)",
    "class Inner:\n    {}\n    value = {}\nnote(Inner.value)",
    "match count:\n    case 7 if {} is None: {}\n    case _: pass",
    "@with_({})\ndef inner(value={}) -> str: return value\nnote(inner())",
    "begin()\n{}",
    "begin()\nended()\n{}",
    "print('part', end=', ')\n{}",
    "def inner():\n    yield {}\n    return {}\nnote([*inner()])",
    "told = Told()\nprint(told, f'{told}', told)\n{}",
    "many = [1]\nprint('many', many)\nprint(many)\nmany.append({})\nprint(f'{many}', many)",
    "note(log.info('of %s', name) or log.warning(f'{name} %s'))",
    "for item in [1, 2]:\n    if item > 1: break\n    {}\nelse:\n    {}",
    "note({'a': {}, 'b': [{}]})",
    "note(f'{count}' if {} else [not {}, {} is None])",
)
AWAITED = (
    "note(await later({}))",
    "note([await later(item) for item in (1, 2) if {} is None])",
    "async with asyncio.timeout(None):\n    {}",
    "note(await asyncio.gather(later(1), later({})))",
    "async def inner():\n    note({})\n    return {}\nnote(await inner())",
    "asyncio.get_running_loop().call_soon(log.info, 'soon')\nawait asyncio.sleep(0)\n{}",
    "note((lambda: log.info('in a lambda'))())",
)

QUOTES = ("'", '"', "'''", '"""')
CHARACTERS = [
    "a",
    "b c",
    "%",
    "%%",
    "%s",
    "%d",
    "%(a)s",
    "{",
    "}",
    "\\n",
    "\\t",
    "\\\\",
    "é",
    "😀",
    "\\x25",
    "#",
    " ",
    "\\'",
    '\\"',
]
VALUES = [
    "name",
    "count",
    "ratio",
    "items",
    "mapping",
    "nothing",
    "t",
    "s",
    "()",
    "(1,)",
    "b'%s'",
    "-count",
    "not name",
]
NAMES = ["name", "count", "ratio", "s", "t"]

# What structlog's events look like under the handler that writes bare messages.
STRUCTLOG = """
import structlog
structlog.configure(
    processors=[structlog.stdlib.PositionalArgumentsFormatter(), lambda logger, method, event: event["event"]],
    wrapper_class=structlog.stdlib.BoundLogger,
    logger_factory=logging.getLogger,
)
"""


# In a program with such a class, prints of unknown values are refused.
BAD = """\
class Bad:
    def __str__(self): raise ValueError("no text")
    __repr__ = __str__
"""


class Grammar:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.raises, self.sees_calls = seed % 5 == 0, seed % 3 == 0
        self.interleaves = BACKENDS[seed % 4] == "structlog"  # whose awaits let other tasks run
        self.blocks = [block for block in (*BLOCKS, *AWAITED) if self._suits(block)]

    def _suits(self, block: str) -> bool:
        """Where the value of one call on the logger is seen, none on it is awaited; where `str()` raises, few are."""
        if self.interleaves and "gather" in block:
            return False
        return (self.raises or "Bad()" not in block) and (self.sees_calls or "log." not in block)

    def pick(self, items: list[str] | tuple[str, ...]) -> str:
        return self.random.choice(items)

    def text(self) -> str:
        return "".join(self.pick(CHARACTERS) for _ in range(self.random.randrange(5)))

    def literal(self) -> str:
        quote, body = self.pick(QUOTES), self.text()
        body = body.replace(quote[0], "")
        raw = "" if "\\" in body else self.pick(["", "r", "u"])
        return f"{raw}{quote}{body}{quote}"

    def f_string(self) -> str:
        field = self.pick(
            [
                "{count}",
                "{name!r}",
                "{ratio:.1%}",
                "{s}",
                "{count:>4}",
                "{t!s:>9}",
                "{name=}",
                "{{}}",
                "{count!a:{count}}",
                "{whole}",
                "{word} {whole:>{whole}}",
                "{whole= }",
                "{bag} {str(bag.append(1))}",
                "{bag!r} {len(bag)}",
                "{str(s)} {[whole, word]}",
            ]
        )
        body = "".join(self.pick(["a%", "%s", " ", field]) for _ in range(self.random.randrange(1, 4)))
        return f'f"{body}"'

    def expression(self, depth: int = 0) -> str:
        kinds = [
            self.literal,
            self.literal,
            self.f_string,
            lambda: self.pick(VALUES),
            self.formatted,
            self.concatenated,
        ]
        if depth < 2:
            kinds += [lambda: f"call({self.expression(depth + 1)})", lambda: f"[{self.expression(depth + 1)}]",
                      lambda: f"({self.expression(depth + 1)} if count else {self.expression(depth + 1)})",
                      lambda: f"(lambda: {self.expression(depth + 1)})()"]  # fmt: skip
        return self.random.choice(kinds)()

    def formatted(self) -> str:
        return self.pick(
            [
                '"%s and %d" % (name, count)',
                '"%s" % (t,)',
                '"{} {!r}".format(name, s)',
                '"%(a)s" % mapping',
                "str(s)",
                "repr(name)",
            ]
        )

    def concatenated(self) -> str:
        return (
            " ".join(self.literal() for _ in range(self.random.randrange(2, 4)))
            if self.random.random() < 0.5
            else f"{self.literal()} + name"
        )

    def keywords(self) -> list[str]:
        choices = [
            "sep=''",
            "sep=', '",
            "sep='%s'",
            "sep=None",
            "sep='\\n'",
            "end='\\n'",
            "end=None",
            "flush=True",
            "file=None",
        ]
        return [self.pick(choices)] if self.random.random() < 0.25 else []

    def print_call(self) -> str:
        arguments = [self.expression() for _ in range(self.random.randrange(1, 5))] + self.keywords()
        between = self.pick([", ", ",\n      ", ",\n    ", ",  # comment\n      "])
        return f"print({between.join(arguments)})"

    def statement(self) -> str:
        if self.random.random() < 0.25:
            return f"print({self.f_string()})"
        if self.random.random() < 0.2:
            level = self.pick(["info", "warning", "error"])
            return f'logging.{level}("%s of %s", {self.pick(NAMES)}, {self.pick(NAMES)})'
        return self.print_call()

    def program(self) -> str:
        lines = [PREAMBLE, BAD if self.raises else "", "def sync():"]
        for _ in range(CALLS_A_PROGRAM // 2):
            lines += self.lines([block for block in self.blocks if block not in AWAITED])
        lines.append("async def main():")
        for _ in range(CALLS_A_PROGRAM // 2):
            lines += self.lines(self.blocks)
        return "\n".join([*lines, "sync()", "asyncio.run(main())", ""])

    def lines(self, blocks: list[str]) -> list[str]:
        """One line, or a form of several."""
        if self.random.random() < 0.7:
            return ["    " + self.line()]
        while True:
            block = self.pick(blocks)
            while "{}" in block:
                block = block.replace("{}", self.statement(), 1)
            lines = ["    " + line for line in block.split("\n")]
            with contextlib.suppress(SyntaxError):
                _check("async def f():\n" + "\n".join(lines))
                return lines

    def line(self) -> str:
        """A line that this Python takes: not every mix of quotes and backslashes is a literal."""
        while True:
            line = self.shape(self.statement())
            with contextlib.suppress(SyntaxError):
                _check(f"def f():\n    {line}\n")
                return line

    def shape(self, call: str) -> str:
        shapes = [
            "{}",
            "{}",
            "if count: {}",
            "count and {}",
            "{}; {}",
            "(lambda: {})()",
            "for _ in (1, 2): {}",
            "[{} for _ in (1,)]",
        ]
        return self.pick(shapes).replace("{}", call)


def _check(text: str) -> None:
    """Raise SyntaxError for what this Python does not take."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(text, "generated", "exec")


def run(program: Path, handler: Path) -> tuple[str, int]:
    environment = clean_environment(PYTHONPATH=str(handler), PYTHONWARNINGS="ignore", PYTHONIOENCODING="utf-8")
    done = subprocess.run(
        [sys.executable, program.name], cwd=program.parent, env=environment, capture_output=True, check=False
    )
    assert b"Logging error" not in done.stderr, done.stderr.decode()
    return done.stdout.decode(), done.returncode


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_a_generated_program_prints_the_same_after_fix(seed: int, tmp_path: Path) -> None:
    text = Grammar(seed).program()
    handler = tmp_path / "handler"
    handler.mkdir()
    style, backend = MESSAGE_STYLES[seed % 3], BACKENDS[seed % 4]
    (handler / "sitecustomize.py").write_text(HANDLER + (STRUCTLOG if backend == "structlog" else ""))
    assert_prints_the_same(tmp_path, text, Config(message_style=style, async_backend=backend))


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_a_generated_program_that_logs_through_loguru_prints_the_same_after_fix(seed: int, tmp_path: Path) -> None:
    pytest.importorskip("loguru")
    text = Grammar(seed).program().replace(STANDARD_LOGGER, "from loguru import logger as log")
    handler = tmp_path / "handler"
    handler.mkdir()
    (handler / "sitecustomize.py").write_text(HANDLER + LOGURU_SINK)
    assert_prints_the_same(tmp_path, text, Config(message_style=MESSAGE_STYLES[seed % 3]))


def assert_prints_the_same(folder: Path, text: str, config: Config) -> None:
    program, handler = folder / "main.py", folder / "handler"
    program.write_text(text, encoding="utf-8")
    before = run(program, handler)
    result = fix(Source("main.py", text), config, program)
    assert result.failure is None
    assert len(result.fixed) > CALLS_A_PROGRAM // 4
    program.write_text(result.source.text, encoding="utf-8")
    from printlint.setup.template import setup_source

    (folder / "logging_setup.py").write_text(setup_source(config.async_backend))
    assert run(program, handler) == before
    left = {item.finding.code for item in result.left if item.fix is not None and item.fix.safety.value == "safe"}
    assert left == set(), "one run reaches the fixed point"
    assert lint(result.source, config, program).context is not None
