"""Options that `check` and `fix` share, and what they mean."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from printlint.cli.format_option import format_option
from printlint.config import Configs
from printlint.finding import Severity
from printlint.process import notices
from printlint.process.printable import printable, printable_lines
from printlint.reading.discovery import Files, find_files
from printlint.report import FORMATS, Look, Report, render
from printlint.rules import find_rule, rule_codes

if TYPE_CHECKING:
    from printlint.finding import Finding, Reported
    from printlint.rewrite.changes import Change

_INTERFACE = (
    click.option(
        "--interface",
        metavar="GLOB",
        multiple=True,
        help="Files whose prints are the program's own output (repeatable).",
    ),
    click.option(
        "--detect-interface/--no-detect-interface",
        default=None,
        help="Tell prints that are the program's own output (PRT106) from diagnostics.",
    ),
)
_SHARED = (
    click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True)),
    click.option("--select", metavar="CODES", help="Rule codes or prefixes to enable (comma separated; ALL for all)."),
    click.option(
        "--extend-select", metavar="CODES", help="Rule codes to enable in addition (the way to opt-in rules)."
    ),
    click.option("--ignore", metavar="CODES", help="Rule codes or prefixes to disable."),
    click.option("--exclude", metavar="GLOBS", help="Files and folders to skip."),
    *_INTERFACE,
    click.option(
        "--config",
        "config_file",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Read [tool.printlint] from this file.",
    ),
    click.option("--isolated", is_flag=True, help="Ignore all configuration files."),
    format_option(("text", *FORMATS)),
    click.option(
        "--output-file",
        metavar="FILE",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Write findings to this file.",
    ),
    click.option(
        "--baseline",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Ignore the findings recorded in this baseline.",
    ),
    click.option("--since", metavar="REV", help="Report only findings that are new since the branch left REV (git)."),
    click.option("--statistics", is_flag=True, help="Show the number of findings per rule."),
    click.option("--exit-zero", is_flag=True, help="Exit with status 0 even if there are findings."),
    click.option("-j", "--jobs", type=click.IntRange(min=0), default=0, help="Number of processes; 0: automatic."),
    click.option("--no-cache", is_flag=True, help="Disable the cache."),
    click.option(
        "--stdin-filename",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Path to assume for standard input (-).",
    ),
    click.option("-q", "--quiet", is_flag=True, help="Print no diagnostics on standard error."),
    click.option("-v", "--verbose", is_flag=True, help="List notes; show the reasons for levels, verdicts, refusals."),
)


def shared_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the arguments and options that `check` and `fix` have in common."""
    return _with_options(_SHARED, function)


def interface_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say what is the program's own output; `shared_options` are more."""
    return _with_options(_INTERFACE, function)


def _with_options(
    options: Sequence[Callable[[Callable[..., Any]], Callable[..., Any]]], function: Callable[..., Any]
) -> Callable[..., Any]:
    for option in reversed(options):
        function = option(function)
    return function


