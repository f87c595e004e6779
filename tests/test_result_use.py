"""Whether a program sees what a logging call gives, where the method is passed to a function of the module."""

from __future__ import annotations

import ast

import pytest

from printlint.facts.calls.result_use import result_used, seen_value
from printlint.facts.module import Module
from printlint.partial.partial_tree import Tree
from printlint.source import Source


def used(program: str) -> bool:
    """Whether the program sees what `log.info`, an argument in its last statement, gives."""
    tree = Tree(Source("x.py", f"import logging\nlog = logging.getLogger(__name__)\n{program}"))
    tree.complete()
    module = Module(tree)
    call = module.tree.body[-1].value  # type: ignore[attr-defined]
    method = next(node for node in ast.walk(call) if isinstance(node, ast.Attribute) and node.attr == "info")
    return result_used(module, method)


@pytest.mark.parametrize(
    "program",
    [
        "def say(f, t):\n    f(t)\nsay(log.info, 'x')",
        "def say(t, /, f):\n    f(t)\nsay('x', log.info)",
        "def say(f):\n    for _ in 'ab':\n        if f('x'):\n            pass\nsay(log.info)",
        "async def say(f):\n    f('x')\nsay(log.info)",
        "def say(f):\n    again(f)\ndef again(g):\n    g('x')\nsay(log.info)",
        "def say(f, n=3):\n    f(n)\n    if n:\n        say(f, n - 1)\nsay(log.info)",
        "def say(f):\n    def inner():\n        f('x')\n    inner()\nsay(log.info)",
        "def other(f):\n    return f()\nother(print)\ndef quiet(f):\n    f()\nquiet(log.info)",
        "def say(f):\n    again(f)\ndef again(f):\n    f('x')\nsay(log.info)",
        "from public import public\n@public\ndef say(f):\n    f('x')\nsay(log.info)",
    ],
)
def test_a_function_that_drops_it_sees_nothing(program: str) -> None:
    assert not used(program)


@pytest.mark.parametrize(
    "program",
    [
        "def say(f):\n    return f('x')\nsay(log.info)",
        "def say(f):\n    return f\nsay(log.info)",
        "async def say(f):\n    await f('x')\nsay(log.info)",
        "def say(f):\n    kept.append(f)\nsay(log.info)",
        "def say(f):\n    again(f)\ndef again(g):\n    return g('x')\nsay(log.info)",
        "def say(*f):\n    f[0]('x')\nsay(log.info)",
        "def say(f, g):\n    f('x')\n    return g('x')\nsay(*[print], log.info)",
        "def say(f):\n    f('x')\nsay(f=log.info)",  # not followed
        "@wraps\ndef say(f):\n    f('x')\nsay(log.info)",  # what is called is what the decorator has made
        "if x:\n    def say(f):\n        f('x')\nelse:\n    say = map\nsay(log.info)",
        "class Say:\n    def __init__(self, f):\n        f('x')\nSay(log.info)",
        "say(log.info)",
    ],
)
def test_what_is_not_shown_to_drop_it_may_see_it(program: str) -> None:
    assert used(program)


@pytest.mark.parametrize(
    ("asked", "seen"), [("'info'", True), ("name", True), ("'cleanup'", False), ("'level', None", False)]
)
def test_an_attribute_that_is_no_logging_method_gives_no_call_of_the_logger(asked: str, seen: bool) -> None:
    tree = Tree(Source("x.py", f"def run(log, name):\n    return getattr(log, {asked})('x')\n"))
    assert (seen_value(Module(tree), lambda node: isinstance(node, ast.Name)) is not None) == seen
