"""`.gitignore`, held against git itself."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from printlint.process import notices
from printlint.reading.discovery import find_files
from printlint.reading.gitignore import Gitignore, is_ignored, rules_of

PIECES = [
    *(b"a", b"b", b"ab", b"*", b"**", b"***", b"?", b"/", b"a/", b"x/", b"**/", b"/**", b"!", b"#", b" ", b"\t", b"\r"),
    *(b"\\", b"\\ ", b"[", b"]", b"[a-b]", b"[z-a]", b"[!a]", b"[^a]", b"[]a]", b"[a\\]]", b"[[:alpha:]]", b"[[:no:]]"),
    *(b"[[:", b":]", b"^", b"-", b"\0", b"\xc3\xa9", b"\xef\xbb\xbf"),
]
NAMES = [
    *(b"a", b"b", b"ab", b"a b", b"aab", b"a ", b" a", b"a\t", b"a\r", b"*", b"\\", b"a\\", b"[", b"]", b"[a", b"a]"),
    *(b"!", b"!a", b"#", b"#a", b"-", b"a-b", b"^", b"a:b", b"\xc3\xa9", b"\xff", b"x/b", b"a/b", b"a/a", b"a/b/a"),
    *(b"b/a/b/a", b"b/-", b"ab/ab", b"x/a/b", b"x/y/a/b", b"x/y/z/ab", b"a/\xc3\xa9"),
]
FOLDERS = {name[:index] for name in NAMES for index in range(len(name)) if name[index] == ord("/")}

Ignored = Callable[[bytes], list[bool]]


@pytest.fixture(scope="module", params=["files", "folders"])
def tree(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[bytes], bool]:
    """A repository in which the names are files, or folders."""
    top = tmp_path_factory.mktemp(request.param)
    subprocess.run(["git", "init", "-q", str(top)], check=True)
    subprocess.run(["git", "-C", str(top), "config", "core.excludesFile", os.devnull], check=True)
    folders = request.param == "folders"
    names = [name for name in NAMES if folders or name not in FOLDERS]
    for name in names:
        path = os.path.join(os.fsencode(top), name)
        os.makedirs(path if folders else os.path.dirname(path), exist_ok=True)
        if not folders:
            with open(path, "wb"):
                pass
    return os.fsencode(top), names, folders


def by_git(top: bytes, names: list[bytes], lines: bytes) -> list[bool]:
    with open(os.path.join(top, b".gitignore"), "wb") as file:
        file.write(lines)
    command = [b"git", b"-C", top, b"check-ignore", b"-z", b"-v", b"-n", b"--no-index", b"--stdin"]
    done = subprocess.run(command, input=b"\0".join(names) + b"\0", capture_output=True, check=False)
    fields = done.stdout.split(b"\0")[:-1]
    answers = list(zip(fields[::4], fields[2::4], fields[3::4], strict=True))
    assert [path for _, _, path in answers] == names
    return [source != b"" and not pattern.startswith(b"!") for source, pattern, _ in answers]


def by_us(top: bytes, names: list[bytes], lines: bytes, folders: bool) -> list[bool]:
    """As the walk asks: folder by folder, and nothing below one that is left out."""
    rules = (Gitignore(os.fsdecode(top), lines),)

    def asked(name: bytes) -> bool:
        above = [name[:index] for index in range(len(name)) if name[index] == ord("/")]
        paths = [os.fsdecode(os.path.join(top, folder)) + "/" for folder in above]
        own = os.fsdecode(os.path.join(top, name)) + ("/" if folders else "")
        return any(is_ignored(path, rules) for path in [*paths, own])

    return [asked(name) for name in names]


EXAMPLES = int(os.environ.get("PRINTLINT_EXAMPLES", "0"))


@pytest.mark.system
@settings(
    max_examples=EXAMPLES or 150,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(lines=st.lists(st.lists(st.sampled_from(PIECES), max_size=7).map(b"".join), max_size=4).map(b"\n".join))
def test_each_line_means_what_it_means_to_git(tree: tuple[bytes, list[bytes], bool], lines: bytes) -> None:
    top, names, folders = tree
    assert by_us(top, names, lines, folders) == by_git(top, names, lines)


@pytest.mark.system
@pytest.mark.parametrize(
    "line",
    [
        *(b"!", b"\\", b"a\\", b"[z-a]", b"[", b"a[", b"\0", b"a\0b", b"#a", b"\\#a", b"\\!a", b"/", b"//", b"a//"),
        *(b"a ", b"a\\ ", b"a\\\\ ", b"a\t", b"a\r", b"**", b"a**", b"/a**/b", b"**/b", b"a/**", b"a/**/b", b"x/**b"),
        *(b"*/b", b"x/*/b", b"/*", b"/*/", b"*\n!a", b"*\n!a/", b"a/\n!a/b", b"[^/]", b"[!a]", b"[a-", b"[[:alpha:]]"),
        *(b"\xef\xbb\xbfa", b"?", b"??", b"\\a", b"\\*", b"x\\/b", b"**\\/b", b"[]]", b"[]-a]", b"[\\]]"),
    ],
)
def test_odd_lines_mean_what_they_mean_to_git(tree: tuple[bytes, list[bytes], bool], line: bytes) -> None:
    test_each_line_means_what_it_means_to_git.hypothesis.inner_test(tree, line)  # type: ignore[attr-defined]


def test_a_pattern_is_matched_in_time_that_its_length_and_the_names_bound() -> None:
    name = "/" + "a/" * 1000 + "a" * 255
    for line in (b"*a" * 100 + b"b", b"**/a/" * 300 + b"b", b"/" + b"**/*a*a*a" * 30 + b"b", b"[!b]" * 250 + b"*b"):
        rules = (Gitignore("/", line),)
        started = time.process_time()
        assert not is_ignored(name, rules)
        assert time.process_time() - started < 5, "without an end where each star is tried anew"


def test_a_file_that_is_large_or_a_link_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()
    path = tmp_path / ".gitignore"
    path.write_bytes(b"a.py\n")
    assert list(find_files([tmp_path], lambda _: False)) == []
    path.write_bytes(b"a.py\n" + b"#" * 1_000_000)
    notices.take()
    assert list(find_files([tmp_path], lambda _: False)) == [str(tmp_path / "a.py")]
    assert notices.take() == [f"warning: {path}: larger than 1 MB; ignored"]
    path.write_bytes(b"a.py\n" * 10_002)
    assert rules_of(str(tmp_path)) == ()
    assert notices.take() == [f"warning: {path}: more than 10,000 lines; ignored"]
    path.unlink()
    (tmp_path / "other").write_bytes(b"a.py\n")
    path.symlink_to("other")
    assert list(find_files([tmp_path], lambda _: False)) == [str(tmp_path / "a.py")]
