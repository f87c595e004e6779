"""How calls are laid out whose messages were put together."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

import pytest

from printlint.config import Config
from printlint.rewrite.fixer import fix
from printlint.setup.template import setup_source
from printlint.source import Source

HEAD = "import logging\n\nlogger = logging.getLogger(__name__)\n"
LONG = "a message that is rather long by itself, and makes a line long"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            'logger.info(\n    f"a {x!r}"\n)',
            'logger.info(\n    "a %r", x\n)',
        ),
        (
            'logger.info(\n    f"a {x!r}",\n    exc_info=True,\n)',
            'logger.info(\n    "a %r",\n    x,\n    exc_info=True,\n)',
        ),
        (
            'logger.info(\n    f"a {x!r}"\n    f"b {y!r}"\n)',
            'logger.info(\n    "a %r"\n    "b %r",\n    x,\n    y,\n)',
        ),
        (
            'logger.info(\n    f"a {x!r}", exc_info=True\n)',
            'logger.info(\n    "a %r", x, exc_info=True\n)',
        ),
        (
            'logger.log(\n    logging.INFO,\n    f"a {x!r}",\n)',
            'logger.log(\n    logging.INFO,\n    "a %r",\n    x,\n)',
        ),
        (
            'logger.info(f"a {x!r}"\n            f"b {y!r}",\n            exc_info=True)',
            'logger.info("a %r"\n            "b %r", x, y,\n            exc_info=True)',
        ),
        (
            f'logger.info("{LONG} %s, %s" % (\n    len(one_value),\n    len(another_value),\n))',
            f'logger.info("{LONG} %s, %s",\n            len(one_value), len(another_value))',
        ),
        (
            f'logger.info("{LONG} %s, %s" % (\n    len({"x" * 40}),\n    len({"y" * 40}),\n))',
            f'logger.info("{LONG} %s, %s",\n            len({"x" * 40}),\n            len({"y" * 40}))',
        ),
        (
            'logger.info(("a %s, "\n             "b %s") % (len(x), len(y)))',
            'logger.info("a %s, "\n             "b %s", len(x), len(y))',
        ),
        (
            'logger.info(\n    "a {}".format(\n        (\n            x\n            if y else z\n        )\n    )\n)',
            'logger.info(\n    "a %s",\n    (\n        x\n        if y else z\n    ),\n)',
        ),
        (
            'logger.info(\n    "a %s",\n    str(\n        x\n        or y\n    ),\n)',
            'logger.info(\n    "a %s",\n    (x\n        or y),\n)',
        ),
        ('logger.info(f"100% {x!r}", **more)', 'logger.info("100%% %r", x, **more)'),
        ('logger.log(20, f"100% {x!r}", extra=y, **more)', 'logger.log(20, "100%% %r", x, extra=y, **more)'),
        ('logger.info("%s", str(x), **more)', 'logger.info("%s", x, **more)'),
        ('logger.info("a" + str(x)\\\n    + "b")', 'logger.info("a%s"\n    "b", x)'),
        ("logger.info(f'a {x!r}' \"b\")", "logger.info('a %r' \"b\", x)"),
        ('logger.info(f"""a\n{x!r}\n""")', 'logger.info("""a\n%r\n""", x)'),
        ('logger.info("\\1" + "2" + str(x))', 'logger.info("\\x012%s", x)'),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_the_values_stand_where_their_author_would_put_them(before: str, after: str, newline: str) -> None:
    source = Source("app.py", (HEAD + before + "\n").replace("\n", newline))
    result = fix(source, Config(select=("PRT50",), ignore=("PRT509",)), unsafe=True)
    assert result.failure is None
    assert result.source.text == (HEAD + after + "\n").replace("\n", newline)


def test_a_comment_is_never_lost() -> None:
    text = HEAD + 'logger.info("a %s" % (\n    x,  # why\n))\n'
    assert fix(Source("app.py", text), Config(select=("PRT503",)), unsafe=True).source.text == text


def test_findings_that_wait_for_each_other_are_counted_once() -> None:
    """Two rules change one call: the second one's edit waits for the next pass."""
    text = inspect.cleandoc(
        """
        import logging

        async def f(x):
            logging.log(20, f"{x!r}")
            logging.getLogger("a").warn(f"{x!r}")
        """
    )
    result = fix(
        Source("app.py", text + "\n"),
        Config(select=("PRT2", "PRT401", "PRT50"), ignore=("PRT509",), async_backend="none"),
    )
    assert sorted(finding.code for finding in result.fixed) == [
        "PRT201",
        "PRT401",
        "PRT401",
        "PRT501",
        "PRT501",
        "PRT507",
    ]
    assert 'logger.log(20, "%r", x)' in result.source.text
    assert '.warning("%r", x)' in result.source.text


@pytest.mark.skipif(sys.version_info < (3, 12), reason="PEP 701")
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('logger.info(f"a {x["b"]!r}")', 'logger.info("a %r", x["b"])'),
        ('logger.info(f"a {f"{x!r}"}")', 'logger.info("a %s", f"{x!r}")'),
        ('logger.info(f"{"\\n".join(map(str, x))!s}")', 'logger.info("%s", "\\n".join(map(str, x)))'),
        ('logger.info(f"{\n    x!r\n}")', 'logger.info(f"{\n    x!r\n}")'),
        ('logger.info(f"{\n    x!r  # why\n}")', 'logger.info(f"{\n    x!r  # why\n}")'),
    ],
)
def test_f_strings_of_python_3_12(before: str, after: str) -> None:
    result = fix(Source("app.py", HEAD + before + "\n"), Config(select=("PRT501",)))
    assert result.failure is None
    assert result.source.text == HEAD + after + "\n"


def test_a_text_that_looks_like_a_format_is_logged_as_it_stands() -> None:
    result = fix(Source("app.py", "def f():\n    print('choose %s or %d')\n"), Config())
    assert result.failure is None
    assert "logger.info('choose %s or %d')" in result.source.text


def test_awaited_calls_of_the_set_up_modules_loggers(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "logging_setup.py").write_text(setup_source("queue"))
    text = (
        "from logging_setup import get_logger\n\nlogger = get_logger(__name__)\n\n\nasync def f(x):\n"
        "    await logger.info({})\n    try:\n        x()\n    except ValueError:\n        await logger.{}\n"
    )
    path = tmp_path / "app.py"
    path.write_text(text.format('f"a {x!r}"', 'error("b %s", str(x))'))
    result = fix(Source.decode("app.py", path.read_bytes()), Config(select=("PRT5", "PRT6")), path, unsafe=True)
    assert result.source.text == text.format('"a %r", x', 'exception("b %s", x)')
