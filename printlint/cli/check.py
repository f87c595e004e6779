"""`printlint check`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from printlint.cache.outcomes import store
from printlint.cli.options import Settings, plural, read_standard_input, shared_options, tell_notes, write_report
from printlint.config import Configs
from printlint.finding import Reported
from printlint.lint.kept import KeptFindings
from printlint.lint.linter import INTERNAL_ERROR, lint_bytes
from printlint.lint.run import Reporter, as_found, check_files
from printlint.process.printable import printable
from printlint.reading import disk
from printlint.reading.discovery import Files
from printlint.report import FORMATS_WITH_FIXES, Report

_MOST_PLANNED = 100


@click.command("check", short_help="Find prints and logging mistakes.")
@shared_options
@click.option(
    "--write-baseline", is_flag=True, help="Record the current findings in a baseline, or shrink an existing one."
)
@click.option("--fix", is_flag=True, help="Rewrite what `printlint fix` rewrites by default, and report what is left.")
@click.option("--add-noqa", is_flag=True, help="Accept each finding by a `# noqa` comment with its code.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until Ctrl-C (extra watch).")
@click.option("--show-settings", is_flag=True, help="Show the settings of the files, and which file says so.")
def command(fix: bool, add_noqa: bool, show_settings: bool, watch: bool, **options: Any) -> None:
    """Find prints, root-logger calls, missing propagate=False and blocking logging calls in async code.

    PATHS are files and folders (default: the current one); - reads standard input.

    \b
    Examples:
      printlint check
      printlint check -v src/app            with the notes, and the reason for each level and verdict
      printlint check --output-format json --exit-zero > findings.json
      printlint check --select PRT4 --statistics
      printlint check --watch               again and again, while you work
      printlint check --fix                 the same as `printlint fix`
      printlint check --write-baseline      accept what is there today, and report what is new
      printlint check --add-noqa            accept it by comments
      printlint check --since origin/main   what this branch has added
      git show HEAD:app.py | printlint check - --stdin-filename app.py

    Prints that look like the program's own output are notes (PRT106): they are listed with -v, or where PRT106 is
    selected by name, and count for the exit status only where it is.

    Exit status: 0 no findings, 1 findings, 2 the command could not do its work.
    """
    if fix:
        _fix(options, add_noqa or show_settings or watch)
    settings = Settings.take(options)
    if watch:
        raise click.exceptions.Exit(_watch(settings, add_noqa or show_settings))
    if show_settings:
        _show_settings(settings)
    if add_noqa:
        raise click.exceptions.Exit(_add_noqa(settings))
    arguments = _arguments_to_keep(settings)
    kept = None
    if arguments is not None:
        disk.record()
        kept = KeptFindings(arguments)
    status = _checked(settings, kept)
    if status == 2:
        raise click.exceptions.Exit(2)
    seen = disk.recorded()
    if arguments is not None and seen is not None:
        disk.stop_recording()
        for path in settings.paths:
            seen.cover(str(path))
        if kept is not None:
            kept.save(seen)
        store(arguments, seen, (settings.written.output, settings.written.diagnostics, status))
    raise click.exceptions.Exit(status)


def _checked(settings: Settings, kept: KeptFindings | None = None) -> int:
    """The exit status of a check, whose report is written."""
    report = _written(settings, kept)
    if any(item.finding.message.startswith(INTERNAL_ERROR) for item in report.items):
        return 2
    return 1 if report.counted and not settings.exit_zero else 0


def _watch(settings: Settings, otherwise: bool) -> int:
    from printlint.cli.watch import watch

    if otherwise or settings.write_baseline or settings.reads_stdin:
        raise click.UsageError("--watch cannot be combined with standard input or options that write or show settings")
    return watch(settings, _checked)


def _fix(options: dict[str, Any], otherwise: bool) -> NoReturn:
    from printlint.cli.fix import command as fix_command

    if otherwise or options.pop("write_baseline"):
        raise click.UsageError("--fix cannot be combined with --add-noqa, --show-settings, --watch or --write-baseline")
    click.get_current_context().invoke(fix_command, **options)
    raise AssertionError("`fix` ends by an exit status of its own")


def _show_settings(settings: Settings) -> NoReturn:
    from printlint.cli.show_settings import shown_settings

    configs = settings.configs()
    files = [settings.stdin_filename or Path("stdin.py")] if settings.reads_stdin else settings.files(configs)
    settings.put("".join(f"{printable(line)}\n" for line in shown_settings(configs, files)))
    raise click.exceptions.Exit(0)


def _add_noqa(settings: Settings) -> int:
    from printlint.cli.add_noqa import add_noqa

    if settings.reads_stdin or settings.write_baseline:
        raise click.UsageError("--add-noqa cannot be combined with standard input or --write-baseline")
    configs = settings.configs()
    files = settings.files(configs)
    items = check_files(files, configs, jobs=settings.jobs, quiet=settings.quiet)
    return add_noqa(settings, settings.report(configs, len(files), _new(settings, configs, files, items)).counted)


def _written(settings: Settings, kept: KeptFindings | None) -> Report:
    """The report, written for the user with what there is to say of it."""
    configs, reporter, files = settings.configs(), _reporter(settings), Files(())
    if settings.reads_stdin:
        report = _check_stdin(settings, configs, reporter)
    else:
        files = settings.files(configs)
        known = kept if reporter is as_found else None
        items = check_files(files, configs, jobs=settings.jobs, reporter=reporter, quiet=settings.quiet, kept=known)
        with disk.unshared():
            new = _new(settings, configs, files, items)
            report = settings.report(configs, len(files), _with_few_fixes(settings, configs, new))
    with disk.unshared():
        write_report(settings, report)
    settings.warn()
    settings.say(_closing_line(report))
    tell_notes(settings, report.uncounted)
    if files and not settings.quiet:
        from printlint.cli.advice import silence  # only who reads it pays for it

        found = [item.finding for item in report.counted]
        levels = [(Path(finding.path), finding.level.method) for finding in found if finding.level is not None]
        for line in silence(files, levels):
            settings.say(line)
    return report


def _closing_line(report: Report) -> str:
    if not report.files:
        return "no Python files to check"
    if not report.counted:
        return f"no findings in {plural(report.files, 'file')}"
    found_in = len({item.finding.path for item in report.counted})
    found = f"{plural(len(report.counted), 'finding')} in {plural(found_in, 'file')}"
    folded = len(report.folded)
    follow = f", {folded} of which {'follows from another' if folded == 1 else 'follow from others'} (-v lists them)"
    return f"{found}{follow if folded else ''}"


def _with_few_fixes(settings: Settings, configs: Configs, items: Sequence[Reported]) -> Sequence[Reported]:
    """On a terminal, what `fix` would do about findings that are few enough to be read: planning it takes its time."""
    if settings.format != "full" or settings.verbose or not 0 < len(items) <= _MOST_PLANNED:
        return items
    from printlint.rewrite.fixer import report

    known = {item.finding for item in items}
    files = Files(sorted({item.finding.path for item in items}))
    again = check_files(files, configs, jobs=1, reporter=report, quiet=True)
    return [item for item in again if item.finding in known]


def _new(settings: Settings, configs: Configs, files: Sequence[Path], items: Sequence[Reported]) -> Sequence[Reported]:
    """The findings that nothing accepts."""
    asked = settings.baseline or settings.write_baseline or settings.since is not None
    if not asked and not configs.has_baselines:
        return items
    from printlint.cli.accepted import only_new

    return only_new(settings, configs, files, items)


def _arguments_to_keep(settings: Settings) -> list[str] | None:
    """The process's arguments, where the outcome is a matter of them and the disk alone: the next run may find it."""
    arguments: list[str] | None = click.get_current_context().find_root().obj
    acts = settings.reads_stdin or settings.write_baseline or settings.since or settings.output_file
    return arguments if not acts and not settings.no_cache else None


def _reporter(settings: Settings) -> Reporter:
    """The findings with what `fix` would do about them (which loads libcst), where the user sees it."""
    planned = settings.format in FORMATS_WITH_FIXES and settings.format != "full"
    if not settings.verbose and not planned:
        return as_found
    from printlint.rewrite.fixer import report

    return report


def _check_stdin(settings: Settings, configs: Configs, reporter: Reporter) -> Report:
    name = settings.stdin_filename or Path("-")
    path = settings.stdin_filename
    data = read_standard_input()
    linted = lint_bytes(str(name), data, configs.of(path or Path("stdin.py")), path, whole=reporter is not as_found)
    text = linted.context.module.source.text if linted.context is not None else ""
    return settings.report(configs, 1, reporter(linted), lambda path: text)
