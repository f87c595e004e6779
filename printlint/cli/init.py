"""`printlint init`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import click

from printlint.backends import backend_for
from printlint.cli.options import echo_diff, interface_options, table_of
from printlint.config import Config, Configs
from printlint.config_values import ASYNC_BACKENDS, LOGGERS
from printlint.facts.project.project import Project
from printlint.facts.project.setup_files import SETUP_NAMES, is_setup_file, provided_backends
from printlint.facts.reach.programs import Place, Programs
from printlint.names.layout import layout_of
from printlint.process.printable import printable
from printlint.reading.discovery import find_files, named, shown
from printlint.rewrite.changes import Change
from printlint.rewrite.setup_parts import blocks_of
from printlint.rewrite.starting import Starting
from printlint.rewrite.wire import Wiring, wire
from printlint.rules import rule_codes
from printlint.run import current
from printlint.setup.blocks import BLOCKS, provided_blocks
from printlint.setup.template import is_untouched, setup_source
from printlint.writing.boundary import refusal, setup_folders
from printlint.writing.write import NotWritten, replace_file

_BLOCKS = "\n".join(f"  {block.name:<10}  {block.what}\n{'':14}({block.when})" for block in BLOCKS)


@click.command(
    "init",
    epilog=f"\b\nBlocks of the module, each written where a program is seen to need it:\n{_BLOCKS}",
    short_help="Write a logging set-up module and call it at the entry points.",
)
@click.argument("path", type=click.Path(path_type=Path, exists=True), default=".")
@click.option("--diff", is_flag=True, help="Write nothing; print a unified diff.")
@click.option("--async-backend", type=click.Choice(ASYNC_BACKENDS), help="Logging back end for async code.")
@click.option("--logger", type=click.Choice(LOGGERS), help="The library that the project's calls log through.")
@interface_options
@click.option(
    "--with",
    "asked",
    multiple=True,
    type=click.Choice([block.name for block in BLOCKS]),
    metavar="BLOCK",
    help="Add a block to the module; may be repeated.",
)
@click.option("--no-wire", is_flag=True, help="Write only the module; leave the entry points unchanged.")
def command(path: Path, diff: bool, asked: tuple[str, ...], no_wire: bool, **options: Any) -> None:
    """Write the module that makes rewritten calls come out as a stream of events, and call it where programs start.

    PATH is a folder, or a file of it; a repository of several programs gets a module for each part that shares no
    code with the others. `__main__` guards and modules, scripts, console scripts, ASGI and WSGI applications, Celery
    apps, handlers of AWS Lambda and Django's settings get one line each. Programs that configure logging themselves
    keep that. What has to be done by hand is listed. `printlint fix` does all this for the programs that it rewrites.

    \b
    Examples:
      printlint init --diff
      printlint init src/app
      printlint init --async-backend structlog

    Exit status: 0 done, 1 with --diff and changes to make, 2 the command could not do its work.
    """
    config = Configs(rule_codes(), table_of(options, "async_backend", "logger")).of(
        path / "x" if path.is_dir() else path
    )
    targets, backend = _targets(path, config.setup_module), _chosen(config, path)
    asked = (*asked, "loguru") if config.logger == "loguru" else asked
    outcomes = [_outcome(target, path, config, (backend, asked), wires=not no_wire) for target in targets]
    if len(outcomes) > 1:  # a part of a repository that starts nothing needs no set-up
        outcomes = [item for item in outcomes if item.wiring.wired or item.wiring.left] or outcomes
        outcomes = [item if item.wiring.wired else item._replace(setup=None) for item in outcomes]
    changes = [change for item in outcomes for change in item.changes]
    for change in sorted(changes, key=lambda change: change.is_setup):
        if diff or not change.is_setup:
            echo_diff(change)
    if not diff:
        _write(changes)
    for item in outcomes:
        _say(item.setup, item.wiring, item.target.path, item.target.module, diff=diff)
    raise click.exceptions.Exit(1 if diff and changes else 0)


class _Target(NamedTuple):
    """A set-up module by its dotted name and its file, and the files whose programs it is for; None: all."""

    module: str
    path: Path
    files: frozenset[str] | None = None


class _Outcome(NamedTuple):
    """What is done for one set-up module; without `setup` it is there, or nothing needs it."""

    target: _Target
    setup: Change | None
    wiring: Wiring

    @property
    def changes(self) -> list[Change]:
        """The new bytes, those of the set-up module first."""
        return [*([self.setup] if self.setup is not None else []), *self.wiring.changes]


def _outcome(
    target: _Target, path: Path, config: Config, wanted: tuple[str, tuple[str, ...]], *, wires: bool
) -> _Outcome:
    setup = _setup_change(target, path, *wanted)
    if setup is not None:
        _check_place(target.path, path, config)
    with current().after({target.path: setup.new} if setup is not None else {}):
        files = sorted(map(Path, find_files([_project_folder(path)], lambda _: False))) if wires else []
        if target.files is not None:
            files = [file for file in files if str(file.absolute()) in target.files]
        wiring = wire(files, config, (target.module, target.path), Starting.around(_project_folder(path), config))
    return _Outcome(target, setup, wiring)


def _chosen(config: Config, path: Path) -> str:
    if config.async_backend != "auto":
        return config.async_backend
    project = Project.of(layout_of(path / "x.py" if path.is_dir() else path))
    return backend_for(project, config.logger).name


def _check_place(target: Path, path: Path, config: Config) -> None:
    folder = path if path.is_dir() else path.parent
    named = [path] if path.is_dir() else []
    if reason := refusal(target, setup_folders(folder / "x.py", config, named)):
        message = f"cannot write the set-up module: {reason}; nothing was written"
        raise click.ClickException(printable(message))


def _setup_change(target: _Target, path: Path, backend: str, asked: tuple[str, ...]) -> Change | None:
    """The set-up module's new bytes, or None where it is there and has what is asked for, or what its programs need."""
    programs = Programs.of(layout_of(_project_folder(path).absolute() / "__init__.py"))
    needed = blocks_of(programs, target.files if target.files is not None else programs.own_files())
    if not target.path.exists():
        return Change(target.path, None, setup_source(backend, *needed, *asked).encode(), module=target.module)
    data = target.path.read_bytes()
    text = data.decode("utf-8", "replace")
    provided = provided_backends(text) | provided_blocks(text)
    if is_untouched(text):
        new = setup_source(backend, *provided, *needed, *asked).encode()
        return Change(target.path, data, new, module=target.module) if new != data else None
    if missing := [name for name in (backend, *asked) if name not in provided]:
        raise click.UsageError(
            f"{named(target.path)} was edited and lacks {' and '.join(missing)}; move it away, "
            "run this again, and reapply your changes"
        )
    return None


