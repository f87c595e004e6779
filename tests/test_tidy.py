"""`tidy`: what goes of messages, which prints go, and what stays. What programs print then is in fixtures/behaviour."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import isolated

from printlint.cli.fix import command
from printlint.config import Config
from printlint.lint.linter import lint
from printlint.rewrite.files import fix_files
from printlint.rewrite.fixer import Fixed, fix, report
from printlint.source import Source


def fixed(body: str, **table: object) -> Fixed:
    config = Config(detect_interface=False, tidy=True, **table)  # type: ignore[arg-type]
    result = fix(Source("app.py", body), config)
    assert result.failure is None
    return result


def tidied(statement: str, **table: object) -> str:
    """What becomes of a statement, on one line."""
    text = fixed(f"def f(x, n, path):\n    {statement}\n    n += 1\n", **table).source.text
    return text.rpartition("def f(x, n, path):\n")[2].rpartition("    n += 1")[0].strip()


@pytest.mark.parametrize(
    ("statement", "call"),
    [
        ('print("ERROR: no disk")', 'logger.error("no disk")'),
        ('print("[WARN] no disk")', 'logger.warning("no disk")'),
        ('print("WARN - no disk")', 'logger.warning("no disk")'),
        ('print("CRITICAL | no disk")', 'logger.critical("no disk")'),
        ('print("<debug> no disk")', 'logger.debug("no disk")'),
        ('print("Fatal error: no disk")', 'logger.critical("no disk")'),
        ('print("error:", x)', 'logger.error("error: %s", x)'),
        ('print("ERROR:", x)', 'logger.error("%s", x)'),
        ('print("ERROR:" + str(x))', "logger.error(str(x))"),
        ('print("ERROR: " + x + " is lost")', 'logger.error(x + " is lost")'),
        ('print("ERROR: %s" % x)', 'logger.error("%s" % x)'),
        ('print("ERROR: {}, {}".format(x, n))', 'logger.error("{}, {}".format(x, n))'),
        ('print(f"ERROR: {x}")', 'logger.error(f"{x}")'),
        ('print("\\N{WARNING SIGN}\\ufe0f low")', 'logger.warning("low")'),
        ('print("❌ " f"lost {x}")', 'logger.error(f"lost {x}")'),
        ('print("[*] ERROR: no disk")', 'logger.info("ERROR: no disk")'),
    ],
)
def test_a_tag_goes_into_the_level(statement: str, call: str) -> None:
    assert tidied(statement) == call


@pytest.mark.parametrize(
    ("statement", "call"),
    [
        ('print("ERROR")', 'logger.error("ERROR")'),
        ('print("ERROR:")', 'logger.error("ERROR:")'),
        ('print(f"{x}: ERROR")', 'logger.error(f"{x}: ERROR")'),
        ('print(f"{x:<8} lost")', 'logger.warning(f"{x:<8} lost")'),
        ('print("%-8s" % "ERROR:", x)', 'logger.info("%s %s", "%-8s" % "ERROR:", x)'),
        ('print("Errors: 3")', 'logger.error("Errors: 3")'),
        ('print("OK: three")', 'logger.info("OK: three")'),
        ('print("Information: three")', 'logger.info("Information: three")'),
        ('print("-5", n)', 'logger.info("-5 %s", n)'),
        ('print("--flag is set")', 'logger.info("--flag is set")'),
        ('print("__init__ ran")', 'logger.info("__init__ ran")'),
        ('print("a = b = c")', 'logger.info("a = b = c")'),
        ('print("...")', 'logger.info("...")'),
        ('print("INFO:%d" % n)', 'logger.info("%d" % n)'),
        ('print("=" * f())', 'logger.info("=" * f())'),
    ],
)
def test_what_says_more_than_a_level_stays(statement: str, call: str) -> None:
    assert tidied(statement) == call


def test_a_tag_of_another_level_than_the_record_s_stays() -> None:
    assert tidied('print("ERROR: no disk")', levels={"no disk": "warning"}) == 'logger.warning("ERROR: no disk")'


@pytest.mark.parametrize("style", ["lazy", "structured"])
def test_message_styles_take_what_is_left(style: str) -> None:
    extra = ', extra={"x": x, "n": n}' if style == "structured" else ""
    call = tidied('print(f"\\033[31mERROR: {x!s} of {n!s}\\033[0m")', message_style=style)
    assert call == f'logger.error("%s of %s", x, n{extra})'


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("def f(x):\n    if x:\n        print()\n", "def f(x):\n    if x:\n        pass\n"),
        ("def f(x):\n    if x:\n        print()\n        print('-' * 9)\n", "def f(x):\n    if x:\n        pass\n"),
        ("def f(x):\n    if x: print()\n", "def f(x):\n    if x: pass\n"),
        ("def f(x):\n    x += 1; print()\n    return x\n", "def f(x):\n    x += 1; pass\n    return x\n"),
        ("def f(x):\n    print()  # apart\n    return x\n", "def f(x):\n    # apart\n    return x\n"),
        ("def f(x):\n    print()  # pragma: no cover\n    return x\n", "def f(x):\n    return x\n"),
        ("print('\\n')\r\nx = 1\r\n", "x = 1\r\n"),
    ],
)
def test_prints_without_words_go(body: str, left: str) -> None:
    assert fixed(body).source.text == left


@pytest.mark.parametrize(
    "statement",
    [
        "print(end=x)",
        'print(end="")',
        "print(end=x.pop())",
        "print(flush=x())",
        "print(file=x)",
        "print(*x)",
        "n and print()",
        "print()  # noqa",
    ],
)
def test_a_blank_print_stays_where_more_depends_on_it(statement: str) -> None:
    assert tidied(statement) == statement


def test_blank_prints_do_not_make_their_neighbours_unsafe() -> None:
    assert tidied("print()\n    print('a', n)") == "logger.info('a %s', n)"


def test_what_a_test_reads_waits_for_unsafe_fixes(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'app'\n")
    (tmp_path / "app.py").write_text("def work(n):\n    print()\n    print('ERROR: no', n)\n")
    (tmp_path / "test_app.py").write_text(
        "import app\n\n"
        "def test_it(capsys):\n    app.work(1)\n    assert capsys.readouterr().out == '\\nERROR: no 1\\n'\n"
    )
    config = isolated(tidy=True, detect_interface=False)
    run = fix_files([tmp_path / "app.py"], config, unsafe=False, allow_setup=False)
    assert run.changes == []
    assert ["reads this output" in item.fix.title for item in run.left if item.fix is not None] == [True, True]
    run = fix_files([tmp_path / "app.py"], config, unsafe=True, allow_setup=False)
    assert run.changes[0].new.endswith(b"def work(n):\n    logger.error('no %s', n)\n")


def test_what_goes_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    body = "def f(x):\n    print('\\033[1m\\nERROR: no', x)\n    print('=== a ===')\n    print()\n"
    config = Config(detect_interface=False, tidy=True)
    titles = [item.fix.title for item in report(lint(Source("app.py", body), config, whole=True)) if item.fix]
    assert titles == [
        "Use `logger.error`, without colours and newlines and 'ERROR:'",
        "Use `logger.info`, without ornaments",
        "Remove a line without words",
    ]
    options = ["--isolated", "--no-detect-interface", "--tidy", "--diff", "-v", "--stdin-filename", "a.py"]
    result = CliRunner().invoke(command, ["-", *options], input=body)
    assert "a.py:2:5: PRT101 rewritten: level error, since the message is tagged 'ERROR:'; without col" in result.stderr
    assert "a.py:4:5: PRT101 rewritten: removed, since it has no words" in result.stderr


def test_nothing_goes_unless_it_is_asked_for() -> None:
    body = "def f(x):\n    print('\\nERROR: no', x)\n"
    text = fix(Source("app.py", body), Config(detect_interface=False)).source.text
    assert text.endswith("    logger.error('\\nERROR: no %s', x)\n")


TRY = """\
import traceback
import shutil


