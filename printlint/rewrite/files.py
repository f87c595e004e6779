"""`fix` for files: what their bytes become, with the set-up module that the new text needs. Nothing is written here.

The first round rewrites every file on its own. Where that gave a module another logger, files that import it may have
more to do: further rounds see the files as they will be, until nothing is left to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from printlint.config import Config, Configs
from printlint.facts.project.setup_files import provided_backends
from printlint.finding import Finding, Reported
from printlint.lint.linter import failed, internal_error, lint_bytes, unreadable
from printlint.lint.run import Progress, collected_by_size, without_site
from printlint.plan.setup_import import SetupImport
from printlint.process import notices
from printlint.reading import disk
from printlint.reading.discovery import shown
from printlint.rewrite.choices import Chooser
from printlint.rewrite.fixer import Fixed, fix, report
from printlint.run import Run, current
from printlint.setup.template import setup_source
from printlint.source import Source, Unreadable
from printlint.writing.boundary import refusal, setup_folders


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


@dataclass(frozen=True)
class FileFix:
    """What `fix` does to one file: the findings that are left, those that go (`done`), and the new bytes.

    `steps` lead from the old bytes to the new ones, one for each round: in that order files may be written, since
    a step rests on earlier ones of other files only. `setup` is the set-up module that the new text needs. `warning`
    says which bug of printlint's had rewrites of the file discarded.
    """

    path: Path
    left: tuple[Reported, ...] = ()
    done: tuple[Finding, ...] = ()
    steps: tuple[Change | None, ...] = ()
    setup: SetupImport | None = None
    error: str | None = None
    warning: str | None = None

    @property
    def change(self) -> Change | None:
        """All steps as one."""
        steps = [step for step in self.steps if step is not None]
        return replace(steps[0], new=steps[-1].new) if steps else None


@dataclass
class FixRun:
    """What a run of `fix` would do, or did: files in the order in which they were given."""

    files: list[FileFix] = field(default_factory=list)
    setups: list[Change] = field(default_factory=list)

    @property
    def changes(self) -> list[Change]:
        """The new bytes: set-up modules first, since no file may import what is not there."""
        return [*self.setups, *(item.change for item in self.files if item.change is not None)]

    @property
    def fixed(self) -> int:
        """How many findings go."""
        return sum(len(item.done) for item in self.files)

    @property
    def left(self) -> tuple[Reported, ...]:
        """The findings that stay, in the order of the files."""
        return tuple(found for item in self.files for found in item.left)

    @property
    def warnings(self) -> list[str]:
        """Which rewrites were discarded by a bug of printlint's."""
        return [item.warning for item in self.files if item.warning is not None]

    @property
    def errors(self) -> list[str]:
        """What could not be done, and why."""
        return [item.error for item in self.files if item.error is not None]


def fix_files(
    files: Sequence[Path],
    configs: Configs,
    *,
    unsafe: bool,
    allow_setup: bool,
    quiet: bool = False,
    held: Mapping[Path, str] | None = None,
    chooser: Chooser | None = None,
    folders: Sequence[Path] = (),
) -> FixRun:
    """The new bytes of files, and what is left in them; `held` ones are left as they are, each for a reason.

    A `chooser` has a say in each finding; `folders` are those that the user named. Raises nothing for what a file
    holds.
    """
    with Run(thorough=True):  # what is found out now is true until the changes are written
        fixed = _fix_files(
            files, configs, unsafe, None if allow_setup else _NO_SETUP, quiet, held or {}, chooser, folders
        )
        warnings = notices.take()
    notices.merge(warnings)
    return fixed


def _fix_files(
    files: Sequence[Path],
    configs: Configs,
    unsafe: bool,
    without_setup: str | None,
    quiet: bool,
    held: Mapping[Path, str],
    chooser: Chooser | None,
    folders: Sequence[Path],
) -> FixRun:
    done = {path: leave(path, configs.of(path), reason) for path, reason in held.items()}
    setups: dict[Path, Change] = {}
    waiting = [path for path in files if path not in done]
    run = current()
    with Progress(len(files), quiet=quiet) as progress, collected_by_size():
        while waiting:
            decided = []
            with run:
                for path in waiting:
                    result = _fix_file(path, configs.of(path), unsafe, without_setup, chooser)
                    if reason := _setup_refusal(result, configs, folders):
                        result = leave(path, configs.of(path), reason)
                    _note_setup(result, setups)
                    decided.append(result)
                    if path not in done:
                        progress.advance()
            for result in decided:
                done[result.path] = _joined(done.get(result.path), result)
            changes = _new_loggers(decided)
            run = run.after({change.path: change.new for change in (*setups.values(), *changes)})
            waiting = [path for path in _affected(done) if path not in held] if changes else []
    return FixRun([done[path] for path in dict.fromkeys(files)], list(setups.values()))


