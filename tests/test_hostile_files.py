"""Repositories that nobody would make on purpose, but to do harm: no internal error, no endless run, nothing obeyed."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import Run, clean_environment

from printlint.config import Config
from printlint.finding import Finding, Reported
from printlint.lint.linter import INTERNAL_ERROR, lint_bytes
from printlint.process import notices
from printlint.process.printable import as_json, printable
from printlint.reading import disk
from printlint.report import FORMATS, Look, Report, render
from printlint.source import Position, Source, Unreadable

PRINT = "print('found')\n"
FOUND = ": PRT101 "
# Escapes, their one-byte forms, a bell, a backspace, all that some reader takes for a new line, marks that turn the
# direction of writing, a command of GitHub's runner in both of its forms, a byte that is no UTF-8, a command of Azure's
# agent, and what ends a section of XML.
EVIL = "\x1b[2J\x9b2J\x1b]0;x\x07\b\r\n\x0b\x0c\x85\u2028\u2029\u202e\u2066::error::x%0A##[error]y\udcff\x7f"
EVIL += "##vso[task.x]z]]>&<"


def run(folder: Path, *arguments: str, timeout: float = 60, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "printlint", *arguments],
        cwd=folder,
        env=clean_environment(**environment),
        capture_output=True,
        timeout=timeout,
        check=False,
    )


def checked(folder: Path, *arguments: str) -> str:
    """What `check` says of a folder, in which nothing may be an internal error."""
    done = run(folder, "check", "--no-cache", *arguments)
    output = (done.stdout + done.stderr).decode()
    assert INTERNAL_ERROR not in output
    assert "Traceback" not in output
    return output


# Files that are none


NOT_FILES = ["app.py", ".gitignore", "pyproject.toml", "setup.cfg", "setup.py", "logging.conf", "logging.json"]


def make(kind: str, path: Path) -> None:
    match kind:
        case "fifo":
            os.mkfifo(path)
        case "socket":
            os.mknod(path, stat.S_IFSOCK | 0o600)
        case device:
            path.symlink_to(f"/dev/{device}")


@pytest.mark.parametrize("kind", ["fifo", "socket", "zero", "tty"])
def test_what_is_no_regular_file_is_never_opened(tmp_path: Path, kind: str) -> None:
    for name in (*NOT_FILES, "__init__.py"):
        make(kind, tmp_path / name)
    loads = "".join(f"logging.config.fileConfig('logging.{kind}')\n" for kind in ("conf", "json"))
    (tmp_path / "main.py").write_text(f"import logging.config\n{loads}{PRINT}")
    output = checked(tmp_path, ".", "app.py")
    assert f"main.py:4:1{FOUND}" in output
    assert "app.py:1:1: PRT900 Cannot be read: not a regular file" in output


def test_a_file_that_becomes_a_pipe_after_it_was_looked_at_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.py"
    path.write_text(PRINT)
    status = os.stat(path)
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr(os, "stat", lambda _: status)
    with pytest.raises(OSError, match="not a regular file"):
        disk.read_regular(str(path), 100)


def test_a_file_that_grows_while_it_is_read_is_read_to_its_end_or_to_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"a" * 10)
    read = os.read

    def growing(descriptor: int, size: int) -> bytes:
        data = read(descriptor, size)
        with path.open("ab") as file:
            file.write(b"b" * 10 if path.stat().st_size < 35 else b"")
        return data

    monkeypatch.setattr(os, "read", growing)
    assert len(disk.read_regular(str(path), 100)) == 40
    path.write_bytes(b"a" * 10)
    with pytest.raises(disk.TooLarge):
        disk.read_regular(str(path), 20)


def test_a_source_above_the_limit_is_named_and_not_read(tmp_path: Path) -> None:
    with (tmp_path / "large.py").open("wb") as file:
        file.truncate(disk.SOURCE_LIMIT + 1)
    (tmp_path / "small.py").write_text(PRINT)
    output = checked(tmp_path)
    assert "large.py:1:1: PRT900 Cannot be read: larger than 10 MB" in output
    assert f"small.py:1:1{FOUND}" in output


# Names


def test_names_that_are_no_utf8_cost_no_other_file_its_findings(tmp_path: Path) -> None:
    folder = os.path.join(os.fsencode(tmp_path), b"p\xfe")
    os.mkdir(folder)
    for name in (b"__init__.py", b"odd\xff.py"):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(PRINT.encode())
    (tmp_path / "good.py").write_text(f"import logging\nlogger = logging.getLogger(__name__)\n{PRINT}")
    for style in FORMATS:
        done = run(tmp_path, "check", "--no-cache", "--output-format", style)
        assert done.returncode == 1
        assert b"good.py" in done.stdout
        done.stdout.decode("utf-8", "strict")
    assert f"good.py:3:1{FOUND}" in checked(tmp_path)
    assert f"p\\xfe/odd\\xff.py:1:1{FOUND}" in checked(tmp_path)
    done = run(tmp_path, "fix", "--no-setup")
    assert done.returncode == 1  # nobody hears the messages without a set-up
    assert "print(" not in (tmp_path / "good.py").read_text()


def test_a_terminal_that_has_few_characters_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "✓.py").write_text(PRINT, encoding="utf-8")
    done = run(tmp_path, "check", "--no-cache", PYTHONIOENCODING="latin-1")
    assert done.returncode == 1
    assert b"\\u2713.py:1:1" in done.stdout


def test_a_folder_may_be_called_like_a_file(tmp_path: Path) -> None:
    for name in ("x.py", "pyproject.toml", "setup.cfg", "setup.py", ".gitignore", "__init__.py", "logging.json"):
        (tmp_path / name).mkdir()
    (tmp_path / "x.py" / "a.py").write_text(PRINT)
    assert f"x.py/a.py:1:1{FOUND}" in checked(tmp_path)


@pytest.mark.parametrize("part", ["d", "d" * 30])
def test_deep_folders_are_walked_as_far_as_the_system_has_names_for_them(tmp_path: Path, part: str) -> None:
    (tmp_path / "a.py").write_text(PRINT)
    here = os.open(tmp_path, os.O_RDONLY)
    for depth in range(1200):
        os.mkdir(part, dir_fd=here)
        below = os.open(part, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
        if depth % 100 == 99:
            for name in ("b.py", "__init__.py"):
                with open(os.open(name, os.O_WRONLY | os.O_CREAT, dir_fd=here), "w", encoding="utf-8") as file:
                    file.write(PRINT)
    os.close(here)
    output = checked(tmp_path)
    assert f"a.py:1:1{FOUND}" in output
    assert output.count(f"b.py:1:1{FOUND}") == (12 if part == "d" else 1)
    assert ("skipped: File name too long" in output) == (part != "d")
    subprocess.run(["rm", "-rf", str(tmp_path)], check=True)


def test_a_name_longer_than_any_is_no_file(tmp_path: Path) -> None:
    done = run(tmp_path, "check", "x" * 5000)
    assert (done.returncode, b"no such file" in done.stderr) == (2, True)


def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text(PRINT)
    (tmp_path / "closed").mkdir()
    entries = disk.entries

    def listed(folder: str) -> list[os.DirEntry[str]]:
        if folder.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return entries(folder)

    monkeypatch.setattr(disk, "entries", listed)
    from printlint.reading.discovery import find_files

    notices.take()
    assert list(find_files([tmp_path], lambda _: False)) == [str(tmp_path / "a.py")]
    assert notices.take() == [f"warning: {tmp_path / 'closed'}: skipped: Permission denied"]


def test_files_that_vanish_between_listing_and_reading_cost_no_other_its_findings(
    inside: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(PRINT)
    read = disk.read_regular

    def vanishing(path: str, limit: int) -> bytes:
        if path.endswith("a.py"):
            (tmp_path / "b.py").unlink(missing_ok=True)
        return read(path, limit)

    monkeypatch.setattr(disk, "read_regular", vanishing)
    done = inside("check", "--no-cache", "--isolated")
    assert f"a.py:1:1{FOUND}" in done.stdout
    assert "b.py:1:1: PRT900 Cannot be read: No such file or directory" in done.stdout


# Sources


@pytest.mark.parametrize("encoding", ["rot13", "zlib", "hex", "undefined", "idna", "punycode"])
def test_what_is_no_encoding_of_text_is_none_of_a_source(encoding: str) -> None:
    with pytest.raises(Unreadable, match=f"{encoding}` is not an encoding of source code"):
        Source.decode("x.py", f"# coding: {encoding}\n{PRINT}".encode())


@pytest.mark.parametrize("encoding", ["cp1252", "shift_jis", "iso2022_jp", "latin-1", "utf-7", "unicode_escape"])
def test_what_python_reads_is_one(encoding: str) -> None:
    assert Source.decode("x.py", f"# coding: {encoding}\n{PRINT}".encode()).text.endswith(PRINT)


DEEP = {
    "hexadecimal": "print(0x" + "f" * 50_000 + ")",
    "brackets": "x = " + "(" * 100_000 + ")" * 100_000,
    "unclosed": "x = " + "[" * 100_000,
    "sum": "x = " + "+".join(["1"] * 50_000),
    "not": "x = " + "not " * 50_000 + "1",
    "minus": "x = " + "-" * 100_000 + "1",
    "lambda": "x = " + "lambda:" * 50_000 + "1",
    "attributes": "x = a" + ".a" * 50_000,
    "calls": "x = a" + "()" * 50_000,
    "text": "x = " + "'a' " * 50_000,
    "import": "import " + "a." * 50_000 + "a",
    "relative": "from " + "." * 50_000 + " import a",
    "blocks": "".join(" " * depth + "if x:\n" for depth in range(2000)),
    "elif": "if x:\n  pass\n" + "elif x:\n  pass\n" * 20_000,
    "decorators": "@x\n" * 50_000 + "def f(): pass",
    "formatted": "x = " + "f'{" * 1000 + "}'" * 1000,
    "backslashes": "x = 1" + "\\\n" * 50_000 + "\n",
    "quotes": "'" * 100_001,
    "number": "x = " + "1" * 100_000,
    "comparison": "x = " + "a < " * 50_000 + "a",
    "with": "with " + "a as b, " * 50_000 + "a: pass",
    "noqa": "x = 1  # noqa" + ":A1," * 50_000,
    "comment": "#" * 100_000,
}


def test_sources_that_are_nested_or_long_cost_no_other_file_anything(tmp_path: Path) -> None:
    for name, text in DEEP.items():
        (tmp_path / f"{name}.py").write_text(f"{PRINT}import logging\nlogging.info('x')\n{text}\n{PRINT}")
    (tmp_path / "good.py").write_text(PRINT)
    output = checked(tmp_path, "-v")
    assert f"good.py:1:1{FOUND}" in output
    assert all(f"{name}.py:" in output for name in DEEP)
    done = run(tmp_path, "fix", "--no-setup")
    assert (done.returncode, b"internal error" in done.stderr) == (1, False)
    assert "print(" not in (tmp_path / "good.py").read_text()


# Output


def test_what_cannot_be_printed_is_escaped_as_python_escapes_it() -> None:
    assert printable("a\x1b\n\x9b\u202e\udcff") == r"a\x1b\n\x9b\u202e\xff"
    assert printable("größe ✓ 日本") == "größe ✓ 日本"
    assert json.loads(as_json(["a\x1b\n\x9b\u202e"])) == ["a\x1b\n\x9b\u202e"]
    assert json.loads(as_json(["\udcff", "\ud800"])) == ["\\xff", "\\ud800"]


def evil_report() -> Report:
    finding = Finding("PRT101", "print-call", f"{EVIL}.py", Position(1, 1), Position(1, 2), f"message {EVIL}")
    return Report.of(1, [Reported(finding, refused=f"refused {EVIL}")], lambda _: False)


@pytest.mark.parametrize("style", FORMATS)
@pytest.mark.parametrize("verbose", [False, True])
def test_no_format_lets_data_act(style: str, verbose: bool) -> None:
    text = render(evil_report(), style, Look(verbose))
    text.encode("utf-8", "strict")
    assert text.replace("\n", "").isprintable()
    assert "##[" not in text
    assert text.count("##vso[") == (style == "azure")
    lines = text.split("\n")[:-1]
    assert len(text.splitlines()) == len(lines)
    if style in ("json", "json-lines", "gitlab", "sarif"):
        json.loads(text)
    elif style == "junit":
        (case,) = ElementTree.fromstring(text).iter("testcase")
        assert case.get("file") == printable(f"{EVIL}.py")
    elif style == "azure":
        assert len(lines) == 1
        assert lines[0].split("]")[0].endswith(";code=PRT101")
    elif style == "github":
        assert len(lines) == 1
        assert lines[0].startswith("::warning file=")
        assert lines[0].split("::")[1].endswith("title=PRT101")
        assert "%0A" not in lines[0].replace("%250A", "")
    else:
        assert len(lines) == (1 if not verbose and style == "concise" else 2)


def test_a_name_cannot_be_a_command_of_the_runner_in_text(tmp_path: Path) -> None:
    (tmp_path / "::error ::x.py").write_text(PRINT)
    (tmp_path / " ::error ::y.py").write_text(PRINT)
    done = run(tmp_path, "check", "--no-cache")
    assert not any(line.lstrip().startswith(b"::") for line in done.stdout.splitlines())
    assert done.stdout.count(b"PRT101") == 2


@pytest.mark.system
def test_names_and_texts_cannot_act_through_any_command(tmp_path: Path) -> None:
    name = EVIL.replace("/", "") + ".py"
    (tmp_path / name).write_text(f"def \x1b[31m(:\n{PRINT}")
    (tmp_path / "a\x1b[2J\n::error::.py").write_text(f"async def f():\n    {PRINT}# \x1b[2J\n")
    (tmp_path / "pyproject.toml").write_text('[tool.printlint]\nbaseline = "x\\u001b[2J\\n::error::"\n')
    for arguments in (
        ["check", "--no-cache", "-v"],
        ["check", "--isolated", "--no-cache", "-v", "--statistics"],
        ["check", "--no-cache", "--write-baseline"],
        ["check", "--no-cache", "no\x1b[2J\nsuch"],
        ["check", "--select", "PRT\x1b[2J"],
        ["explain", "PRT\x1b[2J"],
        ["init"],
        ["fix", "-v", "--isolated", "--no-setup"],
    ):
        done = run(tmp_path, *arguments)
        output = done.stdout.decode() + done.stderr.decode()
        assert output.replace("\n", "").replace("\t", "").isprintable(), arguments
        assert not any(line.lstrip().startswith("::") for line in output.splitlines()), arguments
        assert INTERNAL_ERROR not in output


NAMES = ["a b.py", 'a"b.py', "a\\b.py", "a\tb.py", "\x1b[2J.py", "é.py", "\udcff.py", "a\u2028b.py", " a.py"]


@pytest.mark.system
@pytest.mark.parametrize(("tool", "more"), [("git apply", ["a\nb.py"]), ("patch -p1", [])])
def test_a_diff_in_a_pipe_is_the_files_own_bytes_and_can_be_applied(tmp_path: Path, tool: str, more: list[str]) -> None:
    before = b"# coding: latin-1\r\ndef f():\n    print('\xe9')\n# \xe9\x1b[2J\x0c\n"
    paths = [tmp_path / name for name in NAMES + more]
    for path in paths:
        path.write_bytes(before)
    diff = run(tmp_path, "fix", "--diff", "--no-setup", "--isolated").stdout
    assert not any(b"\x1b" in line for line in diff.splitlines() if line.startswith((b"--- ", b"+++ ")))
    run(tmp_path, "fix", "--no-setup", "--isolated")
    after = [path.read_bytes() for path in paths]
    assert before not in after
    for path in paths:
        path.write_bytes(before)
    subprocess.run(tool.split(), cwd=tmp_path, input=diff, check=True, capture_output=True)
    assert [path.read_bytes() for path in paths] == after


def test_a_diff_on_a_terminal_acts_on_nothing(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    (tmp_path / "a.py").write_text("def f():\n    print('x')  # \x1b[2J \x07\n    # \x9b2J\n", encoding="utf-8")
    output = b""
    main, other = pty.openpty()

    def read() -> None:
        nonlocal output
        try:
            while chunk := os.read(main, 10_000):
                output += chunk
        except OSError:
            pass

    reader = threading.Thread(target=read)
    reader.start()
    command = [sys.executable, "-m", "printlint", "fix", "--diff", "--no-setup", "--isolated", "-q"]
    subprocess.run(command, cwd=tmp_path, env=clean_environment(NO_COLOR="1"), stdout=other, stderr=other, check=False)
    os.close(other)
    reader.join(60)
    os.close(main)
    assert b"\\x1b[2J \\x07" in output
    assert b"\\x9b2J" in output
    assert output.replace(b"\r\n", b"").replace(b"\t", b"").decode().isprintable()


def test_what_flake8_is_given_is_printable() -> None:
    from printlint.flake8_plugin import Plugin

    source = 'import logging\nlogging.getLogger(__name__).info("%s \\x1b[2J %d", 1)\n'
    import ast

    for _, _, text, _ in Plugin(ast.parse(source), source.splitlines(keepends=True)).run():
        assert text.isprintable()


def test_linting_bytes_never_raises_for_what_they_hold() -> None:
    for data in (b"\0", b"\xff", b"# coding: rot13\n", b"# coding: nosuch\n", b"\xef\xbb\xbf# coding: latin-1\n"):
        assert lint_bytes("x.py", data, Config()).findings[0].code == "PRT900"
