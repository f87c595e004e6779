"""What another revision of a git repository holds: the files, and the findings in them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from printlint.history.git import GitError, answer, output

# What facts are read from: sources, project files, logging configurations.
_READ = (".py", ".pyi", ".toml", ".cfg", ".ini", ".txt", ".json", ".yaml", ".yml", ".conf", "Pipfile", ".gitignore")
# A few trees that hold one another can name more files than any disk has room for.
_MOST_LISTED_BYTES = 500_000_000
_MOST_COPIED_BYTES = 4_000_000_000
_LARGEST_FILE = 64_000_000
_REGULAR = (b"100644", b"100755")
_CHUNK = 1_000_000


class RevisionError(Exception):
    """A revision that cannot be looked at; the message says why."""


@contextmanager
def checked_out(revision: str, folder: Path) -> Iterator[Path]:
    """A temporary copy of what the current branch started from: the last commit that it shares with `revision`.

    Gives the copy of the repository's top folder; nothing of the repository is touched. The files are as git keeps
    them: no line ends are converted and no filters run. Links and submodules are left out. Raises `RevisionError`.
    """
    if revision.startswith("-"):
        raise RevisionError(f"{revision!r} is not a revision")
    with tempfile.TemporaryDirectory(prefix="printlint-") as temporary:
        copy = Path(temporary) / "copy"
        (copy / ".git").mkdir(parents=True)  # the mark of a project's root, as in the repository
        try:
            top = top_folder(folder)
            files = _listed(top, answer(top, "merge-base", "--", revision, "HEAD"))
            _write_copy(top, files, copy)
        except GitError as error:
            raise RevisionError(str(error)) from error
        except OSError as error:
            raise RevisionError(f"{revision} cannot be copied: {error.strerror or error}") from error
        yield copy


def top_folder(folder: Path) -> Path:
    """The top folder of the repository that a folder is in. Raises `RevisionError`."""
    try:
        return Path(answer(folder, "rev-parse", "--show-toplevel"))
    except GitError as error:
        raise RevisionError(str(error)) from error


def _listed(top: Path, commit: str) -> list[tuple[str, bytes]]:
    """The files of a commit that facts are read from: names with slashes, and the ids of what they hold."""
    found, rest = [], b""
    with output(top, "ls-tree", "-r", "-z", "--full-tree", commit) as stream:
        left = _MOST_LISTED_BYTES
        while chunk := stream.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise RevisionError(f"{commit} has too many files to check")
            *records, rest = (rest + chunk).split(b"\0")
            for record in records:
                mode, _, blob, path = record.replace(b"\t", b" ", 1).split(b" ", 3)
                name = os.fsdecode(path)
                if mode in _REGULAR and name.endswith(_READ) and _is_inside_copy(name):
                    found.append((name, blob))
    return found


def _is_inside_copy(name: str) -> bool:
    """Whether a name leads into the copy on every system, and not to where a repository keeps its own data."""
    parts = name.split("/")
    odd = os.sep != "/" and (os.sep in name or ":" in name)
    return not odd and not any(part in ("", ".", "..") or part.lower() == ".git" for part in parts)


def _write_copy(top: Path, files: list[tuple[str, bytes]], copy: Path) -> None:
    requests = b"".join(blob + b"\n" for _, blob in files)
    left = _MOST_COPIED_BYTES
    with output(top, "cat-file", "--batch", requests=requests) as stream:
        for name, _ in files:
            kind, size = _heading(stream)
            left -= size
            if left < 0:
                raise RevisionError("the revision is too large to copy")
            path = copy / name if size <= _LARGEST_FILE else Path(os.devnull)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                while size and (data := stream.read(min(size, _CHUNK))):
                    size -= file.write(data)
            if kind != b"blob" or size or stream.read(1) != b"\n":
                raise RevisionError(f"git could not read {name}")


def _heading(stream: IO[bytes]) -> tuple[bytes, int]:
    """What `cat-file --batch` says of an object: its kind and its size in bytes."""
    words = stream.readline().split()
    if words[1:] == [b"missing"]:
        raise RevisionError("this clone lacks files of the revision (a partial clone?); fetch them with git")
    return (words[1], int(words[2])) if len(words) == 3 else (b"", 0)