def _write(changes: list[Change]) -> None:
    for change in changes:
        try:
            replace_file(change.path, change.old, change.new)
        except NotWritten as error:
            raise click.ClickException(printable(str(error))) from error


def _say(setup: Change | None, wiring: Wiring, target: Path, module: str, *, diff: bool) -> None:
    if setup is None:
        click.echo(f"{named(target)} already exists", err=True)
    else:
        click.echo(f"{'would write' if diff else 'wrote'} {named(target)}", err=True)
    for place in wiring.wired:
        click.echo(f"{'would wire' if diff else 'wired'} {printable(place)}", err=True)
    if not wiring.wired and not wiring.left:
        click.echo("Add this to the entry point, before anything logs:", err=True)
        click.echo(f"    from {module} import setup_logging\n    setup_logging()", err=True)
    if wiring.left:
        click.echo("To do by hand:", err=True)
    for line in wiring.left:
        click.echo(printable(line), err=True)


def _targets(path: Path, configured: str | None) -> list[_Target]:
    """The set-up modules that the programs below a path need."""
    if configured is not None:
        folder, prefix = _package(path)
        root = folder
        for _ in prefix.split(".")[:-1]:
            root = root.parent
        return [_Target(configured, root.joinpath(*configured.split(".")).with_suffix(".py"))]
    folder = _project_folder(path).absolute()
    programs = Programs.of(layout_of(next(folder.glob("*.py"), folder / "__init__.py")))
    places = programs.places_below(folder)
    if not places:
        return [_free(*_package(path))]
    alone = len(places) == 1
    return [
        _target(programs, place, file, None if alone else programs.files_of(place)) for place, file in places.items()
    ]


def _target(programs: Programs, place: Place, file: str, files: frozenset[str] | None) -> _Target:
    if existing := programs.existing(file):
        return _Target(existing[0], shown(existing[1]), files)
    return _free(shown(Path(place.folder)), place.name(""))._replace(files=files)


def _free(folder: Path, prefix: str) -> _Target:
    """The set-up module of a folder, under the first name that no other module has."""
    for name in SETUP_NAMES:
        target = folder / f"{name}.py"
        if not target.exists() or is_setup_file(target):
            return _Target(f"{prefix}{name}", target)
    raise click.UsageError(f"{named(folder)} has other modules named {', '.join(SETUP_NAMES)}; set `setup-module`")


def _project_folder(path: Path) -> Path:
    """What is looked through for entry points: the folder that was named, or the package of the file."""
    return path if path.is_dir() else path.parent


def _package(path: Path) -> tuple[Path, str]:
    """The package that is named, or the only one in the folder that is."""
    folder = path if path.is_dir() else path.parent
    if not (folder / "__init__.py").exists():
        packages = [item for base in (folder, folder / "src") for item in _packages(base)]
        if len(packages) == 1:
            folder = packages[0]
        elif len(packages) > 1:
            names = ", ".join(map(named, packages))
            raise click.UsageError(f"{named(path)} contains several packages ({names}); pass one of them")
    layout = layout_of(folder / "__init__.py")
    if not layout.top_package:
        return folder, ""
    return shown(layout.import_root / layout.top_package), f"{layout.top_package}."


def _packages(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    heads = (item / "__init__.py" for item in sorted(folder.iterdir()))
    files = ((head, Project.at(folder.absolute()).file(head)) for head in heads if head.exists())
    return [head.parent for head, file in files if file.is_own or file.is_tool]
