"""Calls that write to the terminal: `print`, `pprint`, writes to the standard streams, printed tracebacks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from printlint.facts.module import Module, once_a_module
from printlint.names.qualified import is_none


class OutputKind(Enum):
    """The families that the rules PRT101, 102, 104 and 105 tell apart."""

    PRINT = "print"
    PPRINT = "pprint"
    WRITE = "write"
    TRACEBACK = "traceback"


class Output(NamedTuple):
    """A call that writes. `stream` is the standard stream that it names, or None where it names none."""

    call: ast.Call
    kind: OutputKind
    qualified: str
    stream: str | None = None


PRINT = "builtins.print"
_PPRINT = frozenset({"pprint.pprint", "pprint.pp"})
# With the place of the argument `file`, where it is passed without its name.
_TRACEBACK = {
    "traceback.print_exc": 1,
    "traceback.print_exception": 4,
    "traceback.print_stack": 2,
    "traceback.print_last": 1,
}
_FORMATTED_TRACEBACK = frozenset({"traceback.format_exc"})
_NAMES = frozenset({"print", *(name.rpartition(".")[2] for name in (*_PPRINT, *_TRACEBACK))})
_WRITES = frozenset({"write", "writelines"})
STREAMS = {
    "sys.stdout": "stdout",
    "sys.stderr": "stderr",
    "sys.__stdout__": "stdout",
    "sys.__stderr__": "stderr",
}


@once_a_module
def outputs(module: Module) -> tuple[Output, ...]:
    """Every print, pretty print and printed traceback of the module on a standard stream, in source order."""
    return tuple(_outputs(module, _NAMES))


@once_a_module
def writes(module: Module) -> tuple[Output, ...]:
    """Every write of the module to a standard stream, in source order."""
    return tuple(_outputs(module, _WRITES))


def _outputs(module: Module, names: frozenset[str]) -> Iterator[Output]:
    found = (output_of(module, call) for call in module.calls_named(names))
    return (output for output in found if output is not None)


def output_of(module: Module, call: ast.Call) -> Output | None:
    """What a call writes to a standard stream, or None where it does not."""
    qualified = module.qualified(call.func)
    if qualified == PRINT:
        return _print(module, call)
    if qualified in _PPRINT:
        assert qualified is not None
        return _pprint(module, call, qualified)
    if qualified in _TRACEBACK:
        assert qualified is not None
        by_place = call.args[_TRACEBACK[qualified] :][:1]
        file = keyword_of(call, "file") or (by_place[0] if by_place else None)
        stream = _stream(module, file, default="stderr")
        return Output(call, OutputKind.TRACEBACK, qualified, stream) if stream else None
    if isinstance(call.func, ast.Attribute):
        return _method(module, call, call.func)
    return None


def _print(module: Module, call: ast.Call) -> Output | None:
    file = keyword_of(call, "file")
    stream = _stream(module, file, default="")
    if stream is None:
        return None
    kind = OutputKind.PRINT
    if len(call.args) == 1 and isinstance(call.args[0], ast.Call):
        inner = module.qualified(call.args[0].func)
        kind = OutputKind.TRACEBACK if inner in _FORMATTED_TRACEBACK else kind
    return Output(call, kind, PRINT, stream or None)


def _pprint(module: Module, call: ast.Call, qualified: str) -> Output | None:
    file = keyword_of(call, "stream") or (call.args[1] if len(call.args) > 1 and qualified == "pprint.pprint" else None)
    stream = _stream(module, file, default="")
    return None if stream is None else Output(call, OutputKind.PPRINT, qualified, stream or None)


def _method(module: Module, call: ast.Call, func: ast.Attribute) -> Output | None:
    if func.attr in ("write", "writelines"):
        stream = STREAMS.get(module.qualified(func.value) or "")
        return Output(call, OutputKind.WRITE, f"sys.{stream}.{func.attr}", stream) if stream else None
    if func.attr == "pprint" and (printer := pretty_printer(module, func.value)) is not None:
        file = keyword_of(printer, "stream") or (printer.args[3] if len(printer.args) > 3 else None)
        if _stream(module, file, default="") is not None:
            return Output(call, OutputKind.PPRINT, "pprint.PrettyPrinter.pprint")
    return None


def pretty_printer(module: Module, node: ast.expr) -> ast.Call | None:
    """The `PrettyPrinter(...)` call that an expression's value comes from."""
    made = module.names.made_by(node)
    return made if made is not None and module.qualified(made.func) == "pprint.PrettyPrinter" else None


def keyword_of(call: ast.Call, name: str) -> ast.expr | None:
    """The value of a keyword argument; None where the call has none of that name."""
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _stream(module: Module, node: ast.expr | None, default: str) -> str | None:
    """The standard stream that `file=` names, `default` where it names none, or None for any other file."""
    if node is None or is_none(node):
        return default
    return STREAMS.get(module.qualified(node) or "")
