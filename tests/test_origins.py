"""Where a value may come from, in a module whose functions pass it on."""

from __future__ import annotations

import ast

import pytest

from printlint.facts.flow.origins import items_of, origins
from printlint.facts.module import Module
from printlint.partial.partial_tree import Tree
from printlint.source import Source


def printed(program: str) -> tuple[Module, ast.expr]:
    """The argument of the first `print`."""
    tree = Tree(Source("x.py", program))
    tree.complete()
    module = Module(tree)
    call = next(
        node for node in ast.walk(module.tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "print"
    )
    return module, call.args[0]


def found(program: str) -> list[str]:
    """The origins of what is printed."""
    return [ast.unparse(value) for value in origins(*printed(program))]


def test_a_value_that_many_calls_pass_on_is_followed_once() -> None:
    steps = "".join(f"def f{n}(x):\n" + f"    f{n - 1}(x)\n" * 12 for n in range(1, 5))
    assert found(f"def f0(x):\n    print(x)\n{steps}f4(1)\nf4(2)\n") == ["1", "2"]


def test_each_way_to_a_value_counts() -> None:
    assert found("def f(x):\n    y = x if x else 3\n    print(y)\nf(1)\nf(2)\n") == ["1", "2", "3"]


def test_a_name_that_leads_back_to_itself_is_an_origin() -> None:
    assert "x" in found("x = x\nprint(x)\n")


@pytest.mark.parametrize(
    ("program", "values"),
    [
        ("x = 1\nprint(x)\n", ["1"]),
        ("x: int = 1\nprint(x)\n", ["1"]),
        ("print(x)\n", ["x"]),
        ("import os\nprint(os)\n", ["os"]),
        ("def f(): ...\nprint(f)\n", ["f"]),
        ("x = 1\nx = 2\nprint(x)\n", ["2"]),
        ("x = y = 1\nprint(x or z)\n", ["1", "z"]),
        ("print(x := 1)\n", ["1"]),
        ("def f(x=1, *, y=2):\n    print(x)\nf(3)\nf(y=4)\n", ["1", "3"]),
        ("def f(x=1, *, y=2):\n    print(y)\nf(3)\nf(y=4)\n", ["2", "4"]),
        ("def f(*x):\n    print(x)\nf(3)\n", ["x"]),
        ("f = lambda x=1: print(x)\n", ["x"]),
        ("class A:\n    def f(self, x):\n        print(x)\nA().f(3)\n", ["3"]),
        ("class A:\n    x = 1\n    def f(self):\n        print(self.x)\n", ["self.x"]),
        ("class A:\n    def __init__(self):\n        self.x = 1\n        print(self.x)\n", ["1"]),
        ("class A:\n    def __init__(self, other):\n        other.x = 1\n        print(self.x)\n", ["self.x"]),
        ("for x in (1, 2):\n    print(x)\n", ["1", "2"]),
        ("for x in sorted({2, 1}):\n    print(x)\n", ["2", "1"]),
        ("for x in list(reversed([1, 2])):\n    print(x)\n", ["1", "2"]),
        ("for x in tuple({1: 2}):\n    print(x)\n", ["1"]),
        ("for x in filter(None, [1]):\n    print(x)\n", ["x"]),
        ("for x in [1] + [2]:\n    print(x)\n", ["1", "2"]),
        ("for x in [1] * 2:\n    print(x)\n", ["x"]),
        ("for x in [1, *[2, 3]]:\n    print(x)\n", ["1", "2", "3"]),
        ("for x in set([1]):\n    print(x)\n", ["1"]),
        ("d = {1: 2, **more}\nfor x in d:\n    print(x)\n", ["1"]),
        ("d = {1: 2, **more}\nfor x in d.values():\n    print(x)\n", ["2"]),
        ("d = {1: 2}\nfor x in d.keys():\n    print(x)\n", ["1"]),
        ("for k, x in {1: 2}.items():\n    print(x)\n", ["2"]),
        ("for k, x in [(1, 2), [3, 4], y, (5,)]:\n    print(x)\n", ["2", "4"]),
        ("async def f():\n    async for x in [1]:\n        print(x)\n", ["1"]),
        ("[print(x) for x in [1]]\n", ["1"]),
        ("k, x = 1, 2\nprint(x)\n", ["2"]),
        ("with y as x:\n    print(x)\n", ["y"]),
        ("with y as (k, x):\n    print(x)\n", ["x"]),
    ],
)
def test_a_value_comes_from_where_python_takes_it(program: str, values: list[str]) -> None:
    assert found(program) == values


@pytest.mark.parametrize("display", ["{1: 2}.items()", "list({1: 2}.items())"])
def test_an_item_of_a_dict_is_a_pair(display: str) -> None:
    module, node = printed(f"print({display})\n")
    assert [ast.unparse(item) for item in items_of(module, node)] == ["(1, 2)"]
