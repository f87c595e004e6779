"""The language server, through its protocol: a real client over standard input and output, and files on disk."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import Run, clean_environment, write_files
from lsprotocol import types
from pygls.lsp.client import LanguageClient
from pygls.uris import to_fs_path

from printlint.server.documents import uri_of

pytestmark = pytest.mark.system

SECONDS = 20
PROGRAM = {
    "main.py": 'import work\n\nif __name__ == "__main__":\n    work.run(2)\n',
    "work.py": 'def run(n):\n    print("working on", n)\n    print("working hard")\n',
}
RESOLVES = types.ClientCodeActionResolveOptions(["edit"])
EDITS = types.WorkspaceEditClientCapabilities(
    document_changes=True, resource_operations=[types.ResourceOperationKind.Create]
)


class Editor:
    """A client: what it was told, by the documents that it was told of."""

    def __init__(self, client: LanguageClient) -> None:
        self.client = client
        self.told: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.messages: asyncio.Queue[str] = asyncio.Queue()
        self.pages: list[str] = []
        self.encoding = ""
        self._versions: dict[str, int] = {}
        client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda told: self.told.put_nowait(told))
        client.feature(types.WINDOW_SHOW_MESSAGE)(lambda shown: self.messages.put_nowait(shown.message))
        client.feature(types.WINDOW_SHOW_DOCUMENT)(lambda params: self._show(params))
        client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda _: None)

    def _show(self, params: types.ShowDocumentParams) -> types.ShowDocumentResult:
        self.pages.append(Path(to_fs_path(params.uri) or "").read_text(encoding="utf-8"))
        return types.ShowDocumentResult(True)

    async def open(self, path: Path, text: str | None = None) -> list[types.Diagnostic]:
        """Open a file, with a text that need not be saved; what is found in it."""
        uri = uri_of(path)
        self._versions[uri] = 1
        item = types.TextDocumentItem(uri, "python", 1, path.read_text() if text is None else text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return await self.found(path)

    async def type(self, path: Path, text: str) -> list[types.Diagnostic]:
        """Give an open file another text; what is found in that."""
        uri = uri_of(path)
        self._versions[uri] += 1
        identifier = types.VersionedTextDocumentIdentifier(self._versions[uri], uri)
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))
        return await self.found(path)

    async def found(
        self, path: Path, until: Callable[[list[str]], bool] = lambda codes: True
    ) -> list[types.Diagnostic]:
        """The next findings of the newest text of a file that are as expected, by their codes."""
        uri = uri_of(path)
        while True:
            told = await self.told.get()
            if told.uri == uri and told.version in (None, self._versions[uri]) and until(list(told.diagnostics)):
                return list(told.diagnostics)

    async def actions(self, path: Path, line: int, *only: str) -> dict[str, types.CodeAction]:
        """What is offered on a line (from 0), by the titles; without commands."""
        everywhere = types.Range(types.Position(line, 0), types.Position(line, 200))
        context = types.CodeActionContext([], only=list(only) or None)  # type: ignore[arg-type]
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri_of(path)), everywhere, context)
        offered = await self.client.text_document_code_action_async(params)
        return {action.title: action for action in offered or () if isinstance(action, types.CodeAction)}

    async def choose(self, path: Path, line: int, title: str) -> dict[Path, str]:
        """Choose an action by the beginning of its title; the files that its edit makes or changes."""
        action = next(action for name, action in (await self.actions(path, line)).items() if name.startswith(title))
        resolved = await self.client.code_action_resolve_async(action)
        return applied(resolved.edit)

    async def hover(self, path: Path, line: int, column: int) -> str:
        params = types.HoverParams(types.TextDocumentIdentifier(uri_of(path)), types.Position(line, column))
        shown = await self.client.text_document_hover_async(params)
        return shown.contents.value if shown is not None else ""  # type: ignore[union-attr]

    def changed_on_disk(self, *paths: Path) -> None:
        events = [types.FileEvent(uri_of(path), types.FileChangeType.Changed) for path in paths]
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))


def codes(found: Any) -> list[str]:
    return [str(item.code) for item in found]


def applied(edit: types.WorkspaceEdit | None) -> dict[Path, str]:
    """The texts of files after an edit; columns are code points here."""
    texts: dict[Path, str] = {}
    for change in (edit.document_changes or ()) if edit is not None else ():
        path = Path(to_fs_path(change.uri if isinstance(change, types.CreateFile) else change.text_document.uri) or "")  # type: ignore[union-attr]
        if isinstance(change, types.CreateFile):
            assert not path.exists()
            texts[path] = ""
            continue
        assert isinstance(change, types.TextDocumentEdit)
        lines = (texts[path] if path in texts else path.read_text()).splitlines(keepends=True)
        for one in reversed(change.edits):
            assert isinstance(one, types.TextEdit)
            assert one.range.start.character == 0
            end = one.range.end
            rest = [lines[end.line][end.character :]] if end.character else []
            lines[one.range.start.line : end.line + len(rest)] = [one.new_text, *rest]
        texts[path] = "".join(lines)
    return texts


def written(texts: dict[Path, str]) -> None:
    for path, text in texts.items():
        path.write_text(text)


Steps = Callable[[Editor], Awaitable[None]]


@pytest.fixture
def with_server(tmp_path: Path) -> Callable[..., None]:
    """Runs steps against a server whose workspace is the test's folder."""

    def run(
        steps: Steps, *roots: Path, command: tuple[str, ...] = ("-m", "printlint", "server"), **options: Any
    ) -> None:
        async def timed() -> None:
            async with asyncio.timeout(SECONDS), connected(command, roots or (tmp_path,), **options) as editor:
                await steps(editor)

        asyncio.run(timed())

    return run


