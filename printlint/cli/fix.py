"""`printlint fix`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from printlint.cli.accepted import Before, only_new
from printlint.cli.advice import silence
from printlint.cli.interview import Interview
from printlint.cli.options import (
    Settings,
    echo_diff,
    plural,
    read_standard_input,
    shared_options,
    tell_notes,
    write_report,
)
from printlint.cli.since import OnlyAdded
from printlint.config import Configs
from printlint.config_values import ASYNC_BACKENDS, LOGGERS, MESSAGE_STYLES
from printlint.finding import Reported
from printlint.history.revision import RevisionError, checked_out
from printlint.lint.baseline import text_of
from printlint.names.layout import project_root
from printlint.process.printable import printable
from printlint.reading.discovery import named
from printlint.report import Look, Report, render
from printlint.report.as_concise import position_of
from printlint.rewrite.apply import write_changes
from printlint.rewrite.changes import FixRun, ProgramSetUp, moved
from printlint.rewrite.choices import Chooser
from printlint.rewrite.files import fix_files, fix_stdin
from printlint.rewrite.trial import CommandFails, Plan, run_trial
from printlint.writing import journal
from printlint.writing.state import NoState
from printlint.writing.write import NotWritten


@click.command("fix", short_help="Rewrite prints and log calls.")
@shared_options
@click.option("--diff", is_flag=True, help="Write nothing; print a unified diff.")
@click.option("--unsafe-fixes", is_flag=True, help="Apply unsafe fixes too (--diff -v shows the risks).")
@click.option("--async-backend", type=click.Choice(ASYNC_BACKENDS), help="Logging back end for async code.")
@click.option("--logger", type=click.Choice(LOGGERS), help="The library that new calls log through.")
@click.option("--message-style", type=click.Choice(MESSAGE_STYLES), help="How messages are written.")
@click.option(
    "--tidy/--no-tidy", default=None, help="Take level words, colours, ornaments and blank prints away (--diff -v)."
)
@click.option("--verify", metavar="COMMAND", help="Run COMMAND (your tests) and roll back the files that make it fail.")
@click.option("--interactive", is_flag=True, help="Ask before each rewrite.")
@click.option("--no-setup", is_flag=True, help="Do not set logging up; skip fixes that need a set-up module.")
def command(
    diff: bool, unsafe_fixes: bool, no_setup: bool, verify: str | None, interactive: bool, **options: Any
) -> None:
    """Rewrite prints and root-logger calls into calls of a logger per module, awaited in async code.

    What cannot be shown to keep the program's output is left alone and listed with the reason. Where a program that
    is rewritten configures no logging, a set-up module is written and called at its start, if that is among PATHS;
    logging that is configured is kept. - filters standard input to standard output.

    \b
    Examples:
      printlint fix --diff                  look first
      printlint fix src/app
      printlint fix --select PRT101,PRT201
      printlint fix --unsafe-fixes --diff -v
      printlint fix --verify "pytest -q"    keep what your tests pass with
      printlint fix --interactive src/app   decide on each
      printlint fix --no-setup              only rewrite calls
      printlint fix --since origin/main     only what this branch has added
      printlint fix - --stdin-filename app.py < app.py

    Exit status: 0 nothing left, 1 findings left or messages that nobody hears (or, with --diff, changes to make),
    2 the command could not do its work.
    """
    settings = Settings.take(options, "async_backend", "logger", "message_style", "tidy")
    configs = settings.configs()
    _check_combination(settings, diff, verify, interactive)
    if settings.reads_stdin:
        data = read_standard_input()
        run = fix_stdin(data, settings.stdin_filename, configs, unsafe=unsafe_fixes, allow_setup=not no_setup)
        left = run.left
    else:
        with _chooser(settings, configs, interactive) as chooser:
            plan = _planner(settings, configs, unsafe_fixes, not no_setup, chooser)
            run = plan({}) if diff else _verified(settings, plan, verify) if verify else _written(settings, plan)
        left = only_new(settings, configs, [item.path for item in run.files], run.left, _texts(run))
    report = settings.report(configs, len(run.files), left, _texts(run))
    if diff:
        _show_diff(run)
    elif settings.reads_stdin:
        sys.stdout.buffer.write(run.changes[0].new if run.changes else data)
    if not diff and not settings.reads_stdin:
        write_report(settings, report)
    elif settings.verbose and report.items:  # standard output has the diff, or the file
        settings.say(render(report, "concise", Look(verbose=True)).rstrip("\n"))
    _summarise(settings, run, report, diff, unsafe_fixes)
    raise click.exceptions.Exit(_status(settings, run, report.counted, diff))


def _check_combination(settings: Settings, diff: bool, verify: str | None, interactive: bool) -> None:
    """Raise `click.UsageError` for options that cannot be combined."""
    if verify is not None and not verify.strip():
        raise click.UsageError("--verify needs a command; nothing was written")
    if verify is not None and (diff or settings.reads_stdin):
        raise click.UsageError("--verify cannot be combined with --diff or standard input")
    if interactive:
        _check_interactive(settings, diff or verify is not None)


def _check_interactive(settings: Settings, otherwise: bool) -> None:
    if otherwise or settings.reads_stdin:
        raise click.UsageError("--interactive cannot be combined with --diff, --verify or standard input")
    if sys.stdin is None or not sys.stdin.isatty():
        raise click.UsageError("--interactive needs a terminal as standard input; nothing was written")


@contextmanager
def _chooser(settings: Settings, configs: Configs, interactive: bool) -> Iterator[Chooser | None]:
    """Who has a say in what is rewritten: the user, the revision that the branch began at, both, or nobody."""
    asked = Interview() if interactive else None
    if settings.since is None:
        yield asked
        return
    try:
        with checked_out(settings.since, Path.cwd()) as copy:
            yield OnlyAdded(Before(copy, configs), settings.since, asked)
    except RevisionError as error:
        raise click.ClickException(printable(str(error))) from error


def _planner(settings: Settings, configs: Configs, unsafe: bool, allow_setup: bool, chooser: Chooser | None) -> Plan:
    files = settings.files(configs)
    quiet = settings.quiet or isinstance(chooser, Interview)
    return lambda held: fix_files(
        files,
        configs,
        unsafe=unsafe,
        allow_setup=allow_setup,
        quiet=quiet,
        held=held,
        chooser=chooser,
        folders=settings.folders,
    )


def _written(settings: Settings, plan: Plan) -> FixRun:
    if _has_journal():
        _open_journal(settings, guarded=False).close(roll_back=False)
    return write_changes(plan({}))


def _has_journal() -> bool:
    try:
        return journal.has_journal(_root())
    except NoState:  # then no run has left one there either
        return False


def _verified(settings: Settings, plan: Plan, verify: str) -> FixRun:
    try:
        run, rolled_back = run_trial(plan, verify, _open_journal(settings, guarded=True), settings.say)
    except CommandFails as error:
        raise click.ClickException(str(error)) from error
    except NotWritten as error:
        raise click.ClickException(printable(str(error))) from error
    except OSError as error:
        reason = f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"
        raise click.ClickException(f"--verify failed ({reason}); no file was changed") from error
    for item in rolled_back:
        settings.say(f"rolled back {named(item.path)}: with it, `{verify}` {item.outcome}\n{item.outcome.tail}")
    return run


def _open_journal(settings: Settings, *, guarded: bool) -> journal.Journal:
    """The journal of the current project, after rolling back the trial of a killed run."""
    try:
        opened = journal.Journal.open(_root(), guarded=guarded)
    except (journal.Busy, NoState) as error:
        raise click.ClickException(printable(str(error))) from error
    except OSError as error:
        raise click.ClickException(printable(error.strerror or str(error))) from error
    for line in opened.restored:
        settings.say(f"from a run that was killed: {printable(line)}")
    return opened


def _root() -> Path:
    return project_root(Path.cwd()) or Path.cwd()


def _texts(run: FixRun) -> Callable[[str], str]:
    """The texts of files as they are after a run, whether they were written or not."""
    new = {change.path.as_posix(): change.new.decode(change.encoding) for change in run.changes}
    return lambda path: new[path] if path in new else text_of(path)


def _status(settings: Settings, run: FixRun, left: Sequence[Reported], diff: bool) -> int:
    if run.errors:
        return 2
    lost = any(program.lost for program in run.programs)
    return 1 if (run.changes if diff else left or lost) and not settings.exit_zero else 0


def _show_diff(run: FixRun) -> None:
    """One unified diff, the user's own files before what is new."""
    for change in sorted(run.changes, key=lambda change: change.is_setup):
        echo_diff(change)


