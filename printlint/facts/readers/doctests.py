"""Doctests that read what a print writes: those of the functions around it, and those that show its words."""

from __future__ import annotations

import ast
import re

from printlint.facts.module import Module, once_a_module
from printlint.facts.project.project import Project
from printlint.facts.project.word_index import as_bytes

_EXAMPLE = re.compile(r"(?m)^[ \t]*>>>.*\n(?:[ \t]*\.\.\.(?:[ \t].*)?\n)*((?:[ \t]*(?!>>>)\S.*(?:\n|$))+)")
_SHORTEST = 3  # characters of a text that says something
_CALLS = 3  # over so many functions of the module


def reading_doctest(module: Module, project: Project, call: ast.expr) -> str:
    """What a doctest expects the output of, in words; empty where none is known to read a call's output."""
    for function in module.places.enclosing_functions(call):
        if function.name in _called_by_doctests(module):
            return f"a doctest expects the output of `{function.name}`"
    texts = [node.value for node in ast.walk(call) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    words = [text.strip() for text in texts if len(text.strip()) >= _SHORTEST]
    if words and all(word in _expected(module, project) for word in words):
        return "a doctest expects its text"
    around = next(module.places.enclosing_functions(call), None)
    if around is not None and not words and around.name in _reached(module):
        return f"a doctest calls `{around.name}` by way of another function"
    return ""


@once_a_module
def _called_by_doctests(module: Module) -> frozenset[str]:
    """The functions that the module's doctests call, and those whose docstring holds one."""
    words: set[str] = set()
    if ">>>" not in module.source.text:
        return frozenset()
    for node in (scope.node for scope in module.scopes.scopes):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)):
            text = ast.get_docstring(node, clean=False) or ""
            if ">>>" in text:
                lines = [line for line in text.splitlines() if line.lstrip().startswith((">>>", "..."))]
                words.update(re.findall(r"(?<!\w)(\w++)\(", "\n".join(lines)))
                words.add(getattr(node, "name", ""))
    return frozenset(words)


@once_a_module
def _reached(module: Module) -> frozenset[str]:
    """The functions of the module that those functions call, by their names."""
    found = _called_by_doctests(module)
    functions = [node for node in module.scopes.nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    for _ in range(_CALLS if found else 0):
        bodies = [node for function in functions if function.name in found for node in ast.walk(function)]
        called = [node.func for node in bodies if isinstance(node, ast.Call)]
        found |= {item.id if isinstance(item, ast.Name) else getattr(item, "attr", "") for item in called}
    return found


@once_a_module
def _expected(module: Module, project: Project) -> str:
    """The output that doctests of the module, and of files that name it, show."""
    texts = [module.source.text]
    if module.layout is not None:
        stem = as_bytes(module.layout.module.rpartition(".")[2])
        others = ((file, data) for file, data in project.survey.holding((b">>>",)) if file.path != module.layout.path)
        texts += [data.decode("utf-8", "replace") for _, data in others if stem in data]
    return "\n".join(match[1] for text in texts if ">>>" in text for match in _EXAMPLE.finditer(text))
