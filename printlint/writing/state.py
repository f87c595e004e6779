"""The user's state folder: what has to outlive a run, and the key that tells this user's own work from a stranger's.

Nothing in it may come from a repository, nor from another user of the machine. So a folder that somebody else could
have made, or could write to, is not used at all.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
import sys
from contextlib import suppress
from pathlib import Path

from printlint.run import once_a_run
from printlint.writing.boundary import lies_in
from printlint.writing.folder import Folder, lock, sync

_KEY, _KEY_BYTES = "key", 32


class NoState(Exception):
    """There is no state folder that can be used; the message says which was looked at, why not, and what to do."""


def state_folder(tree: Path | None = None, *, make: bool) -> Path | None:
    """The real path of the user's state folder, which does not lie in `tree`; None where none is there or made.

    Raises `NoState`.
    """
    wanted = _wanted()
    folder = Path(os.path.realpath(wanted.parent)) / wanted.name
    if tree is not None and lies_in(folder.parent, tree):
        raise NoState(
            f"the state folder {folder} is inside of {tree}, where anybody's commit could write to it; {_HINT}"
        )
    try:
        if not os.path.lexists(folder):
            if not make:
                return None
            _make(folder)
        status = os.lstat(folder)
        if problem := _problem(folder, status):
            raise NoState(f"the state folder {folder} {problem}; {_HINT}")
        if hasattr(os, "geteuid") and stat.S_IMODE(status.st_mode) != 0o700:
            os.chmod(folder, 0o700)  # nobody else could write to it, but perhaps read it
    except OSError as error:
        raise NoState(f"the state folder {folder} cannot be used ({error.strerror or error}); {_HINT}") from error
    return folder


def _make(folder: Path) -> None:
    """Make a folder and those above it, for the user alone whatever the umask. Raises OSError."""
    if not os.path.lexists(folder.parent):
        _make(folder.parent)
    with suppress(FileExistsError):
        os.mkdir(folder, 0o700)


_HINT = "name another place with LOCALAPPDATA" if os.name == "nt" else "name another place with XDG_STATE_HOME"


def _wanted() -> Path:
    """Where the system's customs have it (XDG base directory specification: a relative path does not count)."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
        return _absolute(base) / "printlint" / "state"
    xdg = os.environ.get("XDG_STATE_HOME", "")
    if os.path.isabs(xdg):
        return Path(xdg) / "printlint"
    if sys.platform == "darwin":
        return _absolute(os.path.expanduser("~/Library/Application Support")) / "printlint"
    return _absolute(os.path.expanduser("~/.local/state")) / "printlint"


def _absolute(base: str) -> Path:
    if not os.path.isabs(base):
        raise NoState(f"the user's home folder is not known; {_HINT}")
    return Path(base)


def _problem(folder: Path, status: os.stat_result) -> str | None:
    """Why what is at the folder's path cannot be trusted."""
    if not stat.S_ISDIR(status.st_mode):
        return "is a link" if stat.S_ISLNK(status.st_mode) else "is not a folder"
    if not hasattr(os, "geteuid"):  # Windows: the user's profile is the user's by its access list
        return None
    if status.st_uid != os.geteuid():
        return f"belongs to another user (uid {status.st_uid})"
    if status.st_mode & 0o022:
        return "can be written by other users"
    for above in folder.parents:
        mode = os.stat(above).st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            return f"can be replaced by other users, who may write to {above}"
    return None


def key(tree: Path | None = None) -> bytes:
    """The user's key, made at the first use. Raises `NoState`."""
    folder = state_folder(tree, make=True)
    assert folder is not None
    return _key(folder)


@once_a_run(most=4)
def _key(path: Path) -> bytes:
    with Folder(path) as folder:
        try:
            return _read_key(folder) or _make_key(folder)
        except OSError as error:
            raise NoState(f"the key {path / _KEY} cannot be used ({error.strerror or error})") from error


def _read_key(folder: Folder) -> bytes | None:
    status = folder.status(_KEY)
    if status is None:
        return None
    data = folder.read(_KEY)
    if hasattr(os, "geteuid") and (status.st_uid != os.geteuid() or status.st_mode & 0o077 or status.st_nlink != 1):
        raise OSError(f"others may know it; remove {folder.path}")
    if data is None or len(data) != _KEY_BYTES:
        raise OSError(f"it is damaged; remove {folder.path}")
    return data


def _make_key(folder: Folder) -> bytes:
    """Make the key, once, though two runs may come here at the same time."""
    guard = folder.open("key.lock", os.O_RDWR | os.O_CREAT)
    try:
        lock(guard, wait=True)
        if (known := _read_key(folder)) is not None:
            return known
        new = secrets.token_bytes(_KEY_BYTES)
        write_down(folder, _KEY, new)
        return new
    finally:
        os.close(guard)


def write_down(folder: Folder, name: str, data: bytes) -> None:
    """Write a file of the state folder whole or not at all, for this user's eyes only. Raises OSError."""
    temporary = f"{name}.new"
    write_through(folder, temporary, data)
    folder.replace(temporary, name)
    folder.sync()


def write_through(folder: Folder, name: str, data: bytes) -> None:
    """Write a file of the state folder and bring its bytes to disk. Raises OSError."""
    descriptor = folder.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    with open(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        sync(descriptor)


def signature(secret: bytes, purpose: str, data: bytes) -> str:
    """What only who has the key can say of data, in hexadecimal digits; `purpose` keeps one use apart from others."""
    return hmac.new(secret, purpose.encode() + b"\0" + data, hashlib.sha256).hexdigest()