def _tell_rewritten(settings: Settings, run: FixRun, diff: bool) -> None:
    """What was rewritten, each with its level and the reason for it. Places are those of the text that the user has."""
    for item, finding in ((file, finding) for file in run.files for finding in file.done):
        level = finding.level
        told = [f"level {level.method}, since {level.why}", level.hidden] if level is not None else []
        what = "; ".join(filter(None, [*told, finding.tidied]))
        line = finding.start.line if diff else item.line_now(finding.start.line)
        place = position_of(replace(finding, start=finding.start._replace(line=line)))
        settings.say(f"{place}: {finding.code} rewritten{what and ': '}{what}")


def _summarise(settings: Settings, run: FixRun, report: Report, diff: bool, unsafe: bool) -> None:
    for line in (*run.errors, *run.warnings):
        click.echo(f"printlint: {printable(line)}", err=True)
    settings.warn()
    if settings.verbose:
        _tell_rewritten(settings, run, diff)
    verb = "would be fixed" if diff else "fixed"
    changed = [item for item in run.files if item.done and item.change is not None]
    where = f"in {plural(len(changed), 'file')}" if changed or not run.setups else "by the set-up module"
    settings.say(f"{plural(run.fixed, 'finding')} {verb} {where}, {len(report.counted)} left")
    waiting = sum(1 for item in report.counted if item.fix is not None)
    if waiting and not unsafe:
        advice = "" if settings.verbose else " (-v shows the risks)"
        settings.say(f"{waiting} of them fixable with --unsafe-fixes{advice}")
    tell_notes(settings, report.uncounted)
    _tell_programs(settings, run, diff)
    heard = [item for item in run.files if not item.aside]
    levels = [
        (item.path, finding.level.method)
        for item in heard
        for finding in item.done
        if finding.level is not None and not finding.level.hidden  # those have been told of
    ]
    announced = bool(run.setups or run.programs)
    for line in silence(
        [item.path for item in run.files],
        levels,
        rewritten=any(item.done and not item.aside for item in changed),
        announced=announced,
    ):
        settings.say(line)


def _tell_programs(settings: Settings, run: FixRun, diff: bool) -> None:
    """The set-up modules, which a commit must not miss, and what became of each program."""
    for change in run.setups:
        if diff:
            settings.say(f"would write {named(change.path)}")
        else:
            click.echo(f"wrote {named(change.path)}, a new file; add it to version control", err=True)
    changes = {change.path: change for change in run.changes} if diff else {}  # then nothing has moved yet
    told: dict[str, list[ProgramSetUp]] = {}
    for program in run.programs:
        wired = program.wired and f"{'would set up' if diff else 'set up'} logging in {program.wired}"
        told.setdefault(wired or program.text, []).append(program)
    for text, programs in told.items():
        rest = f" (and in {plural(len(programs) - 1, 'more place')})" if len(programs) > 2 else ""
        for program in programs[:1] if rest else programs:
            now = changes.get(program.path)
            line = moved(program.line, now.new, now.old or b"") if now is not None else program.line
            settings.say(f"{named(program.path)}:{line}{rest}: {text}")
