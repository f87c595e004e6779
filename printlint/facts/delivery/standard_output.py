"""Special uses of standard output in a project, with which log lines would interfere, or in which they get lost."""

from __future__ import annotations

import re

from printlint.facts.log_setup.logger_settings import shown
from printlint.facts.module import Module
from printlint.facts.programs.together import share_a_program
from printlint.facts.project.project import Project

_SCREENS = ("curses", "prompt_toolkit", "textual", "urwid", "asciimatics", "npyscreen", "blessed", "pytermgui")
# What is found, and what the user is told; the patterns are searched in the order of the file's text.
_USES = (
    (rf"(?m)^[ \t]*(?:import|from)[ \t]+(?:{'|'.join(_SCREENS)})\b", "draws on the terminal"),
    (r"\bstdio_server\(|\.start_io\(|transport=[\"']stdio[\"']", "speaks a protocol on standard output"),
    (r"\bsys\.stdout\.buffer\.write\b|\bcopyfileobj\([^)\n]*sys\.stdout", "writes data to standard output"),
    (r"\bDaemonContext\(|\bdaemonize\(|\bos\.setsid\(|\bos\.dup2\(", "detaches from standard output"),
    (
        r"(?m)\bsys\.stdout[ \t]*=(?!=)[ \t]*(?!(?:io\.)?TextIOWrapper|codecs\.|sys\.__stdout__|\w*(?:old|orig|sav))",
        "replaces `sys.stdout`",
    ),
)
_WORDS = (
    *(b"stdout", b"stdio", b"start_io", b"DaemonContext", b"daemonize", b"setsid", b"dup2"),
    *(name.encode() for name in _SCREENS),
)


def use_of_standard_output(module: Module, project: Project) -> str:
    """The special use that a module's program makes of standard output, with its place; empty where there is none.

    What tests, examples and tools of the project do counts only for themselves.
    """
    if use := _use_in(module.source.text):
        return f"line {use[0]} {use[1]}"
    for file, data in project.survey.holding(_WORDS, own=True):
        if (use := _use_in(data.decode("utf-8", "replace"))) and share_a_program(module, file.path):
            return f"{shown(file.path, project)}:{use[0]} {use[1]}"
    return ""


def _use_in(text: str) -> tuple[int, str] | None:
    """The line, from 1, and what the program does there."""
    for pattern, told in _USES:
        if match := re.search(pattern, text):
            return text.count("\n", 0, match.end()) + 1, told
    return None
