"""`printlint check --add-noqa`: a comment for each finding, so that only new ones are reported from now on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import click

from printlint.cli.options import Settings, plural
from printlint.finding import Finding, Reported
from printlint.lint.added_noqa import with_noqa
from printlint.process.printable import printable
from printlint.reading import disk
from printlint.source import Source, Unreadable
from printlint.writing.write import NotWritten, replace_file

_UNREADABLE = "PRT900"


def add_noqa(settings: Settings, items: Sequence[Reported]) -> int:
    """Write the comments, and say what was written. Returns the exit status."""
    added, files, status = 0, 0, 0
    findings = (item.finding for item in items)
    for path, of_file in groupby(findings, lambda finding: finding.path):
        try:
            count = _add(Path(path), [finding for finding in of_file if finding.code != _UNREADABLE])
        except (NotWritten, OSError, Unreadable, UnicodeError) as error:
            click.echo(f"printlint: {printable(str(error))}", err=True)
            status = 2
            continue
        added, files = added + count, files + bool(count)
    settings.say(f"{plural(added, 'comment')} added in {plural(files, 'file')}")
    return status


def _add(path: Path, findings: Sequence[Finding]) -> int:
    """How many lines of a file got a comment."""
    data = disk.read(path)
    source = Source.decode(str(path), data)
    new = with_noqa(source, findings)
    if new == source.text:
        return 0
    replace_file(path, data, source.encode(new))
    return sum(old != line for old, line in zip(source.text.splitlines(), new.splitlines(), strict=True))
