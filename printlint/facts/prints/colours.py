"""Values that only set the terminal's colour: escape codes under a name, and what libraries for colours have."""

from __future__ import annotations

import ast
import re

from printlint.facts.calls.message_parts import text_of
from printlint.facts.module import Module

# ECMA-48, "select graphic rendition".
COLOUR_CODE = r"\x1b\[[\d;]*m"
_CODES = rf"(?:{COLOUR_CODE})+"
_NAMES = re.compile(r"colorama(?:\.ansi)?\.(?:Fore|Back|Style)\.[A-Z_]+")
_FUNCTIONS = frozenset({"termcolor.colored", "click.style", "typer.style"})


def is_colour(module: Module, node: ast.expr) -> bool:
    """Whether a value is nothing but codes of colours: `Fore.RED`, `"\\033[0m"`, `RED`, `Colours.FAIL`."""
    match node:
        case ast.Constant(value=str(text)):
            return re.fullmatch(_CODES, text) is not None
        case ast.Attribute() if _NAMES.fullmatch(module.qualified(node) or ""):
            return True
        case ast.Attribute(value=ast.Name() as owner, attr=name):
            found = [_class_value(binding.node, name) for binding in module.names.bindings(owner)]
            return bool(found) and all(text is not None and re.fullmatch(_CODES, text) for text in found)
        case ast.Name():
            return re.fullmatch(_CODES, text_of(module, node) or "") is not None
    return False


def _class_value(node: ast.AST | None, name: str) -> str | None:
    """The text that an attribute of a class has."""
    for statement in node.body if isinstance(node, ast.ClassDef) else []:
        match statement:
            case ast.Assign(targets=[ast.Name(id=target)], value=ast.Constant(value=str(text))) if target == name:
                return text
    return None


def coloured_text(module: Module, call: ast.Call) -> ast.expr | None:
    """The text that a library's function colours; None for other calls, and where other arguments may act."""
    if module.qualified(call.func) not in _FUNCTIONS or not call.args or isinstance(call.args[0], ast.Starred):
        return None
    others = (*call.args[1:], *(keyword.value for keyword in call.keywords))
    return call.args[0] if all(isinstance(item, (ast.Constant, ast.Name)) for item in others) else None
