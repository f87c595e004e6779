"""The cache of `check`: the output of a run, written again as long as nothing that the run has seen changes.

One file for each run, by its folder and its arguments, in the user's cache folder (or
`PRINTLINT_CACHE_DIR`); the last few of each folder are kept. Imports only built-in modules, like `dependencies.py`.

A file is used only if it is signed with the user's key. Neither a repository nor an environment variable decides where
the key is, so the cache itself may be anywhere: in a folder that everybody can write to, or in a repository that
contains a forged one. Files that cannot be read, are damaged, or are from another printlint or Python are ignored.
"""

from __future__ import annotations

import gc
import os
import stat
import sys

from printlint import __version__
from printlint.cache.dependencies import DIGEST_BYTES, Seen, blake2b, digest, is_current, read_regular, signature

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

_MAGIC = b"printlint cache 2\n"
_SUFFIX = ".cache"
_RUNS = 8
_LARGEST = 64_000_000
_KEY_BYTES = _SIGNATURE_BYTES = 32


# Standard output, standard error and exit status of a run.
Outcome = tuple[str, str, int]


def known_outcome(arguments: list[str]) -> Outcome | None:
    """The outcome of a run with the same arguments in this folder, if nothing has changed since."""
    if "--no-cache" in arguments:
        return None
    run = _run(arguments)
    signed = kept(run, arguments, _name(run))
    if signed is None:
        return None
    gc.disable()  # thousands of small objects follow, all of them alive: collecting would only cost time
    try:
        seen, outcome = _unpacked(signed)
        if any(seen) and is_current(seen):
            return outcome
    except (ValueError, TypeError, IndexError):  # signed, but by a printlint with another format
        pass
    gc.enable()
    return None


def store(arguments: list[str], seen: Seen, outcome: Outcome) -> None:
    """Store an outcome. Does nothing if it cannot be written, or if the run has seen no files."""
    if not seen.signatures:
        return
    run = _run(arguments)
    try:
        keep(run, arguments, _name(run), _packed(seen.dump(), outcome))
    except (OSError, ValueError, OverflowError):  # ValueError: a tested name that no file can have (NUL)
        return


def kept(run: bytes, arguments: list[str], name: str) -> bytes | None:
    """What was kept of a run under a name, if it was this user's printlint that did; see `_key` for `arguments`."""
    try:
        data = read_regular(os.path.join(_folder(), name), _LARGEST)
    except OSError:
        return None
    key = _key(arguments)
    signed = data[len(_MAGIC) + _SIGNATURE_BYTES :]
    return signed if key is not None and data.startswith(_MAGIC + _signature(key, run, signed)) else None


def keep(run: bytes, arguments: list[str], name: str, packed: bytes) -> None:
    """Keep something of a run under a name. Raises OSError."""
    folder = _folder()
    os.makedirs(folder, 0o700, exist_ok=True)
    key = _key(arguments) or _new_key(arguments)
    if key is not None and len(packed) < _LARGEST and _is_own_folder(folder):
        _write(os.path.join(folder, name), _MAGIC + _signature(key, run, packed) + packed)
        _remove_oldest(folder)


# The identity of a run: everything that its outcome depends on except files.


def _run(arguments: list[str]) -> bytes:
    return identity(arguments, _terminal())


def identity(*more: object) -> bytes:
    """Whose run it is, in which folder, by which code, with whatever else it depends on except files."""
    return _encoded(repr((__version__, _code(), sys.version, sys.byteorder, os.getcwd(), *more)))


