"""Where a value may come from, in a module whose functions pass it on."""

from __future__ import annotations

import ast

from printlint.facts.flow.origins import origins
from printlint.facts.module import Module
from printlint.partial.partial_tree import Tree
from printlint.source import Source


def found(program: str) -> list[str]:
    """The origins of the argument of the first `print`."""
    tree = Tree(Source("x.py", program))
    tree.complete()
    module = Module(tree)
    call = next(
        node for node in ast.walk(module.tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "print"
    )
    return [ast.unparse(value) for value in origins(module, call.args[0])]


def test_a_value_that_many_calls_pass_on_is_followed_once() -> None:
    steps = "".join(f"def f{n}(x):\n" + f"    f{n - 1}(x)\n" * 12 for n in range(1, 5))
    assert found(f"def f0(x):\n    print(x)\n{steps}f4(1)\nf4(2)\n") == ["1", "2"]


def test_each_way_to_a_value_counts() -> None:
    assert found("def f(x):\n    y = x if x else 3\n    print(y)\nf(1)\nf(2)\n") == ["1", "2", "3"]


def test_a_name_that_leads_back_to_itself_is_an_origin() -> None:
    assert "x" in found("x = x\nprint(x)\n")
