"""Putting back what a trial has changed: what this user's own run wrote in the tree, as long as it is still that.

A tree may be somebody else's by now (another checkout at the same path), so each file is looked at anew: it is reached
through no link, is a regular file, and holds what the run wrote there. Old text that cannot go back is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath

from printlint.writing.folder import Folder, sync
from printlint.writing.state import signature, write_down
from printlint.writing.write import NotWritten, remove_litter, replace_in

MANIFEST = "manifest"
_PURPOSE = "journal"
_BESIDE_AT_MOST = 100


class NotAuthentic(Exception):
    """A manifest that this user's runs did not write for this tree."""


@dataclass(frozen=True)
class Entry:
    """A file on trial. `path` is relative to the tree; `kept_as` is the file with the old bytes.

    `kept_as` and `old_digest` are None where there was no file; `modified_ns` is the old modification time; `names` is
    how many names (hard links) the file has.
    """

    path: str
    kept_as: str | None
    old_digest: str | None
    new_digest: str
    modified_ns: int | None
    names: int

    @classmethod
    def of(cls, tree: Path, path: Path, number: int, old: bytes | None, new: bytes) -> Entry:
        """The entry of a file of the tree that is about to be changed. Raises OSError and `NotWritten`."""
        real = Path(os.path.realpath(path))
        if not real.is_relative_to(tree):
            raise NotWritten(outside(path, tree))
        below = os.fspath(real.relative_to(tree))
        if old is None:
            return cls(below, None, None, digest(new), None, 1)
        status = real.stat()
        return cls(below, str(number), digest(old), digest(new), status.st_mtime_ns, status.st_nlink)


@dataclass(frozen=True)
class Restored:
    """What became of a file: one sentence, and whether it is as it was before the trial."""

    sentence: str
    is_as_before: bool


def outside(path: Path, tree: Path) -> str:
    """Why a file cannot be on trial."""
    return f"{path}: --verify can put back only what is in {tree}; run it from a folder that holds all of the files"


def write_manifest(folder: Folder, tree: Path, entries: Sequence[Entry], secret: bytes) -> None:
    """Say what is to be put back, in one step. Raises OSError."""
    body = json.dumps({"tree": os.fspath(tree), "files": [asdict(entry) for entry in entries]}).encode()
    write_down(folder, MANIFEST, f"{signature(secret, _PURPOSE, body)}\n".encode() + body)


def read_manifest(data: bytes, tree: Path, secret: bytes) -> list[Entry]:
    """What is to be put back. Nothing of it is read before it is known to be this user's. Raises `NotAuthentic`."""
    mark, _, body = data.partition(b"\n")
    if not hmac.compare_digest(mark, signature(secret, _PURPOSE, body).encode()):
        raise NotAuthentic("it was not written by a run of this user")
    try:
        document = json.loads(body)
        entries = [Entry(**item) for item in document["files"]]
        owner = document["tree"]
    except (ValueError, TypeError, KeyError):
        raise NotAuthentic("another version of printlint wrote it") from None
    if owner != os.fspath(tree):
        raise NotAuthentic(f"it is for {owner}")
    return entries


def roll_back(folder: Folder, tree: Path, secret: bytes) -> list[Restored]:
    """Put back every file that still is as the trial left it; what was looked at, file by file. Raises OSError."""
    data = folder.read(MANIFEST)
    if data is None:
        return []
    try:
        entries = read_manifest(data, tree, secret)
    except NotAuthentic as error:
        return [Restored(f"{folder.path / MANIFEST} was ignored, since {error}; it is in {_keep(folder)} now", False)]
    done = [restored for entry in entries if (restored := _restore(folder, tree, entry)) is not None]
    for parts in {PurePath(entry.path).parent.parts for entry in entries}:
        with suppress(OSError), Folder.below(tree, parts) as parent:
            remove_litter(parent, wait=True)
    folder.remove(MANIFEST)
    return done


def put_back(folder: Folder, name: str, current: bytes, old: bytes | None, modified_ns: int | None) -> None:
    """Give a file its old bytes and its old modification time, or take it away. Raises `NotWritten` and OSError."""
    if old is None:
        if folder.read(name) == current:
            folder.remove(name)
        return
    replace_in(folder, name, current, old)
    if modified_ns is not None:
        _set_modification_time(folder, name, modified_ns)


def digest(data: bytes) -> str:
    """What contents are compared by."""
    return hashlib.sha256(data).hexdigest()


def _set_modification_time(folder: Folder, name: str, modified_ns: int) -> None:
    if os.utime in os.supports_fd:
        descriptor = folder.open_present(name)
        try:
            os.utime(descriptor, ns=(os.fstat(descriptor).st_atime_ns, modified_ns))
        finally:
            os.close(descriptor)
    else:
        os.utime(folder.path / name, ns=(modified_ns, modified_ns))


def _restore(kept: Folder, tree: Path, entry: Entry) -> Restored | None:
    """None where nothing was to be done."""
    path, old = tree / entry.path, None
    try:
        if entry.kept_as is not None:
            old = kept.read(entry.kept_as)
            if old is None or digest(old) != entry.old_digest:
                return Restored(f"{path}: not put back (its old text is damaged)", False)
        with Folder.below(tree, PurePath(entry.path).parent.parts) as folder:
            return _restore_in(folder, path, entry, old)
    except FileNotFoundError:
        return None
    except (NotWritten, OSError) as error:
        reason = str(error) if isinstance(error, NotWritten) else f"{path}: not put back ({error.strerror})"
        return Restored(reason + _kept(kept, entry), False)


def _restore_in(folder: Folder, path: Path, entry: Entry, old: bytes | None) -> Restored | None:
    current, status = folder.read(path.name), folder.status(path.name)
    if current is None or status is None or current == old:
        return None
    if digest(current) != entry.new_digest:
        return Restored(_left_alone(folder, path, old), False)
    if status.st_nlink > max(entry.names, 1):
        raise OSError(0, "it has further hard links, which may be files elsewhere")
    put_back(folder, path.name, current, old, entry.modified_ns)
    return Restored(f"{path}: put back", True)


def _left_alone(folder: Folder, path: Path, old: bytes | None) -> str:
    """Leave a file that somebody else has edited, with its old text beside it."""
    left = f"{path}: left unchanged, since it was edited meanwhile"
    if old is None:
        return left
    mode = 0o600 if (status := folder.status(path.name)) is None else status.st_mode & 0o666
    for number in range(_BESIDE_AT_MOST):
        beside = f"{path.name}.orig{number or ''}"
        with suppress(FileExistsError):  # whatever is there, a link among it, is not ours
            descriptor = folder.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            with open(descriptor, "wb") as file:
                file.write(old)
                file.flush()
                sync(descriptor)
            return f"{left}; its old text is in {beside}"
    raise OSError(0, "it was edited meanwhile, and there are too many files beside it that end in .orig")


def _kept(folder: Folder, entry: Entry) -> str:
    """Keep old text that cannot go back, where no later run takes it away; says where."""
    if entry.kept_as is None:
        return ""
    try:
        return f"; its old text is in {_keep(folder, entry.kept_as)}"
    except OSError as error:
        return f"; its old text is lost ({error.strerror})"


def _keep(folder: Folder, *names: str) -> Path:
    """Move files (or all) out of a journal. Raises OSError."""
    kept = folder.path.parent.parent / "kept" / f"{folder.path.name[:8]}-{secrets.token_hex(4)}"
    kept.mkdir(0o700, parents=True)
    for name in names or [name for name in folder.names() if name != "lock"]:
        os.rename(folder.path / name, kept / name)
    return kept