def fix_stdin(data: bytes, path: Path | None, configs: Configs, *, unsafe: bool, allow_setup: bool) -> FixRun:
    """Fix standard input as the file `path`; rewrites that need a missing set-up module are refused."""
    config = configs.of(path or Path("stdin.py"))
    without = _NO_SETUP if not allow_setup else _NO_SETUP_FROM_STDIN
    return FixRun([_fix_bytes(path or Path("-"), data, config, path, unsafe, without)])


def leave(path: Path, config: Config, reason: str) -> FileFix:
    """A file that is not to be changed after all, with its findings refused for that reason."""
    source = Source.decode(path.as_posix(), path.read_bytes())
    return _refused_file(source, config, path, reason)


def _joined(before: FileFix | None, after: FileFix) -> FileFix:
    """What two rounds did to a file."""
    if before is None:
        return after
    if after.error is not None:
        return replace(before, error=after.error)
    steps, setup = before.steps + after.steps, after.setup or before.setup
    done, warning = before.done + after.done, after.warning or before.warning
    return replace(after, done=done, steps=steps, setup=setup, warning=warning)


def _new_loggers(round_: list[FileFix]) -> list[Change]:
    """What a round did, where it gave some module another logger: files that import it have to see all of it."""
    changes = [change for result in round_ if (change := result.change) is not None]
    return changes if any(b"get_logger" in change.new for change in changes) else []


def _affected(done: dict[Path, FileFix]) -> list[Path]:
    """The files that may have more to do when others have another logger."""
    return [path for path, result in done.items() if result.error is None and any(map(_is_async, result.left))]


def _is_async(item: Reported) -> bool:
    return item.finding.code.startswith("PRT4")


def _fix_file(path: Path, config: Config, unsafe: bool, without_setup: str | None, chooser: Chooser | None) -> FileFix:
    name = path.as_posix()
    try:
        data = disk.read(path)
    except OSError as error:
        found = unreadable(name, f"Cannot be read: {error.strerror or error}", config)
        return FileFix(path, tuple(Reported(item, refused=item.message) for item in found))
    try:
        return _fix_bytes(path, data, config, path, unsafe, without_setup, chooser)
    except (RecursionError, MemoryError) as error:
        return FileFix(path, tuple(Reported(item, refused=item.message) for item in failed(name, error, config)))
    except Exception as error:
        finding = internal_error(name, error)
        return FileFix(path, (Reported(finding, refused=finding.message),), error=f"{name}: {finding.message}")


_NO_SETUP = "it needs the set-up module, and --no-setup was given"
_NO_SETUP_FROM_STDIN = (
    "it needs the set-up module, which does not exist; run `printlint init`, or `printlint fix` on the file"
)


def _fix_bytes(
    name: Path,
    data: bytes,
    config: Config,
    path: Path | None,
    unsafe: bool,
    without_setup: str | None,
    chooser: Chooser | None = None,
) -> FileFix:
    try:
        source = Source.decode(name.as_posix(), data)
    except Unreadable:
        found = lint_bytes(name.as_posix(), data, config, path).findings
        return FileFix(name, tuple(Reported(item, refused=item.message) for item in found))
    if source.encode(source.text) != data:
        return _refused_file(source, config, path, f"{source.encoding} does not encode the text back to the same bytes")
    result = fix(source, config, path, unsafe=unsafe, chooser=chooser)
    if result.setup is not None and not result.setup.exists and without_setup is not None:
        return _refused_file(source, config, path, without_setup)
    left = tuple(without_site(item) for item in result.left)
    change = _change(result, source, data, name)
    done = tuple(replace(finding, site=None) for finding in result.fixed)
    warning = f"{source.path}: {result.failure}" if result.failure is not None else None
    return FileFix(name, left, done, (change,), result.setup if done else None, warning=warning)


def _change(result: Fixed, source: Source, data: bytes, path: Path) -> Change | None:
    new = source.encode(result.source.text)
    return Change(path, data, new, source.encoding) if new != data else None


def _refused_file(source: Source, config: Config, path: Path | None, reason: str) -> FileFix:
    linted = lint_bytes(source.path, source.encode(source.text), config, path, whole=True)
    items = (without_site(item)._replace(fix=None, refused=reason) for item in report(linted))
    return FileFix(Path(source.path), tuple(items))


def _setup_refusal(result: FileFix, configs: Configs, folders: Sequence[Path]) -> str | None:
    """Why the set-up module that a file would need may not be written; None where none is to be, or it may."""
    setup = result.setup
    if setup is None or setup.exists or setup.path is None:
        return None
    reason = refusal(shown(setup.path), setup_folders(result.path, configs.of(result.path), folders))
    return reason and f"it needs the set-up module, and {reason}"


def _note_setup(result: FileFix, setups: dict[Path, Change]) -> None:
    setup = result.setup
    if setup is not None and not setup.exists and setup.path is not None:
        known = setups.get(setup.path)
        backends = {setup.backend, *(provided_backends(known.new.decode()) if known else ())}
        text = setup_source(*backends).encode()
        setups[setup.path] = Change(shown(setup.path), None, text, module=setup.module)
