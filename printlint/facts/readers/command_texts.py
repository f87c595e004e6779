"""Which of a project's programs a command runs, and whether something reads what they write.

By the words of the command: `python tools/version.py`, `python -m app.version`, `./version.py`, a console script.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from printlint.facts.flow.origins import origins
from printlint.facts.module import Module

_MAX_STEPS = 4
_LONGEST_LINE = 4_000  # code points; longer ones were written by no hand
_FILE = re.compile(r"(?<![\w./-])[\w./-]*\w\.py\b(?!\w)")
_MODULE = re.compile(r"(?<!\S)-m[ =]*([A-Za-z_][\w.]*)")
_CODE = re.compile(r"""(?<!\S)-c\s+(?:"([^"]*)"|'([^']*)')""")
_IMPORTED = re.compile(r"(?:^|[;\n]|\s)(?:from\s+([\w.]+)\s+import|import\s+([\w.]+))")
_RUNS = r"\b(?!print\b)\w+\("  # what is imported, and not only reads it
_PYTHON = re.compile(r"(?i)python|\bpypy|\bpy\b|\b(?:uv|poetry|pipenv|pdm|hatch|rye) run\b|\bPY\b")
_SEPARATOR = re.compile(r"&&|\|\||[;|`&]|\$\(|<\(|\(|[\"']?run[\"']?\s*[:=]|^\s*(?:-\s|@|RUN\b|CMD\b)", re.MULTILINE)
_END = re.compile(r"&&|\|\||;|`|\)|\n|$")
_TO_A_FILE = re.compile(r"(?<![\d&>=-])1?>>?\s*(?!&|>)[\"']?([^\s\"'|;&)]+)|&>>?\s*[\"']?([^\s\"'|;&)]+)")
_PIPE = re.compile(r"(?<!\|)\|(?!\|)&?\s*(\S+)([^|]*)")
_LOG = re.compile(r"(?i)\.log\b|/dev/(?:null|stderr|stdout|tty)$|\blogs?/")
# Functions of other languages that run a program and give what it writes.
_CALLS = re.compile(
    r"\b(?:exec|execSync|execFile|execFileSync|execa|spawn|spawnSync|shell_exec|proc_open|popen|Open3|Command|qx"
    r"|capture\w*|execute_process|run_command|program)\b|`"
)
_OTHER_LANGUAGES = frozenset(
    {".js", ".mjs", ".cjs", ".ts", ".rb", ".pl", ".php", ".lua", ".go", ".rs", ".groovy", ".tf"}
)


class Run(NamedTuple):
    """A program that a command runs, by its path or its dotted name; `imported`: only its import is seen."""

    name: str
    is_module: bool = False
    imported: bool = False


def runs_in(command: str) -> Iterator[Run]:
    """The programs that a command names."""
    yield from (Run(match[0]) for match in _FILE.finditer(command))
    yield from (Run(match[1], is_module=True) for match in _MODULE.finditer(command))
    for match in _CODE.finditer(command):
        code = match[1] or match[2] or ""
        for imported in _IMPORTED.finditer(code):
            yield Run(imported[1] or imported[2], is_module=True, imported=not re.search(_RUNS, code))


def runs_in_text(path: Path, text: str, scripts: Iterable[tuple[str, str]]) -> Iterator[tuple[Run, int]]:
    """The programs whose output a shell script or a build file reads, each with its line, from 1.

    `scripts` are the names of console scripts with their modules.
    """
    joined = re.sub(r"\\\r?\n", "  ", text)
    if path.name == "CMakeLists.txt" or path.suffix == ".cmake" or path.name == "meson.build":
        yield from _of_calls(joined)
        return
    for number, line in enumerate(joined.split("\n"), 1):
        if len(line) > _LONGEST_LINE or line.lstrip().startswith(("#", "//")):
            continue
        if path.suffix in _OTHER_LANGUAGES:
            if _CALLS.search(line) and _PYTHON.search(line):
                yield from ((run, number) for run in runs_in(line))
            continue
        yield from ((run, number) for run in _read_on(line, path.suffix, scripts))


def _of_calls(text: str) -> Iterator[tuple[Run, int]]:
    """`execute_process(… OUTPUT_VARIABLE …)` of CMake, `run_command(…)` of Meson, over several lines."""
    for match in re.finditer(
        r"(?:execute_process|run_command)\s*\(([^()]{0,999}(?:\([^()]{0,999}\)[^()]{0,999}){0,9})\)", text
    ):
        if match[0].startswith("run_command") or "OUTPUT_VARIABLE" in match[1]:
            line = text.count("\n", 0, match.start()) + 1
            yield from ((run, line) for run in runs_in(re.sub("[\"',]", " ", match[1])))


