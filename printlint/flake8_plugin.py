"""The flake8 plugin: the same findings, through flake8. Imports neither libcst nor click."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from printlint import __version__
from printlint.config import DEFAULT, Config, Configs
from printlint.config_values import ConfigError
from printlint.finding import Finding
from printlint.lint.linter import internal_error, lint
from printlint.lint.noqa import NoqaMap
from printlint.process.printable import printable
from printlint.rules import rule_codes
from printlint.rules.files.unreadable_file import UnreadableFile
from printlint.run import Run, once_a_run
from printlint.source import Source, Unreadable, uncollected

if TYPE_CHECKING:
    from argparse import Namespace

    from printlint.lint.baseline import Baseline


class Plugin:
    """One file, as flake8 passes it. Columns that flake8 gets count code points from 0.

    flake8 calls what takes a `tree` once a file that it could parse. The tree itself is of no use: most of it has no
    say in findings.
    """

    name = "printlint"
    version = __version__
    _run: ClassVar[Run | None] = None

    @classmethod
    def parse_options(cls, _: Namespace) -> None:
        """A run of flake8 begins: what was remembered of another one in this process may not be so any more."""
        cls._run = Run()

    def __init__(self, tree: ast.AST, lines: Sequence[str], filename: str = "-") -> None:
        self._source = Source(filename, "".join(lines))
        self._name = filename if filename not in ("-", "stdin") else None

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """The findings as flake8 wants them. Never raises: trouble of ours becomes a PRT900."""
        for finding in self._findings():
            yield (
                finding.start.line,
                finding.start.column - 1,
                f"{finding.code} {printable(finding.message)}",
                type(self),
            )

    def _findings(self) -> list[Finding]:
        try:
            with uncollected(), self._run or Run():
                return self._lint()
        except ConfigError as error:
            reason = f"Invalid configuration: {error}"
            return [UnreadableFile.of(self._source.path, Unreadable(reason))]
        except Exception as error:  # a bug of ours must not cost the user's flake8 run
            return [internal_error(self._source.path, error)]

    def _lint(self) -> list[Finding]:
        config = _config(self._name or "stdin.py")
        path = Path(self._name) if self._name else None
        if path is not None and config.exclude and config.matches(path, config.exclude):
            return []
        linted = lint(self._source, config, path, apply_noqa=False, sound=True)
        if not linted.findings:
            return []
        noqa = NoqaMap(self._source.text, own=False)
        findings = [f for f in linted.findings if not noqa.covers(f.start.line, f.code)]
        return self._new(config, findings) if config.baseline_path and path else findings

    def _new(self, config: Config, findings: list[Finding]) -> list[Finding]:
        """The findings that the configuration's baseline does not accept."""
        assert config.baseline_path is not None
        baseline = _baseline(config.baseline_path)
        entries = baseline.entries_of(findings, lambda _: self._source.text)
        match = baseline.match(entries, [self._source.path])
        return [finding for index, finding in enumerate(findings) if index in match.new]


@once_a_run(most=8)
def _baseline(path: Path) -> Baseline:
    from printlint.lint.baseline import Baseline, BaselineError

    try:
        return Baseline.read(path)
    except FileNotFoundError:
        raise BaselineError(f"{path} does not exist; write it with `printlint check --write-baseline`") from None


def _config(name: str) -> Config:
    """flake8's own select and ignore override the table; an opt-in rule stays opt-in."""
    return _configs().of(name) or DEFAULT


@once_a_run(most=1)
def _configs() -> Configs:
    return Configs(rule_codes())
