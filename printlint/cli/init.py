"""`printlint init`."""

from __future__ import annotations

from pathlib import Path

import click

from printlint.discovery import find_files
from printlint.facts.layout import layout_of
from printlint.facts.project import Project
from printlint.facts.setup_files import SETUP_NAMES
from printlint.rewrite.diff import unified_diff
from printlint.rewrite.files import Change
from printlint.setup.template import setup_source
from printlint.write import NotWritten, replace_file


@click.command("init", short_help="Write the logging set-up module.")
@click.argument("path", type=click.Path(path_type=Path, exists=True), default=".")
@click.option("--diff", is_flag=True, help="Write nothing; show the file.")
def command(path: Path, diff: bool) -> None:
    """Write the module that makes rewritten calls come out as a stream of events.

    PATH is a package, a folder that holds one, or a file of it. Where the program starts is left to you: the
    places that look like it are listed with the line to add.

    \b
    Examples:
      printlint init --diff
      printlint init src/app
    """
    folder, prefix = _place(path)
    existing = next((folder / f"{name}.py" for name in SETUP_NAMES if (folder / f"{name}.py").exists()), None)
    if existing is not None:
        raise click.UsageError(f"{existing} is there already")
    target = folder / f"{SETUP_NAMES[0]}.py"
    change = Change(target, None, setup_source("queue").encode(), module=f"{prefix}{SETUP_NAMES[0]}")
    if diff:
        click.echo("".join(unified_diff(change)), nl=False)
        raise click.exceptions.Exit(1)
    try:
        replace_file(target, None, change.new)
    except NotWritten as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"wrote {target}", err=True)
    click.echo("Add to where the program starts, before anything logs:", err=True)
    click.echo(f"    from {change.module} import setup_logging\n    setup_logging()", err=True)
    for place in _entry_points(path):
        click.echo(f"  perhaps in {place}", err=True)


def _place(path: Path) -> tuple[Path, str]:
    """The folder for the module, and the package that its name starts with."""
    folder = path if path.is_dir() else path.parent
    if not (folder / "__init__.py").exists():
        packages = [item for base in (folder, folder / "src") for item in _packages(base)]
        if len(packages) == 1:
            folder = packages[0]
        elif len(packages) > 1:
            names = ", ".join(str(item) for item in packages)
            raise click.UsageError(f"{path} holds several packages ({names}); name one of them")
    layout = layout_of(folder / "__init__.py")
    if not layout.top_package:
        return folder, ""
    return layout.import_root / layout.top_package, f"{layout.top_package}."


def _packages(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [item for item in sorted(folder.iterdir()) if (item / "__init__.py").exists() and item.name != "tests"]


def _entry_points(path: Path) -> list[str]:
    places = sorted(Project.of(path.absolute() / "x.py").entry_points)
    for file in find_files([path], lambda _: False):
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if line.startswith("if __name__ =="):
                places.append(f"{file}:{number}")
    return places
