"""Imports that a rewrite has left without a use are taken away; whatever else was unused stays as it was."""

from __future__ import annotations

import ast
import re

import libcst as cst

from printlint.facts.bindings import Binding, BindingKind
from printlint.facts.module import Module
from printlint.rewrite.splice import Replacement
from printlint.rewrite.statements import indentation, line_end
from printlint.source import Span

_BLANK_LINE = re.compile(r"[ \t]*(?:\r\n|\r|\n)")
_AFTER_BLANK_LINE = re.compile(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)\Z")

# Modules whose import has no effect but its name, so that nobody misses it.
_WITHOUT_EFFECT = frozenset({"logging", "pprint", "sys", "traceback"})


def prune_imports(old: Module, new: Module) -> list[Replacement]:
    """What takes the imports out of `new` whose last use `old` still had."""
    if new.source.path.endswith("__init__.py"):
        return []
    before, after = _used(old), _used(new)
    orphans: dict[ast.stmt, set[str]] = {}
    for name, bindings in new.scopes.module.bindings.items():
        if name in before and name not in after and len(bindings) == 1 and _is_prunable(new, bindings[0]):
            statement = bindings[0].node
            assert isinstance(statement, ast.stmt)
            orphans.setdefault(statement, set()).add(name)
    removed = [_without(new, statement, names) for statement, names in orphans.items()]
    return [item for item in removed if item is not None]


def _used(module: Module) -> set[str]:
    """Names of the module's scope that are loaded anywhere, or that stand in a string (`__all__`, annotations)."""
    used = set()
    for node in module.scopes.nodes:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store):
            used.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            used.add(node.value)
    return used


def _is_prunable(module: Module, binding: Binding) -> bool:
    top = (binding.origin or "").partition(".")[0]
    return (
        binding.kind is BindingKind.IMPORT
        and top in _WITHOUT_EFFECT
        and module.scopes.parents[binding.node] is module.tree
    )


def _without(module: Module, statement: ast.stmt, names: set[str]) -> Replacement | None:
    source = module.source
    assert isinstance(statement, (ast.Import, ast.ImportFrom))
    bound = {alias.asname or alias.name.partition(".")[0] for alias in statement.names}
    span = source.span(statement)
    if bound <= names:
        end = line_end(source, statement)
        alone = indentation(source, span.start) == "" and end is not None
        if not alone or "#" in source.text[span.end : end]:
            return None
        assert end is not None
        return Replacement(Span(span.start, _past_blank_line(source.text, span.start, end)), "", statement)
    return _rewritten(module, statement, names)


def _past_blank_line(text: str, start: int, end: int) -> int:
    """Behind the blank line that follows a removed line, where another blank line or nothing stands before it."""
    blank = _BLANK_LINE.match(text, end)
    if blank and (start == 0 or _AFTER_BLANK_LINE.search(text, max(start - 8, 0), start)):
        return blank.end()
    return end


def _rewritten(module: Module, statement: ast.Import | ast.ImportFrom, names: set[str]) -> Replacement | None:
    text = module.source.segment(statement)
    if "\n" in text or "\r" in text or "#" in text:
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