def load(self, path):
    try:
        {attempt}
    except {caught} as e:
        {handler}
    return path
"""


@pytest.mark.parametrize(
    ("handler", "call"),
    [
        ("print(e)", 'logger.exception("shutil.copy failed")'),
        ("print(str(e))", 'logger.exception("shutil.copy failed")'),
        ('print("Error:", e)', 'logger.exception("shutil.copy failed")'),
        ('print(f"[ERROR] {type(e).__name__}: {e!r}")', 'logger.exception("shutil.copy failed")'),
        ('print("An error occurred: %s" % e)', 'logger.exception("shutil.copy failed")'),
        ("traceback.print_exc()", 'logger.exception("shutil.copy failed")'),
        ("print(traceback.format_exc())", 'logger.exception("shutil.copy failed")'),
        ('print("cannot copy", e); e = None', 'logger.error("cannot copy %s", e); e = None'),
        ("print(e, path); e = None", 'logger.error("%s %s", e, path); e = None'),
        ("print(e); raise", 'logger.error("%s", e); raise'),
        ('print("cannot copy", e)\n        traceback.print_exc()', 'logger.exception("cannot copy %s", e)'),
        ("print(e)\n        traceback.print_exc()", 'logger.exception("shutil.copy failed")'),
        ('print("\\nERROR: no", path)\n        traceback.print_exc()', 'logger.exception("no %s", path)'),
    ],
)
def test_an_exception_is_logged_with_what_failed(handler: str, call: str) -> None:
    body = TRY.format(attempt="shutil.copy(path, self.name())", caught="OSError", handler=handler)
    text = fixed(body).source.text
    assert text.partition("as e:\n")[2].rpartition("    return")[0].strip() == call


@pytest.mark.parametrize(
    ("attempt", "call"),
    [
        ("self.fetch(path)", 'logger.exception("fetch failed")'),
        ("return [line for line in open(path)]", 'logger.exception("load failed")'),
        ("self.fetch(path); self.store(path)", 'logger.exception("load failed")'),
        ("self[path](1)", 'logger.error("%s", e)'),
        ("path += 1", 'logger.exception("load failed")'),
    ],
)
def test_what_failed_is_the_one_call_or_the_function(attempt: str, call: str) -> None:
    text = fixed(TRY.format(attempt=attempt, caught="Exception", handler="print(e)")).source.text
    assert text.partition("as e:\n")[2].rpartition("    return")[0].strip() == call


def test_what_ends_a_program_is_no_failure() -> None:
    text = fixed(TRY.format(attempt="self.fetch(path)", caught="KeyboardInterrupt", handler="print(e)")).source.text
    assert 'logger.info("%s", e)' in text


def test_a_sentence_is_not_made_up_for_another_exception() -> None:
    body = TRY.format(attempt="self.fetch(path)", caught="OSError", handler="e = path\n        print(e)")
    assert "logger.exception" not in fixed(body).source.text
