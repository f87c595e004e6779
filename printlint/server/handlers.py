"""What the server does about each message of its client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lsprotocol import types

from printlint.config_values import ConfigError
from printlint.rules import find_rule
from printlint.rules.page import rule_page
from printlint.server.accepting import AcceptingFails, accepted, accepted_here
from printlint.server.actions import EXPLAIN, KINDS, Actions, wanted_of
from printlint.server.documents import Document, uri_of
from printlint.server.hover import hover_at
from printlint.server.rewrites import Rewritten, rewritten
from printlint.server.session import Session
from printlint.server.workspace_edits import NotPossible

# What findings depend on: code, and files that configure logging, packages or programs.
_WATCHED = "**/*.{py,toml,cfg,ini,conf,json,yaml,yml}"
_RESOLVED = "edit"


def register(session: Session) -> None:
    """Have a session answer its client."""
    handlers: dict[str, Callable[..., Any]] = {
        types.INITIALIZED: started,
        types.SHUTDOWN: shut_down,
        types.TEXT_DOCUMENT_DID_OPEN: opened,
        types.TEXT_DOCUMENT_DID_CHANGE: changed,
        types.TEXT_DOCUMENT_DID_SAVE: files_changed,
        types.TEXT_DOCUMENT_DID_CLOSE: closed,
        types.WORKSPACE_DID_CHANGE_WATCHED_FILES: files_changed,
        types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: files_changed,
        types.TEXT_DOCUMENT_HOVER: hover,
        types.CODE_ACTION_RESOLVE: resolved,
    }
    for name, handler in handlers.items():
        session.feature(name)(handler)
    options = types.CodeActionOptions(code_action_kinds=list(KINDS), resolve_provider=True)
    session.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(actions)
    session.command(EXPLAIN)(explain)


def started(ls: Session, _: types.InitializedParams) -> None:
    """Ask to be told of files that change, whoever changes them."""
    workspace = ls.client_capabilities.workspace
    watched = workspace.did_change_watched_files if workspace else None
    if watched is not None and watched.dynamic_registration:
        watcher = types.FileSystemWatcher(_WATCHED)
        options = types.DidChangeWatchedFilesRegistrationOptions([watcher])
        name = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        ls.client_register_capability(types.RegistrationParams([types.Registration("files", name, options)]))


def shut_down(ls: Session, _: None) -> None:
    """The end is regular: what comes next is the message that says so."""
    ls.was_shut_down = True


async def opened(ls: Session, params: types.DidOpenTextDocumentParams) -> None:
    """Check a document; one of a project that is new has the project read, so that actions come at once."""
    if (document := Document.opened(params.text_document)) is None:
        return
    ls.documents[document.uri] = document
    await ls.check(document.uri)
    if not await ls.in_view(lambda view: view.knows(document)):
        ls.files_changed()


async def changed(ls: Session, params: types.DidChangeTextDocumentParams) -> None:
    """Check a document as it is now."""
    identifier, last = params.text_document, params.content_changes[-1]
    if (document := ls.documents.get(identifier.uri)) is not None:
        ls.documents[document.uri] = document._replace(version=identifier.version, text=last.text)
        await ls.check(document.uri)


async def closed(ls: Session, params: types.DidCloseTextDocumentParams) -> None:
    """Take its findings away."""
    await ls.close(params.text_document.uri)


def files_changed(ls: Session, _: Any) -> None:
    """Read everything anew."""
    ls.files_changed()


async def hover(ls: Session, params: types.HoverParams) -> types.Hover | None:
    """The reasons for what is found at a place."""
    if (document := ls.documents.get(params.text_document.uri)) is None:
        return None
    checked = await ls.in_view(lambda view: view.plan(document))
    return hover_at(checked, params.position, ls.encoding)


async def actions(ls: Session, params: types.CodeActionParams) -> list[types.CodeAction]:
    """What can be done about what is found in a range."""
    if (document := ls.documents.get(params.text_document.uri)) is None:
        return []
    checked = await ls.in_view(lambda view: view.plan(document))
    only = params.context.only
    offered = [
        action
        for action in Actions(checked, ls.encoding).within(params.range)
        if only is None or any(_is_below(str(action.kind), str(kind)) for kind in only)
    ]
    return offered if _resolves(ls) else [await resolved(ls, action) for action in offered]


async def resolved(ls: Session, action: types.CodeAction) -> types.CodeAction:
    """An action with its edit, which is found out when it is chosen; what there is to say of it is shown."""
    data: Any = action.data
    document = ls.documents.get(data["uri"]) if isinstance(data, dict) else None
    if document is None or action.edit is not None:
        return action
    try:
        result = await _result(ls, document, data)
        if result.texts:
            action.edit = ls.editor.edit(result.texts)
        messages = result.messages
    except (ConfigError, NotPossible, AcceptingFails) as error:
        messages = (str(error),)
    if messages:
        ls.window_show_message(types.ShowMessageParams(types.MessageType.Warning, "\n".join(messages)))
    return action


async def _result(ls: Session, document: Document, data: dict[str, Any]) -> Rewritten:
    documents, wanted = list(ls.documents.values()), wanted_of(data)
    if data["does"] == "fix":
        return await ls.in_view(lambda view: rewritten(view, document, wanted, documents))
    checked = await ls.in_view(lambda view: view.check(document))
    if data["does"] == "noqa":
        return Rewritten((accepted_here(checked, wanted.code, wanted.start),))
    return Rewritten((accepted(checked, wanted.code, ls.text_of),))


def explain(ls: Session, code: str) -> None:
    """Open the page of a rule; a client that opens none shows its first lines."""
    if (rule := find_rule(code)) is None:
        return
    window = ls.client_capabilities.window
    if window is not None and window.show_document is not None and window.show_document.support:
        path = ls.pages / f"{rule.code}.md"
        path.write_text(rule_page(rule), encoding="utf-8")
        ls.window_show_document(types.ShowDocumentParams(uri_of(path), take_focus=True))
    else:
        ls.window_show_message(types.ShowMessageParams(types.MessageType.Info, rule.prose()))


def _is_below(kind: str, asked: str) -> bool:
    """Whether a kind of action is one that was asked for: `source.fixAll.printlint` is a `source.fixAll`."""
    return kind == asked or kind.startswith(f"{asked}.")


def _resolves(ls: Session) -> bool:
    """Whether the client asks for the edit of an action when it is chosen."""
    document = ls.client_capabilities.text_document
    action = document.code_action if document else None
    return action is not None and action.resolve_support is not None and _RESOLVED in action.resolve_support.properties
