"""Programs that nobody would write, and real ones that were damaged, through `fix`: no crash, nothing lost.

What is generated is decided by hypothesis, the same in every run; a bounded number runs with the other tests.
`PRINTLINT_EXAMPLES=5000 pytest tests/test_fuzz.py` tries more, other ones each time.
"""

from __future__ import annotations

import ast
import os
import random
import sysconfig
import tempfile
import warnings
from contextlib import suppress
from pathlib import Path

import hypothesmith
import pytest
from conftest import isolated
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sameness import differences

from printlint.config import Config
from printlint.config_values import MESSAGE_STYLES
from printlint.lint.linter import lint
from printlint.rewrite.files import fix_files
from printlint.source import Source

EXAMPLES = int(os.environ.get("PRINTLINT_EXAMPLES", "0"))
FUZZ = settings(
    max_examples=EXAMPLES or 80,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
LIBRARY = Path(sysconfig.get_path("stdlib"))
FOLDERS = (LIBRARY, LIBRARY / "asyncio", LIBRARY / "json", LIBRARY / "unittest", LIBRARY / "email", LIBRARY / "test")
FILES = sorted(path for folder in FOLDERS for path in folder.glob("*.py") if path.stat().st_size < 30_000)

CALLS = [
    "print('it works')",
    "print('at', x, sep='')",
    "print(f'{x!r} of {y:>4}', 'and', *z)",
    "print('50% of', x, flush=True)",
    "print()",
    "print('no end', end='')",
    "import logging; logging.info('at %s', x)",
    "logging.warning(x)",
    "logger.info('ready')",
    "logging.getLogger(__name__).error('%d', 3)",
    "if x: print('one line')",
    "x = print('value')",
    "await logger.info('waited')",
    "async def f(): logging.info('inside'); logger.debug(x)",
    "import sys; sys.stderr.write('x')",
    "print(\n'a'  # why\n,\nx)",
    "from pprint import pprint; pprint(x)",
    "logger = logging.getLogger(__name__)",
    "logger.addHandler(logging.StreamHandler())",
]
BYTES = [
    *(b"\0", b"\r", b"\f", b"\xff", b"\xef\xbb\xbf", b"\t", b"\\\n", b"'", b'"""', b"(", b")", b"\n", b" ", b"#", b";"),
    *(b"# coding: latin-1\n", "é".encode(), "\u2028".encode(), b"print(", b"await ", b"<<<<<<< HEAD\n"),
]


def sprinkled(text: str, chance: random.Random, count: int) -> str:
    """A program with calls put before some of its statements."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
    lines = text.splitlines(keepends=True)
    places = sorted({node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt)})
    for number in sorted(chance.sample(places, min(count, len(places))), reverse=True):
        line = lines[number - 1] if number <= len(lines) else ""
        indent = line[: len(line) - len(line.lstrip(" \t\f"))]
        lines.insert(number - 1, f"{indent}{chance.choice(CALLS)}\n")
    return "".join(lines)


def damaged(data: bytes, chance: random.Random, count: int) -> bytes:
    """Bytes with some put in and some lines lost, doubled, swapped or ended otherwise."""
    for _ in range(count):
        lines = data.splitlines(keepends=True) or [b""]
        place, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(6):
            case 0:
                at = chance.randrange(len(data) + 1)
                data = data[:at] + chance.choice(BYTES) + data[at:]
                continue
            case 1:
                del lines[place]
            case 2:
                lines.insert(place, lines[other])
            case 3:
                lines[place], lines[other] = lines[other], lines[place]
            case 4:
                lines[place] = lines[place].rstrip(b"\r\n") + chance.choice([b"\r\n", b"\r", b"\n", b""])
            case 5:
                lines[place] = lines[place].replace(b"    ", b"\t", 1)
        data = b"".join(lines)
    return data


def parses(data: bytes) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            ast.parse(data)
            return True
    return False


def check(data: bytes, *, unsafe: bool) -> None:
    """All that must hold of `fix` on any bytes."""
    configs = isolated(message_style=MESSAGE_STYLES[len(data) % len(MESSAGE_STYLES)])
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / "program.py"
        path.write_bytes(data)
        run = fix_files([path], configs, unsafe=unsafe, allow_setup=True)
        assert run.errors == []
        change = run.files[0].change
        if change is None:
            return
        assert parses(change.new)
        before, after = Source.decode("program.py", data), Source.decode("program.py", change.new)
        assert differences(before, after, lint(before, Config(), path).findings) == []
        for setup in run.setups:
            (path.parent / setup.path.name).write_bytes(setup.new)
        path.write_bytes(change.new)
        again = fix_files([path], configs, unsafe=unsafe, allow_setup=True)
        assert again.changes == [], "one run reaches the fixed point"


seeds = st.integers(0, 2**32)


@FUZZ
@given(hypothesmith.from_grammar() | hypothesmith.from_node(), seeds, st.integers(1, 6), st.booleans())
def test_strange_programs(text: str, seed: int, count: int, unsafe: bool) -> None:
    with suppress(SyntaxError, ValueError, UnicodeEncodeError):
        text = sprinkled(text, random.Random(seed), count)
    check(text.encode("utf-8", "surrogatepass"), unsafe=unsafe)


@FUZZ
@given(st.sampled_from(FILES), seeds, st.integers(1, 12), st.booleans())
def test_real_files_with_calls_in_odd_places(path: Path, seed: int, count: int, unsafe: bool) -> None:
    try:
        text = sprinkled(path.read_text(encoding="utf-8"), random.Random(seed), count)
    except (SyntaxError, UnicodeDecodeError):
        return
    check(text.encode(), unsafe=unsafe)


@FUZZ
@given(st.sampled_from(FILES), seeds, st.integers(1, 6), st.booleans())
def test_damaged_files(path: Path, seed: int, count: int, unsafe: bool) -> None:
    chance = random.Random(seed)
    data = path.read_bytes()
    with suppress(SyntaxError, UnicodeDecodeError):
        data = sprinkled(data.decode("utf-8"), chance, 3).encode()
    check(damaged(data, chance, count), unsafe=unsafe)


def test_a_mistake_far_from_all_that_is_looked_at_leaves_the_file_alone() -> None:
    logged = "import logging\n\n\ndef f():\n    logging.getLogger(__name__).error('%d', 3)\n"
    check(f"{logged}\n\ndef g():\n    no Python at all\n\n{'x = 1' * 3}\n{'# more' * 80}\n".encode(), unsafe=False)


@pytest.mark.parametrize(
    "after",
    ["x = 1\nlogger.info('a')\n", "x = 2\nlogger.info('a')\ny = 2\n", "x = 1\ny = 2\nlogger.info('a')\n"],
)
def test_the_oracle_sees_what_is_lost_or_changed_or_moved(after: str) -> None:
    before = Source("x.py", "x = 1\nprint('a')\ny = 2\n")
    findings = lint(before).findings
    assert differences(before, Source("x.py", after), findings) != []
    good = "import logging\nlogger = logging.getLogger(__name__)\nx = 1\nlogger.info('a')\ny = 2\n"
    assert differences(before, Source("x.py", good), findings) == []