@asynccontextmanager
async def connected(
    command: tuple[str, ...],
    roots: tuple[Path, ...],
    *,
    encodings: list[str] | None = None,
    resolves: types.ClientCodeActionResolveOptions | None = RESOLVES,
    edits: types.WorkspaceEditClientCapabilities = EDITS,
) -> AsyncIterator[Editor]:
    client = LanguageClient("tests", "1")
    editor = Editor(client)
    await client.start_io(sys.executable, *command, env=clean_environment(), cwd=roots[0])
    capabilities = types.ClientCapabilities(
        workspace=types.WorkspaceClientCapabilities(
            workspace_edit=edits,
            did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True),
        ),
        text_document=types.TextDocumentClientCapabilities(
            code_action=types.CodeActionClientCapabilities(resolve_support=resolves)
        ),
        window=types.WindowClientCapabilities(show_document=types.ShowDocumentClientCapabilities(True)),
        general=types.GeneralClientCapabilities(position_encodings=encodings),  # type: ignore[arg-type]
    )
    folders = [types.WorkspaceFolder(root.as_uri(), root.name) for root in roots]
    answer = await client.initialize_async(types.InitializeParams(capabilities, workspace_folders=folders))
    editor.encoding = str(answer.capabilities.position_encoding)
    client.initialized(types.InitializedParams())
    yield editor
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()


def test_text_that_is_not_saved_is_checked_as_it_is_typed(with_server: Callable[..., None], tmp_path: Path) -> None:
    path = write_files(tmp_path, {"work.py": ""}) / "work.py"

    async def steps(editor: Editor) -> None:
        assert await editor.open(path) == []
        found = await editor.type(path, "def f(a):\n    print('it works', a)\n")
        assert [(item.code, item.range.start.line, item.range.start.character) for item in found] == [("PRT101", 1, 4)]
        assert await editor.type(path, "def f(a):\n    return a\n") == []
        assert path.read_text() == ""

    with_server(steps)


@pytest.mark.parametrize(("encodings", "column"), [(None, 10), (["utf-32", "utf-8"], 9), (["utf-8"], 12)])
def test_columns_are_the_clients(
    with_server: Callable[..., None], tmp_path: Path, encodings: list[str] | None, column: int
) -> None:
    path = write_files(tmp_path, {"work.py": "def f(a):\n\t'é😀'; print('it works', a)\n\f\n"}) / "work.py"
    expected = {10: 8, 9: 7, 12: 11}[column]

    async def steps(editor: Editor) -> None:
        [found] = await editor.open(path)
        assert found.range.start == types.Position(1, expected)
        assert "PRT101" in await editor.hover(path, 1, expected)
        assert await editor.hover(path, 1, expected - 2) == ""
        [moved] = await editor.type(path, "\f\n" + path.read_text())
        assert moved.range.start == types.Position(2, expected)

    with_server(steps, encodings=encodings)


