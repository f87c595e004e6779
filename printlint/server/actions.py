"""What an editor offers for a finding: to fix it, to log at another level, to accept it, and to explain its rule.

An action says by its data what it does; its edit is found out when it is chosen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lsprotocol import types

from printlint.finding import Finding, Reported, Safety
from printlint.logging_names import LEVELS
from printlint.rules.files.unreadable_file import UnreadableFile
from printlint.server.diagnostics import SOURCE
from printlint.server.positions import Positions
from printlint.server.rewrites import Wanted
from printlint.server.view import Checked
from printlint.source import Position

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.{SOURCE}"
KINDS = (types.CodeActionKind.QuickFix, types.CodeActionKind.RefactorRewrite, FIX_ALL)
EXPLAIN = f"{SOURCE}.explain"
_ALL = Wanted()
_PRINTS = ("PRT101", "PRT102", "PRT106")


class Actions:
    """The actions for one document, which is `planned`."""

    def __init__(self, checked: Checked, encoding: str) -> None:
        self._checked = checked
        self._positions = Positions(checked.source, encoding)

    def within(self, range: types.Range) -> Iterator[types.CodeAction]:
        """For each finding that a range touches; then those for the document."""
        start, end = self._positions.at(range.start), self._positions.at(range.end)
        for item in self._checked.items:
            if item.finding.start <= end and start <= item.finding.end:
                yield from self._for(item)
        if any(item.fix is not None and item.fix.safety is Safety.SAFE for item in self._checked.items):
            yield self._action("Fix all safe findings of this file", FIX_ALL, data=self._data("fix"))

    def _for(self, item: Reported) -> Iterator[types.CodeAction]:
        finding, fix = item.finding, item.fix
        diagnostic = types.Diagnostic(
            self._positions.range(finding.start, finding.end), finding.message, code=finding.code, source=SOURCE
        )
        made = [*self._rewriting(item), *self._accepting(finding)]
        explain = f"Explain {finding.code} {finding.name}"
        command = types.Command(explain, EXPLAIN, arguments=[finding.code])
        made.append(self._action(explain, types.CodeActionKind.QuickFix, command=command))
        for action in made:
            action.diagnostics = [diagnostic]
            action.is_preferred = action is made[0] and fix is not None and fix.safety is Safety.SAFE
            yield action

    def _rewriting(self, item: Reported) -> Iterator[types.CodeAction]:
        finding, fix = item.finding, item.fix
        if fix is None:
            return
        mark = "" if fix.safety is Safety.SAFE else " (unsafe)"
        wanted = Wanted(finding.code, finding.start, "", bool(mark))
        title = f"Fix {finding.code}{mark}: {fix.title}"
        yield self._action(title, types.CodeActionKind.QuickFix, data=self._data("fix", wanted))
        if finding.level is not None:
            for method in LEVELS:
                if method != finding.level.method:
                    data = self._data("fix", wanted._replace(method=method))
                    yield self._action(f"Log at {method}{mark}", types.CodeActionKind.RefactorRewrite, data=data)

    def _accepting(self, finding: Finding) -> Iterator[types.CodeAction]:
        """The ways to say that a finding is right as it is."""
        if finding.code == UnreadableFile.code:
            return
        is_print = finding.code in _PRINTS
        wanted = Wanted(finding.code, finding.start)
        title = f"{'This is output' if is_print else 'Accept this'}: # noqa: {finding.code}"
        yield self._action(title, types.CodeActionKind.QuickFix, data=self._data("noqa", wanted))
        if self._checked.document.path is None:
            return
        if is_print:
            title = "This file's prints are output: add it to interface in pyproject.toml"
            yield self._action(title, types.CodeActionKind.QuickFix, data=self._data("accept"))
        title = f"Ignore {finding.code} in this file: add it to per-file-ignores in pyproject.toml"
        yield self._action(title, types.CodeActionKind.QuickFix, data=self._data("accept", wanted))

    def _data(self, does: str, wanted: Wanted = _ALL) -> dict[str, Any]:
        code, start, method, unsafe = wanted
        more = {"code": code, "start": list(start), "method": method, "unsafe": unsafe}
        return {"does": does, "uri": self._checked.document.uri, **more}

    def _action(self, title: str, kind: types.CodeActionKind | str, **more: Any) -> types.CodeAction:
        return types.CodeAction(title, kind=kind, **more)


def wanted_of(data: dict[str, Any]) -> Wanted:
    """What an action is to rewrite, by its data."""
    return Wanted(data["code"], Position(*data["start"]), data["method"], data["unsafe"])
