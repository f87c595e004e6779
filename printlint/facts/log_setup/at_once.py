"""What would notice that handlers write a moment later, and in another thread: readers of a log file, formatters."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from printlint.facts.flow.origins import origins, values_elsewhere
from printlint.facts.log_setup.handlers import FILE_HANDLERS
from printlint.facts.log_setup.log_files import LogFile
from printlint.facts.module import Module
from printlint.facts.project.project import Project

_READS = re.compile(rb"\bopen\(|\.read_(?:text|bytes)\(|\b(?:send_file|FileResponse|File)\(")
_OF_THREAD = frozenset(
    {
        *("threading.local", "threading.current_thread", "threading.currentThread", "threading.get_ident"),
        *("threading.get_native_id", "asyncio.current_task", "inspect.currentframe", "sys._getframe"),
    }
)
_FORMATTER = re.compile(r"Formatter\b")


def needs_at_once(module: Module, project: Project) -> str:
    """Why the handlers that a module attaches have to write before a logging call returns, in its thread."""
    reasons = (*_read_back(module, project), *_formats_by_thread(module, project))
    return next(iter(reasons), "")


def _read_back(module: Module, project: Project) -> Iterator[str]:
    """Where a log file is named in code that reads files."""
    for call in module.calls:
        keyword = next((item.value for item in call.keywords if item.arg == "filename"), None)
        qualified = module.qualified(call.func)
        path = keyword or (call.args[0] if call.args and qualified in FILE_HANDLERS else None)
        if path is None or qualified not in FILE_HANDLERS | {"logging.basicConfig"}:
            continue
        where = LogFile(module, path).named_again(project)
        if where and _READS.search(_text_at(where, module, project)):
            yield f"its log file is used in {where}, where what was just logged would be missing"


def _text_at(where: str, module: Module, project: Project) -> bytes:
    name = where.rpartition(":")[0]
    if not name:
        return module.source.text.encode("utf-8", "replace")
    files = project.survey.holding((b"open(", b".read_", b"send_file(", b"FileResponse(", b"File("))
    return next((data for file, data in files if file.path.as_posix().endswith(f"/{name}")), b"")


def _formats_by_thread(module: Module, project: Project) -> Iterator[str]:
    """Formatters of the project that look at the thread, the task or the frames of who formats."""
    for other in (module, *(item for item in project.modules_with("Formatter") if "threading" in item.source.text)):
        for node in other.tree.body:
            if isinstance(node, ast.ClassDef) and any(_FORMATTER.search(ast.unparse(base)) for base in node.bases):
                names = (part for part in ast.walk(node) if isinstance(part, (ast.Name, ast.Attribute)))
                if any(_is_of_thread(other, project, name) for name in names):
                    yield f"`{node.name}` looks at the thread that logs"


def _is_of_thread(module: Module, project: Project, name: ast.Name | ast.Attribute) -> bool:
    qualified = module.qualified(name) or ""
    if qualified in _OF_THREAD:
        return True
    made = [(module, value) for value in origins(module, name)] if isinstance(name, ast.Name) else []
    made += values_elsewhere(module, project, qualified) if qualified else ()
    return any(isinstance(value, ast.Call) and at.qualified(value.func) in _OF_THREAD for at, value in made)
