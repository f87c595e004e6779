"""What catches errors, and what an `except` clause does with what it has caught."""

from __future__ import annotations

import ast
import textwrap

import pytest

from printlint.facts.calls.catching import Catcher, catchers
from printlint.facts.calls.except_clauses import exits, is_at_hand, is_handed_on, logs_the_traceback, raises_on, shown
from printlint.facts.module import Module
from printlint.partial.partial_tree import Tree
from printlint.source import Source

HEAD = (
    "import contextlib, logging, os, sys, traceback\nfrom contextlib import suppress\n"
    "logger = logging.getLogger(__name__)\n"
)


def module_of(program: str) -> tuple[Module, ast.Call]:
    """A module, and its call of `mark`."""
    tree = Tree(Source("x.py", HEAD + textwrap.dedent(program)))
    tree.complete()
    module = Module(tree)
    (call,) = (c for c in module.calls if isinstance(c.func, ast.Name) and c.func.id == "mark")
    return module, call


@pytest.mark.parametrize(
    ("program", "caught"),
    [
        ("try:\n    mark()\nexcept ValueError:\n    x", [{"ValueError"}]),
        ("try:\n    mark()\nexcept:\n    x", [{"BaseException"}]),
        ("try:\n    mark()\nexcept (OSError, KeyError):\n    x", [{"OSError", "KeyError"}]),
        ("try:\n    mark()\nexcept (*a, KeyError):\n    x", [{"a", "KeyError"}]),
        ("try:\n    mark()\nexcept os.error:\n    x", [{"error"}]),
        ("try:\n    mark()\nexcept* OSError:\n    x", [{"OSError"}]),
        ("try:\n    mark()\nexcept OSError:\n    x\nexcept KeyError:\n    y", [{"OSError", "KeyError"}]),
        ("E = (OSError, KeyError)\ntry:\n    mark()\nexcept E:\n    x", [{"OSError", "KeyError"}]),
        ("E = OSError\ntry:\n    mark()\nexcept E:\n    x", [{"OSError"}]),
        ("try:\n    x\nexcept ValueError:\n    mark()", []),
        ("try:\n    x\nexcept ValueError:\n    y\nelse:\n    mark()", []),
        ("try:\n    mark()\nfinally:\n    x", []),
        ("try:\n    try:\n        mark()\n    except OSError:\n        x\nexcept KeyError:\n    y",
         [{"OSError"}, {"KeyError"}]),
        ("try:\n    def f():\n        mark()\nexcept OSError:\n    x", []),
        ("with suppress(OSError, KeyError):\n    mark()", [{"OSError", "KeyError"}]),
        ("with contextlib.suppress(OSError) as x, open(y):\n    mark()", [{"OSError"}]),
        ("with open(y):\n    mark()", []),
        ("with self.assertRaises(OSError):\n    mark()", [{"OSError"}]),
        ("guard = suppress(OSError)\nwith guard:\n    mark()", [{"OSError"}]),
        ("with contextlib.ExitStack() as s:\n    s.enter_context(suppress(OSError))\n    mark()", [{"OSError"}]),
        ("with contextlib.ExitStack() as s:\n    s.push(f)\n    mark()", [{"BaseException"}]),
        ("with contextlib.ExitStack() as s:\n    s.callback(f)\n    mark()", []),
        ("with contextlib.ExitStack() as s:\n    s.enter_context(open(x))\n    mark()", []),
        ("class G:\n    def __exit__(self, *a):\n        return True\nwith G():\n    mark()", [{"BaseException"}]),
        ("class G:\n    def __exit__(self, *a):\n        return a[0] is OSError\nwith G():\n    mark()",
         [{"BaseException"}]),
        ("class G:\n    def __exit__(self, *a):\n        return False\nwith G():\n    mark()", []),
        ("class G:\n    def __exit__(self, *a):\n        return\nwith G():\n    mark()", []),
        ("class G:\n    def close(self):\n        return True\nwith G():\n    mark()", []),
        ("def g():\n    try:\n        yield\n    except OSError:\n        x\nwith g():\n    mark()", [{"OSError"}]),
        ("def g():\n    yield\nwith g():\n    mark()", []),
        ("async def f():\n    async with suppress(OSError):\n        mark()", [{"OSError"}]),
    ],
)  # fmt: skip
def test_what_catches_the_errors_of_a_call(program: str, caught: list[set[str]]) -> None:
    assert [set(item.caught) for item in catchers(*module_of(program))] == caught


@pytest.mark.parametrize(
    ("caught", "error", "catches"),
    [
        ("ValueError", "ValueError", True),
        ("ValueError", "UnicodeEncodeError", True),
        ("UnicodeError", "ValueError", False),
        ("OSError", "FileNotFoundError", True),
        ("OSError", "ValueError", False),
        ("Exception", "ValueError", True),
        ("Exception", "KeyboardInterrupt", False),
        ("BaseException", "KeyboardInterrupt", True),
        ("Exception", "OwnError", True),
        ("OwnError", "OwnError", True),
        ("OtherError", "OwnError", True),  # which may be its base
        ("ValueError", "OwnError", False),
        ("OwnError", "ValueError", False),
    ],
)
def test_an_error_is_caught_by_its_class(caught: str, error: str, catches: bool) -> None:
    catcher = Catcher(ast.Pass(), frozenset({caught}), [])
    assert catcher.catches(error) is catches
    assert catcher.catches_all is (caught in ("Exception", "BaseException"))


