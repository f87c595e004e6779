"""Removes imports that a rewrite has left unused. Those that were unused before stay."""

from __future__ import annotations

import ast
import re

import libcst as cst

from printlint.facts.module import Module
from printlint.facts.project.project import Project
from printlint.facts.readers.name_readers import read_elsewhere, read_in_text
from printlint.names.bindings import Binding, BindingKind
from printlint.rewrite.splice import Replacement
from printlint.rewrite.statements import indentation, line_end
from printlint.source import Span

_BLANK_LINE = re.compile(r"[ \t]*(?:\r\n|\r|\n)")
_AFTER_BLANK_LINE = re.compile(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)\Z")

# Modules whose import has no effect but its name, so that nobody misses it; not so a submodule's, which is there for
# whoever imports the module.
_WITHOUT_EFFECT = frozenset({"logging", "pprint", "sys", "traceback"})
_SUBMODULES = frozenset({"logging.config", "logging.handlers"})


def prune_imports(old: Module, new: Module, project: Project) -> list[Replacement]:
    """What takes the imports out of `new` whose last use `old` still had, and which nobody else reads."""
    if new.source.path.endswith("__init__.py"):
        return []
    orphans: dict[ast.stmt, set[str]] = {}
    for name in sorted(_orphaned(old, new)):
        (binding,) = new.scopes.module.all_bindings()[name]
        exported = "__all__" not in new.scopes.module.all_bindings() and not name.startswith("_")
        if _of_handlers(binding) and project.derived(_relies_on_handlers):
            continue
        if not read_elsewhere(project, new.layout, name, exported=exported):
            assert isinstance(binding.node, ast.stmt)
            orphans.setdefault(binding.node, set()).add(name)
    removed = [_without(new, statement, names) for statement, names in orphans.items()]
    return [item for item in removed if item is not None]


def _orphaned(old: Module, new: Module) -> set[str]:
    """The names of imports that the old code uses and the new code does not."""
    lost = _loaded(old) - _loaded(new)
    bound = new.all_bindings()
    lost = {name for name in lost if len(bound.get(name, ())) == 1 and _is_prunable(new, bound[name][0])}
    return lost - read_in_text(new, lost)


def _loaded(module: Module) -> set[str]:
    nodes = module.scopes.nodes
    return {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store)}


def _is_prunable(module: Module, binding: Binding) -> bool:
    if binding.kind is not BindingKind.IMPORT or module.scopes.parent(binding.node) is not module.tree:
        return False
    match binding.node:
        case ast.Import(names=names):
            bound = {alias.asname or alias.name.partition(".")[0]: alias.name for alias in names}
            return bound[binding.name] in _WITHOUT_EFFECT
        case ast.ImportFrom(module=name, level=0):
            return (name in _WITHOUT_EFFECT and binding.origin not in _SUBMODULES) or _of_handlers(binding)
    return False


def _of_handlers(binding: Binding) -> bool:
    return isinstance(binding.node, ast.ImportFrom) and binding.node.module == "logging.handlers"


def _relies_on_handlers(project: Project) -> bool:
    """Whether a file reads `logging.handlers`, and leaves its import to others."""
    found = project.survey.holding((b"logging.handlers.",))
    return any(re.search(rb"(?m)^[ \t]*(?:import|from)[ \t]+logging\.handlers\b", data) is None for _, data in found)


def _without(module: Module, statement: ast.stmt, names: set[str]) -> Replacement | None:
    source = module.source
    assert isinstance(statement, (ast.Import, ast.ImportFrom))
    bound = {alias.asname or alias.name.partition(".")[0] for alias in statement.names}
    span = source.span(statement)
    end = line_end(source, statement)
    if "#" in source.text[span.start : end if end is not None else span.end]:
        return None  # the comment may say that the import has to stay
    if bound <= names:
        if indentation(source, span.start) != "" or end is None:
            return None
        return Replacement(Span(span.start, _past_blank_line(source.text, span.start, end)), "", statement)
    return _rewritten(module, statement, names)


def _past_blank_line(text: str, start: int, end: int) -> int:
    """Behind the blank line that follows a removed line, where another blank line or nothing is before it."""
    blank = _BLANK_LINE.match(text, end)
    if blank and (start == 0 or _AFTER_BLANK_LINE.search(text, start - 8, start)):
        return blank.end()
    return end


def _rewritten(module: Module, statement: ast.Import | ast.ImportFrom, names: set[str]) -> Replacement | None:
    text = module.source.segment(statement)
    if "\n" in text or "\r" in text:
        return None
    parsed = cst.parse_statement(text)
    assert isinstance(parsed, cst.SimpleStatementLine)
    small = parsed.body[0]
    if not isinstance(small, (cst.Import, cst.ImportFrom)) or isinstance(small.names, cst.ImportStar):
        return None
    kept = [
        alias for alias in small.names if (alias.evaluated_alias or alias.evaluated_name.partition(".")[0]) not in names
    ]
    kept[-1] = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    new = cst.Module([]).code_for_node(small.with_changes(names=kept))
    return Replacement(module.source.span(statement), new, statement)
