"""The suppression comments of ruff: each snippet with the lines of the prints that it leaves to be reported."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest
from conftest import clean_environment

from printlint.config import Config
from printlint.lint import ruff_noqa
from printlint.lint.linter import lint_bytes
from printlint.rewrite.fixer import fix
from printlint.source import Source

FILE_WIDE = [
    ("# ruff: noqa\nprint(1)\n", []),
    ("#ruff:noqa\nprint(1)\n", []),
    ("# ruff : NoQA\nprint(1)\n", []),
    ("# ruff: noqa: T201\nprint(1)\n", []),
    ("# ruff: noqa:E501, T201 for a reason\nprint(1)\n", []),
    ("# ruff: noqa: E501T201\nprint(1)\n", []),
    ("# ruff: noqa - all of it\nprint(1)\n", []),
    ("# see here # ruff: noqa\nprint(1)\n", []),
    ("print(1)\n# ruff: noqa: T201\n", []),
    ("def f():\n    # ruff: noqa\n    print(1)\n", []),
    ("# RUFF: noqa\nprint(1)\n", [2]),
    ("# ruff: noqa: t201\nprint(1)\n", [2]),
    ("# ruff: noqa: T20\nprint(1)\n", [2]),
    ("# ruff: noqa: E501\nprint(1)\n", [2]),
    ("# ruff: noqa: because\nprint(1)\n", [2]),
    ("x = 1  # ruff: noqa\nprint(1)\n", [2]),
    ("print(1)  # ruff: noqa: T201\n", [1]),
    ("'''\n# ruff: noqa\n'''\nprint(1)\n", [4]),
    ("# ruff: file-ignore[T201]\nprint(1)\n", []),
    ("#!/bin/x\nprint(1)\n# ruff: file-ignore[E501, T201,] for a reason\n", []),
    ("def f():\n    # ruff: file-ignore[T201]\n    print(1)\n", [3]),
    ("x = 1  # ruff: file-ignore[T201]\nprint(1)\n", [2]),
    ("# see # ruff: file-ignore[T201]\nprint(1)\n", [2]),
    ("# ruff: file-ignore[E501]\nprint(1)\n", [2]),
    ("x = '# ruff: file-ignore[T201]'\nprint(1)\n", [2]),
]

LINES = [
    ("print(1)  # ruff: ignore[T201]\nprint(2)\n", [2]),
    ("print(1)  # ruff: ignore[T201]\nprint(2)\nprint(3)  # ruff: ignore[T201]\nprint(4)\n", [2, 4]),
    ("print(1)  #ruff :  ignore [ E501 ,T201 , ] for a reason\n", []),
    ("print(1)  # type: ignore # ruff: ignore[T201]\n", []),
    ("print(1)  # ruff: ignore[T201]# ruff: ignore[E501]\n", []),
    ("print(1)  # ruff: ignore[T20]\n", [1]),
    ("print(1)  # ruff: ignore[t201]\n", [1]),
    ("print(1)  # ruff: ignore[]\n", [1]),
    ("print(1)  # ruff: ignore\n", [1]),
    ("print(1)  # ruff: ignore T201\n", [1]),
    ("print(1)  # ruff: ignore[E501 T201]\n", [1]),
    ("print(1)  # Ruff: ignore[T201]\n", [1]),
    ("print('# ruff: ignore[T201]')\n", [1]),
    ("# ruff: ignore[T201]\n\n# more\nprint(1)\nprint(2)\n", [5]),
    ("# ruff: ignore[T201]\nx = [\n    1,\n    print(1),\n]\nprint(2)\n", [6]),
    ("# ruff: ignore[T201]\ndef f(a=print(1)):\n    print(2)\n", [3]),
    ("x = [\n    # ruff: ignore[T201]\n    print(1),\n    print(2),\n]\n", [4]),
    ("x = [\n    # ruff: ignore[T201]\n\n    # more\n    print(1), '''\n''', print(2),\n    print(3),\n]\n", [7]),
    ("x = [\n    print(1),  # ruff: ignore[T201]\n    print(2),\n]\n", [3]),
    ("print('''\n''')  # ruff: ignore[T201]\n", []),
    ("print(\n    1,\n)  # ruff: ignore[T201]\n", [1]),
    ("print(  # ruff: ignore[T201]\n    1,\n)\n", []),
    ("x = 1, \\\n    print(1)  # ruff: ignore[T201]\n", []),
    ("if x:  # ruff: ignore[T201]\n    print(1)\n", [2]),
    ("print(1)  #noqa\n", []),
    ("print(1)  #noqa:T201\n", []),
    ("print(1)  #  NoQA : E501 T201\n", []),
    ("print(1)  # noqa: E501T201\n", []),
    ("print(1)  #noqa: E501\n", [1]),
    ("print('#noqa')\n", [1]),
]

RANGES = [
    ("# ruff: disable[T201]\nprint(1)\n# ruff: enable[T201]\nprint(2)\n", [4]),
    ("# ruff: disable[E501, T201]\nprint(1)\n# ruff: enable[E501,T201]\nprint(2)\n", [4]),
    ("# ruff: disable[E501, T201]\nprint(1)\n# ruff: enable[T201, E501]\nprint(2)\n", []),
    ("# ruff: disable[T201]\nprint(1)\n", []),
    ("# ruff: disable[F401]\nprint(1)\n# ruff: enable[F401]\n", [2]),
    ("# ruff: disable[T201]\nprint(1)  # ruff: enable[T201]\nprint(2)\n", []),
    ("print(0)  # ruff: disable[T201]\nprint(1)\n", [1, 2]),
    ("def f():\n    # ruff: disable[T201]\n    print(1)\n    if x:\n        print(2)\n    print(3)\nprint(4)\n", [7]),
    ("def f():\n    # ruff: disable[T201]\n    print(1)\n# ruff: enable[T201]\nprint(2)\n", [5]),
    ("# ruff: disable[T201]\ndef f():\n    print(1)\n    # ruff: enable[T201]\n    print(2)\n", []),
    ("def f():\n    x = 1\n        # ruff: disable[T201]\n    print(1)\n", [4]),
    ("def f():\n        # ruff: disable[T201]\n    print(1)\n", []),
    ("def f():\n    pass\n    # ruff: disable[T201]\nprint(1)\n", [4]),
    ("def f():\n    pass\n# ruff: disable[T201]\nprint(1)\n# ruff: enable[T201]\nprint(2)\n", [6]),
    ("# ruff: disable[T201]\nprint(1)\n# ruff: disable[T201]\nprint(2)\n# ruff: enable[T201]\nprint(3)\n", []),
    ("x = [\n# ruff: disable[T201]\nprint(1),\n# ruff: enable[T201]\nprint(2),\n]\n", [5]),
    ("if x:\n    pass\n    # ruff: disable[T201]\nelse:\n    print(1)\n", [5]),
    ("async def f():\n\t# ruff: disable[T201]\n\tprint(1)\n\t# ruff: enable[T201]\n\tprint(2)\n", [5]),
]

SNIPPETS = [*FILE_WIDE, *LINES, *RANGES]
PLAIN = Config(detect_interface=False)


def by_snippet(found: dict[str, list[int]]) -> list[list[int]]:
    return [sorted(found.get(f"s{number:03}.py", [])) for number in range(len(SNIPPETS))]


def reported(text: str, code: str = "PRT101", config: Config = PLAIN) -> list[int]:
    found = lint_bytes("snippet.py", text.encode(), config).findings
    return sorted(finding.start.line for finding in found if finding.code == code)


@pytest.mark.parametrize(("text", "lines"), SNIPPETS)
def test_what_ruff_suppresses_is_suppressed(text: str, lines: list[int]) -> None:
    assert reported(text) == lines


def test_ruff_itself_says_so(tmp_path: Path) -> None:
    version = subprocess.run([sys.executable, "-m", "ruff", "--version"], capture_output=True, text=True, check=False)
    if tuple(map(int, re.findall(r"\d+", version.stdout)[:2])) < (0, 17):
        pytest.skip("needs a ruff that knows all of these comments")
    for number, (text, _) in enumerate(SNIPPETS):
        (tmp_path / f"s{number:03}.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "T201", "--output-format"]
    done = subprocess.run([*command, "json", "."], cwd=tmp_path, capture_output=True, text=True, check=False)
    found: dict[str, list[int]] = {}
    for item in json.loads(done.stdout):
        if item["code"] == "T201":
            found.setdefault(Path(item["filename"]).name, []).append(item["location"]["row"])
    assert by_snippet(found) == [lines for _, lines in SNIPPETS]


def test_they_count_in_flake8(tmp_path: Path) -> None:
    for number, (text, _) in enumerate(SNIPPETS):
        (tmp_path / f"s{number:03}.py").write_text(text, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.printlint]\ndetect-interface = false\n", encoding="utf-8")
    command = [sys.executable, "-m", "flake8", "--isolated", "--select", "PRT101", "--format", "%(path)s %(row)d", "."]
    done = subprocess.run(command, cwd=tmp_path, env=clean_environment(), capture_output=True, text=True, check=False)
    assert not done.stderr
    found: dict[str, list[int]] = {}
    for line in done.stdout.splitlines():
        path, row = line.split()
        found.setdefault(Path(path).name, []).append(int(row))
    assert by_snippet(found) == [lines for _, lines in SNIPPETS]


@pytest.mark.parametrize("text", [text for text, lines in SNIPPETS if not lines])
def test_what_is_suppressed_is_not_rewritten(text: str) -> None:
    assert fix(Source("snippet.py", text), PLAIN, unsafe=True).source.text == text


@pytest.mark.parametrize(
    ("comment", "suppressed"),
    [("PRT101", True), ("print", True), ("G004", False), ("PRT102", True), ("PRT103", False), ("print-call", False)],
)
def test_own_codes_and_the_names_of_ruffs_rules_count(comment: str, suppressed: bool) -> None:
    assert reported(f"print(1)  # ruff: ignore[{comment}]\n") == ([] if suppressed else [1])


def test_the_codes_of_other_families_count() -> None:
    head = "import logging\n\nlog = logging.getLogger(__name__)\n\n\ndef tell(x):\n"
    style = Config(select=("PRT5",))
    assert reported(f'{head}    log.info(f"a {{x}}")  # ruff: ignore[G004]\n', "PRT501", style) == []
    assert reported(f'{head}    log.info(f"a {{x}}")  # ruff: ignore[T201]\n', "PRT501", style) == [7]
    assert reported("import logging\n# ruff: ignore[LOG015]\nlogging.info('x')\n", "PRT201") == []


@pytest.mark.parametrize("end", ["(", "'''", "\n  x", "\x0c"])
def test_a_file_that_does_not_parse_is_still_reported(end: str) -> None:
    found = lint_bytes("snippet.py", f"# ruff: disable[T201]\nprint(1)\n{end}".encode()).findings
    assert [finding.code for finding in found] in ([], ["PRT900"])


@pytest.mark.parametrize(
    "text",
    [
        "# ruff: ignore[T201]\n" * 5000 + "print(1)\n",
        "x = [\n" + "# ruff: ignore[T201]\n" * 5000 + "print(1)]\n",
        "# ruff: disable[T201]\n" * 5000 + "print(1)\n" + "# ruff: enable[T201]\n" * 5000,
        "if x:\n" + "  # ruff: disable[T201]\n" * 5000 + "    print(1)\n",
    ],
)
def test_many_comments_are_gone_through_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = 0

    class Tokens(list[tokenize.TokenInfo]):
        def __getitem__(self, place: object) -> object:  # type: ignore[override]
            nonlocal steps
            steps += 1
            return super().__getitem__(place)  # type: ignore[index]

    whole = ruff_noqa._Reading.__init__
    monkeypatch.setattr(ruff_noqa._Reading, "__init__", lambda own, tokens, length: whole(own, Tokens(tokens), length))
    lines = text.splitlines(keepends=True)
    assert ruff_noqa.suppressions(lines).covers(next(n for n, line in enumerate(lines, 1) if "print" in line), ["T201"])
    assert steps < 100_000


def test_a_long_comment_is_read_in_one_go() -> None:
    text = f"print(1)  # ruff: ignore[T201{' ' * 50_000}x\n"
    assert reported(text) == [1]
