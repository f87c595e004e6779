"""A print and a traceback printed beside it: one record, or neither is rewritten."""

from __future__ import annotations

import textwrap

import pytest

from printlint.config import Config
from printlint.rewrite.fixer import fix
from printlint.source import Source

PROGRAM = """\
import traceback


def run(work):
    try:
        work()
    except OSError as e:
{handler}
"""


def handled(handler: str, *, unsafe: bool) -> str:
    """What becomes of the code of a handler."""
    text = PROGRAM.format(handler=textwrap.indent(handler, " " * 8))
    result = fix(Source("app.py", text), Config(select=("PRT101", "PRT105")), unsafe=unsafe)
    assert result.failure is None
    return textwrap.dedent(result.source.text.partition("as e:\n")[2]).rstrip("\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('print("cannot work", e)\ntraceback.print_exc()', 'logger.exception("cannot work %s", e)'),
        ('traceback.print_exc()\nprint(f"cannot work: {e}")', 'logger.exception(f"cannot work: {e}")'),
        (
            'print(traceback.format_exc())\nprint("cannot work")\nwork.close()',
            'logger.exception("cannot work")\nwork.close()',
        ),
        ('print("a")\nprint("b")\ntraceback.print_exc()', 'logger.error("a")\nlogger.exception("b")'),
        (
            'if work:\n    print("cannot work", e)\n    traceback.print_exc()',
            'if work:\n    logger.exception("cannot work %s", e)',
        ),
        (
            'print(\n    "cannot work",\n    e,\n)\ntraceback.print_exc()\nraise',
            'logger.exception(\n    "cannot work %s",\n    e,\n)\nraise',
        ),
    ],
)
def test_both_become_one_record_or_stay(before: str, after: str) -> None:
    assert handled(before, unsafe=True) == after
    assert "logger" not in handled(before, unsafe=False).replace('logger.error("a")', "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # apart, they are two events
        (
            'print("cannot work")\nwork.close()\ntraceback.print_exc()',
            'logger.error("cannot work")\nwork.close()\nlogger.exception("%s", e)',
        ),
        ('print("cannot work")\nif work:\n    traceback.print_exc()',
         'logger.warning("cannot work")\nif work:\n    logger.exception("%s", e)'),
        # what is not to be touched stays, and the other is rewritten by itself
        ('print("cannot work")  # noqa: PRT101\ntraceback.print_exc()',
         'print("cannot work")  # noqa: PRT101\nlogger.exception("%s", e)'),
        ('print("cannot work")\ntraceback.print_exc()  # noqa: PRT105',
         'logger.error("cannot work")\ntraceback.print_exc()  # noqa: PRT105'),
        # more than the traceback is on its line
        ('print("cannot work"); traceback.print_exc()', 'print("cannot work"); traceback.print_exc()'),
        ('print("failed")\ntraceback.print_exc()  # all of it', 'print("failed")\ntraceback.print_exc()  # all of it'),
    ],
)  # fmt: skip
def test_one_of_them_may_go_by_itself(before: str, after: str) -> None:
    assert handled(before, unsafe=True) == after