def test_one_fix_is_that_of_the_command_with_the_set_up_it_needs(
    with_server: Callable[..., None], tmp_path: Path, printlint: Run
) -> None:
    write_files(tmp_path, PROGRAM)
    work = tmp_path / "work.py"

    async def steps(editor: Editor) -> None:
        await editor.open(work)
        texts = await editor.choose(work, 1, "Fix PRT101: ")
        assert {path.name for path in texts} == {"logging_setup.py", "main.py", "work.py"}
        assert texts[work].count("print(") == 1
        written(texts)

    with_server(steps)
    done = subprocess.run([sys.executable, "main.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "working on 2" in done.stdout
    assert "INFO" in done.stdout


def test_all_safe_fixes_of_a_file_leave_other_files_prints_alone(
    with_server: Callable[..., None], tmp_path: Path
) -> None:
    main = PROGRAM["main.py"] + '\n\ndef later():\n    print("called later")\n'
    write_files(tmp_path, {**PROGRAM, "main.py": main})
    work = tmp_path / "work.py"

    async def steps(editor: Editor) -> None:
        text = PROGRAM["work.py"].replace("working hard", "not saved")
        await editor.open(work, text)
        offered = await editor.actions(work, 0, "source.fixAll")
        assert [action.kind for action in offered.values()] == ["source.fixAll.printlint"]
        work.write_text(text)  # which the edits of lines are counted in
        texts = await editor.choose(work, 1, "Fix all safe")
        assert "print(" not in texts[work]
        assert 'logger.info("not saved")' in texts[work]
        assert 'print("called later")' in texts[tmp_path / "main.py"]
        assert "setup_logging()" in texts[tmp_path / "main.py"]

    with_server(steps)


def test_a_fix_may_log_at_another_level(with_server: Callable[..., None], tmp_path: Path) -> None:
    work = write_files(tmp_path, PROGRAM) / "work.py"

    async def steps(editor: Editor) -> None:
        await editor.open(work)
        assert 'logger.error("working hard")' in (await editor.choose(work, 2, "Log at error"))[work]

    with_server(steps)


def test_a_note_is_a_hint_that_can_be_logged_all_the_same(with_server: Callable[..., None], tmp_path: Path) -> None:
    path = write_files(tmp_path, {"tool.py": 'if __name__ == "__main__":\n    print("usage: tool FILE")\n'}) / "tool.py"

    async def steps(editor: Editor) -> None:
        [found] = await editor.open(path)
        assert (found.code, found.severity) == ("PRT106", types.DiagnosticSeverity.Hint)
        texts = await editor.choose(path, 1, "Fix PRT106")
        assert 'logger.info("usage: tool FILE")' in texts[path]
        (tmp_path / "pyproject.toml").write_text('[tool.printlint]\nextend-select = ["PRT106"]\n')
        editor.changed_on_disk(tmp_path / "pyproject.toml")
        await editor.found(path, lambda found: found[0].severity == types.DiagnosticSeverity.Warning)

    with_server(steps)


def test_an_unsafe_fix_is_marked_and_a_refusal_has_its_reason(with_server: Callable[..., None], tmp_path: Path) -> None:
    text = "import sys\n\n\ndef f(a):\n    print('it failed', a, file=sys.stderr)\n    return map(print, a)\n"
    path = write_files(tmp_path, {"work.py": text}) / "work.py"

    async def steps(editor: Editor) -> None:
        await editor.open(path)
        assert any(title.startswith("Fix PRT101 (unsafe)") for title in await editor.actions(path, 4))
        assert not any(action.is_preferred for action in (await editor.actions(path, 4)).values())
        assert "fix (unsafe): " in await editor.hover(path, 4, 6)
        assert "not rewritten: " in await editor.hover(path, 5, 15)
        assert not any(title.startswith("Fix") for title in await editor.actions(path, 5))
        assert "logger." in (await editor.choose(path, 4, "Fix PRT101 (unsafe)"))[path]

    with_server(steps)


@pytest.mark.parametrize("title", ["This is output: # noqa", "This file's prints are output", "Ignore PRT101"])
def test_what_is_accepted_is_no_finding_any_more(with_server: Callable[..., None], tmp_path: Path, title: str) -> None:
    text = 'def f(a):\n    print("it works", a)\n'
    path = write_files(tmp_path, {"pyproject.toml": "# ours\n[project]\n", "a[b].py": text}) / "a[b].py"

    async def steps(editor: Editor) -> None:
        assert codes(await editor.open(path)) == ["PRT101"]
        texts = await editor.choose(path, 1, title)
        written(texts)
        if path in texts:
            assert await editor.type(path, texts[path]) == []
        else:
            assert texts[tmp_path / "pyproject.toml"].startswith("# ours\n[project]\n")
            editor.changed_on_disk(*texts)
            await editor.found(path, lambda found: codes(found) in ([], ["PRT106"]))

    with_server(steps)


def test_a_configuration_is_read_anew_without_word_of_it(with_server: Callable[..., None], tmp_path: Path) -> None:
    table = '[tool.printlint]\nselect = ["PRT1"]\n'
    write_files(tmp_path, {"pyproject.toml": table, "work.py": PROGRAM["work.py"]})
    path = tmp_path / "work.py"

    async def steps(editor: Editor) -> None:
        await editor.open(path)
        (tmp_path / "pyproject.toml").write_text('[tool.printlint]\nignore = ["PRT101"]\n')
        await editor.type(path, PROGRAM["work.py"] + "\n")
        await editor.found(path, lambda found: found == [])
        (tmp_path / "pyproject.toml").write_text('[tool.printlint]\nselekt = "PRT1"\n')
        await editor.type(path, PROGRAM["work.py"])
        editor.changed_on_disk(tmp_path / "pyproject.toml")
        assert "did you mean 'select'?" in await editor.messages.get()

    with_server(steps)


STARRED = 'from other import *\n\n\ndef f(a):\n    print("it works", a)\n'
PRINTS = "def print(*args): ...\n"


def test_what_other_files_say_is_read_anew(with_server: Callable[..., None], tmp_path: Path) -> None:
    path = write_files(tmp_path, {"work.py": STARRED, "other.py": ""}) / "work.py"

    async def steps(editor: Editor) -> None:
        assert codes(await editor.open(path)) == ["PRT101"]
        (tmp_path / "other.py").write_text(PRINTS)
        editor.changed_on_disk(tmp_path / "other.py")
        await editor.found(path, lambda found: found == [])
        (tmp_path / "other.py").unlink()
        editor.client.text_document_did_save(
            types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri_of(path)))
        )
        await editor.found(path, lambda found: codes(found) == ["PRT101"])

    with_server(steps)


