"""Values whose `str()` is known to be their `format()`: only those leave an f-string without `--unsafe-fixes`."""

from __future__ import annotations

import logging

import pytest

from printlint.config import Config
from printlint.rewrite.fixer import fix
from printlint.source import Source

STAYS = 'f"got {{{}}}"'


def message(parameters: str, value: str, *, before: str = "", head: str = "") -> str:
    """What is logged for `print(f"got {value}")`, with the style `lazy`."""
    body = f"    {before}\n" if before else ""
    text = f'{head}def work({parameters}):\n{body}    print(f"got {{{value}}}")\n'
    result = fix(Source("app.py", text), Config(levels={"": "info"}, message_style="lazy"))
    assert result.failure is None
    return result.source.text.rpartition("logger.info(")[2].removesuffix(")\n")


@pytest.mark.parametrize("annotation", ["bool", "int", "str", "bytes", "builtins.bool"])
def test_an_annotation_with_a_builtin_type_is_believed(annotation: str) -> None:
    assert message(f"x: {annotation}", "x", head="import builtins\n") == '"got %s", x'


@pytest.mark.parametrize(
    "annotation",
    [
        "float",  # an int or a numpy.float64 may be given
        "object",
        "list",
        "Any",
        "bool | None",
        "Decimal",
        "'bool'",
        "Optional[bool]",
        "tensor.bool",
        "",
    ],
)
def test_other_annotations_say_nothing(annotation: str) -> None:
    parameters = f"x: {annotation}" if annotation else "x"
    assert message(parameters, "x", head="from __future__ import annotations\n") == STAYS.format("x")


@pytest.mark.parametrize(
    "head", ["class bool:\n    pass\n\n\n", "from numpy import bool_ as bool\n\n\n", "bool = object\n\n\n"]
)
def test_a_name_that_is_bound_anew_is_not_the_builtin_type(head: str) -> None:
    assert message("x: bool", "x", head=head) == STAYS.format("x")


KNOWN = [
    *("1", "2.5", "None", "True", "...", "b'x'"),
    *("x is y", "x is not y", "x in y", "x not in y", "not x"),
    *("len(x)", "int(x)", "str(x)", "repr(x)", "bool(x)", "float(x)", "list(x)", "dict(x)", "tuple(x)", "set(x)"),
    *("sorted(x)", "id(x)", "ord(x)", "hash(x)", "ascii(x)", "chr(x)", "hex(x)", "oct(x)", "bin(x)", "type(x)"),
    *("[x, y]", "(x, y)", "(x,)", "[i for i in x]"),
    *("len(x) + 1", "len(x) - len(y)", "len(x) * 2", "'a' + str(x)", "'a'.join(x)", "str(x).strip()", "'%s' % x"),
    *("1 if x else 2", "'a' if x else 2", "1 if x else 'a' if y else None"),
    *("'a'.upper()", "'a'.replace('b', 'c').title()", "format(x)"),
]
UNKNOWN = [
    *("x", "x.y", "x[0]", "x()", "x + y", "-x", "x and y", "x or 1"),
    *("x == y", "x < y", "x != 1", "x <= y"),  # arrays compare to arrays
    *("len(x) / 2", "len(x) // y", "1 + 2.5", "'a' * 2", "1 if x else y", "x if x else 1"),
    *("x.strip()", "x.upper()", "'a'.encode()", "'a'.split()", "sum(x)", "max(x)", "round(x)", "abs(x)", "min(x, y)"),
    *("x.len()", "str.join", "'a' + x", "x % y", "len(x) + x", "len(x) & 1"),
]


@pytest.mark.parametrize("value", KNOWN)
def test_a_value_that_is_known_becomes_an_argument(value: str) -> None:
    text = message("x, y", "v", before=f"v = {value}")
    assert text == '"got %s", v'


@pytest.mark.parametrize("value", UNKNOWN)
def test_a_value_that_may_be_anything_stays(value: str) -> None:
    assert message("x, y", "v", before=f"v = {value}") == STAYS.format("v")


@pytest.mark.parametrize(
    ("before", "known"),
    [
        ("v = 1 if x else 2", True),
        ("v = 1\n    if x:\n        v = 'a'", True),
        ("v = 1\n    if x:\n        v = y", False),
        ("v = 1\n    v += y", False),
        ("for v in (1, 2): pass", False),
        ("v, w = 1, 2", False),
        ("with x as v: pass", False),
        ("v = w = 1", True),
        ("v: int = y", False),
        ("import os as v", False),
        ("def v(): pass", False),
        ("(v := 1)", True),
        ("v = 1\n    del v", False),
        ("v = 1\n    def inner():\n        nonlocal v\n        v = y", False),
    ],
)
def test_every_value_that_a_name_may_have_counts(before: str, known: bool) -> None:
    assert (message("x, y", "v", before=before) == '"got %s", v') == known


@pytest.mark.parametrize(
    "handler", ["except ValueError as e", "except (OSError, KeyError) as e", "except* OSError as e"]
)
def test_an_exception_that_was_caught_is_known(handler: str) -> None:
    text = f'def work(x):\n    try:\n        x()\n    {handler}:\n        print(f"failed: {{e}}")\n'
    result = fix(Source("app.py", text), Config(levels={"": "info"}, message_style="lazy"))
    assert 'f"failed' not in result.source.text
    assert '"failed: %s", e' in result.source.text


@pytest.mark.parametrize("value", [True, False, 0, -3, 10**30, "a%s", b"x", None, 1.5, (1, "a"), [None], {"k": 1}, {1}])
def test_what_is_known_reads_the_same_in_both_ways(value: object) -> None:
    """The claim that all of this rests on; a list's and a tuple's `format()` is `object`'s."""
    assert f"{value}" == logging.makeLogRecord({"msg": "%s", "args": (value,)}).getMessage()
