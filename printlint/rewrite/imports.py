"""Where imports and the logger's definition go: where a careful author would have put them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from printlint.facts.module import Module
from printlint.names.import_block import leading_block, open_imports
from printlint.names.layout import is_stdlib
from printlint.rewrite.splice import Replacement
from printlint.source import Source, Span

_COMMENT_LINE = re.compile(r"[ \t]*#")


@dataclass(frozen=True)
class Needed:
    """An import that rewritten code needs: `import module`, or `from module import name` (as `alias`)."""

    module: str
    name: str | None = None
    alias: str | None = None

    @property
    def spelling(self) -> str:
        """The name as it is written after `import`."""
        renamed = f" as {self.alias}" if self.alias and self.alias != self.name else ""
        return f"{self.name}{renamed}"


@dataclass(frozen=True)
class _Import:
    """One import statement: `import module`, or `from module import` with the names as they are spelled."""

    module: str
    names: tuple[str, ...] = ()

    @property
    def statement(self) -> str:
        if not self.names:
            return f"import {self.module}"
        return f"from {self.module} import {', '.join(sorted(self.names))}"

    @property
    def library(self) -> bool:
        """Whether it is of neither the standard library nor the project."""
        return self.module.partition(".")[0] in _LIBRARIES


def place_imports(module: Module, needed: list[Needed], definition: Sequence[str]) -> list[Replacement]:
    """The insertions that add imports and, behind the leading imports, the definition of the logger."""
    block = leading_block(module.tree)
    missing = _statements(item for item in needed if not _is_there(module, item, block))
    placed = [_place_import(module, item, open_imports(module.tree)) for item in missing]
    head = [text for text in placed if isinstance(text, str)]
    insertions = [text for text in placed if isinstance(text, Replacement)]
    if head or definition:
        insertions.append(_place_behind_block(module, block, head, definition))
    return _merged(insertions)


def _statements(needed: Iterable[Needed]) -> list[_Import]:
    """One statement for each module."""
    names: dict[str, tuple[str, ...]] = {}
    for item in needed:
        names[item.module] = (*names.get(item.module, ()), *([item.spelling] if item.name else []))
    return [_Import(module, spelled) for module, spelled in names.items()]


def _merged(insertions: list[Replacement]) -> list[Replacement]:
    """One insertion for each place, in the order given."""
    by_place: dict[Span, Replacement] = {}
    for item in insertions:
        known = by_place.get(item.span)
        by_place[item.span] = Replacement(item.span, known.text + item.text) if known else item
    return list(by_place.values())


def _is_there(module: Module, needed: Needed, block: list[ast.stmt]) -> bool:
    """Whether an unconditional import of the block binds the name already."""
    name = needed.alias or needed.name or needed.module
    dotted = _absolute(needed.module, module)
    origin = f"{dotted}.{needed.name}" if needed.name else dotted
    return any(binding.node in block and binding.origin == origin for binding in module.bindings_of(name))


def _absolute(spelling: str, module: Module) -> str:
    """The dotted name that a relative spelling refers to in this module."""
    name = spelling.lstrip(".")
    level = len(spelling) - len(name)
    if not level or module.layout is None:
        return spelling
    parts = module.layout.package.split(".")
    return ".".join([*parts[: len(parts) - level + 1], name])


def _place_import(module: Module, needed: _Import, block: list[ast.stmt]) -> Replacement | str:
    """An insertion between existing imports, or the statement's text where it has to open a group of its own."""
    source = module.source
    for statement in block:
        if isinstance(statement, ast.ImportFrom) and (longer := _lengthened(module, statement, needed)):
            return longer
    group = [statement for statement in block if _same_group(statement, needed, module)]
    if not group:
        return _open_group(module, needed, block)
    later = next((item for item in group if _sort_key(item) > _needed_key(needed)), None)
    if later is not None and (start := _line_start(source, later)) is not None:
        return Replacement(Span(start, start), needed.statement + source.newline)
    end = _line_end(source, group[-1])
    return _own_lines(source, end, [needed.statement])


def _lengthened(module: Module, statement: ast.ImportFrom, needed: _Import) -> Replacement | None:
    """An import of the same module with the new names added, if its names are sorted and the line has room."""
    spelled = "." * statement.level + (statement.module or "")
    own = [alias.name + (f" as {alias.asname}" if alias.asname else "") for alias in statement.names]
    text = f"from {spelled} import {', '.join(own)}"
    if not needed.names or spelled != needed.module or own == ["*"] or module.source.segment(statement) != text:
        return None
    longer = f"from {spelled} import {', '.join(sorted([*own, *needed.names]))}"
    if own != sorted(own) or len(longer) > _LINE:
        return None
    return Replacement(module.source.span(statement), longer, statement)


_LINE = 88  # what the usual formatters leave on one line


# The packages that new code may need beside the standard library and the project's own.
_LIBRARIES = frozenset({"loguru", "pythonjsonlogger", "structlog"})


