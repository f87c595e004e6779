"""Traces that somebody prints to debug: marks of a place, and values by the names that the code has for them.

What says so is what is printed, not its shape: a value alone may be the message, and stays audible, unless all that
its function prints is a trace.
"""

from __future__ import annotations

import ast
import re

from printlint.facts.module import Module, once_a_module
from printlint.facts.prints.level_words import words_of
from printlint.facts.prints.outputs import OutputKind, outputs
from printlint.finding import Level

# What is printed to see whether code is run: `here 2`, `---1---`, `aaa`, `test3`.
_MARK = (
    r"(?i)(?:(?:i'?m|i am|am|got|get|we'?re|is|in|reached|still|right|to) ){0,3}here(?: again)?(?: ?\d+)?"
    r"|got (?:to )?(?:this|there)|\d{1,4}|([a-z])\1{2,}\d*"
    r"|(?:test|testing|debug|dbg|foo|bar|baz|asdf\w*|qwerty|blah?) ?\d*"
    r"|(?:in|inside|enter(?:ing|ed)?) (?:if|else|loop|try|except|for|while|function|method)|(?:check|break)point ?\d*"
)
_AROUND = " \t\r\n.!?:;,=-+*#>~_<|/\\()[]"
_ENTERS = r"(?i)^(?:in|inside|enter(?:ing|ed)?|exit(?:ing|ed)?|leaving|start of|end of|calling|called)\s+"
# A value that is called so is a message, made elsewhere.
_MESSAGES = r"(?i)(?:^|_)(?:msgs?|messages?|text|lines?|str\w*|greeting|output|out|summary|report|s)$"
_VALUE = "value"


def traced(module: Module, call: ast.Call) -> Level | None:
    """`debug` for a trace, with the reason."""
    if clause := trace_clause(module, call):
        return Level("debug", clause)
    if call in _beside_traces(module):
        return Level("debug", "its function prints marks and values alone, as for debugging")
    return None


def trace_clause(module: Module, call: ast.Call) -> str:
    """One clause that says that a print is a trace by itself; empty where nothing says so."""
    what = _trace(module, call)
    return what if what is not None and what is not _VALUE else ""


@once_a_module
def _trace(module: Module, call: ast.Call) -> str | None:
    """`_VALUE` for values alone, the clause that says so for a mark or a name with its value, None for the rest."""
    pieces = [piece for argument in call.args for piece in _pieces(argument)]
    texts = [piece for piece in pieces if isinstance(piece, str)]
    values = [piece for piece in pieces if not isinstance(piece, str)]
    said = " ".join(texts).strip(_AROUND)
    if not values:
        function = module.places.function(call)
        name = re.sub(r"\(\)$", "", re.sub(_ENTERS, "", said))
        if function is not None and len(name) > 1 and name == function.name:
            return f"it marks that `{function.name}` runs"
        return f"{said!r} marks a place" if re.fullmatch(_MARK, said) else None
    if not words_of(said):
        return None if any(map(_is_message, values)) else _VALUE
    if all(isinstance(value, ast.expr) for value in values) and _names_values(pieces):
        return "the message only names the value that it prints"
    return None


def _pieces(node: ast.expr) -> list[str | ast.expr]:
    """The texts and the values of an argument, in the order in which they are printed."""
    match node:
        case ast.Constant(value=value):
            return [str(value)]
        case ast.JoinedStr(values=values):
            return [piece for value in values for piece in _pieces(value)]
        case ast.FormattedValue(value=value, format_spec=None):
            return [value]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [*_pieces(left), *_pieces(right)]
        case ast.Call(func=ast.Name(id="str" | "repr"), args=[value]):
            return [value]
    return [node]


def _names_values(pieces: list[str | ast.expr]) -> bool:
    """Whether each text is the name of the value behind it, as the code spells it: `"qty", qty`."""
    labels = 0
    for text, value in zip(pieces[::2], pieces[1::2], strict=False):
        if not isinstance(text, str) or isinstance(value, str):
            return False
        label = text.strip(_AROUND).removesuffix(" is").rstrip()
        if label not in (_name(value), ast.unparse(value), _name(value).replace("_", " ")):
            return False
        labels += 1
    return labels > 0 and len(pieces) == 2 * labels


def _name(value: ast.expr) -> str:
    match value:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
    return ""


def _is_message(value: object) -> bool:
    return isinstance(value, ast.expr) and re.search(_MESSAGES, _name(value)) is not None


@once_a_module
def _beside_traces(module: Module) -> frozenset[ast.Call]:
    """The prints of functions that print traces alone, at least one of them a mark or a name with its value."""
    found: dict[ast.AST, list[ast.Call]] = {}
    for output in outputs(module):
        if output.kind is OutputKind.PRINT and output.call.args:
            found.setdefault(module.places.executing_scope(output.call).node, []).append(output.call)
    traced_in = (calls for calls in found.values() if _are_traces([_trace(module, call) for call in calls]))
    return frozenset(call for calls in traced_in for call in calls)


def _are_traces(traces: list[str | None]) -> bool:
    return None not in traces and any(trace is not _VALUE for trace in traces)