def test_other_documents_count_as_they_are_in_the_editor(with_server: Callable[..., None], tmp_path: Path) -> None:
    path = write_files(tmp_path, {"work.py": STARRED, "other.py": ""}) / "work.py"

    async def steps(editor: Editor) -> None:
        await editor.open(tmp_path / "other.py", PRINTS)
        if await editor.open(path):  # what other.py holds may count already
            editor.changed_on_disk(path)
            await editor.found(path, lambda found: found == [])

    with_server(steps)


@pytest.mark.parametrize("text", ["def f(:\n", "x = '\0'\n", "'" * 3, "print('it works'\n"])
def test_a_text_that_cannot_be_parsed_is_an_error_until_it_can(
    with_server: Callable[..., None], tmp_path: Path, text: str
) -> None:
    path = write_files(tmp_path, {"work.py": PROGRAM["work.py"]}) / "work.py"

    async def steps(editor: Editor) -> None:
        assert codes(await editor.open(path)) == ["PRT101", "PRT101"]
        found = await editor.type(path, text + "\nprint('x')\n")
        assert {item.severity for item in found if item.code == "PRT900"} == {types.DiagnosticSeverity.Error}
        assert len(await editor.actions(path, 0)) == 0
        assert codes(await editor.type(path, PROGRAM["work.py"])) == ["PRT101", "PRT101"]

    with_server(steps)


def test_each_root_has_its_own_configuration_and_what_check_skips_is_skipped(
    with_server: Callable[..., None], tmp_path: Path
) -> None:
    one = write_files(tmp_path / "one", PROGRAM)
    other = write_files(tmp_path / "other", {**PROGRAM, "pyproject.toml": "[tool.printlint]\nexclude = ['main.py']\n"})
    (other / "pyproject.toml").write_text("[tool.printlint]\nexclude = ['main.py']\nignore = ['PRT101']\n")
    installed = write_files(one / ".venv", PROGRAM)
    outside = write_files(tmp_path / "outside", PROGRAM)
    text = PROGRAM["work.py"]

    async def steps(editor: Editor) -> None:
        assert len(await editor.open(one / "work.py")) == 2
        assert await editor.open(other / "work.py") == []
        assert await editor.open(other / "main.py", text + "import logging\nlogging.info('x')\n") == []
        assert await editor.open(installed / "work.py") == []
        assert len(await editor.open(outside / "work.py")) == 2
        texts = await editor.choose(outside / "work.py", 1, "Ignore PRT101")
        assert list(texts) == [outside / "pyproject.toml"]

    with_server(steps, one, other)


