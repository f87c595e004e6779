"""How calls that write to the terminal are planned, for all rules of the family PRT1."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from printlint.backends import backend_of
from printlint.facts.calls.message_parts import Text
from printlint.facts.calls.placeholders import placeholders
from printlint.facts.delivery.before_set_up import configured_later
from printlint.facts.module import Module, once_a_module
from printlint.facts.prints.outputs import PRINT, Output, OutputKind, output_of, outputs
from printlint.facts.readers.redirects import redirection
from printlint.finding import Finding, Level
from printlint.plan.conversion_refusals import check_printed
from printlint.plan.edits import Log, Plan, Remove
from printlint.plan.failed import what_failed
from printlint.plan.message import Message, Printed, Refused, Value, read_print
from printlint.plan.message_style import styled
from printlint.plan.refusals import check_not_called_by_logging, check_not_read, check_output
from printlint.plan.tidy import tidied_print

if TYPE_CHECKING:
    from printlint.facts.context import Context


def plan_output(finding: Finding, context: Context) -> Plan:
    """The logging call that takes the place of a call that writes. Raises `Refused`."""
    module = context.module
    assert isinstance(finding.site, ast.Call)
    output = output_of(module, finding.site)
    assert output is not None
    check_output(module, context.project, output.call)
    check_not_called_by_logging(module, context.project, output.call)
    read = check_not_read(module, context.project, output.call)
    _check_spelling(module, output)
    assert finding.level is not None
    method = finding.level.method
    cautions = [*_output_cautions(context, output, method), *_surrounding_cautions(context), *filter(None, [read])]
    edit: Log | Remove
    said = ""
    match output.kind:
        case OutputKind.PPRINT:
            _check_pprint(module, output)
            edit = Log(output.call, method, Message((Value(0),)), pformat=True)
        case OutputKind.TRACEBACK:
            edit, more = _traceback(context, output)
            cautions += more
        case OutputKind.WRITE:
            edit = Log(output.call, method, _written(output))
        case _:
            edit, more, said = _of_print(context, output, finding.level)
            cautions += more
    title = f"Use `logger.{method}`{said and ', '}{said}" if isinstance(edit, Log) else "Remove a line without words"
    plan = Plan((edit,), title, "; ".join(cautions), tidied=said)
    return styled(plan, context, braces=backend_of(context).braces)


def _of_print(context: Context, output: Output, level: Level) -> tuple[Log | Remove, tuple[str, ...], str]:
    """The edit for a print, why it is unsafe, and what it takes away. Raises `Refused`."""
    call = output.call
    printed = _printed(context.module, output)
    check_printed(context, call, printed.message)
    if _has_placeholders(call):
        filled = "its `%` placeholders, which `print` writes as they are, are filled in"
        return Log(call, level.method), (*printed.cautions, filled), ""
    tidy = tidied_print(context, call, printed, level)
    if tidy.removal is not None:
        return tidy.removal, (), tidy.said
    if tidy.failure:
        return Log(call, "exception", text=tidy.failure), (), tidy.said
    return Log(call, level.method, tidy.printed.message, cuts=tidy.cuts), tidy.printed.cautions, tidy.said


def _has_placeholders(call: ast.Call) -> bool:
    """Whether a print was written as a logging call is: with a place in its text for each of its values.

    As a message, its text would be `lost: %%s %s`, which nobody has meant.
    """
    match call:
        case ast.Call(args=[ast.Constant(value=str(text)), _, *_], keywords=[]):
            found = placeholders(text)
            plain = all(place[0] in ("%s", "%r", "%a") for place in found)  # which take whatever there is
            values = call.args[1:]
            starred = any(isinstance(value, ast.Starred) for value in values)
            return plain and not starred and len(found) == len(values) == text.count("%")
    return False


def _printed(module: Module, output: Output) -> Printed:
    if module.names.star_binds("print") is None:
        raise Refused("a star import in this file may bind another `print`")
    return read_print(module, output.call)


def _check_spelling(module: Module, output: Output) -> None:
    func = output.call.func
    if output.qualified == PRINT and isinstance(func, ast.Attribute):
        raise Refused("`builtins.print` is explicit, as in a wrapper of `print`")
    if module.names.is_alias(func):
        raise Refused("it is called through an alias that may be rebound")


def _output_cautions(context: Context, output: Output, method: str) -> list[str]:
    module, cautions = context.module, []
    if output.stream is not None and output.kind is not OutputKind.TRACEBACK:
        cautions.append(f"`sys.{output.stream}` is named explicitly")
    if (
        not context.config.tidy
        and output.call.args
        and module.places.executing_scope(output.call).node in _laid_out(module)
    ):
        cautions.append("the same function prints a blank line, as part of a layout")
    if method in ("debug", "info") and (where := configured_later(module, context.project, output.call)):
        cautions.append(f"logging is configured later ({where}), so the record would be lost")
    if any(module.qualified(call.func) in _SELF_PORTRAITS for call in _calls_within(output.call)):
        cautions.append("its output depends on line numbers or frames")
    return cautions


# Functions that show a program its own source or frames.
_SELF_PORTRAITS = frozenset(
    {
        *("sys._getframe", "inspect.currentframe", "inspect.stack", "inspect.getframeinfo"),
        *("inspect.getsource", "inspect.getsourcelines", "traceback.extract_stack", "traceback.format_stack"),
    }
)


def _calls_within(call: ast.Call) -> Iterator[ast.Call]:
    return (node for argument in call.args for node in ast.walk(argument) if isinstance(node, ast.Call))


def _surrounding_cautions(context: Context) -> Iterator[str]:
    """What the project would make of a record that it does not make of a print."""
    if where := redirection(context.module, context.project):
        yield f"{where} replaces standard output, which log handlers do not follow"


@once_a_module
def _laid_out(module: Module) -> frozenset[ast.AST]:
    """The functions (or the module) that print blank lines."""
    return frozenset(
        module.places.executing_scope(output.call).node
        for output in outputs(module)
        if output.qualified == PRINT and not output.call.args
    )


def _check_pprint(module: Module, output: Output) -> None:
    call = output.call
    bound = module.scopes.scope_of(call).lookup("pformat")
    if any(binding.origin != "pprint.pformat" for binding in bound) or module.names.comes_from_elsewhere("pformat"):
        raise Refused("`pformat` is bound to something else in this file")
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        raise Refused("the number of values in its starred arguments is unknown")
    if len(call.args) != 1 or any(keyword.arg in (None, "object") for keyword in call.keywords):
        raise Refused("`pformat` takes other positional arguments than `pprint`")


def _traceback(context: Context, output: Output) -> tuple[Log, tuple[str, ...]]:
    """The record for a printed traceback, and why it is unsafe. Raises `Refused`."""
    module = context.module
    handler = module.places.handler(output.call)
    plain = output.qualified in (PRINT, "traceback.print_exc") and not (output.call.args and output.qualified != PRINT)
    if handler is None or not plain:
        raise Refused("only the exception of the surrounding `except` clause can be logged with its traceback")
    edit = Log(output.call, "exception", text="unhandled exception", error=handler.name or "")
    if context.config.tidy:
        failure = what_failed(module, output.call)
        return replace(edit, text=failure, error="") if failure else edit, ()
    return edit, ("the traceback gets a message before it",)


def _written(output: Output) -> Message:
    """`write("text\\n")` as a record: a literal that is one whole line or more."""
    match output.call:
        case ast.Call(func=ast.Attribute(attr="write"), args=[ast.Constant(value=str(text))], keywords=[]) if (
            text.endswith("\n") and "\r" not in text
        ):
            return Message((Text(text[:-1]),))
    raise Refused("the text is not a literal that ends in a newline, so it may be part of a line")