def table_of(options: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """The options that were given, out of those that the table may contain too, with the table's keys."""
    given = ((key, options.get(key)) for key in ("interface", "detect_interface", *keys))
    return {key.replace("_", "-"): value for key, value in given if value is not None and value != ()}


class Written:
    """What a run has written so far on standard output and on standard error."""

    def __init__(self) -> None:
        self.output = ""
        self.diagnostics = ""


class Settings(NamedTuple):
    """The shared options, by name."""

    paths: tuple[Path, ...]
    config_file: Path | None
    isolated: bool
    output_format: str
    output_file: Path | None
    statistics: bool
    baseline: Path | None
    since: str | None
    exit_zero: bool
    jobs: int
    stdin_filename: Path | None
    quiet: bool
    verbose: bool
    table: dict[str, Any]
    no_cache: bool
    written: Written
    write_baseline: bool = False

    @classmethod
    def take(cls, options: dict[str, Any], *more_keys: str) -> Settings:
        """Settings from click's parameters; `more_keys` are further options that the table may contain too."""
        table = table_of(options, "select", "extend_select", "ignore", "exclude", *more_keys)
        own = {name: options[name] for name in cls._fields if name in options and name != "paths"}
        settings = cls(paths=options["paths"] or (Path(),), table=table, written=Written(), **own)
        if settings.output_file is not None:
            _check_output_file(settings.output_file, settings.folders)
        return settings

    def afresh(self) -> Settings:
        """The same for another run, which has written nothing by now."""
        return self._replace(written=Written())

    @property
    def is_on_terminal(self) -> bool:
        """Whether somebody sees standard output, and nothing keeps it."""
        return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"

    @property
    def folders(self) -> list[Path]:
        """The folders among the paths."""
        return [path for path in self.paths if path.is_dir()]

    @property
    def reads_stdin(self) -> bool:
        """Whether the one path is `-`."""
        if any(str(path) == "-" for path in self.paths) and len(self.paths) > 1:
            raise click.UsageError("- (standard input) cannot be combined with other paths")
        return str(self.paths[0]) == "-"

    def configs(self) -> Configs:
        """The configurations, with the command line laid over them."""
        return Configs(rule_codes(), self.table, self.config_file, self.isolated)

    def files(self, configs: Configs) -> Files:
        """The files to look at."""
        return Files(find_files(self.paths, configs.excludes))

    @property
    def format(self) -> str:
        """The output format: `text` is one for people on a terminal, and one for logs and pipes elsewhere."""
        if self.output_format != "text":
            return self.output_format
        return "full" if sys.stdout.isatty() and self.output_file is None else "concise"

    @property
    def is_for_people(self) -> bool:
        """Whether the output format is one that people read."""
        return self.format in ("full", "concise")

    def report(
        self, configs: Configs, files: int, items: Sequence[Reported], text_of: Callable[[str], str] | None = None
    ) -> Report:
        """The report of a run over so many files."""
        stdin = (self.stdin_filename or Path("stdin.py")) if self.reads_stdin else None
        return Report.of(
            files, items, lambda finding: configs.of(stdin or finding.path).names(finding.code), text_of or _text_of
        )

    def say(self, message: str) -> None:
        """A diagnostic, on standard error."""
        if not self.quiet:
            self.put(f"{printable_lines(message)}\n", err=True)

    def warn(self) -> None:
        """What the run has noted of files that it could not take as they are."""
        for line in notices.take():
            self.say(line)

    def put(self, text: str, *, err: bool = False) -> None:
        """Write on standard output or on standard error, and remember what was written."""
        click.echo(text, nl=False, err=err, color=None if err else wants_colour())
        if err:
            self.written.diagnostics += text
        else:
            self.written.output += text


def _check_output_file(path: Path, folders: list[Path]) -> None:
    """Raise click.ClickException where it cannot be written, before there is anything to write."""
    from printlint.writing.boundary import named_refusal

    if not path.parent.is_dir():
        message = f"--output-file {path}: the folder {path.parent} does not exist"
        raise click.ClickException(printable(message))
    if reason := named_refusal(path, folders):
        raise click.ClickException(printable(f"--output-file: {reason}"))


def _text_of(path: str) -> str:
    from printlint.lint.baseline import text_of  # only who shows lines pays for it

    return text_of(path)


def read_standard_input() -> bytes:
    """All of standard input. Raises click.UsageError where there is none, and OSError."""
    if sys.stdin is None:
        raise click.UsageError("standard input is closed")
    return sys.stdin.buffer.read()


def write_report(settings: Settings, report: Report) -> None:
    """The findings, and their statistics, where the user wants them."""
    to_file = settings.output_file is not None
    look = Look(settings.verbose, colour=not to_file and wants_colour(), width=0 if to_file else _width())
    text = render(report, settings.format, look)
    if settings.output_file is not None:
        try:
            settings.output_file.write_text(text, encoding="utf-8")
        except OSError as error:
            reason = error.strerror or str(error)
            message = f"--output-file {settings.output_file}: not written ({reason})"
            raise click.ClickException(printable(message)) from error
    else:
        settings.put(text)
    if settings.statistics:
        for line in _statistics(report):
            settings.put(f"{line}\n", err=not settings.is_for_people)


def tell_notes(settings: Settings, notes: Sequence[Finding]) -> None:
    """How many notes there are of each rule, where they are not listed."""
    listed = settings.verbose or not settings.is_for_people
    for code, count in sorted(Counter(finding.code for finding in notes).items()):
        rule = find_rule(code)
        assert rule is not None
        advice = "" if listed else f"; -v lists {'it' if count == 1 else 'them'}"
        settings.say(f"{rule.tally(count)}{advice}")


def _statistics(report: Report) -> Iterable[str]:
    counts = Counter(item.finding.code for item in report.items)
    for code in sorted(counts):
        rule = find_rule(code)
        note = " (a note)" if rule is not None and rule.severity is Severity.NOTE else ""
        yield f"{counts[code]:>6}  {code}  {rule.summary if rule else ''}{note}"


def _width() -> int:
    """The number of columns of the terminal on standard output; 0 where there is none."""
    if not sys.stdout.isatty():
        return 0
    import shutil  # loads all kinds of compression

    return shutil.get_terminal_size().columns


def echo_diff(change: Change) -> None:
    """A change as a unified diff on standard output."""
    from printlint.rewrite.diff import unified_diff

    for line in unified_diff(change):
        click.echo(_for_terminal(line, change.encoding) if sys.stdout.isatty() else line, nl=False)


def _for_terminal(line: bytes, encoding: str) -> str:
    """A line of a diff for somebody to read, where a file's text must not act on the terminal."""
    text = printable_lines(line.decode(encoding, "backslashreplace"))
    return _coloured_diff(text) if wants_colour() else text


def _coloured_diff(line: str) -> str:
    colours = {"+": "green", "-": "red", "@": "cyan"}
    heading = line.startswith(("+++", "---"))
    colour = colours.get(line[:1])
    return click.style(line, bold=True) if heading else click.style(line, fg=colour) if colour else line


def wants_colour() -> bool:
    """Whether standard output gets colour: NO_COLOR (no-color.org) forbids it, FORCE_COLOR asks for it."""
    if os.environ.get("NO_COLOR"):
        return False
    if any(os.environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def plural(count: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
