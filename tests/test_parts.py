"""Parts of a text, found without a parser, are held to the parser, and the tree that grows from them to the whole."""

from __future__ import annotations

import ast
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import FIXTURES, ROOT
from hypothesis import HealthCheck, given, settings
from hypothesmith import from_grammar

from printlint.lint.linter import lint
from printlint.names.bindings import Scope
from printlint.partial.masking import Doubtful
from printlint.partial.partial_tree import Tree
from printlint.partial.splitter import Part, PartKind, SplitText
from printlint.source import Source, Unreadable, parse

TRICKY = {
    "decorated": "@first\n@second(\n    1,\n)\nasync def f():\n    pass\n\n\n@third\nclass A:\n    @fourth\n    def g(self): pass\n",
    "clauses": "if x:\n    def f(): pass\nelif y:\n    pass\nelse:\n    z = 1\ntry:\n    a\nexcept* B:\n    c\nfinally:\n    d\n",
    "brackets at the margin": "x = [\n1,\ny(\n2\n),\n]\nclass A:\n    x = (\n    1,\n    2,\n    )\n    y = 3\n",
    "strings at the margin": 'x = """\ndef f():\n    print(1)\n"""\nclass A:\n    """\n    def g(self):\n    """ % 1\n    y = 2\n',
    "joined lines": "x = 1 + \\\n2\nclass A:\n    y = 1 + \\\n    2\n    z = 3\nassert x, \\\n'a'\n",
    "one line": "class A: x = 1\nclass B(\n    A,\n): y = 2\nif x: y = 1; z = 2\ndef f(): return 1\n",
    "nested classes": "class A:\n    class B:\n        def f(self): pass\n        x = 1\n    def g(self): pass\nclass C(A): pass\n",
    "class without more": "class A(Base):\n    '''Said.'''\n\n\nclass B:\n    # noted\n    pass\n",
    "tabs": "class A:\n\tdef f(self):\n\t\tpass\n\tx = 1\n",
    "comments below": "def f():\n    pass\n# at the margin\n    # deeper\nx = 1\n",
    "quotes in comments": "x = 1  # it's \"\"\" here\ny = '#' + \"'\" + '\\''\n",
    "no newline": "class A:\n    x = 1",
    "windows": "class A:\r\n    x = '''\r\ny\r\n'''\r\n    z = 1 + \\\r\n    2\r\n\r\ny = 'a\\\r\nb'\r\n",
    "semicolons": "x = 1; y = 2\nclass A:\n    a = 1; b = 2\n    c = 3\n",
    "colons in a head": "class A(b[1:2], c=lambda: {1: 2}):\n    x: int = 1\n    y = 2\n",
    "f-strings": 'x = f\'{a!r:>{b}} {{ }}\'\ndef f(): return f"""{\n  print(1)\n}"""\ny = rf\'{x}\'\n',
    "nothing": "\n# only\n",
    "matching": "match x:\n    case 1:\n        pass\n    case _:\n        y = 2\nmatch = case = 3\n",
    "short members": "class A:\n x\nclass B:\n  class C:\n   y\n",
    "declared": "class A:\n    global x\n    x = 1\n    def f(self):\n        global y\n        y = 2\n",
}
FILES = sorted(path for folder in (ROOT / "printlint", ROOT / "tests", FIXTURES) for path in folder.rglob("*.py"))


def dumped(tree: ast.AST) -> str:
    return ast.dump(tree, include_attributes=True)


def by_parts(text: str, *, backwards: bool = False) -> Tree:
    """A tree to which each part was added by itself: classes before their members, or after them."""
    tree = Tree(Source("x.py", text))
    assert tree._split is not None
    parts = list(tree._split.parts())
    for part in reversed(parts) if backwards else parts:
        tree._add([part])
    tree.complete()
    return tree


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("text", TRICKY.values(), ids=TRICKY)
def test_parts_make_the_tree_that_the_whole_makes(text: str, backwards: bool) -> None:
    tree = by_parts(text, backwards=backwards)
    assert dumped(tree.whole) == dumped(ast.parse(text))
    whole = Tree(tree.source, "", ast.parse(text))
    assert [dumped(node) for node in tree.nodes] == [dumped(node) for node in whole.nodes]
    assert [dumped(call) for call in tree.calls] == [dumped(call) for call in whole.calls]
    assert list(map(_bindings, _in_order(tree))) == list(map(_bindings, _in_order(whole)))


def _in_order(tree: Tree) -> list[Scope]:
    return sorted(tree.scopes, key=lambda scope: tree.nodes.index(scope.node))


