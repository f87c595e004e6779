"""Annotations, type aliases and type parameters: what is in them is evaluated later or never, and never awaited."""

from __future__ import annotations

import sys

import pytest

from printlint.config import Config
from printlint.rewrite.fixer import Fixed, fix
from printlint.source import Source

PLAIN = Config(detect_interface=False)
NEW_SYNTAX = sys.version_info >= (3, 12)

HELD = [
    "    x: print('a') = 5\n",
    "    x: list[print('a')]\n",
    "    self.x: print('a') = 5\n",
    "    x: [print(i) for i in self] = 1\n",
    "    x: (lambda: print('a')) = 1\n",
    "    def g(a: print('a')): pass\n",
    "    def g(*a: print('a')): pass\n",
    "    def g(**a: print('a')): pass\n",
    "    def g() -> print('a'): pass\n",
    "    async def g(a: print('a')): pass\n",
    "    class A:\n        y: print('a') = 1\n",
]
HELD_FROM_3_12 = [
    "    type X = print('a')\n",
    "    type X[T: print('a')] = T\n",
    "    def g[T: print('a')](): pass\n",
    "    class A[T: print('a')]: pass\n",
    "    def g[T](a: print('a')): pass\n",
]
# Beside them: evaluated where they are, by the function around.
AWAITED = [
    "    print('a')\n",
    "    x: int = print('a')\n",
    "    def g(a=print('a')): pass\n",
    "    @self(print('a'))\n    def g(): pass\n",
    "    class A(print('a') or object): pass\n",
    "    @self(print('a'))\n    class A: pass\n",
    "    g = lambda a=print('a'): a\n",
]
AWAITED_FROM_3_12 = [
    "    def g[T](a=print('a')): pass\n",
    "    @self(print('a'))\n    def g[T](): pass\n",
    "    @self(print('a'))\n    class A[T]: pass\n",
]


def fixed(body: str, future: bool = False) -> Fixed:
    head = "from __future__ import annotations\n" if future else ""
    result = fix(
        Source("x.py", f"{head}import asyncio\n\n\nasync def f(self):\n    await asyncio.sleep(0)\n{body}"), PLAIN
    )
    assert result.failure is None
    return result


@pytest.mark.parametrize("future", [False, True])
@pytest.mark.parametrize("body", HELD + (HELD_FROM_3_12 if NEW_SYNTAX else []))
def test_what_is_in_an_annotation_is_left(body: str, future: bool) -> None:
    result = fixed(body, future)
    assert body in result.source.text
    assert [item.refused for item in result.left] == ["it is in an annotation, which may never be evaluated"]


@pytest.mark.parametrize("future", [False, True])
@pytest.mark.parametrize("body", AWAITED + (AWAITED_FROM_3_12 if NEW_SYNTAX else []))
def test_what_is_beside_one_is_awaited_where_python_allows_it(body: str, future: bool) -> None:
    result = fixed(body, future)
    assert "await logger.info('a')" in result.source.text
    assert result.left == ()


@pytest.mark.skipif(not NEW_SYNTAX, reason="type parameters came with Python 3.12")
def test_the_bases_of_a_generic_class_have_no_await() -> None:
    text = fixed("    class A[T](print('a') or object): pass\n").source.text
    assert "await logger" not in text


def test_an_existing_call_in_an_annotation_is_not_awaited() -> None:
    body = "    log.info('x')\n    y: log.info('y') = 1\n"
    source = f"import logging\nlog = logging.getLogger(__name__)\n\n\nasync def f():\n{body}"
    text = fix(Source("x.py", source), PLAIN).source.text
    assert "y: log.info('y')" in text
