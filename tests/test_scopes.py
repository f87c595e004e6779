"""What a name is bound to, by the language's own rules."""

from __future__ import annotations

import ast
import builtins
import textwrap

import pytest

from printlint.facts.module import Module
from printlint.names.bindings import BindingKind
from printlint.partial.partial_tree import Tree
from printlint.source import Source


def module(text: str) -> Module:
    source = Source("snippet.py", textwrap.dedent(text))
    return Module(Tree(source))


def names_marked(text: str) -> list[str | None]:
    """The qualified name of the argument of each `mark(...)` call, in source order."""
    facts = module(text)
    marks = [call for call in facts.calls if isinstance(call.func, ast.Name) and call.func.id == "mark"]
    return [facts.qualified(call.args[0]) for call in sorted(marks, key=lambda call: (call.lineno, call.col_offset))]


BUILTIN = "builtins.print"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mark(print)", [BUILTIN]),
        ("def f(print):\n    mark(print)\nmark(print)", [None, BUILTIN]),
        ("def f(*print, **kw):\n    mark(print)", [None]),
        ("def f(a=mark(print), print=1): pass", [BUILTIN]),
        ("print = 1\ndef f():\n    mark(print)", [None]),
        ("def f():\n    print = 1\ndef g():\n    mark(print)", [BUILTIN]),
        ("def f():\n    global print\n    print = 1\nmark(print)", [None]),
        ("def f():\n    print = 1\n    def g():\n        nonlocal print\n        mark(print)", [None]),
        ("def f():\n    def g():\n        mark(print)\n    print = 1", [None]),
        ("class C:\n    print = 1\n    mark(print)\n    def m(self):\n        mark(print)", [None, BUILTIN]),
        ("class C:\n    print = 1\n    x = [mark(print) for _ in ()]", [BUILTIN]),
        ("class C:\n    print = 1\n    x = [1 for _ in mark(print)]", [None]),
        ("[mark(print) for print in ()]\nmark(print)", [None, BUILTIN]),
        ("[(print := 1) for _ in ()]\nmark(print)", [None]),
        ("def f():\n    [(print := 1) for _ in ()]\n    mark(print)\nmark(print)", [None, BUILTIN]),
        ("lambda print: mark(print)", [None]),
        ("(lambda x=mark(print): 1)", [BUILTIN]),
        ("for print in ():\n    pass\nmark(print)", [None]),
        ("for a, (b, *print) in ():\n    pass\nmark(print)", [None]),
        ("with x as print:\n    mark(print)", [None]),
        ("try:\n    pass\nexcept E as print:\n    mark(print)", [None]),
        ("match x:\n    case {'a': print}:\n        mark(print)", [None]),
        ("match x:\n    case [*print]:\n        mark(print)", [None]),
        ("match x:\n    case {**print}:\n        mark(print)", [None]),
        ("match x:\n    case C() as print:\n        mark(print)", [None]),
        ("import print\nmark(print)", ["print"]),
        ("from rich import print\nmark(print)", ["rich.print"]),
        ("from rich import print as p\nmark(p)\nmark(print)", ["rich.print", BUILTIN]),
        ("import a.b.c\nmark(a.b.c.d)", ["a.b.c.d"]),
        ("import a.b.c as d\nmark(d.e)", ["a.b.c.e"]),
        ("from . import logging\nmark(logging.info)", [".logging.info"]),
        ("from ..a import b\nmark(b)", ["..a.b"]),
        ("import builtins\nmark(builtins.print)", [BUILTIN]),
        ("p = print\nmark(p)", [BUILTIN]),
        ("p = print\nq = p\nmark(q)", [BUILTIN]),
        ("p = q\nq = p\nmark(p)", [None]),
        ("p = print\np = other\nmark(p)", [None]),
        ("try:\n    import logging\nexcept ImportError:\n    logging = None\nmark(logging)", [None]),
        ("try:\n    import logging\nexcept ImportError:\n    import logging\nmark(logging)", ["logging"]),
        ("if x:\n    from a import f\nelse:\n    from b import f\nmark(f)", [None]),
        ("del print\nmark(print)", [None]),
        ("print: object\nmark(print)", [None]),
        ("print += 1\nmark(print)", [None]),
        ("@mark(print)\ndef f(): pass", [BUILTIN]),
        ("def f(x: mark(print) = 1) -> mark(print): pass", [BUILTIN, BUILTIN]),
        ("class print(mark(print)): pass", [None]),
        ("from rich import *\nmark(print)", [None]),
        ("from math import *\nmark(print)", [BUILTIN]),
        ("mark(nonsense)", [None]),
        ("mark(nonsense.info)", [None]),
    ],
)
def test_what_a_name_stands_for(text: str, expected: list[str | None]) -> None:
    assert names_marked(text) == expected


def test_every_builtin_is_known_by_its_qualified_name() -> None:
    for name in ("print", "input", "globals", "map"):
        assert hasattr(builtins, name)
        assert names_marked(f"mark({name})") == [f"builtins.{name}"]


def test_deep_expressions_need_no_recursion() -> None:
    facts = module("x = " + " + ".join(["1"] * 900) + "\nprint(x)\n")
    assert len(facts.calls) == 1


def test_bindings_are_in_source_order() -> None:
    facts = module("x = 1\nfor x in ():\n    pass\nimport x\n")
    kinds = [binding.kind for binding in facts.scopes.module.bindings_of("x")]
    assert kinds == [BindingKind.ASSIGN, BindingKind.TARGET, BindingKind.IMPORT]


def test_every_node_has_a_parent_and_a_scope() -> None:
    facts = module(
        """
        @decorator
        async def f(a, /, b: int = 1, *c, d=2, **e) -> None:
            async with a as b, c:
                [x async for x in y if x]
            match a:
                case {"k": [1, *rest], **more} | C(z=None): pass
            return lambda q=1: {k: v for k, v in q}
        class C(B, metaclass=M):
            x: int
            y, *z = 1, 2
        try:
            pass
        except* E as g:
            global h
        """
    )
    for node in ast.walk(facts.tree):
        if isinstance(node, (ast.expr, ast.stmt)) and node is not facts.tree:
            assert facts.scopes.parent(node) is not None, ast.dump(node)
            assert facts.scopes.scope_of(node) is not None
