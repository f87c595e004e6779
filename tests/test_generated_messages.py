"""Messages made by chance, of f-strings, `.format()`, `%`, `+` and wrapped arguments, logged before and after `fix`.

A bounded number runs with the other tests; `PRINTLINT_PROGRAMS=2000 pytest tests/test_generated_messages.py` runs more.
"""

from __future__ import annotations

import ast
import contextlib
import io
import logging
import os
import random
import warnings
from collections.abc import Callable

import loguru
import pytest

from printlint.config import Config
from printlint.rewrite.fixer import fix
from printlint.source import Source

PROGRAMS = int(os.environ.get("PRINTLINT_PROGRAMS", "8"))
CALLS = 60
STYLES = Config(select=("PRT501", "PRT502", "PRT503", "PRT504", "PRT508", "PRT509"))

# What formats otherwise than it converts, changes when it is called, or is a tuple though nobody would think so.
ODD = """\
class T(tuple): pass
class S(str):
    def __str__(self): return "S!"
    def __format__(self, spec): return "F!"
t, s, pair = T((1,)), S("sub"), (1, 2)
bag, table = [1], {"a": "%(a)s", "b c": {}}
def change(): bag.append(1); return "c%s{}"
"""
PLAIN = """\
t, s, pair = 1.5, "sub", [1, 2]
bag, table = [1], {"a": "%(a)s", "b c": {}}
def change(): return "c%s{}"
"""
FAILED = "--- Logging error ---"
COMMON = """\
name, count, ratio, nothing, raw, minus = "o'x\\"%s{0}", 7, 0.25, None, b"%d", -9
when = __import__("datetime").datetime(2024, 1, 2)
_ = lambda text: text
TEMPLATE = "t %s"
"""
STDLIB = """\
import logging
logger = logging.getLogger("generated")
"""
LOGURU = """\
from loguru import logger
"""
VALUES = (
    *("name", "count", "ratio", "nothing", "raw", "minus", "t", "s", "pair", "bag", "table", "when", "bag[0]"),
    *(
        "table['a']",
        "when.year",
        "str(s)",
        "repr(t)",
        "len(bag)",
        "change()",
        "(1, 2)",
        "(lambda: 3)()",
        "name.upper()",
    ),
    *("[x for x in bag]", "count if ratio else name", "not t", '"%s"', "{1: 2}['a' == 'b' or 1]", "f'{count:>3}{{'"),
)
SPECS = ("", "", "", ">9", "^{count}", "s", "%Y %%", ".3", "<5}}"[:2])
TEXTS = (
    "a",
    " b ",
    "%",
    "%%",
    "%s",
    "%d",
    "{{",
    "}}",
    "\\n",
    "\\t",
    "\\\\",
    "é",
    "😀",
    "\\x25",
    "#",
    "\\N{EM DASH}",
    "'",
    '"',
)
QUOTES = ('"', "'", '"""', "'''")


