"""The proof before a byte is written: what it lets pass, and what it stops."""

from __future__ import annotations

import ast

import pytest

from printlint.rewrite import calls
from printlint.rewrite.fixer import fix
from printlint.rewrite.splice import Replacement, Spliced, splice
from printlint.rewrite.verify import NotTheSame, check_compiles, verify
from printlint.source import Source, Span, parse

OLD = "import os\nx = f(1)\ny = [1, 'a', -2]\n"


def call(source: Source, tree: ast.Module) -> tuple[ast.Call, Span]:
    node = next(node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return node, source.span(node)


def check(new: str, spliced: Spliced) -> None:
    source = Source("x.py", new)
    old = Source("x.py", OLD)
    verify(parse(old), old, parse(source), source, spliced)


@pytest.mark.parametrize(
    "new",
    [
        OLD.replace("-2", "2"),
        OLD.replace("'a'", "b'a'"),
        OLD.replace("1, 'a'", "'a', 1"),
        OLD.replace("x =", "z ="),
        OLD.replace("f(1)", "f(1, 2)"),
        OLD + "pass\n",
        OLD.replace("import os\n", ""),
        OLD.replace("1, 'a'", "True, 'a'"),
    ],
)
def test_a_difference_that_nobody_asked_for_is_stopped(new: str) -> None:
    check(OLD, Spliced(OLD, ()))
    with pytest.raises(NotTheSame):
        check(new, Spliced(new, ()))


def test_what_was_edited_may_differ_and_only_that() -> None:
    source = Source("x.py", OLD)
    tree = parse(source)
    node, span = call(source, tree)
    spliced = splice(OLD, [Replacement(span, "g(2, 3)", node), Replacement(Span(0, 0), "import sys\n")])
    verify(tree, source, parse(Source("x.py", spliced.text)), Source("x.py", spliced.text), spliced)
    other = Source("x.py", spliced.text.replace("-2", "2"))
    with pytest.raises(NotTheSame):
        verify(tree, source, parse(other), other, spliced)


def test_an_edit_may_not_reach_beyond_its_place() -> None:
    source = Source("x.py", OLD)
    tree = parse(source)
    node, span = call(source, tree)
    spliced = splice(OLD, [Replacement(span, "g(2) + h(3)", node)])
    short = Spliced(spliced.text, ((spliced.done[0][0], Span(span.start, span.start + 4)),))
    new = Source("x.py", spliced.text)
    with pytest.raises(NotTheSame):
        verify(tree, source, parse(new), new, short)


def test_of_nested_replacements_the_outermost_is_done() -> None:
    spliced = splice("a(b(c))", [Replacement(Span(2, 6), "inner"), Replacement(Span(0, 7), "outer")])
    assert spliced.text == "outer"
    assert [item.text for item, _ in spliced.done] == ["outer"]


@pytest.mark.parametrize("damage", ["logger.info('x'); boom()", "logger.info('x'", "print('x')"])
def test_a_rewrite_that_went_wrong_is_not_written(damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = calls.render_call

    def broken(edit: object, module: object) -> Replacement:
        right = whole(edit, module)  # type: ignore[arg-type]
        return Replacement(right.span, damage, right.node)

    monkeypatch.setattr(calls, "render_call", broken)
    source = Source("x.py", "print('it works')\n")
    result = fix(source)
    assert result.failure is not None
    assert result.source is source
    assert result.fixed == ()


@pytest.mark.parametrize(("imported", "compiles"), [("", True), ("from __future__ import annotations\n", False)])
def test_a_text_is_compiled_with_its_own_future_imports_alone(imported: str, compiles: bool) -> None:
    """printlint's modules postpone annotations, in which Python takes no `await` then."""
    old, new = (f"{imported}async def f():\n    x: {value} = 1\n" for value in ("g()", "(await g())"))
    if compiles:
        check_compiles(Source("x.py", old), Source("x.py", new))
    else:
        with pytest.raises(NotTheSame, match="does not compile"):
            check_compiles(Source("x.py", old), Source("x.py", new))
