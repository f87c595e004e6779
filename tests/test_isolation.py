"""A rewrite that goes wrong is left out, with a reason, and costs no other rewrite of its file."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from conftest import Run

from printlint.config import Config
from printlint.plan.message import Refused
from printlint.rewrite import calls, isolate
from printlint.rewrite.fixer import Fixed, fix
from printlint.rewrite.isolate import most_that_hold
from printlint.rewrite.splice import Replacement, splice
from printlint.rewrite.verify import NotTheSame, check_compiles
from printlint.source import Source, Span

PROGRAM = """\
def one(x):
    print("first", x)


def two(x):
    print("bad", x)
    print("third", x)
"""
PLAIN = Config(detect_interface=False)


def damaged(monkeypatch: pytest.MonkeyPatch, damage: str, *, whose: str = "bad") -> None:
    """Have the rewrites of calls with a word come out as `damage`, or raise."""
    whole = calls.render_call

    def broken(edit: object, module: object) -> Replacement:
        right = whole(edit, module)  # type: ignore[arg-type]
        assert isinstance(right.node, ast.expr)
        if whose not in module.source.segment(right.node):  # type: ignore[attr-defined]
            return right
        if damage == "raise":
            raise KeyError("oops")
        return Replacement(right.span, damage, right.node)

    monkeypatch.setattr(calls, "render_call", broken)


def reasons(result: Fixed) -> list[str]:
    return [item.refused or "" for item in result.left]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("logger.info('x'); boom()", "verification failed"),
        ("logger.info('x'", "verification failed"),
        ("await logger.info('x')", "does not compile"),
        ("print('bad')", "did not converge"),
        ("logger.info('%s %s', x)", "new finding, PRT"),
        ("raise", "internal error (KeyError: 'oops')"),
    ],
)
def test_the_others_are_rewritten(damage: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged(monkeypatch, damage)
    result = fix(Source("x.py", PROGRAM), PLAIN)
    assert 'logger.info("first %s", x)' in result.source.text
    assert 'logger.info("third %s", x)' in result.source.text
    assert '    print("bad", x)\n' in result.source.text
    assert len(result.fixed) == 2
    (reason,) = reasons(result)
    assert reason.startswith("rewrite discarded: ")
    assert said in reason
    assert "please report this" in reason
    assert result.failure is not None
    again = fix(result.source, PLAIN)
    assert again.source.text == result.source.text


def test_several_that_fail_are_left_and_each_has_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    damaged(monkeypatch, "logger.info('x'")
    words = ("bad" if number in (3, 17, 18) else "fine" for number in range(40))
    text = "def f():\n" + "".join(f"    print('{word}', {number})\n" for number, word in enumerate(words))
    result = fix(Source("x.py", text), PLAIN)
    assert len(result.fixed) == 37
    assert result.source.text.count("print(") == 3
    assert all("verification failed" in reason for reason in reasons(result))


def test_what_is_inside_of_a_call_that_fails_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    damaged(monkeypatch, "logger.info('x'")
    text = 'def f(g):\n    print("bad", g(lambda: print("inner")))\n    print("fine")\n'
    result = fix(Source("x.py", text), PLAIN)
    assert 'print("bad"' in result.source.text
    assert 'logger.info("fine")' in result.source.text
    damaged(monkeypatch, "logger.info('x'", whose='("inner")')
    result = fix(Source("x.py", text), PLAIN)
    assert 'print("inner")' in result.source.text
    assert 'logger.info("fine")' in result.source.text


def test_where_everything_fails_the_source_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    damaged(monkeypatch, "logger.info('x'", whose="")
    source = Source("x.py", PROGRAM)
    result = fix(source, PLAIN)
    assert result.source is source
    assert result.fixed == ()
    assert len(reasons(result)) == 3


def test_what_no_bug_is_responsible_for_is_not_to_be_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    damaged(monkeypatch, "logger.info('\N{SNOWMAN}')")
    result = fix(Source("x.py", PROGRAM, "latin-1"), PLAIN)
    (reason,) = reasons(result)
    assert reason == "rewrite discarded: latin-1 cannot encode the new text"
    assert result.failure is None
    assert len(result.fixed) == 2


def test_a_plan_that_raises_costs_one_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    from printlint.rules.prints.print_call import PrintCall

    whole = PrintCall.plan

    def broken(self: PrintCall, finding: object, context: object) -> object:
        if '"bad"' in context.module.source.segment(finding.site):  # type: ignore[attr-defined]
            raise ZeroDivisionError("oops")
        return whole(self, finding, context)  # type: ignore[arg-type]

    monkeypatch.setattr(PrintCall, "plan", broken)
    result = fix(Source("x.py", PROGRAM), PLAIN)
    assert len(result.fixed) == 2
    assert reasons(result) == ["rewrite discarded: internal error (ZeroDivisionError: oops); please report this"]


def test_a_refusal_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = calls.render_call

    def refusing(edit: object, module: object) -> Replacement:
        right = whole(edit, module)  # type: ignore[arg-type]
        if '"bad"' in module.source.segment(right.node):  # type: ignore[attr-defined]
            raise Refused("a reason")
        return right

    monkeypatch.setattr(calls, "render_call", refusing)
    result = fix(Source("x.py", PROGRAM), PLAIN)
    assert reasons(result) == ["a reason"]
    assert result.failure is None


def test_the_command_rewrites_the_rest_and_says_what_to_report(
    inside: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.py").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.printlint]\ndetect-interface = false\n", encoding="utf-8")
    damaged(monkeypatch, "logger.info('x'")
    done = inside("fix", "x.py")
    assert done.returncode == 1
    assert "printlint: x.py: rewrite discarded: verification failed" in done.stderr
    assert done.stderr.count("please report this") == 1
    assert "2 findings fixed in 1 file, 1 left" in done.stderr
    assert (tmp_path / "x.py").read_text(encoding="utf-8").count("print(") == 1


def test_without_a_failure_nothing_is_tried_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = []
    whole = isolate.most_that_pass
    monkeypatch.setattr(isolate, "most_that_pass", lambda *given: attempts.append(given) or whole(*given))
    fix(Source("x.py", PROGRAM), PLAIN)
    assert attempts == []


def test_the_number_of_attempts_is_bounded() -> None:
    attempts = 0

    def attempt(held: object) -> None:
        nonlocal attempts
        attempts += 1
        raise NotTheSame("always")

    reasons = most_that_hold(range(5000), attempt, NotTheSame("all"))
    assert len(reasons) == 5000
    assert attempts < 300


def test_of_many_one_is_found_in_few_attempts() -> None:
    attempts = 0

    def attempt(held: dict[int, str]) -> None:
        nonlocal attempts
        attempts += 1
        if 1234 not in held:
            raise NotTheSame("1234")

    assert list(most_that_hold(range(5000), attempt, NotTheSame("all"))) == [1234]  # type: ignore[arg-type]
    assert attempts < 40


def test_places_move_with_the_text_before_them() -> None:
    spliced = splice("ab(c)d", [Replacement(Span(1, 1), "++"), Replacement(Span(1, 5), "x")])
    assert spliced.text == "a++xd"
    assert [spliced.moved(offset) for offset in range(6)] == [0, None, None, None, None, 4]


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("async def f(): g()", "async def f(): x: await g() = 1", True),
        ("def f(): g()", "def f(): await g()", True),
        ("x = 1", "return 1", True),
        ("return 1", "return 2", False),
        ("x = 1", "x = 2", False),
    ],
)
def test_what_python_does_not_compile_is_stopped(old: str, new: str, wrong: bool) -> None:
    head = "from __future__ import annotations\n"
    sources = Source("x.py", head + old), Source("x.py", head + new)
    if wrong:
        with pytest.raises(NotTheSame, match="does not compile"):
            check_compiles(*sources)
    else:
        check_compiles(*sources)


def test_the_bytes_are_compiled_in_the_files_own_encoding() -> None:
    head = "# -*- coding: latin-1 -*-\nx = '\xe9'\n"
    old = Source("x.py", head, "latin-1")
    check_compiles(old, Source("x.py", f"{head}y = x is ()\n", "latin-1"))  # with a warning, which is none of ours
    with pytest.raises(NotTheSame, match="line 3"):
        check_compiles(old, Source("x.py", f"{head}return x\n", "latin-1"))
