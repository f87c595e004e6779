"""The findings of each file of a folder, kept, and all that they depend on: the basis of checking changed files alone.

What a file's findings owe to which other file is not tracked. Whatever a run has asked of any file but by checking it
may matter to all findings: that a file holds some words, what a function found in it, or all its bytes. As long as
every such answer is the same, the findings of files that have not changed are, too. Where one is not, where a file or a
folder has come or gone, or where something cannot be compared, nothing of it is used.

One file for each folder, kept and signed as outcomes are. Its values are read by `marshal`, only if they are signed.
"""

from __future__ import annotations

import importlib
import marshal
import os
from collections.abc import Callable
from typing import Any, NamedTuple

from printlint.cache.dependencies import Seen, Signature, digest, digest_of_file, listing_digest, signature
from printlint.cache.outcomes import identity, keep, kept

_NAME = "findings.files"
_MOST_CHANGED = 200

# Files by their names, as the user wrote them, with the settings that they were checked with.
Checked = tuple[str, str]


class State(NamedTuple):
    """What a run has left: what it has seen, with the folders that it listed, and the findings as plain values."""

    seen: Seen
    folders: dict[str, tuple[Signature, bytes]]
    findings: dict[Checked, tuple[Any, ...]]


def load(arguments: list[str]) -> State | None:
    """The state that the last run in this folder has left, whether or not it is still right."""
    data = kept(identity(), arguments, _NAME)
    if data is None:
        return None
    try:
        parts, folders, findings = marshal.loads(data)
        seen = Seen()
        for own, part in zip(seen.parts(), parts, strict=True):
            own.update(part)
        seen.signatures.update((path, noted) for path, (noted, _) in folders.items())
    except (EOFError, ValueError, TypeError):  # signed, but by a printlint with another format
        return None
    return State(seen, folders, findings)


def save(arguments: list[str], state: State) -> None:
    """Keep a state for the next run. Does nothing where that is not possible, or where a folder is changing."""
    folders = _folders(state)
    if folders is None:
        return
    seen = state.seen
    signatures = {path: found for path, found in seen.signatures.items() if path not in folders}
    try:
        _, _, _, files, paths = seen.dump()
        parts = signatures, seen.contents, seen.listings, files, paths, seen.whole, seen.answers, seen.holders
        keep(identity(), arguments, _NAME, marshal.dumps((parts, folders, state.findings)))
    except (OSError, ValueError):
        return


def _folders(state: State) -> dict[str, tuple[Signature, bytes]] | None:
    """The folders that were listed, as they are, if that is what was seen."""
    folders = {}
    for path, seen in state.seen.listings.items():
        noted = state.seen.signatures[path]
        known = state.folders.get(path)
        if seen is None and known is not None and known[0] == noted:
            folders[path] = known
            continue
        try:
            names, listed = _listed(path)
        except OSError:
            return None
        if signature(path) != noted or seen not in (None, listing_digest(names)):
            return None
        folders[path] = noted, listed
    return folders


def _listed(path: str) -> tuple[list[str], bytes]:
    """The names in a folder, and a digest of them with what they are; but for what Python itself keeps there."""
    with os.scandir(path) as entries:
        found = [(entry.name, entry.is_dir(follow_symlinks=False), entry.is_symlink()) for entry in entries]
    lines = sorted(f"{name}\0{folder:d}{link:d}" for name, folder, link in found if name != "__pycache__")
    return [name for name, _, _ in found], digest("\n".join(lines).encode("utf-8", "surrogateescape"))


def changed(state: State, read: Callable[[str], bytes]) -> frozenset[str] | None:
    """The files that have changed since, and that no findings but their own depend on; None where more has changed."""
    if not (_are_as_listed(state) and _are_there(state.seen)):
        return None
    files = _changed_files(state.seen)
    try:
        return files if files is not None and _say_the_same(files, state.seen, read) else None
    except (OSError, ImportError, AttributeError):
        return None


def _changed_files(seen: Seen) -> frozenset[str] | None:
    found: set[str] = set()
    for path, noted in seen.signatures.items():
        if path in seen.listings or path in seen.contents:
            continue
        if (now := signature(path)) != noted:
            if now[0] == -1 or noted[0] == -1 or len(found) >= _MOST_CHANGED:
                return None
            found.add(path)
    for path, noted_digest in seen.contents.items():
        if (now_digest := digest_of_file(path)) is None or len(found) > _MOST_CHANGED:
            return None
        if now_digest != noted_digest:
            found.add(path)
    return frozenset(found)


def _are_as_listed(state: State) -> bool:
    for path, (noted, listed) in state.folders.items():
        if state.seen.listings.get(path) is None and signature(path) == noted:
            continue
        try:
            if _listed(path)[1] != listed:
                return False
        except OSError:
            return False
    return True


def _are_there(seen: Seen) -> bool:
    return all(os.path.isfile(path) is there for path, there in seen.files.items()) and all(
        os.path.exists(path) is there for path, there in seen.paths.items()
    )


def _say_the_same(files: frozenset[str], seen: Seen, read: Callable[[str], bytes]) -> bool:
    """Whether all that was asked of files for others has the same answer."""
    if any(path in seen.whole for path in files):
        return False
    texts = {path: read(path) for path in files}
    for ((module, name, given), path), answer in seen.answers.items():
        if path in files and getattr(importlib.import_module(module), name)(texts[path], *given) != answer:
            return False
    searched: dict[int, frozenset[str]] = {}  # many searches go through the same files
    for (words, _), (names, holders) in seen.holders.items():
        among = searched.setdefault(id(names), files.intersection(names))
        for path in among:
            if any(word in texts[path] for word in words) is not (path in holders):
                return False
    return True
