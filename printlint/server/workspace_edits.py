"""New texts of files as edits of a workspace: line by line, so that cursors and folds stay where they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types

from printlint.server.documents import Document, uri_of
from printlint.server.positions import Positions
from printlint.source import LINE_END, Source


class NewText(NamedTuple):
    """What a file is to hold. `old` is None for one that is not there."""

    path: Path
    old: str | None
    new: str


class NotPossible(Exception):
    """An edit that the client cannot make; the message says why."""


class Editor(NamedTuple):
    """What of the client an edit depends on: the encoding of its columns, its open files, what it can do."""

    encoding: str
    documents: Mapping[Path, Document]
    capabilities: types.WorkspaceEditClientCapabilities

    def edit(self, texts: Iterable[NewText]) -> types.WorkspaceEdit:
        """The edit that gives files their new texts. Raises `NotPossible`."""
        texts = list(texts)
        if not self.capabilities.document_changes:
            if made := [text.path for text in texts if text.old is None]:
                raise NotPossible(f"the editor cannot create {made[0].name} for it")
            return types.WorkspaceEdit({uri_of(text.path): list(self._edits(text)) for text in texts})
        kinds = self.capabilities.resource_operations or ()
        if types.ResourceOperationKind.Create not in kinds and any(text.old is None for text in texts):
            raise NotPossible("the editor cannot create files")
        changes: list[types.TextDocumentEdit | types.CreateFile] = []
        for text in texts:
            document = self.documents.get(text.path)
            uri = document.uri if document is not None else uri_of(text.path)
            if text.old is None:
                changes.append(types.CreateFile(uri))
            version = document.version if document is not None else None
            identifier = types.OptionalVersionedTextDocumentIdentifier(uri, version)
            changes.append(types.TextDocumentEdit(identifier, list(self._edits(text))))
        return types.WorkspaceEdit(document_changes=changes)

    def _edits(self, text: NewText) -> Iterator[types.TextEdit]:
        source = Source(str(text.path), text.old or "")
        positions = Positions(source, self.encoding)
        old, new = _lines(source.text), _lines(text.new)
        starts = [*_starts(old), len(source.text)]
        for tag, first, last, new_first, new_last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag != "equal":
                start, end = (source.position(starts[index]) for index in (first, last))
                yield types.TextEdit(positions.range(start, end), "".join(new[new_first:new_last]))


def _lines(text: str) -> list[str]:
    pieces = re.split(f"({LINE_END})", text)
    lines = ["".join(pair) for pair in zip(pieces[::2], [*pieces[1::2], ""], strict=True)]
    return lines if lines[-1] else lines[:-1]


def _starts(lines: list[str]) -> Iterator[int]:
    start = 0
    for line in lines:
        yield start
        start += len(line)
