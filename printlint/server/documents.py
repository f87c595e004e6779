"""The texts that the editor has open, saved or not."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from printlint.reading.discovery import SKIPPED_FOLDERS
from printlint.source import Source, Unreadable

# Other schemes are cells of notebooks, versions of a file in git, and texts that some extension shows.
_SCHEMES = ("file:", "untitled:")


class Document(NamedTuple):
    """A text at one time. It has no path until it is saved for the first time."""

    uri: str
    version: int
    path: Path | None
    text: str

    @classmethod
    def opened(cls, item: types.TextDocumentItem) -> Document | None:
        """The Python code that was opened; None for anything else, stubs and cells of notebooks too."""
        path = path_of(item.uri)
        is_stub = path is not None and path.suffix == ".pyi"
        if item.language_id != "python" or is_stub or not item.uri.startswith(_SCHEMES):
            return None
        return cls(item.uri, item.version, path, item.text)

    @property
    def name(self) -> str:
        """What findings call it."""
        return str(self.path) if self.path is not None else "untitled.py"

    def source(self) -> Source:
        """The text, which knows its encoding. Raises `Unreadable`."""
        return Source.of_text(self.name, self.text)

    def is_below_skipped(self, roots: Iterable[Path]) -> bool:
        """Whether it is in a folder that `check` does not enter: of a virtual environment, or of installed packages."""
        if self.path is None:
            return False
        root = next((root for root in roots if self.path.is_relative_to(root)), None)
        below = self.path.relative_to(root) if root is not None else self.path
        return not SKIPPED_FOLDERS.isdisjoint(below.parts)


def path_of(uri: str) -> Path | None:
    """The absolute path of a file, by its URI; None for what is no file."""
    name = to_fs_path(uri)
    return Path(name) if name and Path(name).is_absolute() else None


def uri_of(path: Path) -> str:
    """The URI of a file."""
    return from_fs_path(str(path.absolute())) or ""


def texts_of(documents: Iterable[Document]) -> dict[Path, bytes]:
    """What the files of documents hold in the editor, as bytes; without what cannot be a file of Python code."""
    texts = {}
    for document in documents:
        if document.path is not None:
            try:
                source = document.source()
                texts[document.path] = source.encode(source.text)
            except (Unreadable, UnicodeError):
                continue
    return texts
