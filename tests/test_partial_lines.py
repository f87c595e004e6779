"""Which prints may complete a line that another one has begun."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import pytest
from conftest import write_files

from printlint.facts.module import Module
from printlint.facts.prints.open_lines import may_complete_a_line
from printlint.facts.prints.partial_lines import is_partial
from printlint.facts.project.project import Project
from printlint.partial.partial_tree import Tree
from printlint.source import Source

UI = """
import sys
def begin(name): print(name, end="... ")
def ended(): print("ended")
def told(name): print("told", name)
def both(): begin("a"); told("a")
def asked(): print("name?", end=" "); return input()
class Bar:
    def start(self): print("[", end="")
    def step(self): sys.stdout.write("=")
    def stop(self): self.last()
    def last(self): print("]")
class Hooks:
    def on_start(self): print("test", end=" ")
    def on_end(self): print("passed")
"""


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ('ui.begin("a")\nui.ended()\nui.told("a")', ["ended"]),
        ('def work(): ui.begin("a")\ndef run(): work(); print("b"); print("c")', ["b"]),
        ('def work(): ui.begin("a"); print("b")\ndef run(): work(); print("c")', ["b"]),
        ('def run(): ui.both(); print("b")', []),
        ('def run(): name = ui.asked(); print("b")', []),
        ('bar = ui.Bar()\nbar.start()\nbar.step()\nbar.stop()\nprint("b")', []),
        ('def row(n): print(n, end=", " if n else "\\n")\ndef run(): row(0); print("b")', []),
        ("", []),
    ],
)
def test_a_print_completes_a_line_that_another_function_has_left_open(
    tmp_path: Path, program: str, expected: list[str]
) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "ui.py": UI, "run.py": f"import ui\n{program}\n"})
    project = Project.at(tmp_path)
    found = []
    for name in ("ui.py", "run.py"):
        module = project.module(tmp_path / name)
        assert module is not None
        prints = [call for call in module.calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
        found += [call for call in prints if may_complete_a_line(module, project, call) and not is_partial(call)]
    texts = [str(item.value) for call in found for item in call.args[:1] if isinstance(item, ast.Constant)]
    assert sorted(texts) == sorted([*expected, "told", "]", "passed"]), "and what is the same in each program"


def completing(body: str) -> list[str]:
    """The texts of the prints of a function that may complete a line, in source order."""
    function = "def f(x):\n" + textwrap.indent(textwrap.dedent(body), "    ")
    tree = Tree(Source("x.py", f"from contextlib import suppress\n{function}"))
    tree.complete()
    module = Module(tree)
    prints = [call for call in module.calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
    found = [call for call in prints if may_complete_a_line(module, Project(), call) and not is_partial(call)]
    return [str(item.value) for call in found for item in call.args[:1] if isinstance(item, ast.Constant)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('print("a", end="")\nprint("b")\nprint("c")', ["b"]),
        ('print("a", end="")\nx()\nprint("b")\nprint("c")', ["b"]),
        ('print("a", end="\\n")\nprint("b")', []),
        ('print("a", end=None)\nprint("b")', []),
        ('print("a", end=x)\nprint("b")', ["b"]),
        ('print("a", end="")\nprint("b", file=x)\nprint("c")', ["b", "c"]),
        ('print("a", end="")\nx and print("b")\nprint("c")', ["b", "c"]),
        ('if x:\n    print("a", end="")\nprint("b")', ["b"]),
        ('if x:\n    print("a", end="")\n    print("b")\nprint("c")', ["b"]),
        ('if x:\n    print("a", end="")\n    return\nprint("b")', ["b"]),  # by the next call of the function
        ('if x:\n    print("a", end="")\n    raise x\nprint("b")', []),
        ('if x:\n    print("a", end="")\nelif y:\n    print("b")\nelse:\n    print("c")\nprint("d")', ["d"]),
        ('for y in x:\n    print("a", end="")\nprint("b")', ["b"]),
        ('for y in x:\n    print("b")\n    print("a", end="")\nprint("c")\nprint("d")', ["b", "c"]),
        ('while x:\n    print("a", end="")\n    if y:\n        break\n    print("b")\nprint("c")', ["b", "c"]),
        ('while x:\n    print("a", end="")\n    if y:\n        continue\n    print("b")\nprint("c")', ["b", "c"]),
        ('print("a", end="")\nprint("b")\ntry:\n    x()\nexcept E:\n    print("c")', ["b"]),
        ('try:\n    print("a", end="")\n    x()\n    print("b")\nexcept E:\n    print("c")\nprint("d")', ["b", "c"]),
        ('try:\n    print("a", end="")\n    x()\nfinally:\n    print("b")\nprint("c")', ["b"]),
        ('try:\n    x()\nexcept E:\n    print("a", end="")\nprint("b")', ["b"]),
        ('with x:\n    print("a", end="")\nprint("b")\nprint("c")', ["b"]),
        ('with suppress(E):\n    print("a", end="")\n    x()\n    print("b")\nprint("c")\nprint("d")', ["b", "c"]),
        ('match x:\n    case 1:\n        print("a", end="")\n    case _:\n        print("b")\nprint("c")', ["c"]),
        ('print("b")\nprint("a", end="")', ["b"]),  # by the next call of the function
        ('def g():\n    print("a", end="")\n    print("b")\nprint("c")', ["b"]),
        ('[print(y, end=" ") for y in x]\nprint("b")\nprint("c")', ["b"]),
    ],
)
def test_a_print_completes_a_line_that_is_open_on_a_way_to_it(body: str, expected: list[str]) -> None:
    assert completing(body) == expected
