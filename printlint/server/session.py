"""One client's session: what is open, what is known of it, and the two threads that work on it.

The event loop has the protocol alone. One thread checks documents, in order, in the view that is in use. When files
change, the other one makes a new view, and has it ready before it takes the old one's place: checking while somebody
types waits for neither the disk nor a project's facts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from printlint import __version__
from printlint.reading import disk
from printlint.server.diagnostics import diagnostics_of
from printlint.server.documents import Document, path_of, uri_of
from printlint.server.view import Checked, View
from printlint.server.workspace_edits import Editor

T = TypeVar("T")


class Session(LanguageServer):
    """The server, by what it knows of its client. `pages` is the folder for the pages of rules that are opened."""

    def __init__(self, pages: Path) -> None:
        # Whole texts: pygls applies partial changes to lines that it ends at form feeds, too.
        super().__init__("printlint", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.pages = pages
        self.was_shut_down = False
        self.documents: dict[str, Document] = {}  # by the URI as the client writes it, which pygls does not keep
        self._shown: dict[str, types.PublishDiagnosticsParams] = {}
        self._view = View((), ())
        self._checking = ThreadPoolExecutor(1, "check")
        self._renewal = ThreadPoolExecutor(1, "renew")
        self._is_outdated = False
        self._renewing: asyncio.Task[None] | None = None
        self._problems: set[str] = set()

    @property
    def encoding(self) -> str:
        """The code units that columns count."""
        return str(self.server_capabilities.position_encoding or "utf-16")

    @property
    def roots(self) -> list[Path]:
        """The folders of the workspace."""
        uris = [*self.workspace.folders, *filter(None, (self.workspace.root_uri,))]
        return list(dict.fromkeys(path for uri in uris if (path := path_of(uri)) is not None))

    def text_of(self, path: Path) -> str | None:
        """The text of a file, as it is in the editor if it is open there; None for none. Raises OSError, ValueError."""
        uri = uri_of(path)
        if uri in self.workspace.text_documents:
            return str(self.workspace.get_text_document(uri).source)
        return disk.read(path, disk.CONFIG_LIMIT).decode() if path.exists() else None

    @property
    def editor(self) -> Editor:
        """What edits depend on."""
        workspace = self.client_capabilities.workspace
        capabilities = (workspace.workspace_edit if workspace else None) or types.WorkspaceEditClientCapabilities()
        documents = self.documents.values()
        by_path = {document.path: document for document in documents if document.path is not None}
        return Editor(self.encoding, by_path, capabilities)

    async def in_view(self, work: Callable[[View], T]) -> T:
        """What some work gives, done with the view in use when all is done that was asked for before."""
        return await asyncio.get_running_loop().run_in_executor(self._checking, lambda: work(self._view))

    async def check(self, uri: str) -> None:
        """Show the findings of a document, unless it has changed by then: whoever changed it asks again."""
        if (document := self.documents.get(uri)) is None:
            return
        checked = await self.in_view(lambda view: view.check(document) if self._is_current(document) else None)
        if checked is not None:
            self._show(checked)
            if checked.is_outdated:
                self.files_changed()

    async def close(self, uri: str) -> None:
        """Forget a document, and take its findings away."""
        self.documents.pop(uri, None)
        self._shown.pop(uri, None)
        await self.in_view(lambda view: view.close(uri))
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def files_changed(self) -> None:
        """Read everything anew; changes that come meanwhile are read together."""
        self._is_outdated = True
        if self._renewing is None:
            self._renewing = asyncio.get_running_loop().create_task(self._renew())

    async def _renew(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._is_outdated:
                self._is_outdated = False
                documents = list(self.documents.values())
                view = View(documents, self.roots)
                for document in documents:
                    self._show(await loop.run_in_executor(self._renewal, view.check, document))
                for document in documents:
                    if not self._is_outdated:
                        await loop.run_in_executor(self._renewal, view.plan, document)
                told = await loop.run_in_executor(self._renewal, view.notices)
                self._view = view
                for line in told:
                    self.window_log_message(types.LogMessageParams(types.MessageType.Warning, line))
                for document in set(self.documents.values()).difference(documents):
                    await self.check(document.uri)
        finally:
            self._renewing = None

    def _is_current(self, document: Document) -> bool:
        return self.documents.get(document.uri) is document

    def _show(self, checked: Checked) -> None:
        document = checked.document
        if not self._is_current(document):
            return
        if checked.problem and checked.problem not in self._problems:
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, checked.problem))
        self._problems = {checked.problem} if checked.problem else set()
        found = diagnostics_of(checked, self.encoding)
        params = types.PublishDiagnosticsParams(document.uri, found, document.version)
        if params != self._shown.get(document.uri):
            self._shown[document.uri] = params
            self.text_document_publish_diagnostics(params)