def _read_on(line: str, suffix: str, scripts: Iterable[tuple[str, str]]) -> Iterator[Run]:
    for match in (*_FILE.finditer(line), *_MODULE.finditer(line), *_CODE.finditer(line)):
        start = _start_of_command(line, match.start())
        before = line[start : match.start()]
        is_run = _PYTHON.search(before) or (match.re is _FILE and not before.strip(" \t\"'@-$(){}/."))
        if is_run and _is_read(line, match, suffix):
            yield from runs_in(f" {match[0]}")
    for name, module in scripts:
        if name not in line:
            continue
        for match in re.finditer(rf"(?<![\w./-]){re.escape(name)}(?![\w./-])", line):
            start = _start_of_command(line, match.start())
            if not line[start : match.start()].strip(" \t\"'@") and _is_read(line, match, suffix):
                yield Run(module, is_module=True)


def _start_of_command(line: str, before: int) -> int:
    return max((match.end() for match in _SEPARATOR.finditer(line, 0, before)), default=0)


def _is_read(line: str, named: re.Match[str], suffix: str) -> bool:
    """Whether the output of the command that names a program is substituted, piped or written to a file."""
    head = line[: named.start()]
    if _is_substituted(head) or head.count("`") % 2 or re.search(r"\bin\s+\(\s*['`\"]", head):
        return True
    if suffix == ".ps1" and re.match(r"\s*\$[\w:]+\s*=", line):
        return True
    match = _END.search(line, named.end())
    rest = line[named.end() : match.start() if match is not None else len(line)]
    for written in _TO_A_FILE.finditer(rest):
        if not _LOG.search(written[1] or written[2]):
            return True
    piped = _PIPE.search(rest)
    return piped is not None and not (piped[1] in ("tee", "logger", "ts", "cat") and _shows_on(piped))


def _is_substituted(head: str) -> bool:
    """Whether a `$(` or `<(` is open at the end of a text."""
    opened: list[bool] = []
    for match in re.finditer(r"[$<]?\(|\)", head):
        if match[0] != ")":
            opened.append(match[0] != "(")
        elif opened:
            opened.pop()
    return any(opened)


def _shows_on(piped: re.Match[str]) -> bool:
    """Whether what is piped ends in a log, or comes out again."""
    return piped[1] != "tee" or bool(_LOG.search(piped[2]))


# Commands in Python


def texts_of_command(module: Module, call: ast.Call) -> Iterator[str]:
    """The command lines that a call may run, as far as they are written down: a list's items with spaces between."""
    given = [item.value for item in call.keywords if item.arg in ("args", "cmd", "command")]
    if (module.qualified(call.func) or "").endswith("_exec"):
        yield " ".join(next(_texts(module, argument, _MAX_STEPS), "") for argument in call.args)
        return
    for argument in (*call.args[:2], *given):
        yield from _texts(module, argument, _MAX_STEPS)


def text_of(module: Module, node: ast.expr) -> str:
    """What an expression says of a command; empty where it says nothing."""
    return next(_texts(module, node, _MAX_STEPS), "")


def _texts(module: Module, node: ast.expr, steps: int) -> Iterator[str]:
    """What an expression says of a text, the parts that it computes left out."""
    for value in origins(module, node) if steps else ():
        match value:
            case ast.Constant(value=str(text)):
                yield text
            case ast.Name(id="__file__"):
                yield Path(module.source.path).name
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                items = [next(_texts(module, element, steps - 1), "") for element in elements]
                yield " ".join(f'"{item}"' if " " in item and '"' not in item else item for item in items)
            case ast.Starred(value=inner):
                yield from _texts(module, inner, steps - 1)
            case ast.JoinedStr(values=parts):
                yield "".join(next(_texts(module, part, steps - 1), "") for part in parts)
            case ast.FormattedValue(value=inner) | ast.Subscript(value=inner):
                yield from _texts(module, inner, steps - 1)
            case ast.BinOp(left=left, op=op, right=right):
                between = "/" if isinstance(op, ast.Div) else " " if isinstance(left, ast.List) else ""
                sides = [next(_texts(module, side, steps - 1), "") for side in (left, right)]
                yield between.join(sides)
            case ast.Call(func=func, args=arguments):
                of = [func.value] if isinstance(func, ast.Attribute) and not isinstance(func.value, ast.Name) else []
                found = [next(_texts(module, part, steps - 1), "") for part in (*of, *arguments)]
                yield "/".join(filter(None, found))
            case ast.Attribute(value=inner):
                yield from _texts(module, inner, steps - 1) if not isinstance(inner, ast.Name) else ()