class Grammar:
    """Logging calls by chance. `braces`: for loguru."""

    def __init__(self, seed: int, *, braces: bool) -> None:
        self.random = random.Random(seed)
        self.braces = braces

    def pick(self, *items: str) -> str:
        return self.random.choice(items)

    def some(self, make: Callable[[], str], most: int) -> list[str]:
        return [make() for _ in range(self.random.randrange(most))]

    def text(self, quote: str, *, doubled: bool) -> str:
        """Text for a literal; `doubled` says whether braces have to be."""
        text = "".join(self.some(lambda: self.pick(*TEXTS), 4)).replace(quote[0], "")
        return text if doubled else text.replace("{{", "{").replace("}}", "}").replace("\\N{", "\\N{")

    def value(self) -> str:
        return self.pick(*VALUES)

    def field(self, quote: str) -> str:
        value = self.value().replace(quote[0], "'" if quote[0] == '"' else '"')
        conversion = self.pick("", "", "!r", "!s", "!a")
        spec = self.pick(*SPECS)
        return f"{{{self.pick('', ' ')}{value}{self.pick('', '', '', ' = ')}{conversion}{':' if spec else ''}{spec}}}"

    def f_string(self) -> str:
        quote = self.pick(*QUOTES)
        parts = [f"{self.text(quote, doubled=True)}{self.field(quote)}" for _ in range(self.random.randrange(1, 4))]
        more = self.pick(
            "", "", f" {quote}{self.text(quote, doubled=False)}{quote}", f"\n    f{quote}{self.field(quote)}{quote}"
        )
        return f"{self.pick('f', 'rf', 'F')}{quote}{''.join(parts)}{self.text(quote, doubled=True)}{quote}{more}"

    def formatted(self) -> str:
        quote = self.pick(*QUOTES)
        values = [self.value() for _ in range(3)]
        fields = self.pick("{} {!r}{:>5}", "{1}%{0}{2}", "{0} {0!s} {1}", "{x}-{}{y[a]}", "{0[0]}{1.real}", "{:{}} {}")
        text = self.text(quote, doubled=True)
        named = [f"x={values[0]}", "y=table"] if "x" in fields else []
        return f"{quote}{text}{fields}{text}{quote}.format({', '.join([*values, *named])})"

    def percent(self) -> str:
        quote = self.pick('"', "'")
        text = self.text(quote, doubled=False).replace("%", "%%").replace("\\x25", "")
        places = self.pick("%s", "%s %r", "%d", "%5.1f%%", "%(a)s", "%(a)d", "%s", "%-*s")
        values = [self.value() for _ in range(places.count("%") - 2 * places.count("%%") + places.count("*"))]
        right = f"({', '.join(values)},)" if len(values) != 1 or self.random.random() < 0.5 else values[0]
        if "(" in places:
            right = self.pick("table", '{"a": count}', '{"b": 1}', '{"a": name}', "dict(a=1)")
        literal = f"{quote}{text}{places}{quote}"
        return f"{self.pick(literal, f'_({literal})', 'TEMPLATE')} % {right}"

    def added(self) -> str:
        quote = self.pick(*QUOTES)
        operands = [f"{quote}{self.text(quote, doubled=False)}{quote}"]
        for _ in range(self.random.randrange(1, 4)):
            operands.append(
                self.pick(f"str({self.value()})", f"repr({self.value()})", "name", "s", operands[0], self.f_string())
            )
        self.random.shuffle(operands)
        return self.pick(" + ", " +\n    ", "\n    + ").join(operands)

    def wrapped(self) -> str:
        """A message with places, and arguments that are made text."""
        wraps = ("str({})", "repr({})", "ascii({})", "f'{{{}}}'", '"{{}}".format({})', "hex({})", "format({})", "{}")
        values = [self.pick(*wraps).format(self.value()) for _ in range(2)]
        place = self.pick("{} {!s}", "{} {:>9}") if self.braces else self.pick("%s %s", "%5s%%%s", "%r %-9s", "%s %.3s")
        return f'"{place}", {", ".join(values)}'

    def call(self) -> str:
        message = self.random.choice(
            [self.f_string, self.f_string, self.formatted, self.percent, self.added, self.wrapped]
        )()
        level = self.pick("info(", "warning(", 'log("INFO", ' if self.braces else "log(20, ")
        more = self.pick(
            "", "", "", f", {self.value()}", *([] if self.braces else [", extra={'k': 1}", ", **{'stacklevel': 1}"])
        )
        return f"logger.{level}{message}{more})"

    def line(self) -> str:
        """A call that this Python takes: not every mix of quotes and backslashes is a literal."""
        while True:
            line = self.call()
            with warnings.catch_warnings(), contextlib.suppress(SyntaxError):
                warnings.simplefilter("ignore")
                ast.parse(line)
                return line

    def program(self, preamble: str) -> str:
        lines = [preamble]
        for _ in range(CALLS):
            lines.append(f"try:\n    {self.line()}\nexcept Exception as error:\n    out(type(error).__name__)\n")
        return "".join(lines)


class Capture(logging.Handler):
    """Keeps what is logged as text."""

    def __init__(self, out: Callable[[str], None]) -> None:
        super().__init__()
        self.out = out

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the text; what cannot be formatted is another outcome than an exception."""
        try:
            self.out(record.getMessage())
        except Exception:
            self.out(FAILED)


def run(text: str) -> list[str]:
    """What a program logs, and the exceptions that its calls raise."""
    said: list[str] = []
    logger = logging.getLogger("generated")
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    logger.handlers = [Capture(said.append)]
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        sink = _loguru_sink(said.append) if "loguru" in text else None
        exec(compile(text, "generated.py", "exec"), {"out": said.append, "__name__": "generated"})
        if sink is not None:
            sink()
    return said


def _loguru_sink(out: Callable[[str], None]) -> Callable[[], None]:
    loguru.logger.remove()
    number = loguru.logger.add(lambda message: out(str(message.record["message"])), level=0, catch=False)
    return lambda: loguru.logger.remove(number)


def rewritten(text: str, *, unsafe: bool) -> str:
    result = fix(Source("generated.py", text), STYLES, unsafe=unsafe)
    assert result.failure is None
    assert len(result.fixed) > CALLS // 10
    again = fix(result.source, STYLES, unsafe=unsafe)
    assert again.source.text == result.source.text
    return result.source.text


@pytest.mark.parametrize("seed", range(PROGRAMS))
@pytest.mark.parametrize("library", [STDLIB, LOGURU], ids=["logging", "loguru"])
def test_safe_fixes_keep_the_text_of_every_message(library: str, seed: int) -> None:
    text = Grammar(seed, braces=library is LOGURU).program(library + COMMON + ODD)
    assert run(rewritten(text, unsafe=False)) == run(text)


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_unsafe_fixes_keep_the_text_where_values_are_what_they_seem(seed: int) -> None:
    """An error of the call may be reported by logging then, and a `%` in a value is none of a place: their cautions."""
    text = Grammar(seed, braces=False).program(STDLIB + COMMON + PLAIN)
    before, after = run(text), run(rewritten(text, unsafe=True))
    assert len(before) == len(after)
    for old, new in zip(before, after, strict=True):
        assert new == old or old == FAILED or (new == FAILED and old.endswith("Error")), (old, new)
