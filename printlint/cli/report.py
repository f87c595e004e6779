"""`printlint report`."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from printlint import __version__
from printlint.cli.options import plural
from printlint.cli.programs import found_programs, logging_of, told_records
from printlint.config import Configs
from printlint.finding import Reported, Safety
from printlint.lint.baseline import Baseline, text_of
from printlint.lint.run import check_files
from printlint.process.printable import printable
from printlint.reading.discovery import Files, find_files
from printlint.report.as_concise import reasons_of
from printlint.rewrite.fixer import report
from printlint.rules import find_rule, rule_codes
from printlint.writing.boundary import named_refusal

_MOST_ROWS = 50  # of folders, fixes and reasons: the others are among the findings


@click.command("report", short_help="Write a page that shows programs, findings and fixes.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--html",
    "page",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the page to this file.",
)
def command(paths: tuple[Path, ...], page: Path) -> None:
    """Write one self-contained HTML page for people.

    It has the programs with their kinds and who hears them, the findings by rule and folder, what `fix` would do, what
    stays and why, and what is new since the baseline. It needs the extra `report`: pip install 'printlint[report]'.

    \b
    Example:
      printlint report --html report.html

    Exit status: 0 written, 2 the command could not do its work.
    """
    try:
        from jinja2 import Environment, PackageLoader
    except ImportError:
        raise click.ClickException("a report needs one more package: pip install 'printlint[report]'") from None
    paths = paths or (Path(),)
    if reason := named_refusal(page, [path for path in paths if path.is_dir()]):
        raise click.ClickException(printable(f"--html: {reason}"))
    configs = Configs(rule_codes())
    files = Files(find_files(paths, configs.excludes))
    items = check_files(files, configs, jobs=1, reporter=report)
    template = Environment(autoescape=True, loader=PackageLoader("printlint.cli", "")).get_template("report.html")
    text = template.render(_facts(paths, configs, files, items))
    try:
        page.write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        message = f"--html {page}: not written ({error.strerror or error})"
        raise click.ClickException(printable(message)) from error


def _facts(paths: tuple[Path, ...], configs: Configs, files: Files, items: Sequence[Reported]) -> dict[str, Any]:
    by_path = groupby(items, lambda item: item.finding.path)
    sums = _row("", "", items)
    return {
        "title": Path(paths[0]).absolute().name,
        "version": __version__,
        "made": time.strftime("%Y-%m-%d"),
        "sums": [
            ("files", len(files)),
            ("findings", len(items)),
            ("safe fixes", sums["safe"]),
            ("unsafe fixes", sums["unsafe"]),
            ("stay", sums["stays"]),
        ],
        "trend": _trend(configs, files, items),
        "programs": list(_programs(paths)),
        "by_rule": _rows(items, lambda item: item.finding.code),
        "by_folder": _rows(items, lambda item: Path(item.finding.path).parent.as_posix())[:_MOST_ROWS],
        "fixes": Counter(_title(item) for item in items if item.fix is not None).most_common(_MOST_ROWS),
        "stays": list(_stays(items)),
        "files": [(printable(path), [_shown(item) for item in its]) for path, its in by_path],
    }


def _rows(items: Iterable[Reported], key: Callable[[Reported], str]) -> list[dict[str, Any]]:
    """A row for each group, the largest first."""
    groups: dict[str, list[Reported]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return [_row(printable(name), rule.name if (rule := find_rule(name)) else "", its) for name, its in ordered]


def _row(name: str, about: str, items: Sequence[Reported]) -> dict[str, Any]:
    fixes = Counter(item.fix.safety for item in items if item.fix is not None)
    safe, unsafe = fixes[Safety.SAFE], fixes[Safety.UNSAFE]
    stays = len(items) - safe - unsafe
    return {"name": name, "about": about, "all": len(items), "safe": safe, "unsafe": unsafe, "stays": stays}


def _title(item: Reported) -> str:
    assert item.fix is not None
    mark = "" if item.fix.safety is Safety.SAFE else " (unsafe)"
    return f"{printable(item.fix.title)}{mark}"


def _stays(items: Iterable[Reported]) -> Iterator[tuple[str, int, str]]:
    """The reasons for what stays, each with how often it is one, and a place."""
    places: dict[str, list[str]] = {}
    for item in items:
        if item.fix is None:
            place = f"{item.finding.path}:{item.finding.start.line}"
            places.setdefault(item.refused or item.finding.message, []).append(place)
    for reason, its in sorted(places.items(), key=lambda entry: -len(entry[1]))[:_MOST_ROWS]:
        yield printable(reason), len(its), printable(its[0])


def _shown(item: Reported) -> dict[str, Any]:
    finding = item.finding
    reasons = "; ".join(reasons_of(item))
    line, column = finding.start
    return {
        "line": line,
        "column": column,
        "code": finding.code,
        "message": printable(finding.message),
        "reasons": reasons,
    }


def _programs(paths: tuple[Path, ...]) -> Iterator[dict[str, Any]]:
    for model, program in found_programs(paths):
        yield {
            "name": printable(program.name),
            "kind": program.kind.value,
            "why": printable(program.why),
            "files": plural(len(program.files), "file"),
            "starts": [printable(f"{model.tree.shown(one.file)}:{one.line}") for one in program.starts],
            "configured": [printable(logging_of(model, one)) for one in program.configured],
            "records": told_records(model, program),
        }


def _trend(configs: Configs, files: Files, items: Sequence[Reported]) -> str:
    """What is new, and what is gone, since the baseline of the first file with one; empty without a baseline."""
    paths = (configs.of(name).baseline_path for name in files.names)
    if (path := next((path for path in paths if path is not None), None)) is None or not path.exists():
        return ""
    baseline = Baseline.read(path)
    match = baseline.match(baseline.entries_of([item.finding for item in items], text_of), files.names)
    accepted, left = len(baseline.entries), len(match.standing)
    new = plural(len(match.new), "new finding")
    return f"{new}; of {accepted} that were accepted, {left} are left and {accepted - left} gone."
