"""What `fix` does, for one finding or for a document: the same rewrite, with the set-up that its messages need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from printlint.facts.programs.model import Model
from printlint.finding import Finding
from printlint.names.layout import layout_of
from printlint.rewrite.changes import Change
from printlint.rewrite.choices import Choices, Offer
from printlint.rewrite.files import fix_files
from printlint.rewrite.fixer import fix
from printlint.server.documents import Document, texts_of
from printlint.server.view import View
from printlint.server.workspace_edits import NewText
from printlint.source import Position, Source

_OTHERS = "only another finding was to be fixed"


class Wanted(NamedTuple):
    """What to rewrite: the finding of a code at a place, with `method` if that is not empty; all safe ones without."""

    code: str = ""
    start: Position = Position(1, 1)
    method: str = ""
    unsafe: bool = False


class Rewritten(NamedTuple):
    """The new texts of files, and what there is to say: what was not done, and which messages would be lost."""

    texts: tuple[NewText, ...]
    messages: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Chooser:
    """Chooses what is wanted in one file; others are there to have logging set up in them.

    Once the one finding that was wanted is rewritten, the text is another, and the rest is left alone.
    """

    path: str
    text: str
    wanted: Wanted

    @property
    def takes_notes(self) -> bool:
        return bool(self.wanted.code)

    def choose(self, offer: Offer) -> Choices:
        choices = Choices()
        for finding in offer.accepted:
            if finding.site is None:
                continue
            if not self._is_wanted(finding, offer.module.source):
                choices.vetoes[finding.site] = _OTHERS
            elif self.wanted.method:
                choices.methods[finding.site] = self.wanted.method
        return choices

    def sets_up(self, change: Change) -> bool:
        return True

    def _is_wanted(self, finding: Finding, source: Source) -> bool:
        if source.path != self.path:
            return False
        one = source.text == self.text and (finding.code, finding.start) == self.wanted[:2]
        return one if self.wanted.code else True


def rewritten(view: View, document: Document, wanted: Wanted, documents: Sequence[Document]) -> Rewritten:
    """The rewrite of a document, among all that are open. Nothing is written."""
    source = document.source()
    chooser = _Chooser(source.path, source.text, wanted)
    if document.path is None:
        with view.run:
            fixed = fix(source, unsafe=wanted.unsafe, chooser=chooser)
        if fixed.source.text == source.text:
            return Rewritten((), _refusals(wanted, [(item.finding, item.refused) for item in fixed.left]))
        return Rewritten((NewText(Path(document.uri), source.text, fixed.source.text),))
    texts = texts_of(documents)
    run = fix_files(
        [document.path, *_starts(view, document.path)],
        view.configs,
        unsafe=wanted.unsafe,
        allow_setup=True,
        quiet=True,
        chooser=chooser,
        folders=view.roots,
        known=view.run.aside().after(texts),
    )
    told = [f"{item.path.name}:{item.line}: {item.text}" for item in run.programs if item.text]
    messages = (*run.errors, *run.warnings, *told)
    if not run.changes:
        return Rewritten((), (*_refusals(wanted, [(item.finding, item.refused) for item in run.left]), *messages))
    return Rewritten(tuple(_new_text(change, texts) for change in run.changes), messages)


def _starts(view: View, path: Path) -> list[Path]:
    """The other files of the workspace that start the programs of a file: where logging would be set up."""
    with view.run:
        programs = Model.of(layout_of(path)).containing(str(path))
    files = {Path(start.file) for program in programs for start in program.starts} - {path}
    return sorted(file for file in files if any(file.is_relative_to(root) for root in view.roots))


def _new_text(change: Change, texts: Mapping[Path, bytes]) -> NewText:
    path = change.path.absolute()
    new = Source.decode(str(path), change.new).text
    old = texts.get(path, change.old)
    return NewText(path, Source.decode(str(path), old).text if old is not None else None, new)


def _refusals(wanted: Wanted, left: Sequence[tuple[Finding, str | None]]) -> tuple[str, ...]:
    """Why what was wanted was not done."""
    reasons = [
        f"line {finding.start.line}: {finding.code} is left alone: {refused}"
        for finding, refused in left
        if refused and refused != _OTHERS and (not wanted.code or (finding.code, finding.start) == wanted[:2])
    ]
    return tuple(reasons[:1]) or ("nothing to fix",)