def _terminal() -> tuple[object, ...]:
    """What colour, width and form of the output depend on."""
    asked = (os.environ.get(name, "") for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TERM", "COLUMNS"))
    try:
        width = os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else 0
    except (OSError, ValueError):  # `isatty` is true, but there is no terminal to ask
        width = 0
    return sys.stdout.isatty(), width, *asked


def _code() -> tuple[object, ...]:
    """The state of printlint's own code, if it is an editable install; an installed version does not change."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if f"{os.sep}site-packages{os.sep}" in package:
        return ()
    return tuple(
        signature(os.path.join(folder, name))
        for folder, _, names in sorted(os.walk(package))
        for name in sorted(names)
        if name.endswith(".py")
    )


def _folder() -> str:
    folder = os.environ.get("PRINTLINT_CACHE_DIR") or os.path.join(_caches(), "printlint")
    return os.path.join(folder, digest(_encoded(os.getcwd())).hex())


def _name(run: bytes) -> str:
    return f"{digest(run).hex()}{_SUFFIX}"


def _caches() -> str:
    """The user's cache folder, by the conventions of the system (such as the XDG base directories)."""
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Caches")
    return os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")


# The format: a line with the lengths of the parts, then the parts. Unlike pickle, reading it runs no code.


def _packed(seen: tuple[dict[str, Any], ...], outcome: Outcome) -> bytes:
    output, diagnostics, status = outcome
    parts = [part for names, values in _sections(seen) for part in (_joined(list(names)), values)]
    parts += [_encoded(output), _encoded(diagnostics), b"%d" % status]
    return b" ".join(b"%d" % len(part) for part in parts) + b"\n" + b"".join(parts)


def _sections(seen: tuple[dict[str, Any], ...]) -> Iterator[tuple[Iterable[str], bytes]]:
    from array import array

    signatures, contents, listings, files, paths = seen
    yield signatures, array("q", [number for found in signatures.values() for number in found]).tobytes()
    for digests in (contents, listings):
        yield digests, b"".join(digests.values())
    for asked in (files, paths):
        yield asked, bytes(asked.values())


def _unpacked(data: bytes) -> tuple[tuple[dict[str, Any], ...], Outcome]:
    lengths, _, rest = data.partition(b"\n")
    parts, start = [], 0
    for length in map(int, lengths.split()):
        parts.append(rest[start : start + length])
        start += length
    numbers = iter(memoryview(parts[1]).cast("q").tolist())
    signatures = dict(zip(_names(parts[0]), zip(numbers, numbers, numbers, numbers, strict=True), strict=True))
    contents, listings = (_digests(*parts[at : at + 2]) for at in (2, 4))
    files, paths = (dict(zip(_names(parts[at]), map(bool, parts[at + 1]), strict=True)) for at in (6, 8))
    output, diagnostics, status = parts[10:]
    return (signatures, contents, listings, files, paths), (_decoded(output), _decoded(diagnostics), int(status))


def _joined(names: list[str]) -> bytes:
    """Names without their common prefix: it is half of their length, and each byte has to be signed."""
    if any("\0" in name for name in names):
        raise ValueError("a name with a NUL")
    common = os.path.commonprefix(names)  # noqa: RUF071 - any prefix will do, not only a folder
    return _encoded("\0".join([common, *(name[len(common) :] for name in names)])) if names else b""


def _names(part: bytes) -> list[str]:
    common, *rest = _decoded(part).split("\0")
    return [common + name for name in rest]


def _digests(names: bytes, values: bytes) -> dict[str, bytes]:
    starts = range(0, len(values), DIGEST_BYTES)
    return {name: values[at : at + DIGEST_BYTES] for name, at in zip(_names(names), starts, strict=True)}


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


# The key. With it, one can forge outcomes.


def _signature(key: bytes, run: bytes, packed: bytes) -> bytes:
    signed = blake2b(key=key, digest_size=_SIGNATURE_BYTES, person=b"printlint cache")
    signed.update(b"%d\n" % len(run) + run)
    signed.update(packed)
    return signed.digest()


def _key(arguments: list[str]) -> bytes | None:
    folder = _key_folder(arguments)
    if folder is None or not _is_own_folder(folder):
        return None
    try:
        descriptor = os.open(os.path.join(folder, "key"), os.O_RDONLY | _NO_LINK)
    except OSError:
        return None
    try:
        found = os.fstat(descriptor)
        alone = stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and found.st_size == _KEY_BYTES
        return os.read(descriptor, _KEY_BYTES) if alone and _is_own(found, 0o077) else None
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _new_key(arguments: list[str]) -> bytes | None:
    """Create the key, or replace one that others may know. Raises OSError."""
    folder = _key_folder(arguments)
    if folder is None:
        return None
    os.makedirs(folder, 0o700, exist_ok=True)
    if _is_own_folder(folder):
        _write(os.path.join(folder, "key"), os.urandom(_KEY_BYTES))
    return _key(arguments)


def _key_folder(arguments: list[str]) -> str | None:
    """The folder of the key; None if there is none, or if it is inside a folder that is checked."""
    home = _home()
    if home is None or not os.path.isabs(home):
        return None
    below = {"win32": ("AppData", "Local"), "darwin": ("Library", "Caches")}.get(sys.platform, (".cache",))
    folder = os.path.join(os.path.realpath(os.path.join(home, *below)), "printlint")
    above = {_identity(place) for place in _with_parents(folder)} - {None}
    return folder if all(_identity(path) not in above for path in (os.curdir, *arguments)) else None


def _home() -> str | None:
    """The user's home folder by the user database of the system: a repository may set `HOME`."""
    try:
        import pwd
    except ImportError:
        return os.path.expanduser("~")
    try:
        return pwd.getpwuid(os.geteuid()).pw_dir
    except KeyError:
        return None


def _with_parents(folder: str) -> Iterator[str]:
    yield folder
    while (parent := os.path.dirname(folder)) != folder:
        yield parent
        folder = parent


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


# Files that nobody else can have created

_NO_LINK: int = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))


def _is_own_folder(folder: str) -> bool:
    """Whether it is a folder, not a link, that belongs to this user and that nobody else can write to."""
    try:
        found = os.lstat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and _is_own(found, 0o022)


def _is_own(found: os.stat_result, denied: int) -> bool:
    """Whether it belongs to this user, without the mode bits `denied`. On Windows, the folders above protect it."""
    return not hasattr(os, "geteuid") or (found.st_uid == os.geteuid() and not found.st_mode & denied)


def _write(path: str, data: bytes) -> None:
    """Write a file atomically, readable only by this user, without following links. Raises OSError."""
    temporary = f"{path}.{os.urandom(8).hex()}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except BaseException:
        os.remove(temporary)
        raise


def _remove_oldest(folder: str) -> None:
    with os.scandir(folder) as entries:
        runs = (entry for entry in entries if entry.name.endswith(_SUFFIX))
        last = sorted((entry.stat(follow_symlinks=False).st_mtime_ns, entry.path) for entry in runs)
    for _, path in last[:-_RUNS]:
        os.remove(path)
