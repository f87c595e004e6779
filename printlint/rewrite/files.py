"""`fix` for files: their new bytes, and the set-up module that these need. Nothing is written here.

The first round rewrites every file on its own. Where that gave a module another logger, files that import it may have
more to do: further rounds see the files as they will be, until nothing is left to do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from printlint.config import Config, Configs
from printlint.facts.project.setup_files import provided_backends
from printlint.finding import Finding, Reported
from printlint.lint.linter import failed, internal_error, lint_bytes, unreadable
from printlint.lint.run import Progress, collected_by_size, without_site
from printlint.plan.setup_import import SetupImport, WithoutSetUp
from printlint.process import notices
from printlint.reading import disk
from printlint.reading.discovery import shown
from printlint.rewrite.changes import Change, FileFix, FixRun, ProgramSetUp, moved
from printlint.rewrite.choices import Chooser
from printlint.rewrite.fixer import Fixed, fix, report
from printlint.rewrite.set_up import Futile, Planner, Wired
from printlint.rewrite.setup_parts import blocks_beside
from printlint.rewrite.unheard import Unheard, Withheld, told_hidden, with_hidden
from printlint.run import Run, current
from printlint.setup.blocks import needed_blocks, provided_blocks
from printlint.setup.template import setup_source
from printlint.source import Source, Unreadable
from printlint.writing.boundary import refusal, setup_folders


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
    known: Run | None = None,
) -> FixRun:
    """The new bytes of files, and what is left in them; `held` ones are left as they are, each for a reason.

    A `chooser` is asked about each finding; `folders` are those that the user named. What a `known` run knows is still
    true. No content of a file makes it raise.
    """
    run = known.aside(Withheld, Futile, WithoutSetUp) if known is not None else Run(thorough=True)
    with run:  # what is found out now is true until the changes are written
        with Progress(len(files), quiet=quiet) as progress, collected_by_size(), disk.remembering():
            while True:
                rounds = _Rounds(configs, unsafe, None if allow_setup else _NO_SETUP, chooser, folders, held or {})
                rounds.rewrite(files, progress)
                programs = rounds.set_up(files)
                is_known = unsafe or not current().part(Withheld).add(rounds.unheard)
                if is_known and not rounds.blocked and rounds.futile <= current().part(Futile):
                    break
                current().part(WithoutSetUp).update(rounds.blocked)
                current().part(Futile).update(rounds.futile)
            hidden = [item for item in rounds.unheard if item.hidden]
            fixes = [with_hidden(rounds.done[path], hidden) for path in dict.fromkeys(files)]
            done = FixRun(fixes, list(rounds.setups.values()), programs)
            done.programs += (*current().part(Withheld).told(done.left), *told_hidden(fixes))
        warnings = notices.take()
    notices.merge(warnings)
    return done


class _Rounds:
    """The rounds of one run, each of which sees what those before it have decided: `done` and `setups`."""

    def __init__(
        self,
        configs: Configs,
        unsafe: bool,
        without_setup: str | None,
        chooser: Chooser | None,
        folders: Sequence[Path],
        held: Mapping[Path, str],
    ) -> None:
        self._configs = configs
        self._unsafe = unsafe
        self._without_setup = without_setup
        self._chooser = chooser
        self._folders = folders
        self._held = held
        self._run = current()
        self.done = {path: leave(path, configs.of(path), reason) for path, reason in held.items()}
        self.setups: dict[Path, Change] = {}
        self.blocked: dict[Path, str] = {}
        self.unheard: list[Unheard] = []
        self.futile: set[Path] = set()

    def rewrite(self, files: Sequence[Path], progress: Progress) -> None:
        """Rewrite every file, and those again that may have more to do by then."""
        waiting = [path for path in files if path not in self.done]
        while waiting:
            decided = []
            with self._run:
                for path in waiting:
                    decided.append(self._fixed(path))
                    if path not in self.done:
                        progress.advance()
            changes = _new_loggers(decided)
            self._decide(decided, changes)
            waiting = [path for path in _affected(self.done) if path not in self._held] if changes else []
        if self._unsafe and any(map(_makes_a_logger, self.done.values())):
            self._keep_enabled()

    def _keep_enabled(self) -> None:
        """Rewrite configurations again that disable existing loggers: the new loggers are among these by now.

        Safe rewrites make no logger that is disabled.
        """
        self._decide([], [change for item in self.done.values() if (change := item.change) is not None])
        with self._run.once_written():
            again = [self._fixed(path) for path in self.done if path not in self._held and _configures(path)]
        self._decide(again, [change for item in again if (change := item.change) is not None])

    def set_up(self, files: Sequence[Path]) -> list[ProgramSetUp]:
        """Set up the programs that run what was rewritten, and say what became of each."""
        concerned = [item for item in self.done.values() if item.speaks or item.waits]
        if not concerned:
            return []
        planner = Planner(self._configs, files, self._held, self._setup_refusal, self._chooser, self._without_setup)
        changes = [change for item in self.done.values() if (change := item.change) is not None]
        self._run = self._run.after({change.path: change.new for change in changes})
        with self._run:
            planned = list(planner.plan(concerned))
        self.blocked = planner.blocked
        self.unheard = [lost for item in planned for lost in item.unheard]
        wired = [fix for item in planned for fix in item.fixes]
        if wired:
            cured = self._wire(wired, [item.path for item in concerned if item.waits])
            self.futile = {
                item.program.path for item in planned if item.waiting and not cured.intersection(item.waiting)
            }
        decided = {change.path: change.new for change in changes}
        return list(dict.fromkeys(told for item in planned for told in self._told(item, decided)))

    def _told(self, item: Wired, decided: Mapping[Path, bytes]) -> Iterator[ProgramSetUp]:
        """What became of a program, and its lost messages, at the lines that their files have now.

        `decided` are the texts from before the set-up, where some have changed by then.
        """
        yield self._placed(item.program, decided)
        for lost in (other for other in item.unheard if not other.hidden):
            yield self._placed(lost.told, decided if lost.on_import else {})

    def _placed(self, told: ProgramSetUp, texts: Mapping[Path, bytes]) -> ProgramSetUp:
        change = self.done[told.path].change if told.path in self.done else None
        if change is None:
            return told
        return told._replace(line=moved(told.line, texts.get(told.path, change.old or b""), change.new))

    def _wire(self, wired: Sequence[FileFix], waiting: Sequence[Path]) -> set[Path]:
        """Decide on the files that set logging up, and lint them and the files with blocking calls again.

        Gives the files of which that has cured a finding.
        """
        paths = [path for path in dict.fromkeys([*(item.path for item in wired), *waiting]) if path not in self._held]
        with self._run:
            left = {path: _by_line(path, self.done[path].left) for path in paths}
        for item in wired:
            _note_setup(item, self.setups)
        self._decide(wired, [change for item in wired if (change := item.change) is not None])
        with self._run.once_written() if waiting else self._run:
            again = [self._fixed(path) for path in paths]
            cured = {item.path: tuple(_cured(left[item.path], item)) for item in again}
        self._decide([replace(item, done=(*item.done, *cured[item.path])) for item in again], [])
        return {path for path, findings in cured.items() if findings}

    def _fixed(self, path: Path) -> FileFix:
        result = _fix_file(path, self._configs.of(path), self._unsafe, self._chooser)
        setup = result.setup
        if setup is not None and not setup.exists and setup.path is not None:
            if reason := self._setup_refusal(path, setup):
                result = leave(path, self._configs.of(path), _NEEDS_SETUP.format(reason))
        _note_setup(result, self.setups)
        return result

    def _decide(self, results: Sequence[FileFix], changes: Sequence[Change]) -> None:
        for result in results:
            self.done[result.path] = _joined(self.done.get(result.path), result)
        self._run = self._run.after({change.path: change.new for change in (*self.setups.values(), *changes)})

    def _setup_refusal(self, path: Path, setup: SetupImport) -> str | None:
        """Why the set-up module that a file would need may not be written; None where it may, or is there."""
        if self._without_setup is not None:
            return self._without_setup
        if setup.exists or setup.path is None:
            return None
        return refusal(shown(setup.path), setup_folders(path, self._configs.of(path), self._folders))


_Site = tuple[str, int, bytes]  # a finding by its code, its column and the text of its line: lines may have moved


def _by_line(path: Path, left: Iterable[Reported]) -> list[tuple[_Site, Finding]]:
    lines = disk.read(path).splitlines()
    return [(_site(item.finding, lines), item.finding) for item in left if item.finding.start.line <= len(lines)]


def _site(finding: Finding, lines: Sequence[bytes]) -> _Site:
    return finding.code, finding.start.column, lines[finding.start.line - 1]


def _cured(before: Iterable[tuple[_Site, Finding]], after: FileFix) -> Iterator[Finding]:
    """The findings that are gone because logging was set up elsewhere, not because they were rewritten."""
    change = after.change
    old, new = (change.old or b"", change.new) if change is not None else (disk.read(after.path),) * 2
    there = Counter(_site(item.finding, new.splitlines()) for item in after.left)
    there += Counter(_site(finding, old.splitlines()) for finding in after.done)
    for site, finding in before:
        there[site] -= 1
        if there[site] < 0:
            yield finding


def fix_stdin(data: bytes, path: Path | None, configs: Configs, *, unsafe: bool, allow_setup: bool) -> FixRun:
    """Fix standard input as the file `path`; rewrites that need a missing set-up module are refused."""
    config = configs.of(path or Path("stdin.py"))
    without = _NEEDS_SETUP.format(_NO_SETUP) if not allow_setup else _NO_SETUP_FROM_STDIN
    return FixRun([_fix_bytes(path or Path("-"), data, config, path, unsafe, without)])


def leave(path: Path, config: Config, reason: str) -> FileFix:
    """A file that is not changed after all; its findings are refused for a reason."""
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
    return replace(after, done=done, steps=steps, setup=setup, warning=warning, aside=before.aside or after.aside)


def _new_loggers(round_: list[FileFix]) -> list[Change]:
    """What a round did, where it gave some module another logger: files that import it have to see all of it."""
    changes = [change for result in round_ if (change := result.change) is not None]
    renamed = any(finding.code == _ROOT_LOGGER for result in round_ for finding in result.done)
    return changes if renamed or any(b"get_logger" in change.new for change in changes) else []


def _makes_a_logger(item: FileFix) -> bool:
    change = item.change
    return change is not None and change.new.count(b"getLogger(") > (change.old or b"").count(b"getLogger(")


def _configures(path: Path) -> bool:
    """Whether a file may carry out a configuration that disables existing loggers."""
    data = disk.read(path)
    return b"dictConfig" in data or b"fileConfig" in data


def _affected(done: dict[Path, FileFix]) -> list[Path]:
    """The files that may have more to do when others have another logger."""
    return [path for path, result in done.items() if result.error is None and any(map(_is_of_a_logger, result.left))]


_ROOT_LOGGER = "PRT202"


def _is_of_a_logger(item: Reported) -> bool:
    return item.finding.code.startswith("PRT4") or item.finding.code == _ROOT_LOGGER


def _fix_file(path: Path, config: Config, unsafe: bool, chooser: Chooser | None) -> FileFix:
    name = path.as_posix()
    try:
        data = disk.read(path)
    except OSError as error:
        found = unreadable(name, f"Cannot be read: {error.strerror or error}", config)
        return FileFix(path, tuple(Reported(item, refused=item.message) for item in found))
    try:
        return _fix_bytes(path, data, config, path, unsafe, chooser=chooser)
    except (RecursionError, MemoryError) as error:
        return FileFix(path, tuple(Reported(item, refused=item.message) for item in failed(name, error, config)))
    except Exception as error:
        finding = internal_error(name, error)
        return FileFix(path, (Reported(finding, refused=finding.message),), error=f"{name}: {finding.message}")


_NO_SETUP = "--no-setup was given"
_NEEDS_SETUP = "it needs the set-up module, and {}"
_NO_SETUP_FROM_STDIN = (
    "it needs the set-up module, which does not exist; run `printlint init`, or `printlint fix` on the file"
)


def _fix_bytes(
    name: Path,
    data: bytes,
    config: Config,
    path: Path | None,
    unsafe: bool,
    without_setup: str | None = None,
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
    setup = result.setup if done else None
    return FileFix(name, left, done, (change,), setup, warning=warning, aside=result.aside)


def _change(result: Fixed, source: Source, data: bytes, path: Path) -> Change | None:
    new = source.encode(result.source.text)
    return Change(path, data, new, source.encoding) if new != data else None


def _refused_file(source: Source, config: Config, path: Path | None, reason: str) -> FileFix:
    linted = lint_bytes(source.path, source.encode(source.text), config, path, whole=True)
    items = (without_site(item)._replace(fix=None, refused=reason) for item in report(linted))
    return FileFix(Path(source.path), tuple(items))


def _note_setup(result: FileFix, setups: dict[Path, Change]) -> None:
    setup = result.setup
    if setup is not None and setup.path is not None and (setup.path in setups or not setup.exists):
        known = setups.get(setup.path)
        text = known.new.decode() if known else ""
        blocks = provided_blocks(text) if known else blocks_beside(result.path)
        blocks |= needed_blocks((), (step.new.decode(step.encoding, "replace") for step in result.steps if step))
        new = setup_source(setup.backend, *provided_backends(text), *blocks).encode()
        setups[setup.path] = Change(shown(setup.path), None, new, module=setup.module)
