"""`printlint programs`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from printlint.cli.format_option import format_option
from printlint.facts.delivery.program_records import Records, records_of
from printlint.facts.log_setup.logger_settings import Attached
from printlint.facts.programs.configured import Configured
from printlint.facts.programs.model import Model, Program
from printlint.facts.project.project import Project
from printlint.facts.reach.import_roots import is_within
from printlint.names.layout import layout_of
from printlint.process.printable import as_json, printable

_SHOWN = 5  # places of one kind in a text; JSON has all
_FEW = 3  # loggers by name


@click.command("programs", short_help="List the programs of a repository.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@format_option(("text", "json"))
def command(paths: tuple[Path, ...], output_format: str) -> None:
    """List the programs that run files below PATHS, by default the current folder.

    For each program: where it starts, what kind it is and why, the folders that its imports start from, what
    configures its logging, which handlers the records of its modules meet, and which records are lost or come twice.
    Nothing is run or written.

    \b
    Examples:
      printlint programs
      printlint programs services/api
      printlint programs --output-format json

    Exit status: 0 done, 2 the command could not do its work.
    """
    found = list(found_programs(paths or (Path(),)))
    if output_format == "json":
        document = {"version": 1, "programs": [_as_json(model, program) for model, program in found]}
        click.echo(as_json(document))
        return
    if not found:
        click.echo("no programs found", err=True)
    click.echo("\n\n".join("\n".join(_as_text(*item)) for item in found), nl=bool(found))


def found_programs(paths: tuple[Path, ...]) -> Iterator[tuple[Model, Program]]:
    """The programs that run a file below some paths, each once, with the model of their tree."""
    seen: set[tuple[Path, str]] = set()
    for path in paths:
        absolute = path.absolute()
        model = Model.of(layout_of(absolute / "x.py" if path.is_dir() else absolute))
        for program in model.programs:
            key = model.tree.root, program.name
            if key not in seen and any(is_within(file, str(absolute)) for file in program.files):
                seen.add(key)
                yield model, program


# As text


def _as_text(model: Model, program: Program) -> Iterator[str]:
    yield f"{click.style(printable(program.name), bold=True)}: {program.kind.value}"
    yield _line("why", [program.why])
    yield _line("starts", [f"{model.tree.shown(one.file)}:{one.line} ({one.how})" for one in program.starts])
    yield _line("roots", [model.tree.shown(root) for root in program.roots])
    yield _line("files", [str(len(program.files))])
    yield _line("logging", [logging_of(model, one) for one in program.configured] or ["nothing configures it"])
    if program.setup is not None:
        yield _line("set-up", [model.tree.shown(str(program.setup[1]))])
    project = Project.at(model.tree.root)
    records = records_of(model, program)
    yield _line("heard", [_heard(project, item) for item in records if not item.heard.lost])
    for label, told in (("lost", _lost), ("doubled", _doubled)):
        if lines := [line for item in records if (line := told(project, item))]:
            yield _line(label, lines)


def _line(label: str, values: list[str]) -> str:
    shown = [printable(value) for value in values[:_SHOWN]]
    if len(values) > _SHOWN:
        shown.append(f"and {len(values) - _SHOWN} more")
    return f"  {label + ':':<9} " + f"\n{'':12}".join(shown or ["none"])


def _heard(project: Project, item: Records) -> str:
    met = ", ".join(one.described(project) for one in item.heard.met) or "unknown handlers"
    return f"{_levels(item)} of {_named(item.loggers)} by {met}"


def _lost(project: Project, item: Records) -> str:
    return f"{_levels(item)} of {_named(item.loggers)}: {item.heard.lost}" if item.heard.lost else ""


def _doubled(project: Project, item: Records) -> str:
    if item.heard.doubled is None:
        return ""
    first, second = (one.described(project) for one in item.heard.doubled)
    return f"{_levels(item)} of {_named(item.loggers)}: {first} and {second}"


def told_records(model: Model, program: Program) -> list[dict[str, Any]]:
    """For each group of a program's loggers, as text: which levels, what hears them, what is lost or comes twice."""
    project = Project.at(model.tree.root)
    return [
        {
            "loggers": printable(_named(item.loggers)),
            "levels": _levels(item),
            "handlers": [printable(one.described(project)) for one in item.heard.met],
            "lost": printable(item.heard.lost or ""),
            "doubled": printable(" and ".join(one.described(project) for one in item.heard.doubled or ())),
        }
        for item in records_of(model, program)
    ]


def _levels(item: Records) -> str:
    return " and ".join(item.levels)


def _named(loggers: tuple[str, ...]) -> str:
    shown = [f"`{name}`" for name in loggers[:_FEW]]
    return ", ".join(shown) + (f" and {len(loggers) - _FEW} more" if len(loggers) > _FEW else "")


def logging_of(model: Model, one: Configured) -> str:
    """What configures a program's logging, and where."""
    return f"{one.what} ({model.tree.shown(one.file)}:{one.line})" if one.file else f"{one.what} configures it"


# As JSON


def _as_json(model: Model, program: Program) -> dict[str, Any]:
    shown = model.tree.shown
    setup = program.setup
    return {
        "name": program.name,
        "kind": program.kind.value,
        "why": program.why,
        "host": program.host or None,
        "starts": [{"path": shown(one.file), "line": one.line, "reason": one.how} for one in program.starts],
        "roots": [shown(root) for root in program.roots],
        "files": [shown(file) for file in sorted(program.files)],
        "logging": {
            "configured_by": [
                {"what": one.what, "path": shown(one.file) if one.file else None, "line": one.line or None}
                for one in program.configured
            ],
            "setup_module": {"module": setup[0], "path": shown(str(setup[1]))} if setup is not None else None,
            "records": [_record(model, item) for item in records_of(model, program)],
        },
    }


def _record(model: Model, item: Records) -> dict[str, Any]:
    doubled = item.heard.doubled
    return {
        "levels": list(item.levels),
        "loggers": list(item.loggers),
        "handlers": [_handler(model, one) for one in item.heard.met],
        "lost": item.heard.lost or None,
        "doubled": [_handler(model, one) for one in doubled] if doubled is not None else None,
    }


def _handler(model: Model, one: Attached) -> dict[str, Any]:
    return {
        "handler": one.shown,
        "logger": one.logger,
        "does": one.kind.value,
        "path": None if one.host else model.tree.shown(str(one.place.path)),
        "line": None if one.host else one.place.line,
        "host": one.host or None,
    }