def _open_group(module: Module, needed: _Import, block: list[ast.stmt]) -> Replacement | str:
    """The group of the standard library is first, that of other libraries second, that of the project last."""
    source = module.source
    imports = [item for item in block if isinstance(item, (ast.Import, ast.ImportFrom)) and not _is_future(item)]
    if is_stdlib(needed.module):
        first = next(iter(imports), None)
    elif needed.library:
        first = next((item for item in imports if _is_own(item, module)), None)
        if first is None and imports and (end := _before_blank_line(source, imports[-1])) is not None:
            return _own_lines(source, end, ["", needed.statement])
    else:
        return needed.statement
    start = _line_start(source, first) if first is not None else None
    if start is None:
        return needed.statement
    return Replacement(Span(start, start), needed.statement + source.newline * 2)


def _before_blank_line(source: Source, statement: ast.stmt) -> int | None:
    """Behind the line of a statement; None where no blank line follows."""
    end = _line_end(source, statement)
    return end if source.text[end:].lstrip(" \t")[:1] in ("\r", "\n") else None


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _same_group(statement: ast.stmt, needed: _Import, module: Module) -> bool:
    if _is_future(statement) or not isinstance(statement, (ast.Import, ast.ImportFrom)):
        return False
    relative = isinstance(statement, ast.ImportFrom) and statement.level > 0
    name = _module_name(statement)
    if needed.module.startswith("."):
        return relative
    if is_stdlib(needed.module):
        return is_stdlib(name) and not relative
    if needed.library:
        return not is_stdlib(name) and not _is_own(statement, module)
    return not relative and name.partition(".")[0] == needed.module.partition(".")[0]


def _is_own(statement: ast.Import | ast.ImportFrom, module: Module) -> bool:
    """Whether an import is of the project's own code."""
    if isinstance(statement, ast.ImportFrom) and statement.level:
        return True
    top = _module_name(statement).partition(".")[0]
    return module.layout is not None and module.layout.find(top) is not None and not is_stdlib(top)


def _module_name(statement: ast.Import | ast.ImportFrom) -> str:
    return statement.module or "" if isinstance(statement, ast.ImportFrom) else statement.names[0].name


def _sort_key(statement: ast.stmt) -> tuple[bool, str]:
    """isort's default: `import x` before `from x import`, each by name; relative imports last."""
    assert isinstance(statement, (ast.Import, ast.ImportFrom))
    if isinstance(statement, ast.ImportFrom) and statement.level:
        return _relative_key("." * statement.level + (statement.module or ""))
    return isinstance(statement, ast.ImportFrom), _module_name(statement).lower()


def _relative_key(spelling: str) -> tuple[bool, str]:
    """Farther packages first; `~` sorts behind every name."""
    name = spelling.lstrip(".")
    return True, "~" * (9 - min(len(spelling) - len(name), 9)) + name.lower()


def _needed_key(needed: _Import) -> tuple[bool, str]:
    if needed.module.startswith("."):
        return _relative_key(needed.module)
    return bool(needed.names), needed.module.lower()


def _place_behind_block(
    module: Module, block: list[ast.stmt], head: list[str], definition: Sequence[str]
) -> Replacement:
    source = module.source
    newline = source.newline
    lines = list(head)
    if definition:
        lines += ["", *definition] if head else definition
    body = module.tree.body
    following = body[len(block)] if len(block) < len(body) else None
    if block:
        end = _line_end(source, block[-1])
        item = _own_lines(source, end, ["", *lines])
        blank_follows = source.text[end:].lstrip(" \t")[:1] in ("\r", "\n", "")
        return item if blank_follows else Replacement(item.span, item.text + newline * _blank_lines(following))
    assert following is not None
    start = _line_start(source, following)
    text = newline.join(lines) + newline + newline * _blank_lines(following)
    return Replacement(Span(start or 0, start or 0), text)


def _blank_lines(following: ast.stmt | None) -> int:
    if following is None:
        return 0
    return 2 if isinstance(following, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) else 1


def _own_lines(source: Source, offset: int, lines: list[str]) -> Replacement:
    """Lines at the start of a line, or behind a last line that lacks its newline."""
    text = "".join(line + source.newline for line in lines)
    if offset > 0 and source.text[offset - 1] not in "\r\n":
        text = source.newline + text
    return Replacement(Span(offset, offset), text)


def _line_start(source: Source, statement: ast.stmt) -> int | None:
    """The start of a statement's first line, above comment lines that belong to it; None behind a semicolon.

    A comment that begins the file is its header, not the statement's.
    """
    span_start = source.span(statement).start
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and statement.decorator_list:
        span_start = min(source.span(node).start for node in statement.decorator_list)
    line = source.position(span_start).line
    if source.text[source.line_starts[line - 1] : span_start].strip(" \t\f"):
        return None
    above = line
    while above > 1 and _COMMENT_LINE.match(source.line_text(above - 1)):
        above -= 1
    return source.line_starts[(line if above == 1 else above) - 1]


def _line_end(source: Source, statement: ast.stmt) -> int:
    """Behind the newline that ends the line of a statement, whatever else is on it."""
    end = source.span(statement).end
    line = source.position(end).line
    return source.line_starts[line] if line < len(source.line_starts) else len(source.text)
