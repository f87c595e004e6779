"""printlint for libcst's own runner: `python -m libcst.tool codemod -x printlint.codemod.PrintToLogger PATH`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import libcst as cst
from libcst.codemod import CodemodCommand, CodemodContext, SkipFile

from printlint.config import Configs
from printlint.config_values import ASYNC_BACKENDS, MESSAGE_STYLES, ConfigError
from printlint.rewrite.files import fix_stdin
from printlint.rules import rule_codes


class PrintToLogger(CodemodCommand):
    """What `printlint fix` makes of one file, as a step of a pipeline of codemods.

    `table` are keys of the configuration, which are laid over that of the file. Like `fix -`, it changes the one file
    alone: rewrites that need a set-up module are left out until there is one. What is left is warned of.
    """

    DESCRIPTION = "Rewrite prints and root-logger calls into calls of a logger per module."

    def __init__(self, context: CodemodContext, *, unsafe_fixes: bool = False, **table: Any) -> None:
        super().__init__(context)
        self._unsafe = unsafe_fixes
        self._table = {key.replace("_", "-"): value for key, value in table.items() if value is not None}

    @staticmethod
    def add_args(arg_parser: argparse.ArgumentParser) -> None:
        """The options of `fix` that say what is written."""
        arg_parser.add_argument("--unsafe-fixes", action="store_true", help="Apply unsafe fixes too.")
        arg_parser.add_argument("--tidy", action="store_true", default=None, help="Tidy messages.")
        arg_parser.add_argument("--async-backend", choices=ASYNC_BACKENDS, help="Logging back end for async code.")
        arg_parser.add_argument("--message-style", choices=MESSAGE_STYLES, help="How messages are written.")

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        """The module that `fix` makes of it. Raises `SkipFile` where the configuration cannot be followed."""
        data = tree.bytes
        path = Path(self.context.filename) if self.context.filename else None
        try:
            run = fix_stdin(data, path, Configs(rule_codes(), self._table), unsafe=self._unsafe, allow_setup=True)
        except ConfigError as error:
            raise SkipFile(str(error)) from error
        for item in run.left:
            if item.refused:
                finding = item.finding
                self.warn(f"{finding.path}:{finding.start.line}: {finding.code} left: {item.refused}")
        for text in (*run.errors, *run.warnings):
            self.warn(text)
        return cst.parse_module(run.changes[0].new) if run.changes else tree
