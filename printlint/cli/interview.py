"""`printlint fix --interactive`: one finding after the other, with what would become of it."""

from __future__ import annotations

import ast
from pathlib import Path

import click

from printlint.cli.options import echo_diff, wants_colour
from printlint.finding import Finding
from printlint.logging_names import LEVELS
from printlint.process.printable import printable
from printlint.report.as_concise import position_of
from printlint.rewrite.changes import Change
from printlint.rewrite.choices import Choices, Offer

_HELP = """\
  y  rewrite this one
  n  skip it
  l  rewrite it at another level
  f  skip the rest of this file
  q  quit: rewrite what was accepted so far, skip the rest"""
_KEPT = "skipped by the user"

# A finding as it can be known again when its file has been rewritten around it.
_Key = tuple[str, str, str]


class Interview:
    """Asks on the terminal. What was answered once is not asked again in later passes over a file.

    Raises KeyboardInterrupt where the user interrupts, or ends the input; nothing has been written then.
    """

    takes_notes = True

    def __init__(self) -> None:
        self._answers: dict[_Key, str] = {}
        self._left_files: set[str] = set()
        self._over = False
        self._set_up: dict[Path, bool] = {}

    def choose(self, offer: Offer) -> Choices:
        """See `printlint.rewrite.choices.Chooser`."""
        choices = Choices()
        answered: dict[_Key, str] = {}
        for finding in offer.accepted:
            assert isinstance(finding.site, (ast.expr, ast.stmt))
            key = finding.path, finding.code, offer.module.source.segment(finding.site)
            try:
                answer = self._answers.get(key) or self._ask(offer, finding)
            except click.Abort:  # an Exception, which is one file's trouble elsewhere
                raise KeyboardInterrupt from None
            if answer == "n":
                choices.vetoes[finding.site] = _KEPT
            elif answer in LEVELS:
                choices.methods[finding.site] = answer
            # of findings that look alike, one that stays is what a later pass will meet again
            answered[key] = answer if answered.get(key) != "n" else "n"
        self._answers |= answered
        return choices

    def sets_up(self, change: Change) -> bool:
        """See `printlint.rewrite.choices.Chooser`. Asked once for each program."""
        if change.path not in self._set_up:
            click.echo("\nNo code of this program configures logging; its messages below WARNING would be lost.")
            echo_diff(change)
            try:
                self._set_up[change.path] = click.confirm("Set it up here?", default=True)
            except click.Abort:
                raise KeyboardInterrupt from None
        return self._set_up[change.path]

    def _ask(self, offer: Offer, finding: Finding) -> str:
        if self._over or finding.path in self._left_files:
            return "n"
        self._show(offer, finding, "")
        level = ""
        while True:
            answer = click.prompt("Rewrite it? [y,n,l,f,q,?]", default="y", show_default=False).strip().lower()
            match answer[:1]:
                case "y":
                    return level or "y"
                case "n":
                    return "n"
                case "f":
                    self._left_files.add(finding.path)
                    return "n"
                case "q":
                    self._over = True
                    return "n"
                case "l" if finding.level is not None:
                    level = click.prompt("Level", type=click.Choice(LEVELS), default=level or finding.level.method)
                    self._show(offer, finding, level)
                case "l":
                    click.echo("This rewrite does not choose a level.")
                case _:
                    click.echo(_HELP)

    def _show(self, offer: Offer, finding: Finding, level: str) -> None:
        place = f"{position_of(finding)}:"
        message = printable(finding.message)
        click.echo(f"\n{click.style(place, bold=True) if wants_colour() else place} {finding.code} {message}")
        if finding.level is not None and not level:
            click.echo(f"level {finding.level.method}: {printable(finding.level.why)}")
        new, source = offer.preview(finding, level), offer.module.source
        echo_diff(Change(Path(finding.path), source.encode(source.text), new.encode(new.text), source.encoding))
