"""`fix` for files: from bytes to bytes, with the set-up module that the new text needs."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from printlint.async_plan import SetupImport
from printlint.config import Config, Configs
from printlint.facts.project import forget_projects, is_setup_file
from printlint.finding import Reported
from printlint.linter import internal_error, lint_bytes, unreadable
from printlint.rewrite.fixer import Fixed, fix, report
from printlint.run import Progress, without_site
from printlint.setup.template import setup_source
from printlint.source import Source, Unreadable
from printlint.write import NotWritten, replace_file


@dataclass(frozen=True)
class Change:
    """New bytes for a file. `old` is None for a new file; `module` is the set-up module's dotted name."""

    path: Path
    old: bytes | None
    new: bytes
    encoding: str = "utf-8"
    module: str = ""

    @property
    def is_setup(self) -> bool:
        """Whether it is the set-up module."""
        return bool(self.module)


@dataclass
class FixRun:
    """What a run of `fix` did, or would do."""

    files: int = 0
    fixed: int = 0
    changes: list[Change] = field(default_factory=list)
    left: tuple[Reported, ...] = ()
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _FixedFile:
    left: tuple[Reported, ...]
    fixed: int = 0
    change: Change | None = None
    setup: SetupImport | None = None
    error: str | None = None


def fix_files(
    files: Sequence[Path], configs: Configs, *, unsafe: bool, allow_setup: bool, write: bool, quiet: bool = False
) -> FixRun:
    """Fix files one after the other; what cannot be written is an error of the run and costs no other file."""
    run, left = FixRun(files=len(files)), list[Reported]()
    setups: dict[Path, Change] = {}
    with Progress(len(files), quiet=quiet) as progress:
        for path in files:
            result = _fix_file(path, configs.of(path), unsafe, allow_setup)
            if result.error is None and result.setup is not None and not result.setup.exists:
                result = _with_setup(result, setups, run, write)
            if result.change is not None and write and result.error is None:
                result = _written(result)
            left += result.left
            run.fixed += result.fixed
            if result.change is not None:
                run.changes.append(result.change)
            if result.error is not None:
                run.errors.append(result.error)
            progress.advance()
    run.left = tuple(left)
    forget_projects()
    return run


def fix_stdin(data: bytes, path: Path | None, configs: Configs, *, unsafe: bool, allow_setup: bool) -> FixRun:
    """Fix standard input, which stands for `path`; what needs a set-up module that is missing is left alone."""
    config = configs.of(path or Path("stdin.py"))
    without = _NO_SETUP if not allow_setup else _NO_SETUP_FROM_STDIN
    result = _fix_bytes(str(path or "-"), data, config, path, unsafe, without)
    run = FixRun(1, result.fixed, [result.change] if result.change else [], result.left)
    if result.error is not None:
        run.errors.append(result.error)
    return run


def _fix_file(path: Path, config: Config, unsafe: bool, allow_setup: bool) -> _FixedFile:
    name = path.as_posix()
    try:
        data = path.read_bytes()
    except OSError as error:
        found = unreadable(name, f"cannot be read: {error.strerror or error}", config)
        return _FixedFile(tuple(Reported(item, refused=item.message) for item in found))
    try:
        return _fix_bytes(name, data, config, path, unsafe, None if allow_setup else _NO_SETUP)
    except Exception as error:
        finding = internal_error(name, error)
        return _FixedFile((Reported(finding, refused=finding.message),), error=f"{name}: {finding.message}")


_NO_SETUP = "it needs the set-up module, and --no-setup was given"
_NO_SETUP_FROM_STDIN = (
    "it needs the set-up module, which is not there; run `printlint init`, or `printlint fix` on the file"
)


def _fix_bytes(
    name: str, data: bytes, config: Config, path: Path | None, unsafe: bool, without_setup: str | None
) -> _FixedFile:
    try:
        source = Source.decode(name, data)
    except Unreadable:
        found = lint_bytes(name, data, config, path).findings
        return _FixedFile(tuple(Reported(item, refused=item.message) for item in found))
    if source.encode(source.text) != data:
        return _refused_file(source, config, path, f"{source.encoding} does not give the same bytes back")
    result = fix(source, config, path, unsafe=unsafe)
    if result.setup is not None and not result.setup.exists and without_setup is not None:
        return _refused_file(source, config, path, without_setup)
    left = tuple(without_site(item) for item in result.left)
    if result.failure is not None:
        return _FixedFile(left, error=f"{name}: {result.failure}")
    change = _change(result, source, data, path)
    return _FixedFile(left, len(result.fixed), change, result.setup if change else None)


def _change(result: Fixed, source: Source, data: bytes, path: Path | None) -> Change | None:
    new = source.encode(result.source.text)
    return Change(path or Path("-"), data, new, source.encoding) if new != data else None


def _refused_file(source: Source, config: Config, path: Path | None, reason: str) -> _FixedFile:
    linted = lint_bytes(source.path, source.encode(source.text), config, path)
    items = (replace(without_site(item), fix=None, refused=reason) for item in report(linted))
    return _FixedFile(tuple(items))


def _with_setup(result: _FixedFile, setups: dict[Path, Change], run: FixRun, write: bool) -> _FixedFile:
    """Write the set-up module first: a file must never import what is not there."""
    setup = result.setup
    assert setup is not None
    if setup.path is None or setup.path in setups:
        return result
    change = Change(_relative(setup.path), None, setup_source().encode(), module=setup.module)
    if write:
        try:
            replace_file(setup.path, None, change.new)
        except NotWritten as error:
            if not is_setup_file(setup.path):  # another run may have written it meanwhile
                return replace(result, change=None, fixed=0, error=str(error))
    setups[setup.path] = change
    run.changes.append(change)
    return result


def _relative(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _written(result: _FixedFile) -> _FixedFile:
    change = result.change
    assert change is not None
    try:
        replace_file(change.path, change.old, change.new)
    except NotWritten as error:
        return replace(result, change=None, fixed=0, error=str(error))
    return result


def unified_diff(change: Change) -> Iterator[str]:
    """The lines of a change as one unified diff, which `git apply` and `patch -p1` take."""
    old = _lines(change.old, change.encoding)
    new = _lines(change.new, change.encoding)
    name = change.path.as_posix()
    from_name = "/dev/null" if change.old is None else f"a/{name}"
    for line in difflib.unified_diff(old, new, from_name, f"b/{name}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(data: bytes | None, encoding: str) -> list[str]:
    """Lines that end in a line feed, which is what a diff counts; carriage returns stay in them."""
    text = (data or b"").decode(encoding, "replace")
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
