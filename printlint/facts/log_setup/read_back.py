"""Log files that a program reads again, which would notice that a handler writes a moment later."""

from __future__ import annotations

import re

from printlint.facts.log_setup.handlers import FILE_HANDLERS
from printlint.facts.log_setup.log_files import LogFile
from printlint.facts.module import Module
from printlint.facts.project.project import Project

# `open(path, "a")` reads nothing.
_READS = re.compile(
    rb"\bopen\((?![^()\n]*(?:\([^()\n]*\)[^()\n]*)*,\s*(?:mode\s*=\s*)?[\"'][awx]b?[\"'])"
    rb"|\.read_(?:text|bytes)\(|\b(?:send_file|FileResponse|File)\("
)


def read_back(module: Module, project: Project) -> str:
    """Where a log file that a module writes is named in code that reads files, as a reason; empty where nowhere."""
    for call in module.calls:
        keyword = next((item.value for item in call.keywords if item.arg == "filename"), None)
        qualified = module.qualified(call.func)
        path = keyword or (call.args[0] if call.args and qualified in FILE_HANDLERS else None)
        if path is None or qualified not in FILE_HANDLERS | {"logging.basicConfig"}:
            continue
        where = LogFile(module, path).named_again(project)
        if where and _READS.search(_text_at(where, module, project)):
            return f"its log file is used in {where}, where what was just logged would be missing"
    return ""


def _text_at(where: str, module: Module, project: Project) -> bytes:
    name = where.rpartition(":")[0]
    if not name:
        return module.source.text.encode("utf-8", "replace")
    files = project.survey.holding((b"open(", b".read_", b"send_file(", b"FileResponse(", b"File("))
    return next((data for file, data in files if file.path.as_posix().endswith(f"/{name}")), b"")
