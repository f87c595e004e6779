"""What stood in another revision of a git repository: the files, and the findings in them."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

# What facts are read from: sources, project files, logging configurations.
_READ = (".py", ".pyi", ".toml", ".cfg", ".ini", ".txt", ".json", ".yaml", ".yml", ".conf", "Pipfile", ".gitignore")


class RevisionError(Exception):
    """A revision that cannot be looked at; the message says why."""


@contextmanager
def checked_out(revision: str, folder: Path) -> Iterator[Path]:
    """A temporary copy of what the current branch started from: the last commit that it shares with `revision`.

    Gives the copy of the repository's top folder; nothing of the repository is touched. Raises `RevisionError`.
    """
    top = Path(_git(folder, "rev-parse", "--show-toplevel"))
    if revision.startswith("-"):
        raise RevisionError(f"{revision!r} is no revision")
    base = _git(top, "merge-base", "--", revision, "HEAD")
    with tempfile.TemporaryDirectory(prefix="printlint-") as temporary:
        copy = Path(temporary) / "copy"
        (copy / ".git").mkdir(parents=True)  # the mark of a project's root, as in the repository
        index = {"GIT_INDEX_FILE": str(Path(temporary) / "index")}
        _git(top, "read-tree", base, environment=index)
        names = _git(top, "ls-tree", "-r", "-z", "--name-only", "--full-tree", base).split("\0")
        wanted = "\0".join(name for name in names if name.endswith(_READ))
        if wanted:
            _git(top, "checkout-index", "-q", "-z", "--stdin", f"--prefix={copy}/", environment=index, text=wanted)
        yield copy


def top_folder(folder: Path) -> Path:
    """The top folder of the repository that a folder is in. Raises `RevisionError`."""
    return Path(_git(folder, "rev-parse", "--show-toplevel"))


def _git(folder: Path, *arguments: str, environment: dict[str, str] | None = None, text: str = "") -> str:
    command: Sequence[str] = ("git", "-C", str(folder), *arguments)
    try:
        done = subprocess.run(
            command, input=text, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise RevisionError("git is not installed, or not on the PATH") from None
    if done.returncode:
        reason = done.stderr.strip() or f"it exited with {done.returncode}"
        raise RevisionError(f"git {' '.join(arguments[:4])}: {reason}")
    return done.stdout.strip("\n")
