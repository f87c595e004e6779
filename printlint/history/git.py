"""git, asked for what its objects hold: nothing that a repository configures runs, and nothing is fetched.

Only commands that read objects are used: they know no filters, text conversions, hooks, pagers or file system monitors.
What could still start a program is the download of an object that a partial clone has left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import IO

from printlint.process.safe_path import is_inside

_LIMIT_S = 300.0
_LONGEST_LINE = 65_536

# git runs these commands' lookups without an index, so no monitor and no hook has a part in them; this makes sure.
_OPTIONS = (
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "protocol.allow=never"),
    *("-c", "safe.bareRepository=explicit"),  # a folder that only looks like a repository was committed to one
)
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",  # above `protocol.*.allow` in the repository's own configuration
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
# The user's own settings. Other variables name another repository (a hook of git's has them), or make git write or run.
_KEPT = ("GIT_EXEC_PATH", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_CONFIG_")


class GitError(Exception):
    """What git could not do; the message says why."""


def answer(folder: Path, *arguments: str) -> str:
    """The one line that git answers with, asked in `folder`. Raises `GitError`."""
    with output(folder, *arguments) as stream:
        return os.fsdecode(stream.read(_LONGEST_LINE).removesuffix(b"\n"))


@contextmanager
def output(folder: Path, *arguments: str, requests: bytes = b"") -> Iterator[IO[bytes]]:
    """What git writes; it may be read as far as it is wanted. Raises `GitError`.

    `requests` is git's standard input. A git that takes longer than five minutes is ended.
    """
    with tempfile.TemporaryFile() as standard_input, tempfile.TemporaryFile() as errors:
        standard_input.write(requests)
        standard_input.seek(0)
        process = subprocess.Popen(
            [_executable(), "-C", str(folder), *_OPTIONS, *arguments],
            stdin=standard_input,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=_environment(),
        )
        assert process.stdout is not None
        timer = Timer(_LIMIT_S, process.kill)
        timer.start()
        try:
            yield process.stdout
            status = process.wait() if not process.stdout.read(1) else 0
        finally:
            timer.cancel()
            process.kill()
            process.stdout.close()
            process.wait()
        if status:
            errors.seek(0)
            said = errors.read(_LONGEST_LINE).decode("utf-8", "replace").strip()
            reason = said or ("it was killed, or took too long" if status < 0 else f"it exited with {status}")
            raise GitError(f"git {' '.join(arguments[:4])}: {reason}")


def _environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)}
    return {**own, **_ENVIRONMENT}


def _executable() -> str:
    """The path of git, which is never in the current folder, whatever the PATH says."""
    here = os.path.realpath(os.curdir)
    folders = [folder for folder in os.get_exec_path() if os.path.isabs(folder) and not is_inside(folder, here)]
    found = shutil.which("git", path=os.pathsep.join(folders)) if folders else None
    if found is None or not os.path.isabs(found):
        raise GitError("git is not installed, or not on the PATH")
    return found