def test_a_text_that_was_never_saved_is_checked_alone(with_server: Callable[..., None], tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": "[tool.printlint]\nignore = ['PRT101']\n"})

    async def steps(editor: Editor) -> None:
        uri = "untitled:Untitled-1"
        item = types.TextDocumentItem(uri, "python", 1, PROGRAM["work.py"])
        editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        told = await editor.told.get()
        assert (told.uri, codes(told.diagnostics)) == (uri, ["PRT101", "PRT101"])

    with_server(steps)


def test_what_a_baseline_accepts_is_not_shown(with_server: Callable[..., None], tmp_path: Path, printlint: Run) -> None:
    table = '[tool.printlint]\nbaseline = "accepted.json"\n'
    path = write_files(tmp_path, {"pyproject.toml": table, "work.py": PROGRAM["work.py"]}) / "work.py"
    printlint("check", "--write-baseline")

    async def steps(editor: Editor) -> None:
        assert await editor.open(path) == []
        [found] = await editor.type(path, "def g():\n    print('it is new')\n\n\n" + PROGRAM["work.py"])
        assert found.range.start.line == 1

    with_server(steps)


def test_a_rule_is_explained_by_its_page(with_server: Callable[..., None]) -> None:
    async def steps(editor: Editor) -> None:
        for code in ("PRT101", "PRT000"):
            await editor.client.workspace_execute_command_async(
                types.ExecuteCommandParams("printlint.explain", arguments=[code])
            )
        [page] = editor.pages
        assert page.startswith("# PRT101 print-call")

    with_server(steps)


def test_a_client_that_resolves_no_actions_has_their_edits_at_once(
    with_server: Callable[..., None], tmp_path: Path
) -> None:
    work = write_files(tmp_path, PROGRAM) / "work.py"

    async def steps(editor: Editor) -> None:
        await editor.open(work)
        offered = await editor.actions(work, 1, "quickfix")
        assert all(action.edit is not None for action in offered.values())

    with_server(steps, resolves=None)


def test_a_client_that_creates_no_files_is_told_what_it_would_take(
    with_server: Callable[..., None], tmp_path: Path
) -> None:
    work = write_files(tmp_path, PROGRAM) / "work.py"

    async def steps(editor: Editor) -> None:
        await editor.open(work)
        assert await editor.choose(work, 1, "Fix PRT101") == {}
        assert await editor.messages.get() == "the editor cannot create logging_setup.py for it"

    with_server(steps, edits=types.WorkspaceEditClientCapabilities())


NOISY = """
import os, sys
from printlint.server import handlers, start, view
def check(self, document, original=view.View.check):
    print("noise")
    os.write(1, b"noise")
    os.system("echo noise")
    if "boom" in document.text:
        raise ValueError("boom")
    return original(self, document)
view.View.check = check
sys.exit(start.serve())
"""


def test_neither_errors_nor_output_of_others_end_the_session(with_server: Callable[..., None], tmp_path: Path) -> None:
    path = write_files(tmp_path, {"work.py": PROGRAM["work.py"]}) / "work.py"

    async def steps(editor: Editor) -> None:
        assert len(await editor.open(path)) == 2
        uri = uri_of(path)
        with pytest.raises(Exception, match="KeyError"):
            await editor.client.code_action_resolve_async(types.CodeAction("odd", data={"uri": uri}))
        identifier = types.VersionedTextDocumentIdentifier(2, uri)
        change = types.TextDocumentContentChangeWholeDocument("boom")
        editor.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))
        editor._versions[uri] = 2
        assert "boom" in await editor.messages.get()
        assert len(await editor.type(path, PROGRAM["work.py"] + "\n")) == 2

    with_server(steps, command=("-c", NOISY))


def test_the_status_says_whether_the_client_took_its_leave(child: Run) -> None:
    assert child("server", input="").returncode == 1
    message = (
        '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{},"processId":null,"rootUri":null}}'
    )
    ends = ['{"jsonrpc":"2.0","id":2,"method":"shutdown"}', '{"jsonrpc":"2.0","method":"exit"}']
    sent = "".join(f"Content-Length: {len(body)}\r\n\r\n{body}" for body in (message, *ends))
    done = child("server", input=sent)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Content-Length: ")


def test_without_its_packages_one_line_says_what_to_install(tmp_path: Path) -> None:
    code = "import sys; sys.modules['pygls'] = None; from printlint.cli import main; sys.argv[1:] = ['server']; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False, env=clean_environment()
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: the language server needs more packages: pip install 'printlint[lsp]'\n"


def test_no_other_command_loads_what_the_server_needs(tmp_path: Path) -> None:
    code = (
        "import atexit, sys; from printlint.cli import main; sys.argv[1:] = ['fix', '--diff', '-v']\n"
        "names = ('pygls', 'lsprotocol', 'tomlkit')\n"
        "atexit.register(lambda: print([name for name in sys.modules if name.startswith(names)]))\n"
        "main()"
    )
    write_files(tmp_path, PROGRAM)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False, env=clean_environment()
    )
    assert done.stdout.endswith("\n[]\n")