def _bindings(scope: Scope) -> dict[str, list[str]]:
    found = {
        name: [f"{binding.kind} {dumped(binding.node)}" for binding in bindings]
        for name, bindings in scope.all_bindings().items()
    }
    return dict(sorted(found.items()))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_parts_of_whole_files_make_their_trees(path: Path) -> None:
    try:
        source = Source.decode(path.name, path.read_bytes())
        whole, _ = parse(source), SplitText(source.text)
    except (Unreadable, Doubtful):
        return
    assert dumped(by_parts(source.text).whole) == dumped(whole)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(from_grammar())
def test_generated_sources_are_split_as_the_parser_would(text: str) -> None:
    try:
        SplitText(text)
        whole = parse(Source("x.py", text))
    except (Doubtful, Unreadable):
        return
    assert dumped(by_parts(text).whole) == dumped(whole)


@pytest.mark.parametrize(
    "text",
    [
        "x = (1\n",
        "x = 1)\n",
        "x = 'never\n",
        'x = f"{y["a"]}"\n',
        "x = 1\f\n",
        "x = 1\ry = 2\n",
        "\uff50rint('fullwidth')\n",
        "  x = 1\n",
    ],
)
def test_what_leaves_a_doubt_is_not_split(text: str) -> None:
    with pytest.raises(Doubtful):
        SplitText(text)


def test_parts_lie_side_by_side_and_hold_all_code() -> None:
    text = TRICKY["nested classes"] + TRICKY["decorated"]
    split = SplitText(text)
    found = list(split.parts())
    assert all(before.end == after.start for before, after in pairwise(found))
    assert [split.name(part) for part in found if part.kind is not PartKind.OTHER] == list("ABfgfAg")
    assert found[-1].end == len(text)


MODULE = """\
import logging

logger = logging.getLogger(__name__)
other = 1


class A:
    limit = 2

    def quiet(self):
        return self.limit

    def loud(self):
        logger.info("x")


def unrelated():
    global logger
    logger = None


def apart():
    pass
"""


def names(tree: Tree) -> list[str]:
    """What is bound by now."""
    return sorted(name for scope in tree._scopes for name in scope._bindings if name != "self")


def first(tree: Tree) -> ast.stmt:
    """The first statement by now."""
    statement = vars(tree.module.node)["body"][0]
    assert isinstance(statement, ast.stmt)
    return statement


def started() -> Tree:
    tree = Tree(Source("x.py", MODULE))
    assert names(tree) == []
    tree._start_at([MODULE.index("logger.info")])
    return tree


def test_a_tree_holds_what_was_asked_for_and_no_more() -> None:
    assert names(started()) == ["A", "loud"]


def test_a_name_is_looked_up_with_all_that_may_bind_it() -> None:
    tree = started()
    bindings = tree.opened_by(first(tree)).lookup("logger")
    assert [getattr(binding.node, "lineno", 0) for binding in bindings] == [3, 19]
    assert names(tree) == ["A", "logger", "logging", "loud", "unrelated"]


def test_a_name_of_a_class_is_looked_up_in_its_body() -> None:
    tree = started()
    assert len(tree.opened_by(first(tree)).bindings_of("limit")) == 1


def test_what_mentions_a_name_is_added_wherever_it_stands() -> None:
    tree = Tree(Source("x.py", MODULE))
    assert [type(node) for node in tree.named(["limit"])] == [ast.Name, ast.Attribute]
    assert names(tree) == ["A", "limit", "quiet"]


def test_the_statement_behind_another_is_added() -> None:
    tree = Tree(Source("x.py", MODULE))
    tree._start_at([MODULE.index("other")])
    assert isinstance(tree.following(first(tree)), ast.ClassDef)
    assert names(tree) == ["A", "other"]


def test_a_text_that_was_split_in_the_wrong_place_is_parsed_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "import logging\nx = [\n    2,\n]\nlogging.info('x')\n" + "# padding\n" * 60

    def wrong(self: SplitText, owner: Part | None) -> tuple[str, list[int]]:
        return "", [0, text.index("2")]

    monkeypatch.setattr(SplitText, "_find_beginnings", wrong)
    found = lint(Source("x.py", text)).findings
    assert [finding.code for finding in found] == ["PRT201"]


def test_an_error_of_syntax_far_from_all_findings_is_seen_where_the_whole_is_parsed() -> None:
    text = "import logging\n\n\ndef f():\n    x = = 1\n\n\ndef g():\n    logging.info('x')\n" + "# padding\n" * 60
    assert [finding.code for finding in lint(Source("x.py", text)).findings] == ["PRT201"]
    assert [finding.code for finding in lint(Source("x.py", text), whole=True).findings] == ["PRT900"]