def handled(body: str) -> tuple[Module, ast.ExceptHandler, ast.Call]:
    lines = textwrap.indent(body, "    ")
    module, call = module_of(f"try:\n    work()\nexcept ValueError as e:\n{lines}\n")
    handler = module.places.handler(call)
    assert handler is not None
    return module, handler, call


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("e", "e"),
        ("str(e)", "e"),
        ("repr(e)", "e"),
        ("f'failed: {e}'", "e"),
        ("f'failed: {x} {e!r}'", "e"),
        ("'failed: %s' % e", "e"),
        ("'failed: %s %s' % (x, e)", "e"),
        ("'failed: ' + str(e)", "e"),
        ("'failed: {}'.format(e)", "e"),
        ("'failed: {e}'.format(e=e)", "e"),
        ("e.args", None),
        ("type(e)", None),
        ("len(e)", None),
        ("x", None),
        ("f'failed: {e.code}'", None),
        ("'failed'", None),
        ("[e]", None),
    ],
)
def test_an_expression_shows_what_was_caught(value: str, text: str | None) -> None:
    module, handler, call = handled(f"mark({value})")
    found = shown(module, handler, call.args[0])
    assert (found and ast.unparse(found)) == text


def test_a_name_that_is_bound_anew_is_not_what_was_caught() -> None:
    module, handler, call = handled("e = other\nmark(e)")
    assert shown(module, handler, call.args[0]) is None


@pytest.mark.parametrize(
    ("value", "at_hand"),
    [
        ("True", True),
        ("1", True),
        ("False", False),
        ("None", False),
        ("e", True),
        ("x", False),
        ("sys.exc_info()", True),
        ("sys.exc_info(1)", False),
        ("exc_info()", False),
        ("(type(e), e, None)", False),
    ],
)
def test_what_logging_takes_by_itself_is_at_hand(value: str, at_hand: bool) -> None:
    module, _, call = handled(f"mark({value})")
    assert is_at_hand(module, call, call.args[0]) is at_hand


def test_outside_of_a_handler_nothing_is_at_hand() -> None:
    for value, at_hand in (("e", False), ("sys.exc_info()", False), ("True", True)):
        module, call = module_of(f"mark({value})")
        assert is_at_hand(module, call, call.args[0]) is at_hand


@pytest.mark.parametrize(
    ("line", "logs"),
    [
        ("logger.exception('x')", True),
        ("logger.error('x', exc_info=True)", True),
        ("logger.error('x', **more)", True),
        ("traceback.print_exc()", True),
        ("text = traceback.format_exc()", True),
        ("send(sys.exc_info())", True),
        ("logger.error('x')", False),
        ("logger.error('x', exc_info=False)", False),
        ("print('x')", False),
        ("tracebacks.show()", False),
    ],
)
def test_a_handler_logs_the_traceback(line: str, logs: bool) -> None:
    module, handler, _ = handled(f"{line}\nmark()")
    assert logs_the_traceback(module, handler) is logs


@pytest.mark.parametrize(
    ("line", "handed_on"),
    [
        ("errors.append(e)", True),
        ("self.error = e", True),
        ("error: Exception = e", True),
        ("kept = [e]", True),
        ("kept = {'e': e}", True),
        ("kept = {e}", True),
        ("fail(e)", True),
        ("call(lambda: e)", True),
        ("def f():\n    return e", True),
        ("class C:\n    error = e", True),
        ("print(e)", False),
        ("text = str(e)", False),
        ("print(f'failed: {e}')", False),
        ("print('failed: {}'.format(e))", False),
        ("logger.error('failed: %s', e)", False),
        ("if isinstance(e, KeyError):\n    pass", False),
        ("if e == x:\n    pass", False),
        ("code = e.errno", False),
        ("raise Other from e", False),
        ("e", False),
        ("def f():\n    return x", False),
        ("call(lambda: x)", False),
    ],
)
def test_what_was_caught_is_handed_on(line: str, handed_on: bool) -> None:
    module, handler, _ = handled(f"{line}\nmark()")
    assert is_handed_on(module, handler) is handed_on


@pytest.mark.parametrize(
    ("line", "passes_on", "ends"),
    [
        ("raise", True, False),
        ("raise Other", True, False),
        ("raise Other from e", True, False),
        ("raise Other from None", False, False),
        ("raise SystemExit", True, True),
        ("raise SystemExit(2)", True, True),
        ("sys.exit(1)", False, True),
        ("os._exit(1)", False, True),
        ("os.abort()", False, True),
        ("exit()", False, True),
        ("quit()", False, True),
        ("parser.exit(2)", False, True),
        ("sys.exitfunc()", False, False),
        ("return_()", False, False),
        ("x = sys.exit", False, False),
    ],
)
def test_how_a_statement_leaves(line: str, passes_on: bool, ends: bool) -> None:
    module, _, _ = handled(f"mark()\n{line}")
    statement = module.tree.body[-1].handlers[0].body[-1]  # type: ignore[attr-defined]
    assert (raises_on(statement), exits(module, statement)) == (passes_on, ends)
