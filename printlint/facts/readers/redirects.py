"""Who puts something else in the place of standard output or of print, in a program that runs a module."""

from __future__ import annotations

import re
from pathlib import Path

from printlint.facts.log_setup.logger_settings import shown
from printlint.facts.module import Module
from printlint.facts.programs.together import share_a_program
from printlint.facts.project.project import STAND_INS, Project

# A stream that writes to the one before it (`io.TextIOWrapper(sys.stdout.buffer, …)`) goes where handlers write, too.
_REENCODES = (
    rb"(?:(?:io\.)?TextIOWrapper\(|codecs\.getwriter\([^()\n]*\)\()"
    rb"\s*sys\.(?:__)?std(?:out|err)(?:__)?(?:\.buffer)?\s*[,)]"
)
_REDIRECTS = (
    rb"\bredirect_std(?:out|err)\b|\bsys\.std(?:out|err)[ \t]*=(?!=|\s*" + _REENCODES + rb")"
    rb"|\b\w+\.print[ \t]*=[^=]|setattr\([^)\n]{0,200}[\"']print[\"']"
)
_RENAMED = rb"\bredirect_std(?:out|err)[ \t]+as[ \t]"


def redirection(module: Module, project: Project) -> str:
    """Where a program that may run a module replaces its output, as `file:line`; empty where none does.

    Tests have no say, nor has what only other programs do.
    """
    own = module.path
    for path, line in project.derived(_redirections):
        if own is None or share_a_program(module, path):
            return f"{shown(path, project)}:{line}"
    return ""


def _redirections(project: Project) -> tuple[tuple[Path, int], ...]:
    """The first place in each file of a project, tests apart, that replaces standard output or print."""
    found = []
    for file, data in project.survey.holding(STAND_INS):
        for match in re.finditer(_REDIRECTS, data) if not file.is_test else ():
            line = data.count(b"\n", 0, match.start()) + 1
            text = data.splitlines()[line - 1]
            if not re.match(rb"[ \t]*(?:from|import)\b", text) or re.search(_RENAMED, text):
                found.append((file.path.absolute(), line))
                break
    return tuple(found)
