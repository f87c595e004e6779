"""What the shape of prints tells: a report that is laid out, a line that is drawn over.

Each shape was counted on prints labelled by hand: docs/verdicts.md.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from printlint.facts.module import Module, once_a_module
from printlint.facts.prints.inferred_level import literal_text
from printlint.facts.prints.level_words import words_of
from printlint.facts.prints.outputs import OutputKind, keyword_of, output_of, outputs
from printlint.logging_names import METHODS
from printlint.names.enclosing import asks_for_debugging, is_for_debugging

# So many prints in a row lay something out.
_REPORT_LINES = 3
_REDRAWS = r"\r(?!\n)"
_DIALOGUE, _PAGE = "is interactive", "prints a page with blank lines"
_INVITES = (
    r"(?i)\bpress (?:enter|return|any key|ctrl)|\[y/n\]|\(y/n\)|\bopen this (?:url|link|page)"
    r"|in (?:your|the|a) (?:web ?)?browser|\bplease (?:enter|type)\b|\benter your\b"
)


def shape_signs(module: Module, call: ast.Call) -> Iterator[tuple[str, str]]:
    """The signs in the shape of a print and its neighbours, each with the clause that says it."""
    if any(re.search(_REDRAWS, text) for text in [*_texts(call), _text_of(keyword_of(call, "end"))]):
        yield "redraws", "it redraws a line of the terminal (`\\r`)"
    end = keyword_of(call, "end")
    if end is not None and _text_of(end) != "\n":
        yield "open line", "it leaves its line open for more"
    if keyword_of(call, "file") is not None:
        yield "names its stream", "it names the stream that it writes to"
    statement = module.places.statement(call)
    if isinstance(module.places.following(statement), ast.Raise):
        yield "raises", "an exception is raised right after it"
        if not words_of(literal_text(call)):
            yield "dumps", "it prints values alone right before an exception is raised"
    if _is_logged_too(module, statement, call):
        yield "logged too", "the same is logged beside it"
    if (around := module.places.function(call)) is not None and statement is around.body[-1]:
        yield "last", f"it is the last that `{around.name}` does"
    if module.places.handler(call) is not None:
        return
    is_service = module.places.in_async(call)
    if not is_service and module.places.function(call) is not None and _in_a_row(module, call):
        yield "in a row", "it is one of several prints in a row, as in a report"
    shape = _shapes(module).get(module.places.executing_scope(call).node)
    if shape is not None and not (is_service and shape != _DIALOGUE):
        function = module.places.function(call)
        name = f"the function `{function.name}`" if function is not None else "the script"
        yield ("invites" if shape == _DIALOGUE else "page"), f"{name} {shape}"


def _is_logged_too(module: Module, statement: ast.stmt, call: ast.Call) -> bool:
    """Whether a logging call right before or after a print has the same message."""
    statements, index = module.places.block(statement)
    for beside in (*statements[max(0, index - 1) : index], *statements[index + 1 : index + 2]):
        match beside:
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=method), args=[message, *_]) as logged):
                if method in METHODS and call.args:
                    said = _letters(literal_text(call))
                    if (said and said == _letters(literal_text(logged))) or ast.dump(message) == ast.dump(call.args[0]):
                        return True
    return False


def _letters(text: str) -> str:
    return re.sub(r"%\S|\W", "", text)


@once_a_module
def _shapes(module: Module) -> dict[ast.AST, str]:
    """The functions of a module that lay a page out, each with the clause that says how one knows."""
    found: dict[ast.AST, str] = {}
    blank: set[ast.AST] = set()
    counts: Counter[ast.AST] = Counter()
    for call in (output.call for output in outputs(module)):
        if _shows(module, call) and module.places.handler(call) is None and not for_debugging(module, call):
            owner = module.places.executing_scope(call).node
            counts[owner] += 1
            if any(re.search(_INVITES, text) for text in _texts(call)):
                found[owner] = _DIALOGUE
            elif not call.args and not call.keywords:
                blank.add(owner)
    return {owner: _PAGE for owner in blank if counts[owner] >= _REPORT_LINES} | found


@once_a_module
def rows(module: Module) -> dict[ast.Call, list[ast.Call]]:
    """The prints that are side by side with others in one block, each with its whole row; none in `except` clauses."""
    found: dict[ast.Call, list[ast.Call]] = {}
    for call in (output.call for output in outputs(module)):
        statement = module.places.statement(call)
        if not _is_print(module, statement) or module.places.handler(call) is not None:
            continue
        behind = module.places.following(statement)
        if isinstance(behind, ast.Expr) and isinstance(behind.value, ast.Call) and _shows(module, behind.value):
            row = found.setdefault(call, [call])
            row.append(behind.value)
            found[behind.value] = row
    return found


def _in_a_row(module: Module, call: ast.Call) -> bool:
    """Whether prints are in a row, as statements of one block, with `call` among them."""
    statements, index = module.places.block(module.places.statement(call))
    first = max(0, index - _REPORT_LINES + 1)
    run = 0
    for statement in statements[first : index + _REPORT_LINES]:
        run = run + 1 if _is_print(module, statement) else 0
        if run == _REPORT_LINES:
            return True
    return False


def _is_print(module: Module, statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call) and _shows(module, statement.value)


def _shows(module: Module, call: ast.Call) -> bool:
    """Whether a call is a print to the terminal, and not of a traceback, which may be rewritten in any case."""
    output = output_of(module, call)
    return output is not None and output.kind is OutputKind.PRINT


def for_debugging(module: Module, call: ast.Call) -> bool:
    """Whether an `if debug`, or a function that is named so, is around a call."""
    guarded = any(asks_for_debugging(test) for test, _ in module.places.guards(call))
    return guarded or any(map(is_for_debugging, module.places.enclosing_functions(call)))


def _text_of(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _texts(call: ast.Call) -> list[str]:
    """The string literals in a call's arguments, pieces of f-strings included."""
    return [
        node.value
        for argument in call.args
        for node in ast.walk(argument)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
