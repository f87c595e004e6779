"""Every shortcut held to the plain way, over real packages: the findings have to be the same.

    python tests/differential.py FOLDER...

checks each file below the folders, by default and with all rules, as `check` does, and once more with every file
parsed, no search for words before that, no tree kept and every `# noqa` looked up by tokens. It prints what differs,
and exits with 1 if anything does. A file that cannot be parsed and in which nothing else could be found is not compared
(see PRT900's page).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import click

from printlint.config import Config
from printlint.lint.linter import lint_bytes
from printlint.partial.kept_trees import whole_trees
from printlint.reading.discovery import find_files
from printlint.run import Run

CONFIGURATIONS = (Config(), Config(select=("ALL",)))


@contextmanager
def no_shortcuts() -> Iterator[None]:
    """All shortcuts off."""
    with (
        patch("printlint.lint.linter.may_hold_findings", lambda *_: True),
        patch("printlint.lint.noqa.NoqaMap._is_alone", lambda *_: False),
        patch("printlint.partial.recent.Recent.put", lambda kept, key, _: kept._kept.pop(key, None)),
        whole_trees(),
    ):
        yield


def findings(path: Path) -> list[tuple[int, int, str, str]]:
    """What is found in a file, as plain values: by default, and by all rules."""
    data = path.read_bytes()
    linted = [lint_bytes(str(path), data, config, path).findings for config in CONFIGURATIONS]
    return [(found.start.line, found.start.column, found.code, found.message) for some in linted for found in some]


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
def main(folders: tuple[Path, ...]) -> None:
    """Compare, and say what differs."""
    files = list(map(Path, find_files(folders, lambda _: False)))
    with Run():
        quick = {path: findings(path) for path in files}
    differing = 0
    with Run(), no_shortcuts():
        for path in files:
            plain = findings(path)
            unparsed = not quick[path] and {code for _, _, code, _ in plain} == {"PRT900"}
            if plain != quick[path] and not unparsed:
                differing += 1
                for mark, only in (("-", set(plain) - set(quick[path])), ("+", set(quick[path]) - set(plain))):
                    for item in sorted(only):
                        click.echo(f"{mark} {path}:{item[0]}:{item[1]}: {item[2]} {item[3]}")
    click.echo(f"{len(files)} files, {differing} differ")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
